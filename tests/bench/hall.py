"""A day in the hall: 700 visitors, 20 windows, through the real flows. `make hall-day`; `--days`, `--visitors` for less.

The figures of the bar: no ticket lost or called twice while five screens read and two clerks press at once; the
announced waiting time with a median error under five minutes. Visitors, clerks and their habits are drawn by a seed;
the house is told none of it: every queue expects ten minutes, and learns from what it sees, the first day from nothing.
"""

import argparse
import heapq
import os
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
SCREENS = 5
TICK = 5  # seconds: presses that fall together are made together
# What people come for: share of the visitors, true minutes and their unevenness (the house knows neither), windows.
TRADES = {
    "A": ("企业登记", "Company registration", 0.17, 12.0, 0.45, range(1, 6)),
    "B": ("许可备案", "Licences and filings", 0.21, 9.5, 0.50, range(6, 11)),
    "C": ("社保医保", "Social insurance", 0.34, 5.5, 0.55, range(11, 17)),
    "D": ("不动产", "Real estate", 0.13, 11.0, 0.40, range(15, 19)),
    "E": ("综合咨询", "General advice", 0.15, 4.5, 0.60, range(18, 21)),
}
# (until, weight): more come in the middle of the morning and after lunch.
CROWD = ((9, 0.6), (10, 1.35), (11, 1.6), (12, 0.9), (13, 0.35), (14, 1.15), (15, 1.3), (16, 0.9), (16.8, 0.45))
FIRST = 8.5
NO_SHOW, COMES_BACK, TRANSFERRED = 0.05, 0.35, 0.03
PRECEDENCE = (("elderly", 0.09), ("disabled", 0.015), ("green", 0.01), ("appointment", 0.07))


@dataclass
class Clerk:
    number: int
    acting: Any
    window: int
    speed: float
    breaks: list[tuple[datetime, float, bool]]  # (when due, minutes, whether they say when they come back)
    leaves_at: datetime | None = None
    idle: bool = False  # asked, and nobody waited
    seated: bool = False
    busy: bool = False


