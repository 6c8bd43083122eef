"""Leads: found once from the sealed journal, settled by a person with a reason, drawn again by anybody."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.flows.acts import at as moment
from tests.flows.acts import holder
from tests.hall import queued, taken
from tests.people import AT, accepted, cast, drafted, reviewed, submitted
from zhengtong.base import journal
from zhengtong.base.journal.queries import entries_of
from zhengtong.base.personal import lookup_hash
from zhengtong.base.seal.actions import seal, seal_and_publish
from zhengtong.base.seal.consumers import rewind
from zhengtong.domains.authenticity import actions, queries
from zhengtong.domains.authenticity.models import ClerkDay, ExtendedHours, Lead, MonthFigures, Sample, Trace
from zhengtong.domains.authenticity.nightly import look_at_months
from zhengtong.domains.cases.models import Case
from zhengtong.domains.ratings.models import Fact
from zhengtong.domains.registry.models import Account
from zhengtong.domains.supervision.actions import rules
from zhengtong.domains.supervision.models import Card
from zhengtong.flows import (
    accept,
    decide,
    finish,
    forward,
    submit,
    ticket_called,
    ticket_served,
    ticket_window,
)
from zhengtong.flows.lead_confirmed import confirm_lead
from zhengtong.flows.lead_dismissed import dismiss_lead
from zhengtong.flows.lead_found import find_leads, find_leads_at_night
from zhengtong.rules.authenticity.suspicion import Scope, Shown, Suspicion
from zhengtong.rules.lights import Level
from zhengtong.rules.refusal import Refusal, RefusalCode

pytestmark = pytest.mark.django_db
EVENING = datetime(2026, 9, 24, 15, 0, tzinfo=UTC)  # 23:00
LATER = AT + timedelta(days=20)


@pytest.fixture
def people():
    return cast()


def refused(code, step, *words, **facts):
    with pytest.raises(Refusal) as caught:
        step(*words, **facts)
    assert caught.value.code is code, str(caught.value)


def look(when=LATER):
    seal(at=when)
    while find_leads(at=when):
        pass


def rules_found():
    return sorted(Lead.objects.values_list("rule_code", flat=True))


def walk(people, start, gap, number=1):
    """Accepted to finished by four people, `gap` apart; the item promises five working days."""
    case = accepted(people, number, at=start)
    for opinion in ("材料齐全。", "同意。"):
        start += gap
        forward.forward(case.number, opinion=opinion, seen=None, by=holder(people, case), at=start)
    decide.decide(case.number, grants=True, opinion="准予备案。", seen=None, by=holder(people, case), at=start + gap)
    return finish.finish(case.number, note="", seen=None, by=people.acting("张敏"), at=start + 2 * gap)


def test_honest_work_raises_nothing(people):
    walk(people, AT, timedelta(minutes=25))
    look()
    assert rules_found() == []
    trace = Trace.objects.get()
    assert (trace.applicant, trace.finished_month) == (f"e{people.enterprise.pk}", "2026-09")
    month = MonthFigures.objects.get()
    assert (month.received, month.accepted, month.finished, month.in_time, month.promised) == (1, 1, 1, 1, 1)


def test_a_file_walked_through_in_seconds(people):
    walk(people, AT, timedelta(seconds=30))
    look()
    assert rules_found() == ["D-02", "D-04"]
    lead = Lead.objects.get(rule_code="D-04")
    assert (lead.organ_id, lead.scope, lead.state) == (people.organ.pk, "case", "open")
    assert [e.kind for e in entries_of("lead", lead.number)] == ["lead.found"]


def test_stages_entered_at_night_and_the_same_evening_announced(people):
    case = accepted(people)
    forward.forward(case.number, opinion="材料齐全。", seen=None, by=holder(people, case), at=EVENING)
    look()
    assert rules_found() == ["D-03"]
    assert Lead.objects.get().officer_id == Case.objects.get().handler_id


def test_announced_service_is_no_after_hours(people):
    by = people.acting("蒋华")
    for _ in range(2):
        actions.extend_hours(EVENING.date(), time(18), time(23, 30), organ_id=None, reason="延时服务", by=by, at=AT)
    assert ExtendedHours.objects.count() == 1
    case = accepted(people)
    forward.forward(case.number, opinion="材料齐全。", seen=None, by=holder(people, case), at=EVENING)
    look()
    assert rules_found() == []
    refused(
        RefusalCode.HOURS_BACKWARD, actions.extend_hours, AT.date(), time(9), time(9), organ_id=None, reason="x",
        by=by, at=AT,
    )  # fmt: skip
    refused(
        RefusalCode.HOURS_PAST, actions.extend_hours, EVENING.date(), time(18), time(23, 30), organ_id=None, reason="x",
        by=by, at=EVENING + timedelta(days=1),
    )  # fmt: skip
    refused(
        RefusalCode.PERMISSION_MISSING, actions.extend_hours, AT.date(), time(9), time(10), organ_id=None, reason="x",
        by=people.acting("李军"), at=AT,
    )  # fmt: skip


def test_dates_that_run_backward(people):
    case = reviewed(people, at=AT)
    decide.decide(
        case.number, grants=True, opinion="准予备案。", seen=None, by=holder(people, case), at=AT - timedelta(days=2)
    )
    look()
    assert "D-05" in rules_found()


def test_a_case_entered_late_with_early_dates(people):
    for number in range(1, 9):
        accepted(people, number, at=AT + timedelta(minutes=7 * number))
    early = AT - timedelta(days=3)
    late = submitted(people, 50, at=early)
    accept.accept(late.number, seen=None, by=people.acting("张敏"), at=early + timedelta(minutes=9))
    look()
    lead = Lead.objects.get(rule_code="D-05")
    assert {row.subject_key for row in lead.evidence.all()} == {late.number}


def test_the_same_application_twice(people):
    submitted(people, 1)
    submitted(people, 2, at=AT + timedelta(days=2))
    submitted(people, 3, at=AT + timedelta(days=30))
    look(AT + timedelta(days=31))
    lead = Lead.objects.get(rule_code="D-06")
    assert lead.evidence.count() == 2


def test_a_colleagues_phone(people):
    owner = people.officers["李军"].account
    Account.objects.filter(pk=owner.pk).update(phone_hash=lookup_hash("13900000009"))
    application = drafted(people)
    application.contact_phone = "13900000009"
    application.save()
    submit.submit(application, seen=application.draft_version, by=people.applicant, at=AT)
    look()
    lead = Lead.objects.get()
    assert (lead.rule_code, lead.facts) == ("D-07", {})
    assert lead.evidence.get().facts == {"owner": people.officers["李军"].pk}


def test_reading_again_from_the_start_finds_nothing_new(people):
    walk(people, AT, timedelta(seconds=30))
    look()
    before = Lead.objects.count()
    rewind("authenticity")
    Trace.objects.all().delete()
    MonthFigures.objects.all().delete()
    look()
    assert Lead.objects.count() == before
    assert MonthFigures.objects.get().finished == 1


def test_what_grows_is_one_lead_until_somebody_settles_it(people):
    def suspicion(*numbers):
        shown = tuple(Shown("after_hours", number, 2, AT, people.officers["李军"].pk) for number in numbers)
        return Suspicion("D-03", Scope.OFFICER, "7", shown, period="2026-09-24", organ_id=people.organ.pk)

    (lead,) = actions.find([suspicion("N1")], at=AT)
    assert actions.find([suspicion("N1")], at=AT) == []
    actions.find([suspicion("N1", "N2"), suspicion("N3")], at=AT)
    assert lead.evidence.count() == 3
    dismiss_lead(lead.number, reason="当晚系统检修后补录，已有记录。", by=people.acting("吴涛"), at=AT)
    actions.find([suspicion("N4")], at=AT)
    assert lead.evidence.count() == 3
    assert [e.kind for e in entries_of("lead", lead.number)] == ["lead.found", "lead.extended", "lead.dismissed"]
    lead.refresh_from_db()
    assert journal.check_subject(lead, list(entries_of("lead", lead.number))) == []


# --- settling ---


@pytest.fixture
def lead(people):
    rules.seed(at=AT)
    walk(people, AT, timedelta(seconds=30))
    look()
    return Lead.objects.get(rule_code="D-04")


def test_a_confirmed_lead_becomes_a_card_of_the_case(people, lead):
    told = confirm_lead(lead.number, level=Level.YELLOW, reason="四人均承认代点。", by=people.acting("吴涛"), at=LATER)
    card = Card.objects.get()
    assert (told.state, told.card_no) == ("confirmed", card.number)
    assert (card.rule_code, card.level, card.subject_kind, card.subject_key) == (
        "D-04", "yellow", "case", lead.scope_key,
    )  # fmt: skip
    refused(RefusalCode.LEAD_SETTLED, dismiss_lead, lead.number, reason="误报。", by=people.acting("吴涛"), at=LATER)


def test_a_dismissal_needs_a_reason_and_counts_for_the_rule(people, lead):
    refused(RefusalCode.TEXT_REQUIRED, dismiss_lead, lead.number, reason=" ", by=people.acting("吴涛"), at=LATER)
    dismiss_lead(lead.number, reason="系统升级后集中提交。", by=people.acting("吴涛"), at=LATER)
    records = {record.rule_code: record for record in queries.rule_records()}
    assert (records["D-04"].dismissed, records["D-04"].confirmed_percent, records["D-02"].open) == (1, 0, 1)
    assert queries.leads_by_organ(LATER.date(), LATER.date()) == {people.organ.pk: {"D-02": 1}}


@pytest.mark.parametrize("name", ["李军", "蒋华", "孙丽"])
def test_only_supervision_settles(people, lead, name):
    code = RefusalCode.NOT_FOUND if name != "蒋华" else RefusalCode.PERMISSION_MISSING
    refused(code, dismiss_lead, lead.number, reason="误报。", by=people.acting(name), at=LATER)


def test_nobody_settles_what_concerns_them(people):
    own = Shown("after_hours", "N1", 2, AT, people.officers["吴涛"].pk)
    (lead,) = actions.find([Suspicion("D-03", Scope.OFFICER, "1", (own,), organ_id=people.organ.pk)], at=AT)
    refused(RefusalCode.LEAD_OWN, dismiss_lead, lead.number, reason="误报。", by=people.acting("吴涛"), at=AT)


def test_information_makes_no_card(people):
    digits = Shown("digits", str(people.organ.pk), kind="organ")
    (lead,) = actions.find([Suspicion("D-11", Scope.ORGAN, "1", (digits,), organ_id=people.organ.pk)], at=AT)
    refused(
        RefusalCode.LEAD_INFORMATION, confirm_lead, lead.number, level=Level.WARN, reason="看过。",
        by=people.acting("吴涛"), at=AT,
    )  # fmt: skip
    dismiss_lead(lead.number, reason="已看，仅供参考。", by=people.acting("吴涛"), at=AT)


def test_a_rule_switched_off_finds_nothing(people):
    rules.seed(at=AT)
    from zhengtong.domains.supervision.models import RuleVersion

    RuleVersion.objects.filter(code="D-04").update(enabled=False)
    walk(people, AT, timedelta(seconds=30))
    look()
    assert rules_found() == ["D-02"]


# --- sums of a month ---


def test_months_that_cannot_be_honest(people):
    for month in ("2026-08", "2026-09", "2026-10"):
        MonthFigures.objects.create(
            organ=people.organ, month=month, received=60, finished=40, in_time=40, promised=40, gamed=20, voided=9,
            digits=[200, 1, 1, 1, 1, 150, 1, 1, 1, 1],
        )  # fmt: skip
    when = datetime(2026, 10, 20, 18, 0, tzinfo=UTC)
    assert find_leads_at_night(at=when) == 4
    assert rules_found() == ["D-08", "D-11", "D-12", "D-13"]
    assert look_at_months(at=when) == 0


def test_more_cases_at_a_window_than_people_came_to_it(people):
    """D-10 by the hall's own tickets: only days on which the clerk sat at a window are held against visitors."""
    clerk, (window, *_) = people.acting("张敏"), queued(people)
    ticket_window.open_window(window.pk, by=clerk, at=AT)
    for n in range(2):
        taken()
        ticket = ticket_called.call_next(window.pk, by=clerk, at=AT + timedelta(minutes=9 * n))
        ticket_served.start(ticket.key, by=clerk, at=AT + timedelta(minutes=9 * n + 1))
        ticket_served.served(ticket.key, by=clerk, at=AT + timedelta(minutes=9 * n + 8))
    for number, day in enumerate((0, 0, 1), start=1):
        draft = drafted(people, number)
        submit.submit(
            draft, seen=draft.draft_version, by=clerk, at=AT + timedelta(days=day, minutes=number),
            taker=people.officers["张敏"],
        )  # fmt: skip
    submitted(people, 4)  # from home: nobody comes for it
    look()
    assert dict(ClerkDay.objects.values_list("on", "taken_in")) == {AT.date(): 2, AT.date() + timedelta(days=1): 1}
    night = AT + timedelta(hours=10)
    ClerkDay.objects.filter(on=AT.date()).update(taken_in=29)
    assert look_at_months(at=night) == 0, "too few to wonder"
    ClerkDay.objects.exclude(on=AT.date()).update(taken_in=900)
    assert look_at_months(at=night) == 0, "at no window that day"
    ClerkDay.objects.filter(on=AT.date()).update(taken_in=31)
    assert look_at_months(at=night) == 1
    lead = Lead.objects.get(rule_code="D-10")
    assert lead.officer_id == people.officers["张敏"].pk
    assert (lead.facts["received"], lead.facts["visitors"]) == (31, 2)


