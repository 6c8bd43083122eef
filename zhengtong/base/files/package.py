"""Office documents are ZIP packages. Which kind, how far they unfold, and whether they carry a program."""

import struct
import tempfile
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO

from zhengtong.rules.file_kinds import DOCX, MOST_NESTING, MOST_PARTS, MOST_UNPACKED, OFD, XLSX, FileKind
from zhengtong.rules.refusal import Refusal, RefusalCode

_PIECE = 256 * 1024
_DIRECTORY_MOST = MOST_PARTS * 400  # bytes of central directory: a name of 300 characters for every part
_END_RECORD = struct.Struct("<4s4H2LH")
_PROGRAMS = (b"MZ", b"\x7fELF")
_MACROS = ("vbaproject.bin", "vbadata.xml")


@dataclass
class _Budget:
    unpacked: int = MOST_UNPACKED
    parts: int = MOST_PARTS

    def spend(self, *, unpacked: int = 0, parts: int = 0) -> None:
        self.unpacked -= unpacked
        self.parts -= parts
        if self.unpacked < 0 or self.parts < 0:
            raise Refusal(RefusalCode.FILE_EXPANDS)


def kind_of_package(file: IO[bytes]) -> FileKind | None:
    """DOCX, XLSX, OFD, or None for any other archive. Unpacks every part once, into nothing, to count what is true."""
    return _walked(file, _Budget(), depth=1)


def _walked(file: IO[bytes], budget: _Budget, *, depth: int) -> FileKind | None:
    _check_directory(file)
    try:
        with zipfile.ZipFile(file) as package:
            parts = package.infolist()
            budget.spend(parts=len(parts))
            _check_declared(parts, file, budget)
            for part in parts:
                if not part.is_dir():
                    _check_part(package, part, budget, depth)
            return _kind({part.filename for part in parts}, package)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, struct.error, ValueError, OSError):
        raise Refusal(RefusalCode.FILE_DAMAGED) from None


def _check_directory(file: IO[bytes]) -> None:
    """Before anything is parsed: a directory of millions of entries would fill the memory while being read."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 65_557))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END_RECORD.size:
        raise Refusal(RefusalCode.FILE_DAMAGED)
    directory_bytes = _END_RECORD.unpack_from(tail, at)[5]
    if directory_bytes == 0xFFFFFFFF or tail.rfind(b"PK\x06\x07") >= 0:  # ZIP64 is for packages above 4 GB
        raise Refusal(RefusalCode.FILE_EXPANDS)
    if directory_bytes > _DIRECTORY_MOST:
        raise Refusal(RefusalCode.FILE_EXPANDS)
    file.seek(0)


def _check_declared(parts: list[zipfile.ZipInfo], file: IO[bytes], budget: _Budget) -> None:
    size = file.seek(0, 2)
    names = {part.filename for part in parts}
    if len(names) != len(parts) or any(name.startswith("/") or ".." in name.split("/") for name in names):
        raise Refusal(RefusalCode.FILE_DAMAGED)
    # Parts laid over one another unfold far beyond what one pass over the bytes could.
    if sum(part.compress_size for part in parts) > size or sum(p.file_size for p in parts) > budget.unpacked:
        raise Refusal(RefusalCode.FILE_EXPANDS)
    if any(part.flag_bits & 0x1 for part in parts):
        raise Refusal(RefusalCode.FILE_ENCRYPTED)
    if any(name.rpartition("/")[2].lower() in _MACROS for name in names):
        raise Refusal(RefusalCode.FILE_ACTIVE)


def _check_part(package: zipfile.ZipFile, part: zipfile.ZipInfo, budget: _Budget, depth: int) -> None:
    with package.open(part) as stream:
        head = stream.read(64)
        budget.spend(unpacked=len(head))
        if head.startswith(_PROGRAMS):
            raise Refusal(RefusalCode.FILE_ACTIVE)
        if not head.startswith(b"PK\x03\x04"):
            while piece := stream.read(_PIECE):
                budget.spend(unpacked=len(piece))
            return
        if depth >= MOST_NESTING:
            raise Refusal(RefusalCode.FILE_EXPANDS)
        with tempfile.SpooledTemporaryFile(max_size=1024 * 1024) as inner:
            inner.write(head)
            while piece := stream.read(_PIECE):
                budget.spend(unpacked=len(piece))
                inner.write(piece)
            if _walked(inner, budget, depth=depth + 1) is None:
                raise Refusal(RefusalCode.FILE_ACTIVE)  # an archive hidden in a document


def _kind(names: set[str], package: zipfile.ZipFile) -> FileKind | None:
    if "OFD.xml" in names:
        return OFD
    if "[Content_Types].xml" not in names:
        return None
    types = package.read("[Content_Types].xml")
    if b"macroEnabled" in types:
        raise Refusal(RefusalCode.FILE_ACTIVE)
    if b"wordprocessingml.document.main+xml" in types:
        return DOCX
    if b"spreadsheetml.sheet.main+xml" in types:
        return XLSX
    return None
