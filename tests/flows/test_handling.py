"""承办、审核、批准: passing on, taking back, asking others, stopping and stretching the clock, people who come and go."""

from datetime import date, timedelta

import pytest

from tests.flows.acts import (
    AGREED,
    AT,
    OIL,
    at,
    bring,
    holder,
    kinds,
    last,
    limits,
    messages,
    papers,
    refused,
    row_of,
    sound,
)
from tests.people import SINCE, Cast, cast, hire, submitted
from zhengtong.domains.cases.models import Case, Consultation, SpecialProcedureRun
from zhengtong.domains.cases.queries import ticks
from zhengtong.domains.catalogue.queries import edition
from zhengtong.domains.registry import actions as registry
from zhengtong.domains.registry.models import Officer, Organ, Post, Section
from zhengtong.domains.registry.queries import officer_acting
from zhengtong.flows import accept, decide, forward, hand_over, handle, stop_clock, talk
from zhengtong.rules.procedure import Stage, State
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast(OIL)


def also(people: Cast, name: str, role: Role) -> None:
    """Gives somebody of the cast a second post."""
    Post.objects.create(
        officer=people.officers[name], role=role.value, organ=people.organ, section=people.section, since=SINCE
    )


# --- passing on and back ---


def test_passing_on_with_an_opinion(people: Cast) -> None:
    case = bring(people, State.PROCESSING)
    handler = holder(people, case)
    forward.forward(case.number, opinion="  现场与图纸一致。 ", seen=2, by=handler, at=at(1))
    entry, facts = last(case)
    assert (entry.kind, entry.actor_name, entry.post) == ("case.forwarded", handler.name, "云泽市商务局 市场科")
    assert (facts["opinion"], facts["stage"], facts["to"]) == ("现场与图纸一致。", "PROCESS", "王芳")
    row = row_of(case)
    assert (row.state, row.stage, row.handler_id, holder(people, case).name) == (
        "REVIEWING",
        "REVIEW",
        handler.id,
        "王芳",
    )
    assert limits(case)["stage"] == ("2026-09-29", "open")  # two days for the review, from the 24th
    assert messages(case) == ["submitted", "accepted"]  # inner steps send nothing
    sound(case)


def test_an_opinion_must_say_something(people: Cast) -> None:
    case = bring(people, State.PROCESSING)
    for opinion, code in (
        ("", RefusalCode.TEXT_REQUIRED),
        ("是" * 2001, RefusalCode.TEXT_TOO_LONG),
        ("同意\u202e。", RefusalCode.TEXT_CONTROL_CHARACTER),
        ("同意\x00。", RefusalCode.TEXT_CONTROL_CHARACTER),
    ):
        with refused(code, case):
            forward.forward(case.number, opinion=opinion, seen=None, by=holder(people, case), at=AT)


def test_to_a_chosen_colleague_who_must_serve_the_next_stage(people: Cast) -> None:
    case = bring(people, State.REVIEWING)
    reviewer = people.acting("王芳")
    with refused(RefusalCode.NO_CANDIDATE, case, stage="APPROVE"):
        forward.forward(case.number, opinion=AGREED, to=people.officers["陈静"].pk, seen=None, by=reviewer, at=AT)
    forward.forward(case.number, opinion=AGREED, to=people.officers["钱慧"].pk, seen=None, by=reviewer, at=AT)
    assert holder(people, case).name == "钱慧"


def test_nobody_reviews_or_approves_their_own_work(people: Cast) -> None:
    """domain-rules §3.1, with one officer in all three posts."""
    also(people, "李军", Role.REVIEWER)
    also(people, "李军", Role.APPROVER)
    case = bring(people, State.REVIEWING)
    handler = next(n for n, o in people.officers.items() if o.pk == case.handler_id)
    if handler != "李军":
        pytest.fail("the cast gives the first case to 李军")
    head = people.acting("孙丽")
    with refused(RefusalCode.CASE_SAME_PERSON, case, stage="REVIEW", before="PROCESS"):
        handle.assign(case.number, to=people.officers["李军"].pk, reason="", seen=None, by=head, at=AT)
    Case.objects.filter(pk=case.pk).update(holder=people.officers["李军"])  # as if it had got there all the same
    with refused(RefusalCode.CASE_SAME_PERSON, case, stage="REVIEW", before="PROCESS"):
        forward.forward(case.number, opinion=AGREED, seen=None, by=people.acting("李军"), at=AT)
    Case.objects.filter(pk=case.pk).update(holder=people.officers["王芳"])
    forward.forward(case.number, opinion=AGREED, seen=None, by=people.acting("王芳"), at=AT)
    assert holder(people, case).name != "李军"
    Case.objects.filter(pk=case.pk).update(holder=people.officers["李军"])
    with refused(RefusalCode.CASE_SAME_PERSON, case, stage="APPROVE", before="PROCESS"):
        decide.decide(case.number, grants=True, opinion=AGREED, seen=None, by=people.acting("李军"), at=AT)


