"""Real cases played again: nothing changed gives what happened, small queues come out as counted by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from tests.rules.test_forecast import act, course, history
from zhengtong.rules.calendar import Calendar
from zhengtong.rules.clock import SHANGHAI, Limit, Pause, Unit, due, start_of
from zhengtong.rules.forecast_course import Stop
from zhengtong.rules.procedure import Stage
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.what_if import FEWER, MORE, NOTHING, Change, compare, play, recount
from zhengtong.rules.what_if_hours import Hours, Office, hours_of
from zhengtong.rules.what_if_visits import Path, Reading, Visit, paths

CALENDAR = Calendar({}, range(2000, 2061))
OFFICE = Office(Hours(9, 8), CALENDAR)
P, R, A = Stage.PROCESS, Stage.REVIEW, Stage.APPROVE


def path(number, begins, *visits, tail=0.0):
    return Path(str(number), begins, tuple(Visit(*one) for one in visits), tail, len(visits))


# --- queues by hand: (stage, officer, delay, work, order) ---


def test_three_at_once_before_one_officer_and_before_two():
    three = [path(n, 0.0, (P, 1, 0.0, 2.0, n)) for n in range(3)]
    alone = play(three)
    assert dict(alone.ends) == {"0": 2.0, "1": 4.0, "2": 6.0}
    assert (alone.waited[P], alone.worked[P], alone.visits[P]) == (6.0, 6.0, 3)
    # The new officer takes the second at once; the first is free again for the third, the new one no sooner.
    helped = play(three, Change(P, MORE))
    assert dict(helped.ends) == {"0": 2.0, "1": 2.0, "2": 4.0}
    assert helped.waited[P] == 2.0


def test_an_officer_of_another_stage_is_not_helped():
    two = [path(n, 0.0, (R, 1, 0.0, 2.0, n)) for n in range(2)]
    assert play(two, Change(P, MORE)).ends == play(two).ends


def test_delay_is_nobodys_time_and_stays():
    one = [path(1, 0.0, (P, 1, 5.0, 1.0, 0)), path(2, 0.0, (P, 1, 0.0, 1.0, 1))]
    played = play(one)
    assert dict(played.ends) == {"1": 6.0, "2": 7.0}  # officers keep the order they worked in
    assert dict(play(one, Change(P, MORE)).ends) == {"1": 6.0, "2": 1.0}


def test_one_officer_fewer():
    # Officers 1, 2 and 3 have one, two and three cases; the middle one leaves.
    four = [path(n, 0.0, (P, who, 0.0, 1.0, n)) for n, who in enumerate((1, 2, 2, 3, 3, 3))]
    before, after = play(four), play(four, Change(P, FEWER))
    assert before.waited[P] == 0 + 0 + 1 + 0 + 1 + 2
    # 1: case 0 until 1, and of the leaver's two the second; 3: the first of the leaver's, then its own.
    assert dict(after.ends) == {"0": 1.0, "1": 1.0, "2": 2.0, "3": 2.0, "4": 3.0, "5": 4.0}
    with pytest.raises(Refusal) as no:
        play([path(1, 0.0, (P, 1, 0.0, 1.0, 0))], Change(P, FEWER))
    assert no.value.code is RefusalCode.WHAT_IF_NOBODY_LEFT


def test_two_stages_abreast():
    visits = ((P, 1, 0.0, 2.0, 0), (R, 2, 0.0, 3.0, 1), (A, 3, 0.0, 1.0, 2))
    one = [path(1, 10.0, *visits, tail=4.0)]
    assert play(one).ends["1"] == 10 + 2 + 3 + 1 + 4
    assert play(one, Change(P, beside=R)).ends["1"] == 10 + 3 + 1 + 4
    assert play(one, Change(R, beside=A)).ends["1"] == 10 + 2 + 3 + 4
    # The promise ends with the longer of the two even where the second stage is the last one.
    assert play([path(1, 0.0, *visits[:2])], Change(P, beside=R)).ends["1"] == 3.0
    assert play([path(1, 0.0, visits[0])], Change(P, beside=R)).ends["1"] == 2.0


def test_work_behind_the_end_still_keeps_an_officer_busy():
    first = Path("1", 0.0, (Visit(A, 1, 0.0, 1.0, 0), Visit(Stage.FINISH, 1, 0.0, 5.0, 1)), 0.0, 1)
    second = Path("2", 0.0, (Visit(A, 1, 0.0, 1.0, 2),), 0.0, 1)
    assert dict(play([first, second]).ends) == {"1": 1.0, "2": 7.0}


# --- real histories ---


def random_histories(seed, count=60):
    """Cases through three stages and five officers at odd times of a fortnight, some with waits from outside."""
    chance = Random(seed)
    made = []
    for number in range(count):
        at = datetime(2026, 3, 2, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(14 * 24 * 60))
        received = at
        acts = [act(1, "case.submitted", at, row={"stage": "ACCEPT"})]
        for kind, stage in (("case.accepted", "PROCESS"), ("case.forwarded", "REVIEW"), ("case.decided", "FINISH")):
            at += timedelta(minutes=chance.randrange(1, 4000))
            acts.append(act(len(acts) + 1, kind, at, chance.randrange(1, 6), row={"stage": stage}))
        acts.append(act(len(acts) + 1, "case.noted", at, 1))
        made.append(history(number=f"N{number:03}", received_at=received, acts=tuple(acts)))
    return made, {f"N{n:03}": made[n].acts[3].at for n in range(count)}


@pytest.mark.parametrize("reading", list(Reading))
@pytest.mark.parametrize("seed", range(5))
def test_nothing_changed_gives_what_happened(seed, reading):
    made, ends = random_histories(seed)
    played = play(paths(made, ends, OFFICE, reading))
    for number, end in ends.items():
        assert played.ends[number] == pytest.approx(OFFICE.at(end), abs=1e-6)


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_reading_does_not_matter_and_it_repeats(seed):
    made, ends = random_histories(seed)
    shuffled = made[:]
    Random(seed).shuffle(shuffled)
    change = Change(P, MORE)
    for reading in Reading:
        first, second = (play(paths(rows, ends, OFFICE, reading), change) for rows in (made, shuffled))
        assert first.ends == second.ends


@pytest.mark.parametrize("seed", range(5))
def test_the_readings_split_the_same_time_and_busy_is_the_more_work(seed):
    made, ends = random_histories(seed)
    cautious, busy = (play(paths(made, ends, OFFICE, reading)) for reading in Reading)
    for one in (cautious, busy):
        total = sum(sum(part.values()) for part in (one.waited, one.delayed, one.worked))
        assert total == pytest.approx(sum(OFFICE.at(ends[h.number]) - OFFICE.at(h.received_at) for h in made))
    assert sum(busy.worked.values()) >= sum(cautious.worked.values())


@pytest.mark.parametrize("seed", range(5))
def test_one_more_never_makes_the_last_stage_wait_longer(seed):
    made, ends = random_histories(seed)
    for reading in Reading:
        found = paths(made, ends, OFFICE, reading)
        assert play(found, Change(R, MORE)).waited[R] <= play(found).waited[R] + 1e-9


def test_the_comparison_prints_its_own_error_and_the_real_lateness():
    made, ends = random_histories(1)
    found = paths(made, ends, OFFICE, Reading.BUSY)
    judged = [
        replace(course(h.number, date(2026, 3, 2), 8, 1), ended_at=ends[h.number], due_at=start_of(date(2026, 3, 13)))
        for h in made
    ]
    same = compare(found, judged, NOTHING, OFFICE)
    assert same.error == pytest.approx(0)
    assert same.real.late == sum(end > start_of(date(2026, 3, 13)) for end in ends.values())
    assert same.unchanged == same.changed
    # What ends outside office hours can fall on the other side of a midnight: counted, not hidden.
    assert same.misjudged == sum(row.late[0] != row.late[1] for row in same.rows)
    more = compare(found, judged, Change(P, MORE), OFFICE)
    assert more.changed.mean <= more.unchanged.mean + 1e-9


# --- another limit ---


@pytest.mark.parametrize("amount", [0, 1, 3, 5, 10, 20])
def test_another_limit_equals_a_recount_by_hand(amount):
    chance = Random(amount)
    judged = []
    for number in range(200):
        start = date(2026, 3, 2) + timedelta(days=chance.randrange(20))
        one = course(number, start, 5, chance.randrange(15))
        if number % 4 == 0:
            pause = Pause(start + timedelta(days=2), start + timedelta(days=7), "专家评审")
            one = replace(one, stops=(Stop(pause, one.began_at, one.began_at),))
        if number % 7 == 0:
            one = replace(one, extensions=((one.began_at, 3),))
        judged.append(one)
    late = 0
    for one in judged:
        days = amount + (3 if one.extensions else 0)
        on, used = one.started_on, 0
        while used < days:
            on += timedelta(days=1)
            if on.weekday() < 5 and not any(stop.pause.covers(on) for stop in one.stops):
                used += 1
        late += one.ended_at.astimezone(SHANGHAI).date() > on
    found = recount(judged, Limit(amount, Unit.WORKING_DAY), CALENDAR)
    assert (found.cases, found.late_then) == (200, late)
    assert found.late == sum(one.ended_at > one.due_at for one in judged)


def test_the_same_limit_recounts_to_what_was():
    judged = [course(n, date(2026, 3, 2) + timedelta(days=n % 9), 5, n % 12) for n in range(100)]
    found = recount(judged, Limit(5, Unit.WORKING_DAY), CALENDAR)
    assert found.late == found.late_then == sum(one.late for one in judged)
    assert all(row[2] == row[3] == due(one.started_on, Limit(5, Unit.WORKING_DAY), (), CALENDAR).at
               for row, one in zip(found.rows, judged, strict=True))  # fmt: skip


# --- office hours ---


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ([], Hours(9, 8)),
        ([9, 10, 11, 14, 15, 16] * 20, Hours(9, 8)),
        ([9, 10, 11, 14, 15, 16] * 20 + [3], Hours(9, 8)),  # one act at three in the morning
        ([22, 23, 0, 1] * 20, Hours(22, 4)),  # a log from elsewhere: its day runs past our midnight
    ],
)
def test_when_an_office_is_open_is_read_from_its_acts(hours, expected):
    assert hours_of(datetime(2026, 3, 4, hour, 30, tzinfo=SHANGHAI) for hour in hours) == expected


@pytest.mark.parametrize("office", [OFFICE, Office(Hours(22, 6), CALENDAR)])
def test_open_hours_and_instants_agree(office):
    last = 0.0
    moment = datetime(2026, 3, 2, 9, 30, tzinfo=SHANGHAI)
    for _ in range(400):
        moment += timedelta(minutes=97)
        hours = office.at(moment)
        assert hours >= last
        assert office.at(office.moment(hours)) == pytest.approx(hours, abs=1e-6)
        last = hours


def test_a_weekend_takes_no_time():
    friday = datetime(2026, 3, 6, 16, tzinfo=SHANGHAI)
    monday = datetime(2026, 3, 9, 10, tzinfo=SHANGHAI)
    assert OFFICE.at(monday) - OFFICE.at(friday) == pytest.approx(2.0)
    assert OFFICE.moment(OFFICE.at(friday) + 2) == monday
    assert OFFICE.moment(OFFICE.at(friday) + 1) == datetime(2026, 3, 6, 17, tzinfo=SHANGHAI)
