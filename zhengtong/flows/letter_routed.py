"""转办、签收、退回、改类、并件、移交、不予受理: where a letter goes, and whom that tells."""

from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.letters import actions, queries
from zhengtong.domains.letters.models import Letter
from zhengtong.domains.open311 import actions as open311
from zhengtong.domains.registry import queries as registry
from zhengtong.flows.letter_notices import to_author, to_desk, to_organ
from zhengtong.flows.letter_opened import opened_letter
from zhengtong.flows.letter_received import route_by_rule
from zhengtong.flows.letter_unmerged import give_back_merged
from zhengtong.rules.letters import Destination, LetterKind, LetterState


@transaction.atomic
def route_letter(
    number: str, *, organ_id: int, section_id: int | None, note: str = "", seen: int | None, by: Acting, at: datetime
) -> Letter:
    """转办 by the letter desk: the organ is told, and the author who answers."""
    letter = opened_letter(number, seen, by)
    section = registry.section_for(section_id) if section_id is not None else None
    actions.route(letter, registry.organ_for(organ_id), section, note=note, by=by, at=at)
    to_organ("letter.assigned", letter, at=at)
    to_author("letter.routed", letter, at=at, organ=registry.organ_for(organ_id).name, due=letter.due_on)
    return letter


@transaction.atomic
def take_letter(number: str, *, seen: int | None, by: Acting, at: datetime) -> Letter:
    letter = opened_letter(number, seen, by)
    actions.take(letter, by=by, at=at)
    return letter


@transaction.atomic
def return_letter(number: str, *, reason: str, seen: int | None, by: Acting, at: datetime) -> Letter:
    """退回 to the letter desk: not for this organ."""
    letter = opened_letter(number, seen, by)
    actions.return_letter(letter, reason=reason, by=by, at=at)
    to_desk("letter.returned", letter, at=at)
    return letter


@transaction.atomic
def reclassify_letter(
    number: str, *, kind: LetterKind, category: str, urgent: bool, confidential: bool, reason: str,
    seen: int | None, by: Acting, at: datetime,
) -> Letter:  # fmt: skip
    """改类. A tip leaves for the integrity desk; what is none any more is routed like any letter."""
    letter = opened_letter(number, seen, by)
    actions.reclassify(
        letter, kind=kind, category=queries.category_for(category), urgent=urgent, confidential=confidential,
        reason=reason, by=by, at=at,
    )  # fmt: skip
    if letter.confidential:
        open311.call_off(letter.number, "confidential")
    if kind is LetterKind.TIP:  # whoever was to be answered with it must not read what the integrity desk answers
        give_back_merged(letter, at=at)
    if letter.state == LetterState.RECEIVED.value and not route_by_rule(letter, at=at):
        to_desk("letter.to_route", letter, at=at)
    return letter


@transaction.atomic
def merge_letter(number: str, *, into: str, seen: int | None, by: Acting, at: datetime) -> Letter:
    """并件: the author is told under which number the answer will come."""
    letter = opened_letter(number, seen, by)
    main = queries.letter_for(by, into)
    actions.merge(letter, main, by=by, at=at)
    to_author("letter.merged", letter, at=at)
    return letter


@transaction.atomic
def transfer_letter(
    number: str, *, destination: Destination, told: str, seen: int | None, by: Acting, at: datetime
) -> Letter:
    """移交 to another body, with what the author is told. A petition takes 15 and 60 calendar days there."""
    letter = opened_letter(number, seen, by)
    dates = actions.petition_dates(letter) if destination is Destination.PETITION else {}
    actions.transfer(letter, destination, told=told, by=by, at=at)
    to_author("letter.transferred", letter, at=at, **dates)
    give_back_merged(letter, at=at)
    return letter


@transaction.atomic
def refuse_letter(number: str, *, told: str, seen: int | None, by: Acting, at: datetime) -> Letter:
    """不予受理, with the right address."""
    letter = opened_letter(number, seen, by)
    actions.refuse(letter, told=told, by=by, at=at)
    to_author("letter.refused", letter, at=at)
    give_back_merged(letter, at=at)
    return letter


@transaction.atomic
def moderate_letter(number: str, *, text: str, seen: int | None, by: Acting, at: datetime) -> Letter:
    """整理: the text others read; the original stays."""
    letter = opened_letter(number, seen, by)
    actions.moderate(letter, text=text, by=by, at=at)
    return letter
