"""Questions to agency service and to filings in the village: each to its own people."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count

from zhengtong.base.permission import Acting, ActorKind
from zhengtong.domains.appointments.models import AgencyNote, AgencyRequest, VillageFiling
from zhengtong.rules.agency import AgencyState
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability

PAGE = 20
LEADS = (Ability.KEEP_HALL, Ability.DISPATCH)  # who hands requests to agents
_OPEN = (AgencyState.REQUESTED.value, AgencyState.ASSIGNED.value)


def request_for(by: Acting, key: str) -> AgencyRequest:
    """Its applicant's, its agent's, or any for who hands requests to agents; Refusal(NOT_FOUND) for all others."""
    rows = AgencyRequest.objects.select_related("officer", "enterprise", "item").filter(key=key)
    if by.kind is ActorKind.APPLICANT:
        rows = rows.filter(account_id=by.id or 0)
    elif not by.can(*LEADS):
        rows = rows.filter(officer_id__in=by.principals())
    row = rows.first()
    if row is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return row


def my_requests(account_id: int, *, before: int | None = None, limit: int = PAGE) -> list[AgencyRequest]:
    rows = AgencyRequest.objects.select_related("officer", "enterprise").filter(account_id=account_id)
    return list((rows.filter(pk__lt=before) if before else rows).order_by("-pk")[:limit])


def requests_at_desk(
    by: Acting, *, finished: bool = False, past: int | None = None, limit: int = PAGE
) -> list[AgencyRequest]:
    """What waits for an agent and what this officer has taken on; who leads sees all.

    Open ones oldest first, finished ones newest first; `past`: the last one of the page before.
    """
    rows = AgencyRequest.objects.select_related("officer", "enterprise", "item")
    if not by.can(*LEADS):
        rows = rows.filter(officer_id__in=by.principals())
    if finished:
        rows = rows.exclude(state__in=_OPEN)
        return list((rows.filter(pk__lt=past) if past else rows).order_by("-pk")[:limit])
    return list(rows.filter(state__in=_OPEN, pk__gt=past or 0).order_by("pk")[:limit])


def notes_of(row: AgencyRequest) -> list[AgencyNote]:
    return list(AgencyNote.objects.select_related("by").filter(request=row).order_by("-at", "-pk"))


def filing_for(by: Acting, key: str) -> VillageFiling:
    """The clerk's own, or any for who keeps the hall."""
    rows = VillageFiling.objects.select_related("person", "item", "clerk", "scan", "hall").filter(key=key)
    if not by.can(Ability.KEEP_HALL):
        by.check(Ability.FILE_FOR_OTHERS)
        rows = rows.filter(clerk_id__in=by.principals())
    row = rows.first()
    if row is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return row


def clerks_filing(case_no: str) -> VillageFiling | None:
    """The filing a case came from, with its clerk, who is told what the villager is told."""
    return VillageFiling.objects.select_related("clerk").filter(case_no=case_no).first()


def own_filing(by: Acting, key: str) -> VillageFiling | None:
    """The mandate this clerk has kept under a key, or None while there is none."""
    return (
        VillageFiling.objects.select_related("person", "item", "scan")
        .filter(key=key, clerk_id__in=by.principals())
        .first()
    )


def filings_of(by: Acting, *, before: int | None = None, limit: int = PAGE) -> list[VillageFiling]:
    """The villagers' cases this clerk follows, newest first."""
    by.check(Ability.FILE_FOR_OTHERS)
    rows = VillageFiling.objects.select_related("person", "item").filter(clerk_id__in=by.principals())
    return list((rows.filter(pk__lt=before) if before else rows).order_by("-pk")[:limit])


def filed_case_numbers(since: datetime, until: datetime) -> Sequence[str]:
    """Cases filed in villages in a period: the base of the figures by level."""
    rows = VillageFiling.objects.filter(filed_at__gte=since, filed_at__lt=until)
    return list(rows.order_by("filed_at").values_list("case_no", flat=True))


def filed_by_hall(since: datetime, until: datetime) -> list[tuple[int | None, int]]:
    """(hall id, cases) filed in a period."""
    rows = (
        VillageFiling.objects.filter(filed_at__gte=since, filed_at__lt=until).values("hall_id").annotate(n=Count("pk"))
    )
    return [(row["hall_id"], row["n"]) for row in rows.order_by("hall_id")]
