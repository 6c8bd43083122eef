from django.urls import URLPattern, URLResolver, include, path, register_converter

from zhengtong.web.portal import deadline, guide, home, identity, items, log, mandates, messages, open311, own, pages
from zhengtong.web.portal.apply import check, delivery, materials, questions, start
from zhengtong.web.portal.cases import case, clock, evidence, papers, supplement, talk, track, withdraw


class Code:
    """Numbers and codes as the house writes them; anything else is no address here and reaches no table."""

    regex = "[0-9A-Za-z_.-]{1,50}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Code, "code")

app_name = "portal"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("items/", items.items, name="items"),
    path("items/<code:item_code>/", guide.guide, name="item"),
    path("items/<code:item_code>/print/", guide.guide_pdf, name="item_print"),
    path("items/<code:item_code>/form/", guide.blank_form, name="item_form"),
    path("items/<code:item_code>/apply/", start.start, name="apply"),
    path("applications/", own.my_cases, name="my_cases"),
    path("applications/<uuid:uid>/", start.overview, name="draft"),
    path("applications/<uuid:uid>/situations/", questions.situations, name="situations"),
    path("applications/<uuid:uid>/form/<code:section>/", questions.section, name="section"),
    path("applications/<uuid:uid>/materials/", materials.materials, name="materials"),
    path("applications/<uuid:uid>/materials/<int:material_id>/", materials.file, name="material_file"),
    path("applications/<uuid:uid>/delivery/", delivery.delivery, name="delivery"),
    path("applications/<uuid:uid>/check/", check.check, name="check"),
    path("applications/<uuid:uid>/discard/", start.discard, name="discard"),
    path("cases/<code:number>/", case.case, name="case"),
    path("cases/<code:number>/submitted/", case.submitted, name="submitted"),
    path("cases/<code:number>/clock/", clock.clock, name="clock"),
    path("cases/<code:number>/evidence/", evidence.evidence, name="evidence"),
    path("cases/<code:number>/papers/<uuid:uid>/", papers.paper, name="paper"),
    path("cases/<code:number>/say/", talk.say, name="say"),
    path("cases/<code:number>/urge/", talk.urge, name="urge"),
    path("cases/<code:number>/withdraw/", withdraw.withdraw, name="withdraw"),
    path("cases/<code:number>/supplement/", supplement.supplement, name="supplement"),
    path("track/", track.track, name="track"),
    path("track/<code:number>/", track.tracked, name="tracked"),
    path("track/<code:number>/clock/", track.tracked_clock, name="tracked_clock"),
    path("calendar/", deadline.deadline, name="calendar"),
    path("messages/", messages.messages, name="messages"),
    path("messages/<int:message_id>/", messages.open_message, name="message"),
    path("mandates/", mandates.mandates, name="mandates"),
    path("mandates/new/", mandates.give, name="give_mandate"),
    path("mandates/<code:key>/revoke/", mandates.revoke, name="revoke_mandate"),
    path("identity/", identity.identity, name="identity"),
    path("log/", log.log, name="log"),
    path("log/checkpoint", log.checkpoint, name="log_checkpoint"),
    path("log/keys", log.public_keys, name="log_keys"),
    path("log/handover/<str:identity>", log.handover, name="log_handover"),
    path("log/tile/<path:path>", log.tile, name="log_tile"),
    path("log/verify_evidence.py", log.verifier, name="log_verifier"),
    path("", include("zhengtong.web.portal.appointments.urls")),
    path("", include("zhengtong.web.portal.knowledge.urls")),
    path("", include("zhengtong.web.portal.letters.urls")),
    path("", include("zhengtong.web.portal.preferences.urls")),
    path("open311/v2/services.<slug:form>", open311.services, name="open311_services"),
    path("open311/v2/services/<code:service_code>.<slug:form>", open311.service, name="open311_service"),
    path("open311/v2/requests.<slug:form>", open311.requests, name="open311_requests"),
    path("open311/v2/requests/<slug:number>.<slug:form>", open311.one_request, name="open311_request"),
    path("open311/v2/tokens/<slug:token>.<slug:form>", open311.token, name="open311_token"),
    path("", include("zhengtong.web.portal.rectifications.urls")),
    path("", include("zhengtong.web.portal.hall.urls")),
    path("about/", pages.about, name="about"),
    path("privacy/", pages.privacy, name="privacy"),
    path("help/", pages.guidance, name="help"),
    path("", include("zhengtong.web.portal.ratings.urls")),
]