def test_returned_twice_and_handled_by_who_reviewed_before(people: Cast) -> None:
    """Whoever does a stage anew replaces who did it first; nobody meets a database error."""
    case = bring(people, State.APPROVING)
    also(people, "王芳", Role.HANDLER)
    also(people, "周洋", Role.REVIEWER)
    approver = holder(people, case)
    handle.send_back(case.number, reason="评审意见不完整", seen=None, by=approver, at=AT)
    assert (row_of(case).state, holder(people, case).name) == ("REVIEWING", "王芳")
    handle.send_back(case.number, reason="须重新踏勘", seen=None, by=people.acting("王芳"), at=AT)
    assert (row_of(case).state, holder(people, case).name) == ("PROCESSING", "李军")
    handle.assign(case.number, to=people.officers["王芳"].pk, reason="", seen=None, by=people.acting("孙丽"), at=AT)
    forward.forward(case.number, opinion=AGREED, seen=None, by=people.acting("王芳"), at=AT)
    assert (row_of(case).handler.name, holder(people, case).name) == ("王芳", "周洋")
    forward.forward(case.number, opinion=AGREED, seen=None, by=people.acting("周洋"), at=AT)
    decide.decide(case.number, grants=True, opinion=AGREED, seen=None, by=holder(people, case), at=AT)
    sound(case)


def test_returned_to_somebody_who_has_left_goes_to_the_pool(people: Cast) -> None:
    case = bring(people, State.REVIEWING)
    hand_over.leave(people.officers["李军"], last_day=AT.date(), by=people.acting("郑凯"), at=AT)
    handle.send_back(case.number, reason="核查记录缺一人签名", seen=None, by=people.acting("王芳"), at=AT)
    assert (row_of(case).state, row_of(case).holder) == ("PROCESSING", None)
    handle.take(case.number, seen=None, by=people.acting("周洋"), at=AT)
    assert holder(people, case).name == "周洋"
    sound(case)


def test_returned_with_a_reason_the_stage_limit_begins_anew(people: Cast) -> None:
    case = bring(people, State.REVIEWING)
    with refused(RefusalCode.TEXT_REQUIRED, case):
        handle.send_back(case.number, reason=" ", seen=None, by=people.acting("王芳"), at=AT)
    handle.send_back(case.number, reason="核查记录缺一人签名", seen=None, by=people.acting("王芳"), at=at(days=4))
    assert (kinds(case)[-1], last(case)[1]["reason"]) == ("returned", "核查记录缺一人签名")
    assert (holder(people, case).name, limits(case)["stage"]) == ("李军", ("2026-10-10", "open"))
    assert limits(case)["promise"][1] == "open"  # the promise runs on
    sound(case)


def test_a_wrong_click_is_taken_back_within_half_an_hour_by_whoever_made_it(people: Cast) -> None:
    case = bring(people, State.REVIEWING)
    with refused(RefusalCode.RECALL_NOT_YOURS, case):
        handle.recall(case.number, seen=None, by=people.acting("周洋"), at=at(0.2))
    with refused(RefusalCode.RECALL_TOO_LATE, case, minutes=30):
        handle.recall(case.number, seen=None, by=people.acting("李军"), at=AT + timedelta(minutes=30, microseconds=1))
    handle.recall(case.number, seen=None, by=people.acting("李军"), at=AT + timedelta(minutes=30))
    row = row_of(case)
    assert (row.state, row.handler, holder(people, case).name, kinds(case)[-1]) == (
        "PROCESSING",
        None,
        "李军",
        "recalled",
    )
    with refused(RefusalCode.CASE_WRONG_STATE, case):
        handle.recall(case.number, seen=None, by=people.acting("李军"), at=at(0.5))
    sound(case)


