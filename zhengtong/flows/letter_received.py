"""来信登记, and the first step of routing: the rule that says most sends it on; a tip goes to the integrity desk alone."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from zhengtong.base.files.models import StoredFile
from zhengtong.base.permission import SYSTEM, Acting
from zhengtong.domains.cases import queries as cases
from zhengtong.domains.letters import actions, queries
from zhengtong.domains.letters.models import Letter
from zhengtong.domains.registry import queries as registry
from zhengtong.domains.registry.models import Organ
from zhengtong.flows.letter_notices import to_author, to_desk, to_officers, to_organ
from zhengtong.rules.clock import local_date
from zhengtong.rules.letters import LetterKind, Mailbox
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability


@transaction.atomic
def receive(
    *,
    kind: LetterKind,
    channel: Mailbox | str,
    subject_line: str,
    text: str,
    category: str = "",
    region: str = "",
    organ_code: str = "",
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
    files: Sequence[tuple[StoredFile, str]] = (),
    received_at: datetime | None = None,
    by: Acting,
    at: datetime,
) -> Letter:
    """A letter in the house, with its number, limits and receipt; routed at once where a rule knows the place.

    `channel` is a Mailbox. `category`, `region`, `organ_code`: codes; the organ is the one the author means, not yet the
    one that answers. A letter about a case is about that case's organ.
    """
    letter = actions.receive(
        kind=kind, mailbox=Mailbox(channel), subject_line=subject_line, text=text,
        category=queries.category_for(category), region=queries.region_for(region),
        about=_about(organ_code, case_no), item_code=item_code, case_no=case_no, name=name, phone=phone, email=email,
        account_id=account_id, language=language, confidential=confidential, oral=oral, urgent=urgent,
        may_publish=may_publish, address=address, latitude=latitude, longitude=longitude, external_key=external_key,
        files=files, received_at=received_at, by=by, at=at,
    )  # fmt: skip
    to_author("letter.received", letter, at=at, due=letter.due_on, code=queries.code_of(letter))
    if kind is LetterKind.TIP:  # no message to a desk: who reads the outbox would count tips by it
        return letter
    if kind is LetterKind.COMPLAINT and letter.case_no:  # how a case was handled is supervision's matter too
        posts = queries.people_of(None, None, Ability.SUPERVISE, local_date(at))
        to_officers("letter.about_case", letter, posts, at=at, case_no=letter.case_no)
    if not route_by_rule(letter, at=at):
        to_desk("letter.to_route", letter, at=at)
    return letter


def route_by_rule(letter: Letter, *, at: datetime) -> bool:
    """Whether a routing rule, or the default, knew where it goes. A complaint about handling waits for the letter desk."""
    if letter.mailbox == Mailbox.SUPERVISION.value:
        return False
    rule = queries.destination(letter.region, letter.category, letter.about_organ)
    if rule is None:
        return False
    actions.route(letter, rule.organ, rule.section, rule_id=rule.pk, by=SYSTEM, at=at)
    to_organ("letter.assigned", letter, at=at)
    return True


def _about(organ_code: str, case_no: str) -> Organ | None:
    if case_no:
        case = cases.cases_by_numbers([case_no.upper()]).get(case_no.upper())
        if case is None:
            raise Refusal(RefusalCode.ORDER_CASE_UNKNOWN, number=case_no)
        return case.organ
    if not organ_code:
        return None
    organ = registry.organ_by_code(organ_code)
    if organ is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return organ
