"""督办 through the front door: issue, receive, answer with evidence, verify, close; the list, the papers, the whole case."""

from base64 import b64decode
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.people import Cast, accepted, cast, decided
from tests.web.test_frame_pages import strayed
from zhengtong.base.journal.queries import entries_of
from zhengtong.base.outbox.models import Message
from zhengtong.base.seal.actions import seal_and_publish
from zhengtong.domains.orders import queries
from zhengtong.domains.orders.models import Admonition, Order
from zhengtong.flows import order_accountability, order_issued, talk
from zhengtong.flows.order_sweep import sweep_orders
from zhengtong.rules.orders import Measure, OrderKind

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _fresh(settings, tmp_path):
    settings.FILES_DIR = tmp_path
    cache.clear()


@pytest.fixture
def people() -> Cast:
    return cast()


def desk(client, people, name, language=""):
    client.force_login(people.officers[name].account, backend=BACKEND)
    if language:
        client.cookies["zhengtong_language"] = language
    return client


def issued(people, *, days_ago=0, **others) -> Order:
    return order_issued.issue_order(
        others.pop("source", ("finding", "")), people.organ.pk, people.section.pk, "材料多次退回", "请核实并整改。",
        others.pop("kind", OrderKind.NORMAL), by=people.acting("吴涛"), at=timezone.now() - days_ago * DAY, **others,
    )  # fmt: skip


# One white point.
PNG = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg==")


def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("整改照片.png", PNG, content_type="image/png")


