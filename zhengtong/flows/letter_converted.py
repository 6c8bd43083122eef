"""来信转为办件草稿或督办单: the letter ends, and lives on under its new number."""

from datetime import datetime

from django.db import transaction

from zhengtong.base.keys import hidden_uuid
from zhengtong.base.permission import Acting, ActorKind
from zhengtong.domains.applications import actions as applications
from zhengtong.domains.catalogue import queries as catalogue
from zhengtong.domains.letters import actions
from zhengtong.domains.letters.models import Letter
from zhengtong.domains.registry import queries as registry
from zhengtong.flows.letter_notices import to_author
from zhengtong.flows.letter_opened import opened_letter
from zhengtong.flows.letter_unmerged import give_back_merged
from zhengtong.flows.order_issued import issue_order
from zhengtong.rules.codes import check_mobile
from zhengtong.rules.letters import Conversion, LetterKind
from zhengtong.rules.orders import OrderKind, OrderSource
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability

ONLINE = "2"  # channel 网上 (GB/T 39046 A.5)


@transaction.atomic
def convert_to_case(number: str, *, item_code: str, told: str, seen: int | None, by: Acting, at: datetime) -> Letter:
    """转为办件: a draft in the author's account, under the item's published version; they complete and submit it."""
    letter = opened_letter(number, seen, by)
    if letter.account_id is None:
        raise Refusal(RefusalCode.LETTER_NO_ACCOUNT)
    item = catalogue.item_for(item_code)
    uid = hidden_uuid("letter-draft", letter.number)
    actions.convert(letter, Conversion.CASE, str(uid), told=told, by=by, at=at)  # first: it refuses what has ended
    # Theirs, as if they had begun it at home: no clerk has taken anything in.
    author = Acting(ActorKind.APPLICANT, letter.account_id, letter.name)
    applications.start(
        item, uid=uid, person=registry.person_of(letter.account_id), enterprise=None, channel=ONLINE,
        account_id=letter.account_id, contact_phone=_mobile(letter.phone), by=author, at=at,
    )  # fmt: skip
    to_author("letter.converted", letter, at=at, path=f"/applications/{uid}/")
    give_back_merged(letter, at=at)
    return letter


def _mobile(phone: str) -> str:
    """A letter may name any phone, an application a mobile only; they give another one when they complete it."""
    try:
        return check_mobile(phone)
    except Refusal:
        return ""


@transaction.atomic
def convert_to_order(
    number: str, *, organ_id: int, section_id: int | None, title: str, content: str, order_kind: OrderKind, told: str,
    seen: int | None, by: Acting, at: datetime,
) -> Letter:  # fmt: skip
    """转为督办单, by supervision: the complaint's case, where it names one, stands in the order."""
    by.check(Ability.SUPERVISE)
    letter = opened_letter(number, seen, by)
    if letter.kind == LetterKind.TIP.value:
        raise Refusal(RefusalCode.LETTER_TIP_ONLY)
    order = issue_order(
        (OrderSource.COMPLAINT.value, letter.number), organ_id, section_id, title, content, order_kind,
        case_no=letter.case_no, by=by, at=at,
    )  # fmt: skip
    actions.convert(letter, Conversion.ORDER, order.number, told=told, by=by, at=at)
    to_author("letter.converted", letter, at=at)
    give_back_merged(letter, at=at)
    return letter


def convert_to_disclosure(number: str, *, seen: int | None, by: Acting, at: datetime) -> Letter:
    """依申请公开 is another procedure, with its own clock (政府信息公开条例); its part of the house is not built yet."""
    opened_letter(number, seen, by)
    raise Refusal(RefusalCode.LETTER_CONVERSION_WAITS, what="政府信息公开申请")
