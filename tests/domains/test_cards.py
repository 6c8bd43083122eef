"""Cards: raised once, answered, appealed to somebody else, revoked with the points returned."""

from datetime import timedelta

import pytest

from tests.people import AT, Cast, cast, hire
from zhengtong.base import journal
from zhengtong.base.journal.queries import entries_of
from zhengtong.base.law import current_law
from zhengtong.base.outbox.models import Message
from zhengtong.base.permission import SYSTEM
from zhengtong.domains.registry.models import Organ
from zhengtong.domains.supervision import actions, queries
from zhengtong.domains.supervision.models import Card, RuleVersion
from zhengtong.rules.clock import Level
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Role
from zhengtong.rules.supervision.findings import Evidence, Finding

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast()


def finding(people: Cast, *, rule: str = "T-02", level: Level = Level.YELLOW, key: str = "C1", **more) -> Finding:
    facts = {
        "organ_id": people.organ.pk,
        "section_id": people.section.pk,
        "officer_id": people.officers["李军"].pk,
        "evidence": (Evidence("case", key, 3),),
        "facts": {"due": "2026-09-20"},
    }
    return Finding(rule, level, "case", key, **facts | more)


def raised(people: Cast, **more) -> Card:
    card = actions.raise_card(finding(people, **more), by=SYSTEM, at=AT)
    assert card is not None
    return card


def sound(card: Card) -> None:
    row = Card.objects.get(pk=card.pk)
    assert journal.check_subject(row, list(entries_of("card", row.number))) == []


def test_a_card_is_raised_once_and_never_below_a_higher_one(people: Cast) -> None:
    card = raised(people)
    assert (card.state, card.points, str(card.answer_due_on)) == ("ISSUED", -5, "2026-09-29")  # two working days
    assert actions.raise_card(finding(people), by=SYSTEM, at=AT) is None
    assert actions.raise_card(finding(people, rule="T-01", level=Level.WARN), by=SYSTEM, at=AT) is None
    higher = raised(people, rule="T-03", level=Level.RED)
    assert (higher.points, higher.number[-5:]) == (-10, "00002")
    sound(card)


def supervisor_elsewhere(people: Cast, name: str = "严正"):
    """A supervisor of another organ: not involved in anything of the bureau."""
    other = Organ.objects.create(
        code="91990100MB00000009", name="云泽市行政效能监察中心", short_name="云监", region=people.region
    )
    people.officers[name] = hire(other, None, name, "outside", Role.SUPERVISOR)
    return people.acting(name)


def after(days: int):
    return AT + timedelta(days=days)


def messages(card: Card) -> list[str]:
    return list(
        Message.objects.filter(subject_kind="card", subject_key=card.number)
        .order_by("id")
        .values_list("kind", flat=True)
    )


def refused(code: RefusalCode):
    return pytest.raises(Refusal, match=code.value.replace(".", r"\."))


def test_an_answer_says_cause_and_measure_and_supervision_closes_it(people: Cast) -> None:
    card = raised(people)
    with refused(RefusalCode.CARD_NOT_YOURS):
        actions.answer(card, cause="忙", measure="改", by=people.acting("周洋"), at=AT)
    actions.answer(card, cause="人手不足。", measure="增派一人。", by=people.acting("李军"), at=after(1))
    assert (card.state, card.answer.cause) == ("ANSWERED", "人手不足。")
    with refused(RefusalCode.PERMISSION_MISSING):
        actions.close(card, note="", by=people.acting("李军"), at=after(1))
    actions.close(card, note="整改到位。", by=people.acting("吴涛"), at=after(1))
    assert (card.state, card.points) == ("CLOSED", -5)
    sound(card)


def test_the_head_of_the_section_answers_too_and_nothing_is_answered_twice(people: Cast) -> None:
    card = raised(people)
    actions.answer(card, cause="人手不足。", measure="增派一人。", by=people.acting("孙丽"), at=AT)
    with refused(RefusalCode.CARD_WRONG_STATE):
        actions.answer(card, cause="再答一次。", measure="同上。", by=people.acting("李军"), at=AT)


