"""Knows the life of a ticket (排队票) and whose turn it is; refuses to know any hall, window, clock or database.

Whoever is given precedence is given a head start, never a class of their own: a ticket's turn is the moment it was
taken, less the minutes its bearer is granted. So an ordinary visitor is overtaken only by those who came less than the
longest head start later, however many of them come, and nobody waits for ever.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from zhengtong.rules.kinds import Kind
from zhengtong.rules.refusal import Refusal, RefusalCode


class TicketState(StrEnum):
    WAITING = "WAITING"  # 等候
    CALLED = "CALLED"  # 已叫号, the person is on the way to the window
    SERVING = "SERVING"  # 办理中
    SERVED = "SERVED"  # 办结
    PASSED = "PASSED"  # 过号; may come back for a while
    LEFT = "LEFT"  # 放弃: the person said so
    CLOSED = "CLOSED"  # 闭厅时作废: waited to the end of the day


class TicketStep(StrEnum):
    CALL = "call"
    RECALL = "recall"
    PASS = "pass"  # noqa: S105  (a step, no password)
    RETURN = "return"
    TRANSFER = "transfer"
    PIN = "pin"
    START = "start"
    SERVE = "serve"
    REOPEN = "reopen"
    LEAVE = "leave"
    CLOSE = "close"


class TicketChannel(StrEnum):
    KIOSK = "kiosk"  # 取号机
    PHONE = "phone"  # 手机取号
    APPOINTMENT = "appointment"  # 预约签到
    DESK = "desk"  # 导办台


class Priority(StrEnum):
    NONE = ""
    ELDERLY = "elderly"  # 老年人
    DISABLED = "disabled"  # 残疾人
    GREEN = "green"  # 绿色通道 (domain-rules §2.7)
    APPOINTMENT = "appointment"  # 预约


@dataclass(frozen=True, slots=True)
class TicketMove:
    start: frozenset[TicketState]
    to: TicketState
    kind: Kind


OPEN = frozenset({TicketState.WAITING, TicketState.CALLED, TicketState.SERVING})  # one such per phone and queue
AT_WINDOW = frozenset({TicketState.CALLED, TicketState.SERVING})  # one such per window
GIVEN_UP = frozenset({TicketState.PASSED, TicketState.LEFT, TicketState.CLOSED})  # what abandonment counts
_WAITING = frozenset({TicketState.WAITING})
_CALLED = frozenset({TicketState.CALLED})

MOVES: dict[TicketStep, TicketMove] = {
    TicketStep.CALL: TicketMove(_WAITING, TicketState.CALLED, Kind.TICKET_CALLED),
    TicketStep.RECALL: TicketMove(_CALLED, TicketState.CALLED, Kind.TICKET_RECALLED),
    TicketStep.PASS: TicketMove(AT_WINDOW, TicketState.PASSED, Kind.TICKET_PASSED),
    TicketStep.RETURN: TicketMove(frozenset({TicketState.PASSED}), TicketState.WAITING, Kind.TICKET_RETURNED),
    TicketStep.TRANSFER: TicketMove(OPEN, TicketState.WAITING, Kind.TICKET_TRANSFERRED),
    TicketStep.PIN: TicketMove(_WAITING, TicketState.WAITING, Kind.TICKET_PINNED),
    TicketStep.START: TicketMove(_CALLED, TicketState.SERVING, Kind.TICKET_STARTED),
    # A clerk who forgot to press "start" has served all the same.
    TicketStep.SERVE: TicketMove(AT_WINDOW, TicketState.SERVED, Kind.TICKET_SERVED),
    # 办结 pressed by mistake, at the window where it was.
    TicketStep.REOPEN: TicketMove(frozenset({TicketState.SERVED}), TicketState.SERVING, Kind.TICKET_REOPENED),
    TicketStep.LEAVE: TicketMove(frozenset({*_WAITING, *_CALLED}), TicketState.LEFT, Kind.TICKET_LEFT),
    TicketStep.CLOSE: TicketMove(OPEN, TicketState.CLOSED, Kind.TICKET_CLOSED),
}

# A pinned ticket (置顶) goes before everybody, among themselves in the order of pinning.
_PINNED = timedelta(days=1)


def check_ticket_step(step: TicketStep, state: str) -> TicketMove:
    """The move, or Refusal(TICKET_WRONG_STATE)."""
    move = MOVES[step]
    if state not in move.start:
        raise Refusal(RefusalCode.TICKET_WRONG_STATE, state=state, step=step.value)
    return move


def label(letter: str, serial: int) -> str:
    """A032: the queue's letter and at least three digits, which a voice can call and a board can show."""
    return f"{letter}{serial:03d}"


def turn(taken_at: datetime, priority: str, head_starts: Mapping[str, int]) -> datetime:
    """Where a ticket stands in line: the earlier, the sooner. `head_starts` are minutes by priority."""
    return taken_at - timedelta(minutes=head_starts.get(priority, 0))


def pinned_turn(at: datetime) -> datetime:
    return at - _PINNED


def returned_turn(turns: Sequence[datetime], places: int, at: datetime) -> datetime:
    """过号顺延: who comes back goes behind the next `places` in line (`turns` of the waiting, first to be called first)."""
    if places <= 0 or not turns:
        return turns[0] - timedelta(microseconds=1) if turns else at
    return turns[min(places, len(turns)) - 1] + timedelta(microseconds=1)
