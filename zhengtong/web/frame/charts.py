"""Charts drawn on the server as SVG: bars, stacked bars, lines, heat. The table beside a chart is its text.

Presentation attributes and classes only (the policy forbids inline style), so the same text is a page's picture and,
written to a file, a printed paper's. Nothing speaks by colour alone: lines differ by dash and mark, shares by hatch,
heat by what stands in the cell. frame/charts.css recolours them on the wall and in forced colours.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from zhengtong.web.frame.dates import in_english

Label = str | Promise
Number = int | float

WIDTH = 640
SIZE = 13  # of the letters, in the units of the picture
FONT = "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, Source Han Sans SC, sans-serif"
INK, QUIET, LINE = "#1b2432", "#4d5866", "#dde2e8"
# Ink on paper first, then the house's blue, seal red, green, ochre, violet: each 3 : 1 against the sheet.
COLOURS = ("#0b4ea2", "#b81c22", "#16714a", "#a06800", "#5b4a9c", "#4d5866")
DASHES = ("", "7 4", "2 4", "9 3 2 3", "12 4", "4 2")
NONE, SOON, LATE, OVER = "none", "soon", "late", "over_legal"
HEAT = {NONE: "#eef1f4", SOON: "#e0a100", LATE: "#b81c22", OVER: "#7c0d12"}
_ON = {NONE: QUIET, SOON: INK, LATE: "#ffffff", OVER: "#ffffff"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One square of a heat: what stands in it and how it is lit (none, soon, late, over_legal)."""

    text: Label = ""
    level: str = NONE


def bars(
    rows: Sequence[tuple[Label, Number]],
    *,
    title: Label,
    desc: Label = "",
    unit: Label = "",
    most: Number | None = None,
    decimals: int = 0,
    width: int = WIDTH,
) -> SafeString:
    """Lying bars, one a row, its value behind it. `most` fixes the scale (100 for rates); "" where there is no row."""
    if not rows:
        return mark_safe("")
    names = _names([label for label, _ in rows], width)
    said = [f"{_number(value, decimals)}{unit}" for _, value in rows]
    left, right = names.width + 10, max(map(_wide, said)) + 8
    top = max(most or 0, *(value for _, value in rows), 0) or 1
    room = width - left - right
    step = 28
    drawn = []
    for place, ((_, value), name, words) in enumerate(zip(rows, names.texts, said, strict=True)):
        y = place * step
        long = max(value, 0) / top * room
        drawn.append(
            format_html(
                '{}<rect class="bar" x="{}" y="{}" width="{}" height="16" rx="3" fill="{}"/>{}',
                _text(name, left - 10, y + 19, "end"),
                left,
                y + 6,
                _n(long),
                COLOURS[0],
                _text(words, left + long + 6, y + 19, "start", "figure"),
            )
        )
    return _svg("bars", width, len(rows) * step + 2, title, desc, _join(drawn))


def stacked(
    rows: Sequence[tuple[Label, Sequence[Number]]],
    parts: Sequence[Label],
    *,
    title: Label,
    desc: Label = "",
    share: bool = False,
    key: str = "s",
    width: int = WIDTH,
) -> SafeString:
    """Lying bars cut into `parts`, with a legend. `share`: every row fills the width. `key` must differ between the
    stacked charts of one page: it names their hatches."""
    if not rows:
        return mark_safe("")
    names = _names([label for label, _ in rows], width)
    totals = [sum(values) for _, values in rows]
    said = [_number(total, 0) for total in totals]
    left, right = names.width + 10, max(map(_wide, said)) + 8
    room = width - left - right
    top = max(totals) or 1
    legend, high = _legend(parts, width, key)
    step = 28
    drawn = []
    for place, ((_, values), name, words, total) in enumerate(zip(rows, names.texts, said, totals, strict=True)):
        y, x = high + place * step, float(left)
        drawn.append(_text(name, left - 10, y + 19, "end"))
        for part, value in enumerate(values):
            long = max(value, 0) / ((total or 1) if share else top) * room
            if long > 0:
                drawn.append(_part(x, y + 6, long, part, key))
            x += long
        drawn.append(_text(words, x + 6, y + 19, "start", "figure"))
    body = format_html("{}{}{}", _hatches(len(parts), key), legend, _join(drawn))
    return _svg("stacked", width, high + len(rows) * step + 2, title, desc, body)


