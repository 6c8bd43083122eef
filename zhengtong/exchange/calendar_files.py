"""Holiday notices as files: the JSON of holiday-cn, and a plain CSV that anyone can type from the notice."""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from zhengtong.rules.notice import NoticeDay
from zhengtong.rules.refusal import Refusal, RefusalCode

MOST_BYTES = 1_000_000  # a year's notice is five thousand

_OFF = frozenset({"休", "放假", "休息", "HOLIDAY", "SWAP_REST", "WEEKEND", "OFF", "REST"})
_AT_WORK = frozenset({"班", "上班", "SWAP_WORK", "WORKDAY", "WORK"})
_HEADINGS = {"date": "date", "日期": "date", "kind": "kind", "类别": "kind", "name": "name", "节日": "name"}


@dataclass(frozen=True, slots=True)
class NoticeFile:
    """One year's notice as a file tells it."""

    year: int
    days: tuple[NoticeDay, ...]
    source: str


def read_notices(content: bytes, file: str) -> list[NoticeFile]:
    """The notices in a file, by year; a CSV may hold several. What it says is checked when it is loaded."""
    if len(content) > MOST_BYTES:
        raise _unreadable(file, 1)
    text = _decoded(content, file)
    return [_from_json(text, file)] if text.lstrip().startswith("{") else _from_csv(text, file)


def _decoded(content: bytes, file: str) -> str:
    # GB 18030 is what a spreadsheet on a Chinese desktop writes when it says CSV.
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _unreadable(file, 1)


def _from_json(text: str, file: str) -> NoticeFile:
    try:
        told = json.loads(text)
        days = tuple(_json_day(day) for day in told["days"])
        year, papers = int(told["year"]), [str(paper) for paper in told.get("papers", [])]
    except json.JSONDecodeError as error:
        raise _unreadable(file, error.lineno) from error
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise _unreadable(file, 1) from error
    return NoticeFile(year, days, " ".join(papers) or file)


def _json_day(day: dict[str, object]) -> NoticeDay:
    off = day["isOffDay"]
    if not isinstance(off, bool):
        raise TypeError
    return NoticeDay(date.fromisoformat(str(day["date"])), off, str(day.get("name", "")))


def _from_csv(text: str, file: str) -> list[NoticeFile]:
    lines = csv.reader(io.StringIO(text))
    try:
        rows = [(lines.line_num, [cell.strip() for cell in row]) for row in lines]
    except csv.Error as error:
        raise _unreadable(file, lines.line_num) from error
    rows = [(line, row) for line, row in rows if any(row)]
    if not rows:
        raise _unreadable(file, 1)
    columns = [_HEADINGS.get(cell.lower(), "") for cell in rows[0][1]]
    if "date" not in columns or "kind" not in columns:
        raise _unreadable(file, rows[0][0])
    days = [_csv_day(dict(zip(columns, row, strict=False)), file, line) for line, row in rows[1:]]
    return _by_year(days, file)


def _csv_day(row: dict[str, str], file: str, line: int) -> NoticeDay:
    try:
        on, kind = date.fromisoformat(row["date"].replace("/", "-")), row["kind"].upper()
    except (KeyError, ValueError) as error:
        raise _unreadable(file, line) from error
    if kind not in _OFF | _AT_WORK:
        raise _unreadable(file, line)
    return NoticeDay(on, kind in _OFF, row.get("name", ""))


def _by_year(days: Iterable[NoticeDay], file: str) -> list[NoticeFile]:
    by_year: dict[int, list[NoticeDay]] = {}
    for day in days:
        # The last days of December are named by the notice of the year whose 元旦 they serve.
        year = day.on.year + (day.on.month == 12)
        by_year.setdefault(year, []).append(day)
    return [NoticeFile(year, tuple(by_year[year]), file) for year in sorted(by_year)]


def _unreadable(file: str, line: int) -> Refusal:
    return Refusal(RefusalCode.CALENDAR_FILE_UNREADABLE, file=file, line=line)
