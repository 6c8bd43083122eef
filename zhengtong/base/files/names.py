"""File names as strangers give them, made safe to show, to store and to send in a header."""

import unicodedata
from urllib.parse import quote

_STEERING = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_RESERVED = set('<>:"/\\|?*')  # what one of the usual systems cannot keep
_MOST = 120  # characters; 360 bytes of Chinese still fit where a header or a disk allows 1,024


def safe_name(name: str, *, default: str = "file") -> str:
    """A single name: no path, no control or bidirectional characters, NFC, at most 120 characters, ending kept.

    Unlike what people sign, a name may be mended: characters that steer are dropped, since `gnp.exe` written backwards
    must not look like a picture on an officer's screen.
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(
        " " if character.isspace() else "_" if character in _RESERVED else character
        for character in unicodedata.normalize("NFC", last[: 4 * _MOST] if len(last) < 4 * _MOST else _shortened(last))
        if character.isspace() or unicodedata.category(character) not in _STEERING
    )
    clean = _shortened(" ".join(kept.split()).strip(". "))
    stem, dot, ending = clean.rpartition(".")
    if dot and not stem.strip(". _"):
        return f"{default}.{ending}"
    return clean or default


def content_disposition(name: str, *, inline: bool = False) -> str:
    """The header value of RFC 6266: an ASCII stand-in for old clients, the true name in UTF-8 beside it."""
    safe = safe_name(name)
    plain = "".join(c if c.isascii() and c not in '%;"' else "_" for c in safe)
    way = "inline" if inline else "attachment"
    return f"{way}; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe='')}"


def _shortened(name: str) -> str:
    if len(name) <= _MOST:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:
        return name[:_MOST]
    return stem[: _MOST - len(ending) - 1].rstrip() + "." + ending
