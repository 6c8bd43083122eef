"""A month of scores: locked together, ranked inside peer groups, counted once more, published."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from zhengtong.base import journal
from zhengtong.base.journal import Event
from zhengtong.base.law import Law
from zhengtong.base.permission import Acting, ActorKind
from zhengtong.domains.performance import queries, reckoning
from zhengtong.domains.performance.models import Score, ScoreEdition, ScoreMonth, ScoreTableVersion
from zhengtong.domains.performance.quantities import Entrant, cards_of, load, of_cards, standard_json
from zhengtong.domains.performance.voices import voices
from zhengtong.rules.kinds import Kind
from zhengtong.rules.period import local_date
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.rules.scoring import Mark, Result
from zhengtong.rules.scoring_months import Entrant as Ranked
from zhengtong.rules.scoring_months import Month, Place, places
from zhengtong.rules.scoring_quantities import Quantity, Subject


@transaction.atomic
def lock(subject: Subject, month: Month, law: Law, *, by: Acting, at: datetime) -> ScoreMonth:
    """Freezes the scores of a month from its fifth following working day on. Those concerned may now look."""
    if by.kind is not ActorKind.SYSTEM:
        by.check(Ability.SUPERVISE)
    dates = queries.month_dates(month, law)
    if local_date(at) < dates.lock_on:
        raise Refusal(RefusalCode.SCORE_LOCK_TOO_EARLY, on=dates.lock_on)
    if queries.score_month(subject, month) is not None:
        raise Refusal(RefusalCode.SCORE_EXISTS, month=str(month))
    version = queries.version_in_force(subject, month)
    if version is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    entrants, standards = load(subject, month)
    row = ScoreMonth(
        subject=subject.value, month=month.since, table_version=version, locked_at=at,
        appeal_until=dates.appeal_until, publish_on=dates.publish_on, provisional=dates.provisional,
        standards={code: standard_json(one) for code, one in standards.items()},
    )  # fmt: skip
    journal.insert(row, Event(Kind.SCORE_MONTH_LOCKED, {"scores": len(entrants)}), by=by, at=at)
    _insert_scores(row, version, entrants, by=by, at=at)
    return row


def _insert_scores(
    row: ScoreMonth, version: ScoreTableVersion, entrants: list[Entrant], *, by: Acting, at: datetime
) -> None:
    month = Month(row.month.year, row.month.month)
    made: list[tuple[Score, Result, dict[str, object]]] = []
    for one in entrants:
        result, content = reckoning.reckon_entrant(version, one)
        score = Score(
            month=row, key=f"{one.subject_key}-{month}", organ=one.organ, officer=one.officer,
            group_code=one.group.code, group_name=one.group.name, group_name_en=one.group.name_en,
            finished=one.finished, total=result.total, grade=result.grade,
        )  # fmt: skip
        made.append((score, result, content))
    standing = _standing([score for score, _, _ in made], version)
    for score, _, _ in made:
        score.rank, score.ranked_of = standing[score.key]
    journal.insert_all(
        [
            (score, [Event(Kind.SCORE_LOCKED, {"month": str(month), "digest": reckoning.digest(content)})])
            for score, _, content in made
        ],
        by=by,
        at=at,
    )
    stored = dict(Score.objects.filter(month=row).values_list("key", "pk"))  # SQLite's bulk insert names no keys
    ScoreEdition.objects.bulk_create(
        ScoreEdition(
            score_id=stored[score.key], number=1, content=content, digest=reckoning.digest(content),
            reason_code="locked", made_at=at, made_by=by.name,
        )
        for score, _, content in made
    )  # fmt: skip


def _standing(scores: list[Score], version: ScoreTableVersion) -> dict[str, Place]:
    least = version.document["least_finished"]
    return places([Ranked(one.key, one.group_code, one.total, one.finished) for one in scores], least)


def recount(
    score: Score,
    quantities: Mapping[str, Quantity],
    marks: Mapping[str, Mark],
    *,
    kind: Kind,
    reason_code: str,
    reason: str,
    by: Acting,
    at: datetime,
    fair: object = None,
    force: bool = False,
) -> bool:
    """A new edition of one score where anything in it changed (or `force`). The ranks are `rerank`'s."""
    version = score.month.table_version
    old = queries.edition(score)
    result, content = reckoning.reckon(version, quantities, old.content["fair"] if fair is None else fair, marks)
    digest = reckoning.digest(content)
    if digest == old.digest and not force:
        return False
    facts = {"digest": digest, "reason": reason, "before": str(score.total or "")}
    finished = quantities["finished"].numerator if "finished" in quantities else score.finished
    journal.commit(
        score, Event(kind, facts), by=by, at=at, edition=score.edition + 1, total=result.total, grade=result.grade,
        finished=int(finished),
    )  # fmt: skip
    ScoreEdition.objects.create(
        score=score, number=score.edition, content=content, digest=digest, reason_code=reason_code, reason=reason,
        made_at=at, made_by=by.name,
    )  # fmt: skip
    return True


