from django.urls import URLPattern, URLResolver, path

from zhengtong.web.desk.knowledge import editor, files, pages, propose

urlpatterns: list[URLPattern | URLResolver] = [
    path("knowledge/", pages.knowledge, name="knowledge"),
    path("knowledge/new/", editor.new, name="article_new"),
    path("knowledge/propose/<slug:number>/", propose.propose, name="article_propose"),
    path("knowledge/import/", files.load, name="articles_import"),
    path("knowledge/export.<slug:form>", files.export, name="articles_export"),
    path("knowledge/<slug:key>/", pages.page, name="article"),
    path("knowledge/<slug:key>/edit/", editor.edit, name="article_edit"),
    path("knowledge/<slug:key>/steps/<slug:name>/", pages.step, name="article_step"),
]
