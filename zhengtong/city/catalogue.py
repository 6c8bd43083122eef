"""The city's full items: drafted and put in force by each organ's editor, checked by the centre's legal checker.

Items abolished before the platform began were carried over with the history they had; nobody publishes them today.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction

from zhengtong.base import calendar
from zhengtong.base.permission import Acting
from zhengtong.city.founding import AGE, FOUNDER
from zhengtong.city.hours import Hours
from zhengtong.city.records import SECTION_OF, Record, city, item_documents, tail
from zhengtong.domains.cases.actions.dispatching import keep_rule
from zhengtong.domains.catalogue import actions, queries
from zhengtong.domains.registry import queries as registry
from zhengtong.rules.kinds import Kind


def publish_items(start: datetime, moved: Callable[[int], None], documents: Sequence[Record] | None = None) -> None:
    """Each item in a transaction of its own; what stands already is left alone."""
    documents = item_documents() if documents is None else documents
    known = queries.states([document["item_code"] for document in documents])
    hours = Hours(calendar.current())
    first = hours.after(start - AGE + timedelta(days=1))
    checker = _officer("legal_checker", None, first.date())
    for number, document in enumerate(documents):
        if document["item_code"] not in known and not document["retired_basis"]:
            editor = _officer("catalogue_editor", document["implementing_org"], first.date())
            _publish(document, editor, checker, hours.after(first, 30 * number), hours)
            moved(1)
    for document in documents:
        if document["item_code"] not in known and document["retired_basis"]:
            _carry_over(document)
            moved(1)


@transaction.atomic
def _publish(document: Record, editor: Acting, checker: Acting, at: datetime, hours: Hours) -> None:
    version = actions.create_draft(document, by=editor, at=at)
    actions.send_to_check(version.pk, by=editor, at=hours.after(at, 8))
    actions.check(version.pk, passed=True, opinion="依据现行有效，要素完整。", by=checker, at=hours.after(at, 20))
    actions.publish(version.pk, by=editor, at=hours.after(at, 25))


@transaction.atomic
def _carry_over(document: Record) -> None:
    """In force until its last day, then abolished for its successor, which stands already."""
    last = date.fromisoformat(document["effective_to"])
    in_force = datetime.combine(last - timedelta(days=30), time(2), UTC)
    version = actions.create_draft(document, by=FOUNDER, at=in_force, kind=Kind.ITEM_IMPORTED)
    actions.publish(version.pk, by=FOUNDER, at=in_force)
    actions.retire(
        document["item_code"],
        basis=document["retired_basis"],
        successor=document["successor"] or "",
        by=FOUNDER,
        at=in_force + timedelta(days=31),
    )


@transaction.atomic
def set_dispatch_rules(start: datetime) -> None:
    """An organ's first section takes what no rule names; the bureau of commerce has a section for each item."""
    organs = {organ.code: organ for organ in registry.organs()}
    sections = {(section.organ_id, section.name): section for section in registry.sections_of()}
    for told in city().organs:
        organ = organs[told["code"]]
        section = sections[(organ.pk, told["sections"][0]["name"])]
        keep_rule(section, None, by=FOUNDER, at=start - AGE)
    for document in item_documents():
        organ = organs[document["implementing_org"]]
        section = sections[(organ.pk, SECTION_OF[tail(document["item_code"])])]
        keep_rule(section, queries.item_for(document["item_code"]), by=FOUNDER, at=start - AGE)


# What lies on the desks of the catalogue: one revision waits for its legal check, one is still being written.
REVISED = {"026": True, "013": False}


def leave_drafts(start: datetime) -> None:
    hours = Hours(calendar.current())
    at = hours.before(start, 200)
    for document in item_documents():
        item = queries.item_for(document["item_code"])
        sent = REVISED.get(tail(document["item_code"]))
        if sent is not None and queries.open_version(item) is None:
            editor = _officer("catalogue_editor", document["implementing_org"], at.date())
            _revise(document, sent=sent, by=editor, at=at, hours=hours)


@transaction.atomic
def _revise(document: Record, *, sent: bool, by: Acting, at: datetime, hours: Hours) -> None:
    """The same item with one more question answered in its guide."""
    version = actions.open_draft(document["item_code"], by=by, at=at)
    actions.edit_draft(version.pk, {**document, "faqs": [*document["faqs"], FAQ]}, by=by, at=hours.after(at, 25))
    if sent:
        actions.send_to_check(version.pk, by=by, at=hours.after(at, 40))


FAQ = {
    "question": "可以请别人代办吗？",
    "answer": "可以。请企业法定代表人或本人在网上授权，被授权人用自己的账号申请。",
    "question_en": "May somebody else apply for me?",
    "answer_en": "Yes. Give a mandate online; the agent then applies under their own account.",
}


def _officer(role: str, organ_code: str | None, on: date) -> Acting:
    told = next(o for o in city().officers if role in o["roles"] and organ_code in (None, o["organ"]))
    acting = registry.officer_acting(registry.officer_for(told["staff_no"]).account_id or 0, on)
    if acting is None:
        raise LookupError(told["staff_no"])
    return acting
