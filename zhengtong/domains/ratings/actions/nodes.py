"""Service nodes: opened when a service was given, closed in silence when nobody rated it in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from zhengtong.base.law import Law, current_law
from zhengtong.base.permission import Acting
from zhengtong.base.personal import lookup_hash
from zhengtong.domains.ratings.models import Node
from zhengtong.domains.ratings.names import node_key
from zhengtong.rules.clock import local_date
from zhengtong.rules.ratings import NodeKind, NodeState, Platform, closes_at
from zhengtong.rules.refusal import Refusal, RefusalCode

WINDOW = "rating.window.days"
DEFAULT = "rating.default_level"


@dataclass(frozen=True, slots=True)
class NodeDraft:
    """One service as it was given; what `open_node` takes, for many at once."""

    kind: str
    subject: tuple[str, str]
    organ_id: int
    opened_at: datetime
    section_id: int | None = None
    officer_id: int | None = None
    window_id: int | None = None
    hall_code: str = ""
    item_id: int | None = None
    item_name: str = ""
    account_id: int | None = None
    person_id: int | None = None
    enterprise_id: int | None = None
    phone: str = ""
    platform: str = ""


def open_node(
    kind: str,
    subject: tuple[str, str],
    *,
    organ_id: int,
    section_id: int | None = None,
    officer_id: int | None = None,
    window_id: int | None = None,
    hall_code: str = "",
    item_id: int | None = None,
    item_name: str = "",
    account_id: int | None = None,
    person_id: int | None = None,
    enterprise_id: int | None = None,
    phone: str = "",
    platform: str = "",
    opened_at: datetime,
    by: Acting,
    at: datetime,
) -> Node:
    """One service that can be rated from `opened_at` on; the same one when it is opened again.

    `kind` is a NodeKind, `subject` the journal name of what it is about (("ticket", key), ("letter", number)).
    `officer_id` served; `account_id`, `person_id`, `enterprise_id` and `phone` say whose service it was: who signs in
    as one of them, or gets the link on that phone, may rate it. With `enterprise_id` only who acts for it may.
    """
    draft = NodeDraft(
        kind=kind, subject=subject, organ_id=organ_id, opened_at=opened_at, section_id=section_id,
        officer_id=officer_id, window_id=window_id, hall_code=hall_code, item_id=item_id, item_name=item_name,
        account_id=account_id, person_id=person_id, enterprise_id=enterprise_id, phone=phone, platform=platform,
    )  # fmt: skip
    open_nodes([draft], by=by, at=at)
    return Node.objects.get(kind=draft.kind, subject_kind=subject[0], subject_key=subject[1])


def open_nodes(drafts: Sequence[NodeDraft], *, by: Acting, at: datetime) -> None:
    """Many at once, in one statement; those that are open already stay as they are."""
    law = current_law()
    if drafts:
        Node.objects.bulk_create([_node(draft, law) for draft in drafts], ignore_conflicts=True)


def _node(draft: NodeDraft, law: Law) -> Node:
    kind, on = NodeKind(draft.kind), local_date(draft.opened_at)
    at_counter = kind is NodeKind.TICKET or draft.window_id is not None or draft.hall_code != ""
    return Node(
        key=node_key(kind.value, draft.subject),
        kind=kind.value,
        subject_kind=draft.subject[0],
        subject_key=draft.subject[1],
        organ_id=draft.organ_id,
        section_id=draft.section_id,
        officer_id=draft.officer_id,
        window_id=draft.window_id,
        hall_code=draft.hall_code,
        platform=Platform(draft.platform or (Platform.HALL if at_counter else Platform.ONLINE)).value,
        item_id=draft.item_id,
        item_name=draft.item_name[:200],
        account_id=draft.account_id,
        person_id=draft.person_id,
        enterprise_id=draft.enterprise_id,
        phone=draft.phone.strip(),
        phone_hash=lookup_hash(draft.phone),
        opened_at=draft.opened_at,
        opened_on=on,
        closes_at=closes_at(on, law.value(WINDOW, on)),
    )


def ask_again(node: Node, *, at: datetime) -> None:
    """请评价 by hand: the window's device asks about this service once more, and only once.

    Refusals: RATING_GIVEN, RATING_ASKED, RATING_CLOSED.
    """
    open_still = Node.objects.filter(pk=node.pk, state=NodeState.OPEN.value, closes_at__gte=at)
    if open_still.filter(asked_at=None).update(asked_at=at):
        return
    node.refresh_from_db()
    if node.level is not None:
        raise Refusal(RefusalCode.RATING_GIVEN)
    if node.asked_at is not None:
        raise Refusal(RefusalCode.RATING_ASKED)
    raise Refusal(RefusalCode.RATING_CLOSED, until=node.closes_at)


def close_silent(*, at: datetime, limit: int = 500) -> int:
    """Nodes whose window has passed unrated become DEFAULTED; returns how many. Costs what has passed.

    `rating.default_level` (none, 满意, 基本满意) says as what silence is shown; it enters no satisfaction.
    """
    keys = list(
        Node.objects.filter(state=NodeState.OPEN.value, closes_at__lt=at)
        .order_by("closes_at")
        .values_list("pk")[:limit]
    )
    if not keys:
        return 0
    shown = SHOWN_AS.get(current_law().value(DEFAULT, local_date(at)))
    # The state again: somebody may be pressing in this very moment, and their rating is the one that holds.
    return Node.objects.filter(pk__in=[pk for (pk,) in keys], state=NodeState.OPEN.value).update(
        state=NodeState.DEFAULTED.value, default_level=shown, uncounted=True
    )


SHOWN_AS = {"满意": 2, "基本满意": 3}
