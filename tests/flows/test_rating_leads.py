"""Brushed ratings as leads of the house, good ones asked about again, and late handling of bad ones as cards."""

from datetime import timedelta

import pytest

from tests.flows.test_rectifications import CALLER, RATED, SUPERVISOR, bad, dispatched
from tests.people import AT, Cast, cast
from zhengtong.base.journal import check_subject
from zhengtong.base.journal.queries import entries_of
from zhengtong.base.permission import SYSTEM
from zhengtong.base.seal.actions import seal, seal_and_publish
from zhengtong.domains.authenticity import actions, queries
from zhengtong.domains.authenticity.models import AskedRating, Lead, RatingSample
from zhengtong.domains.ratings.actions import give, open_node
from zhengtong.domains.registry.models import Account, Organ
from zhengtong.domains.supervision.actions import seed
from zhengtong.domains.supervision.models import Card, RuleVersion
from zhengtong.flows.lead_confirmed import confirm_lead
from zhengtong.flows.lead_found import find_leads
from zhengtong.flows.supervise import supervise
from zhengtong.rules.clock import end_of
from zhengtong.rules.lights import Level
from zhengtong.rules.refusal import Refusal, RefusalCode

pytestmark = pytest.mark.django_db
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def people() -> Cast:
    return cast()


def rated(people: Cast, n: int, *, level: int = 1, channel: str = "pc", at=AT, phone: str = "", account=True):
    node = open_node(
        "letter", ("letter", f"L{n}"), organ_id=people.organ.pk, section_id=people.section.pk,
        officer_id=people.officers[RATED].pk, phone=phone, account_id=people.citizen.pk if account else None,
        opened_at=at, by=SYSTEM, at=at,
    )  # fmt: skip
    return give(node, level=level, channel=channel, real_name=True, ip=f"home-{n}", by=people.applicant, at=at + MINUTE)


def test_a_rating_of_nothing_is_a_lead_once_and_a_person_makes_a_card_of_it(people):
    rating = rated(people, 1)  # no letter L1 was ever written
    for _twice in range(2):
        seal(at=AT + DAY)
        while find_leads(at=AT + DAY):
            pass
    lead = Lead.objects.get(rule_code="E-3")
    assert [(row.subject_kind, row.subject_key) for row in lead.evidence.all()] == [("rating", rating.number)]
    lead = confirm_lead(
        lead.number, level=Level.YELLOW, reason="没有这封来信。", by=people.acting(SUPERVISOR), at=AT + DAY
    )
    assert Card.objects.get(number=lead.card_no).rule_code == "E-3"


def drawn(people: Cast, count: int = 60) -> RatingSample:
    for n in range(count):
        rated(people, n)
    seal_and_publish(at=AT + 10 * DAY)
    return actions.draw_ratings("2026-09", by=people.acting(SUPERVISOR), at=AT + 11 * DAY)


def test_two_percent_are_drawn_by_the_seal_and_again_the_same(people):
    sample = drawn(people)
    assert (sample.population, sample.drawn, sample.percent) == (60, 2, 2)  # a part of a rating is rounded up
    assert actions.draw_ratings("2026-09", by=people.acting(SUPERVISOR), at=AT + 12 * DAY).pk == sample.pk
    with pytest.raises(Refusal) as no:
        actions.draw_ratings("2026-10", by=people.acting(SUPERVISOR), at=AT + 11 * DAY)
    assert no.value.code is RefusalCode.SAMPLE_MONTH_RUNNING


def test_of_an_organ_where_everybody_rates_more_are_drawn(people):
    Lead.objects.create(
        number="XS1", rule_code="E-7", level="yellow", scope="organ", scope_key="1", period="2026-09", identity="x",
        organ=people.organ, found_at=AT, found_on=AT.date(),
    )  # fmt: skip
    sample = drawn(people)
    assert sample.asked.count() == 6
    assert sample.drawn == 2


def test_the_caller_learns_whom_to_call_with_a_purpose_and_who_was_rated_does_not(people):
    sample = drawn(people)
    asked = sample.asked.first()
    for who in (RATED, SUPERVISOR):
        with pytest.raises(Refusal):
            actions.reveal_asked(asked, purpose="看看", by=people.acting(who), at=AT + 12 * DAY)
    contact = actions.reveal_asked(asked, purpose="好评回访", by=people.acting(CALLER), at=AT + 12 * DAY)
    assert (contact.name, contact.phone) == ("林小雨", "13800000001")
    actions.tell_asked(asked, AskedRating.NOT_MINE, by=people.acting(CALLER), at=AT + 12 * DAY)
    asked.refresh_from_db()
    assert asked.result == "not_mine"
    sample.refresh_from_db()
    acts = list(entries_of("rating_sample", sample.month))
    assert check_subject(sample, acts) == []
    assert not any("林小雨" in act.facts for act in acts)
    assert queries.rating_samples()[0].unlike == 1


def test_a_step_not_taken_in_time_raises_a_card_once(people):
    row = dispatched(people)
    late = end_of(row.due_on) + MINUTE
    for _twice in range(2):
        supervise(at=late)
    card = Card.objects.get(rule_code="E-8")
    assert (card.subject_kind, card.subject_key, card.level) == ("rectification", row.number, "yellow")
    assert card.organ_id == people.organ.pk


def test_a_dispatch_not_made_in_time_is_the_centres(people):
    Organ.objects.filter(pk=people.organ.pk).update(is_centre=False)
    centre = Organ.objects.create(
        code="CENTRE", name="政务服务中心", short_name="中心", region=people.region, is_centre=True
    )
    row = bad(people)
    supervise(at=end_of(row.due_on) + MINUTE)
    assert Card.objects.get(rule_code="E-8").organ_id == centre.pk


def test_rules_that_waited_come_into_force_and_what_a_city_decided_stands(people):
    RuleVersion.objects.filter(code__in=["E-1", "E-2"]).update(
        enabled=False, waits_for="好差评", waits_for_en="ratings"
    )
    rule = RuleVersion.objects.get(code="E-2").rule
    type(rule).objects.filter(pk=rule.pk).update(version=2)  # somebody has written a version of their own since
    assert seed(at=AT) == 1
    new = RuleVersion.objects.get(code="E-1", number=2)
    assert new.enabled
    assert new.effective_from == AT.date()
    assert not RuleVersion.objects.filter(code="E-2", number=2).exists()
    assert seed(at=AT) == 0


def test_staff_of_the_house_on_record(people):
    Account.objects.filter(pk=people.officers["陈静"].account_id).update(phone_hash="h")
    from zhengtong.domains.authenticity.rating_reading import staff_phones

    assert staff_phones() == {"h": people.organ.pk}
