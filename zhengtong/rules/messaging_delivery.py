"""Knows when a message is tried again, and when a provider is left alone; knows no provider and no clock."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

# Minutes until the next try after the 1st, 2nd … failure; after the last one the message lies in the dead-letter list.
BACK_OFF = (1, 5, 30, 120, 720)
PUNCTUAL = timedelta(seconds=10)  # capability S14: sent within ten seconds

FAILURES = 5  # in a row, before a provider is left alone
LEFT_ALONE = timedelta(seconds=30)  # doubled at every further failure
LEFT_ALONE_MOST = timedelta(minutes=10)
SLOW_BATCHES = 2  # in a row, before others go first
SLOW_FOR = timedelta(minutes=5)
PAUSE_MOST = timedelta(seconds=30)


class Outcome(StrEnum):
    """How one hand-over to a provider ended."""

    ACCEPTED = "accepted"
    REFUSED = "refused"  # for good: this number, this text
    FAILED = "failed"  # for now
    THROTTLED = "throttled"
    NO_ANSWER = "no_answer"  # it left, and nobody said whether it arrived: another try may double it
    UNSENT = "unsent"  # it never left
    INTERRUPTED = "interrupted"  # the worker died between taking it and noting what became of it


# A try that may already have reached somebody.
DOUBTFUL = frozenset({Outcome.NO_ANSWER, Outcome.INTERRUPTED})


class Standing(StrEnum):
    WELL = "well"
    SLOW = "slow"  # used after the others
    PROBED = "probed"  # one message tells whether it is back
    LEFT_ALONE = "left_alone"


@dataclass(frozen=True, slots=True)
class Health:
    """What is remembered of a provider between two batches."""

    failures: int = 0  # in a row
    trips: int = 0  # times left alone since it last worked
    open_until: datetime | None = None
    slow: int = 0  # slow batches in a row
    slow_until: datetime | None = None
    throttles: int = 0  # in a row
    pause_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """What one batch showed of its provider; a refused number says nothing about it."""

    accepted: int = 0
    failed: int = 0  # failed and unanswered
    cut: bool = False  # the connection failed
    throttled: bool = False
    slow: bool = False


def after_batch(health: Health, batch: Batch, at: datetime) -> Health:
    if batch.throttled:
        pause = min(timedelta(seconds=2**health.throttles), PAUSE_MOST)
        health = replace(health, throttles=min(health.throttles + 1, 10), pause_until=at + pause)
    elif batch.accepted:
        health = replace(health, throttles=0, pause_until=None)
    if batch.cut or (batch.failed and not batch.accepted):
        failures = health.failures + max(batch.failed, 1)
        health = replace(health, failures=min(failures, 1000))
        # A cut connection, or a probe that failed, needs no five witnesses.
        if batch.cut or health.trips or failures >= FAILURES:
            alone = min(LEFT_ALONE * 2 ** min(health.trips, 10), LEFT_ALONE_MOST)
            health = replace(health, trips=min(health.trips + 1, 100), open_until=at + alone)
        return health
    if batch.accepted:
        health = replace(health, failures=0, trips=0, open_until=None)
        slow = min(health.slow + 1, 100) if batch.slow else 0
        slow_until = at + SLOW_FOR if slow >= SLOW_BATCHES else health.slow_until
        health = replace(health, slow=slow, slow_until=slow_until)
    return health


def standing(health: Health, at: datetime) -> Standing:
    if health.pause_until is not None and at < health.pause_until:
        return Standing.LEFT_ALONE
    if health.open_until is not None:
        return Standing.LEFT_ALONE if at < health.open_until else Standing.PROBED
    if health.slow_until is not None and at < health.slow_until:
        return Standing.SLOW
    return Standing.WELL


def next_try(attempts: int, at: datetime, *, retry_after: int | None = None) -> datetime | None:
    """When a message is tried again after its `attempts`th failure; None when it is dead."""
    if attempts > len(BACK_OFF):
        return None
    wait = timedelta(minutes=BACK_OFF[attempts - 1])
    if retry_after is not None:
        wait = min(max(timedelta(seconds=retry_after), timedelta(seconds=1)), timedelta(days=1))
    return at + wait
