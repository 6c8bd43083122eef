"""What insight reads of cases handled here: the same by its own quick way as from whole histories."""

from datetime import timedelta

import pytest

from tests.people import AT, accepted, cast, decided, reviewed, submitted
from zhengtong.base.deadlines.models import Deadline
from zhengtong.domains.cases.histories import all_histories
from zhengtong.domains.insight import queries
from zhengtong.domains.insight.queries import Scope
from zhengtong.flows import withdraw
from zhengtong.rules import process_map_times
from zhengtong.rules.process_map_log import log_of, micros, trace_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forget():
    queries.forget()


@pytest.fixture
def people():
    people = cast()
    decided(people, 1)
    reviewed(people, 2)
    accepted(people, 3)
    submitted(people, 4)
    case = accepted(people, 5)
    withdraw.withdraw(case.number, reason="不办了", seen=None, by=people.applicant, at=AT + timedelta(hours=1))
    return people


def test_a_trace_read_quickly_is_the_trace_of_its_history(people):
    quick = [told.trace for told in queries.told_cases(Scope())]
    assert quick == [trace_of(history) for history in all_histories()]
    assert [len(trace.acts) for trace in quick] == [5, 4, 2, 1, 3]


def test_lateness_is_the_promises_own(people):
    def figures(at):
        log = log_of(told.trace for told in queries.told_cases(Scope()))
        one = process_map_times.summary(log, None, at=micros(at))
        return one.within, one.after, one.over

    assert figures(AT) == (1, 0, 0)
    # Two promises run on, the withdrawn one is void, and before acceptance there is none.
    assert figures(AT + timedelta(days=90)) == (1, 0, 2)
    Deadline.objects.filter(kind="promise", outcome="met").update(due_at=AT - timedelta(days=1))
    assert figures(AT) == (0, 1, 0)


@pytest.mark.parametrize(("chunk", "most"), [(1, None), (2, 3), (1000, 5)])
def test_pages_and_caps_lose_no_case(chunk, most, people, monkeypatch):
    monkeypatch.setattr(queries, "CHUNK", chunk)
    everything = [told.trace.number for told in queries.told_cases(Scope())]
    assert [told.trace.number for told in queries.told_cases(Scope(), most=most)] == everything[-(most or 5) :]


def test_the_scope(people):
    item, organ = people.item().pk, people.organ.pk
    day = AT.date()

    def count(**asked):
        return len(list(queries.told_cases(Scope(**asked))))

    assert count(item_id=item) == count(organ_ids=frozenset({organ})) == count(since=day, until=day) == 5
    assert count(item_id=item + 1) == count(organ_ids=frozenset({organ + 1})) == count(organ_ids=frozenset()) == 0
    assert count(since=day + timedelta(days=1)) == count(until=day - timedelta(days=1)) == 0


def test_queries_do_not_grow_with_the_cases(people, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):  # position, count, two pages, acts, promises, the calendar
        queries.read(Scope())
    with django_assert_max_num_queries(2):  # kept: only whether the journal has grown
        queries.read(Scope())
