"""Who sees a bad rating and who may take a step; who rated, for the caller alone; one of them with all that was said."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from zhengtong.base.journal import queries as journal
from zhengtong.base.law import current_law
from zhengtong.base.permission import Acting
from zhengtong.domains.ratings.labels import item_in_english
from zhengtong.domains.ratings.models import Rating
from zhengtong.domains.rectifications.models import Evidence, Note, Rectification, Revisit
from zhengtong.domains.registry import queries as registry
from zhengtong.domains.registry.models import Organ, Post
from zhengtong.rules.clock import local_date
from zhengtong.rules.rectifications import OPEN, ROUNDS, RectState, RectStep, Side, check_caller
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability, Role

PAGE = 50
OPEN_STATES = sorted(state.value for state in OPEN)
# Who verifies, mends and explains in the organ; from the second round on those above them, who took no part in the first.
ANSWERING: dict[int, frozenset[Role]] = {
    1: frozenset({Role.WINDOW, Role.HANDLER, Role.SECTION_HEAD}),
    2: frozenset({Role.SECTION_HEAD, Role.APPROVER}),
}
ABILITIES: dict[Side, tuple[Ability, ...]] = {
    Side.CENTRE: (Ability.KEEP_HALL,),
    Side.REVIEWER: (Ability.KEEP_HALL, Ability.SUPERVISE),
    Side.CALLER: (Ability.REVISIT,),
}
_WITH = ("organ", "section", "officer", "verifier", "reviewer")
LISTED = ("organ", "section", "officer")


def shown() -> QuerySet[Rectification]:
    """With all that a list or page says of a matter: its organ and people, and for a page in English its item."""
    rated = Rating.objects.filter(number=OuterRef("rating_number")).annotate(english=item_in_english("node__"))
    rows = Rectification.objects.select_related(*LISTED)
    return rows.annotate(item_name_en=Coalesce(Subquery(rated.values("english")[:1]), Value("")))


# --- who sees and who may -------------------------------------------------------------------------------------------


def _organ_posts(by: Acting) -> list[tuple[int, int | None]]:
    roles = ANSWERING[1] | ANSWERING[2]
    return [(post.organ_id, post.section_id) for post in by.posts if post.role in roles]


def seen_by(by: Acting) -> Q:
    """The centre and supervision see all; an organ's people what was dispatched to them; who was rated, their own once
    it was verified; who calls back, what waits to be called and what they called about."""
    if not by.is_officer:
        return Q(pk__in=[])
    if by.can(Ability.SEE_ALL, Ability.KEEP_HALL, Ability.SUPERVISE):
        return Q()
    wanted = Q(officer_id=by.officer_id)
    for organ_id, section_id in _organ_posts(by):
        where = Q(organ_id=organ_id)
        if section_id is not None:
            where &= Q(section_id=section_id) | Q(section_id__isnull=True)
        wanted |= where & ~Q(state=RectState.DISPATCH.value)
    if by.can(Ability.REVISIT):
        wanted |= Q(state=RectState.REVISIT.value) | Q(
            pk__in=Revisit.objects.filter(officer_id=by.officer_id).values("rectification_id")
        )
    return wanted & ~arriving(by)


def arriving(by: Acting) -> Q:
    """What was said of this officer and nobody has verified yet. Seen a minute after a visitor left, it would say who."""
    return Q(officer_id=by.officer_id, officer__isnull=False, verified_at__isnull=True, turn=1)


def rectification_for(by: Acting, number: str) -> Rectification:
    """The row, or Refusal(NOT_FOUND): the same answer for "does not exist" and "not yours"."""
    row = shown().select_related(*_WITH).filter(seen_by(by), number=number).first()
    if row is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return row


def rectification_by_token(token: UUID) -> Rectification:
    """The rater's own page: whoever holds its address, which was sent to them alone."""
    row = shown().select_related(*_WITH).filter(token=token).first()
    if row is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return row


def my_rectifications(by: Acting, *, before: int | None = None, limit: int = PAGE) -> list[Rectification]:
    """What became of one's own bad ratings, newest first."""
    if by.is_officer or by.id is None:
        return []
    rows = shown().filter(account_id=by.id)
    return list((rows if before is None else rows.filter(pk__lt=before)).order_by("-pk")[:limit])


def check_seen(row: Rectification, seen: int | None) -> None:
    """A step names the version it saw; Refusal(STALE) with what happened since, when it was another."""
    if seen is None or seen == row.version:
        return
    later = journal.entries_of(Rectification.journal_kind, row.number).filter(seq__gt=seen).last()
    raise Refusal(
        RefusalCode.STALE,
        kind=later.kind if later else "",
        actor=later.actor_name if later else "",
        at=later.at if later else "",
    )


def answers_for(by: Acting, row: Rectification) -> bool:
    """Whether a post of this person answers it: in its organ, in its section where both name one, at its level."""
    fits = any(
        post.role in ANSWERING[min(row.turn, ROUNDS)]
        and post.organ_id == row.organ_id
        and (post.section_id is None or row.section_id is None or post.section_id == row.section_id)
        for post in by.posts
    )
    return fits and (row.turn == 1 or by.id not in took_part(row, turn=1))


