"""The network of four levels: filing in the village, and what came in where."""

from django.urls import URLPattern, URLResolver, path

from zhengtong.web.desk.village import filing, follow, levels, lists

urlpatterns: list[URLPattern | URLResolver] = [
    path("village/", lists.village, name="village"),
    path("village/items/<key:item_code>/", filing.item, name="village_item"),
    path("village/filings/<uuid:key>/", follow.filing, name="filing"),
    path("village/filings/<uuid:key>/supplement/", follow.supplement, name="filing_supplement"),
    path("village/filings/<uuid:key>/renew/", follow.renew, name="filing_renew"),
    path("village/filings/<uuid:key>/hand-over/", follow.hand_over, name="filing_hand_over"),
    path("village/filings/<uuid:key>/mandate/", follow.scan, name="filing_mandate"),
    path("levels/", levels.by_level, name="levels"),
]
