"""Scores and circulars on the screen: who reads what, every working in the open, both languages, few queries."""

import re

import pytest
from django.core.cache import cache
from django.urls import reverse

from tests.flows.scores import LOCKED, PUBLISHED, SEPTEMBER, card, head_of, month_of_three
from tests.people import Cast, cast
from tests.web.portal import signed_in
from tests.web.test_frame_pages import strayed
from zhengtong.domains.performance import queries
from zhengtong.domains.performance.actions import tables
from zhengtong.domains.performance.models import Score, ScoreMonth
from zhengtong.flows.bulletin_drafted import bulletin_drafted
from zhengtong.flows.score_appealed import score_appealed
from zhengtong.flows.score_locked import score_locked
from zhengtong.flows.score_published import score_published
from zhengtong.rules.scoring_quantities import Subject

pytestmark = pytest.mark.django_db
MINE = "officer-handler-2026-09"


@pytest.fixture
def people() -> Cast:
    cache.clear()
    people = cast()
    month_of_three(people)
    card(people.organ.pk, "C1")
    for subject in Subject:
        score_locked(subject, SEPTEMBER, by=people.acting("吴涛"), at=LOCKED)
    return people


def open_as(people: Cast, name: str):
    return signed_in(people.officers[name].account)


def organ_key(people: Cast) -> str:
    return f"organ-{people.organ.code}-2026-09"


def page(client, name: str, *args, query: str = "", status: int = 200) -> str:
    response = client.get(reverse(f"watch:{name}", args=args) + query)
    assert response.status_code == status, response.content.decode()[:800]
    return response.content.decode()


def published(people: Cast) -> None:
    for subject in Subject:
        score_published(subject, SEPTEMBER, by=people.acting("蒋华"), at=PUBLISHED)


# --- reading ---


def test_the_month_ranks_inside_the_group_and_says_when_it_is_published(people: Cast) -> None:
    text = page(open_as(people, "吴涛"), "scores")
    assert "执法类部门" in text
    assert re.search(r"云泽市第2局.*云泽市商务局.*云泽市第3局", text, re.DOTALL)
    assert "2026年10月20日" in text


def test_the_working_stands_line_by_line_with_links_to_its_rows(people: Cast) -> None:
    text = page(open_as(people, "吴涛"), "score", organ_key(people))
    assert "22 × 按期办结率 − 5 × 期限黄牌 − 10 × 期限红牌" in text
    assert "22 × (36 ÷ 40) − 5 × 1 − 10 × 0" in text
    assert "40 中 36" in text
    rows = re.search(r'href="([^"]*measure=in_time[^"]*)"', text)
    assert rows
    assert "since=2026-09-01" in rows[1]
    assert open_as(people, "吴涛").get(rows[1].replace("&amp;", "&")).status_code == 200
    assert "等待启用" in text
    assert "折合系数" in text


@pytest.mark.parametrize(
    ("name", "organ", "staff"),
    [
        ("吴涛", 200, 200),
        ("蒋华", 200, 200),
        ("孙丽", 200, 404),
        ("赵强", 200, 404),
        ("李军", 404, 200),
        ("周洋", 404, 404),
    ],
)
def test_who_reads_before_publication(people: Cast, name: str, organ: int, staff: int) -> None:
    client = open_as(people, name)
    page(client, "score", organ_key(people), status=organ)
    page(client, "score", MINE, status=staff)


def test_heads_read_their_own_staff_once_published_and_no_others(people: Cast) -> None:
    published(people)
    page(open_as(people, "孙丽"), "score", MINE)
    head_of(people, Score.objects.get(rank=1, officer=None).organ, "何水", "water")
    page(open_as(people, "何水"), "score", MINE, status=404)
    page(open_as(people, "何水"), "score", organ_key(people), status=404)
    assert "云泽市商务局" not in re.sub(
        r"<header.*?</header>", "", page(open_as(people, "何水"), "scores"), flags=re.DOTALL
    )


