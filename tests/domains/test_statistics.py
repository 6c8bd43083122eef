"""Facts: equal to an independent count of the same lives, whatever slices they were counted in, and to a recount."""

from collections import Counter
from datetime import date, timedelta

import pytest

from tests.flows.acts import AGREED, AT_ONCE, OIL, UPWARD, at, bring, bring_supplement, defect, holder
from tests.people import AT, PREPAID, accepted, cast, decided, submitted
from zhengtong.base import calendar
from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.journal.models import Entry
from zhengtong.base.journal.queries import facts_of
from zhengtong.base.seal.actions import seal
from zhengtong.base.seal.consumers import consume, rewind
from zhengtong.domains.cases.models import Case
from zhengtong.domains.statistics import queries
from zhengtong.domains.statistics.actions import absorb, count_facts, recount
from zhengtong.domains.statistics.models import CaseFact, CaseSpan, Fact, Flow
from zhengtong.domains.statistics.sums import MEASURES, STOCKS
from zhengtong.flows import accept, decide, finish, forward, request_supplement, stop_clock, void
from zhengtong.rules.clock import local_date
from zhengtong.rules.procedure import OPEN, State

pytestmark = pytest.mark.django_db
YEAR = (date(2026, 1, 1), date(2026, 12, 31))
ITEMS = (PREPAID, OIL, UPWARD, AT_ONCE)


@pytest.fixture
def people():
    return cast(*ITEMS)


def count_all():
    seal(at=AT)
    while count_facts(at=AT):
        pass


def snapshot():
    """Every row of facts, without what the database alone gives."""
    return (
        sorted(map(repr, CaseFact.objects.values_list())),
        sorted(map(repr, CaseSpan.objects.values_list("fact", "kind", "since", "until"))),
        sorted(map(repr, Fact.objects.values_list())),
        sorted(map(repr, Flow.objects.values_list())),
    )


def lived(people):
    """A case in every state, on one day, and some that went on over weeks."""
    # Lapse first: its sweep, forty days on, would act on the others.
    for number, state in enumerate(sorted(State, key=lambda state: state is not State.LAPSED), start=1):
        bring(people, state, number)
    late = decided(people, 50, at=at(days=20))
    finish.finish(late.number, note="", seen=None, by=people.acting("张敏"), at=at(days=41))
    early = decided(people, 51, grants=False, at=at(days=1))
    finish.finish(early.number, note="", seen=None, by=people.acting("张敏"), at=at(days=1))
    slow = accepted(people, 53)
    for day in (1, 20):
        forward.forward(slow.number, opinion=AGREED, seen=None, by=holder(people, slow), at=at(days=day))
    decide.decide(slow.number, grants=True, opinion=AGREED, seen=None, by=holder(people, slow), at=at(days=45))
    finish.finish(slow.number, note="", seen=None, by=people.acting("张敏"), at=at(days=46))
    quick = accepted(people, 54, AT_ONCE)
    decide.decide(quick.number, grants=True, opinion=AGREED, seen=None, by=people.acting("张敏"), at=at(1))
    finish.finish(quick.number, note="", seen=None, by=people.acting("张敏"), at=at(2))
    asked = submitted(people, 52, OIL)
    request_supplement.request_supplement(
        asked.number, [defect(people, asked)], seen=None, by=people.acting("张敏"), at=at(days=1)
    )
    bring_supplement(people, asked, when=at(days=15))
    accept.accept(asked.number, seen=None, by=people.acting("张敏"), at=at(days=16))
    stop_clock.suspend(
        asked.number, code="site_survey", reason="需现场核查", days=10, seen=None, by=holder(people, asked),
        at=at(days=18),
    )  # fmt: skip
    stop_clock.resume(asked.number, result="核查完成", seen=None, by=holder(people, asked), at=at(days=25))
    return asked


