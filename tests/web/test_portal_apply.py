"""Applying, one section a page: what is asked, kept, refused, and that it happens once."""

import io
from urllib.parse import quote
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.answers import PDF
from tests.people import AT, Cast, cast, drafted
from tests.web.portal import as_enterprise, chinese_outside_marks, signed_in
from zhengtong.domains.applications.models import Application, SubmittedMaterial
from zhengtong.domains.cases.models import Case
from zhengtong.domains.registry.models import Person
from zhengtong.flows.hand_in import hand_in

pytestmark = pytest.mark.django_db
SITUATION = {"situation.kind": "first", "situation.issuer": "scale", "situation.ownership": "domestic"}


@pytest.fixture
def people() -> Cast:
    return cast()


@pytest.fixture
def client(people: Cast) -> Client:
    return as_enterprise(people)


@pytest.fixture
def draft(people: Cast, client: Client) -> Application:
    response = client.post(reverse("portal:apply", args=[people.item().item_code]), {"as": people.enterprise.pk})
    assert response.status_code == 302
    return Application.objects.get()


def url(draft: Application, page: str, *more: str) -> str:
    return reverse(f"portal:{page}", args=[draft.uid, *more])


def now(draft: Application) -> Application:
    draft.refresh_from_db()
    return draft


def situated(client: Client, draft: Application, **other: str) -> None:
    answers = {**SITUATION, **{f"situation.{k}": v for k, v in other.items()}, "version": now(draft).draft_version}
    assert client.post(url(draft, "situations"), answers).status_code == 302


# --- beginning ---
def test_applying_asks_to_sign_in_first_and_comes_back(people: Cast) -> None:
    there = reverse("portal:apply", args=[people.item().item_code])
    answer = Client().get(there)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")
    assert quote(there, safe="") in answer["Location"]


def test_start_leads_to_the_situations_and_again_to_the_same_draft(
    people: Cast, client: Client, draft: Application
) -> None:
    again = client.post(reverse("portal:apply", args=[people.item().item_code]), {"as": people.enterprise.pk})
    assert again["Location"] == url(draft, "draft")
    assert Application.objects.count() == 1
    assert draft.applicant_name == people.enterprise.name


def test_an_item_for_enterprises_refuses_a_person_in_words(people: Cast, client: Client) -> None:
    answer = client.post(reverse("portal:apply", args=[people.item().item_code]), {"as": ""})
    assert answer.status_code == 422
    assert "不受理这一类申请人" in answer.content.decode()


def test_nobody_applies_for_an_enterprise_that_is_not_theirs(people: Cast) -> None:
    answer = signed_in(people.stranger).post(
        reverse("portal:apply", args=[people.item().item_code]), {"as": people.enterprise.pk}
    )
    assert answer.status_code == 422
    assert "没有这家企业的有效授权" in answer.content.decode()
    assert not Application.objects.exists()


def test_who_has_no_identity_states_it_once_and_comes_back(people: Cast) -> None:
    client = signed_in(people.stranger)
    start = reverse("portal:apply", args=[people.item().item_code])
    to_identity = client.post(start, {"as": ""})
    assert to_identity["Location"] == f"/identity/?next={start}"
    wrong = client.post(
        "/identity/", {"name": "高远", "id_kind": "111", "id_number": "990101199003071230", "next": start}
    )
    assert wrong.status_code == 422
    assert 'value="990101199003071230"' in wrong.content.decode()
    right = client.post("/identity/", {"name": "高远", "id_kind": "414", "id_number": "E1234567", "next": start})
    assert right["Location"] == start
    assert Person.objects.get(account=people.stranger).name == "高远"


def test_another_persons_number_is_not_taken_over(people: Cast) -> None:
    answer = signed_in(people.stranger).post(
        "/identity/", {"name": "林小雨", "id_kind": "111", "id_number": people.person.id_number}
    )
    assert answer.status_code == 422
    assert not Person.objects.filter(account=people.stranger).exists()


# --- questions ---
def test_situations_come_first_and_all_are_asked(client: Client, draft: Application) -> None:
    answer = client.post(url(draft, "situations"), {"situation.kind": "first", "version": draft.draft_version})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert page.count("这一项必须填写。") == 4  # twice above, twice beside
    assert now(draft).situation == {"kind": "first"}


def test_a_section_is_prefilled_from_the_register(people: Cast, client: Client, draft: Application) -> None:
    situated(client, draft)
    page = client.get(url(draft, "section", "enterprise")).content.decode()
    assert people.enterprise.uscc in page
    assert "已从登记信息带出" in page


