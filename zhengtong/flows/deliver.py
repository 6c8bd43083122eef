from datetime import datetime

from django.db import transaction

from zhengtong.base.outbox.actions import queue
from zhengtong.base.permission import Acting
from zhengtong.domains.cases import actions, contents
from zhengtong.domains.cases import queries as cases
from zhengtong.domains.cases.models import Case
from zhengtong.flows.notices import notice
from zhengtong.flows.opened import opened
from zhengtong.rules.refusal import Refusal, RefusalCode

RESULTS = frozenset({"F-05", "F-06"})


@transaction.atomic
def deliver(
    number: str,
    *,
    mode: str,
    recipient: str,
    place: str = "",
    tracking_no: str = "",
    witnesses: tuple[str, ...] = (),
    remark: str = "",
    seen: int | None,
    by: Acting,
    at: datetime,
) -> Case:
    """送达 (art. 44), with its 送达回证. A paper left behind needs a witness and why it was not taken (民事诉讼法第八十九条)."""
    case, _, _ = opened(number, seen, by)
    if mode == "post" and not tracking_no.strip():
        raise Refusal(RefusalCode.TRACKING_NO_MISSING)
    if mode == "left" and not (witnesses and remark.strip()):
        raise Refusal(RefusalCode.WITNESS_MISSING)
    paper = actions.number_paper(case, "达", at=at)
    actions.deliver(case, mode=mode, recipient=recipient, tracking_no=tracking_no, paper=paper, by=by, at=at)
    results = [p for p in cases.papers(case) if p.form in RESULTS]
    content = contents.service_receipt(
        case, paper, results, mode=mode, recipient=recipient, place=place or case.organ.address or case.organ.name,
        tracking_no=tracking_no, witnesses=witnesses, remark=remark, by=by, at=at,
    )  # fmt: skip
    actions.issue_paper(case, content, by=by, at=at)
    queue(*notice("case.delivered", case, at=at))
    return case
