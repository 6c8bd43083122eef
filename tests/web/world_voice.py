"""The rooms of letters, knowledge and Open311 in the world of the permission table: one of each, at every route of theirs."""

from typing import Any

from tests.people import AT, Cast
from zhengtong.base.files.store import store_own
from zhengtong.domains.knowledge import actions as knowledge
from zhengtong.domains.knowledge.actions import Wording
from zhengtong.domains.letters.models import Attachment, Category, Publication
from zhengtong.domains.open311 import actions as open311
from zhengtong.flows.letter_received import receive
from zhengtong.rules.knowledge import ArticleKind, Topic
from zhengtong.rules.letters import LetterKind, Mailbox


def voiced(people: Cast) -> dict[str, dict[str, Any]]:
    """The owner's own letter with a file, published as a typical one; an article everybody reads; a service."""
    Category.objects.create(code="0101", name="路灯", path="0101")
    file = store_own(b"%PDF", "application/pdf", at=AT)
    letter = receive(
        kind=LetterKind.CONSULTATION, channel=Mailbox.WEB, subject_line="停车", text="停车收费吗？", category="0101",
        account_id=people.citizen.pk, files=[(file, "照片.pdf")], by=people.applicant, at=AT,
    )  # fmt: skip
    Publication.objects.create(
        letter=letter, state=Publication.PUBLISHED, title="停车收费吗", question="停车收费吗？", answer="不收。",
        proposed_at=AT, proposed_by=people.officers["何清语"], published_at=AT,
    )  # fmt: skip
    wording = Wording("停车收费吗？", "不收。")
    article = knowledge.draft(
        "parking", ArticleKind.ANSWER, Topic.HALL, wording, organ_id=people.organ.pk, by=people.acting("冯雪"), at=AT
    )
    knowledge.send_to_check(article, by=people.acting("冯雪"), at=AT)
    knowledge.publish(article, by=people.acting("何清语"), at=AT)
    open311.admit("app", "城市应用", their_key="key", at=AT)
    mine = {"number": letter.number, "name": "urge", "attachment_id": Attachment.objects.get(letter=letter).pk}
    key = {"key": article.key, "name": "confirm"}
    v2 = {"form": "json", "service_code": "0101", "number": letter.number, "token": "none"}
    return {
        **{
            f"portal:{name}": mine for name in ("letter", "letter_sent", "letter_step", "letter_file", "typical_letter")
        },
        "portal:letter_write": {"page": "check"},
        **dict.fromkeys(("portal:article", "portal:article_helped"), key),
        "portal:knowledge_topic": {"topic": "hall"},
        **{f"desk:{name}": key for name in ("article", "article_edit", "article_step")},
        "desk:articles_export": {"form": "json"},
        **{f"portal:open311_{name}": v2 for name in ("services", "service", "requests", "request", "token")},
    }
