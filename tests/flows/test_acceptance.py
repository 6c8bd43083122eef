"""收件 to 受理: what submission, acceptance, the one notice and the clock's own steps write, and what they refuse."""

import io
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from tests.answers import PDF
from tests.flows.acts import (
    AT,
    OIL,
    at,
    bring,
    bring_supplement,
    defect,
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
from tests.people import PREPAID, Cast, cast, drafted, submitted
from zhengtong.base.outbox.models import Message
from zhengtong.domains.applications import actions as applications
from zhengtong.domains.applications.models import Application, SubmittedMaterial
from zhengtong.domains.cases.models import Case, SupplementItem
from zhengtong.domains.catalogue.models import Item
from zhengtong.domains.registry.models import Officer
from zhengtong.flows import (
    accept,
    hand_in,
    refuse_acceptance,
    request_supplement,
    submit,
    supplement,
    supplement_at_counter,
    sweep,
    withdraw,
)
from zhengtong.flows.supplement_at_counter import Brought
from zhengtong.rules.procedure import State
from zhengtong.rules.refusal import Refusal, RefusalCode

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast(OIL, PREPAID)


# --- submission ---


def test_submission_opens_a_case_and_the_five_days(people: Cast) -> None:
    application = drafted(people)
    case = submit.submit(application, seen=application.draft_version, by=people.applicant, at=AT)
    row = row_of(case)
    assert (row.state, row.stage, row.holder, row.version) == ("SUBMITTED", "ACCEPT", None, 1)
    assert row.number.startswith("990100202609241000001")
    assert (row.due_on, row.due_at.isoformat()) == (date(2026, 10, 9), "2026-10-09T15:59:59.999999+00:00")
    entry, facts = last(case)
    assert (entry.kind, entry.actor_kind, entry.seq) == ("case.submitted", "applicant", 1)
    assert facts["application"] == application.frozen_hash
    assert (facts["notice_due"], facts["organ"], facts["channel"]) == ("2026-10-09", people.organ.code, "2")
    assert "林小雨" not in entry.facts + entry.actor_name  # no personal data in the journal
    assert limits(case) == {"notice": ("2026-10-09", "open")}
    assert [form for form, _ in papers(case)] == ["F-00"]
    assert messages(case) == ["submitted"]
    assert Application.objects.get(pk=application.pk).case_no == case.number
    sound(case)


def test_a_double_click_is_one_case(people: Cast) -> None:
    application = drafted(people)
    seen = application.draft_version
    first = submit.submit(application, seen=seen, by=people.applicant, at=AT)
    again = submit.submit(Application.objects.get(pk=application.pk), seen=seen, by=people.applicant, at=at(0.01))
    assert (again.pk, Case.objects.count(), Message.objects.count()) == (first.pk, 1, 1)


def test_an_incomplete_application_is_told_everything_it_lacks_at_once(people: Cast) -> None:
    application = drafted(people)
    for material in SubmittedMaterial.objects.filter(application=application):
        applications.remove_material(application, material.pk, at=AT)
    with pytest.raises(Refusal) as caught:
        submit.submit(application, seen=application.draft_version, by=people.applicant, at=AT)
    assert caught.value.code is RefusalCode.APPLICATION_INCOMPLETE
    assert len(caught.value.facts["missing"]) == caught.value.facts["count"] > 1
    assert (Case.objects.count(), Message.objects.count()) == (0, 0)


def test_an_older_screen_of_a_draft_is_not_submitted(people: Cast) -> None:
    application = drafted(people)
    with pytest.raises(Refusal) as caught:
        submit.submit(application, seen=application.draft_version - 1, by=people.applicant, at=AT)
    assert caught.value.code is RefusalCode.APPLICATION_STALE
    assert caught.value.facts["saved_at"] == AT
    submit.submit(application, seen=application.draft_version, by=people.applicant, at=AT)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (Item.Status.SUSPENDED, RefusalCode.ITEM_SUSPENDED),
        (Item.Status.RETIRED, RefusalCode.ITEM_RETIRED),
        (Item.Status.LISTED, RefusalCode.ITEM_LISTED_ONLY),
    ],
)
def test_an_item_closed_since_the_draft_began_takes_nothing(people: Cast, status: str, code: RefusalCode) -> None:
    application = drafted(people)
    Item.objects.filter(pk=application.item_id).update(status=status)
    with pytest.raises(Refusal) as caught:
        submit.submit(
            Application.objects.get(pk=application.pk), seen=application.draft_version, by=people.applicant, at=AT
        )
    assert caught.value.code is code


