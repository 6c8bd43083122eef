"""The house itself: its queues, its hours, and the days that are different. By whoever keeps the hall."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction

from zhengtong.base import journal
from zhengtong.base.journal import Event, Subject
from zhengtong.base.permission import Acting, ActorKind
from zhengtong.domains.hall.models import OpeningHours, Queue, SpecialDay
from zhengtong.domains.hall.queries import queue_for
from zhengtong.domains.registry import queries as registry
from zhengtong.rules import queue_hours
from zhengtong.rules.kinds import Kind
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.rules.text import clean_line, require_line

LONGEST_VISIT = 240


@dataclass(frozen=True, slots=True)
class QueueForm:
    """A queue as its editor says it. Organs, items and windows by their ids."""

    letter: str
    name: str
    name_en: str = ""
    expected_minutes: int = 10
    position: int = 0
    active: bool = True
    organ_ids: Sequence[int] = ()
    item_ids: Sequence[int] = ()
    window_ids: Sequence[int] = ()

    def columns(self) -> dict[str, Any]:
        letter = self.letter.strip().upper()
        if not re.fullmatch(r"[A-Z]", letter):
            raise Refusal(RefusalCode.FORM_CHOICE, field="letter", value=self.letter)
        if self.expected_minutes < 1:
            raise Refusal(RefusalCode.FORM_TOO_SMALL, field="expected_minutes", least=1)
        if self.expected_minutes > LONGEST_VISIT:
            raise Refusal(RefusalCode.FORM_TOO_LARGE, field="expected_minutes", most=LONGEST_VISIT)
        return {
            "letter": letter,
            "name": require_line(self.name, 60, "name"),
            "name_en": clean_line(self.name_en, 60, "name_en"),
            "expected_minutes": self.expected_minutes,
            "position": self.position,
            "active": self.active,
        }


def open_queue(hall_code: str, code: str, form: QueueForm, *, by: Acting, at: datetime) -> Queue:
    """A new queue. Its code stands in addresses and never changes."""
    _check(by)
    queue = Queue(hall=registry.hall_for(hall_code), code=require_line(code, 20, "code"), **form.columns())
    try:
        with transaction.atomic():
            journal.insert(queue, Event(Kind.QUEUE_OPENED, {"code": queue.code}), by=by, at=at)
            _relate(queue, form)
    except IntegrityError:
        raise _taken(queue) from None
    return queue


def change_queue(hall_code: str, code: str, form: QueueForm, *, by: Acting, at: datetime) -> Queue:
    """Changes a queue; people who wait keep their tickets. A queue given up takes nobody new and is called to its end."""
    _check(by)
    queue = queue_for(hall_code, code)
    changed = {name: value for name, value in form.columns().items() if getattr(queue, name) != value}
    facts = {"windows": sorted(form.window_ids)}
    try:
        with transaction.atomic():
            journal.commit(queue, Event(Kind.QUEUE_CHANGED, facts), by=by, at=at, **changed)
            _relate(queue, form)
    except IntegrityError:
        queue.letter = str(changed.get("letter", queue.letter))
        raise _taken(queue) from None
    return queue


def _relate(queue: Queue, form: QueueForm) -> None:
    own = {window.pk for window in registry.windows().filter(hall_id=queue.hall_id)}
    if not set(form.window_ids) & own and form.active:
        raise Refusal(RefusalCode.QUEUE_WITHOUT_WINDOW)
    queue.windows.set(set(form.window_ids) & own)
    queue.organs.set(form.organ_ids)
    queue.items.set(form.item_ids)


def _taken(queue: Queue) -> Refusal:
    if Queue.objects.filter(hall=queue.hall, code=queue.code).exclude(pk=queue.pk).exists():
        return Refusal(RefusalCode.QUEUE_CODE_TAKEN, code=queue.code)
    return Refusal(RefusalCode.QUEUE_LETTER_TAKEN, letter=queue.letter)


@transaction.atomic
def set_hours(
    hall_code: str, week: Mapping[int, str], *, window_id: int | None = None, by: Acting, at: datetime
) -> None:
    """The week of a hall, or of a window that keeps its own: "09:00-12:00 13:00-17:00" by weekday, empty when shut.

    A window whose week is empty altogether keeps the hall's hours again.
    """
    _check(by)
    hall = registry.hall_for(hall_code)
    if window_id is not None and registry.window_for(window_id).hall_id != hall.pk:
        raise Refusal(RefusalCode.NOT_FOUND)
    read = {str(weekday): queue_hours.written(_read(text)) for weekday, text in sorted(week.items())}
    kept = {weekday: text for weekday, text in read.items() if text}
    row = OpeningHours.objects.select_related("hall").filter(hall=hall, window_id=window_id).first()
    if row is None:
        _begin(
            OpeningHours(hall=hall, window_id=window_id, week=kept), Event(Kind.OPENING_HOURS_CHANGED, {}), by=by, at=at
        )
    elif row.week != kept:
        journal.commit(row, Event(Kind.OPENING_HOURS_CHANGED, {"was": row.week}), by=by, at=at, week=kept)


@transaction.atomic
def set_special_day(
    hall_code: str, on: date, hours: str | None, *, note: str = "", note_en: str = "", by: Acting, at: datetime
) -> None:
    """Other hours on one day ("" shut; None: as any other day). Extended service is announced through this as well."""
    _check(by)
    hall = registry.hall_for(hall_code)
    row = SpecialDay.objects.select_related("hall").filter(hall=hall, on=on).first()
    was = row.hours if row is not None and not row.cancelled else None
    if hours is None:
        if row is not None and was is not None:
            journal.commit(row, Event(Kind.SPECIAL_DAY_CANCELLED, {"was": was}), by=by, at=at, cancelled=True)
        return
    told: dict[str, Any] = {
        "hours": clean_line(queue_hours.written(_read(hours)), 60, "hours"),
        "note": clean_line(note, 100, "note"),
        "note_en": clean_line(note_en, 100, "note_en"),
        "cancelled": False,
    }
    event = Event(Kind.SPECIAL_DAY_ANNOUNCED, {} if was is None else {"was": was})
    if row is None:
        _begin(SpecialDay(hall=hall, on=on, **told), event, by=by, at=at)
    elif any(getattr(row, name) != value for name, value in told.items()):
        journal.commit(row, event, by=by, at=at, **told)


def _begin(subject: Subject, event: Event, *, by: Acting, at: datetime) -> None:
    """The first of its kind; of two who send the same page at once the second is told to look again."""
    try:
        with transaction.atomic():
            journal.insert(subject, event, by=by, at=at)
    except IntegrityError:
        raise Refusal(RefusalCode.STALE, kind="", actor="", at="") from None


def _read(text: str) -> tuple[queue_hours.Span, ...]:
    try:
        return queue_hours.parse(text)
    except ValueError:
        raise Refusal(RefusalCode.HALL_HOURS_UNREADABLE, text=text) from None


def _check(by: Acting) -> None:
    if by.kind not in (ActorKind.SYSTEM, ActorKind.IMPORT):
        by.check(Ability.KEEP_HALL)
