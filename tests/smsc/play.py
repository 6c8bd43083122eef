"""Many messages through two message centres, one of which dies in the middle; then who received what, and how often."""

import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Min
from django.test import override_settings

from tests.smsc.centre import Centre
from zhengtong.base.outbox import receipts
from zhengtong.base.outbox.actions import message, queue
from zhengtong.base.outbox.delivery import deliver_due
from zhengtong.base.outbox.models import Message, Pace, Try
from zhengtong.rules.messaging_delivery import DOUBTFUL

START = datetime(2026, 9, 24, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
EACH = 4  # messages of one case to one receiver, which must arrive in their order
LISTED = (Message.DEAD, Message.FAILED, Message.REJECTED, Message.EXPIRED, Message.UNKNOWN)


@dataclass
class Figures:
    messages: int
    seconds: float
    states: dict[str, int]
    arrived_once: int
    arrived_twice: int
    doubtful: int  # messages with a try that left and was never answered
    lost: int  # neither arrived nor listed
    doubled_unlawfully: int  # arrived twice though no response was missing
    out_of_order: int
    by_centre: tuple[int, int]
    within: tuple[int, int]

    def lines(self) -> list[str]:
        return [
            f"messages {self.messages} in {self.seconds:.1f} s: {self.messages / self.seconds:.0f} a second",
            f"taken by the first centre, which died: {self.by_centre[0]}; by the second: {self.by_centre[1]}",
            "states: " + ", ".join(f"{state} {count}" for state, count in sorted(self.states.items())),
            f"arrived once {self.arrived_once}; twice {self.arrived_twice}, of {self.doubtful} whose response was lost",
            f"lost {self.lost}; doubled though answered {self.doubled_unlawfully}; out of order {self.out_of_order}",
            f"left within ten seconds {self.within[0]} of {self.within[1]}",
        ]

    @property
    def held(self) -> bool:
        return not (self.lost or self.doubled_unlawfully or self.out_of_order) and self.arrived_twice <= self.doubtful


def write(count: int) -> None:
    """Case by case in turns, so that one case's messages lie far apart."""
    cases = count // EACH
    for number in range(EACH):
        queue(*(_written(case, number) for case in range(cases)))


def _written(case: int, number: int) -> Message:
    return message(
        "case.accepted",
        key=f"play:{case}:{number}",
        at=START,
        channel=Message.SMS,
        address=f"138{case:08}",
        subject=("case", f"C{case}"),
        payload={"text": f"{case}/{number}"},
    )


def play(count: int, *, die_after: int, swallow_every: int, workers: int = 1, tag: str = "") -> Figures:
    """`die_after`: how many the first centre takes before it is killed. `tag` keeps two plays of one process apart."""
    first, second = Centre(first_ref=1).start(), Centre(first_ref=1_000_001).start()
    first.habits.swallow_every = swallow_every
    addresses = [
        f"smpp://house:secret@127.0.0.1:{centre.port}?name={tag}{name}&window=50&wait=1"
        for centre, name in ((first, "first"), (second, "second"))
    ]
    write(count)
    began = time.monotonic()
    watching = threading.Thread(target=_kill_when, args=(first, die_after), daemon=True)
    watching.start()
    try:
        with override_settings(SMS_PROVIDERS=addresses):
            clock = _Clock()
            others = [threading.Thread(target=_work, args=(clock,)) for _ in range(workers - 1)]
            for one in others:
                one.start()
            _work(clock, close=False)
            for one in others:
                one.join()
            seconds = time.monotonic() - began
            # Receipts of the one that lives come in; those of the dead one never will.
            for _ in range(500):
                deliver_due(at=clock(), only=Message.SMS)
                if not second.due_receipts():
                    break
                time.sleep(0.02)
            while receipts.give_up(at=clock() + receipts.WAITED + timedelta(days=1)):
                pass
    finally:
        watching.join()
        first.stop()
        second.stop()
    return _figures(first, second, count, seconds)


def _kill_when(centre: Centre, count: int) -> None:
    end = time.monotonic() + 300
    while len(centre.received) < count and time.monotonic() < end:
        time.sleep(0.002)
    centre.kill()


class _Clock:
    """The machine's clock, moved on where everybody would only wait."""

    def __init__(self) -> None:
        self.began, self.skipped, self.lock = time.monotonic(), timedelta(0), threading.Lock()

    def __call__(self) -> datetime:
        return START + timedelta(seconds=time.monotonic() - self.began) + self.skipped

    def skip_to(self, at: datetime) -> None:
        with self.lock:
            self.skipped += max(timedelta(0), at - self())


def _work(clock: _Clock, *, close: bool = True) -> None:
    idle = 0
    while True:
        if deliver_due(at=clock(), only=Message.SMS):
            idle = 0
            continue
        left = Message.objects.filter(state__in=[Message.PENDING, Message.CLAIMED])
        if not left.exists():
            break
        idle += 1
        if idle < 40:
            time.sleep(0.01)  # a receipt may come and let the next of its case go
            continue
        idle = 0
        following = left.aggregate(first=Min("next_try_at"))["first"]
        clock.skip_to(max(following, clock() + timedelta(seconds=30)))
    if close:
        from django.db import connection

        connection.close()


def _figures(first: Centre, second: Centre, count: int, seconds: float) -> Figures:
    arrivals = sorted((one for centre in (first, second) for one in centre.received), key=lambda one: one.at)
    times: Counter[str] = Counter(one.text for one in arrivals)
    order: dict[str, list[int]] = defaultdict(list)
    for one in arrivals:
        case, number = one.text.split("/")
        order[case].append(int(number))
    rows = {row.payload["text"]: row for row in Message.objects.filter(key__startswith="play:")}
    unanswered = set(
        Try.objects.filter(outcome__in=[str(one) for one in DOUBTFUL]).values_list("message_id", flat=True)
    )
    pace = Pace.objects.filter(channel=Message.SMS).first()
    return Figures(
        messages=count,
        seconds=seconds,
        states=dict(Counter(row.state for row in rows.values())),
        arrived_once=sum(1 for text in rows if times[text] == 1),
        arrived_twice=sum(1 for text in rows if times[text] > 1),
        doubtful=len(unanswered),
        lost=sum(1 for text, row in rows.items() if not times[text] and row.state not in LISTED),
        doubled_unlawfully=sum(1 for text, row in rows.items() if times[text] > 1 and row.pk not in unanswered),
        out_of_order=sum(1 for numbers in order.values() if numbers != sorted(numbers)),
        by_centre=(len(first.received), len(second.received)),
        within=(pace.within, pace.counted) if pace else (0, 0),
    )
