"""An item document as controls of a page and back, laid out from the document's own shape.

One page shows a few elements. Rows are added, removed and moved by submit buttons; what is typed travels with the page
until it is saved, so that nothing is lost on the way.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language

from zhengtong.exchange.item_words import label
from zhengtong.rules.item_document import SHAPE, ItemDocument, Kind
from zhengtong.web.desk.house import conditions_form
from zhengtong.web.desk.house.choices import CHOICES
from zhengtong.web.frame.fields import control_id

MOST_ROWS = 300
SEVERAL_LINES = {
    "acceptance_conditions", "acceptance_conditions_en", "text", "text_en", "source_note", "source_note_en", "basis",
    "standard", "standard_en", "fill_note", "reduction_basis", "onsite_reason", "quota_note", "hint", "hint_en",
    "answer", "answer_en", "fee",
}  # fmt: skip
# Rows short enough to stand side by side on one line.
NARROW_ROWS = {"options", "stages", "ACCEPT", "PROCESS", "REVIEW", "APPROVE", "FINISH", "intermediary_services"}
NAMED_BY = ("name", "label", "question", "title", "text", "stage", "code")
SORTS = {"text": "line", "number": "number", "money": "number", "bound": "line", "day": "day", "flag": "flag"}


@dataclass(frozen=True, slots=True)
class Control:
    """One control, group or list of rows, ready for the template. `path` is as the linter writes it."""

    kind: str  # line, area, number, day, flag, choice, checks, lines, condition, group, rows
    name: str
    label: str
    value: Any = ""
    errors: tuple[str, ...] = ()
    choices: tuple[tuple[str, str, bool], ...] = ()
    children: tuple["Control", ...] = ()
    rows: tuple["RowShown", ...] = ()
    narrow: bool = False
    fixed: bool = False
    focus: bool = False
    chinese: bool = False  # what is typed here is Chinese, whatever the page's language
    depth: int = 0

    @property
    def id(self) -> str:
        return control_id(self.name)


@dataclass(frozen=True, slots=True)
class RowShown:
    name: str
    number: int
    title: str
    controls: tuple[Control, ...]
    open: bool
    first: bool
    last: bool
    link: str = ""
    carried: str = ""

    @property
    def id(self) -> str:
        return control_id(self.name)


@dataclass
class Layout:
    """What a page needs to know beyond the document: errors by path, the organs to choose from, where focus goes."""

    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    organs: Sequence[tuple[str, str]] = ()
    fixed: frozenset[str] = frozenset()
    focus: str = ""
    leave_out: frozenset[str] = frozenset()  # shapeless paths that have a page of their own
    row_links: Mapping[str, str] = field(default_factory=dict)
    marked: frozenset[str] = frozenset()  # controls the rules speak of: their rows lie open


def shapeless(path: str) -> str:
    """`materials[1].code` or `materials.1.code` → `materials.code`."""
    return re.sub(r"\.\d+(?=\.|$)", "", re.sub(r"\[\d+\]", "", path))


def control_name(path: str) -> str:
    """`materials[1].code` → `materials.1.code`."""
    return re.sub(r"\[(\d+)\]", r".\1", path)


def kind_at(path: str) -> Kind:
    """The shape of a shapeless path."""
    first, *rest = path.split(".")
    kind = SHAPE[first]
    for part in rest:
        kind = kind.shape[part]
    return kind


def value_at(document: Any, name: str) -> Any:
    """What stands at a control's name; None where nothing does."""
    for part in name.split("."):
        try:
            document = document[int(part)] if part.isdecimal() else document[part]
        except (IndexError, KeyError, TypeError, ValueError):
            return None
    return document


# --- showing ----------------------------------------------------------------------------------------------------


def controls(names: Sequence[str], document: Mapping[str, Any], layout: Layout) -> list[Control]:
    return [control(name, kind_at(shapeless(name)), value_at(document, name), layout) for name in names]