def test_a_listed_item_begins_no_draft(people: Cast) -> None:
    item = people.item(PREPAID)
    Item.objects.filter(pk=item.pk).update(current_version=None, status=Item.Status.LISTED)
    item.refresh_from_db()
    with pytest.raises(Refusal) as caught:
        applications.start(
            item,
            uid=UUID(int=9),
            person=people.person,
            enterprise=people.enterprise,
            channel="2",
            by=people.applicant,
            at=AT,
        )
    assert caught.value.code is RefusalCode.ITEM_LISTED_ONLY


# --- acceptance ---


def test_acceptance_starts_the_clock_and_finds_the_least_loaded_handler(people: Cast) -> None:
    first, second = submitted(people, 1), submitted(people, 2)
    for case in (first, second):
        accept.accept(case.number, seen=1, by=people.acting("张敏"), at=AT)
    assert {holder(people, first).name, holder(people, second).name} == {"李军", "周洋"}
    row = row_of(first)
    assert (row.state, row.stage, row.accepted_on, row.acceptor.name) == (
        "PROCESSING",
        "PROCESS",
        date(2026, 9, 24),
        "张敏",
    )
    entry, facts = last(first)
    number = "（云商）受字〔2026〕第00001号"
    assert (entry.kind, entry.actor_name, entry.post) == ("case.accepted", "张敏", "云泽市商务局")
    assert facts == {
        "paper": number, "promise_due": "2026-10-09", "legal_due": "2026-10-29", "to": holder(people, first).name,
    }  # fmt: skip
    assert limits(first) == {
        "notice": ("2026-10-09", "met"),
        "promise": ("2026-10-09", "open"),
        "legal": ("2026-10-29", "open"),
        "stage": ("2026-09-29", "open"),
    }
    assert papers(first)[1:] == [("F-01", number)]
    assert papers(second)[1:] == [("F-01", "（云商）受字〔2026〕第00002号")]
    assert messages(first) == ["submitted", "accepted"]
    sound(first)


def test_accepted_without_anybody_to_handle_it_waits_in_the_pool(people: Cast) -> None:
    Officer.objects.filter(name__in=["李军", "周洋"]).update(left_on=date(2026, 9, 1))
    case = submitted(people)
    accept.accept(case.number, seen=None, by=people.acting("张敏"), at=AT)
    assert (row_of(case).state, row_of(case).holder) == ("PROCESSING", None)


def test_accepted_after_the_five_days_is_noted_as_missed(people: Cast) -> None:
    case = submitted(people)
    accept.accept(case.number, seen=None, by=people.acting("张敏"), at=at(days=16))  # Saturday 10 October, at work
    assert limits(case)["notice"] == ("2026-10-09", "missed")


def test_not_accepted_says_why_and_whose_matter_it_is(people: Cast) -> None:
    case = submitted(people)
    window = people.acting("张敏")
    with refused(RefusalCode.REASON_TOO_SHORT, case, least=10):
        refuse_acceptance.refuse_acceptance(case.number, reason="不归我们管。", basis="", seen=None, by=window, at=AT)
    refuse_acceptance.refuse_acceptance(
        case.number, reason="该事项由省级商务主管部门办理。", basis="行政许可法第三十二条第一款第二项", right_organ="云泽省商务厅",
        seen=None, by=window, at=AT,
    )  # fmt: skip
    row = row_of(case)
    assert (row.state, row.result_code, row.due_on, row.finished_at) == ("NOT_ACCEPTED", "1", None, AT)
    assert last(case)[1]["right_organ"] == "云泽省商务厅"
    assert limits(case) == {"notice": ("2026-10-09", "met")}
    assert papers(case)[1:] == [("F-02", "（云商）不受字〔2026〕第00001号")]
    assert messages(case) == ["submitted", "acceptance_refused"]
    sound(case)


# --- the one notice and its answer ---


