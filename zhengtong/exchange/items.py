"""Items in and out: our own JSON and workbooks, and the public lists of other places."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.catalogue import actions, queries
from zhengtong.exchange import item_sheets
from zhengtong.exchange.rejects import Reject
from zhengtong.exchange.sentences import sentence
from zhengtong.rules import item_document
from zhengtong.rules.item_document import ItemDocument, Problem
from zhengtong.rules.kinds import Kind
from zhengtong.rules.refusal import Refusal, RefusalCode

MOST_BYTES = 100 * 1024 * 1024
CHUNK = 50  # rows of one transaction: what a stopped import has to do again at most


class Target(StrEnum):
    """What imported rows become. Listed entries are shown and found, and take no application until completed."""

    DRAFT = "draft"
    LISTED = "listed"
    PUBLISHED = "published"


@dataclass(frozen=True)
class Row:
    """One item of a file: a raw document, or what kept it from becoming one."""

    line: int
    raw: dict[str, Any]
    problems: tuple[Problem, ...] = ()


@dataclass
class Outcome:
    taken: int = 0
    changed: int = 0
    unchanged: int = 0
    covered: int = 0  # listed entries that the organ already has in full, under another code
    refused: int = 0
    rejects: list[Reject] = field(default_factory=list)


# --- reading ----------------------------------------------------------------------------------------------------


def read_file(name: str, data: bytes, organ_map: Mapping[str, str] | None = None) -> list[Row]:
    """The rows of a JSON list or a workbook, by the file's ending. A file that cannot be read is one row of problems."""
    if len(data) > MOST_BYTES:
        return [_unreadable(Problem("", "file_too_large", {"most": MOST_BYTES // 1024 // 1024}))]
    if Path(name).suffix.lower() == ".xlsx":
        documents, faults = item_sheets.read(data)
        rows = [Row(line, raw) for line, raw in documents]
        return [*rows, *(Row(line, {}, (problem,)) for line, problem in faults)]
    return _read_json(data, organ_map or {})


def _unreadable(problem: Problem, line: int = 0) -> Row:
    return Row(line, {}, (problem,))


def _read_json(data: bytes, organ_map: Mapping[str, str]) -> list[Row]:
    try:
        loaded = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return [_unreadable(Problem("", "not_utf8", {}))]
    except json.JSONDecodeError as error:
        return [_unreadable(Problem("", "bad_json", {"line": error.lineno, "column": error.colno}), error.lineno)]
    except RecursionError:
        return [_unreadable(Problem("", "not_item_list", {}))]
    items = loaded.get("items") if isinstance(loaded, dict) else loaded
    if not isinstance(items, list):
        return [_unreadable(Problem("", "not_item_list", {}))]
    return list(_rows(items, organ_map))


def _rows(items: list[Any], organ_map: Mapping[str, str]) -> Iterator[Row]:
    seen: set[str] = set()
    for line, item in enumerate(items, start=1):
        row = _row(line, item, organ_map)
        code = row.raw.get("item_code")
        if isinstance(code, str) and code in seen:
            yield Row(line, row.raw, (Problem("item_code", "item_twice", {"got": code}),))
            continue
        if isinstance(code, str):
            seen.add(code)
        yield row


def _row(line: int, item: Any, organ_map: Mapping[str, str]) -> Row:
    if not isinstance(item, dict):
        return _unreadable(Problem("", "not_group", {"got": type(item).__name__}), line)
    if item.keys() >= PUBLIC_LIST:
        return _from_public_list(line, item, organ_map)
    return Row(line, item)


# A province's public list as collected in v-luobo/zwfw: codes, names and types, no elements.
PUBLIC_LIST = {"department", "item_code", "name", "task_type", "link"}
_PROVINCIAL = re.compile(r"(?P<base>.+?)-\d{12}-\d{3}-.+-(?P<version>\d)-(?P<serial>\d{2})")
UNSORTED = "未分类"


def _from_public_list(line: int, item: Mapping[str, Any], organ_map: Mapping[str, str]) -> Row:
    """Its code names the source's organ; ours carries our own, and the source's stays as `external_code`."""
    organ = organ_map.get(str(item["department"]), "")
    if not organ:
        problem = Problem("implementing_org", "organ_unmapped", {"department": item["department"]})
        return Row(line, dict(item), (problem,))
    external = str(item["item_code"])
    parts = _PROVINCIAL.fullmatch(external)
    base = parts["base"] if parts else external.rpartition("-")[0] or external
    code = f"{base}-{organ}" + (f"-{parts['version']}-{parts['serial']}" if parts else "")
    theme = str(item.get("main_item") or "")
    raw = {
        "name": item["name"],
        "item_code": code,
        "external_code": external,
        "catalog_code": base if re.fullmatch(r"[0-9A-Z]{12}", base) else "",
        "item_type": str(item["task_type"]).zfill(2),
        "implementing_org": organ,
        "keywords": [theme] if theme and theme != UNSORTED else [],
        "origin": {
            "publisher": "四川政务服务网公开事项清单",
            "licence": "Apache-2.0 (v-luobo/zwfw)",
            "url": item["link"],
        },
    }
    return Row(line, raw)


def organ_map_from(data: bytes) -> dict[str, str]:
    """Source department → organ code: a plain JSON object, or a city file whose organs name their `source_departments`."""
    try:
        loaded = json.loads(data.decode("utf-8-sig"))
    except ValueError:
        loaded = None
    if not isinstance(loaded, dict):
        raise Refusal(RefusalCode.ITEM_FILE_UNREADABLE, reason="--organ-map")
    if isinstance(loaded.get("organs"), list):
        return {d: organ["code"] for organ in loaded["organs"] for d in organ.get("source_departments", ())}
    return {str(department): str(code) for department, code in loaded.items()}


# --- importing --------------------------------------------------------------------------------------------------


def import_rows(
    rows: Iterable[Row],
    target: Target,
    *,
    by: Acting,
    at: datetime,
    progress: Callable[[int], None] | None = None,
) -> Outcome:
    """Takes every row it can; each row wholly or not at all. The same rows a second time change nothing.

    Chunks are committed one by one, so that a stopped import goes on where it was when started again.
    """
    outcome = Outcome()
    waiting = list(rows)
    for start in range(0, len(waiting), CHUNK):
        chunk = waiting[start : start + CHUNK]
        states = queries.states([str(row.raw.get("item_code", "")) for row in chunk])
        names = queries.names_in_force([str(row.raw.get("name", "")) for row in chunk])
        with transaction.atomic():
            for row in chunk:
                known = (row.raw.get("implementing_org"), row.raw.get("name"))
                if target is Target.LISTED and known in names and row.raw.get("item_code") not in states:
                    outcome.covered += 1
                    continue
                _take(row, target, states, outcome, by=by, at=at)
        if progress is not None:
            progress(start + len(chunk))
    return outcome


def _take(
    row: Row, target: Target, states: Mapping[str, queries.State], outcome: Outcome, *, by: Acting, at: datetime
) -> None:
    problems = row.problems or tuple(item_document.problems(row.raw))
    if problems:
        _reject(outcome, row, problems)
        return
    document = item_document.normalise(row.raw)
    state = states.get(document["item_code"])
    try:
        with transaction.atomic():
            if state is None:
                _create(document, target, by=by, at=at)
                outcome.taken += 1
            elif _settled(state, document, target):
                outcome.unchanged += 1
            else:
                _change(state, document, target, by=by, at=at)
                outcome.changed += 1
    except Refusal as refusal:
        faults = refusal.facts.get("findings") or refusal.facts.get("problems")
        if isinstance(faults, list):
            _reject(outcome, row, tuple(faults))
        else:
            _reject(outcome, row, (), why=sentence(refusal))


def _reject(outcome: Outcome, row: Row, faults: tuple[Any, ...], why: str = "") -> None:
    outcome.refused += 1
    code, name = str(row.raw.get("item_code", "")), str(row.raw.get("name", ""))
    outcome.rejects.append(Reject(row.line, code, name, faults, why, row.raw))


def _create(document: ItemDocument, target: Target, *, by: Acting, at: datetime) -> None:
    listed = target is Target.LISTED
    version = actions.create_draft(document, by=by, at=at, listed=listed, kind=Kind.ITEM_IMPORTED)
    if target is Target.PUBLISHED:
        actions.publish(version.pk, by=by, at=at)


def _settled(state: queries.State, document: ItemDocument, target: Target) -> bool:
    """The latest version says exactly this, and stands where it should."""
    same = state.digest == actions.digest(document)
    return same and (target is not Target.PUBLISHED or not state.open)


def _change(state: queries.State, document: ItemDocument, target: Target, *, by: Acting, at: datetime) -> None:
    version_id = state.version_id
    if not state.open:
        version_id = actions.open_draft(document["item_code"], by=by, at=at).pk
    if state.digest != actions.digest(document):
        actions.edit_draft(version_id, document, by=by, at=at, kind=Kind.ITEM_IMPORTED)
    if target is Target.PUBLISHED:
        actions.publish(version_id, by=by, at=at)


# --- exporting --------------------------------------------------------------------------------------------------


def export_json(documents: Iterable[ItemDocument]) -> bytes:
    """A JSON list, one document after the other, readable by people and diff tools."""
    return (json.dumps(list(documents), ensure_ascii=False, indent=1) + "\n").encode()


def export_file(name: str, documents: Iterable[ItemDocument]) -> bytes:
    """A workbook or JSON, by the name's ending."""
    return item_sheets.write(documents) if Path(name).suffix.lower() == ".xlsx" else export_json(documents)
