"""Letters by the rules: who may step when, how days are counted, which routing rule wins, what looks the same."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.base.calendar import shipped_calendar
from zhengtong.rules.clock import Level, Limit, Unit, due, signals
from zhengtong.rules.letters import (
    ANSWERED,
    ENDED,
    MOVES,
    RUNNING,
    LetterKind,
    LetterState,
    LetterStep,
    Mailbox,
    Side,
    answer_days,
    check_letter_step,
    check_reply_mode,
    hides_author,
    letter_steps,
    limit_key,
    needs_approval,
)
from zhengtong.rules.letters_likeness import ENOUGH, likeness
from zhengtong.rules.letters_routing import Route, chosen
from zhengtong.rules.lights import SIGNALS
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.refusal import Refusal

CALENDAR = shipped_calendar()


def test_every_state_is_running_answered_or_ended():
    assert frozenset(LetterState) == RUNNING | ANSWERED | ENDED
    assert RUNNING.isdisjoint(ANSWERED | ENDED)


def test_nothing_leaves_an_end_but_a_reopening():
    for step, move in MOVES.items():
        left = move.start & ENDED
        assert left <= {LetterState.CLOSED}, step
        assert not left or step in (LetterStep.REOPEN, LetterStep.MODERATE)


@pytest.mark.parametrize("state", LetterState)
@pytest.mark.parametrize("step", LetterStep)
def test_a_screen_offers_what_the_rule_allows_and_nothing_else(state: LetterState, step: LetterStep):
    offered = any(step in letter_steps(state, side) for side in Side)
    if offered:
        assert check_letter_step(step, state).kind.value.startswith("letter.")
    else:
        with pytest.raises(Refusal):
            check_letter_step(step, state)


@pytest.mark.parametrize(
    ("received", "replied", "days"),
    [
        (date(2019, 4, 24), date(2019, 4, 24), 0),  # the same day
        (date(2019, 4, 26), date(2019, 4, 27), 0),  # Friday, answered on Saturday
        (date(2019, 4, 26), date(2019, 4, 28), 1),  # that Sunday was worked for the May holiday
        (date(2019, 4, 30), date(2019, 5, 5), 1),  # over the holiday; Sunday 5 May was worked
        (date(2019, 4, 24), date(2019, 5, 9), 10),  # two worked Sundays, four days off
        (date(2018, 3, 19), date(2018, 4, 24), 25),  # over Qingming
    ],
)
def test_days_of_an_answer(received: date, replied: date, days: int):
    assert answer_days(received, replied, CALENDAR) == days


@given(st.dates(date(2008, 1, 1), date(2025, 1, 1)), st.integers(0, 90), st.integers(0, 30))
def test_a_later_answer_never_took_fewer_days(received: date, first: int, more: int):
    early, late = received + timedelta(days=first), received + timedelta(days=first + more)
    assert answer_days(received, early, CALENDAR) <= answer_days(received, late, CALENDAR) <= first + more


@pytest.mark.parametrize(
    ("kind", "box", "round_", "needed"),
    [
        (LetterKind.CONSULTATION, Mailbox.WEB, 1, False),
        (LetterKind.CONSULTATION, Mailbox.DIRECTOR, 1, True),  # 局长信箱
        (LetterKind.CONSULTATION, Mailbox.WEB, 2, True),  # reopened: one level up
        (LetterKind.COMPLAINT, Mailbox.PHONE, 1, True),
        (LetterKind.REPORT, Mailbox.WEB, 1, True),
        (LetterKind.PRAISE, Mailbox.SUPERVISION, 1, True),
        (LetterKind.TIP, Mailbox.DIRECTOR, 1, False),  # nobody else may read it
    ],
)
def test_which_replies_a_leader_approves(kind: LetterKind, box: Mailbox, round_: int, needed: bool):
    assert needs_approval(kind, box, round_) is needed


def test_what_was_told_by_mouth_may_be_answered_so_what_was_written_may_not():
    check_reply_mode(came_orally=True, mode="oral")
    check_reply_mode(came_orally=True, mode="written")
    check_reply_mode(came_orally=False, mode="written")
    for oral, mode in ((False, "oral"), (True, "smoke")):
        with pytest.raises(Refusal):
            check_reply_mode(came_orally=oral, mode=mode)


def test_reports_and_tips_hide_their_author_whether_asked_or_not():
    assert [kind for kind in LetterKind if hides_author(kind, asked=False)] == [LetterKind.REPORT, LetterKind.TIP]
    assert all(hides_author(kind, asked=True) for kind in LetterKind)
    assert limit_key(LetterKind.HELP, urgent=True) == "letter.emergency.days"


# --- T-14: two days before, over, one day beyond ---


def test_a_reply_warns_two_days_before_and_turns_yellow_then_red():
    start, limit = date(2026, 9, 7), Limit(10, Unit.WORKING_DAY)
    end = due(start, limit, [], CALENDAR)
    found = [
        (one.level, one.at.date()) for one in signals(start, limit, [], CALENDAR, end, rule=SIGNALS[DeadlineKind.REPLY])
    ]
    assert [level for level, _ in found] == [Level.WARN, Level.YELLOW, Level.RED]
    assert end.on == date(2026, 9, 20)  # a Sunday, worked for the holiday
    assert CALENDAR.working_days(found[0][1], end.on) == 2


# --- routing ---


CITY, COUNTY = "990100", "990102"
ROUTES = [
    Route(1, "", "", ""), Route(2, "", "01", ""), Route(3, COUNTY, "01", ""), Route(4, "", "01.02", ""),
    Route(5, COUNTY, "", ""), Route(6, "", "", "ORGAN"), Route(7, "", "01.02", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("regions", "categories", "organ", "key"),
    [
        ([], [], "", 1),  # the default
        ([CITY], ["01"], "", 2),
        ([CITY, COUNTY], ["01"], "", 3),  # category and region say more
        ([CITY, COUNTY], ["01", "01.02"], "", 4),  # the finer category outweighs the region; the older of two alike
        ([CITY, COUNTY], ["02"], "", 5),
        ([CITY, COUNTY], ["01", "01.02"], "ORGAN", 6),  # the organ the author named outweighs all
        ([CITY], ["02"], "OTHER", 1),
    ],
)
def test_the_rule_that_says_most_wins(regions: list[str], categories: list[str], organ: str, key: int):
    found = chosen(ROUTES, regions=regions, categories=categories, organ=organ)
    assert found is not None
    assert found.key == key


def test_without_a_default_what_fits_no_rule_fits_none():
    assert chosen(ROUTES[1:], regions=[], categories=["02"], organ="") is None


# --- likeness ---


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (("路灯不亮", "门前的路灯三个月没亮了，请维修。"), ("路灯不亮", "门前的路灯三个月没亮了，请维修。"), True),
        (("门口路灯坏了三个月", "门前的路灯三个月没亮"), ("路灯三个月不亮", "门前的路灯三个月没有亮，请维修"), True),
        (("请问医保怎么办", "请问医保报销要哪些材料"), ("路灯不亮", "门前的路灯三个月没亮了"), False),
        (("咨询问题", "您好，请问"), ("反映问题", "您好，请问"), False),  # what every letter says makes nothing alike
        (("", ""), ("", ""), False),
    ],
)
def test_what_looks_the_same(one: tuple[str, str], other: tuple[str, str], alike: bool):
    assert (likeness(one, other) >= ENOUGH) is alike
    assert likeness(one, other) == likeness(other, one)


def test_the_same_author_alone_makes_no_duplicate():
    assert likeness(("路灯", "路灯不亮"), ("医保", "怎样报销"), same_author=True, same_place=True) < ENOUGH
