"""Item documents as a workbook and back: one sheet of items, one for each list of rows, laid out from the shape itself.

The first line of a sheet is for people, the second holds the keys. What officials do in Excel (numbers for text, real
dates, blank lines) is read as they mean it.
"""

import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from zhengtong.exchange.item_words import label
from zhengtong.rules.item_document import SHAPE, ItemDocument, Kind, Problem

MOST_UNPACKED = 400 * 1024 * 1024  # a workbook is a zip: what it grows to is bounded before it is opened
PARENT_KEYS = {"situations": "situation", "sections": "section", "fields": "field"}
# Titles where the last word of the path alone would not say which sheet it is.
TITLES = {
    ("situations", "options"): ("situations", "options"),
    ("form", "sections", "fields", "options"): ("fields", "options"),
}


@dataclass(frozen=True)
class Column:
    key: str  # as in the second line: `legal_limit.amount`
    way: tuple[str, ...]
    sort: str
    nullable_group: bool = False


@dataclass(frozen=True)
class Sheet:
    """`way` leads to the list in the document; `parents` are the lists it stands in, outermost first."""

    way: tuple[str, ...]
    parents: tuple[tuple[str, ...], ...]
    columns: tuple[Column, ...]

    @property
    def keys(self) -> list[str]:
        outer = ["item_code"] if self.way else []
        return [*outer, *(PARENT_KEYS[parent[-1]] for parent in self.parents), *(c.key for c in self.columns)]

    def title(self) -> str:
        if not self.way:
            return label("items")
        if self.way[:2] == ("procedure", "checklist"):
            return f"{label('checklist')} {label(self.way[-1])}"
        return " ".join(label(part) for part in TITLES.get(self.way, self.way[-1:]))[:31]


def _columns(shape: Mapping[str, Kind], way: tuple[str, ...] = (), nullable: bool = False) -> Iterator[Column]:
    for key, kind in shape.items():
        if kind.sort == "group":
            yield from _columns(kind.shape, (*way, key), kind.nullable)
        elif kind.sort != "rows":
            yield Column(".".join((*way, key)), (*way, key), kind.sort, nullable)


def _lists(
    shape: Mapping[str, Kind], way: tuple[str, ...] = (), parents: tuple[tuple[str, ...], ...] = ()
) -> Iterator[Sheet]:
    for key, kind in shape.items():
        here = (*way, key)
        if kind.sort == "group":
            yield from _lists(kind.shape, here, parents)
        elif kind.sort == "rows":
            yield Sheet(here, parents, tuple(_columns(kind.shape)))
            yield from _lists(kind.shape, here, (*parents, here))


SHEETS: tuple[Sheet, ...] = (Sheet((), (), tuple(_columns(SHAPE))), *_lists(SHAPE))


# --- writing ----------------------------------------------------------------------------------------------------


