"""A suspicion becomes a lead once; found again, its evidence grows while nobody has settled it."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from zhengtong.base import journal
from zhengtong.base.journal import Event
from zhengtong.base.permission import SYSTEM, Acting
from zhengtong.domains.authenticity.models import Lead, LeadEvidence
from zhengtong.domains.cases.actions.opening import next_serial
from zhengtong.rules.authenticity.suspicion import LEVELS, Shown, Suspicion
from zhengtong.rules.clock import local_date
from zhengtong.rules.kinds import Kind
from zhengtong.rules.lights import Level


@transaction.atomic
def find(
    suspicions: Iterable[Suspicion], *, levels: Mapping[str, Level] = LEVELS, by: Acting = SYSTEM, at: datetime
) -> list[Lead]:
    """The leads that are new. Idempotent: what stands already is not written again."""
    merged = _merged(suspicions)
    known = {lead.identity: lead for lead in Lead.objects.filter(identity__in=list(merged))}
    new = []
    for identity, (suspicion, shown) in merged.items():
        lead = known.get(identity)
        if lead is None:
            new.append(_opened(suspicion, shown, levels[suspicion.rule], by=by, at=at))
        elif lead.state == Lead.OPEN:
            _extend(lead, suspicion, shown, by=by, at=at)
    return new


def _merged(suspicions: Iterable[Suspicion]) -> dict[str, tuple[Suspicion, list[Shown]]]:
    """The same suspicion met twice in one slice is one, with the evidence of both."""
    found: dict[str, tuple[Suspicion, list[Shown]]] = {}
    for one in suspicions:
        shown = found[one.identity][1] if one.identity in found else []
        found[one.identity] = (one, [*shown, *one.evidence])
    return found


def _opened(suspicion: Suspicion, shown: list[Shown], level: Level, *, by: Acting, at: datetime) -> Lead:
    on = local_date(at)
    lead = Lead(
        number=f"XS{on:%Y}{next_serial(f'lead:{on:%Y}'):06d}",
        rule_code=suspicion.rule, level=level.value, scope=suspicion.scope.value, scope_key=suspicion.key,
        period=suspicion.period, identity=suspicion.identity, organ_id=suspicion.organ_id,
        section_id=suspicion.section_id, item_id=suspicion.item_id, officer_id=suspicion.officer_id,
        facts=dict(suspicion.facts), found_at=at, found_on=on,
    )  # fmt: skip
    rows = list({_key(one): one for one in shown}.values())
    facts = {"rule": suspicion.rule, "scope": suspicion.scope, "period": suspicion.period, "records": _records(rows)}
    journal.insert(lead, Event(Kind.LEAD_FOUND, facts), by=by, at=at)
    LeadEvidence.objects.bulk_create(_row(lead, one) for one in rows)
    return lead


def _extend(lead: Lead, suspicion: Suspicion, shown: list[Shown], *, by: Acting, at: datetime) -> None:
    there = set(lead.evidence.values_list("subject_kind", "subject_key", "seq", "what"))
    rows = {_key(one): one for one in shown if _key(one) not in there}
    if not rows:
        return
    LeadEvidence.objects.bulk_create(_row(lead, one) for one in rows.values())
    facts = {"records": _records(list(rows.values()))}
    journal.commit(lead, Event(Kind.LEAD_EXTENDED, facts), by=by, at=at, facts=dict(suspicion.facts))


def _key(shown: Shown) -> tuple[str, str, int, str]:
    return (shown.kind, shown.key, shown.seq or 0, shown.what)


def _records(rows: list[Shown]) -> list[str]:
    """What the journal keeps of the evidence: kind, key and entry of each record."""
    return [f"{one.kind}:{one.key}#{one.seq or 0}" for one in rows[:100]]


def _row(lead: Lead, shown: Shown) -> LeadEvidence:
    return LeadEvidence(
        lead=lead, subject_kind=shown.kind, subject_key=shown.key, seq=shown.seq or 0, what=shown.what, at=shown.at,
        officer_id=shown.officer_id, facts=dict(shown.facts),
    )  # fmt: skip
