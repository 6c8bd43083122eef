"""The hall at the same instant: one ticket to one window, one number to one person, whatever the engine."""

from collections import Counter

import pytest
from django.db import connection

from tests.flows.test_races import at_once
from tests.hall import MINUTE, queued, taken
from tests.people import AT, Cast, cast, hire
from zhengtong.base.journal import check_subject
from zhengtong.base.journal.queries import entries_of
from zhengtong.domains.hall import queries
from zhengtong.domains.hall.models import Ticket
from zhengtong.domains.registry.queries import officer_acting
from zhengtong.flows import ticket_called, ticket_left, ticket_served
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Role

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people(transactional_db: None) -> Cast:
    people = cast()
    people.windows = queued(people, 5)
    people.clerks = []
    for number in range(5):
        officer = hire(people.organ, None, f"窗口{number}", f"clerk{number}", Role.WINDOW)
        people.clerks.append(officer_acting(officer.account_id, AT.date()))
    return people


def caller(people, number, at=AT):
    return lambda: ticket_called.call_next(people.windows[number].pk, by=people.clerks[number], at=at)


def sound() -> bool:
    return not [
        fault
        for ticket in Ticket.objects.all()
        for fault in check_subject(ticket, list(entries_of("ticket", str(ticket.key))))
    ]


def codes(results: list) -> list[RefusalCode]:
    assert all(not isinstance(one, Exception) or isinstance(one, Refusal) for one in results), results
    return [one.code for one in results if isinstance(one, Refusal)]


def test_five_windows_that_press_at_once_call_five_people(people):
    tickets = [taken(at=AT + n * MINUTE, phone=f"1380000001{n}") for n in range(7)]
    called = at_once(*(caller(people, number, AT + 10 * MINUTE) for number in range(5)))
    assert not codes(called)
    assert sorted(one.label for one in called) == [one.label for one in tickets[:5]]
    assert Counter(Ticket.objects.values_list("state", flat=True)) == {"CALLED": 5, "WAITING": 2}
    assert sound()


def test_two_who_press_for_the_last_one_get_one_ticket_between_them(people):
    taken()
    called = at_once(caller(people, 0), caller(people, 1))
    assert not codes(called)
    assert sorted(one is None for one in called) == [False, True]
    assert sound()


def test_a_button_pressed_twice_calls_one(people):
    taken()
    taken()
    called = at_once(caller(people, 0), caller(people, 0), caller(people, 0))
    assert codes(called) == [RefusalCode.WINDOW_BUSY] * 2
    assert Ticket.objects.filter(state="CALLED").count() == 1
    assert sound()


def test_two_clerks_sit_down_at_one_window(people):
    taken()
    taken()
    window = people.windows[0].pk
    called = at_once(*(lambda by=by: ticket_called.call_next(window, by=by, at=AT) for by in people.clerks[:2]))
    assert set(codes(called)) <= {RefusalCode.WINDOW_TAKEN}
    assert Ticket.objects.filter(state="CALLED").count() == 1


def test_numbers_taken_at_once_follow_each_other(people):
    made = at_once(*[taken] * 8)
    assert not codes(made)
    assert sorted(one.label for one in made) == [f"A{n:03d}" for n in range(1, 9)]


def test_one_phone_takes_one_number_however_often_it_is_pressed(people):
    made = at_once(*(lambda: taken(phone="13800000001") for _ in range(4)))
    assert codes(made) == [RefusalCode.TICKET_OPEN] * 3
    assert Ticket.objects.get().label == "A001"  # no number was lost with those that failed
    assert taken().label == "A002"


def test_who_gives_up_while_being_called_is_one_or_the_other(people):
    ticket = taken()
    results = at_once(caller(people, 0), lambda: ticket_left.leave(ticket.key, by=people.applicant, at=AT))
    assert set(codes(results)) <= {RefusalCode.STALE}
    assert Ticket.objects.get().state in ("CALLED", "LEFT")
    assert sound()


def test_the_clock_and_the_clerk_settle_a_call_once(people):
    ticket = taken()
    caller(people, 0)()
    later = AT + 5 * MINUTE
    by = people.clerks[0]
    at_once(
        lambda: ticket_left.pass_unanswered(at=later),
        lambda: ticket_served.start(ticket.key, by=by, at=later),
        lambda: ticket_called.pass_over(ticket.key, by=by, at=later),
    )
    assert Ticket.objects.get().state in ("PASSED", "SERVING")
    assert sound()


def test_screens_that_read_while_clerks_press_never_see_one_ticket_twice(people):
    for n in range(12):
        taken(at=AT + n * MINUTE)
    seen: list[list[str]] = []

    def work(number: int) -> int:
        served = 0
        at = AT + 20 * MINUTE
        while ticket := ticket_called.call_next(people.windows[number].pk, by=people.clerks[number], at=at):
            ticket_served.served(ticket.key, by=people.clerks[number], at=at)
            served += 1
        return served

    def watch() -> None:
        try:
            seen.extend(
                [one.label for one in queries.board("H01", AT + 20 * MINUTE).windows if one.label] for _ in range(6)
            )
        finally:
            connection.close()

    results = at_once(lambda: work(0), lambda: work(1), *([watch] * 5))
    assert not codes(results)
    assert sum(one for one in results if isinstance(one, int)) == 12
    assert all(len(labels) == len(set(labels)) for labels in seen)
    assert sound()
