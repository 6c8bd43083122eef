"""督办: every order with its state and its clock; issue one, verify the answer, close it; take the list away."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from zhengtong.domains.cases import queries as cases
from zhengtong.domains.orders import queries as orders
from zhengtong.domains.registry import queries as registry
from zhengtong.flows.order_issued import issue_order
from zhengtong.rules.orders import OrderKind, OrderSource, OrderState
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.web.desk import order_page
from zhengtong.web.desk import order_words as words
from zhengtong.web.desk.act_form import CHINESE
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.desk.steps import NameSelect
from zhengtong.web.frame.dates import in_english
from zhengtong.web.frame.refusals import status_of
from zhengtong.web.frame.sentences import sentence_html
from zhengtong.web.frame.sheets import csv_answer, in_pieces
from zhengtong.web.watch.board import READ, SEE, own_organs

SIDE = order_page.Side("watch", "watch/order.html", by_organ=False)
# An order from scratch has one of these; cards and leads bring theirs by their own pages.
BY_HAND = (OrderSource.FINDING, OrderSource.INSTRUCTION, OrderSource.URGING, OrderSource.COMPLAINT)
OF_A_CASE = (OrderSource.URGING.value, OrderSource.COMPLAINT.value)


def _wanted(request: ActingRequest) -> dict[str, Any]:
    """The filters of the address; what makes no sense is left out."""
    get = request.GET
    late = get.get("late") == "1"
    return {
        "state": get.get("state", "") if get.get("state") in set(OrderState) else "",
        "kind": get.get("kind", "") if get.get("kind") in set(OrderKind) else "",
        "source": get.get("source", "") if get.get("source") in set(OrderSource) else "",
        "organ_id": reading.number(get.get("organ")),
        "text": reading.words(request),
        "since": reading.day(get.get("since")),
        "until": reading.day(get.get("until")),
        "late_at": timezone.now() if late else None,
        "unfinished": get.get("open") == "1",
    }


@desk(SEE, READ)
@require_safe
def orders_list(request: ActingRequest) -> HttpResponse:
    at, wanted = timezone.now(), _wanted(request)
    found = orders.orders(
        request.acting, before=reading.number(request.GET.get("before")), limit=orders.PAGE + 1, **wanted
    )
    shown = found[: orders.PAGE]
    context = {
        "rows": order_page.rows(shown, at),
        "counts": _counts(request, at),
        "before": shown[-1].pk if len(found) > orders.PAGE else "",
        "filtered": any(value not in ("", None, False) for value in wanted.values()),
        "wanted": wanted,
        "states": words.STATES.items(),
        "kinds": words.KINDS_OF_ORDER.items(),
        "sources": words.SOURCES.items(),
        "organs": cases.readable_organs(request.acting, Ability.READ_REPORTS),
        "supervises": request.acting.can(Ability.SUPERVISE),
    }
    return render(request, "watch/orders.html", context)


def _counts(request: ActingRequest, at: Any) -> list[tuple[Any, int, str, bool]]:
    """(what, how many, the address of its rows, whether it is late): every figure leads to what it counts."""
    counted = orders.order_counts(request.acting, at=at)
    shown: list[tuple[Any, int, str, bool]] = [(_("未办结"), counted["open"], "?open=1", False)]
    shown.append((_("逾期未回复"), counted["late"], "?late=1", counted["late"] > 0))
    return shown + [
        (label, counted[state], f"?state={state}", False)
        for state, label in words.STATES.items()
        if state != OrderState.CLOSED
    ]


@desk(SEE, READ)
@require_GET
def export(request: ActingRequest) -> HttpResponseBase:
    """CSV of what the list shows, at most 10,000 rows, read in pieces; the columns of GB/T 39046 table 11 first."""
    return csv_answer(_table(request), f"orders-{timezone.localdate():%Y%m%d}")


def _table(request: ActingRequest) -> Iterator[list[str]]:
    yield [
        str(word)
        for word in (
            _("办件编号"), _("督办内容"), _("机构名称"), _("事项类型代码"), _("督办发出时间"), _("监察编号"), _("监察规则编号"),
            _("监察预警类型代码"), _("状态产生时间"), _("监察结果描述"), _("责任部门"), _("督办事项"), _("状态"), _("类别"),
            _("来源"), _("期限"), _("催办层级"),
        )
    ]  # fmt: skip
    wanted = _wanted(request)
    rows = in_pieces(lambda before, limit: orders.orders(request.acting, before=before, limit=limit, **wanted))
    yield from (_line(order) for order in rows)


def _line(order: orders.Order) -> list[str]:
    said = (
        order.case_no, order.content, order.issuing_organ.name, order.item_type, _moment(order.issued_at), order.number,
        order.rule_code, order.level, _moment(order.state_since), order.outcome,
        f"{order.organ.name}{order.section.name if order.section else ''}", order.title,
        words.STATES[OrderState(order.state)], words.KINDS_OF_ORDER[OrderKind(order.kind)],
        words.SOURCES[OrderSource(order.source_kind)], order.due_on or "", order.depth,
    )  # fmt: skip
    return [str(one) for one in said]


def _moment(at: Any) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}"


# --- one order ---


@desk(SEE, READ)
@require_GET
def page(request: ActingRequest, number: str) -> HttpResponse:
    return order_page.page(request, number, SIDE)


@desk(Ability.SUPERVISE)
@require_POST
def step(request: ActingRequest, number: str, name: str) -> HttpResponse:
    return order_page.step(request, number, name, SIDE)


@desk(SEE, READ)
@require_GET
def paper(request: ActingRequest, number: str, uid: Any) -> HttpResponseBase:
    return order_page.paper(request, number, uid)


@desk(SEE, READ)
@require_GET
def attachment(request: ActingRequest, number: str, attachment_id: int) -> HttpResponseBase:
    return order_page.attachment(request, number, attachment_id)


# --- a new one ---


class NewOrder(forms.Form):
    """From scratch, from a case (`?case=`), or below another order (`?parent=`)."""

    responsible = forms.ChoiceField(label=gettext_lazy("责任部门"), widget=NameSelect)
    source = forms.ChoiceField(
        label=gettext_lazy("督办来源"), choices=[(one.value, words.SOURCES[one]) for one in BY_HAND]
    )
    case_no = forms.CharField(
        label=gettext_lazy("办件编号"),
        required=False,
        help_text=gettext_lazy("督办的是一件办件时填写；申请人催办和投诉必填。"),
    )
    title = forms.CharField(label=gettext_lazy("督办事项"), widget=forms.TextInput(attrs={"lang": CHINESE}))
    content = forms.CharField(
        label=gettext_lazy("督办内容"), widget=forms.Textarea(attrs={"rows": 5, "data-most": 1000, "lang": CHINESE})
    )
    order_kind = forms.ChoiceField(label=gettext_lazy("类别"), initial=OrderKind.NORMAL.value, widget=forms.RadioSelect)
    parent = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, *, responsible: list[tuple[str, str]], initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, initial=initial, use_required_attribute=False)
        self.fields["responsible"].choices = [("", "—"), *responsible]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["order_kind"].choices = _kinds()  # type: ignore[attr-defined]  # a ChoiceField

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("source") in OF_A_CASE and not cleaned.get("case_no"):
            self.add_error("case_no", _("申请人催办或投诉的督办，请填写办件编号。"))
        return cleaned


@desk(Ability.SUPERVISE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ActingRequest) -> HttpResponse:
    choices = _responsible(own_organs(request.acting))
    if request.method != "POST":
        form = NewOrder(initial=_initial(request), responsible=choices)
        return render(request, "watch/order_new.html", {"form": form})
    form = NewOrder(request.POST, responsible=choices)
    if not form.is_valid():
        return render(request, "watch/order_new.html", {"form": form}, status=422)
    try:
        order = _issue(request, form.cleaned_data)
    except Refusal as refusal:
        told = {"form": form, "refused": sentence_html(refusal)}
        return render(request, "watch/order_new.html", told, status=status_of(refusal.code))
    messages.success(request, _("督办单已发出，责任部门已收到通知。"))
    return redirect("watch:order", number=order.number)


def _issue(request: ActingRequest, asked: dict[str, Any]) -> orders.Order:
    by, number = request.acting, asked["case_no"].strip().upper()
    if number:
        try:
            cases.case_for(by, number)
        except Refusal:
            raise Refusal(RefusalCode.ORDER_CASE_UNKNOWN, number=number) from None
    parent = orders.order_for(by, asked["parent"]) if asked["parent"] else None
    organ_id, _dot, section_id = asked["responsible"].partition(".")
    key = number if asked["source"] in OF_A_CASE else ""
    return issue_order(
        (asked["source"], key), int(organ_id), int(section_id) if section_id else None, asked["title"],
        asked["content"], OrderKind(asked["order_kind"]), parent=parent, case_no=number, by=by, at=timezone.now(),
    )  # fmt: skip


def _kinds() -> list[tuple[str, str]]:
    """The kinds with the days they have today; whether one can be extended."""
    days, choices = orders.term_days(timezone.localdate()), []
    for kind, label in words.KINDS_OF_ORDER.items():
        term = ngettext("%(n)d 个工作日", "%(n)d 个工作日", days[kind]) % {"n": days[kind]}
        more = _("，可延期一次") if kind == OrderKind.COMPLEX else ""
        choices.append((str(kind), _("%(kind)s（%(term)s%(more)s）") % {"kind": label, "term": term, "more": more}))
    return choices


def _responsible(organ_ids: set[int] | None) -> list[tuple[str, str]]:
    """Every organ, and below it its sections: one list to choose from."""
    english = in_english()
    sections: dict[int, list[Any]] = {}
    for section in registry.sections_of(None if organ_ids is None else sorted(organ_ids)):
        sections.setdefault(section.organ_id, []).append(section)
    choices = []
    for organ in registry.organs():
        if organ_ids is not None and organ.pk not in organ_ids:
            continue
        name = organ.name_en if english and organ.name_en else organ.name
        choices.append((str(organ.pk), name))
        for section in sections.get(organ.pk, []):
            below = section.name_en if english and section.name_en else section.name
            choices.append((f"{organ.pk}.{section.pk}", f"{name} · {below}"))
    return choices


def _initial(request: ActingRequest) -> dict[str, Any]:
    """What the page one came from already says."""
    number, parent = reading.key(request, "case"), reading.key(request, "parent")
    if parent:
        above = orders.order_for(request.acting, parent)
        return {"parent": above.number, "case_no": above.case_no, "title": above.title, "content": above.content}
    if not number:
        return {}
    case = cases.case_for(request.acting, number)
    section = f".{case.section_id}" if case.section_id else ""
    return {
        "case_no": case.number,
        "responsible": f"{case.organ_id}{section}",
        "title": f"关于“{case.item_name}”办件的督办",
        "source": OrderSource.URGING.value if case.urged_at else OrderSource.FINDING.value,
    }
