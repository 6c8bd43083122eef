"""差评: what waits for whom, and one bad rating from its dispatch to the person's own word."""

from django.urls import URLPattern, URLResolver, path

from zhengtong.web.desk.rectifications import asked, lists, page

urlpatterns: list[URLPattern | URLResolver] = [
    path("rectifications/", lists.listed, name="rectifications"),
    path("rectifications/closed/", lists.closed, name="rectifications_closed"),
    path("rectifications/asked/", asked.samples, name="rating_samples"),
    path("rectifications/asked/draw/", asked.draw, name="rating_sample_draw"),
    path("rectifications/asked/<str:month>/", asked.sample, name="rating_sample"),
    path("rectifications/asked/<str:month>/<str:number>/reveal/", asked.reveal, name="rating_asked_reveal"),
    path("rectifications/asked/<str:month>/<str:number>/tell/", asked.tell, name="rating_asked_tell"),
    path("rectifications/<str:number>/", page.page, name="rectification"),
    path("rectifications/<str:number>/steps/<slug:name>/", page.step, name="rectification_step"),
    path("rectifications/<str:number>/reveal/", page.reveal, name="rectification_reveal"),
    path("rectifications/<str:number>/files/<int:evidence_id>/", page.evidence, name="rectification_file"),
]