def control(name: str, kind: Kind, value: Any, layout: Layout, depth: int = 0) -> Control:
    bare = shapeless(name)
    key = bare.rsplit(".", 1)[-1]
    made = Control(
        kind=SORTS.get(kind.sort, kind.sort),
        name=name,
        label=label(key),
        value="" if value is None else value,
        errors=tuple(layout.errors.get(name, ())),
        fixed=bare in layout.fixed,
        focus=layout.focus == name,
        chinese=not key.endswith("_en"),
        depth=depth,
    )
    options = layout.organs if bare == "implementing_org" else CHOICES.get(bare, ())
    if kind.sort == "list":
        return _several(made, value, options)
    if options:
        return replace(made, kind="choice", choices=_chosen(options, [str(value or "")]))
    if kind.sort == "group":
        inside = tuple(
            control(
                f"{name}.{part}",
                one,
                (value or {}).get(part) if isinstance(value, Mapping) else None,
                layout,
                depth + 1,
            )
            for part, one in kind.shape.items()
            if f"{bare}.{part}" not in layout.leave_out
        )
        return replace(made, children=inside)
    if kind.sort == "rows":
        return _rows(made, kind, value, layout)
    if kind.sort == "json":
        told = conditions_form.shown(value)
        return replace(made, kind="condition", value=told)
    if kind.sort == "flag":
        return replace(made, value=value is True)
    if kind.sort == "text" and (key in SEVERAL_LINES or "\n" in str(value or "")):
        return replace(made, kind="area")
    return made


def _several(made: Control, value: Any, options: Sequence[tuple[str, Any]]) -> Control:
    values = [str(one) for one in value] if isinstance(value, list) else []
    if options:
        return replace(made, kind="checks", choices=_chosen(options, values))
    return replace(made, kind="lines", value="\n".join(values))


def _chosen(options: Sequence[tuple[str, Any]], values: Sequence[str]) -> tuple[tuple[str, str, bool], ...]:
    known = [(value, str(words), value in values) for value, words in options]
    strange = [(value, value, True) for value in values if value and value not in dict(options)]
    return (*known, *strange)


def _rows(made: Control, kind: Kind, value: Any, layout: Layout) -> Control:
    rows = value if isinstance(value, list) else []
    bare = shapeless(made.name)
    narrow = bare.rsplit(".", 1)[-1] in NARROW_ROWS
    shown = []
    for number, stored in enumerate(rows):
        name = f"{made.name}.{number}"
        row = stored if isinstance(stored, Mapping) else {}
        inside = tuple(
            control(f"{name}.{part}", one, row.get(part), layout, made.depth + 1)
            for part, one in kind.shape.items()
            if f"{bare}.{part}" not in layout.leave_out
        )
        faulty = any(path == name or path.startswith(f"{name}.") for path in (*layout.errors, *layout.marked))
        shown.append(
            RowShown(
                name=name,
                number=number + 1,
                title=title_of(row),
                controls=inside,
                open=faulty or layout.focus.startswith(f"{name}.") or len(rows) == 1,
                first=number == 0,
                last=number == len(rows) - 1,
                link=layout.row_links.get(name, ""),
                carried=str(row.get("code") or ""),
            )
        )
    return replace(made, rows=tuple(shown), narrow=narrow, value="")


def title_of(row: Mapping[str, Any]) -> str:
    """What a row is called in the list of rows: its English name on an English page, where it has one."""
    english = (get_language() or "").startswith("en")
    for key in NAMED_BY:
        if row.get(key):
            return str((english and row.get(f"{key}_en")) or row[key])[:80]
    return ""


# --- reading ----------------------------------------------------------------------------------------------------


