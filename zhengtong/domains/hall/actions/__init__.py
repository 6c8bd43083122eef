"""Every change in the hall. Flows say what follows what."""

from zhengtong.domains.hall.actions.house import QueueForm, change_queue, open_queue, set_hours, set_special_day
from zhengtong.domains.hall.actions.tickets import (
    Bearer,
    call_first,
    close,
    issue,
    leave,
    mark_near,
    pass_over,
    pin,
    put_back,
    recall,
    reveal,
    serve,
    start,
    transfer,
)
from zhengtong.domains.hall.actions.windows import close_left_open, close_window, open_window, seat

__all__ = [
    "Bearer",
    "QueueForm",
    "call_first",
    "change_queue",
    "close",
    "close_left_open",
    "close_window",
    "issue",
    "leave",
    "mark_near",
    "open_queue",
    "open_window",
    "pass_over",
    "pin",
    "put_back",
    "recall",
    "reveal",
    "seat",
    "serve",
    "set_hours",
    "set_special_day",
    "start",
    "transfer",
]
