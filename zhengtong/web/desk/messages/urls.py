"""消息: what left the house and how, how it is worded, who receives while the house is on trial."""

from django.urls import URLPattern, URLResolver, path

from zhengtong.web.desk.messages import guests, outbox, templates

urlpatterns: list[URLPattern | URLResolver] = [
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/pace/", outbox.pace, name="outbox_pace"),
    path("outbox/providers/", outbox.providers, name="outbox_providers"),
    path("outbox/<int:message>/", outbox.message, name="outbox_message"),
    path("outbox/<int:message>/resend/", outbox.resend, name="outbox_resend"),
    path("templates/", templates.templates, name="templates"),
    path("templates/<key:kind>/", templates.template, name="template"),
    path("guests/", guests.guests, name="guests"),
    path("guests/<key:guest>/strike/", guests.strike, name="guest_strike"),
]
