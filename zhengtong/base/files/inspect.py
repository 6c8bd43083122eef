"""Looks into a file before it is kept: is it what its name says, can it be read later, could it do harm?

Reads headers and parts in bounded pieces; never a whole file into memory, and never through a library that draws it.
"""

import struct
from pathlib import Path
from typing import BinaryIO

from zhengtong.base.files.package import kind_of_package
from zhengtong.base.files.pdf import check_pdf
from zhengtong.rules import file_kinds
from zhengtong.rules.file_kinds import FileKind
from zhengtong.rules.refusal import Refusal, RefusalCode

_MOST_SEGMENTS = 10_000  # a photograph has some dozens before its frame
_LOOKED_AT = 64 * 1024  # how far into an OLE file its directory is looked for


def inspected(path: Path, name: str) -> FileKind:
    """The kind of the file at `path`, which was sent under `name`. Raises Refusal with what the sender can do."""
    promised = file_kinds.kind_by_name(name)
    with path.open("rb") as file:
        head = file.read(file_kinds.HEAD_BYTES)
        if not head:
            raise Refusal(RefusalCode.FILE_EMPTY)
        found = _kind(file, head, promised)
        file_kinds.check_fit(promised, found)
        if found is file_kinds.PNG:
            _check_png(head)
        elif found is file_kinds.JPEG:
            _check_jpeg(file)
        elif found is file_kinds.PDF:
            check_pdf(file)
    return found


def _kind(file: BinaryIO, head: bytes, promised: FileKind) -> FileKind:
    family = file_kinds.family(head)
    if isinstance(family, FileKind):
        return family
    if family == file_kinds.PACKAGE:
        kind = kind_of_package(file)
        if kind is not None:
            return kind
        raise Refusal(RefusalCode.FILE_CONTENT_DIFFERS, ending=promised.name, actual="ZIP")
    if family == file_kinds.OLD_OFFICE:
        file.seek(0)
        if "EncryptedPackage".encode("utf-16-le") in file.read(_LOOKED_AT):
            raise Refusal(RefusalCode.FILE_ENCRYPTED)
        raise Refusal(RefusalCode.FILE_OLD_OFFICE)
    raise Refusal(RefusalCode.FILE_CONTENT_DIFFERS, ending=promised.name, actual=file_kinds.stranger(head))


def _check_png(head: bytes) -> None:
    if head[12:16] != b"IHDR" or len(head) < 24:
        raise Refusal(RefusalCode.FILE_DAMAGED)
    file_kinds.check_size_of_image(*struct.unpack(">II", head[16:24]))


def _check_jpeg(file: BinaryIO) -> None:
    """Walks the segments to the frame header (ITU-T T.81, B.1.1): SOF0 to SOF15 except DHT, JPG and DAC."""
    file.seek(2)
    for _ in range(_MOST_SEGMENTS):
        mark = file.read(2)
        if mark == b"\xff\xff":  # a fill byte before the marker
            file.seek(-1, 1)
            continue
        length = file.read(2)
        if len(mark) < 2 or mark[0] != 0xFF or len(length) < 2:
            raise Refusal(RefusalCode.FILE_DAMAGED)
        size = int.from_bytes(length, "big")
        if 0xC0 <= mark[1] <= 0xCF and mark[1] not in (0xC4, 0xC8, 0xCC):
            frame = file.read(5)
            if len(frame) < 5:
                raise Refusal(RefusalCode.FILE_DAMAGED)
            height, width = struct.unpack(">HH", frame[1:5])
            file_kinds.check_size_of_image(width, height)
            return
        if mark[1] in (0xD9, 0xDA) or size < 2:  # the picture begins or ends and no frame was described
            raise Refusal(RefusalCode.FILE_DAMAGED)
        file.seek(size - 2, 1)
    raise Refusal(RefusalCode.FILE_DAMAGED)
