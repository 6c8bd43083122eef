"""Statistics, the wall and the supervisor's desk: each figure links to as many rows as it says, to whom it may be told."""

import csv
import io
import re
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from tests.flows.acts import OIL, bring
from tests.people import PREPAID, accepted, cast, decided, submitted
from tests.web.portal import signed_in
from tests.web.test_frame_pages import strayed
from zhengtong.base.seal.actions import seal
from zhengtong.domains.statistics import queries
from zhengtong.domains.statistics.actions import count_facts
from zhengtong.flows import finish
from zhengtong.rules.procedure import State
from zhengtong.web.watch.periods import Period, asked_period, months_back, period_of

pytestmark = pytest.mark.django_db
# The pages read their own clock, so the days asked for lie around today, whatever day that is.
NOW = timezone.localdate()
SPAN = f"since={NOW - timedelta(days=300)}&until={NOW}"
YEAR = f"period=range&{SPAN}"


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


@pytest.fixture
def people():
    return cast(PREPAID, OIL)


def count_all():
    while seal(at=timezone.now()):
        pass
    while count_facts(at=timezone.now()):
        pass


@pytest.fixture
def lived(people, monkeypatch):
    """Cases of the last days, as the pages see them by their own clock."""
    now = timezone.now()
    for number in range(1, 4):
        accepted(people, number, at=now - timedelta(days=20 * number))
    submitted(people, 4, OIL, at=now - timedelta(hours=1))
    done = decided(people, 5, at=now - timedelta(hours=1))
    finish.finish(done.number, note="", seen=None, by=people.acting("张敏"), at=now - timedelta(minutes=30))
    count_all()
    return people


def enter(people, name: str, *, english: bool = False) -> Client:
    client = signed_in(people.officers[name].account)
    if english:
        client.cookies["zhengtong_language"] = "en"
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


PAGES = [
    "/watch/", "/watch/lights/", "/watch/?still=1",
    *(f"/watch/statistics/?{YEAR}&group={group}&show={show}" for group, show in (
        ("organ", "volume"), ("section", "time"), ("item", "days"), ("channel", "time"), ("kind", "volume"), ("person", "days"),
    )),
    "/watch/statistics/?period=week", "/watch/statistics/?period=quarter",
    f"/watch/statistics/rows/?measure=received&{SPAN}",
    f"/watch/statistics/rows/?measure=open_at_end&{SPAN}&stage=PROCESS",
    "/watch/statistics/rows/?measure=voided&since=2026-01-01&until=2026-01-02",
]  # fmt: skip


@pytest.mark.parametrize("address", PAGES)
def test_every_page_in_both_languages(address, lived):
    assert enter(lived, "吴涛").get(address).status_code == 200
    answer = enter(lived, "吴涛", english=True).get(address)
    assert answer.status_code == 200
    assert strayed(answer.content.decode()) == []


@pytest.mark.parametrize("address", ["/watch/", "/watch/statistics/", "/watch/desk/", "/watch/lights/"])
@pytest.mark.parametrize("english", [False, True])
def test_an_empty_house_has_pages_too(address, english, people):
    answer = enter(people, "吴涛", english=english).get(address)
    assert answer.status_code == 200
    if english:
        assert strayed(answer.content.decode()) == []


def links(html: str) -> list[tuple[str, int]]:
    """(address, figure) of every figure that leads to its rows."""
    found = re.findall(r'href="(/watch/statistics/rows/\?[^"]+)">([\d,]+)</a>', html)
    return [(address.replace("&amp;", "&"), int(figure.replace(",", ""))) for address, figure in found]


@pytest.mark.parametrize("group", ["organ", "section", "item", "channel", "kind", "person"])
def test_each_figure_links_to_as_many_rows_as_it_says(group, lived):
    client = enter(lived, "吴涛")
    for show in ("volume", "time"):
        html = client.get(f"/watch/statistics/?{YEAR}&group={group}&show={show}").content.decode()
        told = links(html)
        assert len(told) > 5
        for address, figure in told:
            context = client.get(address).context
            assert (len(context["rows"]), context["count"]) == (figure, figure), address


def test_the_walls_figures_link_to_their_rows(lived):
    client = enter(lived, "吴涛")
    html = client.get("/watch/").content.decode()
    told = links(html)
    assert len(told) >= 6
    for address, figure in told:
        assert client.get(address).context["count"] == figure, address
    squares = re.findall(r'class="(late|soon)" href="([^"]+)">.*?</span> (\d+)</a>', html)
    assert squares
    for _light, address, figure in squares:
        assert client.get(address.replace("&amp;", "&")).context["count"] == int(figure)


