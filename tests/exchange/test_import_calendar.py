from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from zhengtong.base import calendar

pytestmark = pytest.mark.django_db

LINES_2027 = [
    "date,kind,name",
    *("2027-01-01,休,元旦", "2027-02-05,休,春节", "2027-02-08,休,春节", "2027-02-20,班,春节", "2027-02-09,休,春节"),
    *("2027-04-05,休,清明节", "2027-06-09,休,端午节", "2027-09-15,休,中秋节", "2027-10-01,休,国庆节"),
]


def run(*files: Path) -> tuple[str, str, str]:
    out, err, failed = StringIO(), StringIO(), ""
    try:
        call_command("import_calendar", *files, stdout=out, stderr=err)
    except CommandError as error:
        failed = str(error)
    return out.getvalue(), err.getvalue(), failed


def test_a_notice_is_imported_and_again(tmp_path: Path) -> None:
    file = tmp_path / "2027.csv"
    file.write_text("\n".join(LINES_2027), encoding="utf-8")
    for _ in range(2):
        out, err, failed = run(file)
        assert (out, err, failed) == ("2027.csv: 2027 年放假安排已读入（9 天），移动期限 0 个。\n", "", "")
    assert calendar.current().is_published(2027)
    assert [notice.revision for notice in calendar.notices()] == [1]


def test_a_bad_file_is_told_and_does_not_keep_the_good_one_out(tmp_path: Path) -> None:
    good, bad, worse = tmp_path / "good.csv", tmp_path / "bad.csv", tmp_path / "worse.csv"
    good.write_text("\n".join(LINES_2027), encoding="utf-8")
    bad.write_text("\n".join(LINES_2027[:-2]), encoding="utf-8")
    worse.write_bytes(b"MZ\x90\x00")
    out, err, failed = run(worse, bad, good)
    assert "good.csv: 2027" in out
    assert [line.partition(":")[0] for line in err.splitlines()] == ["worse.csv", "bad.csv"]
    assert "中秋节" in err
    assert failed == "2 份放假安排没有读入。"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert "nowhere.csv" in run(tmp_path / "nowhere.csv")[2]
