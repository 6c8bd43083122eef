"""What people say to a score: points they give with a reason, what they dispute, what was decided, what is corrected."""

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from zhengtong.base import journal
from zhengtong.base.journal import Event
from zhengtong.base.permission import Acting
from zhengtong.domains.performance import queries, reckoning
from zhengtong.domains.performance.actions.locking import recount, rerank
from zhengtong.domains.performance.models import ManualMark, Score, ScoreAppeal
from zhengtong.domains.performance.quantities import fair_json, load, standards_from
from zhengtong.rules.kinds import Kind
from zhengtong.rules.period import local_date
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.rules.scoring import Indicator, cents
from zhengtong.rules.scoring_months import Month
from zhengtong.rules.scoring_quantities import Subject
from zhengtong.rules.scoring_tables import table_from
from zhengtong.rules.text import require_text

LEAST_REASON = 4


def _reason(text: str) -> str:
    reason = require_text(text, 1000, "reason")
    if len(reason) < LEAST_REASON:
        raise Refusal(RefusalCode.REASON_TOO_SHORT, least=LEAST_REASON)
    return reason


def _indicator(score: Score, code: str) -> Indicator:
    table = table_from(score.month.table_version.document)
    found = next((one for one in table.indicators() if one.code == code), None)
    if found is None:
        raise Refusal(RefusalCode.SCORE_INDICATOR_UNKNOWN)
    return found


def _unpublished(score: Score) -> None:
    if score.month.published:
        raise Refusal(RefusalCode.SCORE_PUBLISHED, month=f"{score.month.month:%Y-%m}")


def _uninvolved(score: Score, by: Acting) -> None:
    """Nobody judges an own score."""
    if score.officer_id is not None and score.officer_id == by.id:
        raise Refusal(RefusalCode.SCORE_INVOLVED)


def _give(score: Score, indicator: Indicator, points: Decimal, reason: str, *, by: Acting, at: datetime) -> None:
    if not indicator.min <= points <= indicator.max:
        raise Refusal(RefusalCode.SCORE_MARK_OUT_OF_RANGE, min=str(cents(indicator.min)), max=str(cents(indicator.max)))
    ManualMark.objects.filter(score=score, indicator=indicator.code, replaced_at__isnull=True).update(replaced_at=at)
    ManualMark.objects.create(
        score=score, indicator=indicator.code, points=cents(points), reason=reason, given_by_id=by.officer_id,
        given_at=at,
    )  # fmt: skip


@transaction.atomic
def mark(score: Score, code: str, points: Decimal, reason: str, *, by: Acting, at: datetime) -> Score:
    """Points on a manual indicator, before publication."""
    by.check(Ability.SUPERVISE)
    _unpublished(score)
    _uninvolved(score, by)
    indicator, told = _indicator(score, code), _reason(reason)
    if not indicator.manual:
        raise Refusal(RefusalCode.SCORE_INDICATOR_UNKNOWN)
    _give(score, indicator, points, told, by=by, at=at)
    _again(score, Kind.SCORE_MARKED, "marked", told, by=by, at=at)
    return score


def _again(score: Score, kind: Kind, reason_code: str, reason: str, *, by: Acting, at: datetime) -> None:
    quantities = reckoning.quantities_in(queries.edition(score).content)
    recount(
        score, quantities, reckoning.marks_of(score), kind=kind, reason_code=reason_code, reason=reason, by=by, at=at,
        force=True,
    )  # fmt: skip
    rerank(score.month, kind=kind, because=score.key, by=by, at=at)


@transaction.atomic
def appeal(score: Score, code: str, reason: str, *, by: Acting, at: datetime) -> ScoreAppeal:
    """Disputes one line, within three working days of the lock (§5.6)."""
    if not queries.may_appeal(score, by):
        raise Refusal(RefusalCode.NOT_FOUND)
    _unpublished(score)
    if local_date(at) > score.month.appeal_until:
        raise Refusal(RefusalCode.SCORE_APPEAL_TOO_LATE, until=score.month.appeal_until)
    told = _reason(reason)
    _indicator(score, code)
    try:
        with transaction.atomic():
            row = ScoreAppeal.objects.create(
                score=score, indicator=code, reason=told, appealed_by_id=by.officer_id, appealed_at=at
            )
    except IntegrityError:
        raise Refusal(RefusalCode.SCORE_APPEAL_OPEN) from None
    # The reason may name people; the journal keeps the line and who disputed it.
    journal.commit(score, Event(Kind.SCORE_APPEALED, {"indicator": code}), by=by, at=at)
    return row


@transaction.atomic
def decide(
    appeal: ScoreAppeal, *, granted: bool, decision: str, points: Decimal | None = None, by: Acting, at: datetime
) -> ScoreAppeal:
    """By somebody not involved, with reasons. Granted: this score is counted anew from what the rooms say now, and
    `points`, if given, stand for the disputed line."""
    by.check(Ability.PUBLISH_REPORTS)
    score = appeal.score
    _uninvolved(score, by)
    if appeal.appealed_by_id == by.id:
        raise Refusal(RefusalCode.SCORE_INVOLVED)
    _unpublished(score)
    told = _reason(decision)
    state = ScoreAppeal.GRANTED if granted else ScoreAppeal.REJECTED
    taken = ScoreAppeal.objects.filter(pk=appeal.pk, state=ScoreAppeal.OPEN)
    if not taken.update(state=state, decision=told, decided_by=by.officer_id, decided_at=at):
        raise Refusal(RefusalCode.STALE, kind=Kind.SCORE_APPEAL_DECIDED.value, actor="", at="")
    facts = {"indicator": appeal.indicator, "granted": granted}
    journal.commit(score, Event(Kind.SCORE_APPEAL_DECIDED, facts), by=by, at=at)
    if granted:
        if points is not None:
            _give(score, _indicator(score, appeal.indicator), points, told, by=by, at=at)
        _from_the_rooms(score, told, by=by, at=at)
        ScoreAppeal.objects.filter(pk=appeal.pk).update(edition=score.edition)
    appeal.refresh_from_db()
    return appeal


def _from_the_rooms(score: Score, reason: str, *, by: Acting, at: datetime) -> None:
    """One score from the figures of today, the others' standing as locked."""
    month = Month(score.month.month.year, score.month.month.month)
    entrants, _ = load(Subject(score.month.subject), month, standards_from(score.month.standards))
    own = next(
        (e for e in entrants if e.organ.pk == score.organ_id and (e.officer.pk if e.officer else None) == score.officer_id),
        None,
    )  # fmt: skip
    quantities = own.quantities if own else reckoning.quantities_in(queries.edition(score).content)
    recount(
        score, quantities, reckoning.marks_of(score), kind=Kind.SCORE_RECOUNTED, reason_code="appealed",
        reason=reason, by=by, at=at, fair=fair_json(own.fair) if own else None, force=True,
    )  # fmt: skip
    rerank(score.month, kind=Kind.SCORE_RECOUNTED, because=score.key, by=by, at=at)


@transaction.atomic
def correct(score: Score, code: str, points: Decimal, reason: str, *, by: Acting, at: datetime) -> Score:
    """After publication: a new edition that says why. The published one stays readable beside it."""
    by.check(Ability.PUBLISH_REPORTS)
    _uninvolved(score, by)
    if not score.month.published:
        raise Refusal(RefusalCode.SCORE_NOT_PUBLISHED, month=f"{score.month.month:%Y-%m}")
    indicator, told = _indicator(score, code), _reason(reason)
    _give(score, indicator, points, told, by=by, at=at)
    _again(score, Kind.SCORE_CORRECTED, "corrected", told, by=by, at=at)
    return score
