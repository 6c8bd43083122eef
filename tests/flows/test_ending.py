"""批准 to 送达, and the other ways a case ends: 即办, 上报, 撤回, 作废; the talk around it."""

import json
from datetime import date

import pytest

from tests.flows.acts import (
    AGREED,
    AT,
    AT_ONCE,
    NOT_CONFORM,
    OIL,
    UPWARD,
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
    upward,
)
from tests.people import Cast, cast, hire, submitted
from zhengtong.base.outbox.models import Message
from zhengtong.domains.cases.models import Case, CaseMessage
from zhengtong.domains.registry.models import Organ, Section
from zhengtong.flows import decide, deliver, finish, handle, handle_at_once, send_up, stop_clock, talk, void, withdraw
from zhengtong.rules.procedure import State
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast(OIL, UPWARD, AT_ONCE)


def test_a_grant_ends_the_limits_and_opens_ten_days_for_delivery(people: Cast) -> None:
    case = bring(people, State.APPROVING)
    approver = holder(people, case)
    decide.decide(case.number, grants=True, opinion="准予许可。", seen=None, by=approver, at=at(days=4))
    row = row_of(case)
    assert (row.state, row.stage, row.decision, row.approver_id, row.holder) == (
        "DECIDED",
        "FINISH",
        "GRANT",
        approver.id,
        None,
    )
    entry, facts = last(case)
    number = "（云商）准字〔2026〕第00001号"
    assert (entry.kind, entry.actor_name) == ("case.decided", approver.name)
    assert facts == {
        "decision": "GRANT",
        "opinion": "准予许可。",
        "paper": number,
        "delivery_due": "2026-10-16",
    }
    assert {k: v[1] for k, v in limits(case).items()} == {
        "notice": "met", "promise": "met", "legal": "met", "stage": "met", "delivery": "open",
    }  # fmt: skip
    assert (limits(case)["delivery"][0], row.due_on) == ("2026-10-16", date(2026, 10, 16))
    assert papers(case)[-1] == ("F-05", number)
    assert messages(case)[-1] == "decided"
    sound(case)


def test_a_refusal_says_why_and_has_nothing_to_deliver_in_ten_days(people: Cast) -> None:
    case = bring(people, State.APPROVING)
    approver = holder(people, case)
    for opinion in ("", "不同意。", "  不 同 意  "):
        with refused(RefusalCode.REASON_TOO_SHORT, case, least=10):
            decide.decide(case.number, grants=False, opinion=opinion, seen=None, by=approver, at=AT)
    decide.decide(case.number, grants=False, opinion=NOT_CONFORM, seen=None, by=approver, at=AT)
    assert (row_of(case).decision, row_of(case).due_on, "delivery" in limits(case)) == ("REFUSE", None, False)
    assert papers(case)[-1] == ("F-06", "（云商）不准字〔2026〕第00001号")
    finish.finish(case.number, note="", seen=None, by=people.acting("张敏"), at=AT)
    assert row_of(case).result_code == "1"  # 退回办结
    sound(case)


def test_decided_after_promise_and_legal_limit_both_are_noted_missed(people: Cast) -> None:
    case = bring(people, State.APPROVING)
    decide.decide(case.number, grants=True, opinion=AGREED, seen=None, by=holder(people, case), at=at(days=60))
    assert (limits(case)["promise"], limits(case)["legal"]) == (("2026-10-15", "missed"), ("2026-10-29", "missed"))


def test_finished_and_delivered(people: Cast) -> None:
    case = bring(people, State.DECIDED)
    window = people.acting("陈静")
    finish.finish(case.number, note="证照已制作", seen=None, by=window, at=at(1))
    row = row_of(case)
    assert (row.state, row.result_code, row.finished_at, row.due_on) == ("FINISHED", "0", at(1), date(2026, 10, 15))
    assert last(case)[1] == {"result_code": "0", "note": "证照已制作"}

    with refused(RefusalCode.TRACKING_NO_MISSING, case):
        deliver.deliver(case.number, mode="post", recipient="林小雨", tracking_no=" ", seen=None, by=window, at=at(2))
    for half in ({"witnesses": ("周见",)}, {"remark": "拒绝签收"}):
        with refused(RefusalCode.WITNESS_MISSING, case):
            deliver.deliver(case.number, mode="left", recipient="林小雨", **half, seen=None, by=window, at=at(2))
    with refused(RefusalCode.TEXT_REQUIRED, case):
        deliver.deliver(case.number, mode="direct", recipient="", seen=None, by=window, at=at(2))
    deliver.deliver(
        case.number, mode="post", recipient="林小雨", tracking_no="EA123456789CN", seen=None, by=window, at=at(2)
    )
    entry, facts = last(case)
    assert facts == {"mode": "post", "tracking_no": "EA123456789CN", "paper": "（云商）达字〔2026〕第00001号"}
    assert "林小雨" not in entry.facts  # the receipt names who took it, the journal does not
    assert (row_of(case).state, limits(case)["delivery"]) == ("DELIVERED", ("2026-10-15", "met"))
    assert (papers(case)[-1][0], messages(case)[-2:]) == ("F-08", ["finished", "delivered"])
    sound(case)


