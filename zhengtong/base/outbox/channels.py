"""The ways out. A channel registers how to reach its providers; this house knows none by itself.

In-app messages need no provider: they are delivered by being readable. An outer channel without a provider keeps its
messages, readable in this house only.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.conf import settings

from zhengtong.rules.messaging_delivery import Outcome


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message as a provider sees it."""

    id: int
    key: str
    kind: str
    address: str
    created_at: datetime
    attempt: int  # 1 for the first try
    account_id: int | None = None
    payload: dict[str, Any] = field(default_factory=dict)
    valid_until: datetime | None = None
    urgent: bool = False

    @property
    def title(self) -> str:
        return str(self.payload.get("title") or self.kind)

    @property
    def text(self) -> str:
        return str(self.payload.get("text") or "")


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one hand-over. `seconds` since the batch was handed over; `refs` the provider's numbers of it."""

    id: int
    outcome: Outcome
    refs: tuple[str, ...] = ()
    detail: str = ""
    seconds: float = 0.0
    retry_after: int | None = None  # seconds, where the other side named them
    final: bool = False  # accepted is delivered: no receipt will follow


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a provider says later of a piece it took. `state` is a final state of Message."""

    ref: str
    state: str
    at: datetime | None = None
    error: str = ""


class Provider(Protocol):
    name: str  # unique over all channels, shown to the administrator
    rate: int  # messages a second; 0 for as many as it takes
    batch: int  # handed over at once
    slow_after: float  # seconds a hand-over may take before others go first
    breaks: bool  # left alone after failures; False where each address fails for itself
    receipts_follow: bool

    def send(self, messages: Sequence[Outgoing]) -> list[Result]:
        """One result for each message, in bounded time. Never raises for a fault of the other side."""

    def receipts(self) -> list[Receipt]:
        """What has come in since; returned again until confirmed."""

    def confirm(self, receipts: Sequence[Receipt]) -> None:
        """They are stored."""


Guard = Callable[[Collection[str]], set[str]]

_factories: dict[str, Callable[[], Sequence[Provider]]] = {}
_guards: list[Guard] = []


def register(channel: str, providers: Callable[[], Sequence[Provider]]) -> None:
    """`providers` gives those of a channel in order of preference; none where no one set any up."""
    _factories[channel] = providers


def guard(listed: Guard) -> None:
    """`listed` says who may receive while the house is on trial (MESSAGES_TRIAL)."""
    _guards[:] = [listed]


def kept_from(addresses: Collection[str]) -> set[str]:
    """Addresses that receive nothing because the house is on trial and they are on no list."""
    if not settings.MESSAGES_TRIAL:
        return set()
    return set(addresses) - (_guards[0](addresses) if _guards else set())


def outer() -> list[str]:
    return list(_factories)


def providers(channel: str) -> Sequence[Provider]:
    return _factories[channel]() if channel in _factories else ()
