"""The forecast of open cases: right on histories whose truth is known, blind to the future, and never less worried with age."""

import json
import math
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from zhengtong.rules import forecast_check
from zhengtong.rules.calendar import Calendar
from zhengtong.rules.clock import Pause, Unit, end_of, start_of
from zhengtong.rules.forecast_check import (
    brier,
    fit_at,
    log_loss,
    measure,
    origins,
    recalibration,
    reliability,
    rolling,
    run_of,
    wilson,
)
from zhengtong.rules.forecast_course import Course, Place, Stop, course_of, end_day, open_case, watched
from zhengtong.rules.forecast_model import (
    BINS,
    Model,
    Run,
    band_of,
    bin_of,
    chance_of_lateness,
    fit,
    level_from_json,
    level_to_json,
    outlook,
)
from zhengtong.rules.history import Act, History, LimitRecord

CALENDAR = Calendar({}, range(2000, 2061))  # weekends only
BEGIN = date(2024, 1, 1)
DAILY = {5: 0.22, 10: 0.11, 20: 0.05}  # the true chance of ending on any one day, by limit


def course(number, start, budget, ends, *, places=(), item=1, organ=1, **facts):
    """A case whose promise of `budget` working days began on `start` and ended on its day `ends` (None: open)."""
    due_on = CALENDAR.nth_working_day(start, budget)
    ended = None
    if ends is not None:
        ended = start_of(CALENDAR.nth_working_day(start, ends)) + timedelta(hours=15)
    return Course(
        number=str(number), item_id=item, organ_id=organ, began_at=start_of(start) + timedelta(hours=9),
        started_on=start, unit=Unit.WORKING_DAY, amount=budget, extensions=(), moment=None, stops=(), places=places,
        ended_at=ended, end_day=ends, void=False, due_at=end_of(due_on),
        last_act_at=ended or start_of(start) + timedelta(hours=9), **facts,
    )  # fmt: skip


def simulated(seed, count=900, years=2, slow_hand=None):
    """Cases of a memoryless office: every working day each open case ends with the chance of its item.

    Officer 7 is three times as slow where `slow_hand` says so. Item n has the nth limit.
    """
    chance = Random(seed)
    made = []
    for number in range(count):
        start = CALENDAR.nth_working_day(BEGIN, chance.randrange(1, 250 * years))
        item = number % 3
        budget = sorted(DAILY)[item]
        hand = chance.choice((7, 8))
        daily = DAILY[budget] / (3 if slow_hand and hand == slow_hand else 1)
        day = 0
        while chance.random() > daily:
            day += 1
        place = Place(start_of(start) + timedelta(hours=9), 0, 1, hand)
        made.append(course(number, start, budget, day, places=(place,), item=item, organ=1))
    return made


def as_of(courses, at):
    """The same history as anybody could have known it at `at`."""
    return [replace(c, ended_at=None, end_day=None) if c.ended_at and c.ended_at >= at else c for c in courses]


UNTIL = datetime(2026, 6, 1, tzinfo=UTC)


def test_chances_of_a_known_office_are_right_within_sampling_error():
    made = simulated(1, 2400)
    rolled = rolling(made, origins(made, UNTIL, 10), UNTIL, CALENDAR)
    found = measure(rolled.tested)
    assert found.cases > 300
    for band in found.bands:
        if band.count >= 30:
            assert band.least - 0.04 <= band.forecast <= band.most + 0.04, band
    assert found.brier < found.brier_base
    assert abs(found.mean - found.observed) < 0.05
    assert 0.76 <= found.covered / found.intervals <= 0.92  # whole days: a little wider than 80 of 100


