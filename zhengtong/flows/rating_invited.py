"""Service nodes of cases, read from the sealed journal; and the invitation to rate what was finished.

Cases know nothing of it: the worker reads what was sealed, opens the nodes and tells the applicant once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings

from zhengtong.base.law import current_law
from zhengtong.base.permission import SYSTEM
from zhengtong.base.seal.consumers import consume
from zhengtong.base.seal.queries import SealedEntry
from zhengtong.domains.cases import queries as cases
from zhengtong.domains.cases.models import Case
from zhengtong.domains.ratings import actions, names, queries
from zhengtong.domains.ratings.actions import NodeDraft
from zhengtong.domains.ratings.models import Node
from zhengtong.flows.rating_given import recipient, service_words
from zhengtong.flows.telling import tell
from zhengtong.rules.clock import local_date
from zhengtong.rules.kinds import Kind
from zhengtong.rules.ratings import NodeKind, NodeState, Platform

READER = "ratings"
# An acceptance that is refused was a service all the same: it may be rated.
RATABLE = {
    Kind.CASE_ACCEPTED.value: NodeKind.ACCEPTANCE,
    Kind.CASE_ACCEPTANCE_REFUSED.value: NodeKind.ACCEPTANCE,
    Kind.CASE_FINISHED.value: NodeKind.FINISH,
}
AT_WINDOW = "1"  # channel 窗口 (GB/T 39046 A.5)


def open_nodes_of_cases(*, at: datetime) -> int:
    """Opens the nodes of what was sealed since the last look; returns how many entries were read."""
    return consume(READER, lambda entries: open_nodes(entries, at=at))


def open_nodes(entries: Sequence[SealedEntry], *, at: datetime) -> None:
    """Nodes of these acts and invitations for the finished cases among them.

    What was given longer ago than its window lasts can no longer be rated, and opens none: a reader that begins with a
    long history asks nobody about the past.
    """
    since = at - timedelta(days=current_law().value("rating.window.days", local_date(at)))
    for node in nodes_of_acts(entries, since=since, at=at):
        if node.kind == NodeKind.FINISH.value:
            invite(node, at=at)


def nodes_of_acts(entries: Sequence[SealedEntry], *, since: datetime, at: datetime) -> list[Node]:
    """The nodes of these acts since a moment, opened where they were not. Imported cases were not served here."""
    acts = [
        one.entry
        for one in entries
        if one.entry.subject_kind == Case.journal_kind and one.entry.kind in RATABLE and one.entry.at >= since
    ]
    found = cases.cases_by_numbers([entry.subject_key for entry in acts])
    drafts = [
        _draft(case, RATABLE[entry.kind], entry.at)
        for entry in acts
        if (case := found.get(entry.subject_key)) is not None and _ratable(case, RATABLE[entry.kind])
    ]
    actions.open_nodes(drafts, by=SYSTEM, at=at)
    return queries.nodes_of([(draft.kind, *draft.subject) for draft in drafts])


def _ratable(case: Case, kind: NodeKind) -> bool:
    """What is accepted and finished in one sitting is one service: it is rated when it is finished (一事一评)."""
    return not case.imported and (kind is NodeKind.FINISH or case.case_kind != "IMMEDIATE")


def _draft(case: Case, kind: NodeKind, opened_at: datetime) -> NodeDraft:
    served = case.acceptor_id if kind is NodeKind.ACCEPTANCE else case.handler_id or case.acceptor_id
    return NodeDraft(
        kind=kind.value, subject=(Case.journal_kind, case.number), organ_id=case.organ_id, opened_at=opened_at,
        section_id=case.section_id, officer_id=served, item_id=case.item_id, item_name=case.item_name,
        account_id=case.account_id, person_id=case.person_id, enterprise_id=case.enterprise_id,
        phone=case.contact_phone, platform=(Platform.HALL if case.channel == AT_WINDOW else Platform.ONLINE).value,
    )  # fmt: skip


def invite(node: Node, *, at: datetime) -> None:
    """Asks whose service it was, once. The link in the message rates by itself and ends with the node's window."""
    if node.state != NodeState.OPEN.value:
        return
    tell(
        "rating.invited", key=f"rating.invited:{node.key}", to=recipient(node), subject=("node", node.key),
        facts=_facts(node) | {"on": node.opened_on}, at=at,
    )  # fmt: skip


def invite_visitors(*, at: datetime) -> int:
    """Who left the counter without a press is asked once by message. Telling twice is telling once."""
    visits = queries.unrated_visits(at=at)
    for node in visits:
        invite(node, at=at)
    return len(visits)


def send_link(node: Node, *, at: datetime) -> None:
    """The link again, for who scanned the code on a paper: to the phone of the service and nowhere else, once a day."""
    if node.state != NodeState.OPEN.value:
        return
    tell(
        "rating.link", key=f"rating.link:{node.key}:{local_date(at)}", to=recipient(node), subject=("node", node.key),
        facts=_facts(node), at=at,
    )  # fmt: skip


def _facts(node: Node) -> dict[str, object]:
    """`path` opens from a message in the portal, `link` from any other."""
    path = f"/r/{names.token(node.key, names.SMS)}/"
    until = local_date(node.closes_at)
    return {"item": service_words(node), "until": until, "path": path, "link": settings.PUBLIC_URL + path}
