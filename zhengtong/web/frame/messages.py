"""Compiles the messages: every django.po of the product to the django.mo beside it.

Written in Python so that neither a fresh machine nor a test needs the gettext programs.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[2]


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
        polib.pofile(str(source), encoding="utf-8", check_for_duplicates=True).save_as_mofile(str(draft))
        draft.replace(target)
        written.append(target)
    return written


if __name__ == "__main__":
    for path in compile_all():
        sys.stdout.write(f"{path.relative_to(ROOT)}\n")