def test_supplement_round_trip(people: Cast) -> None:
    case = submitted(people, 1, OIL)
    window = people.acting("张敏")
    with refused(RefusalCode.SUPPLEMENT_EMPTY, case):
        request_supplement.request_supplement(case.number, [], seen=None, by=window, at=AT)
    asked = defect(people, case)
    request_supplement.request_supplement(case.number, [asked], seen=None, by=window, at=AT)
    assert (row_of(case).state, row_of(case).due_on, row_of(case).supplements) == ("SUPPLEMENT", None, 1)
    assert last(case)[1]["materials"] == [asked.material_name]
    # 30 natural days from 24 September end on Saturday 24 October, so on Monday (民法典第二百零三条)
    assert limits(case) == {"notice": ("2026-10-09", "met"), "supplement": ("2026-10-26", "open")}
    assert papers(case)[1:] == [("F-03", "（云商）补字〔2026〕第00001号")]

    with refused(RefusalCode.SUPPLEMENT_NOTHING, case):
        supplement.supplement(case.number, seen=None, by=people.applicant, at=AT)
    with refused(RefusalCode.APPLICATION_MATERIAL_UNKNOWN, case, code="nothing_of_the_kind"):
        hand_in.hand_in_supplement(
            case.number, "nothing_of_the_kind", io.BytesIO(PDF), "a.pdf", by=people.applicant, at=AT
        )
    with refused(RefusalCode.NOT_FOUND, case):
        hand_in.hand_in_supplement(case.number, asked.material_code, io.BytesIO(PDF), "a.pdf", by=people.other, at=AT)
    before = Application.objects.get(case=case).frozen_hash
    bring_supplement(people, case, when=at(days=4))
    row = row_of(case)
    assert (row.state, row.due_on, row.stage_since) == ("SUBMITTED", date(2026, 10, 10), at(days=4))
    assert limits(case) == {"notice": ("2026-10-10", "open"), "supplement": ("2026-10-26", "met")}
    assert last(case)[1]["application"] == Application.objects.get(case=case).frozen_hash != before
    assert SupplementItem.objects.get(case=case).answered_at == at(days=4)
    old = SubmittedMaterial.objects.filter(application__case=case, material_code=asked.material_code, round=0)
    assert old.count() == old.filter(superseded_at=at(days=4)).count()
    assert messages(case) == ["submitted", "supplement_requested", "supplemented"]

    accept.accept(case.number, seen=None, by=window, at=at(days=5))
    assert limits(case)["notice"] == ("2026-10-10", "met")
    sound(case)


def test_a_second_notice_may_only_name_what_the_first_could_not_show(people: Cast) -> None:
    case = bring(people, State.SUPPLEMENT)
    bring_supplement(people, case)
    window = people.acting("陈静")
    with refused(RefusalCode.SUPPLEMENT_TWICE, case):
        request_supplement.request_supplement(
            case.number, [defect(people, case, visible=False), defect(people, case)], seen=None, by=window, at=AT
        )
    request_supplement.request_supplement(
        case.number, [defect(people, case, visible=False)], seen=None, by=window, at=AT
    )
    assert row_of(case).supplements == 2
    assert [form for form, _ in papers(case)] == ["F-00", "F-03", "F-03"]
    sound(case)


def test_supplements_brought_to_the_window(people: Cast) -> None:
    case = bring(people, State.SUPPLEMENT)
    code = defect(people, case).material_code
    with refused(RefusalCode.PERMISSION_MISSING, case):
        supplement_at_counter.supplement_at_counter(
            case.number, [Brought(code)], seen=None, by=people.acting("李军"), at=AT
        )
    with refused(RefusalCode.APPLICATION_MATERIAL_UNKNOWN, case):
        supplement_at_counter.supplement_at_counter(
            case.number, [Brought("nothing")], seen=None, by=people.acting("张敏"), at=AT
        )
    supplement_at_counter.supplement_at_counter(
        case.number, [Brought(code, "1", 2)], seen=None, by=people.acting("张敏"), at=AT
    )
    entry, _ = last(case)
    assert (entry.kind, entry.actor_name) == ("case.supplemented", "张敏")
    paper = SubmittedMaterial.objects.get(application__case=case, round=1)
    assert (paper.receive_mode, paper.copies, paper.superseded_at) == ("1", 2, None)
    sound(case)


