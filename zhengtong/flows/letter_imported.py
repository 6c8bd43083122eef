"""A file of another system's letters becomes letters here: what was answered is closed, what was not waits to be routed."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.letters import actions, queries
from zhengtong.domains.letters.actions.importing import ImportTarget
from zhengtong.domains.registry import queries as registry
from zhengtong.rules.letters_import import ImportedLetter, ImportOutcome
from zhengtong.rules.refusal import Refusal, RefusalCode


def import_target(name: str, organ_code: str, region: str) -> ImportTarget:
    """Whose letters they are; Refusal(NOT_FOUND) without the organ or region the map names."""
    organ = registry.organ_by_code(organ_code) if organ_code else None
    if organ_code and organ is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return ImportTarget(name, organ, queries.region_for(region))


@transaction.atomic
def import_letters(
    target: ImportTarget, letters: Sequence[ImportedLetter], *, by: Acting, at: datetime
) -> list[tuple[str, ImportOutcome]]:
    """One batch; all of it or nothing. No limit of ours runs on it: nobody here was late with it."""
    return actions.import_letters(target, letters, by=by, at=at)
