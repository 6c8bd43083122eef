"""三日提醒: what falls due within three days is said to whoever must act: the officer, or the applicant who owes papers."""

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
