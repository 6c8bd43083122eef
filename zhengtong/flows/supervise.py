"""What supervision does by itself: the lights of running limits, and the rules on what the sealed journal tells.

Cases know nothing of it. The sweep reads limits whose signal has come; the reviewer reads sealed entries by position.
Both may be run by several workers at once, be stopped anywhere, and be run again: a card is issued once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction

from zhengtong.base.deadlines import actions as deadlines
from zhengtong.base.deadlines import plan
from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.deadlines.queries import deadlines_of, signals_due
from zhengtong.base.law import Law, current_law
from zhengtong.base.permission import SYSTEM
from zhengtong.base.seal.consumers import consume
from zhengtong.base.seal.queries import SealedEntry
from zhengtong.domains.cases import queries as cases
from zhengtong.domains.cases.histories import histories
from zhengtong.domains.cases.models import Case
from zhengtong.domains.letters import queries as letters
from zhengtong.domains.registry import queries as registry
from zhengtong.domains.supervision import queries as supervision
from zhengtong.domains.supervision.known import known_for
from zhengtong.domains.supervision.models import Card, RuleVersion
from zhengtong.flows.card_escalated import UNANSWERED, escalate, follow_red
from zhengtong.flows.card_issued import raise_card
from zhengtong.flows.complaint_confirmed import judge_complaints
from zhengtong.rules import clock
from zhengtong.rules.clock import SIGNALS, Level, Signal, SignalRule, local_date
from zhengtong.rules.kinds import Kind
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.orders import OrderKind
from zhengtong.rules.procedure import BEFORE_DECISION, State
from zhengtong.rules.supervision.conduct import TAKEN_BACK, findings, rule_for
from zhengtong.rules.supervision.definition import Definition
from zhengtong.rules.supervision.findings import Evidence, Finding
from zhengtong.rules.supervision.timing import aspect_of, signal_rule

SLICE = 50  # limits looked at in one transaction


def supervise(*, at: datetime, limit: int = 500) -> int:
    """Looks at limits whose signal has come: issues cards by the level reached, stores the following signal.

    Returns how many limits it looked at. With nothing due it costs two index look-ups, whatever is running.
    """
    for card in supervision.reds_without_order():
        follow_red(card, at=at)
    rows = signals_due(at=at, limit=limit)
    if not rows:
        return 0
    book = RuleBook(current_law(), local_date(at))
    for start in range(0, len(rows), SLICE):
        _sweep(rows[start : start + SLICE], book, at)
    return len(rows)


@dataclass
class RuleBook:
    """The rules in force on a day by region, read once for a sweep."""

    law: Law
    on: date
    _versions: dict[str, dict[str, RuleVersion]] = field(default_factory=dict)
    _definitions: dict[str, dict[str, Definition]] = field(default_factory=dict)

    def region(self, organ_id: int | None) -> str:
        return registry.organ(organ_id, self.law.edition).region.code if organ_id is not None else ""

    def versions(self, organ_id: int | None) -> Mapping[str, RuleVersion]:
        region = self.region(organ_id)
        if region not in self._versions:
            self._versions[region] = supervision.rules_in_force(self.on, region=region)
            self._definitions[region] = {c: v.definition() for c, v in self._versions[region].items()}
        return self._versions[region]

    def definitions(self, organ_id: int | None) -> Mapping[str, Definition]:
        self.versions(organ_id)
        return self._definitions[self.region(organ_id)]

    def signal_rule(self, row: Deadline) -> SignalRule | None:
        return signal_rule(DeadlineKind(row.kind), self.definitions(row.organ_id))


@transaction.atomic
def _sweep(found: Sequence[Deadline], book: RuleBook, at: datetime) -> None:
    rows = deadlines.claim_signals(found)
    about = _cases([row.subject_key for row in rows if row.subject_kind == "case"])
    written = _letters([row.subject_key for row in rows if row.subject_kind == letters.KIND])
    cards = supervision.cards_by_numbers([row.subject_key for row in rows if row.subject_kind == "card"])
    following: dict[int, Signal | None] = {}
    reached: list[tuple[Level, Deadline]] = []
    for row in rows:
        planned = plan.signals_of(row, book.law.calendar, rule=book.signal_rule(row))
        following[row.pk] = clock.next_signal(planned, at)
        if (level := clock.level_at(planned, at)) is not None:
            reached.append((level, row))
    # The highest first: where a sweep comes late, a case over its legal limit gets the red card and no yellow before it.
    for level, row in sorted(reached, key=lambda one: (-one[0].rank, one[1].pk)):
        if row.kind == DeadlineKind.ANSWER.value:
            _unanswered(cards.get(row.subject_key), at)
        else:
            _signal(row, level, about.get(row.subject_key), written.get(row.subject_key), book, at)
    deadlines.set_next_signals(rows, following)


def _cases(numbers: Sequence[str]) -> dict[str, Case]:
    return cases.cases_by_numbers(numbers) if numbers else {}


def _letters(numbers: Sequence[str]) -> dict[str, letters.Letter]:
    return letters.letters_by_numbers(numbers) if numbers else {}


def _signal(
    row: Deadline, level: Level, case: Case | None, letter: letters.Letter | None, book: RuleBook, at: datetime
) -> None:
    kind, rules = DeadlineKind(row.kind), book.definitions(row.organ_id)
    if row.organ_id is None or (row.subject_kind == "case" and (case is None or case.state in TAKEN_BACK)):
        return
    if kind is DeadlineKind.CONSULTATION and (case is None or State(case.state) not in BEFORE_DECISION):
        return  # decided without it: nobody waits for the answer any more
    code = rule_for(kind, level, case.case_kind if case else "", rules)
    if code:
        raise_card(_found(row, kind, code, level, case, letter), by=SYSTEM, at=at, law=book.law,
                   version=book.versions(row.organ_id)[code])  # fmt: skip


def _found(
    row: Deadline, kind: DeadlineKind, code: str, level: Level, case: Case | None, letter: letters.Letter | None
) -> Finding:
    due = row.due_on.isoformat() if row.due_on else ""
    facts = {"key": row.subject_key, "due": due, "limit": kind.value}
    if code == "T-05" and case is not None:
        facts |= {"accepted": str(case.accepted_on or ""), "finished": "—"}
    section_id, officer_id = _whose(kind, row, case, letter)
    subject = case or letter
    return Finding(
        rule_code=code,
        level=level,
        subject_kind=row.subject_kind,
        subject_key=row.subject_key,
        organ_id=row.organ_id or 0,
        section_id=section_id,
        officer_id=officer_id,
        evidence=(
            Evidence(
                row.subject_kind, row.subject_key, subject.version if subject else 0, {"limit": row.kind, "due": due}
            ),
        ),
        facts=facts,
        aspect=aspect_of(kind, row.ordinal),
        imported=bool(case and case.imported),
    )


def _whose(
    kind: DeadlineKind, row: Deadline, case: Case | None, letter: letters.Letter | None
) -> tuple[int | None, int | None]:
    """(section, officer) the limit ran against, as far as the case or the letter names them."""
    if letter is not None:
        return letter.section_id, letter.handler_id
    if case is None:
        return None, None
    if kind is DeadlineKind.CONSULTATION:  # asked was a section, not a person
        return cases.consultations(case)[row.ordinal - 1].section_id, None
    return case.section_id, _responsible(kind, case)


def _responsible(kind: DeadlineKind, case: Case) -> int | None:
    """Who holds the case, else who did the last of what the limit is about (as `conduct.responsible`)."""
    if kind in (DeadlineKind.NOTICE, DeadlineKind.DELIVERY):
        return case.holder_id or case.acceptor_id
    return case.holder_id or case.approver_id or case.reviewer_id or case.handler_id


def _unanswered(card: Card | None, at: datetime) -> None:
    """A card not answered in time becomes an order of one working day (§5.2, §5.7)."""
    if card is not None:
        escalate(card, reason=UNANSWERED, order_kind=OrderKind.URGENT, by=SYSTEM, at=at)


# --- what the sealed journal tells ---


def review(*, at: datetime, limit: int = 500) -> int:
    """Judges the cases of the next slice of the sealed journal by the rules of procedure and material, and what was
    answered in it by whether a complaint was true."""

    def handle(entries: list[SealedEntry]) -> None:
        touched = {e.entry.subject_key for e in entries if e.entry.subject_kind == Case.journal_kind}
        accepted = {e.entry.subject_key for e in entries if e.entry.kind == Kind.CASE_ACCEPTED.value}
        answered = {e.entry.subject_key for e in entries if e.entry.kind == Kind.LETTER_REPLIED.value}
        if touched:
            _judge(sorted(touched), accepted, at)
        if answered:
            judge_complaints(sorted(answered), at=at)

    return consume("supervision", handle, limit=limit)


def _judge(numbers: Sequence[str], accepted: set[str], at: datetime) -> None:
    told = histories(numbers)
    book = RuleBook(current_law(), local_date(at))
    known = known_for(told.values(), book.law.calendar, accepted=accepted)
    for history in told.values():
        rules = book.definitions(history.organ_id)
        for finding in findings(history, rules, known):
            raise_card(
                finding, by=SYSTEM, at=at, law=book.law, version=book.versions(history.organ_id)[finding.rule_code]
            )
        if _changed(rules):
            _plan_anew(history.number, book, at)


def _changed(rules: Mapping[str, Definition]) -> bool:
    """Whether any limit is looked at otherwise than as shipped: then a step has planned its signals too late."""
    return any(signal_rule(kind, rules) != shipped for kind, shipped in SIGNALS.items())


def _plan_anew(number: str, book: RuleBook, at: datetime) -> None:
    rows = [row for row in deadlines_of(Case.journal_kind, number) if row.outcome == Deadline.OPEN]
    following: dict[int, Signal | None] = {}
    for row in rows:
        planned = plan.signals_of(row, book.law.calendar, rule=book.signal_rule(row))
        following[row.pk] = clock.next_signal(planned, clock.start_of(row.started_on))
    moved = [row for row in rows if (f := following[row.pk]) is None or f.at != row.next_signal_at]
    deadlines.set_next_signals(moved, following)
