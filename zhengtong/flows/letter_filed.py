"""A request another system files by Open311 becomes a letter, once, however often it is sent."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from zhengtong.base.permission import Acting, ActorKind
from zhengtong.domains.letters.models import Letter
from zhengtong.domains.open311 import actions
from zhengtong.domains.open311.models import Partner
from zhengtong.flows.letter_received import receive
from zhengtong.rules.letters import LetterKind, Mailbox


@transaction.atomic
def file_letter(
    partner: Partner,
    *,
    retry_key: str,
    body_hash: str,
    token: str,
    kind: LetterKind,
    category: str,
    subject_line: str,
    text: str,
    name: str = "",
    phone: str = "",
    email: str = "",
    address: str = "",
    latitude: Decimal | None = None,
    longitude: Decimal | None = None,
    at: datetime,
) -> Letter:
    """Refusal(STALE) when the same request has just been filed: the door then answers with what was made of it."""
    by = Acting(kind=ActorKind.APPLICANT, id=None, name=partner.name[:100])
    letter = receive(
        kind=kind, channel=Mailbox.OPEN311, subject_line=subject_line, text=text, category=category, name=name,
        phone=phone, email=email, address=address, latitude=latitude, longitude=longitude,
        external_key=f"open311:{partner.code}:{retry_key[:50]}", by=by, at=at,
    )  # fmt: skip
    actions.note_filed(partner, retry_key, body_hash, token, letter.number, at=at)
    return letter
