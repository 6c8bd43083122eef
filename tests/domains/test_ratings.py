"""Service nodes and their facts: what is opened, what closes in silence, what counts, and that a recount agrees."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from tests.people import AT, Cast, accepted, cast, hall_of, reviewed
from zhengtong.base import editions
from zhengtong.base.journal import check_subject
from zhengtong.base.journal.queries import entries_of
from zhengtong.base.outbox.models import Message
from zhengtong.base.parameters.models import Parameter
from zhengtong.base.permission import SYSTEM
from zhengtong.base.seal.actions import seal
from zhengtong.domains.ratings import actions, queries
from zhengtong.domains.ratings.models import Fact, Node, Rating
from zhengtong.domains.rectifications.models import Rectification
from zhengtong.flows.rating_excluded import exclude_rating
from zhengtong.flows.rating_followed_up import follow_up
from zhengtong.flows.rating_given import rate
from zhengtong.flows.rating_invited import invite_visitors, open_nodes_of_cases
from zhengtong.rules.ratings_figures import Counts

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MONTH = (date(2026, 9, 1), date(2026, 9, 30))


@pytest.fixture
def people() -> Cast:
    return cast()


def letter(people: Cast, number: int, at=AT) -> Node:
    return actions.open_node(
        "letter", ("letter", f"L{number}"), organ_id=people.organ.pk, section_id=people.section.pk,
        officer_id=people.officers["李军"].pk, item_id=people.item().pk, account_id=people.stranger.pk, opened_at=at,
        by=SYSTEM, at=at,
    )  # fmt: skip


def given(people: Cast, number: int, level: int, at=AT + DAY) -> Rating:
    return rate(letter(people, number).key, level=level, channel="mobile", by=people.other, at=at)


def counts(*by: str) -> dict:
    while actions.count_ratings(at=AT):
        pass
    return queries.figures(*MONTH, by=by)


def sound(rating: Rating) -> bool:
    row = Rating.objects.get(pk=rating.pk)
    return check_subject(row, list(entries_of("rating", row.number))) == []


def test_cases_open_nodes_through_the_sealed_journal_once(people):
    case = accepted(people)
    open_nodes_of_cases(at=AT)
    assert not Node.objects.exists()  # not before it is sealed
    seal(at=AT)
    assert open_nodes_of_cases(at=AT) > 0
    node = Node.objects.get()
    assert (node.kind, node.subject_key, node.officer.name) == ("acceptance", case.number, "张敏")
    assert (node.enterprise_id, node.platform) == (people.enterprise.pk, "online")
    assert open_nodes_of_cases(at=AT) == 0
    assert not Message.objects.filter(kind="rating.invited").exists()  # who waits for a decision is not asked yet


def test_what_is_finished_is_asked_about_once(people):
    from zhengtong.flows import decide, finish

    case = reviewed(people)
    approver = next(name for name, o in people.officers.items() if o.pk == case.holder_id)
    decide.decide(case.number, grants=True, opinion="准予备案。", seen=None, by=people.acting(approver), at=AT)
    finish.finish(case.number, note="", seen=None, by=people.acting("张敏"), at=AT)
    seal(at=AT)
    open_nodes_of_cases(at=AT)
    node = Node.objects.get(kind="finish")
    assert node.officer_id == Node.objects.get(kind="finish").officer_id
    (told,) = Message.objects.filter(kind="rating.invited")
    assert (told.account_id, told.payload["path"][:3]) == (people.citizen.pk, "/r/")
    assert case.number not in str(told.payload)
    from zhengtong.base.seal.consumers import rewind

    rewind("ratings")
    open_nodes_of_cases(at=AT)
    assert Message.objects.filter(kind="rating.invited").count() == 1


def test_a_reader_added_later_asks_nobody_about_the_past(people):
    accepted(people)
    seal(at=AT)
    open_nodes_of_cases(at=AT + 8 * DAY)
    assert not Node.objects.exists()


def test_silence_closes_after_seven_days_and_counts_as_nothing(people):
    letter(people, 1)
    given(people, 2, 2)
    assert actions.close_silent(at=AT + 7 * DAY) == 0
    assert actions.close_silent(at=AT + 8 * DAY) == 1
    assert actions.close_silent(at=AT + 8 * DAY) == 0
    assert counts("organ_id") == {(str(people.organ.pk),): Counts(2, (0, 1, 0, 0, 0), defaulted=1)}


def test_every_cut_adds_up_and_a_recount_agrees(people):
    windows = hall_of(people)
    for number, level in enumerate((1, 2, 2, 3, 4, 5), start=1):
        given(people, number, level)
    letter(people, 7)
    visit = actions.open_node(
        "ticket", ("ticket", "t1"), organ_id=people.organ.pk, window_id=windows[0].pk, hall_code="H01",
        officer_id=people.officers["张敏"].pk, opened_at=AT, by=SYSTEM, at=AT,
    )  # fmt: skip
    found = counts("organ_id")
    whole = Counts(8, (1, 2, 1, 1, 1))
    assert found == {(str(people.organ.pk),): whole}
    for by in ("section_id", "officer_id", "window_id", "item_id", "hall_code", "platform"):
        assert sum(queries.figures(*MONTH, by=(by,)).values(), Counts()) == whole, by
    assert queries.figures(*MONTH, by=("hall_code",))[("H01",)] == Counts(1)
    assert queries.figures(*MONTH, by=("channel",)) == {("mobile",): Counts(6, (1, 2, 1, 1, 1))}
    assert queries.figures(*MONTH, by=()) == {(): whole}
    assert queries.figures(*MONTH, by=("organ_id", "officer_id"))[
        str(people.organ.pk), str(visit.officer_id)
    ] == Counts(1)
    assert queries.figures(date(2026, 9, 24), date(2026, 9, 24), by=()) == {(): whole}
    assert queries.figures(date(2026, 9, 25), date(2026, 10, 31), by=()) == {}
    assert actions.recount() == []
    Fact.objects.filter(cut="organ", grain="D").update(level_5=7)
    assert len(actions.recount(repair=True)) == 1
    assert actions.recount() == []


def test_a_score_weighs_by_stars(people):
    for number, level in enumerate((1, 5), start=1):
        given(people, number, level)
    (found,) = counts("officer_id").values()
    assert found.plain_score == Fraction(60)
    assert found.score(found, queries.weight(AT.date())) == 60


def test_facts_follow_a_rating_through_its_life(people):
    rating = given(people, 1, 1)
    assert counts() == {(): Counts(1, (1, 0, 0, 0, 0))}
    follow_up(rating.node.key, level=4, text="后来又说要补材料", by=people.other, at=AT + 2 * DAY)
    assert counts() == {(): Counts(1, (0, 0, 0, 1, 0))}  # the worse of the two
    exclude_rating(rating.number, reason="UNTRUE", by=SYSTEM, at=AT + 3 * DAY)
    exclude_rating(rating.number, reason="UNTRUE", by=SYSTEM, at=AT + 3 * DAY)
    assert counts() == {(): Counts(1, excluded=1)}
    assert queries.figures(*MONTH, by=("channel",)) == {("mobile",): Counts(1, excluded=1)}
    assert actions.recount() == []
    assert sound(rating)


def test_a_bad_rating_opens_the_loop_in_the_same_step(people):
    rating = given(people, 1, 4)
    row = Rectification.objects.get()
    assert (row.rating_number, row.officer_id, row.real_name) == (rating.number, people.officers["李军"].pk, True)
    assert row.account_id == people.stranger.pk
    given(people, 2, 3)  # 基本满意 opens none
    assert Rectification.objects.count() == 1


def test_a_good_rating_that_turns_bad_opens_the_loop_and_a_bad_one_that_turns_good_ends_none(people):
    good, bad = given(people, 1, 2), given(people, 2, 5)
    assert Rectification.objects.count() == 1
    follow_up(good.node.key, level=5, text="", by=people.other, at=AT + 2 * DAY)
    follow_up(bad.node.key, level=1, text="", by=people.other, at=AT + 2 * DAY)
    assert {row.rating_number for row in Rectification.objects.all()} == {good.number, bad.number}


def test_the_window_is_a_parameter_and_what_is_open_keeps_its_own(people):
    first = letter(people, 1)
    Parameter.objects.filter(key="rating.window.days").update(value=3)
    editions.bump("parameters")
    second = letter(people, 2)
    assert (first.closes_at - second.closes_at).days == 4


def test_a_rating_is_written_with_few_questions(people, django_assert_max_num_queries):
    node = letter(people, 1)
    given(people, 9, 2)
    with django_assert_max_num_queries(18):
        rate(node.key, level=2, channel="mobile", by=people.other, at=AT + DAY)


def test_the_counter_asks_about_its_last_visit_while_it_is_fresh(people, django_assert_max_num_queries):
    windows = hall_of(people)

    def make(key, at):
        return actions.open_node(
            "ticket", ("ticket", key), organ_id=people.organ.pk, window_id=windows[0].pk, hall_code="H01", opened_at=at,
            by=SYSTEM, at=at,
        )  # fmt: skip

    assert queries.node_for_device(windows[0].pk, AT) is None
    first = make("t1", AT)
    with django_assert_max_num_queries(2):
        assert queries.node_for_device(windows[0].pk, AT) == first
    assert queries.node_for_device(windows[1].pk, AT) is None
    assert queries.node_for_device(windows[0].pk, AT - DAY) is None
    assert queries.node_for_device(windows[0].pk, AT + timedelta(minutes=6)) is None
    second = make("t2", AT + timedelta(minutes=2))
    assert queries.node_for_device(windows[0].pk, AT + timedelta(minutes=3)) == second


def test_who_left_the_counter_without_a_press_is_asked_once_by_message(people):
    window = hall_of(people)[0]
    for key, whose in (("t1", {"phone": "13800000001"}), ("t2", {}), ("t3", {"account_id": people.stranger.pk})):
        actions.open_node(
            "ticket", ("ticket", key), organ_id=people.organ.pk, window_id=window.pk, hall_code="H01", opened_at=AT,
            by=SYSTEM, at=AT, **whose,
        )  # fmt: skip
    asked = lambda: Message.objects.filter(kind="rating.invited").count()  # noqa: E731
    assert (invite_visitors(at=AT + timedelta(minutes=14)), asked()) == (0, 0)
    assert (invite_visitors(at=AT + timedelta(minutes=15)), asked()) == (2, 2)
    assert (invite_visitors(at=AT + timedelta(minutes=16)), asked()) == (2, 2)
    assert invite_visitors(at=AT + timedelta(minutes=26)) == 0
