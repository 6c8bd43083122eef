"""The pages of one application in their order: which are asked, which are done, what stands before and after."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.domains.applications import queries
from zhengtong.rules.conditions import holds
from zhengtong.rules.edition import Edition
from zhengtong.rules.form_shape import Section
from zhengtong.rules.forms import condition_answers
from zhengtong.rules.refusal import Refusal
from zhengtong.web.frame.language import either

SITUATIONS, MATERIALS, DELIVERY, CHECK = "situations", "materials", "delivery", "check"


@dataclass(frozen=True, slots=True)
class Step:
    code: str  # of the section, or one of the four above
    title: str
    url: str
    lacking: int = 0  # answers or files still missing; 0: done
    begun: bool = True


def asked_sections(edition: Edition, application: Any) -> list[Section]:
    known = condition_answers(application.answers, application.situation)
    return [section for section in edition.form.sections if holds(section.condition, known)]


def steps(edition: Edition, application: Any, lacking: dict[str, Refusal] | None = None) -> list[Step]:
    """`lacking` is what `wanting` said, where a page shows what is done and what is not."""
    counts: dict[str, int] = {}
    for name in lacking or {}:
        page = step_of(name)
        counts[page] = counts.get(page, 0) + 1
    made = []
    if edition.situations:
        made.append(Step(SITUATIONS, _("您的情况"), _url(application, SITUATIONS), counts.get(SITUATIONS, 0)))
    made += [
        Step(
            section.code,
            either(section.title, section.title_en),
            reverse("portal:section", args=[application.uid, section.code]),
            counts.get(section.code, 0),
            section.code in application.answers,
        )
        for section in asked_sections(edition, application)
    ]
    if queries.asked_materials(application, edition):
        made.append(Step(MATERIALS, _("申请材料"), _url(application, MATERIALS), counts.get(MATERIALS, 0)))
    made.append(Step(DELIVERY, _("联系与领取"), _url(application, DELIVERY), counts.get(DELIVERY, 0)))
    made.append(Step(CHECK, _("核对并提交"), _url(application, CHECK)))
    return made


def step_of(name: str) -> str:
    """The page that holds what `wanting` names: `situation.x`, `material.x`, `section.0.field` or `section`."""
    head = name.partition(".")[0]
    return {"situation": SITUATIONS, "material": MATERIALS, "delivery": DELIVERY}.get(head, head)


def after(made: list[Step], code: str) -> Step:
    codes = [step.code for step in made]
    at = codes.index(code) if code in codes else -1
    return made[min(at + 1, len(made) - 1)]


def before(made: list[Step], code: str) -> Step | None:
    codes = [step.code for step in made]
    at = codes.index(code) if code in codes else 0
    return made[at - 1] if at > 0 else None


def place(made: list[Step], code: str) -> tuple[int, int]:
    """The n-th of so many pages, as people are told."""
    codes = [step.code for step in made]
    return (codes.index(code) + 1 if code in codes else 1), len(made)


def _url(application: Any, page: str) -> str:
    return reverse(f"portal:{page}", args=[application.uid])