def test_a_reminder_asks_for_no_answer(people: Cast) -> None:
    card = raised(people, rule="T-01", level=Level.WARN)
    assert (card.points, card.answer_due_on, queries.open_cards()) == (0, None, [])
    with refused(RefusalCode.CARD_NO_ANSWER_DUE):
        actions.answer(card, cause="忙", measure="改", by=people.acting("李军"), at=AT)


def test_an_appeal_is_decided_by_somebody_not_involved(people: Cast) -> None:
    law = current_law()
    card = raised(people)
    actions.appeal(card, reasons="当日系统停机，有记录可查。", law=law, by=people.acting("李军"), at=AT)
    with refused(RefusalCode.CARD_INVOLVED):  # of the same organ
        actions.decide_appeal(card, revoke=True, reasons="属实。", law=law, by=people.acting("吴涛"), at=AT)
    outside = supervisor_elsewhere(people)
    actions.decide_appeal(card, revoke=True, reasons="停机属实。", law=law, by=outside, at=after(1))
    assert (card.state, card.points, messages(card)[-1]) == ("REVOKED", 0, "card.revoked")
    sound(card)
    assert queries.cards_by_organ(AT.date(), AT.date()) == {}
    assert actions.raise_card(finding(people), by=SYSTEM, at=after(2)) is None  # it was there


def test_who_issued_a_draft_does_not_decide_its_appeal(people: Cast) -> None:
    law, outside = current_law(), supervisor_elsewhere(people)
    card = raised(people, imported=True)
    assert (card.state, messages(card)) == ("DRAFT", [])
    actions.issue(card, law=law, by=outside, at=AT)
    assert (card.state, "card.issued" in messages(card)) == ("ISSUED", True)
    actions.appeal(card, reasons="数据来自原系统，不可比。", law=law, by=people.acting("李军"), at=AT)
    with refused(RefusalCode.CARD_INVOLVED):
        actions.decide_appeal(card, revoke=True, reasons="属实。", law=law, by=outside, at=AT)


def test_an_upheld_card_is_to_be_answered_anew_and_is_not_appealed_twice(people: Cast) -> None:
    law, outside = current_law(), supervisor_elsewhere(people)
    card = raised(people)
    actions.appeal(card, reasons="请求复核。", law=law, by=people.acting("李军"), at=AT)
    actions.decide_appeal(card, revoke=False, reasons="期限无误。", law=law, by=outside, at=after(4))
    assert (card.state, str(card.answer_due_on), card.points) == ("UPHELD", "2026-09-30", -5)
    with refused(RefusalCode.CARD_WRONG_STATE):
        actions.appeal(card, reasons="再次申诉。", law=law, by=people.acting("李军"), at=after(4))
    actions.answer(card, cause="接受。", measure="改进。", by=people.acting("李军"), at=after(5))
    sound(card)


@pytest.mark.parametrize(("days", "taken"), [(6, True), (7, False)])  # 09-24 + 3 working days: 28, 29, 30
def test_an_appeal_comes_within_three_working_days(people: Cast, days: int, taken: bool) -> None:
    card = raised(people)
    if taken:
        actions.appeal(card, reasons="请求复核。", law=current_law(), by=people.acting("李军"), at=after(days))
        assert card.state == "APPEALED"
    else:
        with refused(RefusalCode.CARD_APPEAL_TOO_LATE):
            actions.appeal(card, reasons="请求复核。", law=current_law(), by=people.acting("李军"), at=after(days))


def test_a_cancelled_card_costs_and_counts_nothing(people: Cast) -> None:
    card, kept = raised(people), raised(people, key="C2")
    organ = people.organ.pk
    assert queries.cards_by_organ(AT.date(), AT.date()) == {(organ, "T-02", "yellow"): 2}
    actions.cancel(card, reason="数据有误。", by=people.acting("吴涛"), at=AT)
    assert (card.state, card.points) == ("CANCELLED", 0)
    assert queries.cards_by_organ(AT.date(), AT.date()) == {(organ, "T-02", "yellow"): 1}
    assert [one.number for one in queries.open_cards()] == [kept.number]
    assert [one.number for one in queries.newest_cards()] == [kept.number]
    sound(card)


