"""One case as supervision, statistics and insight read it: what was done, by whom, when, against which limits.

Knows no rule about it; refuses to know where it is stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from zhengtong.rules.kinds import Kind


@dataclass(frozen=True, slots=True)
class Act:
    """One journal entry. `actor_kind` as in the journal: officer, applicant, system, import."""

    seq: int
    kind: str
    at: datetime
    actor_kind: str
    actor_id: int | None
    actor_name: str
    post: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LimitRecord:
    """A limit of the case as it stands; `outcome` is open, met, missed or void."""

    kind: str
    ordinal: int
    started_on: date
    amount: int  # with its extension
    unit: str
    pauses: tuple[Mapping[str, Any], ...]
    due_on: date | None
    due_at: datetime | None
    provisional: bool
    outcome: str
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class History:
    """`acts` by sequence. No personal data: names of officers only, the applicant by keys."""

    case_id: int
    number: str
    item_id: int
    item_version_id: int
    item_name: str
    organ_id: int
    section_id: int | None
    case_kind: str
    channel: str
    imported: bool
    state: str
    stage: str
    person_id: int | None
    enterprise_id: int | None
    holder_id: int | None
    acceptor_id: int | None
    handler_id: int | None
    reviewer_id: int | None
    approver_id: int | None
    received_at: datetime
    accepted_on: date | None
    decided_at: datetime | None
    finished_at: datetime | None
    decision: str
    result_code: str
    acts: tuple[Act, ...]
    limits: tuple[LimitRecord, ...]

    def of(self, *kinds: Kind) -> tuple[Act, ...]:
        """The acts of these kinds, oldest first."""
        wanted = {kind.value for kind in kinds}
        return tuple(act for act in self.acts if act.kind in wanted)

    def first(self, *kinds: Kind) -> Act | None:
        return next(iter(self.of(*kinds)), None)

    def limit(self, kind: str) -> LimitRecord | None:
        """The last limit of a kind."""
        return next((limit for limit in reversed(self.limits) if limit.kind == kind), None)
