"""Knows which step may follow which state, who takes it, and who may not; refuses to know any case.

五个环节: 受理、承办、审核、批准、办结 (domain-rules §3). A step that is not in the table does not exist.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from zhengtong.rules.kinds import Kind
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Role


class Stage(StrEnum):
    ACCEPT = "ACCEPT"  # 受理
    PROCESS = "PROCESS"  # 承办
    REVIEW = "REVIEW"  # 审核
    APPROVE = "APPROVE"  # 批准
    FINISH = "FINISH"  # 办结


STAGES = tuple(Stage)


class State(StrEnum):
    SUBMITTED = "SUBMITTED"  # 已收件, not yet accepted
    SUPPLEMENT = "SUPPLEMENT"  # 待补正
    ACCEPTED = "ACCEPTED"  # 已受理, an immediate case in one sitting
    PROCESSING = "PROCESSING"
    REVIEWING = "REVIEWING"
    APPROVING = "APPROVING"
    SUSPENDED = "SUSPENDED"  # 特别程序
    FORWARDED = "FORWARDED"  # 上报, waiting for the upper organ
    DECIDED = "DECIDED"
    FINISHED = "FINISHED"
    DELIVERED = "DELIVERED"
    NOT_ACCEPTED = "NOT_ACCEPTED"
    LAPSED = "LAPSED"  # 补正不来
    WITHDRAWN = "WITHDRAWN"
    VOID = "VOID"


class Step(StrEnum):
    ACCEPT = "accept"
    REFUSE_ACCEPTANCE = "refuse_acceptance"
    REQUEST_SUPPLEMENT = "request_supplement"
    SUPPLEMENT = "supplement"
    DEEM_ACCEPTED = "deem_accepted"
    LAPSE = "lapse"
    WITHDRAW = "withdraw"
    ASSIGN = "assign"
    FORWARD = "forward"
    RETURN = "return"
    RECALL = "recall"
    CONSULT = "consult"
    SUSPEND = "suspend"
    RESUME = "resume"
    EXTEND = "extend"
    SEND_UP = "send_up"
    RESULT_BACK = "result_back"
    DECIDE = "decide"
    FINISH = "finish"
    DELIVER = "deliver"
    VOID = "void"
    DECLINE_VOID = "decline_void"
    ASK_SPECIAL = "ask_special"
    GRANT_SPECIAL = "grant_special"
    DECLINE_SPECIAL = "decline_special"
    END_SPECIAL = "end_special"


HANDLED = frozenset({State.PROCESSING, State.REVIEWING, State.APPROVING})
BEFORE_DECISION = HANDLED | {State.SUBMITTED, State.SUPPLEMENT, State.ACCEPTED, State.SUSPENDED, State.FORWARDED}
# Where 特办 can still shorten something: not while the clock stands still or others decide.
CAN_HURRY = HANDLED | {State.SUBMITTED, State.ACCEPTED}
# Nothing more is owed to anybody: out of every inbox.
CLOSED = frozenset({State.DELIVERED, State.NOT_ACCEPTED, State.LAPSED, State.WITHDRAWN, State.VOID})
OPEN = frozenset(State) - CLOSED

STAGE_OF: dict[State, Stage] = {
    State.SUBMITTED: Stage.ACCEPT,
    State.SUPPLEMENT: Stage.ACCEPT,
    State.ACCEPTED: Stage.ACCEPT,
    State.PROCESSING: Stage.PROCESS,
    State.REVIEWING: Stage.REVIEW,
    State.APPROVING: Stage.APPROVE,
    State.FORWARDED: Stage.APPROVE,
    State.DECIDED: Stage.FINISH,
    State.FINISHED: Stage.FINISH,
    State.DELIVERED: Stage.FINISH,
}
STATE_OF: dict[Stage, State] = {
    Stage.PROCESS: State.PROCESSING,
    Stage.REVIEW: State.REVIEWING,
    Stage.APPROVE: State.APPROVING,
}
# Whose post serves a stage. The approver may be the 首席代表 at the counter.
ROLE_OF: dict[Stage, Role] = {
    Stage.ACCEPT: Role.WINDOW,
    Stage.PROCESS: Role.HANDLER,
    Stage.REVIEW: Role.REVIEWER,
    Stage.APPROVE: Role.APPROVER,
    Stage.FINISH: Role.WINDOW,
}


@dataclass(frozen=True, slots=True)
class Move:
    """From which states, to which (None: the table below or the stage decides), by whom, recorded as what."""

    start: frozenset[State]
    to: State | None
    roles: frozenset[Role]
    kind: Kind


def _from(*states: State) -> frozenset[State]:
    return frozenset(states)


WINDOW = frozenset({Role.WINDOW})
HANDLING = frozenset({Role.HANDLER, Role.REVIEWER, Role.APPROVER})
MANAGER = frozenset({Role.CENTRE_MANAGER})
HEADS = frozenset({Role.SECTION_HEAD, Role.CENTRE_MANAGER})
PROPOSING = frozenset({Role.WINDOW, Role.SECTION_HEAD})
APPLICANT: frozenset[Role] = frozenset()  # no post: the applicant or the clock, see BY_APPLICANT and BY_CLOCK

# fmt: off
MOVES: dict[Step, Move] = {
    # step                          from                                        to                  who        entry
    Step.ACCEPT: Move(_from(State.SUBMITTED), State.PROCESSING, WINDOW, Kind.CASE_ACCEPTED),  # art. 32(1)(5)
    Step.REFUSE_ACCEPTANCE: Move(
        _from(State.SUBMITTED), State.NOT_ACCEPTED, WINDOW, Kind.CASE_ACCEPTANCE_REFUSED
    ),  # art. 32(1)(1)(2)
    Step.REQUEST_SUPPLEMENT: Move(
        _from(State.SUBMITTED), State.SUPPLEMENT, WINDOW, Kind.CASE_SUPPLEMENT_REQUESTED
    ),  # art. 32(1)(4): once, within 5 days
    Step.SUPPLEMENT: Move(_from(State.SUPPLEMENT), State.SUBMITTED, APPLICANT | WINDOW, Kind.CASE_SUPPLEMENTED),
    Step.DEEM_ACCEPTED: Move(
        _from(State.SUBMITTED), State.PROCESSING, APPLICANT, Kind.CASE_DEEMED_ACCEPTED
    ),  # art. 32(1)(4): not told in time
    Step.LAPSE: Move(_from(State.SUPPLEMENT), State.LAPSED, APPLICANT, Kind.CASE_LAPSED),
    Step.WITHDRAW: Move(BEFORE_DECISION, State.WITHDRAWN, APPLICANT | WINDOW, Kind.CASE_WITHDRAWN),
    Step.ASSIGN: Move(
        HANDLED | {State.SUBMITTED, State.SUSPENDED},
        None,
        HEADS | HANDLING,
        Kind.CASE_DISPATCHED,
    ),
    Step.FORWARD: Move(_from(State.PROCESSING, State.REVIEWING), None, HANDLING, Kind.CASE_FORWARDED),
    Step.RETURN: Move(
        _from(State.REVIEWING, State.APPROVING), None, HANDLING, Kind.CASE_RETURNED
    ),  # one stage back, with a reason
    Step.RECALL: Move(
        _from(State.REVIEWING, State.APPROVING), None, HANDLING, Kind.CASE_RECALLED
    ),  # a wrong click, before the next person acts
    Step.CONSULT: Move(HANDLED, None, HANDLING, Kind.CASE_CONSULTED),
    Step.SUSPEND: Move(HANDLED, State.SUSPENDED, HANDLING, Kind.CASE_SUSPENDED),  # art. 45 procedures only
    Step.RESUME: Move(_from(State.SUSPENDED), None, HANDLING, Kind.CASE_RESUMED),
    Step.EXTEND: Move(HANDLED, None, frozenset({Role.APPROVER}), Kind.CASE_EXTENDED),  # art. 42: head of the organ
    Step.SEND_UP: Move(
        _from(State.APPROVING), State.FORWARDED, frozenset({Role.APPROVER}), Kind.CASE_SENT_UP
    ),  # art. 43
    Step.RESULT_BACK: Move(
        _from(State.FORWARDED), State.DECIDED, frozenset({Role.APPROVER, Role.WINDOW}), Kind.CASE_RESULT_BACK
    ),
    Step.DECIDE: Move(
        _from(State.APPROVING, State.ACCEPTED),
        State.DECIDED,
        frozenset({Role.APPROVER, Role.WINDOW}),
        Kind.CASE_DECIDED,
    ),  # WINDOW: immediate cases only (art. 34(2))
    Step.FINISH: Move(_from(State.DECIDED), State.FINISHED, WINDOW, Kind.CASE_FINISHED),
    Step.DELIVER: Move(_from(State.FINISHED), State.DELIVERED, WINDOW, Kind.CASE_DELIVERED),  # art. 44
    Step.VOID: Move(BEFORE_DECISION, State.VOID, HEADS, Kind.CASE_VOIDED),
    Step.DECLINE_VOID: Move(BEFORE_DECISION, None, WINDOW | HANDLING | HEADS, Kind.CASE_VOID_DECLINED),
    Step.ASK_SPECIAL: Move(CAN_HURRY, None, WINDOW | HANDLING | HEADS, Kind.CASE_SPECIAL_ASKED),
    Step.GRANT_SPECIAL: Move(CAN_HURRY, None, MANAGER, Kind.CASE_SPECIAL_GRANTED),  # §2.8: the head on duty
    Step.DECLINE_SPECIAL: Move(BEFORE_DECISION, None, WINDOW | HANDLING | HEADS, Kind.CASE_SPECIAL_DECLINED),
    Step.END_SPECIAL: Move(BEFORE_DECISION, None, MANAGER, Kind.CASE_SPECIAL_ENDED),
}
# fmt: on

# Steps the applicant takes, at the portal or through a clerk; and those the clock itself takes.
BY_APPLICANT = frozenset({Step.SUPPLEMENT, Step.WITHDRAW})
BY_CLOCK = frozenset({Step.DEEM_ACCEPTED, Step.LAPSE})

NEXT_STAGE = dict(pairwise(STAGES))
PREVIOUS_STAGE = {later: earlier for earlier, later in pairwise(STAGES)}


def check_step(step: Step, state: State) -> Move:
    """The move, or Refusal(CASE_WRONG_STATE) naming the state the case is in now."""
    move = MOVES[step]
    if state not in move.start:
        raise Refusal(RefusalCode.CASE_WRONG_STATE, step=step.value, state=state.value)
    return move


def next_state(step: Step, state: State, *, stage: Stage | None = None) -> State:
    """Where a step leads. `stage` is the stage to return to, for a step whose goal depends on the case (resume)."""
    move = check_step(step, state)
    if move.to is not None:
        return move.to
    if step is Step.FORWARD:
        return STATE_OF[NEXT_STAGE[STAGE_OF[state]]]
    if step in (Step.RETURN, Step.RECALL):
        return STATE_OF[PREVIOUS_STAGE[STAGE_OF[state]]]
    if step is Step.RESUME and stage is not None:
        return STATE_OF[stage]
    return state


def check_separation(stage: Stage, officer: int, *, handler: int | None, reviewer: int | None) -> None:
    """审核 ≠ 承办 person, 批准 ≠ 审核 nor 承办 person (domain-rules §3.1). Immediate cases do not come here."""
    if stage is Stage.REVIEW and officer == handler:
        raise Refusal(RefusalCode.CASE_SAME_PERSON, stage=stage.value, before=Stage.PROCESS.value)
    if stage is Stage.APPROVE and officer in (handler, reviewer):
        before = Stage.REVIEW if officer == reviewer else Stage.PROCESS
        raise Refusal(RefusalCode.CASE_SAME_PERSON, stage=stage.value, before=before.value)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An officer who could take a case: open cases in hand, and when the last one was given (by running number)."""

    officer: int
    name: str
    load: int
    last_given: int = 0