def independent():
    """The same measures, counted entry by entry from the journal and the cases' rows, in the plainest way."""
    found = Counter()
    days = Counter()
    direct = {
        "case.submitted": "received", "case.accepted": "accepted", "case.deemed_accepted": "accepted",
        "case.acceptance_refused": "declined", "case.supplement_requested": "supplements", "case.lapsed": "lapsed",
        "case.finished": "finished", "case.withdrawn": "withdrawn", "case.voided": "voided",
    }  # fmt: skip
    for entry in Entry.objects.filter(subject_kind="case"):
        name = direct.get(entry.kind)
        if name is None:
            continue
        on = local_date(entry.at)
        found[on, name] += 1
        if name != "finished":
            continue
        case = Case.objects.get(number=entry.subject_key)
        found[on, "granted" if case.decision in ("GRANT", "RECORD", "CONFIRM", "NONE") else "refused"] += 1
        promise = Deadline.objects.get(subject_key=case.number, kind="promise")
        legal = Deadline.objects.get(subject_key=case.number, kind="legal")
        ended = local_date(promise.closed_at)
        immediate = case.case_kind == "IMMEDIATE"
        found[on, "timed"] += 1
        found[on, "promised"] += not immediate
        over_legal = legal.due_on is not None and ended > legal.due_on
        over = promise.due_on is not None and ended > promise.due_on
        found[on, "over_legal"] += over_legal
        found[on, "over_promise"] += over and not over_legal
        found[on, "in_time"] += not over
        found[on, "immediate"] += immediate and ended == promise.started_on
        found[on, "early"] += not immediate and not over and ended < promise.due_on
        one, used = promise.started_on, 0
        while one < ended:
            one += timedelta(days=1)
            used += calendar.current().is_workday(one)
        days[used] += 1
    return +found, days


def test_facts_equal_an_independent_count(people):
    lived(people)
    count_all()
    expected, days = independent()
    counted = Counter(
        {
            (day, name): number
            for day, row in queries.by_day(*YEAR).items()
            for name, number in row.items()
            if number and name != "second_notices"
        }
    )
    assert counted == expected
    assert Counter(queries.total(*YEAR).days) == days
    over = "over_promise"  # `slow` is over its legal limit at once
    assert {name for _, name in expected} >= set(MEASURES) - {"second_notices", over}


def test_every_cut_sums_up_to_the_whole(people):
    lived(people)
    count_all()
    whole = queries.total(*YEAR)
    for name in queries.GROUPS:
        parts = queries.Figures({})
        for one in queries.figures(*YEAR, by=(name,)):
            parts.add(one)
        assert (parts, name) == (whole, name)


def test_slices_of_any_size_and_a_restart_in_the_middle_give_the_same(people):
    lived(people)
    seal(at=AT)
    count_all()
    at_once = snapshot()
    for size in (1, 7, 50):
        for model in (CaseSpan, CaseFact, Fact, Flow):
            model.objects.all().delete()
        rewind(queries.CURSOR)
        while consume(queries.CURSOR, absorb, limit=size):
            pass
        assert snapshot() == at_once, size


def test_a_slice_that_fails_leaves_nothing_and_is_counted_again(people):
    lived(people)
    seal(at=AT)
    assert consume(queries.CURSOR, absorb, limit=20) == 20
    before = snapshot()

    class Killed(Exception):
        pass

    def dies(entries):
        absorb(entries)
        raise Killed

    with pytest.raises(Killed):
        consume(queries.CURSOR, dies, limit=20)
    assert snapshot() == before
    count_all()
    after = snapshot()
    rewind(queries.CURSOR)
    count_all()  # everything once more: a case counted twice counts once
    assert snapshot() == after


def test_facts_follow_a_case_while_it_lives(people):
    """Counted after every act, not only at the end; at the end both are the same."""
    case = lived(people)
    count_all()
    void.propose_void(case.number, reason="重复录入", seen=None, by=holder(people, case), at=at(days=26))
    count_all()
    void.void(case.number, seen=None, by=people.acting("孙丽"), at=at(days=27))
    count_all()
    followed = snapshot()
    for model in (CaseSpan, CaseFact, Fact, Flow):
        model.objects.all().delete()
    rewind(queries.CURSOR)
    count_all()
    assert snapshot() == followed
    assert queries.total(*YEAR).voided == 2


