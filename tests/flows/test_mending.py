"""What was mended: mandates that end, grounds of a refusal, supplements by word, sentences of SMS."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from tests.answers import fill
from tests.flows.acts import AT, at, last, refused
from tests.people import SINCE, Cast, cast, drafted, submitted
from tests.web.portal import as_enterprise
from zhengtong.base.outbox.models import Message
from zhengtong.base.permission import Acting
from zhengtong.domains.applications import actions as applications
from zhengtong.domains.applications.models import Application
from zhengtong.domains.cases import queries as cases
from zhengtong.domains.cases.actions import Defect
from zhengtong.domains.cases.hot import case_for_step
from zhengtong.domains.cases.models import Case, Paper
from zhengtong.domains.registry import actions as registry
from zhengtong.domains.registry.models import Mandate, Person
from zhengtong.domains.registry.queries import applicant_acting
from zhengtong.exchange.postman import post
from zhengtong.flows import refuse_acceptance, request_supplement, submit, supplement, withdraw
from zhengtong.rules.decisions import Ground
from zhengtong.rules.refusal import Refusal, RefusalCode

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast()


# --- mandates ---


def mandated(people: Cast) -> tuple[Mandate, Acting]:
    """高远 acts for the enterprise of 林小雨."""
    agent = Person.objects.create(key="person-gao", name="高远", account=people.stranger, version=0)
    mandate = Mandate.objects.create(
        agent=agent, enterprise=people.enterprise, since=SINCE, until=at(days=400).date(), version=0
    )
    return mandate, applicant_acting(people.stranger, people.enterprise)


def agents_draft(people: Cast, mandate: Mandate, by: Acting, number: int = 7) -> Application:
    draft = applications.start(
        people.item(), uid=UUID(int=number), person=None, enterprise=people.enterprise, channel="2", mandate=mandate,
        account_id=people.stranger.pk, agent_name="高远", by=by, at=AT,
    )  # fmt: skip
    fill(draft, at=AT)
    return draft


def looks(by: Acting, case: Case) -> set[str]:
    """The ways by which somebody comes to a case."""
    found = {"list"} if case in cases.cases_of_applicant(by) else set()
    for name, fetch in (("page", cases.case_for), ("step", case_for_step)):
        try:
            fetch(by, case.number)
            found.add(name)
        except Refusal as refusal:
            if refusal.code is not RefusalCode.NOT_FOUND:
                raise
    return found


def test_an_agent_sees_what_they_filed_only_while_acting_for_the_enterprise(people: Cast) -> None:
    mandate, by = mandated(people)
    draft = agents_draft(people, mandate, by)
    case = submit.submit(draft, seen=draft.draft_version, by=by, at=AT)
    assert case.account_id == people.stranger.pk
    assert looks(by, case) == looks(people.applicant, case) == {"list", "page", "step"}
    registry.revoke_mandate(mandate, by=people.applicant, at=AT)
    former = applicant_acting(people.stranger)
    assert looks(former, case) == set()
    with refused(RefusalCode.NOT_FOUND, case):
        withdraw.withdraw(case.number, reason="不再申请", seen=None, by=former, at=AT)
    withdraw.withdraw(case.number, reason="不再申请", seen=None, by=people.applicant, at=AT)


def test_a_person_sees_their_own_case_whomever_they_act_for(people: Cast) -> None:
    draft = drafted(people)
    draft.enterprise = None
    draft.save()
    own = submit.submit(draft, seen=draft.draft_version, by=people.applicant, at=AT)
    everything = {"list", "page", "step"}
    assert looks(people.applicant, own) == looks(applicant_acting(people.citizen), own) == everything
    assert looks(people.other, own) == set()


def test_a_draft_cannot_be_sent_under_a_mandate_that_has_ended(people: Cast) -> None:
    mandate, by = mandated(people)
    draft = agents_draft(people, mandate, by)
    registry.revoke_mandate(mandate, by=people.applicant, at=AT)
    with pytest.raises(Refusal) as caught:
        submit.submit(draft, seen=draft.draft_version, by=by, at=AT)
    assert caught.value.code is RefusalCode.MANDATE_MISSING
    assert not Case.objects.exists()
    draft.refresh_from_db()
    assert draft.state == Application.DRAFT


def test_a_mandate_ends_with_its_last_day(people: Cast) -> None:
    mandate, by = mandated(people)
    early, late = agents_draft(people, mandate, by, 7), agents_draft(people, mandate, by, 8)
    Mandate.objects.filter(pk=mandate.pk).update(until=AT.date())
    assert submit.submit(early, seen=early.draft_version, by=by, at=AT).number
    with pytest.raises(Refusal) as caught:
        submit.submit(late, seen=late.draft_version, by=by, at=AT + timedelta(days=1))
    assert caught.value.code is RefusalCode.MANDATE_MISSING


# --- the real median of an item counts days as they are here ---


def test_a_case_finished_after_midnight_is_finished_that_day(people: Cast) -> None:
    case = submitted(people)
    late: Any = AT.replace(hour=17)  # 01:00 of the 25th in Shanghai
    Case.objects.filter(pk=case.pk).update(finished_at=late, accepted_on=AT.date())
    assert cases.recent_durations(case.item_id, AT - timedelta(days=9)) == [(AT.date(), AT.date() + timedelta(days=1))]


# --- two grounds of not taking a matter up ---


@pytest.mark.parametrize(
    ("ground", "right_organ", "kind"),
    [
        (Ground.NOT_REQUIRED, "", "not_required"),
        (Ground.NO_POWER, "", "no_power"),  # whose matter it is need not be known
        (Ground.NO_POWER, "云泽省商务厅", "no_power"),
        (None, "", "not_required"),
        (None, "云泽省商务厅", "no_power"),
    ],
)
def test_the_ground_stands_in_journal_and_paper(
    people: Cast, ground: Ground | None, right_organ: str, kind: str
) -> None:
    case = submitted(people)
    refuse_acceptance.refuse_acceptance(
        case.number, reason="申请事项不在本机关办理范围之内。", basis="行政许可法第三十二条", right_organ=right_organ,
        ground=ground, seen=None, by=people.acting("张敏"), at=AT,
    )  # fmt: skip
    paper = json.loads(Paper.objects.get(case=case, form="F-02").content)
    assert (last(case)[1]["ground"], paper["kind"], paper["correct_organ"]) == (kind, kind, right_organ)
    assert ("职权" in paper["failed_test"]) is (kind == "no_power")


# --- SMS ---


def test_who_has_no_account_is_told_by_sms_in_a_sentence(people: Cast, client: Client, settings: Any) -> None:
    settings.ZHENGTONG_DEMO = True
    draft = drafted(people)
    draft.account = None
    draft.save()
    case = submit.submit(draft, seen=draft.draft_version, by=people.acting("张敏"), at=AT)
    sentence = f"【{case.item_name}】办件{case.number}：已收到您的申请，最迟2026年10月9日告诉您是否受理。"
    assert sentence in client.get(reverse("accounts:local_inbox")).content.decode()
    row = Message.objects.get(channel=Message.SMS)
    assert row.state == Message.NEW
    post(at=AT)
    row.refresh_from_db()
    assert (row.state, row.payload["text"]) == (Message.KEPT, sentence)  # no provider here: readable in the house only


# --- a notice that asks for no material ---


def test_a_line_without_a_material_is_answered_in_words(people: Cast) -> None:
    case = submitted(people)
    lacking = Defect("", "申请表", "经营地址写得不明确", "请写明门牌号")
    request_supplement.request_supplement(case.number, [lacking], seen=None, by=people.acting("张敏"), at=AT)
    with refused(RefusalCode.SUPPLEMENT_NOTHING, case):
        supplement.supplement(case.number, answer=" ", seen=None, by=people.applicant, at=AT)
    client = as_enterprise(people)
    address = reverse("portal:supplement", args=[case.number])
    assert client.post(address, {"do": "send"}).status_code == 422
    assert client.post(address, {"do": "send", "answer": "云湖路 8 号。"}).status_code == 302
    row = Case.objects.get(pk=case.pk)
    assert row.state == "SUBMITTED"
    assert [line.text for line in cases.thread(row)] == ["云湖路 8 号。"]
