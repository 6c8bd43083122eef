"""The reader of the sealed journal: keeps traces and sums, and puts each case before the detectors as it grows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from zhengtong.base import calendar
from zhengtong.base.journal.models import Entry
from zhengtong.base.seal.consumers import consume
from zhengtong.base.seal.models import Sealed
from zhengtong.base.seal.queries import SealedEntry
from zhengtong.domains.authenticity import reading
from zhengtong.domains.authenticity.actions import find
from zhengtong.domains.authenticity.models import ExtendedHours, Trace
from zhengtong.domains.authenticity.rulebook import RuleBook, rule_book
from zhengtong.domains.authenticity.sums import Sums, store, sums_of
from zhengtong.domains.cases.histories import histories
from zhengtong.rules.authenticity import batches, filings, moments, months, speed
from zhengtong.rules.authenticity.marks import OFFICER, STEPS
from zhengtong.rules.authenticity.moments import REACH, Extended, Placed
from zhengtong.rules.authenticity.suspicion import Suspicion
from zhengtong.rules.authenticity.thresholds import Thresholds
from zhengtong.rules.calendar import Calendar
from zhengtong.rules.clock import local_date
from zhengtong.rules.history import History
from zhengtong.rules.kinds import Kind

NAME = "authenticity"
IMPORT = "import"
WAITING = 50  # filings of one applicant and item looked at; more in a week is D-10's and D-01's business


def watch(*, at: datetime, limit: int = 500) -> int:
    """The next slice of sealed entries; how many. Leads, traces, sums and the cursor stand or fall together."""
    return consume(NAME, lambda entries: _slice(entries, at=at), limit=limit)


def _slice(entries: Sequence[SealedEntry], *, at: datetime) -> None:
    of_cases = [one for one in entries if one.entry.subject_kind == "case"]
    if not of_cases:
        return
    known = histories(sorted({entry.subject_key for _, entry in of_cases}))
    book, days = rule_book(local_date(at)), calendar.current()
    sums = sums_of(of_cases, known, days, book.of("D-08") or Thresholds())
    store(sums)
    new = _keep_traces(of_cases, known, sums)
    suspicions = [
        *_of_single_cases(of_cases, known, days, book),
        *_of_order(entries, known, book),
        *_of_filings(new, book),
        *_of_batches(of_cases, book),
    ]
    if suspicions:
        find(suspicions, levels=book.levels, at=at)


# --- traces ---


def _keep_traces(entries: Sequence[SealedEntry], known: Mapping[str, History], sums: Sums) -> list[str]:
    """New cases get a trace, acts that later rules ask for are noted on it; returns the numbers of new filings."""
    begun = [e.subject_key for _, e in entries if e.kind in (Kind.CASE_SUBMITTED.value, Kind.CASE_IMPORTED.value)]
    if begun:
        Trace.objects.bulk_create([reading.trace_of(case) for case in reading.cases_read(begun)], ignore_conflicts=True)
    touched: dict[str, Trace] = {}
    rows = Trace.objects.in_bulk([e.subject_key for _, e in entries if e.kind in _NOTED], field_name="case_no")
    for _, entry in entries:
        trace, history = rows.get(entry.subject_key), known.get(entry.subject_key)
        if trace is not None and history is not None and entry.kind in _NOTED:
            _note(trace, entry, history)
            touched[entry.subject_key] = trace
    for number in sums.gamed & touched.keys():
        touched[number].gamed = True
    if touched:
        Trace.objects.bulk_update(touched.values(), _FIELDS)
    return [e.subject_key for _, e in entries if e.kind == Kind.CASE_SUBMITTED.value]


_NOTED = frozenset(
    {Kind.CASE_ACCEPTED.value, Kind.CASE_FINISHED.value, Kind.CASE_VOIDED.value, Kind.CASE_IMPORTED.value}
)
_FIELDS = [
    "accepted_at", "accepted_seq", "acceptor", "finished_month", "granted", "gamed", "voided_month", "imported_at",
    "told_finished_at",
]  # fmt: skip


def _note(trace: Trace, entry: Entry, history: History) -> None:
    month = months.month_of(local_date(entry.at))
    if entry.kind == Kind.CASE_IMPORTED.value:
        told = next(act for act in history.acts if act.seq == entry.seq).facts.get("imported_at")
        trace.imported_at = datetime.fromisoformat(told) if told else None
        trace.told_finished_at = history.finished_at
    elif entry.kind == Kind.CASE_ACCEPTED.value and entry.actor_kind == OFFICER:
        trace.accepted_at, trace.accepted_seq, trace.acceptor = entry.at, entry.seq, entry.actor_id
    elif entry.kind == Kind.CASE_FINISHED.value and not history.imported:
        trace.finished_month, trace.granted = month, history.decision != "REFUSE"
    elif entry.kind == Kind.CASE_VOIDED.value:
        trace.voided_month = month


# --- one case at a time ---


def _of_single_cases(
    entries: Sequence[SealedEntry], known: Mapping[str, History], days: Calendar, book: RuleBook
) -> Iterator[Suspicion]:
    moved = {e.subject_key for _, e in entries if e.kind in STEPS or e.kind == Kind.CASE_IMPORTED.value}
    extended = _extended({local_date(e.at) for _, e in entries if e.kind in STEPS})
    for number in sorted(moved & known.keys()):
        history = known[number]
        for found in _of_case(history, extended, days, book):
            if found is not None:
                yield found


def _of_case(
    history: History, extended: Sequence[Extended], days: Calendar, book: RuleBook
) -> Iterator[Suspicion | None]:
    if (limits := book.of("D-02")) is not None:
        yield speed.registered_after_completion(history, limits)
    if (limits := book.of("D-03")) is not None:
        yield from moments.after_hours(history, days, extended, limits)
    if (limits := book.of("D-04")) is not None:
        yield speed.handled_in_seconds(history, limits)
    if (limits := book.of("D-05")) is not None:
        yield moments.backdated(history, limits)
    if (limits := book.of("D-13")) is not None:
        yield months.voided_before_due(history, days, limits)


def _extended(on: Iterable[date]) -> list[Extended]:
    """Registered service around these days: a history in the slice may hold older acts."""
    days = sorted(on)
    if not days:
        return []
    rows = ExtendedHours.objects.filter(on__gte=days[0] - timedelta(days=400), on__lte=days[-1])
    return [
        Extended(
            row.organ_id, row.on, row.opens.hour * 60 + row.opens.minute, row.closes.hour * 60 + row.closes.minute,
            row.registered_at, row.withdrawn_from,
        )
        for row in rows
    ]  # fmt: skip


# --- the order of the seal ---


def _of_order(entries: Sequence[SealedEntry], known: Mapping[str, History], book: RuleBook) -> Iterator[Suspicion]:
    limits = book.of("D-05")
    if limits is None:
        return
    own = [one for one in entries if one.entry.actor_kind != IMPORT]
    placed = [
        Placed(
            position, entry.subject_key, entry.seq, entry.at, entry.actor_id if entry.actor_kind == OFFICER else None
        )
        for position, entry in own
        if entry.subject_kind == "case"
    ]
    hits: dict[str, list[tuple[Placed, int]]] = {}
    for one, minutes in moments.out_of_order(_times_before(entries[0].position), placed, limits):
        hits.setdefault(one.case_no, []).append((one, minutes))
    for number, own_hits in hits.items():
        if number in known and not known[number].imported:
            yield moments.sealed_late(known[number], own_hits)


def _times_before(position: int) -> list[datetime]:
    """Times of the acts sealed just before, oldest first."""
    rows = (
        Sealed.objects.filter(position__lt=position, position__gte=position - 10 * REACH)
        .exclude(entry__actor_kind=IMPORT)
        .filter(entry__subject_kind="case")
        .order_by("-position")
        .values_list("entry__at", flat=True)[:REACH]
    )
    return list(rows)[::-1]


# --- applications beside applications ---


def _of_filings(new: Sequence[str], book: RuleBook) -> Iterator[Suspicion]:
    if not new:
        return
    cases = {case.number: case for case in reading.cases_read(new)}
    traces = Trace.objects.in_bulk(list(cases), field_name="case_no")
    if (limits := book.of("D-07")) is not None:
        staff = reading.staff_phones()
        near = _same_phone(traces.values(), limits)
        for number, case in cases.items():
            one = reading.contact(case, traces[number], staff)
            yield from filings.ghost(one, near.get(one.phone, ()), limits)
    d06, d09 = book.of("D-06"), book.of("D-09")
    if d06 is None and d09 is None:
        return
    groups = _neighbours(traces.values(), (d06 or d09 or Thresholds()).duplicate_days)
    read = reading.filings(reading.cases_read(sorted({number for group in groups.values() for number in group})))
    for number, group in groups.items():
        if number not in read:
            continue
        others = [read[other] for other in group if other in read and other != number]
        if d06 is not None and (found := filings.duplicates(read[number], others, d06)):
            yield found
        if d09 is not None and (found := filings.split(read[number], others, d09)):
            yield found


def _same_phone(traces: Iterable[Trace], limits: Thresholds) -> dict[str, list[filings.Contact]]:
    phones = {trace.phone for trace in traces if trace.phone}
    if not phones:
        return {}
    first = min(trace.received_at for trace in traces) - timedelta(days=limits.phone_days)
    found: dict[str, list[filings.Contact]] = {}
    for trace in Trace.objects.filter(phone__in=phones, received_at__gte=first).order_by("received_at", "pk"):
        found.setdefault(trace.phone, []).append(reading.contact_of(trace))
    return found


def _neighbours(traces: Iterable[Trace], days: int) -> dict[str, list[str]]:
    """New case → the cases of the same applicant and item around it, where there are any; one query."""
    new = [trace for trace in traces if trace.applicant]
    if not new:
        return {}
    span = timedelta(days=days)
    first, last = min(t.received_at for t in new) - span, max(t.received_at for t in new) + span
    rows = Trace.objects.filter(applicant__in={t.applicant for t in new}, received_at__gte=first, received_at__lte=last)
    by_key: dict[tuple[str, int], list[tuple[datetime, str]]] = {}
    for row in rows.values_list("applicant", "item_id", "received_at", "case_no"):
        by_key.setdefault((row[0], row[1]), []).append((row[2], row[3]))
    found = {}
    for trace in new:
        near = [
            number
            for received, number in sorted(by_key[(trace.applicant, trace.item_id)])
            if abs(received - trace.received_at) <= span
        ]
        if len(near) > 1:
            found[trace.case_no] = near[-WAITING:]
    return found


# --- piles ---


def _of_batches(entries: Sequence[SealedEntry], book: RuleBook) -> Iterator[Suspicion]:
    limits = book.of("D-01")
    if limits is None:
        return
    accepted = [e for _, e in entries if e.kind == Kind.CASE_ACCEPTED.value and e.actor_kind == OFFICER]
    if accepted:
        span = timedelta(minutes=limits.batch_minutes)
        rows = Trace.objects.filter(
            acceptor__in={entry.actor_id for entry in accepted},
            accepted_at__gte=min(entry.at for entry in accepted) - span,
            accepted_at__lte=max(entry.at for entry in accepted) + span,
            channel="1",
        )
        yield from batches.batch_registration(
            (
                batches.Acceptance(
                    row.case_no, row.accepted_seq, row.accepted_at, row.acceptor, row.organ_id, row.item_id,
                    row.applicant, row.agent,
                )
                for row in rows
                if row.accepted_at is not None and row.acceptor is not None
            ),
            limits,
        )  # fmt: skip
    brought = {e.subject_key for _, e in entries if e.kind == Kind.CASE_IMPORTED.value}
    if brought:
        heads = Trace.objects.filter(case_no__in=brought, imported_at__isnull=False)
        keys = {(row.organ_id, row.item_id, row.imported_at) for row in heads if row.imported_at is not None}
        for organ, item, imported_at in keys:
            rows = Trace.objects.filter(organ_id=organ, item_id=item, imported_at=imported_at).order_by("pk")
            yield from batches.batch_import(
                (
                    batches.Brought(row.case_no, row.organ_id, row.item_id, imported_at, row.told_finished_at)
                    for row in rows
                ),
                limits,
            )
