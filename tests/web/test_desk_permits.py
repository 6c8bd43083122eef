"""Real handling of 1,434 permits at the desk: each figure of the report is the number of rows its link leads to."""

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.people import Cast, cast
from tests.web.test_desk_cases import at_desk
from zhengtong.domains.cases.models import Case
from zhengtong.domains.registry.models import Organ
from zhengtong.exchange.log_import import import_log
from zhengtong.exchange.log_map import read_map

RECEIPT = Path(__file__).resolve().parents[2] / "zhengtong" / "city" / "data" / "receipt.csv.gz"
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture
def people(db) -> Cast:
    people = cast()
    Organ.objects.create(code="11990100MB0096938P", name="云泽市生态环境局", short_name="云环", region=people.region)
    return people


def rows_behind(client, address: str, key: str, name: str) -> int:
    """Walks every page of a list."""
    count, after, joint = 0, "", "&" if "?" in address else "?"
    while True:
        page = client.get(f"{address}{joint}{key}={after}" if after else address)
        assert page.status_code == 200
        count += len(page.context[name])
        after = page.context[key]
        if not after:
            return count


@pytest.mark.slow
def test_every_figure_is_the_number_of_rows_behind_it(people: Cast) -> None:
    import_log(RECEIPT, read_map("receipt"), at=NOW)
    organ = Organ.objects.get(code="11990100MB0096938P")
    client = at_desk(people, "吴涛")
    page = client.get(f"/desk/reports/permits/{organ.code}/")
    report = page.context["report"]
    assert (report.cases, report.acts, report.people) == (1434, 8577, 48)

    files = f"/desk/files/?imported=1&organ={organ.pk}"
    assert rows_behind(client, files, "before", "rows") == report.cases
    assert rows_behind(client, files + "&finished=0", "before", "rows") == report.open
    assert rows_behind(client, files + "&finished=1&outcome=met", "before", "rows") == report.within
    assert rows_behind(client, files + "&finished=1&outcome=missed", "before", "rows") == report.after

    address = f"/desk/reports/permits/{organ.code}/"
    persons = client.get(address + "people/").context["people"]
    assert len(persons) == report.people
    assert sum(n for _id, _name, n in persons) == report.acts
    rare = min(report.activities, key=lambda one: one.count)
    middle = sorted(report.activities, key=lambda one: one.count)[len(report.activities) // 2]
    for one in (rare, middle):
        assert rows_behind(client, f"{address}acts/?activity={quote(one.activity)}", "after", "acts") == one.count

    late = Case.objects.filter(imported=True, finished_at__isnull=True).order_by("due_at").first()
    shown = client.get(f"/desk/cases/{late.number}/")
    assert shown.status_code == 200
    assert 'class="late"' in shown.content.decode()
    assert client.get("/desk/files/?late=1").context["rows"][0][0].lamp.css in ("late", "over_legal")
