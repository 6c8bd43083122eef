"""Attacks by somebody who has read the source: shared phones, ended mandates, borrowed sessions, early looks, set theory."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from tests.flows.test_ratings_attacks import (
    DAY,
    GUEST,
    LATER,
    PHONE,
    alone,
    online,
    own,
    phone_of,
    press,
    refused,
    visit,
)
from tests.flows.test_rectifications import CALLER, CENTRE, COLLEAGUE, HEAD, RATED, bad, dispatched, fixed, verified
from tests.people import AT, Cast, accepted, account, cast, hall_of
from zhengtong.base.permission import SYSTEM
from zhengtong.base.personal import lookup_hash
from zhengtong.domains.ratings import actions, names, queries
from zhengtong.domains.ratings.models import Node, Rating
from zhengtong.domains.rectifications import queries as rectifications
from zhengtong.domains.registry import actions as registry
from zhengtong.domains.registry import queries as people_queries
from zhengtong.domains.registry.models import Account
from zhengtong.flows import special
from zhengtong.flows.rating_followed_up import follow_up
from zhengtong.flows.rating_given import rate
from zhengtong.rules.refusal import Refusal, RefusalCode

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(db: None) -> Cast:
    return cast()


def holding(phone: str, login: str = "zhou", name: str = "周晓") -> Account:
    """An account whose phone has been verified."""
    found = account(login, name)
    Account.objects.filter(pk=found.pk).update(phone_hash=lookup_hash(phone), phone_verified=True)
    found.refresh_from_db()
    return found


def agent_of(people: Cast, agent: Account, *, principal=None, days: int = 30):
    person = registry.register_person(
        key=f"person-{agent.login}", name=agent.name, phone="13800000077", account=agent, fictitious=True, by=SYSTEM,
        at=AT,
    )  # fmt: skip
    registry.give_mandate(
        key=str(uuid4()), agent=person, enterprise=None if principal else people.enterprise, principal=principal,
        since=AT.date(), until=AT.date() + days * DAY, scope="", at=AT,
        by=people_queries.applicant_acting(principal.account) if principal else people.applicant,
    )  # fmt: skip
    return person


def somebody(key: str, name: str, phone: str):
    return registry.register_person(
        key=key, name=name, phone=phone, account=account(key, name), fictitious=True, by=SYSTEM, at=AT
    )


# --- what is not theirs -------------------------------------------------------------------------------------------


def test_the_phone_left_with_somebody_elses_case_opens_nothing(people):
    """A friend's phone was left as the contact: the service has an account, and the friend's own sees none of it."""
    node = own(people, phone=PHONE)
    friend = people_queries.applicant_acting(holding(PHONE))
    refused(RefusalCode.RATING_NOT_YOURS, online, node, friend)
    assert queries.my_nodes(friend) == []
    walk_in = own(people, account_id=None, phone=PHONE)  # without an account the phone is whose it was
    assert online(walk_in, friend).real_name


def test_an_agent_adds_a_word_when_the_mandate_has_ended(people):
    principal = somebody("person-old", "许奶奶", "13800000066")
    agent = account("zhou", "周晓")
    agent_of(people, agent, principal=principal, days=1)
    by = people_queries.applicant_acting(agent)
    node = own(people, account_id=agent.pk, person_id=principal.pk)
    online(node, by, level=2)
    more = {"level": 5, "text": "", "by": by}
    refused(RefusalCode.RATING_NOT_YOURS, follow_up, node.key, at=AT + 3 * DAY, **more)
    assert follow_up(node.key, at=AT + DAY, **more).follow_level == 5


def test_a_colleague_reads_and_adds_to_what_came_by_the_link_to_another(people):
    node = own(people, enterprise_id=people.enterprise.pk)
    rate(node.key, level=2, channel="sms", token=names.token(node.key, names.SMS), by=GUEST, at=LATER)
    agent = account("zhou", "周晓")
    agent_of(people, agent)
    colleague = people_queries.applicant_acting(agent, people.enterprise, [people.enterprise])
    node.refresh_from_db()
    assert queries.own_rating(node, colleague) is None
    refused(RefusalCode.RATING_NOT_YOURS, follow_up, node.key, level=5, text="", by=colleague, at=AT + DAY)
    to_whom_it_came = people_queries.applicant_acting(people.citizen, people.enterprise, [people.enterprise])
    assert queries.own_rating(node, to_whom_it_came) is not None


def test_a_colleague_reads_what_a_clerk_entered_for_another(people):
    node = own(people, enterprise_id=people.enterprise.pk, phone=PHONE)
    rate(node.key, level=5, channel="phone", caller=PHONE, text="太慢", by=people.acting(CALLER), at=LATER)
    agent = account("zhou", "周晓")
    agent_of(people, agent)
    colleague = people_queries.applicant_acting(agent, people.enterprise, [people.enterprise])
    node.refresh_from_db()
    assert queries.own_rating(node, colleague) is None


# --- oneself ------------------------------------------------------------------------------------------------------


def test_an_officer_is_served_as_a_person_and_an_agent_rates(people):
    """His own matter, decided by himself, filed and rated by a friend: his phone stands with the person it was for."""
    phone_of(people.officers["李军"], "13700000007")
    himself = somebody("person-li", "李军", "13700000007")
    friend = account("zhou", "周晓")
    agent_of(people, friend, principal=himself)
    node = own(people, account_id=friend.pk, person_id=himself.pk)
    refused(RefusalCode.RATING_OWN_SERVICE, online, node, people_queries.applicant_acting(friend))


@pytest.mark.parametrize("purpose", [names.SMS, names.SLIP])
def test_an_officer_opens_a_link_in_the_browser_he_works_in(people, purpose):
    node = own(people, account_id=None)
    token, me = names.token(node.key, purpose), people.officers["李军"].pk
    link = {"level": 1, "channel": "qr", "token": token, "by": GUEST, "at": LATER}
    refused(RefusalCode.RATING_OWN_SERVICE, rate, node.key, session_officer_id=me, **link)
    assert rate(node.key, session_officer_id=people.officers["张敏"].pk, **link).level == 1


def test_a_deputy_who_acted_in_a_service_took_part_in_it(people):
    from tests.flows.test_ratings_attacks import filed

    node = filed(people)
    deputy = people.officers["张敏"]
    assert queries.took_part(node, deputy.pk)
    assert not queries.took_part(node, people.officers["李军"].pk)


def test_a_village_clerk_leaves_his_own_phone_for_the_villager(people):
    phone_of(people.officers["李军"], "13700000007")
    node = own(people, account_id=None, phone="13700000007")
    refused(
        RefusalCode.RATING_OWN_SERVICE, rate, node.key, level=1, channel="phone", caller="13700000007",
        by=people.acting(CALLER), at=LATER,
    )  # fmt: skip


def test_who_took_part_does_not_judge_the_words(people):
    """A manager who granted 特办 is in the case's journal: its words are not even listed to him."""
    case = accepted(people)
    node = actions.open_node(
        "acceptance", ("case", case.number), organ_id=people.organ.pk, opened_at=AT, account_id=people.citizen.pk,
        by=SYSTEM, at=AT,
    )  # fmt: skip
    online(node, alone(people), level=5, text="经理也没管")
    Node.objects.update(opened_on=AT.date() - 9 * DAY)
    rating = Rating.objects.get()
    manager = people.acting(CENTRE)
    assert [one.number for one in queries.texts_to_judge(manager, at=LATER)] == [rating.number]
    special.ask_special(case.number, reason="节前急用", seen=None, by=people.acting("张敏"), at=AT)
    special.grant_special(case.number, days=2, seen=None, by=manager, at=AT)
    assert queries.texts_to_judge(manager, at=LATER) == []
    with pytest.raises(Refusal) as no:
        actions.publish_text(rating.number, text="好", by=manager, at=LATER)
    assert no.value.code is RefusalCode.RATING_OWN_SERVICE


