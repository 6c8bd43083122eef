"""Cases that another system handled, with their acts, people, times and deadlines, written into the same tables.

What an import has recorded is journal and is not rewritten: a log that tells more continues a case, a log that tells
it otherwise is refused. So an import can be killed and run again at any moment: the cases themselves are the progress.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from zhengtong.base import journal
from zhengtong.base.deadlines import actions as deadlines
from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.deadlines.plan import close, planned
from zhengtong.base.journal import Event
from zhengtong.base.journal.models import Entry
from zhengtong.base.keys import query_code
from zhengtong.base.permission import Acting, ActorKind
from zhengtong.domains.cases.actions.opening import next_serial
from zhengtong.domains.cases.models import Case
from zhengtong.domains.catalogue.models import ItemVersion
from zhengtong.domains.registry.models import Officer, Organ
from zhengtong.rules.calendar import Calendar
from zhengtong.rules.canonical import plain
from zhengtong.rules.clock import Limit, Unit, local_date
from zhengtong.rules.kinds import Kind
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.numbers import case_no
from zhengtong.rules.procedure import STAGE_OF, Stage, State

SOURCE = "9"  # 来源 of the case number, domain-rules §12.2: other
# Where an open case can be gone on with here. A log names no decision, so one it left at the last stage waits for it.
_OPEN_AFTER = {
    Stage.ACCEPT: State.PROCESSING,
    Stage.PROCESS: State.PROCESSING,
    Stage.REVIEW: State.REVIEWING,
    Stage.APPROVE: State.APPROVING,
    Stage.FINISH: State.APPROVING,
}
BASIS = "原系统载明的期限"  # the limit is the log's own: an instant, no number of days


@dataclass(frozen=True, slots=True)
class ImportedAct:
    """One act as the log tells it. `activity` is the log's own word, `label` the same in Chinese."""

    activity: str
    stage: Stage
    person: str
    at: datetime
    group: str = ""
    instance: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class ImportedCase:
    """One case as the log tells it. Without `ended_at` it is open; acts stand in the log's own order."""

    key: str
    acts: tuple[ImportedAct, ...]
    started_at: datetime
    deadline_at: datetime | None = None
    ended_at: datetime | None = None
    responsible: str = ""
    channel: str = "9"
    section: str = ""
    group: str = ""

    def oddities(self) -> list[str]:
        """What is strange in the log but is kept as it stands: real handling goes backward, clocks are set wrong."""
        moments = [act.at for act in self.acts]
        found = {
            "no_acts": not moments,
            "acts_out_of_order": moments != sorted(moments),
            "act_before_start": bool(moments) and min(moments) < self.started_at,
            "act_after_end": bool(moments) and self.ended_at is not None and max(moments) > self.ended_at,
            "end_before_start": self.ended_at is not None and self.ended_at < self.started_at,
        }
        return [name for name, so in found.items() if so]


@dataclass(frozen=True, slots=True)
class ImportTarget:
    """Where the cases of one log go. `sections` by the log's own word."""

    log: str
    organ: Organ
    item_version: ItemVersion
    sections: Mapping[str, int]
    applicant: str
    calendar: Calendar


class Outcome(StrEnum):
    TAKEN = "taken"
    CONTINUED = "continued"  # known, and the log now tells more
    UNCHANGED = "unchanged"
    CHANGED = "changed"  # refused: the log now tells it otherwise
    HANDLED = "handled"  # refused: an officer has gone on with it here


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one case; `what` names the first difference of a refused one."""

    key: str
    number: str
    outcome: Outcome
    oddities: Sequence[str] = ()
    what: str = ""


def import_cases(
    target: ImportTarget, cases: Sequence[ImportedCase], people: Mapping[str, Officer], *, by: Acting, at: datetime
) -> list[Imported]:
    """Takes a batch into the database, in the caller's transaction. `people` holds every person the batch names."""
    known = _known(target, [case.key for case in cases])
    entries = _entries([case.number for case in known.values()])
    results: list[Imported] = []
    histories: list[tuple[Case, list[Event]]] = []
    limits: list[Deadline] = []
    for told in cases:
        case = known.get(told.key)
        if case is not None:
            result, moved = _again(case, entries[case.number], target, told, people, by=by, at=at)
            limits += moved
        else:
            case, events, limit = _new(target, told, people, by=by, at=at)
            histories.append((case, events))
            limits += limit
            result = Imported(told.key, case.number, Outcome.TAKEN, told.oddities())
        results.append(result)
    journal.insert_all(histories, by=by, at=at)
    deadlines.write(limits)
    return results


