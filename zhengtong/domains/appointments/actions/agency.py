"""帮办代办: asked for, taken on by an agent, told step by step, ended."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zhengtong.base import journal
from zhengtong.base.journal import Event
from zhengtong.base.permission import Acting, ActorKind
from zhengtong.domains.appointments.agencies import LEADS
from zhengtong.domains.appointments.models import AgencyNote, AgencyRequest
from zhengtong.domains.catalogue.models import Item
from zhengtong.domains.registry.models import Officer
from zhengtong.rules.agency import AgencyState, AgencyStep, next_agency_state
from zhengtong.rules.codes import check_mobile
from zhengtong.rules.kinds import Kind
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.text import clean_line, clean_text, require_line, require_text

MOST_NEED = 1000


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks, and for which project. `key` is made at the door, so that a form sent twice asks once."""

    key: str
    project: str
    need: str
    person_name: str
    phone: str
    enterprise_id: int | None = None
    item: Item | None = None


def request_agency(asked: Asked, *, by: Acting, at: datetime) -> AgencyRequest:
    known = AgencyRequest.objects.filter(key=asked.key).first()
    if known is not None:
        return known
    if by.kind is not ActorKind.APPLICANT or by.id is None:
        raise Refusal(RefusalCode.PERMISSION_MISSING, needed="applicant")
    row = AgencyRequest(
        key=asked.key, account_id=by.id, enterprise_id=asked.enterprise_id, item=asked.item,
        project=require_line(asked.project, 200, "project"), need=require_text(asked.need, MOST_NEED, "need"),
        person_name=require_line(asked.person_name, 100, "name"), phone=check_mobile(asked.phone), requested_at=at,
    )  # fmt: skip
    journal.insert(row, Event(Kind.AGENCY_REQUESTED), by=by, at=at)
    return row


def assign(row: AgencyRequest, agent: Officer, *, seen: int | None, by: Acting, at: datetime) -> AgencyRequest:
    by.check(*LEADS)
    state = _next(row, AgencyStep.ASSIGN, seen)
    facts = {"officer": agent.staff_no}
    _commit(row, Event(Kind.AGENCY_ASSIGNED, facts), by, at, state=state, officer_id=agent.pk, assigned_at=at)
    row.officer = agent
    return row


def note(row: AgencyRequest, text: str, *, case_no: str = "", seen: int | None, by: Acting, at: datetime) -> AgencyNote:
    """进展. By the agent; a case may be named, and the applicant finds it behind the note."""
    _check_agent(row, by)
    _next(row, AgencyStep.NOTE, seen)
    kept = AgencyNote(
        request=row, at=at, by_id=by.officer_id, text=require_text(text, 1000, "text"),
        case_no=clean_line(case_no, 50, "case_no").upper(),
    )  # fmt: skip
    facts = {"case": kept.case_no} if kept.case_no else {}
    _commit(row, Event(Kind.AGENCY_NOTED, facts), by, at)
    kept.save()
    return kept


def finish(row: AgencyRequest, outcome: str, *, seen: int | None, by: Acting, at: datetime) -> AgencyRequest:
    _check_agent(row, by)
    state = _next(row, AgencyStep.FINISH, seen)
    said = require_text(outcome, 1000, "outcome")
    return _commit(row, Event(Kind.AGENCY_DONE), by, at, state=state, outcome=said, ended_at=at)


def decline(row: AgencyRequest, reason: str, *, seen: int | None, by: Acting, at: datetime) -> AgencyRequest:
    by.check(*LEADS)
    state = _next(row, AgencyStep.DECLINE, seen)
    said = require_text(reason, 1000, "reason")
    return _commit(row, Event(Kind.AGENCY_DECLINED), by, at, state=state, outcome=said, ended_at=at)


def withdraw(row: AgencyRequest, reason: str, *, seen: int | None, by: Acting, at: datetime) -> AgencyRequest:
    if by.kind is not ActorKind.APPLICANT or row.account_id != by.id:
        raise Refusal(RefusalCode.NOT_FOUND)
    state = _next(row, AgencyStep.WITHDRAW, seen)
    said = clean_text(reason, 1000, "reason")
    return _commit(row, Event(Kind.AGENCY_WITHDRAWN), by, at, state=state, outcome=said, ended_at=at)


def _next(row: AgencyRequest, step: AgencyStep, seen: int | None) -> str:
    state = next_agency_state(step, AgencyState(row.state))
    if seen is not None and seen != row.version:
        raise Refusal(RefusalCode.STALE, kind="", actor="", at="")
    return state.value


def _check_agent(row: AgencyRequest, by: Acting) -> None:
    if not by.is_officer or (row.officer_id not in by.principals() and not by.can(*LEADS)):
        raise Refusal(RefusalCode.AGENCY_NOT_YOURS)


def _commit(row: AgencyRequest, event: Event, by: Acting, at: datetime, **changes: Any) -> AgencyRequest:
    journal.commit(row, event, by=by, at=at, **changes)
    return row
