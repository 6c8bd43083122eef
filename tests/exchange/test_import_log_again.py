"""An import that is killed, repeated, continued by a later export, or contradicted by one."""

import csv
import tomllib
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from zhengtong.base import journal
from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.journal import Event, check_subject
from zhengtong.base.journal.models import Entry
from zhengtong.base.permission import SYSTEM
from zhengtong.domains.cases.models import Case
from zhengtong.domains.cases.report import log_report
from zhengtong.domains.catalogue.models import Item
from zhengtong.domains.registry.models import Officer, Organ, Post, Region
from zhengtong.exchange import log_import
from zhengtong.exchange.log_import import import_log
from zhengtong.exchange.log_map import LogMap
from zhengtong.rules.kinds import Kind

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
MAP = """
[log]
name = "test"
[organ]
code = "11990100MB0096938P"
[item]
item_code = "T-1"
name = "导入的事项"
case_kind = "PROMISED"
[people]
prefix = "T-"
[csv]
key = "no"
start = "start"
deadline = "deadline"
end = "end"
responsible = "head"
section = "section"
activity = "act"
person = "who"
at = "at"
[sections]
North = { name = "北科", name_en = "North" }
[stages]
ACCEPT = ["check in"]
PROCESS = ["work"]
REVIEW = ["look over"]
APPROVE = ["decide"]
FINISH = ["post"]
"""
HEAD = "no,start,deadline,end,head,section,act,who,at"


def at(day):
    return f"2024-03-{day:02}T09:00:00+08:00"


DEADLINE = at(20)


def case(key, *acts, end="", deadline=DEADLINE):
    return [f"{key},{at(1)},{deadline},{end},Zhao,North,{act},{who},{at(day)}" for act, who, day in acts]


FIRST = case("A1", ("check in", "Li", 1), ("work", "Li", 2))
FINISHED = case("A1", ("check in", "Li", 1), ("work", "Li", 2), ("decide", "Wu", 21), end=at(21))


@pytest.fixture
def organ(db):
    region = Region.objects.create(code="990100", name="云泽市", level=3)
    return Organ.objects.create(code="11990100MB0096938P", name="云泽市生态环境局", short_name="云环", region=region)


@pytest.fixture
def log_map():
    return LogMap(tomllib.loads(MAP))


@pytest.fixture
def take(tmp_path, organ, log_map):
    def taken(*rows):
        path = tmp_path / "log.csv"
        path.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
        return import_log(path, log_map, at=NOW)

    return taken


def sound(case_row):
    entries = list(Entry.objects.filter(subject_kind="case", subject_key=case_row.number).order_by("seq"))
    return check_subject(case_row, entries) == []


def test_an_open_case_stands_where_its_last_act_left_it(take, organ):
    take(*FIRST)
    row = Case.objects.get()
    assert (row.state, row.stage, row.holder.staff_no) == ("PROCESSING", "PROCESS", "T-Zhao")
    assert (row.external_no, row.imported, row.section.name) == ("A1", True, "北科")
    assert row.due_at == datetime.fromisoformat(at(20))
    limit = Deadline.objects.get(subject_key=row.number)
    assert (limit.kind, limit.unit, limit.outcome) == ("promise", "moment", "open")
    assert limit.due_at == limit.moment == row.due_at
    kinds = list(Entry.objects.filter(subject_key=row.number).order_by("seq").values_list("kind", "actor_name", "at"))
    assert kinds == [
        ("case.imported", "import-log", datetime.fromisoformat(at(1))),
        ("case.act_recorded", "Li", datetime.fromisoformat(at(1))),
        ("case.act_recorded", "Li", datetime.fromisoformat(at(2))),
    ]
    posts = {(p.officer.staff_no, p.role, p.section.name) for p in Post.objects.filter(organ=organ)}
    assert posts == {("T-Li", "window", "北科"), ("T-Li", "handler", "北科")}
    assert Item.objects.get().status == Item.Status.LISTED
    assert sound(row)


def test_a_later_export_continues_the_case(take, organ):
    take(*FIRST)
    tally = take(*FINISHED)
    assert dict(tally.counts) == {"continued": 1}
    row = Case.objects.get()
    assert (row.state, row.finished_at, row.holder_id) == ("DELIVERED", datetime.fromisoformat(at(21)), None)
    assert Deadline.objects.get(subject_key=row.number).outcome == "missed"
    assert sound(row)
    report = log_report(organ.pk)
    assert (report.cases, report.acts, report.people, report.finished, report.after) == (1, 3, 2, 1, 1)
    assert dict(take(*FINISHED).counts) == {"unchanged": 1}


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        (case("A1", ("check in", "Li", 1), ("work", "Wu", 2)), "act 2"),
        (case("A1", ("check in", "Li", 1), ("work", "Li", 3)), "act 2"),
        (case("A1", ("check in", "Li", 1)), "act 2"),
        (case("A1", ("check in", "Li", 1), ("work", "Li", 2), deadline=at(25)), "deadline_at"),
        (case("A1", ("check in", "Li", 1), ("work", "Li", 2), deadline=""), "deadline_at"),
    ],
)
def test_a_log_that_tells_it_otherwise_is_refused_and_changes_nothing(take, rows, what):
    take(*FIRST)
    before = list(Entry.objects.values_list("hash", flat=True))
    tally = take(*rows, *case("B1", ("check in", "Li", 5)))
    assert dict(tally.counts) == {"taken": 1, "refused": 1}
    (reject,) = tally.rejects
    assert (reject.key, reject.code, reject.line) == ("A1", "history_changed", 2)
    assert what in reject.reason_en
    assert set(before) <= set(Entry.objects.values_list("hash", flat=True))
    assert Entry.objects.filter(subject_key=Case.objects.get(external_no="A1").number).count() == 3