def lines(
    series: Sequence[tuple[Label, Sequence[Number | None]]],
    labels: Sequence[Label],
    *,
    title: Label,
    desc: Label = "",
    unit: Label = "",
    most: Number | None = None,
    height: int = 240,
    width: int = WIDTH,
) -> SafeString:
    """Lines over common `labels`; None leaves a gap. The scale begins at zero, so that no trend is made of nothing."""
    values = [value for _, line in series for value in line if value is not None]
    if not values or not labels:
        return mark_safe("")
    step, top = _scale(max(most or 0, *values, 0))
    legend, high = _legend([name for name, _ in series], width, "", marks=True) if len(series) > 1 else (_NOTHING, 0)
    marks = [step * n for n in range(round(top / step) + 1)]
    said = [f"{_number(mark, 0 if step >= 1 else 1)}{unit}" for mark in marks]
    left, right, up, down = max(map(_wide, said)) + 10, 16, high + 10, 26
    room, tall = width - left - right, height - up - down
    across = room / max(len(labels) - 1, 1)

    def at(place: int, value: Number) -> tuple[float, float]:
        return left + place * across, up + tall - value / top * tall

    drawn = []
    for mark, words in zip(marks, said, strict=True):
        y = at(0, mark)[1]
        drawn.append(
            format_html(
                '<line class="grid" x1="{}" x2="{}" y1="{}" y2="{}" stroke="{}"/>{}',
                left, width - right, _n(y), _n(y), LINE, _text(words, left - 6, y + 4, "end", "quiet"),
            )
        )  # fmt: skip
    every = max(1, math.ceil(len(labels) * max(_wide(str(one)) + 14 for one in labels) / room))
    for place, label in enumerate(labels):
        if place % every == 0:
            x, half = at(place, 0)[0], _wide(str(label)) / 2
            anchor = "start" if x < half else "end" if x + half > width else "middle"
            drawn.append(_text(str(label), x, height - 6, anchor, "quiet"))
    for number, (_, line) in enumerate(series):
        points = [None if value is None else at(place, value) for place, value in enumerate(line)]
        drawn.append(_line(points, number, dots=len(labels) <= 45))
    return _svg("lines", width, height, title, desc, format_html("{}{}", legend, _join(drawn)))


def heat(
    rows: Sequence[Label],
    columns: Sequence[Label],
    cells: Mapping[tuple[int, int], Cell],
    *,
    title: Label,
    desc: Label = "",
    width: int = WIDTH,
) -> SafeString:
    """Squares by row and column; a missing cell is an empty one."""
    if not rows or not columns:
        return mark_safe("")
    names = _names(rows, width)
    left, step = names.width + 10, 26
    across = (width - left) / len(columns)
    every = max(1, math.ceil(max(_wide(str(one)) + 8 for one in columns) / across))
    drawn = [
        _text(str(label), left + (place + 0.5) * across, 16, "middle", "quiet")
        for place, label in enumerate(columns)
        if place % every == 0
    ]
    for row, name in enumerate(names.texts):
        y = 24 + row * step
        drawn.append(_text(name, left - 10, y + 17, "end"))
        for column in range(len(columns)):
            cell = cells.get((row, column), Cell())
            x = left + column * across
            drawn.append(
                format_html(
                    '<rect class="cell {}" x="{}" y="{}" width="{}" height="22" rx="3" fill="{}"/>{}',
                    cell.level, _n(x + 1), y + 1, _n(max(across - 2, 1)), HEAT[cell.level],
                    _text(str(cell.text), x + across / 2, y + 17, "middle", f"on-{cell.level}", _ON[cell.level])
                    if str(cell.text)
                    else _NOTHING,
                )
            )  # fmt: skip
    return _svg("heat", width, 24 + len(rows) * step + 2, title, desc, _join(drawn))


# --- how it is drawn ------------------------------------------------------------------------------------------------

_NOTHING = mark_safe("")
_CHINESE = 0x2E7F  # the last code point before the first that is Chinese


@dataclass(frozen=True, slots=True)
class _Names:
    texts: list[str]
    width: int


def _names(labels: Sequence[Label], width: int) -> _Names:
    """Row names cut to at most 38 % of the picture."""
    most = int(width * 0.38)
    texts = [_cut(str(label), most) for label in labels]
    return _Names(texts, math.ceil(max(map(_wide, texts), default=0)))


def _cut(text: str, most: int) -> str:
    if _wide(text) <= most:
        return text
    while text and _wide(text) > most - SIZE:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _wide(text: str) -> int:
    """About how wide a text is: a Chinese character is as wide as it is high, a Latin one a little over half."""
    return math.ceil(sum(SIZE if ord(letter) > _CHINESE else SIZE * 0.58 for letter in text))


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _number(value: Number, decimals: int) -> str:
    return f"{value:,.{decimals}f}"


