"""Where the bytes lie: FILES_DIR/ab/cd/<sha256>. A file is there whole or not at all."""

import contextlib
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, ProtectedError

from zhengtong.base.files.inspect import inspected
from zhengtong.base.files.models import StoredFile
from zhengtong.base.files.names import safe_name
from zhengtong.base.parameters.queries import value
from zhengtong.rules.clock import local_date
from zhengtong.rules.refusal import Refusal, RefusalCode

_PIECE = 256 * 1024
_SHA256 = re.compile(r"[0-9a-f]{64}")
GRACE = timedelta(days=2)  # an upload waits for its form no longer than this


class Readable(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


def upload_limit(at: datetime) -> int:
    """Bytes one file may have on that day (parameter "upload.bytes")."""
    return int(value("upload.bytes", local_date(at)))


def store(stream: Readable, name: str, *, at: datetime, limit: int | None = None) -> StoredFile:
    """Keeps what the stream gives, once; sent again, the same row comes back.

    Refuses what is too large as soon as it is, and what is not what its name says. The caller keeps the name.
    """
    most = upload_limit(at) if limit is None else limit
    with _incoming(settings.FILES_DIR) as (file, path):
        sha256, size = _copied(stream, file, most)
        kind = inspected(path, safe_name(name))
        return _kept(path, sha256, size, kind.media_type, at)


def store_own(content: bytes, media_type: str, *, at: datetime) -> StoredFile:
    """Keeps bytes that the house itself made (a rendered paper); they need no suspicion."""
    with _incoming(settings.FILES_DIR) as (file, path):
        file.write(content)
        return _kept(path, hashlib.sha256(content).hexdigest(), len(content), media_type, at, file)


def open_file(sha256: str) -> BinaryIO:
    """The bytes of a stored file. Permission is the caller's: whoever has the row was given it by a query."""
    return path_of(sha256).open("rb")


def path_of(sha256: str) -> Path:
    if not _SHA256.fullmatch(sha256):
        raise ValueError(f"not a SHA-256: {sha256[:80]!r}")
    return Path(settings.FILES_DIR) / sha256[:2] / sha256[2:4] / sha256


def collect_orphans(*, at: datetime, grace: timedelta = GRACE) -> int:
    """Removes files that nothing refers to and that are older than `grace`. Returns how many."""
    return _unreferenced_rows(at - grace) + _files_without_row(at - grace)


@contextlib.contextmanager
def _incoming(folder: Path) -> Iterator[tuple[BinaryIO, Path]]:
    """A file that vanishes unless it is renamed. It lies on the same disk, so that the rename is atomic."""
    waiting = Path(folder) / "incoming"
    waiting.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=waiting)
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file, path
    finally:
        path.unlink(missing_ok=True)


def _copied(stream: Readable, file: BinaryIO, most: int) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while piece := stream.read(_PIECE):
        size += len(piece)
        if size > most:
            raise Refusal(RefusalCode.FILE_TOO_LARGE, most=f"{most / 1024 / 1024:g}")
        digest.update(piece)
        file.write(piece)
    file.flush()
    return digest.hexdigest(), size


def _kept(
    path: Path, sha256: str, size: int, media_type: str, at: datetime, file: BinaryIO | None = None
) -> StoredFile:
    if file is not None:
        file.flush()
    with path.open("rb") as written:
        os.fsync(written.fileno())
    # The row comes before the rename: it is the lock that keeps the orphan sweep away from this hash.
    with transaction.atomic():
        row, created = StoredFile.objects.get_or_create(
            sha256=sha256, defaults={"size": size, "media_type": media_type, "created_at": at}
        )
        if not created:
            StoredFile.objects.filter(pk=row.pk, created_at__lt=at).update(created_at=at)
        place = path_of(sha256)
        place.parent.mkdir(parents=True, exist_ok=True)
        path.replace(place)  # also mends a file that was damaged on disk
        _sync_folder(place.parent)
    return row


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unreferenced_rows(before: datetime) -> int:
    rows = StoredFile.objects.filter(created_at__lt=before)
    for relation in StoredFile._meta.related_objects:
        uses = relation.related_model._default_manager.filter(**{relation.field.name: OuterRef("pk")})
        rows = rows.filter(~Exists(uses))
    removed = 0
    for row in rows.iterator(chunk_size=500):
        # Whoever took the file up since the question was asked keeps it: the foreign keys protect it.
        with contextlib.suppress(ProtectedError), transaction.atomic():
            if StoredFile.objects.filter(pk=row.pk, created_at__lt=before).delete()[0]:
                path_of(row.sha256).unlink(missing_ok=True)
                removed += 1
    return removed


def _files_without_row(before: datetime) -> int:
    """Left by a step that was rolled back after the rename, or by a crash while receiving."""
    removed = 0
    for path in Path(settings.FILES_DIR).glob("??/??/*"):
        if path.stat().st_mtime >= before.timestamp() or not _SHA256.fullmatch(path.name):
            continue
        with transaction.atomic():
            # Taking the row for a moment keeps an upload of the same content from arriving in between.
            row, created = StoredFile.objects.get_or_create(
                sha256=path.name, defaults={"size": 0, "media_type": "", "created_at": before}
            )
            if created:
                path.unlink(missing_ok=True)
                row.delete()
                removed += 1
    for path in (Path(settings.FILES_DIR) / "incoming").glob("*"):
        if path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
            removed += 1
    return removed
