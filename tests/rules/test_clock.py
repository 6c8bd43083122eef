"""The statutory clock: the vectors of the handbook with real dates, then properties over random histories."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from zhengtong.base.calendar.shipped import shipped_calendar
from zhengtong.rules.calendar import Calendar, Day, DayKind
from zhengtong.rules.clock import (
    SHANGHAI,
    Due,
    Explanation,
    Limit,
    Pause,
    Reason,
    Unit,
    due,
    elapsed,
    end_of,
    explain,
)
from zhengtong.rules.refusal import Refusal, RefusalCode

CALENDAR = shipped_calendar()
WORKING, NATURAL = Unit.WORKING_DAY, Unit.CALENDAR_DAY


def day(text: str) -> date:
    return date.fromisoformat(text)


def working(amount: int) -> Limit:
    return Limit(amount, WORKING)


def natural(amount: int) -> Limit:
    return Limit(amount, NATURAL)


@pytest.mark.parametrize(
    ("amount", "start", "last"),
    [
        (20, "2026-02-10", "2026-03-16"),  # 20 d over the Spring Festival, two Saturdays worked
        (5, "2026-02-13", "2026-02-27"),  # one-time notice, received the Friday before the festival
        (2, "2026-09-18", "2026-09-21"),  # Sunday 09-20 counts
        (7, "2026-09-24", "2026-10-12"),  # over 中秋 and 国庆
        (1, "2026-10-10", "2026-10-12"),  # accepted on a Saturday at work
        (5, "2026-10-17", "2026-10-23"),  # received on a Saturday at rest
        (13, "2026-04-27", "2026-05-18"),  # over 劳动节, Saturday 05-09 counts
        (45, "2026-06-01", "2026-08-04"),  # joint handling (art. 42 para. 2)
        (45 + 15, "2026-06-01", "2026-08-25"),  # and its extension
        (20 + 10, "2026-06-01", "2026-07-14"),  # art. 42 para. 1 with its extension
        (10, "2026-04-30", "2026-05-18"),  # certificate delivered after the decision (art. 44)
        (7, "2018-10-15", "2018-10-24"),  # the provincial rule sheet S5: yellow after this day
        (10, "2018-10-15", "2018-10-29"),  # and red after this one
        (7, "2026-01-26", "2026-02-04"),  # disclosure request: third party asked
        (15, "2026-01-26", "2026-02-14"),  # a Saturday at work
        (20, "2026-01-26", "2026-02-28"),  # and another
        (3, "2025-01-24", "2025-02-05"),  # Sunday 01-26 counts, then eight days of festival
        (1, "2025-09-26", "2025-09-28"),  # a Sunday at work
        (1, "2005-12-30", "2005-12-31"),  # the Saturday one public record forgot
        (0, "2026-11-20", "2026-11-20"),  # on the spot
        (0, "2026-11-21", "2026-11-21"),  # on the spot, by an officer at work on a Saturday
    ],
)
def test_working_days(amount: int, start: str, last: str) -> None:
    assert due(day(start), working(amount), (), CALENDAR) == Due(day(last), end_of(day(last)))


def test_a_special_procedure_stops_the_clock() -> None:
    """Art. 45: suspended 03-11 to 03-25, ten working days."""
    stopped = Pause(day("2026-03-11"), day("2026-03-25"), "专家评审")
    assert due(day("2026-03-02"), working(20), [stopped], CALENDAR).on == day("2026-04-14")
    assert due(day("2026-03-02"), working(20), [], CALENDAR).on == day("2026-03-30")


@pytest.mark.parametrize(
    ("amount", "start", "last"),
    [
        (15, "2026-03-02", "2026-03-17"),  # a petition answered on a Tuesday
        (30, "2026-03-05", "2026-04-07"),  # 04-04 is a Saturday of 清明: first day after the holiday, a Tuesday
        (5, "2026-09-23", "2026-09-28"),  # five days to ask for a hearing, the last one a Monday
        (4, "2026-09-23", "2026-09-28"),  # the last one a Sunday inside 中秋
        (2, "2026-10-08", "2026-10-10"),  # the last one a Saturday at work: it stays
        (3, "2026-10-08", "2026-10-12"),  # the last one a Sunday at rest: it moves
        (0, "2026-09-27", "2026-09-27"),  # on the spot
    ],
)
def test_natural_days_end_on_a_working_day(amount: int, start: str, last: str) -> None:
    assert due(day(start), natural(amount), (), CALENDAR) == Due(day(last), end_of(day(last)))


PAUSED_CASES = [
    # pauses of a 5-day limit accepted on Monday 2026-06-01, whose plain due date is Monday 06-08
    ([("2026-06-02", "2026-06-03")], "2026-06-09"),  # one day
    ([("2026-06-02", "2026-06-02")], "2026-06-08"),  # begun and ended the same day costs nothing
    ([("2026-06-01", "2026-06-03")], "2026-06-10"),  # from the day of acceptance
    ([("2026-05-25", "2026-06-03")], "2026-06-10"),  # begun before the acceptance: only what comes after
    ([("2026-05-25", "2026-05-29")], "2026-06-08"),  # over before the acceptance
    ([("2026-06-05", "2026-06-07")], "2026-06-08"),  # a weekend only
    ([("2026-06-02", "2026-06-04"), ("2026-06-03", "2026-06-05")], "2026-06-11"),  # overlapping: each day once
    ([("2026-06-03", "2026-06-05"), ("2026-06-02", "2026-06-04")], "2026-06-11"),  # in any order
    ([("2026-06-02", "2026-06-05"), ("2026-06-03", "2026-06-04")], "2026-06-11"),  # one inside the other
    ([("2026-06-02", "2026-06-03"), ("2026-06-03", "2026-06-04")], "2026-06-10"),  # one after the other
    ([("2026-06-08", "2026-06-12")], "2026-06-08"),  # begun on the last day: the day still counts
    ([("2026-06-07", "2026-06-12")], "2026-06-15"),  # begun the day before it
    ([("2026-06-09", None)], "2026-06-08"),  # open, but too late to matter
    ([("2026-06-08", None)], "2026-06-08"),  # open since the last day
    ([("2026-06-04", None)], None),  # open in time
    ([("2026-06-02", None), ("2026-06-02", "2026-06-03")], None),  # an open one beats a closed one
]


@pytest.mark.parametrize(("spans", "last"), PAUSED_CASES)
def test_pauses(spans: list[tuple[str, str | None]], last: str | None) -> None:
    pauses = [Pause(day(since), day(until) if until else None, "检验") for since, until in spans]
    expected = Due(day(last), end_of(day(last))) if last else Due(None, None)
    assert due(day("2026-06-01"), working(5), pauses, CALENDAR) == expected


@pytest.mark.parametrize(
    ("start", "limit", "last", "provisional"),
    [
        ("2026-12-28", working(3), "2026-12-31", False),  # just inside the published year
        ("2026-12-28", working(4), "2027-01-04", True),  # beyond it: 元旦 is a Friday, then a weekend
        ("2026-12-31", working(1), "2027-01-04", True),
        ("2026-12-31", working(0), "2026-12-31", False),
        ("2026-12-20", natural(11), "2026-12-31", False),
        ("2026-12-20", natural(12), "2027-01-04", True),  # whether 01-01 to 01-03 are free, a notice will say
    ],
)
def test_dates_in_a_year_without_notice_are_provisional(start: str, limit: Limit, last: str, provisional: bool) -> None:
    assert due(day(start), limit, (), CALENDAR) == Due(day(last), end_of(day(last)), provisional)


def test_a_notice_makes_a_date_firm_and_may_move_it() -> None:
    free = [Day(day(on), DayKind.SWAP_REST, "元旦") for on in ("2027-01-01", "2027-01-04", "2027-01-05")]
    noticed = Calendar({d.on: d for d in free}, {2026, 2027})
    assert due(day("2026-12-31"), working(1), (), CALENDAR) == Due(day("2027-01-04"), end_of(day("2027-01-04")), True)
    assert due(day("2026-12-31"), working(1), (), noticed) == Due(day("2027-01-06"), end_of(day("2027-01-06")), False)


def test_an_imposed_moment_is_moved_by_nothing() -> None:
    at = datetime(2011, 3, 4, 23, 30, tzinfo=SHANGHAI)
    limit, pauses = Limit(0, Unit.MOMENT), [Pause(day("2011-03-01"), None, "检验")]
    assert due(day("2011-02-01"), limit, pauses, CALENDAR, moment=at) == Due(day("2011-03-04"), at)
    with pytest.raises(Refusal) as refused:
        due(day("2011-02-01"), limit, pauses, CALENDAR)
    assert refused.value.code is RefusalCode.CLOCK_MOMENT_MISSING


@pytest.mark.parametrize("amount", [-1, 3_661])
def test_impossible_limits_are_refused(amount: int) -> None:
    with pytest.raises(Refusal) as refused:
        working(amount)
    assert refused.value.facts == {"amount": amount, "most": 3_660}


def test_a_pause_cannot_end_before_it_began() -> None:
    Pause(day("2026-06-02"), day("2026-06-02"), "检验")
    with pytest.raises(Refusal) as refused:
        Pause(day("2026-06-02"), day("2026-06-01"), "检验")
    assert refused.value.code is RefusalCode.CLOCK_PAUSE_BACKWARDS


@pytest.mark.parametrize(
    ("until", "unit", "used"),
    [
        ("2026-02-10", WORKING, 0),  # the day of acceptance
        ("2026-02-09", WORKING, 0),  # before it
        ("2026-02-14", WORKING, 4),  # Saturday at work
        ("2026-02-23", WORKING, 4),  # nothing through the festival
        ("2026-02-24", WORKING, 5),
        ("2026-02-24", NATURAL, 14),
        ("2026-02-24", Unit.MOMENT, 14),
    ],
)
def test_elapsed(until: str, unit: Unit, used: int) -> None:
    assert elapsed(day("2026-02-10"), day(until), unit, (), CALENDAR) == used


def test_elapsed_leaves_out_pauses() -> None:
    closed, opened = Pause(day("2026-06-02"), day("2026-06-04"), "听证"), Pause(day("2026-06-08"), None, "鉴定")
    assert elapsed(day("2026-06-01"), day("2026-06-12"), WORKING, [closed], CALENDAR) == 9 - 2
    assert elapsed(day("2026-06-01"), day("2026-06-12"), WORKING, [closed, opened], CALENDAR) == 5 - 2
    assert elapsed(day("2026-06-01"), day("2026-06-12"), NATURAL, [closed, opened], CALENDAR) == 7 - 2


# --- the explanation ----------------------------------------------------------------------------------------------


def told(explanation: Explanation) -> list[tuple[str, int, Reason]]:
    return [(f"{line.on:%m-%d}", line.number if line.counted else 0, line.reason) for line in explanation.lines]


def test_every_day_from_acceptance_to_due_is_told() -> None:
    explanation = explain(day("2026-09-24"), working(3), [], CALENDAR)
    assert told(explanation) == [
        ("09-24", 0, Reason.START),
        ("09-25", 0, Reason.HOLIDAY),  # 中秋节
        ("09-26", 0, Reason.WEEKEND),
        ("09-27", 0, Reason.WEEKEND),
        ("09-28", 1, Reason.WORKDAY),
        ("09-29", 2, Reason.WORKDAY),
        ("09-30", 3, Reason.WORKDAY),
    ]
    assert [line.article for line in explanation.lines[:2]] == ["民法典第二百零一条", "行政许可法第八十二条"]
    assert explanation.lines[1].name == "中秋节"


def test_swapped_days_are_told() -> None:
    reasons = {line.on: line.reason for line in explain(day("2026-02-13"), working(6), [], CALENDAR).lines}
    assert reasons[day("2026-02-14")] is Reason.SWAP_WORK
    assert reasons[day("2026-02-20")] is Reason.SWAP_REST


def test_paused_days_are_told_with_cause_and_article() -> None:
    pauses = [
        Pause(day("2026-06-04"), day("2026-06-08"), "听证"),
        Pause(day("2026-06-09"), day("2026-06-10"), "补正", "某办法第九条"),
    ]
    explanation = explain(day("2026-06-03"), working(3), pauses, CALENDAR)
    assert told(explanation) == [
        ("06-03", 0, Reason.START),
        ("06-04", 1, Reason.WORKDAY),  # the day a pause begins still counts
        ("06-05", 0, Reason.PAUSED),
        ("06-06", 0, Reason.WEEKEND),  # would not have counted anyway: costs nothing
        ("06-07", 0, Reason.WEEKEND),
        ("06-08", 0, Reason.PAUSED),
        ("06-09", 2, Reason.WORKDAY),
        ("06-10", 0, Reason.PAUSED),
        ("06-11", 3, Reason.WORKDAY),
    ]
    paused = [(line.cause, line.article) for line in explanation.lines if line.reason is Reason.PAUSED]
    assert paused == [("听证", "行政许可法第四十五条"), ("听证", "行政许可法第四十五条"), ("补正", "某办法第九条")]


def test_a_natural_period_ending_on_rest_days_tells_why_it_goes_on() -> None:
    assert told(explain(day("2026-09-23"), natural(3), [], CALENDAR)) == [
        ("09-23", 0, Reason.START),
        ("09-24", 1, Reason.NATURAL_DAY),
        ("09-25", 2, Reason.NATURAL_DAY),  # a holiday, but not the last day
        ("09-26", 0, Reason.END_ON_REST_DAY),
        ("09-27", 0, Reason.END_ON_REST_DAY),
        ("09-28", 3, Reason.NATURAL_DAY),
    ]


def test_under_an_open_pause_the_lines_run_to_the_day_asked_for() -> None:
    pauses = [Pause(day("2026-06-02"), None, "检测")]
    explanation = explain(day("2026-06-01"), working(5), pauses, CALENDAR, until=day("2026-06-05"))
    assert told(explanation) == [
        ("06-01", 0, Reason.START),
        ("06-02", 1, Reason.WORKDAY),
        ("06-03", 0, Reason.PAUSED),
        ("06-04", 0, Reason.PAUSED),
        ("06-05", 0, Reason.PAUSED),
    ]
    assert explanation.due == Due(None, None)
    assert explain(day("2026-06-01"), working(5), pauses, CALENDAR).lines[-1].on == day("2026-06-02")


def test_an_on_the_spot_limit_is_one_line() -> None:
    explanation = explain(day("2026-06-01"), working(0), [], CALENDAR)
    assert told(explanation) == [("06-01", 0, Reason.ON_THE_SPOT)]
    assert explanation.lines[0].counted
    assert explanation.due.on == day("2026-06-01")


@pytest.mark.parametrize(("start", "lines"), [("2011-03-01", 4), ("2011-03-04", 1), ("2011-04-01", 1)])
def test_an_imposed_moment_is_shown_not_ruled(start: str, lines: int) -> None:
    at = datetime(2011, 3, 4, 12, tzinfo=SHANGHAI)
    explanation = explain(day(start), Limit(0, Unit.MOMENT), [], CALENDAR, moment=at)
    assert len(explanation.lines) == lines
    assert explanation.lines[-1].on == day("2011-03-04")
    assert explanation.lines[-1].reason is Reason.IMPOSED
    assert explanation.due == Due(day("2011-03-04"), at)


def test_days_of_a_year_without_notice_are_marked() -> None:
    marks = {line.on.year: line.provisional for line in explain(day("2026-12-28"), working(5), [], CALENDAR).lines}
    assert marks == {2026: False, 2027: True}


# --- properties ---------------------------------------------------------------------------------------------------

starts = st.dates(date(2004, 1, 1), date(2029, 12, 31))
limits = st.builds(Limit, st.integers(0, 90), st.sampled_from([WORKING, NATURAL]))


@st.composite
def histories(draw: st.DrawFn) -> tuple[date, Limit, list[Pause]]:
    start = draw(starts)
    offsets = st.integers(-15, 150)
    pauses = []
    for _ in range(draw(st.integers(0, 4))):
        since = start + timedelta(days=draw(offsets))
        length = draw(st.none() | st.integers(0, 60)) if draw(st.integers(0, 5)) == 0 else draw(st.integers(0, 60))
        pauses.append(Pause(since, None if length is None else since + timedelta(days=length), "检验"))
    return start, draw(limits), pauses


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    """The real calendar with some days turned round and some years' notices lost."""
    changed = draw(
        st.dictionaries(st.dates(date(2004, 1, 1), date(2030, 12, 31)), st.sampled_from(DayKind), max_size=25)
    )
    published = set(range(2004, 2027)) - draw(st.sets(st.integers(2004, 2026), max_size=5))
    real = {on: CALENDAR.day(on) for on in (date(2004, 1, 1) + timedelta(days=n) for n in range(0, 8_400, 7))}
    return Calendar(real | {on: Day(on, kind, "") for on, kind in changed.items()}, published)


