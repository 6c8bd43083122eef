"""Rules of supervision over one history: a yes beside its no, each differing in one thing; the shipped catalogue whole."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from zhengtong.base.calendar.shipped import shipped_calendar
from zhengtong.domains.supervision.shipped import shipped
from zhengtong.rules.authenticity.suspicion import LEVELS as DETECTORS
from zhengtong.rules.clock import SIGNALS, Level
from zhengtong.rules.history import Act, History, LimitRecord
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.procedure import State
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.supervision.complaints import CONFIRMED, REFUSED
from zhengtong.rules.supervision.conduct import CHECKS, ItemFacts, Known, PostSpan, findings
from zhengtong.rules.supervision.findings import filled
from zhengtong.rules.supervision.procedure import CARD_MOVES, CardState, check_uninvolved
from zhengtong.rules.supervision.timing import KINDS_OF, RULES_OF, signal_rule

CALENDAR = shipped_calendar()
RULES = {rule.code: rule for rule in shipped() if rule.enabled}
START = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)  # a Monday, 10 o'clock
CLERK, HANDLER, REVIEWER, APPROVER = 1, 2, 3, 4
ROLES = {CLERK: "window", HANDLER: "handler", REVIEWER: "reviewer", APPROVER: "approver"}
POSTS = {officer: [PostSpan(role, 7, False, date(2020, 1, 1), None)] for officer, role in ROLES.items()}
ITEMS = {5: ItemFacts(frozenset({"现场核查"}), frozenset({"申请表", "协议", "营业执照"}), frozenset({"营业执照"}))}


def act(kind: str, by: int | None, day: float = 0, **facts: Any) -> Act:
    actor = ("officer", by, f"员{by}") if by else ("applicant", 90, "申请人")
    return Act(0, f"case.{kind}", START + timedelta(days=day), *actor, "", facts)


HONEST = (
    act("submitted", None),
    act("accepted", CLERK, 0.1),
    act("forwarded", HANDLER, 1, stage="PROCESS", opinion="材料齐全，符合条件。"),
    act("forwarded", REVIEWER, 2, stage="REVIEW", opinion="同意承办意见。"),
    act("decided", APPROVER, 3, decision="GRANT", opinion="准予许可。"),
    act("finished", CLERK, 3.1),
    act("delivered", CLERK, 3.2),
)


def limit(
    kind: str = "promise", amount: int = 10, outcome: str = "met", closed: float | None = 3, **more: Any
) -> LimitRecord:
    due = CALENDAR.nth_working_day(START.date(), amount)
    end = datetime(due.year, due.month, due.day, 15, 59, 59, 999999, tzinfo=UTC)
    told = {
        "kind": kind, "ordinal": 0, "started_on": START.date(), "amount": amount, "unit": "working_day", "pauses": (),
        "due_on": due, "due_at": end, "provisional": False, "outcome": outcome,
        "closed_at": START + timedelta(days=closed) if closed is not None else None,
    }  # fmt: skip
    return LimitRecord(**(told | more))


def history(*acts: Act, limits: tuple[LimitRecord, ...] = (limit(),), **more: Any) -> History:
    numbered = tuple(replace(one, seq=n) for n, one in enumerate(acts or HONEST, start=1))
    decided = next((one.at for one in numbered if one.kind == "case.decided"), None)
    told = {
        "case_id": 1, "number": "C1", "item_id": 4, "item_version_id": 5, "item_name": "许可", "organ_id": 7,
        "section_id": 8, "case_kind": "PROMISED", "channel": "1", "imported": False, "state": "DELIVERED",
        "stage": "FINISH", "person_id": 9, "enterprise_id": None, "holder_id": None, "acceptor_id": CLERK,
        "handler_id": HANDLER, "reviewer_id": REVIEWER, "approver_id": APPROVER, "received_at": START,
        "accepted_on": START.date(), "decided_at": decided, "finished_at": decided, "decision": "GRANT",
        "result_code": "0",
    }  # fmt: skip
    return History(acts=numbered, limits=limits, **(told | more))


def changed(index: int, **facts: Any) -> tuple[Act, ...]:
    """The honest history with one act changed."""
    acts = list(HONEST)
    own = {name: value for name, value in facts.items() if name in ("at", "actor_id", "kind")}
    rest = {name: value for name, value in facts.items() if name not in own}
    acts[index] = replace(acts[index], facts={**acts[index].facts, **rest}, **own)
    return tuple(acts)


def inserted(index: int, *acts: Act) -> tuple[Act, ...]:
    return (*HONEST[:index], *acts, *HONEST[index:])


def found(told: History, **known: Any) -> list[tuple[str, str]]:
    facts = Known(CALENDAR, POSTS, ITEMS)
    return [(f.rule_code, f.level.value) for f in findings(told, RULES, replace(facts, **known))]


def test_an_honest_case_is_found_honest() -> None:
    assert found(history()) == []


MISSED = {"outcome": "missed"}
SUSPENDED = act("suspended", HANDLER, 1.2, procedure="现场核查", basis="行政许可法第四十五条")
RESUMED = act("resumed", HANDLER, 1.4)
FIRST = act("supplement_requested", CLERK, 0.01, materials=["申请表"])

# The rule, what shows it, and the nearest thing that does not.
TABLE = [
    # lateness, after the fact
    ("T-02 yellow", history(limits=(limit(closed=16, **MISSED),)), history(limits=(limit(closed=14),))),
    ("T-02 yellow", history(limits=(limit(closed=16, **MISSED),)), history(limits=(limit(closed=16, outcome="void"),))),
    ("T-02 yellow", history(limits=(limit(closed=16, **MISSED),)),
     history(limits=(limit(closed=16, **MISSED),), state=State.VOID.value)),  # no card once a case is void [S5]
    ("T-02 yellow", history(limits=(limit(closed=16, **MISSED),)),
     history(limits=(limit(closed=16, provisional=True, **MISSED),))),
    ("T-03 red", history(limits=(limit("legal", closed=16, **MISSED),)), history(limits=(limit("legal"),))),
    ("T-04 warn", history(limits=(limit("stage", 3, closed=3.9, **MISSED),)), history(limits=(limit("stage", 3),))),
    ("T-04 yellow", history(limits=(limit("stage", 3, closed=7.7, **MISSED),)),
     history(limits=(limit("stage", 3, closed=3.9, **MISSED),))),  # one working day more: Friday, then Monday
    ("T-06 yellow", history(limits=(limit("special", 3, closed=3.9, **MISSED),)), history(limits=(limit("special", 3),))),
    ("T-06 red", history(limits=(limit("special", 3, closed=7.7, **MISSED),)),
     history(limits=(limit("special", 3, closed=3.9, **MISSED),))),
    ("T-07 yellow", history(limits=(limit("notice", 5, closed=8, **MISSED),)), history(limits=(limit("notice", 5),))),
    ("T-09 yellow", history(limits=(limit("delivery", closed=16, **MISSED),)), history(limits=(limit("delivery"),))),
    ("T-05 yellow", history(limits=(limit(amount=0, closed=1, **MISSED),), case_kind="IMMEDIATE"),
     history(limits=(limit(amount=0, closed=0.1),), case_kind="IMMEDIATE")),
    # time, from the acts
    ("T-08 warn", history(*changed(1, at=START + timedelta(days=3)), channel="2"),
     history(*changed(1, at=START + timedelta(days=2)), channel="2")),  # two days are allowed
    ("T-08 yellow", history(*changed(1, at=START + timedelta(days=8)), channel="2"),
     history(*changed(1, at=START + timedelta(days=7)), channel="2")),  # more than three over
    ("T-08 warn", history(*changed(1, at=START + timedelta(days=3)), channel="2"),
     history(*changed(1, at=START + timedelta(days=3)), channel="1")),  # only online
    ("T-13 red", history(*inserted(4, act("extended", APPROVER, 2.5, reason="复杂", legal_was="2026-06-02"))),
     history(*inserted(4, act("extended", APPROVER, 2.5, reason="复杂", legal_was="2026-06-29")))),
    ("T-13 red", history(*inserted(4, act("extended", APPROVER, 2.5, reason=" ", legal_was="2026-06-29"))),
     history(*inserted(4, act("extended", APPROVER, 2.5, reason="复杂", legal_was="2026-06-29")))),
    # procedure
    ("P-01 red", history(*(a for n, a in enumerate(HONEST) if n != 3)), history()),
    ("P-02 yellow", history(*changed(3, at=START + timedelta(hours=1))), history()),
    ("P-03 yellow", history(*changed(3, actor_id=HANDLER)), history()),
    ("P-04 red", history(*changed(4, actor_id=99)), history()),
    ("P-05 yellow", history(*changed(4, decision="REFUSE", opinion="不予许可。")),
     history(*changed(4, decision="REFUSE", opinion="资金存管协议缺失，不符合第六条。"))),
    ("P-07 yellow", history(*inserted(2, replace(SUSPENDED, facts={"procedure": "喝茶", "basis": "无"}), RESUMED)),
     history(*inserted(2, SUSPENDED, RESUMED))),
    ("P-07 yellow", history(*inserted(2, replace(SUSPENDED, facts={"procedure": "现场核查", "basis": " "}), RESUMED)),
     history(*inserted(2, SUSPENDED, RESUMED))),
    ("P-08 warn", history(*inserted(2, SUSPENDED, replace(RESUMED, at=START + timedelta(days=2.9)))),
     history(*inserted(2, SUSPENDED, RESUMED))),  # more than half of the time
    ("P-08 warn", history(*inserted(2, SUSPENDED, RESUMED, SUSPENDED, RESUMED, SUSPENDED, RESUMED)),
     history(*inserted(2, SUSPENDED, RESUMED, SUSPENDED, RESUMED))),  # three times
    ("P-08 warn", history(*inserted(2, SUSPENDED, RESUMED), limits=(limit(amount=2),)),
     history(*inserted(2, SUSPENDED, RESUMED), limits=(limit(amount=3),))),  # the day before it was due
    # material
    ("M-02 yellow", history(*inserted(1, FIRST, replace(FIRST, facts={"materials": ["协议"]}))),
     history(*inserted(1, FIRST, FIRST))),  # asked again for what came in badly: lawful
    ("M-03 yellow", history(*inserted(1, replace(FIRST, facts={"materials": ["厂长签名"]}))), history(*inserted(1, FIRST))),
    ("M-04 warn", history(*inserted(1, replace(FIRST, facts={"materials": ["营业执照"]}))), history(*inserted(1, FIRST))),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "yes", "no"), TABLE, ids=lambda value: value if isinstance(value, str) else "")
def test_each_rule_finds_what_it_is_for_and_not_its_neighbour(rule: str, yes: History, no: History) -> None:
    code, level = rule.split()
    assert (code, level) in found(yes)
    assert (code, level) not in found(no)


def test_materials_and_returns_are_known_from_beside_the_case() -> None:
    told = history()
    assert found(told, missing={"C1": ("协议",)}) == [("M-01", "yellow")]
    assert found(told, returned={"C1": ("C0", date(2026, 5, 29))}) == [("M-05", "warn")]
    assert found(told, returned={"C1": ("C0", date(2026, 5, 28))}) == []  # four days


def test_an_act_in_place_of_an_absent_colleague_is_with_authority() -> None:
    stood_in = changed(2, actor_id=50)
    assert ("P-04", "red") in found(history(*stood_in))
    assert found(history(*changed(2, actor_id=50, substitute_for=HANDLER))) == []


def test_an_imported_case_is_judged_by_its_deadlines_only() -> None:
    acts = changed(3, actor_id=HANDLER, at=START)
    assert found(history(*acts, imported=True)) == []
    late = history(*acts, imported=True, limits=(limit(closed=16, **MISSED),))
    assert found(late) == [("T-02", "yellow")]


def test_a_rule_switched_off_finds_nothing() -> None:
    told = history(*changed(3, actor_id=HANDLER))
    without = {code: rule for code, rule in RULES.items() if code != "P-03"}
    assert "P-03" in {f.rule_code for f in findings(told, RULES, Known(CALENDAR, POSTS, ITEMS))}
    assert "P-03" not in {f.rule_code for f in findings(told, without, Known(CALENDAR, POSTS, ITEMS))}


# --- the catalogue ---

# E-8 is ours: §6.5 gives bad ratings their days, and no rule of §5.3 speaks of them.
HANDBOOK = (
    [f"T-{n:02}" for n in range(1, 17)] + [f"P-{n:02}" for n in range(1, 11)] + [f"M-{n:02}" for n in range(1, 8)]
    + [f"FEE-{n}" for n in range(1, 5)] + [f"O-{n}" for n in range(1, 4)] + [f"S-{n}" for n in range(1, 7)]
    + [f"D-{n:02}" for n in range(1, 15)] + [f"E-{n}" for n in range(1, 9)] + ["I-1", "I-2"]
)  # fmt: skip


def test_the_whole_catalogue_of_the_handbook_is_there() -> None:
    assert [rule.code for rule in shipped()] == HANDBOOK


@pytest.mark.parametrize("rule", shipped(), ids=lambda rule: rule.code)
def test_each_rule_says_what_it_is_in_both_languages(rule: Any) -> None:
    assert rule.levels
    assert set(rule.levels) <= {level.value for level in Level}
    assert re.search(r"[一-鿿]", rule.message)
    assert rule.message_en
    assert not re.search(r"[一-鿿]", rule.message_en + rule.name_en + rule.waits_for_en)
    assert set(re.findall(r"\{(\w+)\}", rule.message)) == set(re.findall(r"\{(\w+)\}", rule.message_en))
    assert rule.enabled is not bool(rule.waits_for)
    assert bool(rule.waits_for) is bool(rule.waits_for_en)
    assert rule.source


def test_every_rule_in_force_is_computed_somewhere() -> None:
    """By the sweep, by the review, as a lead, or by a complaint found true; none is only written down."""
    computed = set(CHECKS) | set(KINDS_OF) | {"T-05"} | set(DETECTORS) | {REFUSED, CONFIRMED}
    by_people = {code for code in RULES if code.startswith("D-")}
    assert set(RULES) <= computed | by_people


def test_signals_as_shipped_are_those_of_the_rules() -> None:
    """What a step plans without asking and what supervision reads must be one thing."""
    everything = {rule.code: rule for rule in shipped()}
    assert {kind: signal_rule(kind, everything) for kind in RULES_OF} == {kind: SIGNALS[kind] for kind in RULES_OF}


def test_a_threshold_moves_the_signal_and_a_rule_switched_off_is_silent() -> None:
    earlier = RULES | {"T-01": replace(RULES["T-01"], levels={"remind": -5, "warn": -2})}
    assert signal_rule(DeadlineKind.PROMISE, earlier).remind_left == 5
    without = {code: rule for code, rule in RULES.items() if code != "T-02"}
    assert signal_rule(DeadlineKind.PROMISE, without).over == ()


@pytest.mark.parametrize(
    ("value", "level"), [(0, None), (1, Level.WARN), (3, Level.WARN), (4, Level.YELLOW), (6, Level.RED)]
)
def test_the_highest_level_reached(value: int, level: Level | None) -> None:
    assert RULES["T-08"].level_of(value) is level  # over 0, over 3, over 5


def test_a_message_with_a_fact_missing_still_reads() -> None:
    assert filled("办件 {key} 缺 {what}", {"key": "C1"}) == "办件 C1 缺 —"
    assert filled("{stages}", {"stages": ["承办", "审核"]}) == "承办、审核"


# --- cards ---


def test_a_card_taken_back_or_closed_moves_no_more() -> None:
    ended = {CardState.REVOKED, CardState.CANCELLED, CardState.CLOSED}
    assert not any(ended & move.start for move in CARD_MOVES.values())
    assert {move.to for move in CARD_MOVES.values()} == set(CardState) - {CardState.DRAFT}


@pytest.mark.parametrize(
    ("decider", "same_organ", "may"),
    [(1, False, False), (2, False, False), (3, False, False), (4, False, True), (4, True, False)],
)
def test_who_is_involved_does_not_decide(decider: int, same_organ: bool, may: bool) -> None:
    def ask() -> None:
        check_uninvolved(decider, issued_by=1, confirmed_by=2, officer=3, same_organ=same_organ)

    if may:
        ask()
    else:
        with pytest.raises(Refusal) as refused:
            ask()
        assert refused.value.code is RefusalCode.CARD_INVOLVED
