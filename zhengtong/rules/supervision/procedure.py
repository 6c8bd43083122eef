"""Knows how a card (监察牌) moves and when it must be answered (domain-rules §5.2); refuses to know any card."""

from dataclasses import dataclass
from enum import StrEnum

from zhengtong.rules.clock import Level
from zhengtong.rules.kinds import Kind
from zhengtong.rules.refusal import Refusal, RefusalCode


class CardState(StrEnum):
    """Card states of the vendor rule sheet [S5] 待发 D, 已发 Y, 撤销 C, 取消 Q, 督办 B; the others are §5.2's own."""

    DRAFT = "DRAFT"  # 待发: waits for a person to confirm it
    ISSUED = "ISSUED"  # 已发
    ANSWERED = "ANSWERED"  # 已答复
    APPEALED = "APPEALED"  # 申诉中
    UPHELD = "UPHELD"  # 维持
    REVOKED = "REVOKED"  # 撤销: on appeal, the points are returned
    CANCELLED = "CANCELLED"  # 取消: an error of data
    ESCALATED = "ESCALATED"  # 督办
    CLOSED = "CLOSED"  # 已了结


class CardStep(StrEnum):
    ISSUE = "issue"
    ANSWER = "answer"
    APPEAL = "appeal"
    UPHOLD = "uphold"
    REVOKE = "revoke"
    CANCEL = "cancel"
    ESCALATE = "escalate"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class CardMove:
    start: frozenset[CardState]
    to: CardState
    kind: Kind


_S = CardState
# fmt: off
CARD_MOVES: dict[CardStep, CardMove] = {
    # step                              from                                                    to            entry
    CardStep.ISSUE: CardMove(frozenset({_S.DRAFT}), _S.ISSUED, Kind.CARD_ISSUED),
    CardStep.ANSWER: CardMove(frozenset({_S.ISSUED, _S.UPHELD, _S.ESCALATED}), _S.ANSWERED, Kind.CARD_ANSWERED),
    CardStep.APPEAL: CardMove(frozenset({_S.ISSUED, _S.ANSWERED, _S.ESCALATED}), _S.APPEALED, Kind.CARD_APPEALED),
    CardStep.UPHOLD: CardMove(frozenset({_S.APPEALED}), _S.UPHELD, Kind.CARD_UPHELD),
    CardStep.REVOKE: CardMove(frozenset({_S.APPEALED}), _S.REVOKED, Kind.CARD_REVOKED),
    CardStep.CANCEL: CardMove(
        frozenset({_S.DRAFT, _S.ISSUED, _S.ANSWERED, _S.ESCALATED, _S.UPHELD}), _S.CANCELLED, Kind.CARD_CANCELLED
    ),
    CardStep.ESCALATE: CardMove(frozenset({_S.ISSUED, _S.ANSWERED, _S.UPHELD}), _S.ESCALATED, Kind.CARD_ESCALATED),
    CardStep.CLOSE: CardMove(frozenset({_S.ANSWERED, _S.UPHELD, _S.ESCALATED}), _S.CLOSED, Kind.CARD_CLOSED),
}
# fmt: on

# Taken back: nobody's score, no figure, no list of open cards counts these.
TAKEN_BACK = frozenset({CardState.REVOKED, CardState.CANCELLED})
# Still wants something from somebody.
STANDING = frozenset(
    {CardState.DRAFT, CardState.ISSUED, CardState.ANSWERED, CardState.APPEALED, CardState.UPHELD, CardState.ESCALATED}
)

# §5.2, column "answer due": working days; a reminder and a warning are mended, not answered.
ANSWER_DAYS: dict[Level, int] = {Level.YELLOW: 2, Level.RED: 3}
APPEAL_DAYS = 3  # §5.2: an appeal within 3 working days of issue
APPEAL_DECISION_DAYS = 5  # §5.2: decided within 5 working days by a person not involved
POINTS: dict[Level, int] = {Level.YELLOW: -5, Level.RED: -10}  # §5.2, T1 of §5.5


def answerable(level: Level) -> bool:
    return level in ANSWER_DAYS


def card_move(step: CardStep, state: CardState) -> CardMove:
    """The move, or Refusal(CARD_WRONG_STATE) naming the state the card is in now."""
    move = CARD_MOVES[step]
    if state not in move.start:
        raise Refusal(RefusalCode.CARD_WRONG_STATE, step=step.value, state=state.value)
    return move


def check_uninvolved(
    decider: int, *, issued_by: int | None, confirmed_by: int | None, officer: int | None, same_organ: bool
) -> None:
    """An appeal is decided by a person not involved (§5.2): not the issuer, not the confirmer, not of the organ."""
    if same_organ or decider in {issued_by, confirmed_by, officer} - {None}:
        raise Refusal(RefusalCode.CARD_INVOLVED)
