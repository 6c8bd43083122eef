"""A holiday notice is loaded: exactly the open limits it must move do move, each with one entry that says why.

What must move is found by a loop over days written here, which shares no line with the clock.
"""

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from tests.flows.acts import AT, OIL, bring, holder, limits, row_of, sound
from tests.people import Cast, cast
from zhengtong.base import calendar
from zhengtong.base.calendar.models import CalendarDay
from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.deadlines.plan import due_of, explained, planned, signals_of
from zhengtong.base.journal.models import Entry
from zhengtong.base.journal.queries import facts_of
from zhengtong.domains.cases.models import Case
from zhengtong.domains.registry.models import Section
from zhengtong.flows import decide, forward, handle, stop_clock, withdraw
from zhengtong.flows.change_calendar import change_calendar
from zhengtong.rules.calendar import Calendar
from zhengtong.rules.clock import Limit, Unit, next_signal, start_of
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.notice import NoticeDay
from zhengtong.rules.procedure import State
from zhengtong.rules.refusal import Refusal, RefusalCode

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def people() -> Cast:
    return cast(OIL)


def notice_2026(*changes: tuple[date, bool | None]) -> list[NoticeDay]:
    """The notice of 2026 as loaded, with days added, turned, or (None) taken out."""
    rows = CalendarDay.objects.filter(current=True, notice__year=2026)
    days = {row.on: NoticeDay(row.on, row.kind != "SWAP_WORK", row.name) for row in rows}
    for on, off in changes:
        days.pop(on, None)
        if off is not None:
            days[on] = NoticeDay(on, off, "调休")
    return list(days.values())


# As the State Council would announce it; the real one is not out. 春节 is 6 February.
NOTICE_2027 = [
    *(NoticeDay(date(2027, 1, d), True, "元旦") for d in (1, 2, 3)),
    *(NoticeDay(date(2027, 2, d), True, "春节") for d in range(5, 13)),
    NoticeDay(date(2027, 1, 31), False, "春节"),
    NoticeDay(date(2027, 2, 14), False, "春节"),
    *(NoticeDay(date(2027, 4, d), True, "清明节") for d in (3, 4, 5)),
    *(NoticeDay(date(2027, 5, d), True, "劳动节") for d in (1, 2, 3, 4, 5)),
    NoticeDay(date(2027, 4, 25), False, "劳动节"),
    *(NoticeDay(date(2027, 6, d), True, "端午节") for d in (7, 8, 9)),
    *(NoticeDay(date(2027, 9, d), True, "中秋节") for d in (15, 16, 17)),
    *(NoticeDay(date(2027, 10, d), True, "国庆节") for d in range(1, 8)),
]


# --- the loop over days ---


def works(known: Calendar) -> Callable[[date], bool]:
    """Every day of the years in question asked once, so that the loop below touches nothing of the clock."""
    days: dict[date, bool] = {}

    def ask(on: date) -> bool:
        if on not in days:
            days[on] = known.day(on).kind.works
        return days[on]

    return ask


def by_hand(row: Deadline, at_work: Callable[[date], bool], published: frozenset[int]) -> tuple[date | None, bool]:
    """(due, 暂定) of a limit, day after day."""
    amount = row.amount + row.extension
    if amount == 0:
        return row.started_on, False
    spans = [
        (date.fromisoformat(p["since"]), date.fromisoformat(p["until"]) if p["until"] else date.max) for p in row.pauses
    ]
    on, counted, leaned = row.started_on, 0, False
    while True:
        on += DAY
        if on > row.started_on + timedelta(days=2000):
            return None, False
        paused = any(since < on <= until for since, until in spans)
        last_one = counted + 1 == amount
        if row.unit == Unit.WORKING_DAY.value:
            leaned = leaned or on.year not in published
            counted += at_work(on) and not paused
        elif not paused:
            if last_one:
                leaned = leaned or on.year not in published
            counted += at_work(on) if last_one else 1
        elif last_one:
            leaned = leaned or on.year not in published
        if counted == amount:
            return on, leaned


