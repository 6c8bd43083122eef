from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from zhengtong.base.files.store import store
from zhengtong.rules.refusal import Refusal, RefusalCode

MOST_FILES = 10
Files = Sequence[UploadedFile]


def stored_all(files: Files, at: datetime) -> list[Any]:
    """[(stored file, name)] of a form. Too many are refused as a whole: none is dropped in silence."""
    if len(files) > MOST_FILES:
        raise Refusal(RefusalCode.FORM_TOO_MANY_ROWS, section="files", most=MOST_FILES)
    return [(store(file, file.name or "", at=at), file.name or "") for file in files]
