"""The period of a page: a day, week, month, quarter, year, or any days; its neighbours, and what it is called."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.web.desk.house import reading
from zhengtong.web.frame.dates import day_words, month_words

DAY = timedelta(days=1)
EARLIEST, LATEST = date(1990, 1, 1), date(2199, 12, 31)
KINDS: dict[str, Promise] = {
    "day": gettext_lazy("按日"),
    "week": gettext_lazy("按周"),
    "month": gettext_lazy("按月"),
    "quarter": gettext_lazy("按季"),
    "year": gettext_lazy("按年"),
    "range": gettext_lazy("任选日期"),
}
_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Period:
    """Both days included. A period not yet over ends today, and is compared with as many days of the one before."""

    kind: str
    since: date
    until: date

    @property
    def length(self) -> int:
        return (self.until - self.since).days + 1

    def before(self) -> "Period":
        """环比: the period just before, as far into it as this one has come."""
        if self.kind in _MONTHS:
            return self._moved(_MONTHS[self.kind])
        return Period(self.kind, self.since - DAY * self.length, self.since - DAY)

    def year_before(self) -> "Period":
        """同比: the same days a year earlier."""
        return self._moved(12)

    def _moved(self, months: int) -> "Period":
        since = months_back(self.since, months)
        whole = (self.until + DAY).day == 1
        until = months_back(self.until.replace(day=1), months)
        last = monthrange(until.year, until.month)[1]
        return Period(self.kind, since, until.replace(day=last if whole else min(self.until.day, last)))

    @property
    def title(self) -> str:
        whole = self.until == _last(self.kind, self.since)
        if self.kind == "year" and whole:
            return _("%(year)s 年") % {"year": self.since.year}
        if self.kind == "quarter" and whole:
            return _("%(year)s 年第 %(n)s 季度") % {"year": self.since.year, "n": (self.since.month + 2) // 3}
        if self.kind == "month" and whole:
            return month_words(self.since)
        if self.since == self.until:
            return day_words(self.since, weekday=True)
        return _("%(since)s 至 %(until)s") % {"since": day_words(self.since), "until": day_words(self.until)}


def months_back(day: date, months: int) -> date:
    """The same day of an earlier month, or its last."""
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _first(kind: str, on: date) -> date:
    if kind == "week":
        return on - DAY * on.weekday()
    if kind == "month":
        return on.replace(day=1)
    if kind == "quarter":
        return on.replace(month=(on.month - 1) // 3 * 3 + 1, day=1)
    return on.replace(month=1, day=1) if kind == "year" else on


def _last(kind: str, since: date) -> date:
    if kind == "week":
        return since + DAY * 6
    if kind in _MONTHS:
        return months_back(since, -_MONTHS[kind]) - DAY
    return since


def period_of(kind: str, on: date, today: date) -> Period:
    since = _first(kind, on)
    return Period(kind, since, max(since, min(_last(kind, since), today)))


def asked_period(request: HttpRequest, today: date, *, usual: str = "month") -> Period:
    """The period an address asks for; what makes no sense is this month. Nothing reaches beyond today."""
    kind = request.GET.get("period", usual)
    on = _within(reading.day(request.GET.get("on")) or today, today)
    if kind != "range":
        return period_of(kind if kind in KINDS else usual, on, today)
    since = _within(reading.day(request.GET.get("since")) or on.replace(day=1), today)
    until = _within(reading.day(request.GET.get("until")) or today, today)
    return Period("range", min(since, until), max(since, until))


def neighbours(period: Period, today: date) -> tuple[date, date | None]:
    """A day of the period before, and one of the period after unless it lies ahead."""
    if period.kind == "range":
        return period.since - DAY, None
    after = _last(period.kind, period.since) + DAY
    return period.since - DAY, after if after <= today else None


def _within(day: date, today: date) -> date:
    return min(max(day, EARLIEST), today)
