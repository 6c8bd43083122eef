"""Questions about orders and accountability. Permission stands in the query: a door that has an order was given it here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.journal import queries as journal
from zhengtong.base.journal.models import Entry
from zhengtong.base.law import current_law
from zhengtong.base.permission import Acting
from zhengtong.domains.orders.models import Admonition, Escalation, Extension, Order, OrderPaper, Reply
from zhengtong.domains.registry import queries as registry
from zhengtong.domains.registry.models import Organ, Post
from zhengtong.rules.clock import end_of, start_of
from zhengtong.rules.kinds import Kind
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.orders import RUNNING, UNFINISHED, OrderKind, OrderState
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability, Role

PAGE = 50
BADGE_CAP = 99
COUNT_CAP = 1000
RUNNING_STATES = sorted(state.value for state in RUNNING)
UNFINISHED_STATES = sorted(state.value for state in UNFINISHED)
# Who answers an order in the organ it names. Supervision answers none, whatever else its people may hold.
ANSWERING = frozenset({Role.WINDOW, Role.HANDLER, Role.REVIEWER, Role.APPROVER, Role.SECTION_HEAD})
_WITH = ("organ", "section", "issuing_organ", "issuer", "case", "parent", "received_by", "verifier")


def _seen_by(by: Acting) -> Q:
    """Supervision sees every order; an organ's own people see those to their organ."""
    if by.can(Ability.SEE_ALL) or by.everywhere(Ability.READ_REPORTS):
        return Q()
    return Q(organ_id__in=by.organs(Ability.SEARCH_FILES)) if by.is_officer else Q(pk__in=[])


def order_for(by: Acting, number: str) -> Order:
    """The order, or Refusal(NOT_FOUND): the same answer for "does not exist" and "not yours"."""
    order = Order.objects.select_related(*_WITH).filter(_seen_by(by), number=number).first()
    if order is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return order


def check_seen(order: Order, seen: int | None) -> None:
    """A step names the version of the order it saw; Refusal(STALE) with what happened since, when it was another."""
    if seen is None or seen == order.version:
        return
    later = journal.entries_of(Order.journal_kind, order.number).filter(seq__gt=seen).last()
    raise Refusal(
        RefusalCode.STALE,
        kind=later.kind if later else "",
        actor=later.actor_name if later else "",
        at=later.at if later else "",
    )


def answers_for(by: Acting, order: Order) -> bool:
    """Whether a post of this person answers this order: in its organ, and in its section where both name one."""
    return any(
        post.role in ANSWERING
        and post.organ_id == order.organ_id
        and (post.section_id is None or order.section_id is None or post.section_id == order.section_id)
        for post in by.posts
    )


def term_days(on: date) -> dict[str, int]:
    """Working days as the parameters set them that day: of each kind, of an extension, of the steps of the ladder."""
    law = current_law()
    keys = {kind.value: f"order.{kind.value.lower()}.days" for kind in OrderKind}
    keys |= {
        "extension": "order.extension.days",
        "head": "order.escalate.head.days",
        "above": "order.escalate.above.days",
    }
    return {name: law.value(key, on) for name, key in keys.items()}


def running_term(order: Order) -> Deadline | None:
    """The limit that runs now; None once the organ has replied."""
    rows = Deadline.objects.filter(
        subject_kind=Order.journal_kind, subject_key=order.number, kind=DeadlineKind.ORDER.value, outcome=Deadline.OPEN
    )
    return rows.order_by("-ordinal").first()


def orders_of(kind: str, key: str) -> list[Order]:
    """Orders issued because of a subject, oldest first; of a case also those its cards and leads brought."""
    rows = Order.objects.select_related("organ", "section")
    wanted = Q(case_no=key) if kind == "case" else Q(source_kind=kind, source_key=key)
    return list(rows.filter(wanted).order_by("pk"))


def orders_by_numbers(numbers: Iterable[str]) -> dict[str, Order]:
    """Plain rows for sweeps and flows, which act for the system."""
    rows = Order.objects.select_related(*_WITH)
    return {order.number: order for order in rows.filter(number__in=list(numbers))}


