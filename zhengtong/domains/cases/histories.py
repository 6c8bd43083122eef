"""Cases with everything that was done to them, for those who read and never change: supervision, statistics, insight."""

import json
from collections.abc import Iterator, Sequence
from itertools import groupby

from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.journal.models import Entry
from zhengtong.domains.cases.models import Case
from zhengtong.rules.history import Act, History, LimitRecord

_COLUMNS = (
    "id", "number", "item_id", "item_version_id", "item_name", "organ_id", "section_id", "case_kind", "channel",
    "imported", "state", "stage", "person_id", "enterprise_id", "holder_id", "acceptor_id", "handler_id",
    "reviewer_id", "approver_id", "received_at", "accepted_on", "decided_at", "finished_at", "decision", "result_code",
)  # fmt: skip


def histories(numbers: Sequence[str]) -> dict[str, History]:
    """Three queries, whatever their number: ask for a few hundred at a time."""
    acts = {
        key: tuple(map(_act, own))
        for key, own in groupby(
            Entry.objects.filter(subject_kind=Case.journal_kind, subject_key__in=numbers).order_by(
                "subject_key", "seq"
            ),
            key=lambda entry: entry.subject_key,
        )
    }
    limits: dict[str, list[LimitRecord]] = {}
    for row in Deadline.objects.filter(subject_kind=Case.journal_kind, subject_key__in=numbers).order_by("pk"):
        limits.setdefault(row.subject_key, []).append(_limit(row))
    return {
        row["number"]: History(
            case_id=row.pop("id"),
            acts=acts.get(row["number"], ()),
            limits=tuple(limits.get(row["number"], ())),
            **row,
        )
        for row in Case.objects.filter(number__in=numbers).values(*_COLUMNS)
    }


def all_histories(*, item_id: int | None = None, organ_id: int | None = None, chunk: int = 500) -> Iterator[History]:
    """Every case of an item or an organ (or of the house), oldest first, a chunk in memory at a time."""
    rows = Case.objects.all()
    if item_id is not None:
        rows = rows.filter(item_id=item_id)
    if organ_id is not None:
        rows = rows.filter(organ_id=organ_id)
    after = 0
    while page := list(rows.filter(pk__gt=after).order_by("pk").values_list("pk", "number")[:chunk]):
        after = page[-1][0]
        found = histories([number for _, number in page])
        yield from (found[number] for _, number in page)


def _act(entry: Entry) -> Act:
    return Act(
        seq=entry.seq, kind=entry.kind, at=entry.at, actor_kind=entry.actor_kind, actor_id=entry.actor_id,
        actor_name=entry.actor_name, post=entry.post, facts=json.loads(entry.facts),
    )  # fmt: skip


def _limit(row: Deadline) -> LimitRecord:
    return LimitRecord(
        kind=row.kind, ordinal=row.ordinal, started_on=row.started_on, amount=row.amount + row.extension,
        unit=row.unit, pauses=tuple(row.pauses), due_on=row.due_on, due_at=row.due_at, provisional=row.provisional,
        outcome=row.outcome, closed_at=row.closed_at,
    )  # fmt: skip