def test_a_recount_agrees_and_finds_what_was_changed(people):
    lived(people)
    count_all()
    good = snapshot()
    organs = sorted(set(CaseFact.objects.values_list("organ_id", flat=True)))
    for organ in organs:
        again = recount(organ)
        assert again.differences == []
        assert again.cases == CaseFact.objects.filter(organ_id=organ).count()
    tampered = Fact.objects.filter(cut="item", finished__gt=0).first()
    Fact.objects.filter(pk=tampered.pk).update(in_time=99)
    Flow.objects.filter(cut="organ").first().delete()
    Fact.objects.create(
        id="D20260101|organ|1|x", grain="D", day="2026-01-01", cut="organ", organ_id=organs[0], received=1
    )
    CaseFact.objects.filter(finished_on__isnull=False).update(person_id=None)
    found = [one for organ in organs for one in recount(organ, repair=True).differences]
    assert f"Fact {tampered.pk}" in found
    assert "Fact D20260101|organ|1|x" in found
    assert any(one.startswith("Flow ") for one in found)
    assert any("person_id" in one for one in found)
    assert [one for organ in organs for one in recount(organ).differences] == []
    assert snapshot() == good


def test_the_backlog_of_every_past_day_is_what_the_journal_says(people):
    lived(people)
    count_all()
    first, last = AT.date() - timedelta(days=3), AT.date() + timedelta(days=50)
    told, in_force = queries.backlog(first, last), calendar.current()
    ends = {"case.finished", "case.acceptance_refused", "case.lapsed", "case.withdrawn", "case.voided"}
    for (day, _), stock in told.items():
        counts = Counter()
        for case in Case.objects.all():
            entries = [
                e for e in Entry.objects.filter(subject_key=case.number).order_by("seq") if local_date(e.at) <= day
            ]
            if not entries or any(e.kind in ends for e in entries):
                continue
            row = {}
            for entry in entries:
                row |= facts_of(entry).get("row", {})
            counts["open"] += 1
            counts["suspended"] += row["state"] == "SUSPENDED"
            before = row["state"] != "DECIDED"
            if before and row["due_on"]:
                counts["overdue"] += row["due_on"] < day.isoformat()
                counts["soon"] += day.isoformat() <= row["due_on"] <= in_force.nth_working_day(day, 3).isoformat()
        assert stock == {name: counts[name] for name in STOCKS}, day
        end = queries.total(day, day)
        assert tuple(getattr(end, f"{name}_at_end") for name in STOCKS) == tuple(stock.values())


@pytest.mark.parametrize(
    ("since", "until", "pieces"),
    [
        (date(2026, 9, 1), date(2026, 9, 30), ["M 09-01 09-01"]),
        (date(2026, 9, 2), date(2026, 9, 30), ["D 09-02 09-30"]),
        (date(2026, 9, 1), date(2026, 9, 29), ["D 09-01 09-29"]),
        (date(2026, 8, 15), date(2026, 11, 3), ["D 08-15 08-31", "M 09-01 10-01", "D 11-01 11-03"]),
        (date(2026, 8, 15), date(2026, 9, 3), ["D 08-15 09-03"]),
        (date(2026, 1, 1), date(2026, 12, 31), ["M 01-01 12-01"]),
        (date(2026, 9, 5), date(2026, 9, 4), []),
    ],
)
def test_a_period_is_cut_into_months_and_days(since, until, pieces):
    assert [f"{g} {a:%m-%d} {b:%m-%d}" for g, a, b in queries.pieces_of(since, until)] == pieces


def test_months_and_days_tell_the_same(people):
    lived(people)
    count_all()
    for since, until in ((date(2026, 9, 24), date(2026, 11, 30)), (date(2026, 9, 25), date(2026, 11, 4))):
        days = queries.by_day(since, until)
        whole = queries.total(since, until)
        assert {name: getattr(whole, name) for name in MEASURES} == {
            name: sum(row[name] for row in days.values()) for name in MEASURES
        }


