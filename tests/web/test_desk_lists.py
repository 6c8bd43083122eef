"""The lists of the desk: inbox, pool, archive with its exports and hand-over, register, reports."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from tests.people import Cast, accepted, cast, submitted
from tests.web.test_desk_cases import act, at_desk, holder_of, now
from zhengtong.domains.cases import queries
from zhengtong.domains.cases.models import Case
from zhengtong.domains.registry.models import Post

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast()


def numbers(page) -> list[str]:
    return [row.case.number for row in page.context["rows"]]


# --- inbox and pool ---


def test_the_most_urgent_stands_on_top_and_the_lamps_count_what_they_show(people: Cast) -> None:
    for number, days in enumerate((1, 30, 2), start=1):
        accepted(people, number, at=timezone.now() - timedelta(days=days))
    Case.objects.update(holder=people.officers["李军"])
    client = at_desk(people, "李军")
    page = client.get("/desk/")
    dues = [row.case.due_on for row in page.context["rows"]]
    assert dues == sorted(dues)
    assert page.context["rows"][0].lamp.css == "late" or page.context["rows"][0].lamp.css == "over_legal"
    for name, text, _chosen in page.context["lamps"]:
        shown = client.get(f"/desk/?lamp={name}").context["rows"]
        assert str(len(shown)) in text
        assert {row.lamp.css for row in shown} <= {name, "over_legal"}
    assert client.get("/desk/?lamp=pink&stage=NOWHERE&after=x~y").status_code == 200


def test_pages_follow_one_another_without_gap(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(1, 6):
        accepted(people, number, at=now())
    Case.objects.update(holder=people.officers["李军"])
    monkeypatch.setattr(queries.inbox, "__kwdefaults__", queries.inbox.__kwdefaults__ | {"limit": 2})
    client, seen, address = at_desk(people, "李军"), [], "/desk/"
    while address:
        page = client.get(address)
        seen += numbers(page)
        address = f"/desk/?after={page.context['after']}" if page.context["after"] else ""
    assert sorted(seen) == sorted(Case.objects.values_list("number", flat=True))
    assert len(seen) == 5


def test_counts_beyond_the_cap_say_so(people: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(1, 4):
        accepted(people, number, at=now())
    Case.objects.update(holder=people.officers["李军"])
    monkeypatch.setattr(queries, "COUNT_CAP", 2)
    monkeypatch.setattr(queries, "BADGE_CAP", 2)
    text = at_desk(people, "李军").get("/desk/").content.decode()
    assert "2+" in text


def test_cases_are_taken_from_the_list_once(people: Cast) -> None:
    one, two = submitted(people, 1, at=now()), submitted(people, 2, at=now())
    client = at_desk(people, "张敏")
    assert set(numbers(client.get("/desk/pool/"))) == {one.number, two.number}
    chosen = [f"{case.number}:{case.version}" for case in (one, two)]
    client.post("/desk/pool/take/", {"case": chosen})
    assert set(Case.objects.values_list("holder__name", flat=True)) == {"张敏"}
    late = at_desk(people, "陈静")
    page = late.post("/desk/pool/take/", {"case": chosen}, follow=True)
    assert one.number in page.content.decode()  # told which were gone
    assert set(Case.objects.values_list("holder__name", flat=True)) == {"张敏"}
    assert at_desk(people, "吴涛").post("/desk/pool/take/", {"case": chosen}).status_code == 403


# --- archive ---


def test_files_are_found_by_word_number_holder_and_state(people: Cast) -> None:
    case = accepted(people, 1, at=now())
    other = submitted(people, 2, at=now())
    client = at_desk(people, "吴涛")
    both = {case.number, other.number}

    def found(query):
        return {row.case.number for row, _ in client.get(f"/desk/files/?{query}").context["rows"]}

    assert found("q=云泽联运") == both
    assert found(f"q={case.number}") == {case.number}
    assert found("state=SUBMITTED") == {other.number}
    assert found(f"holder={holder_of(people, case)}") == {case.number}
    assert found("channel=1") == set()
    assert found(f"item={people.item().item_code}&open=1") == both
    assert found("item=unknown") == set()
    assert found("late=1") == set()
    assert found("since=2099-01-01") == set()
    assert found("since=yesterday&organ=x&before=y") == both


def test_one_sees_the_files_of_ones_own_organ_only(people: Cast) -> None:
    accepted(people, at=now())
    Post.objects.filter(officer=people.officers["王芳"]).delete()
    stranger = people.organ.__class__.objects.create(
        code="119901000000000099", name="云泽市他局", short_name="云他", region=people.region
    )
    Post.objects.create(officer=people.officers["王芳"], role="reviewer", organ=stranger, since="2020-01-01")
    assert at_desk(people, "王芳").get("/desk/files/").context["rows"] == []


def test_a_spreadsheet_runs_nothing_that_an_applicant_wrote(people: Cast) -> None:
    case = accepted(people, at=now())
    Case.objects.update(applicant_name="=cmd|' /C calc'!A0")
    client = at_desk(people, "吴涛")
    text = b"".join(client.get("/desk/files/export/").streaming_content).decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text)))
    assert lines[1][0] == case.number
    assert lines[1][2].startswith("'=")
    book = b"".join(client.get("/desk/files/export/?as=xlsx").streaming_content)
    sheet = load_workbook(io.BytesIO(book)).active
    assert sheet["A2"].value == case.number
    assert str(sheet["C2"].value).startswith("'=")
    assert at_desk(people, "冯雪").get("/desk/files/export/").status_code == 403


def test_a_head_sees_first_who_may_take_what_and_then_hands_over(people: Cast) -> None:
    case, waiting = accepted(people, 1, at=now()), submitted(people, 2, at=now())
    holder = holder_of(people, case)
    other = "周洋" if holder == "李军" else "李军"
    head = at_desk(people, "孙丽")
    chosen = {"case": [f"{c.number}:{c.version}" for c in (case, waiting)]}
    preview = head.post("/desk/files/assign/", chosen)
    assert [able for _case, _seen, _stage, able in preview.context["rows"]] == [True, True]
    case.refresh_from_db()
    assert case.holder == people.officers[holder]  # nothing happened yet
    unchosen = head.post("/desk/files/assign/", chosen | {"confirm": "1"})
    assert unchosen.status_code == 200
    only = {
        "case": [f"{case.number}:{case.version}"],
        "confirm": "1",
        "to": people.officers[other].pk,
        "reason": "休假",
    }
    assert head.post("/desk/files/assign/", only).status_code == 302
    case.refresh_from_db()
    assert case.holder == people.officers[other]
    assert at_desk(people, "李军").post("/desk/files/assign/", only).status_code == 403


# --- register and reports ---


def test_the_register_holds_every_case_of_the_month_in_order(people: Cast) -> None:
    case = accepted(people, 1, at=now())
    submitted(people, 2, at=now())
    client = at_desk(people, "吴涛")
    rows = client.get("/desk/register/").context["rows"]
    assert [row[0].number for row in rows] == sorted(row[0].number for row in rows)
    assert len(rows) == 2
    assert rows[0][0] == case
    assert "受字" in rows[0][1]
    assert client.get("/desk/register/?month=2020-01").context["rows"] == []
    assert client.get("/desk/register/?month=nonsense").status_code == 200
    book = client.get(f"/desk/register/book.pdf?organ={people.organ.pk}")
    assert book.content.startswith(b"%PDF")
    assert client.get("/desk/register/book.pdf?organ=0").status_code == 404


def test_every_figure_of_a_report_leads_to_the_rows_it_counts(people: Cast) -> None:
    case = accepted(people, 1, at=now())
    Case.objects.update(imported=True)
    client = at_desk(people, "吴涛")
    assert people.organ.name in client.get("/desk/reports/").content.decode()
    page = client.get(f"/desk/reports/permits/{people.organ.code}/")
    assert page.context["report"].cases == 1
    rows = client.get(f"/desk/files/?imported=1&organ={people.organ.pk}").context["rows"]
    assert [row.case.number for row, _ in rows] == [case.number]
    for tail in ("acts/", "people/", "acts/?activity=%22&person=x"):
        assert client.get(f"/desk/reports/permits/{people.organ.code}/{tail}").status_code == 200
    assert client.get("/desk/reports/permits/unknown/").status_code == 404


# --- what a second person must agree to ---


def test_what_was_proposed_is_found_and_answered_from_the_list(people: Cast) -> None:
    case, other = accepted(people, 1, at=now()), accepted(people, 2, at=now())
    handler = holder_of(people, case)
    act(at_desk(people, handler), case, "ask-special", reason="企业明天签约。")
    act(at_desk(people, holder_of(people, other)), other, "propose-void", reason="重复录入")
    manager = at_desk(people, "蒋华")
    page = manager.get("/desk/proposals/")
    assert [row.case.number for row in page.context["rows"]] == [other.number, case.number]
    assert {"企业明天签约。", "重复录入", handler} <= set(re.findall(r"[^<>]+", page.content.decode()))
    assert 'href="/desk/proposals/"' in manager.get("/desk/").content.decode()
    assert "待我同意" not in at_desk(people, handler).get("/desk/").content.decode()
    assert act(manager, case, "grant-special", days="2").status_code == 302
    assert act(manager, other, "decline-void", reason="不是重复。").status_code == 302
    case.refresh_from_db()
    assert case.is_special
    assert not manager.get("/desk/proposals/").context["rows"]
    shown = manager.get(f"/desk/cases/{case.number}/").content.decode()
    assert "批准特办" in shown
    assert "特办时限" in shown
    assert act(manager, case, "end-special", reason="企业改期。").status_code == 302


def test_a_wrong_number_of_days_comes_back_with_the_most(people: Cast) -> None:
    case = accepted(people, 1, at=now())
    act(at_desk(people, holder_of(people, case)), case, "ask-special", reason="企业明天签约。")
    manager = at_desk(people, "蒋华")
    for days in ("99", "", "二"):
        refused = act(manager, case, "grant-special", days=days)
        assert refused.status_code == 422, days
    case.refresh_from_db()
    assert not case.is_special


# --- cost ---


@pytest.mark.parametrize(
    ("address", "most"),
    [("/desk/files/", 14), ("/desk/files/?q=预付卡", 15), ("/desk/register/", 13), ("/desk/proposals/", 12)],
)
def test_what_the_lists_ask_the_database(people: Cast, address: str, most: int, django_assert_max_num_queries) -> None:
    for number in range(1, 4):
        accepted(people, number, at=now())
    client = at_desk(people, "蒋华" if "proposals" in address else "吴涛")
    client.get(address)
    with django_assert_max_num_queries(most):
        client.get(address)
