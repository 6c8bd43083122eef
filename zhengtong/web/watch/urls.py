from django.urls import URLPattern, URLResolver, path

from zhengtong.web.watch import board, case, insight, insight_files

app_name = "watch"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", board.wall, name="wall"),
    path("limits/", board.limits, name="limits"),
    path("case/<str:number>/", case.page, name="case"),
    path("insight/", insight.insight, name="insight"),
    path("insight/cases/", insight.cases, name="insight_cases"),
    path("insight/export/<slug:form>/", insight_files.export, name="insight_export"),
    path("insight/<slug:part>/", insight.insight, name="insight_part"),
    path("insight/<slug:part>/<slug:key>.csv", insight.table, name="insight_table"),
]
