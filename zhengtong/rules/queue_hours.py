"""Knows when a hall or window is open on a day; refuses to know which hall, and what time it is.

Hours are minutes of the day in the hall's own zone, as (opens, closes) pairs.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from zhengtong.rules.calendar import Day, DayKind

Span = tuple[int, int]
Week = Mapping[int, Sequence[Span]]  # by weekday, Monday is 0

# 早九晚五 (domain-rules §10), where a hall has not yet said otherwise.
USUAL: dict[int, tuple[Span, ...]] = dict.fromkeys(range(5), ((9 * 60, 12 * 60), (13 * 60, 17 * 60)))
_SHUT = frozenset({DayKind.HOLIDAY, DayKind.SWAP_REST})


def spans(day: Day, week: Week, special: Sequence[Span] | None = None) -> tuple[Span, ...]:
    """Opening hours of a day. What was announced for this very day (`special`, empty: shut) goes before the week's.

    On a weekend made a workday (调休上班) the hall keeps that weekday's hours, and Monday's where it has none.
    """
    if special is not None:
        return tuple(sorted(special))
    if day.kind in _SHUT:
        return ()
    own = tuple(sorted(week.get(day.on.weekday(), ())))
    if not own and day.kind is DayKind.SWAP_WORK:
        return tuple(sorted(week.get(0, ())))
    return own


def is_open(hours: Sequence[Span], minute: float) -> bool:
    return any(opens <= minute < closes for opens, closes in hours)


def gives_tickets(hours: Sequence[Span], minute: float, before: int) -> bool:
    """From `before` minutes ahead of the first opening to the last closing, the midday break included."""
    return bool(hours) and hours[0][0] - before <= minute < hours[-1][1]


def opens_next(hours: Sequence[Span], minute: float) -> int | None:
    """The minute of the day the doors open next; None when they do not open again that day."""
    return next((opens for opens, _ in hours if opens > minute), None)


def ahead(hours: Sequence[Span], minute: float) -> tuple[tuple[float, float], ...]:
    """What is left of the day, in minutes from now."""
    return tuple((max(opens - minute, 0.0), closes - minute) for opens, closes in hours if closes > minute)


def parse(text: str) -> tuple[Span, ...]:
    """ "09:00-12:00 13:30-17:00" as spans, sorted. ValueError for what is no time, runs backwards or overlaps."""
    found = []
    for part in text.replace("，", " ").replace(",", " ").replace("–", "-").split():
        opens, _, closes = part.partition("-")
        found.append((_minute(opens), _minute(closes)))
    found.sort()
    if any(opens >= closes for opens, closes in found) or any(
        earlier[1] > later[0] for earlier, later in pairwise(found)
    ):
        raise ValueError(text)
    return tuple(found)


def written(hours: Sequence[Span]) -> str:
    """The inverse of `parse`; "" when shut."""
    return " ".join(f"{clock(opens)}-{clock(closes)}" for opens, closes in hours)


def clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _minute(text: str) -> int:
    hour, _, minute = text.strip().replace("：", ":").partition(":")
    total = int(hour) * 60 + int(minute)
    if not (0 <= int(minute) < 60 and 0 <= total <= 24 * 60):
        raise ValueError(text)
    return total
