"""What the tables may know of each other."""

from django.apps import apps
from django.db import models

# from the ground up
ORDER = ["base", "registry", "catalogue", "applications", "cases", "orders", "supervision", "forecast", "insight", "authenticity", "statistics", "performance", "bulletins"]  # fmt: skip
OURS = {*ORDER, "exchange", "city", "frame", "accounts", "portal", "desk", "watch"}


def our_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in OURS]


def storey(label: str) -> int:
    return ORDER.index(label) if label in ORDER else len(ORDER)


def test_no_foreign_key_points_up():
    up = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in our_models()
        for field in model._meta.get_fields()
        if field.is_relation
        and not field.auto_created
        and isinstance(field.related_model, type)
        and field.related_model._meta.app_label in OURS
        and storey(field.related_model._meta.app_label) > storey(model._meta.app_label)
    ]
    assert not up, "A lower room knows a higher one: " + ", ".join(up)


def test_doors_own_no_tables():
    doors = OURS - set(ORDER)
    owned = [model._meta.label for model in our_models() if model._meta.app_label in doors]
    assert not owned, "A door keeps a table; give it to the domain it speaks of: " + ", ".join(owned)


def test_constraints_and_indexes_have_names_of_their_own():
    names = [
        thing.name
        for model in our_models()
        if not model._meta.proxy
        for thing in [*model._meta.constraints, *model._meta.indexes]
    ]
    assert len(names) == len(set(names))
