"""窗口收件: from the item to the accepted case on one page; refusals keep what was typed; a double click is one case."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.answers import PDF
from tests.people import Cast, _uscc, cast, drafted
from tests.web.test_desk_cases import at_desk
from zhengtong.base.journal.queries import entries_of
from zhengtong.domains.applications.models import Application, SubmittedMaterial
from zhengtong.domains.cases.models import Case, Paper, SupplementItem
from zhengtong.domains.registry.models import Enterprise, Person

pytestmark = pytest.mark.django_db
PREPAID = "991021011000"
DEALERS = "991021023000"  # immediate
IDENTITY = "990709033000"  # for persons, immediate


@pytest.fixture
def people() -> Cast:
    return cast(PREPAID, DEALERS, IDENTITY)


def post_of(people: Cast, tail: str = PREPAID) -> dict:
    """What a clerk would have typed: the item's example answers, on the wire."""
    draft = drafted(people, 7, tail)
    post: dict = {"uid": str(uuid4()), "kind": "enterprise", "uscc": people.enterprise.uscc, "phone": "13800000001"}
    for section, rows in draft.answers.items():
        for number, row in enumerate(rows):
            for field, value in row.items():
                if isinstance(value, dict):
                    post |= {f"{section}.{number}.{field}.{part}": said for part, said in value.items()}
                else:
                    post[f"{section}.{number}.{field}"] = value
    post |= {f"situation.{code}": value for code, value in draft.situation.items()}
    post["material"] = [m.material_code for m in draft.materials.all()]
    return post


def url(people: Cast, tail: str = PREPAID) -> str:
    return f"/desk/counter/items/{people.item(tail).item_code}/"


def counter_drafts() -> list[Application]:
    return list(Application.objects.filter(taken_in_by__isnull=False, state="draft"))


def test_taken_in_and_accepted_in_one_press(people: Cast) -> None:
    client, post = at_desk(people, "张敏"), post_of(people)
    assert PREPAID in client.get("/desk/counter/?q=yfk").content.decode()
    sent = client.post(url(people), post | {"do": "accept"})
    assert sent.status_code == 302, sent.content.decode()
    case = Case.objects.get()
    assert (case.state, case.channel, case.acceptor) == ("PROCESSING", "1", people.officers["张敏"])
    assert case.enterprise == people.enterprise
    done = client.get(sent["Location"]).content.decode()
    assert case.number in done
    assert case.query_code in done
    assert list(Paper.objects.order_by("id").values_list("form", flat=True)) == ["F-00", "F-01"]


def test_a_double_click_takes_in_once(people: Cast) -> None:
    client, post = at_desk(people, "张敏"), post_of(people)
    first = client.post(url(people), post | {"do": "accept"})
    second = client.post(url(people), post | {"do": "accept"})
    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1


def test_only_received_it_stays_with_the_clerk(people: Cast) -> None:
    client = at_desk(people, "张敏")
    client.post(url(people), post_of(people) | {"do": "receive"})
    case = Case.objects.get()
    assert (case.state, case.holder) == ("SUBMITTED", people.officers["张敏"])
    assert case.number in client.get("/desk/").content.decode()


def test_what_is_missing_is_named_and_what_was_typed_stays(people: Cast) -> None:
    client, post = at_desk(people, "张敏"), post_of(people)
    del post["business.0.card_name"]
    post["material"].remove("audited_statements")
    post["custody.0.bank"] = "云泽<b>银行</b>"
    page = client.post(url(people), post | {"do": "accept"})
    assert page.status_code == 422
    text = page.content.decode()
    assert 'href="#id_business-0-card_name"' in text
    assert 'href="#id_material-audited_statements"' in text
    assert "云泽&lt;b&gt;银行&lt;/b&gt;" in text
    assert "<b>银行</b>" not in text
    assert Case.objects.count() == 0
    # The page may be closed: the draft is there.
    (draft,) = counter_drafts()
    again = client.get(f"{url(people)}?draft={draft.uid}").content.decode()
    assert "云泽&lt;b&gt;银行&lt;/b&gt;" in again
    assert (
        client.post(
            url(people),
            post
            | {"do": "accept", "business.0.card_name": "云泽卡", "material": [*post["material"], "audited_statements"]},
        ).status_code
        == 302
    )


def test_a_draft_is_nobody_elses(people: Cast) -> None:
    at_desk(people, "张敏").post(url(people), post_of(people) | {"do": "save"})
    (draft,) = counter_drafts()
    assert at_desk(people, "陈静").get(f"{url(people)}?draft={draft.uid}").status_code == 404
    assert str(draft.uid) in at_desk(people, "张敏").get("/desk/counter/").content.decode()
    assert str(draft.uid) not in at_desk(people, "陈静").get("/desk/counter/").content.decode()


def test_the_one_notice_is_written_from_what_is_missing(people: Cast) -> None:
    client, post = at_desk(people, "张敏"), post_of(people)
    post["material"].remove("audited_statements")
    del post["business.0.card_name"]
    page = client.post(url(people), post | {"do": "notice"})
    rows = {row.code: row for row in page.context["defects"]}
    assert rows["audited_statements"].problem == "未提交"
    assert rows["card_package"].problem == ""
    assert client.post(url(people), post | {"do": "issue"}).status_code == 422  # a notice that says nothing
    assert Case.objects.count() == 0
    line = {"defect.audited_statements.problem": "未提交", "defect.audited_statements.remedy": "请提交审计报告。"}
    assert client.post(url(people), post | line | {"do": "issue"}).status_code == 302
    case = Case.objects.get()
    assert case.state == "SUPPLEMENT"
    assert SupplementItem.objects.get().material_code == "audited_statements"
    assert list(Paper.objects.order_by("id").values_list("form", flat=True)) == ["F-00", "F-03"]


