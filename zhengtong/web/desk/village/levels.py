"""办件层级: of the cases received in a period, how many were filed in the village, the township, the county, online."""

from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhengtong.domains.statistics import levels
from zhengtong.rules.roles import Ability
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading

LABELS = {
    "village": _("村（社区）便民服务点"),
    "township": _("乡镇（街道）便民服务站"),
    "county": _("县级政务服务大厅"),
    "online": _("网上和其他"),
}
SEES = (Ability.SEE_ALL, Ability.READ_REPORTS, Ability.KEEP_HALL)
PERIOD = 30
EARLIEST = date(2000, 1, 1)


@desk(*SEES)
@require_safe
def by_level(request: ActingRequest) -> HttpResponse:
    today = timezone.localdate()
    until = max(reading.day(request.GET.get("until")) or today, EARLIEST)
    since = reading.day(request.GET.get("since")) or until - timedelta(days=PERIOD - 1)
    level = request.GET.get("level", "")
    found = levels.cases_by_level(since, until)
    base = sum(found.values())
    before, cases = reading.number(request.GET.get("before")), []
    if level in LABELS:
        cases = levels.rows_of(level, since, until, before=before, limit=levels.ROWS + 1)
    shown = cases[: levels.ROWS]
    context = {
        "since": since,
        "until": until,
        "rows": [(code, LABELS[code], found[code], round(100 * found[code] / base) if base else 0) for code in LABELS],
        "base": base,
        "level": LABELS.get(level, ""),
        "cases": shown,
        "before": before or "",
        "next": shown[-1].pk if len(cases) > len(shown) else "",
        "items": levels.items_by_lowest_level(),
    }
    return render(request, "desk/village/levels.html", context)
