"""The bookings of a day or of its month taken away as a file: masked as on the page, by time."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from zhengtong.base.permission import Acting
from zhengtong.domains.appointments import queries
from zhengtong.domains.appointments.queries import Appointment
from zhengtong.rules.roles import Ability
from zhengtong.rules.slots import Place
from zhengtong.web.desk.appointments import words
from zhengtong.web.desk.appointments.lists import chosen_hall, day_of, line, queue_names
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.frame.sheets import PIECE, csv_answer, xlsx_answer

SPANS = {"day": gettext_lazy("当天"), "month": gettext_lazy("当月")}
FORMS = ("csv", "xlsx")


@desk(Ability.BOOK, Ability.KEEP_HALL)
@require_safe
def export(request: ActingRequest, form: str) -> HttpResponseBase:
    hall, _every = chosen_hall(request)
    on, span = day_of(request.GET.get("on", "")), request.GET.get("span", "day")
    if hall is None or form not in FORMS or span not in SPANS:
        raise Http404
    since, until, mark = on, on, f"{on:%Y%m%d}"
    if span == "month":
        since, until = on.replace(day=1), on.replace(day=monthrange(on.year, on.month)[1])
        mark = f"{on:%Y%m}"
    name, table = f"appointments-{hall.code}-{mark}", _table(request.acting, hall, since, until)
    return csv_answer(table, name) if form == "csv" else xlsx_answer(table, name)


def _table(by: Acting, hall: Any, since: date, until: date) -> Iterator[list[Any]]:
    names = queue_names(hall.code)
    yield [
        _("日期"), _("时间"), _("大厅"), _("队列"), _("事项"), _("姓名"), _("手机号"), _("来源"), _("状态"),
        _("预约码"), _("登记时间"), _("取消原因"),
    ]  # fmt: skip
    for row in _in_pieces(by, hall.pk, since, until):
        told, starts, ends = line(row, names), timezone.localtime(row.starts), timezone.localtime(row.ends)
        queue = words.PLACES[row.place] if row.place == Place.HOME.value else told["queue"] or row.queue_code
        yield [
            f"{starts:%Y-%m-%d}", f"{starts:%H:%M}-{ends:%H:%M}", hall.name, getattr(queue, "name", queue),
            row.item.name if row.item else row.matter, told["name"], told["phone"], told["channel"], told["state"],
            row.code, f"{timezone.localtime(row.booked_at):%Y-%m-%d %H:%M}", row.reason,
        ]  # fmt: skip


def _in_pieces(by: Acting, hall_id: int, since: date, until: date) -> Iterator[Appointment]:
    """All of them: no month of one hall is too long for a file."""
    after = None
    while found := queries.of_days(by, hall_id, since, until, after=after, limit=PIECE):
        yield from found
        after = found[-1].pk
