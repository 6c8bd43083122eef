"""特办 and 作废 from proposal to answer: who may propose, who may agree, what the shorter limit is and when it ends."""

from datetime import date

import pytest

from tests.flows.acts import (
    AGREED,
    AT,
    AT_ONCE,
    OIL,
    at,
    bring,
    holder,
    kinds,
    last,
    limits,
    refused,
    row_of,
    sound,
)
from tests.people import Cast, cast
from zhengtong.base.deadlines.models import Deadline
from zhengtong.domains.cases import queries as cases
from zhengtong.domains.cases.models import Case
from zhengtong.domains.supervision.models import Card
from zhengtong.flows import accept, decide, forward, special, stop_clock, void
from zhengtong.flows.supervise import supervise
from zhengtong.rules.procedure import State
from zhengtong.rules.refusal import RefusalCode

pytestmark = pytest.mark.django_db
URGENT = "企业下周参展，证照到手才能签约。"


@pytest.fixture
def people() -> Cast:
    return cast(OIL, AT_ONCE)


def ask(people: Cast, case: Case, name: str = "张敏") -> None:
    special.ask_special(case.number, reason=URGENT, seen=None, by=people.acting(name), at=AT)


def grant(people: Cast, case: Case, days: int | None = 5) -> None:
    special.grant_special(case.number, days=days, seen=None, by=people.acting("蒋华"), at=AT)


def shorter(case: Case) -> Deadline:
    return Deadline.objects.get(subject_key=case.number, kind="expedited")


def test_granted_before_acceptance_it_runs_from_acceptance(people: Cast) -> None:
    case = bring(people, State.SUBMITTED)
    ask(people, case)
    entry, facts = last(case)
    assert (entry.kind, facts) == ("case.special_asked", {"reason": URGENT})
    assert not row_of(case).is_special
    grant(people, case)
    assert last(case)[1] == {"days": 5}, "why it is urgent is the house's own word: the applicant reads this entry"
    assert (row_of(case).is_special, row_of(case).special_asked_by) == (True, None)
    assert "expedited" not in limits(case), "nothing runs before acceptance"
    accept.accept(case.number, seen=None, by=people.acting("张敏"), at=AT)
    # Thursday 24 September; off: 25 to 27 September, 1 to 7 October
    assert (shorter(case).due_on, row_of(case).due_on) == (date(2026, 10, 9), date(2026, 10, 15))
    sound(case)


def test_granted_afterwards_it_runs_from_then_and_ends_with_the_decision(people: Cast) -> None:
    case = bring(people, State.APPROVING)
    ask(people, case, "孙丽")
    grant(people, case, 3)
    assert last(case)[1]["due"] == shorter(case).due_on.isoformat()
    assert shorter(case).due_on < row_of(case).due_on
    decide.decide(case.number, grants=True, opinion=AGREED, seen=None, by=holder(people, case), at=at(days=1))
    assert shorter(case).outcome == Deadline.MET
    sound(case)


def test_passed_it_is_a_card_of_supervision_though_the_promise_holds(people: Cast) -> None:
    case = bring(people, State.PROCESSING)
    ask(people, case)
    grant(people, case, 1)
    supervise(at=at(days=4))  # Monday 28 September, the last day
    assert not Card.objects.exists()
    supervise(at=at(days=6))
    card = Card.objects.get()
    assert (card.rule_code, card.level, card.facts["limit"]) == ("T-04", "yellow", "expedited")


def test_who_asked_does_not_grant_and_nobody_below_the_head_of_the_centre_does(people: Cast) -> None:
    case = bring(people, State.PROCESSING)
    with refused(RefusalCode.SPECIAL_NOT_ASKED, case):
        grant(people, case)
    with refused(RefusalCode.CASE_NOT_IN_HAND, case):
        ask(people, case, "王芳")
    with refused(RefusalCode.TEXT_REQUIRED, case):
        special.ask_special(case.number, reason=" ", seen=None, by=people.acting("张敏"), at=AT)
    ask(people, case)
    with refused(RefusalCode.SPECIAL_ASKED, case):
        ask(people, case)
    for name in ("张敏", "孙丽", holder(people, case).name, "赵强"):
        with refused(RefusalCode.PERMISSION_MISSING, case):
            special.grant_special(case.number, days=3, seen=None, by=people.acting(name), at=AT)
    grant(people, case, 3)
    with refused(RefusalCode.SPECIAL_ALREADY, case):
        ask(people, case)
    with refused(RefusalCode.SPECIAL_NOT_ASKED, case):
        grant(people, case)


