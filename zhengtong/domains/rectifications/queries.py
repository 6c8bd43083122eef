"""Questions about bad ratings and what was done. Permission stands in the query; who rated stands in one answer alone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth

from zhengtong.base.journal import queries as journal
from zhengtong.base.law import current_law
from zhengtong.base.permission import Acting
from zhengtong.domains.rectifications.models import Evidence, Note, Rectification, Revisit
from zhengtong.domains.registry import queries as registry
from zhengtong.domains.registry.models import Organ, Post
from zhengtong.rules.clock import SHANGHAI, end_of, local_date, start_of
from zhengtong.rules.rectifications import JUSTIFIED, MENDING, OPEN, ROUNDS, RectState, RectStep, Side, check_caller
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability, Role

PAGE = 50
COUNT_CAP = 1000
OPEN_STATES = sorted(state.value for state in OPEN)
# Who verifies, mends and explains in the organ; reopened, those above them who took no part the first time.
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
_LISTED = ("organ", "section", "officer")
TALKING = frozenset({RectStep.TRY_REVISIT.value, RectStep.REVISIT.value})


# --- who sees and who may -------------------------------------------------------------------------------------------


def _organ_posts(by: Acting) -> list[tuple[int, int | None]]:
    roles = ANSWERING[1] | ANSWERING[2]
    return [(post.organ_id, post.section_id) for post in by.posts if post.role in roles]


def _seen_by(by: Acting) -> Q:
    """The centre and supervision see all; an organ's people what was dispatched to them; who was rated, their own; who
    calls back, what waits to be called and what they called about."""
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
    return wanted


def rectification_for(by: Acting, number: str) -> Rectification:
    """The row, or Refusal(NOT_FOUND): the same answer for "does not exist" and "not yours"."""
    row = Rectification.objects.select_related(*_WITH).filter(_seen_by(by), number=number).first()
    if row is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return row


def rectification_by_token(token: UUID) -> Rectification:
    """The rater's own page: whoever holds its address, which was sent to them alone."""
    row = Rectification.objects.select_related(*_WITH).filter(token=token).first()
    if row is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return row


def my_rectifications(by: Acting, *, before: int | None = None, limit: int = PAGE) -> list[Rectification]:
    """What became of one's own bad ratings, newest first."""
    if by.is_officer or by.id is None:
        return []
    rows = Rectification.objects.select_related("organ", "section").filter(account_id=by.id)
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
        post.role in ANSWERING[row.turn]
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


# --- lists ------------------------------------------------------------------------------------------------------------


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
    rows = Rectification.objects.select_related(*_LISTED).filter(_seen_by(by), state__in=OPEN_STATES)
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
    rows = Rectification.objects.select_related(*_LISTED).filter(_seen_by(by), state=RectState.CLOSED.value)
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
                where = Q(organ_id=post.organ_id, state__in=working, turn=turn)
                if post.section_id is not None:
                    where &= Q(section_id=post.section_id) | Q(section_id__isnull=True)
                waiting |= where
    if by.can(Ability.REVISIT):
        waiting |= Q(state=RectState.REVISIT.value)
    if by.can(Ability.KEEP_HALL):
        waiting |= Q(state=RectState.DISPATCH.value)
    if by.can(*ABILITIES[Side.REVIEWER]):
        waiting |= Q(state=RectState.REVIEW.value) | Q(appeal_state="open")
    return waiting


def counts(by: Acting, *, at: datetime) -> dict[str, int]:
    """What stands above the list: open by state, `late`, and in all. It costs what is open."""
    rows = Rectification.objects.filter(_seen_by(by), state__in=OPEN_STATES)
    found = rows.order_by().values("state").annotate(n=Count("pk"), late=Count("pk", filter=_late(at)))
    by_state = {row["state"]: row for row in found}
    shown = {state: by_state[state]["n"] if state in by_state else 0 for state in OPEN_STATES}
    return shown | {"late": sum(row["late"] for row in by_state.values()), "open": sum(shown.values())}


def owed_count(by: Acting, cap: int = 99) -> int:
    """The badge of the rail, capped."""
    rows = Rectification.objects.filter(_owed(by), state__in=OPEN_STATES)
    return len(rows.order_by().values_list("pk")[: cap + 1])


def by_numbers(numbers: Iterable[str]) -> dict[str, Rectification]:
    """Plain rows for sweeps and flows, which act for the system."""
    rows = Rectification.objects.select_related(*_LISTED).filter(number__in=list(numbers))
    return {row.number: row for row in rows}


