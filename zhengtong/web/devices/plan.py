"""The hall as a plan: its windows along three walls in the order of their numbers, the door and this machine below."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT, DEEP, GAP = 1200, 620, 74, 6


@dataclass(frozen=True, slots=True)
class Desk:
    x: int
    y: int
    width: int
    height: int
    number: str
    label: str
    state: str  # busy, free or shut: drawn, and said in the table beside

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    @property
    def baseline(self) -> int:
        return self.y + self.height // 2 + (0 if self.label else 8)


def plan(windows: Sequence[Any]) -> list[Desk]:
    """A quarter of the windows at the left wall from the door inwards, half along the back, a quarter at the right."""
    side = len(windows) // 4
    left, back, right = windows[:side], windows[side : len(windows) - side], windows[len(windows) - side :]
    desks = []
    tall = (HEIGHT - DEEP - 90) // max(side, 1)
    for place, one in enumerate(left):
        desks.append(_desk(one, GAP, HEIGHT - 60 - tall * (place + 1), DEEP + 16, min(tall, 90) - GAP))
    wide = (WIDTH - 2 * (DEEP + 40)) // max(len(back), 1)
    for place, one in enumerate(back):
        desks.append(_desk(one, DEEP + 40 + wide * place + GAP // 2, GAP, wide - GAP, DEEP))
    for place, one in enumerate(right):
        desks.append(_desk(one, WIDTH - DEEP - 16 - GAP, DEEP + 30 + tall * place, DEEP + 16, min(tall, 90) - GAP))
    return desks


def _desk(one: Any, x: int, y: int, width: int, height: int) -> Desk:
    state = "busy" if one.label else "free" if one.open else "shut"
    return Desk(x, y, width, height, one.window.number, one.label, state)
