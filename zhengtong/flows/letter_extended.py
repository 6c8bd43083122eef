"""来信延期: asked before the limit ends, granted or declined by another; the author is told what was granted."""

from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.letters import actions, queries
from zhengtong.domains.letters.models import Letter
from zhengtong.flows.letter_notices import to_approvers, to_author, to_officers
from zhengtong.flows.letter_opened import opened_letter
from zhengtong.rules.clock import local_date
from zhengtong.rules.roles import Ability


@transaction.atomic
def ask_extension(number: str, *, days: int, reason: str, seen: int | None, by: Acting, at: datetime) -> Letter:
    letter = opened_letter(number, seen, by)
    actions.ask_extension(letter, days=days, reason=reason, by=by, at=at)
    to_approvers("letter.extension_asked", letter, at=at, who=by.name, days=days)
    return letter


@transaction.atomic
def extend_letter(number: str, *, answer: str = "", seen: int | None, by: Acting, at: datetime) -> Letter:
    letter = opened_letter(number, seen, by)
    asked = actions.extend(letter, answer=answer, by=by, at=at)
    to_author("letter.extended", letter, at=at, due=letter.due_on, days=asked.days)
    _tell_asker(letter, asked.asked_by_id, "letter.extension_granted", at)
    return letter


@transaction.atomic
def decline_extension(number: str, *, answer: str, seen: int | None, by: Acting, at: datetime) -> Letter:
    letter = opened_letter(number, seen, by)
    asked = actions.decline_extension(letter, answer=answer, by=by, at=at)
    _tell_asker(letter, asked.asked_by_id, "letter.extension_declined", at)
    return letter


def _tell_asker(letter: Letter, officer_id: int, kind: str, at: datetime) -> None:
    posts = queries.people_of(letter.organ_id, None, Ability.ANSWER_LETTERS, local_date(at))
    to_officers(kind, letter, [post for post in posts if post.officer_id == officer_id], at=at)