def test_one_who_was_not_content_is_enough_not_to_be_too_perfect(people):
    for month in ("2026-08", "2026-09", "2026-10"):
        MonthFigures.objects.create(organ=people.organ, month=month, received=60, finished=40, in_time=40)
    when = datetime(2026, 10, 20, 18, 0, tzinfo=UTC)
    row = Fact.objects.create(
        cut="organ", key=str(people.organ.pk), organ_id=people.organ.pk, grain=Fact.MONTH, day=date(2026, 9, 1), nodes=9,
        level_1=8, level_5=1,
    )  # fmt: skip
    assert look_at_months(at=when) == 0
    Fact.objects.filter(pk=row.pk).update(level_1=9, level_5=0)
    assert look_at_months(at=when) == 1
    assert rules_found() == ["D-12"]


# --- spot checks ---


def test_the_seal_draws_the_sample(people):
    numbers = [walk(people, AT + timedelta(minutes=9 * n), timedelta(minutes=25), n).number for n in range(1, 4)]
    walk(people, AT, timedelta(seconds=30), 9)
    look(AT + timedelta(hours=6))
    by, october = people.acting("吴涛"), moment(days=9)
    refused(RefusalCode.SAMPLE_MONTH_RUNNING, actions.draw_sample, "2026-09", by=by, at=AT)
    refused(RefusalCode.SAMPLE_WITHOUT_CHECKPOINT, actions.draw_sample, "2026-09", by=by, at=october)
    seal_and_publish(at=october)
    sample = actions.draw_sample("2026-09", by=by, at=october)
    assert (sample.population, sample.drawn) == (4, 1)
    assert actions.draw_sample("2026-09", by=by, at=october).pk == sample.pk
    files = {file.case_no: file for file in queries.sample_files(sample)}
    assert set(files) <= {*numbers, Case.objects.order_by("pk").last().number}
    assert "lead" in {file.origin for file in files.values()} or len(files) == 1
    file = next(iter(files.values()))
    refused(RefusalCode.TEXT_REQUIRED, actions.judge_file, file, file.UNTRUE, note="", by=by, at=october)
    actions.judge_file(file, file.UNTRUE, note="申请人称从未申请。", by=by, at=october)
    result = queries.sampling_result("2026-09")
    assert (result.looked_at, result.untrue, result.population) == (1, 1, 4)
    assert Sample.objects.get().version == 2
    assert queries.sampling_result("2026-08") is None


def test_queries_of_a_slice_do_not_grow_with_its_cases(people):
    def looked_at(numbers):
        for number in numbers:
            accepted(people, number, at=AT + timedelta(days=12 + 8 * number))  # nothing to find among them
        seal(at=LATER + timedelta(days=30))
        with CaptureQueriesContext(connection) as asked:
            find_leads(at=LATER + timedelta(days=30))
        return len(asked)

    few, many = looked_at([1]), looked_at([2, 3])
    assert few <= 51  # the cases' part, and the ratings'
    assert many <= few
