from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from django.db.models import Q, QuerySet

from zhengtong.base.permission import Acting, ActorKind, PostHeld
from zhengtong.base.personal import lookup_hash
from zhengtong.domains.registry.models import (
    Account,
    Enterprise,
    Hall,
    Mandate,
    Officer,
    Organ,
    Person,
    Post,
    Region,
    Section,
    ServiceWindow,
    Substitution,
)
from zhengtong.rules.masking import mask_name
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Role

EDITION = "registry"  # moves when an organ's own data change


def in_force(on: date) -> Q:
    return Q(since__lte=on) & (Q(until__isnull=True) | Q(until__gte=on))


def officer_acting(account_id: int, on: date) -> Acting | None:
    """The officer behind an account with every post held that day, AB substitutions included. Three queries."""
    officer = Officer.objects.select_related("organ").filter(account_id=account_id).first()
    if officer is None or (officer.left_on is not None and officer.left_on < on):
        return None
    principals = {
        s.principal_id: s.role
        for s in Substitution.objects.filter(
            deputy_id=officer.pk, since__lte=on, until__gte=on, revoked_at__isnull=True
        )
    }
    posts = Post.objects.select_related("organ", "section").filter(
        in_force(on), officer_id__in=[officer.pk, *principals]
    )
    held = []
    for post in posts:
        principal = None if post.officer_id == officer.pk else post.officer_id
        if principal is not None and principals[principal] not in ("", post.role):
            continue
        held.append(
            PostHeld(
                role=Role(post.role),
                organ_id=post.organ_id,
                section_id=post.section_id,
                principal_id=principal,
                label=f"{post.organ.name} {post.section.name if post.section else ''}".strip(),
                everywhere=post.organ.is_centre,
            )
        )
    return Acting(
        kind=ActorKind.OFFICER, id=officer.pk, name=officer.name, posts=tuple(held), organ_name=officer.organ.name
    )


def applicant_acting(
    account: Account, enterprise: Enterprise | None = None, others: Iterable[Enterprise] = ()
) -> Acting:
    """A citizen, for themselves or for the enterprise they chose. The journal holds the masked name only.

    `others`: the further enterprises they may act for today, whose cases they see beside their own.
    """
    person = Person.objects.filter(account=account).only("id", "name").first()
    return Acting(
        kind=ActorKind.APPLICANT,
        id=account.pk,
        name=mask_name(enterprise.name) if enterprise else mask_name(account.name),
        person_id=person.pk if person else None,
        enterprise_id=enterprise.pk if enterprise else None,
        enterprise_ids=frozenset(one.pk for one in others),
    )


def enterprises_of(account_id: int, on: date) -> list[Enterprise]:
    """Enterprises an account may act for: as legal representative, or under a mandate in force."""
    mandates = Mandate.objects.filter(
        agent__account_id=account_id,
        enterprise__isnull=False,
        since__lte=on,
        until__gte=on,
        revoked_at__isnull=True,
    )
    return list(
        Enterprise.objects.filter(
            Q(legal_representative__account_id=account_id) | Q(pk__in=mandates.values("enterprise_id"))
        ).order_by("name")
    )


def enterprise_for(account_id: int, enterprise_id: int, on: date) -> Enterprise:
    """An enterprise this account may act for now, or Refusal(MANDATE_MISSING)."""
    for enterprise in enterprises_of(account_id, on):
        if enterprise.pk == enterprise_id:
            return enterprise
    raise Refusal(RefusalCode.MANDATE_MISSING)


def mandate_for(
    account_id: int, *, enterprise_id: int | None = None, principal_id: int | None = None, on: date
) -> Mandate | None:
    return (
        Mandate.objects.filter(
            Q(enterprise_id=enterprise_id, principal_id=principal_id),
            agent__account_id=account_id,
            since__lte=on,
            until__gte=on,
            revoked_at__isnull=True,
        )
        .order_by("-id")
        .first()
    )


def mandates_held(account_id: int) -> QuerySet[Mandate]:
    return (
        Mandate.objects.filter(agent__account_id=account_id).select_related("enterprise", "principal").order_by("-id")
    )


def mandates_given(account_id: int) -> QuerySet[Mandate]:
    """Mandates a person gave, for themselves or as legal representative of an enterprise."""
    return (
        Mandate.objects.filter(
            Q(principal__account_id=account_id) | Q(enterprise__legal_representative__account_id=account_id)
        )
        .select_related("agent", "enterprise", "principal")
        .order_by("-id")
    )


def account_by_phone(phone: str) -> Account | None:
    return Account.objects.filter(phone_hash=lookup_hash(phone), phone_verified=True).first() if phone else None


def person_of(account_id: int) -> Person | None:
    return Person.objects.filter(account_id=account_id).first()


def person_by_id_number(id_number: str) -> Person | None:
    return Person.objects.filter(id_number_hash=lookup_hash(id_number)).order_by("id").first()


def enterprise_by_code(uscc: str) -> Enterprise | None:
    return Enterprise.objects.select_related("legal_representative").filter(uscc=uscc.strip().upper()).first()


def enterprises_like(text: str, limit: int = 10) -> list[Enterprise]:
    """By name or code prefix, for a clerk's look-up field."""
    text = text.strip()
    if not text:
        return []
    return list(
        Enterprise.objects.filter(Q(name__startswith=text) | Q(uscc__startswith=text.upper())).order_by("name")[:limit]
    )


