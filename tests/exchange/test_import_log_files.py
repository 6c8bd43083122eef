"""Event logs as strangers write them: what is read, what is refused, and with which words."""

import csv
import gzip
import io
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest

from zhengtong.exchange.event_log import read_log
from zhengtong.exchange.log_map import MAPS, LogMap, read_map
from zhengtong.exchange.log_problems import WORDS, Problem, Unreadable, said
from zhengtong.rules.procedure import Stage

RECEIPT = Path(__file__).resolve().parents[2] / "zhengtong" / "city" / "data" / "receipt.csv.gz"
COLUMNS = {
    "key": "no",
    "start": "start",
    "end": "end",
    "channel": "via",
    "activity": "act",
    "person": "who",
    "at": "at",
}
HEAD = "no,start,end,via,act,who,at"
GOOD = "A1,2024-01-02T09:00:00+08:00,,web,check in,Li,2024-01-02T09:30:00+08:00"


def raw_map(**tables):
    raw = {
        "log": {"name": "test"},
        "organ": {"code": "X"},
        "item": {"item_code": "I", "name": "事项"},
        "csv": dict(COLUMNS),
        "channels": {"web": "2"},
        "stages": {"ACCEPT": ["check in"], "PROCESS": ["work *"]},
    }
    return {table: keys for table, keys in {**raw, **tables}.items() if keys is not None}


