"""大厅运行: how long people waited, who gave up, how busy each window was, and whether what was announced came true."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from zhengtong.base.law import current_law
from zhengtong.domains.hall import queries as hall
from zhengtong.domains.registry import queries as registry
from zhengtong.rules.roles import Ability
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.frame import charts, waits
from zhengtong.web.frame.dates import short_day_words
from zhengtong.web.frame.sheets import csv_answer, xlsx_answer
from zhengtong.web.watch.board import READ, SEE
from zhengtong.web.watch.periods import KINDS, Period, asked_period, neighbours

PERIODS = ("day", "week", "month", "quarter", "range")
LONGEST = 92  # days of one table: figures are counted from the tickets themselves
PAGE = 50
SHOWS = {
    "taken": gettext_lazy("取号数"),
    "served": gettext_lazy("办完"),
    "given_up": gettext_lazy("放弃的"),
    "called": gettext_lazy("叫到过的"),
    "told": gettext_lazy("告知过等候时间的"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure: its words, its base (分母), the address of its rows."""

    text: Any
    base: Any = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    place: Any
    period: Period

    def address(self, route: str, *args: str, **more: Any) -> str:
        told = {"hall": self.place.code, "period": "range", "since": self.period.since, "until": self.period.until}
        return f"{reverse(route, args=args)}?{urlencode({**told, **{k: v for k, v in more.items() if v is not None}})}"

    def rows(self, show: str, **more: Any) -> str:
        return self.address("watch:hall_rows", show=show, **more)


def asked(request: ActingRequest) -> Asked | None:
    code = reading.key(request, "hall")
    place = registry.hall_for(code) if code else registry.halls().first()
    if place is None:
        return None
    period = asked_period(request, timezone.localdate(), usual="day")
    if (period.until - period.since).days >= LONGEST:
        period = Period("range", period.until - timedelta(days=LONGEST - 1), period.until)
    return Asked(place, period)


@desk(SEE, READ, Ability.KEEP_HALL)
@require_safe
def page(request: ActingRequest) -> HttpResponse:
    wanted, at = asked(request), timezone.now()
    if wanted is None:
        return render(request, "watch/hall_none.html")
    figures = hall.day(wanted.place.code, wanted.period.since, wanted.period.until, at=at)
    most = current_law().value("hall.wait.p90.minutes", wanted.period.until)
    earlier, later = neighbours(wanted.period, timezone.localdate())
    context = {
        "wanted": wanted,
        "halls": registry.halls(),
        "kinds": [(kind, KINDS[kind]) for kind in PERIODS],
        "today": timezone.localdate(),
        "earlier": earlier,
        "later": later,
        "most": most,
        "figures": figures,
        "p90_late": figures.p90 is not None and figures.p90 > most,
        "tiles": _tiles(figures.total, wanted),
        "columns": COLUMNS,
        "queues": [(one, _cells(one, wanted)) for one in figures.queues],
        "total": _cells(figures.total, wanted),
        "windows": [(one, _window(one, wanted)) for one in figures.windows],
        "by_hour": _by_hour(figures),
        "by_day": _by_day(figures),
        "days": figures.days,
        "csv": wanted.address("watch:hall_export", "csv"),
        "xlsx": wanted.address("watch:hall_export", "xlsx"),
    }
    return render(request, "watch/hall.html", context)


def _people(n: int) -> Any:
    return ngettext("%(n)d 人", "%(n)d 人", n) % {"n": n}


def _percent(value: float | None) -> str:
    return "—" if value is None else f"{value:.1f}%"


def _of(part: int, base: int) -> Any:
    return _("%(base)s 人中 %(part)s 人") % {"base": base, "part": part} if base else _("没有可比的人")


def _tiles(total: hall.QueueFigures, wanted: Asked) -> list[tuple[Any, Cell]]:
    return [pair for pair in zip(COLUMNS, _cells(total, wanted), strict=True) if pair[0] is not SERVED]


SERVED = gettext_lazy("办完")
COLUMNS = (
    gettext_lazy("取号数"),
    SERVED,
    gettext_lazy("等候中位数"),
    gettext_lazy("九成不超过"),
    gettext_lazy("放弃率"),
    gettext_lazy("告知与实际相差"),
    gettext_lazy("落在告知区间内"),
)


def _cells(one: hall.QueueFigures, wanted: Asked) -> list[Cell]:
    over, told = one.served + one.given_up, one.told
    called = wanted.rows("called", queue=one.key)
    return [
        Cell(f"{one.taken:,}", "", wanted.rows("taken", queue=one.key)),
        Cell(f"{one.served:,}", _of(one.served, one.taken), wanted.rows("served", queue=one.key)),
        Cell(waits.short(one.waited.median), _people(one.waited.base), called),
        Cell(waits.short(one.waited.p90), _people(one.waited.base), called),
        Cell(_percent(one.abandonment), _of(one.given_up, over), wanted.rows("given_up", queue=one.key)),
        Cell(waits.short(told.median_error), _people(told.base), wanted.rows("told", queue=one.key)),
        Cell(
            _percent(100 * told.within / told.base if told.base else None),
            _of(told.within, told.base),
            wanted.rows("told", queue=one.key),
        ),
    ]