def expected() -> dict[int, tuple[date | None, bool]]:
    known = calendar.current()
    at_work = works(known)
    return {row.pk: by_hand(row, at_work, known.published) for row in Deadline.objects.all()}


def stored() -> dict[int, tuple[date | None, bool]]:
    return {row.pk: (row.due_on, row.provisional) for row in Deadline.objects.all()}


# --- what there is to move ---


def spread(organ_id: int, *, since: date, until: date, count: int, seed: int) -> None:
    """Loose limits of all sorts around the days in question, owned by no case."""
    chance, known, rows = random.Random(seed), calendar.current(), []
    span = (until - since).days
    for n in range(count):
        start = since + timedelta(days=chance.randrange(span))
        unit = chance.choice([Unit.WORKING_DAY, Unit.WORKING_DAY, Unit.CALENDAR_DAY])
        pauses = []
        if chance.random() < 0.4:
            paused = start + timedelta(days=chance.randrange(20))
            ended = paused + timedelta(days=chance.randrange(30))
            open_ = chance.random() < 0.2
            pauses = [
                {
                    "since": paused.isoformat(),
                    "until": None if open_ else ended.isoformat(),
                    "cause": "听证",
                    "article": "45",
                }
            ]
        row = planned(
            ("other", f"loose-{n}"), chance.choice(list(DeadlineKind)), start, Limit(chance.randrange(61), unit), known,
            organ_id=organ_id, pauses=pauses,
        )  # fmt: skip
        if chance.random() < 0.2:
            row.outcome = chance.choice([Deadline.MET, Deadline.MISSED, Deadline.VOID])
            row.next_signal, row.next_signal_at, row.closed_at = "", None, AT
        rows.append(row)
    Deadline.objects.bulk_create(rows)


def cases_of_all_kinds(people: Cast) -> list[Case]:
    """Open and ended cases of 24 September 2026; their promise is due on 15 October, the legal limit on the 29th."""
    states = [s for s in State if s not in (State.ACCEPTED, State.FORWARDED, State.LAPSED)]
    return [bring(people, state, number) for number, state in enumerate(states, start=1)]


def rows_now() -> dict[int, dict[str, Any]]:
    return {row["id"]: row for row in Deadline.objects.values()}


def loaded(year: int, days: list[NoticeDay], people: Cast) -> Iterator[int]:
    """Loads a notice and holds it against the loop over days; yields the rows that moved."""
    before, before_rows = stored(), rows_now()
    cases = {case.number: case for case in Case.objects.all()}
    count = change_calendar(year, days, source="gov.cn 测试通知", by=people.acting("蒋华"), at=AT)
    want, after_rows = expected(), rows_now()
    moved = set()
    for pk, row in after_rows.items():
        if row["outcome"] != Deadline.OPEN:
            assert row == before_rows[pk], "an ended limit was touched"
            continue
        assert (row["due_on"], row["provisional"]) == want[pk], row
        if want[pk] != before[pk]:
            moved.add(pk)
        else:
            same = {k: v for k, v in row.items() if not k.startswith("next_signal")}
            assert same == {k: v for k, v in before_rows[pk].items() if not k.startswith("next_signal")}
    assert count == len(moved)
    _journalled(moved, before, after_rows, cases)
    _signals()
    yield from sorted(moved)


