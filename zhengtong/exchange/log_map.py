"""A map says what is what in an event log: a small TOML file, so that a new department's log needs no code.

Copy `maps/receipt.toml` and change it (docs/import-an-event-log.md). Unknown words are refused, never passed over.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from zhengtong.domains.cases.imports import ImportedAct, ImportedCase
from zhengtong.exchange.log_problems import Problem, Unfit, Unreadable
from zhengtong.exchange.trace import Attributes, Trace
from zhengtong.flows.import_log import LogSource, SectionName
from zhengtong.rules.item_document import CHANNELS
from zhengtong.rules.procedure import Stage
from zhengtong.rules.refusal import Refusal
from zhengtong.rules.text import clean_line

MAPS = Path(__file__).parent / "maps"

CASE_ROLES = ("key", "start", "deadline", "end", "responsible", "channel", "section", "group")
ACT_ROLES = ("activity", "person", "at", "act_group", "instance", "transition")
_SHAPE: dict[str, set[str] | None] = {
    "log": {"name", "citation", "empty", "transitions", "applicant"},
    "file": {"timezone", "encoding", "delimiter", "together"},
    "organ": {"code"},
    "item": None,  # an item document, checked where items are
    "people": {"prefix"},
    "xes": {*CASE_ROLES, *ACT_ROLES},
    "csv": {*CASE_ROLES, *ACT_ROLES},
    "channels": None,
    "sections": None,
    "stages": {stage.value for stage in Stage},
    "labels": None,
}
_NEEDED = ("key", "activity", "person", "at")
_MOST = {"key": 60, "activity": 200, "person": 60}  # characters; other texts 100


@dataclass(frozen=True)
class Columns:
    """Which name in the file plays which part; "" where the file has nothing for it."""

    by_role: Mapping[str, str]

    def __getitem__(self, role: str) -> str:
        return self.by_role.get(role, "")

    @property
    def of_case(self) -> list[str]:
        return [self[role] for role in CASE_ROLES if role != "key" and self[role]]

    @property
    def of_act(self) -> list[str]:
        return [self[role] for role in ACT_ROLES if self[role]]


class LogMap:
    """One map, ready to read traces of either format into cases."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        _check_shape(raw)
        self._log: Mapping[str, Any] = raw["log"]
        self._file: Mapping[str, Any] = raw.get("file", {})
        self.encoding: str = self._file.get("encoding", "utf-8")
        self.delimiter: str = self._file.get("delimiter", ",")
        self.together: bool = self._file.get("together", True)
        self.xes = Columns(raw["xes"]) if "xes" in raw else None
        self.csv = Columns(raw["csv"]) if "csv" in raw else None
        self._zone = _zone(self._file.get("timezone", ""))
        self._empty = {"", *self._log.get("empty", [])}
        self._transitions = set(self._log.get("transitions", []))
        self._channels: Mapping[str, str] = raw.get("channels", {})
        self._sections: Mapping[str, Any] = raw.get("sections", {})
        self._stages = [(Stage(stage), pattern) for stage, patterns in raw["stages"].items() for pattern in patterns]
        self._labels: Mapping[str, str] = raw.get("labels", {})
        self.source = LogSource(
            name=self._log["name"],
            citation=self._log.get("citation", ""),
            organ_code=raw["organ"]["code"],
            item={**raw["item"], "implementing_org": raw["organ"]["code"]},
            sections={
                key: SectionName(words["name"], words.get("name_en", "")) for key, words in self._sections.items()
            },
            staff_prefix=raw.get("people", {}).get("prefix", ""),
            applicant=self._log.get("applicant", "—"),
        )

    def case(self, trace: Trace, columns: Columns) -> ImportedCase:
        """The case a trace tells, or Unfit with what to mend. The log's own times are kept as they are."""
        told = _Reading(self, trace.line, trace.attributes, columns)
        key = told.text("key")
        if not key:
            raise Unfit(Problem.KEY_MISSING, trace.line)
        acts = tuple(act for line, event in trace.events if (act := self._act(line, event, columns)) is not None)
        started_at = told.time("start") or (acts[0].at if acts else None)
        if started_at is None:
            raise Unfit(Problem.TIME_MISSING, trace.line, column=columns["start"] or "start")
        return ImportedCase(
            key=key,
            acts=acts,
            started_at=started_at,
            deadline_at=told.time("deadline"),
            ended_at=told.time("end"),
            responsible=told.text("responsible"),
            channel=self._channel(told.text("channel"), trace.line),
            section=self._section(told.text("section"), trace.line),
            group=told.text("group"),
        )

    def _act(self, line: int, event: Attributes, columns: Columns) -> ImportedAct | None:
        told = _Reading(self, line, event, columns)
        if self._transitions and columns["transition"] and told.text("transition") not in self._transitions:
            return None  # the log also tells when work was scheduled or begun; an act is what was completed
        activity, person, at = told.text("activity"), told.text("person"), told.time("at")
        if not activity:
            raise Unfit(Problem.ACTIVITY_MISSING, line)
        if not person:
            raise Unfit(Problem.PERSON_MISSING, line, value=activity)
        if at is None:
            raise Unfit(Problem.TIME_MISSING, line, column=columns["at"])
        return ImportedAct(
            activity=activity,
            label=self._labels.get(activity, ""),
            stage=self._stage(activity, line),
            person=person,
            group=told.text("act_group"),
            at=at,
            instance=told.text("instance"),
        )

    def _stage(self, activity: str, line: int) -> Stage:
        for stage, pattern in self._stages:
            if fnmatchcase(activity, pattern):
                return stage
        raise Unfit(Problem.ACTIVITY_UNMAPPED, line, value=activity)

    def _channel(self, value: str, line: int) -> str:
        if not value and not self._channels:
            return "9"
        if value not in self._channels:
            raise Unfit(Problem.CHANNEL_UNMAPPED, line, value=value)
        return self._channels[value]

    def _section(self, value: str, line: int) -> str:
        if value and value not in self._sections:
            raise Unfit(Problem.SECTION_UNMAPPED, line, value=value)
        return value

    def known(self, value: str) -> str:
        return "" if value in self._empty else value

    def moment(self, value: str, column: str, line: int) -> datetime:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise Unfit(Problem.TIME_UNREADABLE, line, column=column, value=value[:50]) from None
        if moment.tzinfo is None:
            if self._zone is None:
                raise Unfit(Problem.TIME_WITHOUT_ZONE, line, value=value)
            moment = moment.replace(tzinfo=self._zone)
        if (
            not 1949 <= moment.year <= 2199
        ):  # 1970-01-01 and 9999-12-31 are how systems write "none"; these are typing errors
            raise Unfit(Problem.TIME_UNREADABLE, line, column=column, value=value[:50])
        return moment


