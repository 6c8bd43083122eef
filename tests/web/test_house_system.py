"""Calendar, numbers of the law, outbox and journal, and items as files, through the front door."""

import io
import json
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.people import AT, accepted, cast
from tests.web.test_house_pages import sign_in
from zhengtong.base import calendar
from zhengtong.base.calendar.models import CalendarDay, HolidayNotice
from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.journal.models import Entry
from zhengtong.base.outbox.models import Message
from zhengtong.base.parameters import queries as parameters
from zhengtong.base.parameters.models import Parameter
from zhengtong.domains.cases.models import Case
from zhengtong.domains.catalogue import queries as catalogue
from zhengtong.domains.catalogue.models import Item, ItemVersion
from zhengtong.exchange import items as item_files
from zhengtong.flows.change_calendar import change_calendar_step_by_step
from zhengtong.rules.notice import NoticeDay

pytestmark = pytest.mark.django_db
EDITOR, ADMIN, MANAGER, SUPERVISOR = "冯雪", "郑凯", "蒋华", "吴涛"


@pytest.fixture
def people():
    return cast()


# --- calendar ---------------------------------------------------------------------------------------------------


def notice_2026(*extra):
    """The notice in force as a CSV, with further lines."""
    rows = ["日期,类别,节日"]
    rows += [f"{d.on},{'班' if d.kind == 'SWAP_WORK' else '休'},{d.name}" for d in calendar.notice_days(2026)]
    return "\n".join([*rows, *extra])


def load(client, text, do="", **more):
    return client.post("/desk/calendar/import/", {"text": text, "source": "国办发明电〔2026〕9号", "do": do, **more})


def apply(client, preview):
    carried = {name: preview.context[name] for name in ("content", "name")}
    return client.post("/desk/calendar/import/", {"do": "apply", "source": "国办发明电〔2026〕9号", **carried})


def test_a_notice_is_seen_then_loaded_and_moves_open_limits(client, people):
    case = accepted(people)
    due = Deadline.objects.get(subject_key=case.number, kind="promise").due_on
    sign_in(client, people, MANAGER)
    preview = load(client, notice_2026("2026-09-28,休,校庆"))
    assert preview.status_code == 200
    (one,) = preview.context["previews"]
    assert [on for on, _before, _after in one["days"]] == [date(2026, 9, 28)]
    open_limits = Deadline.objects.filter(outcome="open").count()
    assert (one["touched"], one["moved"]) == (open_limits, open_limits)
    assert Deadline.objects.get(subject_key=case.number, kind="promise").due_on == due  # a preview changes nothing
    assert HolidayNotice.objects.filter(year=2026).count() == 1
    done = apply(client, preview)
    assert done["Location"] == "/desk/calendar/notices/2026-2/"
    moved = Deadline.objects.get(subject_key=case.number, kind="promise").due_on
    assert moved > due
    case.refresh_from_db()
    assert case.due_on == moved
    told = client.get("/desk/calendar/notices/2026-2/").content.decode()
    assert case.number in told
    assert "承诺时限" in told
    assert "国办发明电〔2026〕9号" in Entry.objects.filter(kind="case.deadline_moved").first().facts