def test_a_wrong_file_of_the_running_round_is_exchanged_but_no_older_one(people: Cast) -> None:
    case = bring(people, State.SUPPLEMENT)
    code = defect(people, case).material_code
    first = SubmittedMaterial.objects.get(application__case=case, material_code=code, round=0)
    wrong = hand_in.hand_in_supplement(case.number, code, io.BytesIO(PDF), "错.pdf", by=people.applicant, at=AT)
    with refused(RefusalCode.NOT_FOUND, case):
        hand_in.take_back_supplement(case.number, first.pk, by=people.applicant, at=AT)
    hand_in.take_back_supplement(case.number, wrong.pk, by=people.applicant, at=AT)
    with refused(RefusalCode.SUPPLEMENT_NOTHING, case):
        supplement.supplement(case.number, seen=None, by=people.applicant, at=AT)


# --- what the clock brings about ---


def test_not_told_within_five_days_is_accepted_back_from_the_day_of_receipt(people: Cast) -> None:
    case = submitted(people)
    last_instant = row_of(case).due_at
    assert sweep.sweep(at=last_instant) == (0, 0)  # the last instant is still in time
    assert sweep.sweep(at=last_instant + timedelta(microseconds=1)) == (1, 0)
    row = row_of(case)
    assert (row.state, row.deemed, row.accepted_on, row.acceptor) == ("PROCESSING", True, date(2026, 9, 24), None)
    entry, facts = last(case)
    assert (entry.kind, entry.actor_kind, facts["notice_due"]) == ("case.deemed_accepted", "system", "2026-10-09")
    assert limits(case) == {
        "notice": ("2026-10-09", "missed"),
        "promise": ("2026-10-09", "open"),  # counted from the receipt: the promise is over as the case begins
        "legal": ("2026-10-29", "open"),
        "stage": ("2026-09-29", "open"),
    }
    assert holder(people, case).name in ("李军", "周洋")
    assert messages(case) == ["submitted", "deemed_accepted"]
    assert sweep.sweep(at=last_instant + timedelta(days=1)) == (0, 0)
    sound(case)


def test_after_a_supplement_the_five_days_and_the_deemed_day_are_the_supplements(people: Cast) -> None:
    case = bring(people, State.SUPPLEMENT)
    bring_supplement(people, case, when=at(days=4))
    assert sweep.sweep(at=at(days=17)) == (1, 0)
    assert (row_of(case).accepted_on, limits(case)["notice"]) == (date(2026, 9, 28), ("2026-10-10", "missed"))
    sound(case)


def test_a_provisional_date_deems_nothing_accepted(people: Cast) -> None:
    december = datetime(2026, 12, 30, 2, tzinfo=UTC)
    case = submitted(people, at=december)  # five days into 2027, whose notice is not out: 暂定
    assert row_of(case).due_on == date(2027, 1, 7)
    assert sweep.sweep(at=december + timedelta(days=30)) == (0, 0)
    assert row_of(case).state == "SUBMITTED"


def test_supplements_that_never_come(people: Cast) -> None:
    case = bring(people, State.SUPPLEMENT)
    assert sweep.sweep(at=at(days=31)) == (0, 0)
    assert sweep.sweep(at=at(days=33)) == (0, 1)
    row = row_of(case)
    assert (row.state, row.result_code, row.finished_at) == ("LAPSED", "5", at(days=33))
    assert limits(case) == {"notice": ("2026-10-09", "met"), "supplement": ("2026-10-26", "missed")}
    assert (kinds(case)[-1], messages(case)[-1]) == ("lapsed", "lapsed")
    with refused(RefusalCode.CASE_WRONG_STATE, case, state="LAPSED"):
        supplement.supplement(case.number, seen=None, by=people.applicant, at=at(days=34))
    sound(case)


def test_withdrawn_before_acceptance(people: Cast) -> None:
    case = submitted(people)
    with refused(RefusalCode.NOT_FOUND, case):
        withdraw.withdraw(case.number, reason="", seen=None, by=people.other, at=AT)
    withdraw.withdraw(case.number, reason="", seen=None, by=people.applicant, at=AT)
    assert (row_of(case).state, row_of(case).result_code, limits(case)) == (
        "WITHDRAWN", "2", {"notice": ("2026-10-09", "void")},
    )  # fmt: skip
    assert papers(case)[-1] == ("F-13", "（云商）撤字〔2026〕第00001号")
    assert sweep.sweep(at=at(days=60)) == (0, 0)
    sound(case)
