"""Who opened and closed which window when, who changed the hours from what to what: the hall's journal in words."""

from collections.abc import Iterable
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from zhengtong.base.journal.queries import entries_of, facts_of
from zhengtong.domains.hall import queries as hall
from zhengtong.rules.kinds import Kind
from zhengtong.web.desk.hall import words
from zhengtong.web.frame.acts import said, who
from zhengtong.web.frame.dates import day_words


def sitting_acts(hall_id: int, on: date) -> list[dict[str, Any]]:
    return [_act(entry, _sat(facts_of(entry))) for entry in hall.sitting_acts(hall_id, on)]


def _sat(facts: dict[str, Any]) -> str:
    window = _numbered(facts["window"])
    back = facts.get("row", {}).get("back_at")
    if back:
        clock = date_format(timezone.localtime(datetime.fromisoformat(back)), "H:i")
        return _("%(window)s，%(clock)s 回来") % {"window": window, "clock": clock}
    return window


def _numbered(window: str) -> str:
    return _("%(window)s 号窗口") % {"window": window}


def hours_acts(hall_code: str, windows: Iterable[Any]) -> list[dict[str, Any]]:
    numbers = {str(window.pk): window.number for window in windows}
    return [_act(entry, _changed(entry, numbers)) for entry in hall.hours_acts(hall_code)]


def _changed(entry: Any, numbers: dict[str, str]) -> str:
    facts = facts_of(entry)
    _hall, _sign, key = entry.subject_key.partition("/")
    if entry.kind == Kind.OPENING_HOURS_CHANGED:
        _week, _sign, window = key.partition("/")
        whose = _numbered(numbers[window]) if window else _("整个大厅")
        return _said(whose, _week_said(facts.get("was", {})), _week_said(facts["row"]["week"]))
    now = _("按平时") if entry.kind == Kind.SPECIAL_DAY_CANCELLED else facts["row"]["hours"] or _("不开放")
    was = (facts["was"] or _("不开放")) if "was" in facts else _("按平时")
    return _said(day_words(date.fromisoformat(key)), was, now)


def queue_acts(queue: Any) -> list[dict[str, Any]]:
    """Each act with what it changed; the row it left tells, beside the one before."""
    row: dict[str, Any] = {}
    acts = []
    for entry in entries_of(queue.journal_kind, queue.journal_key):
        left = facts_of(entry).get("row", {})
        changed = [(label, row.get(name), left[name]) for name, label in words.QUEUE_FIELDS.items() if name in left]
        lines = [_said(label, said(was), said(now)) for label, was, now in changed if row and was != now]
        row |= left
        acts.append(_act(entry, " · ".join(lines)))
    return acts[::-1]


def _said(what: Any, was: str, now: str) -> str:
    return _("%(what)s：%(was)s → %(now)s") % {"what": what, "was": was, "now": now}


def _week_said(week: dict[str, str]) -> str:
    """Days in a row that keep the same hours stand together: 周一–周五 09:00-12:00."""
    spans = []
    for text, run in groupby(range(7), lambda weekday: week.get(str(weekday), "")):
        days = list(run)
        names = [str(words.WEEKDAYS[weekday]) for weekday in (days if len(days) == 1 else (days[0], days[-1]))]
        if text:
            spans.append(f"{'–'.join(names)} {text}")
    return " · ".join(spans) or str(_("平时的时间"))


def _act(entry: Any, text: str) -> dict[str, Any]:
    return {"title": words.ACTS[entry.kind], "text": text, "at": entry.at, "who": who(entry)}
