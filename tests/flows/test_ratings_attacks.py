"""Every way somebody may try to rate twice, rate what is not theirs, rate himself, or learn who rated: each is refused."""

import json
from datetime import date, timedelta
from uuid import uuid4

import pytest

from tests.people import AT, Cast, accepted, account, cast, hall_of
from zhengtong.base.journal.models import Entry
from zhengtong.base.permission import SYSTEM, Acting, ActorKind
from zhengtong.base.personal import lookup_hash
from zhengtong.base.seal.actions import seal
from zhengtong.domains.ratings import actions, names, queries
from zhengtong.domains.ratings.models import Node, Rating
from zhengtong.domains.registry import actions as registry
from zhengtong.domains.registry import queries as people_queries
from zhengtong.domains.registry.models import Account
from zhengtong.flows.rating_followed_up import follow_up
from zhengtong.flows.rating_given import rate
from zhengtong.flows.rating_invited import open_nodes_of_cases
from zhengtong.rules.refusal import Refusal, RefusalCode

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LATER = AT + MINUTE
DEVICE = Acting(kind=ActorKind.SYSTEM, id=None, name="1号窗评价器")
GUEST = Acting(kind=ActorKind.APPLICANT, id=None, name="评价人")
PHONE = "13800000001"


@pytest.fixture
def people(db: None) -> Cast:
    return cast()


@pytest.fixture
def windows(people: Cast):
    return hall_of(people)


def visit(people: Cast, window, key="t1", at=AT, officer="张敏", **whose) -> Node:
    return actions.open_node(
        "ticket", ("ticket", key), organ_id=people.organ.pk, officer_id=people.officers[officer].pk,
        window_id=window.pk, hall_code="H01", opened_at=at, by=SYSTEM, at=at, **whose,
    )  # fmt: skip


def filed(people: Cast, number=1) -> Node:
    """The acceptance of the enterprise's case: 林小雨 filed it, 张敏 accepted it."""
    case = accepted(people, number)
    seal(at=AT)
    open_nodes_of_cases(at=AT)
    return Node.objects.get(subject_key=case.number)


def own(people: Cast, **whose) -> Node:
    return actions.open_node(
        "letter", ("letter", f"L{uuid4().hex[:8]}"), organ_id=people.organ.pk, opened_at=AT,
        officer_id=people.officers["李军"].pk, by=SYSTEM, at=AT, **({"account_id": people.citizen.pk} | whose),
    )  # fmt: skip


def press(node: Node, window, *, level=2, at=LATER, button="satisfied", **more) -> Rating:
    way = {"channel": "hall_tablet", "device_key": "device-1", "window_id": window.pk, "by": DEVICE} | more
    return rate(node.key, level=level, button=button, at=at, **way)


def online(node: Node, by: Acting, *, level=1, at=LATER, **more) -> Rating:
    return rate(node.key, level=level, channel="pc", by=by, at=at, **more)


def alone(people: Cast) -> Acting:
    return people_queries.applicant_acting(people.citizen)


def refused(code: RefusalCode, act, *args, **kwargs) -> None:
    before = list(Rating.objects.order_by("pk").values_list("number", "level", "version"))
    with pytest.raises(Refusal) as caught:
        act(*args, **kwargs)
    assert caught.value.code is code
    assert list(Rating.objects.order_by("pk").values_list("number", "level", "version")) == before


# --- twice --------------------------------------------------------------------------------------------------------


def test_the_device_is_pressed_twice(people, windows):
    node = visit(people, windows[0])
    assert press(node, windows[0]).button == "satisfied"
    refused(RefusalCode.RATING_GIVEN, press, node, windows[0], level=4, button="dissatisfied")
    assert queries.node_for_device(windows[0].pk, LATER) is None


def test_the_level_is_changed_after_it_was_sent(people):
    node = own(people)
    online(node, alone(people), level=1)
    refused(RefusalCode.RATING_GIVEN, online, node, alone(people), level=5)
    assert Node.objects.get(pk=node.pk).level == 1


