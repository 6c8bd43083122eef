"""What the author does, by account or by the query code of the receipt: urge, withdraw, confirm, ask for a second answer."""

from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.letters import actions
from zhengtong.domains.letters.models import Letter
from zhengtong.flows.letter_notices import to_author, to_desk, to_organ
from zhengtong.flows.letter_opened import own_letter
from zhengtong.flows.letter_unmerged import give_back_merged
from zhengtong.rules.letters import LetterState


@transaction.atomic
def urge_letter(number: str, *, code: str = "", by: Acting, at: datetime) -> Letter:
    """催办: whoever has it in hand is told, and the desk where nobody has."""
    letter = own_letter(number, code, by)
    actions.urge(letter, code_shown=bool(code), by=by, at=at)
    if letter.state == LetterState.RECEIVED.value or letter.organ_id is None:
        to_desk("letter.urged", letter, at=at)
    else:
        to_organ("letter.urged", letter, at=at)
    return letter


@transaction.atomic
def add_to_letter(number: str, *, text: str, code: str = "", by: Acting, at: datetime) -> Letter:
    """补充说明: whoever has it in hand is told that there is more to read."""
    letter = own_letter(number, code, by)
    actions.add(letter, text, code_shown=bool(code), by=by, at=at)
    if letter.organ_id is not None:
        to_organ("letter.added", letter, at=at)
    return letter


@transaction.atomic
def withdraw_letter(number: str, *, code: str = "", by: Acting, at: datetime) -> Letter:
    letter = own_letter(number, code, by)
    actions.withdraw(letter, code_shown=bool(code), by=by, at=at)
    give_back_merged(letter, at=at)
    return letter


@transaction.atomic
def confirm_letter(number: str, *, code: str = "", by: Acting, at: datetime) -> Letter:
    """The author says that the matter is settled."""
    letter = own_letter(number, code, by)
    actions.confirm(letter, code_shown=bool(code), by=by, at=at)
    return letter


@transaction.atomic
def take_down_letter(number: str, *, code: str = "", by: Acting, at: datetime) -> Letter:
    """撤下公开: the consent to publish is taken back, and with it what was published."""
    letter = own_letter(number, code, by)
    actions.take_down(letter, code_shown=bool(code), by=by, at=at)
    return letter


@transaction.atomic
def reopen_letter(number: str, *, reason: str, code: str = "", by: Acting, at: datetime) -> Letter:
    """重新办理, once, one level up. Also by whoever called the author back and was told they are unhappy."""
    letter = own_letter(number, code, by)
    actions.reopen(letter, reason=reason, code_shown=bool(code), by=by, at=at)
    to_organ("letter.reopened_inside", letter, at=at)
    to_desk("letter.reopened_inside", letter, at=at)
    to_author("letter.reopened", letter, at=at, due=letter.due_on)
    return letter
