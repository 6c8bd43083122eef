"""Lists: what is open, most urgent first; what has ended; the public ledger of plans."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Count, Q

from zhengtong.base.permission import Acting
from zhengtong.domains.rectifications.models import Note, Rectification
from zhengtong.domains.rectifications.queries.who import (
    ABILITIES,
    ANSWERING,
    LISTED,
    OPEN_STATES,
    PAGE,
    arriving,
    seen_by,
    shown,
)
from zhengtong.rules.rectifications import MENDING, ROUNDS, RectState, RectStep, Side
from zhengtong.rules.roles import Ability


def rectifications(
    by: Acting,
    *,
    state: str = "",
    organ_id: int | None = None,
    section_id: int | None = None,
    outcome: str = "",
    mine: bool = False,
    late_at: datetime | None = None,
    after: tuple[datetime, int] | None = None,
    limit: int = PAGE,
) -> list[Rectification]:
    """Open ones, most urgent first, keyset by (due, id). `mine`: only those this person's posts answer now."""
    rows = shown().filter(seen_by(by), state__in=OPEN_STATES)
    wanted = {"state": state, "organ_id": organ_id, "section_id": section_id, "outcome": outcome}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    if mine:
        rows = rows.filter(_owed(by))
    if late_at is not None:
        rows = rows.filter(_late(late_at))
    if after is not None:
        rows = rows.filter(Q(due_at__gt=after[0]) | Q(due_at=after[0], pk__gt=after[1]))
    return list(rows.order_by("due_at", "pk")[:limit])


def closed(
    by: Acting,
    *,
    organ_id: int | None = None,
    section_id: int | None = None,
    outcome: str = "",
    before: int | None = None,
    limit: int = PAGE,
) -> list[Rectification]:
    """Closed ones, newest first, keyset by id."""
    rows = shown().filter(seen_by(by), state=RectState.CLOSED.value)
    wanted = {"organ_id": organ_id, "section_id": section_id, "outcome": outcome, "pk__lt": before}
    return list(rows.filter(**{name: value for name, value in wanted.items() if value}).order_by("-pk")[:limit])


def _late(at: datetime) -> Q:
    return Q(state__in=OPEN_STATES, due_at__lt=at, provisional=False)


def _owed(by: Acting) -> Q:
    """What waits for this person: for their posts, their calls, their dispatch or review."""
    waiting = Q(pk__in=[])
    working = [RectState.VERIFY.value, RectState.EXPLAIN.value, *(state.value for state in MENDING)]
    for turn, roles in ANSWERING.items():
        for post in by.posts:
            if post.role in roles:
                where = Q(organ_id=post.organ_id, state__in=working)
                where &= Q(turn=turn) if turn < ROUNDS else Q(turn__gte=ROUNDS)
                if post.section_id is not None:
                    where &= Q(section_id=post.section_id) | Q(section_id__isnull=True)
                waiting |= where
    if by.can(Ability.REVISIT):
        waiting |= Q(state=RectState.REVISIT.value)
    if by.can(Ability.KEEP_HALL):
        waiting |= Q(state=RectState.DISPATCH.value)
    if by.can(*ABILITIES[Side.REVIEWER]):
        waiting |= Q(state=RectState.REVIEW.value) | Q(appeal_state="open")
    return waiting & ~arriving(by) if by.is_officer else waiting


def counts(by: Acting, *, at: datetime) -> dict[str, int]:
    """What stands above the list: open by state, `late`, and in all. It costs what is open."""
    rows = Rectification.objects.filter(seen_by(by), state__in=OPEN_STATES)
    found = rows.order_by().values("state").annotate(n=Count("pk"), late=Count("pk", filter=_late(at)))
    by_state = {row["state"]: row for row in found}
    open_ = {state: by_state[state]["n"] if state in by_state else 0 for state in OPEN_STATES}
    return open_ | {"late": sum(row["late"] for row in by_state.values()), "open": sum(open_.values())}


def owed_count(by: Acting, cap: int = 99) -> int:
    """The badge of the rail, capped."""
    rows = Rectification.objects.filter(_owed(by), state__in=OPEN_STATES)
    return len(rows.order_by().values_list("pk")[: cap + 1])


def by_numbers(numbers: Iterable[str]) -> dict[str, Rectification]:
    """Plain rows for sweeps and flows, which act for the system."""
    rows = Rectification.objects.select_related(*LISTED).filter(number__in=list(numbers))
    return {row.number: row for row in rows}


def for_ratings(rating_numbers: Sequence[str]) -> dict[str, Rectification]:
    """What each bad rating set off, by the rating's number."""
    rows = Rectification.objects.select_related(*LISTED).filter(rating_number__in=list(rating_numbers))
    return {row.rating_number: row for row in rows}


def ledger(*, organ_id: int | None = None, before: int | None = None, limit: int = 20) -> list[Rectification]:
    """台账 of plans, for everybody, newest first. Nothing in it says who rated, what they wrote, or whom they rated."""
    rows = Rectification.objects.select_related("organ", "section").exclude(plan="")
    wanted = {"organ_id": organ_id, "pk__lt": before}
    return list(rows.filter(**{name: value for name, value in wanted.items() if value}).order_by("-pk")[:limit])


def ledger_notes(rows: Sequence[Rectification]) -> dict[int, list[Note]]:
    """Progress and result of each plan, oldest first."""
    steps = [RectStep.PROGRESS.value, RectStep.FIX.value]
    found: dict[int, list[Note]] = {}
    notes = Note.objects.filter(rectification__in=list(rows), step__in=steps, public=True)
    for note in notes.order_by("pk"):
        found.setdefault(note.rectification_id, []).append(note)
    return found
