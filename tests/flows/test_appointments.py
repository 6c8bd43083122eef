"""Slots against the calendar, reminders, no-shows: what follows what, and what does not."""

from datetime import date, time, timedelta
from uuid import UUID

import pytest

from tests.flows.appointments import LAST, QUEUE, booked, hall, here, scheduled, slot_at
from tests.people import AT, Cast, cast
from zhengtong.base import calendar
from zhengtong.base.calendar import NoticeDay
from zhengtong.base.calendar.shipped import shipped_notices
from zhengtong.base.journal import check_subject
from zhengtong.base.journal.queries import entries_of
from zhengtong.base.outbox.models import Message
from zhengtong.domains.appointments import queries
from zhengtong.domains.appointments.actions.schedules import Session
from zhengtong.domains.appointments.models import Appointment, Schedule, Slot
from zhengtong.domains.authenticity.models import ExtendedHours
from zhengtong.flows.appointment_missed import sweep_missed
from zhengtong.flows.appointment_reminded import remind_due
from zhengtong.flows.appointment_schedules import end_schedule, lay_out_due, open_schedule
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.slots import WORKWEEK, Days, Pattern, Status

pytestmark = pytest.mark.django_db
MONDAY = here(9, 28)


@pytest.fixture
def people(db: None) -> Cast:
    return cast()


def kinds() -> list[str]:
    return sorted(Message.objects.values_list("kind", flat=True))


def test_slots_follow_the_working_calendar_to_the_horizon(people):
    scheduled(people)
    days = sorted(set(Slot.objects.values_list("on", flat=True)))
    assert days[0] == AT.date()
    assert days[-1] == date(2026, 10, 23)  # thirty days from the 24th is a Saturday
    assert date(2026, 9, 25) not in days  # 中秋节
    assert date(2026, 10, 1) not in days  # 国庆节
    assert date(2026, 10, 10) in days  # a Saturday worked instead
    assert Slot.objects.filter(on=MONDAY.date()).count() == 2


def test_a_night_later_one_more_day_is_laid_out_and_nothing_twice(people):
    scheduled(people)
    before = Slot.objects.count()
    assert lay_out_due(at=AT + timedelta(days=1)) == 0  # the 24th of October is a Saturday
    assert lay_out_due(at=AT + timedelta(days=4)) == 6  # Monday to Wednesday, two slots each
    assert lay_out_due(at=AT + timedelta(days=4)) == 0
    assert Slot.objects.count() == before + 6


def test_a_new_holiday_takes_its_slots_back_and_whoever_had_one_is_told(people):
    scheduled(people)
    row = booked(1, slot_at(MONDAY))
    known = next(notice for notice in shipped_notices() if notice.year == 2026)
    days = [*known.days, NoticeDay(MONDAY.date(), True, "中秋节")]
    calendar.load_notice(2026, days, source="补充通知", by=people.acting("蒋华"), at=AT)
    lay_out_due(at=AT)
    row.refresh_from_db()
    assert (row.state, row.by_house) == (Status.CANCELLED.value, True)
    assert kinds() == ["appointment.booked", "appointment.closed"]
    assert not Slot.objects.filter(on=MONDAY.date(), closed=False).exists()
    assert queries.miscounted() == []
    lay_out_due(at=AT)
    assert kinds() == ["appointment.booked", "appointment.closed"]


def test_an_ended_schedule_gives_no_more_and_tells_everybody(people):
    schedule = scheduled(people)
    booked(1, slot_at(MONDAY))
    manager = people.acting("蒋华")
    assert end_schedule(schedule, "窗口调整", by=manager, at=AT) == 1
    with pytest.raises(Refusal) as refused:
        booked(2, slot_at(MONDAY))
    assert refused.value.code is RefusalCode.SLOT_CLOSED
    with pytest.raises(Refusal) as refused:
        end_schedule(Schedule.objects.get(), "窗口调整", by=manager, at=AT)
    assert refused.value.code is RefusalCode.SCHEDULE_ENDED
    assert lay_out_due(at=AT + timedelta(days=10)) == 0