def test_once_the_next_person_has_acted_nothing_is_taken_back(people: Cast) -> None:
    case = bring(people, State.REVIEWING)
    talk.note(case.number, text="已开始审核", by=people.acting("王芳"), at=at(0.1))
    with refused(RefusalCode.RECALL_NOT_YOURS, case):
        handle.recall(case.number, seen=None, by=people.acting("李军"), at=at(0.2))


# --- who holds it ---


def test_the_head_of_the_section_gives_a_case_to_another(people: Cast) -> None:
    case = bring(people, State.PROCESSING)
    head = people.acting("孙丽")
    with refused(RefusalCode.NO_CANDIDATE, case, stage="PROCESS"):
        handle.assign(case.number, to=people.officers["王芳"].pk, reason="", seen=None, by=head, at=AT)
    with refused(RefusalCode.CASE_NOT_IN_HAND, case, holder="李军"):
        handle.assign(case.number, to=people.officers["周洋"].pk, reason="", seen=None, by=people.acting("周洋"), at=AT)
    handle.assign(case.number, to=people.officers["周洋"].pk, reason="李军外出核查", seen=None, by=head, at=AT)
    entry, facts = last(case)
    assert (entry.kind, entry.actor_name, facts["to"], facts["reason"]) == (
        "case.dispatched",
        "孙丽",
        "周洋",
        "李军外出核查",
    )
    assert holder(people, case).name == "周洋"
    sound(case)


def test_a_case_in_the_pool_is_taken_by_whose_post_serves_its_stage(people: Cast) -> None:
    case = submitted(people, 1, OIL)
    with refused(RefusalCode.PERMISSION_MISSING, case, needed="take"):
        handle.take(case.number, seen=None, by=people.acting("李军"), at=AT)
    handle.take(case.number, seen=None, by=people.acting("陈静"), at=AT)
    assert holder(people, case).name == "陈静"
    with refused(RefusalCode.CASE_NOT_IN_HAND, case, holder="陈静"):
        handle.take(case.number, seen=None, by=people.acting("张敏"), at=AT)
    sound(case)


@pytest.mark.parametrize(
    ("state", "principal", "code"),
    [
        (State.REVIEWING, "王芳", RefusalCode.PERMISSION_MISSING),  # 周洋 reviews nothing of his own
        (State.PROCESSING, "李军", RefusalCode.CASE_NOT_IN_HAND),  # and handles, but not this case
    ],
)
def test_the_substitute_acts_and_the_journal_says_for_whom(
    people: Cast, state: State, principal: str, code: RefusalCode
) -> None:
    """AB岗 (domain-rules §2.7)."""
    case = bring(people, state)
    absent, deputy = people.officers[principal], people.officers["周洋"]
    with refused(code, case):
        forward.forward(case.number, opinion=AGREED, seen=None, by=people.acting("周洋"), at=AT)
    registry.substitute(
        absent,
        deputy,
        since=date(2026, 9, 24),
        until=date(2026, 9, 25),
        reason="公出",
        by=people.acting(principal),
        at=AT,
    )
    with refused(code, case):  # the day after it has ended
        forward.forward(
            case.number, opinion=AGREED, seen=None, by=people.acting("周洋", date(2026, 9, 26)), at=at(days=2)
        )
    forward.forward(case.number, opinion=AGREED, seen=None, by=people.acting("周洋"), at=AT)
    entry, facts = last(case)
    assert (entry.actor_name, facts["substitute_for"]) == ("周洋", absent.pk)
    row = row_of(case)
    assert (row.handler_id if state is State.PROCESSING else row.reviewer_id) == deputy.pk  # who did it, not whose post
    sound(case)


