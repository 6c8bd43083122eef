import json
from datetime import datetime
from typing import Any

from django.db.models import Max, QuerySet

from zhengtong.base.journal.models import Entry


def entries_of(subject_kind: str, subject_key: str) -> QuerySet[Entry]:
    """A subject's acts, oldest first."""
    return Entry.objects.filter(subject_kind=subject_kind, subject_key=subject_key).order_by("seq")


def facts_of(entry: Entry) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(entry.facts)
    return facts


def latest_act(subject_kind: str) -> datetime | None:
    """When any subject of a kind was last acted on; None while there is none."""
    latest: datetime | None = Entry.objects.filter(subject_kind=subject_kind).aggregate(last=Max("at"))["last"]
    return latest


def entries_at(kind: str, at: datetime, *, after: int = 0, limit: int = 50) -> list[Entry]:
    """Acts of one kind at one instant, across subjects: what a single change of the calendar set off."""
    return list(Entry.objects.filter(kind=kind, at=at, pk__gt=after).order_by("pk")[:limit])
