"""Whom a letter tells: its author, the people who must answer or approve, the letter desk, the integrity desk."""

from collections.abc import Iterable
from datetime import datetime

from zhengtong.domains.letters import queries
from zhengtong.domains.letters.models import Letter
from zhengtong.domains.registry.models import Post
from zhengtong.flows.telling import Recipient, tell
from zhengtong.rules.clock import local_date
from zhengtong.rules.letters import LetterKind
from zhengtong.rules.roles import Ability

SUBJECT = queries.KIND


def to_author(kind: str, letter: Letter, *, at: datetime, **facts: object) -> None:
    """In their portal where there is an account, else by phone or mail. The number opens it; nothing of the text is told."""
    told = {"number": letter.number, "path": f"/letters/{letter.number}/", **facts}
    whom = Recipient(letter.account_id, letter.phone, letter.email, letter.language)
    tell(
        kind,
        key=f"{kind}:{letter.number}:{letter.version}",
        to=whom,
        subject=(SUBJECT, letter.number),
        facts=told,
        at=at,
    )


def to_officers(kind: str, letter: Letter, posts: Iterable[Post], *, at: datetime, **facts: object) -> None:
    """One message each; the key holds the letter's version, so that a step repeated tells nobody twice."""
    for account in sorted({post.officer.account_id for post in posts if post.officer.account_id is not None}):
        tell(
            kind, key=f"{kind}:{letter.number}:{letter.version}:{account}", to=Recipient(account),
            subject=(SUBJECT, letter.number), facts={"number": letter.number, "due": letter.due_on, **facts}, at=at,
        )  # fmt: skip


def to_organ(kind: str, letter: Letter, *, at: datetime, **facts: object) -> None:
    """To whoever answers letters in its organ and section; to its handler alone once somebody has taken it."""
    if letter.kind == LetterKind.TIP.value:
        return
    posts = queries.people_of(letter.organ_id, letter.section_id, Ability.ANSWER_LETTERS, local_date(at))
    mine = [post for post in posts if post.officer_id == letter.handler_id]
    if letter.organ_id is not None:
        to_officers(kind, letter, mine or posts, at=at, **facts)


def to_approvers(kind: str, letter: Letter, *, at: datetime, **facts: object) -> None:
    posts = queries.people_of(letter.organ_id, letter.section_id, Ability.APPROVE_REPLIES, local_date(at))
    to_officers(kind, letter, [post for post in posts if post.officer_id != letter.handler_id], at=at, **facts)


def to_desk(kind: str, letter: Letter, *, at: datetime, **facts: object) -> None:
    """To the letter desk. Nobody is told of a tip: the integrity desk has its list."""
    if letter.kind != LetterKind.TIP.value:
        posts = queries.people_of(None, None, Ability.KEEP_LETTERS, local_date(at))
        to_officers(kind, letter, posts, at=at, **facts)
