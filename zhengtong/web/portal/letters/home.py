"""来信: the entrances, one's own letters, published typical letters, and how fast the house answers, with the base."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhengtong.base.permission import SYSTEM
from zhengtong.domains.letters import queries as letters
from zhengtong.rules.letters import LetterKind
from zhengtong.web.accounts.acting import ActingRequest, citizen_door
from zhengtong.web.frame.language import typed_in_chinese
from zhengtong.web.portal.knowledge.views import asked
from zhengtong.web.portal.letters import drafting, words
from zhengtong.web.portal.words import word

PAGE = 20


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    context = {
        "kinds": [(kind, label, words.HINTS[kind]) for kind, label in words.KINDS.items()],
        "draft": drafting.load(request),
        "typical": letters.published(limit=3),
        "figures": _figures(),
    }
    return render(request, "portal/letters/home.html", context)


def _figures() -> dict[str, Any]:
    """This year's letters but tips, which stand in no figure: received, answered, in time; and those late unanswered."""
    at = timezone.now()
    today = timezone.localdate(at)
    since = date(today.year, 1, 1)
    rows = [
        row for row in letters.figures(SYSTEM, since, today, group="kind", at=at) if row["key"] != LetterKind.TIP.value
    ]
    overdue = letters.figures(SYSTEM, since, today, group="kind", at=at, late_at=at)
    waiting = sum(row["received"] for row in overdue if row["key"] != LetterKind.TIP.value)
    total = {name: sum(row[name] for row in rows) for name in letters.MEASURES}
    base = total["replied"] + waiting  # answered, or should have been by now
    in_time = base - total["late"]
    return {
        "since": since, "until": today, "received": total["received"], "replied": total["replied"], "base": base,
        "in_time": in_time, "percent": f"{100 * in_time / base:.1f}" if base else "", "within_5": total["within_5"],
        "kinds": [(word(words.KINDS, row["key"]), row["received"], row["replied"]) for row in rows if row["key"] in words.KINDS],
    }  # fmt: skip


@require_safe
def typical(request: HttpRequest) -> HttpResponse:
    text, category = asked(request, "q"), asked(request, "category", 20)
    found = letters.published(text, category, asked(request, "before", 100), limit=PAGE + 1)
    context = {
        "rows": found[:PAGE], "text": text, "typed_chinese": typed_in_chinese(text), "category": category, "categories": letters.categories(),
        "next": letters.published_mark(found[PAGE - 1]) if len(found) > PAGE and not text else "",
    }  # fmt: skip
    return render(request, "portal/letters/typical.html", context)


@require_safe
def typical_letter(request: HttpRequest, number: str) -> HttpResponse:
    return render(request, "portal/letters/typical_letter.html", {"row": letters.published_for(number)})


@require_safe
def public_figures(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/letters/figures.html", {"figures": _figures()})


@never_cache
@citizen_door
@require_safe
def mine(request: ActingRequest) -> HttpResponse:
    found = letters.my_letters(request.acting, asked(request, "before", 100), limit=PAGE + 1)
    context = {
        "rows": [(row, word(words.KINDS, row.kind), words.STATES[row.state]) for row in found[:PAGE] if row.kind != LetterKind.TIP.value],
        "next": letters.mark(found[PAGE - 1].received_at, found[PAGE - 1].number) if len(found) > PAGE else "",
    }  # fmt: skip
    return render(request, "portal/letters/mine.html", context)
