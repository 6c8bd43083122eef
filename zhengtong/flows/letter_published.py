"""公开典型来信: proposed by one, approved by another, taken down when it must be."""

from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.letters import actions
from zhengtong.domains.letters.models import Publication
from zhengtong.flows.letter_opened import opened_letter


@transaction.atomic
def propose_publication(
    number: str, *, title: str, question: str, answer: str, seen: int | None, by: Acting, at: datetime
) -> Publication:
    return actions.propose(opened_letter(number, seen, by), title=title, question=question, answer=answer, by=by, at=at)


@transaction.atomic
def publish_letter(number: str, *, seen: int | None, by: Acting, at: datetime) -> Publication:
    return actions.publish(opened_letter(number, seen, by), by=by, at=at)


@transaction.atomic
def decline_publication(number: str, *, reason: str, seen: int | None, by: Acting, at: datetime) -> Publication:
    return actions.decline(opened_letter(number, seen, by), reason=reason, by=by, at=at)


@transaction.atomic
def unpublish_letter(number: str, *, reason: str, seen: int | None, by: Acting, at: datetime) -> Publication:
    return actions.unpublish(opened_letter(number, seen, by), reason=reason, by=by, at=at)
