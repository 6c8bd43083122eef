"""消息偏好: how one wants to hear of what, when to be left in peace, an enterprise's own system, and how punctual we are."""

from django.urls import URLPattern, URLResolver, path

from zhengtong.web.portal.preferences import pace, preferences, stop, webhook

urlpatterns: list[URLPattern | URLResolver] = [
    path("messages/preferences/", preferences.preferences, name="preferences"),
    path("messages/webhook/", webhook.webhook, name="webhook"),
    path("messages/pace/", pace.pace, name="pace"),
    path("messages/stop/<str:token>/", stop.stop, name="stop_messages"),
]
