"""Process insight of imported logs against a count by other code: the receipt log, and logs not seen before."""

import os
import tomllib
from datetime import UTC, datetime
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings

from tests import odd_logs, plain_log
from tests.exchange.test_import_log import RECEIPT
from tests.insight_figures import check_equal
from zhengtong.domains.catalogue.models import Item
from zhengtong.domains.insight import queries
from zhengtong.domains.insight.queries import Scope
from zhengtong.domains.registry.models import Organ, Region
from zhengtong.exchange.log_import import import_log
from zhengtong.exchange.log_map import LogMap, read_map
from zhengtong.rules import process_map, process_map_variants

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
RAW = os.environ.get("ZHENGTONG_RECEIPT_XES")  # the log as its authors published it, where somebody has it
numbers = count(1)


@pytest.fixture(autouse=True)
def _forget():
    queries.forget()


@pytest.fixture
def organ(db):
    region = Region.objects.create(code="990100", name="云泽市", level=3)
    return Organ.objects.create(code="11990100MB0096938P", name="云泽市生态环境局", short_name="云环", region=region)


def names(log):
    return queries.officer_names({person for person in set(log._people) if person != -1})


@pytest.mark.slow
def test_the_receipt_log_is_counted_as_others_count_it(organ):
    import_log(RECEIPT, read_map("receipt"), at=NOW)
    log = queries.read(Scope(organ_ids=frozenset({organ.pk}))).log
    cases = plain_log.read_csv(RECEIPT)
    check_equal(log, cases, plain_log.receipt_stage, now=NOW, people=names(log))
    if RAW:
        check_equal(log, plain_log.read_xes(RAW)[0], plain_log.receipt_stage, now=NOW, people=names(log))

    found = process_map.process_map(log, "activity")
    assert (len(log), log.acts, len(found.nodes), len(found.edges)) == (1434, 8577, 27, 99)
    variants = process_map_variants.variants(log, "activity")
    assert (len(variants), variants[0].cases) == (116, 713)
    assert process_map_variants.rework(log).returned == 517  # 36 % of real permits go backward
    first = process_map.bottlenecks(found, by="total")[0]
    assert (first.source.name[:3], first.target.name[:3], first.count) == ("T05", "T06", 791)


@given(log=odd_logs.logs())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_logs_not_seen_before_are_counted_as_others_count_them(log, organ, tmp_path):
    code = f"T-{next(numbers)}"
    path = tmp_path / "log.xes"
    path.write_text(odd_logs.xes_text(log), encoding="utf-8")
    tally = import_log(path, LogMap(tomllib.loads(odd_logs.map_text(code))), at=NOW)
    cases, unfit = plain_log.read_xes(path)
    assert (tally.counts["taken"], tally.counts["refused"]) == (len(cases), unfit)
    if not cases:
        return
    read = queries.read(Scope(item_id=Item.objects.get(item_code=code).pk))
    assert read.left_out == 0
    check_equal(read.log, cases, odd_logs.stage, now=NOW, people=names(read.log))


def test_of_too_many_cases_the_newest_are_read_and_the_others_are_named(organ, tmp_path, monkeypatch):
    path = tmp_path / "log.xes"
    act = {
        "concept:name": "F post",
        "org:resource": "Li",
        "time:timestamp": odd_logs.BEGIN,
        "lifecycle:transition": "complete",
    }
    log = [{"concept:name": f"K-{n}", "startdate": odd_logs.BEGIN, "events": [act]} for n in range(9)]
    path.write_text(odd_logs.xes_text(log), encoding="utf-8")
    import_log(path, LogMap(tomllib.loads(odd_logs.map_text("T-MOST"))), at=NOW)
    monkeypatch.setattr(queries, "MOST", 4)
    monkeypatch.setattr(queries, "CHUNK", 3)
    read = queries.read(Scope())
    assert (len(read.log), read.left_out) == (4, 5)
    whole = queries.read(Scope(), whole=True)
    assert (len(whole.log), whole.left_out) == (9, 0)
    assert read.log.numbers == whole.log.numbers[-4:]


def test_what_is_kept_is_dropped_by_the_next_entry(organ, tmp_path):
    path = tmp_path / "log.xes"
    act = {
        "concept:name": "F post",
        "org:resource": "Li",
        "time:timestamp": odd_logs.BEGIN,
        "lifecycle:transition": "complete",
    }
    for number in (1, 2):
        log = [{"concept:name": f"K-{n}", "startdate": odd_logs.BEGIN, "events": [act]} for n in range(number)]
        path.write_text(odd_logs.xes_text(log), encoding="utf-8")
        import_log(path, LogMap(tomllib.loads(odd_logs.map_text("T-KEPT"))), at=NOW)
        read = queries.read(Scope())
        assert len(read.log) == number
        assert queries.read(Scope()) is read
