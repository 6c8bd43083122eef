"""The one worker of the house: sends what waits, acts where the clock has run out, and at night replays the journal.

Several may run at once: messages are claimed, steps are guarded by version, and a replay only reads.
"""

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from types import FrameType
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from zhengtong.base import calendar, evidence
from zhengtong.base.files import store
from zhengtong.base.outbox import receipts
from zhengtong.base.seal import check as seal_check
from zhengtong.base.seal.actions import clear_partial_tiles, seal, seal_and_publish
from zhengtong.base.seal.queries import BrokenLog, last_check
from zhengtong.base.seal.stamps import stamp_last
from zhengtong.domains.forecast.actions import refit_nightly
from zhengtong.domains.ratings.actions import close_silent, count_ratings
from zhengtong.domains.statistics.actions import count_facts
from zhengtong.domains.supervision.trial import advance_open
from zhengtong.exchange import postman
from zhengtong.exchange.open311_out import read_back
from zhengtong.flows.appointment_missed import sweep_missed
from zhengtong.flows.appointment_reminded import remind_due
from zhengtong.flows.appointment_schedules import lay_out_due
from zhengtong.flows.count_popularity import count_popularity
from zhengtong.flows.lead_found import find_leads, find_leads_at_night
from zhengtong.flows.letter_closed import close_quiet_letters
from zhengtong.flows.message_reminders import remind, remind_of_expiry
from zhengtong.flows.order_sweep import sweep_orders
from zhengtong.flows.rating_invited import invite_visitors, open_nodes_of_cases
from zhengtong.flows.score_locked import lock_due
from zhengtong.flows.supervise import review, supervise
from zhengtong.flows.sweep import sweep
from zhengtong.flows.ticket_left import close_leftovers, pass_unanswered

log = structlog.get_logger(__name__)

# What supervision, statistics and the seal do beside the cases: (name in the log, act, which says how much it did).
# Each does a bounded piece and may be run by several workers at once.
Duty = tuple[str, Callable[..., int]]
EVERY_TURN: tuple[Duty, ...] = (
    ("seal.sealed", seal),
    ("facts.counted", count_facts),
    ("supervision.reviewed", review),
    ("supervision.signalled", supervise),
    ("leads.looked", find_leads),
    ("trials.advanced", advance_open),
    ("ratings.opened", open_nodes_of_cases),
    ("ratings.counted", count_ratings),
)
EVERY_MINUTE: tuple[Duty, ...] = (
    ("seal.published", seal_and_publish),
    ("seal.stamped", stamp_last),
    ("orders.escalated", sweep_orders),
    ("appointments.reminded", remind_due),
    ("appointments.missed", sweep_missed),
    ("ratings.closed_unrated", close_silent),
    ("ratings.visitors_asked", invite_visitors),
    ("outbox.receipts_late", receipts.watch),
    ("outbox.receipts_given_up", receipts.give_up),
    ("tickets.passed", pass_unanswered),
    ("tickets.closed", close_leftovers),
    ("open311.read", read_back),
)
EVERY_NIGHT: tuple[Duty, ...] = (
    ("seal.cleared", clear_partial_tiles),
    ("forecast.fitted", refit_nightly),
    ("scores.locked", lock_due),
    ("leads.of_the_month", find_leads_at_night),
    ("appointments.laid_out", lay_out_due),
    ("letters.closed", close_quiet_letters),
)

EVERY_MORNING: tuple[Duty, ...] = (("reminders.said", remind), ("expiries.said", remind_of_expiry))

IDLE = 2.0  # seconds without work before looking again
SWEEP_EVERY = timedelta(minutes=1)
NIGHT = (time(1), time(5))  # when replaying disturbs nobody
MORNING = time(8)  # when people are reminded of what falls due
SLICE = 100  # subjects replayed between two looks at the outbox


class Command(BaseCommand):
    help = "后台：投递消息、处理到期的期限、夜间核对日志。收到 SIGTERM 后做完手头一步即停。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is due now, then end")

    def handle(self, *args: Any, **options: Any) -> None:
        worker = Worker()
        if options["once"]:
            worker.turn(timezone.now())
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, worker.stop)
        log.info("worker.started")
        worker.threads = postman.started(worker.stopping, timezone.now)
        worker.run(timezone.now)
        for thread in worker.threads:
            thread.join()
        log.info("worker.stopped")


