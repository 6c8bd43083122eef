"""Compiles the messages: every django.po of the product to the django.mo beside it.

Written in Python so that neither a fresh machine nor a test needs the gettext programs.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[2]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def catalogues(root: Path = ROOT) -> Iterator[Path]:
    return iter(sorted(root.rglob("locale/*/LC_MESSAGES/*.po")))


def compile_all(root: Path = ROOT) -> list[Path]:
    """Compiles those whose source is newer; answers with the files written."""
    written = []
    for source in catalogues(root):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        # Written aside, then moved: a server that is reading never sees half a file.
        draft = target.with_suffix(".mo.new")
        polib.pofile(str(source), encoding="utf-8").save_as_mofile(str(draft))
        draft.replace(target)
        written.append(target)
    return written


def faults(source: Path) -> Iterator[str]:
    """What a reader of the other language would stumble over: an empty sentence, a lost or invented placeholder."""
    seen: set[tuple[str | None, str]] = set()
    for entry in polib.pofile(str(source), encoding="utf-8"):
        if entry.obsolete:
            continue
        key = (entry.msgctxt, entry.msgid)
        if key in seen:
            yield f"twice: {entry.msgid!r}"
        seen.add(key)
        if entry.fuzzy or not entry.translated():
            yield f"not translated: {entry.msgid!r}"
        for translation in [entry.msgstr, *entry.msgstr_plural.values()]:
            if translation and not entry.msgid_plural and _holes(translation) != _holes(entry.msgid):
                yield f"other placeholders than its source: {entry.msgid!r} → {translation!r}"


def quarrels(root: Path = ROOT) -> list[str]:
    """Words that two catalogues put into different English: a page shows only one of them, and not always its own."""
    said: dict[tuple[str | None, str], tuple[str, str]] = {}
    found = []
    for path in catalogues(root):
        for entry in polib.pofile(str(path), encoding="utf-8"):
            if entry.obsolete:
                continue
            english = entry.msgstr or str(entry.msgstr_plural)
            first, where = said.setdefault((entry.msgctxt, entry.msgid), (english, path.parents[3].name))
            if first != english:
                found.append(
                    f"{entry.msgid!r}: {first!r} in {where}, {english!r} in {path.parents[3].name}; give one a context"
                )
    return found


def _holes(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def main(words: list[str]) -> int:
    if "--check" in words:
        found = [f"{path.relative_to(ROOT.parent)}: {fault}" for path in catalogues() for fault in faults(path)]
        found += quarrels()
        sys.stdout.writelines(f"{line}\n" for line in found)
        return 1 if found else 0
    sys.stdout.writelines(f"{path.relative_to(ROOT.parent)}\n" for path in compile_all())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