def test_an_officer_finds_the_own_score_and_disputes_it(people: Cast) -> None:
    ScoreMonth.objects.update(appeal_until="2099-01-01")
    client = open_as(people, "李军")
    assert MINE in page(client, "my_score")
    assert "对一项数字有异议" in page(client, "score", MINE)
    to = reverse("watch:score_step", args=[MINE, "appeal"])
    assert client.post(to, {"indicator": "own_time", "reason": ""}).status_code == 422
    assert client.post(to, {"indicator": "nothing", "reason": "数字不对，请核对"}).status_code == 422
    assert client.post(to, {"indicator": "own_time", "reason": "数字不对，请核对"}).status_code == 302
    assert "数字不对，请核对" in page(client, "score", MINE)


def test_the_appeal_desk_decides_with_a_reason(people: Cast) -> None:
    score_appealed(MINE, "own_time", "四件因补正超期", by=people.acting("李军"), at=LOCKED)
    (one,) = queries.open_appeals()
    manager = open_as(people, "蒋华")
    assert "四件因补正超期" in page(manager, "score_appeal", one.pk)
    to = reverse("watch:score_appeal", args=[one.pk])
    assert open_as(people, "吴涛").post(to, {"granted": "yes", "decision": "同意更正"}).status_code == 403
    refused = manager.post(to, {"granted": "yes", "decision": "同意更正", "points": "99"})
    assert refused.status_code == 422
    assert "同意更正" in refused.content.decode()  # what was typed stays
    assert manager.post(to, {"granted": "yes", "decision": "同意更正", "points": "39.5"}).status_code == 302
    assert "39.50" in page(open_as(people, "李军"), "score", MINE)
    assert "成立" in page(manager, "score_appeals")


def test_points_by_hand_and_corrections_on_the_page(people: Cast) -> None:
    key, supervisor, manager = organ_key(people), open_as(people, "吴涛"), open_as(people, "蒋华")
    mark = reverse("watch:score_step", args=[key, "mark"])
    assert supervisor.post(mark, {"indicator": "innovation", "points": "x", "reason": "推出套餐"}).status_code == 422
    assert supervisor.post(mark, {"indicator": "innovation", "points": "1.5", "reason": "推出套餐"}).status_code == 302
    published(people)
    correct = reverse("watch:score_step", args=[key, "correct"])
    assert supervisor.post(correct, {"indicator": "time_kept", "points": "22", "reason": "数据更正"}).status_code == 403
    assert manager.post(correct, {"indicator": "time_kept", "points": "22", "reason": "数据更正"}).status_code == 302
    text = page(manager, "score", key)
    assert "公布后更正" in text
    assert "已被替代" in page(manager, "score", key, query="?edition=1")


def test_a_month_is_published_from_its_page(people: Cast) -> None:
    ScoreMonth.objects.update(publish_on="2026-01-01")
    to = reverse("watch:score_month", args=["organ", "2026-09", "publish"])
    assert open_as(people, "吴涛").post(to).status_code == 403
    assert open_as(people, "蒋华").post(to).status_code == 302
    assert ScoreMonth.objects.get(subject="organ").published


# --- tables and groups ---


def fields_of(text: str) -> dict[str, str]:
    """The form as a browser would send it back untouched."""
    form = re.search(r'<form method="post" class="table-editor.*?</form>', text, re.DOTALL)[0]
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r'name="([^"]*)"', tag)
        if name and 'type="checkbox"' not in tag:
            found[name[1]] = (re.search(r'value="([^"]*)"', tag) or ["", ""])[1].replace("&gt;", ">")
        elif name and " checked" in tag:
            found[name[1]] = "on"
    return found


def test_the_editor_gives_back_what_it_was_given(people: Cast) -> None:
    client = open_as(people, "吴涛")
    typed = fields_of(page(client, "score_table_edit", "department"))
    assert client.post(reverse("watch:score_table_edit", args=["department"]), typed).status_code == 302
    first, second = (queries.version_for("department", n).document for n in (1, 2))
    assert first == second


def test_the_editor_says_beside_the_field_what_is_wrong(people: Cast) -> None:
    client = open_as(people, "吴涛")
    to = reverse("watch:score_table_edit", args=["department"])
    typed = fields_of(page(client, "score_table_edit", "department"))
    wrong = typed | {"parts[0].indicators[0].expression": "22 × speed", "parts[1].weight": "15"}
    response = client.post(to, wrong)
    text = response.content.decode()
    assert response.status_code == 422
    assert "没有“speed”这个基数" in text
    assert 'id="id_parts-0-indicators-0-expression-error"' in text
    assert "权重是 15，下面指标的上限合计是 14，两者要相等" in text
    assert len(queries.versions(queries.table_for("department"))) == 1


