"""The tables of process insight: one shape for the page and for its CSV, so that both always say the same.

Every count leads to the cases it counted. A page shows the first rows, the file all of them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zhengtong.rules.process_map import Edge, ProcessMap
from zhengtong.rules.process_map_log import STOPPED, TAIL, Activity
from zhengtong.rules.process_map_people import HandOvers, Load
from zhengtong.rules.process_map_times import Spans, StageTime
from zhengtong.rules.process_map_variants import EitherOrder, Rework, Variant
from zhengtong.web.frame.dates import day_words
from zhengtong.web.frame.language import marked
from zhengtong.web.watch.insight_words import (
    days_number,
    name,
    path_words,
    percent,
    plain_name,
    span_words,
    stage_words,
)

SHOWN = 30
_STAGE_FIGURES = {STOPPED: "stopped", TAIL: "tail"}

Link = Callable[[str], str]
Labels = Mapping[Activity, str]


@dataclass(frozen=True, slots=True)
class Cell:
    """`plain` is what the file says, when it is not the text. `part`: a bar from 0 to 1 beside the text."""

    text: str | SafeString
    url: str = ""
    plain: Any = None
    number: bool = False
    part: float | None = None

    @property
    def bar(self) -> str:
        return f"{100 * (self.part or 0):.1f}"


@dataclass(frozen=True)
class Table:
    key: str
    title: str
    heads: Sequence[tuple[str | Promise, bool]]  # (words, whether numbers stand under it)
    rows: Sequence[Sequence[Cell]]
    note: str = ""

    @property
    def shown(self) -> Sequence[Sequence[Cell]]:
        return self.rows[:SHOWN]

    @property
    def hidden(self) -> int:
        return max(0, len(self.rows) - SHOWN)

    def lines(self) -> Iterable[list[str]]:
        yield [str(words) for words, _ in self.heads]
        for row in self.rows:
            yield [str(cell.text if cell.plain is None else cell.plain) for cell in row]


def count(number: int, url: str = "") -> Cell:
    return Cell(f"{number:,}", url if number else "", number, number=True)


def _span(microseconds: float, part: float | None = None) -> Cell:
    return Cell(span_words(microseconds), plain=days_number(microseconds), number=True, part=part)


def _said(activity: Activity, labels: Labels, url: str = "") -> Cell:
    label = labels.get(activity, "")
    return Cell(name(activity, label), url, plain_name(activity, label))


def _three(of: Spans, most: float) -> list[Cell]:
    return [_span(of.total, of.total / most if most else None), _span(of.mean), _span(of.median), _span(of.p90)]


def _times(first: str) -> list[tuple[str, bool]]:
    return [(first, True), (_("平均"), True), (_("中位"), True), (_("九成以内"), True)]


def nodes(found: ProcessMap, labels: Labels, link: Link) -> Table:
    heads = [
        (_("环节"), False), (_("活动"), False), (_("次数"), True), (_("办件"), True), (_("占全部办件"), True),
        (_("由此开始"), True), (_("到此结束"), True),
    ]  # fmt: skip
    rows = [
        [
            Cell(stage_words(node.activity.stage)),
            _said(node.activity, labels, link(f"activity:{node.key}")),
            count(node.count),
            count(node.cases, link(f"activity:{node.key}")),
            Cell(percent(node.cases / found.cases), plain=f"{node.cases / found.cases:.6f}", number=True),
            count(node.starts, link(f"start:{node.key}")),
            count(node.ends, link(f"end:{node.key}")),
        ]
        for node in found.nodes
    ]
    return Table("nodes", _("活动"), heads, rows)


def edges(key: str, title: str, ways: Sequence[Edge], labels: Labels, link: Link, note: str = "") -> Table:
    """Ways of the map in the order given; the bar is the share of the longest total."""
    heads = [
        (_("从"), False), (_("到"), False), (_("次数"), True), (_("办件"), True), *_times(_("等待合计")),
        (_("工作日合计"), True),
    ]  # fmt: skip
    most = max((way.time.total for way in ways), default=0)
    rows = [
        [
            _said(way.source, labels),
            _said(way.target, labels),
            count(way.count),
            count(way.cases, link(f"edge:{way.key}")),
            *_three(way.time, most),
            _span(way.working.total),
        ]
        for way in ways
    ]
    return Table(key, title, heads, rows, note)


def stages(found: Sequence[StageTime], link: Link) -> Table:
    heads = [
        (_("环节"), False), (_("动作"), True), (_("办件"), True), (_("占全部时间"), True), *_times(_("时间合计")),
        (_("工作日合计"), True), (_("工作日中位"), True),
    ]  # fmt: skip
    most = max((one.spans.total for one in found), default=0)
    rows = [
        [
            Cell(stage_words(one.stage)),
            count(one.acts),
            count(one.cases, link(_STAGE_FIGURES.get(one.stage, f"stage:{one.stage}"))),
            Cell(percent(one.share), plain=f"{one.share:.6f}", number=True),
            *_three(one.spans, most),
            _span(one.working.total),
            _span(one.working.median),
        ]
        for one in found
    ]
    note = _("一个动作之前的等待算在该动作的环节里，第一个动作从收件算起；每件的同一环节合在一起。")
    return Table("stages", _("各环节用时"), heads, rows, note)


def returns(found: Rework, link: Link) -> Table:
    heads = [(_("从"), False), (_("退回到"), False), (_("次数"), True), (_("办件"), True), (_("占全部办件"), True)]
    rows = [
        [
            Cell(stage_words(one.source)),
            Cell(stage_words(one.target)),
            count(one.count),
            count(one.cases, link(f"back:{one.source}-{one.target}")),
            Cell(percent(one.cases / found.cases), plain=f"{one.cases / found.cases:.6f}", number=True),
        ]
        for one in found.returns
    ]
    return Table("returns", _("回到前面环节"), heads, rows)


def repeats(found: Rework, link: Link) -> Table:
    heads = [
        (_("环节"), False), (_("活动"), False), (_("多做的次数"), True), (_("其中紧接着重做"), True),
        (_("重做的办件"), True), (_("做过的办件"), True), (_("重做率"), True),
    ]  # fmt: skip
    rows = [
        [
            Cell(stage_words(one.activity.stage)),
            _said(one.activity, {one.activity: one.label}),
            count(one.again),
            count(one.at_once),
            count(one.cases, link(f"repeat:{one.activity.key}")),
            count(one.base, link(f"activity:{one.activity.key}")),
            Cell(percent(one.cases / one.base), plain=f"{one.cases / one.base:.6f}", number=True),
        ]
        for one in found.repeats
    ]
    return Table("repeats", _("重复的活动"), heads, rows)


def either_order(found: Sequence[EitherOrder], labels: Labels, link: Link) -> Table:
    heads = [(_("甲"), False), (_("乙"), False), (_("先甲后乙"), True), (_("先乙后甲"), True)]
    rows = [
        [
            _said(one.one, labels),
            _said(one.other, labels),
            count(one.forth, link(f"edge:{one.one.key}-{one.other.key}")),
            count(one.back, link(f"edge:{one.other.key}-{one.one.key}")),
        ]
        for one in found
    ]
    note = _(
        "两个活动常以两种先后紧接出现，说明谁先谁后无关紧要，或可并行。每种至少 5 次，少的一种不低于另一种的四分之一。"
    )
    return Table("either", _("先后不定的活动"), heads, rows, note)


def hands(found: HandOvers, names: Mapping[int, str], link: Link) -> Table:
    heads = [(_("交出"), False), (_("接手"), False), (_("次数"), True), (_("办件"), True), (_("其中来回"), True)]
    rows = [
        [
            Cell(marked(names.get(one.giver, "—")), link(f"person:{one.giver}"), names.get(one.giver, "—")),
            Cell(marked(names.get(one.taker, "—")), link(f"person:{one.taker}"), names.get(one.taker, "—")),
            Cell(f"{one.count:,}", plain=one.count, number=True, part=one.count / found.rows[0].count),
            count(one.cases, link(f"hand:{one.giver}-{one.taker}")),
            count(one.back),
        ]
        for one in found.rows
    ]
    return Table(
        "hands", _("交接"), heads, rows, _("同一办件先后两个动作换了人，算一次交接；“来回”是又回到上上一个人手里。")
    )


def loads(found: Sequence[Load], names: Mapping[int, str], link: Link) -> Table:
    heads = [
        (_("人员"), False), (_("动作"), True), (_("办件"), True), (_("有动作的周"), True), (_("每周动作"), True),
        (_("最忙的一周"), False), (_("那周动作"), True), (_("经手前等待中位"), True), (_("从"), False), (_("到"), False),
    ]  # fmt: skip
    most = found[0].acts if found else 1
    rows = [
        [
            Cell(marked(names.get(one.person, "—")), plain=names.get(one.person, "—")),
            Cell(f"{one.acts:,}", plain=one.acts, number=True, part=one.acts / most),
            count(one.cases, link(f"person:{one.person}")),
            count(one.weeks),
            Cell(f"{one.per_week:.1f}", plain=f"{one.per_week:.6f}", number=True),
            Cell(day_words(one.busiest), plain=one.busiest.isoformat()),
            count(one.busiest_acts),
            _span(one.wait.median),
            Cell(day_words(one.first), plain=one.first.isoformat()),
            Cell(day_words(one.last), plain=one.last.isoformat()),
        ]
        for one in found
    ]
    note = _("周从星期一算起。动作多少不等于贡献大小：活动有轻有重。")
    return Table("loads", _("工作量"), heads, rows, note)


def variants(found: Sequence[Variant], labels: Mapping[Activity, str], link: Link) -> Table:
    heads = [
        (_("走法"), False), (_("步数"), True), (_("办件"), True), (_("占全部办件"), True), (_("累计"), True),
        (_("收件到办结中位"), True), (_("已办结"), True), (_("其中超期"), True),
    ]  # fmt: skip
    rows, running = [], 0.0
    for one in found:
        running += one.share
        words = path_words(one.path, dict(labels))
        rows.append(
            [
                Cell(words, link(f"variant:{one.key}"), " → ".join(plain_name(a, labels.get(a, "")) for a in one.path)),
                count(len(one.path)),
                count(one.cases, link(f"variant:{one.key}")),
                Cell(percent(one.share), plain=f"{one.share:.6f}", number=True, part=one.share),
                Cell(percent(min(running, 1)), plain=f"{min(running, 1):.6f}", number=True),
                _span(one.time.median) if one.time.count else Cell("—", plain="", number=True),
                count(one.time.count),
                count(one.late),
            ]
        )
    return Table("variants", _("走法"), heads, rows)
