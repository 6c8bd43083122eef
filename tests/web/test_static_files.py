"""The files browsers are given carry the hash of their content in their names, and only those are kept."""

import re
from pathlib import Path

import zhengtong.web

IMPORT = re.compile(r"""^\s*(?:import|export)\b[^;]*?["'](\.[^"']+)["']""", re.MULTILINE)


def test_no_module_imports_another_by_a_name_without_its_hash() -> None:
    modules = sorted(Path(zhengtong.web.__path__[0]).glob("*/static/**/*.js"))
    assert modules
    assert [(path.name, name) for path in modules for name in IMPORT.findall(path.read_text(encoding="utf-8"))] == []
    assert IMPORT.findall('import { say } from "./voice.js";') == ["./voice.js"]
