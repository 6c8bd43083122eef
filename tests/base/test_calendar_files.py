"""Notices as files. What they mean is tested with the notices; here only whether they can be read."""

import json
from datetime import date

import pytest

from zhengtong.exchange.calendar_files import read_notices
from zhengtong.rules.notice import NoticeDay
from zhengtong.rules.refusal import Refusal, RefusalCode

JSON = json.dumps(
    {
        "year": 2027,
        "papers": ["https://www.gov.cn/a", "https://www.gov.cn/b"],
        "days": [
            {"name": "元旦", "date": "2027-01-01", "isOffDay": True},
            {"name": "元旦", "date": "2026-12-27", "isOffDay": False},
        ],
    },
    ensure_ascii=False,
)
DAYS = (NoticeDay(date(2027, 1, 1), True, "元旦"), NoticeDay(date(2026, 12, 27), False, "元旦"))


def test_the_json_of_holiday_cn() -> None:
    (notice,) = read_notices(JSON.encode(), "2027.json")
    assert (notice.year, notice.days, notice.source) == (2027, DAYS, "https://www.gov.cn/a https://www.gov.cn/b")


@pytest.mark.parametrize(
    "text",
    [
        "date,kind,name\n2027-01-01,HOLIDAY,元旦\n2026-12-27,SWAP_WORK,元旦\n",
        "日期,类别,节日\r\n2027-01-01,休,元旦\r\n\r\n2026/12/27,班,元旦\r\n",  # as a spreadsheet saves it
        "Kind,Name,Date\noff,元旦,2027-01-01\nwork,元旦,2026-12-27",
        'date,kind,name,note\n2027-01-01,放假,"元旦",x\n2026-12-27,上班,元旦,\n',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_plain_csv(text: str, encoding: str) -> None:
    (notice,) = read_notices(text.encode(encoding), "2027.csv")
    assert (notice.year, notice.days, notice.source) == (2027, DAYS, "2027.csv")


def test_a_csv_of_several_years() -> None:
    text = "date,kind\n2027-10-01,休\n2028-01-01,休\n2027-12-26,班\n"
    assert [(notice.year, len(notice.days)) for notice in read_notices(text.encode(), "x.csv")] == [
        (2027, 1),
        (2028, 2),
    ]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", 1),
        (b"\xff\xfe\x00\x01", 1),  # not text
        (b"x" * 1_000_001, 1),
        ("日子,种类\n2027-01-01,休\n".encode(), 1),  # headings nobody knows
        ("date,kind\n2027-01-01,休\n2027-02-30,休\n".encode(), 3),  # no such day
        ("date,kind\n2027-01-01,也许\n".encode(), 2),
        (b"date,kind\n2027-01-01\n", 2),  # a cell missing
        (b'date,kind\n"' + b"a" * 200_000, 2),  # a quote never closed
        (b'{"year": 2027,\n "days": [', 2),
        (b'{"year": 2027}', 1),
        (b'{"year": 2027, "days": [{"date": "2027-01-01", "isOffDay": "yes"}]}', 1),
        (b'{"year": 2027, "days": [1]}', 1),
        (b'{"year": 2027, "days": ' + b"[" * 5_000, 1),
        (b'{"year": null, "days": []}', 1),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(content: bytes, line: int) -> None:
    with pytest.raises(Refusal) as refused:
        read_notices(content, "notice")
    assert refused.value.code is RefusalCode.CALENDAR_FILE_UNREADABLE
    assert refused.value.facts == {"file": "notice", "line": line}
