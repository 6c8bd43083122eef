from django.urls import URLPattern, URLResolver, path

from zhengtong.web.watch import board, case

app_name = "watch"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", board.wall, name="wall"),
    path("limits/", board.limits, name="limits"),
    path("case/<str:number>/", case.page, name="case"),
]