def test_each_chance_comes_near_the_truth_of_the_process():
    made = simulated(2, 3000)
    model = fit_at(made, UNTIL, CALENDAR)
    for item, (budget, daily) in enumerate(sorted(DAILY.items())):
        for day in (0, budget // 2, budget):
            start = date(2026, 3, 2)
            at = start_of(CALENDAR.nth_working_day(start, day) if day else start + timedelta(days=1))
            case = open_case(course(0, start, budget, None, item=item), at, CALENDAR)
            truth = (1 - daily) ** (budget - case.next_day + 1)
            assert chance_of_lateness(model, case) == pytest.approx(truth, abs=0.06), (budget, day)


def test_a_slow_hand_is_learnt_and_a_quick_one_too():
    made = simulated(3, 3000, slow_hand=7)
    model = fit_at(made, UNTIL, CALENDAR)
    assert model.hands[7] < 0.75 < 1.25 < model.hands[8]


def test_the_future_is_not_looked_at():
    made = simulated(4)
    at = start_of(date(2025, 3, 3))
    days = [day for day in origins(made, UNTIL, 12) if day <= at] or [at]
    chance = Random(9)
    for others in (
        as_of(made, at),  # nothing of the future is there
        [  # the future is another one
            replace(c, ended_at=c.ended_at + timedelta(days=chance.randrange(90)), end_day=chance.randrange(90))
            if c.ended_at and c.ended_at >= at
            else c
            for c in made
        ],
        [  # later acts tell otherwise
            replace(c, places=(*c.places, Place(at + timedelta(days=1), 40, 4, 99))) for c in made
        ],
        [c for c in made if c.began_at < at],
    ):
        assert fit_at(others, at, CALENDAR) == fit_at(made, at, CALENDAR)
        as_told = {c.number: open_case(c, at, CALENDAR) for c in made if c.began_at < at}
        assert {c.number: open_case(c, at, CALENDAR) for c in others if c.began_at < at} == as_told
    told = {(t.at, t.number): t.chance for t in rolling(made, days, UNTIL, CALENDAR).tested}
    changed = rolling(as_of(made, at), days, UNTIL, CALENDAR).tested
    assert told
    assert all(told[t.at, t.number] == t.chance for t in changed if (t.at, t.number) in told)


def test_an_extension_and_a_pause_are_unknown_before_they_are_told():
    start, told = date(2026, 3, 2), datetime(2026, 3, 10, 2, tzinfo=UTC)
    pause = Pause(date(2026, 3, 12), date(2026, 3, 19), "专家评审")
    case = replace(
        course(1, start, 10, None),
        extensions=((told, 5),),
        stops=(Stop(pause, datetime(2026, 3, 12, 3, tzinfo=UTC), datetime(2026, 3, 19, 3, tzinfo=UTC)),),
    )
    before = open_case(case, told, CALENDAR)
    after = open_case(case, told + timedelta(seconds=1), CALENDAR)
    assert (before.budget, after.budget) == (10, 15)
    assert not before.paused
    open_pause = open_case(case, datetime(2026, 3, 16, 1, tzinfo=UTC), CALENDAR)
    assert open_pause.paused
    assert open_pause.due_on is None
    assert open_pause.date_of(12, CALENDAR) is None
    resumed = open_case(case, datetime(2026, 3, 20, 1, tzinfo=UTC), CALENDAR)
    assert not resumed.paused
    # 2 March is day 0, 12 March day 8; 13 to 19 March are not counted, so 20 March is day 9.
    assert (open_pause.next_day, resumed.next_day) == (9, 9)
    assert resumed.date_of(9, CALENDAR) == date(2026, 3, 20)


@pytest.mark.parametrize("seed", range(6))
def test_a_case_that_stays_where_it_is_never_becomes_less_likely_late(seed):
    model = fit_at(simulated(seed, 300, slow_hand=7), UNTIL, CALENDAR)
    start = date(2026, 3, 2)
    for item, budget in enumerate(sorted(DAILY)):
        place = Place(start_of(start), 0, seed % 4, 7)
        case = course(0, start, budget, None, places=(place,), item=item)
        chances = [
            chance_of_lateness(
                model, open_case(case, start_of(start + timedelta(days=n)) + timedelta(hours=10), CALENDAR)
            )
            for n in range(1, 2 * budget + 5)
        ]
        assert chances == sorted(chances)
        assert chances[-1] == 1.0


def test_the_finish_is_foreseen_in_order_and_not_before_today():
    model = fit_at(simulated(5), UNTIL, CALENDAR)
    case = open_case(course(0, date(2026, 3, 2), 10, None, item=1), start_of(date(2026, 3, 9)), CALENDAR)
    finish = outlook(model, case).finish
    assert finish[0] >= case.next_day
    assert list(finish) == sorted(finish)
    # Memoryless with 11 % a day: half are through after six more days.
    assert abs(finish[1] - case.next_day - math.log(0.5) / math.log(0.89)) <= 2.5


def test_open_cases_count_for_the_days_they_were_open():
    # A hundred cases end on day 5, and a hundred have been open for thirty days without end.
    ended = [Run(1, 1, 20, 5, True, ()) for _ in range(100)]
    hanging = [Run(1, 1, 20, 30, False, ()) for _ in range(100)]
    case = open_case(course(0, date(2026, 3, 2), 20, None), start_of(date(2026, 3, 2)) + timedelta(hours=10), CALENDAR)
    blind, seeing = fit(ended), fit([*ended, *hanging])
    assert chance_of_lateness(seeing, case) > 0.4 > chance_of_lateness(blind, case)


def test_a_small_item_leans_on_its_organ_and_a_large_one_stands_alone():
    quick = [Run(1, 1, 10, 1, True, ()) for _ in range(400)]
    few = [Run(2, 1, 10, 9, True, ()) for _ in range(3)]
    some = [Run(2, 1, 10, 9, True, ()) for _ in range(12)]
    many = [Run(2, 1, 10, 9, True, ()) for _ in range(400)]
    start = date(2026, 3, 2)
    at = start_of(start) + timedelta(hours=10)
    own, other = (open_case(course(0, start, 10, None, item=item), at, CALENDAR) for item in (2, 1))
    medians = []
    for slow in (few, some, many):
        model = fit([*quick, *slow])
        medians.append(outlook(model, own).finish[1])
    assert medians == sorted(medians)
    assert medians[-1] == 9
    assert (outlook(fit([*quick, *few]), own).circle, outlook(fit([*quick, *few]), own).base) == ("organ", 403)
    assert (outlook(fit([*quick, *many]), own).circle, outlook(fit([*quick, *many]), own).base) == ("item", 400)
    assert outlook(fit(few), own).circle == "house"
    assert outlook(fit([*quick, *many]), other).finish[1] == 1


def test_no_history_gives_no_opinion():
    model = fit([])
    assert model.house.base == 0
    assert len(model.house.rates) == BINS


def test_a_model_is_the_same_after_it_was_stored():
    model = fit_at(simulated(6, 300), UNTIL, CALENDAR)
    for level in (model.house, *model.organs.values(), *model.items.values()):
        again = level_from_json(json.loads(json.dumps(level_to_json(level))))
        assert again.base == level.base
        assert again.rates == pytest.approx(level.rates, abs=1e-6)
        assert again.stages == pytest.approx(dict(level.stages), abs=1e-5)


@pytest.mark.parametrize("budget", [1, 2, 3, 5, 20, 45, 250])
def test_bins_and_bands_rise_and_meet_at_the_limit(budget):
    bins = [bin_of(day, budget) for day in range(budget * 4 + 2)]
    assert bins == sorted(bins)
    assert bins[budget] < 20 <= bins[budget + 1]
    assert bins[-1] == BINS - 1
    bands = [band_of(day, budget) for day in range(budget + 1)]
    assert bands == sorted(bands)
    assert set(bands) <= {0, 1, 2, 3}


# --- a course read from a history ---


def act(seq, kind, at, actor=None, **facts):
    return Act(seq, kind, at, "officer", actor, "", "", facts)


def history(**changes):
    facts = {
        "case_id": 1, "number": "N1", "item_id": 1, "item_version_id": 1, "item_name": "", "organ_id": 2,
        "section_id": None, "case_kind": "PROMISED", "channel": "1", "imported": False, "state": "REVIEWING",
        "stage": "REVIEW", "person_id": None, "enterprise_id": None, "holder_id": 5, "acceptor_id": 3, "handler_id": 4,
        "reviewer_id": None, "approver_id": None, "received_at": datetime(2026, 3, 2, 1, tzinfo=UTC),
        "accepted_on": date(2026, 3, 2), "decided_at": None, "finished_at": None, "decision": "", "result_code": "",
        "acts": (
            act(1, "case.submitted", datetime(2026, 3, 2, 1, tzinfo=UTC), row={"stage": "ACCEPT"}),
            act(2, "case.accepted", datetime(2026, 3, 2, 2, tzinfo=UTC), 3, row={"stage": "PROCESS", "holder_id": 4}),
            act(3, "case.forwarded", datetime(2026, 3, 5, 2, tzinfo=UTC), 4, row={"stage": "REVIEW", "holder_id": 5}),
        ),
        "limits": (
            LimitRecord("promise", 0, date(2026, 3, 2), 10, "working_day", (), date(2026, 3, 16),
                        end_of(date(2026, 3, 16)), False, "open", None),
        ),
    }  # fmt: skip
    return History(**{**facts, **changes})


def test_a_course_tells_where_the_case_lay_and_with_whom():
    read = course_of(history(), CALENDAR)
    assert read.place_at(datetime(2026, 3, 3, tzinfo=UTC)) == (1, 4)
    assert read.place_at(datetime(2026, 3, 6, tzinfo=UTC)) == (2, 5)
    assert [place.day for place in read.places] == [0, 0, 3]
    assert open_case(read, datetime(2026, 3, 2, 1, 30, tzinfo=UTC), CALENDAR) is None  # not accepted yet


def test_a_case_decided_on_the_spot_has_no_forecast():
    limit = replace(history().limits[0], amount=0)
    assert course_of(history(limits=(limit,)), CALENDAR) is None
    assert course_of(history(limits=()), CALENDAR) is None


@pytest.mark.parametrize(
    ("ended", "day"),
    [
        (datetime(2026, 3, 2, 9, tzinfo=UTC), 0),  # the day of acceptance
        (datetime(2026, 3, 6, 9, tzinfo=UTC), 4),  # Friday
        (datetime(2026, 3, 7, 9, tzinfo=UTC), 5),  # Saturday counts as the Monday after: Friday's limit is exceeded
        (datetime(2026, 3, 9, 9, tzinfo=UTC), 5),
        (datetime(2026, 2, 20, 9, tzinfo=UTC), 0),  # a clock set wrong
    ],
)
def test_the_day_of_the_end(ended, day):
    assert end_day(date(2026, 3, 2), ended, (), CALENDAR) == day


def test_an_open_case_of_a_log_is_watched_until_its_last_line():
    line = act(2, "case.act_recorded", datetime(2026, 3, 9, 2, tzinfo=UTC), 4, stage="PROCESS", activity="A")
    first = act(1, "case.imported", datetime(2026, 3, 2, 1, tzinfo=UTC), log="log", row={"stage": "FINISH"})
    limit = LimitRecord("promise", 0, date(2026, 3, 2), 0, "moment", (), date(2026, 4, 1),
                        datetime(2026, 4, 1, 6, tzinfo=UTC), False, "open", None)  # fmt: skip
    told = course_of(history(imported=True, acts=(first, line), limits=(limit,)), CALENDAR)
    (seen,) = watched([told])
    assert seen.watched_until == line.at
    assert open_case(seen, line.at, CALENDAR).stage == 0 or open_case(seen, line.at, CALENDAR) is not None
    assert open_case(seen, line.at + timedelta(seconds=1), CALENDAR) is None
    assert run_of(seen, datetime(2027, 1, 1, tzinfo=UTC), CALENDAR).last == 4  # Monday to Friday, then silence
    # Gone on with here, it is a case like any other.
    own = act(3, "case.forwarded", datetime(2026, 3, 10, 2, tzinfo=UTC), 4, row={"stage": "REVIEW", "holder_id": 5})
    assert course_of(history(imported=True, acts=(first, line, own), limits=(limit,)), CALENDAR).log == ""


# --- measures ---


def test_measures_by_hand():
    pairs = [(0.2, False), (0.2, True), (0.9, True)]
    assert brier(pairs) == pytest.approx((0.04 + 0.64 + 0.01) / 3)
    assert log_loss(pairs) == pytest.approx(-(math.log(0.8) + math.log(0.2) + math.log(0.9)) / 3)
    bands = reliability(pairs)
    assert [(band.low, band.count, band.late) for band in bands] == [(0.2, 2, 1), (0.9, 1, 1)]
    least, most = wilson(20, 100)
    assert (round(least, 3), round(most, 3)) == (0.133, 0.289)
    assert measure([]) is None


def test_a_forecast_of_the_base_rate_has_no_skill():
    tested = [forecast_check.Tested(BEGIN_AT, str(n), 1, 1, 0.3, 0.3, n % 10 < 3, None, 0.3) for n in range(100)]
    found = measure(tested)
    assert found.skill == pytest.approx(0.0)
    assert found.log_loss == pytest.approx(found.log_loss_base)


BEGIN_AT = datetime(2025, 1, 1, tzinfo=UTC)


def test_recalibration_mends_what_is_off_and_leaves_what_is_right():
    chance = Random(11)
    right = [(p, chance.random() < p) for p in (chance.uniform(0.05, 0.95) for _ in range(3000))]
    assert recalibration(right) == (1.0, 0.0)
    off = [(p, chance.random() < p / 2) for p in (chance.uniform(0.05, 0.95) for _ in range(3000))]
    slope, shift = recalibration(off)
    assert slope > 0
    assert shift < -0.5
    assert recalibration(off[:50]) == (1.0, 0.0)  # too few to say


def test_too_little_history_is_not_judged():
    assert origins(simulated(1, 20), UNTIL) == []
    rolled = rolling([], [], UNTIL, CALENDAR)
    assert rolled.tested == ()
    assert isinstance(fit([]), Model)
