"""Items in and out: what goes out comes back the same, what cannot come in is named line by line."""

import copy
import csv
import gzip
import io
import json
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests.rules.documents import DEMO, demo_documents, prepaid_card
from zhengtong.base.journal.models import Entry
from zhengtong.base.permission import Acting, ActorKind
from zhengtong.domains.catalogue import queries
from zhengtong.domains.catalogue.models import Item, ItemVersion
from zhengtong.domains.registry.models import Organ, Region
from zhengtong.exchange import item_sheets, rejects
from zhengtong.exchange.items import Outcome, Row, Target, export_json, import_rows, organ_map_from, read_file
from zhengtong.rules.item_document import ItemDocument, normalise, problems

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
IMPORT = Acting(ActorKind.IMPORT, None, "导入：测试")
CITY = DEMO.with_name("city.json")
BASE = DEMO.with_name("base_items.json.gz")


@pytest.fixture(autouse=True)
def _fresh_editions() -> None:
    queries.forget_editions()


@pytest.fixture
def organs(db: None) -> None:
    region = Region.objects.create(code="990100", name="云泽市", level=3)
    Organ.objects.bulk_create(
        Organ(code=organ["code"], name=organ["name"], short_name=organ["short_name"], region=region)
        for organ in json.loads(CITY.read_text())["organs"]
    )


def in_force() -> list[ItemDocument]:
    """Eight of them: an import is long, and the whole list is checked in the rules."""
    return [d for d in demo_documents() if not d["effective_to"]][:8]


def bring(documents: Any, target: Target = Target.PUBLISHED) -> Outcome:
    return import_rows(read_file("x.json", export_json(documents)), target, by=IMPORT, at=AT)


def counts(outcome: Outcome) -> tuple[int, int, int, int]:
    return outcome.taken, outcome.changed, outcome.unchanged, outcome.refused


# --- round trips ------------------------------------------------------------------------------------------------


def through_sheets(documents: list[ItemDocument]) -> list[ItemDocument]:
    found, faults = item_sheets.read(item_sheets.write(documents))
    assert faults == []
    return [normalise(raw) for _, raw in found]


def test_a_workbook_keeps_every_demo_document() -> None:
    assert through_sheets(demo_documents()) == demo_documents()


AWKWARD = [
    "=1+1",
    "+8",
    "@x",
    "  两头有空  ",
    "一\n二",
    "[1]",
    '["a"]',
    "true",
    "0012",
    "1.50",
    "_x0041_",
    "'",
    '"',
    "é",
    "𠮷",
]


@settings(max_examples=8)
@given(st.data())
def test_a_workbook_keeps_whatever_people_write(data: st.DataObject) -> None:
    words = st.sampled_from(AWKWARD) | st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=8)
    document = prepaid_card()
    for path in ("quota_note", "acceptance_conditions"):
        document[path] = data.draw(words)
    document["keywords"] = data.draw(st.lists(words.filter(bool), max_size=4))
    document["materials"][0]["standard"] = data.draw(words)
    document["faqs"][0]["answer"] = data.draw(words)
    document["form"]["sections"][0]["fields"][0]["min"] = data.draw(
        st.none() | st.integers(-5, 5) | st.sampled_from(AWKWARD)
    )
    assert problems(document) == []
    assert through_sheets([document]) == [document]


def test_export_and_import_again_change_nothing(organs: None) -> None:
    assert counts(bring(in_force())) == (len(in_force()), 0, 0, 0)
    entries = Entry.objects.count()
    out = list(queries.all_documents())
    assert sorted(out, key=lambda d: d["item_code"]) == sorted(in_force(), key=lambda d: d["item_code"])
    assert counts(bring(out)) == (0, 0, len(out), 0)
    for name, data in (("a.json", export_json(out)), ("a.xlsx", item_sheets.write(out))):
        again = import_rows(read_file(name, data), Target.PUBLISHED, by=IMPORT, at=AT)
        assert counts(again) == (0, 0, len(out), 0)
    assert Entry.objects.count() == entries


