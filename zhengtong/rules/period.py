"""What the clock is made of: units, limits, pauses, dates and instants, and where a day ends (民法典 arts. 201–203)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import StrEnum

from zhengtong.rules.refusal import Refusal, RefusalCode

SHANGHAI = timezone(timedelta(hours=8))  # no daylight saving since 1992, so a fixed offset needs no zone database
MOST_DAYS = 3_660  # ten years: a longer limit is a slip of the keyboard

_END_OF_DAY = time(23, 59, 59, 999_999, tzinfo=SHANGHAI)
_MIDNIGHT = time(0, tzinfo=SHANGHAI)


class Unit(StrEnum):
    WORKING_DAY = "working_day"
    CALENDAR_DAY = "calendar_day"
    MOMENT = "moment"  # an instant imposed from outside, e.g. an imported log's own deadline


@dataclass(frozen=True, slots=True)
class Limit:
    """So many days. An extension (art. 42) is the same start with a larger amount. 0 means on the spot (当场).

    For MOMENT the amount says nothing; write 0.
    """

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if not 0 <= self.amount <= MOST_DAYS:
            raise Refusal(RefusalCode.CLOCK_LIMIT_OUT_OF_RANGE, amount=self.amount, most=MOST_DAYS)


@dataclass(frozen=True, slots=True)
class Pause:
    """Days not counted: since < d <= until. `until` None is a pause still open.

    `article` is what makes it lawful: art. 45 unless a local rule of the item says otherwise.
    """

    since: date
    until: date | None
    cause: str
    article: str = "行政许可法第四十五条"

    def __post_init__(self) -> None:
        if self.until is not None and self.until < self.since:
            raise Refusal(RefusalCode.CLOCK_PAUSE_BACKWARDS, since=self.since, until=self.until)

    def covers(self, on: date) -> bool:
        return self.since < on and (self.until is None or on <= self.until)


@dataclass(frozen=True, slots=True)
class Due:
    """The last lawful day and instant; both None while a pause holds the end open.

    `provisional` (暂定): the date leans on a year whose notice is not out. No card may rest on it.
    """

    on: date | None
    at: datetime | None
    provisional: bool = False


OPEN_END = Due(None, None)


def end_of(on: date) -> datetime:
    """24:00 of a day, as the last instant still inside it (民法典 art. 203 para. 2)."""
    return datetime.combine(on, _END_OF_DAY)


def start_of(on: date) -> datetime:
    return datetime.combine(on, _MIDNIGHT)


def local_date(at: datetime) -> date:
    return at.astimezone(SHANGHAI).date()
