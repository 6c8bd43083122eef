"""What the letter desk keeps: categories, routes, templates."""

from django.db.models import Q

from zhengtong.base.permission import Acting
from zhengtong.domains.letters.models import (
    Category,
    ReplyTemplate,
    RoutingRule,
)
from zhengtong.domains.registry.models import Organ, Region
from zhengtong.rules.letters_routing import Route, chosen
from zhengtong.rules.refusal import Refusal, RefusalCode


def categories(*, retired: bool = False) -> list[Category]:
    """The tree, every parent before its children."""
    rows = Category.objects.select_related("parent").order_by("path")
    return list(rows if retired else rows.filter(retired=False))


def category_for(code: str) -> Category | None:
    """None for no code; Refusal(LETTER_CATEGORY_UNKNOWN) for one that is not there."""
    if not code:
        return None
    found = Category.objects.filter(code=code, retired=False).first()
    if found is None:
        raise Refusal(RefusalCode.LETTER_CATEGORY_UNKNOWN, code=code)
    return found


def region_for(code: str) -> Region | None:
    """None for no code; Refusal(NOT_FOUND) for one that is not there."""
    if not code:
        return None
    found = Region.objects.select_related("parent__parent__parent").filter(code=code).first()
    if found is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return found


def routing_rules(by: Acting | None = None) -> list[RoutingRule]:
    rows = RoutingRule.objects.select_related("region", "category", "about", "organ", "section")
    return list(rows.filter(active=True).order_by("organ__name", "pk"))


def rule_for(rule_id: int) -> RoutingRule:
    found = RoutingRule.objects.select_related("organ", "section").filter(pk=rule_id, active=True).first()
    if found is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return found


def destination(region: Region | None, category: Category | None, about: Organ | None) -> RoutingRule | None:
    """The rule that says most about a letter of this region and category, about this organ."""
    kept = {rule.pk: rule for rule in routing_rules()}
    routes = [
        Route(
            rule.pk,
            rule.region.code if rule.region else "",
            rule.category.code if rule.category else "",
            rule.about.code if rule.about else "",
        )
        for rule in kept.values()
    ]
    found = chosen(
        routes, regions=_regions(region), categories=_categories(category), organ=about.code if about else ""
    )
    return kept[found.key] if found else None


def _regions(region: Region | None) -> list[str]:
    chain: list[str] = []
    while region is not None:
        chain.insert(0, region.code)
        region = region.parent
    return chain


def _categories(category: Category | None) -> list[str]:
    chain: list[str] = []
    while category is not None:
        chain.insert(0, category.code)
        category = category.parent
    return chain


def templates(kind: str = "", *, retired: bool = False) -> list[ReplyTemplate]:
    rows = ReplyTemplate.objects.order_by("name")
    if not retired:
        rows = rows.filter(retired=False)
    return list(rows.filter(Q(kind="") | Q(kind=kind)) if kind else rows)


def template_for(template_id: int) -> ReplyTemplate:
    found = ReplyTemplate.objects.filter(pk=template_id).first()
    if found is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return found
