"""发牌: a finding becomes a card, at most one for each subject, rule, aspect and level."""

from datetime import datetime

from django.db import IntegrityError, transaction

from zhengtong.base import journal
from zhengtong.base.deadlines.actions import write
from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.deadlines.plan import planned
from zhengtong.base.journal import Event
from zhengtong.base.law import Law, current_law
from zhengtong.base.outbox.actions import queue
from zhengtong.base.permission import Acting
from zhengtong.domains.cases.actions.opening import next_serial
from zhengtong.domains.registry import queries as registry
from zhengtong.domains.supervision.actions.telling import accounts_told, notice
from zhengtong.domains.supervision.models import Card, RuleVersion
from zhengtong.domains.supervision.queries import rule_in_force
from zhengtong.rules.clock import Level, Limit, Unit, local_date
from zhengtong.rules.kinds import Kind
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.supervision.definition import IssueMode
from zhengtong.rules.supervision.findings import Finding, recorded
from zhengtong.rules.supervision.procedure import ANSWER_DAYS, POINTS, CardState


def raise_card(
    finding: Finding, *, by: Acting, at: datetime, law: Law | None = None, version: RuleVersion | None = None
) -> Card | None:
    """A card for what was found; None when it is there already, a higher one is, or the rule is not in force.

    An automatic rule issues at once, one that asks for confirmation leaves a draft (待发), and so does anything found
    in an imported case. A person who raises one has confirmed it thereby. Issuing starts the answer's limit and tells
    those concerned. An order from a red card is opened by `flows/card_escalated.py`.

    `law` and `version` are what a sweep has read already for the whole slice.
    """
    law = law or current_law()
    on = local_date(at)
    organ = registry.organ(finding.organ_id, law.edition)
    version = version or rule_in_force(finding.rule_code, on, region=organ.region.code)
    if version is None:
        return None
    ladder = version.ladder or version.code
    if _there(finding, ladder):
        return None
    issued = by.is_officer or (version.issue == IssueMode.AUTOMATIC.value and not finding.imported)
    card = Card(
        number=_number(organ.region.code, at),
        rule_version=version,
        rule_code=version.code,
        ladder=ladder,
        level=finding.level.value,
        rank=finding.level.rank,
        state=(CardState.ISSUED if issued else CardState.DRAFT).value,
        subject_kind=finding.subject_kind,
        subject_key=finding.subject_key,
        aspect=finding.aspect,
        organ_id=finding.organ_id,
        section_id=finding.section_id,
        officer_id=finding.officer_id,
        imported=finding.imported,
        points=POINTS.get(finding.level, 0),
        facts=dict(finding.facts),
        evidence=[
            {"kind": e.subject_kind, "key": e.subject_key, "seq": e.seq, "facts": dict(e.text_facts)}
            for e in finding.evidence
        ],
        raised_at=at,
        raised_by_id=by.officer_id if by.is_officer else None,
    )
    events = [Event(Kind.CARD_RAISED, raised_facts(card))]
    answer = None
    if issued:
        answer = begin_answer(card, law, by=by, at=at)
        events.append(Event(Kind.CARD_ISSUED, issued_facts(card)))
    try:
        with transaction.atomic():
            journal.insert(card, *events, by=by, at=at)
    except IntegrityError:
        if _there(finding, ladder):  # another worker came first, a moment ago
            return None
        raise
    if issued:
        tell_issued(card, answer, at=at)
    return card


def _there(finding: Finding, ladder: str) -> bool:
    """This card, or a higher one of the same ladder ([S5]: a lower card is not issued once a higher exists)."""
    return Card.objects.filter(
        subject_kind=finding.subject_kind,
        subject_key=finding.subject_key,
        aspect=finding.aspect,
        ladder=ladder,
        rank__gte=finding.level.rank,
    ).exists()


def _number(region: str, at: datetime) -> str:
    """J, region, day, serial of the day: 20 characters (监察编号, GB/T 39046 table 11: an..20)."""
    day = f"{local_date(at):%Y%m%d}"
    return f"J{region[:6]}{day}{next_serial(f'card:{region[:6]}:{day}'):05d}"


def raised_facts(card: Card) -> dict[str, object]:
    facts = {
        "rule": card.rule_code,
        "rule_version": card.rule_version.number,
        "level": card.level,
        "subject": [card.subject_kind, card.subject_key],
        "aspect": card.aspect,
        "organ": card.organ_id,
        "section": card.section_id,
        "officer": card.officer_id,
        "facts": recorded(card.facts),
        "evidence": [[e["kind"], e["key"], e["seq"]] for e in card.evidence],
    }
    return {name: value for name, value in facts.items() if value not in (None, "", [], {})}


def begin_answer(card: Card, law: Law, *, by: Acting, at: datetime, ordinal: int = 0) -> Deadline | None:
    """Sets what issuing sets on the (unsaved) card and plans the limit of its answer; None where none is due."""
    card.issued_at = card.issued_at or at
    card.issued_on = card.issued_on or local_date(at)
    card.issued_by_id = by.officer_id if by.is_officer else card.issued_by_id
    days = ANSWER_DAYS.get(Level(card.level))
    if days is None:
        return None
    limit = planned(
        ("card", card.number), DeadlineKind.ANSWER, local_date(at), Limit(days, Unit.WORKING_DAY), law.calendar,
        organ_id=card.organ_id, ordinal=ordinal,
    )  # fmt: skip
    card.answer_due_on = limit.due_on
    return limit


def issued_facts(card: Card) -> dict[str, object]:
    return {"points": card.points, "answer_due": card.answer_due_on} if card.answer_due_on else {}


def tell_issued(card: Card, answer: Deadline | None, *, at: datetime) -> None:
    """Writes the limit of the answer and queues the messages of §5.2."""
    if answer is not None:
        write([answer])
    accounts = accounts_told(
        card.rank, organ_id=card.organ_id, section_id=card.section_id, officer_id=card.officer_id, on=local_date(at)
    )
    kind = "card.issued" if card.answer_due_on else "card.noticed"
    queue(*notice(kind, card, accounts, at=at, due=card.answer_due_on))
