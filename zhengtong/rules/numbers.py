"""How cases and papers are numbered. Refuses to know which serial comes next: that is the database's to say."""

import re
from datetime import date

from zhengtong.rules.refusal import Refusal, RefusalCode

CASE_NO_LENGTH = 22
MOST_SERIAL = 999_999  # a day, a region and a source

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CASE_NO_FORM = re.compile(r"[0-9]{14}[0-9A-Z][0-9]{6}[0-9A-Z]")


def mod37_36(text: str) -> str:
    """The check character of ISO 7064 MOD 37,36 for digits and capital letters.

    It finds every single wrong character and nearly every swap of neighbours.
    """
    product = 36
    for character in text:
        product = 2 * ((product + _ALPHABET.index(character)) % 36 or 36) % 37
    return _ALPHABET[(1 - product) % 36]


def case_no(region: str, on: date, source: str, serial: int) -> str:
    """办件编号, 22 characters: region 6, day 8, source 1, serial of that day 6, check character 1."""
    if not re.fullmatch(r"[0-9]{6}", region):
        raise Refusal(RefusalCode.NUMBER_PART_INVALID, part="region", value=region)
    if not re.fullmatch(r"[0-9A-Z]", source):
        raise Refusal(RefusalCode.NUMBER_PART_INVALID, part="source", value=source)
    if serial < 1:
        raise Refusal(RefusalCode.NUMBER_PART_INVALID, part="serial", value=serial)
    if serial > MOST_SERIAL:
        raise Refusal(RefusalCode.NUMBER_SERIAL_EXHAUSTED, serial=serial, most=MOST_SERIAL)
    body = f"{region}{on:%Y%m%d}{source}{serial:06d}"
    return body + mod37_36(body)


def is_case_no(text: str) -> bool:
    """Whether a text has the form and the check character of our numbers, so that a slip is told before any search."""
    return _CASE_NO_FORM.fullmatch(text) is not None and mod37_36(text[:-1]) == text[-1]


def paper_no(organ_short: str, word: str, year: int, serial: int) -> str:
    """文书编号, e.g. `（云商）受字〔2026〕第00417号`; past 99,999 papers a year the serial simply grows longer."""
    if serial < 1:
        raise Refusal(RefusalCode.NUMBER_PART_INVALID, part="serial", value=serial)
    return f"（{organ_short}）{word}字〔{year}〕第{serial:05d}号"
