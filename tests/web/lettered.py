"""An answered letter with a file and a text for the public, at every route of letters inside the house."""

from typing import Any

from tests.people import AT, Cast
from zhengtong.base.files.store import store_own
from zhengtong.domains.letters.models import Attachment, Letter
from zhengtong.flows import letter_kept, letter_published, letter_replied, letter_routed
from zhengtong.flows.letter_received import receive
from zhengtong.rules.letters import LetterKind, Mailbox


def answered(people: Cast, **said: Any) -> Letter:
    """By 林小雨, routed by 何清语, answered by 李军; it may be made public."""
    facts: dict[str, Any] = {
        "kind": LetterKind.CONSULTATION, "channel": Mailbox.WEB, "subject_line": "预付卡备案要带什么材料",
        "text": "我们有十七家门店，备案时每一家都要填写吗？", "name": "林小雨", "phone": "15400990001",
        "account_id": people.citizen.pk, "may_publish": True,
    } | said  # fmt: skip
    letter = receive(
        files=[(store_own(b"%PDF", "application/pdf", at=AT), "门店.pdf")], by=people.applicant, at=AT, **facts
    )
    letter_routed.route_letter(
        letter.number,
        organ_id=people.organ.pk,
        section_id=people.section.pk,
        seen=None,
        by=people.acting("何清语"),
        at=AT,
    )
    letter_routed.take_letter(letter.number, seen=None, by=people.acting("李军"), at=AT)
    return letter_replied.send_reply(
        letter.number, text="每一家接受该卡的门店都要填写。", mode="written", seen=None, by=people.acting("李军"), at=AT
    )


def lettered(people: Cast) -> dict[str, dict[str, Any]]:
    clerk = people.acting("何清语")
    letter = answered(people)
    letter_published.propose_publication(
        letter.number,
        title="预付卡备案要带什么",
        question="十七家门店都要填吗？",
        answer="都要填写。",
        seen=None,
        by=clerk,
        at=AT,
    )
    rule = letter_kept.save_rule(
        region="", category="", about="", organ_code=people.organ.code, section_id=None, by=clerk, at=AT
    )
    known = {
        "number": letter.number,
        "name": "close",
        "verdict": "publish",
        "attachment_id": Attachment.objects.get(letter=letter).pk,
    }
    doors = ("letter", "letter_step", "letter_reveal", "letter_file", "letter_publication", "letter_publication_step")
    return {
        **{f"desk:{door}": known for door in doors},
        "desk:letter_rule_retire": {"rule_id": rule.pk},
        "watch:letters_export": {"form": "csv"},
    }
