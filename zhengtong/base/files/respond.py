from django.http import FileResponse

from zhengtong.base.files.models import StoredFile
from zhengtong.base.files.names import content_disposition
from zhengtong.base.files.store import open_file
from zhengtong.rules.file_kinds import BY_MEDIA_TYPE, PDF

# No browser shows a PDF inside a sandbox; its viewer runs nothing of ours, so shutting off every source is enough.
_POLICY_OF_PDF = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'self'"
_POLICY = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"


def respond(file: StoredFile, name: str, *, inline: bool = False) -> FileResponse:
    """Hands out a file somebody sent. The door must have fetched the row through a query that checked permission.

    Only PDF and pictures are ever shown in place; nothing is guessed, cached by others, or run.
    """
    kind = BY_MEDIA_TYPE.get(file.media_type)
    shown = inline and kind is not None and kind.shown
    response = FileResponse(
        open_file(file.sha256), content_type=kind.media_type if kind else "application/octet-stream"
    )
    response["Content-Disposition"] = content_disposition(name, inline=shown)
    response["Content-Length"] = str(file.size)
    response["Content-Security-Policy"] = _POLICY_OF_PDF if kind is PDF else _POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
