"""Following a case: tracking page, explained clock, papers, words to the officer, supplement, withdrawal, the slip."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.answers import PDF
from tests.people import AT, Cast, accepted, cast, decided, reviewed, submitted
from tests.web.portal import as_enterprise, chinese_outside_marks, signed_in
from zhengtong.base.outbox.models import Message
from zhengtong.domains.applications.models import Application, SubmittedMaterial
from zhengtong.domains.cases.actions import Defect
from zhengtong.domains.cases.models import Case, Paper, SupplementItem
from zhengtong.domains.registry.models import Mandate
from zhengtong.flows import request_supplement, talk

pytestmark = pytest.mark.django_db
LINE = Defect("audited_statements", "经审计的上一年度财务报表", "缺审计意见", "请补上审计意见页")


@pytest.fixture(autouse=True)
def _fresh_counts():
    cache.clear()


@pytest.fixture
def people() -> Cast:
    return cast()


@pytest.fixture
def client(people: Cast) -> Client:
    return as_enterprise(people)


def url(case: Case, page: str, *more: object) -> str:
    return reverse(f"portal:{page}", args=[case.number, *more])


# --- reading ---
def test_tracking_page_shows_stages_clock_acts_and_papers(
    people: Cast, client: Client, django_assert_max_num_queries
) -> None:
    case = reviewed(people)
    client.get(url(case, "case"))
    with django_assert_max_num_queries(15):
        page = client.get(url(case, "case")).content.decode()
    assert "2026年10月9日" in page  # five working days over Mid-Autumn and National Day
    for words in [
        "受理",
        "张敏",
        "第1日",
        "承办完成，转入下一环节",
        "受理通知书",
        "收件凭证",
        "催办",
        "撤回",
        case.query_code,
    ]:
        assert words in page, words
    assert page.index("审核完成") < page.index("提交申请")  # newest first


def test_every_limit_is_explained_day_by_day(people: Cast, client: Client) -> None:
    page = client.get(url(accepted(people), "clock")).content.decode()
    for words in ["多久告诉您是否受理", "承诺多久办完", "法律规定最多多久", "行政许可法第八十二条", "国庆节"]:
        assert words in page, words


def test_a_refused_case_says_so(people: Cast, client: Client) -> None:
    page = client.get(url(decided(people, grants=False), "case")).content.decode()
    assert "作出决定：不予许可" in page
    assert 'class="refused"' in page


def test_papers_are_drawn_once_and_belong_to_their_case(people: Cast, client: Client) -> None:
    case, other = accepted(people, 1), submitted(people, 2)
    paper = Paper.objects.get(case=case, form="F-01")
    first = client.get(url(case, "paper", paper.uid))
    assert b"".join(first.streaming_content).startswith(b"%PDF")
    paper.refresh_from_db()
    kept = paper.file_id
    assert kept is not None
    client.get(url(case, "paper", paper.uid))
    paper.refresh_from_db()
    assert paper.file_id == kept
    assert client.get(url(other, "paper", paper.uid)).status_code == 404


@pytest.mark.parametrize("page", ["case", "clock", "submitted", "withdraw", "supplement"])
def test_another_persons_case_is_not_found(people: Cast, page: str) -> None:
    case = submitted(people)
    assert signed_in(people.stranger).get(url(case, page)).status_code == 404
    answer = Client().get(url(case, page))
    assert answer["Location"].startswith("/accounts/login/")


def test_another_person_can_do_nothing_to_it(people: Cast) -> None:
    case, stranger = submitted(people), signed_in(people.stranger)
    paper = Paper.objects.get(case=case)
    assert stranger.get(url(case, "paper", paper.uid)).status_code == 404
    for page in ("say", "urge"):
        assert stranger.post(url(case, page), {"text": "你好"}).status_code == 404
    assert stranger.post(url(case, "withdraw"), {"seen": case.version}).status_code == 404


def test_pages_of_a_case_speak_english(people: Cast) -> None:
    case = decided(people)
    client = signed_in(people.citizen, english=True)
    for page in ("case", "clock", "submitted"):
        assert chinese_outside_marks(client.get(url(case, page)).content.decode()) == [], page
    for path in ("/applications/", "/messages/", "/mandates/", "/mandates/new/", "/identity/"):
        assert chinese_outside_marks(client.get(path).content.decode()) == [], path


def test_my_cases_list_drafts_and_cases_at_one_price(
    people: Cast, client: Client, django_assert_max_num_queries
) -> None:
    for number in range(1, 5):
        submitted(people, number)
    client.get("/applications/")
    with django_assert_max_num_queries(13):
        page = client.get("/applications/").content.decode()
    assert page.count("单用途商业预付卡发卡企业备案") == 4


# --- words ---
def test_a_message_reaches_the_officer_and_an_empty_one_says_why(people: Cast, client: Client) -> None:
    case = accepted(people)
    client.post(url(case, "say"), {"text": "<b>请问</b>还缺什么？"})
    page = client.get(url(case, "case")).content.decode()
    assert "&lt;b&gt;请问&lt;/b&gt;还缺什么？" in page
    refused = client.post(url(case, "say"), {"text": "长" * 2001})
    assert refused.status_code == 422
    assert "长" * 2001 in refused.content.decode()


def test_urging_once_a_day(people: Cast, client: Client) -> None:
    case = accepted(people)
    assert client.post(url(case, "urge")).status_code == 302
    again = client.post(url(case, "urge"))
    assert again.status_code == 422
    assert "今天已经催过了" in again.content.decode()


def test_messages_are_sentences_and_are_read(people: Cast, client: Client) -> None:
    case = accepted(people)
    talk.say(case.number, text="请来电", by=people.acting("张敏"), at=AT + timedelta(hours=1))
    page = client.get("/messages/").content.decode()
    assert "您的申请已受理，应在 2026年10月9日 前办完" in page
    assert "经办人给您留了言" in page
    row = Message.objects.filter(kind="case.accepted").get()
    assert client.post(reverse("portal:message", args=[row.pk]))["Location"] == url(case, "case")
    row.refresh_from_db()
    assert row.read_at is not None
    assert signed_in(people.stranger).post(reverse("portal:message", args=[row.pk])).status_code == 404
    client.post("/messages/")
    assert not Message.objects.filter(read_at__isnull=True).exists()


# --- withdrawing ---
def test_withdrawal_asks_first_then_closes_the_case(people: Cast, client: Client) -> None:
    case = accepted(people)
    there = url(case, "withdraw")
    assert "要撤回这份申请吗" in client.get(there).content.decode()
    client.post(there, {"seen": case.version, "reason": "不办了"})
    case.refresh_from_db()
    assert case.state == "WITHDRAWN"
    assert client.get(there).status_code == 409


def test_a_withdrawal_from_an_old_page_keeps_its_reason(people: Cast, client: Client) -> None:
    case = accepted(people)
    answer = client.post(url(case, "withdraw"), {"seen": case.version - 1, "reason": "写好的理由"})
    assert answer.status_code == 422
    assert "写好的理由" in answer.content.decode()
    case.refresh_from_db()
    assert case.state == "PROCESSING"


# --- supplement ---
def asked(people: Cast, *lines: Defect) -> Case:
    case = submitted(people)
    return request_supplement.request_supplement(
        case.number, lines or (LINE,), seen=None, by=people.acting("张敏"), at=AT + timedelta(hours=1)
    )


def upload() -> SimpleUploadedFile:
    return SimpleUploadedFile("审计报告.pdf", PDF, content_type="application/pdf")


def test_supplement_lists_exactly_the_lines_and_sends_what_was_uploaded(people: Cast, client: Client) -> None:
    case = asked(people)
    there = url(case, "supplement")
    page = client.get(there).content.decode()
    assert "缺审计意见" in page
    assert "卡样本" not in page
    line = SupplementItem.objects.get()
    missing = client.post(there, {"do": "send", "seen": case.version})
    assert missing.status_code == 422
    assert f'href="#id_line-{line.pk}"' in missing.content.decode()
    assert client.post(there, {"do": "upload", "line": line.pk, "file": upload()}).status_code == 302
    assert "审计报告.pdf" in client.get(there).content.decode()
    assert client.post(there, {"do": "send", "seen": case.version})["Location"] == url(case, "case")
    case.refresh_from_db()
    assert case.state == "SUBMITTED"
    kept = SubmittedMaterial.objects.filter(material_code="audited_statements", superseded_at__isnull=True)
    assert [row.file_name for row in kept] == ["审计报告.pdf"]
    assert client.get(there).status_code == 409


def test_supplement_takes_files_for_its_lines_only_and_gives_them_back(people: Cast, client: Client) -> None:
    case = asked(people)
    there = url(case, "supplement")
    before = SubmittedMaterial.objects.count()
    assert client.post(there, {"do": "upload", "line": "999999", "file": upload()}).status_code == 422
    assert SubmittedMaterial.objects.count() == before
    line = SupplementItem.objects.get()
    client.post(there, {"do": "upload", "line": line.pk, "file": upload()})
    new = SubmittedMaterial.objects.latest("id")
    original = SubmittedMaterial.objects.filter(round=0, material_code="audited_statements").get()
    assert client.post(there, {"do": f"remove.{original.pk}"}).status_code == 404
    assert client.post(there, {"do": f"remove.{new.pk}"}).status_code == 302
    assert "审计报告.pdf" not in client.get(there).content.decode()
    original.refresh_from_db()
    assert original.superseded_at is None


# --- the slip ---
def test_the_slip_opens_a_masked_page_without_signing_in(people: Cast) -> None:
    case = accepted(people)
    visitor = Client()
    opened = visitor.post("/track/", {"number": case.number.lower(), "code": case.query_code})
    assert opened["Location"] == url(case, "tracked")
    page = visitor.get(opened["Location"]).content.decode()
    assert "云*" in page
    assert people.enterprise.name not in page
    for words in ["/urge/", "/withdraw/", "和经办人说", "受理通知书</a>"]:
        assert words not in page, words
    assert visitor.get(url(case, "tracked_clock")).status_code == 200


def test_a_number_without_its_code_opens_nothing(people: Cast) -> None:
    case = accepted(people)
    visitor = Client()
    wrong = visitor.post("/track/", {"number": case.number, "code": "WRONG"})
    assert wrong.status_code == 422
    assert f'value="{case.number}"' in wrong.content.decode()
    assert visitor.get(url(case, "tracked")).status_code == 404


def test_guessing_codes_is_stopped_for_ten_minutes(people: Cast) -> None:
    case = accepted(people)
    for _try in range(10):
        assert Client().post("/track/", {"number": case.number, "code": "WRONG"}).status_code == 422
    stopped = Client().post("/track/", {"number": case.number, "code": case.query_code})
    assert stopped.status_code == 429
    assert "请十分钟后再试" in stopped.content.decode()


def test_a_slip_link_fills_the_number_in(people: Cast) -> None:
    page = Client().get("/track/", {"number": '"><b>9901'}).content.decode()
    assert "&quot;&gt;&lt;b&gt;9901" in page


# --- mandates ---
def test_a_mandate_is_given_used_and_taken_back(people: Cast, client: Client) -> None:
    other = signed_in(people.stranger)
    other.post("/identity/", {"name": "高远", "id_kind": "414", "id_number": "E1234567"})
    sent = {
        "principal": people.enterprise.pk,
        "name": "高远",
        "id_number": "e1234567",
        "since": "2026-01-01",
        "until": "2030-12-31",
    }
    assert client.post("/mandates/new/", sent | {"name": "别人"}).status_code == 422
    assert client.post("/mandates/new/", sent)["Location"] == "/mandates/"
    apply = reverse("portal:apply", args=[people.item().item_code])
    assert people.enterprise.name in other.get(apply).content.decode()
    assert other.post(apply, {"as": people.enterprise.pk}).status_code == 302
    key = Mandate.objects.get().key
    assert Client().post(reverse("portal:revoke_mandate", args=[key])).status_code == 302
    client.post(reverse("portal:revoke_mandate", args=[key]))
    assert f'id="as-{people.enterprise.pk}"' not in other.get(apply).content.decode()
    # The draft begun under the mandate can no longer be sent in the enterprise's name, only given up.
    draft = Application.objects.get()
    refused = other.get(reverse("portal:check", args=[draft.uid]))
    assert refused.status_code == 422
    assert "没有这家企业的有效授权" in refused.content.decode()
    discarded = other.post(reverse("portal:discard", args=[draft.uid]), {"version": draft.draft_version})
    assert discarded["Location"] == "/applications/"


def test_a_mandate_for_dates_that_run_backwards_keeps_the_form(people: Cast, client: Client) -> None:
    signed_in(people.stranger).post("/identity/", {"name": "高远", "id_kind": "414", "id_number": "E1234567"})
    answer = client.post(
        "/mandates/new/",
        {"principal": "self", "name": "高远", "id_number": "E1234567", "since": "2030-01-01", "until": "2026-12-31"},
    )
    assert answer.status_code == 422
    assert "结束日期早于开始日期" in answer.content.decode()


@pytest.mark.parametrize("before", ["9" * 30, "x", "\u0661", "-1"])
def test_lists_go_on_from_strange_places_calmly(people: Cast, client: Client, before: str) -> None:
    submitted(people)
    for path in ("/applications/", "/messages/"):
        assert client.get(path, {"before": before}).status_code == 200
