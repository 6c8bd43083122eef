"""抽查: a month's files drawn by the seal itself, and what a second look found."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from zhengtong.base import journal
from zhengtong.base.journal import Event
from zhengtong.base.permission import Acting
from zhengtong.domains.authenticity import queries
from zhengtong.domains.authenticity.models import Lead, LeadEvidence, Sample, SampleFile, Trace
from zhengtong.rules.authenticity.months import month_before
from zhengtong.rules.authenticity.sampling import SHARE_PERCENT, draw, rank
from zhengtong.rules.clock import local_date
from zhengtong.rules.kinds import Kind
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.rules.text import clean_text, require_text

FILES_OF_A_LEAD = 10  # of a lead that rests on more, those the root ranks first
WHOLE_ORGAN = frozenset({"D-12"})  # too perfect: 5 % of the organ's files of the months it rests on (§5.4)


@transaction.atomic
def draw_sample(month: str, *, by: Acting, at: datetime) -> Sample:
    """5 % of what was finished in the month, and the files of the month's leads. Drawn again, it is the same sample.

    The root of the first checkpoint after the month ranks them: fixed in public before the draw, the same for all.
    """
    by.check(Ability.SUPERVISE)
    known = queries.sample_of(month)
    if known is not None:
        return known
    if not queries.is_over(month, local_date(at)):
        raise Refusal(RefusalCode.SAMPLE_MONTH_RUNNING, month=month)
    checkpoint = queries.checkpoint_after(month)
    if checkpoint is None:
        raise Refusal(RefusalCode.SAMPLE_WITHOUT_CHECKPOINT, month=month)
    finished = queries.finished_in(month)
    chosen: dict[str, tuple[str, str, int | None]] = {
        number: (place, SampleFile.RANDOM, None) for place, number in draw(checkpoint.root, finished)
    }
    sample = Sample(
        month=month, root=checkpoint.root, tree_size=checkpoint.size, population=len(finished), drawn=len(chosen),
        percent=SHARE_PERCENT, drawn_at=at, drawn_by_id=by.officer_id,
    )  # fmt: skip
    facts = {"size": checkpoint.size, "population": len(finished), "drawn": len(chosen)}
    journal.insert(sample, Event(Kind.SAMPLE_DRAWN, facts), by=by, at=at)
    for lead, number in _of_leads(month, checkpoint.root):
        chosen.setdefault(number, (rank(checkpoint.root, number), SampleFile.LEAD, lead))
    traces = {trace.case_no: trace for trace in Trace.objects.filter(case_no__in=list(chosen))}
    ordered = sorted((place, number, origin, lead or 0) for number, (place, origin, lead) in chosen.items())
    SampleFile.objects.bulk_create(
        SampleFile(
            sample=sample, case_no=number, organ_id=traces[number].organ_id, item_id=traces[number].item_id,
            origin=origin, lead_id=lead or None, rank=place,
        )
        for place, number, origin, lead in ordered
        if number in traces
    )  # fmt: skip
    return sample


def _of_leads(month: str, root: str) -> Iterable[tuple[int, str]]:
    year, number = (int(part) for part in month.split("-"))
    found = Lead.objects.filter(found_on__year=year, found_on__month=number).order_by("pk")
    rows = LeadEvidence.objects.filter(lead__in=found, subject_kind="case").values_list("lead_id", "subject_key")
    by_lead: dict[int, set[str]] = {}
    for lead, case_no in rows:
        by_lead.setdefault(lead, set()).add(case_no)
    for perfect in found.filter(rule_code__in=WHOLE_ORGAN, organ__isnull=False):
        months = [month_before(perfect.period, back) for back in range(3)]
        files = [number for one in months for number in queries.finished_in(one, perfect.organ_id)]
        by_lead[perfect.pk] = {number for _, number in draw(root, files)}
    for lead, numbers in by_lead.items():
        for case_no in sorted(numbers, key=lambda n: rank(root, n))[:FILES_OF_A_LEAD]:
            yield lead, case_no


@transaction.atomic
def judge_file(file: SampleFile, verdict: str, *, note: str, by: Acting, at: datetime) -> None:
    """真实, 不实 or 拒绝不当, with what was seen. Looked at again, the later word stands; the journal keeps both."""
    by.check(Ability.SUPERVISE)
    if verdict not in SampleFile.VERDICTS:
        raise Refusal(RefusalCode.NOT_FOUND)
    text = clean_text(note, 1000, "note") if verdict == SampleFile.TRUE else require_text(note, 1000, "note")
    facts = {"case": file.case_no, "verdict": verdict, "note": text}
    journal.commit(file.sample, Event(Kind.SAMPLE_FILE_JUDGED, facts), by=by, at=at)
    SampleFile.objects.filter(Q(pk=file.pk)).update(
        verdict=verdict, note=text, looked_by_id=by.officer_id, looked_at=at
    )
