"""What the groups of a table of ratings are called: one query for the names of a page, whatever their number."""

from collections.abc import Collection
from typing import NamedTuple

from zhengtong.domains.catalogue.models import Item
from zhengtong.domains.registry.models import Hall, Officer, Organ, Section, ServiceWindow


class Label(NamedTuple):
    """`within`: the organ of a section or an officer, the hall of a window."""

    name: str
    name_en: str = ""
    within: str = ""
    within_en: str = ""


def labels(cut: str, keys: Collection[str]) -> dict[str, Label]:
    """Names by key as facts hold it (text); channels and platforms have no rows of their own."""
    ids = [int(key) for key in keys if key.isdecimal()]
    if cut == "organ":
        return {str(row.pk): Label(row.name, row.name_en) for row in Organ.objects.filter(pk__in=ids)}
    if cut == "section":
        sections = Section.objects.filter(pk__in=ids).select_related("organ")
        return {str(row.pk): Label(row.name, row.name_en, row.organ.name, row.organ.name_en) for row in sections}
    if cut == "person":
        people = Officer.objects.filter(pk__in=ids).select_related("organ")
        return {str(row.pk): Label(row.name, "", row.organ.name, row.organ.name_en) for row in people}
    if cut == "window":
        windows = ServiceWindow.objects.filter(pk__in=ids).select_related("hall")
        return {str(row.pk): Label(row.number, "", row.hall.name, row.hall.name_en) for row in windows}
    if cut == "item":
        return {str(row.pk): Label(row.name, row.name_en) for row in Item.objects.filter(pk__in=ids)}
    if cut == "hall":
        return {row.code: Label(row.name, row.name_en) for row in Hall.objects.filter(code__in=list(keys))}
    return {}
