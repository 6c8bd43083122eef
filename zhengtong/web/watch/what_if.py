"""推演: the cases of a period played again with one thing changed, beside what really happened. Read only."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar

from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from zhengtong.domains.forecast import what_if
from zhengtong.domains.forecast.what_if import Answer, Question, Supposition
from zhengtong.rules.procedure import NEXT_STAGE, Stage
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.what_if import Outcome, Side
from zhengtong.rules.what_if_visits import Reading
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.desk.words import STAGES
from zhengtong.web.frame.charts import lines
from zhengtong.web.frame.sentences import sentence
from zhengtong.web.frame.sheets import csv_answer
from zhengtong.web.frame.whole import whole
from zhengtong.web.watch.board import READ, SEE
from zhengtong.web.watch.forecast import Scope, scope_of

KEPT_SECONDS = 600
YEAR = timedelta(days=365)
MOST_LIMIT = 3_660
_Word = TypeVar("_Word", Supposition, Stage)
USUAL_LIMIT = 10

KINDS: dict[Supposition, Promise] = {
    Supposition.LIMIT: gettext_lazy("换一个承诺时限"),
    Supposition.MORE: gettext_lazy("一个环节多一个人"),
    Supposition.FEWER: gettext_lazy("一个环节少一个人"),
    Supposition.BESIDE: gettext_lazy("一个环节与下一个环节同时办"),
}
READINGS: dict[Reading, Promise] = {
    Reading.CAUTIOUS: gettext_lazy("谨慎：只把最短的合理用时算作在办"),
    Reading.BUSY: gettext_lazy("全忙：件在手里、人有空，就算在办"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """`question` None: nothing to play yet, or `problem` says why not."""

    scope: Scope
    kind: Supposition
    limit: int
    stage: Stage
    since: date | None
    until: date | None
    question: Question | None
    problem: str = ""


def asked_of(request: ActingRequest) -> Asked:
    scope = scope_of(request)
    kind = _word(Supposition, request.GET.get("change"), Supposition.LIMIT)
    stage = _word(Stage, request.GET.get("stage"), Stage.PROCESS)
    limit = whole(request.GET.get("limit"))
    item_id = scope.item.pk if scope.item else None
    span = what_if.span(item_id, scope.organ_ids)
    since, until = reading.day(request.GET.get("since")), reading.day(request.GET.get("until"))
    if span is not None:
        until = until or span[1]
        since = since or max(span[0], max(span[0], min(until, span[1])) - YEAR)
    wanted = USUAL_LIMIT if limit is None else min(limit, MOST_LIMIT)
    problem = ""
    if kind is Supposition.BESIDE and stage not in NEXT_STAGE:
        problem = _("办结之后没有下一个环节。请选前面的环节。")
    elif since and until and since > until:
        problem = _("开始日期在结束日期之后。请改一个日期。")
    question = None
    if "change" in request.GET and span and since and until and not problem:
        # Any day may be typed; outside the days on which cases came there is nothing to read.
        first, last = max(since, span[0]), min(until, span[1])
        if first <= last:
            question = Question(first, last, kind, item_id, scope.organ_ids, wanted, stage)
        else:
            problem = sentence(Refusal(RefusalCode.WHAT_IF_NO_CASES))
    return Asked(scope, kind, wanted, stage, since, until, question, problem)


def _word(words: type[_Word], told: str | None, usual: _Word) -> _Word:
    try:
        return words(told) if told else usual
    except ValueError:
        raise Http404 from None


def _answer(question: Question) -> tuple[Answer, datetime]:
    """(answer, when it was counted); the same question within ten minutes is not counted again."""
    name = hashlib.sha256(repr(question).encode()).hexdigest()[:32]
    key = f"zhengtong.watch.what_if.{name}"
    kept: tuple[Answer, datetime] | None = cache.get(key)
    if kept is None:
        kept = (what_if.answer(question), timezone.now())
        cache.set(key, kept, KEPT_SECONDS)
    return kept


@dataclass(frozen=True, slots=True)
class SideShown:
    name: str
    side: Side
    share: float
    median: float
    p90: float


@dataclass(frozen=True, slots=True)
class Wait:
    stage: str
    visits: int
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Played:
    """One reading, as shown. Waits in hours; `parts`: shares of the time cases lay at desks."""

    words: Promise
    outcome: Outcome
    waits: list[Wait] = field(default_factory=list)
    parts: tuple[float, float, float] = (0.0, 0.0, 0.0)


@desk(SEE, READ)
@require_safe
def page(request: ActingRequest) -> HttpResponse:
    asked = asked_of(request)
    answer, counted_at, problem = None, None, asked.problem
    if asked.question is not None:
        try:
            answer, counted_at = _answer(asked.question)
        except Refusal as no:
            problem = sentence(no)
    context = {
        "asked": asked,
        "scope": asked.scope,
        "kinds": KINDS.items(),
        "stages": [(stage, STAGES[stage]) for stage in Stage],
        "problem": problem,
        "answer": answer,
        "counted_at": counted_at,
        "most": what_if.MOST_CASES,
        "recount": _recount(answer),
        "sides": _sides(answer),
        "played": [_played(reading_, one) for reading_, one in (answer.outcomes or {}).items()] if answer else [],
        "chart": _chart(answer),
        "opens": _clock(answer.hours.opens) if answer and answer.hours else "",
        "closes": _clock(answer.hours.opens + answer.hours.length) if answer and answer.hours else "",
    }
    return render(request, "watch/what_if.html", context)


def _clock(hour: int) -> str:
    return f"{hour % 24:02d}:00"


def _recount(answer: Answer | None) -> dict[str, float] | None:
    if answer is None or answer.recount is None:
        return None
    found = answer.recount
    return {
        "cases": found.cases,
        "late": found.late,
        "late_share": found.late / found.cases * 100,
        "then": found.late_then,
        "then_share": found.late_then / found.cases * 100,
        "newly": sum(row[5] and not row[4] for row in found.rows),
        "saved": sum(row[4] and not row[5] for row in found.rows),
    }


def _sides(answer: Answer | None) -> list[SideShown]:
    if answer is None or answer.outcomes is None:
        return []
    first = next(iter(answer.outcomes.values()))
    shown = [_side(_("真实历史"), first.real), _side(_("原样重演，什么也不改"), first.unchanged)]
    for one, outcome in answer.outcomes.items():
        shown.append(_side(_("推演 · %(reading)s") % {"reading": READINGS[one]}, outcome.changed))
    return shown


def _side(name: str, side: Side) -> SideShown:
    share = side.late / side.cases * 100 if side.cases else 0.0
    return SideShown(name, side, share, side.percentile(0.5), side.percentile(0.9))


def _played(one: Reading, outcome: Outcome) -> Played:
    before, after = outcome.before, outcome.after
    waits = [
        Wait(str(STAGES[stage]), before.visits[stage], before.mean_wait(stage), after.mean_wait(stage))
        for stage in Stage
        if before.visits.get(stage)
    ]
    sums = [sum(part.values()) for part in (before.waited, before.worked, before.delayed)]
    total = sum(sums) or 1.0
    return Played(READINGS[one], outcome, waits, (sums[0] / total * 100, sums[1] / total * 100, sums[2] / total * 100))


def _chart(answer: Answer | None) -> SafeString | str:
    """How many had ended by each day: played without the change, and by each reading with it."""
    if answer is None or answer.outcomes is None:
        return ""
    first = next(iter(answer.outcomes.values()))
    top = first.real.percentile(0.95)
    marks = [top * step / 20 for step in range(21)]
    series: list[tuple[str | Promise, list[float]]] = [(_("原样重演，什么也不改"), _by(first.unchanged, marks))]
    series += [(READINGS[one], _by(outcome.changed, marks)) for one, outcome in answer.outcomes.items()]
    return lines(
        series,
        [f"{mark:.0f}" if top >= 20 else f"{mark:.1f}" for mark in marks],
        title=_("收件后多少个工作日内办结"),
        desc=_("横轴是工作日，纵轴是已办结件的比例；线越高越快。"),
        unit="%",
        most=100,
    )


def _by(side: Side, marks: Sequence[float]) -> list[float]:
    return [round(sum(days <= mark for days in side.days) / max(side.cases, 1) * 100, 1) for mark in marks]


# --- as a file ---


@desk(SEE, READ)
@require_safe
def download(request: ActingRequest) -> HttpResponseBase:
    """One line a case: its limit, its real end, and its end as played."""
    asked = asked_of(request)
    if asked.question is None:
        raise Http404
    answer, _counted = _answer(asked.question)
    name = f"what-if-{asked.kind.value}-{asked.question.since:%Y%m%d}-{asked.question.until:%Y%m%d}"
    return csv_answer(_table(answer), name)


def _table(answer: Answer) -> Iterator[Sequence[object]]:
    if answer.recount is not None:
        yield [_("办件编号"), _("办结"), _("到期"), _("换限后到期"), _("超期"), _("换限后超期")]
        for number, ended, due, then, late, late_then in answer.recount.rows:
            yield [number, _at(ended), _at(due), _at(then), int(late), int(late_then)]
        return
    outcomes = answer.outcomes or {}
    heads = [f"{word}（{READINGS[one]}）" for one in outcomes for word in (_("推演办结"), _("推演超期"))]
    yield [_("办件编号"), _("到期"), _("办结"), _("超期"), *heads]
    for rows in zip(*(outcome.rows for outcome in outcomes.values()), strict=True):
        first = rows[0]
        line: list[object] = [first.number, _at(first.due_at), _at(first.ends[0]), int(first.late[0])]
        for row in rows:
            line += [_at(row.ends[2]), int(row.late[2])]
        yield line


def _at(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M")
