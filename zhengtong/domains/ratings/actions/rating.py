"""A rating: given once, added to once, set aside with a reason and put back; its rater revealed only for a purpose."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from zhengtong.base import journal
from zhengtong.base.journal import Event
from zhengtong.base.permission import Acting, ActorKind
from zhengtong.base.personal import lookup_hash
from zhengtong.domains.ratings.models import Node, Rating
from zhengtong.domains.ratings.names import rating_number
from zhengtong.domains.ratings.queries import follow_up_until
from zhengtong.rules.kinds import Kind
from zhengtong.rules.ratings import (
    MOST_TEXT,
    NodeState,
    Platform,
    check_button,
    check_level,
    check_reasons,
    check_window,
    worse,
)
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.text import clean_text, require_line

# Entries of a rating name a rater nowhere: the journal is sealed and kept for ever (国办发〔2019〕51号, 保护评价人信息).
RATER = Acting(kind=ActorKind.APPLICANT, id=None, name="评价人")


def give(
    node: Node,
    *,
    level: int,
    channel: str,
    button: str = "",
    reasons: Sequence[str] = (),
    text: str = "",
    device_key: str = "",
    ip: str = "",
    real_name: bool,
    by: Acting,
    at: datetime,
) -> Rating:
    """The one rating of a node, in the caller's transaction. Who may give it is the flow's question.

    Of two who press at once one is refused (RATING_GIVEN): the row of the node can leave OPEN only once.
    """
    chosen = check_level(level)
    words = clean_text(text, MOST_TEXT, "text")
    named = check_reasons(tuple(reasons), Platform(node.platform))
    check_window(node.opened_at, node.closes_at, at)
    taken = Node.objects.filter(pk=node.pk, state=NodeState.OPEN.value).update(
        state=NodeState.RATED.value, level=chosen.value, channel=channel, uncounted=True
    )
    if not taken:
        raise Refusal(RefusalCode.RATING_GIVEN)
    node.state, node.level, node.channel = NodeState.RATED.value, chosen.value, channel
    rating = Rating(
        number=rating_number(node.key),
        node=node,
        organ_id=node.organ_id,
        level=chosen.value,
        button=check_button(button, chosen),
        channel=channel,
        reasons=named,
        text=words,
        text_state=Rating.WAITING if words else "",
        given_at=at,
        account_id=by.id if by.kind is ActorKind.APPLICANT else None,
        real_name=real_name,
        entered_by_id=by.id if by.is_officer else None,
        device_hash=lookup_hash(device_key),
        ip_hash=lookup_hash(ip),
        seconds=max(0, int((at - node.opened_at).total_seconds())),
    )
    try:
        with transaction.atomic():
            journal.insert(rating, Event(Kind.RATING_GIVEN), by=by if by.is_officer else _teller(by), at=at)
    except IntegrityError:
        raise Refusal(RefusalCode.RATING_GIVEN) from None
    return rating


def _teller(by: Acting) -> Acting:
    return by if by.kind is ActorKind.SYSTEM else RATER


def follow_up(rating: Rating, *, level: int, text: str, by: Acting, at: datetime) -> Rating:
    """追评, once, within its days. What counts from now on is the worse of the two; neither disappears."""
    chosen, words = check_level(level), clean_text(text, MOST_TEXT, "text")
    until = follow_up_until(rating)
    if rating.followed_at is not None:
        raise Refusal(RefusalCode.RATING_FOLLOWED_UP)
    if at > until:
        raise Refusal(RefusalCode.RATING_FOLLOW_UP_LATE, until=until)
    state = rating.text_state if not words or rating.text_state != "" else Rating.WAITING
    journal.commit(
        rating, Event(Kind.RATING_FOLLOWED_UP), by=RATER, at=at,
        follow_level=chosen.value, follow_text=words, followed_at=at, text_state=state,
    )  # fmt: skip
    Node.objects.filter(pk=rating.node_id).update(level=worse(rating.level, chosen.value), uncounted=True)
    return rating


def exclude(rating: Rating, reason: str, *, by: Acting, at: datetime) -> Rating:
    """剔除: a rating found mistaken or untrue leaves every figure and stays stored. Twice is once.

    `reason` is the outcome that says so (MISTAKEN, UNTRUE); rectifications decide it, with evidence and a second person.
    """
    if rating.excluded_at is not None:
        return rating
    reason = require_line(reason, 20, "reason")
    journal.commit(
        rating, Event(Kind.RATING_EXCLUDED, {"reason": reason}), by=by, at=at, excluded_at=at, excluded_reason=reason
    )
    Node.objects.filter(pk=rating.node_id).update(excluded=True, uncounted=True)
    return rating


def restore(rating: Rating, *, by: Acting, at: datetime) -> Rating:
    """恢复计入: what was set aside was justified after all, and counts in every figure as before. Twice is once."""
    if rating.excluded_at is None:
        return rating
    facts = {"reason": rating.excluded_reason}
    journal.commit(rating, Event(Kind.RATING_RESTORED, facts), by=by, at=at, excluded_at=None, excluded_reason="")
    Node.objects.filter(pk=rating.node_id).update(excluded=False, uncounted=True)
    return rating
