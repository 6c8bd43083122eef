"""督办: issued, received, answered, verified; and every way in which the law says no."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import AT, SINCE, Cast, accepted, cast, hire
from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.files.store import store_own
from zhengtong.base.journal import check_subject
from zhengtong.base.journal.queries import entries_of, facts_of
from zhengtong.base.outbox.models import Message
from zhengtong.base.permission import SYSTEM
from zhengtong.domains.orders import queries
from zhengtong.domains.orders.models import Escalation, Order, OrderPaper, Reply
from zhengtong.domains.registry.models import Organ, Post, Section
from zhengtong.flows import (
    order_closed,
    order_extended,
    order_issued,
    order_paper,
    order_received,
    order_rejected,
    order_replied,
    order_verified,
    talk,
)
from zhengtong.flows.change_calendar import change_calendar
from zhengtong.flows.order_sweep import sweep_orders
from zhengtong.rules.clock import end_of, start_of
from zhengtong.rules.orders import OrderKind
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Role

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
SUPERVISOR, HANDLER, HEAD = "吴涛", "李军", "孙丽"


@pytest.fixture
def people() -> Cast:
    return cast()


def issued(people: Cast, kind: OrderKind = OrderKind.NORMAL, source=("finding", ""), **others) -> Order:
    return order_issued.issue_order(
        source, people.organ.pk, people.section.pk, "材料多次退回", "请核实并整改。", kind,
        **{"by": people.acting(SUPERVISOR), "at": AT, **others},
    )  # fmt: skip


def received(people: Cast, **others) -> Order:
    order = issued(people, **others)
    return order_received.receive_order(order.number, seen=order.version, by=people.acting(HANDLER), at=AT)


def replied(people: Cast, at=AT, **others) -> Order:
    order = received(people, **others)
    return answer(people, order, at=at)


def answer(people: Cast, order: Order, at=AT, who: str = HANDLER, files=()) -> Order:
    return order_replied.reply_to_order(
        order.number, text="已补齐并整改。", files=files, seen=None, by=people.acting(who), at=at
    )


def verified(people: Cast, **others) -> Order:
    order = replied(people, **others)
    return order_verified.verify_order(order.number, text="属实。", seen=None, by=people.acting(SUPERVISOR), at=AT)


def term(order: Order) -> Deadline:
    return Deadline.objects.filter(subject_kind="order", subject_key=order.number).latest("ordinal")


def refused(code: RefusalCode):
    return pytest.raises(Refusal, match=code.value.replace(".", r"\."))


def kinds(order: Order) -> list[str]:
    return [entry.kind for entry in entries_of("order", order.number)]


def told(kind: str) -> list[int | None]:
    return sorted(Message.objects.filter(kind=kind).values_list("account_id", flat=True))


def second_supervisor(people: Cast):
    people.officers["褚英"] = hire(people.organ, None, "褚英", "supervisor2", Role.SUPERVISOR)
    return people.acting("褚英")


# --- the straight way ---


def test_an_order_goes_its_whole_way(people):
    order = issued(people)
    # Thursday 24 September; the 25th is Mid-Autumn, so three working days are 28, 29, 30 September.
    assert (order.number, order.due_on) == ("DB202600001", date(2026, 9, 30))
    assert OrderPaper.objects.get().number == "（云商）督字〔2026〕第00001号"
    assert (term(order).due_on, term(order).organ_id, term(order).outcome) == (order.due_on, people.organ.pk, "open")
    accounts = {people.officers[name].account_id for name in (HANDLER, "周洋", HEAD)}
    assert set(told("order.issued")) == accounts
    order_received.receive_order(order.number, seen=order.version, by=people.acting(HANDLER), at=AT)
    file = store_own(b"%PDF", "application/pdf", at=AT)
    answer(people, order, files=[(file, "证明.pdf")])
    assert (term(order).outcome, Order.objects.get().escalate_at) == ("met", None)
    order_verified.verify_order(order.number, text="属实。", seen=None, by=people.acting(SUPERVISOR), at=AT)
    order = order_closed.close_order(
        order.number, outcome="已整改到位。", seen=None, by=people.acting(SUPERVISOR), at=AT
    )
    assert (order.state, order.result, order.outcome) == ("CLOSED", "done", "已整改到位。")
    assert kinds(order) == ["order.issued", "order.received", "order.replied", "order.verified", "order.closed"]
    assert check_subject(Order.objects.get(), list(entries_of("order", order.number))) == []
    reply = Reply.objects.get()
    assert (reply.verdict, reply.judged_by.name, reply.attachments.get().name) == ("verified", SUPERVISOR, "证明.pdf")
    assert told("order.replied") == [people.officers[SUPERVISOR].account_id]


def test_a_rejected_reply_opens_a_new_term(people):
    order = replied(people)
    later = AT + 20 * DAY  # Wednesday 14 October
    order_rejected.reject_reply(
        order.number, reason="没有附整改照片。", seen=None, by=people.acting(SUPERVISOR), at=later
    )
    order = Order.objects.get()
    assert (order.state, order.term, order.due_on) == ("REJECTED", 2, date(2026, 10, 19))
    assert [row.outcome for row in Deadline.objects.filter(subject_kind="order").order_by("ordinal")] == ["met", "open"]
    answer(people, order, at=later)
    assert [r.verdict for r in Reply.objects.order_by("term")] == ["rejected", ""]
    assert (
        order_verified.verify_order(
            order.number, text="属实。", seen=None, by=people.acting(SUPERVISOR), at=later
        ).state
        == "VERIFIED"
    )


@pytest.mark.parametrize(
    ("kind", "due"),
    [
        (OrderKind.URGENT, date(2026, 9, 28)),
        (OrderKind.NORMAL, date(2026, 9, 30)),
        (OrderKind.COMPLEX, date(2026, 10, 12)),  # over the National Day holiday; Saturday 10 October is worked
    ],
)
def test_the_terms_are_one_three_and_seven_working_days(people, kind, due):
    order = issued(people, kind)
    assert order.due_on == due
    assert order.due_at == end_of(due)


def test_table_11_stands_in_the_row(people):
    case = accepted(people)
    order = issued(people, source=("card", "HP202600001"), case_no=case.number, rule_code="T-03", level=3)
    row = Order.objects.get(pk=order.pk)
    assert (row.case_no, row.item_type, row.rule_code, row.level) == (case.number, case.item.item_type, "T-03", 3)
    assert (row.issued_at, row.state_since, row.organ_id, row.case) == (AT, AT, people.organ.pk, case)
    assert queries.orders_of("case", case.number) == queries.orders_of("card", "HP202600001") == [row]


# --- the applicant who urged ---


def test_the_applicant_who_urged_is_told_at_the_beginning_and_at_the_end(people):
    case = accepted(people)
    talk.urge(case.number, by=people.applicant, at=AT)
    order = verified(people, source=("urging", case.number))
    order_closed.close_order(order.number, outcome="已办结，正在送达。", seen=None, by=people.acting(SUPERVISOR), at=AT)
    first, last = Message.objects.get(kind="case.order_issued"), Message.objects.get(kind="case.order_closed")
    assert first.account_id == last.account_id == people.citizen.pk
    assert (first.payload["due"], last.payload["outcome"]) == ("2026-09-30", "已办结，正在送达。")
    assert first.payload["organ"] == people.organ.name


def test_who_did_not_urge_is_told_nothing(people):
    case = accepted(people)
    order = issued(people, source=("card", "HP202600001"), case_no=case.number)
    order_closed.withdraw_order(order.number, reason="误发。", seen=None, by=people.acting(SUPERVISOR), at=AT)
    assert not Message.objects.filter(kind__startswith="case.order").exists()


def test_an_order_of_a_card_on_an_urged_case_tells_too(people):
    case = accepted(people)
    talk.urge(case.number, by=people.applicant, at=AT)
    order = issued(people, source=("card", "HP202600001"), case_no=case.number)
    order_closed.withdraw_order(order.number, reason="误发。", seen=None, by=people.acting(SUPERVISOR), at=AT)
    assert told("case.order_issued") == told("case.order_withdrawn") == [people.citizen.pk]


# --- more time ---


def asked(people: Cast, kind: OrderKind = OrderKind.COMPLEX, at=AT, days: int = 5) -> Order:
    order = received(people, kind=kind)
    return order_extended.ask_extension(
        order.number, days=days, reason="需外地核查。", seen=None, by=people.acting(HANDLER), at=at
    )


def test_a_complex_order_is_extended_once_before_it_is_due(people):
    order = asked(people)
    order_extended.extend_order(order.number, answer="同意。", seen=None, by=people.acting(SUPERVISOR), at=AT)
    order = Order.objects.get()
    assert (order.due_on, order.extended) == (date(2026, 10, 19), True)
    assert (term(order).extension, term(order).due_on) == (5, order.due_on)
    assert order.escalate_at == start_of(order.due_on + DAY)
    with refused(RefusalCode.ORDER_EXTENSION_TWICE):
        order_extended.ask_extension(order.number, days=1, reason="再延。", seen=None, by=people.acting(HANDLER), at=AT)


def test_on_its_last_day_it_may_still_be_asked_for_and_a_moment_later_not(people):
    order = received(people, kind=OrderKind.COMPLEX)
    due = order.due_at
    with refused(RefusalCode.ORDER_EXTENSION_LATE):
        order_extended.ask_extension(
            order.number,
            days=5,
            reason="来不及。",
            seen=None,
            by=people.acting(HANDLER),
            at=due + timedelta(microseconds=1),
        )
    order_extended.ask_extension(order.number, days=5, reason="来不及。", seen=None, by=people.acting(HANDLER), at=due)
    with refused(RefusalCode.ORDER_EXTENSION_LATE):
        order_extended.extend_order(order.number, seen=None, by=people.acting(SUPERVISOR), at=due + DAY)
    assert Order.objects.get().extended is False


@pytest.mark.parametrize("kind", [OrderKind.URGENT, OrderKind.NORMAL])
def test_other_orders_are_not_extended(people, kind):
    with refused(RefusalCode.ORDER_NOT_EXTENDABLE):
        asked(people, kind)


@pytest.mark.parametrize("days", [0, 8])
def test_an_extension_has_its_bounds(people, days):
    with refused(RefusalCode.ORDER_EXTENSION_DAYS):
        asked(people, days=days)


def test_only_the_issuer_grants_it(people):
    order, other = asked(people), second_supervisor(people)
    with refused(RefusalCode.ORDER_EXTENSION_BY_ISSUER):
        order_extended.extend_order(order.number, seen=None, by=other, at=AT)
    with refused(RefusalCode.PERMISSION_MISSING):
        order_extended.extend_order(order.number, seen=None, by=people.acting(HANDLER), at=AT)
    assert order_extended.extend_order(order.number, seen=None, by=people.acting(SUPERVISOR), at=AT).extended


def test_a_declined_request_leaves_the_term_and_may_be_made_again(people):
    order = asked(people)
    order_extended.decline_extension(
        order.number, answer="材料都在本市。", seen=None, by=people.acting(SUPERVISOR), at=AT
    )
    assert Order.objects.get().due_on == date(2026, 10, 12)
    with refused(RefusalCode.ORDER_EXTENSION_NONE):
        order_extended.extend_order(order.number, seen=None, by=people.acting(SUPERVISOR), at=AT)
    assert order_extended.ask_extension(
        order.number, days=2, reason="补充理由。", seen=None, by=people.acting(HANDLER), at=AT
    )


# --- no ---


def test_a_supervisor_does_not_verify_their_own_reply(people):
    Post.objects.create(
        officer=people.officers[SUPERVISOR],
        role=Role.HANDLER.value,
        organ=people.organ,
        section=people.section,
        since=SINCE,
    )
    order = received(people)
    answer(people, order, who=SUPERVISOR)
    other = second_supervisor(people)
    for step in (order_verified.verify_order, order_rejected.reject_reply):
        word = {"text": "属实。"} if step is order_verified.verify_order else {"reason": "不实。"}
        with refused(RefusalCode.ORDER_OWN_REPLY):
            step(order.number, seen=None, by=people.acting(SUPERVISOR), at=AT, **word)
    assert order_verified.verify_order(order.number, text="属实。", seen=None, by=other, at=AT).state == "VERIFIED"


def test_nobody_replies_after_the_close(people):
    order = verified(people)
    order_closed.close_order(order.number, outcome="办结。", seen=None, by=people.acting(SUPERVISOR), at=AT)
    with refused(RefusalCode.ORDER_WRONG_STATE):
        answer(people, order)
    with refused(RefusalCode.ORDER_WRONG_STATE):
        order_closed.withdraw_order(order.number, reason="误发。", seen=None, by=people.acting(SUPERVISOR), at=AT)


def test_another_organ_and_another_section_do_not_answer(people):
    water = Organ.objects.create(
        code="91990100MB00000002", name="云泽市水利局", short_name="云水", region=people.region
    )
    people.officers["何水"] = hire(water, None, "何水", "water", Role.HANDLER)
    law = Section.objects.create(organ=people.organ, name="法规科")
    people.officers["许律"] = hire(people.organ, law, "许律", "law", Role.HANDLER)
    order = issued(people)
    with refused(RefusalCode.NOT_FOUND):  # another organ does not even see it
        order_received.receive_order(order.number, seen=None, by=people.acting("何水"), at=AT)
    for name in ("许律", SUPERVISOR, "蒋华"):
        with refused(RefusalCode.ORDER_OTHER_ORGAN):
            order_received.receive_order(order.number, seen=None, by=people.acting(name), at=AT)
    assert order_received.receive_order(order.number, seen=None, by=people.acting(HEAD), at=AT).state == "RECEIVED"


def test_only_supervision_issues_verifies_and_closes(people):
    with refused(RefusalCode.PERMISSION_MISSING):
        issued(people, by=people.acting("蒋华"))
    order = replied(people)
    with refused(RefusalCode.PERMISSION_MISSING):
        order_verified.verify_order(order.number, text="属实。", seen=None, by=people.acting("王芳"), at=AT)


def test_a_card_brings_one_order_unless_the_first_was_withdrawn(people):
    first = issued(people, source=("card", "HP202600001"))
    with refused(RefusalCode.ORDER_EXISTS) as caught:
        issued(people, source=("card", "HP202600001"))
    assert caught.value.facts["number"] == first.number
    order_closed.withdraw_order(first.number, reason="误发。", seen=None, by=people.acting(SUPERVISOR), at=AT)
    again = issued(people, source=("card", "HP202600001"))
    assert again.number == "DB202600002"
    child = issued(people, source=("card", "HP202600001"), parent=again)  # an order below an order is another matter
    assert queries.children(again) == [child]


def test_a_withdrawn_order_counts_against_nobody(people):
    order = issued(people)
    order_closed.withdraw_order(
        order.number, reason="误发。", seen=None, by=people.acting(SUPERVISOR), at=AT + 30 * DAY
    )
    assert term(order).outcome == "void"
    assert queries.answered_in_time(date(2026, 9, 1), date(2026, 12, 31)) == {}


def test_the_page_that_grew_old_is_refused(people):
    order = issued(people)
    order_received.receive_order(order.number, seen=order.version, by=people.acting(HANDLER), at=AT)
    with refused(RefusalCode.STALE):
        order_replied.reply_to_order(
            order.number, text="迟到的页面。", seen=order.version, by=people.acting("周洋"), at=AT
        )


def test_two_who_read_the_same_state_do_not_both_step(people):
    order = received(people)
    mine, yours = (
        queries.order_for(people.acting(HANDLER), order.number),
        queries.order_for(people.acting("周洋"), order.number),
    )
    from zhengtong.domains.orders import actions

    actions.reply(mine, text="我的。", by=people.acting(HANDLER), at=AT)
    with refused(RefusalCode.STALE):
        actions.reply(yours, text="你的。", by=people.acting("周洋"), at=AT)
    assert Reply.objects.get().text == "我的。"


# --- nobody answers ---


def test_the_ladder_is_climbed_step_by_step_and_never_twice(people):
    order = issued(people)  # due 30 September
    assert sweep_orders(at=order.due_at) == 0
    night = order.due_at + timedelta(microseconds=1)
    assert sweep_orders(at=night) == 1
    assert sweep_orders(at=night) == 0
    first = Escalation.objects.get()
    assert (first.depth, first.parent, first.addressed) == (1, None, "云泽市商务局市场科")
    assert {one["name"] for one in first.people} == {HANDLER, "周洋", HEAD}
    # Five working days after 30 September: 8, 9, 10, 12, 13 October; the 14th begins the second step.
    assert sweep_orders(at=end_of(date(2026, 10, 13))) == 0
    assert sweep_orders(at=start_of(date(2026, 10, 14))) == 1
    second = Escalation.objects.get(depth=2)
    assert (second.parent, {one["name"] for one in second.people}) == (first, {"赵强", "钱慧"})
    assert sweep_orders(at=start_of(date(2026, 10, 21))) == 1
    third = Escalation.objects.get(depth=3)
    assert {one["name"] for one in third.people} == {SUPERVISOR, "蒋华"}
    assert sweep_orders(at=AT + 300 * DAY) == 0
    order = Order.objects.get()
    assert (order.depth, order.escalate_at, order.state) == (3, None, "OPEN")
    assert [p.number for p in OrderPaper.objects.filter(escalation__isnull=False)] == [
        f"（云商）催字〔2026〕第0000{n}号" for n in (1, 2, 3)
    ]
    assert kinds(order) == ["order.issued"] + ["order.escalated"] * 3
    assert [facts_of(e)["depth"] for e in entries_of("order", order.number)[1:]] == [1, 2, 3]
    assert len(told("order.escalated")) == 3 + 2 + 2
    assert check_subject(order, list(entries_of("order", order.number))) == []


def test_a_worker_that_slept_takes_every_step_in_its_order(people):
    issued(people)
    assert sweep_orders(at=AT + 60 * DAY) == 3
    assert [step.depth for step in Escalation.objects.order_by("pk")] == [1, 2, 3]


def test_who_answered_is_not_urged(people):
    order = replied(people)
    assert sweep_orders(at=AT + 60 * DAY) == 0
    order_rejected.reject_reply(order.number, reason="不实。", seen=None, by=people.acting(SUPERVISOR), at=AT)
    assert sweep_orders(at=AT + 60 * DAY) == 3  # the new term has a ladder of its own


def test_nobody_is_urged_on_a_date_that_is_not_firm(people):
    order = issued(people)
    Deadline.objects.filter(subject_kind="order").update(provisional=True)
    Order.objects.update(provisional=True)
    assert queries.open_orders(late_at=order.due_at + DAY) == queries.unanswered(order.due_on) == []
    assert sweep_orders(at=order.due_at + DAY) == 0
    assert sweep_orders(at=order.due_at + DAY) == 0
    Deadline.objects.filter(subject_kind="order").update(provisional=False)
    assert sweep_orders(at=order.due_at + 3 * DAY) == 1


def test_the_sweep_costs_what_is_due(people):
    for _ in range(5):
        issued(people)
    with CaptureQueriesContext(connection) as asked_for:
        assert sweep_orders(at=AT) == 0
    assert len(asked_for) == 1


def test_a_holiday_notice_moves_the_term_and_the_journal_says_so(people):
    from tests.flows.test_calendar_change import notice_2026

    order = issued(people)
    change_calendar(
        2026, notice_2026((date(2026, 9, 29), True)), source="国办发明电〔2026〕9号", by=people.acting("蒋华"), at=AT
    )
    order = Order.objects.get()
    assert (order.due_on, order.escalate_at) == (date(2026, 10, 8), start_of(date(2026, 10, 9)))
    assert kinds(order) == ["order.issued", "order.deadline_moved"]
    assert check_subject(order, list(entries_of("order", order.number))) == []


def test_the_system_issues_in_the_name_of_the_centre(people):
    centre = Organ.objects.create(
        code="91990100MB00000003", name="云泽市政务服务中心", short_name="云政", region=people.region, is_centre=True
    )
    order = issued(people, by=SYSTEM)
    assert (order.issuing_organ, order.issuer) == (centre, None)
    assert order.paper_no == "（云政）督字〔2026〕第00001号"


# --- what others ask ---


def test_answers_in_time_by_organ(people):
    replied(people)
    late = received(people)
    answer(people, late, at=late.due_at + DAY)
    issued(people)  # never answered
    september = date(2026, 9, 1), date(2026, 9, 30)
    assert queries.answered_in_time(*september) == {people.organ.pk: (1, 3)}
    assert queries.answered_in_time(date(2026, 10, 1), date(2026, 10, 31)) == {}
    assert len(queries.unanswered(date(2026, 9, 30))) == 1
    assert queries.unanswered(date(2026, 9, 29)) == []
    assert [len(queries.open_orders()), len(queries.open_orders(late_at=AT + 30 * DAY))] == [3, 1]
    assert [order.number for order in queries.newest_orders(2)] == ["DB202600003", "DB202600002"]


def test_the_papers_are_drawn_from_what_was_frozen(people, settings, tmp_path):
    settings.FILES_DIR = tmp_path
    order = issued(people)
    sweep_orders(at=AT + 60 * DAY)
    for paper in queries.order_papers(order):
        file = order_paper.draw_order_paper(paper, at=AT)
        assert order_paper.draw_order_paper(paper, at=AT).pk == file.pk
        assert file.media_type == "application/pdf"
    assert len({paper.file_id for paper in OrderPaper.objects.all()}) == 4
