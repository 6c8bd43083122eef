"""What the measures, rates and groups of statistics are called, and which columns a table of them has."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhengtong.rules.tally import SevenKind, Span

MEASURES: dict[str, Promise] = {
    "received": _("收件"),
    "accepted": _("受理"),
    "declined": _("不予受理"),
    "supplements": _("一次性告知补正"),
    "second_notices": _("再次告知补正"),
    "lapsed": _("补正不来"),
    "finished": _("办结"),
    "granted": _("准予"),
    "refused": _("不予准许"),
    "withdrawn": _("撤回"),
    "voided": _("作废"),
    "timed": _("有期限的办结"),
    "in_time": _("按期办结"),
    "promised": _("承诺类办结"),
    "early": _("提前办结"),
    "immediate": _("当场办结"),
    "over_promise": _("超承诺期限"),
    "over_legal": _("超法定期限"),
    "open_at_end": _("期末在办"),
    "suspended_at_end": _("期末暂停"),
    "soon_at_end": _("期末将到期"),
    "overdue_at_end": _("期末超期"),
}
RATES: dict[str, Promise] = {
    "in_time": _("按期办结率"),
    "early": _("提前办结率"),
    "immediate": _("即办率"),
}
KINDS: dict[str, Promise] = {
    SevenKind.IMMEDIATE: _("即办件"),
    SevenKind.PROMISED: _("承诺件"),
    SevenKind.JOINT: _("联办件"),
    SevenKind.REPORTED: _("上报件"),
    SevenKind.RETURNED: _("退回件"),
    SevenKind.SPECIAL: _("特办件"),
    SevenKind.AGENT: _("代办件"),
}
SPANS: dict[str, Promise] = {
    Span.USED: _("受理到决定"),
    Span.WAITED: _("收件到受理"),
    Span.PAUSED: _("依法暂停"),
    Span.ACCEPT: _("受理环节"),
    Span.PROCESS: _("承办环节"),
    Span.REVIEW: _("审核环节"),
    Span.APPROVE: _("批准环节"),
    Span.FINISH: _("办结环节"),
}
GROUPS: dict[str, tuple[str, Promise]] = {
    "organ": ("organ_id", _("部门")),
    "section": ("section_id", _("科室")),
    "item": ("item_id", _("事项")),
    "channel": ("channel", _("渠道")),
    "kind": ("kind", _("件类")),
    "person": ("person_id", _("人员")),
}
TIMELINESS: dict[str, Promise] = {
    "IMMEDIATE_OK": _("当场办结"),
    "EARLY": _("提前办结"),
    "ON_TIME": _("按期办结"),
    "OVER_PROMISE": _("超承诺期限"),
    "OVER_LEGAL": _("超法定期限"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A measure, a rate, or a percentile of a span."""

    name: str
    kind: str = "count"  # count, rate, days
    share: float = 0.5


def _days(*spans: str) -> tuple[Column, ...]:
    return tuple(Column(span, "days", share) for span in spans for share in (0.5, 0.9))


TABLES: dict[str, tuple[Promise, tuple[Column, ...]]] = {
    "volume": (
        _("件数"),
        tuple(map(Column, ("received", "accepted", "declined", "supplements", "lapsed", "finished", "granted", "refused", "withdrawn", "voided"))),
    ),
    "time": (
        _("时效"),
        (
            Column("finished"),
            *(Column(name, "rate") for name in RATES),
            Column("over_promise"),
            Column("over_legal"),
            *map(Column, ("open_at_end", "suspended_at_end", "soon_at_end", "overdue_at_end")),
        ),
    ),
    "days": (_("用时"), (Column("finished"), *_days("used", "waited"), *(Column(span, "days", 0.9) for span in ("PROCESS", "REVIEW", "APPROVE", "FINISH")))),
}  # fmt: skip
