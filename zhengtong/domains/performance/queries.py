"""Scores by whoever may see them, with their working; tables in force; months to be locked."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db.models import F, Q, QuerySet

from zhengtong.base.law import Law
from zhengtong.base.permission import Acting
from zhengtong.domains.performance.models import (
    ManualMark,
    PeerGroup,
    Score,
    ScoreAppeal,
    ScoreEdition,
    ScoreMonth,
    ScoreTable,
    ScoreTableVersion,
)
from zhengtong.domains.performance.voices import least_ratings, rated
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.rules.scoring_months import (
    Dates,
    Month,
    Quarter,
    QuarterScore,
    Suggestion,
    dates_of,
    last_twice,
)
from zhengtong.rules.scoring_quantities import Subject
from zhengtong.rules.scoring_satisfaction import NONE

SEE, READ = Ability.SEE_ALL, Ability.READ_REPORTS
# Who drafts and who decides sees a staff figure before it is published; the head of its organ does not (N9).
KEEPERS = (Ability.SUPERVISE, Ability.PUBLISH_REPORTS)
TREND = 13  # months: the same month of the year before stands first


# --- tables and groups -----------------------------------------------------------------------------------------------


def tables() -> list[ScoreTable]:
    return list(ScoreTable.objects.order_by("subject"))


def table_for(code: str) -> ScoreTable:
    table = ScoreTable.objects.filter(code=code).first()
    if table is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return table


def versions(table: ScoreTable) -> list[ScoreTableVersion]:
    """Newest first."""
    rows = ScoreTableVersion.objects.filter(table=table).select_related("table", "edited_by", "approved_by")
    return list(rows.order_by("-number"))


def version_for(code: str, number: int) -> ScoreTableVersion:
    rows = ScoreTableVersion.objects.select_related("table", "edited_by", "approved_by")
    version = rows.filter(table__code=code, number=number).first()
    if version is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return version


def version_in_force(subject: Subject, month: Month) -> ScoreTableVersion | None:
    """The version that scores a month: the latest approved one that had begun by its first day."""
    rows = ScoreTableVersion.objects.select_related("table").filter(
        table__subject=subject.value, approved_at__isnull=False, effective_from__lte=month.since
    )
    return rows.order_by("-effective_from", "-number").first()


def peer_groups() -> list[PeerGroup]:
    return list(PeerGroup.objects.order_by("code"))


def peer_group_for(code: str) -> PeerGroup:
    group = PeerGroup.objects.filter(code=code).first()
    if group is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return group


# --- months ----------------------------------------------------------------------------------------------------------


def month_dates(month: Month, law: Law) -> Dates:
    """Lock, end of disputes and publication, by the parameters in force when the month ended."""
    lock, appeal, publish = (
        law.value(f"score.{name}.days", month.until) for name in ("lock", "appeal", "publish")
    )  # fmt: skip
    return dates_of(month, law.calendar, lock=lock, appeal=appeal, publish=publish)


def score_month(subject: Subject, month: Month) -> ScoreMonth | None:
    rows = ScoreMonth.objects.select_related("table_version__table", "published_by")
    return rows.filter(subject=subject.value, month=month.since).first()


def months(subject: Subject, limit: int = 24) -> list[ScoreMonth]:
    """Newest first."""
    return list(ScoreMonth.objects.filter(subject=subject.value).order_by("-month")[:limit])


# --- scores, by whoever may see them ---------------------------------------------------------------------------------


def _seen_by(by: Acting) -> Q:
    """Organs' scores: supervision sees all, an organ's readers their own. Staff scores: each their own first; those
    who draft and decide; the readers of the organ once the month is published, so that nobody is judged unheard."""
    if not by.is_officer:
        return Q(pk__in=[])
    own = Q(officer_id=by.officer_id)
    wide = by.can(SEE) or by.everywhere(READ)
    organs = Q() if wide else Q(organ_id__in=by.organs(READ))
    published = Q(month__state=ScoreMonth.PUBLISHED)
    staff = Q(officer__isnull=False) if by.can(*KEEPERS) else Q(officer__isnull=False) & published & organs
    return own | (Q(officer__isnull=True) & organs) | staff


def scores(by: Acting, month: ScoreMonth, *, organ_ids: Sequence[int] | None = None) -> list[Score]:
    """By peer group and rank; who is ranked with nobody stands at the end of the group."""
    rows = Score.objects.select_related("organ", "officer").filter(_seen_by(by), month=month)
    if organ_ids is not None:
        rows = rows.filter(organ_id__in=organ_ids)
    return sorted(
        rows, key=lambda one: (one.group_code == "", one.group_code, one.rank is None, one.rank or 0, one.key)
    )


def score_for(by: Acting, key: str) -> Score:
    """The score, or NOT_FOUND: the same answer for "does not exist" and "not yours"."""
    rows = Score.objects.select_related("organ", "officer", "month", "month__table_version__table")
    score = rows.filter(_seen_by(by), key=key).first()
    if score is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return score


def own_scores(officer_id: int, limit: int = TREND) -> list[Score]:
    """Newest first, also those not yet published: the officer sees a figure before anybody else does."""
    rows = Score.objects.select_related("organ", "month").filter(officer_id=officer_id)
    return list(rows.order_by("-month__month")[:limit])


def trend(score: Score, by: Acting) -> list[Score]:
    """The same organ's or officer's scores up to this month, oldest first."""
    rows = Score.objects.select_related("month").filter(
        _seen_by(by), organ=score.organ_id, officer=score.officer_id, month__month__lte=score.month.month
    )
    return list(rows.order_by("-month__month")[:TREND])[::-1]


def before(month: ScoreMonth, keys: Sequence[tuple[int, int | None]]) -> dict[tuple[int, int | None], Score]:
    """The month before, by (organ, officer): for 环比, the change since. One query."""
    earlier = Month(month.month.year, month.month.month).moved(-1).since
    rows = Score.objects.filter(month__subject=month.subject, month__month=earlier)
    wanted = set(keys)
    return {key: one for one in rows if (key := (one.organ_id, one.officer_id)) in wanted}


def edition(score: Score, number: int | None = None) -> ScoreEdition:
    found = ScoreEdition.objects.filter(score=score, number=number or score.edition).first()
    if found is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return found


def current_editions(found: Sequence[Score]) -> dict[int, ScoreEdition]:
    """The edition each score stands at, by score: one query for a page."""
    rows = ScoreEdition.objects.filter(score__in=[one.pk for one in found], number=F("score__edition"))
    return {row.score_id: row for row in rows}


def editions(score: Score) -> list[ScoreEdition]:
    """Newest first, without their contents."""
    return list(ScoreEdition.objects.filter(score=score).defer("content").order_by("-number"))


def marks(score: Score) -> list[ManualMark]:
    return list(ManualMark.objects.select_related("given_by").filter(score=score).order_by("-pk"))


# --- disputes --------------------------------------------------------------------------------------------------------


def may_appeal(score: Score, by: Acting) -> bool:
    """The officer, of an own score; who reads the organ's reports in a post there, of the organ's."""
    if not by.is_officer:
        return False
    if score.officer_id is not None:
        return score.officer_id == by.id
    return score.organ_id in by.organs(READ) and not by.can(*KEEPERS)


def appeals(score: Score) -> list[ScoreAppeal]:
    rows = ScoreAppeal.objects.filter(score=score).select_related("appealed_by", "decided_by")
    return list(rows.order_by("-pk"))


def open_appeals(limit: int = 50) -> list[ScoreAppeal]:
    """Oldest first: the desk of who decides."""
    rows = ScoreAppeal.objects.filter(state=ScoreAppeal.OPEN).select_related(
        "score__organ", "score__officer", "score__month__table_version", "appealed_by"
    )
    return list(rows.order_by("pk")[:limit])


def decided_appeals(limit: int = 20) -> list[ScoreAppeal]:
    rows = ScoreAppeal.objects.exclude(state=ScoreAppeal.OPEN).select_related(
        "score__organ", "score__officer", "score__month__table_version", "appealed_by", "decided_by"
    )
    return list(rows.order_by("-decided_at", "-pk")[:limit])


def appeal_for(appeal_id: int) -> ScoreAppeal:
    rows = ScoreAppeal.objects.select_related(
        "score__organ", "score__officer", "score__month__table_version__table", "appealed_by", "decided_by"
    )
    appeal = rows.filter(pk=appeal_id).first()
    if appeal is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return appeal


def open_appeal_count(month: ScoreMonth) -> int:
    return ScoreAppeal.objects.filter(score__month=month, state=ScoreAppeal.OPEN).count()


# --- the last twice --------------------------------------------------------------------------------------------------


def quarter_scores(quarter: Quarter) -> list[QuarterScore]:
    """Published organ scores of a quarter, the mean of its months; a quarter with a month missing says nothing."""
    rows: QuerySet[Score] = Score.objects.select_related("organ").filter(
        officer__isnull=True, total__isnull=False, rank__isnull=False, month__state=ScoreMonth.PUBLISHED,
        month__month__in=[month.since for month in quarter.months],
    )  # fmt: skip
    satisfied = rated(Subject.ORGAN, quarter.months[0].since, quarter.months[-1].until)
    least = least_ratings(quarter.months[-1].until)
    found: dict[str, list[Score]] = {}
    for one in rows.order_by("month__month"):
        found.setdefault(one.organ.code, []).append(one)
    return [
        QuarterScore(
            code,
            own[-1].group_code,
            (sum((one.total for one in own if one.total is not None), Decimal(0)) / 3).quantize(Decimal("0.01")),
            known.share if (known := satisfied.get(own[-1].organ_id, NONE)).base >= least else None,
        )
        for code, own in sorted(found.items())
        if len(own) == 3
    ]


def suggestions(on: date) -> tuple[Quarter, list[Suggestion]]:
    """Last in two consecutive quarters, as of the last quarter that has ended (§5.9). A list to read, nothing more."""
    year, number = Month(on.year, on.month).quarter
    later = Quarter(year, number).previous()
    return later, last_twice(quarter_scores(later.previous()), quarter_scores(later))