def test_the_day_before_one_is_reminded_once_and_never_at_night(people):
    scheduled(people)
    row = booked(1, slot_at(here(9, 29)))
    assert remind_due(at=here(9, 27, 12)) == 0  # two days before
    assert remind_due(at=here(9, 28, 8, 59)) == 0
    assert remind_due(at=here(9, 28, 9)) == 1
    assert remind_due(at=here(9, 28, 9, 1)) == 0
    assert kinds() == ["appointment.booked", "appointment.reminder"]
    row.refresh_from_db()
    assert check_subject(row, list(entries_of("appointment", row.key))) == []


def test_who_booked_today_for_tomorrow_was_told_today(people):
    scheduled(people)
    booked(1, slot_at(here(9, 29)), at=here(9, 28, 8))
    assert remind_due(at=here(9, 28, 9)) == 0


def test_a_no_show_is_recorded_after_its_grace_and_not_before(people):
    scheduled(people)
    row = booked(1, slot_at(MONDAY))
    assert sweep_missed(at=here(9, 28, 9, 45)) == 0  # the slot has ended, its grace not
    assert sweep_missed(at=here(9, 28, 9, 46)) == 1
    row.refresh_from_db()
    assert row.state == Status.NO_SHOW.value
    assert kinds() == ["appointment.booked", "appointment.missed"]


@pytest.mark.parametrize(("at", "given"), [(here(9, 28, 8, 29), True), (here(9, 28, 8, 30), False)])
def test_online_a_slot_closes_half_an_hour_before_and_at_the_desk_when_it_begins(people, at, given):
    scheduled(people)
    slot = slot_at(MONDAY)
    if given:
        booked(1, slot, at=at)
    else:
        with pytest.raises(Refusal) as refused:
            booked(1, slot, at=at)
        assert refused.value.code is RefusalCode.SLOT_TOO_LATE
        booked(2, slot, at=at, by=people.acting("罗婉秋"), channel="phone")


def test_one_person_holds_three_at_most(people):
    scheduled(people)
    for number, day in enumerate((28, 29, 30)):
        booked(number, slot_at(here(9, day)), phone="13800000001")
    with pytest.raises(Refusal) as refused:
        booked(4, slot_at(here(10, 8)), phone="13800000001")
    assert refused.value.code is RefusalCode.APPOINTMENT_TOO_MANY
    booked(5, slot_at(here(10, 8)), phone="13800000002")


def test_only_who_keeps_the_hall_opens_a_schedule_and_only_one_that_holds(people):
    pattern = Pattern(WORKWEEK, Days.WORKING, AT.date(), LAST)
    session = Session(time(9), time(10), 30, 2)
    place = hall(people)
    for name, asked, code in (
        ("罗婉秋", pattern, RefusalCode.PERMISSION_MISSING),
        ("蒋华", Pattern(frozenset({6}), Days.WORKING, date(2026, 11, 1), date(2026, 11, 7)), RefusalCode.SCHEDULE_HOLDS_NEVER),
    ):  # fmt: skip
        with pytest.raises(Refusal) as refused:
            open_schedule(str(UUID(int=5)), place, QUEUE, asked, session, by=people.acting(name), at=AT)
        assert refused.value.code is code
    assert not Slot.objects.exists()
    assert not ExtendedHours.objects.exists()


def test_no_journal_entry_of_an_appointment_names_anybody(people):
    scheduled(people)
    row = booked(1, slot_at(MONDAY), matter="给老人办证")
    told = "".join(entry.facts + entry.actor_name for entry in entries_of("appointment", row.key))
    for secret in ("客人1", "13800000001", row.code, "给老人办证"):
        assert secret not in told
    payloads = str(list(Message.objects.values_list("payload", flat=True)))
    assert "客人1" not in payloads
    assert "给老人办证" not in payloads
    assert Appointment.objects.count() == 1
