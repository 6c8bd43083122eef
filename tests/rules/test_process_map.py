"""Process insight as pure functions: small stories first, then properties over many logs."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import odd_logs, plain_log
from tests.insight_figures import check_equal
from zhengtong.rules import process_map, process_map_people, process_map_times, process_map_variants
from zhengtong.rules.calendar import Calendar, Day, DayKind
from zhengtong.rules.history import Act, History, LimitRecord
from zhengtong.rules.process_map_log import (
    STOPPED,
    TAIL,
    Activity,
    Entered,
    Trace,
    TracedAct,
    TraceLog,
    log_of,
    micros,
    moment,
    trace_of,
    traced,
)
from zhengtong.rules.process_map_rows import matching

T0 = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday, nine in the morning in Shanghai
HOUR = timedelta(hours=1)
DAY = process_map_times.DAY


def case(number, *steps, end=None, due=None, start=0):
    """Steps as "STAGE activity person hour"."""
    acts = []
    for step in steps:
        stage, activity, person, hour = step.split()
        acts.append(TracedAct(stage, activity, "", T0 + float(hour) * HOUR, int(person) if person != "-" else None))
    at = [None if one is None else T0 + one * HOUR for one in (end, due)]
    return Trace(number, T0 + start * HOUR, *at, tuple(acts), at[0])


# One that went straight through, one that went back and forth, one still open, one that nobody touched.
LOG = log_of(
    [
        case("A", "ACCEPT in 1 0", "PROCESS do 2 10", "APPROVE say 3 20", end=20, due=30),
        case(
            "B", "ACCEPT in 1 1", "PROCESS do 2 5", "ACCEPT in 1 6", "PROCESS do 2 8", "PROCESS do 2 9", end=40, due=30
        ),
        case("C", "ACCEPT in 4 2", due=25),
        case("D", end=3),
    ]
)


def test_the_map_of_a_small_log():
    found = process_map.process_map(LOG, "activity")
    nodes = {node.activity.name: node for node in found.nodes}
    assert [(n.activity.name, n.count, n.cases, n.starts, n.ends) for n in found.nodes] == [
        ("in", 4, 3, 3, 1), ("do", 4, 2, 0, 1), ("say", 1, 1, 0, 1),
    ]  # fmt: skip
    edges = {(e.source.name, e.target.name): e for e in found.edges}
    assert edges["in", "do"].count == 3
    assert edges["in", "do"].cases == 2
    assert edges["in", "do"].time.total == 16 * DAY // 24  # 10 + 4 + 2 hours
    assert edges["in", "do"].time.median == 4 * DAY / 24
    assert [e.back for e in (edges["do", "in"], edges["in", "do"], edges["do", "do"])] == [True, False, False]
    assert nodes["in"].key != nodes["do"].key


def test_the_stages_view_draws_the_acts_of_a_stage_together():
    found = process_map.process_map(LOG, "stage")
    assert [(n.activity.name, n.count, n.acts) for n in found.nodes] == [
        ("ACCEPT", 4, 4), ("PROCESS", 3, 4), ("APPROVE", 1, 1),
    ]  # fmt: skip
    assert sorted((e.source.stage, e.target.stage, e.count) for e in found.edges) == [
        ("ACCEPT", "PROCESS", 3), ("PROCESS", "ACCEPT", 1), ("PROCESS", "APPROVE", 1),
    ]  # fmt: skip


def test_the_time_before_an_act_is_its_stages():
    found = {one.stage: one for one in process_map_times.stage_times(LOG, None)}
    hours = {name: one.spans.total * 24 / DAY for name, one in found.items()}
    # A 0, B 1 + 1, C 2; A 10, B 4 + 2 + 1; A 10; B has 31 hours left after its last act.
    assert hours == {"ACCEPT": 4, "PROCESS": 17, "REVIEW": 0, "APPROVE": 10, "FINISH": 0, TAIL: 31}
    assert found["PROCESS"].cases == 2
    assert found["PROCESS"].spans.mean == 8.5 * DAY / 24


def test_lateness_and_who_is_over():
    one = process_map_times.summary(LOG, None, at=micros(T0 + 26 * HOUR))
    assert (one.cases, one.finished, one.open, one.within, one.after, one.over, one.without_acts) == (
        4,
        3,
        1,
        1,
        1,
        1,
        1,
    )
    assert process_map_times.summary(LOG, None, at=micros(T0 + 25 * HOUR)).over == 0  # due this very instant


def test_a_promise_is_kept_by_the_decision_not_by_the_end():
    """docs/adr/promise-ends-at-decision.md"""
    end, due = T0 + 40 * HOUR, T0 + 30 * HOUR
    log = log_of([Trace(str(n), T0, end, due, (), T0 + hour * HOUR) for n, hour in enumerate((29, 30, 31))])
    one = process_map_times.summary(log, None, at=micros(end))
    assert (one.within, one.after, one.over) == (2, 1, 0)


def test_hand_overs_and_ping_pong():
    found = process_map_people.hand_overs(LOG)
    rows = {(h.giver, h.taker): (h.count, h.cases, h.back) for h in found.rows}
    assert rows == {(1, 2): (3, 2, 1), (2, 1): (1, 1, 1), (2, 3): (1, 1, 0)}
    assert (found.given, found.kept, found.cases, found.looped) == (5, 1, 2, 1)


def test_acts_of_nobody_are_passed_over():
    log = log_of([case("A", "ACCEPT in 1 0", "ACCEPT more - 1", "PROCESS do 2 2")])
    assert [(h.giver, h.taker) for h in process_map_people.hand_overs(log).rows] == [(1, 2)]
    assert [one.person for one in process_map_people.workload(log)] == [1, 2]


def test_rework_and_variants():
    found = process_map_variants.rework(LOG)
    assert (found.returned, found.repeated) == (1, 1)
    assert [(r.source, r.target, r.count) for r in found.returns] == [("PROCESS", "ACCEPT", 1)]
    assert [(r.activity.name, r.again, r.at_once, r.base) for r in found.repeats] == [("do", 2, 1, 2), ("in", 1, 0, 3)]
    paths = [(v.cases, [a.name for a in v.path]) for v in process_map_variants.variants(LOG, "activity")]
    assert paths == [(1, []), (1, ["in"]), (1, ["in", "do", "say"]), (1, ["in", "do", "in", "do", "do"])]


@pytest.mark.parametrize(
    ("figure", "numbers"),
    [
        ("all", "ABCD"), ("finished", "ABD"), ("open", "C"), ("late", "B"), ("within", "A"), ("over", "C"),
        ("bare", "D"), ("back", "B"), ("again", "B"), ("hand", "AB"), ("loop", "B"), ("tail", "B"),
        ("stage:APPROVE", "A"), ("back:PROCESS-ACCEPT", "B"), ("person:2", "AB"), ("hand:2-3", "A"), ("hand:9-9", ""),
        (f"activity:{Activity('PROCESS', 'do').key}", "AB"), (f"start:{Activity('ACCEPT', 'in').key}", "ABC"),
        (f"end:{Activity('ACCEPT', 'in').key}", "C"), (f"repeat:{Activity('ACCEPT', 'in').key}", "B"),
        (f"edge:{Activity('PROCESS', 'do').key}-{Activity('ACCEPT', 'in').key}", "B"),
    ],
)  # fmt: skip
def test_a_figure_opens_the_cases_it_counted(figure, numbers):
    found = matching(LOG, figure, view="activity", at=micros(T0 + 26 * HOUR))
    assert "".join(LOG.numbers[place] for place in found) == numbers


@pytest.mark.parametrize(
    "figure",
    ["", "evil", "activity:", "activity:x", "edge:x", "hand:1", "hand:1-2-3", "person:x", "stage:X", "back:ACCEPT"],
)
def test_what_is_no_figure_has_no_cases(figure):
    assert matching(LOG, figure, view="activity", at=0) is None


def test_every_variant_opens_its_own_cases():
    for view in ("activity", "stage"):
        for one in process_map_variants.variants(LOG, view):
            assert len(matching(LOG, f"variant:{one.key}", view=view, at=0)) == one.cases


# --- cases handled here ---


def entered(*told):
    return [
        Entered(seq, kind, T0 + hour * HOUR, person, facts) for seq, (kind, hour, person, facts) in enumerate(told, 1)
    ]


def test_an_act_here_belongs_to_the_stage_the_case_stood_in():
    acts = traced(
        entered(
            ("case.submitted", 0, None, {"row": {"stage": "ACCEPT"}}),
            ("case.message_sent", 1, 1, {}),
            ("case.accepted", 2, 1, {"row": {"stage": "PROCESS"}}),
            ("case.forwarded", 3, 2, {"stage": "PROCESS", "row": {"stage": "REVIEW"}}),
            ("case.returned", 4, 3, {"stage": "REVIEW", "row": {"stage": "PROCESS"}}),
            ("case.suspended", 5, 2, {"row": {"state": "SUSPENDED", "suspended_stage": "PROCESS"}}),
            ("case.resumed", 53, 2, {"row": {"state": "PROCESSING"}}),
            ("case.decided", 60, 4, {"row": {"stage": "FINISH"}}),
        )
    )
    assert [(act.stage, act.activity) for act in acts] == [
        ("ACCEPT", "case.submitted"), ("ACCEPT", "case.accepted"), ("PROCESS", "case.forwarded"),
        ("REVIEW", "case.returned"), ("PROCESS", "case.suspended"), ("PROCESS", "case.resumed"),
        ("PROCESS", "case.decided"),
    ]  # fmt: skip
    found = {s.stage: s for s in process_map_times.stage_times(log_of([Trace("A", T0, None, None, acts)]), None)}
    assert found[STOPPED].spans.total == 2 * DAY  # the special procedure is nobody's delay (art. 45)
    assert found["PROCESS"].spans.total == 9 * DAY // 24


def test_the_end_a_log_states_is_no_act_and_acts_come_by_their_time():
    acts = traced(
        [
            Entered(1, "case.imported", T0, None, {}, True),
            Entered(2, "case.act_recorded", T0 + 5 * HOUR, 7, {"activity": "b", "stage": "REVIEW"}, True),
            Entered(3, "case.act_recorded", T0 + HOUR, 7, {"activity": "a", "stage": "ACCEPT", "label": "甲"}, True),
            Entered(4, "case.finished", T0 + 9 * HOUR, None, {}, True),
            Entered(5, "case.dispatched", T0 + 9 * HOUR, 8, {}),
        ]
    )
    assert [(act.stage, act.activity, act.label) for act in acts] == [
        ("ACCEPT", "a", "甲"), ("REVIEW", "b", ""), ("ACCEPT", "case.dispatched", ""),
    ]  # fmt: skip


def test_a_whole_history_is_traced_like_its_entries():
    limit = LimitRecord("promise", 0, date(2026, 3, 2), 5, "working_day", (), None, T0 + 9 * HOUR, False, "open", None)
    row = dict.fromkeys(History.__dataclass_fields__)
    acts = (
        Act(1, "case.submitted", T0, "applicant", 5, "张*", "", {}),
        Act(2, "case.accepted", T0 + HOUR, "officer", 9, "张敏", "", {}),
    )
    trace = trace_of(History(**{**row, "number": "N", "received_at": T0, "acts": acts, "limits": (limit,)}))
    assert (trace.due_at, [act.person for act in trace.acts]) == (T0 + 9 * HOUR, [None, 9])


# --- working time ---

HOLIDAYS = {
    date(2026, 3, 3): Day(date(2026, 3, 3), DayKind.SWAP_REST),
    date(2026, 3, 7): Day(date(2026, 3, 7), DayKind.SWAP_WORK),
}
CALENDAR = Calendar(HOLIDAYS, {2026})


@given(st.integers(0, 40 * 24 * 60), st.integers(0, 40 * 24 * 60))
def test_working_time_is_the_time_on_working_days(first, second):
    since, until = (T0 + timedelta(minutes=m) for m in sorted((first, second)))
    working = process_map_times.WorkingTime(CALENDAR, micros(T0), micros(T0) + 40 * DAY)
    zone = process_map_people.SHANGHAI
    expected, at = 0, since
    while at < until:  # day by day
        midnight = datetime.combine(at.astimezone(zone).date() + timedelta(days=1), datetime.min.time(), zone)
        if CALENDAR.is_workday(at.astimezone(zone).date()):
            expected += micros(min(midnight, until)) - micros(at)
        at = midnight
    assert working.between(micros(since), micros(until)) == expected


def test_where_the_calendar_knows_no_days_there_is_no_working_time():
    working = process_map_times.WorkingTime(CALENDAR, micros(datetime(1990, 1, 1, tzinfo=UTC)), micros(T0))
    assert working.between(micros(datetime(1995, 1, 1, tzinfo=UTC)), micros(T0)) is None
    assert working.between(micros(T0), micros(T0)) == 0


# --- properties ---


def built(log):
    """A generated log as traces, and as the plain counter reads it; people by number, cases without gaps."""
    people = {name: number for number, name in enumerate(odd_logs.PEOPLE)}
    traces, cases = [], []
    for place, told in enumerate(log):
        acts = [a for a in told["events"] if a["org:resource"]]
        start = told["startdate"] or odd_logs.BEGIN
        steps = tuple(
            TracedAct(
                odd_logs.stage(a["concept:name"]), a["concept:name"], "", a["time:timestamp"], people[a["org:resource"]]
            )
            for a in sorted(acts, key=lambda act: act["time:timestamp"])
        )
        traces.append(Trace(str(place), start, told["enddate"], told["deadline"], steps, told["enddate"]))
        events = [(a["concept:name"], a["org:resource"], a["time:timestamp"]) for a in acts]
        cases.append(plain_log.PlainCase(str(place), start, told["enddate"], told["deadline"], events))
    return log_of(traces), plain_log._in_time(cases), {number: name for name, number in people.items()}


@given(odd_logs.logs(most=20))
def test_every_figure_equals_the_plain_count(told):
    log, cases, people = built(told)
    check_equal(log, cases, odd_logs.stage, now=odd_logs.BEGIN + timedelta(days=9), people=people)


@given(odd_logs.logs(most=20), st.sampled_from(["activity", "stage"]), st.sampled_from([0, 0.1, 0.5]))
def test_a_pruned_map_hangs_together(told, view, share):
    log, _, _ = built(told)
    whole = process_map.process_map(log, view)
    small = process_map.pruned(whole, share)
    there = {node.activity for node in small.nodes}
    assert {edge.source for edge in small.edges} | {edge.target for edge in small.edges} <= there
    assert set(small.edges) <= set(whole.edges)
    if share == 0:
        assert (small.nodes, small.edges) == (whole.nodes, whole.edges)


@given(odd_logs.logs(most=12))
def test_the_order_of_the_cases_changes_no_figure(told):
    one, _, _ = built(told)
    other = TraceLog()
    for trace in reversed(_traces(one)):
        other.add(trace)
    for view in ("activity", "stage"):
        assert process_map.process_map(one, view) == process_map.process_map(other, view)
        assert process_map_variants.variants(one, view) == process_map_variants.variants(other, view)
    assert process_map_people.hand_overs(one) == process_map_people.hand_overs(other)
    assert process_map_people.workload(one) == process_map_people.workload(other)
    assert process_map_variants.rework(one) == process_map_variants.rework(other)


def _traces(log):
    def time(at):
        return None if at == process_map_times.NEVER else moment(at)

    return [
        Trace(
            log.numbers[case.place], moment(case.started), time(case.ended), time(case.due),
            tuple(
                TracedAct(*log.activities[code], "", moment(at), person)
                for code, at, person in zip(case.codes, case.times, case.people, strict=True)
            ),
            time(case.kept),
        )
        for case in log
    ]  # fmt: skip
