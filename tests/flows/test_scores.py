"""Scores from lock to publication: reproducible, seen first by whom they concern, disputed, corrected in the open."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import IntegrityError, transaction

from tests.flows.acts import holder
from tests.flows.scores import LOCKED, PUBLISHED, SEPTEMBER, card, figures, head_of, month_of_three, organ
from tests.people import AT, Cast, accepted, cast, decided, hire
from zhengtong.base import journal
from zhengtong.base.journal.queries import entries_of, facts_of
from zhengtong.base.law import current_law
from zhengtong.base.permission import SYSTEM
from zhengtong.base.seal.actions import seal
from zhengtong.domains.performance import queries, reckoning
from zhengtong.domains.performance.actions import disputes, locking, tables
from zhengtong.domains.performance.models import Score, ScoreEdition, ScoreMonth
from zhengtong.domains.statistics import queries as statistics
from zhengtong.domains.statistics.actions import count_facts
from zhengtong.domains.supervision import actions as supervision
from zhengtong.flows import decide, finish, forward
from zhengtong.flows.score_appeal_decided import score_appeal_decided
from zhengtong.flows.score_appealed import score_appealed
from zhengtong.flows.score_locked import lock_due, score_locked
from zhengtong.flows.score_published import score_published
from zhengtong.rules.clock import Level
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Role
from zhengtong.rules.scoring_quantities import Subject

pytestmark = pytest.mark.django_db
ORGAN, OFFICER = Subject.ORGAN, Subject.OFFICER


@pytest.fixture
def people() -> Cast:
    return cast()


def locked(people: Cast, subject: Subject = ORGAN) -> ScoreMonth:
    return score_locked(subject, SEPTEMBER, by=people.acting("吴涛"), at=LOCKED)


def score_of(organ) -> Score:
    return Score.objects.select_related("month__table_version__table").get(organ=organ, officer=None)


def refused(code: RefusalCode, act, *args, **kwargs) -> None:
    before = Score.objects.count(), ScoreEdition.objects.count()
    with pytest.raises(Refusal) as caught:
        act(*args, **kwargs)
    assert caught.value.code is code
    assert (Score.objects.count(), ScoreEdition.objects.count()) == before


def sound() -> None:
    for model in (Score, ScoreMonth):
        for row in model.objects.all():
            assert journal.check_subject(row, list(entries_of(row.journal_kind, row.journal_key))) == []


def line(score: Score, code: str) -> dict:
    result = queries.edition(score).content["result"]
    lines = [one for part in result["parts"] for one in part["lines"]] + result["bonus"]
    return next(one for one in lines if one["code"] == code)


# --- locking ---


def test_a_month_is_locked_with_its_ranks_and_every_working(people: Cast) -> None:
    first, second, third = month_of_three(people)
    card(first.pk, "C1")
    month = locked(people)
    assert (str(month.appeal_until), str(month.publish_on)) == ("2026-10-16", "2026-10-20")
    ranks = {one.organ_id: (one.rank, one.ranked_of) for one in Score.objects.all()}
    assert ranks == {second.pk: (1, 3), first.pk: (2, 3), third.pk: (3, 3)}
    own = line(score_of(first), "time_kept")
    assert own["filled"] == "22 × (36 ÷ 40) − 5 × 1 − 10 × 0"
    assert own["points"] == "14.80"
    assert own["quantities"]["on_time_rate"] == {"numerator": "36", "base": 40}
    sound()


def test_the_content_alone_gives_the_score_again(people: Cast) -> None:
    month_of_three(people)
    card(people.organ.pk, "C1", rule="P-01", level=Level.RED)
    locked(people)
    for score in Score.objects.select_related("month__table_version__table"):
        kept = queries.edition(score)
        result, content = reckoning.reckon(
            score.month.table_version, reckoning.quantities_in(kept.content), kept.content["fair"], {}
        )
        assert result.total == score.total
        assert reckoning.digest(content) == kept.digest == facts_of(entries_of("score", score.key)[0])["digest"]


def test_nobody_locks_before_the_fifth_working_day_or_twice(people: Cast) -> None:
    month_of_three(people)
    by = people.acting("吴涛")
    refused(RefusalCode.SCORE_LOCK_TOO_EARLY, score_locked, ORGAN, SEPTEMBER, by=by, at=LOCKED - timedelta(days=2))
    refused(RefusalCode.PERMISSION_MISSING, score_locked, ORGAN, SEPTEMBER, by=people.acting("孙丽"), at=LOCKED)
    locked(people)
    refused(RefusalCode.SCORE_EXISTS, score_locked, ORGAN, SEPTEMBER, by=by, at=LOCKED)


def test_the_night_locks_what_is_due_once(people: Cast) -> None:
    month_of_three(people)
    assert lock_due(at=LOCKED - timedelta(days=2)) == 0  # 12 October: the fourth working day
    assert lock_due(at=LOCKED) == 2  # organs and officers
    assert lock_due(at=LOCKED + timedelta(days=1)) == 0
    assert Score.objects.filter(officer=people.officers["李军"]).count() == 1


def test_two_workers_lock_once(people: Cast) -> None:
    month_of_three(people)
    month = locked(people)
    month.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        month.save(force_insert=True)


def test_few_cases_and_no_group_are_scored_but_not_ranked(people: Cast) -> None:
    month_of_three(people)
    few, alone = organ(people, 4), organ(people, 5)
    figures(few.pk, finished=29, in_time=29)
    figures(alone.pk, finished=90, in_time=90)
    tables.keep_group(
        "lawful", name="执法类部门", name_en="", by=SYSTEM, at=AT,
        organ_codes=[people.organ.code, organ(people, 2).code, organ(people, 3).code, few.code],
    )  # fmt: skip
    locked(people)
    assert [(score_of(one).rank, score_of(one).total is None) for one in (few, alone)] == [(None, False), (None, False)]


def test_who_finished_nothing_has_no_score(people: Cast) -> None:
    month_of_three(people)
    idle = organ(people, 4)
    figures(idle.pk, finished=0, in_time=0)
    card(idle.pk, "C7")
    locked(people)
    assert not Score.objects.filter(organ=idle).exists()


# --- cards ---


def test_a_card_revoked_on_appeal_gives_its_points_back_before_publication(people: Cast) -> None:
    month_of_three(people)
    people.officers["秦岳"] = hire(organ(people, 2), None, "秦岳", "watcher", Role.SUPERVISOR)  # of another organ
    red = card(people.organ.pk, "C1", rule="T-03", level=Level.RED, officer=people.officers["李军"].pk)
    locked(people)
    before = score_of(people.organ).total
    supervision.appeal(red, reasons="系统故障期间不计入", law=current_law(), by=people.acting("李军"), at=AT)
    supervision.decide_appeal(
        red, revoke=True, reasons="经核实，故障属实", law=current_law(), by=people.acting("秦岳"),
        at=AT + timedelta(days=1),
    )  # fmt: skip
    assert score_of(people.organ).total == before  # locked is locked, until it is counted once more
    score_published(ORGAN, SEPTEMBER, by=people.acting("蒋华"), at=PUBLISHED)
    after = score_of(people.organ)
    assert line(after, "time_kept")["points"] == "19.80"
    assert after.total > before
    assert [one.reason_code for one in queries.editions(after)] == ["cards", "locked"]
    assert [entry.kind for entry in entries_of("score", after.key)][:2] == ["score.locked", "score.recounted"]
    sound()


def test_a_card_of_after_publication_changes_nothing_silently(people: Cast) -> None:
    month_of_three(people)
    locked(people)
    score_published(ORGAN, SEPTEMBER, by=people.acting("蒋华"), at=PUBLISHED)
    before = score_of(people.organ).total
    card(people.organ.pk, "C9")
    assert lock_due(at=PUBLISHED) == 1  # the officers' month only
    assert score_of(people.organ).total == before
    refused(RefusalCode.SCORE_PUBLISHED, score_published, ORGAN, SEPTEMBER, by=people.acting("蒋华"), at=PUBLISHED)


def test_a_fault_costs_in_the_part_its_rule_belongs_to_and_once(people: Cast) -> None:
    month_of_three(people)
    for number, (rule, level) in enumerate(
        [("T-02", Level.YELLOW), ("P-01", Level.RED), ("M-02", Level.YELLOW), ("M-03", Level.YELLOW)]
    ):
        card(people.organ.pk, f"C{number}", rule=rule, level=level)
    locked(people)
    score = score_of(people.organ)
    assert line(score, "procedure_kept")["points"] == "4.00"
    assert line(score, "material_kept")["filled"] == "10 − 2 × 1 − 2 × 0 − 5 × 1 − 10 × 0"


# --- disputes ---


def test_an_officer_sees_and_disputes_a_figure_before_anybody_reads_it(people: Cast) -> None:
    month_of_three(people)
    locked(people, OFFICER)
    key = "officer-handler-2026-09"
    own, head = people.acting("李军"), people.acting("孙丽")
    assert queries.score_for(own, key).officer_id == own.id
    refused(RefusalCode.NOT_FOUND, queries.score_for, head, key)
    refused(RefusalCode.NOT_FOUND, queries.score_for, people.acting("周洋"), key)
    appeal = score_appealed(key, "own_time", "有 4 件因申请人补正而超期", by=own, at=LOCKED)
    refused(RefusalCode.SCORE_APPEAL_OPEN, score_appealed, key, "own_time", "再说一遍理由", by=own, at=LOCKED)
    publish = people.acting("蒋华")
    refused(RefusalCode.SCORE_APPEALS_OPEN, score_published, OFFICER, SEPTEMBER, by=publish, at=PUBLISHED)
    before = Score.objects.get(key=key).total
    score_appeal_decided(
        appeal.pk, granted=True, decision="核实，补正期间不计入", points=Decimal("38.5"), by=publish, at=LOCKED
    )
    score = queries.score_for(own, key)
    assert line(score, "own_time")["points"] == "38.50"
    assert line(score, "own_time")["mark"]["reason"] == "核实，补正期间不计入"
    assert score.total != before
    assert queries.editions(score)[0].reason == "核实，补正期间不计入"
    score_published(OFFICER, SEPTEMBER, by=publish, at=PUBLISHED)
    assert queries.score_for(head, key).total == score.total
    sound()


def test_a_rejected_dispute_changes_no_figure(people: Cast) -> None:
    month_of_three(people)
    locked(people, OFFICER)
    key = "officer-handler-2026-09"
    appeal = score_appealed(key, "own_time", "我认为不对", by=people.acting("李军"), at=LOCKED)
    before = Score.objects.get(key=key).total
    score_appeal_decided(appeal.pk, granted=False, decision="经核对，四件均已超期", by=people.acting("蒋华"), at=LOCKED)
    score = Score.objects.get(key=key)
    assert (score.total, score.edition) == (before, 1)
    refused(
        RefusalCode.STALE, score_appeal_decided, appeal.pk, granted=True, decision="改判改判", by=people.acting("蒋华"),
        at=LOCKED,
    )  # fmt: skip


def test_disputes_end_on_the_third_working_day(people: Cast) -> None:
    month_of_three(people)
    locked(people, OFFICER)
    key, own = "officer-handler-2026-09", people.acting("李军")
    late = LOCKED + timedelta(days=3)  # Saturday 17 October; the third working day was the 16th
    refused(RefusalCode.SCORE_APPEAL_TOO_LATE, score_appealed, key, "own_time", "理由充分", by=own, at=late)
    score_appealed(key, "own_time", "理由充分", by=own, at=late - timedelta(days=1))


def test_who_may_dispute_a_department_and_who_decides(people: Cast) -> None:
    _, second, _ = month_of_three(people)
    head_of(people, second, "何水", "water")
    locked(people)
    key, foreign = score_of(people.organ).key, people.acting("何水")
    refused(RefusalCode.NOT_FOUND, score_appealed, key, "time_kept", "不是我的部门", by=foreign, at=LOCKED)
    refused(
        RefusalCode.NOT_FOUND, score_appealed, key, "time_kept", "监察不能申诉", by=people.acting("吴涛"), at=LOCKED
    )
    appeal = score_appealed(key, "time_kept", "系统停机三日", by=people.acting("赵强"), at=LOCKED)
    refused(
        RefusalCode.PERMISSION_MISSING, score_appeal_decided, appeal.pk, granted=True, decision="同意更正",
        by=people.acting("赵强"), at=LOCKED,
    )  # fmt: skip
    refused(
        RefusalCode.SCORE_MARK_OUT_OF_RANGE, score_appeal_decided, appeal.pk, granted=True, decision="同意更正",
        points=Decimal(23), by=people.acting("蒋华"), at=LOCKED,
    )  # fmt: skip


def test_nobody_decides_about_an_own_score(people: Cast) -> None:
    month_of_three(people)
    figures(people.organ.pk, finished=31, in_time=30, person=people.officers["蒋华"].pk, month=SEPTEMBER.moved(-1))
    law, at = current_law(), LOCKED
    tables.seed(at=at)
    locking.lock(OFFICER, SEPTEMBER.moved(-1), law, by=SYSTEM, at=at)
    key = "officer-manager-2026-08"
    score = Score.objects.select_related("month__table_version__table").get(key=key)
    score.month.appeal_until = LOCKED.date()
    ScoreMonth.objects.filter(pk=score.month_id).update(appeal_until=LOCKED.date())
    appeal = score_appealed(key, "own_time", "数字不对", by=people.acting("蒋华"), at=at)
    refused(
        RefusalCode.SCORE_INVOLVED, score_appeal_decided, appeal.pk, granted=True, decision="同意更正",
        by=people.acting("蒋华"), at=at,
    )  # fmt: skip


# --- marks, publication, corrections ---


def test_points_by_hand_have_a_reason_and_reorder_the_group(people: Cast) -> None:
    _, second, _ = month_of_three(people)
    locked(people)
    by, score = people.acting("吴涛"), score_of(people.organ)
    refused(
        RefusalCode.SCORE_MARK_OUT_OF_RANGE,
        disputes.mark,
        score,
        "innovation",
        Decimal(3),
        "推出套餐",
        by=by,
        at=LOCKED,
    )
    refused(
        RefusalCode.SCORE_INDICATOR_UNKNOWN,
        disputes.mark,
        score,
        "time_kept",
        Decimal(22),
        "推出套餐",
        by=by,
        at=LOCKED,
    )
    refused(RefusalCode.REASON_TOO_SHORT, disputes.mark, score, "innovation", Decimal(2), "好", by=by, at=LOCKED)
    disputes.mark(score, "innovation", Decimal(2), "推出“一次办好”套餐", by=by, at=LOCKED)
    disputes.mark(score, "innovation", Decimal(1), "核减为一项", by=by, at=LOCKED)
    assert line(score, "innovation")["points"] == "1.00"
    assert score.edition == 3
    assert (score_of(people.organ).rank, score_of(second).rank) == (1, 2)
    sound()


def test_published_from_the_tenth_working_day_by_who_may(people: Cast) -> None:
    month_of_three(people)
    locked(people)
    publish = people.acting("蒋华")
    refused(
        RefusalCode.SCORE_PUBLISH_TOO_EARLY, score_published, ORGAN, SEPTEMBER, by=publish,
        at=PUBLISHED - timedelta(days=1),
    )  # fmt: skip
    refused(RefusalCode.PERMISSION_MISSING, score_published, ORGAN, SEPTEMBER, by=people.acting("吴涛"), at=PUBLISHED)
    assert score_published(ORGAN, SEPTEMBER, by=publish, at=PUBLISHED).published


def test_a_correction_is_a_new_edition_that_says_why(people: Cast) -> None:
    _, second, _ = month_of_three(people)
    card(people.organ.pk, "C1")
    locked(people)
    publish, score = people.acting("蒋华"), score_of(people.organ)
    refused(
        RefusalCode.SCORE_NOT_PUBLISHED,
        disputes.correct,
        score,
        "time_kept",
        Decimal(22),
        "数据更正",
        by=publish,
        at=LOCKED,
    )
    score_published(ORGAN, SEPTEMBER, by=publish, at=PUBLISHED)
    score, before = score_of(people.organ), score_of(people.organ).total
    refused(
        RefusalCode.PERMISSION_MISSING, disputes.correct, score, "time_kept", Decimal(22), "数据更正",
        by=people.acting("吴涛"), at=PUBLISHED,
    )  # fmt: skip
    disputes.correct(score, "time_kept", Decimal(22), "导入日志的期限有误，已核实", by=publish, at=PUBLISHED)
    assert score_of(people.organ).total > before
    first, corrected = queries.edition(score, 1), queries.edition(score)
    assert (first.content["result"]["total"], corrected.reason) == (str(before), "导入日志的期限有误，已核实")
    # who was overtaken reads in its own journal by which score
    assert (score_of(people.organ).rank, score_of(second).rank) == (1, 2)
    last = list(entries_of("score", score_of(second).key))[-1]
    assert (last.kind, facts_of(last)["because"]) == ("score.corrected", score.key)
    sound()


def test_an_edition_that_was_altered_shows(people: Cast) -> None:
    month_of_three(people)
    locked(people)
    kept = queries.edition(score_of(people.organ))
    kept.content["result"]["total"] = "100.00"
    ScoreEdition.objects.filter(pk=kept.pk).update(content=kept.content)
    changed = queries.edition(score_of(people.organ))
    assert reckoning.digest(changed.content) != changed.digest


# --- tables and groups ---


def test_a_table_is_edited_by_one_and_put_in_force_by_another(people: Cast) -> None:
    tables.seed(at=AT)
    keeper, other = people.acting("吴涛"), people.acting("蒋华")
    document = tables.shipped(ORGAN)
    document["parts"][0]["indicators"][0]["expression"] = "22 × on_time_rate − 4 × yellow_time − 10 × red_time"
    refused(RefusalCode.PERMISSION_MISSING, tables.edit, "department", document, by=other, at=AT)
    version = tables.edit("department", document, by=keeper, at=AT)
    assert (version.number, version.frozen) == (2, False)
    refused(RefusalCode.PERMISSION_MISSING, tables.approve, "department", SEPTEMBER, by=keeper, at=AT)
    refused(RefusalCode.SCORE_TABLE_BACKDATED, tables.approve, "department", SEPTEMBER.moved(-1), by=other, at=AT)
    tables.approve("department", SEPTEMBER, by=other, at=AT)
    assert queries.version_in_force(ORGAN, SEPTEMBER).number == 2
    assert queries.version_in_force(ORGAN, SEPTEMBER.moved(-1)).number == 1
    month_of_three(people)
    card(people.organ.pk, "C1")
    locked(people)
    assert line(score_of(people.organ), "time_kept")["points"] == "15.80"
    row = queries.table_for("department")
    assert journal.check_subject(row, list(entries_of("score_table", "department"))) == []


def test_a_broken_table_is_refused_with_its_places(people: Cast) -> None:
    tables.seed(at=AT)
    document = tables.shipped(ORGAN)
    document["parts"][0]["indicators"][0]["expression"] = "22 × speed"
    with pytest.raises(Refusal) as caught:
        tables.edit("department", document, by=people.acting("吴涛"), at=AT)
    assert caught.value.code is RefusalCode.SCORE_TABLE_INVALID
    assert caught.value.facts["problems"][0].path == "parts[0].indicators[0].expression"


def test_a_table_cannot_be_changed_for_a_month_already_locked(people: Cast) -> None:
    month_of_three(people)
    locked(people)
    keeper = people.acting("吴涛")
    document = tables.shipped(ORGAN) | {"least_finished": 10}
    tables.edit("department", document, by=keeper, at=AT)
    refused(RefusalCode.SCORE_TABLE_BACKDATED, tables.approve, "department", SEPTEMBER, by=people.acting("蒋华"), at=AT)


def test_an_organ_stands_in_one_group(people: Cast) -> None:
    month_of_three(people)
    refused(
        RefusalCode.PEER_GROUP_TAKEN, tables.keep_group, "other", name="综合类", name_en="", new=True,
        organ_codes=[people.organ.code], by=people.acting("吴涛"), at=AT,
    )  # fmt: skip
    group = queries.peer_group_for("lawful")
    assert journal.check_subject(group, list(entries_of("peer_group", "lawful"))) == []


# --- from real cases ---


def test_scores_stand_on_the_cases_statistics_counted(people: Cast) -> None:
    for number in (1, 2):
        case = decided(people, number, at=AT + timedelta(hours=number))
        finish.finish(case.number, note="", seen=None, by=people.acting("张敏"), at=AT + timedelta(hours=number + 1))
    late = accepted(people, 3, at=AT - timedelta(days=23))
    for act in (forward.forward, forward.forward):
        act(late.number, opinion="材料齐全，符合条件。", seen=None, by=holder(people, late), at=AT)
    decide.decide(late.number, grants=True, opinion="准予备案。", seen=None, by=holder(people, late), at=AT)
    finish.finish(late.number, note="", seen=None, by=people.acting("张敏"), at=AT)
    seal(at=AT)
    while count_facts(at=AT):
        pass
    (figures,) = statistics.figures(SEPTEMBER.since, SEPTEMBER.until)
    assert figures.rate("in_time") == (2, 3)
    locked(people)
    score = score_of(people.organ)
    content = queries.edition(score).content
    assert content["quantities"]["on_time_rate"] == {"numerator": "2", "base": 3}
    assert (content["fair"]["cases"], content["fair"]["late"], content["fair"]["expected"]) == (3, 1, "1")
    locked(people, OFFICER)
    staff = Score.objects.filter(month__subject="officer")
    assert sum(one.finished for one in staff) == figures.finished == 3
    cases = [queries.edition(one).content["fair"] for one in staff]
    assert (sum(one["cases"] for one in cases), sum(one["late"] for one in cases)) == (3, 1)
    # one item, one organ: each is expected to be late as often as all were
    assert all(one["expected"] == str(Fraction(round(Fraction(one["cases"], 3) * 10_000), 10_000)) for one in cases)
    sound()