def test_a_link_is_used_again(people):
    node = own(people, account_id=None, phone=PHONE)
    token = names.token(node.key, names.SMS)
    rate(node.key, level=2, channel="sms", token=token, by=GUEST, at=LATER)
    refused(RefusalCode.RATING_GIVEN, rate, node.key, level=2, channel="sms", token=token, by=GUEST, at=LATER)


def test_by_the_link_and_then_signed_in(people):
    node = own(people)
    rate(node.key, level=2, channel="sms", token=names.token(node.key, names.SMS), by=GUEST, at=LATER)
    refused(RefusalCode.RATING_GIVEN, online, node, alone(people))


def test_a_colleague_of_the_enterprise_rates_the_same_case(people):
    node = filed(people)
    online(node, people.applicant)
    colleague = account("zhou", "周晓")
    agent = registry.register_person(
        key="person-zhou", name="周晓", phone="13800000077", account=colleague, fictitious=True, by=SYSTEM, at=AT
    )
    registry.give_mandate(
        key=str(uuid4()), agent=agent, enterprise=people.enterprise, principal=None, since=AT.date(),
        until=AT.date() + 30 * DAY, scope="", by=people.applicant, at=AT,
    )  # fmt: skip
    refused(RefusalCode.RATING_GIVEN, online, node, people_queries.applicant_acting(colleague, people.enterprise))


def test_the_node_is_opened_again_for_a_second_rating(people, windows):
    node = visit(people, windows[0])
    press(node, windows[0])
    assert visit(people, windows[0], at=AT + 3 * DAY).pk == node.pk
    assert Node.objects.count() == 1


def test_the_journal_is_read_again_from_the_beginning(people):
    from zhengtong.base.seal.consumers import rewind
    from zhengtong.flows.rating_invited import READER

    node = filed(people)
    online(node, people.applicant)
    rewind(READER)
    open_nodes_of_cases(at=LATER)
    assert Node.objects.get().level == 1


def test_added_to_twice(people):
    node = own(people)
    online(node, alone(people), level=2)
    follow_up(node.key, level=3, text="补充一句", by=alone(people), at=AT + DAY)
    refused(RefusalCode.RATING_FOLLOWED_UP, follow_up, node.key, level=1, text="", by=alone(people), at=AT + 2 * DAY)


def test_added_to_after_thirty_days(people):
    node = own(people)
    online(node, alone(people), level=2)
    refused(
        RefusalCode.RATING_FOLLOW_UP_LATE, follow_up, node.key, level=1, text="", by=alone(people), at=AT + 32 * DAY
    )
    assert follow_up(node.key, level=1, text="", by=alone(people), at=AT + 30 * DAY).follow_level == 1


def test_added_to_before_it_was_given(people):
    refused(RefusalCode.RATING_NOT_GIVEN, follow_up, own(people).key, level=1, text="", by=alone(people), at=LATER)


def test_a_bad_rating_is_whitewashed_by_a_good_one(people):
    node = own(people)
    online(node, alone(people), level=5)
    follow_up(node.key, level=1, text="", by=alone(people), at=AT + DAY)
    node.refresh_from_db()
    rating = Rating.objects.get()
    assert (rating.level, rating.follow_level, node.level) == (5, 1, 5)


def test_a_bad_rating_is_deleted(people):
    node = own(people)
    rating = online(node, alone(people), level=5)
    from django.db.models import ProtectedError

    with pytest.raises(ProtectedError):
        node.delete()
    actions.exclude(rating, "UNTRUE", by=SYSTEM, at=LATER)
    rating.refresh_from_db()
    assert (rating.level, rating.excluded_reason) == (5, "UNTRUE")  # out of the score, and still there


# --- what is not theirs -------------------------------------------------------------------------------------------


def test_somebody_elses_service_by_its_address(people):
    refused(RefusalCode.RATING_NOT_YOURS, online, own(people), people.other)
    refused(RefusalCode.RATING_NOT_YOURS, online, filed(people), people.other)
    refused(RefusalCode.RATING_NOT_YOURS, follow_up, own(people).key, level=1, text="", by=people.other, at=LATER)