def test_a_manager_does_not_grant_what_they_asked_for(people: Cast) -> None:
    case = bring(people, State.PROCESSING)
    people.officers["蒋华"].posts.create(
        role="section_head", organ=people.organ, section=people.section, since=date(2020, 1, 1)
    )
    ask(people, case, "蒋华")
    with refused(RefusalCode.SPECIAL_SAME_PERSON, case):
        grant(people, case)


def test_at_most_half_of_the_promise_and_ending_before_it(people: Cast) -> None:
    case = bring(people, State.PROCESSING)  # promise 10 working days, accepted today
    ask(people, case)
    for days in (6, 0, None):
        with refused(RefusalCode.SPECIAL_DAYS, case, most=5):
            grant(people, case, days)
    late = at(days=20)  # 14 October: the promise ends tomorrow
    with refused(RefusalCode.SPECIAL_DAYS, case, most=0):
        special.grant_special(case.number, days=1, seen=None, by=people.acting("蒋华"), at=late)
    special.grant_special(case.number, days=None, seen=None, by=people.acting("蒋华"), at=late)
    assert row_of(case).is_special
    assert "expedited" not in limits(case), "it comes first; there is nothing left to shorten"


def test_an_immediate_case_needs_no_shorter_limit(people: Cast) -> None:
    case = bring(people, State.ACCEPTED)
    ask(people, case)
    row = row_of(case)
    with refused(RefusalCode.SPECIAL_DAYS, case, most=0):
        grant(people, case, 1)
    grant(people, case, None)
    assert row_of(case).is_special
    assert row.case_kind == "IMMEDIATE"


def test_declined_with_a_reason_taken_back_without(people: Cast) -> None:
    case = bring(people, State.PROCESSING)
    ask(people, case)
    with refused(RefusalCode.PERMISSION_MISSING, case):
        special.decline_special(case.number, reason="不急", seen=None, by=people.acting("孙丽"), at=AT)
    with refused(RefusalCode.TEXT_REQUIRED, case):
        special.decline_special(case.number, reason="", seen=None, by=people.acting("蒋华"), at=AT)
    special.decline_special(case.number, reason="下周才用，不急。", seen=None, by=people.acting("蒋华"), at=AT)
    assert (kinds(case)[-1], last(case)[1]) == ("special_declined", {"reason": "下周才用，不急。"})
    ask(people, case)
    special.decline_special(case.number, reason="", seen=None, by=people.acting("张敏"), at=AT)
    row = row_of(case)
    assert (row.is_special, row.special_asked_by, row.special_reason) == (False, None, "")
    with refused(RefusalCode.SPECIAL_NOT_ASKED, case):
        special.decline_special(case.number, reason="", seen=None, by=people.acting("张敏"), at=AT)
    sound(case)


def test_ended_it_is_handled_as_usual_and_may_be_asked_for_again(people: Cast) -> None:
    case = bring(people, State.PROCESSING)
    ask(people, case)
    grant(people, case)
    promise = row_of(case).due_on
    with refused(RefusalCode.PERMISSION_MISSING, case):
        special.end_special(case.number, reason="不急了", seen=None, by=people.acting("张敏"), at=AT)
    special.end_special(case.number, reason="企业改期参展。", seen=None, by=people.acting("蒋华"), at=AT)
    assert (row_of(case).is_special, row_of(case).due_on, shorter(case).outcome) == (False, promise, Deadline.VOID)
    with refused(RefusalCode.SPECIAL_NOT_ASKED, case):
        special.end_special(case.number, reason="再来一次", seen=None, by=people.acting("蒋华"), at=AT)
    ask(people, case)
    grant(people, case, 4)
    assert sorted(row.outcome for row in Deadline.objects.filter(subject_key=case.number, kind="expedited")) == [
        Deadline.OPEN,
        Deadline.VOID,
    ]
    sound(case)


