"""差评, most urgent first: what waits for this person, all that is open, what has ended."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from zhengtong.base import calendar
from zhengtong.domains.rectifications import queries
from zhengtong.domains.registry import queries as registry
from zhengtong.rules.rectifications import Outcome, RectState
from zhengtong.rules.roles import Ability
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.desk.rectifications import words
from zhengtong.web.desk.rectifications.lamps import lamp_of

ALL = (Ability.SEE_ALL, Ability.KEEP_HALL, Ability.SUPERVISE)


def shown(rows: list[queries.Rectification], at: datetime) -> list[tuple[Any, ...]]:
    """(row, lamp, state, level) for a list."""
    known = calendar.current()
    return [
        (
            row,
            lamp_of(row, at, known),
            words.STATES[RectState(row.state)],
            words.LEVELS.get(str(row.level), row.level),
            words.OUTCOMES.get(row.outcome, ""),
        )
        for row in rows
    ]


@desk()
@require_safe
def listed(request: ActingRequest) -> HttpResponse:
    """Open ones. `?all=1`: not only what waits for oneself; `?state=`, `?organ=`, `?late=1` narrow it."""
    get, at, by = request.GET, timezone.now(), request.acting
    wanted: dict[str, Any] = {
        "state": get.get("state", "") if get.get("state") in set(RectState) - {RectState.CLOSED} else "",
        "organ_id": reading.number(get.get("organ")) if by.can(*ALL) else None,
        "late_at": at if get.get("late") == "1" else None,
    }
    narrowed = any(value not in ("", None) for value in wanted.values())
    mine = not narrowed and get.get("all") != "1"
    found = queries.rectifications(by, mine=mine, after=_after(request), limit=queries.PAGE + 1, **wanted)
    page = found[: queries.PAGE]
    last = page[-1] if len(found) > queries.PAGE else None
    context = {
        "rows": shown(page, at),
        "mine": mine,
        "narrowed": narrowed,
        "wanted": wanted,
        "counts": _counts(request, at),
        "after": f"{last.due_at.isoformat()}~{last.pk}" if last is not None and last.due_at is not None else "",
        "organs": list(registry.organs()) if by.can(*ALL) else [],
        "seer": by.can(Ability.SEE_ALL, Ability.REVISIT),
        "figures": by.can(Ability.SEE_ALL, Ability.READ_REPORTS),
    }
    return render(request, "desk/rectifications/list.html", context)


@desk()
@require_safe
def closed(request: ActingRequest) -> HttpResponse:
    get, at = request.GET, timezone.now()
    outcome = get.get("outcome", "") if get.get("outcome") in set(Outcome) else ""
    found = queries.closed(
        request.acting, outcome=outcome, before=reading.number(get.get("before")), limit=queries.PAGE + 1
    )
    page = found[: queries.PAGE]
    context = {
        "rows": shown(page, at),
        "outcome": outcome,
        "outcomes": words.OUTCOMES.items(),
        "before": page[-1].pk if len(found) > queries.PAGE else "",
    }
    return render(request, "desk/rectifications/closed.html", context)


def _after(request: ActingRequest) -> tuple[datetime, int] | None:
    """The mark of the page before: due instant and id; what makes no sense is the first page."""
    moment, _tilde, key = request.GET.get("after", "").partition("~")
    number = reading.number(key)
    try:
        due = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (due, number) if number is not None and due.tzinfo is not None else None


def _counts(request: ActingRequest, at: datetime) -> list[tuple[Any, int, str, bool]]:
    """(what, how many, the address of its rows, whether it presses)."""
    counted = queries.counts(request.acting, at=at)
    tiles: list[tuple[Any, int, str, bool]] = [
        (_("未办结"), counted["open"], "?all=1", False),
        (_("已超期"), counted["late"], "?late=1", counted["late"] > 0),
    ]
    return tiles + [
        (label, counted[state], f"?state={state}", False)
        for state, label in words.STATES.items()
        if state != RectState.CLOSED
    ]
