"""Questions about cases. Permission stands in the query: a door that has a case was given it here."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from zhengtong.base import editions
from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.journal.models import Entry
from zhengtong.base.law import Law, law_at
from zhengtong.base.permission import Acting, ActorKind
from zhengtong.base.search import Texts
from zhengtong.domains.applications.models import Application
from zhengtong.domains.cases.models import (
    Case,
    CaseMessage,
    CheckTick,
    Consultation,
    DispatchRule,
    Paper,
    SpecialProcedureRun,
    SupplementItem,
)
from zhengtong.domains.registry.models import Organ
from zhengtong.rules.clock import end_of, local_date
from zhengtong.rules.kinds import PUBLIC_KINDS, Kind
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.procedure import CLOSED
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability, Role

CLOSED_STATES = sorted(s.value for s in CLOSED)
PAGE = 50
MOST_ENTERPRISES = 20  # whose cases one list shows together; further ones by acting for them
COUNT_CAP = 1000  # a badge says "more than 1,000" rather than count a million rows


def _seen_by(by: Acting) -> Q:
    """Which cases this person may see at all."""
    if by.kind is ActorKind.APPLICANT:
        # Who filed for an enterprise sees the case while they may act for it: an ended mandate takes its files along.
        mine = Q(account_id=by.id, enterprise__isnull=True)
        if by.person_id is not None:
            mine |= Q(person_id=by.person_id, enterprise__isnull=True)
        if by.enterprise_ids:
            mine |= Q(enterprise_id__in=by.enterprise_ids)
        return mine
    if not by.is_officer:
        return Q()
    if by.can(Ability.SEE_ALL) or by.everywhere(Ability.TAKE_IN):
        return Q()
    sections = {p.section_id for p in by.posts if p.section_id is not None}
    consulted = Q(pk__in=Consultation.objects.filter(section_id__in=sections).values("case_id"))
    # Who keeps people, items or the system of an organ has no business in its cases.
    return Q(organ_id__in=by.organs(Ability.SEARCH_FILES)) | Q(holder_id__in=by.principals()) | consulted


# What steps, papers and pages read together with the case, in one query.
_WITH = ("application", "organ", "organ__region", "section", "holder", "item", "person", "enterprise")


_LAW = editions.Edition.objects.filter(name=editions.LAW).values("number")[:1]


def _with_editions(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Reads the edition of the law in the same query, so that a page costs no further one."""
    return rows.annotate(law_edition=Coalesce(Subquery(_LAW), 0))


def case_for(by: Acting, number: str) -> Case:
    """The case with all that its steps and pages read, or Refusal(NOT_FOUND): the same answer for
    "does not exist" and "not yours", so that no number can be tried out."""
    case = _with_editions(Case.objects.select_related(*_WITH)).filter(_seen_by(by), number=number).first()
    if case is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return case


def check_seen(case: Case, seen: int | None) -> None:
    """A step names the version of the case it saw; Refusal(STALE) with what happened since, when it was another."""
    if seen is None or seen == case.version:
        return
    latest = Entry.objects.filter(subject_kind="case", subject_key=case.number, seq__gt=seen).order_by("-seq").first()
    raise Refusal(
        RefusalCode.STALE,
        kind=latest.kind if latest else "",
        actor=latest.actor_name if latest else "",
        at=latest.at if latest else "",
    )


def case_by_slip(number: str, query_code: str) -> Case:
    """The case for whoever holds the receipt with its 查询码; no sign-in. Refusal(SLIP_UNKNOWN) else."""
    case = (
        _with_editions(Case.objects.select_related(*_WITH))
        .filter(number=number.strip().upper(), query_code=query_code.strip().upper())
        .first()
    )
    if case is None:
        raise Refusal(RefusalCode.SLIP_UNKNOWN)
    return case


def law_for(case: Case) -> Law:
    """The law at the editions read with this case."""
    return law_at(case.law_edition)  # type: ignore[attr-defined]  # annotated above


def case_of_application(application: Application) -> Case:
    """The case an application has become; for a submission that is sent twice."""
    return Case.objects.select_related("organ", "item").get(application=application)


def section_for(organ_id: int, item_id: int) -> int | None:
    """分派规则: the item's own section, else the organ's default one, else none (any post of the organ may take it)."""
    rules = DispatchRule.objects.filter(Q(item_id=item_id) | Q(item__isnull=True), organ_id=organ_id)
    found: dict[int | None, int] = dict(rules.values_list("item_id", "section_id"))
    return found.get(item_id, found.get(None))


