"""Every step in every state, by every person: where it is lawful it is done, everywhere else it leaves no trace."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from tests.answers import PDF
from tests.flows.acts import (
    AGREED,
    AT,
    AT_ONCE,
    OIL,
    UPWARD,
    at,
    bring,
    bring_supplement,
    defect,
    holder,
    refused,
    row_of,
    stale,
    trace,
)
from tests.people import POSTS, Cast, cast, hire
from zhengtong.base.permission import Acting
from zhengtong.domains.cases.models import Case
from zhengtong.domains.registry.models import Organ
from zhengtong.flows import (
    accept,
    decide,
    deliver,
    finish,
    forward,
    hand_in,
    handle,
    refuse_acceptance,
    request_supplement,
    send_up,
    stop_clock,
    supplement,
    talk,
    void,
    withdraw,
)
from zhengtong.rules.procedure import BEFORE_DECISION, HANDLED, MOVES, ROLE_OF, Stage, State, Step
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability, Role

pytestmark = pytest.mark.django_db

ON_STAGE = {"ACCEPT": "陈静", "PROCESS": "周洋", "REVIEW": "王芳", "APPROVE": "钱慧", "FINISH": "陈静"}


@pytest.fixture
def people() -> Cast:
    return cast(OIL, UPWARD, AT_ONCE)


def to_colleague(people: Cast, number: str) -> int:
    case = row_of(number)
    return people.officers[ON_STAGE[case.suspended_stage or case.stage]].pk


Act = Callable[..., Any]
ACTS: dict[Step, Callable[[Cast, str], Act]] = {
    Step.ACCEPT: lambda p, n: lambda **k: accept.accept(n, **k),
    Step.REFUSE_ACCEPTANCE: lambda p, n: (
        lambda **k: refuse_acceptance.refuse_acceptance(
            n, reason="申请事项依法不需要取得行政许可。", basis="行政许可法第三十二条", **k
        )
    ),
    Step.REQUEST_SUPPLEMENT: lambda p, n: (
        lambda **k: request_supplement.request_supplement(n, [defect(p, row_of(n), visible=False)], **k)
    ),
    Step.SUPPLEMENT: lambda p, n: lambda **k: supplement.supplement(n, **k),
    Step.WITHDRAW: lambda p, n: lambda **k: withdraw.withdraw(n, reason="不再申请", **k),
    Step.ASSIGN: lambda p, n: lambda **k: handle.assign(n, to=to_colleague(p, n), reason="分派", **k),
    Step.FORWARD: lambda p, n: lambda **k: forward.forward(n, opinion=AGREED, **k),
    Step.RETURN: lambda p, n: lambda **k: handle.send_back(n, reason="核查记录缺一人签名", **k),
    Step.RECALL: lambda p, n: lambda **k: handle.recall(n, **k),
    Step.CONSULT: lambda p, n: lambda **k: handle.consult(n, section_id=p.section.pk, question="是否符合规划？", **k),
    Step.SUSPEND: lambda p, n: lambda **k: stop_clock.suspend(n, code="hearing", reason="申请人要求听证", days=20, **k),
    Step.RESUME: lambda p, n: lambda **k: stop_clock.resume(n, result="核查完毕", **k),
    Step.EXTEND: lambda p, n: lambda **k: stop_clock.extend(n, days=10, reason="案情复杂", **k),
    Step.SEND_UP: lambda p, n: lambda **k: send_up.send_up(n, upper_organ="云泽省商务厅", opinion=AGREED, **k),
    Step.RESULT_BACK: lambda p, n: lambda **k: send_up.result_back(n, grants=True, opinion=AGREED, **k),
    Step.DECIDE: lambda p, n: lambda **k: decide.decide(n, grants=True, opinion=AGREED, **k),
    Step.FINISH: lambda p, n: lambda **k: finish.finish(n, note="", **k),
    Step.DELIVER: lambda p, n: lambda **k: deliver.deliver(n, mode="direct", recipient="林小雨", **k),
    Step.VOID: lambda p, n: lambda **k: void.void(n, **k),
}

OF_THE_STAGE = {Step.FORWARD, Step.RETURN, Step.CONSULT, Step.SUSPEND, Step.RESUME}

# By whom a step is lawful, written down once more and by hand: "holder" is whoever holds the case.
LAWFUL: dict[Step, dict[State, set[str]]] = {
    Step.ACCEPT: {State.SUBMITTED: {"张敏", "陈静"}},
    Step.REFUSE_ACCEPTANCE: {State.SUBMITTED: {"张敏", "陈静"}},
    Step.REQUEST_SUPPLEMENT: {State.SUBMITTED: {"张敏", "陈静"}},
    Step.SUPPLEMENT: {State.SUPPLEMENT: {"张敏", "陈静", "applicant"}},
    Step.WITHDRAW: {state: {"张敏", "陈静", "applicant"} for state in BEFORE_DECISION},
    Step.ASSIGN: {state: {"孙丽", "蒋华", "holder"} for state in HANDLED | {State.SUSPENDED}}
    | {State.SUBMITTED: {"孙丽", "蒋华", "陈静"}},  # 陈静 takes it herself
    Step.FORWARD: {State.PROCESSING: {"holder"}, State.REVIEWING: {"holder"}},
    Step.RETURN: {State.REVIEWING: {"holder"}, State.APPROVING: {"holder"}},
    Step.RECALL: {State.REVIEWING: {"passed on"}, State.APPROVING: {"passed on"}},
    Step.CONSULT: {state: {"holder"} for state in HANDLED},
    Step.SUSPEND: {state: {"holder"} for state in HANDLED},
    Step.RESUME: {State.SUSPENDED: {"holder"}},
    Step.EXTEND: {State.APPROVING: {"holder"}},  # only the approver, and only who holds it
    Step.SEND_UP: {},  # a promised case never goes up
    Step.RESULT_BACK: {State.FORWARDED: {"赵强", "钱慧", "张敏", "陈静"}},
    Step.DECIDE: {State.APPROVING: {"holder"}, State.ACCEPTED: {"holder"}},  # art. 34(2): the clerk who accepted it
    Step.FINISH: {State.DECIDED: {"张敏", "陈静"}},
    Step.DELIVER: {State.FINISHED: {"张敏", "陈静"}},
    Step.VOID: {state: {"孙丽", "蒋华"} for state in BEFORE_DECISION},
}


def everybody(people: Cast) -> dict[str, Acting]:
    return {name: people.acting(name) for name in POSTS} | {"applicant": people.applicant, "stranger": people.other}


def lawful(people: Cast, step: Step, case: Case) -> set[str]:
    names = set(LAWFUL[step].get(State(case.state), ()))
    found: set[str] = set()
    for name in names:
        if name == "holder":
            found.add(holder(people, case).name)
        elif name == "passed on":
            before = case.handler_id if case.state == State.REVIEWING.value else case.reviewer_id
            found.add(next(n for n, o in people.officers.items() if o.pk == before))
        else:
            found.add(name)
    return found


def prepare(people: Cast, step: Step, case: Case) -> None:
    """What a step needs beside the state: files for a supplement, a proposal before a case is voided."""
    if step is Step.VOID and case.state in BEFORE_DECISION:
        void.propose_void(case.number, reason="重复录入", seen=None, by=people.acting("陈静"), at=AT)
    if step is Step.SUPPLEMENT and case.state == State.SUPPLEMENT.value:
        code = defect(people, case).material_code
        hand_in.hand_in_supplement(case.number, code, io.BytesIO(PDF), "补正.pdf", by=people.applicant, at=AT)


@pytest.mark.parametrize("state", list(State), ids=str)
def test_each_step_by_each_person(people: Cast, state: State) -> None:
    """The whole table: 15 states × 19 steps × 15 people. A "yes" is done and rolled back, a "no" must change nothing."""
    case = bring(people, state)
    crowd = everybody(people)
    yes = 0
    for step, make in ACTS.items():
        with transaction.atomic():
            prepare(people, step, case)
            may = lawful(people, step, row_of(case))
            before = trace(case.number)
            for name, by in crowd.items():
                act = make(people, case.number)
                if name in may:
                    with transaction.atomic():
                        version = row_of(case).version
                        act(seen=version, by=by, at=at(0.1))
                        assert row_of(case).version == version + 1, (step, name)
                        transaction.set_rollback(True)
                    yes += 1
                    continue
                with pytest.raises(Refusal) as caught:
                    act(seen=None, by=by, at=at(0.1))
                code = caught.value.code
                if name == "stranger" or (by.is_officer and not by.can(Ability.SEARCH_FILES)):
                    assert code is RefusalCode.NOT_FOUND, (step, name, code)  # who keeps people or items sees no case
                elif step == Step.RECALL and state in MOVES[step].start:
                    assert code in (RefusalCode.PERMISSION_MISSING, RefusalCode.RECALL_NOT_YOURS), (step, name, code)
                elif step is Step.SEND_UP and state is State.APPROVING and by.id == case.holder_id:
                    assert code is RefusalCode.CASE_NOT_REPORTED
                elif step is Step.SUSPEND and state in (State.ACCEPTED, State.FORWARDED):
                    assert code is RefusalCode.PROCEDURE_NOT_LISTED  # these two items list no hearing
                elif state not in MOVES[step].start:
                    assert code is RefusalCode.CASE_WRONG_STATE, (step, name, code)
                    assert caught.value.facts["state"] == state.value
                else:
                    stage = ROLE_OF[Stage(case.suspended_stage or case.stage)]
                    roles = {stage} if step in OF_THE_STAGE else MOVES[step].roles
                    has_post = any(p.role in roles for p in by.posts)
                    wanted = RefusalCode.CASE_NOT_IN_HAND if has_post else RefusalCode.PERMISSION_MISSING
                    assert code is wanted, (step, name, code)
            assert trace(case.number) == before, step
            transaction.set_rollback(True)
    assert yes or state not in BEFORE_DECISION | {State.DECIDED, State.FINISHED}


@pytest.mark.parametrize("step", [s for s in ACTS if s not in (Step.VOID, Step.SEND_UP)], ids=str)
def test_an_old_page_is_told_what_happened_meanwhile(people: Cast, step: Step) -> None:
    state = min(LAWFUL[step])
    case = bring(people, state)
    prepare(people, step, case)
    name = min(lawful(people, step, case))
    seen = row_of(case).version
    talk.note(case.number, text="申请人来电询问。", by=people.acting("陈静"), at=at(0.05))
    act = ACTS[step](people, case.number)
    with stale(case, "case.noted", "陈静"):
        act(seen=seen, by=everybody(people)[name], at=at(0.1))


def test_an_officer_of_another_organ_does_not_even_find_the_case(people: Cast) -> None:
    other = Organ.objects.create(
        code="91990100MB00000002", name="云泽市水利局", short_name="云水", region=people.region
    )
    people.officers["何水"] = hire(other, None, "何水", "water", Role.WINDOW)
    case = bring(people, State.SUBMITTED)
    with refused(RefusalCode.NOT_FOUND, case):
        accept.accept(case.number, seen=None, by=people.acting("何水"), at=AT)
    accept.accept(case.number, seen=None, by=people.acting("张敏"), at=AT)


def test_a_supplement_taken_in_gives_the_window_its_five_days_anew(people: Cast) -> None:
    case = bring(people, State.SUPPLEMENT)
    bring_supplement(people, case, when=at(days=4))  # Monday 28 September
    assert (
        str(row_of(case).due_on) == "2026-10-10"
    )  # 28 September + 5: the holidays between, Saturday 10 October worked