def _text(words: str, x: float, y: float, anchor: str, kind: str = "name", colour: str = "") -> SafeString:
    fill = colour or (QUIET if kind == "quiet" else INK)
    # A name that has no English is said to be Chinese, as everywhere on an English page.
    tongue = mark_safe(' lang="zh-Hans"') if in_english() and any(ord(one) > _CHINESE for one in words) else ""
    return format_html(
        '<text class="{}" x="{}" y="{}" text-anchor="{}" fill="{}"{}>{}</text>',
        kind, _n(x), _n(y), anchor, fill, tongue, words,
    )  # fmt: skip


def _join(drawn: Sequence[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((one,) for one in drawn))


def _svg(kind: str, width: int, height: int, title: Label, desc: Label, body: SafeString) -> SafeString:
    return format_html(
        '<svg class="chart {}" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" width="{}" height="{}" role="img"'
        ' aria-label="{}" font-family="{}" font-size="{}"><title>{}</title>{}{}</svg>',
        kind, width, height, width, height, title, FONT, SIZE, title,
        format_html("<desc>{}</desc>", desc) if desc else "", body,
    )  # fmt: skip


def _scale(most: Number) -> tuple[float, float]:
    """(step, top) of an axis in round numbers: four to six lines."""
    raw = max(most, 1) / 5
    size = 10 ** math.floor(math.log10(raw))
    step = next(size * n for n in (1, 2, 5, 10) if size * n >= raw)
    if step < 1:
        step = 1
    return step, math.ceil(max(most, 1) / step) * step


def _legend(names: Sequence[Label], width: int, key: str, *, marks: bool = False) -> tuple[SafeString, int]:
    """What each part or line is called, and how high the legend is; it breaks where the picture ends."""
    x, y, drawn = 0.0, 14.0, []
    for number, name in enumerate(names):
        words = str(name)
        wide = 40 + _wide(words)
        if x and x + wide > width:
            x, y = 0.0, y + 22
        if marks:
            drawn.append(_line([(x, y - 4), (x + 24, y - 4)], number, dots=False))
            drawn.append(_mark(x + 12, y - 4, number))
        else:
            drawn.append(_part(x + 4, y - 11, 16, number, key, high=13))
        drawn.append(_text(words, x + 30, y, "start"))
        x += wide + 12
    return _join(drawn), int(y + 10)


def _hatches(parts: int, key: str) -> SafeString:
    """A hatch for every second part: neighbours differ without colour."""
    return format_html(
        "<defs>{}</defs>",
        format_html_join(
            "",
            '<pattern id="{}-{}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate({})">'
            '<rect width="6" height="6" fill="{}"/><line class="hatch" x1="0" x2="0" y1="0" y2="6" stroke="#ffffff"'
            ' stroke-width="2.4"/></pattern>',
            ((key, n, 45 if n % 4 == 1 else -45, COLOURS[n % len(COLOURS)]) for n in range(parts) if n % 2),
        ),
    )


def _part(x: float, y: float, long: float, part: int, key: str, *, high: int = 16) -> SafeString:
    colour = COLOURS[part % len(COLOURS)]
    return format_html(
        '<rect class="part p{}" x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}"/>',
        part, _n(x), _n(y), _n(long), high, f"url(#{key}-{part})" if part % 2 else colour, colour,
    )  # fmt: skip


def _line(points: Sequence[tuple[float, float] | None], number: int, *, dots: bool) -> SafeString:
    path, pen = [], "M"
    for point in points:
        if point is None:
            pen = "M"
            continue
        path.append(f"{pen}{_n(point[0])} {_n(point[1])}")
        pen = "L"
    colour, dash = COLOURS[number % len(COLOURS)], DASHES[number % len(DASHES)]
    drawn = format_html(
        '<path class="line l{}" d="{}" fill="none" stroke="{}" stroke-width="2"{}/>',
        number, " ".join(path), colour, format_html(' stroke-dasharray="{}"', dash) if dash else "",
    )  # fmt: skip
    if not dots:
        return drawn
    return format_html("{}{}", drawn, _join([_mark(*point, number) for point in points if point is not None]))


def _mark(x: float, y: float, number: int) -> SafeString:
    """Round, square, diamond, in turn."""
    colour = COLOURS[number % len(COLOURS)]
    if number % 3 == 0:
        return format_html('<circle class="mark l{}" cx="{}" cy="{}" r="3" fill="{}"/>', number, _n(x), _n(y), colour)
    turned = format_html(' transform="rotate(45 {} {})"', _n(x), _n(y)) if number % 3 == 2 else ""
    return format_html(
        '<rect class="mark l{}" x="{}" y="{}" width="6" height="6" fill="{}"{}/>',
        number, _n(x - 3), _n(y - 3), colour, turned,
    )  # fmt: skip
