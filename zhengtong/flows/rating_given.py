"""A rating, from whichever channel it comes: who may give it is asked here, and what it sets off stands here."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting, ActorKind
from zhengtong.base.personal import lookup_hash
from zhengtong.domains.ratings import actions, names, queries
from zhengtong.domains.ratings.models import Node, Rating
from zhengtong.domains.rectifications.actions import open_rectification
from zhengtong.domains.registry import queries as registry
from zhengtong.flows.telling import Recipient, tell
from zhengtong.rules.clock import local_date
from zhengtong.rules.ratings import BY_CLERK, BY_DEVICE, BY_TOKEN, Channel, Level, check_level
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability


@transaction.atomic
def rate(
    node_key: str,
    *,
    level: int,
    channel: str,
    button: str = "",
    reasons: Sequence[str] = (),
    text: str = "",
    device_key: str = "",
    window_id: int | None = None,
    session_officer_id: int | None = None,
    ip: str = "",
    token: str = "",
    caller: str = "",
    by: Acting,
    at: datetime,
) -> Rating:
    """One service, one rating. Every channel proves in its way that the service is the rater's own:

    - signed in (pc, mobile, qr): `by` is an applicant whose service it is;
    - by link (sms, qr): `token` from the link; `by` is the applicant if signed in, else an applicant without id;
      `session_officer_id` as below: whose browser is signed in to the desk has not been sent this link;
    - device (hall_tablet, hall_terminal): `by` is the device (kind SYSTEM), `device_key` names it, `window_id` is the
      window it is paired with, whose last service it must be; `session_officer_id` is the officer signed in on the
      same browser, if there is one: nobody rates himself on his own screen;
    - clerk (phone, paper, hotline): `by` holds ENTER_RATINGS and took no part; for `phone`, `caller` is their number.

    Refuses RATING_NOT_YOURS, RATING_OWN_SERVICE, RATING_TOO_EARLY, RATING_CLOSED, RATING_GIVEN, RATING_LEVEL,
    RATING_REASON. A bad level opens a rectification; who is said to have rated through a clerk is told so.
    """
    node, way = queries.node_by_key(node_key), Channel(channel)
    check_level(level)
    real_name = _check_proof(node, way, by, at, device_key, window_id, token, caller)
    phones = (caller,) if caller else ()
    if queries.is_own_service(node, by, phones=phones) or queries.took_part(node, session_officer_id):
        raise Refusal(RefusalCode.RATING_OWN_SERVICE)
    rating = actions.give(
        node, level=level, channel=way.value, button=button, reasons=reasons, text=text, device_key=device_key, ip=ip,
        real_name=real_name, by=by, at=at,
    )  # fmt: skip
    if way in BY_CLERK:
        tell(
            "rating.entered", key=f"rating.entered:{rating.number}", to=recipient(node), subject=("rating", rating.number),
            facts={"item": service_words(node), "on": node.opened_on, "level": level_words(level)}, at=at,
        )  # fmt: skip
    if Level(level).bad:
        start_rectification(rating, node, level=level, text=rating.text, by=by, at=at)
    return rating


def start_rectification(rating: Rating, node: Node, *, level: int, text: str, by: Acting, at: datetime) -> None:
    """差评: the loop of dispatch, verification and re-visit begins in the same transaction."""
    open_rectification(
        rating.number, organ_id=node.organ_id, section_id=node.section_id, officer_id=node.officer_id,
        real_name=rating.real_name, level=level, text=text, reasons=rating.reasons,
        account_id=rating.account_id or node.account_id, phone=node.phone, item_name=node.item_name,
        service=node.kind, by=by, at=at,
    )  # fmt: skip


def recipient(node: Node) -> Recipient:
    """Whose service it was, as messages reach them."""
    return Recipient(account_id=node.account_id, phone="" if node.account_id else node.phone)


SERVICE_WORDS = {"ticket": "窗口服务", "acceptance": "受理", "finish": "办结", "letter": "来信答复"}


def service_words(node: Node) -> str:
    """What the service was, as data: the item, else its kind."""
    return node.item_name or SERVICE_WORDS[node.kind]


LEVEL_WORDS = {1: "非常满意", 2: "满意", 3: "基本满意", 4: "不满意", 5: "非常不满意"}


def level_words(level: int) -> str:
    """The official name of a level (GB/T 39046 A.8), as data: it stands in messages of either language."""
    return LEVEL_WORDS[level]


def _check_proof(
    node: Node, way: Channel, by: Acting, at: datetime, device_key: str, window_id: int | None, token: str, caller: str
) -> bool:
    """Refusal(RATING_NOT_YOURS) without one; else whether the rater is known by name or phone."""
    if way in BY_CLERK:
        by.check(Ability.ENTER_RATINGS)
        known = caller != "" and lookup_hash(caller) == node.phone_hash
        if (way is Channel.PHONE or caller) and not known:
            raise Refusal(RefusalCode.RATING_NOT_YOURS)
        return known
    if way in BY_DEVICE:
        _check_device(node, by, at, device_key, window_id)
        return False
    if by.kind is not ActorKind.APPLICANT:
        raise Refusal(RefusalCode.RATING_NOT_YOURS)
    if queries.owns(by, node):
        if by.id == node.account_id:
            check_mandate(node, at)
        return True
    opened = names.opened(token) if way in BY_TOKEN else None
    if opened is None or opened[0] != node.key:
        raise Refusal(RefusalCode.RATING_NOT_YOURS)
    if opened[1] == names.SMS:
        check_mandate(node, at)
        return True
    # The code on a paper passes through the clerk's hands: it rates by itself only where nobody could be asked.
    if queries.has_owner(node):
        raise Refusal(RefusalCode.RATING_NOT_YOURS)
    return False


def check_mandate(node: Node, at: datetime) -> None:
    """Who filed for another may rate while they may act for them: an ended mandate ends this too. RATING_NOT_YOURS."""
    account, on = node.account_id, local_date(at)
    if account is None:
        return
    if node.enterprise_id is not None:
        acts = any(one.pk == node.enterprise_id for one in registry.enterprises_of(account, on))
    elif node.person_id is not None:
        person = registry.person_of(account)
        own = person is not None and person.pk == node.person_id
        acts = own or registry.mandate_for(account, principal_id=node.person_id, on=on) is not None
    else:
        acts = True
    if not acts:
        raise Refusal(RefusalCode.RATING_NOT_YOURS)


def _check_device(node: Node, by: Acting, at: datetime, device_key: str, window_id: int | None) -> None:
    if by.kind is not ActorKind.SYSTEM or not device_key or window_id is None or node.window_id != window_id:
        raise Refusal(RefusalCode.RATING_NOT_YOURS)
    asked = queries.node_for_device(window_id, at)
    if asked is None or asked.pk != node.pk:  # rated, too long ago, or the next person has been served
        given = queries.node_by_key(node.key).level is not None  # asked again: another press may have come just now
        raise Refusal(RefusalCode.RATING_GIVEN if given else RefusalCode.RATING_CLOSED, until=node.closes_at)