def for_ratings(rating_numbers: Sequence[str]) -> dict[str, Rectification]:
    """What each bad rating set off, by the rating's number."""
    rows = Rectification.objects.select_related(*_LISTED).filter(rating_number__in=list(rating_numbers))
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


# --- figures ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figures:
    """§6.6. Every rate keeps what it is made of. `due`: justified ones whose limit to mend ended in the period."""

    opened: int = 0
    closed: int = 0
    due: int = 0
    mended: int = 0
    in_time: int = 0
    named: int = 0  # closed real-name ones
    revisited: int = 0
    satisfied: int = 0
    reopened: int = 0
    set_aside: int = 0

    @property
    def rectified_rate(self) -> float | None:
        return self.mended / self.due if self.due else None

    @property
    def on_time_rate(self) -> float | None:
        return self.in_time / self.due if self.due else None

    @property
    def revisit_rate(self) -> float | None:
        return self.revisited / self.named if self.named else None

    @property
    def satisfied_rate(self) -> float | None:
        """Of those called back, content with what was done."""
        return self.satisfied / self.revisited if self.revisited else None


GROUPS: Mapping[str, str] = {"organ": "organ_id", "section": "section_id", "month": "month"}
_JUSTIFIED = [verdict.value for verdict in JUSTIFIED]


_NAMED = Q(real_name=True)
# Every figure: which rows it is drawn from, and which of them it counts.
PARTS: Mapping[str, tuple[str, Q]] = {
    "opened": ("opened", Q()),
    "reopened": ("opened", Q(turn__gt=1)),
    "due": ("due", Q()),
    "mended": ("due", Q(mended_at__isnull=False)),
    "in_time": ("due", Q(mended_at__isnull=False, mended_at__lte=F("mend_due_at"))),
    "closed": ("closed", Q()),
    "named": ("closed", _NAMED),
    "revisited": ("closed", _NAMED & Q(revisited_at__isnull=False)),
    "satisfied": ("closed", _NAMED & Q(satisfied=True)),
    "set_aside": ("closed", Q(outcome__in=["MISTAKEN", "UNTRUE"])),
}
_MOMENTS = {"opened": "opened_at", "due": "mend_due_on", "closed": "closed_at"}
_COUNTED = tuple(
    (base, moment, {name: Count("pk", filter=condition) for name, (of, condition) in PARTS.items() if of == base})
    for base, moment in _MOMENTS.items()
)


def figures(
    by: Acting, since: date, until: date, *, group: str = "", organ_id: int | None = None
) -> dict[Any, Figures]:
    """Per organ id, section id or month (its first day), both days included; "" groups nothing: one entry under None.

    Three queries, whatever there is.
    """
    sums: dict[Any, dict[str, int]] = {}
    for part, moment, counted in _COUNTED:
        rows = _rows_of(part, since, until).filter(_seen_by(by))
        if organ_id is not None:
            rows = rows.filter(organ_id=organ_id)
        grouped: Any
        if group == "month":
            month = TruncMonth(moment, tzinfo=SHANGHAI) if moment.endswith("_at") else TruncMonth(moment)
            grouped = rows.order_by().annotate(month=month).values("month").annotate(**counted)
        elif group:
            grouped = rows.order_by().values(GROUPS[group]).annotate(**counted)
        else:
            grouped = [rows.aggregate(**counted)]
        for row in grouped:
            key = row.get(GROUPS[group]) if group else None
            if isinstance(key, datetime):
                key = key.astimezone(SHANGHAI).date()
            own = sums.setdefault(key, {})
            for name in counted:
                own[name] = own.get(name, 0) + row[name]
    return {key: Figures(**own) for key, own in sums.items()}


def _rows_of(part: str, since: date, until: date) -> QuerySet[Rectification]:
    first, last = start_of(since), end_of(until)
    rows = Rectification.objects.all()
    if part == "opened":
        return rows.filter(opened_at__gte=first, opened_at__lte=last)
    if part == "due":
        return rows.filter(mend_due_on__gte=since, mend_due_on__lte=until, verdict__in=_JUSTIFIED)
    return rows.filter(closed_at__gte=first, closed_at__lte=last)


def figure_rows(
    by: Acting,
    part: str,
    since: date,
    until: date,
    *,
    organ_id: int | None = None,
    section_id: int | None = None,
    before: int | None = None,
    limit: int = PAGE,
) -> list[Rectification]:
    """The rows that a figure counts, newest first."""
    base, condition = PARTS[part]
    rows = _rows_of(base, since, until).filter(_seen_by(by)).filter(condition)
    wanted = {"organ_id": organ_id, "section_id": section_id, "pk__lt": before}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    return list(rows.select_related(*_LISTED).order_by("-pk")[:limit])
