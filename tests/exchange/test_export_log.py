"""Event logs that leave the house: valid by their published forms, the same cases and acts in each, and no applicant."""

import json
import re
import sqlite3
import tomllib
from collections import Counter
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
from django.core.management import CommandError, call_command

from tests import odd_logs, people, plain_log
from zhengtong.domains.insight import queries
from zhengtong.domains.insight.queries import Scope
from zhengtong.domains.registry.models import Officer, Organ, Region
from zhengtong.exchange import ocel
from zhengtong.exchange.log_export import EVENT_ATTRIBUTES, OBJECT_ATTRIBUTES, Names, activity_name, told
from zhengtong.exchange.log_import import import_log
from zhengtong.exchange.log_map import LogMap

pytestmark = pytest.mark.django_db
SCHEMA = json.loads((Path(__file__).parents[1] / "data" / "ocel20-schema-json.json").read_text())
DONE = {"lifecycle:transition": "complete"}
UTC_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


@pytest.fixture(autouse=True)
def _forget():
    queries.forget()


@pytest.fixture
def cast():
    """A case handled to its end, one in the applicant's hands, and a small imported log with odd words."""
    found = people.cast()
    people.decided(found, 1)
    people.accepted(found, 2)
    return found


@pytest.fixture
def imported(db, tmp_path):
    region = Region.objects.create(code="990199", name="云泽市", level=3)
    Organ.objects.create(code="11990100MB0096938P", name="云泽市生态环境局", short_name="云环", region=region)
    at = odd_logs.BEGIN
    acts = [
        {"concept:name": name, "org:resource": person, "time:timestamp": at + step * odd_logs.STEP, **DONE}
        for step, (name, person) in enumerate(
            [("收件登记", "Li"), ('V "sign"', "赵"), ("P2 <draft>", "Li"), ("P2 <draft>", "Wu")]
        )
    ]
    log = [
        {"concept:name": "K-1", "startdate": at, "enddate": at + 9 * odd_logs.STEP, "deadline": at, "events": acts},
        {"concept:name": "K-2", "startdate": at, "events": acts[:1]},
        {"concept:name": "K-3", "startdate": at, "events": []},
    ]
    path = tmp_path / "log.xes"
    path.write_text(odd_logs.xes_text(log), encoding="utf-8")
    import_log(path, LogMap(tomllib.loads(odd_logs.map_text("T-OUT"))), at=people.AT)
    return path


def export(tmp_path, kind, *more):
    path = tmp_path / f"out.{kind}"
    call_command("export_log", str(path), "--format", kind, *more)
    return path


def traces():
    return [one.trace for one in queries.told_cases(Scope())]