def test_a_long_change_shows_how_far_it_is_and_undoes_itself_when_dropped(client, people, monkeypatch):
    monkeypatch.setattr("zhengtong.web.desk.house.calendar.MOST_SILENT", 0)
    monkeypatch.setattr("zhengtong.flows.change_calendar.TOLD_EVERY", 1)
    case = accepted(people)
    due = Deadline.objects.get(subject_key=case.number, kind="promise").due_on
    sign_in(client, people, MANAGER)
    preview = load(client, notice_2026("2026-09-28,休,校庆"))
    days = [NoticeDay(d.on, d.kind != "SWAP_WORK", d.name) for d in calendar.notice_days(2026)]
    days.append(NoticeDay(date(2026, 9, 28), True, "校庆"))
    steps = change_calendar_step_by_step(2026, days, source="x", by=people.acting(MANAGER), at=AT)
    assert [next(steps), next(steps)] == [1, 2]
    steps.close()  # as when the page is closed
    assert HolidayNotice.objects.filter(year=2026).count() == 1
    assert Deadline.objects.get(subject_key=case.number, kind="promise").due_on == due
    page = b"".join(apply(client, preview).streaming_content).decode()
    assert 'href="/desk/calendar/notices/2026-2/"' in page
    assert "请不要关闭本页" in page
    assert "1 个期限已重新计算" in page
    assert page.rstrip().endswith("</html>")
    assert Deadline.objects.get(subject_key=case.number, kind="promise").due_on > due


def test_the_notice_in_force_changes_nothing(client, people):
    sign_in(client, people, MANAGER)
    preview = load(client, notice_2026())
    assert preview.context["previews"][0]["same"]
    assert apply(client, preview)["Location"] == "/desk/calendar/notices/"
    assert HolidayNotice.objects.filter(year=2026).count() == 1


def test_a_file_of_a_spreadsheet_is_read(client, people):
    sign_in(client, people, MANAGER)
    file = SimpleUploadedFile("2026.csv", notice_2026("2026-09-28,休,校庆").encode("gb18030"))
    assert client.post("/desk/calendar/import/", {"file": file}).context["previews"][0]["year"] == 2026


@pytest.mark.parametrize(
    "text",
    ["", "日期,类别\n2026-13-01,休", "nonsense", "{", '{"year": 2026}', "日期,类别\n2026-01-01,跳舞", "日期,类别\n1850-01-01,休",
     "日期,类别\n2026-03-03,班", "\x01\x02", "日期,类别,节日\n2026-05-09,班,\u202e节"],
    ids=lambda text: repr(text)[:30],
)  # fmt: skip
def test_a_notice_that_cannot_be_is_refused_and_stays_on_the_page(text, client, people):
    before = CalendarDay.objects.count()
    answer = load(sign_in(client, people, MANAGER), text)
    assert answer.status_code == 422
    assert answer.context["refused"]
    assert answer.context["text"] == text
    assert CalendarDay.objects.count() == before


def test_only_who_keeps_the_calendar_loads(client, people):
    assert load(sign_in(client, people, ADMIN), notice_2026("2026-09-28,休,校庆")).status_code == 403
    assert load(sign_in(client, people, SUPERVISOR), "x", do="apply").status_code == 403


def test_what_is_carried_is_judged_again(client, people):
    sign_in(client, people, MANAGER)
    for content in ("!!!", "eA==", ""):
        answer = client.post("/desk/calendar/import/", {"do": "apply", "content": content, "name": "x"})
        assert answer.status_code == 422
    assert HolidayNotice.objects.filter(revision=2).count() == 0


def test_the_alarm_and_the_years(client, people):
    sign_in(client, people, MANAGER)
    page = client.get("/desk/calendar/?year=2027").content.decode()
    assert "暂定" in page
    assert client.get("/desk/calendar/?year=1900").status_code == 404
    assert client.get("/desk/calendar/?year=x").status_code == 200
    assert client.get("/desk/calendar/notices/2026-9/").status_code == 404


# --- numbers of the law -----------------------------------------------------------------------------------------


def set_value(client, **changes):
    later = (timezone.localdate() + timedelta(days=30)).isoformat()
    data = {"value": "15", "effective_from": later, "source": "某法第四十二条"}
    return client.post("/desk/parameters/decision.days/", data | changes)


def test_a_later_value_is_added_and_the_old_one_ends_before_it(client, people):
    assert set_value(sign_in(client, people, ADMIN)).status_code == 302
    old, new = Parameter.objects.filter(key="decision.days").order_by("effective_from")
    assert (new.value, old.effective_to) == (15, new.effective_from - timedelta(days=1))
    assert parameters.value("decision.days", timezone.localdate()) == 20
    assert parameters.value("decision.days", new.effective_from) == 15