def search_texts(case: Case) -> Texts:
    """What a file is found by: applicant, agent, item, number. Names only; identity numbers go by keyed hash."""
    return Texts(name=[case.applicant_name, case.agent_name, case.number, case.external_no], keyword=[case.item_name])


def consultation_for(by: Acting, consultation_id: int) -> Consultation:
    """A question put to one of this officer's sections."""
    sections = {p.section_id for p in by.posts if p.section_id is not None}
    row = (
        Consultation.objects.select_related("case", "section")
        .filter(pk=consultation_id, section_id__in=sections)
        .first()
    )
    if row is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return row


# --- lists ---


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


# --- one case ---


def acts(case: Case, *, public: bool) -> list[Entry]:
    """The journal of a case, oldest first; `public` leaves out what stays among officers."""
    rows = Entry.objects.filter(subject_kind="case", subject_key=case.number)
    if public:
        rows = rows.filter(kind__in=[k.value for k in PUBLIC_KINDS])
    return list(rows.order_by("seq"))


def papers(case: Case) -> list[Paper]:
    return list(Paper.objects.filter(case=case).order_by("id"))


def paper_for(case: Case, uid: Any) -> Paper:
    paper = Paper.objects.filter(case=case, uid=uid).first()
    if paper is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return paper


def thread(case: Case) -> list[CaseMessage]:
    return list(CaseMessage.objects.filter(case=case).order_by("id"))


def consultations(case: Case) -> list[Consultation]:
    return list(
        Consultation.objects.filter(case=case).select_related("section", "asked_by", "answered_by").order_by("id")
    )


def open_consultations(by: Acting, limit: int = PAGE) -> list[Consultation]:
    """Questions put to this officer's sections and not answered yet, oldest first."""
    sections = {p.section_id for p in by.posts if p.section_id is not None}
    return list(
        Consultation.objects.filter(section_id__in=sections, answered_at__isnull=True)
        .select_related("case", "section", "asked_by")
        .order_by("asked_at")[:limit]
    )


def recent_durations(item_id: int, since: datetime, limit: int = 500) -> list[tuple[date, date]]:
    """(accepted, finished) of an item's latest finished cases: the item page's real median time."""
    rows = Case.objects.filter(
        item_id=item_id, finished_at__gte=since, accepted_on__isnull=False, imported=False
    ).order_by("-finished_at")
    return [(a, local_date(f)) for a, f in rows.values_list("accepted_on", "finished_at")[:limit] if a and f]


def day_counts(day_start: datetime, day_end: datetime) -> dict[str, int]:
    """The live line on the portal: accepted and finished since midnight, from the journal's index by kind and time."""
    rows = (
        Entry.objects.filter(
            kind__in=["case.submitted", "case.accepted", "case.decided"], at__gte=day_start, at__lt=day_end
        )
        .values("kind")
        .annotate(n=Count("pk"))
        .order_by()
    )
    return {row["kind"]: row["n"] for row in rows}


def open_deadline(case: Case, kind: str) -> Deadline | None:
    return (
        Deadline.objects.filter(subject_kind="case", subject_key=case.number, kind=kind, outcome=Deadline.OPEN)
        .order_by("-ordinal")
        .first()
    )


def cases_by_numbers(numbers: Sequence[str]) -> dict[str, Case]:
    """Plain rows for the sweeps and flows of the house, which act for the system."""
    rows = _with_editions(Case.objects.select_related(*_WITH))
    return {case.number: case for case in rows.filter(number__in=list(numbers))}


def expiring(since: date, until: date, *, after: int = 0, limit: int = PAGE) -> list[Case]:
    """Cases whose grant ends between the days, both included, by id."""
    return list(Case.objects.filter(valid_until__range=(since, until), pk__gt=after).order_by("pk")[:limit])


def handed_over(officer_id: int, limit: int = 500) -> list[Case]:
    """Everything an officer holds, for handing over when they leave."""
    return list(Case.objects.filter(holder_id=officer_id).order_by("pk")[:limit])


BADGE_CAP = 99


def badges(by: Acting) -> dict[str, int]:
    """What waits behind the ways of the rail, capped: cases held, questions to one's sections."""
    held = _held(by)
    sections = {p.section_id for p in by.posts if p.section_id is not None}
    asked = Consultation.objects.filter(section_id__in=sections, answered_at__isnull=True)
    return {
        "held": len(held.order_by().values_list("pk")[: BADGE_CAP + 1]),
        "consulted": len(asked.order_by().values_list("pk")[: BADGE_CAP + 1]) if sections else 0,
    }


