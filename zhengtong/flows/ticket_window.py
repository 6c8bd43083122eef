"""开窗、关窗."""

from datetime import datetime, timedelta

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.hall import actions
from zhengtong.domains.hall.models import Sitting
from zhengtong.domains.registry import queries as registry


@transaction.atomic
def open_window(window_id: int, *, by: Acting, at: datetime) -> Sitting:
    """The clerk sits down. WINDOW_TAKEN, WINDOW_BUSY (somebody is still at their other window), WINDOW_OF_OTHER_ORGAN."""
    return actions.open_window(registry.window_for(window_id), by=by, at=at)


@transaction.atomic
def close_window(window_id: int, *, minutes: int | None = None, by: Acting, at: datetime) -> None:
    """For good today, or for some minutes: estimates then count on the window's coming back. WINDOW_SHUT, WINDOW_BUSY.

    Closed for good, it lets those go who were sent to it alone: any other window of their queue may call them.
    """
    back_at = at + timedelta(minutes=minutes) if minutes else None
    actions.close_window(registry.window_for(window_id), back_at=back_at, by=by, at=at)
    if back_at is None:
        actions.let_go(window_id, by=by, at=at)
