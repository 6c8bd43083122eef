"""One case from submission to delivery through every floor: row, journal, deadlines, papers, outbox."""

from datetime import date, timedelta

import pytest

from tests.people import AT, Cast, accepted, cast, decided, reviewed, submitted
from zhengtong.base import journal
from zhengtong.base.deadlines.queries import deadlines_of
from zhengtong.base.journal.queries import entries_of
from zhengtong.base.outbox.models import Message
from zhengtong.domains.cases.models import Case, Paper
from zhengtong.flows import deliver, finish

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast()


def test_a_case_travels_from_the_applicant_to_delivery(people: Cast) -> None:
    case = decided(people)
    window = people.acting("张敏")
    finish.finish(case.number, note="", seen=None, by=window, at=AT + timedelta(hours=1))
    deliver.deliver(case.number, mode="direct", recipient="林小雨", seen=None, by=window, at=AT + timedelta(hours=2))

    row = Case.objects.get(number=case.number)
    assert (row.state, row.result_code, row.decision) == ("DELIVERED", "0", "RECORD")
    entries = list(entries_of("case", case.number))
    assert [e.kind for e in entries] == [
        "case.submitted", "case.accepted", "case.forwarded", "case.forwarded", "case.decided", "case.finished", "case.delivered",
    ]  # fmt: skip
    assert journal.check_subject(row, entries) == []
    assert {d.kind: d.outcome for d in deadlines_of("case", case.number)} == {
        "notice": "met", "promise": "met", "legal": "met", "delivery": "met",
    } | ({"stage": "met"} if any(d.kind == "stage" for d in deadlines_of("case", case.number)) else {})  # fmt: skip
    assert [p.form for p in Paper.objects.filter(case=row).order_by("id")] == ["F-00", "F-01", "F-05", "F-08"]
    assert set(Message.objects.values_list("kind", flat=True)) == {
        "case.submitted", "case.accepted", "case.decided", "case.finished", "case.delivered",
    }  # fmt: skip


def test_the_promise_is_counted_as_on_the_pictured_page(people: Cast) -> None:
    case = accepted(people)
    assert case.due_on == date(2026, 10, 9)  # five working days from 24 September: Mid-Autumn and National Day between
    assert case.accepted_on == date(2026, 9, 24)


def test_numbers_follow_each_other(people: Cast) -> None:
    first, second = submitted(people, 1), submitted(people, 2)
    assert (first.number[15:21], second.number[15:21]) == ("000001", "000002")


def test_review_and_approval_are_other_people(people: Cast) -> None:
    case = reviewed(people)
    row = Case.objects.get(number=case.number)
    assert len({row.acceptor_id, row.handler_id, row.reviewer_id, row.holder_id}) == 4