@dataclass(frozen=True, slots=True)
class _Reading:
    """One case's or one act's values under the words of the product."""

    log_map: LogMap
    line: int
    values: Attributes
    columns: Columns

    def text(self, role: str) -> str:
        column = self.columns[role]
        value = self.log_map.known(self.values.get(column, "")) if column else ""
        try:
            return clean_line(value, _MOST.get(role, 100), column) if value else ""
        except Refusal:
            raise Unfit(Problem.TEXT_UNFIT, self.line, column=column, most=_MOST.get(role, 100)) from None

    def time(self, role: str) -> datetime | None:
        value = self.text(role)
        return self.log_map.moment(value, self.columns[role], self.line) if value else None


def read_map(name: str | Path) -> LogMap:
    """A map by its path, or one that comes with the product by its name ("receipt")."""
    path = Path(name)
    if not path.exists() and (MAPS / f"{name}.toml").exists():
        path = MAPS / f"{name}.toml"
    try:
        return LogMap(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise Unreadable(Problem.MAP_WRONG, detail=f"{path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Unreadable(Problem.MAP_WRONG, detail=f"{path}: {error}") from error


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        raise Unreadable(Problem.MAP_WRONG, detail=f"[file] timezone = {name!r}") from None


def _wrong(detail: str) -> Unreadable:
    return Unreadable(Problem.MAP_WRONG, detail=detail)


def _check_shape(raw: Mapping[str, Any]) -> None:
    for table, keys in raw.items():
        if table not in _SHAPE:
            raise _wrong(f"[{table}]?")
        if not isinstance(keys, dict):
            raise _wrong(f"{table} ≠ [{table}]")
        allowed = _SHAPE[table]
        if allowed is not None and (unknown := sorted(set(keys) - allowed)):
            raise _wrong(f"[{table}] {', '.join(unknown)}?")
    if "xes" not in raw and "csv" not in raw:
        raise _wrong("[xes] / [csv] ?")
    roles = [(table, role) for table in ("xes", "csv") if table in raw for role in _NEEDED]
    for table, key in [("log", "name"), ("organ", "code"), ("item", "item_code"), ("item", "name"), *roles]:
        if not isinstance(raw.get(table, {}).get(key), str) or not raw[table][key]:
            raise _wrong(f"[{table}] {key} = ?")
    _check_words(raw)


def _check_words(raw: Mapping[str, Any]) -> None:
    """What the log's own words are mapped to."""
    if not raw.get("stages"):
        raise _wrong("[stages] ?")
    for stage, patterns in raw["stages"].items():
        if not isinstance(patterns, list) or not all(isinstance(pattern, str) for pattern in patterns):
            raise _wrong(f"[stages] {stage} = [ ? ]")
    for value, code in raw.get("channels", {}).items():
        if code not in CHANNELS:
            raise _wrong(f"[channels] {value} = {code!r} ∉ {sorted(CHANNELS)}")
    for value, words in raw.get("sections", {}).items():
        if not isinstance(words, dict) or not words.get("name"):
            raise _wrong(f"[sections] {value} = {{ name = ? }}")