@pytest.mark.parametrize(
    "changes",
    [{"value": "-1"}, {"value": "many"}, {"value": "1.5"}, {"value": "9" * 200}, {"effective_from": "2001-01-01"}, {"source": " "}, {"value": "[]"}],
    ids=str,
)  # fmt: skip
def test_a_wrong_value_is_refused_beside_its_field(changes, client, people):
    answer = set_value(sign_in(client, people, ADMIN), **changes)
    assert answer.status_code == 422
    assert next(iter(changes)) in answer.context["form"].errors
    assert Parameter.objects.filter(key="decision.days").count() == 1


def test_a_supervisor_reads_parameters_and_sets_none(client, people):
    sign_in(client, people, SUPERVISOR)
    assert client.get("/desk/parameters/decision.days/").status_code == 200
    assert set_value(client).status_code == 403
    assert client.get("/desk/parameters/nothing/").status_code == 404


# --- outbox -----------------------------------------------------------------------------------------------------


def message(state="dead", **facts):
    return Message.objects.create(
        key=f"{state}-{Message.objects.count()}", kind="case.accepted", state=state, created_at=AT, **facts
    )


def test_a_dead_message_is_sent_again_and_addresses_are_masked(client, people):
    dead, sent = message(channel="mail", address="somebody@example.cn", last_error="refused"), message("sent")
    sign_in(client, people, ADMIN)
    page = client.get("/desk/outbox/").content.decode()
    assert "somebody" not in page
    assert "s***@example.cn" in page
    answer = client.post(f"/desk/outbox/{dead.pk}/resend/", {"state": "dead"})
    assert answer["Location"] == "/desk/outbox/?state=dead"
    dead.refresh_from_db()
    assert (dead.state, dead.attempts) == ("pending", 0)
    assert client.post(f"/desk/outbox/{sent.pk}/resend/").status_code == 422
    assert sign_in(client, people, MANAGER).post(f"/desk/outbox/{dead.pk}/resend/").status_code == 403


def test_the_outbox_pages(client, people):
    for _ in range(70):
        message("sent")
    sign_in(client, people, ADMIN)
    first = client.get("/desk/outbox/")
    second = client.get("/desk/outbox/", {"before": first.context["before"]})
    assert len({row.pk for page in (first, second) for row, _ in page.context["rows"]}) == Message.objects.count()
    assert client.get("/desk/outbox/?before=x&state=evil").status_code == 200


# --- journal ----------------------------------------------------------------------------------------------------


def test_a_whole_journal_is_said_to_be_whole(client, people):
    case = accepted(people)
    page = (
        sign_in(client, people, SUPERVISOR).get("/desk/journal/", {"kind": "case", "key": case.number}).content.decode()
    )
    assert "账本完整" in page
    assert "13800000001" not in page


def test_a_row_that_was_changed_behind_the_journals_back_is_found(client, people):
    case = accepted(people)
    Case.objects.filter(pk=case.pk).update(due_on=date(2030, 1, 1))
    page = sign_in(client, people, SUPERVISOR).get("/desk/journal/", {"key": case.number})
    assert any("due_on" in fault for fault in page.context["faults"])
    assert "账本有" in page.content.decode()


def test_a_subject_that_is_not_there_and_one_that_is_not_mine(client, people):
    case = accepted(people)
    sign_in(client, people, ADMIN)
    assert client.get("/desk/journal/", {"key": "nothing"}).status_code == 404
    assert client.get("/desk/journal/", {"kind": "evil", "key": "\x00"}).status_code == 200
    Case.objects.filter(pk=case.pk).update(organ_id=people.organ.pk)
    assert client.get("/desk/journal/", {"kind": "officer", "key": "handler"}).status_code == 200


