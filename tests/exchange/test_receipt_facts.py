"""Facts of the receipt log: every figure against the file itself, read by other code; a late import counts in its own year."""

import csv
import gzip
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from zhengtong.base import calendar
from zhengtong.base.seal.actions import seal
from zhengtong.domains.cases.report import open_at
from zhengtong.domains.registry.models import Organ, Region
from zhengtong.domains.statistics import queries
from zhengtong.domains.statistics.actions import count_facts, recount
from zhengtong.exchange.log_import import import_log
from zhengtong.exchange.log_map import read_map

RECEIPT = Path(__file__).resolve().parents[2] / "zhengtong" / "city" / "data" / "receipt.csv.gz"
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
ALL = (date(2009, 1, 1), date(2026, 11, 20))
SHANGHAI = ZoneInfo("Asia/Shanghai")


def moment(text):
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z").astimezone(SHANGHAI)


@pytest.mark.slow
@pytest.mark.django_db
def test_every_figure_of_the_receipt_log():
    calendar.seed(at=NOW)
    region = Region.objects.create(code="990100", name="云泽市", level=3)
    organ = Organ.objects.create(code="11990100MB0096938P", name="云泽市生态环境局", short_name="云环", region=region)
    import_log(RECEIPT, read_map("receipt"), at=NOW)
    while seal(at=NOW):
        pass
    while count_facts(at=NOW):
        pass
    with gzip.open(RECEIPT, "rt", encoding="utf-8", newline="") as file:
        cases = {line["case"]: line for line in csv.DictReader(file)}
    ended = [line for line in cases.values() if line["end"]]

    whole = queries.total(*ALL)
    assert whole.received == len(cases)
    assert whole.finished == whole.timed + sum(not line["deadline"] for line in ended) == len(ended)
    assert whole.in_time == sum(moment(line["end"]) <= moment(line["deadline"]) for line in ended)
    assert whole.over_promise == whole.timed - whole.in_time
    assert (whole.granted, whole.refused, whole.over_legal) == (0, 0, 0)  # the log names no decision and no other limit

    received = Counter(moment(line["start"]).date() for line in cases.values())
    finished = Counter(moment(line["end"]).date() for line in ended)
    days = queries.by_day(min(received), max(finished))
    assert {day: row["received"] for day, row in days.items() if row["received"]} == received
    assert {day: row["finished"] for day, row in days.items() if row["finished"]} == finished

    first = min(received) - timedelta(days=2)
    backlog = queries.backlog(first, first + timedelta(days=700))
    for (day, _), stock in list(backlog.items())[::61]:
        night = datetime.combine(day + timedelta(days=1), datetime.min.time(), SHANGHAI)
        assert (stock["open"], stock["overdue"]) == open_at(organ.pk, night), day

    in_force = calendar.current()
    for line in ended[::97]:
        since, until = moment(line["start"]).date(), moment(line["end"]).date()
        used = sum(in_force.is_workday(since + timedelta(days=n)) for n in range(1, (until - since).days + 1))
        facts = queries.rows("finished", until, until, limit=500)
        assert used in {fact.spans["used"] for fact, _ in facts if fact.received_on == since}
    assert sum(whole.days.values()) == len(ended)
    assert recount(organ.pk).differences == []
