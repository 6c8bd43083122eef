"""A letter goes to another house that speaks Open311: noted, and handed to the outbox, which tries until it is taken;
and what that house says of it comes back to whoever has the letter in hand."""

from datetime import datetime

from django.db import transaction

from zhengtong.base.outbox.actions import message, queue
from zhengtong.base.permission import SYSTEM, Acting
from zhengtong.domains.letters import actions as letter_actions
from zhengtong.domains.letters import queries as letters
from zhengtong.domains.open311 import actions, queries
from zhengtong.domains.open311.models import Passed
from zhengtong.flows.letter_notices import to_desk, to_organ
from zhengtong.rules.letters import LetterKind
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability

CHANNEL, KIND = "open311", "letter.passed_on"


@transaction.atomic
def pass_on(number: str, partner_code: str, *, service_code: str, by: Acting, at: datetime) -> Passed:
    """Only the letter's number stands in the outbox; its words are read when it leaves. A tip goes nowhere, nor does a
    letter whose author is hidden."""
    by.check(Ability.KEEP_LETTERS)
    letter, partner = letters.letter_for(by, number), queries.partner_for(partner_code)
    if letter.kind == LetterKind.TIP.value:
        raise Refusal(RefusalCode.LETTER_TIP_ONLY)
    if letter.confidential:  # title and place would go with it, and may tell who wrote
        raise Refusal(RefusalCode.LETTER_HIDDEN)
    if not partner.active or not partner.url:
        raise Refusal(RefusalCode.NOT_FOUND)
    row, made = actions.begin_passing(partner, letter.number, service_code, at=at)
    if not made:
        return row
    letter_actions.note_elsewhere(letter, partner.name, by=by, at=at)
    queue(
        message(
            KIND, key=f"open311:{partner.code}:{letter.number}", at=at, channel=CHANNEL, address=partner.code,
            subject=(letters.KIND, letter.number),
            payload={"number": letter.number, "service_code": service_code, "text": ""},  # no words to be found for it
        )
    )  # fmt: skip
    return row


@transaction.atomic
def hear_of(row: Passed, status: str, notes: str, *, at: datetime) -> None:
    """What the other house says of it now. When it has ended there, whoever has the letter in hand is told."""
    if actions.heard(row, status, notes, at=at):
        _ended(row, Passed.CLOSED, at)


@transaction.atomic
def hear_refusal(row: Passed, fault: str, *, at: datetime) -> None:
    """The other house does not take it: it is ours to answer after all."""
    if actions.refused(row, fault, at=at):
        _ended(row, Passed.REFUSED, at)


def _ended(row: Passed, ended: str, at: datetime) -> None:
    """Their words stay with `row`: the journal holds none that may name people."""
    letter = letters.letters_by_numbers([row.letter_no])[row.letter_no]
    letter_actions.note_elsewhere(letter, row.partner.name, ended=ended, by=SYSTEM, at=at)
    tell = to_desk if letter.organ_id is None else to_organ
    tell("letter.heard_of", letter, at=at, partner=row.partner.name)