def test_delivered_too_late_is_noted(people: Cast) -> None:
    case = bring(people, State.FINISHED)
    deliver.deliver(case.number, mode="direct", recipient="林小雨", seen=None, by=people.acting("张敏"), at=at(days=22))
    assert limits(case)["delivery"] == ("2026-10-15", "missed")


def test_left_behind_before_a_witness(people: Cast) -> None:
    case = bring(people, State.FINISHED)
    deliver.deliver(
        case.number, mode="left", recipient="林小雨", witnesses=("周见", "吴证"), remark="当面拒绝签收", seen=None,
        by=people.acting("张敏"), at=at(1),
    )  # fmt: skip
    receipt = json.loads(case.papers.get(form="F-08").content)
    assert (receipt["witnesses"], receipt["remark"], receipt["received_by"]) == (["周见", "吴证"], "当面拒绝签收", "")
    assert last(case)[1]["mode"] == "left"


# --- in one sitting ---


def test_an_immediate_case_in_one_sitting(people: Cast) -> None:
    case = submitted(people, 1, AT_ONCE)
    with refused(RefusalCode.PERMISSION_MISSING, case):
        handle_at_once.handle_at_once(case.number, opinion=AGREED, seen=1, by=people.acting("赵强"), at=AT)
    handle_at_once.handle_at_once(case.number, opinion=AGREED, seen=1, by=people.acting("张敏"), at=AT)
    row = row_of(case)
    assert (row.state, row.acceptor_id, row.approver_id, row.handler_id) == (
        "FINISHED", people.officers["张敏"].pk, people.officers["张敏"].pk, None,
    )  # fmt: skip
    assert kinds(case) == ["submitted", "accepted", "decided", "finished"]
    assert limits(case)["promise"] == ("2026-09-24", "met")  # 当场: due the day it was accepted
    assert "stage" not in limits(case)
    assert [form for form, _ in papers(case)] == ["F-00", "F-01", "F-05"]
    sound(case)


def test_what_is_not_immediate_is_not_done_in_one_sitting_not_even_in_part(people: Cast) -> None:
    case = submitted(people, 1, OIL)
    with refused(RefusalCode.CASE_WRONG_STATE, case, state="PROCESSING"):
        handle_at_once.handle_at_once(case.number, opinion=AGREED, seen=1, by=people.acting("张敏"), at=AT)


def test_an_immediate_case_is_decided_by_the_clerk_who_accepted_it(people: Cast) -> None:
    case = bring(people, State.ACCEPTED)
    with refused(RefusalCode.CASE_NOT_IN_HAND, case, holder="张敏"):
        decide.decide(case.number, grants=True, opinion=AGREED, seen=None, by=people.acting("陈静"), at=AT)
    Case.objects.filter(pk=case.pk).update(holder=None)  # that clerk has left
    decide.decide(case.number, grants=True, opinion=AGREED, seen=None, by=people.acting("陈静"), at=AT)


# --- up and back ---


def test_a_reported_case_goes_up_and_comes_back(people: Cast) -> None:
    case = upward(people)
    approver = holder(people, case)
    with refused(RefusalCode.TEXT_REQUIRED, case):
        send_up.send_up(case.number, upper_organ="", opinion=AGREED, seen=None, by=approver, at=AT)
    send_up.send_up(
        case.number, upper_organ="云泽省商务厅", opinion="初审同意，呈请审批。", seen=None, by=approver, at=AT
    )
    row = row_of(case)
    assert (row.state, row.stage, row.due_on) == ("FORWARDED", "APPROVE", None)
    assert {k: v[1] for k, v in limits(case).items()} == {
        "notice": "met", "promise": "met", "legal": "met", "stage": "met",
    }  # fmt: skip
    assert last(case)[1] == {"upper_organ": "云泽省商务厅", "opinion": "初审同意，呈请审批。"}
    # The upper organ's time is not ours: months later the case is not late.
    send_up.result_back(
        case.number, grants=True, opinion="省厅同意备案。", seen=None, by=people.acting("张敏"), at=at(days=60)
    )
    row = row_of(case)
    assert (row.state, row.decision, limits(case)["delivery"][1]) == ("DECIDED", "RECORD", "open")
    assert messages(case)[-2:] == ["sent_up", "result_back"]
    finish.finish(case.number, note="", seen=None, by=people.acting("张敏"), at=at(days=60))
    assert row_of(case).result_code == "0"
    sound(case)


