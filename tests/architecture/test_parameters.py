"""A legal number has a unit, a day it begins, a source, and a line in the documentation."""

import re
from pathlib import Path

from zhengtong.base.parameters.seed import SEEDS

ROOT = Path(__file__).resolve().parents[2]


def test_every_parameter_says_where_it_comes_from():
    assert [seed.key for seed in SEEDS if not (seed.unit and seed.since and seed.source)] == []


def test_no_parameter_is_seeded_twice_for_one_day():
    days = [(seed.key, seed.since) for seed in SEEDS]
    assert len(days) == len(set(days))


def test_every_setting_is_documented():
    code = (ROOT / "config" / "settings.py").read_text(encoding="utf-8")
    words = set(re.findall(r'_env(?:_list|_flag)?\("([A-Z_]+)"', code))
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert sorted(word for word in words if f"ZHENGTONG_{word}" not in page) == []
