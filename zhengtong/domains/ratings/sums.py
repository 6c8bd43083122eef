"""The sums a service adds to and, when it is rated, closed or set aside, is taken from."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from zhengtong.domains.ratings.models import Fact, Node
from zhengtong.rules.ratings import NodeState

MEASURES = ("nodes", "level_1", "level_2", "level_3", "level_4", "level_5", "defaulted", "excluded")


class Place(NamedTuple):
    """Where a sum stands: one row of Fact."""

    grain: str
    day: date
    cut: str
    organ_id: int
    key: str

    @property
    def id(self) -> str:
        return f"{self.grain}{self.day:%Y%m%d}|{self.cut}|{self.organ_id}|{self.key}"


def counts_as(node: Node) -> str:
    """How a node stands in the facts: its measure, and the channel it was rated by. Kept with it as `counted`."""
    if node.excluded:
        return f"excluded|{node.channel}"
    if node.level is not None:
        return f"level_{node.level}|{node.channel}"
    return "defaulted|" if node.state == NodeState.DEFAULTED.value else "nodes|"


class Sums:
    """Changes of many rows of Fact at once."""

    def __init__(self) -> None:
        self.changes: dict[Place, dict[str, int]] = defaultdict(lambda: defaultdict(int))

    def add(self, node: Node, counted: str, sign: int = 1) -> None:
        measure, _, channel = counted.partition("|")
        cuts = {
            "organ": "",
            "section": _key(node.section_id),
            "person": _key(node.officer_id),
            "window": _key(node.window_id),
            "item": _key(node.item_id),
            "hall": node.hall_code,
            "platform": node.platform,
        }
        for cut, key in cuts.items():
            self._put(node, cut, key, measure, sign)
        if channel:  # a channel is the rating's: who did not rate has none
            self._put(node, "channel", channel, measure, sign)

    def _put(self, node: Node, cut: str, key: str, measure: str, sign: int) -> None:
        for grain, day in ((Fact.DAY, node.opened_on), (Fact.MONTH, node.opened_on.replace(day=1))):
            changes = self.changes[Place(grain, day, cut, node.organ_id, key)]
            changes["nodes"] += sign
            if measure != "nodes":
                changes[measure] += sign

    def rows(self) -> dict[str, Fact]:
        """Rows of Fact that hold the changes alone, by id; without those that change nothing."""
        return {
            place.id: Fact(id=place.id, **place._asdict(), **changes)
            for place, changes in self.changes.items()
            if any(changes.values())
        }


def _key(number: int | None) -> str:
    return "" if number is None else str(number)
