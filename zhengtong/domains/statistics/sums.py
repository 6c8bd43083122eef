"""The sums a case adds to and, when it changes, is taken from: by organ, section, item, channel, kind and person."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from zhengtong.rules.tally import Measure, Stretch, Tally

MEASURES = tuple(measure.value for measure in Measure)
STOCKS = ("open", "suspended", "soon", "overdue")
DAY, MONTH = "D", "M"
NOBODY = "0"


class Cut(NamedTuple):
    cut: str
    organ_id: int
    key: str


class Place(NamedTuple):
    """Where a sum stands: one row of Fact or Flow."""

    grain: str
    day: date
    cut: str
    organ_id: int
    key: str

    @property
    def id(self) -> str:
        return f"{self.grain}{self.day:%Y%m%d}|{self.cut}|{self.organ_id}|{self.key}"


@dataclass(frozen=True, slots=True)
class Counted:
    """A case's tally together with where it is counted."""

    case_id: int
    organ_id: int
    section_id: int | None
    item_id: int
    channel: str
    tally: Tally

    def cuts(self) -> tuple[Cut, ...]:
        keys = {
            "organ": "",
            "section": _key(self.section_id),
            "item": str(self.item_id),
            "channel": self.channel,
            "kind": self.tally.kind.value,
            "person": _key(self.tally.person_id),
        }
        return tuple(Cut(cut, self.organ_id, key) for cut, key in keys.items())


@dataclass
class Sum:
    """What is to be added to one row of Fact."""

    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    spans: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))

    def add(self, counts: dict[str, int], spans: dict[str, dict[str, int]]) -> None:
        for name, number in counts.items():
            self.counts[name] += number
        for span, days in spans.items():
            for day, number in days.items():
                self.spans[span][day] += number

    def left(self) -> tuple[dict[str, int], dict[str, dict[str, int]]]:
        """Without zeros: what of it says something."""
        counts = {name: number for name, number in self.counts.items() if number}
        spans = {
            span: kept
            for span, days in sorted(self.spans.items())
            if (kept := {day: number for day, number in sorted(days.items(), key=lambda one: int(one[0])) if number})
        }
        return counts, spans


@dataclass
class Sums:
    """Changes of many rows at once."""

    facts: dict[Place, Sum] = field(default_factory=lambda: defaultdict(Sum))
    flows: dict[Place, dict[str, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))

    def add(self, counted: Counted, sign: int = 1) -> None:
        tally = counted.tally
        days: dict[date, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        for on, measure in tally.counts():
            days[on][measure.value] += sign
        spans = {span: {str(number): sign} for span, number in tally.spans.items()}
        for cut in counted.cuts():
            for on, counts in days.items():
                of_the_end = spans if on == tally.finished_on else {}
                for place in _places(cut, on):
                    self.facts[place].add(counts, of_the_end)
            for stock, on, change in _flows(tally):
                for place in _places(cut, on):
                    self.flows[place][stock] += sign * change


def _key(number: int | None) -> str:
    return NOBODY if number is None else str(number)


def _places(cut: Cut, on: date) -> tuple[Place, Place]:
    return Place(DAY, on, *cut), Place(MONTH, on.replace(day=1), *cut)


def _flows(tally: Tally) -> Iterator[tuple[str, date, int]]:
    stretches: tuple[tuple[str, tuple[Stretch, ...]], ...] = (
        ("open", ((tally.received_on, tally.closed_on),)),
        ("suspended", tally.suspended),
        ("soon", tally.soon),
        ("overdue", tally.overdue),
    )
    for stock, found in stretches:
        for since, until in found:
            if until is not None and until <= since:
                continue  # begun and ended on one day: at no day's end was it so
            yield stock, since, 1
            if until is not None:
                yield stock, until, -1
