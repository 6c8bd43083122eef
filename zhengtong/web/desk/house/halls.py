"""大厅: the houses of the network, on their levels: centre, township stations, village points."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from zhengtong.domains.registry import actions, queries
from zhengtong.domains.registry.queries import Hall
from zhengtong.rules.refusal import RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house.choosing import NameSelect
from zhengtong.web.desk.house.places import _status
from zhengtong.web.frame.refusals import refused_on

KEEP, CALENDAR, HALL = Ability.KEEP_PEOPLE, Ability.KEEP_CALENDAR, Ability.KEEP_HALL
KINDS = {
    Hall.CENTRE: gettext_lazy("政务服务中心（县级大厅）"),
    Hall.STATION: gettext_lazy("乡镇（街道）便民服务站"),
    Hall.POINT: gettext_lazy("村（社区）便民服务点"),
}


class HallForm(forms.Form):
    code = forms.RegexField(
        r"^[0-9A-Za-z-]{1,20}$",
        label=gettext_lazy("大厅编号"),
        help_text=gettext_lazy("字母、数字和短横，用在地址和设备上，定了不能改"),
        error_messages={"invalid": gettext_lazy("只能用字母、数字和短横。")},
    )
    kind = forms.ChoiceField(label=gettext_lazy("层级"), choices=list(KINDS.items()))
    name = forms.CharField(label=gettext_lazy("大厅名称"), max_length=100)
    name_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=100, required=False)
    region = forms.ChoiceField(label=gettext_lazy("行政区划"), widget=NameSelect)
    address = forms.CharField(label=gettext_lazy("地址"), max_length=200, required=False)
    phone = forms.CharField(label=gettext_lazy("电话"), max_length=50, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        field: Any = self.fields["region"]
        field.choices = [("", _("请选择")), *((code, f"{name} {code}") for code, name in queries.places(level=6))]


@desk(KEEP, CALENDAR, HALL)
@require_http_methods(["GET", "POST"])
def halls(request: ActingRequest) -> HttpResponse:
    """A hall with `?edit=` in the address is changed; without, one is added."""
    chosen = request.GET.get("edit", "").replace("\x00", "")
    hall = queries.hall_for(chosen) if chosen else None
    start = (
        {
            "kind": hall.kind, "name": hall.name, "name_en": hall.name_en, "region": hall.region.code,
            "address": hall.address, "phone": hall.phone,
        }
        if hall
        else None
    )  # fmt: skip
    form = HallForm(request.POST or None, initial=start)
    if hall:
        del form.fields["code"]
    if form.is_valid():
        asked = form.cleaned_data
        with refused_on(form, {RefusalCode.HALL_EXISTS: "name", RefusalCode.HALL_REGION: "region"}):
            actions.keep_hall(
                hall, by=request.acting, at=timezone.now(), **{"code": hall.code if hall else "", **asked}
            )
    if form.is_valid():
        messages.success(request, _("已保存。"))
        return redirect("desk:halls")
    rows = [(row, KINDS[row.kind]) for row in queries.halls()]
    context = {"form": form, "hall": hall, "rows": rows}
    return render(request, "desk/house/halls.html", context, status=_status(form))
