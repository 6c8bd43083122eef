"""回访和办结: a call by somebody uninvolved; what nobody spoke of again closes by itself."""

from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import SYSTEM, Acting
from zhengtong.domains.letters import actions, queries
from zhengtong.domains.letters.models import Letter
from zhengtong.flows.letter_notices import to_author
from zhengtong.flows.letter_opened import opened_letter
from zhengtong.rules.letters import Satisfaction
from zhengtong.rules.refusal import Refusal, RefusalCode

QUICKER = (RefusalCode.STALE, RefusalCode.LETTER_WRONG_STATE)


@transaction.atomic
def revisit_letter(
    number: str, *, result: Satisfaction, said: str = "", seen: int | None, by: Acting, at: datetime
) -> Letter:
    """回访, with what the author said. Who is not satisfied is told how to have it reopened."""
    letter = opened_letter(number, seen, by)
    actions.revisit(letter, result, said=said, by=by, at=at)
    if result is Satisfaction.UNSATISFIED:
        to_author("letter.may_reopen", letter, at=at, until=queries.reopen_until(letter))
    return letter


@transaction.atomic
def close_letter(number: str, *, seen: int | None, by: Acting, at: datetime) -> Letter:
    letter = opened_letter(number, seen, by)
    actions.close(letter, by=by, at=at)
    return letter


def close_quiet_letters(*, at: datetime, limit: int = 200) -> int:
    """The worker, every night: what was answered and not spoken of again in all the time to reopen is closed."""
    closed = 0
    for letter in queries.quiet_since(at, limit=limit):
        try:
            with transaction.atomic():
                actions.close(letter, by=SYSTEM, at=at)
                to_author("letter.closed", letter, at=at)
        except Refusal as refusal:
            if refusal.code not in QUICKER:
                raise
        else:
            closed += 1
    return closed
