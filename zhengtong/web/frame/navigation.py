"""The ways through the public house, in the order they are shown. A door that is not built yet has no way to it."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Way:
    route: str
    label: Promise | str
    less: bool = False  # left out in elder mode


@dataclass(frozen=True, slots=True)
class ShownWay:
    url: str
    label: Promise | str
    current: str  # value of aria-current
    less: bool


PORTAL_WAYS = (
    Way("portal:home", _("首页")),
    Way("portal:items", _("办事")),
    Way("portal:track", _("查进度")),
    Way("portal:my_cases", _("我的办件")),
    Way("portal:hall", _("大厅")),
    Way("portal:letters", _("写信")),
)


def portal_ways(request: HttpRequest) -> list[ShownWay]:
    shown = []
    for way in PORTAL_WAYS:
        try:
            url = reverse(way.route)
        except NoReverseMatch:
            continue
        inside = url != "/" and request.path.startswith(url)
        current = "page" if request.path == url else "true" if inside else ""
        shown.append(ShownWay(url, way.label, current, way.less))
    return shown
