"""Who wrote, in clear, for a stated purpose."""

from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.letters import actions
from zhengtong.flows.letter_opened import opened_letter


@transaction.atomic
def reveal_author(number: str, *, purpose: str, by: Acting, at: datetime) -> dict[str, str]:
    return actions.reveal(opened_letter(number, None, by), purpose=purpose, by=by, at=at)
