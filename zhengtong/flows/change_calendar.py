from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from zhengtong.base import calendar
from zhengtong.base.deadlines.actions import recompute
from zhengtong.base.permission import Acting
from zhengtong.domains.cases import actions
from zhengtong.domains.cases import queries as cases
from zhengtong.rules.notice import NoticeDay
from zhengtong.rules.roles import Ability


@transaction.atomic
def change_calendar(year: int, days: Sequence[NoticeDay], *, source: str, by: Acting, at: datetime) -> int:
    """Loads a year's holiday notice and moves every open limit it touches, each with a journal entry that says why.

    Returns how many limits moved. All or nothing: a notice half applied would make two calendars.
    """
    by.check(Ability.KEEP_CALENDAR)
    changed: list[date] = calendar.load_notice(year, days, source=source, by=by, at=at)
    moved_count = 0
    for moved in recompute(changed, calendar.current()):
        found = cases.cases_by_numbers([m.deadline.subject_key for m in moved if m.deadline.subject_kind == "case"])
        for move in moved:
            case = found.get(move.deadline.subject_key)
            if case is not None:
                actions.follow_moved_deadline(
                    case, move.deadline, old=move.old_due_on, reason=f"{year}年放假安排：{source}", by=by, at=at
                )
        moved_count += len(moved)
    return moved_count
