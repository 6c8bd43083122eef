from collections.abc import Iterator, Sequence
from datetime import date, datetime

from django.db import transaction

from zhengtong.base import calendar
from zhengtong.base.deadlines.actions import recompute
from zhengtong.base.law import current_law
from zhengtong.base.permission import Acting
from zhengtong.domains.cases import actions
from zhengtong.domains.cases import queries as cases
from zhengtong.domains.knowledge import actions as article_actions
from zhengtong.domains.knowledge import queries as knowledge
from zhengtong.domains.letters import actions as letter_actions
from zhengtong.domains.letters import queries as letters
from zhengtong.domains.orders import actions as order_actions
from zhengtong.domains.orders import queries as orders
from zhengtong.domains.rectifications import actions as rectification_actions
from zhengtong.domains.rectifications import queries as rectifications
from zhengtong.domains.supervision import queries as supervision
from zhengtong.domains.supervision.actions import follow_moved_limit
from zhengtong.rules.notice import NoticeDay
from zhengtong.rules.roles import Ability

TOLD_EVERY = 200  # moved limits between two words of progress


def change_calendar(year: int, days: Sequence[NoticeDay], *, source: str, by: Acting, at: datetime) -> int:
    """Loads a year's holiday notice and moves every open limit it touches, each with a journal entry that says why.

    Returns how many limits moved. All or nothing: a notice half applied would make two calendars.
    """
    moved = 0
    for moved in change_calendar_step_by_step(year, days, source=source, by=by, at=at):  # noqa: B007  (the last one told)
        pass
    return moved


def change_calendar_step_by_step(
    year: int, days: Sequence[NoticeDay], *, source: str, by: Acting, at: datetime
) -> Iterator[int]:
    """The same, telling how many limits have moved so far. Dropped before its end, it undoes all it did."""
    by.check(Ability.KEEP_CALENDAR)
    with transaction.atomic():
        changed: list[date] = calendar.load_notice(year, days, source=source, by=by, at=at)
        told = 0
        for moved in recompute(changed, calendar.current()):
            found = cases.cases_by_numbers([m.deadline.subject_key for m in moved if m.deadline.subject_kind == "case"])
            owed = orders.orders_by_numbers(
                [m.deadline.subject_key for m in moved if m.deadline.subject_kind == "order"]
            )
            cards = supervision.cards_by_numbers(
                [m.deadline.subject_key for m in moved if m.deadline.subject_kind == "card"]
            )
            bad = rectifications.by_numbers(
                [m.deadline.subject_key for m in moved if m.deadline.subject_kind == "rectification"]
            )
            written = letters.letters_by_numbers(
                [m.deadline.subject_key for m in moved if m.deadline.subject_kind == "letter"]
            )
            known = knowledge.articles_by_keys(
                [m.deadline.subject_key for m in moved if m.deadline.subject_kind == "article"]
            )
            for count, move in enumerate(moved, start=1):
                article = known.get(move.deadline.subject_key)
                if article is not None:
                    article_actions.follow_moved_review(
                        article, move.deadline, old=move.old_due_on, reason=f"{year}年放假安排：{source}", by=by, at=at
                    )
                letter = written.get(move.deadline.subject_key)
                if letter is not None:
                    letter_actions.follow_moved_limit(
                        letter, move.deadline, old=move.old_due_on, reason=f"{year}年放假安排：{source}", by=by, at=at
                    )
                card = cards.get(move.deadline.subject_key)
                if card is not None:
                    follow_moved_limit(
                        card, move.deadline, old=move.old_due_on, reason=f"{year}年放假安排：{source}", by=by, at=at
                    )
                order = owed.get(move.deadline.subject_key)
                if order is not None:
                    order_actions.follow_moved_term(
                        order, move.deadline, law=current_law(), old=move.old_due_on,
                        reason=f"{year}年放假安排：{source}", by=by, at=at,
                    )  # fmt: skip
                rated = bad.get(move.deadline.subject_key)
                if rated is not None:
                    rectification_actions.follow_moved_limit(
                        rated, move.deadline, old=move.old_due_on, reason=f"{year}年放假安排：{source}", by=by, at=at
                    )
                case = found.get(move.deadline.subject_key)
                if case is not None:
                    reason = f"{year}年放假安排：{source}"
                    actions.follow_moved_deadline(case, move.deadline, old=move.old_due_on, reason=reason, by=by, at=at)
                if count % TOLD_EVERY == 0:
                    yield told + count
            told += len(moved)
            yield told
