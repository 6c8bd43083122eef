from django.urls import path

from zhengtong.web.portal import deadline, guide, home, identity, items, mandates, messages, own, pages
from zhengtong.web.portal.apply import check, delivery, materials, questions, start
from zhengtong.web.portal.cases import case, clock, papers, supplement, talk, track, withdraw

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("items/", items.items, name="items"),
    path("items/<str:item_code>/", guide.guide, name="item"),
    path("items/<str:item_code>/print/", guide.guide_pdf, name="item_print"),
    path("items/<str:item_code>/form/", guide.blank_form, name="item_form"),
    path("items/<str:item_code>/apply/", start.start, name="apply"),
    path("applications/", own.my_cases, name="my_cases"),
    path("applications/<uuid:uid>/", start.overview, name="draft"),
    path("applications/<uuid:uid>/situations/", questions.situations, name="situations"),
    path("applications/<uuid:uid>/form/<str:section>/", questions.section, name="section"),
    path("applications/<uuid:uid>/materials/", materials.materials, name="materials"),
    path("applications/<uuid:uid>/materials/<int:material_id>/", materials.file, name="material_file"),
    path("applications/<uuid:uid>/delivery/", delivery.delivery, name="delivery"),
    path("applications/<uuid:uid>/check/", check.check, name="check"),
    path("applications/<uuid:uid>/discard/", start.discard, name="discard"),
    path("cases/<str:number>/", case.case, name="case"),
    path("cases/<str:number>/submitted/", case.submitted, name="submitted"),
    path("cases/<str:number>/clock/", clock.clock, name="clock"),
    path("cases/<str:number>/papers/<uuid:uid>/", papers.paper, name="paper"),
    path("cases/<str:number>/say/", talk.say, name="say"),
    path("cases/<str:number>/urge/", talk.urge, name="urge"),
    path("cases/<str:number>/withdraw/", withdraw.withdraw, name="withdraw"),
    path("cases/<str:number>/supplement/", supplement.supplement, name="supplement"),
    path("track/", track.track, name="track"),
    path("track/<str:number>/", track.tracked, name="tracked"),
    path("track/<str:number>/clock/", track.tracked_clock, name="tracked_clock"),
    path("calendar/", deadline.deadline, name="calendar"),
    path("messages/", messages.messages, name="messages"),
    path("messages/<int:message_id>/", messages.open_message, name="message"),
    path("mandates/", mandates.mandates, name="mandates"),
    path("mandates/new/", mandates.give, name="give_mandate"),
    path("mandates/<str:key>/revoke/", mandates.revoke, name="revoke_mandate"),
    path("identity/", identity.identity, name="identity"),
    path("about/", pages.about, name="about"),
    path("privacy/", pages.privacy, name="privacy"),
    path("help/", pages.guidance, name="help"),
]
