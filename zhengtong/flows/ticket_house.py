"""大厅管理: queues, hours and days that are different. One domain changes; doors come in through here all the same."""

from zhengtong.domains.hall.actions import (
    QueueForm,
    change_queue,
    open_queue,
    set_hours,
    set_special_day,
)

__all__ = ["QueueForm", "change_queue", "open_queue", "set_hours", "set_special_day"]
