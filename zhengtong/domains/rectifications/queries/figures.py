"""§6.6 in figures: how many were put right, in time, called back; every rate keeps what it is made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncMonth

from zhengtong.base.permission import Acting
from zhengtong.domains.rectifications.models import Rectification
from zhengtong.domains.rectifications.queries.who import PAGE, seen_by, shown
from zhengtong.rules.clock import SHANGHAI, end_of, start_of
from zhengtong.rules.rectifications import JUSTIFIED


@dataclass(frozen=True, slots=True)
class Figures:
    """§6.6. Every rate keeps what it is made of. `due`: justified ones whose limit to mend ended in the period."""

    opened: int = 0
    closed: int = 0
    due: int = 0
    mended: int = 0
    in_time: int = 0
    late: int = 0
    named: int = 0  # closed real-name ones
    revisited: int = 0
    satisfied: int = 0
    reopened: int = 0
    set_aside: int = 0

    @property
    def rectified_rate(self) -> float | None:
        return self.mended / self.due if self.due else None

    @property
    def on_time_rate(self) -> float | None:
        return self.in_time / self.due if self.due else None

    @property
    def revisit_rate(self) -> float | None:
        return self.revisited / self.named if self.named else None

    @property
    def satisfied_rate(self) -> float | None:
        """Of those called back, content with what was done."""
        return self.satisfied / self.revisited if self.revisited else None


GROUPS: Mapping[str, str] = {"organ": "organ_id", "section": "section_id", "month": "month"}
_JUSTIFIED = [verdict.value for verdict in JUSTIFIED]


_NAMED = Q(real_name=True)
# Every figure: which rows it is drawn from, and which of them it counts.
PARTS: Mapping[str, tuple[str, Q]] = {
    "opened": ("opened", Q()),
    "reopened": ("opened", Q(turn__gt=1)),
    "due": ("due", Q()),
    "mended": ("due", Q(mended_at__isnull=False)),
    "in_time": ("due", Q(mended_at__isnull=False, mended_at__lte=F("mend_due_at"))),
    "late": ("due", Q(mended_at__isnull=True) | Q(mended_at__gt=F("mend_due_at"))),
    "closed": ("closed", Q()),
    "named": ("closed", _NAMED),
    "revisited": ("closed", _NAMED & Q(revisited_at__isnull=False)),
    "satisfied": ("closed", _NAMED & Q(satisfied=True)),
    "set_aside": ("closed", Q(outcome__in=["MISTAKEN", "UNTRUE"])),
}
_MOMENTS = {"opened": "opened_at", "due": "mend_due_on", "closed": "closed_at"}
_COUNTED = tuple(
    (base, moment, {name: Count("pk", filter=condition) for name, (of, condition) in PARTS.items() if of == base})
    for base, moment in _MOMENTS.items()
)


def figures(
    by: Acting, since: date, until: date, *, group: str = "", organ_id: int | None = None
) -> dict[Any, Figures]:
    """Per organ id, section id or month (its first day), both days included; "" groups nothing: one entry under None.

    Three queries, whatever there is.
    """
    sums: dict[Any, dict[str, int]] = {}
    for part, moment, counted in _COUNTED:
        rows = _rows_of(part, since, until).filter(seen_by(by))
        if organ_id is not None:
            rows = rows.filter(organ_id=organ_id)
        grouped: Any
        if group == "month":
            month = TruncMonth(moment, tzinfo=SHANGHAI) if moment.endswith("_at") else TruncMonth(moment)
            grouped = rows.order_by().annotate(month=month).values("month").annotate(**counted)
        elif group:
            grouped = rows.order_by().values(GROUPS[group]).annotate(**counted)
        else:
            grouped = [rows.aggregate(**counted)]
        for row in grouped:
            key = row.get(GROUPS[group]) if group else None
            if isinstance(key, datetime):
                key = key.astimezone(SHANGHAI).date()
            own = sums.setdefault(key, {})
            for name in counted:
                own[name] = own.get(name, 0) + row[name]
    return {key: Figures(**own) for key, own in sums.items()}


def _rows_of(
    part: str, since: date, until: date, among: QuerySet[Rectification] | None = None
) -> QuerySet[Rectification]:
    first, last = start_of(since), end_of(until)
    rows = Rectification.objects.all() if among is None else among
    if part == "opened":
        return rows.filter(opened_at__gte=first, opened_at__lte=last)
    if part == "due":
        return rows.filter(mend_due_on__gte=since, mend_due_on__lte=until, verdict__in=_JUSTIFIED)
    return rows.filter(closed_at__gte=first, closed_at__lte=last)


def late_by_organ(since: date, until: date) -> dict[int, int]:
    """Organ → bad ratings found justified that were not mended when their limit ended in the period: what scores count."""
    base, condition = PARTS["late"]
    rows = _rows_of(base, since, until).filter(condition).order_by()
    return dict(rows.values_list("organ_id").annotate(n=Count("pk")))


def figure_rows(
    by: Acting,
    part: str,
    since: date,
    until: date,
    *,
    organ_id: int | None = None,
    section_id: int | None = None,
    before: int | None = None,
    limit: int = PAGE,
) -> list[Rectification]:
    """The rows that a figure counts, newest first."""
    base, condition = PARTS[part]
    rows = _rows_of(base, since, until, shown()).filter(seen_by(by)).filter(condition)
    wanted = {"organ_id": organ_id, "section_id": section_id, "pk__lt": before}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    return list(rows.order_by("-pk")[:limit])