def supplement_lines(case: Case) -> list[SupplementItem]:
    """The lines of the latest 补正告知书, in its order."""
    return list(SupplementItem.objects.filter(case=case, round=case.supplements).order_by("id"))


def supplement_items(case: Case) -> list[SupplementItem]:
    return list(SupplementItem.objects.filter(case=case).order_by("round", "id"))


def special_runs(case: Case) -> list[SpecialProcedureRun]:
    return list(SpecialProcedureRun.objects.filter(case=case).select_related("started_by").order_by("id"))


def ticks(case: Case) -> dict[tuple[str, str], CheckTick]:
    """(stage, code) → the last tick of that line."""
    rows = CheckTick.objects.filter(case=case).select_related("officer").order_by("id")
    return {(row.stage, row.code): row for row in rows}


def passed_on_by(entries: Sequence[Entry]) -> int | None:
    """Who passed the case on, if nothing has happened to it since: they may still take it back."""
    last = entries[-1] if entries else None
    return last.actor_id if last is not None and last.kind == Kind.CASE_FORWARDED.value else None


def dispatch_rules(organ_ids: Sequence[int] | None = None) -> list[DispatchRule]:
    """分派规则 of these organs (None: all), an organ's default first."""
    rows = DispatchRule.objects.select_related("organ", "section", "item")
    if organ_ids is not None:
        rows = rows.filter(organ_id__in=organ_ids)
    return sorted(rows, key=lambda rule: (rule.organ.name, rule.item.item_code if rule.item else ""))


def received_counts(since: datetime) -> dict[int, int]:
    """Cases received per item since a moment, imported ones left out. For the nightly count, not for a page."""
    rows = (
        Case.objects.filter(received_at__gte=since, imported=False).values("item_id").annotate(n=Count("pk")).order_by()
    )
    return {row["item_id"]: row["n"] for row in rows}


# --- registers and reports ---


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


def notice_numbers(case_ids: Sequence[int]) -> dict[int, str]:
    """Case → 文号 of its notice of acceptance, or of the refusal to accept; one query for a page."""
    rows = Paper.objects.filter(case_id__in=list(case_ids), form__in=["F-01", "F-02"]).order_by("id")
    return dict(rows.values_list("case_id", "number"))


def promised_by(case_numbers: Sequence[str]) -> dict[str, date]:
    """Case number → last day of its promise, ended ones included; one query for a page."""
    rows = Deadline.objects.filter(
        subject_kind="case", subject_key__in=list(case_numbers), kind=DeadlineKind.PROMISE.value, due_on__isnull=False
    )
    return {number: due for number, due in rows.values_list("subject_key", "due_on") if due is not None}


def readable_organs(by: Acting, *abilities: Ability) -> list[Organ]:
    """Organs whose cases this officer may search or report on."""
    rows = Organ.objects.order_by("name")
    if by.can(Ability.SEE_ALL) or by.everywhere(*abilities):
        return list(rows)
    return list(rows.filter(pk__in=by.organs(*abilities)))


def imported_counts() -> dict[int, int]:
    """Organ → its imported cases."""
    rows = Case.objects.filter(imported=True).order_by().values_list("organ_id").annotate(n=Count("pk"))
    return dict(rows)


def recorded_acts(
    organ_id: int, *, activity: str = "", person: int | None = None, after: int = 0, limit: int = PAGE
) -> list[Entry]:
    """Acts that came with imported cases of an organ, in the order they were stored; keyset by id."""
    numbers = Case.objects.filter(organ_id=organ_id, imported=True).values("number")
    rows = Entry.objects.filter(
        subject_kind="case", kind=Kind.CASE_ACT_RECORDED.value, subject_key__in=numbers, pk__gt=after
    )
    if activity:
        rows = rows.filter(facts__contains=f'"activity":{json.dumps(activity, ensure_ascii=False)}')
    if person is not None:
        rows = rows.filter(actor_id=person)
    return list(rows.order_by("pk")[:limit])


def acting_people(organ_id: int) -> list[tuple[int | None, str, int]]:
    """(officer, name, acts) of everybody who acts in an organ's imported cases, most acts first."""
    numbers = Case.objects.filter(organ_id=organ_id, imported=True).values("number")
    rows = Entry.objects.filter(subject_kind="case", kind=Kind.CASE_ACT_RECORDED.value, subject_key__in=numbers)
    counted = rows.order_by().values_list("actor_id").annotate(name=Max("actor_name"), n=Count("pk"))
    return sorted(counted, key=lambda row: (-row[2], row[1]))
