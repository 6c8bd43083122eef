"""Knows how much alike two strings are to an eye or an ear; refuses to know a language, a dictionary or a table."""

from collections.abc import Collection, Sequence
from itertools import pairwise


def edit_distance(one: Sequence[str], other: Sequence[str], most: int = 1_000) -> int:
    """Changes, insertions, losses and swaps of neighbours that make one of the other; `most` + 1 when there are more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        before, above, row = row, before, [i]
        for j, b in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, above[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def nearness(one: Sequence[str], other: Sequence[str], *, least: float = 0.0) -> float:
    """1.0 when equal, 0.0 when nothing of the longer one is left, or when it would be below `least`: then it costs less."""
    longest = max(len(one), len(other))
    if not longest or one == other:
        return 1.0
    most = int((1.0 - least) * longest)
    changes = edit_distance(one, other, most)
    return 1.0 - changes / longest if changes <= most else 0.0


def pairs(units: Sequence[str]) -> set[str]:
    """2-grams; of a single unit that unit."""
    return {f"{a} {b}" for a, b in pairwise(units)} or set(units)


def overlap(one: Collection[str], other: Collection[str]) -> float:
    """Dice: twice what is shared, by what both have."""
    if not one or not other:
        return 0.0
    return 2 * len(set(one) & set(other)) / (len(set(one)) + len(set(other)))


def covered(part: Collection[str], whole: Collection[str]) -> float:
    """How much of `part` stands in `whole`."""
    return len(set(part) & set(whole)) / len(set(part)) if part else 0.0
