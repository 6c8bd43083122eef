"""Open311 GeoReport v2 under /open311/v2/: what every civic app speaks. Docs: docs/open311.md."""

import hashlib
import json
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from functools import wraps
from http import HTTPStatus
from secrets import token_hex
from typing import Any, NamedTuple

from django.conf import settings
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from zhengtong.domains.letters import queries as letters
from zhengtong.domains.open311 import queries as partners
from zhengtong.exchange import open311
from zhengtong.exchange.open311 import CLOSED, KINDS, MOST, TYPES, Fault, Record, Shown
from zhengtong.flows.letter_filed import file_letter
from zhengtong.rules.letters import LetterKind, LetterState
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.web.frame.sentences import sentence
from zhengtong.web.portal.letters import slowly

GUESSES, FILED_A_MINUTE, WINDOW = 30, 60, 10 * 60
LONGEST = {"description": 4_000, "address_string": 200, "first_name": 50, "last_name": 50, "phone": 30, "email": 200}

_UNENCODED = re.compile(r"(?<=\d:\d\d) (\d\d:?\d\d)$")


class Answer(NamedTuple):
    what: str  # a key of open311.ROOTS
    content: Any
    status: int = 200
    following: str = ""  # address of the next page


Door = Callable[..., Answer]


def georeport(*methods: str) -> Callable[[Door], Callable[..., HttpResponse]]:
    """Writes what a door answers, or its fault, in the format the address asks for."""

    def around(door: Door) -> Callable[..., HttpResponse]:
        @csrf_exempt  # machines with a key of their own, no session and no cookie
        @wraps(door)
        def view(request: HttpRequest, form: str, **kwargs: Any) -> HttpResponse:
            if form not in TYPES:
                return _written("errors", open311.fault_record(Fault(404, "format is json or xml")), 404, open311.JSON)
            try:
                if request.method not in (*methods, "HEAD"):
                    raise Fault(405, f"{request.method} is not done here")
                _check_jurisdiction(request)
                answer = door(request, **kwargs)
            except Fault as fault:
                response = _written("errors", open311.fault_record(fault), fault.status, form)
                if fault.status == HTTPStatus.METHOD_NOT_ALLOWED:
                    response["Allow"] = ", ".join((*methods, "HEAD"))
                return response
            except Refusal as refusal:
                status = 404 if refusal.code is RefusalCode.NOT_FOUND else 400
                told = open311.fault_record(Fault(status, sentence(refusal)))
                return _written("errors", told, status, form)
            response = _written(answer.what, answer.content, answer.status, form)
            if answer.following:
                response["Link"] = f'<{answer.following}>; rel="next"'
                response["Access-Control-Expose-Headers"] = "Link"
            return response

        return view

    return around


def _written(what: str, content: Any, status: int, form: str) -> HttpResponse:
    response = HttpResponse(open311.written(what, content, form), content_type=TYPES[form], status=status)
    response["Access-Control-Allow-Origin"] = "*"  # published data, and keys are never in cookies
    response["Cache-Control"] = "no-store"
    return response