def order_of_source(kind: str, key: str) -> Order | None:
    """The first order a card or lead brought that was not withdrawn."""
    return Order.objects.filter(source_kind=kind, source_key=key, parent=None).exclude(result="withdrawn").first()


def issuing_organ(by: Acting, organ: Organ, on: date) -> Organ:
    """In whose name an order goes out: the organ of the supervisor; for the system, the service centre, then
    whichever organ holds supervision; the organ itself where there is neither."""
    own = next((post.organ_id for post in by.posts if post.role is Role.SUPERVISOR), None)
    if own is not None:
        return registry.organ_for(own)
    centre = Organ.objects.filter(is_centre=True, region_id=organ.region_id).order_by("pk").first()
    if centre is None:
        posts = Post.objects.select_related("organ").filter(registry.in_force(on), role=Role.SUPERVISOR)
        post = posts.order_by("pk").first()
        centre = post.organ if post else organ
    return centre


# --- the chain above an order -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Link:
    """One step of the ladder: to whom a 催办 of this depth goes. `name` as printed."""

    depth: int
    name: str
    organ: Organ
    people: tuple[Post, ...]


def chain(order: Order, on: date) -> list[Link]:
    """The ladder above an order on a day: the section and its leader, the head of the organ, the organ above.

    The head is the 首席代表 (approver). The organ above is the one the registry names for appeals where it is in the
    registry itself, else the service centre; its managers and supervision are told.
    """
    posts = list(
        Post.objects.select_related("officer", "organ", "section")
        .filter(registry.in_force(on), officer__left_on__isnull=True)
        .filter(
            Q(organ_id=order.organ_id, role__in=[Role.SECTION_HEAD, Role.HANDLER, Role.APPROVER])
            | Q(role__in=[Role.CENTRE_MANAGER, Role.SUPERVISOR])
            | Q(organ__name=order.organ.appeal_organ, role=Role.APPROVER)
        )
        .order_by("role", "pk")
    )
    own = [post for post in posts if post.organ_id == order.organ_id]
    in_section = [p for p in own if order.section_id is None or p.section_id in (None, order.section_id)]
    heads = [p for p in in_section if p.role == Role.SECTION_HEAD]
    # Without a leader the section's handlers are told, without a section the heads of all of them.
    workers = [p for p in in_section if p.role == Role.HANDLER] if order.section_id is not None or not heads else []
    approvers = [p for p in own if p.role == Role.APPROVER]
    above = [p for p in posts if p.organ.name == order.organ.appeal_organ and p.organ_id != order.organ_id]
    watching = [p for p in posts if p.role in (Role.CENTRE_MANAGER, Role.SUPERVISOR)]
    top = above[0].organ if above else next((p.organ for p in watching if p.organ.is_centre), order.issuing_organ)
    named = f"{order.organ.name}{order.section.name}" if order.section else order.organ.name
    return [
        Link(1, named, order.organ, tuple(heads + workers)),
        Link(2, order.organ.name, order.organ, tuple(approvers)),
        Link(3, top.name, top, tuple([p for p in above if p.role == Role.APPROVER] + watching)),
    ]


# --- lists --------------------------------------------------------------------------------------------------------


def orders(
    by: Acting,
    *,
    numbers: Sequence[str] | None = None,
    state: str = "",
    kind: str = "",
    source: str = "",
    organ_id: int | None = None,
    text: str = "",
    late_at: datetime | None = None,
    unfinished: bool = False,
    since: date | None = None,
    until: date | None = None,
    before: int | None = None,
    limit: int = PAGE,
) -> list[Order]:
    """Newest first, keyset by id. `late_at`: only those whose term has passed unanswered. `since`/`until`: issued."""
    asked: dict[str, Any] = {
        "number__in": numbers,
        "state": state,
        "kind": kind,
        "source_kind": source,
        "organ_id": organ_id,
        "issued_at__gte": start_of(since) if since else None,
        "issued_at__lte": end_of(until) if until else None,
        "pk__lt": before,
    }
    rows = Order.objects.filter(_seen_by(by), **{k: v for k, v in asked.items() if v not in ("", None)})
    if late_at is not None:
        rows = rows.filter(_late(late_at))
    if unfinished:
        rows = rows.filter(state__in=UNFINISHED_STATES)
    if text:
        rows = rows.filter(Q(number=text.upper()) | Q(case_no=text.upper()) | Q(title__contains=text))
    return list(rows.select_related("organ", "section", "issuing_organ").order_by("-pk")[:limit])


