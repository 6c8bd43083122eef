"""The insight pages: figures open the rows they count, everybody reads what is theirs, and the files say the same."""

import csv
import io
import json
import tomllib
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import translation

from tests import odd_logs
from tests.people import AT, accepted, cast, decided, reviewed
from tests.web.test_house_english import chinese_in
from zhengtong.domains.insight import queries
from zhengtong.domains.registry.models import Organ
from zhengtong.exchange.log_import import import_log
from zhengtong.exchange.log_map import LogMap
from zhengtong.web.frame.messages import compile_all
from zhengtong.web.watch.insight_parts import PARTS

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
HOME = "/watch/insight/"


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()
    queries.forget()


@pytest.fixture
def people():
    return cast()


@pytest.fixture
def log(people, tmp_path):
    """Three imported cases of another organ: straight, back and forth with a repeat, open."""
    Organ.objects.create(code="11990100MB0096938P", name="云泽市生态环境局", short_name="云环", region=people.region)
    at, step = odd_logs.BEGIN, timedelta(hours=5)

    def acts(*told):
        return [
            {
                "concept:name": name,
                "org:resource": who,
                "time:timestamp": at + n * step,
                "lifecycle:transition": "complete",
            }
            for n, (name, who) in enumerate(told)
        ]

    straight = [("收件登记", "Li"), ("P1 survey", "Wu"), ('V "sign"', "赵"), ("F post", "Li")]
    back = [("收件登记", "Li"), ("P1 survey", "Wu"), ("收件登记", "Li"), ("P1 survey", "Wu"), ("F post", "Li")]
    traces = [
        {
            "concept:name": "K-1",
            "startdate": at,
            "enddate": at + 9 * step,
            "deadline": at + 10 * step,
            "events": acts(*straight),
        },
        {
            "concept:name": "K-2",
            "startdate": at,
            "enddate": at + 9 * step,
            "deadline": at + 8 * step,
            "events": acts(*back),
        },
        {"concept:name": "K-3", "startdate": at, "deadline": at + 8 * step, "events": acts(("收件登记", "Li"))},
    ]
    path = tmp_path / "log.xes"
    path.write_text(odd_logs.xes_text(traces), encoding="utf-8")
    import_log(path, LogMap(tomllib.loads(odd_logs.map_text("T-WEB"))), at=AT)


def enter(client, people, name="吴涛"):
    client.force_login(people.officers[name].account, backend=BACKEND)
    return client


def body(response):
    return (b"".join(response) if response.streaming else response.content).decode()


def table(page, key):
    return next(one for one in page.context["tables"] if one.key == key)


def test_every_linked_figure_opens_as_many_rows_as_it_says(client, people, log):
    enter(client, people)
    opened = 0
    for part in PARTS:
        page = client.get(f"{HOME}{part}/?item=T-WEB" if part != "map" else f"{HOME}?item=T-WEB&share=0")
        assert page.status_code == 200, part
        figures = [(label, value, url) for label, value, _, url in page.context["figures_top"]]
        figures += [(label, value, url) for label, value, _, url in page.context.get("figures", ()) if url]
        for one in page.context.get("tables", ()):
            figures += [
                (one.title, cell.plain, cell.url) for row in one.rows for cell in row if cell.number and cell.url
            ]
        for label, value, url in figures:
            rows = client.get(url)
            assert rows.status_code == 200, (label, url)
            if str(value).isdigit() and "times" not in label:
                assert rows.context["count"] == int(value) == len(rows.context["rows"]), (part, label, url)
                opened += 1
    assert opened > 40


def test_the_map_shows_activities_ways_and_ways_back(client, people, log):
    page = enter(client, people).get(f"{HOME}?item=T-WEB&share=0").content.decode()
    svg = page[page.index('<svg class="process"') : page.index("</svg>", page.index('<svg class="process"'))]
    assert svg.count('class="node"') == 4
    assert svg.count(' back"') == 1
    assert "style=" not in svg
    assert "收件登记 → P1 survey：3 次，2 件" in svg
    assert svg.count("<path") == 2 * 5 + 5  # a way has a line and a wide touch; an arrow for each colour


def test_the_stages_view_and_the_filter(client, people, log):
    enter(client, people)
    page = client.get(f"{HOME}?item=T-WEB&view=stage")
    assert [row[1].text for row in table(page, "nodes").rows] == ["受理", "承办", "批准", "办结"]
    few = client.get(f"{HOME}?item=T-WEB&share=20").context["shown"]
    all_of_it = client.get(f"{HOME}?item=T-WEB&share=0").context["shown"]
    assert len(few.edges) <= len(all_of_it.edges)


def test_the_file_says_what_the_page_says(client, people, log):
    enter(client, people)
    for part, key in (
        ("map", "edges"),
        ("times", "bottlenecks"),
        ("times", "stages"),
        ("people", "hands"),
        ("variants", "variants"),
    ):
        page = client.get(f"{HOME}{part}/?item=T-WEB")
        shown = table(page, key)
        answer = client.get(f"{HOME}{part}/{key}.csv?item=T-WEB")
        assert answer["Content-Type"].startswith("text/csv")
        lines = list(csv.reader(io.StringIO(body(answer).removeprefix("\ufeff"))))
        assert len(lines) == len(shown.rows) + 1
        assert lines[1:] == [[str(c.text if c.plain is None else c.plain) for c in row] for row in shown.rows]


