"""责任追究登记. Personal: supervision keeps it, the person reads their own at their desk, nobody else sees any of it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtong.base.journal.queries import entries_of
from zhengtong.domains.orders import queries as orders
from zhengtong.flows import order_accountability as flows
from zhengtong.rules.orders import AdmonitionState, Measure
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.web.desk import order_words as words
from zhengtong.web.desk.act_form import CHINESE
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.frame.acts import Act, who
from zhengtong.web.frame.refusals import status_of
from zhengtong.web.frame.sentences import sentence_html

SUPERVISE = Ability.SUPERVISE


def _area(label: Any, most: int, hint: Any = "", rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, widget=forms.Textarea(attrs={"rows": rows, "data-most": most, "lang": CHINESE})
    )


def _line(label: Any, *, required: bool = True, hint: Any = "", chinese: bool = True) -> forms.CharField:
    attrs = {"lang": CHINESE} if chinese else {}
    return forms.CharField(label=label, required=required, help_text=hint, widget=forms.TextInput(attrs=attrs))


class NewAdmonition(forms.Form):
    staff_no = _line(gettext_lazy("工号"), chinese=False)
    measure = forms.ChoiceField(
        label=gettext_lazy("处理方式"), choices=[(one.value, words.MEASURES[one]) for one in Measure]
    )
    order_no = _line(gettext_lazy("督办单编号"), required=False, chinese=False)
    card_key = _line(gettext_lazy("监察牌编号"), required=False, chinese=False)
    decided_by = _line(gettext_lazy("作出决定的机关"), hint=gettext_lazy("由有权机关决定；本平台只登记，不作决定。"))
    document_no = _line(gettext_lazy("决定文号"), required=False)
    decided_on = forms.DateField(
        label=gettext_lazy("决定日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = _area(gettext_lazy("事实和依据"), 1000)
    tolerance_note = _area(
        gettext_lazy("容错免责审查"),
        500,
        gettext_lazy(
            "按性质、目的、决策程序、态度四个方面写明审查结论。谋取私利、突破安全底线、违反纪律的，不适用容错免责。"
        ),
    )
    tolerated = forms.BooleanField(label=gettext_lazy("适用容错免责，不予追究（登记备查）"), required=False)

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial, use_required_attribute=False)


class Judgement(forms.Form):
    """`name`: the last part of the address."""

    name: str
    title: Promise
    stop = False
    text = _area(gettext_lazy("理由"), 1000)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id=f"id_{self.name}_%s", use_required_attribute=False)


class Uphold(Judgement):
    name, title = "uphold", gettext_lazy("异议不成立，维持")


class Revoke(Judgement):
    name, title, stop = "revoke", gettext_lazy("异议成立，撤销"), True


class Lift(Judgement):
    name, title = "lift", gettext_lazy("解除")


JUDGEMENTS: dict[str, type[Judgement]] = {form.name: form for form in (Uphold, Revoke, Lift)}
OFFERED: dict[str, tuple[type[Judgement], ...]] = {
    AdmonitionState.IN_FORCE.value: (Lift,),
    AdmonitionState.OBJECTED.value: (Uphold, Revoke),
}


@desk(SUPERVISE)
@require_safe
def register(request: ActingRequest) -> HttpResponse:
    get = request.GET
    state = get.get("state", "") if get.get("state") in set(AdmonitionState) else ""
    measure = get.get("measure", "") if get.get("measure") in set(Measure) else ""
    found = orders.admonitions(
        request.acting,
        state=state,
        measure=measure,
        text=reading.words(request),
        before=reading.number(get.get("before")),
        limit=orders.PAGE + 1,
    )
    shown = found[: orders.PAGE]
    context = {
        "rows": [(row, words.MEASURES[row.measure], words.ADMONITION_STATES[row.state]) for row in shown],
        "before": shown[-1].pk if len(found) > orders.PAGE else "",
        "filtered": bool(state or measure or get.get("q")),
        "state": state,
        "measure": measure,
        "q": reading.words(request),
        "states": words.ADMONITION_STATES.items(),
        "measures": words.MEASURES.items(),
    }
    return render(request, "watch/accountability.html", context)


@desk(SUPERVISE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: ActingRequest) -> HttpResponse:
    if request.method != "POST":
        form = NewAdmonition(initial={"order_no": reading.key(request, "order"), "decided_on": timezone.localdate()})
        return render(request, "watch/admonition_new.html", {"form": form})
    form = NewAdmonition(request.POST)
    refused: Any = ""
    status = 422
    if form.is_valid():
        asked = dict(form.cleaned_data)
        try:
            row = flows.record_admonition(
                **asked | {"measure": Measure(asked["measure"])}, by=request.acting, at=timezone.now()
            )
        except Refusal as refusal:
            if refusal.code is RefusalCode.NOT_FOUND:
                refused = _("没有这个工号或这张督办单。请核对后再登记。")
            else:
                refused, status = sentence_html(refusal), status_of(refusal.code)
        else:
            messages.success(request, _("已登记，本人已收到通知，可以提出异议。"))
            return redirect("watch:admonition", number=row.number)
    return render(request, "watch/admonition_new.html", {"form": form, "refused": refused}, status=status)


@desk(SUPERVISE)
@require_safe
def page(request: ActingRequest, number: str) -> HttpResponse:
    return _page(request, number)


@desk(SUPERVISE)
@require_POST
def judge(request: ActingRequest, number: str, name: str) -> HttpResponse:
    if name not in JUDGEMENTS:
        raise Http404
    orders.admonition_for(request.acting, number)
    form = JUDGEMENTS[name](request.POST)
    if not form.is_valid():
        return _page(request, number, form, _("请改正下面标出的地方，内容没有丢失。"))
    text, by, at = form.cleaned_data["text"], request.acting, timezone.now()
    try:
        if name == Lift.name:
            flows.lift_admonition(number, reason=text, by=by, at=at)
        else:
            flows.answer_objection(number, upheld=name == Uphold.name, text=text, by=by, at=at)
    except Refusal as refusal:
        if refusal.code is RefusalCode.NOT_FOUND:
            raise
        return _page(request, number, form, sentence_html(refusal), status_of(refusal.code))
    messages.success(request, _("已处理，本人已收到通知。"))
    return redirect("watch:admonition", number=number)


def _page(
    request: ActingRequest, number: str, sent: Judgement | None = None, refused: Any = "", status: int = 422
) -> HttpResponse:
    row = orders.admonition_for(request.acting, number)
    own = row.officer_id in request.acting.principals()
    forms_ = [] if own else [form() for form in OFFERED.get(row.state, ())]
    context = {
        "row": row,
        "measure": words.MEASURES[row.measure],
        "state": words.ADMONITION_STATES[row.state],
        "forms": [sent if sent is not None and sent.name == form.name else form for form in forms_],
        "refused": refused,
        "acts": [_act(entry) for entry in reversed(list(entries_of("admonition", row.number)))],
    }
    return render(request, "watch/admonition.html", context, status=status if refused else 200)


def _act(entry: Any) -> Act:
    return Act(words.ADMONITION_ACTS.get(entry.kind, entry.kind), entry.at, who(entry))
