"""Lists of cases, keyset-paged: the inbox, the pool, the files, an applicant's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.permission import Acting
from zhengtong.domains.cases.models import Case, Consultation
from zhengtong.rules.clock import end_of
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.procedure import CLOSED
from zhengtong.rules.roles import Ability, Role

CLOSED_STATES = sorted(s.value for s in CLOSED)
PAGE = 50
MOST_ENTERPRISES = 20  # whose cases one list shows together; further ones by acting for them
COUNT_CAP = 1000  # a badge says "more than 1,000" rather than count a million rows
BADGE_CAP = 99


@dataclass(frozen=True, slots=True)
class CasePage:
    """`after` asks for the next page; "" where there is none."""

    cases: Sequence[Case]
    after: str


def _keyset(rows: QuerySet[Case], after: str, limit: int) -> CasePage:
    """By due date, those without one (paused, or waiting for the applicant) last; then by id."""
    dated, _, pk = after.partition("~")
    # Any address may be typed: a longer number is none of ours (the second is microseconds, up to the year 2286).
    position = int(pk) if pk.isdecimal() and len(pk) < 19 else 0
    cases: list[Case] = []
    if dated != "-":
        first = rows.filter(due_at__isnull=False)
        if dated.isdecimal() and len(dated) <= 16:
            due = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=int(dated))
            first = first.filter(Q(due_at__gt=due) | Q(due_at=due, pk__gt=position), due_at__gte=due)
        cases = list(first.order_by("due_at", "pk")[: limit + 1])
        position = 0
    if len(cases) <= limit:
        rest = rows.filter(due_at__isnull=True, pk__gt=position).order_by("pk")[: limit + 1 - len(cases)]
        cases += list(rest)
    more = len(cases) > limit
    cases = cases[:limit]
    last = cases[-1] if more else None
    token = f"{_microseconds(last.due_at) if last.due_at else '-'}~{last.pk}" if last else ""
    return CasePage(cases, token)


def _microseconds(at: datetime) -> int:
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _listed(rows: QuerySet[Case]) -> QuerySet[Case]:
    # The organ by a query of its own: joined to rows already bound to one organ, it makes SQLite sort them all.
    return rows.select_related("holder").prefetch_related("organ").defer("contact_phone", "applicant_id")


def inbox(
    by: Acting,
    *,
    after: str = "",
    stage: str = "",
    lamp: str = "",
    at: datetime | None = None,
    soon_on: date | None = None,
    limit: int = PAGE,
) -> CasePage:
    """What this officer, or an absent colleague they stand in for, holds and must act on; most urgent first.

    `lamp` (late, soon, ok, wait) keeps the rows that `inbox_counts` counts under it; it needs `at` and `soon_on`.
    """
    rows = _held(by)
    if stage:
        rows = rows.filter(stage=stage)
    if lamp and at is not None and soon_on is not None:
        rows = rows.filter(_lamps(at, soon_on)[lamp])
    return _keyset(_listed(rows), after, limit)


def _held(by: Acting) -> QuerySet[Case]:
    return Case.objects.filter(holder_id__in=by.principals())  # nobody holds a closed case


def _lamps(at: datetime, soon_on: date) -> dict[str, Q]:
    soon = end_of(soon_on)
    return {
        "late": Q(due_at__lt=at),
        "soon": Q(due_at__gte=at, due_at__lte=soon),
        "ok": Q(due_at__gt=soon, due_at__gte=at),
        "wait": Q(due_at__isnull=True),
    }


def pool(by: Acting, *, after: str = "", limit: int = PAGE) -> CasePage:
    """Cases nobody holds yet that this officer's posts could take: new submissions at the window, a section's unassigned."""
    return _keyset(_listed(_pool_rows(by)), after, limit)


def _pool_rows(by: Acting) -> QuerySet[Case]:
    wanted = Q(pk__in=[])
    stages = {
        Role.WINDOW: ("ACCEPT", "FINISH"),
        Role.HANDLER: ("PROCESS",),
        Role.REVIEWER: ("REVIEW",),
        Role.APPROVER: ("APPROVE",),
    }
    for post in by.posts:
        if post.role in stages:
            where = Q(stage__in=stages[post.role])
            if not post.everywhere:
                where &= Q(organ_id=post.organ_id)
                if post.section_id is not None and post.role is not Role.WINDOW:
                    where &= Q(section_id=post.section_id) | Q(section_id__isnull=True)
            wanted |= where
    return Case.objects.filter(wanted, waiting=True)


def inbox_counts(by: Acting, *, at: datetime, soon_on: date) -> dict[str, int]:
    """Lamps above the inbox: late, soon, running, waiting; each capped so that the page costs the same at any size."""
    rows = _held(by)
    dues = list(rows.order_by().values_list("due_on", "due_at")[: COUNT_CAP + 1])
    if len(dues) > COUNT_CAP:
        counts = {name: _capped(rows.filter(condition)) for name, condition in _lamps(at, soon_on).items()}
    else:
        counts = dict.fromkeys(_lamps(at, soon_on), 0)
        for due_on, due_at in dues:
            counts[_lamp_of(due_on, due_at, at, soon_on)] += 1
    return counts | {"pool": _capped(_pool_rows(by))}


def _lamp_of(due_on: date | None, due_at: datetime | None, at: datetime, soon_on: date) -> str:
    """As `_lamps`, in memory: few rows are counted by one query."""
    if due_on is None or due_at is None:
        return "wait"
    if due_at < at:
        return "late"
    return "soon" if due_on <= soon_on else "ok"


def _capped(rows: QuerySet[Case]) -> int:
    return rows.order_by()[: COUNT_CAP + 1].count()


def _filed_for(by: Acting) -> Q:
    """Whose files a search goes through: the organs of one's posts. A case one is merely consulted on is not among
    them: an OR over three tables would read a million rows to show fifty; it is found under the consultations.
    """
    if by.can(Ability.SEE_ALL) or by.everywhere(Ability.TAKE_IN):
        return Q()
    return Q(organ_id__in=by.organs(Ability.SEARCH_FILES))


def files(
    by: Acting,
    *,
    numbers: Sequence[int] | None = None,
    state: str = "",
    organ_id: int | None = None,
    item_id: int | None = None,
    channel: str = "",
    since: date | None = None,
    until: date | None = None,
    open_only: bool = False,
    late_at: datetime | None = None,
    holder: str = "",
    imported: bool | None = None,
    finished: bool | None = None,
    outcome: str = "",
    before: int | None = None,
    limit: int = PAGE,
) -> list[Case]:
    """Search of files (档案查询), newest first, keyset by id. `numbers`: ids found by the text index.

    `holder`: part of a name, or a staff number. `outcome` (met, missed): how the promise ended.
    """
    asked = {
        "pk__in": numbers,
        "state": state,
        "organ_id": organ_id,
        "item_id": item_id,
        "channel": channel,
        "received_on__gte": since,
        "received_on__lte": until,
        "imported": imported,
        "due_at__lt": late_at,
        "pk__lt": before,
    }
    rows = Case.objects.filter(
        _filed_for(by), **{name: value for name, value in asked.items() if value not in ("", None)}
    )
    if open_only or late_at is not None:
        rows = rows.exclude(state__in=CLOSED_STATES)
    if late_at is not None:
        rows = rows.filter(due_at__isnull=False)  # says to the planner which index fits
    if holder:
        rows = rows.filter(Q(holder__name__contains=holder) | Q(holder__staff_no=holder))
    if finished is not None:
        rows = rows.filter(finished_at__isnull=not finished)
    if outcome:
        rows = rows.filter(Exists(_promise_of.filter(outcome=outcome)))
    return list(_listed(rows).order_by("-pk")[:limit])


_promise_of = Deadline.objects.filter(
    subject_kind="case", subject_key=OuterRef("number"), kind=DeadlineKind.PROMISE.value
)


def cases_of_applicant(by: Acting, *, before: int | None = None, limit: int = PAGE) -> list[Case]:
    """An applicant's own cases, newest first: filed for oneself, by person, by the enterprise acted for.

    One index look-up per ground, then the rows: an OR over the three would walk the whole table backwards.
    """
    grounds = [Q(account_id=by.id, enterprise__isnull=True)]
    if by.person_id is not None:
        grounds.append(Q(person_id=by.person_id, enterprise__isnull=True))
    grounds += [Q(enterprise_id=pk) for pk in sorted(by.enterprise_ids)[:MOST_ENTERPRISES]]
    found: set[int] = set()
    for ground in grounds:
        rows = Case.objects.filter(ground)
        if before is not None:
            rows = rows.filter(pk__lt=before)
        found.update(rows.order_by("-pk").values_list("pk", flat=True)[:limit])
    return list(_listed(Case.objects.filter(pk__in=sorted(found, reverse=True)[:limit])).order_by("-pk"))


def open_consultations(by: Acting, limit: int = PAGE) -> list[Consultation]:
    """Questions put to this officer's sections and not answered yet, oldest first."""
    sections = {p.section_id for p in by.posts if p.section_id is not None}
    return list(
        Consultation.objects.filter(section_id__in=sections, answered_at__isnull=True)
        .select_related("case", "section", "asked_by")
        .order_by("asked_at")[:limit]
    )


def register(
    by: Acting, *, organ_id: int | None, since: date, until: date, after: int = 0, limit: int = PAGE
) -> list[Case]:
    """受理登记册: every case received in a period, in the order of receipt; keyset by id."""
    rows = Case.objects.filter(
        _filed_for(by), received_on__gte=since, received_on__lte=until, imported=False, pk__gt=after
    )
    if organ_id is not None:
        rows = rows.filter(organ_id=organ_id)
    return list(rows.select_related("organ", "acceptor").defer("contact_phone").order_by("pk")[:limit])


def badges(by: Acting) -> dict[str, int]:
    """What waits behind the ways of the rail, capped: cases held, questions to one's sections."""
    held = _held(by)
    sections = {p.section_id for p in by.posts if p.section_id is not None}
    asked = Consultation.objects.filter(section_id__in=sections, answered_at__isnull=True)
    return {
        "held": len(held.order_by().values_list("pk")[: BADGE_CAP + 1]),
        "consulted": len(asked.order_by().values_list("pk")[: BADGE_CAP + 1]) if sections else 0,
    }
