"""One app, many rooms: Django finds the tables here, the code of each room stays in its room."""

from zhengtong.base.calendar.models import CalendarDay, HolidayNotice
from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.editions import Edition
from zhengtong.base.files.models import StoredFile
from zhengtong.base.journal.models import Entry
from zhengtong.base.outbox.models import Message, Pace, Part, ProviderHealth, Try
from zhengtong.base.parameters.models import Parameter
from zhengtong.base.seal.models import Checkpoint, Cursor, SealCheck, Sealed, SealingKey, Sequencer, TimeStamp
from zhengtong.base.search.models import SearchEntry

__all__ = [
    "CalendarDay",
    "Checkpoint",
    "Cursor",
    "Deadline",
    "Edition",
    "Entry",
    "HolidayNotice",
    "Message",
    "Pace",
    "Parameter",
    "Part",
    "ProviderHealth",
    "SealCheck",
    "Sealed",
    "SealingKey",
    "SearchEntry",
    "Sequencer",
    "StoredFile",
    "TimeStamp",
    "Try",
]
