from datetime import datetime, time, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from zhengtong.domains.cases.queries import day_counts
from zhengtong.domains.catalogue import queries as catalogue
from zhengtong.domains.hall import queries as hall
from zhengtong.rules.clock import local_date
from zhengtong.web.portal.item import shown, typical
from zhengtong.web.portal.items import LIFE_EVENT

POPULAR = 5
EVENTS = 6


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    popular = catalogue.popular(POPULAR)
    featured = popular[0] if popular else None
    midnight = timezone.make_aware(datetime.combine(local_date(now), time()))
    counts = day_counts(midnight, midnight + timedelta(days=1))
    context = {
        "popular": popular,
        "featured": shown(featured, catalogue.document(featured.current_version_id or 0)) if featured else None,
        "typical": typical(featured.pk, now) if featured else None,
        "life_events": catalogue.facet_counts(LIFE_EVENT)[:EVENTS],
        "counted_at": now,
        "waiting": sum(hall.waiting_counts(local_date(now)).values()),
        "received": counts.get("case.submitted", 0),
        "accepted": counts.get("case.accepted", 0),
        "decided": counts.get("case.decided", 0),
    }
    return render(request, "portal/home.html", context)
