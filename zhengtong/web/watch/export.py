"""统计 as a file: every measure, the base of every rate, percentiles; CSV for programs, XLSX for people."""

from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from openpyxl import Workbook
from openpyxl.styles import Font

from zhengtong.domains.statistics import queries as statistics
from zhengtong.domains.statistics.names import names
from zhengtong.domains.statistics.queries import Figures
from zhengtong.rules.tally import Span
from zhengtong.rules.text import harmless
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.frame.sheets import book_answer, csv_answer
from zhengtong.web.watch import measures
from zhengtong.web.watch.board import READ, SEE
from zhengtong.web.watch.statistics import Asked, asked, group_label

SHARES = (0.5, 0.9)
Row = list[Any]


@desk(SEE, READ)
@require_safe
def export(request: ActingRequest, form: str) -> HttpResponseBase:
    """The table of the page whole: all columns of all three tabs, one line a group and one for all."""
    if form not in ("csv", "xlsx"):
        raise Http404
    wanted = asked(request)
    table = _table(wanted)
    name = f"statistics-{wanted.group}-{wanted.period.since:%Y%m%d}-{wanted.period.until:%Y%m%d}"
    return book_answer(_workbook(table, wanted), name) if form == "xlsx" else csv_answer(table, name)


def _table(wanted: Asked) -> list[Row]:
    period = wanted.period
    groups = statistics.figures(period.since, period.until, by=(wanted.by,), organ_ids=wanted.organ_ids)
    called = names(wanted.by, [one.keys[wanted.by] for one in groups])
    total = Figures({})
    lines = [_head(wanted)]
    for one in groups:
        total.add(one)
        key = one.keys[wanted.by]
        name = called.get(key)
        own = (name.name, name.within) if name else (str(group_label(wanted.by, key)), "")
        lines.append([*map(harmless, own), *_figures(one)])
    return [*lines, [_("合计"), "", *_figures(total)]]


def _head(wanted: Asked) -> Row:
    rates = [word for label in measures.RATES.values() for word in (str(label), _("%(rate)s的分母") % {"rate": label})]
    days = [
        _("%(span)s（工作日，%(share)s 分位）") % {"span": measures.SPANS[span], "share": f"{share:.0%}"}
        for span in Span
        for share in SHARES
    ]
    return [
        str(measures.GROUPS[wanted.group][1]), _("所属机关"),
        *map(str, measures.MEASURES.values()), *rates, *days,
    ]  # fmt: skip


def _figures(one: Figures) -> Row:
    rates: Row = []
    for name in measures.RATES:
        part, base = one.rate(name)
        rates += [round(part / base, 6) if base else None, base]
    days = [one.percentile(share, span) for span in Span for share in SHARES]
    return [*(getattr(one, name) for name in measures.MEASURES), *rates, *days]


def _workbook(table: list[Row], wanted: Asked) -> Workbook:
    book = Workbook()
    sheet = book.active
    sheet.title = str(measures.GROUPS[wanted.group][1])
    sheet.append([_("统计期间"), str(wanted.period.since), str(wanted.period.until)])
    for line in table:
        sheet.append(line)
    for cell in sheet[2]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "B3"
    sheet.column_dimensions["A"].width = 32
    sheet.column_dimensions["B"].width = 24
    first = 3 + len(measures.MEASURES)
    for column in range(first, first + 2 * len(measures.RATES), 2):
        for cells in sheet.iter_rows(min_row=3, min_col=column, max_col=column):
            cells[0].number_format = "0.0%"
    return book
