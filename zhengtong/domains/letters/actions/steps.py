"""What every step of a letter shares: who may take it, the limit that runs, what is said beside the entry."""

from typing import Any

from zhengtong.base import search
from zhengtong.base.deadlines import plan
from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.journal import Event
from zhengtong.base.keys import query_code
from zhengtong.base.law import Law
from zhengtong.base.permission import Acting, ActorKind
from zhengtong.base.search import Texts
from zhengtong.domains.letters.models import Letter, Remark
from zhengtong.domains.letters.queries import KIND, sides
from zhengtong.rules.letters import (
    ABILITY,
    LetterKind,
    LetterMove,
    LetterState,
    LetterStep,
    Mailbox,
    Side,
    check_letter_step,
    limit_key,
    route_key,
)
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import ABILITIES, Ability
from zhengtong.rules.text import require_text

SEARCHED = 400  # characters of a text that are found by: enough to know it again


def subject(letter: Letter) -> tuple[str, str]:
    return (KIND, letter.number)


def allow(letter: Letter, step: LetterStep, by: Acting, *, code_shown: bool = False) -> LetterMove:
    """The move. Refuses a wrong state first, then whose step it is not. `code_shown`: the author showed the query code."""
    move = check_letter_step(step, LetterState(letter.state))
    if by.kind is ActorKind.SYSTEM and move.side is Side.KEEPER:
        return move
    if move.side is Side.AUTHOR and code_shown:
        return move
    if move.side not in sides(by, letter):
        raise Refusal(RefusalCode.LETTER_NOT_YOURS, side=move.side.value)
    return move


def in_hand(letter: Letter, by: Acting) -> None:
    """Whoever took it, or stands in for them, writes the reply."""
    if letter.handler_id is not None and letter.handler_id not in by.principals():
        raise Refusal(RefusalCode.LETTER_IN_OTHER_HANDS, holder=letter.handler.name if letter.handler else "")


def event(move: LetterMove, letter: Letter, by: Acting, **facts: Any) -> Event:
    """Empty facts are left out. Nothing of the text and nobody's name is among them."""
    return Event(
        move.kind, {n: v for n, v in facts.items() if v not in (None, "", [], False)}, post_of(letter, by, move)
    )


def post_of(letter: Letter, by: Acting, move: LetterMove) -> str:
    """The label of the post a step is taken in."""
    ability = Ability.READ_TIPS if letter.kind == LetterKind.TIP.value else ABILITY.get(move.side)
    fitting = [p for p in by.posts if ability in ABILITIES[p.role]] if ability else []
    own = [p for p in fitting if p.organ_id == letter.organ_id]
    return (own or fitting)[0].label if fitting else ""


def remark(letter: Letter, text: str, *, most: int = 1000, field: str = "reason") -> str:
    """Keeps what was said with the entry just written."""
    words = require_text(text, most, field)
    Remark.objects.create(letter=letter, seq=letter.version, text=words)
    return words


def reply_limit(letter: Letter, law: Law) -> Deadline:
    """The limit of this round's reply, from the parameter of the letter's kind; day one is the day after receipt."""
    key = limit_key(LetterKind(letter.kind), urgent=letter.urgent)
    return plan.planned(
        subject(letter), DeadlineKind.REPLY, letter.received_on, law.days(key, letter.received_on), law.calendar,
        organ_id=letter.organ_id, ordinal=letter.round,
    )  # fmt: skip


def routing_limit(letter: Letter, law: Law) -> Deadline:
    days = law.days(route_key(Mailbox(letter.mailbox)), letter.received_on)
    return plan.planned(
        subject(letter), DeadlineKind.ROUTE, letter.received_on, days, law.calendar, ordinal=letter.round
    )


def dated(row: Deadline) -> dict[str, Any]:
    return {"due_on": row.due_on, "due_at": row.due_at, "provisional": row.provisional}


def kind_mark(number: str, kind: str) -> str:
    """The kind as the journal holds it: sealed, but not to be read."""
    return query_code("letter-kind", number, kind)


def texts(letter: Letter) -> Texts:
    return Texts(name=[letter.subject_line], keyword=[letter.number], body=[letter.text[:SEARCHED]])


def make_findable(letter: Letter) -> None:
    """Words of a letter enter the index; those of a tip, or of an author who is hidden, never do."""
    if searchable(letter):
        search.index(KIND, letter.pk, texts(letter))
    else:
        search.remove(KIND, letter.pk)


def searchable(letter: Letter) -> bool:
    return letter.kind != LetterKind.TIP.value and not letter.confidential
