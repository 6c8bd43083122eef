"""Letters of another system: how many were answered within so many working days equals a count that knows nothing of ours."""

import csv
import gzip
import io
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from openpyxl import Workbook

from zhengtong.base import calendar
from zhengtong.base.parameters.actions import seed
from zhengtong.base.permission import SYSTEM
from zhengtong.domains.letters import queries
from zhengtong.domains.letters.models import Letter
from zhengtong.exchange.letters_import import import_letters, readable
from zhengtong.exchange.letters_map import LetterMap, read_map
from zhengtong.exchange.letters_words import Problem, Unfit, Unreadable

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 24, 2, 0, tzinfo=UTC)
# Beside the project, where there are any: `letters.csv.gz` as published, never shipped.
DATA = Path(__file__).parents[3] / "shared" / "data"
HOLIDAYS = Path(__file__).parents[1] / "data" / "holiday-cn.json"
HEAD = ["number", "user", "subject", "received_at", "text", "reply", "replied_at"]
DAYS = (1, 5, 10, 15, 20)


def seeded() -> None:
    calendar.seed(at=AT)
    seed()


# --- the independent count: csv, dates and the holiday file; nothing of ours --------------------------------------


def off_and_on(files: Iterable[Path]) -> tuple[set[date], set[date]]:
    """Of the files as they are published, one a year; or of the tests' own restatement of them."""
    off: set[str] = set()
    on: set[str] = set()
    for path in files:
        told = json.loads(path.read_text(encoding="utf-8"))
        for year in told.get("years", {}).values():
            off |= set(year["off"])
            on |= set(year["work"])
        for day in told.get("days", ()):
            (off if day["isOffDay"] else on).add(day["date"])
    return {date.fromisoformat(day) for day in off}, {date.fromisoformat(day) for day in on}


def plain_count(rows: Iterable[dict[str, str]], off: set[date], on: set[date]) -> dict[str, int]:
    """Walks from each letter's day to its answer's, one day at a time."""
    found = dict.fromkeys(("letters", "answered", *map(str, DAYS)), 0)
    for row in rows:
        found["letters"] += 1
        if not (row["replied_at"] or "").strip():
            continue
        day = date(*map(int, row["received_at"].split()[0].split("/")))
        last = date(*map(int, row["replied_at"].split()[0].split("/")))
        took = 0
        while day < last:
            day += timedelta(days=1)
            took += day in on or (day not in off and day.weekday() < 5)
        found["answered"] += 1
        for days in DAYS:
            found[str(days)] += took <= days
    return found


def our_count() -> dict[str, int]:
    """As `watch:letters` counts: from the rows."""
    total: dict[str, int] = {}
    for group in queries.figures(SYSTEM, date(2000, 1, 1), date(2059, 12, 31), group="mailbox", at=AT):
        for name, count in group.items():
            if name != "key":
                total[name] = total.get(name, 0) + count
    names = {"letters": "received", "answered": "replied"} | {str(days): f"within_{days}" for days in DAYS}
    return {name: total.get(field, 0) for name, field in names.items()}


# --- the real letters ---------------------------------------------------------------------------------------------


@pytest.mark.skipif(not (DATA / "messages").exists(), reason="the letters stay where they are; they are not shipped")
def test_the_real_letters_load_and_are_counted_alike(capsys):
    seeded()
    path = DATA / "messages" / "letters.csv.gz"
    call_command("import_letters", str(path))
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
        wanted = plain_count(csv.DictReader(file), *off_and_on(sorted((DATA / "holidays").glob("*.json"))))
    assert wanted["letters"] == 1402
    assert our_count() == wanted
    capsys.readouterr()
    call_command("report_letters", "--log", "letters")
    told = capsys.readouterr().out
    assert "1402" in told
    assert all(f"{wanted[str(days)]:,}" in told for days in DAYS)


# --- files of the same form that were not seen before -------------------------------------------------------------

