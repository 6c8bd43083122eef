"""Lights become cards: at the hour of the signal, once, by the level reached, told to those concerned."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.flows.acts import AGREED, AT, AT_ONCE, OIL, bring, holder
from tests.people import Cast, accepted, cast, hire, submitted
from zhengtong.base import journal
from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.journal.queries import entries_of
from zhengtong.base.outbox.models import Message
from zhengtong.base.permission import SYSTEM
from zhengtong.base.seal.actions import seal
from zhengtong.domains.orders.models import Order
from zhengtong.domains.registry.models import Officer, Organ, Section
from zhengtong.domains.supervision.actions import follow_moved_limit
from zhengtong.domains.supervision.models import Card
from zhengtong.flows import card_appealed, decide, forward, handle, stop_clock, supervise, sweep, void
from zhengtong.rules.clock import SHANGHAI
from zhengtong.rules.procedure import State
from zhengtong.rules.refusal import Refusal
from zhengtong.rules.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast(OIL, AT_ONCE)


def midnight(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def cards(key: str) -> list[tuple[str, str]]:
    return list(Card.objects.filter(subject_key=key).order_by("id").values_list("rule_code", "level"))


def told(card: Card) -> set[str]:
    from zhengtong.domains.registry.models import Officer

    accounts = Message.objects.filter(subject_kind="card", subject_key=card.number).values_list("account_id", flat=True)
    return set(Officer.objects.filter(account_id__in=accounts).values_list("name", flat=True))


def sound(card: Card) -> None:
    row = Card.objects.get(pk=card.pk)
    assert journal.check_subject(row, list(entries_of("card", row.number))) == []


def limits(key: str) -> dict[str, str]:
    return {row.kind: str(row.due_on) for row in Deadline.objects.filter(subject_key=key)}


def reviewed(when: datetime) -> int:
    while seal(at=when):
        pass
    done = 0
    while n := supervise.review(at=when):
        done += n
    return done


def sweep_at(text: str) -> datetime:
    when = midnight(text)
    while supervise.supervise(at=when):
        pass
    return when


# Accepted on Thursday 2026-09-24: promise 10, legal limit 20 working days, stage of handling 5; holidays lie between.
@pytest.mark.parametrize(
    ("looked", "expected"),
    [
        ("2026-10-11T23:59", []),
        ("2026-10-12T00:00", [("T-01", "remind")]),  # at its end three are left of the promise, due 2026-10-15
        ("2026-10-13T00:00", [("T-01", "warn")]),  # two; looked late: the reminder is not made up for
        ("2026-10-15T23:59", [("T-01", "warn")]),
        ("2026-10-16T00:00", [("T-02", "yellow")]),  # the first instant after it
        ("2026-10-29T23:59", [("T-02", "yellow")]),
        ("2026-10-30T00:00", [("T-03", "red")]),  # legal limit 2026-10-29; the yellow one is not made up for
    ],
)
def test_the_level_reached_is_carded(people: Cast, looked: str, expected: list[tuple[str, str]]) -> None:
    case = accepted(people, 1, OIL)
    assert (limits(case.number)["promise"], limits(case.number)["legal"]) == ("2026-10-15", "2026-10-29")
    sweep_at(looked)
    assert [card for card in cards(case.number) if card[0] != "T-04"] == expected
    for card in Card.objects.all():
        sound(card)


def test_each_level_is_told_to_one_more_circle(people: Cast) -> None:
    """§5.2: the officer; + the head of the section; + the chief representative; + supervision."""
    case = accepted(people, 1, OIL)
    handler = next(name for name, o in people.officers.items() if o.pk == case.holder_id)
    heard = {}
    for day in ("2026-10-12", "2026-10-13", "2026-10-16", "2026-10-30"):
        sweep_at(f"{day}T00:00")
        card = Card.objects.filter(subject_key=case.number).exclude(rule_code="T-04").latest("id")
        heard[card.level] = told(card)
    assert heard["remind"] == {handler}
    assert heard["warn"] == {handler, "孙丽"}
    assert heard["yellow"] == {handler, "孙丽", "赵强", "钱慧"}
    assert heard["red"] == {handler, "孙丽", "赵强", "钱慧", "吴涛"}


def test_a_red_card_brings_its_order_and_an_answer_is_due(people: Cast) -> None:
    case = accepted(people, 1, OIL)
    sweep_at("2026-10-30T00:00")
    card = Card.objects.get(subject_key=case.number, level="red")
    order = Order.objects.get(number=card.order_no)
    assert (card.state, card.points, str(card.answer_due_on)) == ("ESCALATED", -10, "2026-11-04")
    assert (order.source_kind, order.source_key, order.case_no) == ("card", card.number, case.number)
    yellow = Card.objects.filter(subject_key=case.number, level="yellow", rule_code="T-02")
    assert not yellow.exists()  # a lower card is not issued once a higher exists


def test_the_same_sweep_twice_and_a_clock_stopped_and_moved_issue_nothing_twice(people: Cast) -> None:
    case = accepted(people, 1, OIL)
    when = sweep_at("2026-10-13T00:00")
    before = cards(case.number)
    stop_clock.suspend(
        case.number, code="site_survey", reason="需现场核查", days=10, seen=None, by=holder(people, case), at=when
    )
    sweep_at("2026-10-20T00:00")
    assert [c for c in cards(case.number) if c[0] != "T-06"] == before  # it stands still
    stop_clock.resume(case.number, result="已核查", seen=None, by=holder(people, case), at=midnight("2026-10-20T10:00"))
    row = Deadline.objects.get(subject_key=case.number, kind="promise")
    assert str(row.due_on) == "2026-10-22"
    sweep_at("2026-10-22T00:00")  # warned of again by the clock, carded before
    assert [c for c in cards(case.number) if c[0] != "T-06"] == before
    sweep_at("2026-10-23T00:00")
    assert ("T-02", "yellow") in cards(case.number)


def test_a_void_case_gets_no_card_and_one_that_is_late_does(people: Cast) -> None:
    gone, late = accepted(people, 1, OIL), accepted(people, 2, OIL)
    void.propose_void(gone.number, reason="重复录入", seen=None, by=people.acting("张敏"), at=AT)
    void.void(gone.number, seen=None, by=people.acting("孙丽"), at=AT)
    when = sweep_at("2026-10-16T00:00")
    reviewed(when)
    assert cards(gone.number) == []
    assert ("T-02", "yellow") in cards(late.number)


def test_no_card_on_a_provisional_date(people: Cast) -> None:
    case = accepted(people, 1, OIL, at=midnight("2026-12-28T10:00"))
    assert Deadline.objects.get(subject_key=case.number, kind="promise").provisional
    sweep_at("2027-03-01T00:00")
    assert cards(case.number) == []


def test_an_immediate_case_left_over_night(people: Cast) -> None:
    case = bring(people, State.ACCEPTED)
    sweep_at("2026-09-25T00:00")
    assert cards(case.number) == [("T-05", "yellow")]  # one lateness, one card: not T-02 as well


def test_a_case_decided_late_before_anybody_looked_is_found_by_the_review(people: Cast) -> None:
    case, in_time = accepted(people, 1, OIL), accepted(people, 2, OIL)
    for number, day in ((case.number, "2026-10-16"), (in_time.number, "2026-10-10")):
        when = midnight(f"{day}T10:00")
        for _ in range(2):
            forward.forward(number, opinion=AGREED, seen=None, by=holder(people, number), at=when)
        decide.decide(number, grants=True, opinion=AGREED, seen=None, by=holder(people, number), at=when)
    reviewed(midnight("2026-10-16T11:00"))
    assert [c for c in cards(case.number) if c[0] != "T-04"] == [("T-02", "yellow")]
    assert [c for c in cards(in_time.number) if c[0] != "T-04"] == []
    sound(Card.objects.get(subject_key=case.number, rule_code="T-02"))


def test_a_notice_nobody_gave(people: Cast) -> None:
    """Deemed accepted by the clock: T-07 for the window, once, whoever comes first, the sweep or the review."""
    case = submitted(people, 1, OIL)
    when = midnight("2026-10-12T00:00")  # five working days: 9-28, 29, 30, 10-08, 09
    assert sweep.sweep(at=when) == (1, 0)
    reviewed(when)
    supervise.supervise(at=when)
    assert [card for card in cards(case.number) if card[0] in ("T-07", "T-08")] == [("T-07", "yellow")]


def test_a_result_nobody_delivered(people: Cast) -> None:
    case = bring(people, State.FINISHED)
    assert limits(case.number)["delivery"] == "2026-10-15"
    sweep_at("2026-10-15T23:59")
    assert cards(case.number) == []
    sweep_at("2026-10-16T00:00")
    assert cards(case.number) == [("T-09", "yellow")]


def test_a_special_procedure_that_never_ends(people: Cast) -> None:
    case = bring(people, State.SUSPENDED)
    due = Deadline.objects.get(subject_key=case.number, kind="special").due_on
    assert str(due) == "2026-10-15"
    for day in ("2026-10-13", "2026-10-16", "2026-10-17"):
        sweep_at(f"{day}T00:00")
    assert cards(case.number) == [("T-06", "warn"), ("T-06", "yellow"), ("T-06", "red")]


def test_a_section_that_does_not_answer_is_carded_and_one_that_does_is_not(people: Cast) -> None:
    law = Section.objects.create(organ=people.organ, name="法规科")
    case, answered = accepted(people, 1, OIL), accepted(people, 2, OIL)
    asked = [
        handle.consult(
            one.number, section_id=law.pk, question="是否需要听证？", seen=None, by=holder(people, one), at=AT
        )
        for one in (case, answered)
    ]
    hire(people.organ, law, "苏文", "law", Role.HANDLER)
    people.officers["苏文"] = Officer.objects.get(staff_no="law")
    handle.answer(asked[1].pk, agrees=True, text="不需要。", by=people.acting("苏文"), at=AT)
    sweep_at("2026-10-01T00:00")  # three working days: 09-28, 29, 30
    assert ("T-14", "yellow") in cards(case.number)
    assert "T-14" not in dict(cards(answered.number))
    card = Card.objects.get(subject_key=case.number, rule_code="T-14")
    assert (card.section, card.officer) == (law, None)


def test_an_unanswered_card_becomes_an_order(people: Cast) -> None:
    case = accepted(people, 1, OIL)
    sweep_at("2026-10-16T00:00")
    card = Card.objects.get(subject_key=case.number, rule_code="T-02")
    assert str(card.answer_due_on) == "2026-10-20"  # two working days after Friday
    sweep_at("2026-10-20T23:59")
    assert Card.objects.get(pk=card.pk).order_no == ""
    sweep_at("2026-10-21T00:00")
    escalated = Card.objects.get(pk=card.pk)
    assert (escalated.state, Order.objects.get(number=escalated.order_no).kind) == ("ESCALATED", "URGENT")
    sound(escalated)


def test_a_late_order_is_carded_and_brings_no_order_of_its_own(people: Cast) -> None:
    case = accepted(people, 1, OIL)
    sweep_at("2026-10-30T00:00")
    order = Order.objects.get(case_no=case.number)
    due = Deadline.objects.get(subject_kind="order", subject_key=order.number)
    sweep_at(f"{due.due_on + timedelta(days=1)}T00:00")
    assert cards(order.number) == [("T-16", "yellow")]
    sweep_at("2026-11-30T00:00")
    assert cards(order.number) == [("T-16", "yellow"), ("T-16", "red")]
    assert not Order.objects.filter(
        source_key__in=Card.objects.filter(subject_key=order.number).values("number")
    ).exists()


def test_nothing_due_costs_two_look_ups(people: Cast) -> None:
    for number in range(1, 4):
        accepted(people, number, OIL)
    with CaptureQueriesContext(connection) as queries:
        assert supervise.supervise(at=AT) == 0
    assert len(queries) == 2


# --- two at once ---


def test_two_sweeps_over_the_same_limits_issue_one_card(people: Cast) -> None:
    """Both have read what is due; the second finds it done."""
    case = accepted(people, 1, OIL)
    when = midnight("2026-10-16T00:00")
    book = supervise.RuleBook(supervise.current_law(), when.date())
    read_by_both = supervise.signals_due(at=when)
    supervise._sweep(read_by_both, book, when)
    before = cards(case.number)
    supervise._sweep(read_by_both, book, when)
    assert cards(case.number) == before != []


def test_a_card_another_worker_has_just_written_is_not_written_twice(people: Cast, monkeypatch) -> None:
    from zhengtong.domains.supervision.actions import raising

    case = accepted(people, 1, OIL)
    sweep_at("2026-10-16T00:00")
    before, asked = cards(case.number), []

    def blind_at_first(finding, ladder) -> bool:
        asked.append(finding.rule_code)
        return len(asked) % 2 == 0  # "not there" when asked, there once the database has refused

    monkeypatch.setattr(raising, "_there", blind_at_first)
    Deadline.objects.filter(subject_key=case.number, kind="promise").update(next_signal_at=midnight("2026-10-16"))
    supervise.supervise(at=midnight("2026-10-17"))
    assert (asked, cards(case.number)) == (["T-02", "T-02"], before)


def test_a_step_that_came_between_is_not_swept_over(people: Cast) -> None:
    """The limit was read as due, then the case was decided: no card."""
    case = accepted(people, 1, OIL)
    when = midnight("2026-10-16T00:00")
    read = [row for row in supervise.signals_due(at=when) if row.kind == "promise"]
    Deadline.objects.filter(pk=read[0].pk).update(outcome="met", next_signal_at=None)
    supervise._sweep(read, supervise.RuleBook(supervise.current_law(), when.date()), when)
    assert ("T-02", "yellow") not in cards(case.number)


# --- a rule that is changed ---


def test_an_earlier_reminder_reaches_running_limits_and_those_that_begin_later(people: Cast) -> None:
    from zhengtong.domains.supervision.actions import set_version

    running = accepted(people, 1, OIL)
    set_version(
        "T-01", effective_from=midnight("2026-09-28").date(), source="办公会", levels={"remind": -5, "warn": -2},
        by=people.acting("吴涛"), at=AT,
    )  # fmt: skip
    sweep_at("2026-09-28T00:00")
    later = accepted(people, 2, OIL, at=midnight("2026-09-28T10:00"))
    reviewed(midnight("2026-09-28T11:00"))
    for case in (running, later):
        row = Deadline.objects.get(subject_key=case.number, kind="promise")
        left = supervise.current_law().calendar.working_days(row.next_signal_at.astimezone(SHANGHAI).date(), row.due_on)
        assert (row.next_signal, left) == ("REMIND", 5)
        assert cards(case.number) == []


def test_a_revoked_red_card_takes_its_order_with_it(people: Cast) -> None:
    case = accepted(people, 1, OIL)
    when = sweep_at("2026-10-30T00:00")
    card = Card.objects.get(subject_key=case.number, level="red")
    outside = Organ.objects.create(
        code="91990100MB00000009", name="云泽市效能监察中心", short_name="云监", region=people.region
    )
    people.officers["严正"] = hire(outside, None, "严正", "outside", Role.SUPERVISOR)
    handler = next(name for name, officer in people.officers.items() if officer.pk == card.officer_id)
    card_appealed.appeal(card.number, reasons="停机有公告。", by=people.acting(handler), at=when)
    with pytest.raises(Refusal, match="involved"):
        card_appealed.decide(card.number, revoke=True, reasons="属实。", by=people.acting("吴涛"), at=when)
    card_appealed.decide(card.number, revoke=True, reasons="停机属实。", by=people.acting("严正"), at=when)
    revoked = Card.objects.get(pk=card.pk)
    assert (revoked.state, revoked.points) == ("REVOKED", 0)
    assert Order.objects.get(number=revoked.order_no).result == "withdrawn"
    sound(revoked)


def test_a_holiday_notice_moves_the_answer_of_a_card(people: Cast) -> None:
    accepted(people, 1, OIL)
    sweep_at("2026-10-16T00:00")
    card = Card.objects.get(rule_code="T-02")
    row = Deadline.objects.get(subject_kind="card", subject_key=card.number)
    row.due_on += timedelta(days=1)
    follow_moved_limit(card, row, old=card.answer_due_on, reason="放假安排", by=SYSTEM, at=AT)
    assert Card.objects.get(pk=card.pk).answer_due_on == row.due_on
    sound(card)
