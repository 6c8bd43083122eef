"""Doors hold no query of their own: import-linter sees who imports a model, this sees who borrows one."""

import ast
from pathlib import Path

import pytest

import zhengtong

HOUSE = Path(zhengtong.__file__).parent
DOORS = [path for door in ("web", "exchange", "city") for path in sorted((HOUSE / door).rglob("*.py"))]
BELOW = [path for floor in ("rules", "base", "domains", "flows") for path in sorted((HOUSE / floor).rglob("*.py"))]
# Managers, and what only an ORM knows.
QUERY_WORDS = {"objects", "_default_manager", "_meta", "select_related", "prefetch_related", "get_or_create"}
CLOCKS = {("timezone", "now"), ("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("time", "time")}
# Who may read the clock below the doors: the worker, which is a door of its own, and the commands.
CLOCK_ALLOWED = {"management"}


def name_of(path: Path) -> str:
    return str(path.relative_to(HOUSE))


@pytest.mark.parametrize("path", DOORS, ids=name_of)
def test_door_asks_queries_and_never_a_table(path: Path):
    found = [
        f"{name_of(path)}:{node.lineno} .{node.attr}"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in QUERY_WORDS
    ]
    assert not found, "Move the question into the domain's queries.py: " + ", ".join(found)


@pytest.mark.parametrize("path", BELOW, ids=name_of)
def test_nothing_below_the_doors_asks_the_clock(path: Path):
    if CLOCK_ALLOWED & set(path.parts):
        return
    found = [
        f"{name_of(path)}:{node.lineno} {node.func.value.id}.{node.func.attr}()"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and (node.func.value.id, node.func.attr) in CLOCKS
    ]
    assert not found, "Take `at` as an argument: " + ", ".join(found)
