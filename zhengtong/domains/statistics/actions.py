"""Facts are written here and nowhere else: slice by slice from the sealed journal, or all anew to see whether they agree.

A slice names the cases it touches; each is counted anew from its whole history, what it counted for before is taken
out of the sums and what it counts for now is put in. So an act that comes late, or twice, does no harm.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Model, Q

from zhengtong.base import calendar
from zhengtong.base.seal.consumers import consume
from zhengtong.base.seal.models import Cursor
from zhengtong.base.seal.queries import SealedEntry
from zhengtong.domains.cases.models import Case
from zhengtong.domains.statistics.models import CaseFact, CaseSpan, Fact, Flow
from zhengtong.domains.statistics.queries import CURSOR
from zhengtong.domains.statistics.reading import all_counted, counted
from zhengtong.domains.statistics.sums import MEASURES, STOCKS, Counted, Place, Sum, Sums
from zhengtong.rules.calendar import Calendar
from zhengtong.rules.kinds import Kind
from zhengtong.rules.tally import SevenKind, Tally

_BATCH = 400  # names in one statement


def count_facts(*, at: datetime) -> int:
    """The next slice of the sealed journal; 0 when nothing is left. A duty of the worker: `at` is not needed."""
    return consume(CURSOR, absorb)


def absorb(entries: Sequence[SealedEntry]) -> None:
    """Counts the cases a slice touches. In the transaction of the cursor, which keeps every other writer out."""
    in_force = calendar.current()
    numbers = {sealed.entry.subject_key for sealed in entries if sealed.entry.subject_kind == Case.journal_kind}
    years = {
        int(sealed.entry.subject_key.partition("-")[0])  # year-revision
        for sealed in entries
        if sealed.entry.kind == Kind.CALENDAR_LOADED.value
    }
    _count(sorted(numbers), in_force)
    if years:
        # Days that became working days or free change how long a case took, though nothing was done to it.
        for slice_ in _slices(_spanning(years)):
            _count(slice_, in_force)


def _spanning(years: set[int]) -> list[str]:
    """Cases already counted that lived in one of these years or on its edges (a swap day may lie in the next)."""
    touched = Q(pk__in=[])
    for year in years:
        before, after = f"{year - 1}-12-20", f"{year + 1}-01-10"
        touched |= Q(Q(closed_on__isnull=True) | Q(closed_on__gte=before), received_on__lte=after)
    return list(CaseFact.objects.filter(touched).order_by("pk").values_list("case__number", flat=True))


def _count(numbers: Sequence[str], in_force: Calendar) -> None:
    now = counted(numbers, in_force)
    before = _stored([one.case_id for one in now])
    sums = Sums()
    changed = [one for one in now if before.get(one.case_id) != one]
    for one in changed:
        if one.case_id in before:
            sums.add(before[one.case_id], -1)
        sums.add(one)
    _write_cases(changed)
    _write_sums(sums)


# --- how a tally is stored ---

_DAYS = (
    "received_on", "accepted_on", "declined_on", "supplement_on", "second_notice_on", "lapsed_on", "finished_on",
    "withdrawn_on", "voided_on",
)  # fmt: skip
_TALLY = ("person_id", *_DAYS, "granted", "refused", "immediate_kind", "timeliness", "stage")
_PLACE = ("organ_id", "section_id", "item_id", "channel")


def _row(one: Counted) -> CaseFact:
    tally = one.tally
    return CaseFact(
        case_id=one.case_id,
        kind=tally.kind.value,
        closed_on=tally.closed_on,
        spans=dict(tally.spans),
        **{name: getattr(one, name) for name in _PLACE},
        **{name: getattr(tally, name) for name in _TALLY},
    )


def _stored(case_ids: Sequence[int]) -> dict[int, Counted]:
    """What these cases were counted for. Two queries."""
    stretches: dict[int, dict[str, list[Any]]] = {}
    for span in CaseSpan.objects.filter(fact__in=case_ids).order_by("since", "pk"):
        stretches.setdefault(span.fact_id, {}).setdefault(span.kind, []).append((span.since, span.until))
    found = {}
    for row in CaseFact.objects.filter(pk__in=case_ids):
        own = stretches.get(row.case_id, {})
        found[row.case_id] = Counted(
            case_id=row.case_id,
            **{name: getattr(row, name) for name in _PLACE},
            tally=Tally(
                kind=SevenKind(row.kind),
                spans=row.spans,
                suspended=tuple(own.get(CaseSpan.SUSPENDED, ())),
                soon=tuple(own.get(CaseSpan.SOON, ())),
                overdue=tuple(own.get(CaseSpan.OVERDUE, ())),
                **{name: getattr(row, name) for name in _TALLY},
            ),
        )
    return found


def _write_cases(cases: Sequence[Counted]) -> None:
    ids = [one.case_id for one in cases]
    names = [f.name for f in CaseFact._meta.concrete_fields if not f.primary_key]
    CaseFact.objects.bulk_create(
        map(_row, cases), update_conflicts=True, unique_fields=["case"], update_fields=names, batch_size=_BATCH
    )
    CaseSpan.objects.filter(fact__in=ids).delete()
    CaseSpan.objects.bulk_create(
        [
            CaseSpan(fact_id=one.case_id, kind=kind, since=since, until=until)
            for one in cases
            for kind, found in (
                (CaseSpan.SUSPENDED, one.tally.suspended),
                (CaseSpan.SOON, one.tally.soon),
                (CaseSpan.OVERDUE, one.tally.overdue),
            )
            for since, until in found
        ]
    )


def _write_sums(sums: Sums) -> None:
    """Adds to the stored sums; rows in which nothing is left are removed, so that a recount has the same rows."""
    for places in _slices(list(sums.facts)):
        known = {row.id: row for row in Fact.objects.filter(pk__in=[place.id for place in places])}
        full: list[Fact] = []
        gone: list[str] = []
        for place in places:
            kept = known.get(place.id)
            if kept is not None:
                sums.facts[place].add({name: getattr(kept, name) for name in MEASURES}, kept.spans)
            row = _fact(place, sums.facts[place])
            if row is not None:
                full.append(row)
            else:
                gone.append(place.id)
        _replace(Fact, full, gone, (*MEASURES, "spans"))
    for places in _slices(list(sums.flows)):
        stocks = {row.id: row for row in Flow.objects.filter(pk__in=[place.id for place in places])}
        flows, gone = [], []
        for place in places:
            was = stocks.get(place.id)
            change = {name: sums.flows[place][name] + (getattr(was, name) if was else 0) for name in STOCKS}
            if any(change.values()):
                flows.append(Flow(id=place.id, **place._asdict(), **change))
            else:
                gone.append(place.id)
        _replace(Flow, flows, gone, STOCKS)


def _fact(place: Place, added: Sum) -> Fact | None:
    counts, spans = added.left()
    return Fact(id=place.id, **place._asdict(), **counts, spans=spans) if counts or spans else None


def _replace(model: type[Model], rows: Sequence[Any], gone: Sequence[str], fields: Sequence[str]) -> None:
    manager = model._default_manager
    manager.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=fields, batch_size=_BATCH)
    if gone:
        manager.filter(pk__in=gone).delete()


def _slices(names: Sequence[Any]) -> Iterator[list[Any]]:
    left = iter(names)
    while piece := list(islice(left, _BATCH)):
        yield piece


# --- counting again ---


@dataclass
class Recount:
    """What a recount of one organ found: rows (of cases and sums) compared, and those that were not as stored."""

    cases: int = 0
    compared: int = 0
    differences: list[str] = field(default_factory=list)


@transaction.atomic
def recount(organ_id: int, *, repair: bool = False, moved: Callable[[int], None] | None = None) -> Recount:
    """Counts an organ's cases from zero and compares every stored row with what comes out; nothing stored is used.

    What is sealed and not yet absorbed shows as a difference: absorb first. `repair` writes what was counted in place
    of what was stored. The cursor is held, so that nobody counts meanwhile. `moved` hears of every chunk of cases.
    """
    Cursor.objects.get_or_create(name=CURSOR)
    Cursor.objects.select_for_update().get(name=CURSOR)
    found, sums = Recount(), Sums()
    for chunk in all_counted(organ_id, calendar.current()):
        stored = _stored([one.case_id for one in chunk])
        wrong = [one for one in chunk if stored.get(one.case_id) != one]
        found.differences += [_unlike(one, stored.get(one.case_id)) for one in wrong]
        if repair:
            _write_cases(wrong)
        for one in chunk:
            sums.add(one)
        found.cases += len(chunk)
        if moved is not None:
            moved(len(chunk))
    found.compared = found.cases
    _compare_sums(organ_id, sums, found, repair=repair)
    return found


def _unlike(one: Counted, stored: Counted | None) -> str:
    if stored is None:
        return f"case {one.case_id}: not counted"
    names = [name for name in _PLACE if getattr(one, name) != getattr(stored, name)]
    names += [name for name in Tally.__dataclass_fields__ if getattr(one.tally, name) != getattr(stored.tally, name)]
    return f"case {one.case_id}: {', '.join(names)}"


def _compare_sums(organ_id: int, sums: Sums, found: Recount, *, repair: bool) -> None:
    facts = {place.id: row for place, added in sums.facts.items() if (row := _fact(place, added)) is not None}
    flows = {
        place.id: Flow(id=place.id, **place._asdict(), **{name: change[name] for name in STOCKS})
        for place, change in sums.flows.items()
        if any(change.values())
    }
    for model, right, fields in ((Fact, facts, (*MEASURES, "spans")), (Flow, flows, STOCKS)):
        stored = {row.pk: row for row in model._default_manager.filter(organ_id=organ_id).iterator()}
        found.compared += len(right)
        wrong = [
            key
            for key in right.keys() | stored.keys()
            if key not in stored or key not in right or _differs(right[key], stored[key], fields)
        ]
        found.differences += [f"{model.__name__} {key}" for key in sorted(wrong)]
        if repair:
            _replace(model, [right[key] for key in wrong if key in right], [k for k in wrong if k not in right], fields)


def _differs(one: Model, other: Model, fields: Sequence[str]) -> bool:
    return any(getattr(one, name) != getattr(other, name) for name in fields)
