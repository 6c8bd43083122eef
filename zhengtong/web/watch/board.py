"""监察大屏: today, this month, how people rated, the departments' last days, the five stages, the newest signals, the seal.
Read only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from zhengtong.base import calendar
from zhengtong.base.deadlines import queries as deadlines
from zhengtong.base.seal import queries as seal
from zhengtong.domains.registry import queries as registry
from zhengtong.domains.statistics import queries as statistics
from zhengtong.rules.calendar import Calendar
from zhengtong.rules.procedure import Stage
from zhengtong.rules.roles import Ability
from zhengtong.rules.tally import DELIVERY
from zhengtong.web.desk import words
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.lamps import SOON_DAYS
from zhengtong.web.watch import lights, signals
from zhengtong.web.watch.lights import KEPT_SECONDS, PAGE
from zhengtong.web.watch.periods import DAY, EARLIEST
from zhengtong.web.watch.rated import rated
from zhengtong.web.watch.reads import READ, SEE, own_organs

__all__ = ["PAGE", "READ", "SEE", "own_organs", "wall"]

HEAT_DAYS, HEAT_ORGANS = 6, 12
STAGES: dict[str, Promise | str] = {
    **words.STAGES,
    Stage.FINISH: gettext_lazy("待办结"),
    DELIVERY: gettext_lazy("待送达"),
}


@dataclass(frozen=True, slots=True)
class Square:
    """One department on one day: how many were overdue and due soon at its end."""

    day: date
    overdue: int
    soon: int
    url: str

    @property
    def level(self) -> str:
        return "late" if self.overdue else "soon" if self.soon else "none"


@dataclass(frozen=True, slots=True)
class StageBar:
    label: Promise | str
    count: int
    share: float
    url: str


@desk(SEE, READ)
@require_safe
def wall(request: ActingRequest) -> HttpResponse:
    mine = own_organs(request.acting)
    organ_ids = None if mine is None else sorted(mine)
    at, in_force = timezone.now(), calendar.current()
    today = timezone.localdate(at)
    now = statistics.total(today, today, organ_ids=organ_ids)
    last_week = statistics.total(today - DAY * 7, today - DAY * 7, organ_ids=organ_ids)
    month = statistics.total(today.replace(day=1), today, organ_ids=organ_ids)
    counted_at, lit = _lights(mine)
    days, heat = _heat(today, in_force, organ_ids)
    context = {
        "at": at,
        "still": request.GET.get("still") == "1",
        "kept_seconds": KEPT_SECONDS,
        "counted_at": counted_at,
        "lights": lit,
        "yellow": lit["late"] - lit["over_legal"],
        "now": now,
        "last_week": last_week,
        "in_time": _rate(month),
        "rated": rated(request.acting, organ_ids, today, at),
        "month": month,
        "month_since": today.replace(day=1),
        "today": today,
        "soon_days": SOON_DAYS,
        "heat_days": days,
        "heat": heat,
        "stages": _stages(today, organ_ids),
        "signals": signals.newest(organ_ids),
        "seal": _seal(),
        "supervises": request.acting.can(Ability.SUPERVISE),
        "behind": statistics.behind(),
        "missing": calendar.missing_years(today, in_force),
    }
    return render(request, "watch/wall.html", context)


def _lights(mine: set[int] | None) -> tuple[datetime, dict[str, int]]:
    counted_at, figures = lights.counted()
    own = [one for one in figures if mine is None or one.organ_id in mine]
    return counted_at, {name: sum(getattr(one, name) for one in own) for name in deadlines.LIGHTS}


def _seal() -> tuple[str, str]:
    """(light, words) of the sealed journal: how much of it, and whether the last full check found it sound."""
    state = seal.state()
    n = f"{state.size:,}"
    if state.ok is None:
        return "ok", ngettext("已存证 %(n)s 条", "已存证 %(n)s 条", state.size) % {"n": n}
    if state.ok:
        return "ok", _("存证正常 · %(n)s 条") % {"n": n}
    return "over_legal", ngettext("存证有 %(n)s 处差错", "存证有 %(n)s 处差错", state.faults) % {"n": state.faults}


def _rate(month: statistics.Figures) -> str:
    part, base = month.rate("in_time")
    return f"{100 * part / base:.1f}%" if base else "—"


def _heat(
    today: date, in_force: Calendar, organ_ids: Sequence[int] | None
) -> tuple[list[date], list[tuple[Any, list[Square]]]]:
    """The departments in most need over the last working days, today among them whatever day it is."""
    days = [today]
    while len(days) < HEAT_DAYS:
        day = days[0] - DAY
        while not in_force.is_workday(day):
            day -= DAY
        days.insert(0, day)
    stock = statistics.backlog(days[0], today, organ_ids=organ_ids, by_organ=True)
    organs = {organ.pk: organ for organ in registry.organs()}
    pressed = {organ_id for (_day, organ_id) in stock if organ_id in organs}
    order = sorted(pressed, key=lambda one: _weight(stock.get((today, one), {}), organs[one].name))[:HEAT_ORGANS]
    return days, [
        (organs[one], [_square(day, organs[one].code, stock.get((day, one), {})) for day in days]) for one in order
    ]


def _weight(stock: Mapping[str, int], name: str) -> tuple[int, int, int, str]:
    return (-stock.get("overdue", 0), -stock.get("soon", 0), -stock.get("open", 0), name)


def _square(day: date, code: str, stock: Mapping[str, int]) -> Square:
    overdue, soon = stock.get("overdue", 0), stock.get("soon", 0)
    measure = "overdue_at_end" if overdue else "soon_at_end"
    url = _rows(measure, day, day, organ=code) if overdue or soon else ""
    return Square(day, overdue, soon, url)


def _stages(today: date, organ_ids: Sequence[int] | None) -> list[StageBar]:
    found = statistics.open_by_stage(organ_ids=organ_ids)
    most = max(found.values(), default=0) or 1
    return [
        StageBar(label, found.get(stage, 0), round(100 * found.get(stage, 0) / most, 1), _stage_rows(stage, today))
        for stage, label in STAGES.items()
    ]


def _stage_rows(stage: str, today: date) -> str:
    if stage == DELIVERY:  # finished some day, not handed over yet
        return _rows("finished", EARLIEST, today, stage=stage)
    return _rows("open_at_end", today, today, stage=stage)


def _rows(measure: str, since: date, until: date, **narrowed: str) -> str:
    return f"{reverse('watch:rows')}?{urlencode({'measure': measure, 'since': since, 'until': until, **narrowed})}"
