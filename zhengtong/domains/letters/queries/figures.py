"""来信统计: every figure with its base, and the rows behind it."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q

from zhengtong.base.permission import Acting
from zhengtong.domains.letters.models import (
    Letter,
    Reply,
)
from zhengtong.domains.letters.queries.lists import asked_for, earlier_than, overdue
from zhengtong.domains.letters.queries.who import PAGE, RUNNING_STATES, WITH, seen_by
from zhengtong.rules.letters import LetterState

WITHIN_FIELDS = {1: "within_1", 5: "within_5", 10: "within_10", 15: "within_15", 20: "within_20"}
GROUPS = {
    "organ": "organ_id",
    "kind": "kind",
    "mailbox": "mailbox",
    "category": "category_id",
    "section": "section_id",
}
_ENDED_OTHERWISE = [
    state.value
    for state in (
        LetterState.TRANSFERRED,
        LetterState.CONVERTED,
        LetterState.WITHDRAWN,
        LetterState.MERGED,
        LetterState.REFUSED,
    )
]
_REPLIED = Q(replied_at__isnull=False)


def _measures(at: datetime) -> dict[str, Q]:
    """Each figure as the rows it counts: the same condition makes the number and its list."""
    measures = {
        "received": Q(),
        "replied": _REPLIED,
        "late": Q(replied_late=True) | overdue(at),
        "open": Q(state__in=RUNNING_STATES),
        "otherwise": Q(state__in=_ENDED_OTHERWISE),
        "extended": Q(extended=True),
        "reopened": Q(round__gt=1),
        "revisited": ~Q(satisfaction=""),
        "satisfied": Q(satisfaction="satisfied"),
        "confirmed": Q(finding__in=["confirmed", "partly"]),
        "urged": Q(urged__gt=0),
    }
    for days, name in WITHIN_FIELDS.items():
        measures[name] = Q(answer_days__lte=days)
    return measures


MEASURES = ("received", "replied", *WITHIN_FIELDS.values(), "late", "open", "otherwise", "extended", "reopened",
            "revisited", "satisfied", "confirmed", "urged")  # fmt: skip


def figures(by: Acting, since: date, until: date, *, group: str, at: datetime, **asked: Any) -> list[dict[str, Any]]:
    """Letters received in the period by a group: {key, measure: count}. One query, from the rows this person may see."""
    field = GROUPS[group]
    rows = asked_for(by, since=since, until=until, **asked).order_by().values(key=F(field))
    counted: dict[str, Any] = {name: Count("pk", filter=q) if q else Count("pk") for name, q in _measures(at).items()}
    return [dict(row) for row in rows.annotate(**counted)]


def rows_behind(
    by: Acting,
    measure: str,
    since: date,
    until: date,
    *,
    at: datetime,
    group: str = "",
    key: Any = None,
    before: str = "",
    limit: int = PAGE,
    **asked: Any,
) -> list[Letter]:
    """The letters one figure counts, newest first; `group` and `key`: only one line of the table."""
    rows = asked_for(by, since=since, until=until, **asked).filter(_measures(at)[measure])
    if group:
        number = key if key is None or group in ("kind", "mailbox") else whole_number(key)
        rows = rows.filter(**({f"{GROUPS[group]}__isnull": True} if number is None else {GROUPS[group]: number}))
    return list(
        earlier_than(rows, "received_at", before).select_related(*WITH).order_by("-received_at", "-number")[:limit]
    )


def whole_number(text: Any) -> int:
    """An id out of an address; what is none names nothing."""
    return int(text) if str(text).isdecimal() and str(text).isascii() and len(str(text)) < 19 else 0


def counted_letters(by: Acting, log: str = "") -> Iterator[tuple[date, datetime | None, bool]]:
    """(day received, moment answered, whether the reply says anything), of one imported source or of all letters."""
    rows = Letter.objects.filter(seen_by(by))
    if log:
        rows = rows.filter(external_key__startswith=f"{log}:")
    said = Exists(Reply.objects.filter(letter=OuterRef("pk"), state=Reply.SENT).exclude(text=""))
    found = rows.annotate(said=said).order_by("pk").values_list("received_on", "replied_at", "said")
    return found.iterator(chunk_size=2_000)
