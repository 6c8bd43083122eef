"""Every change of a machine's place and standing. The secret itself never comes here: only the door holds it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from zhengtong.base import journal
from zhengtong.base.journal import Event
from zhengtong.base.parameters import queries as parameters
from zhengtong.base.permission import Acting
from zhengtong.base.personal import lookup_hash
from zhengtong.domains.devices.models import Device, HallNotice
from zhengtong.domains.devices.queries import SILENCE, acting_of, awaited
from zhengtong.domains.registry import queries as registry
from zhengtong.domains.registry.models import Hall, ServiceWindow
from zhengtong.rules.devices import AT_WINDOW, DeviceKind, clean_pairing_code
from zhengtong.rules.kinds import Kind
from zhengtong.rules.period import local_date
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.rules.text import require_line

SEEN_EVERY = timedelta(minutes=1)
MOST_NOTICE = 200


@transaction.atomic
def pair(
    code: str,
    *,
    uid: UUID,
    kind: DeviceKind,
    hall_code: str,
    window_id: int | None,
    name: str,
    by: Acting,
    at: datetime,
) -> Device:
    """A place is made for the machine that shows this code; the machine takes it when it asks next.

    Refuses a code no machine can show, a code typed already, a window of another hall, no window where one is needed.
    """
    by.check(Ability.KEEP_HALL)
    hall, window = _place(kind, hall_code, window_id)
    device = Device(
        uid=uid,
        kind=DeviceKind(kind).value,
        hall=hall,
        window=window,
        name=require_line(name, 60, "name"),
        pairing_code=clean_pairing_code(code),
        pairing_until=_until(at),
    )
    with _code_taken():
        journal.insert(device, Event(Kind.DEVICE_PAIRED, _facts(device), _post(by)), by=by, at=at)
    return device


@transaction.atomic
def pair_again(device: Device, code: str, *, by: Acting, at: datetime) -> None:
    """Another machine, or the same after its memory was lost, takes the place; the old secret ends at once."""
    by.check(Ability.KEEP_HALL)
    with _code_taken():
        journal.commit(
            device,
            Event(Kind.DEVICE_PAIRED_AGAIN, {}, _post(by)),
            by=by,
            at=at,
            pairing_code=clean_pairing_code(code),
            pairing_until=_until(at),
            token_hash="",
            paired_at=None,
            revoked_at=None,
        )


@transaction.atomic
def connect(token: str, *, at: datetime) -> Device | None:
    """The machine with this secret takes the place its code was typed for; None while nobody has typed it."""
    device = awaited(token, at)
    if device is None:
        return None
    journal.commit(
        device,
        Event(Kind.DEVICE_CONNECTED),
        by=acting_of(device),
        at=at,
        where=~Q(pairing_code=""),
        pairing_code="",
        pairing_until=None,
        token_hash=lookup_hash(token),
        paired_at=at,
        last_seen=at,
    )
    return device


@transaction.atomic
def move(device: Device, *, hall_code: str, window_id: int | None, name: str, by: Acting, at: datetime) -> None:
    """To another hall or window, or under another name; the machine shows it at its next question."""
    by.check(Ability.KEEP_HALL)
    hall, window = _place(DeviceKind(device.kind), hall_code, window_id)
    device.hall, device.window, device.name = hall, window, require_line(name, 60, "name")
    journal.commit(
        device,
        Event(Kind.DEVICE_MOVED, _facts(device), _post(by)),
        by=by,
        at=at,
        hall_id=hall.pk,
        window_id=window.pk if window else None,
        name=device.name,
    )


@transaction.atomic
def revoke(device: Device, *, by: Acting, at: datetime) -> None:
    """Out of use: its secret ends, and the machine shows a code again."""
    by.check(Ability.KEEP_HALL)
    if device.revoked_at is not None:
        raise Refusal(RefusalCode.DEVICE_REVOKED)
    journal.commit(
        device,
        Event(Kind.DEVICE_REVOKED, {}, _post(by)),
        by=by,
        at=at,
        token_hash="",
        pairing_code="",
        pairing_until=None,
        revoked_at=at,
        help_since=None,
    )


def seen(device: Device, *, at: datetime) -> None:
    """Notes that the machine is alive, at most once a minute: a poll is no act, and must cost no write.

    A silence is kept as well, for the presses that were made in it; two in quick succession are one, since nothing
    could be sent in between.
    """
    last = device.last_seen
    if last is not None and at - last < SEEN_EVERY:
        return
    if last is not None and at - last >= SILENCE:
        again = device.cut_from is not None and device.cut_until is not None and last - device.cut_until < SILENCE
        device.cut_from, device.cut_until = device.cut_from if again else last, at
    device.last_seen = at
    Device.objects.filter(pk=device.pk).update(last_seen=at, cut_from=device.cut_from, cut_until=device.cut_until)


@transaction.atomic
def call_help(device: Device, *, at: datetime) -> bool:
    """Somebody at the machine asks for a person. False when they had asked already and nobody has come yet."""
    if device.help_since is not None:
        return False
    journal.commit(device, Event(Kind.DEVICE_HELP_CALLED), by=acting_of(device), at=at, help_since=at)
    return True


@transaction.atomic
def answer_help(device: Device, *, by: Acting, at: datetime) -> None:
    by.check(Ability.KEEP_HALL, Ability.BOOK)
    if device.help_since is None:
        raise Refusal(RefusalCode.DEVICE_HELP_NOT_CALLED)
    waited = int((at - device.help_since).total_seconds())
    journal.commit(
        device, Event(Kind.DEVICE_HELP_ANSWERED, {"waited_seconds": waited}, _post(by)), by=by, at=at, help_since=None
    )


@transaction.atomic
def wake(device: Device, *, ticket: str, by: Acting, at: datetime) -> None:
    """A rating device asks now about the visit of a ticket, because a clerk said so."""
    by.check(Ability.CALL_TICKETS, Ability.KEEP_HALL)
    journal.commit(device, Event(Kind.DEVICE_RATING_ASKED, {"ticket": ticket}, _post(by)), by=by, at=at, asked_at=at)


@transaction.atomic
def post_notice(
    hall_code: str, *, uid: UUID, text: str, text_en: str, since: date, until: date, by: Acting, at: datetime
) -> HallNotice:
    by.check(Ability.KEEP_HALL)
    if until < since:
        raise Refusal(RefusalCode.DATES_REVERSED, since=since, until=until)
    notice = HallNotice(
        uid=uid,
        hall=registry.hall_for(hall_code),
        text=require_line(text, MOST_NOTICE, "text"),
        text_en=require_line(text_en, MOST_NOTICE, "text_en") if text_en.strip() else "",
        since=since,
        until=until,
    )
    journal.insert(notice, Event(Kind.HALL_NOTICE_POSTED, {}, _post(by)), by=by, at=at)
    return notice


@transaction.atomic
def take_down_notice(notice: HallNotice, *, by: Acting, at: datetime) -> None:
    by.check(Ability.KEEP_HALL)
    journal.commit(notice, Event(Kind.HALL_NOTICE_TAKEN_DOWN, {}, _post(by)), by=by, at=at, taken_down=True)


def _place(kind: DeviceKind, hall_code: str, window_id: int | None) -> tuple[Hall, ServiceWindow | None]:
    hall = registry.hall_for(hall_code)
    if kind not in AT_WINDOW:
        return hall, None
    if window_id is None:
        raise Refusal(RefusalCode.DEVICE_WINDOW_MISSING)
    window = registry.window_for(window_id)
    if window.hall_id != hall.pk:
        raise Refusal(RefusalCode.DEVICE_WINDOW_ELSEWHERE, hall=hall.name)
    return hall, window


def _facts(device: Device) -> dict[str, str]:
    return {"hall": device.hall.code, "window": device.window.number if device.window else ""}


def _post(by: Acting) -> str:
    return by.posts[0].label if by.posts else ""


def _until(at: datetime) -> datetime:
    return at + timedelta(minutes=int(parameters.value("device.pairing.minutes", local_date(at))))


@contextmanager
def _code_taken() -> Iterator[None]:
    """A savepoint: the constraint may say that this code was typed for another machine a moment ago."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise Refusal(RefusalCode.DEVICE_CODE_TAKEN) from None
