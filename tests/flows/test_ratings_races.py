"""Ratings at the same instant: one press counts, one addition counts, and facts are counted once."""

from datetime import timedelta
from functools import partial

import pytest

from tests.flows.test_races import at_once
from tests.flows.test_ratings_attacks import DEVICE, GUEST, alone, own, visit
from tests.people import AT, Cast, cast, hall_of
from zhengtong.base.journal import check_subject
from zhengtong.base.journal.queries import entries_of
from zhengtong.domains.ratings import actions, names, queries
from zhengtong.domains.ratings.models import Node, Rating
from zhengtong.domains.rectifications.models import Rectification
from zhengtong.flows.rating_followed_up import follow_up
from zhengtong.flows.rating_given import rate
from zhengtong.rules.ratings_figures import Counts
from zhengtong.rules.refusal import Refusal, RefusalCode

pytestmark = pytest.mark.django_db(transaction=True)
LATER = AT + timedelta(minutes=1)


@pytest.fixture
def people(transactional_db: None) -> Cast:
    return cast()


def lost(results: list) -> list[RefusalCode]:
    assert all(not isinstance(one, Exception) or isinstance(one, Refusal) for one in results), results
    return [one.code for one in results if isinstance(one, Refusal)]


def test_two_tabs_and_the_link_at_once_are_one_rating(people):
    node, by = own(people), alone(people)
    tab = partial(rate, node.key, channel="pc", by=by, at=LATER)
    link = partial(rate, node.key, level=5, channel="sms", token=names.token(node.key, names.SMS), by=GUEST, at=LATER)
    assert (
        lost(at_once(partial(tab, level=1), partial(tab, level=5), link, partial(tab, level=4)))
        == [RefusalCode.RATING_GIVEN] * 3
    )
    rating = Rating.objects.get()
    assert Node.objects.get().level == rating.level
    assert Rectification.objects.count() == (rating.level > 3)
    assert check_subject(rating, list(entries_of("rating", rating.number))) == []


def test_the_device_pressed_many_times_at_once(people):
    window = hall_of(people)[0]
    node = visit(people, window)
    press = partial(
        rate, node.key, level=2, button="satisfied", channel="hall_terminal", device_key="d", window_id=window.pk, by=DEVICE,
        at=LATER,
    )  # fmt: skip
    assert lost(at_once(*[press] * 5)) == [RefusalCode.RATING_GIVEN] * 4
    assert Rating.objects.count() == 1


def test_rated_in_the_moment_it_closes_in_silence(people):
    node, by = own(people), alone(people)
    done = lost(
        at_once(
            lambda: rate(node.key, level=4, channel="pc", by=by, at=node.closes_at),
            lambda: actions.close_silent(at=node.closes_at + timedelta(microseconds=1)),
        )
    )
    node.refresh_from_db()
    assert (node.state, node.level, done) in [
        ("RATED", 4, []),
        ("DEFAULTED", None, [RefusalCode.RATING_GIVEN]),
    ]


def test_added_to_twice_at_once(people):
    node, by = own(people), alone(people)
    rate(node.key, level=2, channel="pc", by=by, at=LATER)
    more = partial(follow_up, node.key, text="", by=by, at=LATER)
    assert len(lost(at_once(*(partial(more, level=level) for level in (5, 1, 4))))) == 2
    rating = Rating.objects.get()
    assert Node.objects.get().level == max(2, rating.follow_level)


def test_opened_twice_at_once_is_one_node(people):
    window = hall_of(people)[0]
    made = at_once(*[lambda: visit(people, window)] * 4)
    assert lost(made) == []
    assert {one.pk for one in made} == {Node.objects.get().pk}


def test_two_workers_count_once(people):
    for _ in range(30):
        own(people)
    act = partial(actions.count_ratings, at=LATER, limit=7)
    while Node.objects.filter(uncounted=True).exists():
        assert lost(at_once(act, act, act)) == []
    assert queries.figures(AT.date(), AT.date(), by=()) == {(): Counts(30)}
    assert actions.recount() == []
