"""The receipt log, real handling of 1,434 permits, through the product; every figure held against a count by other code."""

import csv
import gzip
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.journal import check_subject
from zhengtong.base.journal.models import Entry
from zhengtong.domains.cases.models import Case
from zhengtong.domains.cases.report import log_report, open_at
from zhengtong.domains.registry.models import Officer, Organ, Post, Region
from zhengtong.exchange.log_import import import_log
from zhengtong.exchange.log_map import read_map

RECEIPT = Path(__file__).resolve().parents[2] / "zhengtong" / "city" / "data" / "receipt.csv.gz"
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@pytest.fixture
def organ(db):
    region = Region.objects.create(code="990100", name="云泽市", level=3)
    return Organ.objects.create(code="11990100MB0096938P", name="云泽市生态环境局", short_name="云环", region=region)


@pytest.fixture(scope="module")
def lines():
    with gzip.open(RECEIPT, "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def moment(text):
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z")


def spans_in_days(pairs):
    """Mean, median and ninth decile the long way round, in days."""
    days = sorted((moment(b) - moment(a)).total_seconds() / 86_400 for a, b in pairs)
    n = len(days)
    median = days[n // 2] if n % 2 else (days[n // 2 - 1] + days[n // 2]) / 2
    place = 0.9 * (n - 1)
    low = int(place)
    return sum(days) / n, median, days[low] + (place - low) * (days[min(low + 1, n - 1)] - days[low])


@pytest.mark.slow
def test_the_report_counts_what_the_log_holds(organ, lines):
    tally = import_log(RECEIPT, read_map("receipt"), at=NOW)
    assert dict(tally.counts) == {"taken": 1434}
    assert dict(tally.notes) == {"act_after_end": 145, "act_before_start": 2, "end_before_start": 2}

    report = log_report(organ.pk)
    cases = {line["case"]: line for line in lines}
    ended = [line for line in cases.values() if line["end"]]
    late = [line for line in ended if moment(line["end"]) > moment(line["deadline"])]
    assert (report.cases, report.acts, report.people, len(report.activities)) == (1434, 8577, 48, 27)
    assert (report.cases, report.acts) == (len(cases), len(lines))
    assert report.people == len({line["person"] for line in lines})
    assert (report.finished, report.after, report.within, report.open) == (1329, 377, 952, 105)
    assert (report.finished, report.after) == (len(ended), len(late))
    assert {one.activity: one.count for one in report.activities} == Counter(line["activity"] for line in lines)
    assert all(one.label for one in report.activities)

    acts = {}
    for line in lines:
        acts.setdefault(line["case"], []).append(line["at"])
    for told, pairs in (
        (report.start_to_end, [(line["start"], line["end"]) for line in ended]),
        (report.first_to_last_act, [(min(times, key=moment), max(times, key=moment)) for times in acts.values()]),
    ):
        mean, median, p90 = spans_in_days(pairs)
        assert told.count == len(pairs)
        assert told.mean.total_seconds() / 86_400 == pytest.approx(mean)
        assert told.median.total_seconds() / 86_400 == pytest.approx(median)
        assert told.p90.total_seconds() / 86_400 == pytest.approx(p90)

    assert open_at(organ.pk, datetime(2010, 12, 31, tzinfo=UTC)) == (215, 19)
    assert open_at(organ.pk, datetime(2011, 6, 30, tzinfo=UTC)) == (231, 47)
    assert open_at(organ.pk, datetime(2011, 12, 31, tzinfo=UTC)) == (145, 45)

    outcomes = Counter(Deadline.objects.filter(subject_kind="case").values_list("outcome", flat=True))
    assert outcomes == {"met": 952, "missed": 377, "open": 105}
    assert Officer.objects.filter(organ=organ).count() == 53  # 48 who acted, 5 who were only responsible
    assert Post.objects.filter(organ=organ, section__isnull=True).count() == 0

    entries = {}
    for entry in Entry.objects.filter(subject_kind="case").order_by("subject_key", "seq"):
        entries.setdefault(entry.subject_key, []).append(entry)
    assert [fault for case in Case.objects.all() for fault in check_subject(case, entries[case.number])] == []

    again = import_log(RECEIPT, read_map("receipt"), at=NOW)
    assert dict(again.counts) == {"unchanged": 1434}
    assert Entry.objects.filter(subject_kind="case").count() == sum(map(len, entries.values()))
