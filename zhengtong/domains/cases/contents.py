"""What each paper of a case says, gathered from the case, its item edition and its application."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings

from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.permission import Acting
from zhengtong.domains.applications.queries import frozen_content
from zhengtong.domains.cases import papers
from zhengtong.domains.cases.actions.acceptance import Defect
from zhengtong.domains.cases.models import Case, Paper
from zhengtong.rules.clock import Limit, local_date
from zhengtong.rules.decisions import Decision, Ground
from zhengtong.rules.edition import Edition, SpecialProcedure
from zhengtong.rules.limits import DeadlineKind

KIND_WORDS = {
    "IMMEDIATE": ("即办件", "immediate case"),
    "PROMISED": ("承诺件", "promised case"),
    "REPORTED": ("上报件", "reported case"),
    "JOINT": ("联办件", "joint case"),
}
RECEIVED_BY = {"1": "窗口提交", "5": "村级代办点提交"}
RECEIVED_AS = {"1": "纸质", "2": "电子文件", "3": "电子证照", "4": "数据共享", "9": "其他"}
ID_LABELS = {"001": "统一社会信用代码", "111": "居民身份证号码", "414": "护照号码", "511": "台湾居民来往大陆通行证号码"}
GRANTED = {
    "01": papers.Granted.LICENCE,
    "10": papers.Granted.FILING,
    "07": papers.Granted.CONFIRMATION,
    "09": papers.Granted.CONFIRMATION,
}
FAILED_TEST = {
    Ground.NOT_REQUIRED: "申请事项依法不需要取得行政许可或办理本事项",
    Ground.NO_POWER: "申请事项依法不属于本机关职权范围",
}
NO_LIMIT_BASIS = "申请人应当如实提交有关材料并对其真实性负责（行政许可法第三十一条）。"


def head(case: Case, number: str, at: datetime, *, officer: str = "") -> dict[str, object]:
    """The fields every paper begins with."""
    organ = case.organ
    return {
        "organ": organ.name,
        "organ_en": organ.name_en,
        "number": number,
        "issued_on": local_date(at),
        "demo": settings.ZHENGTONG_DEMO,
        "query_code": case.query_code,
        "verify_url": f"{settings.PUBLIC_URL}/track/?number={case.number}",
        "contacts": papers.Contacts(
            consult=organ.consult_phone or "12345", complaint=organ.complaint_phone or "12345", officer=officer
        ),
    }


def applicant(case: Case) -> papers.Applicant:
    return papers.Applicant(
        name=case.applicant_name,
        id_label=ID_LABELS.get(case.applicant_id_kind, "证件号码"),
        id_number=case.applicant_id or "（未登记）",
        proxy=case.agent_name,
    )


def item_name(case: Case, edition: Edition) -> papers.ItemName:
    return papers.ItemName(name=edition.name, code=edition.item_code, name_en=edition.name_en)


def remedies(case: Case) -> papers.Remedies:
    return papers.Remedies(
        organ=case.organ.appeal_organ or f"{case.organ.region.name}人民政府",
        court=case.organ.court or f"{case.organ.region.name}人民法院",
    )


def limit_line(row: Deadline) -> papers.LimitLine:
    return papers.LimitLine(
        amount=row.amount + row.extension, unit=row.unit, due_on=row.due_on, provisional=row.provisional
    )


def receipt(case: Case, edition: Edition, by: Acting, at: datetime) -> papers.ReceiptSlip:
    brought = [
        papers.ReceivedMaterial(name=name, copies=copies, form=form, note=note)
        for name, copies, form, note in _materials(case, edition)
    ]
    return papers.ReceiptSlip(
        **head(case, case.number, at, officer=by.name if by.is_officer else ""),  # type: ignore[arg-type]  # mixed fields
        case_no=case.number,
        applicant=applicant(case),
        item=item_name(case, edition),
        received_at=case.received_at,
        channel=RECEIVED_BY.get(case.channel, "网上提交"),
        receiver=by.name if by.is_officer else f"{case.organ.region.name}政务服务平台（自动接收）",
        reply_by=case.due_on,
        materials=tuple(brought) or (papers.ReceivedMaterial(name="申请表", form="电子文件"),),
    )


def _application(case: Case) -> dict[str, Any]:
    """The application as frozen: read with the case by a step, else asked for."""
    text = getattr(case, "frozen_application", None)
    if text is not None:
        content: dict[str, Any] = json.loads(text) if text else {}
        return content
    return frozen_content(case.application) if case.application else {}


def _materials(case: Case, edition: Edition) -> list[tuple[str, int, str, str]]:
    content = _application(case)
    names = {m.code: m.name for m in edition.materials}
    rows = [
        (names.get(m["code"], m["code"]), max(m["copies"], 1), RECEIVED_AS.get(m["mode"], "其他"), m["name"])
        for m in content.get("materials", [])
    ]
    rows += [(names.get(code, code), 1, "数据共享", "免提交") for code in content.get("shared", [])]
    return rows


def acceptance(
    case: Case, edition: Edition, number: str, rows: Sequence[Deadline], by: Acting, at: datetime
) -> papers.AcceptanceNotice:
    due = {row.kind: row for row in rows}
    zh, en = KIND_WORDS[case.case_kind]
    accepted = tuple(
        papers.AcceptedMaterial(name=name, copies=copies, form=form)
        for name, copies, form, _ in _materials(case, edition)
    )
    return papers.AcceptanceNotice(
        **head(case, number, at, officer=by.name),  # type: ignore[arg-type]  # mixed fields
        case_no=case.number,
        applicant=applicant(case),
        item=item_name(case, edition),
        received_at=case.received_at,
        accepted_on=case.accepted_on or local_date(at),
        deemed=case.deemed,
        kind=zh,
        kind_en=en,
        promised=limit_line(due[DeadlineKind.PROMISE.value]),
        legal=limit_line(due[DeadlineKind.LEGAL.value]) if edition.legal_limit else None,
        materials=accepted or (papers.AcceptedMaterial(name="申请表", form="电子"),),
        not_counted=tuple(
            papers.NotCounted(
                name=p.name,
                basis=p.basis or "行政许可法第四十五条",
                expected=_days(p.limit) if p.limit else "",
            )
            for p in edition.special_procedures
            if not p.counted
        ),
        fee_notice="；".join(f"{f.name}：{f.standard}" for f in edition.fee_items) or "本事项不收费。",
    )


def _days(limit: Limit) -> str:
    return f"{limit.amount}个{'工作日' if limit.unit.value == 'working_day' else '自然日'}"


def acceptance_refusal(
    case: Case,
    edition: Edition,
    number: str,
    *,
    ground: Ground,
    reason: str,
    basis: str,
    right_organ: str,
    by: Acting,
    at: datetime,
) -> papers.AcceptanceRefusal:
    return papers.AcceptanceRefusal(
        **head(case, number, at, officer=by.name),  # type: ignore[arg-type]  # mixed fields
        case_no=case.number,
        applicant=applicant(case),
        item=item_name(case, edition),
        received_at=case.received_at,
        kind=papers.Refused(ground.value),
        facts=reason,
        failed_test=FAILED_TEST[ground],
        legal_basis=basis,
        correct_organ=right_organ,
        remedies=remedies(case),
    )


def supplement_notice(
    case: Case, edition: Edition, number: str, defects: Sequence[Defect], deadline: date, by: Acting, at: datetime
) -> papers.SupplementNotice:
    standards = {m.code: m.standard for m in edition.materials}
    return papers.SupplementNotice(
        **head(case, number, at, officer=by.name),  # type: ignore[arg-type]  # mixed fields
        case_no=case.number,
        applicant=applicant(case),
        item=item_name(case, edition),
        received_at=case.received_at,
        lines=tuple(
            papers.SupplementLine(
                material=d.material_name,
                problem=d.problem,
                standard=standards.get(d.material_code, "") or "见办事指南",
                remedy=d.remedy,
            )
            for d in defects
        ),
        deadline=deadline,
    )


def decision(
    case: Case, edition: Edition, number: str, kind: Decision, *, opinion: str, by: Acting, at: datetime
) -> papers.GrantDecision | papers.RefusalDecision:
    basis = "；".join(f"《{b['name']}》{b['article']}" for b in edition.document["legal_bases"]) or "相关法律法规"
    common = {
        **head(case, number, at, officer=by.name),
        "case_no": case.number,
        "applicant": applicant(case),
        "item": item_name(case, edition),
        "applied_on": local_date(case.received_at),
        "basis": basis,
    }
    if kind is Decision.REFUSE:
        evidence = tuple(name for name, *_ in _materials(case, edition)) or ("申请表",)
        return papers.RefusalDecision(
            **common,  # type: ignore[arg-type]  # mixed fields
            licence=edition.item_type == "01",
            facts=opinion,
            evidence=evidence,
            reasons=(opinion,),
            remedies=remedies(case),
        )
    return papers.GrantDecision(
        **common,  # type: ignore[arg-type]  # mixed fields
        kind=GRANTED.get(edition.item_type, papers.Granted.SERVICE),
        facts=opinion or "经审查，申请材料齐全，符合法定条件。",
        granted=papers.Scope(
            content=edition.result_name or edition.name,
            scope=edition.name,
            valid_from=local_date(at),
            valid_until=case.valid_until,
        ),
        duties=("遵守有关法律、法规和规章，接受监督检查。", NO_LIMIT_BASIS),
        certificate_name=edition.result_name,
        certificate_no=case.number,
    )


def extension(
    case: Case,
    edition: Edition,
    number: str,
    *,
    days: int,
    reason: str,
    old: date,
    new: date | None,
    by: Acting,
    at: datetime,
) -> papers.ExtensionNotice:
    return papers.ExtensionNotice(
        **head(case, number, at, officer=by.name),  # type: ignore[arg-type]  # mixed fields
        case_no=case.number,
        applicant=applicant(case),
        item=item_name(case, edition),
        accepted_on=case.accepted_on or local_date(at),
        reason=reason,
        approver=by.name,
        added=papers.LimitLine(amount=days, unit="working_day", due_on=new),
        old_due_on=old,
    )


def special_procedure(
    case: Case,
    edition: Edition,
    number: str,
    procedure: SpecialProcedure,
    *,
    reason: str,
    planned: Limit,
    until: date | None,
    by: Acting,
    at: datetime,
) -> papers.SpecialProcedureNotice:
    return papers.SpecialProcedureNotice(
        **head(case, number, at, officer=by.name),  # type: ignore[arg-type]  # mixed fields
        case_no=case.number,
        applicant=applicant(case),
        item=item_name(case, edition),
        accepted_on=case.accepted_on or local_date(at),
        procedure=procedure.name,
        reason=reason,
        basis=procedure.basis or "行政许可法第四十五条",
        approver=by.name,
        started_on=local_date(at),
        expected=papers.LimitLine(amount=planned.amount, unit=planned.unit.value, due_on=until),
        fee=procedure.fee or "申请人不承担费用。",
    )


def service_receipt(
    case: Case,
    number: str,
    delivered: Sequence[Paper],
    *,
    mode: str,
    recipient: str,
    place: str,
    tracking_no: str,
    witnesses: Sequence[str] = (),
    remark: str = "",
    by: Acting,
    at: datetime,
) -> papers.ServiceReceipt:
    return papers.ServiceReceipt(
        **head(case, number, at, officer=by.name),  # type: ignore[arg-type]  # mixed fields
        case_no=case.number,
        documents=tuple(
            papers.DeliveredPaper(name=PAPER_NAMES[p.form][0], number=p.number or case.number) for p in delivered
        )
        or (papers.DeliveredPaper(name="办理结果", number=case.number),),
        recipient=recipient,
        mode=papers.DeliveryMode(mode),
        place=place,
        served_at=at,
        received_by="" if mode == papers.DeliveryMode.LEFT else recipient,
        servers=(by.name,),
        witnesses=tuple(witnesses),
        remark=remark,
        consent_on=local_date(case.received_at) if mode == "electronic" else None,
        tracking_no=tracking_no,
    )


def withdrawal(
    case: Case, edition: Edition, number: str, *, reason: str, at: datetime
) -> papers.WithdrawalConfirmation:
    return papers.WithdrawalConfirmation(
        **head(case, number, at),  # type: ignore[arg-type]  # mixed fields
        case_no=case.number,
        applicant=applicant(case),
        item=item_name(case, edition),
        applied_on=local_date(case.received_at),
        withdrawn_at=at,
        withdrawn_by=case.agent_name or case.applicant_name,
        reason=reason,
    )


# Name of a paper in both languages, for lists and downloads.
PAPER_NAMES = {
    "F-00": ("收件凭证", "Receipt"),
    "F-01": ("受理通知书", "Notice of acceptance"),
    "F-02": ("不予受理通知书", "Refusal of acceptance"),
    "F-03": ("补正告知书", "Supplement notice"),
    "F-05": ("准予决定书", "Decision to grant"),
    "F-06": ("不予许可决定书", "Decision to refuse"),
    "F-07": ("延期或特别程序告知书", "Notice of extension or special procedure"),
    "F-08": ("送达回证", "Receipt of service"),
    "F-13": ("撤件确认", "Confirmation of withdrawal"),
}