def choose(candidates: list[Candidate], *, excluded: frozenset[int] = frozenset()) -> Candidate | None:
    """Least loaded, then longest without a new case, then lowest id: no chance, so that it can be replayed."""
    free = [c for c in candidates if c.officer not in excluded]
    return min(free, key=lambda c: (c.load, c.last_given, c.officer), default=None)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case stands towards one officer, for a screen that offers only what is lawful now.

    `roles` are those of the officer's posts that serve this case. `passed_on_by`: who forwarded it, if nothing has
    happened since. `procedures`: whether the item lists an art. 45 procedure.
    """

    state: State
    stage: Stage  # of a suspended case, the one it was suspended in
    case_kind: str
    officer: int | None
    roles: frozenset[Role]
    in_hand: bool  # with the officer, or with somebody they stand in for
    held: bool  # by anybody
    handler: int | None = None
    reviewer: int | None = None
    void_proposed_by: int | None = None
    special: bool = False  # 特办
    special_asked_by: int | None = None  # and neither granted nor declined yet
    passed_on_by: int | None = None
    procedures: bool = False

    @property
    def sitting(self) -> bool:
        """即办件 in one sitting: the clerk who accepted it decides (art. 34(2))."""
        return self.case_kind == "IMMEDIATE" and self.state is State.ACCEPTED

    @property
    def decides(self) -> bool:
        another = self.officer not in (self.handler, self.reviewer)
        if self.sitting:
            return self.in_hand or not self.held
        return self.in_hand and Role.APPROVER in self.roles and another

    @property
    def proposes(self) -> bool:
        """What needs a second person is proposed by who holds the case, works at the window or heads the section."""
        return self.in_hand or bool(self.roles & PROPOSING)

    def answers(self, proposer: int, deciding: frozenset[Role]) -> bool:
        """Turning a proposal down is for who decides it; its proposer may take it back."""
        return self.officer == proposer or bool(self.roles & deciding)


# Handling is done in the post of the stage: who also holds another one does not act in that.
OF_THE_STAGE = frozenset({Step.FORWARD, Step.RETURN, Step.CONSULT, Step.SUSPEND, Step.RESUME})
# What a step asks beyond state and post. A step not named here asks nothing more.
_ASKS: dict[Step, Callable[[Standing], bool]] = {
    Step.ASSIGN: lambda s: not s.held or s.in_hand or bool(s.roles & HEADS),
    Step.FORWARD: lambda s: s.in_hand and not (s.state is State.REVIEWING and s.officer == s.handler),
    Step.RETURN: lambda s: s.in_hand,
    Step.RECALL: lambda s: s.passed_on_by is not None and s.passed_on_by == s.officer,
    Step.CONSULT: lambda s: s.in_hand,
    Step.SUSPEND: lambda s: s.in_hand and s.procedures,
    Step.RESUME: lambda s: s.in_hand,
    Step.EXTEND: lambda s: s.in_hand,
    Step.SEND_UP: lambda s: s.in_hand and s.case_kind == "REPORTED",
    Step.DECIDE: lambda s: s.decides,
    Step.VOID: lambda s: s.void_proposed_by is not None and s.void_proposed_by != s.officer,
    Step.DECLINE_VOID: lambda s: s.void_proposed_by is not None and s.answers(s.void_proposed_by, HEADS),
    Step.ASK_SPECIAL: lambda s: not s.special and s.special_asked_by is None and s.proposes,
    Step.GRANT_SPECIAL: lambda s: s.special_asked_by is not None and s.special_asked_by != s.officer,
    Step.DECLINE_SPECIAL: lambda s: s.special_asked_by is not None and s.answers(s.special_asked_by, MANAGER),
    Step.END_SPECIAL: lambda s: s.special,
}


def possible_steps(standing: Standing) -> tuple[Step, ...]:
    """The steps this officer may take now, in the order of the table; the actions ask the same once more."""
    return tuple(
        step
        for step, move in MOVES.items()
        if standing.state in move.start
        and ({ROLE_OF[standing.stage]} if step in OF_THE_STAGE else move.roles) & standing.roles
        and (step not in _ASKS or _ASKS[step](standing))
    )


def may_take(standing: Standing) -> bool:
    """Whether the officer may take a case nobody holds: the post must serve its stage."""
    stage = STAGE_OF.get(standing.state)
    taken = standing.state in HANDLED | {State.SUBMITTED}
    return taken and not standing.held and stage is not None and ROLE_OF[stage] in standing.roles
