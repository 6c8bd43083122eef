import io
import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any

import segno
import typst

from zhengtong.base.papers.coverage import FONTS, printable

ROOT = Path(__file__).resolve().parents[2]  # the package: templates import `/base/papers/frame.typ`
# Written by typst as PDF/A-2a (archiving, DA/T 85) and PDF/UA-1 (screen readers). Typst refuses to write a file that
# breaks what it checks; the claim has not been put to veraPDF.
STANDARDS: list[Any] = ["a-2a", "ua-1"]

_BEIJING = timezone(timedelta(hours=8))
_UNDATED = date(2000, 1, 1)


def render(template: str, data: Mapping[str, Any]) -> bytes:
    """The PDF of a template, e.g. `domains/cases/papers/acceptance_notice.typ`, filled with `data`.

    The data travel as JSON beside the template and are never spliced into it, so no character in them is markup. The
    same data give the same bytes. `verify_url` in the data becomes a QR code, `issued_on` the date of the file.
    Raises ValueError for a template outside the house.
    """
    source = (ROOT / template).resolve()
    if not source.is_relative_to(ROOT) or source.suffix != ".typ" or not source.is_file():
        raise ValueError(f"no template {template!r}")
    content = {**_settable(data), "verify_qr": _qr(str(data["verify_url"])) if data.get("verify_url") else None}
    issued_on = date.fromisoformat(str(data["issued_on"])[:10]) if data.get("issued_on") else _UNDATED
    return typst.compile(
        str(source),
        root=str(ROOT),
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(content, ensure_ascii=False, sort_keys=True)},
        pdf_standards=STANDARDS,
        timestamp=datetime.combine(issued_on, time(12), _BEIJING),
    )


def _settable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {str(key): _settable(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_settable(one) for one in value]
    return value


def _qr(address: str) -> str:
    drawing = io.BytesIO()
    segno.make(address, error="m").save(drawing, kind="svg", xmldecl=False, border=2)
    return drawing.getvalue().decode()


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Only the fonts we ship: a paper must not change with the machine that prints it."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
