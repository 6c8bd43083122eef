"""Takes an event log into the product, batch by batch. Killed at any moment it is run again and goes on."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path

from zhengtong.base.permission import Acting, ActorKind, PostHeld
from zhengtong.domains.cases.imports import Imported, ImportedCase, Outcome
from zhengtong.exchange.event_log import Read, read_log
from zhengtong.exchange.log_map import LogMap
from zhengtong.exchange.log_problems import Problem, Unreadable, said
from zhengtong.exchange.progress import Reject, Tally
from zhengtong.flows.import_log import import_batch, open_log
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Role

BATCH = 200  # cases of one transaction: what a kill can cost, and how long a writer waits for us
# Whoever runs a command on the machine may appoint people; the organ is the map's.
IMPORTER = Acting(ActorKind.IMPORT, None, "import-log", (PostHeld(Role.ADMINISTRATOR, 0),))

_REFUSED = {Outcome.CHANGED: Problem.HISTORY_CHANGED, Outcome.HANDLED: Problem.HANDLED_HERE}


def import_log(
    path: Path,
    log_map: LogMap,
    *,
    at: datetime,
    moved: Callable[[int], None] = lambda _: None,
    by: Acting = IMPORTER,
) -> Tally:
    """Every case of the log is taken, continued, found unchanged, or refused with its reason; nothing is taken twice.

    Raises Unreadable when the file or the map as a whole cannot be used; the batches before that stay.
    """
    try:
        target = open_log(log_map.source, by=by, at=at)
    except Refusal as refusal:
        if refusal.code is RefusalCode.NOT_FOUND:
            raise Unreadable(Problem.ORGAN_UNKNOWN, code=log_map.source.organ_code) from refusal
        raise
    tally = Tally()
    for batch in _batches(read_log(path, log_map, moved), tally):
        lines = {case.key: line for line, case in batch}
        for result in import_batch(target, log_map.source, [case for _, case in batch], by=by, at=at):
            _count(tally, result, lines[result.key])
    return tally


def _batches(reads: Iterator[Read], tally: Tally) -> Iterator[Sequence[tuple[int, ImportedCase]]]:
    """Cases that the map took, with their lines; the others go to the rejects."""
    fit = _fit(reads, tally)
    while batch := list(islice(fit, BATCH)):
        yield batch


def _fit(reads: Iterator[Read], tally: Tally) -> Iterator[tuple[int, ImportedCase]]:
    for read in reads:
        if read.case is not None:
            yield read.line, read.case
        elif read.fault is not None:
            fault = read.fault
            tally.reject(
                Reject(fault.line, read.key, fault.problem.value, *said(fault.problem, fault.line, fault.facts))
            )


def _count(tally: Tally, result: Imported, line: int) -> None:
    if (problem := _REFUSED.get(result.outcome)) is not None:
        tally.reject(Reject(line, result.key, problem.value, *said(problem, line, {"what": result.what})))
        return
    tally.counts[result.outcome.value] += 1
    tally.notes.update(result.oddities)
