"""Reads a table of letters: CSV in the encodings people use, compressed or not, or a workbook. Cells as they are written."""

import codecs
import csv
import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import IO, cast

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from zhengtong.exchange.letters_words import Problem, Unreadable

Row = tuple[int, list[str]]  # line of the file, its cells
MOST_CELL = 1_000_000
_TABLES = (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".txt", ".txt.gz")
_PIECE = 1 << 16


def rows(path: Path, moved: Callable[[int], None] = lambda _: None) -> Iterator[Row]:
    """Every row that is not blank, the heading first. `moved` hears how many bytes have been read."""
    name = path.name.lower()
    if name.endswith(".xlsx"):
        yield from _workbook(path, moved)
    elif name.endswith(_TABLES):
        yield from _text(path, moved)
    else:
        raise Unreadable(Problem.NOT_A_TABLE)


def _text(path: Path, moved: Callable[[int], None]) -> Iterator[Row]:
    encoding = _encoding(path)
    csv.field_size_limit(MOST_CELL)
    with _opened(path, moved) as stream:
        text = io.TextIOWrapper(stream, encoding=encoding, newline="")
        first = text.readline()
        delimiter = max(",\t;", key=first.count)
        lines = csv.reader(_from(first, text), delimiter=delimiter)
        try:
            for cells in lines:
                if any(cell.strip() for cell in cells):
                    yield lines.line_num, cells
        except csv.Error as error:
            raise Unreadable(Problem.NOT_A_TABLE) from error


def _from(first: str, rest: IO[str]) -> Iterator[str]:
    yield first
    yield from rest


def _encoding(path: Path) -> str:
    """UTF-8 if the whole file is; else UTF-16 by its mark; else GB18030, as Chinese spreadsheets write."""
    with _opened(path, lambda _: None) as stream:
        head = stream.read(4)
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        decoders = {name: codecs.getincrementaldecoder(name)() for name in ("utf-8", "gb18030")}
        piece = head
        while True:
            for name, decoder in list(decoders.items()):
                try:
                    decoder.decode(piece, final=not piece)
                except UnicodeDecodeError:
                    del decoders[name]
            if not decoders:
                raise Unreadable(Problem.ENCODING)
            if not piece:
                return "utf-8-sig" if "utf-8" in decoders else "gb18030"
            piece = stream.read(_PIECE)


class _Counted:
    """The bytes of the file as they are read, so that progress is of the file and not of what it unfolds to."""

    def __init__(self, raw: IO[bytes], moved: Callable[[int], None]) -> None:
        self._raw, self._moved = raw, moved

    def read(self, size: int = -1) -> bytes:
        piece = self._raw.read(size)
        self._moved(len(piece))
        return piece

    def __getattr__(self, name: str) -> object:
        return getattr(self._raw, name)


@contextmanager
def _opened(path: Path, moved: Callable[[int], None]) -> Iterator[IO[bytes]]:
    with path.open("rb") as raw:
        counted = cast("IO[bytes]", _Counted(raw, moved))
        if not path.name.lower().endswith(".gz"):
            yield cast("IO[bytes]", io.BufferedReader(cast("io.RawIOBase", _Raw(counted))))
            return
        try:
            with gzip.GzipFile(fileobj=counted) as unpacked:
                yield cast("IO[bytes]", unpacked)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise Unreadable(Problem.CUT_OFF) from error


class _Raw(io.RawIOBase):
    """What a buffered reader needs of a counted stream."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # any writable buffer, as RawIOBase says
        piece = self._stream.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


def _workbook(path: Path, moved: Callable[[int], None]) -> Iterator[Row]:
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise Unreadable(Problem.NOT_A_TABLE) from error
    try:
        sheet = book.worksheets[0]
        for line, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
            written = [_cell(cell) for cell in cells]
            if any(written):
                yield line, written
        moved(path.stat().st_size)
    finally:
        book.close()


def _cell(value: object) -> str:
    if isinstance(value, (datetime, date)):
        return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # a number column: 2554, not 2554.0
    return "" if value is None else str(value)


def heading(cells: Sequence[str]) -> list[str]:
    return [cell.strip().lstrip("\ufeff") for cell in cells]
