"""A letter goes to another house that speaks Open311: noted, and handed to the outbox, which tries until it is taken."""

from datetime import datetime

from django.db import transaction

from zhengtong.base.outbox.actions import message, queue
from zhengtong.base.permission import Acting
from zhengtong.domains.letters import queries as letters
from zhengtong.domains.open311 import actions, queries
from zhengtong.domains.open311.models import Passed
from zhengtong.rules.letters import LetterKind
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability

CHANNEL, KIND = "open311", "letter.passed_on"


@transaction.atomic
def pass_on(number: str, partner_code: str, *, service_code: str, by: Acting, at: datetime) -> Passed:
    """Only the letter's number stands in the outbox; its words are read when it leaves. A tip goes nowhere."""
    by.check(Ability.KEEP_LETTERS)
    letter, partner = letters.letter_for(by, number), queries.partner_for(partner_code)
    if letter.kind == LetterKind.TIP.value:
        raise Refusal(RefusalCode.LETTER_TIP_ONLY)
    if not partner.active or not partner.url:
        raise Refusal(RefusalCode.NOT_FOUND)
    row = actions.begin_passing(partner, letter.number, service_code, at=at)
    queue(
        message(
            KIND, key=f"open311:{partner.code}:{letter.number}", at=at, channel=CHANNEL, address=partner.code,
            subject=(letters.KIND, letter.number),
            payload={"number": letter.number, "service_code": service_code, "text": ""},  # no words to be found for it
        )
    )  # fmt: skip
    return row