def test_what_is_not_reported_does_not_go_up(people: Cast) -> None:
    case = bring(people, State.APPROVING)
    with refused(RefusalCode.CASE_NOT_REPORTED, case):
        send_up.send_up(
            case.number, upper_organ="云泽省商务厅", opinion=AGREED, seen=None, by=holder(people, case), at=AT
        )


# --- withdrawn, void ---


def test_withdrawn_while_the_clock_stands_still(people: Cast) -> None:
    case = bring(people, State.SUSPENDED)
    withdraw.withdraw(case.number, reason="项目取消", seen=None, by=people.applicant, at=at(1))
    row = row_of(case)
    assert (row.state, row.result_code, row.due_on, row.holder) == ("WITHDRAWN", "2", None, None)
    assert {k: v[1] for k, v in limits(case).items()} == {
        "notice": "met", "promise": "void", "legal": "void", "stage": "void", "special": "void",
    }  # fmt: skip
    with refused(RefusalCode.CASE_WRONG_STATE, case):
        stop_clock.resume(case.number, result="核查完毕", seen=None, by=people.acting("李军"), at=at(2))
    sound(case)


def test_withdrawn_at_the_window_on_the_applicants_word(people: Cast) -> None:
    case = bring(people, State.PROCESSING)
    withdraw.withdraw(case.number, reason="申请人来窗口撤回", seen=None, by=people.acting("陈静"), at=AT)
    entry, facts = last(case)
    assert (entry.actor_kind, entry.actor_name, facts["reason"]) == ("officer", "陈静", "申请人来窗口撤回")


def test_void_takes_two_people(people: Cast) -> None:
    case = bring(people, State.PROCESSING)
    with refused(RefusalCode.VOID_NOT_PROPOSED, case):
        void.void(case.number, seen=None, by=people.acting("孙丽"), at=AT)
    with refused(RefusalCode.TEXT_REQUIRED, case):
        void.propose_void(case.number, reason="", seen=None, by=people.acting("孙丽"), at=AT)
    with refused(RefusalCode.CASE_NOT_IN_HAND, case):
        void.propose_void(case.number, reason="重复录入", seen=None, by=people.acting("王芳"), at=AT)
    void.propose_void(case.number, reason="重复录入", seen=None, by=people.acting("孙丽"), at=AT)
    with refused(RefusalCode.VOID_SAME_PERSON, case):
        void.void(case.number, seen=None, by=people.acting("孙丽"), at=AT)
    void.void(case.number, seen=None, by=people.acting("蒋华"), at=AT)
    row = row_of(case)
    assert (row.state, row.result_code, kinds(case)[-2:]) == ("VOID", "2", ["void_proposed", "voided"])
    assert {v[1] for k, v in limits(case).items() if k != "notice"} == {"void"}
    assert messages(case)[-1] == "voided"
    sound(case)


def test_what_is_decided_is_not_even_proposed_for_voiding(people: Cast) -> None:
    case = bring(people, State.DECIDED)
    with refused(RefusalCode.CASE_WRONG_STATE, case):
        void.propose_void(case.number, reason="重复录入", seen=None, by=people.acting("张敏"), at=AT)


# --- talk ---


def test_messages_both_ways_are_not_in_the_journal_word_by_word(people: Cast) -> None:
    case = bring(people, State.PROCESSING)
    with refused(RefusalCode.NOT_FOUND, case):
        talk.say(case.number, text="请问到哪一步了？", by=people.other, at=AT)
    with refused(RefusalCode.TEXT_REQUIRED, case):
        talk.say(case.number, text=" \n ", by=people.applicant, at=AT)
    talk.say(case.number, text="我的手机是 13800000001", by=people.applicant, at=AT)
    assert "13800000001" not in last(case)[0].facts
    before = Message.objects.count()
    talk.say(case.number, text="正在核查。", by=holder(people, case), at=AT)
    assert Message.objects.count() == before + 1  # the applicant is told, the officer sees it on the desk
    talk.read(case.number, by=people.applicant, at=at(1))
    assert [(m.from_applicant, m.read_at) for m in CaseMessage.objects.order_by("id")] == [(True, None), (False, at(1))]
    sound(case)


def test_who_only_looks_says_nothing(people: Cast) -> None:
    """Supervision sees every case and changes none (rules/roles.py)."""
    case = bring(people, State.PROCESSING)
    for name in ("吴涛", "卫平", "郑凯"):
        for act in (talk.say, talk.note):
            with refused(RefusalCode.PERMISSION_MISSING if name == "吴涛" else RefusalCode.NOT_FOUND, case):
                act(case.number, text="请抓紧。", by=people.acting(name), at=AT)
    with refused(RefusalCode.PERMISSION_MISSING, case):
        talk.urge(case.number, by=people.acting("吴涛"), at=AT)
    talk.note(case.number, text="已电话联系。", by=people.acting("孙丽"), at=AT)