def test_an_address_that_is_none_answers_the_same(people):
    refused(RefusalCode.RATING_NOT_YOURS, rate, "ABCDEFGHJKLM", level=1, channel="pc", by=people.other, at=LATER)


def test_a_forged_link(people):
    node, another = own(people), own(people, account_id=people.stranger.pk)
    for token in (
        "",
        node.key,
        node.key + "AAAAAAAA",
        names.token(another.key, names.SMS),
        names.token(node.key, names.SMS)[:-1] + "2",
        node.key + names.token(another.key, names.SMS)[12:],
        "’" * 20,
    ):
        if token == names.token(node.key, names.SMS):  # one letter in thirty-one happens to be right
            continue
        refused(RefusalCode.RATING_NOT_YOURS, rate, node.key, level=1, channel="sms", token=token, by=GUEST, at=LATER)


def test_the_code_on_a_paper_in_the_clerks_hand(people):
    """It passes through the clerk's hands, so by itself it rates nothing that has an owner."""
    slip = names.token(own(people).key, names.SLIP)
    refused(RefusalCode.RATING_NOT_YOURS, rate, slip[:12], level=1, channel="qr", token=slip, by=GUEST, at=LATER)
    nobodys = own(people, account_id=None)
    slip = names.token(nobodys.key, names.SLIP)
    assert not rate(nobodys.key, level=1, channel="qr", token=slip, by=GUEST, at=LATER).real_name


def test_an_agent_whose_mandate_has_ended(people):
    agent = account("zhou", "周晓")
    person = registry.register_person(
        key="person-zhou", name="周晓", phone="13800000077", account=agent, fictitious=True, by=SYSTEM, at=AT
    )
    registry.give_mandate(
        key=str(uuid4()), agent=person, enterprise=people.enterprise, principal=None, since=AT.date(),
        until=AT.date() + DAY, scope="", by=people.applicant, at=AT,
    )  # fmt: skip
    node = own(people, account_id=agent.pk, enterprise_id=people.enterprise.pk)
    after = {"level": 1, "at": AT + 3 * DAY}
    refused(RefusalCode.RATING_NOT_YOURS, online, node, people_queries.applicant_acting(agent), **after)
    # A page opened while the mandate stood, and the link in the message sent to the agent.
    stale = people_queries.applicant_acting(agent, people.enterprise)
    refused(RefusalCode.RATING_NOT_YOURS, online, node, stale, **after)
    link = {"channel": "sms", "token": names.token(node.key, names.SMS), "by": GUEST}
    refused(RefusalCode.RATING_NOT_YOURS, rate, node.key, **link, **after)
    assert rate(node.key, **link, level=1, at=LATER).real_name


def test_the_device_of_another_window(people, windows):
    node = visit(people, windows[0])
    refused(RefusalCode.RATING_NOT_YOURS, press, node, windows[1])
    refused(RefusalCode.RATING_NOT_YOURS, press, node, windows[0], window_id=None)
    refused(RefusalCode.RATING_NOT_YOURS, press, node, windows[0], device_key="")
    refused(RefusalCode.RATING_NOT_YOURS, press, node, windows[0], by=people.other)
    refused(RefusalCode.RATING_NOT_YOURS, press, filed(people), windows[0])


def test_the_next_person_rates_the_one_before(people, windows):
    before = visit(people, windows[0])
    visit(people, windows[0], "t2", at=AT + MINUTE)
    refused(RefusalCode.RATING_CLOSED, press, before, windows[0], at=AT + 2 * MINUTE)


def test_the_device_is_pressed_when_everybody_has_gone(people, windows):
    refused(RefusalCode.RATING_CLOSED, press, visit(people, windows[0]), windows[0], at=AT + 6 * MINUTE)


