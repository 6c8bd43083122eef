"""Knows which routing rule fits a letter best: by region, category and organ, the longest match first, then a default."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Route:
    """One rule. Empty codes match everything; a rule with all three empty is the default."""

    key: int
    region: str
    category: str
    organ: str  # the organ the author named, or whose item or case it is about


def chosen(routes: Iterable[Route], *, regions: Sequence[str], categories: Sequence[str], organ: str) -> Route | None:
    """The rule that says most about this letter; None where not even a default is kept.

    `regions` and `categories` are chains from the top down to the letter's own. The organ named outweighs the category,
    the category the region; of two that say the same the older stands.
    """
    fitting = [
        (
            _depth([organ] if organ else [], one.organ),
            _depth(categories, one.category),
            _depth(regions, one.region),
            one,
        )
        for one in routes
    ]
    known = [(o, c, r, one) for o, c, r, one in fitting if min(o, c, r) >= 0]
    return max(known, key=lambda fit: (fit[0], fit[1], fit[2], -fit[3].key))[3] if known else None


def _depth(chain: Sequence[str], wanted: str) -> int:
    """How deep in the chain the rule points; 0: it asks nothing; -1: it does not fit."""
    if not wanted:
        return 0
    return chain.index(wanted) + 1 if wanted in chain else -1