def test_who_is_only_asked_for_an_opinion_speaks_and_reveals_nothing_else(people: Cast) -> None:
    water = Organ.objects.create(
        code="91990100MB00000002", name="云泽市水利局", short_name="云水", region=people.region
    )
    section = Section.objects.create(organ=water, name="规划科")
    people.officers["何水"] = hire(water, section, "何水", "water", Role.HANDLER)
    case, asked = bring(people, State.PROCESSING), people.acting("何水")
    handle.consult(
        case.number, section_id=section.pk, question="是否占用河道？", seen=None, by=holder(people, case), at=AT
    )
    for act in (
        lambda: talk.say(case.number, text="请联系我。", by=asked, at=AT),
        lambda: talk.note(case.number, text="记一笔", by=asked, at=AT),
        lambda: talk.reveal_phone(case.number, purpose="核对", by=asked, at=AT),
        lambda: talk.reveal_id(case.number, purpose="核对", by=asked, at=AT),
        lambda: talk.reveal_answers(case.number, purpose="核对", by=asked, at=AT),
    ):
        with refused(RefusalCode.PERMISSION_MISSING, case):
            act()


def test_urged_once_a_day_and_only_while_there_is_something_to_urge(people: Cast) -> None:
    case = bring(people, State.PROCESSING)
    talk.urge(case.number, by=people.applicant, at=AT)
    with refused(RefusalCode.URGED_TODAY, case):
        talk.urge(case.number, by=people.applicant, at=at(23.9))
    talk.urge(case.number, by=people.applicant, at=at(24))
    waiting = bring(people, State.SUPPLEMENT, 2)
    with refused(RefusalCode.CASE_WRONG_STATE, waiting):
        talk.urge(waiting.number, by=people.applicant, at=AT)


def test_a_phone_or_identity_number_is_shown_against_a_journalled_purpose(people: Cast) -> None:
    case = bring(people, State.PROCESSING)
    for purpose in ("", "  "):
        with refused(RefusalCode.TEXT_REQUIRED, case):
            talk.reveal_phone(case.number, purpose=purpose, by=people.acting("张敏"), at=AT)
        with refused(RefusalCode.TEXT_REQUIRED, case):
            talk.reveal_id(case.number, purpose=purpose, by=people.acting("张敏"), at=AT)
        with refused(RefusalCode.TEXT_REQUIRED, case):
            talk.reveal_answers(case.number, purpose=purpose, by=people.acting("张敏"), at=AT)
    with refused(RefusalCode.PERMISSION_MISSING, case):
        talk.reveal_phone(
            case.number, purpose="核对", by=people.acting("吴涛"), at=AT
        )  # supervision reads, never reveals
    assert talk.reveal_phone(case.number, purpose="通知补件", by=people.acting("张敏"), at=AT) == "13800000001"
    assert (kinds(case)[-1], last(case)[1]) == ("revealed", {"field": "contact_phone", "purpose": "通知补件"})
    assert talk.reveal_id(case.number, purpose="核对身份", by=people.acting("张敏"), at=AT) == people.person.id_number
    people.person.refresh_from_db()
    assert people.person.version == 2
    sound(case)


def test_a_contact_mistyped_at_the_counter_is_corrected_there(people: Cast) -> None:
    case = bring(people, State.PROCESSING)
    with refused(RefusalCode.PERMISSION_MISSING, case):
        talk.correct_contact(
            case.number, phone="13900000009", agent_name="", reason="录错", seen=None, by=people.acting("李军"), at=AT
        )
    with refused(RefusalCode.CODE_MOBILE_FORM, case):
        talk.correct_contact(
            case.number, phone="139", agent_name="", reason="录错", seen=None, by=people.acting("张敏"), at=AT
        )
    talk.correct_contact(
        case.number, phone="13900000009", agent_name="周晓", reason="录错", seen=None, by=people.acting("张敏"), at=AT
    )
    row = row_of(case)
    assert (row.contact_phone, row.agent_name, row.is_agent) == ("13900000009", "周晓", True)
    assert "13900000009" not in last(case)[0].facts
    sound(case)


def test_a_stranger_learns_nothing_from_a_number(people: Cast) -> None:
    case = bring(people, State.PROCESSING)
    answers = set()
    for number in (case.number, "9901002026092410000009", "nonsense"):
        with pytest.raises(Refusal) as caught:
            talk.urge(number, by=people.other, at=AT)
        answers.add(str(caught.value))
    assert answers == {"common.not_found"}