def test_the_rows_behind_a_figure_are_as_many_as_it_says(people):
    lived(people)
    count_all()
    for since, until in (YEAR, (AT.date(), AT.date()), (date(2026, 10, 1), date(2026, 10, 31))):
        for by in (("organ_id",), ("item_id",), ("kind",), ("person_id",), ("channel",), ("section_id",)):
            for one in queries.figures(since, until, by=by):
                for measure in queries.ROWS:
                    listed = queries.rows(measure, since, until, limit=500, **one.keys)
                    assert len(listed) == getattr(one, measure), (measure, one.keys)
                    assert queries.row_count(measure, since, until, **one.keys) == len(listed)


def test_pages_of_rows_meet_every_case_once(people):
    lived(people)
    count_all()
    met, after = [], None
    while page := queries.rows("received", *YEAR, after=after, limit=4):
        met += [fact.case_id for fact, _ in page]
        after = (page[-1][1], page[-1][0].case_id)
    assert sorted(met) == sorted(Case.objects.values_list("pk", flat=True))
    assert len(met) == len(set(met))


def test_a_notice_of_holidays_recounts_who_lived_under_it(people):
    from zhengtong.rules.notice import NoticeDay

    lived(people)
    count_all()
    before = queries.total(*YEAR).days
    days = [
        NoticeDay(day.on, day.kind in ("HOLIDAY", "SWAP_REST"), day.name)
        for day in calendar.queries.notice_days(2026)
        if not date(2026, 9, 25) <= day.on <= date(2026, 10, 8) or day.kind == "HOLIDAY"
    ]
    calendar.actions.load_notice(2026, days, source="试验", by=people.acting("蒋华"), at=at(days=42))
    count_all()
    assert queries.total(*YEAR).days != before
    assert all(recount(organ).differences == [] for organ in {c.organ_id for c in Case.objects.all()})


def test_open_cases_stand_in_their_stages(people):
    lived(people)
    count_all()
    stages = Counter(
        Case.objects.filter(state__in=[s.value for s in OPEN - {State.FINISHED}]).values_list("stage", flat=True)
    )
    stages["DELIVERY"] = Case.objects.filter(state="FINISHED").count()
    assert queries.open_by_stage() == stages
    assert sum(stages.values()) - stages["DELIVERY"] == queries.total(*YEAR).open_at_end


def test_what_came_in_and_did_not_end_is_open(people):
    lived(people)
    count_all()
    whole = queries.total(*YEAR)
    ended = whole.finished + whole.declined + whole.lapsed + whole.withdrawn + whole.voided
    assert whole.open_at_end == whole.received - ended


def test_a_rate_prints_its_base(people):
    one = queries.Figures({}, finished=10, timed=8, in_time=7, promised=5, early=3, immediate=2, spans={"used": {0: 2, 3: 5, 9: 1}})  # fmt: skip
    assert one.rate("in_time") == (7, 8)
    assert one.rate("early") == (3, 5)
    assert one.rate("immediate") == (2, 10)
    assert [one.percentile(share) for share in (0.1, 0.5, 0.9, 1)] == [0, 3, 9, 9]
    assert queries.Figures({}).percentile(0.5) is None


def test_groups_that_do_not_exist_are_refused(people):
    with pytest.raises(ValueError, match="applicant"):
        queries.figures(*YEAR, by=("applicant",))


@pytest.mark.parametrize("by", [(), ("organ_id",), ("organ_id", "item_id"), ("person_id",)])
def test_figures_cost_the_same_whatever_the_period(by, people, django_assert_num_queries):
    lived(people)
    count_all()
    for period in ((AT.date(), AT.date()), (date(2020, 3, 4), date(2027, 5, 6))):
        with django_assert_num_queries(2):
            queries.figures(*period, by=by)
