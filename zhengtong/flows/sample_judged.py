"""A second look at a drawn file: true, untrue, or an application that should not have been turned away."""

from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.authenticity import actions, queries
from zhengtong.domains.authenticity.models import SampleFile
from zhengtong.domains.cases.histories import histories
from zhengtong.flows.card_issued import raise_card
from zhengtong.flows.complaint_confirmed import level_of
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.supervision.complaints import REFUSED, turned_away, unlawful_refusal
from zhengtong.rules.supervision.findings import Evidence


@transaction.atomic
def judge_file(month: str, number: str, verdict: str, *, note: str, by: Acting, at: datetime) -> SampleFile:
    """拒绝不当 brings the red card of M-06 at once: whoever looked has confirmed it (§5.3)."""
    file = queries.sample_file_for(by, month, number)
    if verdict == SampleFile.WRONGLY:
        history = histories([number]).get(number)
        act = turned_away(history) if history is not None else None
        if history is None or act is None:
            raise Refusal(RefusalCode.SAMPLE_NOT_REFUSED, number=number)
        actions.judge_file(file, verdict, note=note, by=by, at=at)
        if (level := level_of(REFUSED, at)) is not None:
            raise_card(unlawful_refusal(history, act, level, Evidence("sample", month)), by=by, at=at)
        return file
    actions.judge_file(file, verdict, note=note, by=by, at=at)
    return file
