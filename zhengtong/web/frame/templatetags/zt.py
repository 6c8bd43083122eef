"""The components all doors share. `{% load zt %}`; README.md of this folder shows each of them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.forms import BoundField, Form
from django.template.base import NodeList, Parser, Token
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from zhengtong.rules.explanation import Explanation
from zhengtong.rules.form_shape import Field
from zhengtong.web.frame import dates, language
from zhengtong.web.frame.clockwork import days_drawn
from zhengtong.web.frame.fields import answer_context, field_context, summary_lines
from zhengtong.web.frame.navigation import portal_ways as ways_of_portal

register = template.Library()

LIGHT_WORDS = {
    "ok": _("在限"),
    "soon": _("将到期"),
    "late": _("超期"),
    "over_legal": _("超法定期限"),
    "wait": _("暂停计时"),
    "done": _("已办结"),
}


# --- language and dates ---------------------------------------------------------------------------------------------
@register.filter
def zh(value: object) -> SafeString:
    """`{{ organ.name|zh }}`: Chinese data, marked as such on an English page. Not for attributes: see `zhattr`."""
    return language.marked(value)


@register.tag(name="zh")
def zh_block(parser: Parser, token: Token) -> template.Node:
    """`{% zh %}…{% endzh %}`: a passage of Chinese (an address, a legal text)."""
    inside = parser.parse(("endzh",))
    parser.delete_first_token()
    return _ZhBlock(inside)


class _ZhBlock(template.Node):
    def __init__(self, inside: NodeList) -> None:
        self.inside = inside

    def render(self, context: Context) -> SafeString:
        html = self.inside.render(context)
        return format_html('<div lang="zh-Hans">{}</div>', html) if dates.in_english() else html


@register.simple_tag
def tongue(chinese: object, english: object = "") -> SafeString:
    """`{% tongue item.name item.name_en %}`: the text of this page's language; Chinese, marked, where English is missing."""
    return language.either(chinese, english)


@register.simple_tag
def known(word: str) -> SafeString:
    """A word the messages may translate (a festival, an article of law); else Chinese, marked."""
    return language.known(word)


@register.filter(name="date_words")
def date_words(value: dt.date | dt.datetime | None) -> str:
    return dates.day_words(value) if value else ""


@register.filter(name="moment_words")
def moment_words(value: dt.datetime | None) -> str:
    return dates.moment_words(value) if value else ""


@register.simple_tag
def date(value: dt.date | dt.datetime | None, style: str = "") -> str:
    """`{% date case.due_on %}` → 2026年9月28日 / 28 Sep 2026, in a `<time>`. Styles: `short`, `weekday`."""
    if not value:
        return ""
    day = dates.local_day(value)
    words = dates.short_day_words(day) if style == "short" else dates.day_words(day, weekday=style == "weekday")
    return format_html('<time datetime="{}">{}</time>', day.isoformat(), words)


@register.simple_tag
def moment(value: dt.datetime | None, style: str = "") -> str:
    """`{% moment act.at %}` → 2026年9月28日 15:12 / 28 Sep 2026, 15:12. Style: `seconds`."""
    if not value:
        return ""
    words = dates.moment_words(value, seconds=style == "seconds")
    return format_html('<time datetime="{}">{}</time>', value.isoformat(timespec="seconds"), words)


# --- small pieces ---------------------------------------------------------------------------------------------------
@register.inclusion_tag("frame/lamp.html")
def lamp(light: object, text: object = "") -> dict[str, Any]:
    """`{% lamp case.light "剩 2 日" %}`: shape + word + colour. `light` is a Light or its name in any case."""
    name = str(getattr(light, "value", light)).lower()
    return {"name": name, "text": text or LIGHT_WORDS[name]}


@register.inclusion_tag("frame/tag.html")
def tag(text: object, kind: str = "") -> dict[str, Any]:
    """A small label; kind: `grey`, `red`."""
    return {"text": text, "kind": kind}