def test_a_rule_that_is_not_in_force_issues_nothing(people: Cast) -> None:
    assert queries.rule_in_force("T-12", AT.date()) is None  # waits for parallel approval
    assert actions.raise_card(finding(people, rule="T-12"), by=SYSTEM, at=AT) is None
    in_force = queries.rule_in_force("D-01", AT.date())
    assert in_force is not None
    assert (in_force.threshold("cases"), in_force.threshold("yellow"), in_force.threshold("none", 7)) == (10, 10, 7)


# --- rules as data ---


def test_a_new_version_begins_on_its_day_and_old_cards_keep_theirs(people: Cast) -> None:
    keeper, tomorrow = people.acting("吴涛"), AT.date() + timedelta(days=1)
    card = raised(people, rule="T-01", level=Level.WARN)
    version = actions.set_version(
        "T-01", effective_from=tomorrow, source="办公会", levels={"remind": -5, "warn": -2}, by=keeper, at=AT
    )
    assert queries.rule_in_force("T-01", AT.date()).threshold("remind") == -3
    assert queries.rule_in_force("T-01", tomorrow).threshold("remind") == -5
    assert (version.number, Card.objects.get(pk=card.pk).rule_version.number) == (2, 1)
    first = RuleVersion.objects.get(rule__code="T-01", number=1)
    assert first.effective_to == AT.date()
    rule = version.rule
    rule.refresh_from_db()
    assert journal.check_subject(rule, list(entries_of("rule", "T-01"))) == []


@pytest.mark.parametrize(
    ("code", "changes", "refusal"),
    [
        ("T-01", {"levels": {"remind": -3, "warn": -2}}, RefusalCode.RULE_UNCHANGED),
        ("T-01", {"thresholds": {"invented": 1}}, RefusalCode.RULE_THRESHOLD),
        ("T-08", {"levels": {"warn": -1}}, RefusalCode.RULE_THRESHOLD),
        ("T-12", {"enabled": True}, RefusalCode.RULE_WAITS),
        ("T-99", {"enabled": False}, RefusalCode.NOT_FOUND),
    ],
)
def test_a_version_that_makes_no_sense_is_refused(people: Cast, code: str, changes: dict, refusal: RefusalCode) -> None:
    with refused(refusal):
        actions.set_version(code, effective_from=AT.date(), source="办公会", by=people.acting("吴涛"), at=AT, **changes)


def test_rules_are_kept_by_who_keeps_rules_and_not_backwards(people: Cast) -> None:
    off = {"enabled": False, "source": "办公会", "at": AT}
    with refused(RefusalCode.PERMISSION_MISSING):
        actions.set_version("T-02", effective_from=AT.date(), by=people.acting("孙丽"), **off)
    with refused(RefusalCode.RULE_BACKDATED):
        actions.set_version("T-02", effective_from=AT.date() - timedelta(days=1), by=people.acting("吴涛"), **off)
    actions.set_version("T-02", effective_from=AT.date(), by=people.acting("吴涛"), **off)
    assert queries.rule_in_force("T-02", AT.date()) is None
    with refused(RefusalCode.RULE_SAME_PERIOD):
        actions.set_version("T-02", effective_from=AT.date(), by=people.acting("吴涛"), **off)


def test_a_region_has_its_own_version_beside_the_general_one(people: Cast) -> None:
    actions.set_version(
        "T-02", effective_from=AT.date(), region="990100", enabled=False, source="市里另有规定",
        by=people.acting("吴涛"), at=AT,
    )  # fmt: skip
    assert queries.rule_in_force("T-02", AT.date(), region="990100") is None
    assert queries.rule_in_force("T-02", AT.date(), region="990200") is not None
    assert "T-02" not in queries.rules_in_force(AT.date(), region="990100")