def test_an_immediate_item_is_completed_in_one_sitting(people: Cast) -> None:
    client = at_desk(people, "张敏")
    sent = client.post(url(people, DEALERS), post_of(people, DEALERS) | {"do": "finish"})
    assert sent.status_code == 302, sent.content.decode()
    assert Case.objects.get().state == "FINISHED"


def test_check_digits_are_told_at_once_and_an_unknown_enterprise_is_registered(people: Cast) -> None:
    client, post = at_desk(people, "张敏"), post_of(people)
    wrong = people.enterprise.uscc[:-1] + ("0" if people.enterprise.uscc[-1] != "0" else "1")
    told = client.get("/desk/counter/look/", {"kind": "enterprise", "uscc": wrong}).json()
    assert "uscc" in told["errors"]
    told = client.get("/desk/counter/look/", {"kind": "enterprise", "uscc": people.enterprise.uscc}).json()
    assert (told["errors"], told["found"]) == ({}, "云泽联运商贸有限公司")
    page = client.post(url(people), post | {"do": "accept", "uscc": wrong})
    assert page.status_code == 422
    assert 'href="#id_uscc"' in page.content.decode()

    fresh = _uscc("91990100MA0000020"[:17])
    unnamed = client.post(url(people), post | {"do": "save", "uscc": fresh})
    assert unnamed.status_code == 422
    assert 'href="#id_enterprise_name"' in unnamed.content.decode()
    assert (
        client.post(url(people), post | {"do": "save", "uscc": fresh, "enterprise_name": "云泽新店"}).status_code == 302
    )
    assert Enterprise.objects.get(uscc=fresh).name == "云泽新店"


def test_an_agent_shows_a_mandate(people: Cast) -> None:
    client, post = at_desk(people, "张敏"), post_of(people) | {"agent_name": "高远"}
    page = client.post(url(people), post | {"do": "receive"})
    assert page.status_code == 422
    assert "id_paper_mandate" in page.content.decode()
    assert client.post(url(people), post | {"do": "receive", "paper_mandate": "1"}).status_code == 302
    case = Case.objects.get()
    assert (case.agent_name, case.is_agent) == ("高远", True)
    assert any("纸质授权委托书" in e.facts for e in entries_of("case", case.number))


def test_a_person_is_found_by_number_and_not_registered_twice(people: Cast) -> None:
    client = at_desk(people, "张敏")
    number = people.person.id_number
    post = {"uid": str(uuid4()), "kind": "person", "id_number": number, "person_name": "林小雨", "do": "save"}
    before = Person.objects.count()
    assert client.post(url(people, IDENTITY), post).status_code == 302
    assert Person.objects.count() == before
    wrong = post | {"uid": str(uuid4()), "id_number": number[:-1] + ("0" if number[-1] != "0" else "1")}
    page = client.post(url(people, IDENTITY), wrong)
    assert page.status_code == 422
    assert 'href="#id_id_number"' in page.content.decode()


def test_an_item_for_persons_refuses_an_enterprise(people: Cast) -> None:
    post = {"uid": str(uuid4()), "kind": "enterprise", "uscc": people.enterprise.uscc, "do": "save"}
    assert at_desk(people, "张敏").post(url(people, IDENTITY), post).status_code == 422


def test_a_scan_is_kept_and_a_dangerous_one_refused(people: Cast) -> None:
    client, post = at_desk(people, "张敏"), post_of(people)
    bad = SimpleUploadedFile("材料.pdf", b"MZ\x90\x00", content_type="application/pdf")
    page = client.post(url(people), post | {"do": "save", "file.audited_statements": bad})
    assert page.status_code == 422
    good = SimpleUploadedFile("材料.pdf", PDF, content_type="application/pdf")
    assert client.post(url(people), post | {"do": "save", "file.audited_statements": good}).status_code == 302
    row = SubmittedMaterial.objects.get(
        application=counter_drafts()[0], material_code="audited_statements", superseded_at__isnull=True
    )
    assert row.file is not None
    # Saved again without choosing the file once more, it stays.
    assert client.post(url(people), post | {"do": "save"}).status_code == 302
    row.refresh_from_db()
    assert row.superseded_at is None


def test_a_row_more_is_asked_for_without_a_script(people: Cast) -> None:
    client, post = at_desk(people, "张敏"), post_of(people)
    page = client.post(url(people), post | {"do": "add:stores"})
    assert 'name="stores.1.name"' in page.content.decode()
    assert Case.objects.count() == 0


def test_whoever_does_not_sit_at_a_window_takes_nothing_in(people: Cast) -> None:
    assert at_desk(people, "李军").post(url(people), post_of(people) | {"do": "accept"}).status_code == 403
    assert at_desk(people, "李军").get("/desk/counter/look/").status_code == 403
    assert Case.objects.count() == 0


def test_what_the_page_asks_the_database(people: Cast, django_assert_max_num_queries) -> None:
    client = at_desk(people, "张敏")
    client.get(url(people))
    with django_assert_max_num_queries(14):
        client.get(url(people))


def test_the_legal_representative_needs_no_mandate(people: Cast) -> None:
    post = post_of(people) | {"agent_name": "林小雨", "agent_id_number": people.person.id_number, "do": "receive"}
    assert at_desk(people, "张敏").post(url(people), post).status_code == 302
