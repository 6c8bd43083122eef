"""What the detectors compare, read from cases and their applications: digests, keys and keyed hashes, nothing else."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from zhengtong.base.personal import lookup_hash
from zhengtong.domains.applications.models import Application, SubmittedMaterial
from zhengtong.domains.authenticity.models import Trace
from zhengtong.domains.cases.models import Case
from zhengtong.domains.catalogue.queries import edition
from zhengtong.domains.registry.models import Account, Officer
from zhengtong.rules.authenticity.filings import Contact, Filing
from zhengtong.rules.canonical import canonical, plain
from zhengtong.rules.codes import is_resident_id, is_uscc
from zhengtong.rules.procedure import State

FAILED = frozenset(s.value for s in (State.NOT_ACCEPTED, State.LAPSED, State.WITHDRAWN, State.VOID))
USCC, RESIDENT = "001", "111"  # GA/T 2000.156


def cases_read(numbers: Sequence[str]) -> list[Case]:
    return list(
        Case.objects.filter(number__in=numbers).select_related("application", "application__mandate").order_by("pk")
    )


def applicant_key(case: Case) -> str:
    if case.enterprise_id is not None:
        return f"e{case.enterprise_id}"
    return f"p{case.person_id}" if case.person_id is not None else ""


def agent_key(application: Application | None) -> str:
    """Only a mandate on record makes an agent: a name written down does not."""
    mandate = application.mandate if application is not None else None
    return f"p{mandate.agent_id}" if mandate is not None else ""


def trace_of(case: Case) -> Trace:
    """An unsaved trace of a new case."""
    application, phone = case.application, lookup_hash(case.contact_phone)
    return Trace(
        case_no=case.number,
        organ_id=case.organ_id,
        item_id=case.item_id,
        channel=case.channel,
        applicant=applicant_key(case),
        agent=agent_key(application),
        phone=phone,
        backed=bool(phone) and phone in _phones_behind(case),
        received_at=case.received_at,
        taken_by=application.taken_in_by_id if application is not None else None,
        asked=_asked(application),
    )


def _phones_behind(case: Case) -> set[str]:
    """Phones on record of those who may act for the applicant, by hash."""
    mandate = case.application.mandate if case.application is not None else None
    legal = case.enterprise.legal_representative if case.enterprise is not None else None
    return {
        person.phone_hash for person in (mandate.agent if mandate is not None else None, legal) if person is not None
    }


def _asked(application: Application | None) -> int:
    if application is None:
        return 0
    return sum(len(row) for rows in application.answers.values() for row in rows if isinstance(row, dict))


def contact(case: Case, trace: Trace, staff: Mapping[str, tuple[int, str]]) -> Contact:
    """`staff`: phone hash → (officer, name). An officer may well apply for something of their own."""
    owner = staff.get(trace.phone) if trace.phone else None
    own = owner is not None and owner[1] == case.applicant_name
    return Contact(
        case.number, trace.applicant, case.organ_id, case.received_at, trace.phone, trace.backed,
        id_valid=_id_valid(case), staff_owner=owner[0] if owner is not None and not own else None,
        officer_id=trace.taken_by,
    )  # fmt: skip


def contact_of(trace: Trace) -> Contact:
    return Contact(
        trace.case_no, trace.applicant, trace.organ_id, trace.received_at, trace.phone, trace.backed,
        officer_id=trace.taken_by,
    )  # fmt: skip


def _id_valid(case: Case) -> bool:
    if case.applicant_id_kind == USCC:
        return is_uscc(case.applicant_id)
    return case.applicant_id_kind != RESIDENT or is_resident_id(case.applicant_id)


def staff_phones() -> dict[str, tuple[int, str]]:
    """Phone hash → (officer, name), of all who sign in with one."""
    rows = Officer.objects.filter(account__kind=Account.OFFICER).exclude(account__phone_hash="")
    return {row[0]: (row[1], row[2]) for row in rows.values_list("account__phone_hash", "pk", "name")}


def filings(cases: Iterable[Case]) -> dict[str, Filing]:
    """By case number; two queries for all."""
    rows = [case for case in cases if case.application is not None]
    materials: dict[int, set[str]] = {}
    brought = SubmittedMaterial.objects.filter(
        application__in=[case.application_id for case in rows], superseded_at__isnull=True, round=0
    )
    for pk, code, sha256 in brought.values_list("application_id", "material_code", "file__sha256"):
        materials.setdefault(pk, set()).add(f"{code}:{sha256 or ''}")
    return {case.number: _filing(case, frozenset(materials.get(case.application_id or 0, ()))) for case in rows}


def _filing(case: Case, materials: frozenset[str]) -> Filing:
    application = case.application
    answers = application.answers if application is not None else {}
    failed = case.state in FAILED or case.decision == "REFUSE"
    return Filing(
        case_no=case.number, applicant=applicant_key(case), item_id=case.item_id, organ_id=case.organ_id,
        received_at=case.received_at, answers=_digest(answers), materials=materials,
        single=_single(case.item_version_id, answers), failed_at=case.finished_at or case.decided_at if failed else None,
        officer_id=application.taken_in_by_id if application is not None else None,
    )  # fmt: skip


def _single(version_id: int, answers: Mapping[str, Any]) -> dict[str, str]:
    """What the applicant wrote outside repeated rows: neither filled in by the house nor chosen from a list."""
    found = {}
    for section, field in edition(version_id).form.fields():
        rows = answers.get(section.code) or []
        if section.repeat is None and not field.prefill and not field.options and rows:
            value = rows[0].get(field.code)
            if value not in (None, "", True):
                found[f"{section.code}.{field.code}"] = _digest(value)
    return found


def _digest(value: Any) -> str:
    return hashlib.sha256(canonical({"v": plain(value)}).encode()).hexdigest()
