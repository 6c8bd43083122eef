"""What leaves the house as an event log, before any format: cases, their acts, and the things they are about.

No applicant appears. An application and an enterprise are known by a keyed hash (HMAC with the installation's key), a
natural person not at all; no opinion, note, reason or material goes along. Officers are public officials, but a file
that leaves the house invites ranking them before they have seen their figures, so they too go by a keyed hash, unless
whoever runs the command asks for staff numbers (docs/process-insight.md).
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from zhengtong.base.keys import hidden_uuid
from zhengtong.domains.insight import queries
from zhengtong.domains.insight.queries import Scope, ToldCase
from zhengtong.rules.process_map_log import TracedAct

FORMATS = {"ocel-json": ".json", "ocel-sqlite": ".sqlite", "xes": ".xes"}


class Thing(NamedTuple):
    """An object of the log. Attributes with the instant from which they hold; None: from the beginning."""

    id: str
    kind: str
    attributes: tuple[tuple[str, str, datetime | None], ...] = ()
    links: tuple[tuple[str, str], ...] = ()  # (id of another, how)


class Happening(NamedTuple):
    id: str
    kind: str
    at: datetime
    attributes: tuple[tuple[str, str], ...]
    links: tuple[tuple[str, str], ...]


class Told(NamedTuple):
    """One case with what it is about; things that came before are not told again."""

    case: Thing
    things: list[Thing]
    events: list[Happening]
    source: ToldCase


# Every attribute an object or event may have, as OCEL wants it declared.
OBJECT_ATTRIBUTES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "case": (
        ("case_kind", "string"), ("channel", "string"), ("imported", "string"), ("received_at", "time"),
        ("due_at", "time"), ("ended_at", "time"), ("stage", "string"),
    ),
    "item": (("item_code", "string"), ("name", "string"), ("name_en", "string")),
    "organ": (("organ_code", "string"), ("name", "string"), ("name_en", "string")),
    "officer": (),
    "application": (),
    "enterprise": (),
}  # fmt: skip
EVENT_ATTRIBUTES = (("stage", "string"), ("label", "string"))


def stamp(at: datetime) -> str:
    """RFC 3339 in UTC, always with microseconds: readers that guess one pattern from the first line stay right."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"


def activity_name(act: TracedAct) -> str:
    """The log's own word; an act done here is its journal kind with the stage it was done in."""
    return act.activity if not act.activity.startswith("case.") else f"{act.activity} {act.stage}"


def hidden(kind: str, pk: int) -> str:
    return f"{kind}-{hidden_uuid('event-log', kind, str(pk)).hex[:16]}"


class Names:
    """How people and things of the house are called in a log."""

    def __init__(self, *, staff_numbers: bool = False) -> None:
        self._items = {one.pk: one for one in queries.items_named()}
        self._organs = {one.pk: one for one in queries.organs_named()}
        self._staff = queries.staff_numbers() if staff_numbers else {}

    def officer(self, pk: int) -> str:
        return f"officer-{self._staff[pk]}" if pk in self._staff else hidden("officer", pk)

    def item(self, pk: int) -> Thing:
        return self._thing("item", "item_code", self._items[pk])

    def organ(self, pk: int) -> Thing:
        return self._thing("organ", "organ_code", self._organs[pk])

    @staticmethod
    def _thing(kind: str, code: str, one: queries.Named) -> Thing:
        told = ((code, one.code, None), ("name", one.name, None), ("name_en", one.name_en, None))
        return Thing(f"{kind}-{one.code}", kind, tuple(attribute for attribute in told if attribute[1]))


def told(scope: Scope, names: Names) -> Iterator[Told]:
    """Every case of a scope, oldest first, one chunk in memory at a time."""
    known: set[str] = set()
    for source in queries.told_cases(scope):
        about = _about(source, names)
        case = _case(source, about)
        events, officers = _events(source, case, about, names)
        fresh = [thing for thing in (*(thing for thing, _ in about), *officers) if thing.id not in known]
        known.update(thing.id for thing in fresh)
        yield Told(case, list(dict.fromkeys(fresh)), events, source)


def _about(source: ToldCase, names: Names) -> list[tuple[Thing, str]]:
    row = source.row
    found = [(names.item(row["item_id"]), "of item"), (names.organ(row["organ_id"]), "handled by")]
    if row["application_id"]:
        found.append((Thing(hidden("application", row["application_id"]), "application"), "applied for in"))
    if row["enterprise_id"]:
        found.append((Thing(hidden("enterprise", row["enterprise_id"]), "enterprise"), "applied for by"))
    return found


def _case(source: ToldCase, about: list[tuple[Thing, str]]) -> Thing:
    trace, row = source
    attributes: list[tuple[str, str, datetime | None]] = [
        ("case_kind", row["case_kind"], None),
        ("channel", row["channel"], None),
        ("imported", "true" if row["imported"] else "false", None),
        ("received_at", stamp(trace.started_at), None),
    ]
    if trace.due_at is not None:
        attributes.append(("due_at", stamp(trace.due_at), None))
    if trace.ended_at is not None:
        attributes.append(("ended_at", stamp(trace.ended_at), trace.ended_at))
    stage = ""
    for act in trace.acts:
        if act.stage != stage:
            stage = act.stage
            attributes.append(("stage", stage, act.at))
    return Thing(trace.number, "case", tuple(attributes), tuple((thing.id, how) for thing, how in about))


def _events(
    source: ToldCase, case: Thing, about: list[tuple[Thing, str]], names: Names
) -> tuple[list[Happening], list[Thing]]:
    events, officers = [], []
    for place, act in enumerate(source.trace.acts):
        links = [(case.id, "case")]
        if act.person is not None:
            officer = Thing(names.officer(act.person), "officer")
            officers.append(officer)
            links.append((officer.id, "done by"))
        if place == 0:  # once a case: what it is about takes part when it begins
            links += [(thing.id, how) for thing, how in about]
        attributes = [("stage", act.stage), *([("label", act.label)] if act.label else [])]
        kind = activity_name(act)
        events.append(Happening(f"{case.id}.{place + 1}", kind, act.at, tuple(attributes), tuple(links)))
    return events, officers
