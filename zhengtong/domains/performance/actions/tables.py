"""Score tables in versions, edited by one and approved by another; and the peer groups within which is ranked."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from importlib.resources import files
from typing import Any

from django.db import transaction

from zhengtong.base import journal
from zhengtong.base.journal import Event
from zhengtong.base.permission import SYSTEM, Acting, ActorKind
from zhengtong.domains.performance import queries
from zhengtong.domains.performance.models import PeerGroup, ScoreMonth, ScoreTable, ScoreTableVersion
from zhengtong.domains.performance.reckoning import digest
from zhengtong.domains.registry.models import Organ
from zhengtong.rules.canonical import canonical
from zhengtong.rules.kinds import Kind
from zhengtong.rules.period import local_date
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.rules.scoring_months import Month
from zhengtong.rules.scoring_quantities import Subject
from zhengtong.rules.scoring_tables import problems
from zhengtong.rules.text import clean_line, require_line

SHIPPED = {Subject.ORGAN: "department", Subject.OFFICER: "staff"}
FIRST = date(2000, 1, 1)  # the tables we ship score every month nobody else has set a table for
SHOWN_AT_ONCE = 30


def _check(by: Acting, ability: Ability) -> None:
    if by.kind is not ActorKind.SYSTEM:
        by.check(ability)


def shipped(subject: Subject) -> dict[str, Any]:
    """The default table (domain-rules §5.6) as data."""
    text = files("zhengtong.domains.performance").joinpath("data", f"{SHIPPED[subject]}.json").read_text("utf-8")
    document: dict[str, Any] = json.loads(text)
    return document


@transaction.atomic
def seed(*, at: datetime) -> int:
    """Adds the tables that are missing, in force from the beginning. Returns how many were added."""
    known = set(ScoreTable.objects.values_list("subject", flat=True))
    missing = [subject for subject in SHIPPED if subject.value not in known]
    for subject in missing:
        document = shipped(subject)
        table = ScoreTable(code=SHIPPED[subject], subject=subject.value)
        facts = {"number": 1, "digest": digest(document), "effective_from": FIRST}
        journal.insert(table, Event(Kind.SCORE_TABLE_CREATED, facts), by=SYSTEM, at=at)
        ScoreTableVersion.objects.create(
            table=table, number=1, document=document, digest=digest(document), effective_from=FIRST,
            edited_at=at, approved_at=at,
        )  # fmt: skip
    return len(missing)


def _checked(document: Any, subject: str) -> dict[str, Any]:
    """The document as it may be stored, or one refusal that lists every problem with its place."""
    found = problems(document)
    if not found and document["subject"] != subject:
        found = problems({**document, "subject": ""})  # a table stays what it is about
    if found:
        raise Refusal(RefusalCode.SCORE_TABLE_INVALID, count=len(found), problems=found[:SHOWN_AT_ONCE])
    kept: dict[str, Any] = json.loads(canonical(document))
    return kept


@transaction.atomic
def open_draft(code: str, *, by: Acting, at: datetime) -> ScoreTableVersion:
    """The next version, begun as a copy of the newest; the draft that is open already, if there is one."""
    _check(by, Ability.KEEP_RULES)
    table = queries.table_for(code)
    newest = queries.versions(table)[0]
    if not newest.frozen:
        return newest
    event = Event(Kind.SCORE_TABLE_DRAFTED, {"number": newest.number + 1, "digest": newest.digest})
    journal.commit(table, event, by=by, at=at)
    return ScoreTableVersion.objects.create(
        table=table, number=newest.number + 1, document=newest.document, digest=newest.digest,
        edited_by_id=by.id if by.is_officer else None, edited_at=at,
    )  # fmt: skip


@transaction.atomic
def edit(code: str, document: Mapping[str, Any], *, by: Acting, at: datetime) -> ScoreTableVersion:
    """Replaces the open draft's document. SCORE_TABLE_INVALID carries its problems."""
    _check(by, Ability.KEEP_RULES)
    version = open_draft(code, by=by, at=at)
    kept = _checked(document, version.table.subject)
    if digest(kept) == version.digest:
        return version
    event = Event(Kind.SCORE_TABLE_EDITED, {"number": version.number, "digest": digest(kept)})
    journal.commit(version.table, event, by=by, at=at)
    version.document, version.digest, version.edited_at = kept, digest(kept), at
    version.edited_by_id = by.id if by.is_officer else None
    version.save(update_fields=["document", "digest", "edited_at", "edited_by"])
    return version


@transaction.atomic
def approve(code: str, month: Month, *, by: Acting, at: datetime) -> ScoreTableVersion:
    """Puts the draft in force from a month on that is not locked yet. Another person than who edited it (四眼)."""
    by.check(Ability.PUBLISH_REPORTS)
    table = queries.table_for(code)
    version = queries.versions(table)[0]
    if version.frozen:
        raise Refusal(RefusalCode.NOT_FOUND)
    if version.edited_by_id == by.id:
        raise Refusal(RefusalCode.SCORE_TABLE_OWN_WORK)
    _checked(version.document, table.subject)
    locked = ScoreMonth.objects.filter(subject=table.subject, month__gte=month.since).exists()
    if locked or month.until < local_date(at).replace(day=1):
        # A month that has ended may not be judged by a yardstick made afterwards.
        raise Refusal(RefusalCode.SCORE_TABLE_BACKDATED, month=str(month))
    facts = {"number": version.number, "digest": version.digest, "effective_from": month.since}
    journal.commit(table, Event(Kind.SCORE_TABLE_APPROVED, facts), by=by, at=at)
    version.effective_from, version.approved_by_id, version.approved_at = month.since, by.id, at
    version.save(update_fields=["effective_from", "approved_by", "approved_at"])
    return version


# --- peer groups -----------------------------------------------------------------------------------------------------


@transaction.atomic
def keep_group(
    code: str, *, name: str, name_en: str, organ_codes: Sequence[str], by: Acting, at: datetime, new: bool = False
) -> PeerGroup:
    """Founds or changes a peer group. Months already locked keep the group they were ranked in."""
    _check(by, Ability.KEEP_RULES)
    values: dict[str, Any] = {
        "name": require_line(name, 100, "name"),
        "name_en": clean_line(name_en, 100, "name_en"),
        "organ_codes": sorted(set(organ_codes)),
    }
    if unknown := set(values["organ_codes"]) - set(Organ.objects.values_list("code", flat=True)):
        raise Refusal(RefusalCode.ITEM_ORGAN_UNKNOWN, organ_code=min(unknown))
    for other in PeerGroup.objects.exclude(code=code):
        if taken := sorted(set(values["organ_codes"]) & set(other.organ_codes)):
            organ = Organ.objects.get(code=taken[0])
            raise Refusal(RefusalCode.PEER_GROUP_TAKEN, organ=organ.name, group=other.name)
    group = PeerGroup.objects.filter(code=code).first()
    if group is None:
        group = PeerGroup(code=require_line(code, 30, "code"), **values)
        journal.insert(group, Event(Kind.PEER_GROUP_CREATED), by=by, at=at)
        return group
    if new:
        raise Refusal(RefusalCode.PEER_GROUP_EXISTS, code=code)
    journal.commit(group, Event(Kind.PEER_GROUP_CHANGED), by=by, at=at, **values)
    return group
