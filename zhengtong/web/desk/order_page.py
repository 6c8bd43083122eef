"""One order as both sides see it: what is asked, what was answered, the clock, the ladder, the papers, every act."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhengtong.base import calendar
from zhengtong.base.deadlines import plan
from zhengtong.base.deadlines.queries import deadlines_of
from zhengtong.base.files.respond import respond
from zhengtong.base.journal.queries import entries_of
from zhengtong.base.permission import Acting
from zhengtong.domains.orders import queries as orders
from zhengtong.flows.order_paper import draw_order_paper
from zhengtong.rules.calendar import Calendar
from zhengtong.rules.clock import Light, local_date
from zhengtong.rules.masking import mask_name
from zhengtong.rules.orders import MOVES, RUNNING, OrderResult, OrderSource, OrderState
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.web.accounts.acting import ActingRequest
from zhengtong.web.desk import order_words as words
from zhengtong.web.desk.lamps import Lamp
from zhengtong.web.desk.order_steps import BY_NAME, FORMS, OrderForm, offered
from zhengtong.web.frame import acts
from zhengtong.web.frame.acts import Act
from zhengtong.web.frame.refusals import status_of
from zhengtong.web.frame.sentences import sentence_html


@dataclass(frozen=True, slots=True)
class Side:
    """Which door the order is seen through: its routes, its template, and whether it answers or judges."""

    space: str  # desk, watch
    template: str
    by_organ: bool

    def route(self, name: str) -> str:
        return f"{self.space}:{name}"


@dataclass
class Refused:
    form: OrderForm
    sentence: Any
    status: int = 422


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of the ladder of the present term: taken, or when it would come."""

    depth: int
    label: Any
    name: str
    people: list[tuple[str, Any]]
    taken_at: datetime | None
    paper: Any


def lamp_of(order: orders.Order, at: datetime, known: Calendar) -> Lamp:
    """A 暂定 date is never shown as late."""
    if order.state == OrderState.CLOSED.value:
        return Lamp(Light.DONE, words.RESULTS[OrderResult(order.result)])
    if order.state not in {s.value for s in RUNNING} or order.due_on is None:
        return Lamp(Light.WAIT, words.STATES[OrderState(order.state)])
    today = local_date(at)
    if order.due_at is not None and order.due_at < at and not order.provisional:
        over = known.working_days(order.due_on, today)
        said = ngettext("超期 %(n)d 日", "超期 %(n)d 日", over) % {"n": over} if over else _("已超期")
        return Lamp(Light.LATE, said)
    left = max(known.working_days(today, order.due_on), 0)
    said = ngettext("剩 %(n)d 日", "剩 %(n)d 日", left) % {"n": left} if left else _("今日到期")
    # A term is one to seven days long: it becomes urgent on its last two, not on its last three.
    return Lamp(Light.SOON if left <= 1 else Light.OK, said, provisional=order.provisional)


def rows(found: Sequence[orders.Order], at: datetime) -> list[Any]:
    """(order, lamp, state, kind, source) for a list."""
    known = calendar.current()
    return [
        (
            order,
            lamp_of(order, at, known),
            words.STATES[OrderState(order.state)],
            words.KINDS_OF_ORDER.get(order.kind, order.kind),
            words.SOURCES.get(order.source_kind, order.source_kind),
        )
        for order in found
    ]


def page(request: ActingRequest, number: str, side: Side, refused: Refused | None = None) -> HttpResponse:
    order, at = orders.order_for(request.acting, number), timezone.now()
    context = order_context(request.acting, order, at, side, refused)
    return render(request, side.template, context, status=refused.status if refused else 200)


