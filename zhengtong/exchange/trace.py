from dataclasses import dataclass, field

Attributes = dict[str, str]


@dataclass(slots=True)
class Trace:
    """One case as a file tells it, before any map: names and values as found, each with its line."""

    line: int
    attributes: Attributes
    events: list[tuple[int, Attributes]] = field(default_factory=list)
