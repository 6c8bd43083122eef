"""Booking, moving, cancelling, checking in. A place is taken by one guarded UPDATE of its slot, never by looking first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from zhengtong.base import journal, law
from zhengtong.base.journal import Event
from zhengtong.base.keys import query_code
from zhengtong.base.permission import Acting, ActorKind
from zhengtong.base.personal import lookup_hash
from zhengtong.domains.appointments import queries
from zhengtong.domains.appointments.models import Appointment, Booker, Slot
from zhengtong.domains.catalogue.models import Item
from zhengtong.rules.clock import local_date
from zhengtong.rules.codes import check_mobile
from zhengtong.rules.kinds import Kind
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.rules.slots import Place, Status, check_in_time, check_time
from zhengtong.rules.text import clean_line, require_line, require_text


@dataclass(frozen=True, slots=True)
class Booking:
    """Who comes, for what. `key` is made at the door, so that a form sent twice books once."""

    key: str
    person_name: str
    phone: str
    channel: str
    item: Item | None = None
    matter: str = ""
    account_id: int | None = None
    address: str = ""
    language: str = "zh-hans"


def book(slot_id: int, wanted: Booking, *, by: Acting, at: datetime) -> Appointment:
    """预约. Refuses a full or closed slot, a slot that begins, a person who is paused (online only) or holds too many."""
    online = not by.is_officer
    if not online:
        by.check(*queries.DESK)
    phone = check_mobile(wanted.phone)
    person = queries.Person(wanted.account_id, lookup_hash(phone))
    if online:
        _lock(person)  # before the key is looked for: the form sent twice must not meet its own twin as one too many
    known = queries.keyed(wanted.key)
    if known is not None:
        return known
    slot = queries.slot_for(slot_id)
    if online:
        _check_person(person, at)
    numbers, on = law.current_law(), local_date(at)
    check_time(slot.starts, at, notice=numbers.value("appointment.notice.minutes", on) if online else 0)
    home = slot.place == Place.HOME.value
    if home and not wanted.address.strip():
        raise Refusal(RefusalCode.APPOINTMENT_NO_ADDRESS)
    matter = wanted.item.name if wanted.item else require_line(wanted.matter, 200, "matter")
    appointment = Appointment(
        key=wanted.key, code=query_code("appointment", wanted.key), place=slot.place, slot=slot, hall=slot.hall,
        queue_code=slot.queue_code, starts=slot.starts, ends=slot.ends, item=wanted.item, matter=matter,
        account_id=wanted.account_id, person_name=require_line(wanted.person_name, 100, "name"), phone=phone,
        phone_hash=person.phone_hash, address=require_text(wanted.address, 300, "address") if home else "",
        language=wanted.language, channel=wanted.channel, state_since=at, booked_at=at,
        booked_by_id=by.id if by.is_officer else None,
    )  # fmt: skip
    _take(slot.pk)
    try:
        with transaction.atomic():  # a savepoint: the constraint may say that this person was quicker
            journal.insert(appointment, Event(Kind.APPOINTMENT_BOOKED, _when(slot)), by=by, at=at)
    except IntegrityError:
        _give_back(slot.pk)
        twin = queries.keyed(wanted.key)
        if twin is not None:
            return twin
        raise Refusal(RefusalCode.APPOINTMENT_TWICE) from None
    return appointment


def move(appointment: Appointment, slot_id: int, *, seen: int | None, by: Acting, at: datetime) -> Appointment:
    """改期: the new place is taken and the old one given back in one act; the calendar file's sequence rises."""
    _allow(appointment, by, seen)
    slot = queries.slot_for(slot_id)
    if slot.pk == appointment.slot_id:
        return appointment
    if slot.place != appointment.place:
        raise Refusal(RefusalCode.SLOT_OTHER_PLACE)
    numbers, on = law.current_law(), local_date(at)
    check_time(appointment.starts, at)
    check_time(slot.starts, at, notice=0 if by.is_officer else numbers.value("appointment.notice.minutes", on))
    before = appointment.slot_id
    # In one order of rows whoever moves where, so that two who change places do not wait for each other for ever.
    for take in (slot.pk < before, slot.pk > before):
        _take(slot.pk) if take else _give_back(before)
    try:
        with transaction.atomic():
            journal.commit(
                appointment, Event(Kind.APPOINTMENT_MOVED, _when(slot)), by=by, at=at, slot_id=slot.pk,
                hall_id=slot.hall_id, queue_code=slot.queue_code, starts=slot.starts, ends=slot.ends, reminded_at=None, state_since=at,
                sequence=appointment.sequence + 1,
            )  # fmt: skip
    except IntegrityError:
        raise Refusal(RefusalCode.APPOINTMENT_TWICE) from None
    appointment.slot, appointment.hall = slot, slot.hall
    return appointment


