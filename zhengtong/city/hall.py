"""排队叫号 in the demo city: queues and hours of its halls, a working day that is over, and people who wait now."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhengtong.base import calendar
from zhengtong.base.permission import SYSTEM, Acting
from zhengtong.city.accounts import CENTRE_MANAGER, HALL_CLERK, WINDOW
from zhengtong.domains.hall import queries as hall
from zhengtong.domains.registry import queries as registry
from zhengtong.flows import ticket_called, ticket_house, ticket_served, ticket_window
from zhengtong.flows.ticket_house import QueueForm
from zhengtong.flows.ticket_taken import take_ticket
from zhengtong.rules.clock import local_date

CENTRE = "H01"
OPEN_FOR = 14  # days in which the demo's halls stay open round the clock, so that its machines can be tried
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
WEEK = dict.fromkeys(range(5), "09:00-12:00 13:30-17:00")


@dataclass(frozen=True, slots=True)
class Trade:
    """A queue: the numbers of its windows, and how many came on the day that is over."""

    hall: str
    code: str
    letter: str
    name: str
    name_en: str
    minutes: int
    windows: tuple[int, ...]
    came: int = 0


TRADES = (
    Trade(CENTRE, "commerce", "A", "商务业务", "Commerce", 10, (32, 33), 14),
    Trade(CENTRE, "approval", "B", "行政审批", "Approvals", 12, (1, 2, 3, 4), 0),
    Trade(CENTRE, "business", "C", "企业登记和税务", "Companies and tax", 15, (24, 25, 26, 9, 10), 16),
    Trade(CENTRE, "insurance", "D", "社保医保", "Social and medical insurance", 8, (5, 6, 7, 17), 18),
    Trade(CENTRE, "building", "E", "建设和土地", "Building and land", 15, (11, 12, 13, 14, 27), 0),
    Trade(CENTRE, "police", "F", "公安业务", "Police services", 8, (15, 16), 0),
    Trade(
        CENTRE, "other", "G", "其他部门", "Other departments", 10, (8, 18, 19, 20, 21, 22, 23, 28, 29, 30, 31, 34), 0
    ),
    Trade(CENTRE, "general", "H", "综合受理和咨询", "General intake and advice", 6, (35, 36, 37), 0),
    Trade("H02", "station", "A", "综合业务", "General", 10, (1,), 0),
    Trade("H02", "insurance", "B", "社会保障", "Social insurance", 8, (2,), 0),
)


@transaction.atomic
def enact(*, at: datetime) -> None:
    """All of it or nothing; a city that has its queues is left alone."""
    if hall.queues(CENTRE, every=True):
        return
    manager = _acting(CENTRE_MANAGER, at)
    known = {(window.hall.code, int(window.number)): window for window in registry.windows()}
    windows = {number: window for (code, number), window in known.items() if code == CENTRE}
    for place, trade in enumerate(TRADES):
        form = QueueForm(
            trade.letter, trade.name, trade.name_en, trade.minutes, place,
            window_ids=[known[trade.hall, number].pk for number in trade.windows],
        )  # fmt: skip
        ticket_house.open_queue(trade.hall, trade.code, form, by=manager, at=at)
    for code in (CENTRE, "H02"):
        ticket_house.set_hours(code, WEEK, by=manager, at=at)
        for days in range(-1, OPEN_FOR):
            ticket_house.set_special_day(
                code, local_date(at) + days * DAY, "00:00-24:00", note="演示期间全天开放",
                note_en="Open round the clock for the demonstration", by=manager, at=at,
            )  # fmt: skip
    ticket_house.set_hours("H03", dict.fromkeys(range(5), "09:00-12:00"), by=manager, at=at)
    random = Random(20261122)  # noqa: S311  (a play, no secret)
    clerks = _clerks(at)
    for trade in TRADES:
        if trade.came:
            _past_day(trade, windows, clerks, random, at)
    _now(windows, clerks, at)


def _acting(staff_no: str, at: datetime) -> Acting:
    acting = registry.officer_acting(registry.officer_for(staff_no).account_id or 0, local_date(at))
    assert acting is not None
    return acting


def _clerks(at: datetime) -> dict[int, Acting]:
    """By window; the demo's own clerk is left out, so that a newcomer finds their window free."""
    found: dict[int, Acting] = {}
    for officer in registry.officers(limit=1000):
        if officer.window_id is not None and officer.staff_no != WINDOW:
            acting = registry.officer_acting(officer.account_id or 0, local_date(at))
            if acting is not None:
                found.setdefault(officer.window_id, acting)
    return found