def write(documents: Iterable[ItemDocument]) -> bytes:
    """A workbook of canonical documents; titles in the active language, keys the same in all."""
    book = Workbook(write_only=True)
    lines = {sheet.way: _headed(book, sheet) for sheet in SHEETS}
    for document in documents:
        for sheet in SHEETS:
            for parents, row in _rows(document, sheet):
                values = [_cell(row_value(row, column), column.sort) for column in sheet.columns]
                lines[sheet.way].append([_text_cell(lines[sheet.way], v) for v in (*parents, *values)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _headed(book: Workbook, sheet: Sheet) -> Any:
    page = book.create_sheet(sheet.title())
    page.freeze_panes = "B3" if not sheet.way else "C3"
    for index, key in enumerate(sheet.keys, start=1):
        page.column_dimensions[get_column_letter(index)].width = 12 if key.endswith(("code", "copies")) else 22
    page.append([_head(page, " ".join(label(part) for part in key.split("."))) for key in sheet.keys])
    page.append([_head(page, key, small=True) for key in sheet.keys])
    return page


def _head(page: Any, text: str, small: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(page, value=text)
    cell.font = Font(size=8, color="888888") if small else Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="EEF2F7")
    return cell


def _text_cell(page: Any, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(page, value=value)
    cell.data_type = "s"  # text that begins with = is text, never a formula
    cell.alignment = Alignment(vertical="top", wrap_text="\n" in value)
    return cell


def _rows(document: ItemDocument, sheet: Sheet) -> Iterator[tuple[list[str], Mapping[str, Any]]]:
    """Every row of a sheet with the codes of what it stands in."""
    if not sheet.way:
        yield [], document
        return
    start: list[tuple[list[str], Mapping[str, Any]]] = [([document["item_code"]], document)]
    done = 0
    for parent in (*sheet.parents, sheet.way):
        steps = parent[done:]
        done = len(parent)
        last = parent == sheet.way
        start = [
            (codes if last else [*codes, row["code"]], row) for codes, outer in start for row in _follow(outer, steps)
        ]
    yield from start


def _follow(value: Any, steps: tuple[str, ...]) -> Any:
    for step in steps:
        value = value[step]
    return value


def row_value(row: Mapping[str, Any], column: Column) -> Any:
    value: Any = row
    for step in column.way:
        if value is None:
            return None
        value = value[step]
    return value


def _cell(value: Any, sort: str) -> Any:
    if value is None or value == "" or value == []:
        return None
    if sort == "flag":
        return "是" if value else None
    if sort == "list":
        plain = all(one and one == one.strip() and "\n" not in one and not one.startswith("[") for one in value)
        return "\n".join(value) if plain else json.dumps(value, ensure_ascii=False)
    if sort == "json":
        return json.dumps(value, ensure_ascii=False)
    return value


# --- reading ----------------------------------------------------------------------------------------------------


@dataclass
class Line:
    number: int
    raw: dict[str, Any]
    parents: tuple[str, ...]


def read(data: bytes) -> tuple[list[tuple[int, dict[str, Any]]], list[tuple[int, Problem]]]:
    """(line, raw document) of every item, and what could not be placed. Raw documents are judged by the shape later."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                return [], [(0, Problem("", "file_too_large", {"most": MOST_UNPACKED // 1024 // 1024}))]
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except Exception:  # noqa: BLE001  (whatever the library meets in a file that is no workbook, the answer is the same)
        return [], [(0, Problem("", "not_a_sheet", {}))]
    pages = {key: page for page in book.worksheets if (key := _way_of(page)) is not None}
    if () not in pages:
        return [], [(0, Problem("", "sheet_missing", {"sheet": label("items")}))]
    faults: list[tuple[int, Problem]] = []
    documents: dict[str, tuple[int, dict[str, Any]]] = {}
    for line in _lines(pages[()], SHEETS[0], faults):
        code = str(line.raw.get("item_code", ""))
        if code in documents:
            faults.append((line.number, Problem("item_code", "item_twice", {"got": code})))
            continue
        documents[code] = (line.number, line.raw)
    holders: dict[tuple[str, ...], dict[tuple[str, ...], dict[str, Any]]] = {
        (): {(code,): raw for code, (_, raw) in documents.items()}
    }
    for sheet in SHEETS[1:]:
        if sheet.way in pages:
            _place(sheet, _lines(pages[sheet.way], sheet, faults), holders, faults)
    return list(documents.values()), faults


def _place(
    sheet: Sheet,
    lines: Iterable[Line],
    holders: dict[tuple[str, ...], dict[tuple[str, ...], dict[str, Any]]],
    faults: list[tuple[int, Problem]],
) -> None:
    """Puts the lines of one sheet into the rows they stand in."""
    outer = sheet.parents[-1] if sheet.parents else ()
    inner = holders.setdefault(sheet.way, {})
    for line in lines:
        holder = holders.get(outer, {}).get(line.parents)
        if holder is None:
            facts = {"sheet": sheet.title(), "line": line.number, "got": " / ".join(line.parents)}
            faults.append((line.number, Problem(".".join(sheet.way), "row_without_item", facts)))
            continue
        steps = sheet.way[len(outer) :]
        for step in steps[:-1]:
            holder = holder.setdefault(step, {})
        holder.setdefault(steps[-1], []).append(line.raw)
        inner.setdefault((*line.parents, str(line.raw.get("code", ""))), line.raw)


def _header(page: Any) -> list[str]:
    for number, row in enumerate(page.iter_rows(min_row=2, max_row=2, values_only=True)):
        if number == 0:
            return ["" if value is None else str(value).strip() for value in row]
    return []


def _way_of(page: Any) -> tuple[str, ...] | None:
    """Which sheet a page is, by its keys: people rename titles, and each language has its own."""
    keys = _header(page)
    title = str(page.title)
    fitting = [
        sheet for sheet in SHEETS if set(keys) >= set(sheet.keys[:3]) and set(keys) & set(sheet.keys) >= {keys[0]}
    ]
    exact = [sheet for sheet in fitting if set(filter(None, keys)) == set(sheet.keys)]
    named = [sheet for sheet in exact or fitting if sheet.title() == title]
    chosen = named or exact or fitting
    return chosen[0].way if chosen else None


def _lines(page: Any, sheet: Sheet, faults: list[tuple[int, Problem]]) -> Iterator[Line]:
    keys = _header(page)
    columns = {column.key: column for column in sheet.columns}
    codes = [PARENT_KEYS[parent[-1]] for parent in sheet.parents]
    outer = ["item_code", *codes] if sheet.way else []
    for key in keys:
        if key and key not in columns and key not in outer:
            facts = {"sheet": sheet.title(), "column": key}
            faults.append((2, Problem(key, "unknown_column", facts)))
    for number, row in enumerate(page.iter_rows(min_row=3, values_only=True), start=3):
        cells = {key: value for key, value in zip(keys, row, strict=False) if key}
        if all(value is None or value == "" for value in cells.values()):
            continue
        raw = _raw(cells, columns)
        yield Line(number, raw, tuple(str(_value(cells.get(key), "text")) for key in outer))


def _raw(cells: Mapping[str, Any], columns: Mapping[str, Column]) -> dict[str, Any]:
    raw: dict[str, Any] = {}
    for key, column in columns.items():
        if key not in cells:
            continue
        value = _value(cells[key], column.sort)
        if column.nullable_group and value in (None, ""):
            continue  # a limit without amount and unit is no limit
        target = raw
        for step in column.way[:-1]:
            target = target.setdefault(step, {})
        target[column.way[-1]] = value
    return raw


YES = {"是": True, "yes": True, "true": True, "1": True, "否": False, "no": False, "false": False, "0": False}


def _value(value: Any, sort: str) -> Any:
    """The document's value of a cell; what cannot be one is handed on as it is, for the shape to name."""
    if value is None or value == "":
        return {"text": "", "flag": False, "list": []}.get(sort)
    if isinstance(value, (datetime, date)):
        return value.date().isoformat() if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, float):
        value = int(value) if value.is_integer() else str(Decimal(repr(value)))
    if sort == "flag":
        return YES.get(str(value).strip().lower(), value) if not isinstance(value, bool) else value
    if sort == "number" and isinstance(value, str) and value.strip().isdecimal():
        return int(value)
    if sort == "bound" or (sort == "number" and isinstance(value, int)):
        return value
    if sort in ("json", "list"):
        return _listed(str(value)) if sort == "list" else _loaded(str(value))
    return value if sort == "number" else str(value)


def _listed(text: str) -> list[Any]:
    loaded = _loaded(text) if text.startswith("[") else None
    if isinstance(loaded, list):
        return loaded
    return [one.strip() for one in text.splitlines() if one.strip()]


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
