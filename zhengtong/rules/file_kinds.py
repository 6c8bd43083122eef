"""Knows which kinds of file people may send, by first bytes and name; refuses to know where they lie.

A kind is let in when an officer can read it in twenty years and it cannot act by itself: so no program, no macro, no
script, no old Office format, no plain archive. Several files are several uploads, each beside its material.
"""

from dataclasses import dataclass

from zhengtong.rules.refusal import Refusal, RefusalCode

HEAD_BYTES = 64  # enough of a file's beginning to know its family

MOST_PIXELS = 100_000_000  # 10,000 × 10,000: an A3 scan at 600 dpi has 70 million
MOST_SIDE = 30_000
MOST_UNPACKED = 100 * 1024 * 1024  # bytes all parts of an office document may hold together
MOST_PARTS = 3_000
MOST_NESTING = 2  # a chart in a text carries its own workbook; nothing honest goes deeper


@dataclass(frozen=True, slots=True)
class FileKind:
    """`shown`: a browser may show it in place; everything else is only downloaded."""

    name: str
    media_type: str
    endings: tuple[str, ...]
    shown: bool = False


PDF = FileKind("PDF", "application/pdf", ("pdf",), shown=True)
JPEG = FileKind("JPG", "image/jpeg", ("jpg", "jpeg"), shown=True)
PNG = FileKind("PNG", "image/png", ("png",), shown=True)
OFD = FileKind("OFD", "application/ofd", ("ofd",))  # GB/T 33190
DOCX = FileKind("DOCX", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ("docx",))
XLSX = FileKind("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ("xlsx",))

KINDS = (PDF, JPEG, PNG, OFD, DOCX, XLSX)
BY_ENDING = {ending: kind for kind in KINDS for ending in kind.endings}
BY_MEDIA_TYPE = {kind.media_type: kind for kind in KINDS}
ACCEPT = ",".join(f".{ending}" for ending in BY_ENDING)  # for <input type="file" accept>

PACKAGE = "package"  # a ZIP container: only a look inside tells which kind
OLD_OFFICE = "old_office"  # OLE compound file: .doc, .xls, and encrypted .docx

_BEGINNINGS: tuple[tuple[bytes, FileKind | str], ...] = (
    (b"%PDF-", PDF),
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"PK\x03\x04", PACKAGE),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLD_OFFICE),
)
# What a disguised file really is, to say so. Longer beginnings first.
_STRANGERS: tuple[tuple[bytes, str], ...] = (
    (b"MZ", "EXE"),
    (b"\x7fELF", "ELF"),
    (b"\xca\xfe\xba\xbe", "CLASS"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7Z"),
    (b"\x1f\x8b", "GZ"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"#!", "SCRIPT"),
    (b"<?xml", "XML"),
    (b"<svg", "SVG"),
    (b"<!doc", "HTML"),
    (b"<html", "HTML"),
    (b"{\\rtf", "RTF"),
)


def ending_of(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def kind_by_name(name: str) -> FileKind:
    """The kind a name promises. Refuses endings nobody may send."""
    ending = ending_of(name)
    if ending not in BY_ENDING:
        raise Refusal(RefusalCode.FILE_KIND_NOT_ALLOWED, ending=ending or "?", allowed=[kind.name for kind in KINDS])
    return BY_ENDING[ending]


def family(head: bytes) -> FileKind | str | None:
    """What the first bytes say: a kind, PACKAGE, OLD_OFFICE, or None for a stranger. Nothing may stand before them."""
    return next((what for beginning, what in _BEGINNINGS if head.startswith(beginning)), None)


def stranger(head: bytes) -> str:
    """A word for a file that is none of ours; "?" when the bytes say nothing."""
    if head[4:8] == b"ftyp":
        return "HEIC/MP4"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    return next(
        (word for beginning, word in _STRANGERS if head.startswith(beginning) or start.lower().startswith(beginning)),
        "?",
    )


def check_fit(promised: FileKind, found: FileKind) -> None:
    """A name that lies about its content is refused, even when both kinds are welcome by themselves."""
    if promised is not found:
        raise Refusal(RefusalCode.FILE_CONTENT_DIFFERS, ending=promised.name, actual=found.name)


def check_size_of_image(width: int, height: int) -> None:
    """From the header alone: a few bytes may promise a picture that fills the memory of whoever opens it."""
    if not (width and height):
        raise Refusal(RefusalCode.FILE_DAMAGED)
    if width * height > MOST_PIXELS or max(width, height) > MOST_SIDE:
        raise Refusal(RefusalCode.FILE_IMAGE_TOO_LARGE, width=width, height=height, most=MOST_PIXELS // 1_000_000)
