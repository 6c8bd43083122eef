"""One case, and what hangs on it: its acts, papers, thread, consultations, supplements."""

from collections.abc import Sequence
from typing import Any

from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.journal.models import Entry
from zhengtong.base.law import Law, law_at
from zhengtong.base.permission import Acting
from zhengtong.base.search import Texts
from zhengtong.domains.applications.models import Application
from zhengtong.domains.cases.models import (
    Case,
    CaseMessage,
    CheckTick,
    Consultation,
    Paper,
    SpecialProcedureRun,
    SupplementItem,
)
from zhengtong.domains.cases.queries.who import WITH, seen_by, with_editions
from zhengtong.rules.kinds import PUBLIC_KINDS, Kind
from zhengtong.rules.refusal import Refusal, RefusalCode


def case_for(by: Acting, number: str) -> Case:
    """The case with all that its steps and pages read, or Refusal(NOT_FOUND): the same answer for
    "does not exist" and "not yours", so that no number can be tried out."""
    case = with_editions(Case.objects.select_related(*WITH)).filter(seen_by(by), number=number).first()
    if case is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return case


def check_seen(case: Case, seen: int | None) -> None:
    """A step names the version of the case it saw; Refusal(STALE) with what happened since, when it was another."""
    if seen is None or seen == case.version:
        return
    latest = Entry.objects.filter(subject_kind="case", subject_key=case.number, seq__gt=seen).order_by("-seq").first()
    raise Refusal(
        RefusalCode.STALE,
        kind=latest.kind if latest else "",
        actor=latest.actor_name if latest else "",
        at=latest.at if latest else "",
    )


def case_by_slip(number: str, query_code: str) -> Case:
    """The case for whoever holds the receipt with its 查询码; no sign-in. Refusal(SLIP_UNKNOWN) else."""
    case = (
        with_editions(Case.objects.select_related(*WITH))
        .filter(number=number.strip().upper(), query_code=query_code.strip().upper())
        .first()
    )
    if case is None:
        raise Refusal(RefusalCode.SLIP_UNKNOWN)
    return case


def law_for(case: Case) -> Law:
    """The law at the editions read with this case."""
    return law_at(case.law_edition)  # type: ignore[attr-defined]  # annotated above


def case_of_application(application: Application) -> Case:
    """The case an application has become; for a submission that is sent twice."""
    return Case.objects.select_related("organ", "item").get(application=application)


def search_texts(case: Case) -> Texts:
    """What a file is found by: applicant, agent, item, number. Names only; identity numbers go by keyed hash."""
    return Texts(name=[case.applicant_name, case.agent_name, case.number, case.external_no], keyword=[case.item_name])


def consultation_for(by: Acting, consultation_id: int) -> Consultation:
    """A question put to one of this officer's sections."""
    sections = {p.section_id for p in by.posts if p.section_id is not None}
    row = (
        Consultation.objects.select_related("case", "section")
        .filter(pk=consultation_id, section_id__in=sections)
        .first()
    )
    if row is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return row


def acts(case: Case, *, public: bool) -> list[Entry]:
    """The journal of a case, oldest first; `public` leaves out what stays among officers."""
    rows = Entry.objects.filter(subject_kind="case", subject_key=case.number)
    if public:
        rows = rows.filter(kind__in=[k.value for k in PUBLIC_KINDS])
    return list(rows.order_by("seq"))


def papers(case: Case) -> list[Paper]:
    return list(Paper.objects.filter(case=case).order_by("id"))


def paper_for(case: Case, uid: Any) -> Paper:
    paper = Paper.objects.filter(case=case, uid=uid).first()
    if paper is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return paper


def thread(case: Case) -> list[CaseMessage]:
    return list(CaseMessage.objects.filter(case=case).order_by("id"))


def consultations(case: Case) -> list[Consultation]:
    return list(
        Consultation.objects.filter(case=case).select_related("section", "asked_by", "answered_by").order_by("id")
    )


def open_deadline(case: Case, kind: str) -> Deadline | None:
    return (
        Deadline.objects.filter(subject_kind="case", subject_key=case.number, kind=kind, outcome=Deadline.OPEN)
        .order_by("-ordinal")
        .first()
    )


def supplement_lines(case: Case) -> list[SupplementItem]:
    """The lines of the latest 补正告知书, in its order."""
    return list(SupplementItem.objects.filter(case=case, round=case.supplements).order_by("id"))


def supplement_items(case: Case) -> list[SupplementItem]:
    return list(SupplementItem.objects.filter(case=case).order_by("round", "id"))


def special_runs(case: Case) -> list[SpecialProcedureRun]:
    return list(SpecialProcedureRun.objects.filter(case=case).select_related("started_by").order_by("id"))


def ticks(case: Case) -> dict[tuple[str, str], CheckTick]:
    """(stage, code) → the last tick of that line."""
    rows = CheckTick.objects.filter(case=case).select_related("officer").order_by("id")
    return {(row.stage, row.code): row for row in rows}


def passed_on_by(entries: Sequence[Entry]) -> int | None:
    """Who passed the case on, if nothing has happened to it since: they may still take it back."""
    last = entries[-1] if entries else None
    return last.actor_id if last is not None and last.kind == Kind.CASE_FORWARDED.value else None
