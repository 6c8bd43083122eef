"""Supervision in the city's last months: cards go out each night, are answered in the morning, now and then appealed.

Most are answered on the day they are due; a few are forgotten and become orders, as in life.
"""

from datetime import date, datetime, timedelta
from hashlib import sha256

from zhengtong.base.permission import Acting
from zhengtong.city.accounts import SUPERVISOR
from zhengtong.domains.orders import queries as orders
from zhengtong.domains.registry import queries as registry
from zhengtong.domains.supervision import queries as supervision
from zhengtong.flows import card_answered, card_appealed, order_closed, order_received, order_replied, order_verified
from zhengtong.flows.supervise import review, supervise
from zhengtong.rules.clock import local_date
from zhengtong.rules.orders import OrderState
from zhengtong.rules.refusal import Refusal
from zhengtong.rules.roles import Role

FORGOTTEN, APPEALED = 12, 8  # of a hundred cards
CLOSED_AFTER = timedelta(days=1)

_CAUSES = (
    "当日收件集中，承办人同时参加现场核查，未能按时办理。",
    "申请材料需向业务处室核实，答复晚于预期。",
    "承办人休假交接不及时，案卷滞留一日。",
    "对环节时限掌握不准，未提前排期。",
)
_MEASURES = (
    "已于当日办理完毕；科室每日晨会核对到期清单，由专人提醒。",
    "已补办；今后休假前一日完成交接并在系统内移交。",
    "已办结并向申请人说明；调整人员分工，增派一名承办人。",
)
_REPLY = "已查明原因并办理完毕；科室已调整分工，今后由专人每日核对到期清单。"
_APPEAL = "收件当日系统停机检修，有检修公告可查，请予复核。"


def night(at: datetime) -> None:
    """What the worker does after midnight."""
    while supervise(at=at, limit=1_000):
        pass


def morning(at: datetime) -> None:
    """Officers answer what is due today; supervision closes what was answered well."""
    on = local_date(at)
    for card in supervision.answers_due(on):
        lot = _lot(card.number)
        by = _answering(card, on)
        if by is None or lot < FORGOTTEN:
            continue
        try:
            if lot < FORGOTTEN + APPEALED and card.order_no == "":
                card_appealed.appeal(card.number, reasons=_APPEAL, by=by, at=at)
            else:
                card_answered.answer(
                    card.number,
                    cause=_CAUSES[lot % len(_CAUSES)],
                    measure=_MEASURES[lot % len(_MEASURES)],
                    by=by,
                    at=at,
                )
        except Refusal:
            continue  # somebody has acted on it meanwhile, or its three days of appeal are over
    _judge(at)
    _orders(at)


def _orders(at: datetime) -> None:
    """Orders are received, answered by the day they are due, then verified and closed; some are let lie."""
    on, account = local_date(at), _account(SUPERVISOR)
    judge = registry.officer_acting(account, on) if account is not None else None
    for order in orders.open_orders(limit=200):
        if _lot(order.number) < FORGOTTEN or local_date(order.issued_at) >= on:
            continue
        try:
            if order.state == OrderState.REPLIED and judge is not None:
                order_verified.verify_order(order.number, text="已核对办件记录，情况属实。", seen=None, by=judge, at=at)
                order_closed.close_order(order.number, outcome="整改到位，予以办结。", seen=None, by=judge, at=at)
            elif (by := _heading(order.organ_id, order.section_id, on)) is not None:
                if order.state == OrderState.OPEN:
                    order_received.receive_order(order.number, seen=None, by=by, at=at)
                if order.due_on is not None and order.due_on <= on:
                    order_replied.reply_to_order(order.number, text=_REPLY, files=[], seen=None, by=by, at=at)
        except Refusal:
            continue  # somebody else has acted on it meanwhile


def _judge(at: datetime) -> None:
    """Supervision reads the answers and decides the appeals: every other one had its reasons."""
    account = _account(SUPERVISOR)
    by = registry.officer_acting(account, local_date(at)) if account is not None else None
    if by is None:
        return
    for card in supervision.cards(by, state="ANSWERED", limit=200):
        if card.answered_at is not None and at - card.answered_at >= CLOSED_AFTER and _lot(card.number) % 3:
            card_answered.close(card.number, note="答复属实，整改到位。", by=by, at=at)
    for card in supervision.cards(by, state="APPEALED", limit=200):
        revoke = _lot(card.number) % 2 == 0
        reasons = "停机公告与登录记录相符，撤销此牌。" if revoke else "停机仅半小时，不影响按期办理，维持。"
        try:
            card_appealed.decide(card.number, revoke=revoke, reasons=reasons, by=by, at=at)
        except Refusal:
            continue  # of the supervisor's own organ: left to the other one


def _answering(card: supervision.Card, on: date) -> Acting | None:
    """The officer, or the head of the section where the officer has left or none is named."""
    account = card.officer.account_id if card.officer is not None else None
    by = registry.officer_acting(account, on) if account is not None else None
    if by is not None and supervision.answers_for(card, by):
        return by
    return _heading(card.organ_id, card.section_id, on)


def _heading(organ_id: int, section_id: int | None, on: date) -> Acting | None:
    """Who heads the section today."""
    for officer in registry.officers(organ_id=organ_id, limit=200):
        if officer.account_id is None:
            continue
        by = registry.officer_acting(officer.account_id, on)
        if by is not None and by.post_for((Role.SECTION_HEAD,), organ_id, section_id) is not None:
            return by
    return None


def _account(staff_no: str) -> int | None:
    return registry.officer_for(staff_no).account_id


def _lot(number: str) -> int:
    """0–99, the same in every city."""
    return int(sha256(number.encode()).hexdigest()[:8], 16) % 100


def enact(*, at: datetime) -> None:
    """What the sealed journal shows of two months and of the imported log; and the signals of the last hours."""
    while review(at=at, limit=2_000):
        pass
    night(at)
