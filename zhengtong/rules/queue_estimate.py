"""Knows how long somebody in line will probably wait; refuses to know the future, the hall and the database.

It plays the queue forward: each window that is open takes the first in turn of the queues it serves, for as long as
such visits have lately taken. What it is told is what a clerk could see at that moment; nothing else.
"""

import heapq
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, inf, sqrt
from statistics import fmean, pstdev

_PRIOR = 5  # how many visits the expected minutes of a queue weigh against its history
_SURE = 1.6  # visits are more uneven than a normal spread: with this, eight in ten fall between low and high
_LEAST = 0.5  # minutes that a visit which has outlasted all others is still given


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a window is taken up by one visit of a queue, in minutes: from being called to the next call."""

    mean: float
    spread: float
    seen: tuple[float, ...]  # the visits behind it, sorted

    def left(self, elapsed: float) -> float:
        """What a visit begun `elapsed` minutes ago will still take: as those took that lasted longer."""
        longer = self.seen[bisect_right(self.seen, elapsed) :]
        known = [minutes - elapsed for minutes in longer]
        # The expectation without any history is a visit like the mean, of which a part is over.
        guess = max(self.mean - elapsed, self.mean * 0.3)
        return max((sum(known) + guess * 2) / (len(known) + 2), _LEAST)


def pace(minutes: Sequence[float], expected: float) -> Pace:
    """From the visits of late and the minutes the hall expects where there are few or none."""
    seen = tuple(sorted(minutes))
    mean = (sum(seen) + _PRIOR * expected) / (len(seen) + _PRIOR)
    spread = pstdev(seen) if len(seen) > _PRIOR else expected * 0.7
    return Pace(mean, spread, seen)


@dataclass(frozen=True, slots=True)
class Window:
    """A window as it stands: the queues it serves, minutes until it can call, and when it is open, from now."""

    key: int
    queues: frozenset[int]
    free_in: float
    spans: tuple[tuple[float, float], ...]

    def calls_at(self, minute: float) -> float:
        """The first moment from `minute` on at which this window calls; infinite when it does not open again."""
        for opens, closes in self.spans:
            if minute < closes:
                return max(minute, opens)
        return inf


@dataclass(frozen=True, slots=True)
class InLine:
    queue: int
    window: int | None = None  # sent to this window and no other


@dataclass(frozen=True, slots=True)
class Guess:
    """Minutes until the call, whole; `low` and `high` hold it eight times in ten."""

    minutes: int
    low: int
    high: int


def wait(
    before: Sequence[InLine],
    me: InLine,
    windows: Sequence[Window],
    paces: Mapping[int, Pace],
    *,
    overtakers: float = 0.0,
    head_start: float = 0.0,
) -> Guess | None:
    """How long `me` waits behind `before`, who stand in turn. None when no window that serves `me` opens again today.

    `overtakers`: visitors a minute who come with precedence, and `head_start`, how many minutes of lead they are given.
    """
    mine = [window for window in windows if _serves(window, me)]
    reached, served = _play(before, me, windows, paces)
    if reached == inf:
        return None
    own = paces[me.queue]
    desks = max(sum(1 for window in mine if window.calls_at(reached) <= reached), 1)
    passing = overtakers * min(reached, head_start)
    minutes = reached + passing * own.mean / desks
    queues = [paces[one.queue].spread for one in before if one.queue in paces]
    spread = fmean(queues) if queues else own.spread
    doubt = _SURE * spread * sqrt(served + passing + min(desks, 3)) / desks if minutes > 0 else 0.0
    return Guess(round(minutes), max(floor(minutes - doubt), 0), ceil(minutes + doubt))


def _serves(window: Window, one: InLine) -> bool:
    return one.queue in window.queues if one.window is None else one.window == window.key


def _play(
    before: Sequence[InLine], me: InLine, windows: Sequence[Window], paces: Mapping[int, Pace]
) -> tuple[float, int]:
    """(minutes until `me` is called, how many were called by windows that serve `me`)."""
    line = [*before, me]
    order = [(window.calls_at(max(window.free_in, 0.0)), place) for place, window in enumerate(windows)]
    heapq.heapify(order)
    served = 0
    while order:
        now, place = heapq.heappop(order)
        if now == inf:
            break
        window = windows[place]
        found = next((index for index, one in enumerate(line) if _serves(window, one)), None)
        if found is None:
            continue  # nobody it could call comes before me; whoever comes later is not my concern
        one = line.pop(found)
        if one is me:
            return now, served
        served += _serves(window, me)
        heapq.heappush(order, (window.calls_at(now + paces[one.queue].mean), place))
    return inf, served