def _known(target: ImportTarget, keys: Sequence[str]) -> dict[str, Case]:
    rows = Case.objects.filter(
        external_no__in=list(keys), imported=True, organ=target.organ, item_id=target.item_version.item_id
    )
    return {case.external_no: case for case in rows}


def _entries(numbers: Sequence[str]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {number: [] for number in numbers}
    for entry in Entry.objects.filter(subject_kind="case", subject_key__in=list(numbers)).order_by("seq"):
        found[entry.subject_key].append(entry)
    return found


# --- a case not seen before ---


def _new(
    target: ImportTarget, told: ImportedCase, people: Mapping[str, Officer], *, by: Acting, at: datetime
) -> tuple[Case, list[Event], list[Deadline]]:
    region = target.organ.region.code
    received_on = local_date(told.started_at)
    serial = next_serial(f"case:{region[:6]}:{received_on:%Y%m%d}:{SOURCE}")
    number = case_no(region[:6], received_on, SOURCE, serial)
    case = Case(
        number=number,
        query_code=query_code(number),
        item_id=target.item_version.item_id,
        item_version=target.item_version,
        item_name=target.item_version.name,
        organ=target.organ,
        section_id=target.sections.get(told.section),
        region_code=region,
        applicant_name=target.applicant,
        channel=told.channel,
        external_no=told.key,
        imported=True,
        case_kind=target.item_version.case_kind,
        received_at=told.started_at,
        received_on=received_on,
        **_standing(told, people),
    )
    limits: list[Deadline] = []
    if told.deadline_at is not None:
        limits.append(_limit(case, told, target.calendar))
    events = [
        Event(Kind.CASE_IMPORTED, _head(target, told) | {"imported_at": at}, at=told.started_at),
        *_acts(told.acts, people),
        *_end(told),
    ]
    return case, events, limits


def _head(target: ImportTarget, told: ImportedCase) -> dict[str, Any]:
    facts = {
        "log": target.log,
        "external_no": told.key,
        "item": target.item_version.item.item_code,
        "organ": target.organ.code,
        "started_at": told.started_at,
        "deadline_at": told.deadline_at,
        "responsible": told.responsible,
        "channel": told.channel,
        "section": told.section,
        "group": told.group,
        "oddities": told.oddities(),
    }
    return {name: value for name, value in facts.items() if value not in (None, "", [])}


def _acts(acts: Sequence[ImportedAct], people: Mapping[str, Officer]) -> list[Event]:
    return [
        Event(
            Kind.CASE_ACT_RECORDED,
            _act_facts(act),
            by=Acting(kind=ActorKind.IMPORT, id=people[act.person].pk, name=people[act.person].name),
            at=act.at,
        )
        for act in acts
    ]


def _act_facts(act: ImportedAct) -> dict[str, Any]:
    facts = {
        "activity": act.activity,
        "label": act.label,
        "stage": act.stage,
        "person": act.person,
        "group": act.group,
        "instance": act.instance,
    }
    return {name: value for name, value in facts.items() if value != ""}


def _end(told: ImportedCase) -> list[Event]:
    if told.ended_at is None:
        return []
    facts: dict[str, Any] = {"in_time": told.ended_at <= told.deadline_at} if told.deadline_at else {}
    return [Event(Kind.CASE_FINISHED, facts, at=told.ended_at)]


def _standing(told: ImportedCase, people: Mapping[str, Officer]) -> dict[str, Any]:
    """Where the case stands after all its acts. Who did what stays in the acts: one person may have passed a case
    through several stages in the log, which the columns of our procedure do not allow."""
    last = told.acts[-1] if told.acts else None
    accepted = next((act.at for act in told.acts if act.stage is Stage.ACCEPT), None)
    row: dict[str, Any] = {
        "accepted_on": local_date(accepted) if accepted else None,
        "stage_since": last.at if last else told.started_at,
    }
    if told.ended_at is not None:
        # The log ends here: whatever was handed over, nothing more is owed to anybody.
        return row | {
            "state": State.DELIVERED.value,
            "stage": Stage.FINISH.value,
            "finished_at": told.ended_at,
            "holder_id": None,
            "due_on": None,
            "due_at": None,
        }
    state = _OPEN_AFTER[last.stage] if last else State.SUBMITTED
    responsible = people.get(told.responsible)
    return row | {
        "state": state.value,
        "stage": STAGE_OF[state].value,
        "holder_id": responsible.pk if responsible else None,
        "due_on": local_date(told.deadline_at) if told.deadline_at else None,
        "due_at": told.deadline_at,
    }


def _limit(case: Case, told: ImportedCase, calendar: Calendar) -> Deadline:
    limit = planned(
        ("case", case.number),
        DeadlineKind.PROMISE,
        local_date(told.started_at),
        Limit(0, Unit.MOMENT),
        calendar,
        organ_id=case.organ_id,
        moment=told.deadline_at,
        basis=BASIS,
    )
    if told.ended_at is not None:
        close(limit, told.ended_at)
    return limit


# --- a case seen before ---


def _again(
    case: Case,
    entries: Sequence[Entry],
    target: ImportTarget,
    told: ImportedCase,
    people: Mapping[str, Officer],
    *,
    by: Acting,
    at: datetime,
) -> tuple[Imported, list[Deadline]]:
    acts = [e for e in entries if e.kind == Kind.CASE_ACT_RECORDED.value]
    ends = [e for e in entries if e.kind == Kind.CASE_FINISHED.value]
    if what := _difference(entries[0], acts, ends, target, told):
        return Imported(told.key, case.number, Outcome.CHANGED, what=what), []
    more = told.acts[len(acts) :]
    ended = told.ended_at is not None and not ends
    if not more and not ended:
        return Imported(told.key, case.number, Outcome.UNCHANGED), []
    if len(acts) + len(ends) + 1 != len(entries):
        return Imported(told.key, case.number, Outcome.HANDLED), []
    standing = {name: value for name, value in _standing(told, people).items() if getattr(case, name) != value}
    events = [*_acts(more, people), *(_end(told) if ended else [])]
    journal.commit(case, *events, by=by, at=at, **standing)
    moved = [_limit(case, told, target.calendar)] if ended and told.deadline_at is not None else []
    return Imported(told.key, case.number, Outcome.CONTINUED, told.oddities()), moved


def _difference(
    first: Entry, acts: Sequence[Entry], ends: Sequence[Entry], target: ImportTarget, told: ImportedCase
) -> str:
    """The first point in which the log now contradicts what was recorded; "" when it only tells the same or more."""
    # Oddities may come with later acts; when it was first imported says nothing about the log.
    old = _told(first, "imported_at", "oddities")
    new = {name: value for name, value in plain(_head(target, told)).items() if name != "oddities"}
    if old != new:
        return next(name for name in sorted(old.keys() | new.keys()) if old.get(name) != new.get(name))
    if len(acts) > len(told.acts):
        return f"act {len(told.acts) + 1}"
    for number, (entry, act) in enumerate(zip(acts, told.acts, strict=False), start=1):
        expected = plain(_act_facts(act))
        expected.pop("label", None)  # a better translation is no other act
        if _told(entry, "label") != expected or entry.at != act.at:
            return f"act {number}"
    if ends and ends[0].at != told.ended_at:
        return "ended_at"
    return ""


def _told(entry: Entry, *without: str) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(entry.facts)
    return {name: value for name, value in facts.items() if name not in ("row", *without)}
