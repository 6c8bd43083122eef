"""抽查: a month's files drawn by the published seal, and what a second look found; and the days of extended service."""

import re
from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhengtong.domains.authenticity import actions
from zhengtong.domains.authenticity import queries as authenticity
from zhengtong.domains.registry import queries as registry
from zhengtong.flows.sample_judged import judge_file
from zhengtong.rules.authenticity.months import month_before, month_of
from zhengtong.rules.authenticity.sampling import SHARE_PERCENT
from zhengtong.rules.refusal import Refusal
from zhengtong.rules.roles import Ability
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.desk.steps import NameSelect
from zhengtong.web.frame.dates import in_english
from zhengtong.web.frame.refusals import status_of
from zhengtong.web.frame.sentences import sentence_html
from zhengtong.web.watch import lead_words as words
from zhengtong.web.watch.leads import CHINESE, SEE

MONTHS = 6  # back, that may still be drawn
_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")


@desk(SEE)
@require_safe
def samples(request: ActingRequest) -> HttpResponse:
    return _list(request)


def _list(request: ActingRequest, refusal: Refusal | None = None) -> HttpResponse:
    drawn = authenticity.samples()
    known, this = {sample.month for sample in drawn}, month_of(timezone.localdate())
    context = {
        "rows": drawn,
        "months": [m for m in (month_before(this, back) for back in range(1, MONTHS + 1)) if m not in known],
        "percent": SHARE_PERCENT,
        "supervises": request.acting.can(Ability.SUPERVISE),
        "refused": sentence_html(refusal) if refusal is not None else "",
    }
    return render(request, "watch/samples.html", context, status=status_of(refusal.code) if refusal else 200)


@desk(Ability.SUPERVISE)
@require_POST
def draw(request: ActingRequest) -> HttpResponse:
    month = _month(request.POST.get("month", ""))
    try:
        actions.draw_sample(month, by=request.acting, at=timezone.now())
    except Refusal as refusal:
        return _list(request, refusal)
    messages.success(request, _("已抽取 %(month)s 的抽查件。") % {"month": month})
    return redirect("watch:sample", month=month)


def _month(text: str) -> str:
    if not _MONTH.fullmatch(text):
        raise Http404
    return text


class Verdict(forms.Form):
    verdict = forms.ChoiceField(
        label=gettext_lazy("认定"), choices=list(words.VERDICTS.items()), widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=gettext_lazy("情况说明"),
        required=False,
        help_text=gettext_lazy("认定不实或拒绝不当的，必须写明查到什么。拒绝不当的，随即发红牌。"),
        widget=forms.Textarea(attrs={"rows": 2, "data-most": 1000, "lang": CHINESE}),
    )


@desk(SEE)
@require_safe
def sample(request: ActingRequest, month: str) -> HttpResponse:
    return _sample(request, _month(month))


def _sample(
    request: ActingRequest, month: str, *, form: Verdict | None = None, refusal: Refusal | None = None, judged: str = ""
) -> HttpResponse:
    found = authenticity.sample_of(month)
    if found is None:
        raise Http404
    files = authenticity.sample_files(found, after=reading.number(request.GET.get("after")) or 0)
    shown = files[: authenticity.PAGE]
    status = status_of(refusal.code) if refusal else 422 if form is not None else 200
    context = {
        "sample": found,
        "result": authenticity.sampling_result(month),
        "files": [
            (file, words.ORIGINS[file.origin], words.VERDICTS.get(file.verdict, ""), _form(file, form, judged))
            for file in shown
        ],
        "after": shown[-1].pk if len(files) > authenticity.PAGE else "",
        "supervises": request.acting.can(Ability.SUPERVISE),
        "judged": judged,
        "refused": sentence_html(refusal) if refusal is not None else "",
    }
    return render(request, "watch/sample.html", context, status=status)


def _form(file: authenticity.SampleFile, form: Verdict | None, judged: str) -> Verdict:
    if form is not None and file.case_no == judged:
        return form
    initial = {"verdict": file.verdict, "note": file.note}
    return Verdict(prefix=file.case_no, initial=initial, use_required_attribute=False)


@desk(Ability.SUPERVISE)
@require_POST
def judge(request: ActingRequest, month: str, number: str) -> HttpResponse:
    authenticity.sample_file_for(request.acting, _month(month), number)
    form = Verdict(request.POST, prefix=number)
    if not form.is_valid():
        return _sample(request, month, form=form, judged=number)
    given = form.cleaned_data
    try:
        judge_file(month, number, given["verdict"], note=given["note"], by=request.acting, at=timezone.now())
    except Refusal as refusal:
        return _sample(request, month, form=form, refusal=refusal, judged=number)
    messages.success(request, _("已记录。"))
    return redirect(f"{reverse('watch:sample', args=[month])}#{number}")


# --- extended service ---


class Extended(forms.Form):
    on = forms.DateField(label=gettext_lazy("日期"), widget=forms.DateInput(attrs={"type": "date"}))
    opens = forms.TimeField(label=gettext_lazy("开始时间"), widget=forms.TimeInput(attrs={"type": "time"}))
    closes = forms.TimeField(label=gettext_lazy("结束"), widget=forms.TimeInput(attrs={"type": "time"}))
    organ = forms.ChoiceField(label=gettext_lazy("部门"), required=False, widget=NameSelect)
    reason = forms.CharField(
        label=gettext_lazy("延时事由"), max_length=200, widget=forms.TextInput(attrs={"lang": CHINESE})
    )


@desk(SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def hours(request: ActingRequest) -> HttpResponse:
    """Who is here has announced it: work on such a day is no lead (D-03)."""
    form, refusal = Extended(use_required_attribute=False), None
    if request.method == "POST":
        request.acting.check(Ability.KEEP_CALENDAR)
        form = Extended(request.POST, use_required_attribute=False)
    _offer(form)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.extend_hours(
                given["on"], given["opens"], given["closes"], organ_id=int(given["organ"]) if given["organ"] else None,
                reason=given["reason"], by=request.acting, at=timezone.now(),
            )  # fmt: skip
        except Refusal as refused:
            refusal = refused
        else:
            messages.success(request, _("已登记。"))
            return redirect("watch:hours")
    today = timezone.localdate()
    context = {
        "rows": authenticity.extended_hours(today - timedelta(days=92), today + timedelta(days=366)),
        "form": form,
        "keeps": request.acting.can(Ability.KEEP_CALENDAR),
        "refused": sentence_html(refusal) if refusal is not None else "",
    }
    status = status_of(refusal.code) if refusal else 422 if form.errors else 200
    return render(request, "watch/hours.html", context, status=status)


def _offer(form: Extended) -> None:
    english = in_english()
    choices = [(str(one.pk), one.name_en if english and one.name_en else one.name) for one in registry.organs()]
    form.fields["organ"].choices = [("", _("整个大厅")), *choices]  # type: ignore[attr-defined]  # a ChoiceField
