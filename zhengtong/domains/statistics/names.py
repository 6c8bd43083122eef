"""What the groups of a table are called: one query for the names of a page, whatever their number."""

from collections.abc import Collection
from typing import Any, NamedTuple

from zhengtong.domains.catalogue.models import Item
from zhengtong.domains.registry.models import Officer, Organ, Section


class Name(NamedTuple):
    """`within`: the organ of a section or an officer."""

    name: str
    name_en: str = ""
    within: str = ""
    within_en: str = ""


def names(group: str, keys: Collection[Any]) -> dict[Any, Name]:
    """Names of organs, sections, items or officers by id; other groups have no rows of their own."""
    wanted = [key for key in keys if key is not None]
    if group == "organ_id":
        rows = Organ.objects.filter(pk__in=wanted)
        return {row.pk: Name(row.name, row.name_en) for row in rows}
    if group == "section_id":
        sections = Section.objects.filter(pk__in=wanted).select_related("organ")
        return {row.pk: Name(row.name, row.name_en, row.organ.name, row.organ.name_en) for row in sections}
    if group == "item_id":
        items = Item.objects.filter(pk__in=wanted)
        return {row.pk: Name(row.name, row.name_en) for row in items}
    if group == "person_id":
        people = Officer.objects.filter(pk__in=wanted).select_related("organ")
        return {row.pk: Name(row.name, "", row.organ.name, row.organ.name_en) for row in people}
    return {}
