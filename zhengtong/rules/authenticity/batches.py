"""Knows what typing in by the pile looks like: D-01 批量补录, at a counter or by an import of finished work."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from zhengtong.rules.authenticity.suspicion import Scope, Shown, Suspicion
from zhengtong.rules.authenticity.thresholds import Thresholds
from zhengtong.rules.period import local_date

SHOWN = 50  # rows of a great pile that stand as evidence; the figures count all


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One acceptance at a counter. `applicant` is a key, no name; `agent` where a mandated agent came for many."""

    case_no: str
    seq: int
    at: datetime
    officer_id: int
    organ_id: int
    item_id: int
    applicant: str
    agent: str = ""


def batch_registration(acceptances: Iterable[Acceptance], limits: Thresholds) -> list[Suspicion]:
    """D-01: ≥ 10 cases of one item by one account within 10 minutes, at the counter, distinct applicants (§5.4).

    An agent with a mandate on record who brings a pile is one comer. One suspicion per account, item and day.
    """
    piles: dict[tuple[int, int, str], list[Acceptance]] = {}
    for one in acceptances:
        piles.setdefault((one.officer_id, one.item_id, local_date(one.at).isoformat()), []).append(one)
    found = []
    for (officer, item, day), pile in piles.items():
        crowded = _crowded(sorted(pile, key=lambda a: (a.at, a.seq)), limits)
        if crowded:
            found.append(_batch(officer, item, day, crowded))
    return found


def _crowded(pile: Sequence[Acceptance], limits: Thresholds) -> list[Acceptance]:
    """Every acceptance that stands in some window of ten minutes with at least ten comers."""
    span, inside, first = timedelta(minutes=limits.batch_minutes), set[int](), 0
    for last, one in enumerate(pile):
        while one.at - pile[first].at > span:
            first += 1
        if len({a.agent or a.applicant for a in pile[first : last + 1]}) >= limits.batch_cases:
            inside.update(range(first, last + 1))
    return [pile[number] for number in sorted(inside)]


def _batch(officer: int, item: int, day: str, pile: Sequence[Acceptance]) -> Suspicion:
    minutes = round((pile[-1].at - pile[0].at) / timedelta(minutes=1), 1)
    return Suspicion(
        "D-01", Scope.OFFICER, f"{officer}:{item}",
        tuple(Shown("accepted_in_batch", one.case_no, one.seq, one.at, officer) for one in pile[:SHOWN]),
        period=day, organ_id=pile[0].organ_id, item_id=item, officer_id=officer,
        facts={"cases": len(pile), "minutes": minutes},
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Brought:
    """A case of an imported log; `finished_at` as the log tells it."""

    case_no: str
    organ_id: int
    item_id: int
    imported_at: datetime
    finished_at: datetime | None
    log: str = ""


def batch_import(brought: Iterable[Brought], limits: Thresholds) -> list[Suspicion]:
    """D-01 by way of the importer: a pile of one item that was finished before the house knew of it.

    A declared transfer of old records looks the same: a person says which it is, and why.
    """
    piles: dict[tuple[int, int, str], list[Brought]] = {}
    for one in brought:
        if one.finished_at is not None and one.finished_at < one.imported_at:
            key = (one.organ_id, one.item_id, local_date(one.imported_at).isoformat())
            piles.setdefault(key, []).append(one)
    return [
        Suspicion(
            "D-01", Scope.ITEM, str(item),
            tuple(Shown("imported_finished", one.case_no, 1, one.imported_at) for one in pile[:SHOWN]),
            period=day, organ_id=organ, item_id=item, facts={"cases": len(pile), "log": pile[0].log},
        )
        for (organ, item, day), pile in piles.items()
        if len(pile) >= limits.batch_cases
    ]  # fmt: skip
