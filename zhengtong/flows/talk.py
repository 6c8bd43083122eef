"""Words around a case: messages both ways, urging, notes, corrections, a phone revealed."""

from datetime import datetime

from django.db import transaction

from zhengtong.base.outbox.actions import queue
from zhengtong.base.permission import Acting, ActorKind
from zhengtong.domains.cases import actions
from zhengtong.domains.cases.models import CaseMessage
from zhengtong.domains.registry import actions as registry
from zhengtong.flows.notices import notice
from zhengtong.flows.opened import opened
from zhengtong.rules.refusal import Refusal, RefusalCode


@transaction.atomic
def say(number: str, *, text: str, by: Acting, at: datetime) -> CaseMessage:
    case, _, _ = opened(number, None, by)
    line = actions.say(case, text=text, by=by, at=at)
    if by.kind is not ActorKind.APPLICANT:
        queue(*notice("case.message_sent", case, at=at))
    return line


@transaction.atomic
def urge(number: str, *, by: Acting, at: datetime) -> None:
    case, _, _ = opened(number, None, by)
    actions.urge(case, by=by, at=at)


@transaction.atomic
def note(number: str, *, text: str, by: Acting, at: datetime) -> None:
    case, _, _ = opened(number, None, by)
    actions.note(case, text=text, by=by, at=at)


@transaction.atomic
def correct_contact(
    number: str, *, phone: str, agent_name: str, reason: str, seen: int | None, by: Acting, at: datetime
) -> None:
    case, _, _ = opened(number, seen, by)
    actions.correct_contact(case, phone=phone, agent_name=agent_name, reason=reason, by=by, at=at)


@transaction.atomic
def reveal_phone(number: str, *, purpose: str, by: Acting, at: datetime) -> str:
    case, _, _ = opened(number, None, by)
    return actions.reveal_phone(case, purpose=purpose, by=by, at=at)


@transaction.atomic
def read(number: str, *, by: Acting, at: datetime) -> None:
    """The other side's lines have been seen."""
    case, _, _ = opened(number, None, by)
    actions.read_thread(case, by=by, at=at)


@transaction.atomic
def reveal_id(number: str, *, purpose: str, by: Acting, at: datetime) -> str:
    """The applicant's identity number in clear, journalled with its purpose on the person it belongs to."""
    case, _, _ = opened(number, None, by)
    if case.person is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    actions.check_reveals(case, by)
    return registry.reveal(case.person, "id_number", purpose=purpose, case_no=case.number, by=by, at=at)


@transaction.atomic
def reveal_answers(number: str, *, purpose: str, by: Acting, at: datetime) -> None:
    case, _, _ = opened(number, None, by)
    actions.reveal_answers(case, purpose=purpose, by=by, at=at)