def page_of(client, address, status=200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


# --- the way of an order, by hand ---


def test_an_order_from_the_form_to_its_close(client, people):
    case = accepted(people, at=timezone.now())
    talk.urge(case.number, by=people.applicant, at=timezone.now())
    desk(client, people, "吴涛")
    shown = page_of(client, f"/watch/orders/new/?case={case.number}")
    assert f'value="{people.organ.pk}.{people.section.pk}" selected' in shown.replace(' lang="zh-Hans"', "")
    sent = client.post(
        "/watch/orders/new/",
        {
            "responsible": f"{people.organ.pk}.{people.section.pk}", "source": "urging", "case_no": case.number,
            "title": "关于催办件的督办", "content": "请今日联系申请人。", "order_kind": "URGENT", "parent": "",
        },
    )  # fmt: skip
    order = Order.objects.get()
    assert sent["Location"] == f"/watch/orders/{order.number}/"
    assert (order.case, order.source_kind, order.kind) == (case, "urging", "URGENT")
    assert Message.objects.filter(kind="case.order_issued", account_id=people.citizen.pk).exists()

    desk(client, people, "李军")
    assert page_of(client, "/desk/orders/").count("data-open") == 1
    at_desk = page_of(client, f"/desk/orders/{order.number}/")
    assert f"/desk/orders/{order.number}/steps/receive/" in at_desk
    assert f"/desk/orders/{order.number}/steps/verify/" not in at_desk
    client.post(f"/desk/orders/{order.number}/steps/receive/", {"seen": order.version})
    sent = client.post(
        f"/desk/orders/{order.number}/steps/reply/", {"reply": "已联系。", "files": [picture(), picture()]}
    )
    assert sent.status_code == 302
    order.refresh_from_db()
    assert order.state == "REPLIED"
    (reply,) = queries.replies(order)
    assert [one.name for one in reply.attachments.all()] == ["整改照片.png", "整改照片.png"]

    desk(client, people, "吴涛")
    shown = page_of(client, f"/watch/orders/{order.number}/")
    file = f"/watch/orders/{order.number}/files/{reply.attachments.first().pk}/"
    assert file in shown
    assert b"".join(client.get(file).streaming_content)[:4] == b"\x89PNG"
    client.post(f"/watch/orders/{order.number}/steps/verify/", {"verdict": "已核对通话记录。"})
    client.post(f"/watch/orders/{order.number}/steps/close/", {"outcome": "窗口已联系您，今日办结。"})
    order.refresh_from_db()
    assert (order.state, order.outcome) == ("CLOSED", "窗口已联系您，今日办结。")
    kinds = [entry.kind for entry in entries_of("order", order.number)]
    assert kinds == ["order.issued", "order.received", "order.replied", "order.verified", "order.closed"]
    client.force_login(people.citizen, backend=BACKEND)
    assert "窗口已联系您，今日办结。" in page_of(client, "/messages/")


def test_a_form_without_words_comes_back_with_what_was_typed(client, people):
    order = issued(people)
    desk(client, people, "李军").post(f"/desk/orders/{order.number}/steps/receive/", {})
    sent = client.post(f"/desk/orders/{order.number}/steps/reply/", {"reply": " "})
    assert sent.status_code == 422
    sent = client.post(f"/desk/orders/{order.number}/steps/reply/", {"reply": "已整改。", "seen": 1})
    assert sent.status_code == 409
    assert "已整改。" in sent.content.decode()
    order.refresh_from_db()
    assert order.state == "RECEIVED"


def test_an_order_about_a_case_that_is_not_there(client, people):
    asked = {
        "responsible": str(people.organ.pk), "source": "finding", "case_no": "9901002026092410000009", "title": "题",
        "content": "内容", "order_kind": "NORMAL", "parent": "",
    }  # fmt: skip
    desk(client, people, "吴涛")
    assert client.post("/watch/orders/new/", asked).status_code == 422
    assert client.post("/watch/orders/new/", asked | {"source": "urging", "case_no": ""}).status_code == 422
    assert not Order.objects.exists()
    assert client.post("/watch/orders/new/", asked | {"case_no": ""}).status_code == 302


def test_a_step_of_the_other_side_has_no_address(client, people):
    order = issued(people)
    assert desk(client, people, "李军").post(f"/desk/orders/{order.number}/steps/close/", {}).status_code == 404
    assert desk(client, people, "吴涛").post(f"/watch/orders/{order.number}/steps/receive/", {}).status_code == 404
    assert client.post(f"/watch/orders/{order.number}/steps/evil/", {}).status_code == 404


def test_the_late_order_shows_its_ladder_and_prints_its_papers(client, people):
    order = issued(people, days_ago=60)
    sweep_orders(at=timezone.now())
    desk(client, people, "吴涛")
    shown = page_of(client, f"/watch/orders/{order.number}/")
    assert shown.count('class="taken"') == 3
    papers = queries.order_papers(order)
    assert len(papers) == 4
    first = client.get(f"/watch/orders/{order.number}/papers/{papers[0].uid}/")
    assert b"".join(first.streaming_content)[:5] == b"%PDF-"
    assert page_of(client, "/watch/orders/?late=1").count("data-open") == 1
    assert page_of(desk(client, people, "李军"), "/desk/orders/").count("data-open") == 1


def test_figures_lead_to_the_rows_they_count(client, people):
    issued(people)
    issued(people, days_ago=60)
    done = issued(people)
    Order.objects.filter(pk=done.pk).update(state="CLOSED", result="done", closed_at=timezone.now(), escalate_at=None)
    desk(client, people, "吴涛")
    counts = client.get("/watch/orders/").context["counts"]
    assert [count for _label, count, _address, _pressing in counts[:3]] == [2, 1, 2]
    for _label, count, address, _pressing in counts:
        assert len(client.get(f"/watch/orders/{address}").context["rows"]) == count


def test_the_list_is_filtered_paged_and_taken_away(client, people, monkeypatch):
    monkeypatch.setattr("zhengtong.domains.orders.queries.PAGE", 2)
    orders = [issued(people) for _ in range(5)]
    desk(client, people, "吴涛")
    met, address = [], "/watch/orders/"
    while True:
        context = client.get(address).context
        met += [row[0].number for row in context["rows"]]
        if not context["before"]:
            break
        address = f"/watch/orders/?before={context['before']}"
    assert met == [order.number for order in reversed(orders)]
    for query, count in (
        ("kind=URGENT", 0), ("kind=NORMAL&organ=" + str(people.organ.pk), 2), ("q=DB202600003", 1), ("q=多次退回", 2),
        ("source=card", 0), ("since=2001-01-01&until=2001-12-31", 0), ("state=evil&kind=%00&organ=x&since=y&before=z", 2),
    ):  # fmt: skip
        year = timezone.localdate().year
        assert len(client.get(f"/watch/orders/?{query.replace('2026', str(year))}").context["rows"]) == count, query
    lines = b"".join(client.get("/watch/orders/export/").streaming_content).decode("utf-8-sig").splitlines()
    assert len(lines) == 6
    assert lines[0].startswith("办件编号,督办内容,机构名称,事项类型代码,督办发出时间,监察编号")


def test_a_head_reads_only_the_orders_to_their_own_organ(client, people):
    order = issued(people)
    desk(client, people, "孙丽")
    assert order.number in page_of(client, "/watch/orders/")
    Order.objects.update(organ_id=_other_organ(people).pk, section_id=None)
    assert order.number not in page_of(client, "/watch/orders/")
    page_of(client, f"/watch/orders/{order.number}/", status=404)


def _other_organ(people):
    from zhengtong.domains.registry.models import Organ

    return Organ.objects.create(code="91990100MB00000002", name="云泽市水利局", short_name="云水", region=people.region)


# --- accountability ---


def recorded(people, **others) -> Admonition:
    return order_accountability.record_admonition(
        **{
            "staff_no": "handler", "measure": Measure.TALK, "reason": "两次逾期。", "decided_by": "云泽市商务局",
            "decided_on": timezone.localdate(), "tolerance_note": "四项审查，不适用。", "by": people.acting("吴涛"),
            "at": timezone.now(), **others,
        }
    )  # fmt: skip


def test_a_measure_is_recorded_objected_to_by_the_person_and_judged_by_another(client, people):
    order = issued(people)
    asked = {
        "staff_no": "handler", "measure": "talk", "order_no": order.number, "decided_by": "云泽市商务局",
        "document_no": "云商〔2026〕3号", "decided_on": timezone.localdate().isoformat(), "reason": "两次逾期。",
        "tolerance_note": "四项审查，不适用。",
    }  # fmt: skip
    desk(client, people, "吴涛")
    assert client.post("/watch/accountability/new/", asked | {"staff_no": "supervisor"}).status_code == 422
    assert client.post("/watch/accountability/new/", asked | {"staff_no": "nobody"}).status_code == 422
    row_at = client.post("/watch/accountability/new/", asked)["Location"]
    row = Admonition.objects.get()
    assert (row_at, row.order, row.officer.name) == (f"/watch/accountability/{row.number}/", order, "李军")
    assert Message.objects.filter(kind="admonition.decided", account_id=people.officers["李军"].account_id).exists()
    assert "两次逾期" not in " ".join(entry.facts for entry in entries_of("admonition", row.number))

    own = desk(client, people, "李军")
    assert row.number in page_of(own, "/desk/orders/")
    assert own.post(f"/desk/orders/accountability/{row.number}/", {"text": "当日停电。"}).status_code == 302
    assert own.post(f"/desk/orders/accountability/{row.number}/", {"text": "再说一次。"}).status_code == 409
    page_of(desk(client, people, "周洋"), f"/desk/orders/accountability/{row.number}/", status=404)
    page_of(desk(client, people, "孙丽"), f"/watch/accountability/{row.number}/", status=403)

    judge = {"text": "停电属实。"}
    desk(client, people, "吴涛")
    assert client.post(f"/watch/accountability/{row.number}/steps/revoke/", judge).status_code == 422  # recorded it
    assert client.post(f"/watch/accountability/{row.number}/steps/lift/", judge).status_code == 409
    from tests.people import hire
    from zhengtong.rules.roles import Role

    people.officers["褚英"] = hire(people.organ, None, "褚英", "supervisor2", Role.SUPERVISOR)
    desk(client, people, "褚英")
    assert client.post(f"/watch/accountability/{row.number}/steps/revoke/", judge).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.answered_by.name) == ("REVOKED", "褚英")
    kinds = [entry.kind for entry in entries_of("admonition", row.number)]
    assert kinds == ["admonition.decided", "admonition.objected", "admonition.revoked"]