def test_the_phone_of_another_caller(people):
    node = own(people, account_id=None, phone=PHONE)
    clerk = people.acting("罗婉秋")
    told = {"level": 4, "channel": "phone", "by": clerk, "at": LATER}
    refused(RefusalCode.RATING_NOT_YOURS, rate, node.key, caller="13900000009", **told)
    refused(RefusalCode.RATING_NOT_YOURS, rate, node.key, **told)
    assert rate(node.key, caller=PHONE, **told).real_name


def test_a_clerk_without_the_post_enters_one(people):
    with pytest.raises(Refusal) as caught:
        rate(own(people).key, level=1, channel="paper", by=people.acting("王芳"), at=LATER)
    assert caught.value.code is RefusalCode.PERMISSION_MISSING


def test_an_officer_pretends_to_be_an_applicant_or_a_device(people, windows):
    refused(RefusalCode.RATING_NOT_YOURS, online, own(people), people.acting("王芳"))
    refused(RefusalCode.RATING_NOT_YOURS, press, visit(people, windows[0]), windows[0], by=people.acting("王芳"))


# --- oneself ------------------------------------------------------------------------------------------------------


def phone_of(officer, phone: str) -> None:
    officer.phone_hash = lookup_hash(phone)
    officer.save(update_fields=["phone_hash"])


def test_an_officer_rates_himself_through_the_portal(people):
    officer = people.officers["李军"]
    node = own(people, account_id=officer.account_id)
    refused(RefusalCode.RATING_OWN_SERVICE, online, node, people_queries.applicant_acting(officer.account))


def test_an_officer_rates_himself_by_a_private_account_with_his_phone(people):
    phone_of(people.officers["李军"], "13700000007")
    private = account("li-private", "李军")
    Account.objects.filter(pk=private.pk).update(phone_hash=lookup_hash("13700000007"), phone_verified=True)
    private.refresh_from_db()
    node = own(people, account_id=private.pk)
    refused(RefusalCode.RATING_OWN_SERVICE, online, node, people_queries.applicant_acting(private))


def test_an_officer_leaves_his_own_phone_and_uses_the_link(people):
    phone_of(people.officers["李军"], "13700000007")
    node = own(people, account_id=None, phone="13700000007")
    token = names.token(node.key, names.SMS)
    refused(RefusalCode.RATING_OWN_SERVICE, rate, node.key, level=1, channel="sms", token=token, by=GUEST, at=LATER)


def test_a_visitor_with_the_clerks_phone_presses_the_device(people, windows):
    phone_of(people.officers["张敏"], "13700000005")
    refused(RefusalCode.RATING_OWN_SERVICE, press, visit(people, windows[0], phone="13700000005"), windows[0])


def test_the_device_runs_on_the_clerks_own_screen(people, windows):
    node = visit(people, windows[0])
    own_screen = {"session_officer_id": people.officers["张敏"].pk}
    refused(RefusalCode.RATING_OWN_SERVICE, press, node, windows[0], **own_screen)
    assert press(node, windows[0]).level == 2


def test_a_clerk_enters_a_rating_of_her_own_service(people, windows):
    clerk = people.acting("罗婉秋")
    node = visit(people, windows[0], officer="罗婉秋")
    refused(RefusalCode.RATING_OWN_SERVICE, rate, node.key, level=1, channel="paper", by=clerk, at=LATER)


def test_who_took_a_step_in_a_case_took_part_in_it(people):
    node = filed(people)
    assert people.officers["张敏"].pk in queries.participants(node)
    assert queries.is_own_service(node, people.acting("张敏"))
    assert not queries.is_own_service(node, people.acting("罗婉秋"))


# --- what is no rating --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [0, -1, 6, 10**40, True, "1", None])
def test_a_level_that_is_none(people, level):
    refused(RefusalCode.RATING_LEVEL, online, own(people), alone(people), level=level)


def test_a_button_with_another_level(people, windows):
    refused(RefusalCode.RATING_LEVEL, press, visit(people, windows[0]), windows[0], level=1, button="dissatisfied")


def test_a_follow_up_with_a_level_that_is_none(people):
    node = own(people)
    online(node, alone(people))
    refused(RefusalCode.RATING_LEVEL, follow_up, node.key, level=99, text="", by=alone(people), at=LATER)


