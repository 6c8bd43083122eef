"""统计: the figures of any period by organ, section, item, channel, kind and person; the rows behind each of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from zhengtong.domains.registry import queries as registry
from zhengtong.domains.statistics import queries as statistics
from zhengtong.domains.statistics.names import Name, names
from zhengtong.domains.statistics.queries import Figures
from zhengtong.rules.masking import mask_name
from zhengtong.web.desk import words
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.frame import charts
from zhengtong.web.frame.dates import in_english, short_day_words
from zhengtong.web.frame.whole import whole
from zhengtong.web.watch import measures
from zhengtong.web.watch.board import PAGE, READ, SEE, STAGES, own_organs
from zhengtong.web.watch.measures import Column
from zhengtong.web.watch.periods import DAY, KINDS, Period, asked_period, neighbours

NOBODY = "none"
DRAWN = 12  # bars of a chart; the table below has all
LINE_DAYS = 92  # beyond that a line of days is drawn week by week


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page of statistics is about; `organ_ids` never reaches beyond what the person reads."""

    period: Period
    group: str
    table: str
    organ: Any
    organ_ids: Sequence[int] | None

    @property
    def by(self) -> str:
        return measures.GROUPS[self.group][0]


def asked(request: ActingRequest) -> Asked:
    """The address, read without trusting it. An organ that is not theirs to read is not found."""
    mine = own_organs(request.acting)
    code = reading.key(request, "organ")
    organ = registry.organ_by_code(code) if code else None
    if code and (organ is None or (mine is not None and organ.pk not in mine)):
        raise Http404
    group = request.GET.get("group", "")
    table = request.GET.get("show", "")
    return Asked(
        period=asked_period(request, timezone.localdate()),
        group=group if group in measures.GROUPS else "item" if organ else "organ",
        table=table if table in measures.TABLES else "volume",
        organ=organ,
        organ_ids=[organ.pk] if organ else None if mine is None else sorted(mine),
    )


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure: its words, its base (分母), the address of its rows."""

    text: str
    base: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    name: Name | None
    label: str | Promise
    cells: list[Cell]


@desk(SEE, READ)
@require_safe
def page(request: ActingRequest) -> HttpResponse:
    wanted, today = asked(request), timezone.localdate()
    period = wanted.period
    groups = statistics.figures(period.since, period.until, by=(wanted.by,), organ_ids=wanted.organ_ids)
    groups.sort(key=lambda one: (-one.received - one.finished, -one.open_at_end))
    total = Figures({})
    for one in groups:
        total.add(one)
    called = names(wanted.by, [one.keys[wanted.by] for one in groups])
    organs = {organ.pk: organ for organ in registry.organs()}
    columns = measures.TABLES[wanted.table][1]
    lines = [_line(one, wanted, columns, called, organs) for one in groups]
    earlier, later = neighbours(period, today)
    context = {
        "wanted": wanted,
        "kinds": KINDS.items(),
        "groups": [(name, label) for name, (_by, label) in measures.GROUPS.items()],
        "tables": [(name, label) for name, (label, _columns) in measures.TABLES.items()],
        "group_label": measures.GROUPS[wanted.group][1],
        "organs": _choosable(request, organs),
        "earlier": earlier,
        "later": later,
        "today": today,
        "tiles": _tiles(total, wanted, organs),
        "columns": [(_column(column), _note(column)) for column in columns],
        "lines": lines,
        "total": _line(total, wanted, columns, called, organs),
        "drawn": _bars(groups, wanted, called),
        "backlog": _backlog(wanted),
        "kinds_of": _seven(wanted, groups, organs),
        "counted": bool(groups),
    }
    return render(request, "watch/statistics.html", context)


def _choosable(request: ActingRequest, organs: Mapping[int, Any]) -> list[Any]:
    mine = own_organs(request.acting)
    return [organ for organ in organs.values() if mine is None or organ.pk in mine]


# --- figures in words ---


def rows_url(measure: str, wanted: Asked, keys: Mapping[str, Any], organs: Mapping[int, Any]) -> str:
    """Where the cases behind a figure stand."""
    code = wanted.organ.code if wanted.organ else ""
    organ_id = keys.get("organ_id")
    if organ_id is not None and organ_id in organs:
        code = organs[organ_id].code
    query = {"measure": measure, "since": wanted.period.since, "until": wanted.period.until}
    if code:
        query["organ"] = code
    for name, (by, _label) in measures.GROUPS.items():
        if by != "organ_id" and by in keys:
            query[name] = NOBODY if keys[by] is None else keys[by]
    return f"{reverse('watch:rows')}?{urlencode(query)}"


def share(part: int, base: int) -> str:
    """A rate in words; without a base there is none."""
    return f"{100 * part / base:.1f}%" if base else "—"


def base_words(part: int, base: int) -> str:
    return _("%(base)s 件中 %(part)s 件") % {"base": f"{base:,}", "part": f"{part:,}"} if base else _("没有可比的办结")


def _line(
    one: Figures, wanted: Asked, columns: Sequence[Column], called: Mapping[Any, Name], organs: Mapping[int, Any]
) -> Line:
    key = one.keys.get(wanted.by)
    return Line(
        name=called.get(key), label=group_label(wanted.by, key), cells=[_cell(one, c, wanted, organs) for c in columns]
    )


def group_label(by: str, key: Any) -> str | Promise:
    if by == "stage":
        return STAGES.get(key, str(key))
    if by == "kind":
        return measures.KINDS.get(key, str(key))
    if by == "channel":
        return words.word(words.CHANNELS, key)
    return _("未分科室") if by == "section_id" else _("还没有经办人") if by == "person_id" else ""


def _cell(one: Figures, column: Column, wanted: Asked, organs: Mapping[int, Any]) -> Cell:
    if column.kind == "days":
        days = one.percentile(column.share, column.name)
        cases = sum(one.spans.get(column.name, {}).values())
        return Cell(
            "—" if days is None else str(days),
            ngettext("%(n)s 件", "%(n)s 件", cases) % {"n": f"{cases:,}"} if cases else "",
        )
    if column.kind == "rate":
        part, base = one.rate(column.name)
        return Cell(share(part, base), base_words(part, base), rows_url(column.name, wanted, one.keys, organs))
    number = getattr(one, column.name)
    return Cell(f"{number:,}", "", rows_url(column.name, wanted, one.keys, organs) if number else "")


def _column(column: Column) -> str | Promise:
    if column.kind == "days":
        return measures.SPANS[column.name]
    return measures.RATES[column.name] if column.kind == "rate" else measures.MEASURES[column.name]


def _note(column: Column) -> str:
    if column.kind != "days":
        return ""
    half = column.share == 0.5
    return _("半数不超过，工作日") if half else _("九成不超过，工作日")


@dataclass(frozen=True, slots=True)
class Tile:
    label: str | Promise
    cell: Cell
    comparisons: list[str]


def _tiles(total: Figures, wanted: Asked, organs: Mapping[int, Any]) -> list[Tile]:
    before, year = wanted.period.before(), wanted.period.year_before()
    earlier = [
        (word, statistics.total(one.since, one.until, organ_ids=wanted.organ_ids))
        for word, one in ((_("环比"), before), (_("同比"), year))
    ]
    tiles = []
    for column in (Column("received"), Column("finished"), *(Column(n, "rate") for n in measures.RATES)):
        told = [(word, _compared(total, old, column)) for word, old in earlier]
        tiles.append(
            Tile(
                _column(column), _cell(total, column, wanted, organs), [f"{word} {said}" for word, said in told if said]
            )
        )
    tiles.append(Tile(measures.MEASURES["open_at_end"], _stock(total, wanted, organs), []))
    return tiles


def _stock(total: Figures, wanted: Asked, organs: Mapping[int, Any]) -> Cell:
    said = _("将到期 %(soon)s · 超期 %(late)s · 暂停 %(wait)s") % {
        "soon": f"{total.soon_at_end:,}", "late": f"{total.overdue_at_end:,}", "wait": f"{total.suspended_at_end:,}",
    }  # fmt: skip
    return Cell(f"{total.open_at_end:,}", said, rows_url("open_at_end", wanted, {}, organs))


def _compared(now: Figures, old: Figures, column: Column) -> str:
    """By how much, and against what; "" where the other period has nothing to compare with."""
    if column.kind == "rate":
        (part, base), (was, of) = now.rate(column.name), old.rate(column.name)
        if not base or not of:
            return ""
        return _("%(change)s 个百分点（%(was)s，%(base)s 件）") % {
            "change": f"{100 * part / base - 100 * was / of:+.1f}", "was": share(was, of), "base": f"{of:,}",
        }  # fmt: skip
    number, before = getattr(now, column.name), getattr(old, column.name)
    if not before:
        return ""
    return _("%(change)s%%（%(was)s 件）") % {
        "change": f"{100 * (number - before) / before:+.1f}",
        "was": f"{before:,}",
    }


# --- pictures ---


def _bars(groups: Sequence[Figures], wanted: Asked, called: Mapping[Any, Name]) -> SafeString:
    """What the largest groups finished and what they still have."""
    rows = [
        (_drawn_name(called.get(one.keys[wanted.by]), group_label(wanted.by, one.keys[wanted.by])), [one.in_time, one.finished - one.in_time, one.open_at_end])
        for one in groups[:DRAWN]
        if one.finished or one.open_at_end
    ]  # fmt: skip
    parts: list[str | Promise] = [measures.MEASURES["in_time"], _("其他办结"), measures.MEASURES["open_at_end"]]
    return charts.stacked(rows, parts, title=_("办结与在办"), key="groups")


def _drawn_name(name: Name | None, label: str | Promise) -> str | Promise:
    if name is None:
        return label
    return name.name_en if in_english() and name.name_en else name.name


@dataclass(frozen=True, slots=True)
class Backlog:
    drawing: SafeString
    days: list[tuple[date, dict[str, int]]]


def _backlog(wanted: Asked) -> Backlog:
    period = wanted.period
    stock = statistics.backlog(period.since, period.until, organ_ids=wanted.organ_ids)
    step = 1 if period.length <= LINE_DAYS else 7
    days = [(day, stock[day, 0]) for day in _every(period, step)]
    series = [
        (measures.MEASURES[f"{name}_at_end"], [row[name] for _day, row in days])
        for name in ("open", "overdue", "suspended")
    ]
    drawing = charts.lines(series, [short_day_words(day) for day, _row in days], title=_("每日期末在办、超期与暂停"))
    return Backlog(drawing if len(days) > 1 else SafeString(""), days)


def _every(period: Period, step: int) -> list[date]:
    """Days of the period at equal distances, its last among them."""
    return [period.until - DAY * back for back in range(0, period.length, step)][::-1]


def _seven(wanted: Asked, groups: Sequence[Figures], organs: Mapping[int, Any]) -> list[tuple[Promise, Cell, str]]:
    """七件: what came in, by kind, each with its share."""
    by_kind = (
        groups
        if wanted.by == "kind"
        else statistics.figures(wanted.period.since, wanted.period.until, by=("kind",), organ_ids=wanted.organ_ids)
    )
    found = {one.keys["kind"]: one for one in by_kind}
    whole_ = sum(one.received for one in by_kind)
    none = Figures({})
    return [
        (label, _cell(found.get(kind, none), Column("received"), wanted, organs), share(found.get(kind, none).received, whole_))
        for kind, label in measures.KINDS.items()
    ]  # fmt: skip


# --- the rows behind a figure ---


@dataclass(frozen=True, slots=True)
class CaseRow:
    fact: Any
    case: Any
    day: date
    applicant: str
    timeliness: str | Promise
    late: bool
    used: int | None


@desk(SEE, READ)
@require_safe
def rows(request: ActingRequest) -> HttpResponse:
    """The cases one figure counts, newest first."""
    wanted = asked(request)
    measure = request.GET.get("measure", "")
    since, until = reading.day(request.GET.get("since")), reading.day(request.GET.get("until"))
    if measure not in statistics.ROWS or since is None or until is None:
        raise Http404
    keys = _keys(request)
    page = statistics.rows(
        measure, since, until, organ_ids=wanted.organ_ids, after=_after(request), limit=PAGE + 1, **keys
    )
    shown = page[:PAGE]
    by = next(iter(keys), "")
    called = names(by, list(keys.values()))
    context = {
        "wanted": wanted,
        "title": measures.MEASURES[measure],
        "period": Period("range", since, until),
        "at_end": measure.endswith("_at_end"),
        "until": until,
        "group_name": called.get(keys[by]) if by else None,
        "group_label": group_label(by, keys[by]) if by and keys[by] not in called else "",
        "rows": [_case_row(fact, day) for fact, day in shown],
        "count": statistics.row_count(measure, since, until, organ_ids=wanted.organ_ids, **keys),
        "after": f"{shown[-1][1]}~{shown[-1][0].pk}" if len(page) > PAGE else "",
    }
    return render(request, "watch/statistics_rows.html", context)


def _keys(request: ActingRequest) -> dict[str, Any]:
    """At most one group besides the organ, as the links of the tables name it."""
    found: dict[str, Any] = {}
    for name, (by, _label) in measures.GROUPS.items():
        if by == "organ_id" or name not in request.GET:
            continue
        text = reading.key(request, name)
        number: Any = text if by in ("channel", "kind") else None if text == NOBODY else whole(text)
        if number is None and text != NOBODY:
            raise Http404
        found[by] = number
    if stage := reading.key(request, "stage"):
        found["stage"] = stage
    if len(found) > 1:
        raise Http404
    return found


def _after(request: ActingRequest) -> tuple[date, int] | None:
    day, _tilde, number = reading.key(request, "after").partition("~")
    on, position = reading.day(day), whole(number)
    return (on, position) if on is not None and position is not None else None


def _case_row(fact: Any, day: date) -> CaseRow:
    case = fact.case
    return CaseRow(
        fact=fact,
        case=case,
        day=day,
        applicant=case.applicant_name if case.enterprise_id else mask_name(case.applicant_name),
        timeliness=measures.TIMELINESS.get(fact.timeliness, ""),
        late=fact.timeliness.startswith("OVER"),
        used=fact.spans.get("used"),
    )
