"""What a PDF must not hold. The line is drawn where PDF/A (ISO 19005) draws it for archives: no encryption, no script,
no launching of programs. Attachments stay allowed (PDF/A-3): electronic invoices carry their data in one.
"""

import mmap
import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from zhengtong.rules.file_kinds import MOST_UNPACKED
from zhengtong.rules.refusal import Refusal, RefusalCode

_PIECE = 1024 * 1024
_OVERLAP = 256  # a key cut in two by a piece is found in the next
_MOST_STREAMS = 50_000  # a page has a handful; a file made of the word "stream" alone would cost minutes


def _spelled(name: str) -> bytes:
    """A pattern for a PDF name, each character plain or as #xx (ISO 32000-1, 7.3.5)."""
    letters = "".join(f"(?:{c}|#{ord(c):02x}|#{ord(c):02X})" for c in name)
    return rb"/" + letters.encode()


_END_OF_NAME = rb"(?=[\s/<>\[\](){}%]|$)"
_ENCRYPT = re.compile(_spelled("Encrypt") + rb"\s*(?:\d+\s+\d+\s+R|<<)")
# An action says what it is in /S; so the words alone, in a text about scripts, are no reason to refuse.
_ACTION = re.compile(
    _spelled("S") + rb"\s*(?:" + _spelled("JavaScript") + rb"|" + _spelled("Launch") + rb")" + _END_OF_NAME
)
_SCRIPTS = re.compile(_spelled("JavaScript") + rb"\s*(?:\d+\s+\d+\s+R|<<)")  # the document's table of scripts
_STREAM = re.compile(rb"stream\r?\n")
_OBJECTS = re.compile(_spelled("Type") + rb"\s*" + _spelled("ObjStm") + _END_OF_NAME)
_FLATE = re.compile(_spelled("FlateDecode"))


def check_pdf(file: BinaryIO) -> None:
    """Searches the file and its compressed object streams. Raises Refusal."""
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data.rfind(b"startxref") < 0:  # cut off on the way
            raise Refusal(RefusalCode.FILE_DAMAGED)
        if _ENCRYPT.search(data):
            raise Refusal(RefusalCode.FILE_ENCRYPTED)
        _check_actions(data)
        budget = [MOST_UNPACKED]
        for start, packed in _object_streams(data):
            tail = b""
            for piece in _unpacked(data, start, packed, budget):
                _check_actions(tail + piece)
                tail = piece[-_OVERLAP:]


def _check_actions(data: bytes | mmap.mmap) -> None:
    if _ACTION.search(data) or _SCRIPTS.search(data):
        raise Refusal(RefusalCode.FILE_ACTIVE)


def _object_streams(data: mmap.mmap) -> Iterator[tuple[int, bool]]:
    """Where each object stream's bytes begin, and whether they are compressed."""
    for number, mark in enumerate(_STREAM.finditer(data)):
        if number >= _MOST_STREAMS:
            raise Refusal(RefusalCode.FILE_EXPANDS)
        begin = data.rfind(b"obj", max(0, mark.start() - 4096), mark.start())
        if begin < 0:
            continue
        dictionary = data[begin : mark.start()]
        if _OBJECTS.search(dictionary):
            yield mark.end(), _FLATE.search(dictionary) is not None


def _unpacked(data: mmap.mmap, start: int, packed: bool, budget: list[int]) -> Iterator[bytes]:
    if not packed:
        return  # plain bytes were searched with the file
    inflater = zlib.decompressobj()
    position = start
    pending = b""
    while not inflater.eof and (pending or position < len(data)):
        if not pending:
            pending, position = data[position : position + _PIECE], position + _PIECE
            budget[0] -= len(pending)  # what is read counts too: streams may overlap, and may unfold to nothing
        try:
            piece = inflater.decompress(pending, _PIECE)
        except zlib.error:
            raise Refusal(RefusalCode.FILE_DAMAGED) from None
        pending = inflater.unconsumed_tail
        budget[0] -= len(piece)
        if budget[0] < 0:
            raise Refusal(RefusalCode.FILE_EXPANDS)
        yield piece
