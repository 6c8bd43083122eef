from django.urls import URLPattern, URLResolver, path

from zhengtong.web.desk.ratings import entering, own, texts

urlpatterns: list[URLPattern | URLResolver] = [
    path("ratings/enter/", entering.find, name="enter_rating"),
    path("ratings/enter/<key:key>/", entering.enter, name="enter_rating_of"),
    path("ratings/words/", texts.waiting, name="rating_texts"),
    path("ratings/words/<key:number>/", texts.judge, name="rating_text"),
    path("ratings/mine/", own.own, name="ratings_of_me"),
]
