"""Which cases a person may see at all, and what is read together with one."""

from django.db.models import Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from zhengtong.base import editions
from zhengtong.base.permission import Acting, ActorKind
from zhengtong.domains.cases.models import Case, Consultation
from zhengtong.domains.registry.models import Organ
from zhengtong.rules.roles import Ability


def seen_by(by: Acting) -> Q:
    """Which cases this person may see at all."""
    if by.kind is ActorKind.APPLICANT:
        # Who filed for an enterprise sees the case while they may act for it: an ended mandate takes its files along.
        mine = Q(account_id=by.id, enterprise__isnull=True)
        if by.person_id is not None:
            mine |= Q(person_id=by.person_id, enterprise__isnull=True)
        if by.enterprise_ids:
            mine |= Q(enterprise_id__in=by.enterprise_ids)
        return mine
    if not by.is_officer:
        return Q()
    if by.can(Ability.SEE_ALL) or by.everywhere(Ability.TAKE_IN):
        return Q()
    sections = {p.section_id for p in by.posts if p.section_id is not None}
    consulted = Q(pk__in=Consultation.objects.filter(section_id__in=sections).values("case_id"))
    # Who keeps people, items or the system of an organ has no business in its cases.
    return Q(organ_id__in=by.organs(Ability.SEARCH_FILES)) | Q(holder_id__in=by.principals()) | consulted


# What steps, papers and pages read together with the case, in one query.
WITH = ("application", "organ", "organ__region", "section", "holder", "item", "person", "enterprise")
_LAW = editions.Edition.objects.filter(name=editions.LAW).values("number")[:1]


def with_editions(rows: QuerySet[Case]) -> QuerySet[Case]:
    """Reads the edition of the law in the same query, so that a page costs no further one."""
    return rows.annotate(law_edition=Coalesce(Subquery(_LAW), 0))


def readable_organs(by: Acting, *abilities: Ability) -> list[Organ]:
    """Organs whose cases this officer may search or report on."""
    rows = Organ.objects.order_by("name")
    if by.can(Ability.SEE_ALL) or by.everywhere(*abilities):
        return list(rows)
    return list(rows.filter(pk__in=by.organs(*abilities)))
