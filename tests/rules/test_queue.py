"""Whose turn it is, when a hall is open, and how long one waits: tables of real situations, then properties."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.rules import queue, queue_estimate, queue_hours
from zhengtong.rules.calendar import Day, DayKind
from zhengtong.rules.queue import MOVES, OPEN, Priority, TicketState, TicketStep
from zhengtong.rules.queue_estimate import InLine, Pace, Window
from zhengtong.rules.queue_figures import spread
from zhengtong.rules.refusal import Refusal, RefusalCode

NINE = datetime(2026, 9, 24, 9)
HEAD = {"elderly": 15, "disabled": 15, "green": 20, "appointment": 30}
MINUTE = timedelta(minutes=1)

people = st.lists(st.tuples(st.integers(0, 480), st.sampled_from(list(Priority))), max_size=60)


def in_turn(came: list[tuple[int, Priority]]) -> list[tuple[int, Priority]]:
    return sorted(came, key=lambda one: queue.turn(NINE + one[0] * MINUTE, one[1], HEAD))


# --- order ---


@pytest.mark.parametrize(
    ("came", "called"),
    [
        ([(0, ""), (1, "")], [0, 1]),  # who came first
        ([(0, ""), (10, "elderly")], [10, 0]),  # ten minutes later, fifteen of lead
        ([(0, ""), (20, "elderly")], [0, 20]),  # twenty minutes later: the other has waited long enough
        ([(0, ""), (25, "appointment"), (26, "")], [25, 0, 26]),  # came for the slot that was booked
    ],
)
def test_precedence_is_a_head_start(came, called):
    assert [minute for minute, _ in in_turn([(m, Priority(p)) for m, p in came])] == called


@given(people)
def test_nobody_is_overtaken_by_who_came_later_than_the_longest_head_start(came):
    order = in_turn(came)
    for place, (minute, _) in enumerate(order):
        assert all(later - minute <= max(HEAD.values()) for later, _ in order[:place])


@given(people)
def test_among_equals_who_came_first_is_called_first(came):
    order = in_turn(came)
    for priority in Priority:
        minutes = [minute for minute, own in order if own is priority]
        assert minutes == sorted(minutes)


@given(st.integers(0, 600), st.integers(0, 600), st.sampled_from(list(Priority)))
def test_a_pinned_ticket_goes_before_everybody_of_the_day(pinned, came, priority):
    assert queue.pinned_turn(NINE + pinned * MINUTE) < queue.turn(NINE + came * MINUTE, priority, HEAD)


@given(st.lists(st.integers(0, 300), max_size=20), st.integers(0, 6))
def test_who_comes_back_stands_behind_the_next_few(minutes, places):
    turns = sorted(NINE + minute * MINUTE for minute in minutes)
    mine = queue.returned_turn(turns, places, NINE + 400 * MINUTE)
    before = sum(turn < mine for turn in turns)
    assert before >= min(places, len(turns))
    distinct = len(set(turns)) == len(turns)
    assert not distinct or before == min(places, len(turns))


def test_a_label_is_a_letter_and_three_digits():
    assert [queue.label("A", serial) for serial in (1, 32, 1204)] == ["A001", "A032", "A1204"]


# --- the life of a ticket ---


def test_what_is_over_does_not_begin_again_but_for_who_was_passed_and_a_wrong_press():
    over = set(TicketState) - OPEN
    reopened = {step for step, move in MOVES.items() if move.start & over}
    assert reopened == {TicketStep.RETURN, TicketStep.REOPEN}


@pytest.mark.parametrize("step", [TicketStep.CALL, TicketStep.PIN])
def test_only_who_waits_is_called_or_put_first(step):
    assert queue.check_ticket_step(step, "WAITING")
    with pytest.raises(Refusal) as refused:
        queue.check_ticket_step(step, "SERVED")
    assert refused.value.code is RefusalCode.TICKET_WRONG_STATE


# --- hours ---

WEEK = dict.fromkeys(range(5), ((540, 720), (780, 1020)))


@pytest.mark.parametrize(
    ("on", "kind", "special", "hours"),
    [
        (date(2026, 9, 24), DayKind.WORKDAY, None, "09:00-12:00 13:00-17:00"),
        (date(2026, 9, 26), DayKind.WEEKEND, None, ""),
        (date(2026, 9, 25), DayKind.HOLIDAY, None, ""),  # 中秋
        (date(2026, 10, 7), DayKind.SWAP_REST, None, ""),
        (date(2026, 9, 20), DayKind.SWAP_WORK, None, "09:00-12:00 13:00-17:00"),  # a Sunday that works keeps Monday's
        (date(2026, 9, 24), DayKind.WORKDAY, ((540, 1200),), "09:00-20:00"),  # 延时服务
        (date(2026, 9, 24), DayKind.WORKDAY, (), ""),  # shut: a move, a power cut
        (date(2026, 9, 26), DayKind.WEEKEND, ((540, 720),), "09:00-12:00"),  # 节假日预约
    ],
)
def test_hours_of_a_day(on, kind, special, hours):
    assert queue_hours.written(queue_hours.spans(Day(on, kind), WEEK, special)) == hours


@pytest.mark.parametrize("text", ["9-25", "12:00-09:00", "09:00-12:00 11:00-13:00", "上午", "09:61-10:00", "09:00"])
def test_unreadable_hours_are_refused(text):
    with pytest.raises(ValueError):
        queue_hours.parse(text)


@given(st.lists(st.integers(0, 1440), max_size=8, unique=True))
def test_hours_written_are_read_again(minutes):
    minutes = sorted(minutes)[: len(minutes) // 2 * 2]
    hours = tuple(zip(minutes[::2], minutes[1::2], strict=True))
    assert queue_hours.parse(queue_hours.written(hours)) == hours


def test_tickets_are_given_a_little_before_the_doors_open_and_over_noon():
    hours = ((540, 720), (780, 1020))
    given = [minute for minute in (500, 515, 700, 750, 1019, 1020) if queue_hours.gives_tickets(hours, minute, 30)]
    assert given == [515, 700, 750, 1019]


# --- estimates ---

TEN = {1: Pace(10.0, 0.0, ()), 2: Pace(4.0, 0.0, ())}
ALL_DAY = ((0.0, 480.0),)


def window(key: int, free_in: float = 0, queues: tuple[int, ...] = (1,), spans=ALL_DAY) -> Window:
    return Window(key, frozenset(queues), free_in, spans)


@pytest.mark.parametrize(
    ("before", "windows", "minutes"),
    [
        ([], [window(1)], 0),  # a free window
        ([], [window(1, 6)], 6),  # somebody is there for another six minutes
        ([1, 1], [window(1, 6)], 26),
        ([1, 1], [window(1, 6), window(2, 2)], 12),  # 2 takes the first, 1 the second at 6, 2 is free again at 12
        ([2, 2], [window(1, 0), window(2, 0, (2,))], 0),  # who wants something else at another window is not in the way
        ([2], [window(1, 0, (1, 2))], 4),  # but is, where one window serves both
        ([1], [window(1, 0, spans=((0, 5), (65, 300)))], 65),  # the second is called after lunch
        ([1], [window(1, 0), window(2, 0, spans=((30, 300),))], 10),
    ],
)
def test_the_queue_played_forward(before, windows, minutes):
    guess = queue_estimate.wait([InLine(queue) for queue in before], InLine(1), windows, TEN)
    assert guess is not None
    assert guess.minutes == minutes


@pytest.mark.parametrize("windows", [[], [window(1, queues=(2,))], [window(1, spans=())], [window(1, 500)]])
def test_no_estimate_where_no_window_will_serve_it_today(windows):
    assert queue_estimate.wait([], InLine(1), windows, TEN) is None


def test_who_was_sent_to_a_window_waits_for_that_one():
    guess = queue_estimate.wait([], InLine(1, window=2), [window(1), window(2, 9)], TEN)
    assert guess is not None
    assert guess.minutes == 9


lines = st.lists(st.sampled_from([InLine(1), InLine(2)]), max_size=15)
busy = st.lists(st.integers(0, 30), min_size=1, max_size=6)


@given(lines, busy)
def test_nobody_waits_less_for_having_more_before_them(before, free):
    windows = [window(key, minutes, (1, 2)) for key, minutes in enumerate(free)]
    shorter = queue_estimate.wait(before, InLine(1), windows, TEN)
    longer = queue_estimate.wait([*before, InLine(1)], InLine(1), windows, TEN)
    assert shorter is not None
    assert longer is not None
    assert shorter.minutes <= longer.minutes
    assert longer.low <= longer.minutes <= longer.high


@given(lines, busy, st.integers(0, 30))
def test_one_more_window_never_makes_one_wait_longer(before, free, extra):
    before = [InLine(1)] * len(before)  # of one kind: with several, a window more may call another's predecessors first
    windows = [window(key, minutes) for key, minutes in enumerate(free)]
    fewer = queue_estimate.wait(before, InLine(1), windows, TEN)
    more = queue_estimate.wait(before, InLine(1), [*windows, window(99, extra)], TEN)
    assert fewer is not None
    assert more is not None
    assert more.minutes <= fewer.minutes


@given(st.lists(st.floats(0.5, 60), max_size=40), st.floats(0, 90))
def test_a_visit_that_lasts_is_always_given_a_little_more(seen, elapsed):
    known = queue_estimate.pace(seen, 10)
    assert 0.5 <= known.left(elapsed) <= 60 + 10


@given(st.lists(st.floats(1, 60), max_size=40), st.floats(1, 60))
def test_the_pace_lies_between_what_was_expected_and_what_was_seen(seen, expected):
    mean = queue_estimate.pace(seen, expected).mean
    assert min([expected, *seen]) - 1e-9 <= mean <= max([expected, *seen]) + 1e-9


def test_who_comes_with_precedence_is_counted_in():
    calm = queue_estimate.wait([InLine(1)] * 3, InLine(1), [window(1)], TEN)
    pressed = queue_estimate.wait([InLine(1)] * 3, InLine(1), [window(1)], TEN, overtakers=0.1, head_start=30)
    assert (calm.minutes, pressed.minutes) == (30, 60)


# --- figures ---


@pytest.mark.parametrize(
    ("values", "median", "p90"),
    [([], None, None), ([4.0], 4.0, 4.0), ([1.0, 3.0], 2.0, 3.0), (list(map(float, range(1, 11))), 5.5, 9.0)],
)
def test_median_and_p90(values, median, p90):
    found = spread(values)
    assert (found.base, found.median, found.p90) == (len(values), median, p90)
