"""pm4py reads what we export and finds what we say. `make pm4py` makes its own environment: AGPL stays out of ours."""

import json
import os
import subprocess
import tomllib
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests import odd_logs, people
from tests.exchange.test_import_log import RECEIPT
from zhengtong.domains.catalogue.models import Item
from zhengtong.domains.insight import queries
from zhengtong.domains.insight.queries import Scope
from zhengtong.domains.registry.models import Organ, Region
from zhengtong.exchange.log_export import Names, activity_name
from zhengtong.exchange.log_import import import_log
from zhengtong.exchange.log_map import LogMap, read_map
from zhengtong.flows import accept, decide, forward
from zhengtong.rules import process_map, process_map_people, process_map_variants
from zhengtong.rules.process_map_log import TracedAct

PYTHON = os.environ.get("ZHENGTONG_PM4PY", "")
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not PYTHON, reason="make pm4py"),
]
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
numbers = count(1)


@pytest.fixture(autouse=True)
def _forget():
    queries.forget()


@pytest.fixture
def organ(db):
    region = Region.objects.create(code="990199", name="云泽市", level=3)
    return Organ.objects.create(code="11990100MB0096938P", name="云泽市生态环境局", short_name="云环", region=region)


def exported(folder, *more):
    """The three forms of one log."""
    folder.mkdir(exist_ok=True)
    paths = []
    for kind, ending in (("xes", "xes"), ("ocel-json", "json"), ("ocel-sqlite", "sqlite")):
        paths.append(folder / f"log.{ending}")
        call_command("export_log", str(paths[-1]), "--format", kind, *more)
    return paths


def pm4py(*paths):
    script = Path(__file__).with_name("figures.py")
    done = subprocess.run([PYTHON, str(script), *map(str, paths)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def said(activity):
    return activity_name(TracedAct(activity.stage, activity.name, "", NOW, None))


def check(read, paths, found):
    """What pm4py found in each form is what the insight page says."""
    log, names = read.log, Names()
    drawn = process_map.process_map(log, "activity")
    ours = {
        "cases": sum(1 for case in log if case.codes),
        "acts": log.acts,
        "activities": {said(node.activity): node.count for node in drawn.nodes},
        "ways": sorted([said(e.source), said(e.target), e.count] for e in drawn.edges),
        "starts": {said(node.activity): node.starts for node in drawn.nodes if node.starts},
        "ends": {said(node.activity): node.ends for node in drawn.nodes if node.ends},
    }
    variants = {tuple(map(said, v.path)): v.cases for v in process_map_variants.variants(log, "activity") if v.path}
    seconds = {(said(e.source), said(e.target)): (e.time.total / 1e6, e.time.median / 1e6) for e in drawn.edges}
    ties = any(len(set(case.times)) < len(case.times) for case in log)
    for path in paths:
        theirs = found[str(path)]
        if ties and path.suffix == ".sqlite":  # tables have no order: acts of one instant come in any
            assert {name: theirs[name] for name in ("cases", "acts", "activities")}.items() <= ours.items()
            continue
        assert {name: theirs[name] for name in ours} == ours, path.suffix
        assert {tuple(steps): number for steps, number in theirs["variants"]} == variants
        assert {(one, after): (total, median) for one, after, total, median in theirs["seconds"]} == {
            way: (pytest.approx(total), pytest.approx(median)) for way, (total, median) in seconds.items()
        }
    theirs = found[str(paths[0])]["hands"]
    hands = process_map_people.hand_overs(log)
    changed = {(names.officer(h.giver), names.officer(h.taker)): h.count for h in hands.rows}
    # pm4py gives each pair its share of all pairs, those of one person with themselves among them.
    counted = {(one, after): share * (hands.given + hands.kept) for one, after, share in theirs if one != after}
    assert counted == {way: pytest.approx(number) for way, number in changed.items()}


@pytest.mark.slow
def test_the_receipt_log(organ, tmp_path):
    import_log(RECEIPT, read_map("receipt"), at=NOW)
    paths = exported(tmp_path / "receipt")
    found = pm4py(*paths)
    check(queries.read(Scope()), paths, found)
    for path in paths[1:]:
        assert found[str(path)]["objects"] == {"case": 1434, "officer": 48, "item": 1, "organ": 1}
        assert found[str(path)]["events"] == 8577


@given(logs=st.lists(odd_logs.logs(most=20), min_size=6, max_size=6))
@settings(
    max_examples=1, derandomize=True, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
def test_logs_not_seen_before(logs, organ, tmp_path):
    done = []
    for log in logs:
        code = f"P-{next(numbers)}"
        path = tmp_path / f"{code}.xes"
        path.write_text(odd_logs.xes_text(log), encoding="utf-8")
        import_log(path, LogMap(tomllib.loads(odd_logs.map_text(code))), at=NOW)
        item = Item.objects.filter(item_code=code).first()
        read = queries.read(Scope(item_id=item.pk)) if item else None
        if read and process_map.process_map(read.log, "activity").edges:
            done.append((read, exported(tmp_path / code, "--item", code)))
    found = pm4py(*(path for _, paths in done for path in paths))
    for read, paths in done:
        check(read, paths, found)


def handled(cast, number, steps):
    """A case through the real flows, a different time each; OCEL in SQLite has no order for what falls on one instant."""
    case = people.submitted(cast, number)
    accept.accept(case.number, seen=None, by=cast.acting("张敏"), at=people.AT + timedelta(hours=number))
    for hour in range(1, steps + 1):
        case.refresh_from_db()
        holder = next(name for name, officer in cast.officers.items() if officer.pk == case.holder_id)
        at = people.AT + timedelta(hours=number + hour, minutes=number)
        if case.stage == "APPROVE":
            decide.decide(case.number, grants=True, opinion="准予备案。", seen=None, by=cast.acting(holder), at=at)
        else:
            forward.forward(case.number, opinion="符合条件。", seen=None, by=cast.acting(holder), at=at)


def test_cases_handled_here(tmp_path):
    cast = people.cast()
    for number, steps in ((1, 3), (2, 3), (3, 2), (4, 0)):
        handled(cast, number, steps)
    paths = exported(tmp_path / "own")
    found = pm4py(*paths)
    check(queries.read(Scope()), paths, found)
    kinds = Counter(found[str(paths[1])]["objects"])
    assert (kinds["case"], kinds["application"], kinds["enterprise"]) == (4, 4, 1)
