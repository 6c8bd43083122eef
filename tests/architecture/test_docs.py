"""The documents speak of what exists: commands, files, pictures, settings, words. And they leave nothing of it out."""

import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

import pytest
from django.core.management import get_commands

from zhengtong.rules.kinds import Kind
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.procedure import Stage, State, Step
from zhengtong.rules.roles import Role

ROOT = Path(__file__).resolve().parents[2]
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md", ROOT / "CHANGELOG.md"]
DOCUMENTS = [*READMES, *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "zhengtong").rglob("README.md"))]
COMMANDS = get_commands()
OWN_COMMANDS = {name.replace("_", "-") for name, app in COMMANDS.items() if str(app).startswith("zhengtong.")}

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
COMMAND = re.compile(r"\bzhengtong (?!import )([a-z][a-z-]+)(?![\w./])")
MAKE = re.compile(r"\bmake ([a-z0-9-]+)")
# `flows/submit.py`, `docs/settings.md`, `config/`: a file or folder of ours, from the root or from the floor spoken of.
PATH = re.compile(
    r"(?<![\w./$-])((?:\.?[a-zA-Z_]\w*/)+(?:[\w-]+(?:\.(?:py|md|js|toml|json|csv|gz|txt|typ|in|po|html))+)?)(?![\w*{<])"
)
PLACES = [
    ROOT / place
    for place in (
        *("", "zhengtong", "zhengtong/web", "zhengtong/domains", "zhengtong/base", "tests"),
        *("zhengtong/domains/cases", "zhengtong/web/frame/templates", "zhengtong/web/portal"),
    )
]
# Made on a running machine, or a first part of an address.
NOT_KEPT = re.compile(r"(?:var|keys|files|log|static|mail|backup|safe-elsewhere|\.venv)/")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def code_in(path: Path) -> Iterator[str]:
    yield from CODE.findall(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_links_and_pictures_lead_somewhere(path: Path):
    targets = [t.split("#")[0] for t in LINK.findall(path.read_text(encoding="utf-8"))]
    missing = [t for t in targets if t and not re.match(r"[a-z]+:", t) and not (path.parent / t).exists()]
    assert not missing, "These do not exist: " + ", ".join(missing)


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_commands_named_exist(path: Path):
    named = {found for piece in code_in(path) for found in COMMAND.findall(piece)}
    unknown = sorted(word for word in named if word.replace("-", "_") not in COMMANDS and word != "help")
    assert not unknown, "There is no command " + ", ".join(unknown)


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_make_targets_named_exist(path: Path):
    targets = set(re.findall(r"^([a-z0-9-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {found for piece in code_in(path) for found in MAKE.findall(piece)}
    assert named <= targets, f"no target {named - targets}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_files_named_exist(path: Path):
    named = {found for piece in code_in(path) for found in PATH.findall(piece) if not NOT_KEPT.match(found)}
    missing = sorted(word for word in named if not any((place / word).exists() for place in (path.parent, *PLACES)))
    assert not missing, "Named, but not there: " + ", ".join(missing)


def test_every_command_of_ours_is_documented():
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    silent = sorted(name for name in OWN_COMMANDS if f"`zhengtong {name}" not in text)
    assert not silent, "docs/operations.md does not say what these do: " + ", ".join(silent)


def test_every_setting_is_documented():
    settings = (ROOT / "config" / "settings.py").read_text(encoding="utf-8")
    run = (ROOT / "zhengtong/web/frame/management/commands/run.py").read_text(encoding="utf-8")
    read = {f"ZHENGTONG_{name}" for name in re.findall(r'_env(?:_list|_flag)?\("([A-Z_]+)"', settings)}
    read |= set(re.findall(r'environ\.get\("(ZHENGTONG_[A-Z_]+)"', run))
    told = set(re.findall(r"`(ZHENGTONG_[A-Z_]+)`", (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")))
    assert read == told, f"not told: {sorted(read - told)}; not read: {sorted(told - read)}"


@pytest.mark.parametrize("word", [*State, *Step, *Stage, *Role, *DeadlineKind, *Kind], ids=repr)
def test_every_word_of_the_procedure_is_in_the_glossary(word: Enum):
    told = f"`{word.value}`" if isinstance(word, Kind) else f"`{type(word).__name__}.{word.name}`"
    lines = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    line = next((line for line in lines if line.startswith("|") and told in line), "")
    assert re.search(r"[一-鿿]", line), f"docs/glossary.md has no line for {told}"


def test_every_decision_is_listed():
    """A decision nobody can find will be taken again."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    lost = sorted(p.name for p in (ROOT / "docs" / "adr").glob("*.md") if f"adr/{p.name}" not in text)
    assert not lost, "docs/architecture.md does not link: " + ", ".join(lost)


def test_the_walked_feature_is_told_as_it_stands_in_the_code():
    text = (ROOT / "docs" / "how-to-add-a-feature.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    sources = [
        path.read_text(encoding="utf-8")
        for path in (ROOT / "zhengtong/domains/cases/actions/talk.py", ROOT / "zhengtong/flows/talk.py")
    ]
    assert blocks
    for block in blocks:
        assert any(block.strip() in source for source in sources), f"not in the code as told:\n{block}"
    for name in re.findall(r"`(test_\w+)`", text):
        assert any(f"def {name}(" in p.read_text(encoding="utf-8") for p in (ROOT / "tests").rglob("test_*.py")), name
