"""The applicant brings the supplements to the window: what came is noted, then the case goes on as from the portal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.db import transaction

from zhengtong.base.files.models import StoredFile
from zhengtong.base.files.store import store
from zhengtong.base.permission import Acting
from zhengtong.domains.applications import actions as applications
from zhengtong.domains.cases.models import Case
from zhengtong.flows.opened import opened
from zhengtong.flows.supplement import supplement
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability

MODES = frozenset({"1", "2", "3", "4"})  # 纸质、电子文件、电子证照、数据共享
MOST_COPIES = 100


class Upload(Protocol):
    name: str | None

    def read(self, size: int = ..., /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Brought:
    """One material laid on the counter. `mode` as 受理方式: 1 paper, 2 electronic, 4 shared."""

    code: str
    mode: str = "1"
    copies: int = 1
    file: StoredFile | None = None
    file_name: str = ""


@transaction.atomic
def supplement_at_counter(
    number: str, brought: Sequence[Brought], *, seen: int | None, by: Acting, at: datetime
) -> Case:
    by.check(Ability.TAKE_IN)
    case, _, _ = opened(number, seen, by)
    if case.application is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    for material in brought:
        applications.add_material(
            case.application, code=material.code, receive_mode=material.mode, copies=material.copies,
            file=material.file, file_name=material.file_name, supplement_round=case.supplements, at=at,
        )  # fmt: skip
    return supplement(number, seen=seen, by=by, at=at)


def brought(code: str, *, mode: str, copies: str, upload: Upload | None, at: datetime) -> Brought:
    """One line as a clerk filled it; a file is looked into before anything is written."""
    if mode not in MODES:
        mode = "1"
    count = int(copies) if copies.isascii() and copies.isdigit() and 0 < int(copies) < MOST_COPIES else 1
    if upload is None:
        return Brought(code, mode, count)
    return Brought(code, "2", count, store(upload, upload.name or "", at=at), upload.name or "")