def test_nobody_makes_themselves_a_substitute_nor_arranges_one_elsewhere(people: Cast) -> None:
    """Else a section head could step into the approver's post."""
    water = Organ.objects.create(
        code="91990100MB00000002", name="云泽市水利局", short_name="云水", region=people.region
    )
    people.officers["水长"] = hire(water, None, "水长", "water-head", Role.SECTION_HEAD)

    def arrange(deputy: str, by: str) -> None:
        registry.substitute(
            Officer.objects.get(name="赵强"), people.officers[deputy], since=AT.date(), until=AT.date(), reason="公出",
            by=people.acting(by), at=AT,
        )  # fmt: skip

    for deputy, by, code in (
        ("孙丽", "孙丽", RefusalCode.POST_TO_ONESELF),
        ("郑凯", "郑凯", RefusalCode.POST_TO_ONESELF),
        ("钱慧", "水长", RefusalCode.PERMISSION_MISSING),
        ("钱慧", "李军", RefusalCode.PERMISSION_MISSING),
    ):
        with pytest.raises(Refusal) as caught:
            arrange(deputy, by)
        assert caught.value.code is code, (deputy, by)
    arrange("钱慧", "孙丽")
    arrange("钱慧", "郑凯")
    arrange("钱慧", "赵强")


def test_who_leaves_hands_everything_back_to_the_pool(people: Cast) -> None:
    held = [bring(people, State.PROCESSING, 1), bring(people, State.PROCESSING, 2), bring(people, State.PROCESSING, 3)]
    mine = [c for c in held if holder(people, c).name == "李军"]
    admin = people.acting("郑凯")
    with refused(RefusalCode.PERMISSION_MISSING, held[0]):
        hand_over.leave(people.officers["李军"], last_day=AT.date(), by=people.acting("孙丽"), at=AT)
    count = hand_over.leave(Officer.objects.get(name="李军"), last_day=AT.date(), by=admin, at=AT)
    assert count == len(mine) == 2
    for case in mine:
        assert (row_of(case).holder, kinds(case)[-1], last(case)[1]["reason"]) == (None, "dispatched", "李军离岗")
        sound(case)
    assert people.acting("李军", date(2026, 9, 24)).posts
    assert officer_acting(people.officers["李军"].account_id, date(2026, 9, 25)) is None
    later = submitted(people, 9, OIL)
    accept.accept(later.number, seen=None, by=people.acting("张敏"), at=AT)
    assert holder(people, later).name == "周洋"


# --- asking others ---


def test_another_section_is_asked_and_the_clock_runs_on(people: Cast) -> None:
    case = bring(people, State.PROCESSING)
    law = Section.objects.create(organ=people.organ, name="法规科")
    Post.objects.create(
        officer=people.officers["卫平"], role=Role.LEGAL_CHECKER.value, organ=people.organ, section=law, since=SINCE
    )
    before = limits(case)
    asked = handle.consult(
        case.number, section_id=law.pk, question="是否需要听证？", seen=None, by=holder(people, case), at=AT
    )
    assert (asked.due_on, last(case)[1]["section"]) == (date(2026, 9, 30), "云泽市商务局法规科")
    with refused(RefusalCode.CONSULTATION_OPEN, case):
        handle.consult(case.number, section_id=law.pk, question="？", seen=None, by=holder(people, case), at=AT)
    with refused(RefusalCode.NOT_FOUND, case):  # not put to this officer's section
        handle.answer(asked.pk, agrees=True, text="不需要。", by=people.acting("王芳"), at=AT)
    handle.answer(asked.pk, agrees=True, text="不需要听证。", by=people.acting("卫平"), at=at(3))
    with refused(RefusalCode.CONSULTATION_ANSWERED, case):
        handle.answer(asked.pk, agrees=False, text="改主意了。", by=people.acting("卫平"), at=at(4))
    row = Consultation.objects.get(pk=asked.pk)
    assert (row.answer, row.agrees, row.answered_by.name, row.answered_at) == ("不需要听证。", True, "卫平", at(3))
    assert limits(case) == before | {"consultation": ("2026-09-30", "met")}  # of its own; the others run on
    assert kinds(case)[-2:] == ["consulted", "consultation_answered"]
    sound(case)


def test_a_checklist_line_is_ticked_by_the_holder_only(people: Cast) -> None:
    case = bring(people, State.PROCESSING)
    code = edition(case.item_version_id).checklist["PROCESS"][0].code
    with refused(RefusalCode.CASE_NOT_IN_HAND, case):
        handle.tick(case.number, stage=Stage.PROCESS, code=code, done=True, by=people.acting("王芳"), at=AT)
    with refused(RefusalCode.NOT_FOUND, case):
        handle.tick(case.number, stage=Stage.PROCESS, code="no such line", done=True, by=holder(people, case), at=AT)
    handle.tick(case.number, stage=Stage.PROCESS, code=code, done=True, by=holder(people, case), at=AT)
    assert ticks(row_of(case))[("PROCESS", code)].done


