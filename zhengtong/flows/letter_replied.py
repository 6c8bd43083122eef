"""答复: drafted, approved, sent; then the author is told, whoever wrote the same is told, and the service can be rated."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from zhengtong.base.files.models import StoredFile
from zhengtong.base.permission import Acting
from zhengtong.domains.letters import actions, queries
from zhengtong.domains.letters.models import Letter
from zhengtong.domains.ratings.actions import open_node
from zhengtong.flows.letter_notices import to_approvers, to_author, to_officers
from zhengtong.flows.letter_opened import opened_letter
from zhengtong.flows.rating_invited import invite
from zhengtong.rules.clock import local_date
from zhengtong.rules.letters import LetterKind
from zhengtong.rules.ratings import NodeKind
from zhengtong.rules.roles import Ability

Files = Sequence[tuple[StoredFile, str]]


@transaction.atomic
def draft_reply(
    number: str,
    *,
    text: str,
    mode: str,
    finding: str = "",
    files: Files = (),
    seen: int | None,
    by: Acting,
    at: datetime,
) -> Letter:
    """起草 and submit: the leaders who may approve it are told."""
    letter = opened_letter(number, seen, by)
    actions.draft(letter, text=text, mode=mode, finding=finding, files=files, by=by, at=at)
    to_approvers("letter.approval_asked", letter, at=at, who=by.name)
    return letter


@transaction.atomic
def send_reply(
    number: str,
    *,
    text: str,
    mode: str,
    finding: str = "",
    files: Files = (),
    seen: int | None,
    by: Acting,
    at: datetime,
) -> Letter:
    """答复 at once, where no leader must approve it."""
    letter = opened_letter(number, seen, by)
    actions.send(letter, text=text, mode=mode, finding=finding, files=files, by=by, at=at)
    _follow(letter, by=by, at=at)
    return letter


@transaction.atomic
def approve_reply(number: str, *, judgement: str = "", seen: int | None, by: Acting, at: datetime) -> Letter:
    """批准: the reply leaves in the same moment."""
    letter = opened_letter(number, seen, by)
    actions.approve(letter, judgement=judgement, by=by, at=at)
    _follow(letter, by=by, at=at)
    return letter


@transaction.atomic
def send_back_reply(number: str, *, judgement: str, seen: int | None, by: Acting, at: datetime) -> Letter:
    letter = opened_letter(number, seen, by)
    actions.send_back(letter, judgement=judgement, by=by, at=at)
    posts = queries.people_of(letter.organ_id, None, Ability.ANSWER_LETTERS, local_date(at))
    to_officers("letter.sent_back", letter, [p for p in posts if p.officer_id == letter.handler_id], at=at, who=by.name)
    return letter


@transaction.atomic
def recall_reply(number: str, *, seen: int | None, by: Acting, at: datetime) -> Letter:
    """撤回送审: sent to approval by mistake; who may approve finds it gone."""
    letter = opened_letter(number, seen, by)
    actions.recall(letter, by=by, at=at)
    return letter


def _follow(letter: Letter, *, by: Acting, at: datetime) -> None:
    to_author("letter.replied", letter, at=at)
    for other in queries.merged(letter):
        to_author("letter.replied", other, at=at, into=letter.number)
    # A tip is nobody's service; an author the organ must not know is asked by the letter desk, not by a rating.
    if letter.kind != LetterKind.TIP.value and letter.organ_id is not None and not letter.confidential:
        node = open_node(
            NodeKind.LETTER.value, (queries.KIND, letter.number), organ_id=letter.organ_id,
            section_id=letter.section_id, officer_id=letter.handler_id, account_id=letter.account_id,
            phone=letter.phone, opened_at=at, by=by, at=at,
        )  # fmt: skip
        if letter.account_id is not None or letter.phone:
            invite(node, at=at)
