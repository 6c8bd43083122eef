"""The house with a few rooms added, in which the frame can be tried: samples of components, a form, a refusal, a crash."""

import datetime as dt

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template import engines
from django.urls import path
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _

from config import urls
from zhengtong.rules.calendar import Calendar, Day, DayKind
from zhengtong.rules.explanation import explain
from zhengtong.rules.form_shape import Field, Option
from zhengtong.rules.form_types import CHOICES, TYPES
from zhengtong.rules.period import Limit, Pause, Unit
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.web.frame.refusals import refused_on

handler400, handler403, handler404 = urls.handler400, urls.handler403, urls.handler404
handler429, handler500 = urls.handler429, urls.handler500

AUTUMN = {
    dt.date(2026, 9, 25): ("中秋节", DayKind.HOLIDAY),
    dt.date(2026, 9, 20): ("", DayKind.SWAP_WORK),
    dt.date(2026, 10, 10): ("国庆节", DayKind.SWAP_WORK),
    **{dt.date(2026, 10, n): ("国庆节", DayKind.HOLIDAY) for n in (1, 2, 3)},
    **{dt.date(2026, 10, n): ("国庆节", DayKind.SWAP_REST) for n in (5, 6, 7)},
}
CALENDAR = Calendar({on: Day(on, kind, name) for on, (name, kind) in AUTUMN.items()}, {2026})
START = dt.date(2026, 9, 24)