@register.inclusion_tag("frame/figure.html")
def figure(label: object, value: object, base: object = "", url: str = "", trend: str = "") -> dict[str, Any]:
    """A figure with its base (分母), linked to the rows it counts. `trend`: `up` or `down` colours the base line."""
    return {"label": label, "value": value, "base": base, "url": url, "trend": trend}


@register.inclusion_tag("frame/empty.html")
def empty(title: object, text: object = "", url: str = "", label: object = "") -> dict[str, Any]:
    """Nothing here, why, and what to do next."""
    return {"title": title, "text": text, "url": url, "label": label}


@register.inclusion_tag("frame/pages.html")
def pages(previous: str = "", following: str = "", note: object = "") -> dict[str, Any]:
    """Keyset pages: two addresses (query strings will do), either may be empty."""
    return {"previous": previous, "following": following, "note": note}


@register.simple_tag
def masked(text: str) -> SafeString:
    """A masked personal value (the masking itself is rules/masking.py), set so that its stars line up."""
    return format_html('<span class="masked">{}</span>', zh(text))


@register.inclusion_tag("frame/mark.html")
def mark(name: str) -> dict[str, str]:
    """A drawn sign for a state page: `search`, `lock`, `door`, `clock`, `box`, `cloud`, `done`."""
    return {"name": name}


@register.inclusion_tag("frame/ways.html", takes_context=True)
def portal_ways(context: Context) -> dict[str, Any]:
    return {"ways": ways_of_portal(context["request"])}


# --- a case in pictures ---------------------------------------------------------------------------------------------
@register.inclusion_tag("frame/stages.html")
def stages(steps: Iterable[Any]) -> dict[str, Any]:
    """The five stages. Each step has `label`, `state` (past, now, stopped, refused, todo) and `note`."""
    return {"steps": steps}


@register.inclusion_tag("frame/acts.html")
def acts(entries: Iterable[Any]) -> dict[str, Any]:
    """What happened, newest first. Each entry has `title`, `at`, `who`, and may have `text` and `links` [(url, label)]."""
    return {"entries": entries}


@register.inclusion_tag("frame/days.html")
def days(explanation: Explanation, on: dt.date | None = None, start_word: object = "") -> dict[str, Any]:
    """The explained clock, a square a day. `on` is today: days before it are filled. `start_word` names the first day."""
    return days_drawn(explanation, on=on, start_word=start_word)


# --- forms ----------------------------------------------------------------------------------------------------------
@register.inclusion_tag("frame/field.html")
def field(bound: BoundField, hint: object = "") -> dict[str, Any]:
    """A field of a Django form with label, hint and error."""
    return field_context(bound, hint)


@register.inclusion_tag("frame/answer.html")
def answer(
    spec: Field,
    name: str,
    value: Any = None,
    error: object = "",
    prefilled: object = "",
    regions: Iterable[tuple[str, str]] = (),
) -> dict[str, Any]:
    """A field of an item's own form. `name` is the control's name (`section.0.field`); `regions` are (code, name)."""
    return answer_context(spec, name, value, error, prefilled, regions)


@register.inclusion_tag("frame/summary.html")
def error_summary(errors: Form | Mapping[str, Any] | Iterable[tuple[str, Any]] | None) -> dict[str, Any]:
    """Errors as a list of links on top of a form: a Django form, or pairs (id of the control, sentence)."""
    return {"lines": summary_lines(errors)}


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: object) -> str:
    """This page's query string with changes; an empty value takes a parameter away. `?{% query state="late" %}`."""
    parameters = context["request"].GET.copy()
    for name, value in changes.items():
        parameters.pop(name, None)
        if value not in (None, ""):
            parameters[name] = str(value)
    return mark_safe(parameters.urlencode().replace("&", "&amp;"))  # noqa: S308  (percent-encoded by urlencode)
