"""What kind of answer a request can read: a page, a piece of a page (htmx), or JSON."""

from enum import StrEnum

from django.http import HttpRequest


class AnswerKind(StrEnum):
    PAGE = "page"
    FRAGMENT = "fragment"
    JSON = "json"


def answer_kind(request: HttpRequest) -> AnswerKind:
    if request.headers.get("HX-Request") == "true" and request.headers.get("HX-Boosted") != "true":
        return AnswerKind.FRAGMENT
    wanted = request.headers.get("Accept", "")
    if "text/html" not in wanted and ("json" in wanted or request.content_type == "application/json"):
        return AnswerKind.JSON
    return AnswerKind.PAGE


def is_same_origin(request: HttpRequest) -> bool:
    """Whether a page of this very site sent the request. A browser names the origin of every cross-site POST."""
    origin = request.headers.get("Origin") or ""
    here = f"{request.scheme}://{request.get_host()}"
    if origin:
        return origin == here
    return request.headers.get("Referer", "").startswith(f"{here}/")
