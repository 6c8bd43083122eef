"""What the checks of `rules/supervision/conduct.py` need beside the histories, read once for a slice of cases."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import Q

from zhengtong.domains.applications.models import Application, SubmittedMaterial
from zhengtong.domains.applications.queries import asked_materials, must_upload, need_not_bring
from zhengtong.domains.cases.models import Case
from zhengtong.domains.catalogue import queries as catalogue
from zhengtong.domains.registry.models import Post
from zhengtong.rules.calendar import Calendar
from zhengtong.rules.clock import local_date
from zhengtong.rules.history import History
from zhengtong.rules.kinds import Kind
from zhengtong.rules.procedure import State
from zhengtong.rules.supervision.conduct import ItemFacts, Known, PostSpan

RETURNED_BEFORE = timedelta(days=30)  # far enough back for any threshold of M-05


def known_for(histories: Collection[History], calendar: Calendar, *, accepted: Collection[str] = ()) -> Known:
    """About six queries for the slice. `accepted`: cases whose acceptance is to be looked at (M-01)."""
    native = [history for history in histories if not history.imported]
    return Known(
        calendar=calendar,
        posts=_posts(native),
        items={version: _item(version) for version in {history.item_version_id for history in native}},
        missing=_missing([history for history in native if history.number in accepted]),
        returned=_returned(native),
    )


def _posts(histories: Sequence[History]) -> dict[int, list[PostSpan]]:
    officers = {act.actor_id for h in histories for act in h.acts if act.actor_kind == "officer"}
    officers |= {act.facts["substitute_for"] for h in histories for act in h.acts if "substitute_for" in act.facts}
    found: dict[int, list[PostSpan]] = {}
    for post in Post.objects.filter(officer_id__in=[one for one in officers if one is not None]).select_related(
        "organ"
    ):
        span = PostSpan(post.role, post.organ_id, post.organ.is_centre, post.since, post.until)
        found.setdefault(post.officer_id, []).append(span)
    return found


def _item(version_id: int) -> ItemFacts:
    edition = catalogue.edition(version_id)
    return ItemFacts(
        procedures=frozenset(procedure.name for procedure in edition.special_procedures),
        materials=frozenset(material.name for material in edition.materials),
        shareable=frozenset(material.name for material in edition.materials if need_not_bring(material)),
    )


class _Accepted(NamedTuple):
    number: str
    at: datetime


def _missing(histories: Sequence[History]) -> dict[str, tuple[str, ...]]:
    """Required materials that were not there when the case was accepted, by case."""
    moments = {
        history.number: act.at for history in histories if (act := history.first(Kind.CASE_ACCEPTED)) is not None
    }
    if not moments:
        return {}
    cases = {
        row["application_id"]: _Accepted(row["number"], moments[row["number"]])
        for row in Case.objects.filter(number__in=list(moments), application__isnull=False).values(
            "application_id", "number"
        )
    }
    brought: dict[int, set[str]] = {}
    rows = SubmittedMaterial.objects.filter(application_id__in=list(cases)).values_list(
        "application_id", "material_code", "received_at"
    )
    for application_id, code, received_at in rows:
        if received_at <= cases[application_id].at:
            brought.setdefault(application_id, set()).add(code)
    found: dict[str, tuple[str, ...]] = {}
    for application in Application.objects.filter(pk__in=list(cases)):
        edition = catalogue.edition(application.item_version_id)
        lacking = tuple(
            material.name
            for material in asked_materials(application, edition)
            if must_upload(material, edition) and material.code not in brought.get(application.pk, set())
        )
        if lacking:
            found[cases[application.pk].number] = lacking
    return found


def _returned(histories: Sequence[History]) -> Mapping[str, tuple[str, date]]:
    """The last case of the same applicant and item that was turned away before this one came in."""
    asked = [h for h in histories if h.first(Kind.CASE_ACCEPTED) is not None and (h.person_id or h.enterprise_id)]
    if not asked:
        return {}
    rows = Case.objects.filter(
        Q(person_id__in=[h.person_id for h in asked if h.person_id])
        | Q(enterprise_id__in=[h.enterprise_id for h in asked if h.enterprise_id]),
        item_id__in={h.item_id for h in asked},
        state=State.NOT_ACCEPTED.value,
        finished_at__gte=min(h.received_at for h in asked) - RETURNED_BEFORE,
    ).values("number", "item_id", "person_id", "enterprise_id", "finished_at")
    found: dict[str, tuple[str, date]] = {}
    for row in rows.order_by("finished_at", "pk"):
        when = row["finished_at"]
        for history in asked if when is not None else ():
            same = row["item_id"] == history.item_id and (
                (history.enterprise_id is not None and row["enterprise_id"] == history.enterprise_id)
                or (history.enterprise_id is None and row["person_id"] == history.person_id)
            )
            if same and when is not None and when <= history.received_at:
                found[history.number] = (row["number"], local_date(when))
    return found
