from django.urls import URLPattern, URLResolver, include, path

from zhengtong.web.desk import case, counter, files, inbox, register, reports

app_name = "desk"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", inbox.inbox, name="inbox"),
    path("pool/", inbox.pool, name="pool"),
    path("pool/take/", inbox.take, name="take"),
    path("consultations/", inbox.consultations, name="consultations"),
    path("consultations/<int:consultation_id>/", inbox.answer, name="answer"),
    path("counter/", counter.start, name="counter"),
    path("counter/look/", counter.look, name="counter_look"),
    path("counter/items/<str:item_code>/", counter.item, name="counter_item"),
    path("counter/received/<str:number>/", counter.received, name="received"),
    path("cases/<str:number>/", case.page, name="case"),
    path("cases/<str:number>/steps/<slug:name>/", case.step, name="step"),
    path("cases/<str:number>/supplement-notice/", case.supplement_notice, name="supplement_notice"),
    path("cases/<str:number>/supplements/", case.supplements_brought, name="supplements_brought"),
    path("cases/<str:number>/tick/", case.tick, name="tick"),
    path("cases/<str:number>/reveal/", case.reveal, name="reveal"),
    path("cases/<str:number>/materials/<int:material_id>/", case.material, name="material"),
    path("cases/<str:number>/papers/<uuid:uid>/", case.paper, name="paper"),
    path("files/", files.files, name="files"),
    path("files/export/", files.export, name="files_export"),
    path("files/assign/", files.assign, name="files_assign"),
    path("register/", register.register, name="register"),
    path("register/book.pdf", register.book, name="register_book"),
    path("reports/", reports.reports, name="reports"),
    path("reports/permits/<str:organ_code>/", reports.permits, name="permits"),
    path("reports/permits/<str:organ_code>/acts/", reports.acts, name="permit_acts"),
    path("reports/permits/<str:organ_code>/people/", reports.people, name="permit_people"),
    path("", include("zhengtong.web.desk.house.urls")),
]
