"""督查通报 as a paper: red head, number, sections with their words and locked tables, page numbers. Printed from what is
frozen, so the same issue prints the same bytes on any later day."""

from typing import Any

from django.conf import settings

from zhengtong.base.papers import render
from zhengtong.domains.bulletins.models import Bulletin, BulletinCopy
from zhengtong.rules.period import local_date

TEMPLATE = "domains/bulletins/papers/bulletin.typ"


def content(bulletin: Bulletin, copies: list[BulletinCopy]) -> dict[str, Any]:
    """What the template reads. A draft has no number and says that it is one."""
    published = bulletin.published_at
    sections = [one | {"text": bulletin.texts.get(one["code"], "")} for one in bulletin.contents["sections"]]
    return {
        "organ": bulletin.organ.name,
        "number": bulletin.number,
        "draft": published is None,
        "month": bulletin.month.isoformat(),
        "revision": bulletin.revision,
        "correction_reason": bulletin.correction_reason,
        "sections": sections,
        "copies": [copy.organ.name for copy in copies],
        "approved_by": bulletin.approved_by.name if bulletin.approved_by else "",
        "issued_on": local_date(published or bulletin.counted_at).isoformat(),
        "counted_on": local_date(bulletin.counted_at).isoformat(),
        "digest": bulletin.digest,
        "seal": "政务效能监督专用章",
        "demo": settings.ZHENGTONG_DEMO,
        "verify_url": "",
    }


def pdf(bulletin: Bulletin, copies: list[BulletinCopy]) -> bytes:
    return render(TEMPLATE, content(bulletin, copies))
