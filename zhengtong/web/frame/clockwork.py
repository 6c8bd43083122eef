"""The explained clock as squares and as a table: what `rules.explanation` says, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.rules.explanation import DayLine, Explanation, Reason
from zhengtong.web.frame.dates import in_english

REASON_WORDS: Mapping[Reason, Promise | str] = {
    Reason.START: gettext_lazy("起算当日不计入"),
    Reason.ON_THE_SPOT: gettext_lazy("当场办理，当日为限"),
    Reason.WORKDAY: gettext_lazy("工作日，计入"),
    Reason.SWAP_WORK: gettext_lazy("周末调休上班，计入"),
    Reason.NATURAL_DAY: gettext_lazy("自然日，计入"),
    Reason.IMPOSED: gettext_lazy("截止时刻由外部给定"),
    Reason.WEEKEND: gettext_lazy("周末，不计入"),
    Reason.HOLIDAY: gettext_lazy("法定节日，不计入"),
    Reason.SWAP_REST: gettext_lazy("调休放假，不计入"),
    Reason.PAUSED: gettext_lazy("期限暂停，不计入"),
    Reason.END_ON_REST_DAY: gettext_lazy("末日逢休息日，顺延"),
}

_RESTS = frozenset({Reason.WEEKEND, Reason.HOLIDAY, Reason.SWAP_REST, Reason.END_ON_REST_DAY})
MOST_SQUARES = 100  # beyond that the middle is folded: nobody counts a year by eye


@dataclass(frozen=True, slots=True)
class Square:
    css: str
    day: str
    word: str


@dataclass(frozen=True, slots=True)
class Row:
    line: DayLine
    word: Promise | str
    is_due: bool


def days_drawn(explanation: Explanation, *, on: date | None, start_word: object) -> dict[str, Any]:
    lines, due = explanation.lines, explanation.due
    rows = [Row(line, REASON_WORDS[line.reason], line.on == due.on) for line in lines]
    squares = [_square(row, on, start_word, first=number == 0) for number, row in enumerate(rows)]
    folded = max(0, len(squares) - MOST_SQUARES)
    if folded:
        half = MOST_SQUARES // 2
        gap = Square("gap", "…", _("%(days)s 天") % {"days": folded})
        squares = [*squares[:half], gap, *squares[-half:]]
    return {
        "squares": squares,
        "rows": rows,
        "due": due,
        "first": lines[0].on if lines else None,
        "last": lines[-1].on if lines else None,
        "counted": lines[-1].number if lines else 0,
        "has": {reason.value for reason in {row.line.reason for row in rows}},
    }


def _square(row: Row, on: date | None, start_word: object, *, first: bool) -> Square:
    line = row.line
    shows_month = first or line.on.day == 1
    day = f"{line.on.month}/{line.on.day}" if shows_month else str(line.on.day)
    css = [_shape(line)]
    if line.counted and on is not None and line.on <= on:
        css.append("used")
    if row.is_due:
        css.append("due")
    return Square(" ".join(filter(None, css)), day, _word(line, start_word))


def _shape(line: DayLine) -> str:
    if line.reason is Reason.START:
        return "start"
    if line.reason is Reason.SWAP_WORK:
        return "swap"
    if line.reason is Reason.PAUSED:
        return "stop"
    return "rest" if line.reason in _RESTS else ""


def _word(line: DayLine, start_word: object) -> str:
    if line.reason is Reason.START:
        return str(start_word or _("起算"))
    if line.counted and line.number:
        return _("第%(number)s日") % {"number": line.number}
    if line.reason is Reason.PAUSED:
        return _("停")
    if line.reason in (Reason.HOLIDAY, Reason.SWAP_REST) and line.name and not in_english():
        return line.name.removesuffix("节")[:3]
    if line.reason is Reason.HOLIDAY:
        return _("节日")
    if line.reason is Reason.ON_THE_SPOT:
        return _("当日")
    return _("休")
