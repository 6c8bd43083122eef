"""Orders at the same instant: one step wins, one order follows a card, each rung of the ladder is climbed once."""

from datetime import timedelta
from functools import partial

import pytest

from tests.flows.test_races import at_once
from tests.people import AT, Cast, cast, hire
from zhengtong.base.journal import check_subject
from zhengtong.base.journal.queries import entries_of
from zhengtong.domains.orders.models import Escalation, Extension, Order, OrderPaper, Reply
from zhengtong.flows import order_closed, order_extended, order_issued, order_received, order_rejected, order_replied
from zhengtong.flows.order_sweep import sweep_orders
from zhengtong.flows.order_verified import verify_order
from zhengtong.rules.orders import OrderKind
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Role

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)
MEANWHILE = {RefusalCode.STALE, RefusalCode.ORDER_WRONG_STATE}


@pytest.fixture
def people(transactional_db: None) -> Cast:
    return cast()


def issued(people: Cast, source=("finding", ""), kind=OrderKind.NORMAL) -> Order:
    return order_issued.issue_order(
        source, people.organ.pk, people.section.pk, "题", "内容", kind, by=people.acting("吴涛"), at=AT
    )


def replied(people: Cast) -> Order:
    order = issued(people)
    order_received.receive_order(order.number, seen=None, by=people.acting("李军"), at=AT)
    return order_replied.reply_to_order(order.number, text="已整改。", seen=None, by=people.acting("李军"), at=AT)


def lost(results: list) -> list[RefusalCode]:
    assert all(not isinstance(one, Exception) or isinstance(one, Refusal) for one in results), results
    return [one.code for one in results if isinstance(one, Refusal)]


def sound(order: Order) -> bool:
    row = Order.objects.get(pk=order.pk)
    return check_subject(row, list(entries_of("order", row.number))) == []


def test_a_card_brings_one_order_however_often_it_is_escalated_at_once(people):
    by = people.acting("吴涛")
    issue = partial(
        order_issued.issue_order, ("card", "HP202600001"), people.organ.pk, None, "题", "内容", OrderKind.NORMAL,
        by=by, at=AT,
    )  # fmt: skip
    assert lost(at_once(issue, issue, issue)) == [RefusalCode.ORDER_EXISTS] * 2
    assert Order.objects.get().number == "DB202600001"
    assert issued(people).number == "DB202600002"  # no number was lost with the two that failed


def test_numbers_given_at_once_have_no_gap(people):
    acts = [lambda: issued(people) for _ in range(6)]
    assert lost(at_once(*acts)) == []
    assert sorted(Order.objects.values_list("number", flat=True)) == [f"DB20260000{n}" for n in range(1, 7)]
    assert len(set(OrderPaper.objects.values_list("number", flat=True))) == 6


def test_verified_and_rejected_at_once(people):
    order = replied(people)
    people.officers["褚英"] = hire(people.organ, None, "褚英", "supervisor2", Role.SUPERVISOR)
    first, second = people.acting("吴涛"), people.acting("褚英")
    results = at_once(
        lambda: verify_order(order.number, text="属实。", seen=None, by=first, at=AT),
        lambda: order_rejected.reject_reply(order.number, reason="不实。", seen=None, by=second, at=AT),
    )
    assert len(lost(results)) == 1
    assert set(lost(results)) <= MEANWHILE
    reply, row = Reply.objects.get(), Order.objects.get()
    assert (reply.verdict, row.state) in {("verified", "VERIFIED"), ("rejected", "REJECTED")}
    assert sound(order)


def test_two_answers_at_once(people):
    order = issued(people)
    order_received.receive_order(order.number, seen=None, by=people.acting("李军"), at=AT)
    acts = [
        lambda by=people.acting(name): order_replied.reply_to_order(order.number, text="答。", seen=None, by=by, at=AT)
        for name in ("李军", "周洋", "孙丽")
    ]
    results = at_once(*acts)
    assert len(lost(results)) == 2
    assert set(lost(results)) <= MEANWHILE
    assert Reply.objects.count() == 1
    assert sound(order)


def test_two_workers_climb_each_rung_once(people):
    orders = [issued(people) for _ in range(4)]
    results = at_once(*[lambda: sweep_orders(at=AT + 60 * DAY)] * 3)
    assert lost(results) == []
    assert sweep_orders(at=AT + 60 * DAY) + sum(results) == 12
    assert Escalation.objects.count() == 12
    assert all(sound(order) for order in orders)


def test_answered_while_it_is_being_urged(people):
    order = issued(people)
    order_received.receive_order(order.number, seen=None, by=people.acting("李军"), at=AT)
    by, late = people.acting("李军"), AT + 60 * DAY
    results = at_once(
        lambda: sweep_orders(at=late),
        lambda: order_replied.reply_to_order(order.number, text="答。", seen=None, by=by, at=late),
    )
    assert set(lost(results)) <= MEANWHILE
    assert sound(order)
    if Order.objects.get().state == "REPLIED":
        assert sweep_orders(at=late) == 0


def test_an_extension_granted_while_the_order_is_withdrawn(people):
    order = issued(people, kind=OrderKind.COMPLEX)
    order_received.receive_order(order.number, seen=None, by=people.acting("李军"), at=AT)
    ask = [
        lambda by=people.acting(name): order_extended.ask_extension(
            order.number, days=3, reason="核查。", seen=None, by=by, at=AT
        )
        for name in ("李军", "周洋")
    ]
    assert set(lost(at_once(*ask))) <= MEANWHILE | {RefusalCode.ORDER_EXTENSION_TWICE}
    assert Extension.objects.count() == 1
    by = people.acting("吴涛")
    results = at_once(
        lambda: order_extended.extend_order(order.number, seen=None, by=by, at=AT),
        lambda: order_closed.withdraw_order(order.number, reason="误发。", seen=None, by=by, at=AT),
    )
    assert set(lost(results)) <= MEANWHILE | {RefusalCode.ORDER_EXTENSION_LATE, RefusalCode.ORDER_EXTENSION_NONE}
    assert sound(order)
