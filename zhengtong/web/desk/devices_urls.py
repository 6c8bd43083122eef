"""The hall's machines at the desk."""

from django.urls import URLPattern, URLResolver, path

from zhengtong.web.desk import devices

urlpatterns: list[URLPattern | URLResolver] = [
    path("devices/", devices.devices, name="devices"),
    path("devices/notices/", devices.notices, name="hall_notices"),
    path("devices/notices/<uuid:uid>/take-down/", devices.take_down, name="hall_notice_take_down"),
    path("devices/windows/<int:window_id>/ask/", devices.ask, name="rating_ask"),
    path("devices/<uuid:uid>/", devices.device, name="device"),
    path("devices/<uuid:uid>/again/", devices.again, name="device_again"),
    path("devices/<uuid:uid>/revoke/", devices.revoke, name="device_revoke"),
    path("devices/<uuid:uid>/helped/", devices.helped, name="device_helped"),
]