# --- the clock stopped and stretched ---


def test_a_listed_procedure_stops_promise_legal_and_stage_limit(people: Cast) -> None:
    case = bring(people, State.PROCESSING)
    handler = holder(people, case)
    before = limits(case)
    assert (before["promise"], before["legal"], before["stage"]) == (
        ("2026-10-15", "open"), ("2026-10-29", "open"), ("2026-10-09", "open"),
    )  # fmt: skip
    for code in ("extension", "auction", ""):  # 延长 is not a pause; 拍卖 is not in the item's list (art. 45)
        with refused(RefusalCode.PROCEDURE_NOT_LISTED, case, name=code):
            stop_clock.suspend(case.number, code=code, reason="。", days=5, seen=None, by=handler, at=AT)
    with refused(RefusalCode.TEXT_REQUIRED, case):
        stop_clock.suspend(case.number, code="hearing", reason="", days=5, seen=None, by=handler, at=AT)
    with refused(RefusalCode.CLOCK_LIMIT_OUT_OF_RANGE, case):
        stop_clock.suspend(case.number, code="hearing", reason="听证", days=99_999, seen=None, by=handler, at=AT)
    stop_clock.suspend(case.number, code="hearing", reason="申请人要求听证", days=20, seen=None, by=handler, at=AT)
    row = row_of(case)
    assert (row.state, row.stage, row.suspended_stage, row.due_on) == ("SUSPENDED", "PROCESS", "PROCESS", None)
    assert {kind: limits(case)[kind] for kind in ("promise", "legal", "stage", "special")} == {
        "promise": ("None", "open"), "legal": ("None", "open"), "stage": ("None", "open"), "special": ("2026-10-29", "open"),
    }  # fmt: skip
    assert papers(case)[-1] == ("F-07", "（云商）特字〔2026〕第00001号")
    assert messages(case)[-1] == "suspended"

    stop_clock.resume(case.number, result="听证结束", seen=None, by=handler, at=at(days=5))  # 29 Sept: 28 and 29 lost
    assert {kind: limits(case)[kind] for kind in ("promise", "legal", "stage", "special")} == {
        "promise": ("2026-10-19", "open"),
        "legal": ("2026-11-02", "open"),
        "stage": ("2026-10-12", "open"),
        "special": ("2026-10-29", "met"),
    }
    row = row_of(case)
    assert (row.state, row.suspended_stage, row.due_on) == ("PROCESSING", "", date(2026, 10, 19))
    run = SpecialProcedureRun.objects.get(case=case)
    assert (run.result, run.ended_at, run.planned_amount) == ("听证结束", at(days=5), 20)
    assert messages(case)[-1] == "resumed"
    sound(case)


def test_extended_once_in_time_by_at_most_ten_days(people: Cast) -> None:
    case = bring(people, State.APPROVING)
    approver = holder(people, case)
    for days in (0, -1, 11):
        with refused(RefusalCode.EXTENSION_DAYS, case, most=10):
            stop_clock.extend(case.number, days=days, reason="案情复杂", seen=None, by=approver, at=AT)
    with refused(RefusalCode.TEXT_REQUIRED, case):
        stop_clock.extend(case.number, days=10, reason="", seen=None, by=approver, at=AT)
    with refused(RefusalCode.EXTENSION_TOO_LATE, case):
        stop_clock.extend(case.number, days=10, reason="案情复杂", seen=None, by=approver, at=at(days=36))
    stop_clock.extend(case.number, days=10, reason="案情复杂", seen=None, by=approver, at=at(days=35))  # the last day
    assert (limits(case)["legal"], limits(case)["promise"]) == (("2026-11-12", "open"), ("2026-10-29", "open"))
    _, facts = last(case)
    assert (facts["days"], facts["legal_was"], facts["legal_due"]) == (10, "2026-10-29", "2026-11-12")
    assert (row_of(case).due_on, papers(case)[-1][0], messages(case)[-1]) == (date(2026, 10, 29), "F-07", "extended")
    with refused(RefusalCode.EXTENSION_TWICE, case):
        stop_clock.extend(case.number, days=1, reason="仍然复杂", seen=None, by=approver, at=at(days=36))
    sound(case)
