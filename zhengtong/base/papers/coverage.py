"""Which characters the house's fonts can draw. A character nobody can draw is printed by its number, never dropped."""

import struct
import unicodedata
from bisect import bisect_right
from functools import lru_cache
from pathlib import Path

import pylopdf_fonts_zh_cn

FONTS = Path(pylopdf_fonts_zh_cn.__file__).parent

_SERIF = FONTS / "NotoSerifSC-Regular.otf"
_SANS = FONTS / "NotoSansSC-Regular.otf"
_MAPS_OF_ALL_UNICODE = {(3, 10), (0, 4), (0, 6)}  # platform, encoding: those of format 12


def printable(text: str) -> str:
    """The text as it can be set: NFC, no steering characters, and `〔U+1F600〕` for what no font of ours draws.

    PDF/A refuses a glyph that is missing; a silent blank in a name would be worse than its number.
    """
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(_set(character) for character in composed)


def _set(character: str) -> str:
    if character == "\n" or "!" <= character <= "~" or "\u4e00" <= character <= "\u9fa5":
        return character
    if character.isspace() or character == "\0":
        return " " if character != "\u3000" else character
    if unicodedata.category(character) in {"Cc", "Cf"} or unicodedata.name(character, "").startswith("VARIATION"):
        return ""
    return character if drawn(character) else f"〔U+{ord(character):04X}〕"


def drawn(character: str) -> bool:
    code = ord(character)
    starts, ends = _ranges()
    place = bisect_right(starts, code) - 1
    return place >= 0 and code <= ends[place]


@lru_cache(maxsize=1)
def _ranges() -> tuple[list[int], list[int]]:
    """First and last character of every run that one of the two fonts draws, in order."""
    merged: list[list[int]] = []
    for start, end in sorted(_runs(_SERIF) + _runs(_SANS)):
        if merged and start <= merged[-1][1] + 1:
            merged[-1][1] = max(merged[-1][1], end)
        else:
            merged.append([start, end])
    return [run[0] for run in merged], [run[1] for run in merged]


def _runs(font: Path) -> list[tuple[int, int]]:
    """The groups of the font's `cmap` table of format 12 (OpenType, 'cmap' — Character to Glyph Index Mapping)."""
    with font.open("rb") as file:
        (tables,) = struct.unpack(">4xH6x", file.read(12))
        for _ in range(tables):
            tag, offset, length = struct.unpack(">4s4xII", file.read(16))
            if tag == b"cmap":
                break
        else:
            raise ValueError(f"{font.name} has no cmap table")
        file.seek(offset)
        cmap = file.read(length)
    (count,) = struct.unpack_from(">2xH", cmap)
    for index in range(count):
        platform, encoding, at = struct.unpack_from(">HHI", cmap, 4 + 8 * index)
        if (platform, encoding) in _MAPS_OF_ALL_UNICODE and struct.unpack_from(">H", cmap, at)[0] == 12:
            (groups,) = struct.unpack_from(">12xI", cmap, at)
            rows = (struct.unpack_from(">III", cmap, at + 16 + 12 * group) for group in range(groups))
            return [(start, end) for start, end, glyph in rows if glyph]
    raise ValueError(f"{font.name} has no character map of all Unicode")
