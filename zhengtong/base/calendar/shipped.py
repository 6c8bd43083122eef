"""The notices of 2004–2026 as shipped; their origin is told at the top of `data/notices.txt`."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from zhengtong.rules.calendar import Calendar
from zhengtong.rules.notice import NoticeDay, days_of

_FILE = Path(__file__).parent / "data" / "notices.txt"


@dataclass
class ShippedNotice:
    year: int
    source: str
    days: list[NoticeDay] = field(default_factory=list)


@cache
def shipped_notices() -> tuple[ShippedNotice, ...]:
    notices: list[ShippedNotice] = []
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        if not line.startswith(" "):
            year, _, source = line.partition(" ")
            notices.append(ShippedNotice(int(year), source))
            continue
        name, *words = line.split()
        off = True
        for word in words:
            if word in ("休", "班"):
                off = word == "休"
                continue
            notices[-1].days += (NoticeDay(on, off, name) for on in _span(word, notices[-1].year))
    return tuple(notices)


def shipped_calendar() -> Calendar:
    """The shipped notices as a calendar, without a database."""
    told = shipped_notices()
    return Calendar(
        {day.on: day for notice in told for day in days_of(notice.year, notice.days)}, {n.year for n in told}
    )


def _span(word: str, year: int) -> Iterator[date]:
    first, _, last = word.partition("-")
    on, end = _date(first, year), _date(last or first, year)
    while on <= end:
        yield on
        on += timedelta(days=1)


def _date(digits: str, year: int) -> date:
    return date.fromisoformat(digits if len(digits) == 8 else f"{year}{digits}")
