"""Short pieces around every view: how large a request may be, what is text, what a refusal looks like, what is kept."""

import sys
import time
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, QueryDict
from django.shortcuts import resolve_url

from zhengtong.rules.refusal import Refusal
from zhengtong.web.frame import errors, kept, refusals
from zhengtong.web.frame.kinds import AnswerKind, answer_kind

GetResponse = Callable[[HttpRequest], HttpResponse]

DRAINED_SECONDS = 20
BLOCK = 256 * 1024


class RequestSize:
    """Refuses a body that says it is too large before any of it is stored, and one that does not say.

    The rest of the body is read and thrown away for a while: a server that answers and closes at once makes the
    browser show "connection reset" in place of the sentence. A line so slow that this is not enough is told by the
    page's own script before it begins to send.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        stated = request.META.get("CONTENT_LENGTH") or ""
        if not stated and "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower():
            # Django reads no body without a length, and a form would silently arrive empty.
            _drain(request, sys.maxsize)
            return errors.length_required(request)
        if stated.isdigit() and int(stated) > settings.REQUEST_MAX_BYTES:
            _drain(request, int(stated))
            return errors.too_large(request)
        return self.get_response(request)


def _drain(request: HttpRequest, left: int) -> None:
    stream = request.META["wsgi.input"]
    end = time.monotonic() + DRAINED_SECONDS
    try:
        while left > 0 and time.monotonic() < end and (block := stream.read(min(left, BLOCK))):
            left -= len(block)
    except OSError:
        return  # the sender is gone; there is nobody to answer


class RequestText:
    """Takes NUL out of what was asked and sent. No text has it, and PostgreSQL takes it nowhere, not even in a question.

    Stands after the CSRF check, which reads the form in any case; an upload over the limit is refused there.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> None:
        if "\0" in request.path_info:
            raise Http404
        if "%00" in request.META.get("QUERY_STRING", ""):
            _drop_nul(request.GET)
        if request.method == "POST":
            _drop_nul(request.POST)


def _drop_nul(sent: QueryDict) -> None:
    if not any("\0" in text for name, values in sent.lists() for text in (name, *values)):
        return
    rows = [(name.replace("\0", ""), [value.replace("\0", "") for value in values]) for name, values in sent.lists()]
    sent._mutable = True
    sent.clear()
    for name, values in rows:
        sent.setlist(name, values)
    sent._mutable = False


class Refusals:
    """One place where a lawful "no" becomes an answer, an address that only takes forms among them. Anything else
    crashes loudly."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            told = errors.state_page(request, HTTPStatus.METHOD_NOT_ALLOWED)
            told["Allow"] = response["Allow"]
            return told
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Refusal):
            return refusals.answer(request, exception)
        return None


class KeptPosts:
    """A form that was sent to the sign-in page instead of its view: its fields wait until the person is back."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if _leads_to_sign_in(request, response):
            kind = answer_kind(request)
            if kind is AnswerKind.JSON:
                return errors.signed_out(request)
            keeps = kept.keep(request)
            target = kept.resume_url() if keeps else _return_to(request)
            url = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': target})}"
            if kind is AnswerKind.FRAGMENT:
                response = HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": url})
            else:
                response["Location"] = url
        elif request.method == "POST" and response.status_code < HTTPStatus.BAD_REQUEST:
            _drop_if_arrived(request)
        kept.remember_account(request, response)
        return response


def _leads_to_sign_in(request: HttpRequest, response: HttpResponse) -> bool:
    if response.status_code != HTTPStatus.FOUND or request.path.startswith("/accounts/"):
        return False
    user = getattr(request, "user", None)
    path = urlsplit(response["Location"]).path
    return path == resolve_url(settings.LOGIN_URL) and not (user is not None and user.is_authenticated)


def _return_to(request: HttpRequest) -> str:
    """After sign-in to the page asked for; a piece of a page is no place to return to, the page around it is."""
    current = urlsplit(request.headers.get("HX-Current-URL", ""))
    if current.path:
        return current.path + (f"?{current.query}" if current.query else "")
    return request.get_full_path() if request.method == "GET" else "/"


def _drop_if_arrived(request: HttpRequest) -> None:
    if kept.SESSION_KEY in request.session:
        post = kept.kept_post(request)
        if post is not None and post.path == request.get_full_path():
            kept.drop(request)
