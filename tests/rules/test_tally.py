"""What one case counts for: kinds, days, classes, and where it stood at the end of every day."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.rules.calendar import Calendar
from zhengtong.rules.history import Act, History, LimitRecord
from zhengtong.rules.period import end_of
from zhengtong.rules.tally import Measure, SevenKind, histogram, percentile, tally

CALENDAR = Calendar({}, {2026})
START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # a Monday morning in Shanghai


def day(n: int) -> date:
    return START.date() + timedelta(days=n)


def act(seq: int, kind: str, after: int = 0, actor: int | None = 1, **facts: Any) -> Act:
    return Act(seq, kind, START + timedelta(days=after), "officer", actor, "", "", facts)


def limit(kind: str, due: date, closed: int | None = None, **others: Any) -> LimitRecord:
    told = {
        "kind": kind, "ordinal": 0, "started_on": day(0), "amount": 5, "unit": "working_day", "pauses": (),
        "due_on": due, "due_at": end_of(due), "provisional": False,
        "outcome": "open" if closed is None else "met",
        "closed_at": None if closed is None else START + timedelta(days=closed),
    }  # fmt: skip
    return LimitRecord(**{**told, **others})


def history(*acts: Act, limits: tuple[LimitRecord, ...] = (), **others: Any) -> History:
    told: dict[str, Any] = {
        "case_id": 1, "number": "1", "item_id": 1, "item_version_id": 1, "item_name": "", "organ_id": 1, "section_id": 1,
        "case_kind": "PROMISED", "channel": "1", "imported": False, "state": "PROCESSING", "stage": "PROCESS",
        "person_id": None, "enterprise_id": None, "holder_id": None, "acceptor_id": 7, "handler_id": None,
        "reviewer_id": None, "approver_id": None, "received_at": START, "accepted_on": None, "decided_at": None,
        "finished_at": None, "decision": "", "result_code": "",
    }  # fmt: skip
    return History(**{**told, **others}, acts=acts, limits=limits)


SUBMITTED = act(1, "case.submitted", row={"state": "SUBMITTED", "stage": "ACCEPT", "due_on": day(7).isoformat()})
ACCEPTED = act(2, "case.accepted", row={"state": "PROCESSING", "stage": "PROCESS", "due_on": day(4).isoformat()})


@pytest.mark.parametrize(
    ("others", "special", "agent", "kind"),
    [
        ({}, False, False, SevenKind.PROMISED),
        ({"case_kind": "IMMEDIATE"}, False, False, SevenKind.IMMEDIATE),
        ({"case_kind": "JOINT"}, False, True, SevenKind.AGENT),  # 代办 before 联办
        ({"case_kind": "REPORTED"}, True, True, SevenKind.SPECIAL),  # 特办 before 代办
        ({"state": "NOT_ACCEPTED"}, True, True, SevenKind.RETURNED),  # 退回 before all
        ({"decision": "REFUSE"}, True, False, SevenKind.RETURNED),
    ],
)
def test_each_case_is_one_of_the_seven_kinds(others, special, agent, kind):
    assert tally(history(SUBMITTED, **others), CALENDAR, special=special, agent=agent).kind is kind


def finished(closed: int, due: int, legal: int, **others: Any) -> History:
    return history(
        SUBMITTED, ACCEPTED,
        act(3, "case.decided", closed, row={"state": "DECIDED", "stage": "FINISH", "due_on": None}),
        act(4, "case.finished", closed + 1, row={"state": "FINISHED"}),
        limits=(limit("promise", day(due), closed, **others), limit("legal", day(legal), closed)),
        state="FINISHED", stage="FINISH", decision="GRANT", finished_at=START + timedelta(days=closed + 1),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("closed", "due", "legal", "counted"),
    [
        (2, 4, 11, {Measure.IN_TIME, Measure.EARLY}),
        (4, 4, 11, {Measure.IN_TIME}),
        (5, 4, 11, {Measure.OVER_PROMISE}),  # Saturday: no working day more, and yet late
        (12, 4, 11, {Measure.OVER_LEGAL}),
    ],
)
def test_a_finished_case_is_in_one_class_of_time(closed, due, legal, counted):
    found = tally(finished(closed, due, legal), CALENDAR)
    times = {Measure.IN_TIME, Measure.EARLY, Measure.IMMEDIATE, Measure.OVER_PROMISE, Measure.OVER_LEGAL}
    on = {measure for where, measure in found.counts() if where == day(closed + 1)}
    assert on & times == counted
    assert {Measure.FINISHED, Measure.GRANTED, Measure.TIMED, Measure.PROMISED} <= on


def test_lateness_on_a_provisional_date_is_in_no_rate():
    found = tally(finished(5, 4, 11, provisional=True), CALENDAR)
    assert found.timeliness == ""
    assert Measure.TIMED not in {measure for _, measure in found.counts()}
    assert tally(finished(4, 4, 11, provisional=True), CALENDAR).timeliness == "ON_TIME"


def test_days_used_leave_out_the_pauses_and_the_first_day():
    pauses = ({"since": day(0).isoformat(), "until": day(2).isoformat(), "cause": "核查", "article": ""},)
    found = tally(finished(4, 4, 11, pauses=pauses), CALENDAR)
    assert (found.spans["used"], found.spans["paused"], found.spans["waited"]) == (2, 2, 0)
    assert found.spans["PROCESS"] == 4


def test_an_open_case_is_soon_and_then_overdue_until_something_happens():
    found = tally(history(SUBMITTED, ACCEPTED), CALENDAR)
    assert found.soon == ((day(1), day(5)),)  # due on Friday: three working days before
    assert found.overdue == ((day(5), None),)


def test_what_was_overdue_stays_so_in_the_past_when_the_limit_is_extended():
    extended = act(3, "case.extended", 7, row={"due_on": day(11).isoformat()})
    found = tally(history(SUBMITTED, ACCEPTED, extended), CALENDAR)
    assert found.overdue == ((day(5), day(7)), (day(12), None))


def test_a_provisional_date_is_soon_for_ever_and_never_overdue():
    found = tally(history(SUBMITTED, ACCEPTED, limits=(limit("promise", day(4), provisional=True),)), CALENDAR)
    assert (found.overdue, found.soon) == ((), ((day(1), None),))


def test_a_suspended_case_is_neither():
    stopped = act(3, "case.suspended", 3, row={"state": "SUSPENDED", "due_on": None})
    going = act(4, "case.resumed", 9, row={"state": "PROCESSING", "due_on": day(11).isoformat()})
    found = tally(history(SUBMITTED, ACCEPTED, stopped, going), CALENDAR)
    assert found.suspended == ((day(3), day(9)),)
    assert found.overdue == ((day(12), None),)
    assert found.soon == ((day(1), day(3)), (day(9), day(12)))


@pytest.mark.parametrize(
    ("end", "overdue"),
    [(None, ((day(4), None),)), (2, ()), (4, ()), (6, ((day(4), day(6)),)), (-3, ())],
)
def test_an_import_is_late_from_the_day_its_deadline_passes(end, overdue):
    due = START + timedelta(days=4)
    ended = None if end is None else START + timedelta(days=end)
    promise = limit("promise", day(4), end, unit="moment", due_at=due)
    found = tally(history(imported=True, limits=(promise,), finished_at=ended), CALENDAR)
    assert found.overdue == overdue


def test_who_answers_for_a_case():
    assert tally(history(SUBMITTED), CALENDAR).person_id == 7  # the acceptor
    assert tally(history(SUBMITTED, handler_id=8), CALENDAR).person_id == 8
    acts = [act(n, "case.act_recorded", n, who, stage="PROCESS") for n, who in enumerate((3, 4, 4, 3, 5), start=1)]
    assert tally(history(*acts, imported=True), CALENDAR).person_id == 3  # as many as 4 did, and first


def test_a_second_notice_is_counted_as_such():
    asked = [act(n, "case.supplement_requested", n) for n in (2, 5, 9)]
    found = tally(history(SUBMITTED, *asked), CALENDAR)
    assert (found.supplement_on, found.second_notice_on) == (day(2), day(5))


@given(st.lists(st.integers(0, 60), max_size=80), st.sampled_from([0.1, 0.25, 0.5, 0.9, 1.0]))
def test_a_percentile_is_a_number_of_days_somebody_took(days, share):
    found = percentile(histogram(days), share)
    if not days:
        assert found is None
    else:
        assert found in days
        assert sum(one <= found for one in days) >= share * len(days)
        assert sum(one < found for one in days) < share * len(days)