def test_native_cases_are_drawn_with_their_own_words(client, people):
    decided(people, 1)
    reviewed(people, 2)
    page = enter(client, people).get(f"{HOME}?share=0")
    names = [str(row[1].text) for row in table(page, "nodes").rows]
    assert {"收件", "受理", "转下一环节 · 承办", "转下一环节 · 审核", "作出决定"} <= set(names)


@pytest.mark.parametrize(
    ("name", "status"),
    [("吴涛", 200), ("蒋华", 200), ("孙丽", 200), ("赵强", 200), ("李军", 403), ("张敏", 403), ("冯雪", 403)],
)
def test_who_reads_them(name, status, client, people, log):
    enter(client, people, name)
    for path in ("", "times/", "cases/", "people/loads.csv", "export/xes/"):
        assert client.get(HOME + path).status_code in ({status} if status == 403 else {200, 404})


def test_a_head_of_section_reads_only_their_own_organ(client, people, log):
    accepted(people)
    enter(client, people, "孙丽")
    page = client.get(HOME)
    assert [one.code for one in page.context["asked"].organs] == [people.organ.code]
    assert client.get(f"{HOME}?organ=11990100MB0096938P").status_code == 404
    assert client.get(f"{HOME}?item=T-WEB").status_code == 404
    exported = json.loads(body(client.get(f"{HOME}export/ocel-json/?all=1")))
    assert {one["id"] for one in exported["objects"] if one["type"] == "organ"} == {f"organ-{people.organ.code}"}
    enter(client, people, "吴涛")
    assert len(client.get(HOME).context["asked"].organs) == 2


def test_files_of_the_log(client, people, log):
    enter(client, people)
    for form, start in (("ocel-json", "{"), ("xes", "<?xml"), ("ocel-sqlite", "SQLite format 3")):
        answer = client.get(f"{HOME}export/{form}/?item=T-WEB")
        assert answer.status_code == 200
        assert "attachment" in answer["Content-Disposition"]
        data = b"".join(answer)
        assert data.startswith(start.encode())
        assert "officer-T-WEB" not in data.decode(errors="ignore")
    assert client.get(f"{HOME}export/evil/").status_code == 404


def test_nothing_yet(client, people):
    page = enter(client, people).get(HOME).content.decode()
    assert "还没有办件可看" in page
    for path in (*(f"{part}/" for part in PARTS if part != "map"), "cases/", "export/xes/"):
        assert client.get(HOME + path).status_code == 200
    assert client.get(f"{HOME}map/edges.csv").status_code == 404


def test_a_period_without_cases_says_so(client, people, log):
    page = enter(client, people).get(f"{HOME}?item=T-WEB&since=2030-01-01").content.decode()
    assert "这段时间没有收到办件" in page
    assert client.get(f"{HOME}people/?item=T-WEB&since=2030-01-01").status_code == 200


def test_of_too_many_cases_the_page_says_what_is_left_out(client, people, log, monkeypatch):
    monkeypatch.setattr(queries, "MOST", 2)
    page = enter(client, people).get(f"{HOME}?item=T-WEB").content.decode()
    assert "最近收到的 2 件，另有 1 件更早的没有算进来" in page
    assert "whole=1" in page
    assert "更早的没有算进来" not in client.get(f"{HOME}?item=T-WEB&whole=1").content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "?item=evil", "evil/", "cases/?figure=evil", "cases/?figure=edge:x", "cases/?figure=%00",
        "cases/?figure=hand:99999999999999999999-1", "map/evil.csv", "evil/evil.csv", "cases/?item=T-WEB&figure=stage:X",
    ],
)  # fmt: skip
def test_hostile_addresses_are_not_found(path, client, people, log):
    assert enter(client, people).get(HOME + path).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "since=nonsense",
        "share=-1",
        "share=99999999999999999999",
        "view=%00",
        "rank=x",
        "from=5",
        "since=9999-12-31&until=0001-01-01",
    ],
)
def test_what_makes_no_sense_is_left_out(query, client, people, log):
    enter(client, people)
    assert client.get(f"{HOME}?{query}").status_code == 200
    assert client.get(f"{HOME}cases/?{query}&from=99999").status_code == 200


def test_nothing_can_be_sent(client, people):
    enter(client, people)
    for path in ("", "times/", "cases/", "export/xes/", "map/edges.csv"):
        assert client.post(HOME + path).status_code == 405


@pytest.mark.parametrize("part", [*PARTS, "cases"])
def test_in_english_there_is_no_chinese_but_what_says_so(part, client, people, log):
    compile_all()
    translation.trans_real._translations = {}
    decided(people, 1)
    client.cookies["zhengtong_language"] = "en"
    enter(client, people)
    for query in ("?item=T-WEB&share=0", "?all=1&share=0&view=stage", "?all=1&share=0&rank=median"):
        page = client.get(f"{HOME}{part}/{query}").content.decode()
        assert chinese_in(page) == []


def test_queries_of_a_page_do_not_grow_with_the_cases(client, people, log, django_assert_max_num_queries):
    enter(client, people)
    client.get(f"{HOME}?item=T-WEB")  # read and kept
    for part, most in (("", 11), ("times/", 11), ("people/", 12), ("variants/", 11), ("cases/", 11)):
        client.get(f"{HOME}{part}?item=T-WEB")
        with django_assert_max_num_queries(most):
            client.get(f"{HOME}{part}?item=T-WEB")