@given(histories(), st.just(CALENDAR) | calendars())
def test_the_explanation_always_arrives_at_the_due_date(
    history: tuple[date, Limit, list[Pause]], calendar: Calendar
) -> None:
    start, limit, pauses = history
    explanation = explain(start, limit, pauses, calendar)
    computed = due(start, limit, pauses, calendar)
    assert explanation.due == computed
    days = [line.on for line in explanation.lines]
    assert days == [start + timedelta(days=n) for n in range(len(days))]
    counted = [line for line in explanation.lines if line.counted]
    if computed.on is not None:
        assert counted[-1].on == computed.on == days[-1]
        assert counted[-1].number == limit.amount
        assert computed.at == end_of(computed.on)


def as_the_handbook_counts(start: date, n: int, pauses: Sequence[Pause], calendar: Calendar) -> date:
    """The algorithm of the handbook, 2.2, word for word."""
    d, k = start, 0
    while k < n:
        d += timedelta(days=1)
        if calendar.is_workday(d) and not any(p.since < d <= (p.until or date.max) for p in pauses):
            k += 1
    return d


@given(histories(), st.just(CALENDAR) | calendars())
def test_working_days_are_counted_as_the_handbook_counts(
    history: tuple[date, Limit, list[Pause]], calendar: Calendar
) -> None:
    start, limit, pauses = history
    closed = [pause for pause in pauses if pause.until is not None]
    on = due(start, working(limit.amount), closed, calendar).on
    assert on == as_the_handbook_counts(start, limit.amount, closed, calendar)


