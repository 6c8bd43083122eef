from django.urls import URLPattern, URLResolver, include, path, register_converter

from zhengtong.web.desk import cards, case, counter, files, inbox, orders, register, reports
from zhengtong.web.desk.house.reading import Key

app_name = "desk"
register_converter(Key, "key")  # before the rooms below are read
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
    path("orders/", orders.owed, name="orders"),
    path("orders/accountability/<str:number>/", orders.admonition, name="admonition"),
    path("orders/<str:number>/", orders.page, name="order"),
    path("orders/<str:number>/steps/<slug:name>/", orders.step, name="order_step"),
    path("orders/<str:number>/papers/<uuid:uid>/", orders.paper, name="order_paper"),
    path("orders/<str:number>/files/<int:attachment_id>/", orders.attachment, name="order_file"),
    path("register/", register.register, name="register"),
    path("register/book.pdf", register.book, name="register_book"),
    path("cards/", cards.received, name="cards"),
    path("cards/<str:number>/", cards.page, name="card"),
    path("cards/<str:number>/steps/<slug:name>/", cards.step, name="card_step"),
    path("cards/<str:number>/files/<int:file_id>/", cards.file, name="card_file"),
    path("reports/", reports.reports, name="reports"),
    path("reports/permits/<str:organ_code>/", reports.permits, name="permits"),
    path("reports/permits/<str:organ_code>/acts/", reports.acts, name="permit_acts"),
    path("reports/permits/<str:organ_code>/people/", reports.people, name="permit_people"),
    path("", include("zhengtong.web.desk.letters.urls")),
    path("", include("zhengtong.web.desk.house.urls")),  # first: it registers the converters
    path("", include("zhengtong.web.desk.messages.urls")),
    path("", include("zhengtong.web.desk.appointments.urls")),
    path("", include("zhengtong.web.desk.rectifications.urls")),
    path("", include("zhengtong.web.desk.ratings.urls")),
    path("", include("zhengtong.web.desk.devices_urls")),
    path("", include("zhengtong.web.desk.hall.urls")),
    path("", include("zhengtong.web.desk.knowledge.urls")),
]
