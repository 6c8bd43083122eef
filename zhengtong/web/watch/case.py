"""一件办件的全部经过: stages, every act with who, in which post and when, every limit explained, what supervision made
of it, and where each entry stands in the sealed journal. Read only; names are masked, nothing is revealed here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhengtong.base.deadlines import plan
from zhengtong.base.deadlines.queries import deadlines_of
from zhengtong.base.journal import check_subject
from zhengtong.base.seal import queries as seal
from zhengtong.domains.authenticity import queries as authenticity
from zhengtong.domains.cases import queries as cases
from zhengtong.domains.cases.contents import PAPER_NAMES
from zhengtong.domains.forecast import queries as forecast
from zhengtong.domains.orders import queries as orders
from zhengtong.domains.supervision import queries as supervision
from zhengtong.rules.calendar import Calendar
from zhengtong.rules.clock import Explanation, Level, Unit, local_date
from zhengtong.rules.masking import mask_name
from zhengtong.rules.roles import Ability
from zhengtong.web.desk import card_words, history, order_page, words
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.lamps import lamp
from zhengtong.web.watch.board import READ, SEE

LEADS: dict[str, Promise] = {"open": _("待核查"), "confirmed": _("已确认"), "dismissed": _("已排除")}


@dataclass(frozen=True, slots=True)
class LimitShown:
    label: Any
    row: plan.Deadline
    amount: int
    used: int | None
    natural: bool
    state: str  # met, missed, void, waiting, over, running
    explained: Explanation | None

    @property
    def ended(self) -> bool:
        return self.row.outcome != plan.Deadline.OPEN


@dataclass(frozen=True, slots=True)
class EntryShown:
    """One act with its place in the journal of the case."""

    act: history.Act
    entry: cases.Entry
    position: int | None  # its place in the log; None while it waits to be sealed
    signed: bool  # under the last checkpoint


@desk(SEE, READ)
@require_safe
def page(request: ActingRequest, number: str) -> HttpResponse:
    by, at = request.acting, timezone.now()
    case = cases.case_for(by, number)
    entries, limits = cases.acts(case, public=False), deadlines_of("case", case.number)
    calendar = cases.law_for(case).calendar
    running = {row.kind: row for row in limits if row.outcome == plan.Deadline.OPEN}
    shown = [_limit(row, calendar, at) for row in limits]
    context = {
        "case": case,
        "applicant": case.applicant_name if case.enterprise_id else mask_name(case.applicant_name),
        "lamp": lamp(case, running, at, calendar),
        "state": words.word(words.STATES, case.state),
        "kind": words.word(words.CASE_KINDS, case.case_kind),
        "channel": words.word(words.CHANNELS, case.channel),
        "decision": words.word(words.DECISIONS, case.decision) if case.decision else "",
        "result": words.word(words.RESULTS, case.result_code) if case.result_code else "",
        "stages": history.stages(case, entries),
        "limits": shown,
        "ended": [one for one in shown if one.ended],
        "entries": _shown(entries, case.number),
        "faults": check_subject(case, entries),
        "papers": [(paper, *PAPER_NAMES.get(paper.form, (paper.form, paper.form))) for paper in cases.papers(case)],
        "cards": [
            (card, card_words.LAMPS[Level(card.level)], card_words.LEVELS[card.level], card_words.STATES[card.state])
            for card in supervision.cards_of("case", [case.number]).get(case.number, [])
        ],
        # A department learns of a lead by the card that follows it.
        "leads": [(one, LEADS[one.state]) for one in authenticity.leads_of_case(case.number)] if by.can(SEE) else [],
        "orders": order_page.rows(orders.orders_of("case", case.number), at),
        "outlook": _outlook(case, at),
        "supervises": by.can(Ability.SUPERVISE),
        "today": timezone.localdate(at),
        "at": at,
    }
    return render(request, "watch/case.html", context)


def _outlook(case: cases.Case, at: datetime) -> tuple[Any, int] | None:
    """(outlook, percent of lateness) of an open case, where enough cases of its item or organ were seen."""
    if case.finished_at is not None or case.imported:
        return None
    out = forecast.forecasts([case.number], at=at).get(case.number)
    return (out, round(out.chance * 100)) if out is not None and out.shown else None


def _shown(entries: Sequence[cases.Entry], number: str) -> list[EntryShown]:
    """Newest first."""
    places, last = seal.positions("case", number), seal.last_checkpoint()
    shown = []
    for act, entry in zip(history.acts(entries), reversed(entries), strict=True):
        place = places.get(entry.seq)
        shown.append(EntryShown(act, entry, place, place is not None and last is not None and place < last.size))
    return shown


def _limit(row: plan.Deadline, calendar: Calendar, at: datetime) -> LimitShown:
    imposed = row.unit == Unit.MOMENT
    state = row.outcome
    if state == plan.Deadline.OPEN:
        state = "waiting" if row.due_at is None else "over" if row.due_at < at and not row.provisional else "running"
    until = local_date(row.closed_at or at)
    return LimitShown(
        label=words.word(words.LIMITS, row.kind),
        row=row,
        amount=row.amount + row.extension,
        used=None if imposed else plan.used(row, until, calendar),
        natural=row.unit == Unit.CALENDAR_DAY,
        state=state,
        explained=None if imposed else plan.explained(row, calendar, until=until),
    )
