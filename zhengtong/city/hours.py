"""When an office of the city is open, and how to count its minutes forward and back."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from zhengtong.rules.calendar import Calendar

ZONE = ZoneInfo("Asia/Shanghai")
MINUTE = timedelta(minutes=1)
# The hall is open 9:00—12:00 and 13:30—17:00.
SESSIONS = ((9 * 60, 12 * 60), (13 * 60 + 30, 17 * 60))
DAY = sum(end - start for start, end in SESSIONS)  # minutes of one working day


class Hours:
    """`sessions` are the minutes of a day somebody works; who stays longer than the hall has others."""

    def __init__(self, calendar: Calendar, sessions: Sequence[tuple[int, int]] = SESSIONS) -> None:
        self.calendar = calendar
        self.sessions = sessions

    def after(self, at: datetime, minutes: float = 0) -> datetime:
        """The moment so many office minutes later; within the hours even for 0."""
        left = minutes
        for start, end in self._sessions(at.astimezone(ZONE).date()):
            begin = max(start, at)
            room = (end - begin) / MINUTE
            if room <= 0:
                continue
            if left < room:
                return begin + left * MINUTE
            left -= room
        raise AssertionError("a year without a working day")

    def before(self, at: datetime, minutes: float = 0) -> datetime:
        """The moment so many office minutes earlier."""
        left = minutes
        for start, end in self._sessions_back(at.astimezone(ZONE).date()):
            finish = min(end, at)
            room = (finish - start) / MINUTE
            if room <= 0:
                continue
            if left < room:
                return finish - left * MINUTE
            left -= room
        raise AssertionError("a year without a working day")

    def _sessions(self, on: date) -> Iterator[tuple[datetime, datetime]]:
        for offset in range(366):
            day = on + timedelta(days=offset)
            if self.calendar.is_workday(day):
                for start, end in self.sessions:
                    yield _moment(day, start), _moment(day, end)

    def _sessions_back(self, on: date) -> Iterator[tuple[datetime, datetime]]:
        for offset in range(366):
            day = on - timedelta(days=offset)
            if self.calendar.is_workday(day):
                for start, end in reversed(self.sessions):
                    yield _moment(day, start), _moment(day, end)


def _moment(on: date, minute: int) -> datetime:
    return datetime(on.year, on.month, on.day, minute // 60, minute % 60, tzinfo=ZONE).astimezone(UTC)
