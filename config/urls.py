from django.urls import include, path

from config import health

urlpatterns = [
    path("healthz", health.live, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("", include("zhengtong.web.frame.urls")),
    path("accounts/", include("zhengtong.web.accounts.sign_in_urls")),
    path("accounts/", include("zhengtong.web.accounts.urls")),
    path("desk/", include("zhengtong.web.desk.urls")),
    path("watch/", include("zhengtong.web.watch.urls")),
    path("devices/", include("zhengtong.web.devices.urls")),
    path("", include("zhengtong.web.portal.urls")),
]

handler400 = "zhengtong.web.frame.errors.bad_request"
handler403 = "zhengtong.web.frame.errors.permission_denied"
handler404 = "zhengtong.web.frame.errors.page_not_found"
handler429 = "zhengtong.web.frame.errors.too_many"  # asked for by allauth's rate limits
handler500 = "zhengtong.web.frame.errors.server_error"
