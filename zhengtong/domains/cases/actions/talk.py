"""What is said around a case: messages, notes, urging, corrections, and the revealing of a phone."""

from datetime import datetime, timedelta

from zhengtong.base import journal
from zhengtong.base.permission import Acting, ActorKind
from zhengtong.domains.cases.actions.steps import event
from zhengtong.domains.cases.models import Case, CaseMessage
from zhengtong.rules.codes import check_mobile
from zhengtong.rules.kinds import Kind
from zhengtong.rules.procedure import BEFORE_DECISION, State
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.rules.text import clean_line, require_line, require_text

URGE_AGAIN_AFTER = timedelta(days=1)
# Supervision sees every case and changes none; who only keeps the catalogue or the people has no word in a case.
AT_WORK = (Ability.TAKE_IN, Ability.HANDLE, Ability.REVIEW, Ability.APPROVE, Ability.DISPATCH)


def _check_serves(case: Case, by: Acting, *abilities: Ability) -> None:
    """An officer speaks, notes and reveals in the cases their posts serve; to be asked for an opinion is not enough."""
    serves = case.organ_id in by.organs(*abilities) or by.everywhere(*abilities)
    if by.is_officer and not serves and case.holder_id not in by.principals():
        raise Refusal(RefusalCode.PERMISSION_MISSING, needed="/".join(abilities))


def say(case: Case, *, text: str, by: Acting, at: datetime) -> CaseMessage:
    """A line to the officer, or to the applicant. Its words stay out of the journal: they may be personal."""
    _check_serves(case, by, *AT_WORK)
    cleaned = require_text(text, 2000, "text")
    journal.commit(case, event(Kind.CASE_MESSAGE_SENT, None), by=by, at=at)
    return CaseMessage.objects.create(
        case=case, from_applicant=by.kind is ActorKind.APPLICANT, author_name=by.name, text=cleaned, at=at
    )


def read_thread(case: Case, *, by: Acting, at: datetime) -> None:
    """Marks the other side's lines as read."""
    other = by.kind is not ActorKind.APPLICANT
    CaseMessage.objects.filter(case=case, from_applicant=other, read_at__isnull=True).update(read_at=at)


def urge(case: Case, *, by: Acting, at: datetime) -> None:
    """催办 by the applicant, at most once a day."""
    if by.is_officer:
        raise Refusal(RefusalCode.PERMISSION_MISSING, needed="urge")
    if State(case.state) not in BEFORE_DECISION or case.state == State.SUPPLEMENT.value:
        raise Refusal(RefusalCode.CASE_WRONG_STATE, step="urge", state=case.state)
    if case.urged_at is not None and at - case.urged_at < URGE_AGAIN_AFTER:
        raise Refusal(RefusalCode.URGED_TODAY)
    journal.commit(case, event(Kind.CASE_URGED, None), by=by, at=at, urged_at=at)


def note(case: Case, *, text: str, by: Acting, at: datetime) -> None:
    """An inner note on the file; officers see it, the applicant does not."""
    by.check(*AT_WORK)
    _check_serves(case, by, *AT_WORK)
    journal.commit(case, event(Kind.CASE_NOTED, None, note=require_text(text, 1000, "text")), by=by, at=at)


def correct_contact(case: Case, *, phone: str, agent_name: str, reason: str, by: Acting, at: datetime) -> None:
    """Corrects what was mistyped at the counter. What was there before is in the frozen application."""
    by.check(Ability.TAKE_IN)
    phone = check_mobile(phone) if phone else ""
    agent = clean_line(agent_name, 100, "agent_name") if agent_name else ""
    text = require_text(reason, 300, "reason")
    journal.commit(
        case,
        event(Kind.CASE_CORRECTED, None, fields=["contact_phone", "agent_name"], reason=text),
        by=by,
        at=at,
        contact_phone=phone,
        agent_name=agent,
        is_agent=bool(agent),
    )


def check_reveals(case: Case, by: Acting) -> None:
    by.check(Ability.REVEAL)
    _check_serves(case, by, Ability.REVEAL)


def reveal_phone(case: Case, *, purpose: str, by: Acting, at: datetime) -> str:
    """The applicant's phone in clear, against a journalled purpose (个人信息保护法第六条)."""
    check_reveals(case, by)
    text = require_line(purpose, 200, "purpose")
    journal.commit(case, event(Kind.CASE_REVEALED, None, field="contact_phone", purpose=text), by=by, at=at)
    return case.contact_phone


def reveal_answers(case: Case, *, purpose: str, by: Acting, at: datetime) -> None:
    """Journals that the identity numbers, phones and accounts in the application form are shown in clear."""
    check_reveals(case, by)
    text = require_line(purpose, 200, "purpose")
    journal.commit(case, event(Kind.CASE_REVEALED, None, field="answers", purpose=text), by=by, at=at)
