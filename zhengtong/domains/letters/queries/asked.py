"""What other rooms ask about letters."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Min, Q, QuerySet

from zhengtong.base.permission import Acting
from zhengtong.base.personal import lookup_hash
from zhengtong.domains.letters.models import Letter, Reply
from zhengtong.domains.letters.queries.lists import earlier_than
from zhengtong.domains.letters.queries.who import PAGE, WITH, seen_by
from zhengtong.rules.clock import end_of, start_of
from zhengtong.rules.letters import BORNE_OUT, LetterKind

_BORNE_OUT = sorted(finding.value for finding in BORNE_OUT)
_COMPLAINTS = Q(kind=LetterKind.COMPLAINT.value, finding__in=_BORNE_OUT)


def complaints_about(case_no: str, *, limit: int = PAGE) -> list[Letter]:
    """Complaints that name a case, newest first, for supervision; never a tip."""
    rows = Letter.objects.select_related("organ").filter(case_no=case_no, kind=LetterKind.COMPLAINT.value)
    return list(rows.order_by("-received_at")[:limit]) if case_no else []


def borne_out(numbers: Iterable[str]) -> list[Letter]:
    """Of these letters the complaints that were found true, or partly true."""
    rows = Letter.objects.select_related("organ").filter(_COMPLAINTS, number__in=list(numbers))
    return list(rows.filter(organ__isnull=False).order_by("pk"))


def confirmed_complaints(since: date, until: date) -> dict[int, int]:
    """Organ → complaints found true, or partly true, in the period: a quantity of the scores.

    Of the organ that answered, for the letter desk routes to whom it concerns, whatever the author had named. In the
    period of the first answer that found it so, for then it is known; one that a later answer revised is none.
    """
    rows = _confirmed(since, until).values("organ_id").annotate(n=Count("pk"))
    return {row["organ_id"]: row["n"] for row in rows.order_by()}


def confirmed_rows(
    by: Acting, since: date, until: date, *, organ_id: int | None = None, before: str = "", limit: int = PAGE
) -> list[Letter]:
    """The letters `confirmed_complaints` counts, newest first."""
    rows = Letter.objects.filter(seen_by(by), pk__in=_confirmed(since, until).values("pk"))
    if organ_id is not None:
        rows = rows.filter(organ_id=organ_id)
    newest = earlier_than(rows, "received_at", before).select_related(*WITH).order_by("-received_at", "-number")
    return list(newest[:limit])


def _confirmed(since: date, until: date) -> QuerySet[Letter]:
    found = Reply.objects.filter(state=Reply.SENT, finding__in=_BORNE_OUT).order_by().values("letter_id")
    first = found.annotate(at=Min("sent_at")).filter(at__gte=start_of(since), at__lte=end_of(until))
    return Letter.objects.filter(_COMPLAINTS, organ__isnull=False, pk__in=first.values("letter_id"))


def phone_hash(phone: str) -> str:
    return lookup_hash(phone)
