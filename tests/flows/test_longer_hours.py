"""延时服务: what is registered as lawful after-hours work follows the schedule, and the doors of the hall follow both."""

from datetime import date, datetime, time
from uuid import UUID

import pytest

from tests.flows.acts import holder
from tests.flows.appointments import QUEUE, hall, here
from tests.flows.test_leads import look, rules_found
from tests.people import Cast, accepted, cast
from zhengtong.base import calendar
from zhengtong.base.calendar import NoticeDay
from zhengtong.base.calendar.shipped import shipped_notices
from zhengtong.base.journal import check_subject
from zhengtong.base.journal.queries import entries_of
from zhengtong.domains.appointments.actions.schedules import Session
from zhengtong.domains.appointments.models import Closure, Schedule
from zhengtong.domains.authenticity.actions import extend_hours
from zhengtong.domains.authenticity.models import ExtendedHours
from zhengtong.domains.hall import queries as halls
from zhengtong.flows import forward
from zhengtong.flows.appointment_schedules import close_day, end_schedule, lay_out_due, lift_closure, open_schedule
from zhengtong.flows.ticket_house import set_special_day
from zhengtong.rules.slots import WORKWEEK, Days, Pattern, Place, Service

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY = here(9, 28).date(), here(9, 29).date()
OPENED = here(9, 24, 9)
USUAL, LATE = "09:00-12:00 13:00-17:00", "09:00-12:00 13:00-22:00"


@pytest.fixture
def people(db: None) -> Cast:
    return cast()


def evening(
    people: Cast, number: int = 1, *, queue: str = QUEUE, closes: time = time(22), place: Place = Place.HALL,
    at: datetime = OPENED,
) -> Schedule:  # fmt: skip
    """The last three working days of September from half past four to ten, half an hour each."""
    return open_schedule(
        str(UUID(int=number)), hall(people), queue, Pattern(WORKWEEK, Days.WORKING, MONDAY, here(10, 4).date()),
        Session(time(16, 30), closes, 30, 4, Service.EXTENDED, place), reason=f"月底延时{number}",
        by=people.acting("蒋华"), at=at,
    )  # fmt: skip


def ended(people: Cast, schedule: Schedule, at: datetime) -> None:
    end_schedule(schedule, "不再延时", by=people.acting("蒋华"), at=at)


def closed(people: Cast, at: datetime, queue: str = "", number: int = 50) -> Closure:
    return close_day(str(UUID(int=number)), hall(people), MONDAY, queue, "停电", by=people.acting("蒋华"), at=at)[0]


def doors(people: Cast, on: date = MONDAY) -> str:
    return halls.hours_of(hall(people).pk, on).written


def standing() -> list[str]:
    """What is registered and not withdrawn; every row of it agrees with its journal."""
    rows = ExtendedHours.objects.order_by("on", "opens")
    assert [fault for row in rows for fault in check_subject(row, list(entries_of("hours", row.key)))] == []
    return [f"{row.on:%m-%d} {row.opens:%H:%M}" for row in rows if row.withdrawn_from is None]


def worked(people: Cast, moment: datetime) -> list[str]:
    """What the watch says of a step taken at this moment."""
    case = accepted(people, at=OPENED)
    forward.forward(case.number, opinion="材料齐全。", seen=None, by=holder(people, case), at=moment)
    look()
    return rules_found()


ALL = ["09-28 16:30", "09-29 16:30", "09-30 16:30"]


def test_a_schedule_that_ends_takes_its_days_to_come_with_it(people):
    schedule = evening(people)
    assert standing() == ALL
    assert (doors(people), doors(people, TUESDAY)) == (LATE, LATE)
    ended(people, schedule, here(9, 28, 23))  # Monday evening is over
    assert standing() == ["09-28 16:30"]
    assert (doors(people), doors(people, TUESDAY)) == (LATE, USUAL)
    row = ExtendedHours.objects.get(on=TUESDAY)
    assert [entry.kind for entry in entries_of("hours", row.key)] == ["hours.extended", "hours.withdrawn"]


@pytest.mark.parametrize(
    ("ended_at", "step_at", "found"),
    [
        (here(9, 28, 12), here(9, 28, 20, 45), ["D-03"]),  # ended at noon, entered in the evening
        (here(9, 28, 20, 30), here(9, 28, 20, 15), []),  # entered while it was held
        (here(9, 28, 20, 10), here(9, 28, 20, 29), []),  # in the slot that ran when it ended
        (here(9, 28, 20, 10), here(9, 28, 20, 30), ["D-03"]),
        (here(9, 28, 23), here(9, 28, 21, 45), []),  # ended when the evening was over
        (here(9, 29, 9), here(9, 28, 21, 45), []),  # and the day after
    ],
)
def test_work_within_it_stays_lawful_and_work_after_its_end_does_not(people, ended_at, step_at, found):
    ended(people, evening(people), ended_at)
    assert worked(people, step_at) == found