def _journalled(
    moved: set[int], before: dict[int, Any], after: dict[int, dict[str, Any]], cases: dict[str, Case]
) -> None:
    of_cases = [after[pk] for pk in moved if after[pk]["subject_kind"] == "case"]
    for number, old in cases.items():
        entries = list(Entry.objects.filter(subject_key=number, seq__gt=old.version).order_by("seq"))
        told = {facts_of(e)["limit"]: facts_of(e) for e in entries}
        mine = {row["kind"]: row for row in of_cases if row["subject_key"] == number}
        assert {e.kind for e in entries} <= {"case.deadline_moved"}
        assert len(entries) == len(mine) == len(told)
        for kind, row in mine.items():
            assert told[kind]["due"] == str(row["due_on"])
            assert told[kind]["was"] == str(before[row["id"]][0])
            assert told[kind].get("provisional", False) is row["provisional"]
            assert "年放假安排：gov.cn 测试通知" in told[kind]["reason"]
        new = row_of(number)
        watched = {"SUBMITTED": "notice", "DECIDED": "delivery", "FINISHED": "delivery"}.get(new.state, "promise")
        due = mine[watched]["due_on"] if watched in mine else old.due_on
        assert (new.due_on, new.due_at is None) == (due, due is None)
        sound(number)


def _signals() -> None:
    """Every open limit is its explanation, and knows the signal that belongs to its date."""
    known = calendar.current()
    for row in Deadline.objects.filter(outcome=Deadline.OPEN):
        assert explained(row, known).due == due_of(row)
        following = next_signal(signals_of(row, known), start_of(row.started_on))
        assert row.next_signal_at == (following.at if following else None)


# --- the tests ---


def test_a_changed_notice_moves_exactly_what_it_must(people: Cast) -> None:
    cases = cases_of_all_kinds(people)
    spread(people.organ.pk, since=date(2026, 8, 1), until=date(2026, 11, 20), count=150, seed=1)
    # Friday 9 October becomes a day off, made up for on Sunday 18 October; 10 October is no longer worked.
    days = notice_2026((date(2026, 10, 9), True), (date(2026, 10, 18), False), (date(2026, 10, 10), True))
    moved = list(loaded(2026, days, people))
    assert 20 < len(moved) < Deadline.objects.count() - 60
    submitted = next(c for c in cases if c.state == State.SUBMITTED.value)
    assert limits(submitted)["notice"] == ("2026-10-12", "open")
    after = rows_now()
    assert change_calendar(2026, days, source="再读一遍", by=people.acting("蒋华"), at=AT) == 0
    assert rows_now() == after


def test_the_same_notice_again_moves_nothing_and_writes_nothing(people: Cast) -> None:
    case = bring(people, State.PROCESSING)
    before, entries = rows_now(), Entry.objects.count()
    assert change_calendar(2026, notice_2026(), source="再读一遍", by=people.acting("蒋华"), at=AT) == 0
    assert (rows_now(), Entry.objects.count(), row_of(case).version) == (before, entries, case.version)


def test_only_names_changed_move_nothing(people: Cast) -> None:
    bring(people, State.PROCESSING)
    before = rows_now()
    days = [NoticeDay(d.on, d.off, d.name + "假") for d in notice_2026()]
    assert change_calendar(2026, days, source="更正", by=people.acting("蒋华"), at=AT) == 0
    assert rows_now() == before


def test_the_first_notice_of_2027_makes_provisional_dates_firm(people: Cast) -> None:
    """Limits that reach into 2027 are 暂定 until its notice is out; then all of them are told, moved or not."""
    case = bring(people, State.PROCESSING)
    stop_clock.suspend(case.number, code="hearing", reason="听证", days=60, seen=None, by=holder(people, case), at=AT)
    stop_clock.resume(case.number, result="完毕", seen=None, by=holder(people, case), at=AT + timedelta(days=98))
    assert {row.provisional for row in Deadline.objects.filter(kind__in=["promise", "legal"])} == {True}
    bring(people, State.SUPPLEMENT, 2)
    spread(people.organ.pk, since=date(2026, 11, 1), until=date(2027, 3, 1), count=150, seed=2)
    leaning = set(Deadline.objects.filter(outcome=Deadline.OPEN, provisional=True).values_list("pk", flat=True))
    moved = list(loaded(2027, NOTICE_2027, people))
    assert leaning <= set(moved)
    assert not Deadline.objects.filter(outcome=Deadline.OPEN, provisional=True, due_on__year=2027).exists()
    assert limits(case)["promise"][0] == str(row_of(case).due_on)


