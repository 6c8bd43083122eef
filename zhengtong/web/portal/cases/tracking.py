"""A case as its applicant sees it: lamp, five stages, the running clock, what happened. Reads rows it is given."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhengtong.base import calendar
from zhengtong.base.deadlines import plan
from zhengtong.base.deadlines.queries import open_deadlines
from zhengtong.domains.catalogue.queries import edition
from zhengtong.rules import clock
from zhengtong.rules.calendar import Calendar
from zhengtong.rules.clock import Explanation, Light, Unit, local_date
from zhengtong.rules.edition import Edition
from zhengtong.rules.kinds import Kind
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.procedure import CLOSED, STAGES, Stage, State
from zhengtong.web.frame.dates import day_words, short_day_words
from zhengtong.web.portal import words

Words = Promise | str

# Which limit runs in a state; the promise in all others.
RUNNING: Mapping[State, DeadlineKind] = {
    State.SUBMITTED: DeadlineKind.NOTICE,
    State.SUPPLEMENT: DeadlineKind.SUPPLEMENT,
    State.DECIDED: DeadlineKind.DELIVERY,
    State.FINISHED: DeadlineKind.DELIVERY,
}
SHOWN = (
    DeadlineKind.NOTICE,
    DeadlineKind.SUPPLEMENT,
    DeadlineKind.PROMISE,
    DeadlineKind.LEGAL,
    DeadlineKind.EXPEDITED,
    DeadlineKind.SPECIAL,
    DeadlineKind.DELIVERY,
)
AT_ONCE = (Stage.ACCEPT, Stage.APPROVE, Stage.FINISH)  # 即办件: one sitting, no handler and no reviewer
SETTLED = CLOSED | {State.DECIDED, State.FINISHED}


@dataclass(frozen=True, slots=True)
class Lamp:
    light: Light
    text: str


@dataclass(frozen=True, slots=True)
class StageStep:
    label: Words
    state: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    title: Words
    at: datetime
    who: str
    text: str = ""
    links: list[tuple[str, Words]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Clock:
    """One limit with every day explained."""

    kind: str
    title: Words
    explanation: Explanation
    start_word: Words
    amount: int
    unit: str
    basis: str
    started_on: date
    due_on: date | None
    outcome: str
    provisional: bool
    running: bool
    late: bool


# --- the lamp ---------------------------------------------------------------------------------------------------------
def running_kind(case: Any) -> DeadlineKind:
    return RUNNING.get(State(case.state), DeadlineKind.PROMISE)


def lamp(case: Any, limits: Mapping[str, Any], at: datetime, days: Calendar) -> Lamp:
    """`limits`: the open limits of this case by kind."""
    state = State(case.state)
    if state in SETTLED:
        return Lamp(Light.DONE, str(words.STATES[state]))
    row = limits.get(running_kind(case).value)
    if state is State.SUPPLEMENT or row is None or row.due_on is None:
        return Lamp(Light.WAIT, str(words.STATES[state]))
    legal = limits.get(DeadlineKind.LEGAL.value)
    warn = clock.warn_at(plan.signals_of(row, days))
    light = clock.light(plan.due_of(row), plan.due_of(legal) if legal else None, at, warn_at=warn)
    return Lamp(light, f"{_light_word(light)} · {_left(row, local_date(at), days)}")


def _light_word(light: Light) -> str:
    return {
        Light.OK: _("在限"),
        Light.SOON: _("将到期"),
        Light.LATE: _("超期"),
        Light.OVER_LEGAL: _("超法定期限"),
        Light.WAIT: _("暂停计时"),
        Light.DONE: _("已办结"),
    }[light]


def _left(row: Any, today: date, days: Calendar) -> str:
    natural = row.unit == Unit.CALENDAR_DAY.value
    first, last = (today, row.due_on) if today <= row.due_on else (row.due_on, today)
    count = (last - first).days if natural else days.working_days(first, last)
    if today > row.due_on:
        # A rest day after the due day counts as none, yet the limit is over.
        if count == 0:
            return _("已过期限")
        if natural:
            return ngettext("已过 %(n)s 天", "已过 %(n)s 天", count) % {"n": count}
        return ngettext("已过 %(n)s 个工作日", "已过 %(n)s 个工作日", count) % {"n": count}
    if count == 0:
        return _("今天到期")
    if natural:
        return ngettext("还剩 %(n)s 天", "还剩 %(n)s 天", count) % {"n": count}
    return ngettext("还剩 %(n)s 个工作日", "还剩 %(n)s 个工作日", count) % {"n": count}


def listed(cases: Sequence[Any]) -> list[tuple[Any, Edition, Lamp]]:
    """Cases of a list with item and lamp: one query more, however long the list."""
    limits = open_deadlines("case", [case.number for case in cases])
    days, at = calendar.current(), timezone.now()
    return [(case, edition(case.item_version_id), lamp(case, limits.get(case.number, {}), at, days)) for case in cases]


# --- the stages -------------------------------------------------------------------------------------------------------
ENDS_OF_ACCEPTANCE = {Kind.CASE_ACCEPTED.value, Kind.CASE_DEEMED_ACCEPTED.value}


def stage_steps(case: Any, entries: Iterable[Any]) -> list[StageStep]:
    """Where the case stands comes from its row; who finished a stage and when, from its journal."""
    stages = AT_ONCE if case.case_kind == "IMMEDIATE" else STAGES
    now = STAGES.index(Stage(case.suspended_stage or case.stage))
    notes = _notes(entries)
    return [_step(case, stage, STAGES.index(stage) - now, notes.get(stage, "")) for stage in stages]


def _notes(entries: Iterable[Any]) -> dict[Stage, str]:
    notes: dict[Stage, str] = {}
    for entry in entries:
        stage = _finished_stage(entry)
        if stage is not None:
            name = entry.actor_name if entry.actor_kind == "officer" else ""
            notes[stage] = f"{short_day_words(entry.at)} {name}".strip()
    return notes


def _finished_stage(entry: Any) -> Stage | None:
    if entry.kind in ENDS_OF_ACCEPTANCE:
        return Stage.ACCEPT
    if entry.kind == Kind.CASE_FORWARDED.value:
        return Stage(facts_of(entry).get("stage", Stage.PROCESS.value))
    if entry.kind in (Kind.CASE_DECIDED.value, Kind.CASE_RESULT_BACK.value):
        return Stage.APPROVE
    return Stage.FINISH if entry.kind == Kind.CASE_FINISHED.value else None


def _step(case: Any, stage: Stage, distance: int, note: str) -> StageStep:
    label, state = words.STAGES[stage], State(case.state)
    if stage is Stage.APPROVE and case.decision == "REFUSE":
        return StageStep(label, "refused", note)
    if distance < 0 or state in (State.FINISHED, State.DELIVERED):
        return StageStep(label, "past", note)
    if distance > 0:
        return StageStep(label, "todo")
    if state in (State.NOT_ACCEPTED, State.LAPSED):
        return StageStep(label, "refused", str(words.STATES[state]))
    if state in (State.SUSPENDED, State.SUPPLEMENT, State.WITHDRAWN, State.VOID):
        return StageStep(label, "stopped", str(words.STATES[state]))
    holder = case.holder.name if case.holder else ""
    return StageStep(label, "now", f"{holder} · {_('正在办')}" if holder else _("等待经办人"))


# --- the clock --------------------------------------------------------------------------------------------------------
def clocks(rows: Iterable[Any], days: Calendar, today: date) -> list[Clock]:
    """Every limit that concerns the applicant, in the order they began."""
    order = {kind.value: at for at, kind in enumerate(SHOWN)}
    chosen = sorted((row for row in rows if row.kind in order), key=lambda row: (row.started_on, order[row.kind]))
    return [_clock(row, days, today) for row in chosen]


def main_clock(case: Any, every: Sequence[Clock]) -> Clock | None:
    """The one drawn on the tracking page: what runs, else the promise, else the last that ran."""
    wanted = (running_kind(case).value, DeadlineKind.PROMISE.value, DeadlineKind.NOTICE.value)
    for kind in wanted:
        found = [one for one in every if one.kind == kind]
        if found:
            return found[-1]
    return every[-1] if every else None


def _clock(row: Any, days: Calendar, today: date) -> Clock:
    return Clock(
        kind=row.kind,
        title=words.LIMITS[DeadlineKind(row.kind)],
        explanation=plan.explained(row, days, until=today),
        start_word=words.word(words.FIRST_DAY, row.kind),
        amount=row.amount + row.extension,
        unit=row.unit,
        basis=row.basis,
        started_on=row.started_on,
        due_on=row.due_on,
        outcome=row.outcome,
        provisional=row.provisional,
        running=row.outcome == "open",
        late=row.outcome == "open" and row.due_on is not None and row.due_on < today and not row.provisional,
    )


# --- what happened ----------------------------------------------------------------------------------------------------
def facts_of(entry: Any) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(entry.facts) if entry.facts else {}
    return facts


def timeline(entries: Iterable[Any], papers: Iterable[Any] = (), *, number: str = "", own: bool = True) -> list[Act]:
    """Newest first. `own` False: somebody with the slip only, who reads no opinions, reasons or papers."""
    by_number = {paper.number: paper for paper in papers if paper.number}
    acts = [_act(entry, by_number, number, own) for entry in entries]
    return acts[::-1]


def _act(entry: Any, papers: Mapping[str, Any], number: str, own: bool) -> Act:
    facts = facts_of(entry)
    title = words.word(words.ACTS, entry.kind)
    if entry.kind == Kind.CASE_FORWARDED.value and facts.get("stage") in words.STAGES:
        title = _("%(stage)s完成，转入下一环节") % {"stage": words.STAGES[facts["stage"]]}
    if entry.kind == Kind.CASE_DECIDED.value:
        title = _("作出决定：%(decision)s") % {"decision": words.word(words.DECISIONS, facts.get("decision", ""))}
    paper = papers.get(facts.get("paper", ""))
    links: list[tuple[str, Words]] = []
    if paper is not None and own:
        links = [(reverse("portal:paper", args=[number, paper.uid]), words.word(words.PAPERS, paper.form))]
    return Act(title, entry.at, _who(entry), _text(entry.kind, facts, own=own), links)


def _who(entry: Any) -> str:
    if entry.actor_kind == "applicant":
        return _("申请人")
    if entry.actor_kind == "officer":
        return f"{entry.post} {entry.actor_name}".strip()
    return _("系统")


def _text(kind: str, facts: Mapping[str, Any], *, own: bool) -> str:
    said = []
    if own:
        said += [str(facts[name]) for name in ("opinion", "reason", "procedure", "result") if facts.get(name)]
    if materials := facts.get("materials"):
        said.append("、".join(materials) if own else "")
    if number := facts.get("paper"):
        said.append(str(number))
    if kind in (Kind.CASE_ACCEPTED.value, Kind.CASE_DEEMED_ACCEPTED.value) and facts.get("promise_due"):
        said.append(_("应在 %(due)s 前办完") % {"due": _day(facts["promise_due"])})
    if kind == Kind.CASE_SPECIAL_GRANTED.value and facts.get("due"):
        said.append(_("计划在 %(due)s 前办完") % {"due": _day(facts["due"])})
    if facts.get("notice_due"):
        said.append(_("最迟 %(due)s 答复是否受理") % {"due": _day(facts["notice_due"])})
    if facts.get("until"):
        said.append(_("请在 %(due)s 前办") % {"due": _day(facts["until"])})
    if facts.get("valid_until"):
        said.append(_("有效期至 %(until)s") % {"until": _day(facts["valid_until"])})
    if facts.get("tracking_no"):
        said.append(_("邮件号 %(number)s") % {"number": facts["tracking_no"]})
    if facts.get("due") and facts.get("was"):
        said.append(_("由 %(was)s 调整为 %(due)s") % {"was": _day(facts["was"]), "due": _day(facts["due"])})
    return _("；").join(part for part in said if part)


def _day(value: Any) -> str:
    try:
        return day_words(date.fromisoformat(str(value)))
    except ValueError:
        return str(value)
