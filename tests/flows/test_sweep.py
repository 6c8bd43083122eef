"""The sweep: it acts on what is due and nothing else, costs what is due, and stumbles over nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.flows.acts import AT, AT_ONCE, OIL, at, bring, kinds, last, limits, messages, row_of, sound
from tests.people import Cast, cast, submitted
from zhengtong.base.deadlines.models import Deadline
from zhengtong.domains.registry.models import Officer
from zhengtong.flows import accept, sweep
from zhengtong.rules.procedure import State

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast(OIL, AT_ONCE)


def test_only_what_is_due_and_each_once(people: Cast) -> None:
    due = submitted(people, 1, OIL)
    told = submitted(people, 2, OIL)
    accept.accept(told.number, seen=None, by=people.acting("张敏"), at=AT)
    later = submitted(people, 3, OIL, at=at(days=10))
    lapsing = bring(people, State.SUPPLEMENT, 4)
    now = at(days=16)
    assert sweep.sweep(at=now) == (1, 0)
    assert sweep.sweep(at=now) == (0, 0)
    assert [row_of(c).state for c in (due, told, later, lapsing)] == [
        "PROCESSING",
        "PROCESSING",
        "SUBMITTED",
        "SUPPLEMENT",
    ]
    for case in (due, told, later, lapsing):
        sound(case)


def test_an_immediate_case_deemed_accepted_waits_at_the_window(people: Cast) -> None:
    case = submitted(people, 1, AT_ONCE)
    assert sweep.sweep(at=at(days=17)) == (1, 0)
    row = row_of(case)
    assert (row.state, row.stage, row.holder) == ("ACCEPTED", "ACCEPT", None)
    assert limits(case)["promise"] == ("2026-09-24", "open")  # due on the day of receipt: over as it begins
    sound(case)


def test_deemed_accepted_with_nobody_to_handle_it(people: Cast) -> None:
    Officer.objects.filter(name__in=["李军", "周洋"]).update(left_on=AT.date())
    case = submitted(people, 1, OIL)
    assert sweep.sweep(at=at(days=17)) == (1, 0)
    assert (row_of(case).state, row_of(case).holder) == ("PROCESSING", None)


def test_a_deemed_case_is_told_to_the_applicant_with_its_date(people: Cast) -> None:
    case = submitted(people, 1, OIL)
    sweep.sweep(at=at(days=17))
    assert (kinds(case)[-1], messages(case)[-1]) == ("deemed_accepted", "deemed_accepted")
    assert last(case)[1]["promise_due"] == limits(case)["promise"][0]


def test_it_costs_what_is_due_not_what_exists(people: Cast) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert sweep.sweep(at=AT) == (0, 0)
        return len(queries)

    idle = cost()
    for number in range(1, 6):
        submitted(people, number, OIL)
    assert cost() == idle <= 4


def test_provisional_dates_do_not_stand_in_the_way(people: Cast) -> None:
    """However many limits lie on 暂定 dates, a firm one behind them is found."""
    december = datetime(2026, 12, 30, 2, tzinfo=UTC)
    waiting = submitted(people, 1, OIL, at=december)
    firm = submitted(people, 2, OIL)
    Deadline.objects.filter(subject_key=waiting.number).update(due_at=AT - timedelta(days=300))  # longest past
    assert sweep.sweep(at=december + timedelta(days=30), limit=1) == (1, 0)
    assert (row_of(firm).state, row_of(waiting).state) == ("PROCESSING", "SUBMITTED")


def test_a_long_list_is_swept_in_slices(people: Cast) -> None:
    cases = [submitted(people, n, OIL) for n in range(1, 6)]
    assert [sweep.sweep(at=at(days=17), limit=2)[0] for _ in range(4)] == [2, 2, 1, 0]
    assert {row_of(c).state for c in cases} == {"PROCESSING"}
