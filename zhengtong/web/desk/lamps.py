"""How urgent a case looks in a list: one lamp, the days used, the days promised. Numbers come from rules and deadlines."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhengtong.base.deadlines import plan
from zhengtong.domains.cases import queries as cases
from zhengtong.rules import clock
from zhengtong.rules.calendar import Calendar
from zhengtong.rules.clock import Light, Unit, local_date
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.procedure import CLOSED, State
from zhengtong.web.desk import words

SOON_DAYS = 3  # working days, as the lamp above the inbox says
RUNNING = (DeadlineKind.PROMISE, DeadlineKind.DELIVERY, DeadlineKind.NOTICE)


@dataclass(frozen=True, slots=True)
class Lamp:
    """`used` and `amount` are of the limit that runs now: notice, promise or delivery."""

    light: Light
    text: str | Promise
    used: int | None = None
    amount: int | None = None
    provisional: bool = False

    @property
    def css(self) -> str:
        return self.light.value.lower()


def soon_on(at: datetime, calendar: Calendar) -> date:
    return calendar.nth_working_day(local_date(at), SOON_DAYS)


def lamp(case: cases.Case, limits: Mapping[str, plan.Deadline], at: datetime, calendar: Calendar) -> Lamp:
    """`limits`: the open limits of the case by kind, read for the whole page at once."""
    state, today = State(case.state), local_date(at)
    if state in CLOSED:
        return Lamp(Light.DONE, words.STATES[state])
    running = next((limits[kind.value] for kind in RUNNING if kind.value in limits), None)
    used = plan.used(running, today, calendar) if running and running.unit != Unit.MOMENT else None
    amount = running.amount + running.extension if used is not None and running else None
    if case.due_on is None:
        return Lamp(Light.WAIT, _waiting(state, running), used, amount)
    legal = limits.get(DeadlineKind.LEGAL.value)
    due = plan.due_of(running) if running else clock.Due(case.due_on, case.due_at, False)
    soon = at if case.due_on <= soon_on(at, calendar) else None
    light = clock.light(due, plan.due_of(legal) if legal else None, at, warn_at=soon)
    natural = running is not None and running.unit == Unit.CALENDAR_DAY
    return Lamp(light, _words(light, case.due_on, today, calendar, natural=natural), used, amount, due.provisional)


def _waiting(state: State, running: plan.Deadline | None) -> str | Promise:
    if state is State.SUSPENDED and running is not None and running.pauses:
        return _("暂停 · %(cause)s") % {"cause": running.pauses[-1]["cause"]}
    return words.STATES[state]


def _words(light: Light, due_on: date, today: date, calendar: Calendar, *, natural: bool) -> str:
    if light in (Light.LATE, Light.OVER_LEGAL):
        over = (today - due_on).days if natural else calendar.working_days(due_on, today)
        if over == 0:
            return _("已超期")
        said = ngettext("超期 %(n)d 日", "超期 %(n)d 日", over)
    else:
        over = max((due_on - today).days if natural else calendar.working_days(today, due_on), 0)
        if over == 0:
            return _("今日到期")
        said = ngettext("剩 %(n)d 日", "剩 %(n)d 日", over)
    return said % {"n": over}
