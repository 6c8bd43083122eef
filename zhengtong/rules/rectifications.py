"""Knows the procedure that a bad rating sets off (差评整改, 国办发〔2019〕51号; domain-rules §6.5); refuses to know any rating.

Nobody judges in their own cause: who is rated may mend what they did, but another verifies, another still sets a rating
aside, and one who took no part calls back.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from zhengtong.rules.kinds import Kind
from zhengtong.rules.refusal import Refusal, RefusalCode


class RectState(StrEnum):
    DISPATCH = "DISPATCH"  # 待派发
    VERIFY = "VERIFY"  # 待核实
    FIX = "FIX"  # 整改中
    PLAN = "PLAN"  # 按计划整改中, with a plan in the public ledger
    EXPLAIN = "EXPLAIN"  # 待解释说明: nothing in law to ask for
    REVIEW = "REVIEW"  # 待复核: said to be mistaken or untrue
    REVISIT = "REVISIT"  # 待回访
    CLOSED = "CLOSED"  # 已办结


class RectStep(StrEnum):
    DISPATCH = "dispatch"
    VERIFY = "verify"
    PROGRESS = "progress"
    FIX = "fix"
    EXPLAIN = "explain"
    CONFIRM = "confirm"
    DECLINE = "decline"
    OVERTURN = "overturn"
    APPEAL = "appeal"
    GRANT_APPEAL = "grant_appeal"
    DECLINE_APPEAL = "decline_appeal"
    TRY_REVISIT = "try_revisit"
    REVISIT = "revisit"
    REOPEN = "reopen"


class Verdict(StrEnum):
    """What the verification found."""

    SIMPLE = "SIMPLE"  # 属实，立即整改
    COMPLEX = "COMPLEX"  # 属实，情况复杂，列入台账限期整改
    NO_BASE = "NO_BASE"  # 诉求缺乏法律依据，解释说明
    MISTAKEN = "MISTAKEN"  # 误评
    UNTRUE = "UNTRUE"  # 不实评价


class Outcome(StrEnum):
    JUSTIFIED_FIXED = "JUSTIFIED_FIXED"
    JUSTIFIED_PLANNED = "JUSTIFIED_PLANNED"
    EXPLAINED = "EXPLAINED"
    MISTAKEN = "MISTAKEN"
    UNTRUE = "UNTRUE"


class Side(StrEnum):
    """Who takes a step."""

    CENTRE = "centre"  # 中心管理: hands the matter to whom it concerns
    ORGAN = "organ"  # 业务单位: verifies, mends, explains
    REVIEWER = "reviewer"  # 复核: the centre or supervision, none of whom took part
    CONCERNED = "concerned"  # the officer who was rated
    CALLER = "caller"  # 回访: a hall clerk who took no part
    RATER = "rater"  # the person who was unhappy


BAD = frozenset({4, 5})  # GB/T 39046 A.8: 不满意, 非常不满意
JUSTIFIED = frozenset({Verdict.SIMPLE, Verdict.COMPLEX})
SET_ASIDE = frozenset({Verdict.MISTAKEN, Verdict.UNTRUE})
AFTER: dict[Verdict, RectState] = {
    Verdict.SIMPLE: RectState.FIX,
    Verdict.COMPLEX: RectState.PLAN,
    Verdict.NO_BASE: RectState.EXPLAIN,
    Verdict.MISTAKEN: RectState.REVIEW,
    Verdict.UNTRUE: RectState.REVIEW,
}
OUTCOMES: dict[Verdict, Outcome] = {
    Verdict.SIMPLE: Outcome.JUSTIFIED_FIXED,
    Verdict.COMPLEX: Outcome.JUSTIFIED_PLANNED,
    Verdict.NO_BASE: Outcome.EXPLAINED,
    Verdict.MISTAKEN: Outcome.MISTAKEN,
    Verdict.UNTRUE: Outcome.UNTRUE,
}
ROUNDS = 2  # reopened by the person once, then answered one level higher; then the law's own remedies remain


@dataclass(frozen=True, slots=True)
class RectMove:
    """From which states, to which (None: another rule says, or the state stays), by which side."""

    start: frozenset[RectState]
    to: RectState | None
    side: Side
    kind: Kind


MENDING = frozenset({RectState.FIX, RectState.PLAN})
OPEN = frozenset(RectState) - {RectState.CLOSED}
# A quick end takes nothing from who was rated: the days of their appeal run on.
_VERIFIED = MENDING | {RectState.EXPLAIN, RectState.REVISIT, RectState.CLOSED}

MOVES: dict[RectStep, RectMove] = {
    RectStep.DISPATCH: RectMove(
        frozenset({RectState.DISPATCH}), RectState.VERIFY, Side.CENTRE, Kind.RECTIFICATION_DISPATCHED
    ),
    RectStep.VERIFY: RectMove(frozenset({RectState.VERIFY}), None, Side.ORGAN, Kind.RECTIFICATION_VERIFIED),
    RectStep.PROGRESS: RectMove(frozenset({RectState.PLAN}), None, Side.ORGAN, Kind.RECTIFICATION_PROGRESSED),
    RectStep.FIX: RectMove(MENDING, None, Side.ORGAN, Kind.RECTIFICATION_FIXED),
    RectStep.EXPLAIN: RectMove(frozenset({RectState.EXPLAIN}), None, Side.ORGAN, Kind.RECTIFICATION_EXPLAINED),
    RectStep.CONFIRM: RectMove(frozenset({RectState.REVIEW}), None, Side.REVIEWER, Kind.RECTIFICATION_SET_ASIDE),
    RectStep.DECLINE: RectMove(
        frozenset({RectState.REVIEW}), RectState.VERIFY, Side.REVIEWER, Kind.RECTIFICATION_SENT_BACK
    ),
    RectStep.OVERTURN: RectMove(
        frozenset({RectState.REVISIT, RectState.CLOSED}), RectState.VERIFY, Side.REVIEWER, Kind.RECTIFICATION_OVERTURNED
    ),
    RectStep.APPEAL: RectMove(_VERIFIED, None, Side.CONCERNED, Kind.RECTIFICATION_APPEALED),
    RectStep.GRANT_APPEAL: RectMove(_VERIFIED, None, Side.REVIEWER, Kind.RECTIFICATION_APPEAL_GRANTED),
    RectStep.DECLINE_APPEAL: RectMove(_VERIFIED, None, Side.REVIEWER, Kind.RECTIFICATION_APPEAL_DECLINED),
    RectStep.TRY_REVISIT: RectMove(frozenset({RectState.REVISIT}), None, Side.CALLER, Kind.RECTIFICATION_REVISIT_TRIED),
    RectStep.REVISIT: RectMove(frozenset({RectState.REVISIT}), None, Side.CALLER, Kind.RECTIFICATION_REVISITED),
    RectStep.REOPEN: RectMove(frozenset({RectState.CLOSED}), RectState.VERIFY, Side.RATER, Kind.RECTIFICATION_REOPENED),
}


def check_rect_step(step: RectStep, state: RectState) -> RectMove:
    """The move, or Refusal(RECTIFICATION_WRONG_STATE) naming the state it is in now."""
    move = MOVES[step]
    if state not in move.start:
        raise Refusal(RefusalCode.RECTIFICATION_WRONG_STATE, step=step.value, state=state.value)
    return move


def rect_steps(state: RectState, *sides: Side) -> tuple[RectStep, ...]:
    """What may happen now on these sides, in the order of the table; for a screen."""
    return tuple(step for step, move in MOVES.items() if state in move.start and move.side in sides)


def answered(real_name: bool) -> RectState:
    """After the matter is mended, explained or set aside: who gave a name is called back, always (回访率 100 %)."""
    return RectState.REVISIT if real_name else RectState.CLOSED


def after_revisit(satisfied: bool, turn: int) -> RectState:
    """Unhappy still: once more, one level higher; then it ends and says so."""
    return RectState.VERIFY if not satisfied and turn < ROUNDS else RectState.CLOSED


def next_turn(turn: int, *, asked: bool) -> int:
    """The round that begins when a matter is verified anew: one level higher, and at the highest there it stays.

    Was the person asked about that one already, the house's correcting itself (撤销认定) is a round of its own: whatever
    is done after it is asked about as well (回访率 100 %), and takes nothing from what the person may ask for once.
    """
    return turn + 1 if turn < ROUNDS or asked else turn


def check_verifier(by: int, concerned: int | None) -> None:
    """谁办理谁负责, yet never in one's own cause: the section head or a colleague verifies."""
    if by == concerned:
        raise Refusal(RefusalCode.RECTIFICATION_OWN_CAUSE)


def check_verdict(verdict: Verdict, *, files: int, plan: str) -> None:
    """UNTRUE needs evidence; what cannot be mended at once needs a plan everybody may read (列入台账)."""
    if verdict is Verdict.UNTRUE and not files:
        raise Refusal(RefusalCode.RECTIFICATION_WITHOUT_EVIDENCE)
    if verdict is Verdict.COMPLEX and not plan.strip():
        raise Refusal(RefusalCode.RECTIFICATION_WITHOUT_PLAN)


def check_second(by: int, verifiers: Collection[int], concerned: int | None) -> None:
    """复核 by one who is neither the first nor the officer concerned."""
    if by == concerned or by in verifiers:
        raise Refusal(RefusalCode.RECTIFICATION_SAME_REVIEWER)


def check_caller(by: int, took_part: Collection[int], concerned: int | None) -> None:
    if by == concerned or by in took_part:
        raise Refusal(RefusalCode.RECTIFICATION_TOOK_PART)


def rectification_no(year: int, serial: int) -> str:
    """The year's own series, e.g. `ZG202600017`."""
    return f"ZG{year}{serial:05d}"