def order_context(
    by: Acting, order: orders.Order, at: datetime, side: Side, refused: Refused | None = None
) -> dict[str, Any]:
    known = calendar.current()
    limits = deadlines_of("order", order.number)
    running = next((row for row in reversed(limits) if row.outcome == plan.Deadline.OPEN), None)
    replies, extensions, steps = orders.replies(order), orders.extensions(order), orders.escalations(order)
    papers = orders.order_papers(order)
    may = orders.answers_for(by, order) if side.by_organ else by.can(Ability.SUPERVISE)
    asked = offered(order, by_organ=side.by_organ, by=by, replies=replies, extensions=extensions, at=at) if may else []
    forms = [FORMS[step](order=order) for step in asked]
    if refused is not None:
        forms = [refused.form if type(form) is type(refused.form) else form for form in forms]
    case = order.case
    return {
        "order": order,
        "side": side,
        "step_route": side.route("order_step"),
        "paper_route": side.route("order_paper"),
        "file_route": side.route("order_file"),
        "here_route": side.route("order"),
        "lamp": lamp_of(order, at, known),
        "state": words.STATES[OrderState(order.state)],
        "kind": words.KINDS_OF_ORDER.get(order.kind, order.kind),
        "source": words.SOURCES.get(order.source_kind, order.source_kind),
        "level": words.LEVELS.get(str(order.level), order.level),
        "result": words.RESULTS.get(order.result, ""),
        "case": case,
        "applicant": (case.applicant_name if case.enterprise_id else mask_name(case.applicant_name)) if case else "",
        "urged": bool(case and case.urged_at) or order.source_kind in (OrderSource.URGING, OrderSource.COMPLAINT),
        "supervises": by.can(Ability.SUPERVISE),
        "forms": forms,
        "first": forms[0] if forms and not forms[0].stop else None,
        "refused": refused,
        "pending": next((one for one in extensions if one.granted is None), None),
        "extensions": extensions,
        "replies": replies,
        "term": running or (limits[-1] if limits else None),
        "running": running is not None,
        "clock": plan.explained(running or limits[-1], known) if limits else None,
        "today": timezone.localdate(at),
        "ladder": _ladder(order, steps, papers, running, local_date(at)),
        "ladder_days": orders.term_days(local_date(order.issued_at)),
        "papers": [(paper, paper.escalation_id is None) for paper in papers],
        "children": orders.children(order),
        "acts": [_act(entry) for entry in reversed(list(entries_of("order", order.number)))],
    }


def _ladder(
    order: orders.Order, steps: Sequence[Any], papers: Sequence[Any], running: plan.Deadline | None, on: date
) -> list[Rung]:
    drawn = {paper.escalation_id: paper for paper in papers if paper.escalation_id}
    taken = {step.depth: step for step in steps if step.term == order.term}
    rungs = []
    if running is None and not taken:
        return []
    for link in orders.chain(order, on):
        step = taken.get(link.depth)
        if step is None and running is None:
            continue
        people = (
            [(one["name"], words.ROLES.get(one["role"], one["role"])) for one in step.people]
            if step
            else [(post.officer.name, words.ROLES.get(post.role, post.role)) for post in link.people]
        )
        rungs.append(
            Rung(
                depth=link.depth,
                label=words.STEPS[str(link.depth)],
                name=step.addressed if step else link.name,
                people=people,
                taken_at=step.at if step else None,
                paper=drawn.get(step.pk) if step else None,
            )
        )
    return rungs


def _act(entry: Any) -> Act:
    facts = json.loads(entry.facts)
    lines = acts.fact_lines(facts, words.FACTS)
    title: Any = words.ACTS.get(entry.kind, entry.kind)
    if facts.get("depth"):
        title = f"{title} · {words.STEPS.get(str(facts['depth']), facts['depth'])}"
    return Act(title, entry.at, acts.who(entry), lines)


# --- steps and files ---


def step(request: ActingRequest, number: str, name: str, side: Side) -> HttpResponse:
    form_class = BY_NAME.get(name)
    order = orders.order_for(request.acting, number)
    if form_class is None or MOVES[form_class.step].by_organ is not side.by_organ:
        raise Http404
    if side.by_organ and not orders.answers_for(request.acting, order):
        raise Refusal(RefusalCode.ORDER_OTHER_ORGAN, organ=order.organ.name)
    form = form_class(request.POST, order=order)
    if not form.is_valid():
        return page(request, number, side, Refused(form, _("请改正下面标出的地方，内容没有丢失。")))
    try:
        form.run(files=request.FILES.getlist("files"), by=request.acting, at=timezone.now())
    except Refusal as refusal:
        if refusal.code is RefusalCode.NOT_FOUND:
            raise
        return page(request, number, side, _refused_by(refusal, form, order))
    messages.success(request, form.done)
    return redirect(side.route("order"), number=number)


def _refused_by(refusal: Refusal, form: OrderForm, order: orders.Order) -> Refused:
    """The sentence stands on top and the texts in their boxes; `seen` is the version shown now, for the next try."""
    data: Any = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict, whatever the stubs say
    data["seen"] = str(order.version)
    form.data = data
    return Refused(form, sentence_html(refusal), status_of(refusal.code))


def paper(request: ActingRequest, number: str, uid: Any) -> HttpResponseBase:
    order = orders.order_for(request.acting, number)
    issued = orders.order_paper_for(order, uid)
    file = draw_order_paper(issued, at=timezone.now())
    name = "督办通知书" if issued.escalation_id is None else "催办通知书"
    return respond(file, f"{name} {issued.number}.pdf", inline="download" not in request.GET)


def attachment(request: ActingRequest, number: str, attachment_id: int) -> HttpResponseBase:
    order = orders.order_for(request.acting, number)
    found = orders.attachment_for(order, attachment_id)
    return respond(found.file, found.name, inline="download" not in request.GET)
