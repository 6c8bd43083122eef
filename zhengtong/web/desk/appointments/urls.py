"""Appointments, home visits and agency service at the desk."""

from django.urls import URLPattern, URLResolver, path

from zhengtong.web.desk.appointments import agency, booking, bookings, export, schedule

urlpatterns: list[URLPattern | URLResolver] = [
    path("bookings/", bookings.bookings, name="bookings"),
    path("bookings/new/", bookings.new, name="booking_new"),
    path("bookings/export/<slug:form>/", export.export, name="bookings_export"),
    path("bookings/<uuid:key>/", booking.page, name="booking"),
    path("bookings/<uuid:key>/reveal/", booking.reveal, name="booking_reveal"),
    path("bookings/<uuid:key>/<slug:name>/", booking.step, name="booking_step"),
    path("visits/", booking.visits, name="visits"),
    path("schedule/", schedule.schedule, name="schedule"),
    path("schedule/new/", schedule.new, name="schedule_new"),
    path("schedule/close/", schedule.close, name="schedule_close"),
    path("schedule/<uuid:key>/end/", schedule.end, name="schedule_end"),
    path("schedule/closures/<uuid:key>/lift/", schedule.lift, name="closure_lift"),
    path("agency/", agency.requests, name="agency"),
    path("agency/<uuid:key>/", agency.page, name="agency_request"),
    path("agency/<uuid:key>/<slug:name>/", agency.step, name="agency_step"),
]
