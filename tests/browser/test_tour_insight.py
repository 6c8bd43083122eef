"""A walk through process insight, at a desk and on a phone, in both languages: axe, valid HTML, nothing wider than the screen."""

import tomllib
from datetime import timedelta

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from tests import odd_logs
from tests.browser.views import each_view
from tests.people import AT, cast, decided, reviewed
from zhengtong.domains.insight import queries
from zhengtong.exchange.log_import import import_log
from zhengtong.exchange.log_map import LogMap

pytestmark = pytest.mark.django_db(transaction=True)
HOME = "/watch/insight/"
WALK = [
    ("?item=T-WALK&share=0", "insight"),
    ("?item=T-WALK&view=stage", "insight-stages"),
    ("times/?item=T-WALK", "insight-times"),
    ("rework/?item=T-WALK", "insight-rework"),
    ("people/?item=T-WALK", "insight-people"),
    ("variants/?item=T-WALK", "insight-variants"),
    ("export/?item=T-WALK", "insight-export"),
    ("cases/?item=T-WALK&figure=late", "insight-cases"),
    ("?all=1&share=0", "insight-all"),
    ("?since=2040-01-01", "insight-none"),
]


@pytest.fixture
def people(tmp_path):
    cache.clear()
    queries.forget()
    people = cast()
    decided(people, 1)
    reviewed(people, 2)
    names = sorted(odd_logs.ACTIVITIES)
    traces = [
        {
            "concept:name": f"K-{number}", "startdate": odd_logs.BEGIN,
            "enddate": odd_logs.BEGIN + timedelta(days=number * 9), "deadline": odd_logs.BEGIN + timedelta(days=30),
            "events": [
                {
                    "concept:name": names[(number * step) % len(names)], "org:resource": odd_logs.PEOPLE[step % 4],
                    "time:timestamp": odd_logs.BEGIN + timedelta(hours=7 * step * step),
                    "lifecycle:transition": "complete",
                }
                for step in range(number + 1)
            ],
        }
        for number in range(1, 9)
    ]  # fmt: skip
    path = tmp_path / "log.xes"
    path.write_text(odd_logs.xes_text(traces), encoding="utf-8")
    text = odd_logs.map_text("T-WALK").replace("11990100MB0096938P", people.organ.code)
    import_log(path, LogMap(tomllib.loads(text)), at=AT)
    return people


@each_view
def test_every_page_is_open_to_all_eyes(width, language, people, open_page, server, axe, valid_html, shot):
    page = open_page(width, language, account=people.officers["吴涛"].account)
    sources = {}
    for address, picture in WALK:
        answer = page.goto(server.url + HOME + address)
        assert answer.ok, address
        axe(page)
        for narrow in (320, width) if width < 700 else (1920, width):
            page.set_viewport_size({"width": narrow, "height": 900})
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{address} is {wide} px wider than {narrow} px"
        sources[address] = answer.text()
        shot(page, f"{picture}-{language}-{width}")
    valid_html(sources)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_from_a_way_of_the_map_to_its_cases(scripts, people, open_page, server):
    page = open_page(account=people.officers["吴涛"].account, scripts=scripts)
    page.goto(f"{server.url}{HOME}?item=T-WALK&share=0")
    row = page.locator("#table-edges tbody tr").first
    count = int(row.locator("td").nth(3).inner_text())
    row.locator("td").nth(3).locator("a").click()
    expect(page.locator("tr[data-row]")).to_have_count(count)
    page.locator("tr[data-row] a").first.click()
    expect(page.locator("h1")).to_be_visible()
