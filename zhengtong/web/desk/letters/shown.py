"""A letter as a list shows it: its lamp, its words, and never who wrote it in clear."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhengtong.base import calendar
from zhengtong.domains.letters import queries
from zhengtong.rules.calendar import Calendar
from zhengtong.rules.clock import Light, local_date
from zhengtong.rules.letters import RUNNING, LetterKind, LetterState, Mailbox
from zhengtong.rules.masking import mask_mobile, mask_name
from zhengtong.web.desk.lamps import Lamp
from zhengtong.web.desk.letters import words

SOON = 2  # working days left, as rule T-14 warns


@dataclass(frozen=True, slots=True)
class Row:
    letter: queries.Letter
    lamp: Lamp
    kind: Any
    mailbox: Any
    state: Any
    author: str
    received: str  # how its day is written: of another year with the year


def lamp_of(letter: queries.Letter, at: datetime, known: Calendar) -> Lamp:
    """A 暂定 date is never shown as late; what is answered shows no clock."""
    state = LetterState(letter.state)
    if state not in RUNNING:
        return Lamp(Light.DONE, words.STATES[state])
    if letter.due_on is None or letter.due_at is None:
        return Lamp(Light.WAIT, words.STATES[state])
    today = local_date(at)
    if letter.due_at < at and not letter.provisional:
        over = known.working_days(letter.due_on, today)
        said = ngettext("超期 %(n)d 日", "超期 %(n)d 日", over) % {"n": over} if over else _("已超期")
        return Lamp(Light.LATE, said)
    left = max(known.working_days(today, letter.due_on), 0)
    said = ngettext("剩 %(n)d 日", "剩 %(n)d 日", left) % {"n": left} if left else _("今日到期")
    return Lamp(Light.SOON if left <= SOON else Light.OK, said, provisional=letter.provisional)


def author_of(letter: queries.Letter) -> str:
    """Masked; a hidden author is not even masked."""
    if letter.confidential:
        return _("身份保密")
    if not letter.name:
        return mask_mobile(letter.phone) if letter.phone else _("未留姓名")
    return mask_name(letter.name)


def rows(found: Sequence[queries.Letter], at: datetime) -> list[Row]:
    known = calendar.current()
    return [
        Row(
            letter=letter,
            lamp=lamp_of(letter, at, known),
            kind=words.KINDS[LetterKind(letter.kind)],
            mailbox=words.MAILBOXES[Mailbox(letter.mailbox)],
            state=words.STATES[LetterState(letter.state)],
            author=author_of(letter),
            received="short" if letter.received_on.year == local_date(at).year else "",
        )
        for letter in found
    ]
