"""What the lights of the board are called."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LIGHTS: dict[str, Promise] = {
    "over_legal": _("超法定期限"),
    "late": _("超期"),
    "soon": _("将到期"),
    "ok": _("在限"),
    "wait": _("暂停计时"),
    "open": _("全部期限"),
}