def test_a_special_procedure_stops_it_and_an_extension_does_not_lengthen_it(people: Cast) -> None:
    case = bring(people, State.APPROVING)
    ask(people, case)
    grant(people, case, 5)
    due = shorter(case).due_on
    stop_clock.extend(case.number, days=10, reason="案情复杂", seen=None, by=holder(people, case), at=AT)
    assert (shorter(case).due_on, shorter(case).extension) == (due, 0)
    second = bring(people, State.PROCESSING, 2)
    ask(people, second)
    grant(people, second, 5)
    stop_clock.suspend(
        second.number, code="site_survey", reason="需现场核查", days=10, seen=None, by=holder(people, second), at=AT
    )
    assert shorter(second).due_on is None
    with refused(RefusalCode.CASE_WRONG_STATE, second):
        ask(people, second)


def test_voiding_may_be_declined_or_taken_back(people: Cast) -> None:
    case = bring(people, State.PROCESSING)
    with refused(RefusalCode.VOID_NOT_PROPOSED, case):
        void.decline_void(case.number, reason="没有错", seen=None, by=people.acting("孙丽"), at=AT)
    void.propose_void(case.number, reason="重复录入", seen=None, by=people.acting("张敏"), at=AT)
    with refused(RefusalCode.PERMISSION_MISSING, case):
        void.decline_void(case.number, reason="没有错", seen=None, by=people.acting("陈静"), at=AT)
    with refused(RefusalCode.TEXT_REQUIRED, case):
        void.decline_void(case.number, reason="", seen=None, by=people.acting("孙丽"), at=AT)
    void.decline_void(case.number, reason="是两个门店，没有重复。", seen=None, by=people.acting("孙丽"), at=AT)
    assert (row_of(case).void_proposed_by, last(case)[1]) == (None, {"reason": "是两个门店，没有重复。"})
    with refused(RefusalCode.VOID_NOT_PROPOSED, case):
        void.void(case.number, seen=None, by=people.acting("孙丽"), at=AT)
    void.propose_void(case.number, reason="重复录入", seen=None, by=people.acting("张敏"), at=AT)
    void.decline_void(case.number, reason="", seen=None, by=people.acting("张敏"), at=AT)
    assert kinds(case)[-2:] == ["void_proposed", "void_declined"]
    forward.forward(case.number, opinion=AGREED, seen=None, by=holder(people, case), at=AT)
    sound(case)


def test_each_finds_what_waits_for_their_own_yes(people: Cast) -> None:
    first, second = bring(people, State.PROCESSING, 1), bring(people, State.PROCESSING, 2)
    void.propose_void(first.number, reason="重复录入", seen=None, by=people.acting("孙丽"), at=AT)
    ask(people, first)
    ask(people, second)

    def waiting(name: str) -> list[tuple[str, bool, bool, list[str]]]:
        by = people.acting(name)
        found = [(one.case.number, one.void, one.special, one.proposers) for one in cases.proposals(by).cases]
        assert cases.proposed_count(by) == len(found)
        return found

    assert waiting("蒋华") == [
        (second.number, False, True, ["张敏"]),
        (first.number, True, True, ["孙丽", "张敏"]),
    ]
    assert waiting("孙丽") == [], "what she proposed waits for another"
    assert waiting("王芳") == []
    page = cases.proposals(people.acting("蒋华"), limit=1)
    assert [one.case.number for one in cases.proposals(people.acting("蒋华"), after=page.after).cases] == [first.number]
    void.void(first.number, seen=None, by=people.acting("蒋华"), at=AT)
    assert [number for number, *_ in waiting("蒋华")] == [second.number]
