"""What other rooms ask about letters."""

from datetime import date

from django.db.models import Count

from zhengtong.base.personal import lookup_hash
from zhengtong.domains.letters.models import Letter
from zhengtong.domains.letters.queries.who import PAGE
from zhengtong.rules.letters import LetterKind


def complaints_about(case_no: str, *, limit: int = PAGE) -> list[Letter]:
    """Complaints that name a case, newest first, for supervision; never a tip."""
    rows = Letter.objects.select_related("organ").filter(case_no=case_no, kind=LetterKind.COMPLAINT.value)
    return list(rows.order_by("-received_at")[:limit]) if case_no else []


def confirmed_complaints(since: date, until: date) -> dict[int, int]:
    """Organ → complaints found true, or partly true, of those answered in the period: a quantity of the scores."""
    rows = Letter.objects.filter(
        kind=LetterKind.COMPLAINT.value, finding__in=["confirmed", "partly"], organ_id__isnull=False,
        replied_at__isnull=False, received_on__gte=since, received_on__lte=until,
    ).order_by()  # fmt: skip
    return dict(rows.values_list("organ_id").annotate(n=Count("pk")))


def phone_hash(phone: str) -> str:
    return lookup_hash(phone)
