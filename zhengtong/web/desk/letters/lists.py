"""Letters in lists: what is owed, most urgent first; everything; who is to be called back; what waits to be published."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhengtong.domains.letters import queries
from zhengtong.domains.registry import queries as registry
from zhengtong.rules.letters import LetterKind, LetterState, Mailbox
from zhengtong.rules.roles import Ability
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.desk.letters import words
from zhengtong.web.desk.letters.shown import rows

AT_LETTERS = (
    Ability.REGISTER_LETTERS,
    Ability.KEEP_LETTERS,
    Ability.ANSWER_LETTERS,
    Ability.APPROVE_REPLIES,
    Ability.READ_TIPS,
    Ability.REVISIT,
    Ability.SEE_ALL,
)


def filters(request: ActingRequest) -> dict[str, Any]:
    """The address, read without trusting it."""
    get = request.GET
    kinds = set(LetterKind) if request.acting.can(Ability.READ_TIPS) else set(LetterKind) - {LetterKind.TIP}
    return {
        "kind": get.get("kind", "") if get.get("kind") in kinds else "",
        "mailbox": get.get("mailbox", "") if get.get("mailbox") in set(Mailbox) else "",
        "states": (get.get("state", ""),) if get.get("state") in set(LetterState) else (),
        "category": reading.key(request, "category"),
        "organ_id": reading.number(get.get("organ")),
        "handler_id": request.acting.id if get.get("mine") == "1" else None,
        "late_at": timezone.now() if get.get("late") == "1" else None,
        "urgent": get.get("urgent") == "1",
        "case_no": reading.key(request, "case").upper(),
        "text": reading.words(request),
    }


def _context(request: ActingRequest, tab: str, asked: dict[str, Any]) -> dict[str, Any]:
    by = request.acting
    wide = by.can(Ability.SEE_ALL) or by.everywhere(Ability.KEEP_LETTERS)
    kinds = [(kind, word) for kind, word in words.KINDS.items() if kind != LetterKind.TIP or by.can(Ability.READ_TIPS)]
    return {
        "tab": tab,
        "asked": asked,
        "state": asked["states"][0] if asked["states"] else "",
        "q": asked["text"],
        "narrowed": any(value not in ("", (), None, False) for value in asked.values()),
        "kinds": kinds,
        "mailboxes": words.MAILBOXES.items(),
        "organs": list(registry.organs()) if wide else [],
        "may": {
            "register": by.can(Ability.REGISTER_LETTERS),
            "keep": by.can(Ability.KEEP_LETTERS),
            "revisit": by.can(Ability.REVISIT),
            "publish": by.can(Ability.KEEP_LETTERS, Ability.APPROVE_REPLIES),
        },
    }


@desk(*AT_LETTERS)
@require_safe
def owed(request: ActingRequest) -> HttpResponse:
    """What waits for an answer, most urgent first."""
    at, asked = timezone.now(), filters(request)
    found = queries.owed(request.acting, after=reading.key(request, "after"), limit=queries.PAGE + 1, **asked)
    page = found[: queries.PAGE]
    context = _context(request, "owed", asked) | {
        "rows": rows(page, at),
        "counts": _counts(request),
        "after": queries.mark(page[-1].due_at, page[-1].number) if len(found) > queries.PAGE else "",
    }
    return render(request, "desk/letters/owed.html", context)


def _counts(request: ActingRequest) -> list[tuple[Any, int, str, bool]]:
    """(what, how many, the address of its rows, whether it presses)."""
    counted = queries.counts(request.acting, at=timezone.now())
    tiles: list[tuple[Any, int, str, bool]] = [
        (_("未答复"), counted["open"], "?", False),
        (_("已超期"), counted["late"], "?late=1", counted["late"] > 0),
    ]
    return tiles + [(words.STATES[LetterState(state)], counted[state], f"?state={state}", False) for state in _ORDER]


_ORDER = [
    state.value for state in (LetterState.RECEIVED, LetterState.ROUTED, LetterState.ANSWERING, LetterState.DRAFTED)
]


@desk(*AT_LETTERS)
@require_safe
def everything(request: ActingRequest) -> HttpResponse:
    """All letters one may read, newest first; words find what is neither a tip nor hidden."""
    asked = filters(request)
    found = queries.letters(request.acting, before=reading.key(request, "before"), limit=queries.PAGE + 1, **asked)
    page = found[: queries.PAGE]
    context = _context(request, "all", asked) | {
        "rows": rows(page, timezone.now()),
        "states": words.STATES.items(),
        "before": queries.mark(page[-1].received_at, page[-1].number) if len(found) > queries.PAGE else "",
    }
    return render(request, "desk/letters/all.html", context)


@desk(Ability.REVISIT)
@require_safe
def revisits(request: ActingRequest) -> HttpResponse:
    """Who has been answered and not been asked yet whether it helped."""
    found = queries.to_revisit(request.acting, after=reading.key(request, "after"), limit=queries.PAGE + 1)
    page = found[: queries.PAGE]
    context = _context(request, "revisits", filters(request)) | {
        "rows": rows(page, timezone.now()),
        "after": queries.mark(page[-1].replied_at, page[-1].number) if len(found) > queries.PAGE else "",
    }
    return render(request, "desk/letters/revisits.html", context)


@desk(Ability.KEEP_LETTERS, Ability.APPROVE_REPLIES)
@require_safe
def publications(request: ActingRequest) -> HttpResponse:
    """Texts that wait for somebody else's approval before the public reads them."""
    asked = filters(request)
    found = queries.letters(
        request.acting, unpublished=True, before=reading.key(request, "before"), limit=queries.PAGE + 1
    )
    page = found[: queries.PAGE]
    context = _context(request, "publications", asked) | {
        "rows": rows(page, timezone.now()),
        "published": queries.published(limit=10),
        "before": queries.mark(page[-1].received_at, page[-1].number) if len(found) > queries.PAGE else "",
    }
    return render(request, "desk/letters/publications.html", context)