def test_a_changed_table_is_tried_on_last_month_without_a_trace(people: Cast) -> None:
    client = open_as(people, "吴涛")
    to = reverse("watch:score_table_edit", args=["department"])
    typed = fields_of(page(client, "score_table_edit", "department"))
    before = Score.objects.get(key=organ_key(people)).total
    typed["parts[0].indicators[0].expression"] = "22 × on_time_rate"
    text = client.post(to, typed | {"preview": "1"}).content.decode()
    assert "按这张表重算 2026-09" in text
    assert str(before) in text
    assert Score.objects.get(key=organ_key(people)).total == before
    assert len(queries.versions(queries.table_for("department"))) == 1


def test_parts_and_indicators_are_added_and_taken_out(people: Cast) -> None:
    client = open_as(people, "吴涛")
    to = reverse("watch:score_table_edit", args=["department"])
    typed = fields_of(page(client, "score_table_edit", "department"))
    typed |= {
        "parts[9].remove": "on", "parts[10].name": "创新", "parts[10].name_en": "Innovation", "parts[10].weight": "5",
        "parts[10].source": "本级规定",
    }  # fmt: skip
    response = client.post(to, typed)
    assert response.status_code == 422  # a part without an indicator
    typed |= {
        "parts[9].indicators[0].name": "创新", "parts[9].indicators[0].name_en": "Innovation",
        "parts[9].indicators[0].manual": "on", "parts[9].indicators[0].min": "0", "parts[9].indicators[0].max": "5",
    }  # fmt: skip
    again = {name: value for name, value in typed.items() if not name.startswith(("parts[9]", "parts[10]"))}
    again |= {
        "parts[9].name": "创新", "parts[9].name_en": "Innovation", "parts[9].weight": "5", "parts[9].source": "本级规定",
        **{name: value for name, value in typed.items() if name.startswith("parts[9].indicators[0].") and "expression" not in name},
    }  # fmt: skip
    again.pop("parts[9].indicators[0].code", None)
    assert client.post(to, again).status_code == 302
    part = queries.version_for("department", 2).document["parts"][-1]
    assert (part["name"], part["indicators"][0]["manual"]) == ("创新", True)


def test_a_draft_is_approved_by_another(people: Cast) -> None:
    tables.edit(
        "department", tables.shipped(Subject.ORGAN) | {"least_finished": 20}, by=people.acting("吴涛"), at=LOCKED
    )
    to = reverse("watch:score_table_approve", args=["department"])
    assert open_as(people, "吴涛").post(to, {"month": "2099-01"}).status_code == 403
    manager = open_as(people, "蒋华")
    assert manager.post(to, {"month": "x"}).status_code == 422
    assert manager.post(to, {"month": "2026-09"}).status_code == 422
    assert manager.post(to, {"month": "2059-01"}).status_code == 302


def test_groups_are_founded_and_changed(people: Cast) -> None:
    client = open_as(people, "吴涛")
    new = reverse("watch:peer_group_new")
    taken = client.post(new, {"code": "second", "name": "综合类", "organs": [people.organ.code]})
    assert taken.status_code == 422
    assert "已经在" in taken.content.decode()
    assert client.post(new, {"code": "second", "name": "综合类"}).status_code == 302
    assert client.post(new, {"code": "second", "name": "综合类"}).status_code == 422
    change = reverse("watch:peer_group", args=["lawful"])
    assert client.post(change, {"name": "执法部门", "organs": [people.organ.code]}).status_code == 302
    assert queries.peer_group_for("lawful").organ_codes == [people.organ.code]


# --- circulars ---


