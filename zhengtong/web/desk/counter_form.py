"""One counter intake as it was typed: read from a POST, or from a draft one comes back to. Judges nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, QueryDict

from zhengtong.domains.applications import queries as applications
from zhengtong.flows.supplement_at_counter import Brought, brought
from zhengtong.flows.take_in import Comer, Laid
from zhengtong.rules.edition import Edition
from zhengtong.rules.form_shape import Form
from zhengtong.rules.forms import Answers, answers_from_post, visible_fields
from zhengtong.web.desk import defects

COMER = (
    "uscc", "enterprise_name", "person_name", "id_kind", "id_number", "phone", "agent_name", "agent_id_number",
)  # fmt: skip


@dataclass
class Tick:
    on: bool = False
    mode: str = "1"
    copies: str = "1"
    file_name: str = ""


@dataclass
class Typed:
    """`kind`: enterprise or person. `ticks` by material code."""

    uid: UUID
    kind: str = "enterprise"
    comer: dict[str, str] = field(default_factory=dict)
    paper_mandate: bool = False
    delivery: str = "pickup"
    situation: dict[str, str] = field(default_factory=dict)
    answers: Answers = field(default_factory=dict)
    ticks: dict[str, Tick] = field(default_factory=dict)
    opinion: str = ""
    lines: list[defects.DefectRow] = field(default_factory=list)

    @property
    def who(self) -> Comer:
        typed = {name: self.comer.get(name, "").strip() for name in COMER}
        if self.kind == "person":
            typed["uscc"] = typed["enterprise_name"] = ""
        typed["id_kind"] = typed["id_kind"] or "111"
        typed["id_number"] = typed["id_number"].upper()
        typed["agent_id_number"] = typed["agent_id_number"].upper()
        return Comer(**typed, paper_mandate=self.paper_mandate)

    def laid(self, edition: Edition, files: Mapping[str, Any], at: datetime) -> Laid:
        materials: list[Brought] = []
        for material in edition.materials:
            tick, upload = self.ticks.get(material.code, Tick()), files.get(f"file.{material.code}")
            if tick.on or upload is not None:
                materials.append(brought(material.code, mode=tick.mode, copies=tick.copies, upload=upload, at=at))
        return Laid(self.answers, self.situation, materials, self.delivery)


def from_post(request: HttpRequest, edition: Edition) -> Typed:
    post = request.POST
    typed = Typed(
        uid=_uid(post.get("uid", "")),
        kind="person" if post.get("kind") == "person" else "enterprise",
        comer={name: post.get(name, "") for name in COMER},
        paper_mandate=bool(post.get("paper_mandate")),
        delivery=post.get("delivery", "") if post.get("delivery") in edition.delivery else "pickup",
        situation={s.code: _chosen(post, s.code, {o.value for o in s.options}) for s in edition.situations},
        answers=answers_from_post(edition.form, dict(post.lists())),
        ticks={m.code: _tick(post, m.code) for m in edition.materials},
        opinion=post.get("opinion", ""),
        lines=defects.rows(edition.materials, (), post),
    )
    typed.situation = {code: value for code, value in typed.situation.items() if value}
    return typed


def _uid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


def _chosen(post: QueryDict, code: str, allowed: set[str]) -> str:
    value = post.get(f"situation.{code}", "")
    return value if value in allowed else ""


def _tick(post: QueryDict, code: str) -> Tick:
    on = code in post.getlist("material")
    return Tick(on, post.get(f"mode.{code}", "1"), post.get(f"copies.{code}", "1"))


def from_draft(draft: applications.Application, edition: Edition) -> Typed:
    """The draft as it was kept. An identity number comes back in clear: the clerk typed it and holds the card."""
    person, enterprise = draft.person, draft.enterprise
    comer = {
        "uscc": enterprise.uscc if enterprise else "",
        "enterprise_name": enterprise.name if enterprise else "",
        "person_name": person.name if person and not enterprise else "",
        "id_kind": person.id_kind if person else "111",
        "id_number": person.id_number if person and not enterprise else "",
        "phone": draft.contact_phone,
        "agent_name": draft.agent_name,
    }
    ticks = {
        m.material_code: Tick(True, m.receive_mode, str(m.copies), m.file_name)
        for m in applications.materials_of(draft)
    }
    return Typed(
        uid=draft.uid,
        kind="enterprise" if enterprise else "person",
        comer=comer,
        paper_mandate=bool(draft.agent_name and draft.mandate_id is None),
        delivery=draft.delivery,
        situation=dict(draft.situation),
        answers=draft.answers or {},
        ticks=ticks,
        lines=defects.rows(edition.materials),
    )


def with_rows(answers: Answers, form: Form, add: str = "") -> Answers:
    """`add`: a repeated section that gets one more empty row."""
    section = form.section(add)
    if section is not None and section.repeat is not None:
        rows = answers.setdefault(add, [])
        while len(rows) < max(section.repeat.min, 1):
            rows.append({})
        if len(rows) < section.repeat.max:
            rows.append({})
    return answers


@dataclass(frozen=True, slots=True)
class Question:
    name: str
    field: Any
    value: Any
    error: Any
    prefilled: bool


@dataclass
class Part:
    """A section on the page: required questions first, the others folded away."""

    section: Any
    rows: list["PartRow"]


@dataclass
class PartRow:
    number: int
    required: list[Question]
    optional: list[Question]


def parts(typed: Typed, edition: Edition, errors: Mapping[str, Any], known: Mapping[str, str]) -> list[Part]:
    found: list[Part] = []
    for asked in visible_fields(edition.form, typed.answers, typed.situation):
        if not found or found[-1].section is not asked.section:
            found.append(Part(asked.section, []))
        part = found[-1]
        if not part.rows or part.rows[-1].number != asked.row + 1:
            part.rows.append(PartRow(asked.row + 1, [], []))
        rows = typed.answers.get(asked.section.code, [])
        value = rows[asked.row].get(asked.field.code) if asked.row < len(rows) else None
        offered = known.get(asked.field.prefill or "", "")
        filled = value in (None, "") and bool(offered) and asked.section.repeat is None
        question = Question(asked.name, asked.field, offered if filled else value, errors.get(asked.name, ""), filled)
        wanted = asked.field.required or asked.field.type == "statement" or bool(question.error)
        (part.rows[-1].required if wanted else part.rows[-1].optional).append(question)
    return found
