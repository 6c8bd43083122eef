"""A Refusal as its reader can use it: a page, a piece of a page, an error beside a field, or problem+json (RFC 9457)."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from enum import Enum
from typing import Any

from django.forms import Form, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.web.frame.kinds import AnswerKind, answer_kind, is_same_origin
from zhengtong.web.frame.sentences import sentence, sentence_html

# What the rest of a code's name means for HTTP; a refusal not named here is a well-formed request the law says no to.
STATUS_BY_NAME = {
    "not_found": 404,
    "unknown": 404,
    "stale": 409,
    "wrong_state": 409,
    "wrong_status": 409,
    "exists": 409,
    "draft_exists": 409,
    "permission_missing": 403,
    "other_organ": 403,
    "too_large": 413,
}
STATUS_BY_FAMILY = {"permission": 403}
UNPROCESSABLE = 422

MOST_KEPT_TEXTS = 12
SHORTEST_KEPT_TEXT = 6


def status_of(code: RefusalCode) -> int:
    family, _, name = code.value.partition(".")
    if family == "form":  # form.too_large is a number, not a body
        return UNPROCESSABLE
    return STATUS_BY_FAMILY.get(family) or STATUS_BY_NAME.get(name, UNPROCESSABLE)


@contextmanager
def refused_on(form: Form, fields: Mapping[RefusalCode, str] | None = None, field: str | None = None) -> Iterator[None]:
    """Turns a refusal inside the block into an error of the form: beside the field its code names, else on top.

    After the block `form.is_valid()` is False, and the view shows the form again with all that was typed.
    """
    try:
        yield
    except Refusal as refusal:
        form.add_error(
            (fields or {}).get(refusal.code, field), ValidationError(sentence_html(refusal), code=refusal.code)
        )


def answer(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    kind = answer_kind(request)
    status = status_of(refusal.code)
    if kind is AnswerKind.JSON:
        return problem(request, status, sentence(refusal), code=refusal.code.value, facts=_plain(refusal.facts))
    context = {
        "refusal": refusal,
        "status": status,
        "sentence": sentence_html(refusal),
        "back": _way_back(request),
        "typed": _typed(request),
        "request_id": request.META.get("ZHENGTONG_REQUEST_ID", ""),
    }
    if kind is AnswerKind.FRAGMENT:
        response = render(request, "frame/refusal_piece.html", context, status=status)
        # The page stays as it is, with all that was typed; the sentence appears where messages stand.
        response["HX-Retarget"], response["HX-Reswap"] = "#told", "innerHTML show:window:top"
        return response
    return render(request, "frame/refusal.html", context | {"layout": layout_of(request)}, status=status)


def problem(request: HttpRequest, status: int, detail: str, *, code: str, facts: object = None) -> JsonResponse:
    body = {
        "type": f"urn:zhengtong:problem:{code}",
        "status": status,
        "detail": detail,
        "code": code,
        "facts": facts or {},
        "request_id": request.META.get("ZHENGTONG_REQUEST_ID", ""),
    }
    options = {"ensure_ascii": False}
    return JsonResponse(body, status=status, content_type="application/problem+json", json_dumps_params=options)


def layout_of(request: HttpRequest) -> str:
    """Officers stay in their own house when something goes wrong there."""
    user = getattr(request, "user", None)
    inside = request.path.startswith(("/desk/", "/watch/"))
    return "frame/desk.html" if inside and user is not None and user.is_authenticated else "frame/portal.html"


def _way_back(request: HttpRequest) -> str:
    referer = request.headers.get("Referer", "")
    if is_same_origin(request) and "://" in referer:
        path = "/" + referer.split("://", 1)[1].partition("/")[2]
        if path != request.path:
            return path
    return request.path if request.method == "POST" else ""


def _typed(request: HttpRequest) -> list[str]:
    """Longer texts of the refused form, shown so that they can be copied: nothing typed is lost."""
    if request.method != "POST":
        return []
    texts = [
        value
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken" and "password" not in name
        for value in values
        if len(value.strip()) >= SHORTEST_KEPT_TEXT and not value.isascii()
    ]
    return sorted(texts, key=len, reverse=True)[:MOST_KEPT_TEXTS]


def _plain(fact: Any) -> Any:
    if isinstance(fact, Mapping):
        return {str(name): _plain(value) for name, value in fact.items()}
    if isinstance(fact, (list, tuple, set, frozenset)):
        return [_plain(value) for value in fact]
    if isinstance(fact, Enum):
        return fact.value
    if isinstance(fact, (date, datetime)):
        return fact.isoformat()
    return fact if isinstance(fact, (str, int, float, bool, type(None))) else str(fact)
