"""How urgent a bad rating looks: the limit that runs now, in working days."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhengtong.domains.rectifications import queries
from zhengtong.rules.calendar import Calendar
from zhengtong.rules.clock import Light, local_date
from zhengtong.rules.rectifications import Outcome, RectState
from zhengtong.web.desk.lamps import Lamp
from zhengtong.web.desk.rectifications import words


def lamp_of(row: queries.Rectification, at: datetime, known: Calendar) -> Lamp:
    """A 暂定 date is never shown as late."""
    if row.state == RectState.CLOSED.value:
        return Lamp(Light.DONE, words.OUTCOMES[Outcome(row.outcome)])
    if row.due_on is None or row.due_at is None:
        return Lamp(Light.WAIT, words.STATES[RectState(row.state)])
    today = local_date(at)
    if row.due_at < at and not row.provisional:
        over = known.working_days(row.due_on, today)
        said = ngettext("超期 %(n)d 日", "超期 %(n)d 日", over) % {"n": over} if over else _("已超期")
        return Lamp(Light.LATE, said)
    left = max(known.working_days(today, row.due_on), 0)
    said = ngettext("剩 %(n)d 日", "剩 %(n)d 日", left) % {"n": left} if left else _("今日到期")
    return Lamp(Light.SOON if left <= 1 else Light.OK, said, provisional=row.provisional)