def test_a_notice_taken_back_restores_every_date(people: Cast) -> None:
    cases_of_all_kinds(people)
    spread(people.organ.pk, since=date(2026, 8, 1), until=date(2026, 11, 20), count=60, seed=3)
    first, plain = stored(), notice_2026()
    closed = {pk for pk, row in rows_now().items() if row["outcome"] != Deadline.OPEN}
    list(loaded(2026, notice_2026((date(2026, 9, 28), True), (date(2026, 10, 11), False)), people))
    list(loaded(2026, plain, people))
    assert {pk: due for pk, due in stored().items() if pk not in closed} == {
        pk: due for pk, due in first.items() if pk not in closed
    }


def test_what_ended_before_the_notice_keeps_the_date_it_was_judged_by(people: Cast) -> None:
    case = bring(people, State.DECIDED)
    gone = bring(people, State.PROCESSING, 2)
    withdraw.withdraw(gone.number, reason="", seen=None, by=people.applicant, at=AT)
    before = limits(case), limits(gone)
    list(loaded(2026, notice_2026((date(2026, 9, 28), True), (date(2026, 10, 11), False)), people))
    for number, old in zip((case.number, gone.number), before, strict=True):
        ended = {kind: told for kind, told in old.items() if told[1] != "open"}
        assert {kind: limits(number)[kind] for kind in ended} == ended


def test_a_case_goes_on_after_its_dates_were_moved(people: Cast) -> None:
    case = bring(people, State.PROCESSING)
    list(loaded(2026, notice_2026((date(2026, 9, 28), True), (date(2026, 10, 11), False)), people))
    with pytest.raises(Refusal) as caught:  # the officer's page is older than the notice, and is told so
        forward.forward(case.number, opinion="同意。", seen=case.version, by=holder(people, case), at=AT)
    assert (caught.value.code, caught.value.facts["kind"]) == (RefusalCode.STALE, "case.deadline_moved")
    for _ in range(2):
        forward.forward(case.number, opinion="同意。", seen=None, by=holder(people, case), at=AT)
    decide.decide(case.number, grants=True, opinion="同意。", seen=None, by=holder(people, case), at=AT)
    sound(case)


def test_only_who_keeps_the_calendar_loads_a_notice(people: Cast) -> None:
    before = rows_now()
    for name in ("张敏", "赵强", "吴涛", "郑凯", "冯雪"):
        with pytest.raises(Refusal) as caught:
            change_calendar(2027, NOTICE_2027, source="x", by=people.acting(name), at=AT)
        assert caught.value.code is RefusalCode.PERMISSION_MISSING
    assert rows_now() == before
    assert not calendar.current().is_published(2027)


def test_a_notice_that_cannot_be_true_moves_nothing(people: Cast) -> None:
    bring(people, State.PROCESSING)
    before = rows_now()
    with pytest.raises(Refusal) as caught:  # 1 October worked
        change_calendar(2026, notice_2026((date(2026, 10, 1), False)), source="x", by=people.acting("蒋华"), at=AT)
    assert caught.value.code is RefusalCode.CALENDAR_MAKE_UP_ON_STATUTORY_DAY
    assert rows_now() == before


def test_a_question_to_another_section_keeps_the_day_its_limit_moved_to(people: Cast) -> None:
    case = bring(people, State.PROCESSING)
    section = Section.objects.create(organ=people.organ, name="法规科")
    asked = handle.consult(case.number, section_id=section.pk, question="？", seen=None, by=holder(people, case), at=AT)
    assert asked.due_on == date(2026, 9, 30)
    days = notice_2026((date(2026, 9, 29), True))
    change_calendar(2026, days, source="测试", by=people.acting("蒋华"), at=AT)
    row = Deadline.objects.get(subject_key=case.number, kind="consultation")
    asked.refresh_from_db()
    assert asked.due_on == row.due_on == date(2026, 10, 8)