def test_what_is_refused_stays_typed_with_the_sentence_beside_it(client: Client, draft: Application) -> None:
    situated(client, draft)
    answer = client.post(
        url(draft, "section", "enterprise"),
        {
            "version": now(draft).draft_version,
            "enterprise.0.name": "云泽联运",
            "enterprise.0.uscc": "91990100MA0000000X",
        },
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="91990100MA0000000X"' in page
    assert 'id="id_enterprise-0-uscc-error"' in page
    assert 'href="#id_enterprise-0-uscc"' in page
    assert now(draft).answers["enterprise"][0]["name"] == "云泽联运"  # kept, though not yet right


def test_a_conditional_question_appears_when_its_answer_is_given(client: Client, draft: Application) -> None:
    situated(client, draft)
    there = url(draft, "section", "custody")
    assert "存管账号" not in client.get(there).content.decode()
    answer = client.post(there, {"version": now(draft).draft_version, "custody.0.method": "bank"})
    assert answer.status_code == 422
    assert "存管账号" in answer.content.decode()
    piece = client.post(
        there, {"version": now(draft).draft_version, "custody.0.method": "bank"}, headers={"hx-request": "true"}
    )
    assert piece.status_code == 200
    assert piece.content.decode().lstrip().startswith('<div id="questions"')


def test_rows_are_added_and_taken_away_without_scripts(client: Client, draft: Application) -> None:
    situated(client, draft)
    there = url(draft, "section", "stores")
    added = client.post(there, {"version": now(draft).draft_version, "stores.0.name": "一号店", "do": "add"})
    assert "stores.1.name" in added.content.decode()
    removed = client.post(
        there,
        {"version": now(draft).draft_version, "stores.0.name": "一号店", "stores.1.name": "二号店", "do": "remove.0"},
    )
    assert "二号店" in removed.content.decode()
    assert now(draft).answers["stores"] == [{"name": "二号店"}]


def test_a_section_that_is_not_asked_leads_back(client: Client, draft: Application) -> None:
    situated(client, draft)
    assert client.get(url(draft, "section", "investors"))["Location"] == url(draft, "draft")
    situated(client, draft, ownership="foreign")
    assert client.get(url(draft, "section", "investors")).status_code == 200
    assert client.get(url(draft, "section", "nosuch")).status_code == 404


# --- saving ---
def test_autosave_answers_with_time_and_version(client: Client, draft: Application) -> None:
    answer = client.post(
        url(draft, "section", "enterprise"),
        {"version": draft.draft_version, "enterprise.0.name": "新名字"},
        headers={"accept": "application/json"},
    )
    assert answer.json()["version"] == draft.draft_version + 1
    assert now(draft).answers["enterprise"][0]["name"] == "新名字"


def test_a_page_that_autosaved_itself_is_not_stale(client: Client, draft: Application) -> None:
    situated(client, draft)
    there, typed = (
        url(draft, "section", "custody"),
        {"version": now(draft).draft_version, "page": "abc", "custody.0.method": "insurance"},
    )
    assert client.post(there, typed, headers={"accept": "application/json"}).status_code == 200
    # Pressed before the answer to the autosave had come: the page still names the older version.
    assert client.post(there, typed).status_code in (302, 422)
    assert "在别处改过" not in client.post(there, typed).content.decode()


def test_a_draft_saved_elsewhere_is_said_and_nothing_typed_is_lost(
    people: Cast, client: Client, draft: Application
) -> None:
    situated(client, draft)
    there, old = url(draft, "section", "enterprise"), now(draft).draft_version
    as_enterprise(people).post(there, {"version": old, "enterprise.0.name": "别处写的"})
    answer = client.post(there, {"version": old, "enterprise.0.name": "这里写的"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "在别处改过" in page
    assert 'value="这里写的"' in page
    assert now(draft).answers["enterprise"][0]["name"] == "别处写的"
    assert f'name="version" value="{draft.draft_version}"' in page  # saving once more goes through


def test_autosave_of_a_stale_page_is_a_conflict(people: Cast, client: Client, draft: Application) -> None:
    answer = client.post(
        url(draft, "section", "enterprise"),
        {"version": 0, "enterprise.0.name": "x"},
        headers={"accept": "application/json"},
    )
    assert answer.status_code == 409
    assert answer.json()["code"] == "application.stale"


def test_an_expired_session_keeps_the_fields_and_tells_the_autosave(
    people: Cast, client: Client, draft: Application
) -> None:
    there, sent = url(draft, "section", "enterprise"), {"version": draft.draft_version, "enterprise.0.name": "没有丢"}
    client.logout()
    told = client.post(there, sent, headers={"accept": "application/json"})
    assert told.status_code == 401
    to_sign_in = client.post(there, sent, headers={"origin": "http://testserver"})
    assert "/accounts/login/" in to_sign_in["Location"]
    client.force_login(people.citizen, backend="allauth.account.auth_backends.AuthenticationBackend")
    kept = client.get("/kept/").content.decode()
    assert "没有丢" in kept
    assert there in kept


# --- materials ---
def upload(name: str = "报表.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def test_a_file_is_uploaded_shown_and_taken_away(client: Client, draft: Application) -> None:
    situated(client, draft)
    there = url(draft, "materials")
    page = client.get(there).content.decode()
    assert "免提交" in page
    sent = {"version": now(draft).draft_version, "material": "audited_statements", "do": "upload", "file": upload()}
    assert client.post(there, sent).status_code == 302
    row = SubmittedMaterial.objects.get()
    assert row.file_name == "报表.pdf"
    assert "报表.pdf" in client.get(there).content.decode()
    shown = client.get(url(draft, "material_file", str(row.pk)))
    assert b"".join(shown.streaming_content) == PDF
    gone = {"version": now(draft).draft_version, "material": "audited_statements", "do": f"remove.{row.pk}"}
    assert client.post(there, gone).status_code == 302
    assert "报表.pdf" not in client.get(there).content.decode()


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (upload("病毒.exe", b"MZ\x90\x00" + b"\x00" * 64), "不能上传"),
        (upload("假的.pdf", b"\xff\xd8\xff\xe0" + b"\x00" * 64), "改名不能改变格式"),
        (upload("空的.pdf", b""), "还没有选择文件"),
    ],
)
def test_a_file_that_cannot_be_taken_says_why_beside_its_material(
    client: Client, draft: Application, file, sentence
) -> None:
    situated(client, draft)
    file.seek(0)
    answer = client.post(
        url(draft, "materials"),
        {"version": now(draft).draft_version, "material": "audited_statements", "do": "upload", "file": file},
    )
    assert answer.status_code == 422
    assert not SubmittedMaterial.objects.exists()
    assert 'href="#id_material-audited_statements"' in answer.content.decode()


def test_a_file_for_what_nobody_asked_is_not_taken(client: Client, draft: Application) -> None:
    answer = client.post(
        url(draft, "materials"),
        {"version": now(draft).draft_version, "material": "diary", "do": "upload", "file": upload()},
    )
    assert answer.status_code == 422
    assert not SubmittedMaterial.objects.exists()


def test_going_on_names_every_missing_file(client: Client, draft: Application) -> None:
    situated(client, draft)
    page = client.post(url(draft, "materials"), {"version": now(draft).draft_version, "do": "next"}).content.decode()
    assert "还没有上传“经审计的上一年度财务报表”" in page
    assert "还没有上传“营业执照”" not in page  # we have it already


# --- delivery, check, submission ---
def test_contact_is_checked_and_kept(client: Client, draft: Application) -> None:
    there = url(draft, "delivery")
    wrong = client.post(there, {"version": draft.draft_version, "contact_phone": "12"})
    assert wrong.status_code == 422
    assert 'value="12"' in wrong.content.decode()
    right = client.post(there, {"version": now(draft).draft_version, "contact_phone": "138 0000 0001"})
    assert right.status_code == 302
    assert now(draft).contact_phone == "13800000001"


def test_check_page_lists_everything_missing_as_links(client: Client, draft: Application) -> None:
    page = client.get(url(draft, "check")).content.decode()
    assert f"{url(draft, 'situations')}#id_situation-kind" in page
    assert f"{url(draft, 'section', 'enterprise')}#id_enterprise-0-name" in page
    assert f"{url(draft, 'materials')}#material-audited_statements" in page
    refused = client.post(url(draft, "check"), {"version": draft.draft_version, "truthful": "yes"})
    assert refused.status_code == 422
    assert not Case.objects.exists()


@pytest.fixture
def complete(people: Cast) -> Application:
    return drafted(people)


def test_submission_asks_for_the_declaration_then_makes_one_case(
    people: Cast, client: Client, complete: Application
) -> None:
    there, sent = url(complete, "check"), {"version": complete.draft_version}
    assert client.post(there, sent).status_code == 422
    first = client.post(there, sent | {"truthful": "yes"})
    case = Case.objects.get()
    assert first["Location"] == reverse("portal:submitted", args=[case.number])
    second = client.post(there, sent | {"truthful": "yes"})
    assert second["Location"] == first["Location"]
    assert Case.objects.count() == 1
    page = client.get(first["Location"]).content.decode()
    assert case.number in page
    assert case.query_code in page
    assert "窗口告诉您是否受理" in page


def test_a_submitted_application_takes_nothing_more(client: Client, complete: Application) -> None:
    client.post(url(complete, "check"), {"version": complete.draft_version, "truthful": "yes"})
    case = Case.objects.get()
    files = SubmittedMaterial.objects.count()
    for page in ("situations", "materials", "delivery", "draft"):
        assert client.get(url(complete, page))["Location"] == reverse("portal:case", args=[case.number])
    sent = {"version": now(complete).draft_version, "material": "audited_statements", "do": "upload", "file": upload()}
    client.post(url(complete, "materials"), sent)
    with pytest.raises(Exception, match=r"application\.closed"):
        hand_in(complete, "audited_statements", io.BytesIO(PDF), "x.pdf", seen=complete.draft_version, at=AT)
    assert SubmittedMaterial.objects.count() == files


def test_a_wrong_phone_is_kept_but_not_sent(client: Client, complete: Application) -> None:
    client.post(url(complete, "delivery"), {"version": complete.draft_version, "contact_phone": "12"})
    version = now(complete).draft_version
    assert complete.contact_phone == "12"
    answer = client.post(url(complete, "check"), {"version": version, "truthful": "yes"})
    assert answer.status_code == 422
    assert "#id_contact_phone" in answer.content.decode()
    assert not Case.objects.exists()


def test_a_stale_check_page_is_refused_with_the_reason(client: Client, complete: Application) -> None:
    answer = client.post(url(complete, "check"), {"version": 1, "truthful": "yes"})
    assert answer.status_code == 422
    assert "在别处改过" in answer.content.decode()
    assert not Case.objects.exists()


def test_a_draft_is_given_up_after_a_question(client: Client, draft: Application) -> None:
    there = url(draft, "discard")
    assert "要删除这份草稿吗" in client.get(there).content.decode()
    assert client.post(there, {"version": draft.draft_version})["Location"] == reverse("portal:my_cases")
    assert client.get(url(draft, "draft")).status_code == 404


@pytest.mark.parametrize("page", ["draft", "situations", "materials", "delivery", "check", "discard"])
def test_another_persons_draft_is_not_found(people: Cast, draft: Application, page: str) -> None:
    assert signed_in(people.stranger).get(url(draft, page)).status_code == 404
    if page != "draft":  # which is only read
        assert signed_in(people.stranger).post(url(draft, page), {"version": 1}).status_code == 404


def test_a_guessed_draft_is_not_found(people: Cast, client: Client) -> None:
    assert client.get(reverse("portal:draft", args=[UUID(int=99)])).status_code == 404


def test_hostile_answers_are_shown_as_text(client: Client, draft: Application) -> None:
    situated(client, draft)
    evil = "<img src=x onerror=alert(1)>"
    client.post(
        url(draft, "section", "enterprise"),
        {"version": now(draft).draft_version, "enterprise.0.name": evil, "enterprise.0.address": evil, "do": "leave"},
    )
    for page in (url(draft, "section", "enterprise"), url(draft, "check")):
        assert "<img src=x" not in client.get(page).content.decode()


def test_pages_of_a_draft_cost_few_queries(
    client: Client, complete: Application, django_assert_max_num_queries
) -> None:
    pages = [url(complete, p) for p in ("draft", "situations", "materials", "delivery", "check")] + [
        url(complete, "section", "enterprise")
    ]
    for page in pages:
        client.get(page)
        with django_assert_max_num_queries(10):
            assert client.get(page).status_code == 200


def test_pages_of_a_draft_speak_english(people: Cast, complete: Application) -> None:
    client = signed_in(people.citizen, english=True)
    sections = [url(complete, "section", code) for code in ("enterprise", "business", "custody", "stores", "confirm")]
    for page in [
        url(complete, p) for p in ("draft", "situations", "materials", "delivery", "check", "discard")
    ] + sections:
        assert chinese_outside_marks(client.get(page).content.decode()) == [], page
    start = client.get(reverse("portal:apply", args=[people.item().item_code]))
    assert chinese_outside_marks(start.content.decode()) == []