def edited(data: bytes, sheet: str, key: str, value: Any) -> bytes:
    """As an official does it: opens the file, changes the first cell of a column, saves."""
    book = load_workbook(io.BytesIO(data))
    page = book[sheet]
    column = [cell.value for cell in page[2]].index(key) + 1
    page.cell(3, column).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("sheet", "key", "typed", "kept"),
    [
        ("事项", "promised_limit.amount", 8.0, lambda d: d["promised_limit"]["amount"] == 8),
        ("事项", "promised_limit.amount", "8", lambda d: d["promised_limit"]["amount"] == 8),
        ("事项", "effective_from", datetime(2026, 3, 1), lambda d: d["effective_from"] == "2026-03-01"),
        ("事项", "online_depth", 7, lambda d: d["online_depth"] == "7"),
        ("事项", "keywords", "预付卡\n 购物卡 \n\n", lambda d: d["keywords"] == ["预付卡", "购物卡"]),
        ("事项", "flags.terminal", "是", lambda d: d["flags"]["terminal"] is True),
        ("事项", "flags.hall", None, lambda d: d["flags"]["hall"] is False),
        ("申请材料", "copies", 2.0, lambda d: d["materials"][0]["copies"] == 2),
        ("表单字段", "label", "企业全称", lambda d: d["form"]["sections"][0]["fields"][0]["label"] == "企业全称"),
        ("情形 选项", "label", "新办", lambda d: d["situations"][0]["options"][0]["label"] == "新办"),
    ],
)
def test_what_is_edited_in_a_workbook_comes_back_as_meant(sheet: str, key: str, typed: Any, kept: Any) -> None:
    data = edited(item_sheets.write([prepaid_card()]), sheet, key, typed)
    (row,) = read_file("x.xlsx", data)
    assert problems(row.raw) == []
    assert kept(normalise(row.raw))


# --- importing --------------------------------------------------------------------------------------------------


def test_a_second_day_edit_opens_and_publishes_a_new_version(organs: None) -> None:
    bring(in_force())
    changed = copy.deepcopy(in_force())
    changed[0]["quota_note"] = "每年一百家"
    assert counts(bring(changed)) == (0, 1, len(changed) - 1, 0)
    item = queries.item_for(changed[0]["item_code"])
    assert [version.number for version in queries.versions(item)] == [2, 1]
    assert queries.shown_item(item.item_code)[1]["quota_note"] == "每年一百家"


def test_as_draft_nothing_is_shown_and_as_published_drafts_go_out(organs: None) -> None:
    assert counts(bring([prepaid_card()], Target.DRAFT)) == (1, 0, 0, 0)
    assert queries.find("预付卡").items == []
    assert counts(bring([prepaid_card()], Target.DRAFT)) == (0, 0, 1, 0)
    assert counts(bring([prepaid_card()], Target.PUBLISHED)) == (0, 1, 0, 0)
    assert len(queries.find("预付卡").items) == 1


def test_a_bad_row_is_refused_whole_and_the_others_are_taken(organs: None) -> None:
    documents = copy.deepcopy(in_force()[:4])
    documents[0]["charges_fee"] = "no"  # shape
    documents[1]["legal_bases"] = []  # C-02, L-01
    documents[2]["implementing_org"] = "11990100MB0000000X"  # no such organ
    outcome = bring([*documents, documents[3], "what"])
    assert counts(outcome) == (1, 0, 0, 5)
    table = list(csv.reader(io.StringIO(rejects.write(outcome.rejects).decode("utf-8-sig"))))
    assert table[0] == list(rejects.HEAD)
    assert {row[0] for row in table[1:]} == {"1", "2", "3", "5", "6"}
    assert [row[5] for row in table if row[0] == "1"] == ["charges_fee"]
    assert "C-02" in {row[3] for row in table if row[0] == "2"}
    assert all(row[6] for row in table[1:])  # each says what to do
    assert Item.objects.count() == ItemVersion.objects.count() == 1


def test_the_reject_file_holds_no_formula() -> None:
    (line,) = list(
        csv.reader(io.StringIO(rejects.write([rejects.Reject(1, "=cmd|'x'!A1", "@x", (), "-cmd")]).decode("utf-8-sig")))
    )[1:]
    assert [cell[:1] for cell in (line[1], line[2], line[6])] == ["'", "'", "'"]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("x.json", b"", "bad_json"),
        ("x.json", b'[{"name": "x",}]', "bad_json"),
        ("x.json", "名称".encode("gb18030"), "not_utf8"),
        ("x.json", b"3", "not_item_list"),
        ("x.json", b'{"a": 1}', "not_item_list"),
        ("x.json", b"[1]", "not_group"),
        ("x.json", b"[" * 100_000, "not_item_list"),
        ("x.xlsx", b"PK nonsense", "not_a_sheet"),
        ("x.xlsx", b"", "not_a_sheet"),
    ],
)
def test_a_file_that_cannot_be_read_says_so(name: str, data: bytes, code: str) -> None:
    (row,) = read_file(name, data)
    assert [problem.code for problem in row.problems] == [code]


