"""代办 in the village: the villagers' cases this clerk follows, and the items that may be filed here."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from zhengtong.base import calendar
from zhengtong.base.deadlines.queries import open_deadlines
from zhengtong.domains.appointments import agencies
from zhengtong.domains.cases import queries as cases
from zhengtong.domains.catalogue import queries as catalogue
from zhengtong.rules.agency import FilingState
from zhengtong.rules.masking import mask_name
from zhengtong.rules.roles import Ability
from zhengtong.web.desk.appointments import words
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.desk.lamps import lamp

HITS = 20


@desk(Ability.FILE_FOR_OTHERS)
@require_safe
def village(request: ActingRequest) -> HttpResponse:
    before, text = reading.number(request.GET.get("before")), reading.words(request)
    found = agencies.filings_of(request.acting, before=before, limit=agencies.PAGE + 1)
    shown = found[: agencies.PAGE]
    context = {
        "rows": followed(shown),
        "next": shown[-1].pk if len(found) > agencies.PAGE else "",
        "before": before or "",
        "q": text,
        "items": catalogue.find(text, level="village", open_only=True, limit=HITS).items,
    }
    return render(request, "desk/village/village.html", context)


def followed(filings: list[Any]) -> list[dict[str, Any]]:
    """Each filing with its case's lamp, read for the page at once."""
    at, known = timezone.now(), calendar.current()
    numbers = [one.case_no for one in filings if one.case_no]
    found = cases.cases_by_numbers(numbers)
    limits = open_deadlines("case", numbers) if numbers else {}
    lines = []
    for one in filings:
        case = found.get(one.case_no)
        lines.append(
            {
                "filing": one,
                "name": mask_name(one.person.name),
                "case": case,
                "lamp": lamp(case, limits.get(case.number, {}), at, known) if case else None,
                "supplement": case is not None and case.state == "SUPPLEMENT",
                "to_hand_over": case is not None
                and case.decided_at is not None
                and one.state != FilingState.HANDED_OVER.value,
                "state": words.FILING_STATES[one.state],
            }
        )
    return lines
