"""The public deadline calculator: the same clock that counts cases, for any date a visitor gives."""

from datetime import date

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhengtong.base import calendar
from zhengtong.rules import clock
from zhengtong.rules.clock import Explanation, Limit, Unit
from zhengtong.web.frame.refusals import refused_on

LONGEST = 400


class Question(forms.Form):
    start = forms.DateField(
        label=_("从哪一天开始"),
        help_text=_("例如受理的那一天；当日不计入"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "short"}),
        error_messages={"invalid": _("没有这个日期。请写成 2026-09-28 的样子。"), "required": _("请填写开始的日期。")},
    )
    amount = forms.IntegerField(
        label=_("多少日"),
        min_value=0,
        max_value=LONGEST,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "short"}),
        error_messages={
            "invalid": _("这里要填整数，例如 20。"),
            "required": _("请填写天数。"),
            "min_value": _("天数不能是负数。"),
            "max_value": _("最多可以算 400 日。"),
        },
    )
    unit = forms.ChoiceField(
        label=_("怎么算日子"),
        choices=[
            (Unit.WORKING_DAY.value, _("工作日（周末和节假日不算）")),
            (Unit.CALENDAR_DAY.value, _("自然日（末日逢休息日顺延）")),
        ],
        widget=forms.RadioSelect,
        initial=Unit.WORKING_DAY.value,
        error_messages={"required": _("请选择工作日或自然日。"), "invalid_choice": _("请选择工作日或自然日。")},
    )


@require_safe
def deadline(request: HttpRequest) -> HttpResponse:
    asked = "start" in request.GET or "amount" in request.GET
    today = timezone.localdate()
    form = Question(request.GET if asked else None, initial={"start": today, "amount": 20})
    form.use_required_attribute = False
    explanation = None
    if asked and form.is_valid():
        with refused_on(form, field="start"):
            explanation = _explained(**form.cleaned_data)
    context = {"form": form, "explanation": explanation, "today": today}
    return render(request, "portal/deadline.html", context, status=422 if asked and form.errors else 200)


def _explained(start: date, amount: int, unit: str) -> Explanation:
    return clock.explain(start, Limit(amount, Unit(unit)), (), calendar.current())