def test_who_was_rated_does_not_watch_it_arrive(people):
    """A bad rating seen a minute after a visitor left is a visitor known: it is seen when it has been verified."""
    row, rated = bad(people), people.acting(RATED)
    for begun in (row, dispatched(people, row)):
        assert rectifications.rectifications(rated) == rectifications.rectifications(rated, mine=True) == []
        assert rectifications.owed_count(rated) == rectifications.counts(rated, at=AT)["open"] == 0
        with pytest.raises(Refusal) as no:
            rectifications.rectification_for(rated, begun.number)
        assert no.value.code is RefusalCode.NOT_FOUND
    assert rectifications.rectification_for(people.acting(COLLEAGUE), row.number)
    verified(people, row=rectifications.rectification_for(people.acting(HEAD), row.number))
    assert rectifications.rectification_for(rated, row.number)
    assert rectifications.owed_count(rated) == 1  # who handled mends it


def test_reopened_it_stays_known_to_who_was_rated(people):
    from zhengtong.flows.rectification_revisited import answer_revisit

    row = fixed(people, who=HEAD)
    row = answer_revisit(row.token, satisfied=False, text="没有变", account_id=people.citizen.pk, at=AT)
    assert rectifications.rectification_for(people.acting(RATED), row.number).state == "VERIFY"


def test_a_year_of_an_item_moves_by_no_month_of_few(people):
    """The page of an item says how a year was: from one month to the next it must not tell the one who rated."""
    month = queries.published_month(date(2026, 11, 20))
    for _n in range(8):
        node = own(people, item_id=people.item().pk)
        at = month - 40 * DAY
        Node.objects.filter(pk=node.pk).update(opened_on=at.replace(day=3), state="RATED", level=1, channel="pc")
    alone_in_its_month = own(people, item_id=people.item().pk)
    Node.objects.filter(pk=alone_in_its_month.pk).update(
        opened_on=month + 2 * DAY, state="RATED", level=5, channel="pc"
    )
    actions.count_ratings(at=LATER)
    found = queries.item_satisfaction(people.item().pk, on=date(2026, 11, 20))
    assert (found.numerator, found.base) == (8, 8)


def test_comments_about_an_officer_stand_in_no_order_of_days(people):
    month = queries.published_month(date(2026, 11, 20))
    for n in range(12):
        node = own(people)
        rating = online(node, alone(people), text=f"第{n}天")
        Node.objects.filter(pk=node.pk).update(opened_on=month + n * DAY)
        Rating.objects.filter(pk=rating.pk).update(text_state=Rating.PUBLISHED, published_text=f"{n}")
    said = [int(one.text) for one in queries.own_comments(people.officers["李军"].pk, on=date(2026, 11, 20))]
    assert sorted(said) == list(range(12))
    assert said not in (sorted(said), sorted(said, reverse=True))


def test_a_press_kept_through_a_cut_rates_the_visit_it_was_about_and_no_later_one(people):
    window = hall_of(people)[0]
    before = visit(people, window)
    visit(people, window, "t2", at=AT + timedelta(minutes=10))
    # It was pressed in time, and comes when the next has been served: the time of the press is what counts.
    assert press(before, window, at=AT + timedelta(minutes=1)).level == 2
    refused(RefusalCode.RATING_GIVEN, press, before, window, at=AT + timedelta(minutes=1))
    assert Node.objects.filter(level__isnull=False).count() == 1
