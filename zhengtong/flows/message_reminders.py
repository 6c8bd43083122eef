"""到期提醒: what falls due within three days is said to whoever must act, and what was granted before it expires."""

from datetime import datetime, timedelta

from django.db import transaction

from zhengtong.base.deadlines.queries import due_between
from zhengtong.base.outbox.actions import queue
from zhengtong.base.outbox.models import Message
from zhengtong.base.parameters.queries import value
from zhengtong.domains.cases import queries as cases
from zhengtong.flows.telling import Recipient, said
from zhengtong.rules.clock import local_date
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.period import end_of

REMINDED = {DeadlineKind.SUPPLEMENT: "case.supplement_due", DeadlineKind.PROMISE: "case.due_soon"}


def remind(*, at: datetime) -> int:
    """Run once a day; a limit is spoken of once for each day it may fall due on. Returns how many messages were said."""
    days = value("reminder.days", local_date(at))
    until = end_of(local_date(at) + timedelta(days=days))
    told = 0
    for kind, event in REMINDED.items():
        after = 0
        while limits := due_between(kind, since=at, until=until, after=after):
            after = limits[-1].pk
            found = cases.cases_by_numbers([limit.subject_key for limit in limits if limit.subject_kind == "case"])
            messages: list[Message] = []
            for limit in limits:
                case = found.get(limit.subject_key)
                if case is None or limit.due_on is None:
                    continue
                facts: dict[str, object] = {"case_no": case.number, "item": case.item_name}
                if kind is DeadlineKind.SUPPLEMENT:
                    to = Recipient(account_id=case.account_id, phone=case.contact_phone)
                    facts |= {"until": limit.due_on, "enterprise_id": case.enterprise_id}
                else:
                    holder = case.holder
                    to = Recipient(account_id=holder.account_id if holder else None)
                    facts |= {"due": limit.due_on, "path": f"/desk/cases/{case.number}/"}
                messages += said(
                    event, key=f"{event}:{case.number}:{limit.due_on}", to=to, subject=("case", case.number),
                    facts=facts, at=at,
                )  # fmt: skip
            with transaction.atomic():
                queue(*messages)
            told += len(messages)
    return told


CAUGHT_UP = timedelta(days=7)  # a house that stood still for a week says afterwards what it owed
APPLY_BEFORE = timedelta(days=30)  # 行政许可法第五十条: renewal is asked for thirty days before the end


def remind_of_expiry(*, at: datetime) -> int:
    """Run once a day; each grant is spoken of once, early enough for art. 50. Returns how many messages were said."""
    until = local_date(at) + timedelta(days=value("expiry.reminder.days", local_date(at)))
    told = after = 0
    while found := cases.expiring(until - CAUGHT_UP, until, after=after):
        after = found[-1].pk
        messages: list[Message] = []
        for case in found:
            facts: dict[str, object] = {
                "certificate": case.item_name,
                "certificate_no": case.number,
                "until": case.valid_until,
                "apply_by": case.valid_until and case.valid_until - APPLY_BEFORE,
                "path": f"/cases/{case.number}/",
                "enterprise_id": case.enterprise_id,
            }
            messages += said(
                "certificate.expiring", key=f"certificate.expiring:{case.number}:{case.valid_until}",
                to=Recipient(account_id=case.account_id, phone=case.contact_phone), subject=("case", case.number),
                facts=facts, at=at,
            )  # fmt: skip
        with transaction.atomic():
            queue(*messages)
        told += len(messages)
    return told
