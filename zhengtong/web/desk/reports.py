"""办件报表 of imported cases: what the log of a department says, every figure leading to the rows it counts."""

import json
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhengtong.domains.cases import queries as cases
from zhengtong.domains.cases.report import log_report
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.web.desk import words
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.frame.whole import whole

READ = Ability.READ_REPORTS
DAY = timedelta(days=1)


@require_GET
@desk(READ)
def reports(request: ActingRequest) -> HttpResponse:
    counts = cases.imported_counts()
    organs = [(o, counts[o.pk]) for o in cases.readable_organs(request.acting, READ) if o.pk in counts]
    return render(request, "desk/reports.html", {"organs": organs})


def _organ(request: ActingRequest, code: str) -> Any:
    organ = next((o for o in cases.readable_organs(request.acting, READ) if o.code == code), None)
    if organ is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return organ


@require_GET
@desk(READ)
def permits(request: ActingRequest, organ_code: str) -> HttpResponse:
    organ = _organ(request, organ_code)
    report = log_report(organ.pk)
    spans = [(_("收件到办结"), report.start_to_end), (_("第一个到最后一个动作"), report.first_to_last_act)]
    context = {
        "organ": organ,
        "organ_key": str(organ.pk),
        "report": report,
        "figures": {
            name: f"{getattr(report, name):,}"
            for name in ("cases", "acts", "people", "open", "finished", "within", "after")
        },
        "open_base": _of(report.open, report.cases),
        "finished_base": _of(report.finished, report.cases),
        "within_base": _of(report.within, report.within + report.after),
        "after_base": _of(report.after, report.within + report.after),
        "activities": [(words.word(words.STAGES, one.stage), one) for one in report.activities],
        "durations": [
            (label, d.count, *(_days(span) for span in (d.mean, d.median, d.p90)))
            for label, d in spans
            if d is not None
        ],
    }
    return render(request, "desk/permits.html", context)


def _of(part: int, whole: int) -> str:
    """The share with its base (分母)."""
    if not whole:
        return ""
    return _("占 %(whole)s 件的 %(share)s%%") % {"whole": f"{whole:,}", "share": f"{100 * part / whole:.1f}"}


def _days(span: timedelta) -> str:
    return f"{span / DAY:,.2f}"


@require_GET
@desk(READ)
def acts(request: ActingRequest, organ_code: str) -> HttpResponse:
    organ = _organ(request, organ_code)
    activity, person, after = (request.GET.get(name, "") for name in ("activity", "person", "after"))
    found = cases.recorded_acts(
        organ.pk,
        activity=activity[:200],
        person=whole(person),
        after=whole(after) or 0,
        limit=cases.PAGE + 1,
    )
    shown = found[: cases.PAGE]
    context = {
        "organ": organ,
        "acts": [(entry, json.loads(entry.facts)) for entry in shown],
        "after": shown[-1].pk if len(found) > cases.PAGE else "",
        "activity": activity,
    }
    return render(request, "desk/permit_acts.html", context)


@require_GET
@desk(READ)
def people(request: ActingRequest, organ_code: str) -> HttpResponse:
    organ = _organ(request, organ_code)
    return render(request, "desk/permit_people.html", {"organ": organ, "people": cases.acting_people(organ.pk)})
