from django.urls import include, path
from django.views.i18n import set_language

from config import health

urlpatterns = [
    path("healthz", health.live, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("language/", set_language, name="set_language"),
    path("accounts/", include("zhengtong.web.accounts.urls")),
    path("desk/", include("zhengtong.web.desk.urls")),
    path("watch/", include("zhengtong.web.watch.urls")),
    path("", include("zhengtong.web.portal.urls")),
]
