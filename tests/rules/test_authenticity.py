"""Made-up records and honest ones that look like them: each pattern's yes beside its no."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.rules.authenticity import batches, figures, filings, moments, months, sampling, speed
from zhengtong.rules.authenticity.batches import Acceptance, Brought
from zhengtong.rules.authenticity.filings import Contact, Filing
from zhengtong.rules.authenticity.moments import Extended, Placed
from zhengtong.rules.authenticity.months import OrganMonth
from zhengtong.rules.authenticity.suspicion import INFORMATION, LEVELS, RULES, WAITS_FOR, Scope
from zhengtong.rules.authenticity.thresholds import NAMES, Thresholds, with_values
from zhengtong.rules.calendar import Calendar
from zhengtong.rules.history import Act, History, LimitRecord
from zhengtong.rules.kinds import Kind

DEFAULT = Thresholds()
DAYS = Calendar({}, {2026})
AT = datetime(2026, 10, 14, 2, 0, tzinfo=UTC)  # a Wednesday, ten in the morning
MINUTE = timedelta(minutes=1)


def act(seq, kind, at, officer=7, actor="officer", **facts):
    return Act(seq, kind.value, at, actor, officer, "李军", "承办", facts)


def promise(amount=10, pauses=(), **others):
    facts = {
        "kind": "promise", "ordinal": 0, "started_on": date(2026, 10, 14), "amount": amount, "unit": "working_day",
        "pauses": tuple(pauses), "due_on": date(2026, 10, 28), "due_at": None, "provisional": False, "outcome": "met",
        "closed_at": None,
    }  # fmt: skip
    return LimitRecord(**{**facts, **others})


def history(*acts, limits=(), **others):
    facts = {
        "case_id": 1, "number": "N1", "item_id": 3, "item_version_id": 3, "item_name": "备案", "organ_id": 5,
        "section_id": None, "case_kind": "PROMISED", "channel": "1", "imported": False, "state": "FINISHED",
        "stage": "FINISH", "person_id": None, "enterprise_id": 9, "holder_id": None, "acceptor_id": 7,
        "handler_id": 8, "reviewer_id": 10, "approver_id": 11, "received_at": AT, "accepted_on": AT.date(),
        "decided_at": None, "finished_at": None, "decision": "GRANT", "result_code": "0",
    }  # fmt: skip
    return History(acts=acts, limits=tuple(limits), **{**facts, **others})


def walked(*minutes, start=AT, **others):
    """Accepted, forwarded, forwarded, decided, finished: so many minutes after `start`."""
    kinds = (
        (Kind.CASE_ACCEPTED, {}),
        (Kind.CASE_FORWARDED, {"stage": "PROCESS"}),
        (Kind.CASE_FORWARDED, {"stage": "REVIEW"}),
        (Kind.CASE_DECIDED, {}),
        (Kind.CASE_FINISHED, {}),
    )
    acts = [
        act(seq, kind, start + after * MINUTE, officer=seq, **facts)
        for seq, ((kind, facts), after) in enumerate(zip(kinds, minutes, strict=False), start=2)
    ]
    return history(*acts, limits=others.pop("limits", (promise(),)), **others)


# --- D-01 ---


def pile(count, seconds, *, agent="", channel_day=AT, same=False):
    return [
        Acceptance(f"N{n}", 2, channel_day + timedelta(seconds=n * seconds), 7, 5, 3, "e1" if same else f"e{n}", agent)
        for n in range(count)
    ]


@pytest.mark.parametrize(
    ("acceptances", "cases"),
    [
        (pile(10, 60), 10),  # ten in nine minutes
        (pile(9, 30), 0),  # one short
        (pile(10, 70), 0),  # a quick counter: ten in ten and a half
        (pile(30, 40), 30),  # a long pile is one
        (pile(14, 30, agent="p1"), 0),  # an agent with mandates on record is one comer
        (pile(14, 30, same=True), 0),  # one firm's own fourteen
    ],
)
def test_a_pile_at_the_counter(acceptances, cases):
    found = batches.batch_registration(acceptances, DEFAULT)
    assert sum(len(one.evidence) for one in found) == cases
    assert all(one.scope is Scope.OFFICER and one.officer_id == 7 for one in found)


def test_a_pile_of_two_items_or_two_accounts_is_no_pile():
    mixed = [replace(one, item_id=3 + n % 2) for n, one in enumerate(pile(14, 30))]
    assert batches.batch_registration(mixed, DEFAULT) == []
    assert batches.batch_registration([replace(o, officer_id=n % 2) for n, o in enumerate(pile(14, 30))], DEFAULT) == []


@given(st.lists(st.integers(0, 3000), min_size=1, max_size=40), st.integers(0, 3600))
def test_a_pile_is_the_same_at_any_hour_and_in_any_order(seconds, later):
    def at(moved):
        return [
            Acceptance(f"N{n}", 2, AT + timedelta(seconds=s + moved), 7, 5, 3, f"e{n}") for n, s in enumerate(seconds)
        ]

    def shown(found):
        return {row.key for one in found for row in one.evidence}

    assert shown(batches.batch_registration(at(0), DEFAULT)) == shown(
        batches.batch_registration(reversed(at(later)), DEFAULT)
    )


def test_finished_work_brought_in_by_an_import():
    rows = [Brought(f"N{n}", 5, 3, AT, AT - timedelta(days=3)) for n in range(12)]
    assert [one.facts["cases"] for one in batches.batch_import(rows, DEFAULT)] == [12]
    assert batches.batch_import(rows[:9], DEFAULT) == []
    assert batches.batch_import([replace(row, finished_at=None) for row in rows], DEFAULT) == []  # still open there


# --- D-02 ---


@pytest.mark.parametrize(
    ("told", "what"),
    [
        (walked(0, 4, 8, 12, 16), "finished_in_session"),
        (walked(0, 20, 40, 60, 80), None),  # an hour and a half of four people's work
        (walked(0, 4, 8, 12, 16, limits=(promise(3),)), None),  # a short promise may be kept at once
        (walked(0, 4, 8, 12, 16, case_kind="IMMEDIATE"), None),
        (walked(0, 400, 800, -30, 900), "outcome_before"),  # decided before it was accepted
        (walked(0, 4), None),  # not finished yet
    ],
)
def test_registered_after_completion(told, what):
    found = speed.registered_after_completion(told, DEFAULT)
    assert (found.evidence[-1].what if found else None) == what


def test_an_imported_case_is_judged_by_its_own_log():
    def told(ended):
        return history(
            act(1, Kind.CASE_IMPORTED, AT, None, "import"),
            act(2, Kind.CASE_ACT_RECORDED, AT + timedelta(days=2), 7, "import", stage="ACCEPT"),
            act(3, Kind.CASE_FINISHED, ended, None, "import"),
            imported=True,
        )

    assert speed.registered_after_completion(told(AT + timedelta(days=1)), DEFAULT) is not None
    assert speed.registered_after_completion(told(AT + timedelta(days=3)), DEFAULT) is None


# --- D-03 ---


@pytest.mark.parametrize(
    ("at", "found"),
    [
        (datetime(2026, 10, 14, 14, 30, tzinfo=UTC), True),  # Wednesday 22:30
        (datetime(2026, 10, 14, 9, 40, tzinfo=UTC), False),  # 17:40, tidying up
        (datetime(2026, 10, 14, 4, 20, tzinfo=UTC), False),  # over lunch
        (datetime(2026, 10, 13, 23, 10, tzinfo=UTC), True),  # 7:10
        (datetime(2026, 10, 18, 2, 0, tzinfo=UTC), True),  # Sunday morning
    ],
)
def test_after_hours(at, found):
    told = history(act(2, Kind.CASE_FORWARDED, at, stage="PROCESS"))
    assert bool(list(moments.after_hours(told, DAYS, [], DEFAULT))) is found


def test_extended_service_an_applicants_click_and_a_note_are_no_after_hours():
    sunday = datetime(2026, 10, 18, 2, 0, tzinfo=UTC)
    told = history(act(2, Kind.CASE_ACCEPTED, sunday))
    assert list(moments.after_hours(told, DAYS, [], DEFAULT))
    announced = Extended(None, date(2026, 10, 18), 540, 720, sunday - timedelta(days=3))
    assert not list(moments.after_hours(told, DAYS, [announced], DEFAULT))
    assert list(moments.after_hours(told, DAYS, [replace(announced, organ_id=6)], DEFAULT))  # another organ's
    for withdrawn, found in ((sunday + MINUTE, False), (sunday, True), (sunday - timedelta(days=2), True)):
        assert (
            bool(list(moments.after_hours(told, DAYS, [replace(announced, withdrawn_from=withdrawn)], DEFAULT)))
            is found
        )
    for registered, found in ((sunday, False), (sunday + MINUTE, True), (sunday + timedelta(days=30), True)):
        afterwards = replace(announced, registered_at=registered)
        assert bool(list(moments.after_hours(told, DAYS, [afterwards], DEFAULT))) is found
    again = [replace(announced, withdrawn_from=sunday), announced]  # one schedule ended, another goes on
    assert not list(moments.after_hours(told, DAYS, again, DEFAULT))
    assert not list(
        moments.after_hours(history(act(1, Kind.CASE_SUBMITTED, sunday, actor="applicant")), DAYS, [], DEFAULT)
    )
    assert not list(moments.after_hours(history(act(3, Kind.CASE_NOTED, sunday)), DAYS, [], DEFAULT))


def test_one_evening_of_one_officer_is_one_lead():
    late = datetime(2026, 10, 14, 14, 0, tzinfo=UTC)
    told = history(*(act(n, Kind.CASE_FORWARDED, late + n * MINUTE, stage="PROCESS") for n in range(3)))
    (found,) = moments.after_hours(told, DAYS, [], DEFAULT)
    assert (len(found.evidence), found.period) == (3, "2026-10-14")


# --- D-04 ---


@pytest.mark.parametrize(
    ("told", "whats"),
    [
        (walked(0, 300, 300.5, 400, 500), ["stage_seconds"]),  # thirty seconds
        (walked(0, 300, 301, 400, 500), []),  # a whole minute
        (walked(0, 1, 2, 3, 4), ["case_seconds"]),
        (walked(0, 1, 2, 3, 6), []),
        (walked(0, 0.2, 0.4, 0.6, 0.8, case_kind="IMMEDIATE"), []),
        (walked(0, 0.2, 0.4, 0.6, 0.8, imported=True), []),  # another house's clock
    ],
)
def test_handled_in_seconds(told, whats):
    found = speed.handled_in_seconds(told, DEFAULT)
    assert [row.what for row in found.evidence] == whats if found else whats == []


def test_a_wrong_click_taken_back_is_no_second_stage():
    told = history(
        act(2, Kind.CASE_FORWARDED, AT, stage="PROCESS"),
        act(3, Kind.CASE_RECALLED, AT + timedelta(seconds=20)),
        act(4, Kind.CASE_FORWARDED, AT + timedelta(seconds=50), stage="PROCESS"),
    )
    assert speed.handled_in_seconds(told, DEFAULT) is None


# --- D-05 ---


def test_an_act_before_the_one_in_front_of_it():
    assert moments.backdated(walked(0, 300, 600, 500, 700), DEFAULT) is not None
    assert moments.backdated(walked(0, 300, 600, 599.5, 700), DEFAULT) is None  # two servers' clocks
    imported = history(*(replace(a, actor_kind="import") for a in walked(0, 300, 200).acts), imported=True)
    assert moments.backdated(imported, DEFAULT) is None  # the log is told as it stands


def placed(*minutes):
    return [Placed(100 + n, f"N{n}", 1, AT + m * MINUTE, 7) for n, m in enumerate(minutes)]


BEFORE = [AT - m * MINUTE for m in range(60, 0, -1)]


def test_an_entry_behind_what_was_sealed():
    assert [one.case_no for one, _ in moments.out_of_order(BEFORE, placed(1, -600, 2), DEFAULT)] == ["N1"]
    assert moments.out_of_order(BEFORE, placed(1, -3, 2), DEFAULT) == []  # committed a little later
    assert moments.out_of_order([], placed(1, -600), DEFAULT) == []  # the journal's first entries


def test_one_clock_running_ahead_accuses_nobody_else():
    assert moments.out_of_order([*BEFORE, AT + timedelta(days=3)], placed(1, 2, 3, 4, 5, 6), DEFAULT) == []


def test_many_dated_back_are_all_found():
    assert len(moments.out_of_order(BEFORE, placed(*[-600] * 30), DEFAULT)) == 30


@given(st.lists(st.integers(0, 5000), min_size=1, max_size=120))
def test_what_is_entered_in_order_is_never_out_of_order(minutes):
    assert moments.out_of_order(BEFORE, placed(*sorted(minutes)), DEFAULT) == []


# --- D-06, D-09 ---


def filing(number, days=0.0, **others):
    facts = {"answers": "a", "materials": frozenset({"m:1"}), "single": {"p.name": "x", "p.area": "y", "p.cost": "z"}}
    return Filing(f"N{number}", "e1", 3, 5, AT + timedelta(days=days), **{**facts, **others})


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        (filing(1), filing(2, 3), True),
        (filing(1), filing(2, 8), False),  # a week is over
        (filing(1), filing(2, 3, answers="b"), False),  # other goods
        (filing(1), filing(2, 3, materials=frozenset({"m:2"})), False),  # another contract
        (filing(1, failed_at=AT + timedelta(days=2)), filing(2, 3), False),  # withdrawn, then tried again
        (filing(1, failed_at=AT + timedelta(days=4)), filing(2, 3), True),  # both stood side by side
        (filing(1), replace(filing(2, 3), applicant="e2"), False),
    ],
)
def test_duplicates(first, second, found):
    assert bool(filings.duplicates(second, [first], DEFAULT)) is found
    assert bool(filings.duplicates(first, [second], DEFAULT)) is found  # whichever is looked at


def test_a_cut_up_application():
    parts = [filing(n, answers=f"row{n}") for n in range(4)]
    assert filings.split(parts[3], parts[:3], DEFAULT).facts["cases"] == 4
    assert filings.split(parts[1], parts[:1], DEFAULT) is None  # two may be two
    assert filings.split(filing(9, 1), parts, DEFAULT) is None  # another day


def test_a_trader_with_four_contracts_has_not_cut_anything_up():
    own = [filing(n, materials=frozenset({f"contract:{n}"})) for n in range(4)]
    assert filings.split(own[3], own[:3], DEFAULT) is None
    paper = [filing(n, materials=frozenset({"contract:"}), single={"p.name": "x"}) for n in range(4)]
    assert filings.split(paper[3], paper[:3], DEFAULT) is None  # nothing to compare at a paper counter


# --- D-07 ---


def contact(number, applicant=None, **others):
    facts = {"phone": "h" * 64, "backed": False}
    return Contact(f"N{number}", applicant or f"p{number}", 5, AT + timedelta(days=number), **{**facts, **others})


def ghosts(one, others=()):
    return [row.what for found in filings.ghost(one, others, DEFAULT) for row in found.evidence]


def test_ghost_applicants():
    assert ghosts(contact(1)) == []
    assert ghosts(contact(1, id_valid=False)) == ["id_invalid"]
    assert ghosts(contact(1, staff_owner=9)) == ["staff_phone"]
    five = [contact(n) for n in range(1, 5)]
    assert ghosts(contact(5), five) == []  # a family of five
    assert set(ghosts(contact(6), [contact(n) for n in range(1, 6)])) == {"shared_phone"}
    assert ghosts(contact(36), [contact(n) for n in range(1, 6)]) == []  # a month later
    assert ghosts(contact(6), [contact(n, backed=True) for n in range(1, 6)]) == []  # an agent's own phone
    assert ghosts(contact(6), [contact(n, "p1") for n in range(1, 6)]) == []  # one busy person


# --- D-08, D-10, D-12, D-13 ---

PAUSE = {"since": "2026-10-15", "until": "2026-10-20", "cause": "special", "article": "45"}


@pytest.mark.parametrize(
    ("limits", "used", "found"),
    [
        ((promise(10, (PAUSE,)),), 10, True),
        ((promise(10, (PAUSE,)),), 9, False),
        ((promise(10, (PAUSE,)),), 12, False),  # late: another rule's business
        ((promise(10),), 10, False),  # on the last day, but never stopped
        ((), None, False),
    ],
)
def test_gamed(limits, used, found):
    assert months.gamed(history(limits=limits), used, DEFAULT) is found


def test_deadline_gaming_of_an_organ():
    month = OrganMonth(5, "2026-10", promised=30, gamed=10)
    assert months.deadline_gaming(month, DEFAULT) is not None
    assert months.deadline_gaming(replace(month, gamed=9), DEFAULT) is None  # 30 % exactly
    assert months.deadline_gaming(replace(month, promised=15), DEFAULT) is None  # too few to say


def test_the_seeds_own_figure_is_flagged():
    """Ruichang, 11 months: over a million cases, 25,000 visitors, some 60 staff (domain-rules §14)."""
    staff_days = 60 * 231
    told = OrganMonth(5, "2026-10", received=1_000_000, accepted=1_000_000, clerk_days=staff_days, visitors=25_000)
    found = months.implausible_volume(told, [8.0, 6.5, 12.0, 9.1], DEFAULT)
    assert (found.facts["visitors"], found.facts["rate"]) == (25_000, 72.2)
    # 40 cases for each visitor are enough by themselves, where nobody can be compared
    assert months.implausible_volume(told, [], DEFAULT) is not None


@pytest.mark.parametrize(
    ("accepted", "days", "peers", "found"),
    [
        (600, 20, [5.0, 6.0, 7.0], True),  # thirty a day where others see six
        (340, 20, [5.0, 6.0, 7.0], False),  # busy, not beyond three times
        (200, 20, [2.0, 2.0, 2.0], False),  # five times as many, but ten a day anybody can do
        (600, 20, [5.0, 6.0], False),  # nobody to compare with
        (120, 3, [5.0, 6.0, 7.0], False),  # three hot days
    ],
)
def test_volume_beside_peers(accepted, days, peers, found):
    told = OrganMonth(5, "2026-10", received=accepted, accepted=accepted, clerk_days=days)
    assert bool(months.implausible_volume(told, peers, DEFAULT)) is found


@pytest.mark.parametrize(
    ("received", "visitors", "found"),
    [(31, 10, True), (30, 10, False), (29, 0, False), (30, 0, True), (500, None, False)],
)
def test_cases_beside_visitors(received, visitors, found):
    told = OrganMonth(5, "2026-10", received=received, visitors=visitors)
    assert bool(months.implausible_volume(told, [], DEFAULT, of=Scope.OFFICER, key="7")) is found


def quarter(**others):
    return [
        replace(OrganMonth(5, month, received=40, finished=40, in_time=40), **others)
        for month in ("2026-08", "2026-09", "2026-10")
    ]


def test_too_perfect():
    assert months.too_perfect(quarter(), DEFAULT).period == "2026-10"
    assert months.too_perfect(quarter()[1:], DEFAULT) is None  # two months
    assert months.too_perfect(quarter(finished=30, in_time=30), DEFAULT) is None  # 90 cases
    assert months.too_perfect([*quarter()[:2], replace(quarter()[2], flawed=1)], DEFAULT) is None
    assert months.too_perfect([*quarter()[:2], replace(quarter()[2], in_time=39)], DEFAULT) is None
    assert months.too_perfect([*quarter()[:2], replace(quarter()[2], unhappy=1)], DEFAULT) is None


@pytest.mark.parametrize(
    ("received", "voided", "found"),
    [(64, 8, True), (100, 3, False), (1000, 22, False), (1000, 40, True), (50_000, 1_100, True), (10, 1, False)],
)
def test_deletions_beyond_chance(received, voided, found):
    assert bool(months.deletions(OrganMonth(5, "2026-10", received=received, voided=voided), DEFAULT)) is found


@given(st.integers(1, 3000), st.integers(0, 60))
def test_one_more_deletion_never_clears_an_organ(received, voided):
    def found(count):
        return months.deletions(OrganMonth(5, "2026-10", received=received, voided=count), DEFAULT) is not None

    assert not found(voided) or found(voided + 1)


def test_voided_when_it_was_due():
    limits = (promise(10, due_on=date(2026, 10, 28)),)

    def on(day):
        return months.voided_before_due(history(act(5, Kind.CASE_VOIDED, day), limits=limits), DAYS, DEFAULT)

    assert on(datetime(2026, 10, 27, 3, tzinfo=UTC)).evidence[0].facts == {"days_left": 1}
    assert on(datetime(2026, 10, 30, 3, tzinfo=UTC)).evidence[0].facts == {"days_left": -2}  # already late
    assert on(datetime(2026, 10, 15, 3, tzinfo=UTC)) is None  # an entry error, seen the next day


# --- D-11, D-14 ---


def test_digits_people_think_out():
    assert figures.digit_anomaly(5, "2026-10", [200, 2, 3, 1, 2, 180, 2, 1, 3, 2], DEFAULT).facts["records"] == 396
    assert figures.digit_anomaly(5, "2026-10", [40, 38, 41, 39, 44, 36, 40, 43, 37, 42], DEFAULT) is None
    assert figures.digit_anomaly(5, "2026-10", [150, 0, 0, 0, 0, 140, 0, 0, 0, 0], DEFAULT) is None  # n < 300


@given(st.lists(st.integers(0, 500), min_size=10, max_size=10))
def test_chi_square_is_nothing_for_even_digits_and_never_negative(digits):
    assert figures.chi_square([7] * 10) == 0
    assert figures.chi_square(digits) >= 0


def test_asking_more_for_the_same():
    def told(*asked, granted=20):
        return [figures.Burden(f"2026-{m:02d}", 20, each * 20, granted) for m, each in enumerate(asked, start=8)]

    assert figures.burden_trend(5, 3, told(10, 11, 13), DEFAULT).facts == {"from": 10.0, "to": 13.0, "months": 3}
    assert figures.burden_trend(5, 3, told(10, 10, 11), DEFAULT) is None
    better = [*told(10, 11, granted=10), figures.Burden("2026-10", 20, 260, 20)]
    assert figures.burden_trend(5, 3, better, DEFAULT) is None  # it asks more and more is granted


# --- numbers and the draw ---


def test_a_rule_in_force_sets_the_numbers_it_names():
    assert with_values("D-01", {"cases": 12}).batch_cases == 12
    assert with_values("D-03", {"from_hour": 7, "until_hour": 20}).closes_minute == 1200
    assert with_values("D-11", {"chi_square": 27.9}).digit_chi == 27.9
    assert with_values("D-01", {"unheard_of": 1}) == Thresholds()


def test_every_detector_is_described():
    assert set(RULES) == set(NAMES) == set(LEVELS)
    assert set(RULES) > INFORMATION
    assert set(WAITS_FOR) < set(RULES)


ROOT = "ab" * 32


@given(st.sets(st.text("0123456789", min_size=5, max_size=22), max_size=80), st.randoms())
def test_anybody_draws_the_same_files(numbers, chance):
    shuffled = list(numbers)
    chance.shuffle(shuffled)
    drawn = sampling.draw(ROOT, shuffled)
    assert drawn == sampling.draw(ROOT, numbers)
    assert len(drawn) == -(-len(numbers) * 5 // 100)
    assert {number for _, number in drawn} <= numbers


def test_another_root_draws_other_files():
    numbers = [f"{n:022d}" for n in range(400)]
    assert sampling.draw(ROOT, numbers) != sampling.draw("cd" * 32, numbers)
