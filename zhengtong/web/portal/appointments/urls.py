from django.urls import path

from zhengtong.web.portal.appointments import agency, booking, own, places

urlpatterns = [
    path("appointments/", own.appointments, name="appointments"),
    path("appointments/book/", places.places, name="book"),
    path("appointments/book/<code:hall_code>/home-visit/", places.home_times, name="appointment_home"),
    path("appointments/book/<code:hall_code>/queues/<code:queue_code>/", places.times, name="appointment_times"),
    path("appointments/slots/<int:slot_id>/", booking.details, name="appointment_slot"),
    path("appointments/confirm/", booking.confirm, name="appointment_confirm"),
    path("appointments/find/", own.find, name="find_appointment"),
    path("appointments/<uuid:key>/", own.appointment, name="appointment"),
    path("appointments/<uuid:key>/slip/", own.slip, name="appointment_slip"),
    path("appointments/<uuid:key>/calendar.ics", own.calendar, name="appointment_calendar"),
    path("appointments/<uuid:key>/move/", own.move, name="move_appointment"),
    path("appointments/<uuid:key>/cancel/", own.cancel, name="cancel_appointment"),
    path("appointments/<uuid:key>/object/", own.object_to, name="object_appointment"),
    path("agency/", agency.requests, name="agency"),
    path("agency/new/", agency.new, name="agency_new"),
    path("agency/<uuid:key>/", agency.page, name="agency_request"),
    path("agency/<uuid:key>/withdraw/", agency.withdraw, name="withdraw_agency"),
]
