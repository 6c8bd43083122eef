from django.urls import URLPattern, URLResolver, path

from zhengtong.web.portal.knowledge import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("knowledge/", views.knowledge, name="knowledge"),
    path("knowledge/topics/<slug:topic>/", views.topic, name="knowledge_topic"),
    path("knowledge/suggestions/", views.suggestions, name="suggestions"),
    path("knowledge/<slug:key>/", views.article, name="article"),
    path("knowledge/<slug:key>/helped/", views.helped, name="article_helped"),
]