def _late(at: datetime) -> Q:
    """The term has passed unanswered; a 暂定 date never has (domain-rules §2.3)."""
    return Q(state__in=RUNNING_STATES, due_at__lt=at, provisional=False)


def order_counts(by: Acting, *, at: datetime) -> dict[str, int]:
    """What stands above the list: by state, and `late`. What is finished is not counted, so it costs what is open."""
    rows = Order.objects.filter(_seen_by(by), state__in=UNFINISHED_STATES)
    late = Count("pk", filter=_late(at))
    counted = {row["state"]: row for row in rows.order_by().values("state").annotate(n=Count("pk"), late=late)}
    counts = {state: counted[state]["n"] if state in counted else 0 for state in UNFINISHED_STATES}
    return counts | {"late": sum(row["late"] for row in counted.values()), "open": sum(counts.values())}


def _owed(by: Acting) -> QuerySet[Order]:
    wanted = Q(pk__in=[])
    for post in by.posts:
        if post.role in ANSWERING:
            where = Q(organ_id=post.organ_id)
            if post.section_id is not None:
                where &= Q(section_id=post.section_id) | Q(section_id__isnull=True)
            wanted |= where
    return Order.objects.filter(wanted)


def owed(by: Acting, *, finished: bool = False, before: int | None = None, limit: int = PAGE) -> list[Order]:
    """Orders this person's posts answer: what is owed first, by due date; or, `finished`, the closed ones, newest first."""
    rows = _owed(by).select_related("organ", "section", "issuing_organ")
    if finished:
        rows = rows.filter(state=OrderState.CLOSED.value)
        return list((rows if before is None else rows.filter(pk__lt=before)).order_by("-pk")[:limit])
    running = list(rows.filter(state__in=RUNNING_STATES).order_by("due_at", "pk")[:limit])
    replied = rows.filter(state__in=[OrderState.REPLIED.value, OrderState.VERIFIED.value])
    return running + list(replied.order_by("-pk")[:limit])


def owed_count(by: Acting) -> int:
    """The badge of the rail, capped."""
    rows = _owed(by).filter(state__in=RUNNING_STATES)
    return len(rows.order_by().values_list("pk")[: BADGE_CAP + 1])


# --- what others ask ----------------------------------------------------------------------------------------------


def newest_orders(limit: int = 10) -> list[Order]:
    return list(Order.objects.select_related("organ", "section").order_by("-pk")[:limit])


def open_orders(
    *, organ_ids: Sequence[int] | None = None, late_at: datetime | None = None, limit: int = PAGE
) -> list[Order]:
    """Orders not closed yet, most urgent first; `late_at`: only those whose term has passed unanswered."""
    rows = Order.objects.select_related("organ", "section").filter(state__in=UNFINISHED_STATES)
    if organ_ids is not None:
        rows = rows.filter(organ_id__in=list(organ_ids))
    if late_at is not None:
        rows = rows.filter(_late(late_at))
    return list(rows.order_by("due_at", "pk")[:limit])


def unanswered(until: date) -> list[Order]:
    """Orders whose term ended on or before a day and which stand unanswered still, longest overdue first."""
    rows = Order.objects.select_related("organ", "section")
    late = Q(state__in=RUNNING_STATES, due_on__lte=until, provisional=False)
    return list(rows.filter(late).order_by("due_at", "pk"))


def urged_between(since: datetime, until: datetime) -> list[str]:
    """Numbers of cases their applicants urged after `since`, up to `until`: what supervision may take up."""
    rows = Entry.objects.filter(kind=Kind.CASE_URGED.value, at__gt=since, at__lte=until).order_by("at", "pk")
    return list(dict.fromkeys(rows.values_list("subject_key", flat=True)))


