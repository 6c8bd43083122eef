"""分类、转办规则、答复模板: what the letter desk keeps. Each change is one act; nothing follows."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from zhengtong.base.permission import Acting
from zhengtong.domains.letters import actions, queries
from zhengtong.domains.letters.models import Category, ReplyTemplate, RoutingRule
from zhengtong.domains.registry import queries as registry
from zhengtong.rules.refusal import Refusal, RefusalCode


def import_category_tree(paths: Iterable[Sequence[str]], *, by: Acting) -> tuple[int, int]:
    """(added, already there) of a tree given as chains of names."""
    return actions.import_categories(paths, by=by)


def add_category(name: str, *, parent: str = "", name_en: str = "", by: Acting) -> Category:
    return actions.add_category(name, parent=queries.category_for(parent), name_en=name_en, by=by)


def change_category(code: str, *, name: str, name_en: str, retired: bool, by: Acting) -> None:
    found = next((one for one in queries.categories(retired=True) if one.code == code), None)
    if found is None:
        raise Refusal(RefusalCode.LETTER_CATEGORY_UNKNOWN, code=code)
    actions.change_category(found, name=name, name_en=name_en, retired=retired, by=by)


def save_rule(
    *, region: str, category: str, about: str, organ_code: str, section_id: int | None, by: Acting, at: datetime
) -> RoutingRule:
    """转办规则, conditions by code; all empty: the default."""
    organ = registry.organ_by_code(organ_code)
    if organ is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return actions.save_rule(
        region=queries.region_for(region), category=queries.category_for(category),
        about=registry.organ_by_code(about) if about else None, organ=organ,
        section=registry.section_for(section_id) if section_id is not None else None, by=by, at=at,
    )  # fmt: skip


def retire_rule(rule_id: int, *, by: Acting, at: datetime) -> None:
    actions.retire_rule(queries.rule_for(rule_id), by=by, at=at)


def save_template(
    template_id: int | None, *, name: str, kind: str, text: str, retired: bool = False, by: Acting, at: datetime
) -> ReplyTemplate:
    found = queries.template_for(template_id) if template_id is not None else None
    return actions.save_template(found, name=name, kind=kind, text=text, retired=retired, by=by, at=at)
