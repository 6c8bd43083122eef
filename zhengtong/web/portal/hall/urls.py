from django.urls import path

from zhengtong.web.portal.hall import pages

urlpatterns = [
    path("hall/", pages.halls, name="hall"),
    path("hall/take/", pages.take, name="take_ticket"),
    path("hall/tickets/<uuid:key>/", pages.ticket, name="ticket"),
    path("hall/tickets/<uuid:key>/leave/", pages.leave, name="ticket_leave"),
    path("hall/tickets/<uuid:key>/return/", pages.come_back, name="ticket_return"),
]
