"""The pages of the item editor: which elements stand on which page, and where a finding leads."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Part:
    key: str
    title: Promise
    elements: tuple[str, ...]


PARTS: tuple[Part, ...] = (
    Part(
        "basics",
        _("基本信息"),
        (
            "item_code", "name", "name_en", "item_type", "level", "region_code", "implementing_org", "org_nature",
            "power_source", "entrusted_by", "joint_orgs", "catalog_code", "impl_code", "handling_code", "external_code",
            "applicant_types", "cross_region_scope", "quota_note", "effective_from", "effective_to",
        ),
    ),
    Part(
        "limits",
        _("时限与办理方式"),
        (
            "handling_mode", "case_kind", "legal_limit", "promised_limit", "supplement_stops_clock", "channels",
            "lowest_level", "onsite_visits", "onsite_reason", "online", "online_depth", "flags", "result", "delivery",
        ),
    ),
    Part("bases", _("依据与条件"), ("legal_bases", "acceptance_conditions", "acceptance_conditions_en")),
    Part("situations", _("情形"), ("situations",)),
    Part("materials", _("申请材料"), ("materials",)),
    Part("form", _("申请表"), ("form",)),
    Part("fees", _("收费与中介"), ("charges_fee", "fee_items", "intermediary_services")),
    Part("special", _("特别程序"), ("special_procedures",)),
    Part("procedure", _("流程与审查要点"), ("procedure",)),
    Part(
        "contacts",
        _("地点、咨询与分类"),
        (
            "service_points", "consult_contacts", "supervise_contacts", "faqs", "topics", "life_events", "keywords",
            "origin",
        ),
    ),
)  # fmt: skip
BY_KEY = {part.key: part for part in PARTS}
PAGE_OF = {element: part.key for part in PARTS for element in part.elements}
# Names of the eight disclosed elements that are no element of the document itself.
ALIASES = {"fee_basis": "fee_items", "fee_standard": "fee_items"}


def page_of(path: str) -> str:
    """The page a path is edited on: `materials`, or `form-2` for what lies inside the third section."""
    first, _dot, rest = path.partition(".")
    element = first.partition("[")[0]
    element = ALIASES.get(element, element)
    if element == "form" and rest.startswith("sections[") and "].fields[" in rest:
        return "form-" + rest.removeprefix("sections[").partition("]")[0]
    return PAGE_OF.get(element, "basics")


def following(key: str) -> Part | None:
    keys = [part.key for part in PARTS]
    at = keys.index(key.partition("-")[0])
    return PARTS[at + 1] if at + 1 < len(PARTS) else None
