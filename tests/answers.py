"""Answers and files that make a draft of any demo item complete, so that tests need not know its form."""

import io
from datetime import datetime
from typing import Any

from zhengtong.base.files.store import store
from zhengtong.domains.applications import actions
from zhengtong.domains.applications.models import Application
from zhengtong.domains.applications.queries import asked_materials, must_upload, wanting
from zhengtong.domains.catalogue.queries import edition
from zhengtong.rules.form_shape import Field
from zhengtong.rules.forms import visible_fields

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\nxref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n164\n%%EOF\n"

VALUES: dict[str, Any] = {
    "text": "云泽测试", "textarea": "测试说明文字。", "integer": "3", "decimal": "3.5", "money": "1000000.00", "percentage": "50",
    "area": "100", "date": "2026-08-03", "month": "2026-08", "year": "2020", "time": "09:00", "yes_no": "yes", "checkbox": "yes",
    "email": "a@example.com", "mobile": "13800000002", "phone": "0990-2345678", "resident_id": "",
    "uscc": "", "passport": "E12345678", "postal_code": "990100", "region": "990100", "bank_account": "6222020200112230",
    "url": "https://example.com/", "enterprise": "", "person_name": "林小雨",
}  # fmt: skip


def value(field: Field, application: Application) -> Any:
    if field.options:
        first = field.options[0].value
        return [first] if field.type == "multiselect" else first
    if field.type in ("uscc", "enterprise"):
        return application.enterprise.uscc if application.enterprise else ""
    if field.type == "resident_id":
        return application.person.id_number if application.person else ""
    if field.type == "date_range":
        return {"since": "2026-08-03", "until": "2026-08-04"}
    if field.type == "address":
        return {"region": "990100", "detail": "云湖大道 1 号"}
    if field.type in ("integer", "decimal", "money", "percentage", "area") and field.min is not None:
        return str(field.min)
    if field.type == "date" and field.min is not None and str(field.min) > "2026-08-03":
        return "2026-10-01"
    return VALUES[field.type]


def fill(application: Application, *, at: datetime) -> None:
    """Answers every asked question, then uploads every material that must be uploaded."""
    item = edition(application.item_version_id)
    situation = {s.code: s.options[0].value for s in item.situations}
    answers: dict[str, list[dict[str, Any]]] = {}
    for _ in range(4):
        for asked in visible_fields(item.form, answers, situation):
            rows = answers.setdefault(asked.section.code, [])
            while len(rows) <= asked.row:
                rows.append({})
            if asked.field.type != "statement":
                rows[asked.row].setdefault(asked.field.code, value(asked.field, application))
    actions.save(application, seen=application.draft_version, answers=answers, situation=situation, at=at)
    file = store(io.BytesIO(PDF), "材料.pdf", at=at)
    for material in asked_materials(application, item):
        if must_upload(material, item):
            actions.add_material(application, code=material.code, file=file, file_name="材料.pdf", at=at)
    assert not wanting(application, on=at.date()), {k: str(v) for k, v in wanting(application, on=at.date()).items()}
