"""办理: the person is at the window; when it is done they are asked how it was."""

from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.cases import queries as cases
from zhengtong.domains.cases.models import Case
from zhengtong.domains.hall import actions, queries
from zhengtong.domains.hall.models import Ticket
from zhengtong.domains.ratings import actions as ratings
from zhengtong.domains.registry import queries as registry
from zhengtong.rules.queue import TicketState
from zhengtong.rules.refusal import Refusal, RefusalCode


@transaction.atomic
def start(ticket_key: UUID | str, *, by: Acting, at: datetime) -> Ticket:
    """开始办理."""
    ticket = queries.ticket_for(ticket_key)
    actions.start(ticket, by=by, at=at)
    return ticket


@transaction.atomic
def reveal(*, item_code: str, by: Acting, at: datetime) -> None:
    """带入来访人信息 into the intake of an item, for the clerk who serves them."""
    actions.reveal(item_code=item_code, by=by, at=at)


@transaction.atomic
def served(ticket_key: UUID | str, *, case_no: str = "", seen: int | None = None, by: Acting, at: datetime) -> Ticket:
    """办结: the visit is over, the rating device at this window asks about it. `case_no` ties it to a case of the house.

    `seen` is the version the clerk's page showed: STALE if somebody has come between. TICKET_CASE_UNKNOWN.
    """
    ticket = queries.ticket_for(ticket_key)
    if seen is not None and seen != ticket.version:
        raise Refusal(RefusalCode.STALE, kind="", actor="", at="")
    case = _case(case_no.strip())
    actions.serve(ticket, case_no=case.number if case else "", by=by, at=at)
    ask_how_it_was(ticket, case, by=by, at=at)
    return ticket


@transaction.atomic
def reopen(ticket_key: UUID | str, *, by: Acting, at: datetime) -> Ticket | None:
    """办结 pressed by mistake: the visit goes on. Whoever was called in its place is put back first in line and returned.

    The rating device asks when it is over: one visit is rated once. WINDOW_BUSY, TICKET_REOPEN_LATE.
    """
    ticket = queries.ticket_for(ticket_key)
    called = queries.serving(ticket.window_id or 0)
    if called is not None and called.state == TicketState.CALLED:
        actions.transfer(called, queue=called.queue, window=called.only_window, by=by, at=at)
    actions.reopen(ticket, by=by, at=at)
    return called


def ask_how_it_was(ticket: Ticket, case: Case | None, *, by: Acting, at: datetime) -> None:
    """一次一评 (国办发〔2019〕51号): one visit to a window is one service, whatever came of it."""
    officer = registry.officer_by_id(ticket.officer_id)
    organ_id = case.organ_id if case else ticket.window.organ_id if ticket.window and ticket.window.organ_id else None
    node = ratings.open_node(
        "ticket",
        ("ticket", str(ticket.key)),
        organ_id=organ_id or officer.organ_id,
        officer_id=officer.pk,
        window_id=ticket.window_id,
        hall_code=ticket.hall.code,
        item_id=case.item_id if case else None,
        item_name=case.item_name if case else ticket.queue.name,
        account_id=ticket.account_id,
        phone=ticket.phone,
        opened_at=at,
        by=by,
        at=at,
    )
    if node.opened_at < at:  # ended before by mistake: the window's device asks now
        with suppress(Refusal):
            ratings.ask_again(node, at=at)


def _case(number: str) -> Case | None:
    if not number:
        return None
    case = cases.cases_by_numbers([number]).get(number)
    if case is None:
        raise Refusal(RefusalCode.TICKET_CASE_UNKNOWN, number=number)
    return case
