"""A paper as PDF. What it says was frozen when it was issued; only the drawing waits until somebody asks for it."""

import json
from datetime import date, datetime
from functools import lru_cache

from django.conf import settings

from zhengtong.base.files.models import StoredFile
from zhengtong.base.files.store import store_own
from zhengtong.domains.cases import actions
from zhengtong.domains.cases.models import Paper
from zhengtong.domains.cases.papers import ItemGuide, pdf
from zhengtong.domains.catalogue import queries as catalogue
from zhengtong.rules.refusal import Refusal, RefusalCode


def draw_paper(paper: Paper, *, at: datetime) -> StoredFile:
    """The stored PDF, drawn when first asked for. Two who ask at once draw the same bytes, kept once."""
    if paper.file is not None:
        return paper.file
    file = store_own(pdf(json.loads(paper.content)), "application/pdf", at=at)
    actions.keep_drawing(paper, file)
    return file


def draw_guide(item_code: str, *, on: date, english: bool) -> bytes:
    """办事指南 of an item in force as PDF (art. 30), dated with the day it is printed."""
    item, document = catalogue.shown_item(item_code)
    if item.current_version is None:
        raise Refusal(RefusalCode.ITEM_LISTED_ONLY, item_code=item.item_code, name=item.name)
    if any(not document[key] for key in ("legal_bases", "promised_limit", "materials", "consult_contacts")):
        raise Refusal(RefusalCode.ITEM_LISTED_ONLY, item_code=item.item_code, name=item.name)
    version, organ = item.current_version, item.organ
    url = f"{settings.PUBLIC_URL}/items/{item.item_code}/"
    return _guide(version.pk, str(version.number), organ.name, organ.name_en, url, on, english)


@lru_cache(maxsize=128)
def _guide(version_id: int, edition: str, organ: str, organ_en: str, url: str, on: date, english: bool) -> bytes:
    # An edition never changes and drawing costs most of a second: whoever reloads the page draws it once a day.
    guide = ItemGuide(
        organ=organ,
        organ_en=organ_en,
        issued_on=on,
        demo=settings.ZHENGTONG_DEMO,
        english=english,
        document=catalogue.document(version_id),
        edition=edition,
        online_url=url,
    )
    return pdf(guide.to_json())
