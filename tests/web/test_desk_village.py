"""The network of four levels: halls, items for the village, filing for a villager with mandate, cases by level."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.answers import PDF
from tests.people import AT, PREPAID, Cast, cast, drafted, hall_of
from tests.web.portal import signed_in
from zhengtong.base.journal import check_subject
from zhengtong.base.journal.queries import entries_of
from zhengtong.base.outbox.models import Message
from zhengtong.domains.appointments.models import VillageFiling
from zhengtong.domains.cases.models import Case
from zhengtong.domains.catalogue import queries as catalogue
from zhengtong.domains.registry import queries as registry
from zhengtong.domains.registry.models import Hall, Region
from zhengtong.domains.statistics import levels
from zhengtong.flows import agency_filed, request_supplement, submit
from zhengtong.flows.agency_handed_over import hand_result_over
from zhengtong.flows.handle_at_once import handle_at_once
from zhengtong.rules.agency import FilingState
from zhengtong.rules.refusal import Refusal, RefusalCode

pytestmark = pytest.mark.django_db
RECYCLING = "991021013000"  # tagged for the village, handled at once
UID = "00000000-0000-4000-8000-000000000011"


@pytest.fixture
def people(db: None, monkeypatch: pytest.MonkeyPatch) -> Cast:
    monkeypatch.setattr(timezone, "now", lambda: AT)
    made = cast(PREPAID, RECYCLING)
    hall_of(made)
    return made


def clerk(people: Cast, name: str = "陶莲花"):
    return signed_in(people.officers[name].account)


def form_of(people: Cast) -> dict[str, object]:
    """A complete filing: the item's own answers under the counter's names."""
    item = people.item(RECYCLING)
    edition = catalogue.edition(item.current_version_id)
    draft = drafted(people, 77, RECYCLING)
    typed: dict[str, object] = {
        "uid": UID, "kind": "person", "id_kind": "111", "id_number": people.person.id_number, "person_name": "林小雨",
        "phone": "13800000001", "delivery": "pickup", "until": "2026-12-31", "consent": "1", "do": "file",
        "scan": SimpleUploadedFile("委托书.pdf", PDF, "application/pdf"),
        "material": [material.code for material in edition.materials],
    }  # fmt: skip
    for code, value in draft.situation.items():
        typed[f"situation.{code}"] = value
    for section, rows in draft.answers.items():
        for number, row in enumerate(rows):
            for field, value in row.items():
                name = f"{section}.{number}.{field}"
                if isinstance(value, dict):
                    typed |= {f"{name}.{part}": one for part, one in value.items()}
                else:
                    typed[name] = value
    draft.delete()
    return typed


def _said(answer) -> str:
    """What stands in red on a page."""
    import re

    return " ".join(
        re.findall(r'class="error"[^>]*>([^<]+)|<a href="#[^"]*">([^<]+)', answer.content.decode())[0:9]
        .__repr__()
        .split()
    )


def path_of(people: Cast, tail: str = RECYCLING) -> str:
    return f"/desk/village/items/{people.item(tail).item_code}/"


def test_a_village_clerk_files_for_a_villager_with_mandate_and_consent(people):
    client, typed = clerk(people), form_of(people)
    assert people.item(RECYCLING).name in client.get("/desk/village/").content.decode()
    assert people.item(PREPAID).name not in client.get("/desk/village/").content.decode()
    assert client.get(path_of(people)).status_code == 200
    for missing, word in (("consent", "须由本人同意"), ("scan", "请先选择文件")):
        refused = client.post(path_of(people), {k: v for k, v in typed.items() if k != missing})
        assert refused.status_code == 422, missing
        assert word in refused.content.decode() or missing == "scan"
        typed["scan"] = SimpleUploadedFile("委托书.pdf", PDF, "application/pdf")
    assert not Case.objects.exists()
    answer = client.post(path_of(people), typed)
    assert answer.status_code == 302, _said(answer)
    assert answer.url == f"/desk/village/filings/{UID}/"
    case, filing = Case.objects.get(), VillageFiling.objects.get()
    assert (case.channel, case.is_agent, case.agent_name, case.person_id) == ("5", True, "陶莲花", people.person.pk)
    assert (filing.case_no, filing.state, filing.scan_name) == (case.number, FilingState.FILED.value, "委托书.pdf")
    assert check_subject(filing, list(entries_of("filing", filing.key))) == []
    page = client.get(answer.url).content.decode()
    assert case.query_code in page
    assert "林小雨" not in page
    assert client.get(answer.url + "mandate/").status_code == 200
    assert client.post(path_of(people), {**typed, "scan": SimpleUploadedFile("委托书.pdf", PDF)}).url == answer.url
    assert Case.objects.count() == 1


def test_what_is_not_for_the_village_and_who_is_no_village_clerk_is_refused(people):
    assert clerk(people).get(path_of(people, PREPAID)).status_code == 422
    assert clerk(people, "张敏").get(path_of(people)).status_code == 403
    with pytest.raises(Refusal) as refused:
        agency_filed.check_level(people.item(PREPAID))
    assert refused.value.code is RefusalCode.FILING_LEVEL


def test_the_clerk_supplements_and_hands_the_result_over(people):
    from zhengtong.domains.cases.actions import Defect

    client = clerk(people)
    client.post(path_of(people), form_of(people))
    case = Case.objects.get()
    code = catalogue.edition(case.item_version_id).materials[0].code
    window = people.acting("张敏")
    lines = [Defect(code, "材料", "看不清", "请重交")]
    request_supplement.request_supplement(case.number, lines, seen=None, by=window, at=AT)
    page = client.get(f"/desk/village/filings/{UID}/").content.decode()
    assert f'name="file.{code}"' in page
    sent = {f"file.{code}": SimpleUploadedFile("重交.pdf", PDF, "application/pdf")}
    assert client.post(f"/desk/village/filings/{UID}/supplement/", sent).status_code == 302
    case.refresh_from_db()
    assert case.state == "SUBMITTED"
    last = entries_of("case", case.number).filter(kind="case.supplemented").get()
    assert "陶莲花代" in last.actor_name
    assert "林小雨" not in last.actor_name
    early = client.post(f"/desk/village/filings/{UID}/hand-over/")
    assert early.status_code == 409
    handle_at_once(case.number, opinion="齐全。", seen=None, by=window, at=AT)
    assert client.post(f"/desk/village/filings/{UID}/hand-over/").status_code == 302
    assert VillageFiling.objects.get().state == FilingState.HANDED_OVER.value
    with pytest.raises(Refusal):
        hand_result_over(VillageFiling.objects.get(), by=people.acting("陶莲花"), at=AT)


def told(kind: str) -> list[int | None]:
    return list(Message.objects.filter(kind=kind).values_list("account_id", flat=True))


def test_the_clerk_is_told_of_a_supplement_and_of_the_result_and_of_nobody_elses(people):
    from zhengtong.domains.cases.actions import Defect

    clerk(people).post(path_of(people), form_of(people))
    case, village, window = Case.objects.get(), people.officers["陶莲花"].account_id, people.acting("张敏")
    code = catalogue.edition(case.item_version_id).materials[0].code
    lines = [Defect(code, "材料", "看不清", "请重交")]
    request_supplement.request_supplement(case.number, lines, seen=None, by=window, at=AT)
    assert told("filing.supplement_requested") == [village]
    assert Message.objects.get(kind="filing.supplement_requested").payload["path"] == f"/desk/village/filings/{UID}/"
    online = drafted(people, 5, RECYCLING)
    other = submit.submit(online, seen=online.draft_version, by=people.applicant, at=AT)
    request_supplement.request_supplement(other.number, lines, seen=None, by=window, at=AT)
    assert told("filing.supplement_requested") == [village]
    sent = {f"file.{code}": SimpleUploadedFile("重交.pdf", PDF, "application/pdf")}
    clerk(people).post(f"/desk/village/filings/{UID}/supplement/", sent)
    handle_at_once(case.number, opinion="齐全。", seen=None, by=window, at=AT)
    assert told("filing.ended") == [village]


def test_a_mandate_that_ended_is_renewed_before_the_clerk_goes_on(people, monkeypatch):
    from zhengtong.domains.cases.actions import Defect

    clerk(people).post(path_of(people), form_of(people) | {"until": "2026-09-30"})
    case = Case.objects.get()
    code = catalogue.edition(case.item_version_id).materials[0].code
    lines = [Defect(code, "材料", "看不清", "请重交")]
    request_supplement.request_supplement(case.number, lines, seen=None, by=people.acting("张敏"), at=AT)
    monkeypatch.setattr(timezone, "now", lambda: AT + timedelta(days=7))
    client, page = clerk(people), f"/desk/village/filings/{UID}/"
    assert "委托书已到期" in client.get(page).content.decode()

    def supplemented() -> int:
        sent = {f"file.{code}": SimpleUploadedFile("重交.pdf", PDF, "application/pdf")}
        return client.post(page + "supplement/", sent).status_code

    assert supplemented() == 422

    def paper(**changes: str) -> dict[str, object]:
        scan = SimpleUploadedFile("新委托书.pdf", PDF + b" ", "application/pdf")
        return {"scan": scan, "until": "2026-12-31", "consent": "1", **changes}

    for changes in ({"consent": ""}, {"scan": ""}, {"until": "2026-09-30"}):
        assert client.post(page + "renew/", paper(**changes)).status_code == 422
    assert client.post(page + "renew/", paper()).status_code == 302
    filing = VillageFiling.objects.get()
    assert (filing.scan_name, filing.until.isoformat()) == ("新委托书.pdf", "2026-12-31")
    assert check_subject(filing, list(entries_of("filing", filing.key))) == []
    assert "委托书已到期" not in client.get(page).content.decode()
    assert supplemented() == 302


def test_a_draft_whose_mandate_ended_is_filed_under_a_new_one(people, monkeypatch):
    typed = form_of(people)
    clerk(people).post(path_of(people), typed | {"until": "2026-09-30", "do": "save"})
    monkeypatch.setattr(timezone, "now", lambda: AT + timedelta(days=7))
    client = clerk(people)
    assert 'name="scan"' in client.get(path_of(people) + f"?draft={UID}").content.decode()
    again = {key: value for key, value in typed.items() if key != "scan"}
    assert client.post(path_of(people), again).status_code == 422
    paper = SimpleUploadedFile("新委托书.pdf", PDF + b" ", "application/pdf")
    assert client.post(path_of(people), {**again, "scan": paper}).status_code == 302
    assert VillageFiling.objects.get().scan_name == "新委托书.pdf"


def test_another_clerk_does_not_see_the_filing(people):
    from tests.people import hire
    from zhengtong.rules.roles import Role

    clerk(people).post(path_of(people), form_of(people))
    other = hire(people.organ, None, "别村", "village2", Role.VILLAGE_CLERK)
    assert signed_in(other.account).get(f"/desk/village/filings/{UID}/").status_code == 404
    assert clerk(people, "蒋华").get(f"/desk/village/filings/{UID}/").status_code == 200  # who keeps the hall


def test_cases_are_counted_by_level_and_each_figure_has_its_rows(people):
    clerk(people).post(path_of(people), form_of(people))
    online = drafted(people, 5)
    submit.submit(online, seen=online.draft_version, by=people.applicant, at=AT)
    today = AT.date()
    assert levels.cases_by_level(today, today) == {"village": 1, "township": 0, "county": 0, "online": 1}
    assert [case.number for case in levels.rows_of("village", today, today)] == [VillageFiling.objects.get().case_no]
    assert levels.rows_of("online", today, today, before=levels.rows_of("online", today, today)[0].pk) == []
    assert levels.items_by_lowest_level() == {"village": 1, "township": 0, "county": 1}
    page = clerk(people, "蒋华").get("/desk/levels/?level=village").content.decode()
    assert VillageFiling.objects.get().case_no in page
    assert clerk(people, "张敏").get("/desk/levels/").status_code == 403


def test_a_hall_is_added_and_changed_and_its_code_stays(people):
    Region.objects.create(code="990102001001", name="柳荫村", level=6, parent=people.region)
    client = clerk(people, "蒋华")
    given = {"code": "V07", "kind": "village_point", "name": "柳荫村便民服务点", "region": "990102001001"}
    assert client.post("/desk/people/halls/", {**given, "code": "V 07"}).status_code == 422
    assert client.post("/desk/people/halls/", given).status_code == 302
    assert client.post("/desk/people/halls/", {**given, "name": "别的"}).status_code == 422  # the code is taken
    client.post("/desk/people/halls/?edit=V07", {**given, "code": "V08", "phone": "0990-1"})
    hall = Hall.objects.get(name="柳荫村便民服务点")
    assert (hall.code, hall.phone, hall.region.level) == ("V07", "0990-1", 6)
    assert registry.hall_for("V07").kind == Hall.POINT
    assert clerk(people, "张敏").get("/desk/people/halls/").status_code == 403


def test_the_portal_finds_what_can_be_done_in_the_village(people):
    from django.test import Client

    found = Client().get("/items/?level=village").content.decode()
    assert people.item(RECYCLING).name in found
    assert people.item(PREPAID).name not in found
    assert "便民服务点" in Client().get(f"/items/{people.item(RECYCLING).item_code}/").content.decode()
    assert "便民服务点" not in Client().get(f"/items/{people.item(PREPAID).item_code}/").content.decode()


def test_a_document_without_the_new_element_keeps_its_digest(people):
    from hashlib import sha256

    from zhengtong.domains.catalogue.actions import digest
    from zhengtong.rules.canonical import canonical

    document = dict(catalogue.document(people.item(PREPAID).current_version_id))
    assert document["lowest_level"] == ""
    before = {key: value for key, value in document.items() if key != "lowest_level"}
    assert digest(document) == sha256(canonical(before).encode()).hexdigest()
    assert digest({**document, "lowest_level": "village"}) != digest(document)


@pytest.mark.parametrize(
    ("path", "name"), [("/desk/village/", "陶莲花"), ("/desk/levels/", "蒋华"), ("/desk/people/halls/", "蒋华")]
)
def test_queries_of_a_page_are_bounded(people, path, name, django_assert_max_num_queries):
    client = clerk(people, name)
    client.get(path)
    with django_assert_max_num_queries(30):
        assert client.get(path).status_code == 200


def test_the_two_services_have_two_names_in_english(people):
    client = clerk(people)
    client.cookies["zhengtong_language"] = "en"
    rail = client.get("/desk/village/").content.decode().partition("<main")[0]
    assert rail.count("Village clerk</span>") == rail.count("Agency service</span>") > 0