def test_a_closed_day_is_withdrawn_alone_and_comes_back_when_the_closure_is_lifted(people):
    evening(people)
    closure = closed(people, here(9, 28, 12))
    assert standing() == ALL[1:]
    assert (doors(people), doors(people, TUESDAY)) == (USUAL, LATE)
    lift_closure(closure, by=people.acting("蒋华"), at=here(9, 28, 13))
    assert standing() == ALL
    assert doors(people) == LATE


def test_what_was_entered_while_the_day_was_closed_stays_after_hours(people):
    """Lifted in the middle of the evening, the service begins again then; nothing becomes lawful afterwards."""
    evening(people)
    closure = closed(people, here(9, 28, 20))
    assert doors(people) == "09:00-12:00 13:00-20:00"
    lift_closure(closure, by=people.acting("蒋华"), at=here(9, 28, 21))
    assert standing() == ["09-28 21:00", *ALL[1:]]
    assert doors(people) == "09:00-12:00 13:00-20:00 21:00-22:00"
    assert worked(people, here(9, 28, 20, 30)) == ["D-03"]


def test_the_same_evening_after_the_closure_was_lifted_is_lawful(people):
    evening(people)
    closure = closed(people, here(9, 28, 20))
    lift_closure(closure, by=people.acting("蒋华"), at=here(9, 28, 21))
    assert worked(people, here(9, 28, 21, 30)) == []


def test_what_another_schedule_or_a_person_announced_stands(people):
    first, by = evening(people), people.acting("蒋华")
    evening(people, 2, queue="other", closes=time(21))
    extend_hours(MONDAY, time(16, 30), time(22), organ_id=None, reason="值班", by=by, at=OPENED)
    ended(people, first, here(9, 28, 12))
    assert standing() == [ALL[0], ALL[0], *ALL[1:]]  # by hand, and the second schedule's three
    assert (doors(people), doors(people, TUESDAY)) == ("09:00-12:00 13:00-21:00", "09:00-12:00 13:00-21:00")
    assert worked(people, here(9, 28, 21, 30)) == []  # the one by hand


def test_one_queue_closed_leaves_the_others_evening(people):
    evening(people)
    evening(people, 2, queue="other")
    closed(people, here(9, 28, 12), queue="other")
    assert sorted(standing()) == sorted([*ALL, *ALL[1:]])
    assert doors(people) == LATE


def test_hours_set_by_hand_are_left_as_they_were(people):
    by = people.acting("蒋华")
    set_special_day(hall(people).code, MONDAY, "10:00-15:00", note="盘点", by=by, at=OPENED)
    schedule = evening(people)
    assert doors(people) == "10:00-15:00 16:30-22:00"
    ended(people, schedule, here(9, 28, 9))
    assert halls.hours_of(hall(people).pk, MONDAY).note == "盘点"
    assert doors(people).startswith("10:00-15:00")


def test_home_visits_open_no_doors_and_are_lawful_while_they_are_held(people):
    schedule = evening(people, queue="", place=Place.HOME)
    assert standing() == ALL
    assert doors(people) == USUAL
    ended(people, schedule, here(9, 28, 9))
    assert standing() == []
    assert doors(people) == USUAL


def test_a_new_notice_takes_holiday_service_back_and_gives_it(people):
    """Sunday service of a Sunday that becomes a day of work is none: the hall keeps that day's usual hours."""
    sunday, monday = here(10, 11), here(10, 12)
    schedule = open_schedule(
        str(UUID(int=3)), hall(people), QUEUE, Pattern(frozenset(range(7)), Days.REST, sunday.date(), monday.date()),
        Session(time(9), time(11), 30, 4, Service.HOLIDAY), reason="周末不打烊", by=people.acting("蒋华"), at=OPENED,
    )  # fmt: skip
    assert [row.on for row in ExtendedHours.objects.all()] == [sunday.date()]
    assert doors(people, sunday.date()) == "09:00-11:00"
    known = next(notice for notice in shipped_notices() if notice.year == 2026)
    days = [*known.days, NoticeDay(sunday.date(), False, "国庆节"), NoticeDay(monday.date(), True, "国庆节")]
    calendar.load_notice(2026, days, source="补充通知", by=people.acting("蒋华"), at=OPENED)
    lay_out_due(at=here(9, 25, 1))
    assert standing() == ["10-12 09:00"]
    assert doors(people, sunday.date()) == USUAL
    assert doors(people, monday.date()) == "09:00-11:00"
    lay_out_due(at=here(9, 26, 1))
    assert standing() == ["10-12 09:00"]
    assert Schedule.objects.get(pk=schedule.pk).ended_at is None


def test_an_evening_opened_when_it_has_begun_makes_nothing_lawful_afterwards(people):
    evening(people, at=here(9, 28, 21))
    assert standing() == ["09-28 21:00", *ALL[1:]]
    assert worked(people, here(9, 28, 20, 59)) == ["D-03"]