def typed(post: QueryDict, names: Sequence[str], stored: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed for these elements, unjudged: text that is no number stays text for the shape to name.

    Boxes come back in the order of the page; what was ticked before keeps the order it is stored in.
    """
    indices = _indices(post)
    sent = {name: _read(post, name, kind_at(shapeless(name)), indices) for name in names}
    for name in names:
        if name in CHOICES and isinstance(sent[name], list) and isinstance(stored.get(name), list):
            before = [one for one in stored[name] if one in sent[name]]
            sent[name] = [*before, *(one for one in sent[name] if one not in before)]
    return sent


def _indices(post: QueryDict) -> dict[str, list[int]]:
    """Row numbers present under each list, in order."""
    found: dict[str, list[int]] = {}
    for key in post:
        if key.endswith(".row"):
            prefix, _dot, number = key.removesuffix(".row").rpartition(".")
            if number.isdecimal() and len(number) < 5:
                found.setdefault(prefix, []).append(int(number))
    return {prefix: sorted(numbers)[:MOST_ROWS] for prefix, numbers in found.items()}


def _read(post: QueryDict, name: str, kind: Kind, indices: Mapping[str, list[int]]) -> Any:
    if kind.sort == "rows":
        return [
            {part: _read(post, f"{name}.{number}.{part}", one, indices) for part, one in kind.shape.items()}
            for number in indices.get(name, [])
        ]
    if kind.sort == "group":
        group = {part: _read(post, f"{name}.{part}", one, indices) for part, one in kind.shape.items()}
        return None if kind.nullable and all(value in (None, "") for value in group.values()) else group
    if kind.sort == "json":
        return conditions_form.read(post, name)
    if kind.sort == "list":
        if shapeless(name) in CHOICES:
            return post.getlist(name)
        return [line.strip() for line in _text(post.get(name, "")).splitlines() if line.strip()]
    return _single(post.get(name, ""), kind)


def _single(value: str, kind: Kind) -> Any:
    if kind.sort == "flag":
        return value == "yes"
    text = _text(value).strip()
    if kind.sort in ("number", "bound") and re.fullmatch(r"-?\d{1,15}", text, re.ASCII):
        return int(text)
    return (text or None) if kind.sort in ("number", "money", "bound", "day") else text


def _text(value: str) -> str:
    return unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))


# --- rows in motion ---------------------------------------------------------------------------------------------


def moved(document: ItemDocument, act: str, name: str) -> str:
    """Adds, removes or moves a row in place. Returns the control that should have the focus; "" if there is none."""
    if act == "add":
        rows = value_at(document, name)
        if isinstance(rows, list) and len(rows) < MOST_ROWS:
            shape = kind_at(shapeless(name)).shape
            rows.append({part: one.normal(None) for part, one in shape.items()})
            return f"{name}.{len(rows) - 1}.{next(iter(shape))}"
        return ""
    parent, _dot, number = name.rpartition(".")
    rows, at = value_at(document, parent), int(number) if number.isdecimal() and len(number) < 5 else -1
    if not isinstance(rows, list) or not 0 <= at < len(rows):
        return ""
    if act == "remove":
        del rows[at]
        return ""
    to = at - 1 if act == "up" else at + 1
    if act in ("up", "down") and 0 <= to < len(rows):
        rows[at], rows[to] = rows[to], rows[at]
    return ""


def flatten(shown: Sequence[Control]) -> Iterator[tuple[str, str]]:
    """(name, value) of every control, as a browser would send them. The tests send pages back with it."""
    for one in shown:
        if one.kind == "rows":
            for row in one.rows:
                yield f"{row.name}.row", "1"
                yield from flatten(row.controls)
        elif one.kind == "group":
            yield from flatten(one.children)
        elif one.kind == "condition":
            yield from _condition(one)
        elif one.kind in ("choice", "checks"):
            yield from ((one.name, value) for value, _words, chosen in one.choices if chosen)
        elif one.kind == "flag":
            if one.value:
                yield one.name, "yes"
        else:
            yield one.name, str(one.value)


def _condition(one: Control) -> Iterator[tuple[str, str]]:
    told = one.value
    yield f"{one.name}.joint", told.joint
    if told.raw:
        yield f"{one.name}.json", told.raw
    for number, row in enumerate(told.rows):
        for part in ("field", "test", "value", "was"):
            yield f"{one.name}.{number}.{part}", getattr(row, part)
