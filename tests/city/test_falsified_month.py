"""A city month in small: every pattern planted once among honest work, found; honest work left alone."""

import pytest

from zhengtong.city import falsified
from zhengtong.city.falsified import Size

pytestmark = pytest.mark.django_db


def test_what_was_planted_is_found_and_honest_work_is_left_alone(settings, tmp_path):
    settings.FILES_DIR = tmp_path
    report = falsified.play("小样", cases=60, size=Size(honest=3, others=2, most=1))
    planted = {rule: line.planted for rule, line in report.lines.items()}
    assert {rule: line.found for rule, line in report.lines.items()} == planted
    assert [line.missed for line in report.lines.values() if line.missed] == []
    # Sums that need many cases (D-10 to D-12) are played whole by `zhengtong falsified-month` only.
    assert sorted(rule for rule, count in planted.items() if count) == [
        "D-01", "D-02", "D-03", "D-04", "D-05", "D-06", "D-07", "D-08", "D-09", "D-13",
    ]  # fmt: skip
    assert report.honest >= 60
    assert report.honest_with_leads <= 2
