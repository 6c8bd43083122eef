"""消息模板: what each event says, a draft beside it, a preview with invented facts, a trial to the guest list."""

from http import HTTPStatus
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from zhengtong.domains.messaging import actions, queries
from zhengtong.flows.message_tried import try_out
from zhengtong.rules import messaging
from zhengtong.rules.messaging import Channel, Draft, Template, worded
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.frame.refusals import refused_on

KEEP = Ability.KEEP_MESSAGES
# Invented facts for a preview, so that a sentence is read as its receiver will.
EXAMPLES = {
    "case_no": "9901012026092400017", "item": "食品经营许可", "due": "2026-10-15", "until": "2026-10-15",
    "reply_by": "2026-10-09", "delivery_due": "2026-10-20", "decision": "GRANT", "procedure": "现场核查",
    "organ": "云镇县市场监督管理局", "reason": "材料需要核对", "outcome": "……", "count": "3", "on": "2026-10-12",
    "link": "https://…/…", "number": "202610120017", "starts": "2026-10-16T09:30", "hall": "云泽市政务服务中心",
    "who": "王芳", "code": "7K2M9QXR", "project": "冷链物流园", "order_no": "DB202600003", "days": "3",
    "card_no": "J9901002026101200017", "rule_name": "承诺时限届满未办结", "officer": "李军", "label": "A017",
    "upper_organ": "省商务厅", "certificate": "食品经营许可", "certificate_no": "9901012026092400017",
    "apply_by": "2026-10-10", "digits": "384026", "level": "不满意", "queue": "商务业务", "queue_en": "Commerce",
    "ahead": "4", "minutes": "20", "device": "3号窗评价器", "partner": "省平台", "title": "冷链物流园的供电",
    "lines": "· 您的申请已受理",
}  # fmt: skip


class Wording(forms.Form):
    zh = forms.CharField(label=gettext_lazy("中文"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    en = forms.CharField(label=gettext_lazy("英文"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    sms_zh = forms.CharField(
        label=gettext_lazy("短信用的中文"),
        help_text=gettext_lazy("不填就用上面的中文"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    sms_en = forms.CharField(
        label=gettext_lazy("短信用的英文"),
        help_text=gettext_lazy("不填就用上面的英文"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    enabled = forms.BooleanField(label=gettext_lazy("发送这类消息"), required=False)

    def __init__(self, *args: Any, legal: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        if legal:
            del self.fields["enabled"]

    def draft(self) -> Draft:
        return Draft(**{"enabled": True, **{name: self.cleaned_data[name] for name in self.fields}})


@desk(KEEP)
@require_safe
def templates(request: ActingRequest) -> HttpResponse:
    lines = queries.wordings(request.acting)
    groups: dict[str, list[Any]] = {}
    for template, row in lines:
        groups.setdefault(template.group, []).append((template, row))
    context = {"groups": [(queries.group_words(name), lines) for name, lines in groups.items()]}
    return render(request, "desk/messages/templates.html", context)


@desk(KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def template(request: ActingRequest, kind: str) -> HttpResponse:
    now, row = queries.wording(request.acting, kind)
    shown = worded(now, Draft(**row.draft), now.version) if row is not None and row.draft else now
    initial = {name: getattr(shown, name) for name in ("zh", "en", "sms_zh", "sms_en", "enabled")}
    do = request.POST.get("do", "") if request.method == "POST" else ""
    form = Wording(request.POST if do == "draft" else None, initial=initial, legal=now.legal)
    if do in STEPS:
        said = STEPS[do](request, kind)
        messages.success(request, said)
        return redirect("desk:template", kind)
    if form.is_valid():
        fields = {RefusalCode.MESSAGE_TEMPLATE_BROKEN: "zh", RefusalCode.MESSAGE_TEMPLATE_FACT: "zh"}
        with refused_on(form, fields):
            actions.draft(kind, form.draft(), by=request.acting, at=timezone.now())
        if form.is_valid():
            messages.success(request, _("草稿已保存，发布后才用于消息。"))
            return redirect("desk:template", kind)
    context = {
        "template": now,
        "group": queries.group_words(now.group),
        "row": row,
        "form": form,
        "facts": sorted(now.facts),
        "previews": previews(shown),
        "editions": queries.editions_of(row),
        "guests": queries.guests(request.acting),
        "channels": [channel for channel in now.channels if channel in messaging.PERSONAL],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "desk/messages/template.html", context, status=status)


def _publish(request: ActingRequest, kind: str) -> str:
    actions.publish(kind, by=request.acting, at=timezone.now())
    return _("已发布，以后的消息用新的说法。")


def _drop(request: ActingRequest, kind: str) -> str:
    actions.drop_draft(kind, by=request.acting, at=timezone.now())
    return _("草稿已丢弃。")


def _try(request: ActingRequest, kind: str) -> str:
    channel = request.POST.get("channel", "")
    if channel not in set(messaging.PERSONAL):
        raise Refusal(RefusalCode.NOT_FOUND)
    try_out(
        kind,
        guest=request.POST.get("guest", ""),
        channel=Channel(channel),
        english=request.POST.get("language") == "en",
        facts=facts_of(queries.template(kind)),
        key=uuid4().hex,
        by=request.acting,
        at=timezone.now(),
    )
    return _("试发的消息已进入发送队列。")


STEPS = {"publish": _publish, "drop": _drop, "try": _try}


def facts_of(template: Template) -> dict[str, str]:
    return {name: EXAMPLES.get(name, "……") for name in template.facts}


def previews(template: Template) -> list[tuple[str, str, str, bool]]:
    """(channel, language, text, Chinese): as its receivers will read it."""
    shown = []
    for channel in (one for one in template.channels if one is not Channel.WEBHOOK):
        for english in (False, True):
            words = messaging.sentence(template, channel, english=english)
            text = messaging.fill(words, facts_of(template), english=english)
            shown.append((str(channel), _("英文") if english else _("中文"), text, not english))
    return shown