def _window(one: hall.WindowFigures, wanted: Asked) -> list[Cell]:
    rows = wanted.rows("taken", window=one.window.pk)
    return [
        Cell(f"{one.visits:,}", "", rows),
        Cell(f"{one.served:,}", _of(one.served, one.visits), rows),
        Cell(waits.short(one.service.median), _people(one.service.base), rows),
        Cell(_percent(one.load), _("开窗 %(open)s 分钟，办理 %(busy)s 分钟") % {"open": round(one.open), "busy": round(one.busy)}, rows),
    ]  # fmt: skip


def _by_hour(figures: hall.Waits) -> Any:
    """How many came, and how long they waited, hour by hour: when to come."""
    if not figures.hours:
        return ""
    labels = [f"{one.hour:02d}" for one in figures.hours]
    return charts.lines(
        [
            (_("取号（人）"), [one.taken for one in figures.hours]),
            (_("等候中位数（分钟）"), [one.waited.median for one in figures.hours]),
        ],
        labels,
        title=_("各时段来的人和等候"),
    )


def _by_day(figures: hall.Waits) -> Any:
    if len(figures.days) < 2:
        return ""
    return charts.lines(
        [
            (_("等候中位数（分钟）"), [one.waited.median for one in figures.days]),
            (_("九成不超过（分钟）"), [one.waited.p90 for one in figures.days]),
        ],
        [short_day_words(one.on) for one in figures.days],
        title=_("每天的等候"),
    )


@desk(SEE, READ, Ability.KEEP_HALL)
@require_safe
def rows(request: ActingRequest) -> HttpResponse:
    """The tickets a figure counts. No name and no phone: what is looked at here is the hall, not its visitors."""
    wanted = asked(request)
    show = request.GET.get("show", "taken")
    if wanted is None or show not in SHOWS:
        raise Http404
    found = hall.rows(
        wanted.place.code,
        wanted.period.since,
        wanted.period.until,
        show=show,
        queue_id=reading.number(request.GET.get("queue")),
        window_id=reading.number(request.GET.get("window")),
        before=reading.number(request.GET.get("before")),
        limit=PAGE + 1,
    )
    context = {
        "wanted": wanted,
        "show": SHOWS[show],
        "rows": [
            (one, waits.STATES[one.ticket.state], waits.LAMPS[one.ticket.state], waits.CHANNELS[one.ticket.channel],
             waits.PRIORITIES[one.ticket.priority], waits.short(one.waited), waits.short(one.ticket.announced_minutes))
            for one in found[:PAGE]
        ],
        "before": found[PAGE - 1].ticket.pk if len(found) > PAGE else "",
    }  # fmt: skip
    return render(request, "watch/hall_rows.html", context)


@desk(SEE, READ, Ability.KEEP_HALL)
@require_safe
def export(request: ActingRequest, form: str) -> HttpResponseBase:
    wanted = asked(request)
    if wanted is None or form not in ("csv", "xlsx"):
        raise Http404
    figures = hall.day(wanted.place.code, wanted.period.since, wanted.period.until, at=timezone.now())
    name = f"hall-{wanted.place.code}-{wanted.period.since:%Y%m%d}-{wanted.period.until:%Y%m%d}"
    return csv_answer(_table(figures), name) if form == "csv" else xlsx_answer(_table(figures), name)


def _table(figures: hall.Waits) -> Iterator[list[Any]]:
    """Queues, then windows, each under its own head; every rate beside its base."""
    yield [
        _("业务"), _("取号数"), _("办完"), _("放弃的"), _("放弃率的分母"), _("等候的分母"), _("等候中位数（分钟）"),
        _("九成不超过（分钟）"), _("告知的分母"), _("告知与实际相差中位数（分钟）"), _("落在告知区间内"),
    ]  # fmt: skip
    for one in (*figures.queues, figures.total):
        yield [
            f"{one.letter} {one.name}" if one.key else _("合计"), one.taken, one.served, one.given_up,
            one.served + one.given_up, one.waited.base, _tenth(one.waited.median), _tenth(one.waited.p90),
            one.told.base, _tenth(one.told.median_error), one.told.within,
        ]  # fmt: skip
    yield []
    yield [
        _("窗口"), _("接待"), _("办完"), _("办完的分母"), _("每位用时中位数（分钟）"), _("办理（分钟）"), _("开窗（分钟）"),
        _("负荷（百分比）"),
    ]  # fmt: skip
    for window in figures.windows:
        yield [
            window.window.name, window.visits, window.served, window.service.base, _tenth(window.service.median),
            _tenth(window.busy), _tenth(window.open), _tenth(window.load),
        ]  # fmt: skip


def _tenth(value: float | None) -> str:
    return "" if value is None else f"{value:.1f}"