def test_a_tolerated_fault_is_on_record_and_in_nobody_s_way(client, people):
    row = recorded(people, tolerated=True)
    assert row.state == "EXEMPT"
    own = desk(client, people, "李军")
    assert "对我的责任追究登记" in page_of(own, "/desk/orders/")
    assert "textarea" not in page_of(own, f"/desk/orders/accountability/{row.number}/")


def test_a_measure_is_lifted(client, people):
    row = recorded(people)
    desk(client, people, "吴涛")
    assert client.post(f"/watch/accountability/{row.number}/steps/lift/", {"text": "期满。"}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.lifted_on) == ("LIFTED", timezone.localdate())
    assert client.post(f"/watch/accountability/{row.number}/steps/lift/", {"text": "期满。"}).status_code == 409


# --- the whole case ---


def test_a_case_with_all_its_acts_limits_orders_and_its_place_in_the_log(client, people):
    case = decided(people, at=timezone.now() - DAY)
    order = issued(people, case_no=case.number)
    desk(client, people, "吴涛")
    context = client.get(f"/watch/case/{case.number}/").context
    assert [one.entry.seq for one in context["entries"]] == list(range(case.version, 0, -1))
    assert {one.position for one in context["entries"]} == {None}
    assert context["faults"] == []
    seal_and_publish(at=timezone.now())
    seal_and_publish(at=timezone.now())
    shown = page_of(client, f"/watch/case/{case.number}/")
    assert "已签入检查点" in shown
    assert order.number in shown
    assert case.person is None or case.person.id_number not in shown
    assert "13800000001" not in shown
    assert client.post(f"/watch/case/{case.number}/").status_code == 405
    page_of(client, "/watch/case/9901002026092410000009/", status=404)


def test_a_changed_row_is_told_on_the_page(client, people):
    case = accepted(people, at=timezone.now())
    type(case).objects.filter(pk=case.pk).update(due_on=None)
    assert "账本核对不一致" in page_of(desk(client, people, "吴涛"), f"/watch/case/{case.number}/")