def organs() -> QuerySet[Organ]:
    return Organ.objects.select_related("region").order_by("name")


@lru_cache(maxsize=1024)
def organ(organ_id: int, edition: int) -> Organ:
    """An organ with its region, from memory while the edition stands. Shared: never change it."""
    return Organ.objects.select_related("region").get(pk=organ_id)


def organ_by_code(code: str) -> Organ | None:
    return Organ.objects.filter(code=code).first()


def sections_of(organ_ids: Sequence[int] | None = None) -> QuerySet[Section]:
    rows = Section.objects.select_related("organ").order_by("organ__name", "name")
    return rows if organ_ids is None else rows.filter(organ_id__in=organ_ids)


def section_for(section_id: int) -> Section:
    section = Section.objects.select_related("organ").filter(pk=section_id).first()
    if section is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return section


def halls() -> QuerySet[Hall]:
    return Hall.objects.select_related("region").order_by("code")


def hall_for(code: str) -> Hall:
    hall = Hall.objects.select_related("region").filter(code=code).first()
    if hall is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return hall


def windows() -> QuerySet[ServiceWindow]:
    return ServiceWindow.objects.select_related("organ", "hall").order_by("hall__code", "number")


def regions(parent_code: str | None = None) -> QuerySet[Region]:
    """Children of a region; None: the top."""
    rows = Region.objects.order_by("code")
    return rows.filter(parent__isnull=True) if parent_code is None else rows.filter(parent__code=parent_code)


def officers(*, organ_id: int | None = None, text: str = "", after: str = "", limit: int = 50) -> list[Officer]:
    """By staff number, keyset."""
    rows = Officer.objects.select_related("organ", "window").filter(staff_no__gt=after).order_by("staff_no")
    if organ_id is not None:
        rows = rows.filter(organ_id=organ_id)
    if text.strip():
        rows = rows.filter(Q(name__contains=text.strip()) | Q(staff_no__startswith=text.strip()))
    return list(rows[:limit])


def officer_for(staff_no: str) -> Officer:
    officer = Officer.objects.select_related("organ", "window").filter(staff_no=staff_no).first()
    if officer is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return officer


def officer_here(staff_no: str, on: date) -> Officer:
    """One who may be given something to do; Refusal(OFFICER_LEFT) for one who has left."""
    officer = officer_for(staff_no)
    if officer.left_on is not None and officer.left_on < on:
        raise Refusal(RefusalCode.OFFICER_LEFT, name=officer.name)
    return officer


def posts_of(officer_id: int) -> QuerySet[Post]:
    return Post.objects.select_related("organ", "section").filter(officer_id=officer_id).order_by("-since", "role")


def substitutions_of(officer_id: int) -> QuerySet[Substitution]:
    return (
        Substitution.objects.select_related("principal", "deputy")
        .filter(Q(principal_id=officer_id) | Q(deputy_id=officer_id))
        .order_by("-since", "-id")
    )


def places(level: int = 4) -> list[tuple[str, str]]:
    """Code and name of every region down to a level (4: counties), for the lists of address fields."""
    return list(Region.objects.filter(level__lte=level).order_by("code").values_list("code", "name"))


def organ_for(organ_id: int) -> Organ:
    organ = Organ.objects.filter(pk=organ_id).first()
    if organ is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return organ


def window_for(window_id: int) -> ServiceWindow:
    window = ServiceWindow.objects.select_related("organ", "hall").filter(pk=window_id).first()
    if window is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return window


def officer_by_id(officer_id: int | None) -> Officer:
    found = Officer.objects.select_related("organ", "window").filter(pk=officer_id) if officer_id is not None else None
    officer = found.first() if found is not None else None
    if officer is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return officer


def posts_in_force(officer_ids: Sequence[int], on: date) -> dict[int, list[Post]]:
    """Posts held that day, by officer, for the rows of one page: one query."""
    held: dict[int, list[Post]] = {}
    rows = Post.objects.select_related("organ", "section").filter(in_force(on), officer_id__in=list(officer_ids))
    for post in rows.order_by("role", "pk"):
        held.setdefault(post.officer_id, []).append(post)
    return held


def post_for(staff_no: str, post_id: int) -> Post:
    """A post of this officer that has not ended; Refusal(NOT_FOUND) else."""
    rows = Post.objects.select_related("officer", "organ", "section")
    post = rows.filter(pk=post_id, officer__staff_no=staff_no, until__isnull=True).first()
    if post is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return post


def substitution_for(substitution_id: int) -> Substitution:
    rows = Substitution.objects.select_related("principal", "deputy")
    substitution = rows.filter(pk=substitution_id).first()
    if substitution is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return substitution


def mandate_between(
    agent_id: int, *, enterprise_id: int | None = None, principal_id: int | None = None, on: date
) -> Mandate | None:
    """A mandate in force that lets this person act for that principal; for the counter, where nobody is signed in."""
    principal = Q(enterprise_id=enterprise_id) if enterprise_id is not None else Q(principal_id=principal_id)
    return (
        Mandate.objects.filter(principal, agent_id=agent_id, since__lte=on, until__gte=on, revoked_at__isnull=True)
        .order_by("-id")
        .first()
    )