def ends(start: date, limit: Limit, pauses: Sequence[Pause]) -> date:
    return due(start, limit, pauses, CALENDAR).on or date.max


@given(histories(), histories())
def test_a_suspension_never_shortens(
    history: tuple[date, Limit, list[Pause]], other: tuple[date, Limit, list[Pause]]
) -> None:
    start, limit, pauses = history
    assert ends(start, limit, [*pauses, *other[2]]) >= ends(start, limit, pauses)
    assert ends(start, limit, pauses) >= ends(start, limit, [])


@given(histories(), st.integers(1, 30))
def test_an_extension_never_shortens(history: tuple[date, Limit, list[Pause]], more: int) -> None:
    start, limit, pauses = history
    plain, extended = ends(start, limit, pauses), ends(start, Limit(limit.amount + more, limit.unit), pauses)
    assert extended >= plain
    # A natural period that ended on a rest day may swallow its extension; working days cannot.
    assert limit.unit is NATURAL or plain == date.max or extended > plain


@given(histories())
def test_the_order_of_pauses_does_not_matter(history: tuple[date, Limit, list[Pause]]) -> None:
    start, limit, pauses = history
    assert due(start, limit, pauses, CALENDAR) == due(start, limit, pauses[::-1], CALENDAR)


@given(histories())
def test_on_the_due_day_the_whole_limit_is_used_and_the_day_before_it_is_not(
    history: tuple[date, Limit, list[Pause]],
) -> None:
    start, limit, pauses = history
    on = due(start, working(limit.amount), pauses, CALENDAR).on
    assume(on is not None and limit.amount > 0)
    assert on is not None
    assert elapsed(start, on, WORKING, pauses, CALENDAR) == limit.amount
    assert elapsed(start, on - timedelta(days=1), WORKING, pauses, CALENDAR) == limit.amount - 1


@given(histories(), st.integers(0, 200))
def test_elapsed_counts_the_lines_of_the_explanation(history: tuple[date, Limit, list[Pause]], later: int) -> None:
    start, limit, pauses = history
    explanation = explain(start, working(limit.amount), pauses, CALENDAR)
    for line in explanation.lines:
        assert elapsed(start, line.on, WORKING, pauses, CALENDAR) == line.number


@given(histories(), st.dates(date(2004, 1, 1), date(2030, 12, 31)))
def test_a_changed_day_touches_only_limits_that_run_over_it(
    history: tuple[date, Limit, list[Pause]], changed: date
) -> None:
    start, limit, pauses = history
    before = due(start, limit, pauses, CALENDAR)
    turned = DayKind.SWAP_REST if CALENDAR.is_workday(changed) else DayKind.SWAP_WORK
    known = {on: CALENDAR.day(on) for on in (date(2004, 1, 1) + timedelta(days=n) for n in range(8_401))}
    after = due(start, limit, pauses, Calendar(known | {changed: Day(changed, turned)}, CALENDAR.published))
    if changed <= start or (before.on is not None and changed > before.on):
        assert after == before