@dataclass
class Worker:
    stopping: threading.Event = field(default_factory=threading.Event)
    swept_at: datetime | None = None
    replay: "Replay | None" = None
    inspection: "Inspection | None" = None
    cleaned_on: date | None = None
    reminded_on: date | None = None
    threads: Sequence[threading.Thread] = ()  # the post; without them each turn delivers by itself

    def stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping.set()

    def run(self, clock: Callable[[], datetime]) -> None:
        while not self.stopping.is_set():
            try:
                busy = self.turn(clock())
            except DatabaseError:
                # The database is being restarted or is locked for long: it comes back, and so do we.
                log.exception("worker.database_away")
                close_old_connections()
                busy = False
            if not busy:
                self.stopping.wait(IDLE)

    def turn(self, at: datetime) -> bool:
        """Everything due at `at`, a bounded piece of it. True when there may be more."""
        sent = 0 if self.threads else postman.post(at=at)
        if sent:
            log.info("outbox.delivered", count=sent)
        if self.swept_at is None or at - self.swept_at >= SWEEP_EVERY:
            self.swept_at = at
            deemed, lapsed = sweep(at=at)
            if deemed or lapsed:
                log.info("clock.swept", deemed_accepted=deemed, lapsed=lapsed)
            _perform(EVERY_MINUTE, at)
            self._in_the_morning(at)
        done = _perform(EVERY_TURN, at)
        return self._at_night(at) or sent > 0 or done > 0

    def _in_the_morning(self, at: datetime) -> None:
        here = timezone.localtime(at)
        if here.time() >= MORNING and self.reminded_on != here.date():
            self.reminded_on = here.date()
            _perform(EVERY_MORNING, at)

    def _at_night(self, at: datetime) -> bool:
        here = timezone.localtime(at)
        if not NIGHT[0] <= here.time() < NIGHT[1]:
            return False
        if self.cleaned_on != here.date():
            self.cleaned_on = here.date()
            if removed := store.collect_orphans(at=at):
                log.info("files.collected", count=removed)
            log.info("items.counted", used=count_popularity(at=at))
            _perform(EVERY_NIGHT, at)
        if self.replay is None or self.replay.night != here.date():
            self.replay = Replay(here.date())
        if self.inspection is None or self.inspection.night != here.date():
            self.inspection = Inspection(here.date())
        return self.replay.step() or self.inspection.step(at)


def _perform(duties: tuple[Duty, ...], at: datetime) -> int:
    total = 0
    for name, act in duties:
        try:
            done = act(at=at)
        except BrokenLog:
            # Whoever reads or signs the log stops here; messages and deadlines go on, and the night's check names it.
            log.exception("seal.broken", duty=name)
            continue
        if done:
            log.info(name, count=done)
            total += done
    return total


@dataclass
class Replay:
    """One night's replay of every subject, slice by slice."""

    night: date
    kind: int = 0
    after: int = 0
    subjects: int = 0
    faults: int = 0
    done: bool = False

    def step(self) -> bool:
        """The next slice. False once every kind has been seen."""
        kinds = evidence.kinds()
        if self.done or self.kind >= len(kinds):
            if not self.done:
                self.done = True
                log.info("journal.checked", subjects=self.subjects, faults=self.faults)
            return False
        kind = kinds[self.kind]
        part = evidence.check_slice(kind, calendar.current(), after=self.after, limit=SLICE)
        self.subjects += part.subjects
        self.faults += len(part.faults)
        for fault in part.faults:
            log.error("journal.fault", kind=fault.kind, key=fault.key, what=fault.what)
        if part.after is None:
            if lost := evidence.rowless(kind):
                log.error("journal.fault", kind=kind.journal_kind, key="", what=f"{lost} subjects without a row")
                self.faults += lost
            self.kind, self.after = self.kind + 1, 0
        else:
            self.after = part.after
        return True


@dataclass
class Inspection:
    """One night's check of the seal, slice by slice; of several workers the first to end keeps it for all."""

    night: date
    report: seal_check.Report = field(default_factory=seal_check.Report)
    slices: Iterator[int] | None = None
    done: bool = False

    def step(self, at: datetime) -> bool:
        """The next slice. False once all is seen."""
        if self.done:
            return False
        if self.slices is None:
            before = last_check()
            if before is not None and timezone.localdate(before.at) == self.night:
                self.done = True
                return False
            self.slices = seal_check.check(self.report)
        if next(self.slices, None) is not None:
            return True
        self.done = True
        seal_check.keep(self.report, at=at)
        log.info("seal.checked", entries=self.report.entries, faults=len(self.report.findings))
        for finding in self.report.findings[: seal_check.KEPT]:
            log.error("seal.fault", what=finding.code.value, **finding.facts)
        return False
