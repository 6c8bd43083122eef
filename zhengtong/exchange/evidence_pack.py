"""An evidence pack as a file for people: what was recorded, what proves it, and the program that checks it."""

import io
import json
import zipfile
from collections.abc import Collection
from pathlib import Path

from zhengtong.base.seal.pack import evidence
from zhengtong.rules.kinds import PUBLIC_KINDS

FOLDER = Path(__file__).resolve().parent
VERIFIER = FOLDER / "verify_evidence.py"
README = FOLDER / "data" / "evidence-readme.md"
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same evidence makes the same file
PUBLIC = frozenset(kind.value for kind in PUBLIC_KINDS)


def evidence_zip(number: str, *, whole: bool) -> bytes:
    """A case's evidence; `whole` shows the inner acts too, else they are links without content."""
    shown: Collection[str] | None = None if whole else PUBLIC
    pack = evidence("case", number, shown=shown)
    words = README.read_text(encoding="utf-8").replace("{subject}", number).replace("{log}", pack["log"])
    files = {
        "README.md": words,
        "evidence.json": json.dumps(pack, ensure_ascii=False, indent=1),
        "checkpoint": pack["checkpoint"],
        VERIFIER.name: VERIFIER.read_text(encoding="utf-8"),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            inside = zipfile.ZipInfo(f"evidence-{number}/{name}", LONG_AGO)
            inside.compress_type, inside.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(inside, content)
    return packed.getvalue()