def test_the_wall_says_when_and_refreshes_itself_unless_told_not_to(lived):
    client = enter(lived, "吴涛")
    live, still = client.get("/watch/").content.decode(), client.get("/watch/?still=1").content.decode()
    assert "刷新于" in live
    assert "data-hx-get" in live
    assert '<noscript><meta http-equiv="refresh"' in live
    assert "data-hx-get" not in still
    assert 'http-equiv="refresh"' not in still


def test_the_walls_lateness_is_the_lights(lived):
    context = enter(lived, "吴涛").get("/watch/").context
    assert context["lights"]["late"] == context["now"].overdue_at_end == 3
    assert sum(bar.count for bar in context["stages"]) == context["now"].open_at_end + 1  # one waits to be handed over


def test_figures_say_their_base(lived):
    html = enter(lived, "吴涛").get(f"/watch/statistics/?{YEAR}&show=time").content.decode()
    assert "1 件中 1 件" in html


def test_a_head_of_section_reads_their_own_organ_and_nobody_elses(lived):
    from zhengtong.domains.statistics.models import CaseFact, Fact, Flow

    own = enter(lived, "孙丽")
    assert own.get(f"/watch/statistics/?{YEAR}").context["tiles"][0].cell.text == "5"
    for model in (CaseFact, Fact, Flow):
        model.objects.update(organ_id=10_000)
    assert not own.get(f"/watch/statistics/?{YEAR}").context["counted"]
    assert not own.get(f"/watch/statistics/?{YEAR}&group=person").context["counted"]
    assert own.get(f"/watch/statistics/rows/?measure=received&{SPAN}").context["count"] == 0
    assert own.get("/watch/").context["now"].open_at_end == 0
    stranger = lived.organ.code[:-1] + "Z"
    assert own.get(f"/watch/statistics/?organ={stranger}").status_code == 404
    assert own.get(f"/watch/statistics/export/csv/?organ={stranger}").status_code == 404


@pytest.mark.parametrize(
    ("name", "status"),
    [("吴涛", 200), ("蒋华", 200), ("孙丽", 200), ("赵强", 200), ("李军", 403), ("张敏", 403), ("郑凯", 403)],
)
def test_who_reads_statistics(name, status, lived):
    client = enter(lived, name)
    assert client.get("/watch/statistics/").status_code == status
    assert client.get("/watch/statistics/export/csv/").status_code == status
    assert client.get(f"/watch/statistics/rows/?measure=received&{SPAN}").status_code == status


@pytest.mark.parametrize(("name", "status"), [("吴涛", 200), ("蒋华", 403), ("孙丽", 403)])
def test_whose_desk_it_is(name, status, people):
    assert enter(people, name).get("/watch/desk/").status_code == status


@pytest.mark.parametrize(
    "address",
    [
        "rows/", "rows/?measure=evil&since=2026-01-01&until=2026-01-02", "rows/?measure=received&since=x&until=2026-01-02",
        "rows/?measure=received&since=2026-01-01&until=2026-01-02&item=x",
        "rows/?measure=received&since=2026-01-01&until=2026-01-02&item=1&person=2", "?organ=nobody", "?organ=%00x",
        "export/exe/", "export/csv/?organ=nobody",
    ],
)  # fmt: skip
def test_hostile_addresses_are_not_found(address, lived):
    assert enter(lived, "吴涛").get(f"/watch/statistics/{address}").status_code == 404


@pytest.mark.parametrize(
    "query",
    ["period=evil", "on=9999-12-31", "on=0001-01-01&period=year", "period=range&since=2030-01-01&until=1000-01-01",
     "group=applicant", "show=%00", "period=week&on=1990-01-01"],
)  # fmt: skip
def test_strange_periods_do_no_harm(query, lived):
    assert enter(lived, "吴涛").get(f"/watch/statistics/?{query}").status_code == 200


@pytest.mark.parametrize("after", ["x", "~", "2026-01-01~", "~9", "2026-99-01~1", "2026-01-01~99999999999999999999999"])
def test_a_strange_page_mark_does_no_harm(after, lived):
    address = f"/watch/statistics/rows/?measure=received&{SPAN}"
    assert enter(lived, "吴涛").get(address, {"after": after}).status_code in (200, 404)


def test_nothing_can_be_sent(lived):
    client = enter(lived, "吴涛")
    for address in (
        "/watch/",
        "/watch/desk/",
        "/watch/statistics/",
        "/watch/statistics/rows/",
        "/watch/statistics/export/csv/",
    ):
        assert client.post(address).status_code == 405


# --- files ---


