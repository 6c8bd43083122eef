"""Knows the procedure of a supervision order (督办) and the ladder of 催办 above it; refuses to know any order.

事事有着落、件件有回音: an order ends only when a supervisor has verified the reply, or says why it is withdrawn.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zhengtong.rules.calendar import Calendar
from zhengtong.rules.kinds import Kind
from zhengtong.rules.refusal import Refusal, RefusalCode


class OrderKind(StrEnum):
    """How long the organ has; the days are parameters (domain-rules §5.7)."""

    URGENT = "URGENT"
    NORMAL = "NORMAL"
    COMPLEX = "COMPLEX"


class OrderSource(StrEnum):
    CARD = "card"  # 监察牌
    LEAD = "lead"  # 数据真实性线索
    URGING = "urging"  # 申请人催办; the key is the case number
    COMPLAINT = "complaint"  # 投诉; the key is the case number, or the complaint's own
    INSTRUCTION = "instruction"  # 领导批示
    FINDING = "finding"  # 监察发现


# One order answers for a finding of the system; what people bring may need several.
ONCE = frozenset({OrderSource.CARD, OrderSource.LEAD})


class OrderState(StrEnum):
    OPEN = "OPEN"  # 已发出
    RECEIVED = "RECEIVED"  # 已签收
    REPLIED = "REPLIED"  # 已回复
    REJECTED = "REJECTED"  # 退回重办, with a new term
    VERIFIED = "VERIFIED"  # 已核实
    CLOSED = "CLOSED"  # 已办结


class OrderStep(StrEnum):
    RECEIVE = "receive"
    REPLY = "reply"
    VERIFY = "verify"
    REJECT = "reject"
    CLOSE = "close"
    WITHDRAW = "withdraw"
    ASK_EXTENSION = "ask_extension"
    EXTEND = "extend"
    DECLINE_EXTENSION = "decline_extension"
    ESCALATE = "escalate"


class OrderResult(StrEnum):
    """How an order ended."""

    DONE = "done"  # 办结
    WITHDRAWN = "withdrawn"  # 撤销


@dataclass(frozen=True, slots=True)
class OrderMove:
    """From which states, to which (None: the state stays), by the organ that answers or by supervision."""

    start: frozenset[OrderState]
    to: OrderState | None
    by_organ: bool
    kind: Kind


RUNNING = frozenset({OrderState.OPEN, OrderState.RECEIVED, OrderState.REJECTED})  # the term runs: a reply is owed
UNFINISHED = frozenset(OrderState) - {OrderState.CLOSED}

MOVES: dict[OrderStep, OrderMove] = {
    OrderStep.RECEIVE: OrderMove(frozenset({OrderState.OPEN}), OrderState.RECEIVED, True, Kind.ORDER_RECEIVED),
    OrderStep.REPLY: OrderMove(
        frozenset({OrderState.RECEIVED, OrderState.REJECTED}), OrderState.REPLIED, True, Kind.ORDER_REPLIED
    ),
    OrderStep.VERIFY: OrderMove(frozenset({OrderState.REPLIED}), OrderState.VERIFIED, False, Kind.ORDER_VERIFIED),
    OrderStep.REJECT: OrderMove(frozenset({OrderState.REPLIED}), OrderState.REJECTED, False, Kind.ORDER_REJECTED),
    OrderStep.CLOSE: OrderMove(frozenset({OrderState.VERIFIED}), OrderState.CLOSED, False, Kind.ORDER_CLOSED),
    OrderStep.WITHDRAW: OrderMove(UNFINISHED, OrderState.CLOSED, False, Kind.ORDER_WITHDRAWN),
    OrderStep.ASK_EXTENSION: OrderMove(RUNNING - {OrderState.OPEN}, None, True, Kind.ORDER_EXTENSION_ASKED),
    OrderStep.EXTEND: OrderMove(RUNNING, None, False, Kind.ORDER_EXTENDED),
    OrderStep.DECLINE_EXTENSION: OrderMove(RUNNING, None, False, Kind.ORDER_EXTENSION_DECLINED),
    OrderStep.ESCALATE: OrderMove(RUNNING, None, False, Kind.ORDER_ESCALATED),
}


def check_order_step(step: OrderStep, state: OrderState) -> OrderMove:
    """The move, or Refusal(ORDER_WRONG_STATE) naming the state the order is in now."""
    move = MOVES[step]
    if state not in move.start:
        raise Refusal(RefusalCode.ORDER_WRONG_STATE, step=step.value, state=state.value)
    return move


def order_steps(state: OrderState, *, by_organ: bool) -> tuple[OrderStep, ...]:
    """What may happen now on one side of the table, in the order of the table; for a screen."""
    return tuple(
        step
        for step, move in MOVES.items()
        if state in move.start and move.by_organ is by_organ and step is not OrderStep.ESCALATE
    )


DEEPEST = 3  # section and its leader, head of the organ, organ above


def step_due(depth: int, due_on: date, after: tuple[int, int], calendar: Calendar) -> date:
    """The first day of a step of the ladder, for a term that ended on `due_on`.

    1: the day after, to the section and its leader (逾期次日发催办通知书, §5.7 [S29]). 2 and 3: when `after` further
    working days have passed, to the head of the organ, then to the organ above.
    """
    if depth == 1:
        return date.fromordinal(due_on.toordinal() + 1)
    last = calendar.nth_working_day(due_on, after[depth - 2])
    return date.fromordinal(last.toordinal() + 1)


def order_no(year: int, serial: int) -> str:
    """监察编号 (GB/T 39046 table 11, an..20): the year's own series, e.g. `DB202600017`."""
    if serial < 1:
        raise Refusal(RefusalCode.NUMBER_PART_INVALID, part="serial", value=serial)
    return f"DB{year}{serial:05d}"


def admonition_no(year: int, serial: int) -> str:
    """The register's own series, e.g. `ZZ202600003`."""
    return f"ZZ{year}{serial:05d}"


class Measure(StrEnum):
    """What a competent body decided about a person. The product records it; it decides none (domain-rules §0)."""

    TALK = "talk"  # 约谈
    WRITTEN_EXAMINATION = "written_examination"  # 责令书面检查
    CRITICISM = "criticism"  # 通报批评
    EFFICIENCY_WARNING = "efficiency_warning"  # 效能告诫
    ADMONITION = "admonition"  # 诫勉


class AdmonitionState(StrEnum):
    IN_FORCE = "IN_FORCE"
    OBJECTED = "OBJECTED"  # 当事人有异议; it stays in force until decided
    LIFTED = "LIFTED"  # 已解除
    REVOKED = "REVOKED"  # 异议成立，已撤销
    EXEMPT = "EXEMPT"  # 容错免责: recorded, no measure taken