def test_ocel_json_is_valid_by_its_published_schema(cast, imported, tmp_path):
    log = json.loads(export(tmp_path, "ocel-json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    assert list(jsonschema.Draft7Validator(SCHEMA).iter_errors(log)) == []
    ids = [one["id"] for one in [*log["objects"], *log["events"]]]
    assert len(ids) == len(set(ids))
    objects = {one["id"] for one in log["objects"]}
    links = [r["objectId"] for one in [*log["objects"], *log["events"]] for r in one["relationships"]]
    assert set(links) <= objects  # nothing points into the void
    assert objects <= set(links) | {case.number for case in traces()}
    declared = {
        one["name"]: {a["name"] for a in one["attributes"]} for one in [*log["objectTypes"], *log["eventTypes"]]
    }
    for one in [*log["objects"], *log["events"]]:
        assert {a["name"] for a in one["attributes"]} <= declared[one["type"]]
    assert {t["type"] for ts in log["eventTypes"] for t in ts["attributes"]} <= {"string", "time"}
    times = [e["time"] for e in log["events"]] + [a["time"] for o in log["objects"] for a in o["attributes"]]
    assert all(UTC_TIME.fullmatch(time) for time in times)


def test_all_three_forms_tell_the_same_cases_and_acts(cast, imported, tmp_path):
    ours = {
        trace.number: [(activity_name(act), act.at) for act in trace.acts] for trace in traces()
    }  # fmt: skip
    assert min(map(len, ours.values())) == 0  # a case nobody touched leaves too

    log = json.loads(export(tmp_path, "ocel-json").read_text(encoding="utf-8"))
    found = {one["id"]: [] for one in log["objects"] if one["type"] == "case"}
    for event in log["events"]:
        (number,) = [r["objectId"] for r in event["relationships"] if r["qualifier"] == "case"]
        found[number].append((event["type"], datetime.fromisoformat(event["time"])))
    assert found == ours

    found = {}
    for trace in ElementTree.parse(export(tmp_path, "xes")).getroot().iterfind("{*}trace"):
        told_of = {child.get("key"): child.get("value") for child in trace}
        events = [{c.get("key"): c.get("value") for c in event} for event in trace.iterfind("{*}event")]
        assert all(event["lifecycle:transition"] == "complete" for event in events)
        found[told_of["concept:name"]] = [
            (event["concept:name"], datetime.fromisoformat(event["time:timestamp"])) for event in events
        ]
    assert found == ours

    base = sqlite3.connect(export(tmp_path, "ocel-sqlite"))
    found = {number: [] for (number,) in base.execute("SELECT ocel_id FROM object WHERE ocel_type = 'case'")}
    for kind, table in base.execute("SELECT ocel_type, ocel_type_map FROM event_map_type").fetchall():
        rows = base.execute(
            f'SELECT ocel_object_id, ocel_time FROM "event_{table}" e JOIN event_object ON ocel_event_id = e.ocel_id'
            " WHERE ocel_qualifier = 'case'"
        )
        for number, time in rows:
            found[number].append((kind, datetime.fromisoformat(time)))
    assert {number: Counter(acts) for number, acts in found.items()} == {n: Counter(acts) for n, acts in ours.items()}
    base.close()


def test_ocel_sqlite_has_the_tables_of_the_specification(cast, imported, tmp_path):
    base = sqlite3.connect(export(tmp_path, "ocel-sqlite"))
    assert base.execute("PRAGMA foreign_key_check").fetchall() == []
    tables = {name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    fixed = {"event", "object", "event_object", "object_object", "event_map_type", "object_map_type"}
    assert fixed <= tables
    own = set()
    for side, columns in (
        ("event", {"ocel_id", "ocel_time"}),
        ("object", {"ocel_id", "ocel_time", "ocel_changed_field"}),
    ):
        for kind, table in base.execute(f"SELECT ocel_type, ocel_type_map FROM {side}_map_type"):
            own.add(f"{side}_{table}")
            found = {row[1] for row in base.execute(f'PRAGMA table_info("{side}_{table}")')}
            attributes = EVENT_ATTRIBUTES if side == "event" else OBJECT_ATTRIBUTES[kind]
            assert found == columns | {name for name, _ in attributes}
    assert tables == fixed | own
    (case_table,) = base.execute("SELECT ocel_type_map FROM object_map_type WHERE ocel_type = 'case'").fetchone()
    stages = base.execute(f"SELECT stage FROM \"object_{case_table}\" WHERE ocel_changed_field = 'stage'").fetchall()
    assert len(stages) > 5
    assert {stage for (stage,) in stages} <= set(plain_log.STAGES)
    base.close()


def test_no_applicant_and_no_word_of_anybody_leaves_the_house(cast, imported, tmp_path):
    secrets = [
        cast.citizen.name, cast.person.name, cast.person.id_number, cast.enterprise.name, cast.enterprise.uscc,
        cast.citizen.phone, *Officer.objects.values_list("name", flat=True), *Officer.objects.values_list("staff_no", flat=True),
    ]  # fmt: skip
    for kind in ("ocel-json", "ocel-sqlite", "xes"):
        text = export(tmp_path, kind).read_bytes().decode("utf-8", errors="ignore")
        assert [one for one in secrets if len(one) > 2 and one in text] == [], kind
        assert "opinion" not in text
    log = json.loads(export(tmp_path, "ocel-json").read_text(encoding="utf-8"))
    kinds = Counter(one["type"] for one in log["objects"])
    assert kinds["application"] == 2
    assert kinds["enterprise"] >= 1
    assert "person" not in kinds


def test_staff_numbers_only_when_asked_for(cast, imported, tmp_path):
    text = export(tmp_path, "xes", "--staff-numbers").read_text(encoding="utf-8")
    assert "officer-T-OUT-Li" in text
    assert "officer-T-OUT-Li" not in export(tmp_path, "xes").read_text(encoding="utf-8")


def test_the_same_officer_and_enterprise_go_by_the_same_name_in_every_file(cast, imported, tmp_path):
    def known(text):
        return set(re.findall(r"officer-[0-9a-f]{16}", text))

    first = known(export(tmp_path, "xes").read_text(encoding="utf-8"))
    assert first == known(export(tmp_path, "ocel-json").read_text(encoding="utf-8"))
    assert len(first) >= 4


def test_only_what_was_asked_for(cast, imported, tmp_path):
    def cases(*more):
        log = json.loads(export(tmp_path, "ocel-json", *more).read_text(encoding="utf-8"))
        return sum(1 for one in log["objects"] if one["type"] == "case")

    assert cases() == 5
    assert cases("--item", "T-OUT") == 3
    assert cases("--organ", cast.organ.code) == 2
    assert cases("--since", "2020-01-01") == 2
    assert cases("--until", "2020-01-01") == 3
    with pytest.raises(CommandError, match="There is no item X"):
        cases("--item", "X")
    with pytest.raises(CommandError, match="There is no organ X"):
        cases("--organ", "X")


def test_a_file_that_cannot_be_written_leaves_nothing(cast, tmp_path):
    with pytest.raises(CommandError):
        call_command("export_log", str(tmp_path / "no" / "such.xes"), "--format", "xes")
    assert list(tmp_path.iterdir()) == []


def test_an_exported_log_imported_again_tells_the_same(imported, tmp_path):
    """Our XES is read by our own importer: what goes out can come back."""
    path = export(tmp_path, "xes", "--item", "T-OUT", "--staff-numbers")
    raw = tomllib.loads(odd_logs.map_text("T-BACK"))
    raw["xes"] |= {"start": "start", "end": "end"}
    assert dict(import_log(path, LogMap(raw), at=people.AT).counts) == {"taken": 3}
    told_twice = [
        [(act.activity, act.stage, act.at) for act in one.acts] + [one.started_at, one.ended_at, one.due_at]
        for one in traces()
    ]
    assert told_twice[:3] == told_twice[3:]


def test_json_is_written_as_it_is_read(imported):
    """The first event leaves before the second case is looked at."""
    seen = []

    def watched():
        for one in told(Scope(), Names()):
            seen.append(one.case.id)
            yield one

    pieces = ocel.json_pieces(watched())
    next(piece for piece in pieces if '"id"' in piece)
    assert len(seen) == 1