def test_the_csv_says_what_the_page_says(lived):
    answer = enter(lived, "吴涛").get(f"/watch/statistics/export/csv/?{YEAR}&group=item")
    assert answer["Content-Disposition"].endswith('.csv"')
    lines = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    total = queries.total(NOW - timedelta(days=300), NOW)
    assert len({len(line) for line in lines}) == 1
    assert lines[-1][0] == "合计"
    assert lines[-1][2] == str(total.received)
    assert sum(int(line[2]) for line in lines[1:-1]) == total.received


def test_the_workbook_opens_and_holds_numbers(lived):
    answer = enter(lived, "吴涛").get(f"/watch/statistics/export/xlsx/?{YEAR}&group=organ")
    sheet = load_workbook(io.BytesIO(answer.getvalue())).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[1][:3] == ("部门", "所属机关", "收件")
    assert rows[-1][2] == 5
    assert rows[2][0] == "云泽市商务局"


def test_a_formula_is_made_text(lived):
    lived.section.name = "=cmd|' /C calc'!A0"
    lived.section.save()
    answer = enter(lived, "吴涛").get(f"/watch/statistics/export/csv/?{YEAR}&group=section").getvalue().decode()
    assert "'=cmd" in answer


# --- cost ---


@pytest.mark.parametrize(
    ("address", "most"),
    [("/watch/", 31), ("/watch/desk/", 20), (f"/watch/statistics/?{YEAR}&group=person", 28),
     (f"/watch/statistics/rows/?measure=received&{SPAN}", 12),
     (f"/watch/statistics/export/xlsx/?{YEAR}", 12)],
)  # fmt: skip
def test_queries(address, most, lived, django_assert_max_num_queries):
    for number, state in enumerate((State.SUBMITTED, State.PROCESSING, State.WITHDRAWN), start=20):
        bring(lived, state, number)
    count_all()
    client = enter(lived, "吴涛")
    client.get(address)
    with django_assert_max_num_queries(most):
        client.get(address)


# --- periods ---

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("kind", "on", "since", "until"),
    [
        ("day", TODAY, TODAY, TODAY),
        ("week", date(2026, 11, 18), date(2026, 11, 16), TODAY),
        ("month", date(2026, 2, 9), date(2026, 2, 1), date(2026, 2, 28)),
        ("month", TODAY, date(2026, 11, 1), TODAY),
        ("quarter", date(2026, 5, 31), date(2026, 4, 1), date(2026, 6, 30)),
        ("year", date(2024, 3, 1), date(2024, 1, 1), date(2024, 12, 31)),
    ],
)
def test_a_period_and_its_days(kind, on, since, until):
    assert period_of(kind, on, TODAY) == Period(kind, since, until)


@pytest.mark.parametrize(
    ("period", "before", "year_before"),
    [
        (Period("month", date(2026, 3, 1), date(2026, 3, 31)), (date(2026, 2, 1), date(2026, 2, 28)), (date(2025, 3, 1), date(2025, 3, 31))),
        (Period("month", date(2026, 3, 1), date(2026, 3, 30)), (date(2026, 2, 1), date(2026, 2, 28)), (date(2025, 3, 1), date(2025, 3, 30))),
        (Period("month", date(2024, 2, 1), date(2024, 2, 29)), (date(2024, 1, 1), date(2024, 1, 31)), (date(2023, 2, 1), date(2023, 2, 28))),
        (Period("quarter", date(2026, 1, 1), date(2026, 3, 31)), (date(2025, 10, 1), date(2025, 12, 31)), (date(2025, 1, 1), date(2025, 3, 31))),
        (Period("week", date(2026, 11, 16), date(2026, 11, 22)), (date(2026, 11, 9), date(2026, 11, 15)), (date(2025, 11, 16), date(2025, 11, 22))),
        (Period("range", date(2026, 2, 28), date(2026, 3, 1)), (date(2026, 2, 26), date(2026, 2, 27)), (date(2025, 2, 28), date(2025, 3, 1))),
    ],
)  # fmt: skip
def test_what_a_period_is_compared_with(period, before, year_before):
    assert (period.before().since, period.before().until) == before
    assert (period.year_before().since, period.year_before().until) == year_before


def test_months_back_over_the_end_of_years():
    assert [months_back(date(2024, 2, 29), n) for n in (1, 12, 14, -12)] == [
        date(2024, 1, 29), date(2023, 2, 28), date(2022, 12, 29), date(2025, 2, 28)
    ]  # fmt: skip


def test_a_period_never_reaches_beyond_today(rf):
    request = rf.get("/", {"period": "range", "since": "2026-11-30", "until": "2027-01-01"})
    assert asked_period(request, TODAY) == Period("range", TODAY, TODAY)