def _given(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else request.GET


def _check_jurisdiction(request: HttpRequest) -> None:
    asked = _given(request).get("jurisdiction_id", "")
    if asked and settings.OPEN311_JURISDICTION and asked != settings.OPEN311_JURISDICTION:
        raise Fault(404, "jurisdiction_id provided was not found")


def _partner(request: HttpRequest, *, needed: bool) -> partners.Partner | None:
    key = _given(request).get("api_key", "")
    address = slowly.address_of(request)
    if not key and not needed:
        return None
    if slowly.spent("open311-key", address, GUESSES):
        raise Fault(429, "too many wrong keys; try again in ten minutes")
    found = partners.partner_by_key(key)
    if found is None:
        slowly.count("open311-key", address, WINDOW)
        raise Fault(403, "api_key was not accepted" if key else "api_key was not provided")
    return found


@georeport("GET")
def services(request: HttpRequest) -> Answer:
    return Answer("services", open311.services(letters.categories()))


@georeport("GET")
def service(request: HttpRequest, service_code: str) -> Answer:
    if service_code not in {one["service_code"] for one in open311.services(letters.categories())}:
        raise Fault(404, "service_code provided was not found")
    return Answer("service_definition", open311.definition(service_code))


@georeport("GET", "POST")
def requests(request: HttpRequest) -> Answer:
    return _file(request) if request.method == "POST" else _list(request)


# --- filing ---------------------------------------------------------------------------------------------------------
def _file(request: HttpRequest) -> Answer:
    partner = _partner(request, needed=True)
    assert partner is not None
    values = _values(request)
    digest = hashlib.sha256(json.dumps(values, sort_keys=True, default=str).encode()).hexdigest()
    # Who names no key of their own still files the same words once.
    retry_key = hashlib.sha256((request.headers.get("Idempotency-Key", "") or digest).encode()).hexdigest()
    before = partners.filed_before(partner, retry_key)
    if before is None:
        if slowly.spent("open311-filed", partner.code, FILED_A_MINUTE):
            raise Fault(429, "too many requests; try again in a minute")
        slowly.count("open311-filed", partner.code, 60)
        try:
            letter = file_letter(
                partner, retry_key=retry_key, body_hash=digest, token=token_hex(16), at=timezone.now(), **values
            )
        except (IntegrityError, Refusal) as fault:  # the same request, sent twice at once
            before = partners.filed_before(partner, retry_key)
            if before is None:
                raise
            if isinstance(fault, Refusal) and fault.code is not RefusalCode.STALE:
                raise
        else:
            before = partners.filed_before(partner, retry_key)
            assert before is not None
            assert before.letter_no == letter.number
    if before.body_hash != digest:
        raise Fault(409, "this Idempotency-Key was used for another request")
    if partner.by_token:
        return Answer("requests", [{"token": before.token}], 201)
    return Answer("requests", [_receipt(before.letter_no)], 201)


def _receipt(number: str) -> Record:
    return {
        "service_request_id": number,
        "service_notice": "凭编号查询进度 / Follow it by this number",
        "account_id": None,
    }


def _values(request: HttpRequest) -> dict[str, Any]:
    given = request.POST
    code = given.get("service_code", "")
    if not code:
        raise Fault(400, "service_code was not provided")
    if code not in {one["service_code"] for one in open311.services(letters.categories())}:
        raise Fault(404, "service_code provided was not found")
    for name, most in LONGEST.items():
        if len(given.get(name, "")) > most:
            raise Fault(400, f"{name} is longer than {most} characters")
    kind = given.get("attribute[kind]", "") or LetterKind.HELP.value
    if kind not in {one.value for one in KINDS}:
        raise Fault(400, "attribute[kind] is none of its values")
    latitude, longitude = _degrees(given, "lat", 90), _degrees(given, "long", 180)
    address, text = given.get("address_string", "").strip(), given.get("description", "").strip()
    if (latitude is None or longitude is None) and not address:
        raise Fault(400, "lat and long, or address_string, were not provided")
    if not text:
        raise Fault(400, "description was not provided")
    name = f"{given.get('last_name', '').strip()}{given.get('first_name', '').strip()}"
    media = given.get("media_url", "").strip()[:500]
    return {
        "kind": LetterKind(kind), "category": code, "subject_line": text.splitlines()[0][:60],
        "text": f"{text}\n\n{media}" if media else text, "name": name, "phone": given.get("phone", "").strip(),
        "email": given.get("email", "").strip(), "address": address, "latitude": latitude, "longitude": longitude,
    }  # fmt: skip


def _degrees(given: Any, name: str, most: int) -> Decimal | None:
    text = given.get(name, "").strip()
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation as fault:
        raise Fault(400, f"{name} is not a number") from fault
    if not value.is_finite() or abs(value) > most:
        raise Fault(400, f"{name} is out of range")
    return round(value, 6)


# --- reading --------------------------------------------------------------------------------------------------------
@georeport("GET")
def token(request: HttpRequest, token: str) -> Answer:
    """A token is known to the partner it was given to, and to nobody else."""
    partner = _partner(request, needed=True)
    assert partner is not None
    filed = partners.filed_by_token(partner, _plain(token))
    if filed is None:
        raise Fault(404, "token was not found")
    return Answer("requests", [{"service_request_id": filed.letter_no, "token": token}])


@georeport("GET")
def one_request(request: HttpRequest, number: str) -> Answer:
    found = _by_numbers([number], _partner(request, needed=False))
    if not found:
        raise Fault(404, "service_request_id was not found")
    return Answer("requests", found)


def _list(request: HttpRequest) -> Answer:
    asked, partner = request.GET, _partner(request, needed=False)
    if asked.get("service_request_id"):  # "overrides all other arguments"
        return Answer("requests", _by_numbers(asked["service_request_id"].split(",")[:MOST], partner))
    since, until = open311.asked_period(_bound(asked, "start_date"), _bound(asked, "end_date"), now=timezone.now())
    if asked.get("page", "1") != "1":
        raise Fault(400, "pages have no numbers here: follow the Link header, or ask by its before")
    size = _number(asked, "page_size", MOST, MOST)
    found = letters.read_outside(
        partners.filed_numbers(partner) if partner else (), since=since, until=until,
        categories=_several(asked, "service_code"), states=_states(asked), before=asked.get("before", ""),
        limit=size + 1,
    )  # fmt: skip
    page = found[:size]
    following = ""
    if len(found) > size:
        query = asked.copy()
        query["before"] = letters.mark(page[-1].received_at, page[-1].number)
        following = f"{request.path}?{query.urlencode()}"
    return Answer("requests", _shown(page, partner), following=following)


def _bound(asked: Any, name: str) -> str:
    """A + before the zone arrives as a blank from whoever did not encode it."""
    return _UNENCODED.sub(r"+\1", asked.get(name, ""))


def _several(asked: Any, name: str) -> list[str]:
    return [one for one in _plain(asked.get(name, "")).split(",") if one]


def _plain(text: str) -> str:
    """PostgreSQL takes no NUL in a text, and no code, number or token has one."""
    return text.replace("\x00", "\ufffd")


def _states(asked: Any) -> list[str]:
    statuses = set(_several(asked, "status"))
    if not statuses <= {"open", "closed"}:
        raise Fault(400, "status is open or closed")
    if len(statuses) != 1:
        return []
    return [state.value for state in LetterState if (state in CLOSED) is (statuses == {"closed"})]


def _number(asked: Any, name: str, usual: int, most: int) -> int:
    text = asked.get(name, "")
    if not text:
        return usual
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text[:9]) <= most:
        raise Fault(400, f"{name} is not a number from 1 to {most}")
    return int(text)


def _by_numbers(numbers: list[str], partner: partners.Partner | None) -> list[Record]:
    wanted = [_plain(number).strip().upper() for number in numbers]
    own = partners.filed_numbers(partner) if partner else ()
    return _shown(letters.read_outside(own, numbers=wanted, limit=MOST), partner)


def _shown(found: list[letters.Letter], partner: partners.Partner | None) -> list[Record]:
    """What the partner filed, in its own words, with its place, and never a reply that is not public; else what was made
    for the public, without a place, which may be somebody's door."""
    own = partners.filed_of(partner, [letter.number for letter in found]) if partner and found else set()
    return [
        open311.request(
            Shown(letter, letter.text, place=True)
            if letter.number in own
            else Shown(letter, letter.publication.question, letter.publication.answer)
        )
        for letter in found
    ]
