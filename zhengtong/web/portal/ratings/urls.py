from django.urls import path

from zhengtong.web.portal.ratings import asking, link, mine, published

urlpatterns = [
    path("ratings/", mine.mine, name="my_ratings"),
    path("ratings/published/", published.published, name="ratings_published"),
    path("ratings/<code:key>/", asking.signed_in, name="rate"),
    path("ratings/<code:key>/done/", mine.done, name="rated"),
    path("ratings/<code:key>/more/", mine.more, name="rate_more"),
    path("r/<code:token>/", link.by_link, name="rate_link"),
    path("r/<code:token>/send/", link.send, name="rate_send"),
]
