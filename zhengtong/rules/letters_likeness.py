"""Knows how alike two letters are by their pairs of characters; refuses to know where letters are kept."""

import re
from collections.abc import Iterable

_KEPT = re.compile(r"[^\w]+")
# What every letter says; it makes two letters alike no more than their paper does.
_COMMON = re.compile(
    r"您好|你好|尊敬的|领导|请问|请求|希望|反映|咨询|投诉|建议|关于|问题|有关部门|政府|谢谢|感谢|我们|我是|因为|什么|怎么|为什么|情况|解决"
)
ENOUGH = 0.35  # weighed likeness from which a letter is suggested as a duplicate; measured, see docs/letters.md
TITLE_SHARE = 0.4
SAME_AUTHOR, SAME_PLACE = 0.10, 0.10


def grams(text: str) -> frozenset[str]:
    """Pairs of characters, without marks, blanks and the words of every letter."""
    plain = _KEPT.sub("", _COMMON.sub("", text.casefold()))
    return frozenset(plain[index : index + 2] for index in range(len(plain) - 1))


def alike(first: Iterable[str], second: Iterable[str]) -> float:
    """Sørensen–Dice of two sets of pairs, 0 to 1."""
    a, b = frozenset(first), frozenset(second)
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def likeness(
    first: tuple[str, str], second: tuple[str, str], *, same_author: bool = False, same_place: bool = False
) -> float:
    """How alike two letters (subject, text) are, 0 to 1; the same author and the same place speak for it."""
    title = alike(grams(first[0]), grams(second[0]))
    body = alike(grams(first[1]), grams(second[1]))
    told = TITLE_SHARE * title + (1 - TITLE_SHARE) * body
    return min(1.0, max(told, body) + SAME_AUTHOR * same_author * (told > 0.1) + SAME_PLACE * same_place * (told > 0.1))
