"""The tree of categories, routing rules and reply templates: what the letter desk keeps in order."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from zhengtong.base.permission import Acting, ActorKind
from zhengtong.domains.letters.models import Category, ReplyTemplate, RoutingRule
from zhengtong.domains.registry.models import Organ, Region, Section
from zhengtong.rules.letters import LetterKind
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.rules.text import clean_line, require_line, require_text

DEEPEST = 6


def _keeper(by: Acting) -> None:
    if by.kind not in (ActorKind.SYSTEM, ActorKind.IMPORT):
        by.check(Ability.KEEP_LETTERS)


@transaction.atomic
def add_category(name: str, *, parent: Category | None = None, name_en: str = "", by: Acting) -> Category:
    """One branch more, below `parent` or at the top; its code says where it stands: 01, 01.03, 01.03.02."""
    _keeper(by)
    level = parent.level + 1 if parent else 1
    if level > DEEPEST:
        raise Refusal(RefusalCode.FORM_TOO_LARGE, field="level", most=DEEPEST)
    title = require_line(name, 100, "name")
    siblings = Category.objects.filter(parent=parent)
    if siblings.filter(name=title).exists():
        raise Refusal(RefusalCode.LETTER_CATEGORY_EXISTS, name=title)
    code = f"{parent.code}.{siblings.count() + 1:02d}" if parent else f"{siblings.count() + 1:02d}"
    return Category.objects.create(
        code=code, name=title, name_en=clean_line(name_en, 100, "name_en"), parent=parent, level=level, path=code
    )


def change_category(category: Category, *, name: str, name_en: str, retired: bool, by: Acting) -> None:
    """A new name, or out of use: letters that have it keep it."""
    _keeper(by)
    title = require_line(name, 100, "name")
    if Category.objects.filter(parent=category.parent, name=title).exclude(pk=category.pk).exists():
        raise Refusal(RefusalCode.LETTER_CATEGORY_EXISTS, name=title)
    category.name, category.name_en, category.retired = title, clean_line(name_en, 100, "name_en"), retired
    category.save(update_fields=["name", "name_en", "retired"])


@transaction.atomic
def import_categories(paths: Iterable[Sequence[str]], *, by: Acting) -> tuple[int, int]:
    """Adds what is missing of a tree given as chains of names; returns how many were added and how many were there."""
    _keeper(by)
    known = {_names(one): one for one in Category.objects.select_related("parent__parent__parent")}
    added, there, seen = 0, 0, set()
    for path in paths:
        names = tuple(name.strip() for name in path if name.strip())
        for depth in range(1, len(names) + 1):
            chain = names[:depth]
            if chain in seen:
                continue
            seen.add(chain)
            if chain in known:
                there += 1
                continue
            known[chain] = add_category(chain[-1], parent=known.get(chain[:-1]), by=by)
            added += 1
    return added, there


def _names(category: Category) -> tuple[str, ...]:
    chain: list[str] = []
    now: Category | None = category
    while now is not None:
        chain.insert(0, now.name)
        now = now.parent
    return tuple(chain)


@transaction.atomic
def save_rule(
    *, region: Region | None, category: Category | None, about: Organ | None, organ: Organ, section: Section | None,
    by: Acting, at: datetime,
) -> RoutingRule:  # fmt: skip
    """转办规则: with all three conditions empty it is the default."""
    _keeper(by)
    if section is not None and section.organ_id != organ.pk:
        raise Refusal(RefusalCode.SECTION_OF_OTHER_ORGAN)
    if RoutingRule.objects.filter(region=region, category=category, about=about, active=True).exists():
        raise Refusal(RefusalCode.LETTER_RULE_EXISTS)
    return RoutingRule.objects.create(
        region=region, category=category, about=about, organ=organ, section=section,
        changed_at=at, changed_by_id=by.id if by.is_officer else None,
    )  # fmt: skip


def retire_rule(rule: RoutingRule, *, by: Acting, at: datetime) -> None:
    _keeper(by)
    rule.active, rule.changed_at, rule.changed_by_id = False, at, by.id if by.is_officer else None
    rule.save(update_fields=["active", "changed_at", "changed_by"])


def save_template(
    template: ReplyTemplate | None, *, name: str, kind: str, text: str, retired: bool = False, by: Acting, at: datetime
) -> ReplyTemplate:
    """A new template, or a changed one. {number}, {received} and {organ} in it are filled in when it is used."""
    _keeper(by)
    row = template or ReplyTemplate()
    row.name, row.text = require_line(name, 100, "name"), require_text(text, 5000, "text")
    row.kind = LetterKind(kind).value if kind in set(LetterKind) else ""
    row.retired, row.changed_at, row.changed_by_id = retired, at, by.id if by.is_officer else None
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refusal(RefusalCode.LETTER_TEMPLATE_EXISTS, name=row.name) from None
    return row
