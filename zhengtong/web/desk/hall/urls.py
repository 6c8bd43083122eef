"""The hall's desk: the window's call screen, tickets at the information desk, and the house of the hall."""

from django.urls import URLPattern, URLResolver, path

from zhengtong.web.desk.hall import call, manage, tickets

urlpatterns: list[URLPattern | URLResolver] = [
    path("call/", call.call, name="call"),
    path("call/<slug:name>/", call.step, name="call_step"),
    path("tickets/", tickets.take, name="ticket_take"),
    path("tickets/<uuid:key>/", tickets.ticket, name="ticket"),
    path("tickets/<uuid:key>/<slug:name>/", tickets.step, name="ticket_step"),
    path("hall/", manage.page, name="hall"),
    path("hall/windows/<int:window_id>/close/", manage.shut, name="window_shut"),
    path("hall/<slug:hall_code>/queues/", manage.queues, name="queues"),
    path("hall/<slug:hall_code>/queues/new/", manage.queue_new, name="queue_new"),
    path("hall/<slug:hall_code>/queues/<slug:queue_code>/", manage.queue, name="queue"),
    path("hall/<slug:hall_code>/hours/", manage.hours, name="hall_hours"),
]
