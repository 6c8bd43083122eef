"""The public log under /log/: files as C2SP tlog-tiles lays them out, and a page that tells a stranger what to do with them."""

import re

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from zhengtong.base.files.names import content_disposition
from zhengtong.base.seal import keys, tree
from zhengtong.base.seal.queries import state
from zhengtong.exchange.evidence_pack import VERIFIER

# tile/<level>/<index>[.p/<width>], tile/entries/<index>[.p/<width>]: nothing else is a path of ours.
TILE = re.compile(r"(?:[0-9]|[1-5][0-9]|6[0-3]|entries)/(?:x[0-9]{3}/){0,6}[0-9]{3}(?:\.p/[1-9][0-9]{0,2})?")
KEY_ID = re.compile(r"[0-9a-f]{8}")
FOR_EVER = "public, max-age=31536000, immutable"  # a tile is written once
FRESH = "public, max-age=5"  # "headers SHOULD prevent caching beyond a few seconds" (tlog-tiles)


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    context = {
        "state": state(),
        "keys": [(keys.verifier(row), row) for row in reversed(keys.public_keys())],
        "note": tree.published(),
        "address": f"{settings.PUBLIC_URL}/log",
    }
    return render(request, "portal/log.html", context)


@require_safe
def checkpoint(request: HttpRequest) -> HttpResponseBase:
    note = tree.published()
    if note is None:
        raise Http404
    return _open(HttpResponse(note, content_type="text/plain; charset=utf-8"), FRESH)


@require_safe
def public_keys(request: HttpRequest) -> HttpResponseBase:
    return _open(HttpResponse(keys.listing(), content_type="text/plain; charset=utf-8"), FRESH)


@require_safe
def handover(request: HttpRequest, identity: str) -> HttpResponseBase:
    """The checkpoint in which a key was named by the one before it."""
    note = tree.handover(identity) if KEY_ID.fullmatch(identity) else None
    if note is None:
        raise Http404
    return _open(HttpResponse(note, content_type="text/plain; charset=utf-8"), FOR_EVER)


@require_safe
def tile(request: HttpRequest, path: str) -> HttpResponseBase:
    if not TILE.fullmatch(path):
        raise Http404
    try:
        file = (tree.folder() / "tile" / path).open("rb")
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as fault:
        raise Http404 from fault
    return _open(FileResponse(file, content_type="application/octet-stream"), FOR_EVER)


@require_safe
def verifier(request: HttpRequest) -> HttpResponseBase:
    """The program alone, for who does not trust the one in the pack."""
    response = HttpResponse(VERIFIER.read_bytes(), content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = content_disposition(VERIFIER.name)
    return _open(response, FRESH)


def _open(response: HttpResponseBase, kept: str) -> HttpResponseBase:
    response["Cache-Control"] = kept
    response["Access-Control-Allow-Origin"] = "*"  # anyone's page may read what anyone may read
    return response