# --- items as files ---------------------------------------------------------------------------------------------


def upload(client, name, data):
    return client.post("/desk/catalogue/import/", {"file": SimpleUploadedFile(name, data)})


def document(people, **changes):
    return catalogue.document(people.item().current_version_id) | changes


@pytest.mark.parametrize("ending", ["json", "xlsx"])
def test_what_is_exported_is_seen_as_unchanged_and_a_change_as_a_draft(ending, client, people):
    sign_in(client, people, EDITOR)
    code = people.item().item_code
    exported = client.get("/desk/catalogue/export/", {"format": ending, "item": code}).content
    same = upload(client, f"items.{ending}", exported)
    assert (same.context["same"], same.context["new_count"], same.context["changed_count"]) == (1, 0, 0)
    documents = [document(people, quota_note="无数量限制。"), document(people, item_code="YZ-NEW", name="新事项")]
    preview = upload(client, f"items.{ending}", item_files.export_file(f"x.{ending}", documents))
    assert (preview.context["changed_count"], preview.context["new_count"]) == (1, 1)
    assert not Item.objects.filter(item_code="YZ-NEW").exists()
    answer = client.post("/desk/catalogue/import/", {"do": "apply", "packed": preview.context["packed"]})
    assert answer["Location"] == "/desk/catalogue/"
    assert Item.objects.get(item_code="YZ-NEW").status == Item.Status.DRAFT
    assert ItemVersion.objects.get(item__item_code=code, number=2).status == ItemVersion.Status.DRAFT
    assert people.item().current_version.number == 1


def test_faults_are_told_by_line_and_nothing_is_taken(client, people):
    sign_in(client, people, EDITOR)
    bad = document(people, item_code="YZ-BAD", level="9")
    answer = upload(client, "items.json", json.dumps([bad], ensure_ascii=False).encode())
    assert answer.context["fault_count"] == 1
    assert "行使层级" in answer.content.decode()
    assert "导入为草稿" not in answer.content.decode()


def test_items_of_another_organ_are_not_taken(client, people):
    sign_in(client, people, EDITOR)
    other = document(people, item_code="YZ-OTHER", implementing_org="9" * 18)
    answer = upload(client, "items.json", json.dumps([other], ensure_ascii=False).encode())
    assert answer.context["new_count"] == 0
    assert "您没有维护这个实施主体" in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "data"),
    [("x.json", b"{"), ("x.json", b"\xff\xfe\x00"), ("x.json", b"[" * 5000), ("x.xlsx", b"PK\x03\x04junk"), ("x.json", b"42"),
     ("x.exe", b"MZ"), ("x.json", b"[1, null, {}]")],
)  # fmt: skip
def test_a_file_that_is_none_is_told_so(name, data, client, people):
    answer = upload(sign_in(client, people, EDITOR), name, data)
    assert answer.status_code in (200, 422)
    assert answer.context["fault_count"] >= 1


def test_no_file_too_large_a_file_and_a_forged_preview(client, people):
    sign_in(client, people, EDITOR)
    assert client.post("/desk/catalogue/import/").status_code == 422
    assert upload(client, "x.json", b"[" + b" " * (2 * 1024 * 1024 + 1)).status_code == 422
    for packed in ("", "x:y:z", "eyJuYW1lIjoieCJ9:1abc:forged"):
        assert client.post("/desk/catalogue/import/", {"do": "apply", "packed": packed}).status_code == 422


def test_an_export_holds_one_organ(client, people):
    sign_in(client, people, EDITOR)
    told = json.load(io.BytesIO(client.get("/desk/catalogue/export/", {"organ": people.organ.code}).content))
    assert [one["item_code"] for one in told] == [people.item().item_code]
    odd = client.get("/desk/catalogue/export/", {"item": 'x"\r\nSet-Cookie: a=b'})
    assert "\n" not in odd["Content-Disposition"]