def test_a_case_gone_on_with_here_is_no_longer_continued_from_a_file(take):
    take(*FIRST)
    row = Case.objects.get()
    journal.commit(row, Event(Kind.CASE_NOTED, {"note": "seen"}), by=SYSTEM, at=NOW)
    assert dict(take(*FIRST).counts) == {"unchanged": 1}
    (reject,) = take(*FINISHED).rejects
    assert reject.code == "handled_here"
    assert Case.objects.get().state == "PROCESSING"


def test_a_killed_import_is_run_again_and_goes_on(take, monkeypatch):
    rows = [line for n in range(10) for line in case(f"C{n}", ("check in", "Li", 1), ("work", f"W{n}", 2), end=at(3))]
    monkeypatch.setattr(log_import, "BATCH", 4)
    whole = log_import.import_batch
    batches = []

    def killed(*args, **kwargs):
        batches.append(1)
        result = whole(*args, **kwargs)
        if len(batches) == 2:
            raise KeyboardInterrupt
        return result

    monkeypatch.setattr(log_import, "import_batch", killed)
    with pytest.raises(KeyboardInterrupt):
        take(*rows)
    half = Case.objects.count()
    assert half == 8  # the second batch was committed before the blow
    monkeypatch.setattr(log_import, "import_batch", whole)
    assert dict(take(*rows).counts) == {"unchanged": 8, "taken": 2}
    assert Case.objects.count() == 10
    assert len({row.number for row in Case.objects.all()}) == 10
    assert all(sound(row) for row in Case.objects.all())


def test_a_batch_that_fails_leaves_nothing_of_itself(take, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr("zhengtong.domains.cases.imports.deadlines.write", broken)
        with pytest.raises(RuntimeError, match="power cut"):
            take(*FIRST)
    assert not Case.objects.exists()
    assert not Officer.objects.exists()
    assert not Entry.objects.filter(subject_kind="case").exists()
    assert dict(take(*FIRST).counts) == {"taken": 1}


def test_the_same_key_of_another_item_is_another_case(take, organ, tmp_path):
    take(*FIRST)
    path = tmp_path / "other.csv"
    path.write_text("\n".join([HEAD, *FIRST]) + "\n", encoding="utf-8")
    other = LogMap(tomllib.loads(MAP.replace('"T-1"', '"T-2"')))
    assert dict(import_log(path, other, at=NOW).counts) == {"taken": 1}
    assert Case.objects.count() == 2


def test_the_command_says_what_it_took_and_writes_what_it_refused(organ, tmp_path, capsys):
    (tmp_path / "m.toml").write_text(MAP, encoding="utf-8")
    log = tmp_path / "log.csv"
    log.write_text("\n".join([HEAD, *FINISHED, *case("=A2", ("dance", "Li", 1))]) + "\n", encoding="utf-8")
    rejects = tmp_path / "rejects.csv"
    with pytest.raises(CommandError) as partly:
        call_command("import_log", str(log), map=str(tmp_path / "m.toml"), rejects=rejects)
    assert partly.value.returncode == 2
    out = capsys.readouterr().out
    assert "导入  taken" in out
    assert "dance" in out
    with rejects.open(encoding="utf-8-sig", newline="") as file:
        (line,) = csv.DictReader(file)
    assert (line["line"], line["case"], line["code"]) == ("5", "'=A2", "activity_unmapped")
    assert "[stages]" in line["reason"]

    call_command("report_log", organ.code, at=["2024-03-10T00:00Z"])
    report = capsys.readouterr().out
    assert "超期限  after the deadline" in report
    assert "20.00 d" in report


def test_the_command_refuses_what_it_cannot_use(db, tmp_path, capsys):
    (tmp_path / "m.toml").write_text(MAP, encoding="utf-8")
    (tmp_path / "log.csv").write_text(HEAD + "\n", encoding="utf-8")
    for file, words in (("log.csv", "11990100MB0096938P"), ("nowhere.csv", "nowhere.csv")):
        with pytest.raises(CommandError, match=words):
            call_command("import_log", str(tmp_path / file), map=str(tmp_path / "m.toml"))
    with pytest.raises(CommandError, match="There is no organ X"):
        call_command("report_log", "X")
