"""差评: what waits for whom, and one bad rating from its dispatch to the person's own word."""

from django.urls import URLPattern, URLResolver, path

from zhengtong.web.desk.rectifications import lists, page

urlpatterns: list[URLPattern | URLResolver] = [
    path("rectifications/", lists.listed, name="rectifications"),
    path("rectifications/closed/", lists.closed, name="rectifications_closed"),
    path("rectifications/<str:number>/", page.page, name="rectification"),
    path("rectifications/<str:number>/steps/<slug:name>/", page.step, name="rectification_step"),
    path("rectifications/<str:number>/reveal/", page.reveal, name="rectification_reveal"),
    path("rectifications/<str:number>/files/<int:evidence_id>/", page.evidence, name="rectification_file"),
]
