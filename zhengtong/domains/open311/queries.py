from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from zhengtong.base.personal import lookup_hash
from zhengtong.domains.open311.models import Filed, Partner, Passed
from zhengtong.rules.refusal import Refusal, RefusalCode

__all__ = ["Filed", "Partner", "Passed"]


def key_hash(key: str) -> str:
    return lookup_hash(f"open311:{key.strip()}") if key.strip() else ""


def partner_by_key(key: str) -> Partner | None:
    """Who shows this key; None for nobody, or for one that was stopped."""
    hashed = key_hash(key)
    return Partner.objects.filter(key_hash=hashed, active=True).first() if hashed else None


def partner_for(code: str) -> Partner:
    partner = Partner.objects.filter(code=code).first()
    if partner is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return partner


def partners() -> list[Partner]:
    return list(Partner.objects.order_by("code"))


def reachable(letter_no: str) -> list[Partner]:
    """Houses this letter can still be passed on to."""
    rows = Partner.objects.filter(active=True).exclude(url="").exclude(passed__letter_no=letter_no)
    return list(rows.order_by("name"))


def filed_before(partner: Partner, retry_key: str) -> Filed | None:
    return Filed.objects.filter(partner=partner, retry_key=retry_key).first()


def filed_by_token(partner: Partner, token: str) -> Filed | None:
    return Filed.objects.filter(partner=partner, token=token).first()


def filed_numbers(partner: Partner) -> QuerySet[Filed, str]:
    """Numbers of the letters a partner filed, as a condition of another question; they may be many."""
    return Filed.objects.filter(partner=partner).values_list("letter_no", flat=True)


def filed_of(partner: Partner, numbers: Sequence[str]) -> set[str]:
    """Which of these letters the partner filed itself."""
    return set(filed_numbers(partner).filter(letter_no__in=list(numbers)))


def passed_for(partner: Partner, letter_no: str) -> Passed | None:
    """The letter as it is with them, or on its way; None where it never was, was refused, or was called off."""
    rows = Passed.objects.select_related("partner").filter(partner=partner, letter_no=letter_no)
    return rows.exclude(state=Passed.REFUSED).first()


def passed_of(letter_no: str) -> list[Passed]:
    return list(Passed.objects.select_related("partner").filter(letter_no=letter_no).order_by("pk"))


def to_look_at(*, at: datetime, limit: int = 50) -> list[Passed]:
    """What the worker asks its partners about now, longest waiting first."""
    rows = Passed.objects.select_related("partner").filter(next_look_at__lte=at, next_look_at__isnull=False)
    return list(rows.order_by("next_look_at", "pk")[:limit])
