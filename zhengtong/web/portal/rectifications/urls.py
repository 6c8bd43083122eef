"""差评 for the person who gave it: what was done about it; and the ledger of plans, for everybody."""

from django.urls import URLPattern, path

from zhengtong.web.portal.rectifications import ledger, mine

urlpatterns: list[URLPattern] = [
    path("rectifications/", ledger.ledger, name="rectifications_ledger"),
    path("rectifications/mine/", mine.mine, name="my_rectifications"),
    path("rectifications/<uuid:token>/", mine.page, name="rectification"),
    path("rectifications/<uuid:token>/answer/", mine.answer, name="rectification_answer"),
    path("rectifications/<uuid:token>/reopen/", mine.reopen, name="rectification_reopen"),
]