def check_answers(by: Acting, row: Rectification) -> None:
    if not answers_for(by, row):
        above = row.turn > 1 and any(organ == row.organ_id for organ, _ in _organ_posts(by))
        code = RefusalCode.RECTIFICATION_HIGHER_LEVEL if above else RefusalCode.RECTIFICATION_OTHER_ORGAN
        raise Refusal(code, organ=row.organ.name)


def sides_of(by: Acting, row: Rectification) -> tuple[Side, ...]:
    """On which sides of the table this person stands, for a screen; the actions ask again."""
    sides = [side for side, abilities in ABILITIES.items() if by.can(*abilities)]
    if answers_for(by, row):
        sides.append(Side.ORGAN)
    if by.is_officer and by.id is not None and by.id == row.officer_id:
        sides.append(Side.CONCERNED)
    return tuple(sides)


def officers_of(row: Rectification, step: RectStep) -> set[int]:
    """Who took a step, in whatever turn."""
    rows = Note.objects.filter(rectification=row, step=step.value, officer__isnull=False)
    return set(rows.values_list("officer_id", flat=True))


def took_part(row: Rectification, *, turn: int | None = None) -> set[int]:
    """Officers who had a hand in the matter."""
    rows = Note.objects.filter(rectification=row, officer__isnull=False)
    if turn is not None:
        rows = rows.filter(turn=turn)
    return set(rows.values_list("officer_id", flat=True))


def appeal_until(row: Rectification) -> date | None:
    """The last day on which the rated officer may appeal the verification; None while there is none, or it is theirs."""
    if row.verified_at is None or row.verdict not in {"SIMPLE", "COMPLEX", "NO_BASE"}:
        return None
    return _days_after(row.verified_at, "rectification.appeal.days")


def reopen_until(row: Rectification) -> date | None:
    """The last day on which the unhappy person may ask that it be opened again; None: not closed, or done once."""
    if row.closed_at is None or row.turn >= ROUNDS:
        return None
    return _days_after(row.closed_at, "rectification.reopen.days")


def was_asked(row: Rectification) -> bool:
    """Whether the person has said what they think of this round."""
    return Revisit.objects.filter(rectification=row, turn=row.turn, reached=True).exists()


def _days_after(moment: datetime, key: str) -> date:
    law, on = current_law(), local_date(moment)
    return law.calendar.nth_working_day(on, law.value(key, on))


def appeal_files(row: Rectification) -> int:
    return Evidence.objects.filter(
        note__rectification=row, note__turn=row.turn, note__step=RectStep.APPEAL.value
    ).count()


# --- who rated --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rater:
    name: str
    phone: str


def may_reveal(by: Acting, row: Rectification) -> bool:
    """Whoever must call back, while it waits, and took no part; never the organ, never who was rated."""
    if not row.real_name or not by.is_officer or row.state != RectState.REVISIT.value:
        return False
    return by.can(Ability.REVISIT) and by.id != row.officer_id and by.id not in took_part(row)


def check_may_reveal(by: Acting, row: Rectification) -> None:
    if not row.real_name:
        raise Refusal(RefusalCode.RECTIFICATION_NO_NAME)
    by.check(Ability.REVISIT)
    if row.state != RectState.REVISIT.value:
        raise Refusal(RefusalCode.RECTIFICATION_WRONG_STATE, step="reveal", state=row.state)
    check_caller(by.officer_id, took_part(row), row.officer_id)


def rater_of(row: Rectification) -> Rater:
    """Only `actions.reveal` and what tells the rater ask this."""
    person = registry.person_of(row.account_id) if row.account_id is not None else None
    name = person.name if person else (row.account.name if row.account else "")
    return Rater(name, row.phone or (person.phone if person else ""))


# --- one --------------------------------------------------------------------------------------------------------------


def notes(row: Rectification, *, public: bool = False) -> list[Note]:
    """Oldest first, each with its files; `public`: only what the unhappy person reads."""
    rows = Note.objects.filter(rectification=row).select_related("officer")
    if public:
        return list(rows.filter(public=True).order_by("pk"))
    return list(rows.prefetch_related("files__file").order_by("pk"))


def revisits(row: Rectification) -> list[Revisit]:
    return list(Revisit.objects.filter(rectification=row).select_related("officer").order_by("pk"))


def evidence_for(row: Rectification, evidence_id: int) -> Evidence:
    found = Evidence.objects.select_related("file").filter(note__rectification=row, pk=evidence_id).first()
    if found is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return found


def people_to_tell(row: Rectification, on: date) -> list[int]:
    """Accounts of those who must act in the organ now: its heads first of all; never who was rated."""
    posts = Post.objects.filter(registry.in_force(on), officer__left_on__isnull=True, organ_id=row.organ_id)
    heads = Role.APPROVER if row.turn > 1 else Role.SECTION_HEAD
    rows = posts.filter(role=heads.value)
    if row.officer_id is not None:
        rows = rows.exclude(officer_id=row.officer_id)
    if row.turn == 1 and row.section_id is not None:
        rows = rows.filter(Q(section_id=row.section_id) | Q(section_id__isnull=True))
    return sorted({pk for pk in rows.values_list("officer__account_id", flat=True) if pk is not None})


def centre_of(row: Rectification) -> int:
    """The service centre of the organ's region; the organ itself where there is none."""
    rows = Organ.objects.filter(is_centre=True, region_id=row.organ.region_id).order_by("pk")
    return rows.values_list("pk", flat=True).first() or row.organ_id