def reads(tmp_path, text, log_map=None, name="log.csv"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(read_log(path, log_map or LogMap(raw_map())))


def table(*rows):
    return "\n".join([HEAD, *rows]) + "\n"


def xes(body):
    return f'<?xml version="1.0"?><log xmlns="http://www.xes-standard.org/">{body}</log>'


def trace_of(lines):
    """The lines of one case of the table, as the source's XES spells them."""
    first = lines[0]
    case = {"concept:name": "case", "startdate": "start", "deadline": "deadline", "enddate": "end",
            "responsible": "responsible", "channel": "channel", "department": "department", "group": "group"}  # fmt: skip
    event = {"concept:name": "activity", "org:resource": "person", "org:group": "act_group",
             "concept:instance": "instance", "time:timestamp": "at"}  # fmt: skip
    marks = [f"<string key={quoteattr(k)} value={quoteattr(first[c])}/>" for k, c in case.items() if first[c]]
    for line in lines:
        marks.append("<event>")
        marks += [f"<string key={quoteattr(k)} value={quoteattr(line[c])}/>" for k, c in event.items()]
        marks.append('<string key="lifecycle:transition" value="complete"/></event>')
        marks.append('<event><string key="lifecycle:transition" value="schedule"/></event>')
    return "<trace>" + "".join(marks) + "</trace>"


def test_table_and_xes_tell_the_same_cases(tmp_path):
    with gzip.open(RECEIPT, "rt", encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    cases = {}
    for line in lines:
        cases.setdefault(line["case"], []).append(line)
    log_map = read_map("receipt")
    packed = gzip.compress(xes("".join(map(trace_of, cases.values()))).encode())
    of_xes = reads(tmp_path, packed, log_map, "log.xes.gz")
    of_table = list(read_log(RECEIPT, log_map))
    assert [read.case for read in of_xes] == [read.case for read in of_table]
    assert len(of_table) == 1434
    assert None not in [read.case for read in of_table]


def test_every_activity_of_the_receipt_log_has_its_stage():
    """The stages in the log's own order, as its source tells them."""
    log_map = read_map("receipt")
    found = {}
    for read in read_log(RECEIPT, log_map):
        for act in read.case.acts:
            found.setdefault(act.stage, set()).add(act.activity.partition(" ")[0])
    assert found == {
        Stage.ACCEPT: {"Confirmation", "T02", "T03"},
        Stage.PROCESS: {"T04", "T05"},
        Stage.REVIEW: {"T06", "T07-1", "T07-2", "T07-3", "T07-4", "T07-5", "T08", "T09-1", "T09-2", "T09-3", "T09-4"},
        Stage.APPROVE: {"T10", "T11", "T12", "T13", "T14"},
        Stage.FINISH: {"T15", "T16", "T17", "T18", "T19", "T20"},
    }


@pytest.mark.parametrize(
    ("row", "problem", "line"),
    [
        (",2024-01-02T09:00:00+08:00,,web,check in,Li,2024-01-02T09:30:00+08:00", Problem.KEY_MISSING, 2),
        ("A1,yesterday,,web,check in,Li,2024-01-02T09:30:00+08:00", Problem.TIME_UNREADABLE, 2),
        ("A1,2024-02-30T09:00:00+08:00,,web,check in,Li,2024-01-02T09:30:00+08:00", Problem.TIME_UNREADABLE, 2),
        ("A1,0001-01-01T09:00:00+08:00,,web,check in,Li,2024-01-02T09:30:00+08:00", Problem.TIME_UNREADABLE, 2),
        ("A1,2024-01-02T09:00:00,,web,check in,Li,2024-01-02T09:30:00+08:00", Problem.TIME_WITHOUT_ZONE, 2),
        ("A1,2024-01-02T09:00:00+08:00,,web,check in,Li,", Problem.TIME_MISSING, 2),
        ("A1,2024-01-02T09:00:00+08:00,,fax,check in,Li,2024-01-02T09:30:00+08:00", Problem.CHANNEL_UNMAPPED, 2),
        ("A1,2024-01-02T09:00:00+08:00,,web,dance,Li,2024-01-02T09:30:00+08:00", Problem.ACTIVITY_UNMAPPED, 2),
        ("A1,2024-01-02T09:00:00+08:00,,web,check in,,2024-01-02T09:30:00+08:00", Problem.PERSON_MISSING, 2),
        ("A1,2024-01-02T09:00:00+08:00,,web,,Li,2024-01-02T09:30:00+08:00", Problem.ACTIVITY_MISSING, 2),
        ("A1,2024-01-02T09:00:00+08:00,,web,check in", Problem.ROW_SHORT, 2),
        ("A\u202e1,2024-01-02T09:00:00+08:00,,web,check in,Li,2024-01-02T09:30:00+08:00", Problem.TEXT_UNFIT, 2),
        ("A" * 61 + ",2024-01-02T09:00:00+08:00,,web,check in,Li,2024-01-02T09:30:00+08:00", Problem.TEXT_UNFIT, 2),
    ],
)
def test_a_case_that_cannot_be_taken_names_its_line_and_leaves_the_others(tmp_path, row, problem, line):
    bad, good = reads(tmp_path, table(row, GOOD.replace("A1", "B1")))
    assert (bad.case, bad.fault.problem, bad.fault.line) == (None, problem, line)
    assert good.case.key == "B1"


def test_a_key_that_comes_again_is_refused_unless_the_map_says_lines_lie_apart(tmp_path):
    text = table(GOOD, GOOD.replace("A1", "B1"), GOOD.replace("09:30", "10:30"))
    first, _, again = reads(tmp_path, text)
    assert again.fault.problem is Problem.KEY_TWICE
    assert again.fault.facts == {"key": "A1", "first": 2}
    assert len(first.case.acts) == 1
    apart = reads(tmp_path, text, LogMap(raw_map(file={"together": False})))
    assert [(read.key, len(read.case.acts)) for read in apart] == [("A1", 2), ("B1", 1)]


def test_lines_of_one_case_must_agree(tmp_path):
    (bad,) = reads(tmp_path, table(GOOD, GOOD.replace(",web,", ",desk,")))
    assert bad.fault.problem is Problem.ROWS_DISAGREE
    assert bad.fault.line == 3


def test_a_case_without_acts_and_one_without_end_are_cases(tmp_path):
    bare, open_case = reads(tmp_path, table("A0,2024-01-02T09:00:00+08:00,,web,,,", GOOD))
    assert bare.case.acts == ()
    assert bare.case.oddities() == ["no_acts"]
    assert open_case.case.ended_at is None
    assert open_case.case.oddities() == []


def test_what_is_strange_is_flagged_and_kept_as_it_stands(tmp_path):
    day = "2024-01-02T{}:00:00+08:00".format
    rows = [f"A1,{day('09')},{day('08')},web,check in,Li,{at}" for at in (day("12"), day("07"))]
    (read,) = reads(tmp_path, table(*rows))
    assert [act.at.isoformat() for act in read.case.acts] == [day("12"), day("07")]
    assert read.case.oddities() == ["acts_out_of_order", "act_before_start", "act_after_end", "end_before_start"]


def test_times_without_offset_are_of_the_zone_the_map_names(tmp_path):
    log_map = LogMap(raw_map(file={"timezone": "Asia/Shanghai"}))
    (read,) = reads(tmp_path, table(GOOD.replace("+08:00", "")), log_map)
    assert read.case.started_at.isoformat() == "2024-01-02T09:00:00+08:00"


@pytest.mark.parametrize(
    ("text", "name", "problem", "line"),
    [
        ("a,b\n1,2\n", "log.csv", Problem.COLUMN_MISSING, 1),
        ("", "log.csv", Problem.COLUMN_MISSING, 1),
        (table(GOOD).encode() + "办,".encode("gb18030"), "log.csv", Problem.NOT_UTF8, None),
        (table(GOOD) + '"never closed', "log.csv", Problem.CSV_BROKEN, 3),
        (table(GOOD), "log.txt", Problem.NOT_A_LOG, 0),
        (gzip.compress(table(GOOD).encode(), mtime=0)[:40], "log.csv.gz", Problem.CUT_OFF, 0),
        (b"no gzip at all", "log.csv.gz", Problem.CUT_OFF, 0),
        ("<html></html>", "log.xes", Problem.NOT_A_LOG, 1),
        ("", "log.xes", Problem.XML_BROKEN, None),
        ('<log>\n<trace>\n<string key="a" value="</trace></log>', "log.xes", Problem.XML_BROKEN, 3),
        ('<!DOCTYPE log [<!ENTITY a "b">]>\n<log/>', "log.xes", Problem.XML_HOSTILE, 1),
        ('<!DOCTYPE log SYSTEM "file:///etc/passwd">\n<log/>', "log.xes", Problem.XML_HOSTILE, 1),
        ("<log>" + "<a>" * 300 + "</a>" * 300 + "</log>", "log.xes", Problem.XML_BROKEN, 1),
    ],
)
def test_a_file_that_cannot_be_used_says_why_and_where(tmp_path, text, name, problem, line):
    log_map = LogMap(raw_map(xes={**COLUMNS}))
    with pytest.raises(Unreadable) as unreadable:
        reads(tmp_path, text, log_map, name)
    assert unreadable.value.problem is problem
    assert line is None or unreadable.value.line == line
    assert "  " in str(unreadable.value)  # both languages


def test_a_billion_laughs_are_not_begun(tmp_path):
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 30))
    bomb = f'<!DOCTYPE log [<!ENTITY l0 "lol">{entities}]><log><trace>&l29;</trace></log>'
    with pytest.raises(Unreadable) as unreadable:
        reads(tmp_path, bomb, LogMap(raw_map(xes={**COLUMNS})), "bomb.xes")
    assert unreadable.value.problem is Problem.XML_HOSTILE


