"""Our figures of a log beside the plain count of the same log; both in one shape, so that a test is one line each."""

from tests import plain_log as plain
from zhengtong.rules import process_map, process_map_people, process_map_times, process_map_variants
from zhengtong.rules.process_map_log import micros


def close(ours, theirs):
    """Whole numbers exactly, means and quantiles but for the last bit of a float."""
    assert len(ours) == len(theirs)
    for one, other in zip(ours, theirs, strict=True):
        assert abs(one - other) <= 1e-9 * max(abs(one), abs(other), 1), (ours, theirs)


def told(spans):
    return (spans.count, spans.total, spans.mean, spans.median, spans.p90)


def check_equal(log, cases, stage, *, now, people):
    """Every figure of process insight of `log` equals the plain count of `cases`. `people`: officer → the log's name."""
    _lateness(log, cases, now)
    _stages(log, cases, stage)
    _map(log, cases, stage)
    _people(log, cases, people)
    _ways(log, cases, stage)


def _lateness(log, cases, now):
    ours, theirs = process_map_times.summary(log, None, at=micros(now)), plain.lateness(cases, now)
    assert (ours.cases, ours.acts) == (len(cases), sum(len(case.events) for case in cases))
    for name in ("finished", "open", "after", "within", "over"):
        assert getattr(ours, name) == theirs[name], name
    close(told(ours.throughput), theirs["throughput"])
    wrong = [
        case
        for case in cases
        if any(at < case.start for _, _, at in case.events) or (case.end is not None and case.end < case.start)
    ]
    assert ours.backward == len(wrong)
    assert ours.without_acts == sum(1 for case in cases if not case.events)


def _stages(log, cases, stage):
    theirs = plain.stage_times(cases, stage)
    ours = {one.stage: one for one in process_map_times.stage_times(log, None)}
    assert {name for name, one in ours.items() if one.spans.count} == theirs.keys()
    whole = sum(row[2] for row in theirs.values())
    for name, (acts, *spread) in theirs.items():
        assert (ours[name].acts, ours[name].cases) == (acts, spread[0])
        close(told(ours[name].spans), spread)
        assert abs(ours[name].share - (spread[1] / whole if whole else 0)) < 1e-9


def _map(log, cases, stage):
    theirs = plain.follows(cases)
    found = process_map.process_map(log, "activity")
    assert all(edge.source.stage == stage(edge.source.name) for edge in found.edges)
    assert {(edge.source.name, edge.target.name) for edge in found.edges} == theirs.keys()
    for edge in found.edges:
        met, *spread = theirs[edge.source.name, edge.target.name]
        assert edge.cases == met
        close(told(edge.time), spread)
    worst = process_map.bottlenecks(found, by="total")
    assert [(edge.source.name, edge.target.name) for edge in worst[:10]] == plain.worst(cases, stage)
    for node in found.nodes:
        name = node.activity.name
        assert node.count == sum(1 for case in cases for activity, _, _ in case.events if activity == name)
        assert node.cases == sum(1 for case in cases if any(activity == name for activity, _, _ in case.events))
        assert node.starts == sum(1 for case in cases if case.events and case.events[0][0] == name)
        assert node.ends == sum(1 for case in cases if case.events and case.events[-1][0] == name)


def _people(log, cases, people):
    found = process_map_people.hand_overs(log)
    theirs, kept, handed, looped = plain.hand_overs(cases)
    assert {(people[h.giver], people[h.taker]): (h.count, h.cases, h.back) for h in found.rows} == theirs
    assert (found.kept, found.cases, found.looped) == (kept, handed, looped)
    assert found.given == sum(row[0] for row in theirs.values())
    loads = process_map_people.workload(log)
    ours = {people[one.person]: (one.acts, one.cases, one.weeks, one.busiest, one.busiest_acts) for one in loads}
    assert ours == plain.workload(cases)
    assert [one.acts for one in loads] == sorted((one.acts for one in loads), reverse=True)


def _ways(log, cases, stage):
    found = process_map_variants.variants(log, "activity")
    assert {tuple(step.name for step in one.path): one.cases for one in found} == plain.variants(cases)
    rework = process_map_variants.rework(log)
    returned, returns, repeated, repeats = plain.rework(cases, stage)
    assert (rework.returned, rework.repeated) == (returned, repeated)
    assert {(one.source, one.target): (one.count, one.cases) for one in rework.returns} == returns
    assert {one.activity.name: (one.again, one.cases) for one in rework.repeats} == repeats
