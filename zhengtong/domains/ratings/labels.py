"""What the groups of a table of ratings are called: one query for the names of a page, whatever their number."""

from collections.abc import Collection
from typing import NamedTuple

from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from zhengtong.domains.catalogue.models import Item
from zhengtong.domains.hall.models import Queue
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


def item_in_english(node: str = "") -> Coalesce:
    """What a service was about, for a page in English: the item's name there, or its queue's; "" where neither has one.

    To annotate nodes with, or rows that reach one by `node` ("node__").
    """
    item = Item.objects.filter(pk=OuterRef(f"{node}item_id")).values("name_en")[:1]
    queue = Queue.objects.filter(name=OuterRef(f"{node}item_name"), hall__code=OuterRef(f"{node}hall_code"))
    return Coalesce(Subquery(item), Subquery(queue.values("name_en")[:1]), Value(""), output_field=CharField())
