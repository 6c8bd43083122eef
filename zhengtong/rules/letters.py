"""Knows the kinds of letters, the boxes they come by, their procedure and who sees which; refuses to know any letter.

受理—转办—办理—答复—回访—办结 (国办发〔2020〕53号: a closed loop). Days are parameters (domain-rules §10). They are counted
from the day after receipt (民法典 art. 201): a reply on the day of receipt has cost 0 working days.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zhengtong.rules.calendar import Calendar
from zhengtong.rules.kinds import Kind
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability


class LetterKind(StrEnum):
    CONSULTATION = "consultation"  # 咨询
    HELP = "help"  # 求助
    COMPLAINT = "complaint"  # 投诉
    SUGGESTION = "suggestion"  # 建议
    PRAISE = "praise"  # 表扬
    REPORT = "report"  # 举报 of a business or a nuisance, not of an official
    TIP = "tip"  # 反映公职人员问题线索: the integrity desk alone


class Mailbox(StrEnum):
    """By which box a letter came in."""

    WEB = "web"
    DIRECTOR = "director_mailbox"  # 局长信箱
    SUGGESTIONS = "suggestion_box"  # 意见箱
    HOTLINE = "hotline"  # 12345工单
    PHONE = "phone"
    COUNTER = "counter"
    PAPER = "paper"
    SUPERVISION = "supervision"  # 效能投诉: about how a case was handled
    OPEN311 = "open311"
    IMPORT = "import"


# What an officer writes down for somebody; the others come by themselves.
REGISTERED = (
    Mailbox.PHONE,
    Mailbox.COUNTER,
    Mailbox.PAPER,
    Mailbox.HOTLINE,
    Mailbox.DIRECTOR,
    Mailbox.SUGGESTIONS,
    Mailbox.SUPERVISION,
)


class LetterState(StrEnum):
    RECEIVED = "RECEIVED"  # 待转办
    ROUTED = "ROUTED"  # 待办理
    ANSWERING = "ANSWERING"  # 办理中
    DRAFTED = "DRAFTED"  # 答复待批
    SENT = "SENT"  # 已答复
    REVISITED = "REVISITED"  # 已回访
    CLOSED = "CLOSED"  # 已办结
    TRANSFERRED = "TRANSFERRED"  # 已移交
    CONVERTED = "CONVERTED"  # 已转为办件或督办
    WITHDRAWN = "WITHDRAWN"  # 已撤回
    MERGED = "MERGED"  # 已并入重复来信
    REFUSED = "REFUSED"  # 不属受理范围，已告知


_S = LetterState
RUNNING = frozenset({_S.RECEIVED, _S.ROUTED, _S.ANSWERING, _S.DRAFTED})  # an answer is owed
ANSWERED = frozenset({_S.SENT, _S.REVISITED, _S.CLOSED})
ENDED = frozenset({_S.CLOSED, _S.TRANSFERRED, _S.CONVERTED, _S.WITHDRAWN, _S.MERGED, _S.REFUSED})


class LetterStep(StrEnum):
    ROUTE = "route"
    RETURN = "return"
    TAKE = "take"
    DRAFT = "draft"
    SEND = "send"
    APPROVE = "approve"
    SEND_BACK = "send_back"
    ASK_EXTENSION = "ask_extension"
    EXTEND = "extend"
    DECLINE_EXTENSION = "decline_extension"
    MODERATE = "moderate"
    RECLASSIFY = "reclassify"
    MERGE = "merge"
    TRANSFER = "transfer"
    REFUSE = "refuse"
    CONVERT = "convert"
    REVISIT = "revisit"
    CLOSE = "close"
    URGE = "urge"
    ADD = "add"
    CONFIRM = "confirm"
    REOPEN = "reopen"
    WITHDRAW = "withdraw"


class Side(StrEnum):
    """Whose step it is."""

    KEEPER = "keeper"  # 来信专员; for a tip the integrity desk
    ANSWERER = "answerer"
    APPROVER = "approver"
    REVISITOR = "revisitor"
    AUTHOR = "author"


ABILITY: dict[Side, Ability] = {
    Side.KEEPER: Ability.KEEP_LETTERS,
    Side.ANSWERER: Ability.ANSWER_LETTERS,
    Side.APPROVER: Ability.APPROVE_REPLIES,
    Side.REVISITOR: Ability.REVISIT,
}


@dataclass(frozen=True, slots=True)
class LetterMove:
    """From which states, to which (None: the state stays), whose step, which entry of the journal."""

    start: frozenset[LetterState]
    to: LetterState | None
    side: Side
    kind: Kind


def _from(*states: LetterState) -> frozenset[LetterState]:
    return frozenset(states)


_OPEN_HANDS = _from(_S.ROUTED, _S.ANSWERING)
# fmt: off
MOVES: dict[LetterStep, LetterMove] = {
    # step                        from                                       to            whose          entry
    LetterStep.TAKE: LetterMove(_from(_S.ROUTED), _S.ANSWERING, Side.ANSWERER, Kind.LETTER_TAKEN),
    LetterStep.DRAFT: LetterMove(_from(_S.ANSWERING), _S.DRAFTED, Side.ANSWERER, Kind.LETTER_DRAFTED),
    LetterStep.SEND: LetterMove(_from(_S.ANSWERING), _S.SENT, Side.ANSWERER, Kind.LETTER_REPLIED),
    LetterStep.APPROVE: LetterMove(_from(_S.DRAFTED), _S.SENT, Side.APPROVER, Kind.LETTER_REPLIED),
    LetterStep.SEND_BACK: LetterMove(_from(_S.DRAFTED), _S.ANSWERING, Side.APPROVER, Kind.LETTER_SENT_BACK),
    LetterStep.ROUTE: LetterMove(_from(_S.RECEIVED, _S.ROUTED, _S.ANSWERING), _S.ROUTED, Side.KEEPER, Kind.LETTER_ROUTED),
    LetterStep.RETURN: LetterMove(_OPEN_HANDS, _S.RECEIVED, Side.ANSWERER, Kind.LETTER_RETURNED),
    LetterStep.ASK_EXTENSION: LetterMove(_OPEN_HANDS, None, Side.ANSWERER, Kind.LETTER_EXTENSION_ASKED),
    LetterStep.EXTEND: LetterMove(_OPEN_HANDS, None, Side.APPROVER, Kind.LETTER_EXTENDED),
    LetterStep.DECLINE_EXTENSION: LetterMove(_OPEN_HANDS, None, Side.APPROVER, Kind.LETTER_EXTENSION_DECLINED),
    LetterStep.MODERATE: LetterMove(RUNNING | ANSWERED, None, Side.KEEPER, Kind.LETTER_MODERATED),
    LetterStep.RECLASSIFY: LetterMove(_from(_S.RECEIVED, _S.ROUTED, _S.ANSWERING), None, Side.KEEPER, Kind.LETTER_RECLASSIFIED),
    LetterStep.MERGE: LetterMove(_from(_S.RECEIVED, _S.ROUTED, _S.ANSWERING), _S.MERGED, Side.KEEPER, Kind.LETTER_MERGED),
    LetterStep.TRANSFER: LetterMove(_from(_S.RECEIVED, _S.ROUTED, _S.ANSWERING), _S.TRANSFERRED, Side.KEEPER, Kind.LETTER_TRANSFERRED),
    LetterStep.REFUSE: LetterMove(_from(_S.RECEIVED), _S.REFUSED, Side.KEEPER, Kind.LETTER_REFUSED),
    LetterStep.CONVERT: LetterMove(_from(_S.RECEIVED, _S.ROUTED, _S.ANSWERING), _S.CONVERTED, Side.KEEPER, Kind.LETTER_CONVERTED),
    LetterStep.REVISIT: LetterMove(_from(_S.SENT), _S.REVISITED, Side.REVISITOR, Kind.LETTER_REVISITED),
    LetterStep.CLOSE: LetterMove(_from(_S.SENT, _S.REVISITED), _S.CLOSED, Side.KEEPER, Kind.LETTER_CLOSED),
    LetterStep.CONFIRM: LetterMove(_from(_S.SENT, _S.REVISITED), _S.CLOSED, Side.AUTHOR, Kind.LETTER_CONFIRMED),
    LetterStep.REOPEN: LetterMove(ANSWERED, _S.ROUTED, Side.AUTHOR, Kind.LETTER_REOPENED),
    LetterStep.URGE: LetterMove(RUNNING, None, Side.AUTHOR, Kind.LETTER_URGED),
    LetterStep.ADD: LetterMove(RUNNING, None, Side.AUTHOR, Kind.LETTER_ADDED),
    LetterStep.WITHDRAW: LetterMove(RUNNING, _S.WITHDRAWN, Side.AUTHOR, Kind.LETTER_WITHDRAWN),
}
# fmt: on


def check_letter_step(step: LetterStep, state: LetterState) -> LetterMove:
    """The move, or Refusal(LETTER_WRONG_STATE) naming the state the letter is in now."""
    move = MOVES[step]
    if state not in move.start:
        raise Refusal(RefusalCode.LETTER_WRONG_STATE, step=step.value, state=state.value)
    return move


def letter_steps(state: LetterState, side: Side) -> tuple[LetterStep, ...]:
    """What may happen now on one side, in the order of the table; for a screen."""
    return tuple(step for step, move in MOVES.items() if state in move.start and move.side is side)


# --- limits ---

PETITION_NOTICE, PETITION_FINISH = "letter.petition_notice.days", "letter.petition.days"


def limit_key(kind: LetterKind, *, urgent: bool) -> str:
    """The parameter that says how many working days a reply may take."""
    return "letter.emergency.days" if urgent else f"letter.{kind.value}.days"


def route_key(mailbox: Mailbox) -> str:
    """转办; for a complaint about supervised handling it is the decision whether it is taken up (domain-rules §10)."""
    return "letter.supervision.days" if mailbox is Mailbox.SUPERVISION else "letter.route.days"


def answer_days(received: date, replied: date, calendar: Calendar) -> int:
    """Working days a reply took: those later than the day of receipt, up to the day of the reply."""
    return calendar.working_days(received, replied)


WITHIN = (1, 5, 10, 15, 20)  # working days, as every report of letters counts them

# --- replies ---

WRITTEN, ORAL = "written", "oral"
LEADERS_READ = frozenset({LetterKind.COMPLAINT, LetterKind.REPORT})


def needs_approval(kind: LetterKind, mailbox: Mailbox, round_: int) -> bool:
    """Whether a leader must approve the reply. A tip is answered by the integrity desk itself; nobody else may read it."""
    if kind is LetterKind.TIP:
        return False
    return kind in LEADERS_READ or mailbox in (Mailbox.DIRECTOR, Mailbox.SUPERVISION) or round_ > 1


def check_reply_mode(*, came_orally: bool, mode: str) -> None:
    """口头咨询口头答复，书面来信书面答复 (domain-rules §10): who spoke may be answered in writing, never the reverse."""
    if mode not in (WRITTEN, ORAL):
        raise Refusal(RefusalCode.FORM_CHOICE, field="mode", value=mode)
    if mode == ORAL and not came_orally:
        raise Refusal(RefusalCode.LETTER_REPLY_IN_WRITING)


class Finding(StrEnum):
    """What became of a complaint when it was looked into."""

    CONFIRMED = "confirmed"  # 属实
    PARTLY = "partly"  # 部分属实
    UNFOUNDED = "unfounded"  # 不属实


JUDGED = frozenset({LetterKind.COMPLAINT, LetterKind.REPORT})
BORNE_OUT = frozenset({Finding.CONFIRMED, Finding.PARTLY})  # 查实: what the author said was true, at least in part


class Satisfaction(StrEnum):
    """What the author said when asked again."""

    SATISFIED = "satisfied"
    UNSATISFIED = "unsatisfied"
    UNREACHED = "unreached"


class Destination(StrEnum):
    """Where a letter goes that is not for an organ of the house."""

    PETITION = "petition"  # 信访: 15 and 60 calendar days, another procedure (信访工作条例)
    DISCIPLINE = "discipline"  # 纪检监察机关
    HOTLINE = "hotline"  # 12345
    OTHER = "other"


class Conversion(StrEnum):
    CASE = "case"  # 办件草稿
    ORDER = "order"  # 督办单
    DISCLOSURE = "disclosure"  # 依申请公开


# --- confidentiality ---

ALWAYS_HIDDEN = frozenset({LetterKind.REPORT, LetterKind.TIP})  # 为举报人保密, whether asked for or not


def hides_author(kind: LetterKind, *, asked: bool) -> bool:
    """Whether the organ that answers must not learn who wrote."""
    return asked or kind in ALWAYS_HIDDEN
