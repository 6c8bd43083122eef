"""Bad ratings in the world of the permission table: one of the citizen's at its re-visit, and a drawn list of good ones."""

from datetime import date
from typing import Any

from django.utils import timezone

from tests.people import AT, Cast
from zhengtong.base.files.store import store_own
from zhengtong.base.permission import SYSTEM
from zhengtong.domains.authenticity.models import AskedRating, RatingSample
from zhengtong.domains.ratings.actions import give, open_node
from zhengtong.domains.rectifications.actions import open_rectification
from zhengtong.domains.rectifications.models import Evidence
from zhengtong.flows.rectification_dispatched import dispatch_rectification
from zhengtong.flows.rectification_mended import fix_rectification
from zhengtong.flows.rectification_verified import verify_rectification
from zhengtong.rules.rectifications import Verdict


def rectified(people: Cast) -> dict[str, dict[str, Any]]:
    """The citizen was unhappy with 张敏; 孙丽 verified with a file; it waits to be called about."""
    at = timezone.now()
    rated = people.officers["张敏"]
    node = open_node(
        "ticket", ("ticket", "world"), organ_id=people.organ.pk, section_id=people.section.pk, officer_id=rated.pk,
        account_id=people.citizen.pk, opened_at=at, by=SYSTEM, at=at,
    )  # fmt: skip
    rating = give(node, level=5, channel="pc", text="没有人接电话", real_name=True, by=people.applicant, at=at)
    row = open_rectification(
        rating.number, organ_id=people.organ.pk, section_id=people.section.pk, officer_id=rated.pk, real_name=True,
        level=5, text="没有人接电话", reasons=[], account_id=people.citizen.pk, by=people.applicant, at=at,
    )  # fmt: skip
    dispatch_rectification(
        row.number, organ_id=people.organ.pk, section_id=people.section.pk, seen=None, by=people.acting("蒋华"), at=at
    )
    file = store_own(b"%PDF-1.7 world", "application/pdf", at=AT)
    verify_rectification(
        row.number, Verdict.COMPLEX, text="属实", plan="设值班表", files=[(file, "值班表.pdf")], seen=None,
        by=people.acting("孙丽"), at=at,
    )  # fmt: skip
    fix_rectification(row.number, text="已设值班表", seen=None, by=people.acting("李军"), at=at)
    month = f"{date(2026, 8, 1):%Y-%m}"
    sample = RatingSample.objects.create(
        month=month, root="0" * 64, tree_size=1, population=1, drawn=1, percent=2, drawn_at=AT,
    )  # fmt: skip
    AskedRating.objects.create(
        sample=sample,
        rating_number=rating.number,
        organ=people.organ,
        officer=rated,
        origin=AskedRating.RANDOM,
        rank="0",
    )
    one = {"number": row.number, "name": "revisit", "evidence_id": Evidence.objects.get().pk}
    asked = {"month": month, "number": rating.number}
    token = {"token": row.token}
    return {
        **{f"desk:rectification{name}": one for name in ("", "_step", "_reveal", "_file")},
        **{f"portal:rectification{name}": token for name in ("", "_answer", "_reopen")},
        **{f"desk:rating_{name}": asked for name in ("sample", "asked_reveal", "asked_tell")},
        "watch:rectifications_export": {"form": "csv"},
    }
