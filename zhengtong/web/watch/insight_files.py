"""The logs a supervisor takes away from the insight page, streamed; whose they are is asked as on the page."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.http import FileResponse, Http404, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from zhengtong.exchange import ocel, xes_export
from zhengtong.exchange.log_export import FORMATS, Names, Told, told
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.watch.insight_asked import READ, SEE, asked_of

_TYPES = {"ocel-json": "application/json", "ocel-sqlite": "application/vnd.sqlite3", "xes": "application/xml"}


@desk(SEE, READ)
@require_safe
def export(request: ActingRequest, form: str) -> HttpResponseBase:
    if form not in FORMATS:
        raise Http404
    asked = asked_of(request)
    names = Names()
    log = told(asked.scope, names)
    name = f"event-log-{timezone.localdate():%Y%m%d}{FORMATS[form]}"
    if form == "ocel-sqlite":
        return FileResponse(_sqlite(log), as_attachment=True, filename=name, content_type=_TYPES[form])
    pieces = ocel.json_pieces(log) if form == "ocel-json" else xes_export.pieces(log, names)
    response = StreamingHttpResponse(_gathered(pieces), content_type=_TYPES[form])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _sqlite(log: Iterator[Told]) -> "tempfile._TemporaryFileWrapper[bytes]":
    """A database wants a real file; it is gone when the answer has been sent."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.sqlite"
        ocel.write_sqlite(log, path)
        kept = tempfile.NamedTemporaryFile()  # noqa: SIM115  (FileResponse closes it)
        with path.open("rb") as whole:
            while piece := whole.read(1 << 20):
                kept.write(piece)
    kept.seek(0)
    return kept


def _gathered(pieces: Iterator[str], size: int = 65_536) -> Iterator[str]:
    """Fewer, larger pieces: every one is a write to the network."""
    waiting: list[str] = []
    length = 0
    for piece in pieces:
        waiting.append(piece)
        length += len(piece)
        if length >= size:
            yield "".join(waiting)
            waiting, length = [], 0
    yield "".join(waiting)
