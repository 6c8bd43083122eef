"""Knows the hours in which nobody is disturbed, and when a day's digest leaves."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from zhengtong.rules.messaging import HERE
from zhengtong.rules.refusal import Refusal, RefusalCode

DIGEST_AT = time(8, 30)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `since` until `until`, over midnight where `until` is the earlier."""

    since: time
    until: time

    def end_after(self, at: datetime) -> datetime | None:
        """When the quiet that holds at `at` ends; None where none holds."""
        here = at.astimezone(HERE)
        clock = here.time().replace(tzinfo=None)
        if self.since < self.until:
            inside, tomorrow = self.since <= clock < self.until, False
        else:
            inside, tomorrow = clock >= self.since or clock < self.until, clock >= self.since
        if not inside:
            return None
        day = here.date() + timedelta(days=1) if tomorrow else here.date()
        return datetime.combine(day, self.until, tzinfo=HERE)


QUIET = QuietHours(time(22), time(7))


def hours(since: str, until: str) -> QuietHours:
    """Read from a form; Refusal(MESSAGE_HOURS) for anything but two different times of day."""
    try:
        read = QuietHours(time.fromisoformat(since), time.fromisoformat(until))
    except ValueError as fault:
        raise Refusal(RefusalCode.MESSAGE_HOURS) from fault
    if read.since == read.until or read.since.tzinfo or read.until.tzinfo:
        raise Refusal(RefusalCode.MESSAGE_HOURS)
    return read


def digest_after(at: datetime) -> datetime:
    """The next time a digest leaves."""
    here = at.astimezone(HERE)
    day = here.date() if here.time().replace(tzinfo=None) < DIGEST_AT else here.date() + timedelta(days=1)
    return datetime.combine(day, DIGEST_AT, tzinfo=HERE)
