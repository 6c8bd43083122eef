"""来信登记: from every box, by the author or by an officer for them."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from zhengtong.base import journal
from zhengtong.base.deadlines import actions as deadlines
from zhengtong.base.files.models import StoredFile
from zhengtong.base.files.names import safe_name
from zhengtong.base.journal import Event
from zhengtong.base.keys import query_code
from zhengtong.base.law import current_law
from zhengtong.base.permission import Acting
from zhengtong.base.personal import lookup_hash
from zhengtong.domains.letters.actions.steps import dated, kind_mark, make_findable, reply_limit, routing_limit
from zhengtong.domains.letters.models import Attachment, Category, Letter
from zhengtong.domains.registry.models import Organ, Region
from zhengtong.rules.clock import local_date
from zhengtong.rules.kinds import Kind
from zhengtong.rules.letters import LetterKind, LetterState, Mailbox, hides_author
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.text import clean_line, require_line, require_text

MOST_FILES = 10
MOST_TEXT = 5000
Files = Sequence[tuple[StoredFile, str]]


@transaction.atomic
def receive(
    *,
    kind: LetterKind,
    mailbox: Mailbox,
    subject_line: str,
    text: str,
    category: Category | None = None,
    region: Region | None = None,
    about: Organ | None = None,
    item_code: str = "",
    case_no: str = "",
    name: str = "",
    phone: str = "",
    email: str = "",
    account_id: int | None = None,
    language: str = "",
    confidential: bool = False,
    oral: bool = False,
    urgent: bool = False,
    may_publish: bool = False,
    address: str = "",
    latitude: Decimal | None = None,
    longitude: Decimal | None = None,
    external_key: str = "",
    files: Files = (),
    received_at: datetime | None = None,
    by: Acting,
    at: datetime,
) -> Letter:
    """A letter with its number, journal entry and limits. A tip goes straight to the integrity desk.

    `received_at`: when it came in, if that was before it was written down here. The clock runs from then.
    """
    came = received_at or at
    if came > at:
        raise Refusal(RefusalCode.FORM_DATE_TOO_LATE, field="received_at", most=local_date(at))
    if len(files) > MOST_FILES:
        raise Refusal(RefusalCode.LETTER_TOO_MANY_FILES, most=MOST_FILES)
    ticket = clean_line(external_key, 100, "external_key")
    if ticket and Letter.objects.filter(external_key=ticket).exists():
        raise Refusal(RefusalCode.LETTER_TICKET_KNOWN, key=ticket)
    title = require_line(subject_line, 200, "subject_line")
    words = require_text(text, MOST_TEXT, "text")
    place = clean_line(address, 200, "address")
    number = new_number(came, title, words, phone or email or name or str(account_id or ""))
    letter = Letter(
        number=number,
        kind=kind.value,
        kind_mark=kind_mark(number, kind.value),
        mailbox=mailbox.value,
        state=(LetterState.ROUTED if kind is LetterKind.TIP else LetterState.RECEIVED).value,
        urgent=urgent,
        oral=oral,
        confidential=hides_author(kind, asked=confidential),
        subject_line=title,
        text=words,
        name=clean_line(name, 100, "name"),
        phone=clean_line(phone, 30, "phone"),
        email=clean_line(email, 200, "email"),
        author_hash=author_hash(account_id, phone, email),
        phone_hash=lookup_hash(phone),
        account_id=account_id,
        language=language,
        address=place,
        place_hash=lookup_hash(place),
        latitude=latitude,
        longitude=longitude,
        category=category,
        region=region,
        first_contact_id=by.id if by.is_officer else None,
        about_organ=about,
        item_code=clean_line(item_code, 50, "item_code"),
        case_no=clean_line(case_no, 50, "case_no").upper(),
        external_key=ticket,
        received_at=came,
        received_on=local_date(came),
        may_publish=may_publish,
    )
    law = current_law()
    limit = reply_limit(letter, law)
    for field, value in dated(limit).items():
        setattr(letter, field, value)
    limits = [limit] if kind is LetterKind.TIP else [limit, routing_limit(letter, law)]
    facts = {"mailbox": mailbox.value, "oral": oral or None, "due": limit.due_on, "files": [f.sha256 for f, _ in files]}
    label = by.posts[0].label if by.posts else ""
    received = Event(Kind.LETTER_RECEIVED, {n: v for n, v in facts.items() if v not in (None, [])}, label)
    journal.insert(letter, received, by=by, at=at)
    deadlines.write(limits)
    Attachment.objects.bulk_create([Attachment(letter=letter, file=f, name=safe_name(name_)) for f, name_ in files])
    make_findable(letter)
    return letter


def author_hash(account_id: int | None, phone: str, email: str) -> str:
    """By what two letters of one author are known, without being readable."""
    if account_id is not None:
        return lookup_hash(f"account:{account_id}")
    return lookup_hash(phone) or lookup_hash(email)


def new_number(came: datetime, *parts: str) -> str:
    """`LX` + day + eight characters nobody can count by: serials would tell how many tips stand between two letters."""
    day = f"{local_date(came):%Y%m%d}"
    for attempt in range(20):
        number = f"LX{day}{query_code('letter-number', came.isoformat(), *parts, str(attempt))}"
        if not Letter.objects.filter(number=number).exists():
            return number
    raise Refusal(RefusalCode.NUMBER_SERIAL_EXHAUSTED, serial=day, most=20)
