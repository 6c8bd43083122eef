"""A month of ratings in small: every way of brushing found, honest ratings left alone."""

import pytest

from zhengtong.city import falsified_ratings

pytestmark = pytest.mark.django_db


def test_what_was_brushed_is_found_and_honest_ratings_are_left_alone(settings, tmp_path):
    settings.FILES_DIR = tmp_path
    report = falsified_ratings.play("小样", visits=20)
    assert {rule: line.found for rule, line in report.lines.items()} == {
        rule: line.planted for rule, line in report.lines.items()
    }
    assert all(line.planted for line in report.lines.values())
    assert report.honest >= 20
    assert report.named == 0
