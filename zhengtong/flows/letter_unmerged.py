"""撤销并件: a letter merged into another is on its own again, and is routed like any letter."""

from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import SYSTEM, Acting
from zhengtong.domains.letters import actions, queries
from zhengtong.domains.letters.models import Letter
from zhengtong.flows.letter_notices import to_author, to_desk
from zhengtong.flows.letter_opened import opened_letter
from zhengtong.flows.letter_received import route_by_rule


@transaction.atomic
def unmerge_letter(number: str, *, seen: int | None, by: Acting, at: datetime) -> Letter:
    letter = opened_letter(number, seen, by)
    _on_its_own(letter, by=by, at=at)
    return letter


def give_back_merged(letter: Letter, *, at: datetime) -> None:
    """This letter ended without an answer: nobody who was to be answered with it may be forgotten."""
    for other in queries.merged(letter):
        _on_its_own(other, by=SYSTEM, at=at)


def _on_its_own(letter: Letter, *, by: Acting, at: datetime) -> None:
    actions.unmerge(letter, by=by, at=at)
    to_author("letter.received", letter, at=at, due=letter.due_on, code=queries.code_of(letter))
    if not route_by_rule(letter, at=at):
        to_desk("letter.to_route", letter, at=at)