class Trial(forms.Form):
    name = forms.CharField(label=_("姓名"), max_length=20)
    note = forms.CharField(label="Note", widget=forms.Textarea, required=False)
    language = forms.ChoiceField(label="Language", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    agree = forms.BooleanField(label="I agree")
    paper = forms.FileField(label="Paper", required=False)


def page(request: HttpRequest, body: str, layout: str = "frame/portal.html", **context: object) -> HttpResponse:
    source = "{% extends layout %}{% load zt i18n %}{% block title %}Samples{% endblock %}{% block content %}" + body
    template = engines["django"].from_string(source + "{% endblock %}")
    return HttpResponse(template.render({"layout": layout, **context}, request))


def every_field() -> list[Field]:
    """One field of every type an item's form may have, with Chinese and English labels."""
    options = (Option("a", "甲", "First"), Option("b", "乙", "Second"))
    return [
        Field(
            code=name,
            type=name,
            label=f"题目 {name}",
            label_en=f"Question {name}",
            required=name in CHOICES,
            options=options if name in CHOICES else (),
        )
        for name in TYPES
    ]


def components(request: HttpRequest) -> HttpResponse:
    form = Trial({"language": "a"})
    form.is_valid()
    context = {
        "form": form,
        "fields": every_field(),
        "regions": [("990102", "云中区"), ("990103", "泽南区")],
        "steps": [
            {"label": _("办事"), "state": "past", "note": "张敏"},
            {"label": _("办事"), "state": "past", "note": "李军"},
            {"label": _("办事"), "state": "now", "note": "王芳"},
            {"label": _("办事"), "state": "todo"},
            {"label": _("办事"), "state": "todo"},
        ],
        "acts": [
            {
                "title": "转审核",
                "text": "材料齐全，符合条件。",
                "at": make_aware(dt.datetime(2026, 9, 28, 15, 12)),
                "who": "商务局市场科 李军",
                "links": [("/", "受理通知书")],
            }
        ],
        "running": explain(START, Limit(5, Unit.WORKING_DAY), [], CALENDAR),
        "paused": explain(
            dt.date(2026, 3, 2),
            Limit(20, Unit.WORKING_DAY),
            [Pause(dt.date(2026, 3, 11), dt.date(2026, 3, 25), "专家评审")],
            CALENDAR,
        ),
        "today": dt.date(2026, 9, 30),
        "lights": ["OK", "SOON", "LATE", "OVER_LEGAL", "WAIT", "DONE"],
    }
    body = """
<div class="row"><h1>{% tongue "单用途商业预付卡发卡企业备案" "Filing of prepaid card issuers" %}</h1>{% lamp "OK" %}<span class="push"><button class="btn plain small" type="button">{% translate "返回" %}</button></span></div>
<p class="row">{% for light in lights %}{% lamp light %}{% endfor %}{% tag "承诺件" %}{% tag "零跑腿" "grey" %}</p>
<section class="sheet">{% stages steps %}</section>
<section class="grid g2"><div class="sheet"><h2>{% translate "逐日说明" %}</h2>{% days running on=today start_word=_("起算") %}</div>
<aside class="sheet stack">{% figure _("已办结") "352" "1 / 360" "/" "up" %}{% figure _("超期") "4" "4 / 360" %}</aside></section>
<section class="sheet">{% days paused %}</section>
<section class="sheet">{% acts acts %}</section>
<section class="sheet">{% error_summary form %}<form method="post" enctype="multipart/form-data" data-upload data-most-bytes="1000">{% csrf_token %}{% field form.name %}{% field form.note %}{% field form.language %}{% field form.agree %}{% field form.paper %}<p class="form-end"><button class="btn" data-ask="{% translate '不计入' %}">{% translate "保存" %}</button></p></form></section>
<section class="sheet"><form method="post">{% for spec in fields %}{% answer spec "s.0."|add:spec.code regions=regions %}{% endfor %}</form></section>
<section class="sheet flush"><table class="cards" data-keys><thead><tr><th scope="col">{% translate "日期" %}</th><th scope="col">{% translate "依据" %}</th><th scope="col" class="num">{% translate "编号" %}</th></tr></thead><tbody>
<tr class="late"><td>{% lamp "LATE" %}</td><td><a href="/?one">{{ "云泽石油有限公司"|zh }}</a></td><td class="num">11 / 10</td></tr>
<tr class="soon"><td>{% lamp "SOON" %}</td><td><a href="/?two">{{ "云泽车市管理有限公司"|zh }}</a></td><td class="num">2 / 3</td></tr>
<tr><td>{% lamp "WAIT" %}</td><td><a href="/?three">{{ "绿源再生资源有限公司"|zh }}</a></td><td class="num">6 / 15</td></tr></tbody></table></section>
<section class="sheet">{% empty _("没有找到") _("请过一会儿再试。") "/" _("回首页") %}</section>
{% pages "?before=1" "?after=2" %}{% query a="1" as changed %}<p>{% date today %} {% date today "weekday" %} {% masked "138****5678" %}</p>
<form class="search" role="search"><input type="search" aria-label="{% translate '查进度' %}" data-search><button class="btn">{% translate "查进度" %}</button></form>
"""
    layout = "frame/desk.html" if "desk" in request.GET else "frame/portal.html"
    rail = [
        {
            "title": "",
            "ways": [
                {"url": request.path, "label": _("办事"), "count": 12, "pressing": True},
                {"url": "/x/", "label": _("查进度"), "count": 3},
            ],
        },
        {"title": _("超期"), "ways": [{"url": "/y/", "label": _("暂停计时"), "count": 0}]},
    ]
    return page(request, body, layout, rail=rail, **context)


@login_required
def own(request: HttpRequest) -> HttpResponse:
    """A form for who is signed in; what arrived is shown."""
    form = Trial(request.POST or None, request.FILES or None)
    if form.is_valid():
        return page(request, "<p>arrived</p><p id='name'>{{ name|zh }}</p>", name=form.cleaned_data["name"])
    body = "{% error_summary form %}<form method='post' enctype='multipart/form-data'>{% csrf_token %}{% field form.name %}{% field form.note %}{% field form.language %}{% field form.agree %}{% field form.paper %}<button class='btn'>go</button></form>"
    return page(request, body, form=form)


def refuse(request: HttpRequest) -> HttpResponse:
    raise Refusal(RefusalCode(request.GET["code"]), **{k: v for k, v in request.GET.items() if k != "code"})


def refuse_in_form(request: HttpRequest) -> HttpResponse:
    form = Trial(request.POST)
    form.is_valid()
    with refused_on(form, {RefusalCode.CODE_USCC_CHECK: "name"}):
        raise Refusal(RefusalCode.CODE_USCC_CHECK)
    return page(request, "{% error_summary form %}{% field form.name %}", form=form)


def crash(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("on purpose")


def upload(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"files": [file.size for file in request.FILES.values()], "names": list(request.POST)})


@login_required
def autosave(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        request.session["saved"] = request.POST.get("text", "")
        return JsonResponse({"saved_at": "14:02", "version": 2})
    body = "<form method='post' action='/samples/own/' data-autosave='/samples/autosave/'>{% csrf_token %}<input type='hidden' name='version' value='1'><div class='field'><label for='text'>文字</label><input id='text' name='text' value='{{ saved }}'></div><p data-saved></p></form>"
    return page(request, body, saved=request.session.get("saved", ""))


def away(request: HttpRequest) -> HttpResponse:
    return redirect("/samples/")


def print_page(request: HttpRequest) -> HttpResponse:
    return render(request, "frame/print.html")


urlpatterns = [
    path("samples/", components),
    path("samples/own/", own),
    path("samples/refuse/", refuse),
    path("samples/refuse-in-form/", refuse_in_form),
    path("samples/crash/", crash),
    path("samples/upload/", upload),
    path("samples/autosave/", autosave),
    path("samples/away/", away),
    path("samples/print/", print_page),
    *urls.urlpatterns,
]