_moment = st.datetimes(datetime(2008, 1, 1), datetime(2024, 12, 1), allow_imaginary=False)
_words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=60).filter(lambda s: "\x00" not in s)


@st.composite
def _rows(draw: st.DrawFn) -> list[list[str]]:
    rows = []
    for number in range(draw(st.integers(1, 12))):
        came = draw(_moment)
        replied = came + timedelta(days=draw(st.integers(0, 60)), minutes=draw(st.integers(0, 600)))
        answered = draw(st.booleans()) or number == 0
        rows.append([
            str(1000 + number), f"U{number}", "关于" + draw(_words), f"{came.year}/{came.month}/{came.day} {came:%H:%M:%S}",
            "内容：" + draw(_words), draw(_words) if answered else "",
            f"{replied.year}/{replied.month}/{replied.day} {replied.hour}:{replied:%M:%S}" if answered else "",
        ])  # fmt: skip
    return rows


class SameForm(TestCase):
    @classmethod
    def setUpTestData(cls):
        seeded()

    @settings(max_examples=20, phases=[Phase.explicit, Phase.generate])  # each example writes to the database
    @given(rows=_rows(), encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]))
    def test_odd_files_are_counted_alike(self, rows, encoding):
        out = io.StringIO()
        csv.writer(out).writerows([HEAD, *rows])
        path = Path(self.enterContext(_folder())) / "odd.csv"
        path.write_bytes(out.getvalue().encode(encoding))
        tally = import_letters(path, LetterMap(name="odd"), at=AT)
        assert tally.rejects == []
        with path.open(encoding=encoding, newline="") as file:
            assert our_count() == plain_count(csv.DictReader(file), *off_and_on([HOLIDAYS]))


def _folder():
    import tempfile

    return tempfile.TemporaryDirectory()


# --- what is odd, and what is said about it -----------------------------------------------------------------------


def table(folder: Path, *rows: list[str], head: list[str] = HEAD, name: str = "letters.csv") -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return path


def one(
    number: str = "1", received: str = "2019/4/24 16:03:40", replied: str = "2019/5/9 9:49:10", **said: str
) -> list[str]:
    return [number, "网友A", said.get("subject", "路灯不亮"), received, said.get("text", "三个月没亮了"),
            said.get("reply", "已修复"), replied]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (one(received="昨天下午"), Problem.TIME_UNREADABLE),
        (one(received=""), Problem.TIME_MISSING),
        (one(received="2019/2/30 10:00"), Problem.TIME_UNREADABLE),  # a day that does not exist
        (one(received="1898/1/1"), Problem.TIME_OUT_OF_RANGE),
        (one(replied="2019/4/1 8:00"), Problem.REPLY_BEFORE_RECEIPT),
        (one(replied="2031/1/1"), Problem.TIME_TO_COME),
        (one(number=""), Problem.NUMBER_MISSING),
        (one(subject="", text=""), Problem.TEXT_MISSING),
        ([*one(), "多出一格"], Problem.ROW_LONG),
    ],
)
def test_what_cannot_be_taken_is_named_with_its_line_and_the_rest_goes_on(tmp_path, row, problem):
    seeded()
    tally = import_letters(table(tmp_path, row, one("2")), LetterMap(), at=AT)
    assert [(reject.line, reject.code) for reject in tally.rejects] == [(2, problem.value)]
    assert tally.counts["taken"] == 1


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2019/4/24 16:03:40", "2019-04-24"), ("2019-4-24", "2019-04-24"), ("2019.04.24 6:03", "2019-04-24"),
        ("2019年4月24日 16时03分", "2019-04-24"), ("2019-04-24T16:03:40", "2019-04-24"),
        ("２０１９／４／２４　１６：０３", "2019-04-24"), ("2019-04-24T23:30:00Z", "2019-04-25"),  # Shanghai is eight hours ahead
        ("43579.5", "2019-04-24"), ("2019-04-24T10:00:00+08:00", "2019-04-24"),  # a spreadsheet's own number of days
    ],
)  # fmt: skip
def test_times_as_people_write_them(written, day):
    moment, _ = LetterMap().moment(written)
    assert moment.astimezone(LetterMap().zone).date().isoformat() == day


