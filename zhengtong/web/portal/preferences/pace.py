"""消息及时率: the share sent within ten seconds, by day and way, with its base, for everybody to see."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from zhengtong.base.outbox import queries

DAYS = 30


@require_safe
def pace(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    rows = queries.pace(today - timedelta(days=DAYS - 1), today)
    days: dict[object, dict[str, object]] = {}
    for row in rows:
        share = f"{row.within / row.counted:.1%}" if row.counted else ""
        days.setdefault(row.day, {})[row.channel] = {"within": row.within, "counted": row.counted, "share": share}
    within, counted = sum(row.within for row in rows), sum(row.counted for row in rows)
    context = {
        "rows": [(day, [found.get(channel) for channel in ("sms", "mail", "webhook")]) for day, found in days.items()],
        "within": within,
        "counted": counted,
        "share": f"{within / counted:.1%}" if counted else "",
        "days": DAYS,
    }
    return render(request, "portal/preferences/pace.html", context)