def test_a_circular_from_draft_to_paper(people: Cast) -> None:
    published(people)
    supervisor, manager, clerk = (open_as(people, name) for name in ("吴涛", "蒋华", "张敏"))
    assert supervisor.post(reverse("watch:bulletin_draft"), {"month": "2026-09"}).status_code == 302
    key = "2026-09-1"
    page(clerk, "bulletin", key, status=404)
    text = page(supervisor, "bulletin", key)
    assert "按期办结率77.3%（116/150）" in text
    edit = reverse("watch:bulletin_step", args=[key, "edit"])
    assert supervisor.post(edit, {"section": "problems", "text": "请第三局限期整改。"}).status_code == 302
    assert supervisor.post(edit, {"section": "none", "text": "x"}).status_code == 404
    approve, publish = (reverse("watch:bulletin_step", args=[key, name]) for name in ("approve", "publish"))
    assert supervisor.post(approve).status_code == 403
    assert manager.post(publish).status_code == 409
    assert manager.post(approve).status_code == 302
    assert manager.post(publish).status_code == 302
    assert "请第三局限期整改。" in page(clerk, "bulletin", key)
    assert "督通〔" in page(clerk, "bulletins")
    paper = clerk.get(reverse("watch:bulletin_paper", args=[key]))
    assert (paper["Content-Type"], paper.content[:4]) == ("application/pdf", b"%PDF")


def test_markup_typed_into_a_circular_is_text(people: Cast) -> None:
    bulletin_drafted(SEPTEMBER, by=people.acting("吴涛"), at=PUBLISHED)
    client = open_as(people, "吴涛")
    edit = reverse("watch:bulletin_step", args=["2026-09-1", "edit"])
    client.post(edit, {"section": "scope", "text": "<script>alert(1)</script> #emph[x]"})
    assert "<script>alert" not in page(client, "bulletin", "2026-09-1")
    assert client.get(reverse("watch:bulletin_paper", args=["2026-09-1"])).status_code == 200


# --- both languages, queries ---

PAGES = [
    ("scores", (), ""), ("scores", (), "?of=officer"), ("scores", (), "?month=2026-01"), ("my_score", (), ""),
    ("score", ("organ",), ""), ("score", (MINE,), ""), ("score_tables", (), ""), ("score_table", ("department", 1), ""),
    ("score_table_edit", ("staff",), ""), ("peer_group", ("lawful",), ""), ("peer_group_new", (), ""),
    ("score_appeals", (), ""), ("score_appeal", ("appeal",), ""), ("score_suggestions", (), ""), ("bulletins", (), ""),
    ("bulletin", ("2026-09-1",), ""),
]  # fmt: skip


@pytest.fixture
def everything(people: Cast) -> Cast:
    score_appealed(MINE, "own_time", "四件因补正超期", by=people.acting("李军"), at=LOCKED)
    bulletin_drafted(SEPTEMBER, by=people.acting("吴涛"), at=PUBLISHED)
    return people


def arguments(people: Cast, given: tuple) -> list:
    known = {"organ": organ_key(people), "appeal": queries.open_appeals()[0].pk}
    return [known.get(one, one) for one in given]


def test_every_page_in_english(everything: Cast) -> None:
    client = open_as(everything, "吴涛")
    client.cookies["zhengtong_language"] = "en"
    for name, given, query in PAGES:
        text = page(client, name, *arguments(everything, given), query=query)
        assert '<html lang="en"' in text
        assert strayed(text) == [], name


def test_queries(everything: Cast, django_assert_max_num_queries) -> None:
    most = {
        "scores": 22, "my_score": 14, "score": 22, "score_tables": 17, "score_table": 14, "score_table_edit": 15,
        "peer_group": 15, "peer_group_new": 15, "score_appeals": 15, "score_appeal": 15, "score_suggestions": 17,
        "bulletins": 14, "bulletin": 15,
    }  # fmt: skip
    client = open_as(everything, "吴涛")
    page(client, "scores")
    for name, given, query in PAGES:
        where = arguments(everything, given)
        with django_assert_max_num_queries(most[name]):
            page(client, name, *where, query=query)


@pytest.mark.parametrize("address", ["?month=9999-99", "?month=%00", "?of=evil", "?month=2026-09&of=' OR 1=1"])
def test_strange_addresses_do_no_harm(people: Cast, address: str) -> None:
    page(open_as(people, "吴涛"), "scores", query=address)
    page(open_as(people, "吴涛"), "score", "organ-nobody-2026-09", status=404)
    page(open_as(people, "吴涛"), "score", organ_key(people), query="?edition=99", status=404)