def _past_day(trade: Trade, windows: dict[int, Any], clerks: dict[int, Acting], random: Random, at: datetime) -> None:
    """The last working morning, through the real flows."""
    on = calendar.current().nth_working_day(local_date(at), -1)
    begins = timezone.make_aware(datetime.combine(on, time(9)))
    free = {
        windows[number].pk: begins + random.randrange(6) * MINUTE
        for number in trade.windows
        if windows[number].pk in clerks
    }
    came = sorted(begins + random.uniform(-10, 120) * MINUTE for _ in range(trade.came))
    for window_id, opens in free.items():
        ticket_window.open_window(window_id, by=clerks[window_id], at=opens)
    line: list[Any] = []
    for moment in came:
        _serve_until(moment, line, free, clerks, random)
        priority = random.choices(["", "elderly", "disabled"], [85, 12, 3])[0]
        line.append(
            take_ticket(trade.hall, trade.code, channel=random.choice(["kiosk", "kiosk", "phone"]), priority=priority, by=SYSTEM, at=moment)
        )  # fmt: skip
    _serve_until(begins + 8 * 60 * MINUTE, line, free, clerks, random)
    for window_id, by in clerks.items():
        if window_id in free:
            ticket_window.close_window(window_id, by=by, at=max(free[window_id], begins + 3 * 60 * MINUTE))


def _serve_until(
    until: datetime, line: list[Any], free: dict[int, datetime], clerks: dict[int, Acting], random: Random
) -> None:
    """Whichever window is free first calls, as long as somebody waits and its moment has come."""
    while line:
        window_id = min(free, key=lambda one: free[one])
        calls_at = max(free[window_id], min(ticket.taken_at for ticket in line))
        if calls_at >= until:
            return
        by = clerks[window_id]
        ticket = ticket_called.call_next(window_id, by=by, at=calls_at)
        if ticket is None:
            return
        line[:] = [one for one in line if one.pk != ticket.pk]
        if random.random() < 0.06:
            ticket_called.pass_over(ticket.key, by=by, at=calls_at + 2 * MINUTE)
            free[window_id] = calls_at + 2.5 * MINUTE
            continue
        ends = calls_at + random.lognormvariate(2.0, 0.5) * MINUTE
        ticket_served.start(ticket.key, by=by, at=calls_at + 0.5 * MINUTE)
        ticket_served.served(ticket.key, by=by, at=ends)
        free[window_id] = ends + 0.5 * MINUTE


def _now(windows: dict[int, Any], clerks: dict[int, Acting], at: datetime) -> None:
    """A few people in the hall at this moment; the demo's clerk finds somebody to call."""
    guide = _acting(HALL_CLERK, at)
    for number in (1, 5, 6, 7, 8, 11, 15, 24, 25, 33, 35):
        window = windows.get(number)
        if window is not None and window.pk in clerks:
            ticket_window.open_window(window.pk, by=clerks[window.pk], at=at - 40 * MINUTE)
    for back, code, channel, priority in (
        (24, "commerce", "kiosk", ""), (21, "business", "kiosk", ""), (19, "insurance", "kiosk", "elderly"),
        (17, "commerce", "phone", ""), (15, "insurance", "kiosk", ""), (12, "commerce", "kiosk", "elderly"),
        (9, "insurance", "kiosk", ""), (7, "commerce", "kiosk", ""), (4, "business", "kiosk", ""), (3, "commerce", "desk", "green"),
    ):  # fmt: skip
        by = guide if channel == "desk" else SYSTEM
        take_ticket(CENTRE, code, channel=channel, priority=priority, by=by, at=at - back * MINUTE)
    for number, called, started in ((33, 14, 13), (24, 18, 17), (5, 11, 10), (6, 1, None)):
        window = windows.get(number)
        if window is None or window.pk not in clerks:
            continue
        ticket = ticket_called.call_next(window.pk, by=clerks[window.pk], at=at - called * MINUTE)
        if ticket is not None and started is not None:
            ticket_served.start(ticket.key, by=clerks[window.pk], at=at - started * MINUTE)