def test_a_trace_without_end_is_let_go_of(tmp_path, monkeypatch):
    monkeypatch.setattr("zhengtong.exchange.xes.MOST_ELEMENTS", 1_000)
    with pytest.raises(Unreadable) as unreadable:
        reads(tmp_path, xes("<trace>" + "<event/>" * 2_000 + "</trace>"), LogMap(raw_map(xes={**COLUMNS})), "b.xes")
    assert unreadable.value.problem is Problem.XML_TOO_LARGE


def test_a_file_in_gb18030_is_read_when_the_map_says_so(tmp_path):
    text = table(GOOD.replace("Li", "李梅")).encode("gb18030")
    (read,) = reads(tmp_path, text, LogMap(raw_map(file={"encoding": "gb18030"})))
    assert read.case.acts[0].person == "李梅"


@pytest.mark.parametrize(
    "wrong",
    [
        {"extra": {}},
        {"log": {"name": "x", "colour": "red"}},
        {"log": {}},
        {"organ": {}},
        {"csv": None},
        {"csv": {"key": "no", "activity": "act", "person": "who"}},
        {"stages": {}},
        {"stages": {"DANCE": ["*"]}},
        {"stages": {"ACCEPT": "check in"}},
        {"channels": {"web": "7"}},
        {"sections": {"General": "综合科"}},
        {"file": {"timezone": "Mars/Olympus"}},
        {"organ": "X"},
    ],
)
def test_a_wrong_map_is_refused_with_the_place(wrong):
    with pytest.raises(Unreadable) as unreadable:
        LogMap(raw_map(**wrong))
    assert unreadable.value.problem is Problem.MAP_WRONG
    assert "[" in unreadable.value.facts["detail"]


def test_a_map_that_is_no_toml_or_is_not_there(tmp_path):
    (tmp_path / "m.toml").write_text("[log\n")
    for name in (tmp_path / "m.toml", "nowhere"):
        with pytest.raises(Unreadable) as unreadable:
            read_map(name)
        assert unreadable.value.problem is Problem.MAP_WRONG


def test_shipped_maps_can_be_read():
    assert [read_map(path.stem).source.name for path in MAPS.glob("*.toml")]


def test_every_problem_has_its_words():
    facts = dict.fromkeys(
        ["encoding", "detail", "most", "column", "found", "code", "key", "first", "needed", "second", "value", "what"],
        "x",
    )
    assert set(WORDS) == set(Problem)
    for problem in Problem:
        chinese, english = said(problem, 7, facts)
        assert chinese.startswith("第 7 行：")
        assert english.startswith("Line 7: ")
        assert english.isascii()


def test_a_log_is_read_as_a_stream():
    """Only as much of a large table is read as the cases asked for need."""

    class Watched(io.RawIOBase):
        taken = 0

        def readable(self):
            return True

        def readinto(self, buffer):
            chunk = (
                (GOOD.replace("A1", f"C{self.taken}") + "\n").encode() * 50 if self.taken else (HEAD + "\n").encode()
            )
            Watched.taken += 1
            buffer[: len(chunk)] = chunk
            return len(chunk)

    from zhengtong.exchange import event_csv

    cases = event_csv.traces(
        io.BufferedReader(Watched(), 16_384),
        key="no", case_columns=["start"], act_columns=["act", "who", "at"], act_marks=["act"],
    )  # fmt: skip
    next(cases)
    next(cases)
    assert Watched.taken < 20
