"""已收材料 as rows of the working page: what came, how, when, and what a supplement replaced."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from zhengtong.domains.applications import queries as applications
from zhengtong.domains.cases import queries as cases
from zhengtong.rules.edition import Edition
from zhengtong.web.desk import words
from zhengtong.web.frame.language import either, marked


@dataclass(frozen=True, slots=True)
class Received:
    name: SafeString
    mode: Any
    copies: int
    round: int
    at: datetime
    replaced: bool
    url: str
    file_name: str
    picture: bool  # shown in place as an image, else as a document


def received(rows: Sequence[applications.SubmittedMaterial], edition: Edition, case: cases.Case) -> list[Received]:
    """What counts now first, then what was replaced."""
    shown = [_one(row, edition, case) for row in rows]
    return [r for r in shown if not r.replaced] + [r for r in shown if r.replaced]


def _one(row: applications.SubmittedMaterial, edition: Edition, case: cases.Case) -> Received:
    return Received(
        name=material_name(edition, row.material_code),
        mode=words.word(words.RECEIVED_AS, row.receive_mode),
        copies=row.copies,
        round=row.round,
        at=row.received_at,
        replaced=row.superseded_at is not None,
        url=reverse("desk:material", args=[case.number, row.pk]) if row.file_id else "",
        file_name=row.file_name,
        picture=bool(row.file and row.file.media_type.startswith("image/")),
    )


def material_name(edition: Edition, code: str) -> SafeString:
    material = edition.material(code)
    return either(material.name, material.name_en) if material else marked(code)


def shared(content: Mapping[str, Any], edition: Edition) -> list[SafeString]:
    """免提交: what the platform fetches itself."""
    return [material_name(edition, code) for code in content.get("shared", [])]
