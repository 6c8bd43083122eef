from django.urls import path

from zhengtong.web.frame import views

app_name = "frame"
urlpatterns = [
    path("preferences/", views.preferences, name="preferences"),
    path("kept/", views.kept_form, name="kept"),
    path("offline/", views.offline, name="offline"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("service-worker.js", views.service_worker, name="service_worker"),
]
