"""The machines' addresses. Each machine has its own, below which its cookie is sent and nowhere else."""

from django.urls import URLPattern, URLResolver, path

from zhengtong.web.devices import corner, demo, kiosk, live, pages, pairing, rating, telephone, touch

app_name = "devices"
_machine = "<uuid:uid>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pairing.start, name="start"),
    path("another/", pairing.another, name="another"),
    path("telephone/", telephone.start, name="telephone"),
    path("telephone/ask/", telephone.ask, name="telephone_ask"),
    path("telephone/answer/", telephone.answer, name="telephone_answer"),
    path("worker.js", pages.worker, name="worker"),
    path("demo/", demo.machines, name="demo"),
    path("demo/<slug:kind>/", demo.enter, name="demo_machine"),
    path(_machine, pages.page, name="page"),
    path(_machine + "now/", live.now, name="now"),
    path(_machine + "rest/", pages.rest, name="rest"),
    path(_machine + "look/", pages.look, name="look"),
    path(_machine + "help/", corner.help_called, name="help"),
    path(_machine + "queues/<slug:code>/", kiosk.take, name="take"),
    path(_machine + "check-in/", kiosk.arrive, name="check_in"),
    path(_machine + "come-back/", kiosk.back, name="come_back"),
    path(_machine + "press/", rating.pressed, name="press"),
    path(_machine + "progress/", touch.progress, name="progress"),
    path(_machine + "items/", touch.items, name="items"),
    path(_machine + "items/<str:item_code>/", touch.item, name="item"),
    path(_machine + "windows/", touch.windows, name="windows"),
    path(_machine + "waiting/", touch.waiting, name="waiting"),
    path(_machine + "apply/", corner.apply, name="apply"),
    path(_machine + "receipt/", corner.receipt, name="receipt"),
]
