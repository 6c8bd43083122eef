"""The house-keeping of the inner platform: catalogue, people and posts, calendar, numbers of the law, outbox, journal."""

from django.urls import URLPattern, URLResolver, path, register_converter

from zhengtong.web.desk.house import (
    calendar,
    editor,
    item_files,
    items,
    me,
    people,
    places,
    posts,
    reading,
    system,
    versions,
)

register_converter(reading.Key, "key")

_version = "catalogue/<key:code>/versions/<int:number>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("catalogue/", items.items, name="items"),
    path("catalogue/new/", items.new, name="item_new"),
    path("catalogue/checks/", items.checks, name="items_checks"),
    path("catalogue/completeness/", items.completeness, name="items_completeness"),
    path("catalogue/import/", item_files.import_items, name="items_import"),
    path("catalogue/export/", item_files.export, name="items_export"),
    path("catalogue/<key:code>/", items.item, name="item"),
    path("catalogue/<key:code>/clone/", items.clone, name="item_clone"),
    path("catalogue/<key:code>/open-draft/", items.open_draft, name="item_open_draft"),
    path("catalogue/<key:code>/suspend/", items.suspend, name="item_suspend"),
    path("catalogue/<key:code>/resume/", items.resume, name="item_resume"),
    path("catalogue/<key:code>/retire/", items.retire, name="item_retire"),
    path("catalogue/<key:code>/changes/<int:older>/<int:newer>/", versions.changes, name="item_changes"),
    path(_version, versions.version, name="item_version"),
    path(_version + "edit/<key:part>/", editor.edit, name="item_edit"),
    path(_version + "json/", editor.raw, name="item_json"),
    path(_version + "preview/", versions.preview, name="item_preview"),
    path(_version + "send/", versions.send, name="item_send"),
    path(_version + "check/", versions.check, name="item_check"),
    path(_version + "publish/", versions.publish, name="item_publish"),
    path("people/", people.people, name="people"),
    path("people/new/", people.new, name="officer_new"),
    path("people/sections/", places.sections, name="sections"),
    path("people/windows/", places.windows, name="windows"),
    path("people/dispatch/", places.dispatch, name="dispatch_rules"),
    path("people/<key:staff_no>/", people.officer, name="officer"),
    path("people/<key:staff_no>/change/", people.change, name="officer_change"),
    path("people/<key:staff_no>/password/", people.password, name="officer_password"),
    path("people/<key:staff_no>/leave/", people.leave, name="officer_leave"),
    path("people/<key:staff_no>/posts/", people.give_post, name="post_give"),
    path("people/<key:staff_no>/posts/<int:post>/end/", posts.end, name="post_end"),
    path("substitution/", posts.substitution, name="substitution"),
    path("substitution/<int:row>/end/", posts.end_substitution, name="substitution_end"),
    path("calendar/", calendar.year, name="calendar"),
    path("calendar/notices/", calendar.notices, name="calendar_notices"),
    path("calendar/import/", calendar.load, name="calendar_import"),
    path("calendar/notices/<int:year_number>-<int:revision>/", calendar.notice, name="calendar_notice"),
    path("parameters/", system.parameters, name="parameters"),
    path("parameters/<key:key>/", system.parameter, name="parameter"),
    path("outbox/", system.outbox, name="outbox"),
    path("outbox/<int:message>/resend/", system.resend, name="outbox_resend"),
    path("journal/", system.journal, name="journal"),
    path("file-types/", system.file_types, name="file_types"),
    path("me/", me.me, name="me"),
]
