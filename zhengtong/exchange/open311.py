"""Open311 GeoReport v2 as it is written down (wiki.open311.org/GeoReport_v2): services, requests and errors as JSON and XML.

Knows what stands where in the format; the door knows who asks, the domains know what is there.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

from zhengtong.domains.letters import queries as letters
from zhengtong.rules.clock import start_of
from zhengtong.rules.letters import ANSWERED, ENDED, LetterKind, LetterState

JSON, XML = "json", "xml"
TYPES = {JSON: "application/json; charset=utf-8", XML: "text/xml; charset=utf-8"}
SPAN = timedelta(days=90)  # "a span of 90 days or first 1000 requests returned, whichever is smallest"
MOST = 1_000
CLOSED = ANSWERED | ENDED
KINDS = (LetterKind.HELP, LetterKind.CONSULTATION, LetterKind.COMPLAINT, LetterKind.SUGGESTION)  # no tips, no reports
KIND_NAMES = {
    LetterKind.HELP: "求助 request for help",
    LetterKind.CONSULTATION: "咨询 question",
    LetterKind.COMPLAINT: "投诉 complaint",
    LetterKind.SUGGESTION: "建议 suggestion",
}

Record = dict[str, Any]


class Fault(Exception):
    """An answer that is no success: HTTP status, and the description the caller reads."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status, self.description = status, description


# --- what is said ---------------------------------------------------------------------------------------------------


def services(categories: Iterable[letters.Category]) -> list[Record]:
    """A service is a category of letters that has none below it."""
    every = list(categories)
    parents = {one.parent_id for one in every}
    return [
        {
            "service_code": one.code,
            "service_name": one.name,
            "description": one.name_en or one.name,
            "metadata": True,
            "type": "realtime",
            "keywords": "",
            "group": one.parent.name if one.parent else "",
        }
        for one in every
        if one.pk not in parents
    ]


def definition(service_code: str) -> Record:
    """One attribute: what kind of letter it is, because days and approval depend on it."""
    values = [{"key": kind.value, "name": KIND_NAMES[kind]} for kind in KINDS]
    attribute = {
        "variable": True, "code": "kind", "datatype": "singlevaluelist", "required": False,
        "datatype_description": "help when left out", "order": 1, "description": "这封信是 / This letter is a",
        "values": values,
    }  # fmt: skip
    return {"service_code": service_code, "attributes": [attribute]}


@dataclass(frozen=True, slots=True)
class Shown:
    """A letter and how much of it this caller may read: `words` are the published ones, or the caller's own."""

    letter: letters.Letter
    words: str
    notes: str = ""
    place: bool = False  # the caller gave the place, so it may have it back


def request(shown: Shown) -> Record:
    letter, place = shown.letter, shown.place
    category, organ = letter.category, letter.organ
    closed = LetterState(letter.state) in CLOSED
    updated = letter.closed_at or letter.replied_at or letter.urged_at or letter.received_at
    return {
        "service_request_id": letter.number,
        "status": "closed" if closed else "open",
        "status_notes": shown.notes,
        "service_name": category.name if category else "",
        "service_code": category.code if category else "",
        "description": shown.words,
        "agency_responsible": organ.name if organ else "",
        "service_notice": "",
        "requested_datetime": _moment(letter.received_at),
        "updated_datetime": _moment(updated),
        "expected_datetime": _moment(start_of(letter.due_on)) if letter.due_on else "",
        "address": letter.address if place else "",
        "address_id": "",
        "zipcode": "",
        "lat": float(letter.latitude) if place and letter.latitude is not None else None,
        "long": float(letter.longitude) if place and letter.longitude is not None else None,
        "media_url": "",
    }


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def asked_period(start: str, end: str, *, now: datetime) -> tuple[datetime, datetime]:
    """Of one bound, the 90 days from it or up to it; of none, the last 90. Both together "may not span more than 90 days"."""
    since = _read_moment(start, "start_date") if start else None
    until = _read_moment(end, "end_date") if end else None
    if since is None:
        until = until or now
        return until - SPAN, until
    if until is None:
        return since, since + SPAN
    if since > until:
        raise Fault(400, "start_date is later than end_date")
    if until - since > SPAN:
        raise Fault(400, "start_date and end_date span more than 90 days")
    return since, until


def _read_moment(text: str, name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as fault:
        raise Fault(400, f"{name} is not a w3 datetime") from fault
    if moment.tzinfo is None:
        raise Fault(400, f"{name} has no time zone")
    if not 1900 <= moment.year < 2200:  # so that 90 days more or less are still a date
        raise Fault(400, f"{name} is out of range")
    return moment


# --- how it is written ----------------------------------------------------------------------------------------------
ROOTS = {
    "services": ("services", "service"),
    "requests": ("service_requests", "request"),
    "errors": ("errors", "error"),
    "service_definition": ("service_definition", ""),
}
_LISTS = {"attributes": "attribute", "values": "value"}


def written(what: str, content: Sequence[Record] | Record, form: str) -> bytes:
    """`what`: a key of ROOTS. JSON is the list (or the definition) itself, as the standard shows it."""
    if form == JSON:
        return json.dumps(content, ensure_ascii=False).encode()
    root_name, item_name = ROOTS[what]
    root = ET.Element(root_name)
    if isinstance(content, Mapping):
        _element(root, content)
    else:
        for record in content:
            _element(ET.SubElement(root, item_name), record)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="utf-8")


def _element(element: ET.Element, record: Mapping[str, Any]) -> None:
    for name, value in record.items():
        child = ET.SubElement(element, name)
        if isinstance(value, list):
            for one in value:
                _element(ET.SubElement(child, _LISTS[name]), one)
        elif value is not None:
            child.text = ("true" if value else "false") if isinstance(value, bool) else _printable(str(value))


def _printable(text: str) -> str:
    """XML 1.0 has no place for other control characters."""
    return "".join(c for c in text if c in "\t\n\r" or ord(c) >= 0x20)


def fault_record(fault: Fault) -> list[Record]:
    return [{"code": fault.status, "description": fault.description}]
