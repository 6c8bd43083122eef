"""好差评 in the city's last months: half of those served say something, most are content, a few are not, and some write why."""

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from zhengtong.base.permission import Acting, ActorKind
from zhengtong.base.seal.consumers import consume
from zhengtong.base.seal.queries import SealedEntry
from zhengtong.city.accounts import CENTRE_MANAGER
from zhengtong.domains.ratings import actions, names, queries
from zhengtong.domains.registry import queries as registry
from zhengtong.flows.rating_followed_up import follow_up
from zhengtong.flows.rating_given import rate
from zhengtong.flows.rating_invited import READER, nodes_of_acts, open_nodes
from zhengtong.rules.clock import local_date
from zhengtong.rules.ratings import Platform, reasons_for
from zhengtong.rules.ratings_publication import masked
from zhengtong.rules.refusal import Refusal

DAY = timedelta(days=1)
SILENT = 45  # of a hundred services, up to this lot nobody says anything
LEVELS = ((62, 1), (87, 2), (95, 3), (99, 4), (100, 5))  # of a hundred ratings
WAYS = ("sms", "mobile", "pc", "sms", "mobile")
UNWATCHED = Acting(kind=ActorKind.APPLICANT, id=None, name="评价人")
GOOD = (
    "一次就办好了，没有跑第二趟。",
    "网上交的材料，当天就有人看，讲得很清楚。",
    "告知书写得明白，照着补就行。",
    "比承诺的日子早了三天，谢谢。",
    "期限怎么算的都能看到，心里有数。",
)
BAD = (
    "补了一次材料又让补第二次，希望一次说清楚。",
    "电话打了几次没有人接。",
    "快到期限最后一天才办，能不能早一点。",
)


def enact(*, at: datetime) -> None:
    """The services of the last months are rated in their own week; what closed in silence is closed. Adds nothing twice."""

    def take_up(entries: list[SealedEntry]) -> None:
        for node in nodes_of_acts(entries, since=at - 400 * DAY, at=at):
            if node.closes_at < at:
                _said_of(node, at)
        open_nodes(entries, at=at)  # what can still be rated is asked about, as on any day

    while consume(READER, take_up):
        pass
    while actions.close_silent(at=at):
        pass
    while actions.count_ratings(at=at):
        pass
    _look_through(at)


def _said_of(node: Any, at: datetime) -> None:
    lot = int(sha256(node.key.encode()).hexdigest()[:8], 16)
    if lot % 100 < SILENT:
        return
    level = next(level for most, level in LEVELS if lot // 100 % 100 < most)
    when = node.opened_at + timedelta(hours=1 + lot % 150)
    way = WAYS[lot % len(WAYS)] if node.account_id else "sms"
    by, token = _rater(node, way)
    offered = reasons_for(Platform(node.platform))
    reasons = (offered[lot % len(offered)],) if lot % 3 else ()
    text = (BAD if level > 3 else GOOD)[lot % (3 if level > 3 else 5)] if lot % 4 == 0 or level > 3 else ""
    try:
        rate(node.key, level=level, channel=way, reasons=reasons, text=text, token=token, by=by, at=when)
        if level == 3 and way != "sms":
            follow_up(node.key, level=2, text="后来电话里解释清楚了。", by=by, at=min(when + 5 * DAY, at))
    except Refusal:
        return  # filed by an agent whose mandate has ended: nobody else speaks for them


def _rater(node: Any, way: str) -> tuple[Acting, str]:
    if way == "sms":
        return UNWATCHED, names.token(node.key, names.SMS)
    own = frozenset() if node.enterprise_id is None else frozenset({node.enterprise_id})
    by = Acting(
        kind=ActorKind.APPLICANT, id=node.account_id, name="评价人", enterprise_ids=own, person_id=node.person_id
    )
    return by, ""


def _look_through(at: datetime) -> None:
    """The centre publishes what it has read; the newest few still wait for it."""
    manager = registry.officer_for(CENTRE_MANAGER)
    acting = registry.officer_acting(manager.account_id, local_date(at)) if manager.account_id else None
    if acting is None:
        return
    for rating in queries.texts_to_judge(acting, at=at, limit=200)[3:]:
        words = "\n".join(part for part in (rating.text, rating.follow_text) if part)
        actions.publish_text(rating.number, text=masked(words), by=acting, at=at)
