"""Knows which applications are one and the same: D-06 重复件, D-09 拆分件; and whose nobody's are: D-07 虚假申请人."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from zhengtong.rules.authenticity.suspicion import Scope, Shown, Suspicion
from zhengtong.rules.authenticity.thresholds import Thresholds
from zhengtong.rules.period import local_date


@dataclass(frozen=True, slots=True)
class Filing:
    """One case as it was handed in. Answers and materials stand as digests: the rule compares, it does not read.

    `single` are answers outside repeated rows, by field; materials read "code:sha256", paper "code:"; `failed_at` when
    it ended without what was applied for.
    """

    case_no: str
    applicant: str
    item_id: int
    organ_id: int
    received_at: datetime
    answers: str = ""
    materials: frozenset[str] = frozenset()
    single: Mapping[str, str] = field(default_factory=dict)
    failed_at: datetime | None = None
    officer_id: int | None = None  # who took it in


def duplicates(filing: Filing, others: Sequence[Filing], limits: Thresholds) -> Suspicion | None:
    """D-06: same applicant, item, answers and materials within 7 days (§5.4).

    Applying again after a withdrawal, a refusal or a lapse is everybody's right. `others` are of the same applicant
    and item.
    """
    span = timedelta(days=limits.duplicate_days)
    same = [
        other
        for other in others
        if other.case_no != filing.case_no
        and (other.applicant, other.item_id) == (filing.applicant, filing.item_id)
        and (other.answers, other.materials) == (filing.answers, filing.materials)
        and abs(other.received_at - filing.received_at) <= span
        and not _again(*sorted((other, filing), key=_received))
    ]
    return _group("D-06", "same_content", [*same, filing]) if same else None


def _again(first: Filing, second: Filing) -> bool:
    return first.failed_at is not None and first.failed_at <= second.received_at


def split(filing: Filing, others: Sequence[Filing], limits: Thresholds) -> Suspicion | None:
    """D-09: one application cut into several same-day cases of one item (§5.4): all but the rows are the same.

    Several licences for several contracts differ in more than rows; that one case holds several applications
    leaves no trace here.
    """
    on = local_date(filing.received_at)
    alike = [
        other
        for other in others
        if other.case_no != filing.case_no
        and (other.applicant, other.item_id) == (filing.applicant, filing.item_id)
        and local_date(other.received_at) == on
        and not _again(*sorted((other, filing), key=_received))
        and _alike(filing, other, limits)
    ]
    if len(alike) + 1 < limits.split_cases:
        return None
    return _group("D-09", "split_from", [*alike, filing], period=on.isoformat())


LEAST_FIELDS = 3  # fewer answers alike say nothing where no file can be compared


def _alike(one: Filing, other: Filing, limits: Thresholds) -> bool:
    """The same but for rows: the files that can be compared are the same, and so are nearly all single answers."""
    filed, too = _files(one), _files(other)
    if filed and too and filed != too:
        return False
    fields = one.single.keys() | other.single.keys()
    if len(fields) < LEAST_FIELDS and not (filed and too):
        return False
    same = sum(one.single.get(name) == other.single.get(name) for name in fields)
    return 100 * same >= limits.split_alike_percent * len(fields)


def _files(filing: Filing) -> set[str]:
    """Materials that came as a file; paper on a counter leaves only its name."""
    return {material for material in filing.materials if not material.endswith(":")}


def _received(filing: Filing) -> tuple[datetime, str]:
    return (filing.received_at, filing.case_no)


def _group(rule: str, what: str, filings: Sequence[Filing], period: str = "") -> Suspicion:
    ordered = sorted(filings, key=_received)
    return Suspicion(
        rule, Scope.CASE, ordered[0].case_no,
        tuple(Shown(what, one.case_no, 1, one.received_at, one.officer_id) for one in ordered),
        period=period, organ_id=ordered[0].organ_id, item_id=ordered[0].item_id, officer_id=ordered[-1].officer_id,
        facts={"cases": len(ordered)},
    )  # fmt: skip


# --- D-07 ---


@dataclass(frozen=True, slots=True)
class Contact:
    """How the applicant of a case can be reached: phones by keyed hash only.

    `backed`: the phone is on record as that of a mandated agent or of the legal representative. `staff_owner` is the officer whose phone it
    is, unless the officer is the applicant.
    """

    case_no: str
    applicant: str
    organ_id: int
    received_at: datetime
    phone: str
    backed: bool
    id_valid: bool = True
    staff_owner: int | None = None
    officer_id: int | None = None


def ghost(contact: Contact, same_phone: Sequence[Contact], limits: Thresholds) -> list[Suspicion]:
    """D-07: a number whose check digit fails, one phone for > 5 applicants in 30 days, a phone of the staff (§5.4)."""
    found = []
    if not contact.id_valid:
        shown = Shown("id_invalid", contact.case_no, 1, contact.received_at, contact.officer_id)
        found.append(_ghost(contact, Scope.CASE, contact.case_no, (shown,), ""))
    if not contact.phone:
        return found
    month, phone = f"{local_date(contact.received_at):%Y-%m}", contact.phone[:16]
    if contact.staff_owner is not None:
        facts = {"owner": contact.staff_owner}
        shown = Shown("staff_phone", contact.case_no, 1, contact.received_at, contact.officer_id, facts)
        found.append(_ghost(contact, Scope.OFFICER, f"staff:{contact.staff_owner}", (shown,), month))
    span = timedelta(days=limits.phone_days)
    near = [
        one for one in (*same_phone, contact) if not one.backed and abs(one.received_at - contact.received_at) <= span
    ]
    people = {one.applicant for one in near}
    if not contact.backed and len(people) > limits.phone_applicants:
        rows = {one.case_no: one for one in sorted(near, key=lambda one: one.received_at)}
        evidence = tuple(
            Shown("shared_phone", one.case_no, 1, one.received_at, one.officer_id) for one in rows.values()
        )
        found.append(_ghost(contact, Scope.PERIOD, f"phone:{phone}", evidence, month, applicants=len(people)))
    return found


def _ghost(contact: Contact, scope: Scope, key: str, shown: tuple[Shown, ...], period: str, **facts: int) -> Suspicion:
    return Suspicion(
        "D-07", scope, key, shown, period=period, organ_id=contact.organ_id, officer_id=contact.officer_id, facts=facts
    )