@dataclass
class Day:
    """One simulated day. Events run in the order of their time; presses of one tick run at once, in two threads."""

    on: date
    visitors: int
    random: Random
    clerks: list[Clerk]
    guide: Any
    manager: Any
    queues: dict[str, set[int]]  # letter → windows (ids)
    now: datetime = field(init=False)
    heap: list[tuple[datetime, int, Callable[[], None]]] = field(default_factory=list)
    presses: set[int] = field(default_factory=set)
    count: int = 0
    called: list[tuple[Any, int]] = field(default_factory=list)  # (ticket key, version): no pair may come twice
    refused: Counter[str] = field(default_factory=Counter)
    together: int = 0
    spent: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self.now = self.clock(FIRST)

    def clock(self, hour: float) -> datetime:
        return datetime(self.on.year, self.on.month, self.on.day, tzinfo=ZONE) + timedelta(hours=hour)

    def after(self, minutes: float, act: Callable[[], None]) -> None:
        self.at(self.now + timedelta(minutes=minutes), act)

    def at(self, when: datetime, act: Callable[[], None]) -> None:
        seconds = -(-when.timestamp() // TICK) * TICK
        heapq.heappush(self.heap, (datetime.fromtimestamp(seconds, ZONE), self.count, act))
        self.count += 1

    def timed(self, name: str, act: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        begun = time.perf_counter()
        try:
            return act(*args, **kwargs)
        finally:
            self.spent[name].append(time.perf_counter() - begun)

    # --- the day ---

    def run(self, pool: ThreadPoolExecutor) -> None:
        from zhengtong.flows.ticket_left import close_leftovers, pass_unanswered

        for minutes in self.arrivals():
            self.at(self.clock(FIRST) + timedelta(minutes=minutes), self.arrive)
        for clerk in self.clerks:
            late = 60.0 if clerk.number == 20 else self.random.uniform(-2, 6)
            self.at(self.clock(9) + timedelta(minutes=late), lambda clerk=clerk: self.sit(clerk))
        minute = self.clock(FIRST)
        while minute < self.clock(18):
            self.at(minute, lambda: self.sweep(pass_unanswered))
            minute += timedelta(minutes=1)
        self.at(self.clock(19.5), lambda: self.sweep(close_leftovers))
        while self.heap:
            self.now = self.heap[0][0]
            while self.heap and self.heap[0][0] == self.now:
                heapq.heappop(self.heap)[2]()
            self.press_together(pool)

    def sweep(self, duty: Callable[..., int]) -> None:
        self.timed(duty.__name__, duty, at=self.now)

    def arrivals(self) -> Iterator[float]:
        spans, begun = [], FIRST
        for until, weight in CROWD:
            spans.append((begun, until, weight * (until - begun)))
            begun = until
        total = sum(weight for _, _, weight in spans)
        for _ in range(self.visitors):
            spot = self.random.random() * total
            for since, until, weight in spans:
                if spot < weight:
                    yield (since + (until - since) * spot / weight - FIRST) * 60
                    break
                spot -= weight

    # --- visitors ---

    def arrive(self) -> None:
        from zhengtong.base.permission import SYSTEM
        from zhengtong.flows.ticket_taken import take_ticket
        from zhengtong.rules.refusal import Refusal

        letter = self.random.choices(list(TRADES), [row[2] for row in TRADES.values()])[0]
        spot, priority = self.random.random(), ""
        for name, share in PRECEDENCE:
            if spot < share:
                priority = name
                break
            spot -= share
        phone = f"1380{self.random.randrange(10**7):07d}" if self.random.random() < 0.6 else ""
        by = self.guide if priority == "green" else SYSTEM
        channel = {"green": "desk", "appointment": "appointment"}.get(priority, "phone" if phone else "kiosk")
        try:
            ticket = self.timed(
                "take", take_ticket, "H01", letter, channel=channel, priority=priority, phone=phone,
                appointment_key="booked" if priority == "appointment" else "", by=by, at=self.now,
            )  # fmt: skip
        except Refusal as refusal:
            self.refused[refusal.code.value] += 1
            return
        if self.random.random() < 0.03:
            self.after(self.random.expovariate(1 / 20), lambda: self.give_up(ticket.key))
        elif self.random.random() < 0.003:
            self.after(1, lambda: self.put_first(ticket.key))
        self.wake(letter)

    def wake(self, letter: str) -> None:
        """Idle clerks who serve the queue see somebody waiting: two reach for the button."""
        idle = [clerk for clerk in self.clerks if clerk.idle and clerk.window in self.queues[letter]]
        for clerk in self.random.sample(idle, min(2, len(idle))):
            clerk.idle = False
            self.after(0.1, lambda clerk=clerk: self.presses.add(clerk.number))

    def give_up(self, key: Any) -> None:
        from zhengtong.base.permission import Acting, ActorKind
        from zhengtong.flows.ticket_left import leave

        self.quietly("leave", leave, key, by=Acting(ActorKind.APPLICANT, None, "持票人"), at=self.now)

    def put_first(self, key: Any) -> None:
        from zhengtong.flows.ticket_called import pin

        self.quietly("pin", pin, key, reason="突发不适", by=self.manager, at=self.now)

    def quietly(self, name: str, act: Callable[..., Any], *args: Any, **kwargs: Any) -> bool:
        from zhengtong.rules.refusal import Refusal

        try:
            self.timed(name, act, *args, **kwargs)
        except Refusal as refusal:
            self.refused[refusal.code.value] += 1
            return False
        return True

    # --- clerks ---

    def sit(self, clerk: Clerk) -> None:
        from zhengtong.flows.ticket_window import open_window

        if clerk.leaves_at is not None and self.now >= clerk.leaves_at:
            return
        clerk.seated = self.quietly("open", open_window, clerk.window, by=clerk.acting, at=self.now)
        self.presses.add(clerk.number)

    def rise(self, clerk: Clerk, minutes: int | None, back_in: float | None) -> None:
        from zhengtong.flows.ticket_window import close_window

        clerk.idle = clerk.seated = False
        self.quietly("close", close_window, clerk.window, minutes=minutes, by=clerk.acting, at=self.now)
        if back_in is not None:
            self.after(back_in, lambda: self.sit(clerk))

    def next_or_rest(self, clerk: Clerk) -> None:
        """Between two visits: lunch, a break, the evening, or the next."""
        clerk.busy = False
        hour = (self.now - self.clock(0)).total_seconds() / 3600
        lunch = (13, 14) if clerk.number in (3, 13) else (12, 13)
        if clerk.leaves_at is not None and self.now >= clerk.leaves_at:
            return self.rise(clerk, None, None)
        if lunch[0] <= hour < lunch[1]:
            back = (self.clock(lunch[1]) - self.now).total_seconds() / 60
            return self.rise(clerk, None, back + self.random.uniform(-1, 4))
        if hour >= 17:
            return self.rise(clerk, None, None)
        if clerk.breaks and self.now >= clerk.breaks[0][0]:
            _, minutes, says = clerk.breaks.pop(0)
            return self.rise(clerk, round(minutes / 5) * 5 or 5 if says else None, minutes)
        self.presses.add(clerk.number)
        return None

    def press_together(self, pool: ThreadPoolExecutor) -> None:
        """Everybody whose hand is on the button at this tick, two at a time, in two threads that wait for each other."""
        numbers = sorted(self.presses)
        self.presses.clear()
        chosen = [clerk for clerk in self.clerks if clerk.number in numbers and clerk.seated and not clerk.busy]
        for pair in (chosen[place : place + 2] for place in range(0, len(chosen), 2)):
            gate = threading.Barrier(len(pair))
            self.together += len(pair) == 2
            answers = list(pool.map(self.press, pair, [gate] * len(pair)))
            for clerk, ticket in zip(pair, answers, strict=True):
                self.received(clerk, ticket)

    def press(self, clerk: Clerk, gate: threading.Barrier) -> Any:
        from zhengtong.flows.ticket_called import call_next

        gate.wait()
        return self.timed("call", call_next, clerk.window, by=clerk.acting, at=self.now)

    def received(self, clerk: Clerk, ticket: Any) -> None:
        clerk.idle, clerk.busy = ticket is None, ticket is not None
        if ticket is None:
            self.after(8, lambda: self.look_again(clerk))
            return
        self.called.append((ticket.key, ticket.version))
        if self.random.random() < NO_SHOW:
            self.after(self.random.uniform(0.7, 1.2), lambda: self.nobody_comes(clerk, ticket))
        else:
            self.after(self.random.uniform(0.2, 1.2), lambda: self.begin(clerk, ticket))

    def look_again(self, clerk: Clerk) -> None:
        if clerk.idle and clerk.seated:
            self.next_or_rest(clerk)

    def nobody_comes(self, clerk: Clerk, ticket: Any) -> None:
        from zhengtong.flows.ticket_called import pass_over, recall

        if not self.quietly("recall", recall, ticket.key, by=clerk.acting, at=self.now):
            return self.next_or_rest(clerk)

        def give_way() -> None:
            passed = self.quietly("pass", pass_over, ticket.key, by=clerk.acting, at=self.now)
            if passed and self.random.random() < COMES_BACK:
                self.after(self.random.uniform(2, 25), lambda: self.come_back(ticket))
            self.after(0.1, lambda: self.next_or_rest(clerk))

        self.after(self.random.uniform(0.5, 1.0), give_way)
        return None

    def come_back(self, ticket: Any) -> None:
        from zhengtong.flows.ticket_called import check_in_again

        if self.quietly("return", check_in_again, ticket.key, by=self.guide, at=self.now):
            self.wake(ticket.queue.code)

    def begin(self, clerk: Clerk, ticket: Any) -> None:
        from zhengtong.domains.hall.queries import ticket_for
        from zhengtong.flows.ticket_served import start

        if not self.quietly("start", start, ticket.key, by=clerk.acting, at=self.now):
            return self.next_or_rest(clerk)
        _, _, _, minutes, unevenness, _ = TRADES[ticket_for(ticket.key).queue.code]
        drawn = self.random.lognormvariate(0, unevenness) * minutes / 2.718281828 ** (unevenness**2 / 2)
        self.after(max(drawn * clerk.speed, 0.8), lambda: self.finish(clerk, ticket))
        return None

    def finish(self, clerk: Clerk, ticket: Any) -> None:
        from zhengtong.flows.ticket_called import transfer
        from zhengtong.flows.ticket_served import served

        if self.random.random() < TRANSFERRED:
            other = self.random.choice([letter for letter in TRADES if letter != ticket.queue.code])
            if self.quietly("transfer", transfer, ticket.key, queue_code=other, by=clerk.acting, at=self.now):
                self.wake(other)
        else:
            self.quietly("serve", served, ticket.key, by=clerk.acting, at=self.now)
        self.after(self.random.uniform(0.1, 0.8), lambda: self.next_or_rest(clerk))


class Screens:
    """Five screens that read the board all day, each in its own thread, and look for what must never be seen."""

    def __init__(self, day: Day) -> None:
        self.day, self.stop = day, threading.Event()
        self.reads, self.faults = [0] * SCREENS, list[str]()
        self.threads = [threading.Thread(target=self.watch, args=(place,)) for place in range(SCREENS)]

    def __enter__(self) -> "Screens":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join()

    def watch(self, place: int) -> None:
        from django.db import connection

        from zhengtong.domains.hall.queries import board, mark

        seen = ""
        try:
            while not self.stop.wait(0.3):
                on = self.day.on
                if (now := mark("H01", on)) == seen:
                    continue
                seen = now
                shown = [one.label for one in board("H01", self.day.now).windows if one.label]
                self.reads[place] += 1
                if len(shown) != len(set(shown)):
                    self.faults.append(f"{self.day.now:%H:%M:%S} one ticket at two windows: {sorted(shown)}")
        except Exception as error:  # noqa: BLE001  a screen that died must fail the run, not vanish with its thread
            self.faults.append(f"screen {place}: {error!r}")
        finally:
            connection.close()


def furnish(people: Any, random: Random) -> tuple[list[Clerk], dict[str, set[int]]]:
    from tests.people import hall_of, hire
    from zhengtong.domains.hall import actions
    from zhengtong.domains.hall.actions import QueueForm
    from zhengtong.domains.registry import queries
    from zhengtong.rules.roles import Role

    manager, at = people.acting("蒋华"), datetime(2026, 9, 1, 9, tzinfo=ZONE)
    windows = hall_of(people, 20)
    queues = {}
    for place, (letter, (name, name_en, *_, numbers)) in enumerate(TRADES.items()):
        queues[letter] = {windows[number - 1].pk for number in numbers}
        form = QueueForm(letter, name, name_en, position=place, window_ids=sorted(queues[letter]))
        actions.open_queue("H01", letter, form, by=manager, at=at)
    for number in (3, 13):  # who stay over noon
        week = dict.fromkeys(range(5), "09:00-13:00 14:00-17:00")
        actions.set_hours("H01", week, window_id=windows[number - 1].pk, by=manager, at=at)
    clerks = []
    for number, window in enumerate(windows, 1):
        officer = hire(people.organ, None, f"窗口{number}", f"clerk{number}", Role.WINDOW)
        acting = queries.officer_acting(officer.account_id or 0, at.date())
        clerks.append(Clerk(number, acting, window.pk, random.uniform(0.8, 1.25), []))
    return clerks, queues


def play(people: Any, furniture: tuple[list[Clerk], dict[str, set[int]]], on: date, visitors: int, seed: int) -> bool:
    random = Random(seed)
    clerks, queues = furniture
    day = Day(on, visitors, random, clerks, people.acting("罗婉秋"), people.acting("蒋华"), queues)
    for clerk in clerks:
        clerk.idle = clerk.seated = clerk.busy = False
        clerk.leaves_at = day.clock(15) if clerk.number == 7 else None  # called away, nobody was told
        clerk.breaks = sorted(
            (day.clock(hour) + timedelta(minutes=random.uniform(0, 60)), random.uniform(8, 18), random.random() < 0.5)
            for hour in (10, 14.5)
            if random.random() < 0.7
        )
    begun = time.perf_counter()
    with ThreadPoolExecutor(2) as pool, Screens(day) as screens:
        day.run(pool)
    return report(day, screens, time.perf_counter() - begun)


def report(day: Day, screens: Screens, seconds: float) -> bool:
    from zhengtong.base.journal import check_subject
    from zhengtong.base.journal.queries import entries_of
    from zhengtong.domains.hall import queries
    from zhengtong.domains.hall.models import Ticket

    waits = queries.day("H01", day.on, day.on, at=day.now)
    tickets = list(Ticket.objects.filter(hall__code="H01", on=day.on))
    faults = list(screens.faults)
    calls: Counter[Any] = Counter()
    for ticket in tickets:
        entries = list(entries_of("ticket", str(ticket.key)))
        faults += [f"{ticket.label}: {fault}" for fault in check_subject(ticket, entries)]
        kinds = Counter(entry.kind for entry in entries)
        calls["journal"] += kinds["ticket.called"]
        # Called once, and once more for each time it went back into a line.
        if kinds["ticket.called"] > 1 + kinds["ticket.returned"] + kinds["ticket.transferred"]:
            faults.append(f"{ticket.label} was called {kinds['ticket.called']} times")
    for letter in day.queues:
        serials = sorted(ticket.serial for ticket in tickets if ticket.label[0] == letter)
        if serials != list(range(1, len(serials) + 1)):
            faults.append(f"numbers of {letter} have gaps")
    lost = waits.total.taken - waits.total.served - waits.total.given_up
    if lost or len(tickets) + sum(day.refused[code] for code in ("ticket.open",)) != day.visitors:
        faults.append(f"{lost} tickets without an end, {len(tickets)} of {day.visitors} visitors hold one")
    if len(set(day.called)) != len(day.called) or calls["journal"] != len(day.called):
        faults.append(f"{len(day.called)} calls were answered, {calls['journal']} are on record")
    total, told = waits.total, waits.total.told
    unannounced = sum(ticket.announced_minutes is None for ticket in tickets)
    print(f"\n{day.on}: {total.taken} tickets, {len(day.clerks)} windows, {seconds:.0f} s")
    print(
        f"  served {total.served}, given up {total.given_up} ({waits.abandonment or 0:.1f} %); median wait "
        f"{waits.median or 0:.1f} min, P90 {waits.p90 or 0:.1f} min"
    )
    print(
        f"  announced against real: median error {told.median_error or 0:.2f} min, bias {told.bias or 0:+.2f}, between low "
        f"and high {100 * told.within / max(told.base, 1):.0f} % of {told.base}; not announced {unannounced}"
    )
    for line in where_it_waits(tickets):
        print(f"  {line}")
    for row in waits.queues:
        print(
            f"    {row.letter}  {row.taken:4d} tickets  wait {row.waited.median or 0:5.1f} / {row.waited.p90 or 0:5.1f}"
            f"  error {row.told.median_error or 0:5.2f}  bias {row.told.bias or 0:+5.2f}  within "
            f"{100 * row.told.within / max(row.told.base, 1):3.0f} %"
        )
    loads = [row.load or 0 for row in waits.windows]
    print(f"  load of the windows {min(loads):.0f}–{max(loads):.0f} %, mean {sum(loads) / len(loads):.0f} %")
    print(
        f"  {len(day.called)} calls, {day.together} pairs of clerks pressed at once, {sum(screens.reads)} boards read by "
        f"{SCREENS} screens; refused: {dict(day.refused)}"
    )
    print(
        "  ms (median): "
        + ", ".join(f"{name} {_median(spent) * 1000:.0f}" for name, spent in sorted(day.spent.items()))
    )
    for fault in faults[:20]:
        print(f"  FAULT {fault}")
    held = not faults and told.median_error is not None and told.median_error < 5
    print("  held" if held else "  NOT HELD")
    return held


def where_it_waits(tickets: list[Any]) -> Iterator[str]:
    """Whether people wait because the hall is shut or full, or because a window stands idle that could serve them."""
    from zhengtong.domains.hall.models import Queue, Sitting, Visit
    from zhengtong.rules.queue_figures import spread

    at_doors = []
    for ticket in tickets:
        if ticket.first_called_at is not None:
            begun, ended = ticket.taken_at.astimezone(ZONE), ticket.first_called_at.astimezone(ZONE)
            at_doors.append(_overlap((begun, ended), _shut(begun.date())))
    waited = [(t.first_called_at - t.taken_at).total_seconds() / 60 for t in tickets if t.first_called_at is not None]
    open_waits = spread([whole - shut for whole, shut in zip(waited, at_doors, strict=True)])
    yield (
        f"of that the doors were shut: {100 * sum(at_doors) / sum(waited):.0f} % of all waiting, for "
        f"{sum(shut > 0 for shut in at_doors)} people; while they were open median {open_waits.median or 0:.1f}, "
        f"P90 {open_waits.p90 or 0:.1f} min"
    )
    on, served = tickets[0].on, defaultdict(list)
    for queue in Queue.objects.prefetch_related("windows"):
        for window in queue.windows.all():
            served[window.pk].append(queue.pk)
    line = defaultdict(list)  # queue → spans in which somebody stood in it, and was called in the end
    visits = defaultdict(list)
    for visit in Visit.objects.filter(on=on).order_by("called_at"):
        if visit.ticket_id and not visit.ticket.only_window_id:
            line[visit.queue_id].append((visit.joined_at, visit.called_at))
        visits[visit.window_id].append((visit.called_at, visit.ended_at))
    idle, seated = [], 0.0
    for sitting in Sitting.objects.filter(on=on, closed_at__isnull=False):
        seated += (sitting.closed_at - sitting.opened_at).total_seconds() / 60
        since = sitting.opened_at
        ends = sitting.closed_at, sitting.closed_at
        for called, ended in [*visits[sitting.window_id], ends]:
            if sitting.opened_at <= called <= sitting.closed_at:
                spans = [span for queue in served[sitting.window_id] for span in line[queue]]
                idle.append(max((_overlap((since, called), [span]) for span in spans), default=0.0))
                since = ended
    yield (
        f"{seated / 60:.0f} window hours; in {sum(gap > 1.5 for gap in idle)} of {len(idle)} pauses a window stood idle for "
        f"more than 1.5 min while somebody it serves waited, {sum(gap for gap in idle if gap > 1.5):.0f} min in all"
    )


def _shut(on: date) -> list[tuple[datetime, datetime]]:
    """Before nine and over noon, when but two windows are open."""
    midnight = datetime(on.year, on.month, on.day, tzinfo=ZONE)
    return [(midnight, midnight + timedelta(hours=9)), (midnight + timedelta(hours=12), midnight + timedelta(hours=13))]


def _overlap(span: tuple[datetime, datetime], others: list[tuple[datetime, datetime]]) -> float:
    """Minutes of a span that fall into the others."""
    parts = [(min(span[1], end) - max(span[0], start)).total_seconds() / 60 for start, end in others]
    return sum(part for part in parts if part > 0)


def _median(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def run(wanted: argparse.Namespace) -> int:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from tests.people import cast

    call_command("migrate", verbosity=0)
    print(f"database: {connection.vendor}; seed {wanted.seed}")
    people = cast()
    furniture = furnish(people, Random(wanted.seed))
    held = True
    days = [date(2026, 9, 21), date(2026, 9, 22), date(2026, 9, 23)]
    for place, on in enumerate(days[: wanted.days]):
        held &= play(people, furniture, on, wanted.visitors, wanted.seed + 1 + place)
    return 0 if held else 1


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.bench.hall")
    parser.add_argument("--visitors", type=int, default=700)
    parser.add_argument("--days", type=int, default=2, choices=(1, 2, 3), help="the first knows no history (default 2)")
    parser.add_argument("--seed", type=int, default=2026)
    wanted = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="zhengtong-hall-")
    os.environ["ZHENGTONG_DATA_DIR"] = folder
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        return run(wanted)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
