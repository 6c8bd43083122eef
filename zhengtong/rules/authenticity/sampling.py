"""Knows how a month's files are drawn for a second look, so that anybody can draw them again (§5.4, §8 [our choice])."""

import hashlib
from collections.abc import Iterable

SHARE_PERCENT = 5  # monthly 5 % random + all leads (§5.4)
RATINGS_PERCENT = 2  # of good ratings, monthly (§6.6)
SUSPECT_RATINGS_PERCENT = 10  # of the good ratings of an organ that E-7 wonders at [our choice]


def rank(root: str, case_no: str) -> str:
    """SHA-256 of the published root and the number: nobody could know it before the root was fixed."""
    return hashlib.sha256(f"{root}\n{case_no}".encode()).hexdigest()


def draw(root: str, case_numbers: Iterable[str], *, percent: int = SHARE_PERCENT) -> list[tuple[str, str]]:
    """(rank, number) of the lowest ranks, a part of a file rounded up; the order given does not matter."""
    ranked = sorted((rank(root, number), number) for number in set(case_numbers))
    return ranked[: -(-len(ranked) * percent // 100)]