def test_a_person_s_name_is_masked(client, people):
    case = accepted(people, at=timezone.now())
    type(case).objects.filter(pk=case.pk).update(enterprise=None, applicant_name="林小雨")
    shown = page_of(desk(client, people, "吴涛"), f"/watch/case/{case.number}/")
    assert "林小雨" not in shown
    assert "林*" in shown


# --- both languages, and what a page costs ---


@pytest.mark.parametrize("name", ["吴涛", "李军"])
def test_every_page_in_english(client, people, name):
    case = accepted(people, at=timezone.now())
    talk.urge(case.number, by=people.applicant, at=timezone.now())
    late = issued(people, days_ago=60, source=("urging", case.number), kind=OrderKind.COMPLEX)
    sweep_orders(at=timezone.now())
    row = recorded(people, order_no=late.number)
    shared = ["orders/", f"orders/{late.number}/"]
    watched = [
        "orders/new/", f"orders/new/?parent={late.number}", "orders/?state=OPEN&q=x", "accountability/",
        "accountability/new/", f"accountability/{row.number}/", f"case/{case.number}/",
    ]  # fmt: skip
    own = ["orders/?finished=1", f"orders/accountability/{row.number}/"]
    root, pages = ("/watch/", shared + watched) if name == "吴涛" else ("/desk/", shared + own)
    desk(client, people, name, "en")
    for address in pages:
        html = page_of(client, root + address)
        assert '<html lang="en"' in html
        assert strayed(html) == [], address


def test_queries(client, people, django_assert_max_num_queries):
    case = accepted(people, at=timezone.now())
    for _ in range(6):
        late = issued(people, days_ago=60, case_no=case.number)
    sweep_orders(at=timezone.now())
    desk(client, people, "吴涛")
    client.get("/watch/orders/")
    for address, most in (
        ("/watch/orders/", 15),
        (f"/watch/orders/{late.number}/", 22),
        (f"/watch/case/{case.number}/", 24),
        ("/watch/accountability/", 12),
    ):
        with django_assert_max_num_queries(most):
            client.get(address)
    desk(client, people, "李军")
    client.get("/desk/orders/")
    for address, most in (("/desk/orders/", 17), (f"/desk/orders/{late.number}/", 22)):
        with django_assert_max_num_queries(most):
            client.get(address)


POISONS = (
    "<script>alert(1)</script>", "测" * 10_000, "同意\x00\x07。", "\u202e录目", "9" * 5_000, "²", "2026-02-30", " \u3000 ",
)  # fmt: skip


@pytest.mark.parametrize("poison", POISONS, ids=range(len(POISONS)))
def test_strange_input_meets_a_sentence(client, people, poison):
    order, row = issued(people, kind=OrderKind.COMPLEX), recorded(people)
    desk(client, people, "李军").post(f"/desk/orders/{order.number}/steps/receive/", {})
    for address in (
        f"/desk/orders/{order.number}/steps/reply/", f"/desk/orders/{order.number}/steps/ask-extension/",
        f"/desk/orders/accountability/{row.number}/",
    ):  # fmt: skip
        sent = client.post(address, dict.fromkeys(("reply", "days", "reason", "text", "seen"), poison))
        assert sent.status_code in (302, 409, 422), address
        assert b"<script>alert(1)" not in sent.content
    desk(client, people, "吴涛")
    names = (
        "responsible", "source", "case_no", "title", "content", "order_kind", "parent", "staff_no", "measure",
        "order_no", "card_key", "decided_by", "document_no", "decided_on", "reason", "tolerance_note", "tolerated",
    )  # fmt: skip
    good = {
        "responsible": str(people.organ.pk), "source": "finding", "order_kind": "NORMAL", "title": "题", "content": "容",
        "staff_no": "handler", "measure": "talk", "decided_by": "局", "decided_on": "2026-01-05", "reason": "因",
        "tolerance_note": "不适用。", "case_no": "", "parent": "", "order_no": "", "card_key": "", "document_no": "",
    }  # fmt: skip
    for name in names:
        for address in ("/watch/orders/new/", "/watch/accountability/new/"):
            assert client.post(address, good | {name: poison}).status_code in (302, 404, 409, 422), (address, name)
    for step in ("verify", "reject", "withdraw", "extend"):
        sent = client.post(f"/watch/orders/{order.number}/steps/{step}/", {"verdict": poison, "reason": poison})
        assert sent.status_code in (302, 409, 422), step
    asked = dict.fromkeys(
        ("q", "state", "kind", "source", "organ", "since", "until", "before", "case", "parent"), poison
    )
    for address in ("/watch/orders/", "/watch/orders/export/", "/watch/accountability/", "/watch/orders/new/"):
        assert client.get(address, asked).status_code in (200, 404), address
    assert desk(client, people, "李军").get("/desk/orders/", {"finished": "1", "before": poison}).status_code == 200