def rerank(month: ScoreMonth, *, kind: Kind, because: str, by: Acting, at: datetime) -> int:
    """Places anew; each score whose place moved says in its journal which change moved it."""
    scores = list(Score.objects.filter(month=month))
    standing = _standing(scores, month.table_version)
    moved = [one for one in scores if (one.rank, one.ranked_of) != tuple(standing[one.key])]
    for one in moved:
        place = standing[one.key]
        event = Event(kind, {"because": because})
        journal.commit(one, event, by=by, at=at, rank=place.rank, ranked_of=place.of)
    return len(moved)


@transaction.atomic
def publish(subject: Subject, month: Month, *, by: Acting, at: datetime) -> ScoreMonth:
    """From the tenth working day on, once every dispute is decided. Cards taken back since the lock cost nothing, and
    what people said counts as it stands now."""
    by.check(Ability.PUBLISH_REPORTS)
    row = queries.score_month(subject, month)
    if row is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    if row.published:
        raise Refusal(RefusalCode.SCORE_PUBLISHED, month=str(month))
    if local_date(at) < row.publish_on:
        raise Refusal(RefusalCode.SCORE_PUBLISH_TOO_EARLY, on=row.publish_on)
    if waiting := queries.open_appeal_count(row):
        raise Refusal(RefusalCode.SCORE_APPEALS_OPEN, count=waiting)
    recounted = _once_more(row, month, by=by, at=at)
    facts = {"recounted": recounted}
    journal.commit(
        row, Event(Kind.SCORE_MONTH_PUBLISHED, facts), by=by, at=at, state=ScoreMonth.PUBLISHED, published_at=at,
        published_by_id=by.officer_id,
    )  # fmt: skip
    return row


def _once_more(row: ScoreMonth, month: Month, *, by: Acting, at: datetime) -> int:
    """Counts cards and voices once more; nothing else moves.

    A card revoked on appeal is removed before publication (§5.6). A rating set aside or put back since the lock, one
    that came in on the last day of its window, a finding revised by a second answer: each is what it is now.
    """
    subject = Subject(row.subject)
    scores = list(Score.objects.filter(month=row).select_related("month__table_version__table"))
    units = {score.pk: (score.organ_id if subject is Subject.ORGAN else score.officer_id) or 0 for score in scores}
    group_of = {units[score.pk]: score.group_code for score in scores}
    cards, said, recounted = cards_of(subject, month), voices(subject, month, group_of), 0
    for score in scores:
        unit = units[score.pk]
        known = reckoning.quantities_in(queries.edition(score).content)
        carded = known | of_cards(cards.get(unit, {}), score.finished)
        # A month locked before a quantity existed is published without it: those concerned never saw it.
        again = carded | {name: one for name, one in said[unit].items() if name in known}
        if again != known:
            recounted += recount(
                score, again, reckoning.marks_of(score), kind=Kind.SCORE_RECOUNTED,
                reason_code="cards" if carded != known else "voices", reason="", by=by, at=at,
            )  # fmt: skip
    if recounted:
        rerank(row, kind=Kind.SCORE_RECOUNTED, because="recount", by=by, at=at)
    return recounted