def test_before_the_service_and_after_its_window(people, windows):
    node = own(people)
    refused(RefusalCode.RATING_TOO_EARLY, online, node, alone(people), at=AT - MINUTE)
    refused(RefusalCode.RATING_CLOSED, online, node, alone(people), at=AT + 8 * DAY)
    assert online(node, alone(people), at=AT + 7 * DAY).level == 1


def test_after_silence_has_closed_it(people):
    node = own(people)
    assert actions.close_silent(at=AT + 8 * DAY) == 1
    refused(RefusalCode.RATING_GIVEN, actions.give, node, level=1, channel="pc", real_name=True, by=GUEST, at=LATER)


def test_words_that_steer_and_words_without_end(people):
    refused(RefusalCode.TEXT_CONTROL_CHARACTER, online, own(people), alone(people), text="好\u202e评")
    refused(RefusalCode.TEXT_TOO_LONG, online, own(people), alone(people), text="好" * 501)
    refused(RefusalCode.RATING_REASON, online, own(people), alone(people), reasons=("attitude",))


# --- who it was ---------------------------------------------------------------------------------------------------


def test_the_journal_names_neither_the_rater_nor_the_service(people):
    node = filed(people)
    rating = online(node, people.applicant, level=5, text="我是林小雨，电话13800000001")
    follow_up(node.key, level=4, text="林小雨", by=people.applicant, at=AT + DAY)
    entries = Entry.objects.filter(subject_kind="rating", subject_key=rating.number)
    told = json.dumps(list(entries.values("actor_name", "actor_id", "facts", "post")), ensure_ascii=False)
    for secret in ("林", PHONE, node.subject_key, node.key, str(people.citizen.pk) + ",", "MA00000"):
        assert secret not in told, secret
    assert {entry.actor_id for entry in entries} == {None}
    # And the case's own journal, timeline and evidence pack hold nothing of a rating at all.
    assert not Entry.objects.filter(subject_kind="case", kind__startswith="rating").exists()


def test_names_in_addresses_tell_no_order_and_no_time(people):
    nodes = [own(people) for _ in range(12)]
    assert [n.key for n in nodes] != sorted(n.key for n in nodes)
    ratings = [online(n, alone(people)) for n in nodes]
    assert [r.number for r in ratings] != sorted(r.number for r in ratings)
    assert all(n.subject_key not in n.key + names.token(n.key, names.SMS) for n in nodes)


def test_what_is_stored_of_the_way_it_came_is_hashed(people, windows):
    rating = press(visit(people, windows[0]), windows[0], ip="10.1.2.3")
    kept = json.dumps(list(Rating.objects.filter(pk=rating.pk).values()), default=str)
    assert "10.1.2.3" not in kept
    assert "device-1" not in kept


def test_the_words_and_the_phone_are_not_readable_in_the_database(people):
    from django.db import connection

    node = own(people, account_id=None, phone=PHONE)
    rate(node.key, level=5, channel="sms", token=names.token(node.key, names.SMS), text="窗口太慢", by=GUEST, at=LATER)
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM ratings_rating")
        words = cursor.fetchone()[0]
        cursor.execute("SELECT phone FROM ratings_node")
        phone = cursor.fetchone()[0]
    assert "窗口" not in words
    assert PHONE not in phone


def test_the_default_level_is_a_policy_and_enters_no_satisfaction(people):
    from zhengtong.base.parameters.models import Parameter

    Parameter.objects.filter(key="rating.default_level").update(value="满意")
    from zhengtong.base import editions

    editions.bump("parameters")
    own(people)
    actions.close_silent(at=AT + 8 * DAY)
    node = Node.objects.get()
    assert (node.state, node.default_level, node.level) == ("DEFAULTED", 2, None)
    actions.count_ratings(at=AT + 8 * DAY)
    (counts,) = queries.figures(date(2026, 9, 1), date(2026, 9, 30)).values()
    assert (counts.defaulted, counts.rated, counts.satisfaction.base) == (1, 0, 0)
