"""受理登记册 by month: on the screen, and as the printed book."""

from datetime import date, timedelta

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from zhengtong.domains.cases import queries as cases
from zhengtong.domains.cases.papers import AcceptanceRegister, RegisterRow, pdf
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.web.desk import words
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.frame.whole import whole

BOOK_MOST = 1000  # rows of one printed book: a page of it is drawn in memory
# Words of the printed book, which is always in Chinese.
KINDS = {"IMMEDIATE": "即办件", "PROMISED": "承诺件", "REPORTED": "上报件", "JOINT": "联办件"}
RESULTS = {"0": "出证办结", "1": "退回办结", "2": "作废或撤回", "4": "转报办结", "5": "补正不来", "6": "办结"}


def _month(text: str) -> tuple[date, date]:
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        first = timezone.localdate().replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


@require_GET
@desk(Ability.SEARCH_FILES)
def register(request: ActingRequest) -> HttpResponse:
    since, until = _month(request.GET.get("month", ""))
    organs = cases.readable_organs(request.acting, Ability.SEARCH_FILES)
    organ = next((o for o in organs if str(o.pk) == request.GET.get("organ", "")), organs[0] if organs else None)
    after = request.GET.get("after", "")
    found = cases.register(
        request.acting, organ_id=organ.pk if organ else 0, since=since, until=until,
        after=whole(after) or 0, limit=cases.PAGE + 1,
    )  # fmt: skip
    shown = found[: cases.PAGE]
    numbers, due = cases.notice_numbers([c.pk for c in shown]), cases.promised_by([c.number for c in shown])
    context = {
        "rows": [
            (
                c,
                numbers.get(c.pk, ""),
                due.get(c.number),
                words.word(words.STATES, c.state),
                words.word(words.CASE_KINDS, c.case_kind),
            )
            for c in shown
        ],
        "after": shown[-1].pk if len(found) > cases.PAGE else "",
        "organs": organs,
        "organ": organ,
        "since": since,
        "month": f"{since:%Y-%m}",
        "previous": f"{since - timedelta(days=1):%Y-%m}",
        "following": f"{until + timedelta(days=1):%Y-%m}" if until < timezone.localdate() else "",
    }
    return render(request, "desk/register.html", context)


@require_GET
@desk(Ability.SEARCH_FILES)
def book(request: ActingRequest) -> HttpResponse:
    since, until = _month(request.GET.get("month", ""))
    organs = cases.readable_organs(request.acting, Ability.SEARCH_FILES)
    organ = next((o for o in organs if str(o.pk) == request.GET.get("organ", "")), None)
    if organ is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    found = cases.register(request.acting, organ_id=organ.pk, since=since, until=until, limit=BOOK_MOST + 1)
    if len(found) > BOOK_MOST:
        messages.error(request, _("这个月超过 %(most)s 件，一册装不下。请用档案查询按日期导出。") % {"most": BOOK_MOST})
        return redirect(f"{reverse('desk:register')}?month={since:%Y-%m}&organ={organ.pk}")
    numbers, due = cases.notice_numbers([c.pk for c in found]), cases.promised_by([c.number for c in found])
    content = AcceptanceRegister(
        organ=organ.name,
        organ_en=organ.name_en,
        issued_on=timezone.localdate(),
        demo=settings.ZHENGTONG_DEMO,
        since=since,
        until=until,
        rows=tuple(_line(c, numbers.get(c.pk, ""), due.get(c.number)) for c in found),
    )
    response = HttpResponse(pdf(content.to_json()), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="register-{since:%Y-%m}.pdf"'
    return response


def _line(case: cases.Case, paper_no: str, due: date | None) -> RegisterRow:
    return RegisterRow(
        case_no=case.number,
        received_on=case.received_on,
        applicant=case.applicant_name,
        item=case.item_name,
        kind=KINDS.get(case.case_kind, ""),
        accepted_on=case.accepted_on,
        paper_no=paper_no,
        due_on=due,
        officer=case.acceptor.name if case.acceptor else "",
        finished_on=timezone.localdate(case.finished_at) if case.finished_at else None,
        result=RESULTS.get(case.result_code, ""),
    )
