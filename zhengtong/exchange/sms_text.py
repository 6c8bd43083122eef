"""How a text becomes short messages: GSM 03.38 where every character has a place in it, else UCS-2 (3GPP TS 23.040).

A long text is cut into pieces joined by a user data header (concatenation, 8-bit reference): 160 or 153 septets a
piece, 70 or 67 UCS-2 characters. Nothing is cut between an escape and its character, nor inside a surrogate pair.
"""

from dataclasses import dataclass

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPED = {
    "\f": 0x0A,
    "^": 0x14,
    "{": 0x28,
    "}": 0x29,
    "\\": 0x2F,
    "[": 0x3C,
    "~": 0x3D,
    "]": 0x3E,
    "|": 0x40,
    "€": 0x65,
}
_CODES = {char: bytes([code]) for code, char in enumerate(_BASIC) if char != "\x1b"}
_CODES |= {char: bytes([0x1B, code]) for char, code in _ESCAPED.items()}

GSM7, UCS2 = 0x00, 0x08  # data_coding
MOST_PIECES = 255


@dataclass(frozen=True, slots=True)
class Pieces:
    coding: int
    bodies: tuple[bytes, ...]  # with the user data header, where there are several
    headed: bool


def pieces(text: str, reference: int) -> Pieces:
    """`reference` joins the pieces of one message at the receiver; any number that differs from its neighbours'.

    ValueError for a text of more than 255 pieces.
    """
    if all(char in _CODES for char in text):
        units, coding, single, several = [_CODES[char] for char in text], GSM7, 160, 153
    else:
        units, coding, single, several = [char.encode("utf-16-be", "replace") for char in text], UCS2, 140, 134
    if sum(map(len, units)) <= single:
        return Pieces(coding, (b"".join(units),), headed=False)
    cut = _cut(units, several)
    if len(cut) > MOST_PIECES:
        raise ValueError("too long for an SMS")
    head = bytes([5, 0, 3, reference % 256, len(cut)])
    return Pieces(coding, tuple(head + bytes([n]) + body for n, body in enumerate(cut, start=1)), headed=True)


def _cut(units: list[bytes], room: int) -> list[bytes]:
    cut, body = [], b""
    for unit in units:
        if len(body) + len(unit) > room:
            cut.append(body)
            body = b""
        body += unit
    return [*cut, body]
