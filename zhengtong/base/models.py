"""One app, many rooms: Django finds the tables here, the code of each room stays in its room."""

from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.files.models import StoredFile
from zhengtong.base.journal.models import Entry
from zhengtong.base.outbox.models import Message
from zhengtong.base.parameters.models import Parameter

__all__ = ["Deadline", "Entry", "Message", "Parameter", "StoredFile"]