@pytest.mark.parametrize("written", ["24/4/2019", "2019", "2019/13/1", "", "4月24日", "99999999999"])
def test_times_nobody_can_read_are_not_guessed(written):
    with pytest.raises(Unfit):
        LetterMap().moment(written)


def test_run_again_it_takes_nothing_twice_continues_what_is_answered_and_refuses_what_changed(tmp_path):
    seeded()
    first = import_letters(table(tmp_path, one("1", replied="", reply=""), one("2")), LetterMap(), at=AT)
    assert (first.counts["taken"], first.notes["unanswered"]) == (2, 1)
    again = import_letters(table(tmp_path, one("1"), one("2")), LetterMap(), at=AT)
    assert (again.counts["continued"], again.counts["unchanged"]) == (1, 1)
    changed = import_letters(table(tmp_path, one("1"), one("2", text="改过的内容")), LetterMap(), at=AT)
    assert [reject.code for reject in changed.rejects] == [Problem.CHANGED.value]
    assert Letter.objects.count() == 2
    assert our_count()["answered"] == 2


def test_a_letter_twice_in_one_file(tmp_path):
    seeded()
    tally = import_letters(table(tmp_path, one("1"), one("1"), one("1", text="另一件事")), LetterMap(), at=AT)
    assert (tally.counts["taken"], tally.notes["repeated"]) == (1, 1)
    assert [reject.code for reject in tally.rejects] == [Problem.NUMBER_TWICE.value]


def test_entities_tags_and_invisible_characters_keep_the_original_and_get_a_clean_text(tmp_path):
    seeded()
    text = "楼下&nbsp;夜市<br/>油烟&gt;标准\u200b<script>alert(1)</script>"
    tally = import_letters(table(tmp_path, one(text=text)), LetterMap(), at=AT)
    letter = Letter.objects.get()
    assert tally.notes["cleaned"] == 1
    assert letter.text == text
    assert letter.moderated == "楼下\xa0夜市\n油烟>标准<script>alert(1)</script>"  # still text: pages escape it
    assert readable("没有什么可改") == "没有什么可改"


def test_an_empty_reply_with_a_time_counts_and_is_said_and_one_without_a_time_does_not(tmp_path, capsys):
    seeded()
    path = table(
        tmp_path, one("1", reply=""), one("2", replied=""), one("3", received="2019/4/24", replied="2019/4/24 8:00")
    )
    tally = import_letters(path, LetterMap(), at=AT)
    assert tally.notes == {"reply_empty": 1, "reply_undated": 1, "no_clock": 1}
    assert our_count() | {} == {"letters": 3, "answered": 2, "1": 1, "5": 1, "10": 2, "15": 2, "20": 2}
    call_command("report_letters")
    assert "empty reply" in capsys.readouterr().out


def test_long_texts_and_missing_cells(tmp_path):
    seeded()
    path = table(tmp_path, one("1", text="长" * 60_000), one("2")[:4], one("3", subject="题" * 400))
    tally = import_letters(path, LetterMap(), at=AT)
    assert (tally.counts["taken"], tally.rejects) == (3, [])
    assert max(len(letter.text) for letter in Letter.objects.all()) == 60_000
    assert max(len(letter.subject_line) for letter in Letter.objects.all()) == 200


def test_other_headings_are_known_or_named_by_a_map(tmp_path):
    seeded()
    chinese = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "答复意见", "答复时间"]
    assert import_letters(table(tmp_path, one(), head=chinese), LetterMap(), at=AT).counts["taken"] == 1
    own = ["nr", "who", "what", "when", "body", "said", "then"]
    path = table(tmp_path, one("7"), head=own)
    with pytest.raises(Unreadable):
        import_letters(path, LetterMap(), at=AT)
    map_file = tmp_path / "own.toml"
    columns = zip(("number", "user", "subject", "received_at", "text", "reply", "replied_at"), own, strict=True)
    map_file.write_text("[columns]\n" + "\n".join(f'{part} = "{column}"' for part, column in columns))
    assert import_letters(path, read_map(map_file, "own"), at=AT).counts["taken"] == 1
    map_file.write_text("[surprise]\nx = 1\n")
    with pytest.raises(Unreadable):
        read_map(map_file)


