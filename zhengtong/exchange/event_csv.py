"""An event log as a table: one line per act, the columns of the case repeated on each of its lines."""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from typing import IO

from zhengtong.exchange.log_problems import Problem, Unfit, Unreadable
from zhengtong.exchange.trace import Attributes, Trace


def traces(
    stream: IO[bytes],
    *,
    key: str,
    case_columns: Sequence[str],
    act_columns: Sequence[str],
    act_marks: Sequence[str],
    encoding: str = "utf-8",
    delimiter: str = ",",
    together: bool = True,
) -> Iterator[Trace | Unfit]:
    """Every case in the order of its first line; a case whose lines contradict one another comes as Unfit.

    `together`: the lines of a case lie beside one another, so that one case at a time is in memory. Otherwise all are.
    `act_marks`: a line with all of these empty is a case without any act.
    """
    rows = _rows(stream, [key, *case_columns, *act_columns], encoding, delimiter)
    reader = _Reader(key, [c for c in case_columns if c], [c for c in act_columns if c], act_marks)
    return _beside(rows, reader) if together else _anywhere(rows, reader)


class _Reader:
    def __init__(self, key: str, case: list[str], act: list[str], marks: Sequence[str]) -> None:
        self.key, self.case, self.act, self.marks = key, case, act, marks

    def begin(self, line: int, row: Attributes) -> Trace:
        return Trace(line, {column: row[column] for column in [self.key, *self.case]})

    def add(self, trace: Trace, line: int, row: Attributes) -> Unfit | None:
        for column in self.case:
            if row[column] != trace.attributes[column]:
                first, second = trace.attributes[column], row[column]
                return Unfit(Problem.ROWS_DISAGREE, line, column=column, first=first, second=second)
        if any(row[mark] for mark in self.marks):
            trace.events.append((line, {column: row[column] for column in self.act}))
        return None


def _beside(rows: Iterator[tuple[int, Attributes] | Unfit], reader: _Reader) -> Iterator[Trace | Unfit]:
    now: Trace | None = None
    fault: Unfit | None = None
    for item in rows:
        if isinstance(item, Unfit):
            yield item
            continue
        line, row = item
        if now is None or row[reader.key] != now.attributes[reader.key]:
            if now is not None:
                yield fault or now
            now, fault = reader.begin(line, row), None
        fault = fault or reader.add(now, line, row)
    if now is not None:
        yield fault or now


def _anywhere(rows: Iterator[tuple[int, Attributes] | Unfit], reader: _Reader) -> Iterator[Trace | Unfit]:
    found: dict[str, Trace] = {}
    faults: dict[str, Unfit] = {}
    for item in rows:
        if isinstance(item, Unfit):
            yield item
            continue
        line, row = item
        key = row[reader.key]
        trace = found.setdefault(key, reader.begin(line, row))
        if (fault := reader.add(trace, line, row)) is not None:
            faults.setdefault(key, fault)
    for key, trace in found.items():
        yield faults.get(key, trace)


def _rows(
    stream: IO[bytes], needed: Sequence[str], encoding: str, delimiter: str
) -> Iterator[tuple[int, Attributes] | Unfit]:
    text = io.TextIOWrapper(stream, encoding="utf-8-sig" if _is_utf8(encoding) else encoding, newline="")
    lines = csv.reader(text, delimiter=delimiter, strict=True)
    try:
        heading = [cell.strip() for cell in next(lines, [])]
        for column in needed:
            if column and column not in heading:
                raise Unreadable(Problem.COLUMN_MISSING, 1, column=column, found=", ".join(heading))
        for cells in lines:
            if not any(cells):
                continue
            if len(cells) != len(heading):
                yield Unfit(Problem.ROW_SHORT, lines.line_num, found=len(cells), needed=len(heading))
                continue
            yield lines.line_num, dict(zip(heading, (cell.strip() for cell in cells), strict=True))
    except UnicodeDecodeError as error:
        raise Unreadable(Problem.NOT_UTF8, lines.line_num + 1, encoding=encoding.upper()) from error
    except csv.Error as error:
        raise Unreadable(Problem.CSV_BROKEN, lines.line_num, detail=str(error)) from error


def _is_utf8(encoding: str) -> bool:
    return codecs.lookup(encoding).name == "utf-8"