def cancel(
    appointment: Appointment, *, reason: str = "", by_house: bool = False, seen: int | None, by: Acting, at: datetime
) -> Appointment:
    """取消, by the person or by the hall (a closed day). The place is free again."""
    _allow(appointment, by, seen)
    if not by_house:
        check_time(appointment.starts, at)
    # The slot before the appointment, as a move does: in the other order the two would wait for each other for ever.
    _give_back(appointment.slot_id)
    journal.commit(
        appointment, Event(Kind.APPOINTMENT_CANCELLED), by=by, at=at, state=Status.CANCELLED.value, state_since=at,
        sequence=appointment.sequence + 1, by_house=by_house, reason=clean_line(reason, 200, "reason"),
    )  # fmt: skip
    return appointment


def check_in(appointment: Appointment, *, ticket_key: str, by: Acting, at: datetime) -> Appointment:
    """签到: the person is here and has a ticket."""
    check_arrival(appointment, at=at)
    journal.commit(
        appointment, Event(Kind.APPOINTMENT_CHECKED_IN), by=by, at=at, state=Status.CHECKED_IN.value, state_since=at,
        ticket_key=ticket_key,
    )  # fmt: skip
    return appointment


def check_arrival(appointment: Appointment, *, at: datetime) -> None:
    """Refuses what is not open any more, no hall appointment, too early or too late."""
    if appointment.state != Status.BOOKED.value or appointment.place != Place.HALL.value:
        raise Refusal(RefusalCode.APPOINTMENT_WRONG_STATE, state=appointment.state)
    before = law.current_law().value("appointment.check_in.minutes", local_date(at))
    check_in_time(appointment.starts, appointment.ends, at, before=before)


def remind(appointment: Appointment, *, by: Acting, at: datetime) -> None:
    journal.commit(appointment, Event(Kind.APPOINTMENT_REMINDED), by=by, at=at, reminded_at=at)


def reveal(appointment: Appointment, *, purpose: str, by: Acting, at: datetime) -> None:
    """The clerk reads name, phone and address in clear; why, is journalled."""
    if appointment.officer_id not in by.principals():
        by.check(*queries.DESK)
    facts = {"purpose": require_line(purpose, 200, "purpose")}
    journal.commit(appointment, Event(Kind.APPOINTMENT_REVEALED, facts), by=by, at=at)


def _lock(person: queries.Person) -> None:
    """Until the end of the transaction nobody else books for this account or phone."""
    Booker.objects.bulk_create([Booker(key=key) for key in person.keys], ignore_conflicts=True)
    list(Booker.objects.select_for_update().filter(key__in=person.keys).order_by("key"))


def _check_person(person: queries.Person, at: datetime) -> None:
    paused = queries.pause(person, at)
    if paused is not None:  # domain-rules §10; the counter stays open
        raise Refusal(RefusalCode.APPOINTMENT_PAUSED, until=paused.until, missed=paused.missed, within=paused.within)
    most = law.current_law().value("appointment.open.most", local_date(at))
    if queries.open_count(person, at) >= most:
        raise Refusal(RefusalCode.APPOINTMENT_TOO_MANY, most=most)


def _allow(appointment: Appointment, by: Acting, seen: int | None) -> None:
    if appointment.state != Status.BOOKED.value:
        raise Refusal(RefusalCode.APPOINTMENT_WRONG_STATE, state=appointment.state)
    if seen is not None and seen != appointment.version:
        raise Refusal(RefusalCode.STALE, kind="", actor="", at="")
    if by.kind is ActorKind.SYSTEM:
        return
    if by.is_officer:
        by.check(Ability.BOOK, Ability.KEEP_HALL)
    elif by.id is not None and appointment.account_id != by.id:  # a guest has shown code and phone at the door
        raise Refusal(RefusalCode.NOT_FOUND)


def _take(slot_id: int) -> None:
    """One statement: of any number at once, only as many come through as there are places."""
    rows = Slot.objects.filter(pk=slot_id, closed=False, taken__lt=F("capacity"))
    if not rows.update(taken=F("taken") + 1):
        closed = Slot.objects.filter(pk=slot_id, closed=True).exists()
        raise Refusal(RefusalCode.SLOT_CLOSED if closed else RefusalCode.SLOT_FULL)


def _give_back(slot_id: int) -> None:
    Slot.objects.filter(pk=slot_id, taken__gt=0).update(taken=F("taken") - 1)


def _when(slot: Slot) -> dict[str, Any]:
    return {"hall": slot.hall.code, "starts": slot.starts, "queue": slot.queue_code}
