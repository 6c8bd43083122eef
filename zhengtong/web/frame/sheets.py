"""Tables taken away as files: CSV that Excel opens in Chinese, XLSX for people. No cell of ours runs as a formula."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from django.http import FileResponse, StreamingHttpResponse
from openpyxl import Workbook

from zhengtong.rules.text import harmless

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Table = Iterable[Iterable[Any]]
MOST_ROWS, PIECE = 10_000, 500


def in_pieces(read: Callable[[int | None, int], Sequence[Any]], *, most: int = MOST_ROWS) -> Iterator[Any]:
    """Rows of a keyset list, newest first: `read(before, limit)` is asked until it runs dry or `most` are told."""
    before, left = None, most
    while left > 0:
        found = read(before, min(PIECE, left))
        yield from found
        if len(found) < PIECE:
            return
        before, left = found[-1].pk, left - len(found)


def csv_answer(table: Table, name: str) -> StreamingHttpResponse:
    """`name` without its ending; the lines go out as they are read."""
    answer = StreamingHttpResponse(_csv(table), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def xlsx_answer(table: Table, name: str) -> FileResponse:
    """One plain sheet; every cell is text, so that a code of eighteen digits keeps its last three."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:31])  # Excel names no sheet longer
    for line in table:
        sheet.append([harmless(one) for one in line])
    return book_answer(book, name)


def book_answer(book: Workbook, name: str) -> FileResponse:
    """A workbook that its page has laid out itself."""
    piece = io.BytesIO()
    book.save(piece)
    piece.seek(0)
    return FileResponse(piece, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


def _csv(table: Table) -> Iterator[str]:
    yield "\ufeff"  # without it Excel reads the Chinese as something else
    for line in table:
        piece = io.StringIO()
        csv.writer(piece).writerow([harmless(one) for one in line])
        yield piece.getvalue()
