"""来信: the desk's lists, one letter, registering for somebody, publication, and what the letter desk keeps."""

from django.urls import URLPattern, URLResolver, path

from zhengtong.web.desk.letters import keeping, lists, page, publication, register

urlpatterns: list[URLPattern | URLResolver] = [
    path("letters/", lists.owed, name="letters"),
    path("letters/all/", lists.everything, name="letters_all"),
    path("letters/revisits/", lists.revisits, name="letters_to_revisit"),
    path("letters/publications/", lists.publications, name="letters_to_publish"),
    path("letters/new/", register.register, name="letter_new"),
    path("letters/rules/", keeping.rules, name="letter_rules"),
    path("letters/rules/<int:rule_id>/retire/", keeping.retire_rule, name="letter_rule_retire"),
    path("letters/categories/", keeping.categories, name="letter_categories"),
    path("letters/templates/", keeping.templates, name="letter_templates"),
    path("letters/<key:number>/", page.page, name="letter"),
    path("letters/<key:number>/steps/<slug:name>/", page.step, name="letter_step"),
    path("letters/<key:number>/reveal/", page.reveal, name="letter_reveal"),
    path("letters/<key:number>/files/<int:attachment_id>/", page.attachment, name="letter_file"),
    path("letters/<key:number>/publication/", publication.prepare, name="letter_publication"),
    path("letters/<key:number>/publication/<slug:verdict>/", publication.judge, name="letter_publication_step"),
]
