"""How a letter ends, what its author says to it, and who asked who wrote."""

from datetime import datetime

from django.db import transaction

from zhengtong.base import journal
from zhengtong.base.deadlines import actions as deadlines
from zhengtong.base.deadlines.plan import planned
from zhengtong.base.journal import Event
from zhengtong.base.law import current_law
from zhengtong.base.permission import Acting
from zhengtong.domains.letters.actions.steps import allow, dated, event, remark, subject
from zhengtong.domains.letters.models import Letter, Revisit
from zhengtong.domains.letters.queries import may_reveal, reopen_until, revisits, sides, took_part
from zhengtong.rules.clock import Unit, local_date
from zhengtong.rules.kinds import Kind
from zhengtong.rules.letters import (
    PETITION_FINISH,
    PETITION_NOTICE,
    Conversion,
    Destination,
    LetterKind,
    LetterState,
    LetterStep,
    Satisfaction,
    Side,
    check_letter_step,
    limit_key,
)
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.rules.text import require_line, require_text

_BOTH = (DeadlineKind.REPLY, DeadlineKind.ROUTE)


@transaction.atomic
def transfer(letter: Letter, destination: Destination, *, told: str, by: Acting, at: datetime) -> None:
    """移交 to another body; `told` is what the author reads. A petition has 15 and 60 calendar days there, from receipt."""
    move = allow(letter, LetterStep.TRANSFER, by)
    facts: dict[str, object] = {"to": destination.value}
    if destination is Destination.PETITION:
        facts |= petition_dates(letter)
    words = require_text(told, 1000, "told")
    journal.commit(
        letter, event(move, letter, by, **facts), by=by, at=at,
        state=LetterState.TRANSFERRED.value, destination=destination.value, outcome=words, closed_at=at,
    )  # fmt: skip
    deadlines.close(subject(letter), _BOTH, at=at, void=True)


def petition_dates(letter: Letter) -> dict[str, object]:
    """信访工作条例: by when its acceptance is told, and by when it is finished. Calendar days, never mixed with ours."""
    law, start = current_law(), letter.received_on
    found: dict[str, object] = {}
    for name, key in (("notice_due", PETITION_NOTICE), ("finish_due", PETITION_FINISH)):
        limit = law.days(key, start, Unit.CALENDAR_DAY)
        found[name] = planned(subject(letter), DeadlineKind.REPLY, start, limit, law.calendar).due_on
    return found


@transaction.atomic
def refuse(letter: Letter, *, told: str, by: Acting, at: datetime) -> None:
    """不予受理: not for the organs of this house; `told` names the right address (首问负责)."""
    move = allow(letter, LetterStep.REFUSE, by)
    words = require_text(told, 1000, "told")
    journal.commit(
        letter, event(move, letter, by), by=by, at=at, state=LetterState.REFUSED.value, outcome=words, closed_at=at
    )
    deadlines.close(subject(letter), _BOTH, at=at, void=True)


@transaction.atomic
def convert(letter: Letter, to: Conversion, key: str, *, told: str, by: Acting, at: datetime) -> None:
    """转为: what the letter became, under its own number there. An order is supervision's to issue, the rest the desk's."""
    by_supervision = to is Conversion.ORDER and by.can(Ability.SUPERVISE)
    move = (
        check_letter_step(LetterStep.CONVERT, LetterState(letter.state))
        if by_supervision
        else allow(letter, LetterStep.CONVERT, by)
    )
    words = require_text(told, 1000, "told")
    journal.commit(
        letter, event(move, letter, by, to=to.value, key=key), by=by, at=at, state=LetterState.CONVERTED.value,
        converted_to=to.value, converted_key=key, outcome=words, closed_at=at,
    )  # fmt: skip
    deadlines.close(subject(letter), _BOTH, at=at, void=True)


@transaction.atomic
def withdraw(letter: Letter, *, code_shown: bool = False, by: Acting, at: datetime) -> None:
    """撤回 by its author, before it was answered."""
    move = allow(letter, LetterStep.WITHDRAW, by, code_shown=code_shown)
    journal.commit(letter, event(move, letter, by), by=by, at=at, state=LetterState.WITHDRAWN.value, closed_at=at)
    deadlines.close(subject(letter), _BOTH, at=at, void=True)


@transaction.atomic
def urge(letter: Letter, *, code_shown: bool = False, by: Acting, at: datetime) -> None:
    """催办, at most once a day."""
    move = allow(letter, LetterStep.URGE, by, code_shown=code_shown)
    if letter.urged_at is not None and local_date(letter.urged_at) == local_date(at):
        raise Refusal(RefusalCode.LETTER_URGED_TODAY)
    journal.commit(letter, event(move, letter, by), by=by, at=at, urged_at=at, urged=letter.urged + 1)