def answered_in_time(since: date, until: date) -> dict[int, tuple[int, int]]:
    """Organ → (terms answered in time, terms that ended) of orders whose term ended in the period, both days included.

    A term is answered in time when its reply came by the due instant; a rejected reply opens a term of its own.
    Terms of withdrawn orders and those on a 暂定 date still running are not counted.
    """
    rows = (
        Deadline.objects.filter(
            subject_kind=Order.journal_kind, kind=DeadlineKind.ORDER.value, due_on__gte=since, due_on__lte=until
        )
        .exclude(outcome=Deadline.VOID)
        .exclude(outcome=Deadline.OPEN, provisional=True)
        .order_by()
        .values("organ_id")
        .annotate(due=Count("pk"), met=Count("pk", filter=Q(outcome=Deadline.MET)))
    )
    return {row["organ_id"]: (row["met"], row["due"]) for row in rows if row["organ_id"] is not None}


# --- one order ----------------------------------------------------------------------------------------------------


def replies(order: Order) -> list[Reply]:
    """Oldest first, each with its attachments."""
    rows = Reply.objects.filter(order=order).select_related("replied_by", "judged_by")
    return list(rows.prefetch_related("attachments__file").order_by("term"))


def extensions(order: Order) -> list[Extension]:
    return list(Extension.objects.filter(order=order).select_related("asked_by", "decided_by").order_by("pk"))


def escalations(order: Order) -> list[Escalation]:
    return list(Escalation.objects.filter(order=order).select_related("paper").order_by("pk"))


def children(order: Order) -> list[Order]:
    return list(Order.objects.filter(parent=order).select_related("organ").order_by("pk"))


def order_papers(order: Order) -> list[OrderPaper]:
    return list(OrderPaper.objects.filter(order=order).order_by("pk"))


def order_paper_for(order: Order, uid: Any) -> OrderPaper:
    paper = OrderPaper.objects.filter(order=order, uid=uid).first()
    if paper is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return paper


def attachment_for(order: Order, attachment_id: int) -> Any:
    """A file sent with a reply to this order; Refusal(NOT_FOUND) else."""
    for reply in replies(order):
        for attachment in reply.attachments.all():
            if attachment.pk == attachment_id:
                return attachment
    raise Refusal(RefusalCode.NOT_FOUND)


def due_for_escalation(*, at: datetime, limit: int = 500) -> list[str]:
    """Numbers of orders at which the sweep must look now, longest waiting first."""
    rows = Order.objects.filter(escalate_at__lte=at, escalate_at__isnull=False).order_by("escalate_at", "pk")
    return list(rows.values_list("number", flat=True)[:limit])


# --- accountability -----------------------------------------------------------------------------------------------


def _register_of(by: Acting) -> Q:
    """Personal: supervision, and the person themself (domain-rules §10)."""
    return Q() if by.can(Ability.SUPERVISE) else Q(officer_id=by.id if by.is_officer else None)


def admonitions(
    by: Acting, *, state: str = "", measure: str = "", text: str = "", before: int | None = None, limit: int = PAGE
) -> list[Admonition]:
    """The register, newest first; whoever is not of supervision finds their own entries only."""
    asked = {"state": state, "measure": measure, "pk__lt": before}
    rows = Admonition.objects.filter(_register_of(by), **{k: v for k, v in asked.items() if v not in ("", None)})
    if text:
        rows = rows.filter(Q(officer__name__contains=text) | Q(officer__staff_no=text) | Q(number=text.upper()))
    return list(rows.select_related("officer", "officer__organ", "order").order_by("-pk")[:limit])


def admonition_for(by: Acting, number: str) -> Admonition:
    rows = Admonition.objects.select_related("officer", "officer__organ", "order", "recorded_by", "answered_by")
    row = rows.filter(_register_of(by), number=number).first()
    if row is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return row


def own_admonitions(by: Acting, limit: int = PAGE) -> list[Admonition]:
    """What is recorded about oneself, newest first, whatever else one may read."""
    if not by.is_officer:
        return []
    return list(Admonition.objects.filter(officer_id=by.officer_id).select_related("order").order_by("-pk")[:limit])


def own_admonition(by: Acting, number: str) -> Admonition:
    rows = Admonition.objects.select_related("order", "answered_by")
    row = rows.filter(officer_id=by.officer_id, number=number).first() if by.is_officer else None
    if row is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return row
