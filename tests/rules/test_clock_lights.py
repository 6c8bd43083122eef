"""Lights, signals and timeliness: thresholds of the handbook 5.2 and classes of 2.6, with real dates."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.base.calendar.shipped import shipped_calendar
from zhengtong.rules.clock import (
    SHANGHAI,
    SIGNALS,
    Due,
    Level,
    Light,
    Limit,
    Pause,
    Signal,
    Timeliness,
    Unit,
    due,
    end_of,
    level_at,
    light,
    next_signal,
    signals,
    start_of,
    timeliness,
    warn_at,
)
from zhengtong.rules.limits import DeadlineKind

CALENDAR = shipped_calendar()
WORKING, NATURAL = Unit.WORKING_DAY, Unit.CALENDAR_DAY


def day(text: str) -> date:
    return date.fromisoformat(text)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def planned(start: str, limit: Limit, *pauses: Pause, legal: bool = False) -> list[tuple[str, str]]:
    computed = due(day(start), limit, pauses, CALENDAR)
    rule = SIGNALS[DeadlineKind.LEGAL if legal else DeadlineKind.PROMISE]
    found = signals(day(start), limit, pauses, CALENDAR, computed, rule=rule)
    return [(signal.level.value, f"{signal.at:%m-%d %H:%M}") for signal in found]


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        # the rule sheet S5: accepted 2018-10-15, promise 7; its 10-19 10:00 is, by days, the next midnight of work
        (
            "2018-10-15",
            Limit(7, WORKING),
            [("remind", "10-19 00:00"), ("warn", "10-22 00:00"), ("yellow", "10-25 00:00")],
        ),
        # due 2026-03-16, a Monday: three left on the 11th, two on the 12th
        (
            "2026-02-10",
            Limit(20, WORKING),
            [("remind", "03-11 00:00"), ("warn", "03-12 00:00"), ("yellow", "03-17 00:00")],
        ),
        # 45 days: 90 % are used on the 41st, four days before the end; a later reminder would tell nothing
        ("2026-06-01", Limit(45, WORKING), [("warn", "07-29 00:00"), ("yellow", "08-05 00:00")]),
        (
            "2026-06-01",
            Limit(4, WORKING),
            [("remind", "06-02 00:00"), ("warn", "06-03 00:00"), ("yellow", "06-06 00:00")],
        ),
        ("2026-06-01", Limit(3, WORKING), [("warn", "06-03 00:00"), ("yellow", "06-05 00:00")]),  # one day left
        ("2026-06-01", Limit(2, WORKING), [("warn", "06-02 00:00"), ("yellow", "06-04 00:00")]),  # half of it left
        ("2026-06-01", Limit(1, WORKING), [("warn", "06-02 00:00"), ("yellow", "06-03 00:00")]),  # the due day itself
        ("2026-06-01", Limit(0, WORKING), [("yellow", "06-02 00:00")]),  # on the spot
        # natural days are warned of by working days: due Wednesday 06-17
        (
            "2026-06-02",
            Limit(15, NATURAL),
            [("remind", "06-12 00:00"), ("warn", "06-15 00:00"), ("yellow", "06-18 00:00")],
        ),
        # all of it rest days but the last: reminder and warning fall together at the start
        ("2026-09-30", Limit(5, NATURAL), [("warn", "09-30 00:00"), ("yellow", "10-09 00:00")]),
    ],
)
def test_signals_of_a_promise(start: str, limit: Limit, expected: list[tuple[str, str]]) -> None:
    assert planned(start, limit) == expected


def test_a_legal_limit_only_turns_red() -> None:
    assert planned("2018-10-15", Limit(10, WORKING), legal=True) == [("red", "10-30 00:00")]  # S5


def test_a_pause_moves_all_signals() -> None:
    stopped = Pause(day("2026-06-03"), day("2026-06-10"), "检验")  # five working days
    plain = ["06-04 00:00", "06-05 00:00", "06-10 00:00"]
    moved = ["06-11 00:00", "06-12 00:00", "06-17 00:00"]
    assert [when for _, when in planned("2026-06-01", Limit(6, WORKING))] == plain
    assert [when for _, when in planned("2026-06-01", Limit(6, WORKING), stopped)] == moved


def test_nothing_is_signalled_without_a_firm_date() -> None:
    assert planned("2026-06-01", Limit(6, WORKING), Pause(day("2026-06-03"), None, "检验")) == []
    assert planned("2026-12-25", Limit(6, WORKING)) == []  # 2027 has no notice
    assert planned("2026-12-25", Limit(6, WORKING), legal=True) == []
    assert planned("2026-12-18", Limit(6, WORKING)) != []


def test_an_imposed_moment_is_warned_of_by_working_days() -> None:
    moment, limit = at("2026-06-12T16:30"), Limit(0, Unit.MOMENT)
    computed = due(day("2026-06-01"), limit, (), CALENDAR, moment=moment)
    assert signals(day("2026-06-01"), limit, (), CALENDAR, computed) == (
        Signal(Level.REMIND, at("2026-06-09")),
        Signal(Level.WARN, at("2026-06-10")),
        Signal(Level.YELLOW, moment + timedelta(microseconds=1)),
    )


def test_the_next_signal_is_the_first_after_an_instant() -> None:
    start, limit = day("2018-10-15"), Limit(7, WORKING)
    computed = due(start, limit, (), CALENDAR)

    found = signals(start, limit, (), CALENDAR, computed)

    def following(after: str) -> Level | None:
        signal = next_signal(found, at(after))
        return signal.level if signal else None

    assert following("2018-10-15T10:00") is Level.REMIND
    assert following("2018-10-18T23:59") is Level.REMIND
    assert following("2018-10-19T00:00") is Level.WARN
    assert following("2018-10-24T23:59") is Level.YELLOW
    assert following("2018-10-25T00:00") is None


def test_levels_have_the_codes_of_the_exchange_tables() -> None:
    assert [(level.value, level.rank) for level in Level] == [
        *(("remind", 0), ("warn", 1), ("yellow", 2), ("red", 3), ("order", 4))
    ]


PROMISE, LEGAL = (
    due(day("2018-10-15"), Limit(7, WORKING), (), CALENDAR),
    due(day("2018-10-15"), Limit(10, WORKING), (), CALENDAR),
)
WARNED = at("2018-10-22")
PROVISIONAL = Due(day("2027-01-04"), end_of(day("2027-01-04")), provisional=True)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2018-10-15T10:00", Light.OK),
        ("2018-10-21T23:59", Light.OK),
        ("2018-10-22T00:00", Light.SOON),
        ("2018-10-24T23:59:59.999999", Light.SOON),  # 24:00 is the end of the day (民法典 art. 203)
        ("2018-10-25T00:00", Light.LATE),
        ("2018-10-29T23:59:59.999999", Light.LATE),
        ("2018-10-30T00:00", Light.OVER_LEGAL),
    ],
)
def test_lights(now: str, expected: Light) -> None:
    assert light(PROMISE, LEGAL, at(now), warn_at=WARNED) is expected
    assert light(PROMISE, LEGAL, at(now), warn_at=WARNED, closed=True) is Light.DONE


def test_light_without_a_legal_limit() -> None:
    assert light(PROMISE, None, at("2018-12-01")) is Light.LATE
    assert light(PROMISE, None, at("2018-10-23")) is Light.OK  # nobody said when to warn


def test_light_of_a_paused_limit() -> None:
    assert light(Due(None, None), Due(None, None), at("2018-10-20")) is Light.WAIT
    # paused after the promise was already broken: it stays broken
    assert light(PROMISE, Due(None, None), at("2018-10-26")) is Light.LATE


def test_a_provisional_date_never_shows_as_late() -> None:
    assert light(PROVISIONAL, PROVISIONAL, at("2027-01-04T12:00")) is Light.OK
    assert light(PROVISIONAL, PROVISIONAL, at("2027-01-05")) is Light.SOON
    firm = Due(PROVISIONAL.on, PROVISIONAL.at)
    assert light(firm, PROVISIONAL, at("2027-01-05")) is Light.LATE
    assert light(firm, firm, at("2027-01-05")) is Light.OVER_LEGAL


@pytest.mark.parametrize(
    ("finished", "expected"),
    [
        ("2018-10-15T17:00", Timeliness.EARLY),
        ("2018-10-23T23:59:59", Timeliness.EARLY),  # elapsed 6 < 7
        ("2018-10-24T00:00", Timeliness.ON_TIME),
        ("2018-10-24T23:59:59.999999", Timeliness.ON_TIME),
        ("2018-10-25T00:00", Timeliness.OVER_PROMISE),
        ("2018-10-29T23:59:59.999999", Timeliness.OVER_PROMISE),
        ("2018-10-30T00:00", Timeliness.OVER_LEGAL),
    ],
)
def test_timeliness_of_finished_cases(finished: str, expected: Timeliness) -> None:
    start = day("2018-10-15")
    found = timeliness(start, PROMISE, LEGAL, at=at("2019-01-01"), finished=at(finished), warn_at=WARNED)
    assert found is expected
    assert found.in_time is (expected in (Timeliness.EARLY, Timeliness.ON_TIME))


def test_a_case_due_on_friday_and_finished_on_saturday_is_late() -> None:
    """No further working day is used, yet 24:00 of the due day has passed: class, light and card say the same."""
    promise = due(day("2026-06-01"), Limit(4, WORKING), (), CALENDAR)
    assert promise.on == day("2026-06-05")
    finished = at("2026-06-06T09:00")
    assert timeliness(day("2026-06-01"), promise, None, at=finished, finished=finished) is Timeliness.OVER_PROMISE
    assert light(promise, None, finished) is Light.LATE


def test_timeliness_of_immediate_cases() -> None:
    start, zero = day("2026-06-01"), due(day("2026-06-01"), Limit(0, WORKING), (), CALENDAR)
    legal = due(day("2026-06-01"), Limit(3, WORKING), (), CALENDAR)

    def finished(text: str, promise: Due = zero) -> Timeliness:
        return timeliness(start, promise, legal, at=at("2026-07-01"), finished=at(text), immediate=True)

    assert finished("2026-06-01T16:59") is Timeliness.IMMEDIATE_OK
    assert finished("2026-06-02T00:00") is Timeliness.OVER_PROMISE
    assert finished("2026-06-05T00:00") is Timeliness.OVER_LEGAL
    assert finished("2026-06-02T00:00", promise=legal) is Timeliness.ON_TIME  # never EARLY: that is for promises


def test_a_case_finished_under_an_open_pause_is_early() -> None:
    found = timeliness(day("2026-06-01"), Due(None, None), None, at=at("2026-07-01"), finished=at("2026-06-20"))
    assert found is Timeliness.EARLY


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2018-10-19", Timeliness.OPEN_OK),
        ("2018-10-22", Timeliness.OPEN_DUE_SOON),
        ("2018-10-25", Timeliness.OPEN_OVER),
        ("2018-10-30", Timeliness.OPEN_OVER),
    ],
)
def test_timeliness_of_open_cases(now: str, expected: Timeliness) -> None:
    assert timeliness(day("2018-10-15"), PROMISE, LEGAL, at=at(now), warn_at=WARNED) is expected
    waiting = timeliness(day("2018-10-15"), Due(None, None), Due(None, None), at=at(now))
    assert waiting is Timeliness.OPEN_OK


limits = st.builds(Limit, st.integers(0, 120), st.sampled_from([WORKING, NATURAL]))


@st.composite
def pauses(draw: st.DrawFn, start: date) -> list[Pause]:
    spans = draw(st.lists(st.tuples(st.integers(-5, 90), st.integers(0, 30)), max_size=3))
    return [
        Pause(start + timedelta(days=since), start + timedelta(days=since + length), "检验") for since, length in spans
    ]


@given(st.data(), st.dates(date(2004, 1, 1), date(2026, 6, 1)), limits)
def test_signals_rise_and_end_in_the_card(data: st.DataObject, start: date, limit: Limit) -> None:
    stopped = data.draw(pauses(start))
    computed = due(start, limit, stopped, CALENDAR)
    found = signals(start, limit, stopped, CALENDAR, computed)
    if computed.provisional or computed.at is None:
        assert found == ()
        return
    assert [signal.at for signal in found] == sorted({signal.at for signal in found})
    assert [signal.level.rank for signal in found] == sorted({signal.level.rank for signal in found})
    assert found[-1] == Signal(Level.YELLOW, computed.at + timedelta(microseconds=1))
    assert all(start_of(start) <= signal.at <= computed.at for signal in found[:-1])
    assert (warn_at(found) is None) == (limit.amount == 0)


@given(st.data(), st.dates(date(2004, 1, 1), date(2026, 6, 1)), limits, st.integers(0, 250))
def test_light_and_level_never_disagree(data: st.DataObject, start: date, limit: Limit, later: int) -> None:
    stopped = data.draw(pauses(start))
    computed = due(start, limit, stopped, CALENDAR)
    found = signals(start, limit, stopped, CALENDAR, computed)
    now = start_of(start) + timedelta(days=later, hours=12)
    shown = light(computed, None, now, warn_at=warn_at(found))
    if not computed.provisional:
        level = level_at(found, now)
        assert (shown is Light.LATE) == (level is Level.YELLOW)
        assert (shown is Light.SOON) == (level is Level.WARN)