@transaction.atomic
def add(letter: Letter, text: str, *, code_shown: bool = False, by: Acting, at: datetime) -> None:
    """补充说明 by its author, while no answer is sent; kept beside the entry, as all that may name people."""
    move = allow(letter, LetterStep.ADD, by, code_shown=code_shown)
    journal.commit(letter, event(move, letter, by), by=by, at=at)
    remark(letter, text, most=2_000, field="text")


@transaction.atomic
def revisit(letter: Letter, result: Satisfaction, *, said: str = "", by: Acting, at: datetime) -> Revisit:
    """回访 by somebody who took no part. Who is satisfied has ended it; who is not may have it reopened."""
    move = allow(letter, LetterStep.REVISIT, by)
    if by.officer_id in took_part(letter):
        raise Refusal(RefusalCode.LETTER_TOOK_PART)
    satisfied = result is Satisfaction.SATISFIED
    words = require_text(said, 1000, "said") if result is Satisfaction.UNSATISFIED else said.strip()[:1000]
    journal.commit(
        letter, event(move, letter, by, result=result.value), by=by, at=at,
        state=(LetterState.CLOSED if satisfied else LetterState.REVISITED).value,
        satisfaction=result.value, closed_at=at if satisfied else None,
    )  # fmt: skip
    return Revisit.objects.create(
        letter=letter, round=letter.round, result=result.value, said=words, at=at, by_id=by.officer_id
    )


@transaction.atomic
def confirm(letter: Letter, *, code_shown: bool = False, by: Acting, at: datetime) -> None:
    """The author says that the matter is settled."""
    move = allow(letter, LetterStep.CONFIRM, by, code_shown=code_shown)
    journal.commit(
        letter, event(move, letter, by), by=by, at=at, state=LetterState.CLOSED.value, closed_at=at,
        satisfaction=Satisfaction.SATISFIED.value,
    )  # fmt: skip


@transaction.atomic
def close(letter: Letter, *, by: Acting, at: datetime) -> None:
    """办结: nothing was heard in the time to reopen, or the desk closes what was called about."""
    move = allow(letter, LetterStep.CLOSE, by)
    journal.commit(letter, event(move, letter, by), by=by, at=at, state=LetterState.CLOSED.value, closed_at=at)


@transaction.atomic
def reopen(letter: Letter, *, reason: str, code_shown: bool = False, by: Acting, at: datetime) -> None:
    """重新办理: once, one level up (to the organ, not the section; by others; approved), with a new limit from today.

    By the author; or by whoever called them back and was told that they are unhappy.
    """
    told = any(one.result == Satisfaction.UNSATISFIED.value for one in revisits(letter))
    on_behalf = told and Side.REVISITOR in sides(by, letter)
    move = allow(letter, LetterStep.REOPEN, by, code_shown=code_shown or on_behalf)
    if letter.kind == LetterKind.TIP.value:
        raise Refusal(RefusalCode.LETTER_TIP_ONLY)
    if letter.round > 1:
        raise Refusal(RefusalCode.LETTER_REOPENED_ONCE)
    until = reopen_until(letter)
    if until is not None and local_date(at) > until:
        raise Refusal(RefusalCode.LETTER_REOPEN_TOO_LATE, until=until)
    law, on = current_law(), local_date(at)
    key = limit_key(LetterKind(letter.kind), urgent=letter.urgent)
    row = planned(
        subject(letter), DeadlineKind.REPLY, on, law.days(key, on), law.calendar,
        organ_id=letter.organ_id, ordinal=letter.round + 1,
    )  # fmt: skip
    state = LetterState.ROUTED if letter.organ_id is not None else LetterState.RECEIVED
    journal.commit(
        letter, event(move, letter, by, due=row.due_on), by=by, at=at, state=state.value,
        round=letter.round + 1, section_id=None, handler_id=None, closed_at=None,
        satisfaction=Satisfaction.UNSATISFIED.value, **dated(row),
    )  # fmt: skip
    remark(letter, reason)
    deadlines.write([row])


@transaction.atomic
def reveal(letter: Letter, *, purpose: str, by: Acting, at: datetime) -> dict[str, str]:
    """Who wrote, in clear, for a stated purpose; the purpose stands in the journal."""
    if not may_reveal(by, letter):
        raise Refusal(RefusalCode.LETTER_HIDDEN if letter.confidential else RefusalCode.PERMISSION_MISSING)
    words = require_line(purpose, 200, "purpose")
    label = by.posts[0].label if by.posts else ""
    journal.commit(letter, Event(Kind.LETTER_REVEALED, {"purpose": words}, label), by=by, at=at)
    return {"name": letter.name, "phone": letter.phone, "email": letter.email, "address": letter.address}