def test_workbooks_and_cut_off_archives(tmp_path):
    seeded()
    book = Workbook()
    book.active.append(HEAD)
    book.active.append([2554, "U", "路灯", datetime(2019, 4, 24, 16, 3, 40), "不亮", "修好了", datetime(2019, 5, 9)])
    book.save(tmp_path / "letters.xlsx")
    assert import_letters(tmp_path / "letters.xlsx", LetterMap(), at=AT).counts["taken"] == 1
    packed = gzip.compress(table(tmp_path, one("9")).read_bytes())
    (tmp_path / "cut.csv.gz").write_bytes(packed[:-12])
    with pytest.raises(Unreadable):
        import_letters(tmp_path / "cut.csv.gz", LetterMap(), at=AT)
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    with pytest.raises(Unreadable):
        import_letters(tmp_path / "picture.png", LetterMap(), at=AT)


def test_the_command_leaves_a_file_of_rejects_and_imports_categories(tmp_path, monkeypatch, capsys):
    seeded()
    monkeypatch.chdir(tmp_path)
    tree = table(tmp_path, ["城乡建设", "安全生产", "事故处理"], ["城乡建设", "安全生产", "安全隐患"],
                 head=["一级分类", "二级分类", "三级分类"], name="tree.csv")  # fmt: skip
    path = table(tmp_path, one("1"), one("2", received="=cmd()"))
    with pytest.raises(CommandError):
        call_command("import_letters", str(path), "--categories", str(tree))
    assert [category.code for category in queries.categories()] == ["01", "01.01", "01.01.01", "01.01.02"]
    rejects = (tmp_path / "letters.csv.rejected.csv").read_text(encoding="utf-8-sig")
    assert "time_unreadable" in rejects
    assert ",=cmd()" not in rejects


def test_imported_letters_carry_no_limit_and_never_a_card(tmp_path):
    from zhengtong.base.deadlines.models import Deadline
    from zhengtong.base.journal import check_subject
    from zhengtong.base.journal.queries import entries_of

    seeded()
    import_letters(table(tmp_path, one("1", replied="", reply=""), one("2")), LetterMap(), at=AT)
    assert Deadline.objects.filter(subject_kind="letter").count() == 0
    for letter in Letter.objects.all():
        assert check_subject(letter, list(entries_of("letter", letter.number))) == []


def test_a_quote_that_is_not_closed_loses_no_letter_in_silence(tmp_path: Path) -> None:
    seeded()
    path = tmp_path / "torn.csv"
    rows = [
        'q1,a,"没有收尾,2019/4/24,t,r,2019/4/25',
        "q2,a,好,2019/4/24,t,r,2019/4/25",
        'q3,a,"好",2019/4/24,t,r,2019/4/25',
    ]
    path.write_text("\n".join([",".join(HEAD), *rows, "q4,a,好,2019/4/24,t,r,2019/4/25"]), encoding="utf-8")
    tally = import_letters(path, LetterMap(), at=AT)
    assert tally.counts["taken"] == 1
    [reject] = tally.rejects
    assert (reject.key, reject.code) == ("q1", "row_torn")


def test_a_letter_of_several_lines_is_no_torn_row(tmp_path: Path) -> None:
    seeded()
    path = tmp_path / "lines.csv"
    text = '"一、二,三,四,五,六,七\n2019年4月24日,我,又,去,了,一,次"'
    path.write_text(f"{','.join(HEAD)}\nn1,a,好,2019/4/24,{text},r,2019/4/25", encoding="utf-8")
    assert import_letters(path, LetterMap(), at=AT).counts["taken"] == 1
