from django.urls import URLPattern, URLResolver, path

from zhengtong.web.watch import accountability, board, case, export, insight, insight_files, orders, statistics

app_name = "watch"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", board.wall, name="wall"),
    path("statistics/", statistics.page, name="statistics"),
    path("statistics/rows/", statistics.rows, name="rows"),
    path("statistics/export/<slug:form>/", export.export, name="statistics_export"),
    path("limits/", board.limits, name="limits"),
    path("case/<str:number>/", case.page, name="case"),
    path("orders/", orders.orders_list, name="orders"),
    path("orders/new/", orders.new, name="order_new"),
    path("orders/export/", orders.export, name="orders_export"),
    path("orders/<str:number>/", orders.page, name="order"),
    path("orders/<str:number>/steps/<slug:name>/", orders.step, name="order_step"),
    path("orders/<str:number>/papers/<uuid:uid>/", orders.paper, name="order_paper"),
    path("orders/<str:number>/files/<int:attachment_id>/", orders.attachment, name="order_file"),
    path("accountability/", accountability.register, name="accountability"),
    path("accountability/new/", accountability.new, name="admonition_new"),
    path("accountability/<str:number>/", accountability.page, name="admonition"),
    path("accountability/<str:number>/steps/<slug:name>/", accountability.judge, name="admonition_step"),
    path("insight/", insight.insight, name="insight"),
    path("insight/cases/", insight.cases, name="insight_cases"),
    path("insight/export/<slug:form>/", insight_files.export, name="insight_export"),
    path("insight/<slug:part>/", insight.insight, name="insight_part"),
    path("insight/<slug:part>/<slug:key>.csv", insight.table, name="insight_table"),
]