def test_lines_without_their_item_and_unknown_columns_are_named() -> None:
    data = item_sheets.write([prepaid_card()])
    lost = edited(data, "申请材料", "item_code", "NOBODY")
    (fault,) = [row for row in read_file("x.xlsx", lost) if row.problems]
    assert (fault.line, fault.problems[0].code) == (3, "row_without_item")
    book = load_workbook(io.BytesIO(data))
    book["申请材料"].cell(2, 4).value = "names"
    out = io.BytesIO()
    book.save(out)
    assert "unknown_column" in {p.code for row in read_file("x.xlsx", out.getvalue()) for p in row.problems}


def test_a_stopped_import_goes_on(organs: None) -> None:
    rows = read_file("x.json", export_json(in_force()))

    def stop(done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_rows([*rows, *_many(60)], Target.DRAFT, by=IMPORT, at=AT, progress=stop)
    begun = Item.objects.count()
    assert begun == 50
    outcome = import_rows([*rows, *_many(60)], Target.DRAFT, by=IMPORT, at=AT)
    assert counts(outcome) == (len(rows) + 60 - begun, 0, begun, 0)


def _many(count: int) -> list[Row]:
    organ = prepaid_card()["implementing_org"]
    return [Row(n, {"item_code": f"M-{n}", "name": f"事项{n}", "implementing_org": organ}) for n in range(count)]


# --- the public list --------------------------------------------------------------------------------------------


def test_the_shipped_base_entries_are_listed_and_closed(organs: None) -> None:
    rows = read_file("base.json", gzip.decompress(BASE.read_bytes()))
    assert len(rows) == 1135
    bring([prepaid_card()])
    some = [*rows[:40], *(row for row in rows if row.raw["name"] == prepaid_card()["name"])]
    outcome = import_rows(some, Target.LISTED, by=IMPORT, at=AT)
    assert (outcome.taken, outcome.covered, outcome.refused) == (40, 1, 0)
    item = queries.item_for(rows[0].raw["item_code"])
    assert (item.status, item.takes_applications) == ("listed", False)
    assert item in queries.find(item.name).items
    assert queries.shown_item(item.item_code)[1]["origin"]["licence"].startswith("Apache-2.0")


def test_a_public_list_is_mapped_onto_our_organs() -> None:
    entry = {
        "department": "区经信局", "main_item": "未分类", "name": "企业投资项目备案",
        "item_code": "511Z07001006-511602000000-000-11511301008778183N-1-00", "task_type": "1",
        "area": "511602000000", "dept_code": "x", "link": "http://example.cn/1",
    }  # fmt: skip
    organ_map = organ_map_from(CITY.read_bytes())
    (row,) = read_file("x.json", json.dumps([entry]).encode(), organ_map)
    assert row.problems == ()
    assert (row.raw["item_type"], row.raw["external_code"]) == ("01", entry["item_code"])
    assert row.raw["item_code"] == f"511Z07001006-{organ_map['区经信局']}-1-00"
    assert organ_map_from(b'{"a": "b"}') == {"a": "b"}
    (row,) = read_file("x.json", json.dumps([entry]).encode(), {})
    assert [p.code for p in row.problems] == ["organ_unmapped"]


# --- the commands -----------------------------------------------------------------------------------------------


def test_the_commands_take_refuse_and_give_back(organs: None, tmp_path: Path, capsys: Any) -> None:
    out, listed = tmp_path / "out.xlsx", tmp_path / "rejects.csv"
    shuffled = [*in_force(), *(d for d in demo_documents() if d["effective_to"])]
    random.Random(1).shuffle(shuffled)
    source = tmp_path / "in.json"
    source.write_bytes(export_json(shuffled))
    with pytest.raises(CommandError) as refused:
        call_command("import_items", source, "--as", "published", "--rejects", listed)
    assert refused.value.returncode == 2  # six historic items have ended
    assert len({line.split(",")[0] for line in listed.read_text("utf-8-sig").splitlines()[1:]}) == 6
    call_command("export_items", out, "--published")
    call_command("import_items", out, "--as", "published")
    shown = capsys.readouterr().out
    assert (
        f"unchanged {len(in_force())}".split()
        == next(line for line in shown.splitlines()[::-1] if "unchanged" in line).split()[1:]
    )
    call_command("check_items")
    with pytest.raises(CommandError) as faulty:
        call_command("check_items", source)
    assert faulty.value.returncode == 2
    assert "C-10" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("export_items", tmp_path / "out.csv")
    with pytest.raises(CommandError):
        call_command("import_items", tmp_path / "missing.json")
