"""What text may enter a file that people and courts will read. Refuses to know what the text means.

Characters that steer instead of being read (controls, bidirectional marks, invisible formats) are refused, never
removed: what somebody signed must be what is stored. Rare and private-use characters of names pass.
"""

import re
import unicodedata

from zhengtong.rules.refusal import Refusal, RefusalCode

_LINE_BREAKS = "\n\v\f\r\x85\u2028\u2029"
_JOINERS = "\u200c\u200d"  # inside emoji and some scripts; in a line (a name) they only serve to deceive
_MOST_ACCENTS = 30
_STEERING = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"-[0-9]+(\.[0-9]+)?")


def clean_line(value: str, max_length: int, field: str) -> str:
    """One line in NFC, without blanks at either end; `max_length` in characters after that."""
    text = _composed(value, max_length, field)
    for position, character in enumerate(text, start=1):
        if character in _LINE_BREAKS:
            raise Refusal(RefusalCode.TEXT_LINE_BREAK, field=field)
        _check_character(character, position, field)
    return text


def clean_text(value: str, max_length: int, field: str) -> str:
    """Several lines in NFC, ended by \\n alone; tabs and joiners may stay, blanks at either end go."""
    text = _composed(value.replace("\r\n", "\n").replace("\r", "\n"), max_length, field)
    for position, character in enumerate(text, start=1):
        if character not in "\n\t" and character not in _JOINERS:
            _check_character(character, position, field)
    return text


def require_line(value: str, max_length: int, field: str) -> str:
    """As `clean_line`, and something must be left: Refusal(TEXT_REQUIRED)."""
    return _required(clean_line(value, max_length, field), field)


def require_text(value: str, max_length: int, field: str) -> str:
    """As `clean_text`, and something must be left: Refusal(TEXT_REQUIRED)."""
    return _required(clean_text(value, max_length, field), field)


def _required(text: str, field: str) -> str:
    if not text:
        raise Refusal(RefusalCode.TEXT_REQUIRED, field=field)
    return text


def _composed(value: str, max_length: int, field: str) -> str:
    raw = value.strip()
    if len(raw) > 4 * max_length:  # NFC joins at most four characters into one
        raise Refusal(RefusalCode.TEXT_TOO_LONG, field=field, length=len(raw), most=max_length)
    if not raw.isascii():
        _check_accents(raw, field)
    text = unicodedata.normalize("NFC", raw)
    if len(text) > max_length:
        raise Refusal(RefusalCode.TEXT_TOO_LONG, field=field, length=len(text), most=max_length)
    return text


def _check_accents(raw: str, field: str) -> None:
    """No real script stacks more (UAX #15, stream-safe text); NFC takes seconds over a long stack."""
    stacked = 0
    for position, character in enumerate(raw, start=1):
        stacked = stacked + 1 if unicodedata.combining(character) else 0
        if stacked > _MOST_ACCENTS:
            raise _steering(character, position, field)


def _check_character(character: str, position: int, field: str) -> None:
    if unicodedata.category(character) in _STEERING or ord(character) & 0xFFFE == 0xFFFE:
        raise _steering(character, position, field)


def _steering(character: str, position: int, field: str) -> Refusal:
    return Refusal(
        RefusalCode.TEXT_CONTROL_CHARACTER, field=field, character=f"U+{ord(character):04X}", position=position
    )


def harmless(value: object) -> str:
    """A cell for a spreadsheet: what it would run as a formula is made text; a number below zero stays a number."""
    text = "" if value is None else str(value)
    if text[:1] not in _FORMULA_STARTS or _NUMBER.fullmatch(text):
        return text
    return f"'{text}"
