"""A complaint found true becomes the draft of a card; a file that shows an unlawful refusal becomes a red card (M-06, S-6)."""

import pytest

from tests.flows.acts import AGREED, NOT_CONFORM, OIL, bring, holder
from tests.flows.test_letters import answering
from tests.flows.test_supervise import reviewed
from tests.people import AT, Cast, accepted, cast
from zhengtong.base import journal
from zhengtong.base.journal.queries import entries_of
from zhengtong.domains.authenticity.models import Sample, SampleFile
from zhengtong.domains.cases.models import Case
from zhengtong.domains.letters.models import Letter
from zhengtong.domains.orders.models import Order
from zhengtong.domains.supervision.actions import set_version
from zhengtong.domains.supervision.models import Card
from zhengtong.flows import card_issued, decide, forward, letter_author, letter_replied, letter_routed
from zhengtong.flows.sample_judged import judge_file
from zhengtong.rules.letters import LetterKind
from zhengtong.rules.procedure import State
from zhengtong.rules.refusal import Refusal, RefusalCode

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast(OIL)


def refused(people: Cast) -> Case:
    case = accepted(people, 1, OIL)
    for _ in range(2):
        forward.forward(case.number, opinion=AGREED, seen=None, by=holder(people, case), at=AT)
    return decide.decide(
        case.number, grants=False, opinion=NOT_CONFORM, seen=None, by=holder(people, case), at=AT
    )  # fmt: skip


def complained(people: Cast, finding: str, case: Case | None = None, kind=LetterKind.COMPLAINT) -> Letter:
    letter = answering(people, kind, case_no=case.number if case else "")
    letter_replied.draft_reply(
        letter.number,
        text="经核查，情况如下。",
        mode="written",
        finding=finding,
        seen=None,
        by=people.acting("李军"),
        at=AT,
    )
    letter = letter_replied.approve_reply(letter.number, seen=None, by=people.acting("赵强"), at=AT)
    reviewed(AT)
    return letter


def cards(*codes: str) -> list[Card]:
    return list(Card.objects.filter(rule_code__in=codes or ("M-06", "S-6")).order_by("pk"))


def sound() -> None:
    for card in Card.objects.all():
        assert journal.check_subject(card, list(entries_of("card", card.number))) == []


@pytest.mark.parametrize("finding", ["confirmed", "partly"])
def test_a_confirmed_complaint_about_a_refusal_is_a_draft_that_a_person_issues(people: Cast, finding: str) -> None:
    case = refused(people)
    letter = complained(people, finding, case)
    (card,) = cards()
    assert (card.rule_code, card.level, card.state, card.subject_key) == ("M-06", "red", "DRAFT", case.number)
    assert card.officer_id == Case.objects.get(pk=case.pk).approver_id  # who decided so
    assert [(one["kind"], one["key"]) for one in card.evidence] == [("case", case.number), ("letter", letter.number)]
    assert not Order.objects.exists()
    card_issued.issue(card.number, by=people.acting("吴涛"), at=AT)
    assert Card.objects.get(pk=card.pk).state == "ESCALATED"  # a red card brings its order
    assert Order.objects.get().case_no == case.number
    sound()


def test_one_that_is_not_true_is_none(people: Cast) -> None:
    complained(people, "unfounded", refused(people))
    complained(people, "unfounded")
    assert cards() == []


def test_a_confirmed_complaint_of_anything_else_is_drafted_against_the_organ(people: Cast) -> None:
    letter = complained(people, "confirmed", accepted(people, 2, OIL))  # accepted, not turned away
    other = complained(people, "partly")
    found = [(card.rule_code, card.level, card.state, card.subject_kind, card.subject_key) for card in cards()]
    assert found == [("S-6", "yellow", "DRAFT", "letter", one.number) for one in (letter, other)]
    assert {(card.organ_id, card.officer_id) for card in cards()} == {(people.organ.pk, None)}
    sound()


def test_a_refusal_of_after_the_complaint_is_not_what_it_was_about(people: Cast) -> None:
    case = accepted(people, 1, OIL)
    letter = answering(people, LetterKind.COMPLAINT, case_no=case.number)
    later = AT.replace(hour=AT.hour + 1)
    for _ in range(2):
        forward.forward(case.number, opinion=AGREED, seen=None, by=holder(people, case), at=later)
    decide.decide(case.number, grants=False, opinion=NOT_CONFORM, seen=None, by=holder(people, case), at=later)
    letter_replied.draft_reply(
        letter.number, text="经核查，窗口脱岗。", mode="written", finding="confirmed", seen=None, by=people.acting("李军"),
        at=later,
    )  # fmt: skip
    letter_replied.approve_reply(letter.number, seen=None, by=people.acting("赵强"), at=later)
    reviewed(later)
    assert [card.rule_code for card in cards()] == ["S-6"]


def test_a_report_found_true_is_no_complaint(people: Cast) -> None:
    complained(people, "confirmed", kind=LetterKind.REPORT)  # of a business, not of the house
    assert cards() == []


def test_a_second_answer_that_finds_it_true_is_looked_at_and_read_twice_it_is_one(people: Cast) -> None:
    letter = complained(people, "unfounded")
    assert cards() == []
    letter_author.reopen_letter(letter.number, reason="窗口当时确实没有人。", by=people.applicant, at=AT)
    letter_routed.take_letter(letter.number, seen=None, by=people.acting("周洋"), at=AT)
    letter_replied.draft_reply(
        letter.number,
        text="复查后属实。",
        mode="written",
        finding="confirmed",
        seen=None,
        by=people.acting("周洋"),
        at=AT,
    )
    letter_replied.approve_reply(letter.number, seen=None, by=people.acting("孙丽"), at=AT)
    reviewed(AT)
    reviewed(AT)
    assert [card.rule_code for card in cards()] == ["S-6"]


def test_rules_switched_off_find_nothing(people: Cast) -> None:
    case = refused(people)
    for code in ("M-06", "S-6"):
        set_version(
            code, effective_from=AT.date(), source="本市决定暂不适用", enabled=False, by=people.acting("吴涛"), at=AT
        )
    complained(people, "confirmed", case)
    complained(people, "confirmed")
    assert cards() == []


# --- the second look at a drawn file ---


def drawn(people: Cast, case: Case) -> SampleFile:
    sample = Sample.objects.create(
        month="2026-09", root="0" * 64, tree_size=1, population=1, drawn=1, percent=5, drawn_at=AT
    )
    return SampleFile.objects.create(
        sample=sample, case_no=case.number, organ_id=case.organ_id, item_id=case.item_id, origin="random", rank="0"
    )


@pytest.mark.parametrize("state", [State.NOT_ACCEPTED, State.DECIDED])
def test_a_file_that_shows_an_unlawful_refusal_is_carded_at_once(people: Cast, state: State) -> None:
    case = bring(people, state) if state is State.NOT_ACCEPTED else refused(people)
    drawn(people, case)
    by = people.acting("吴涛")
    file = judge_file("2026-09", case.number, "wrongly", note="材料齐全，属于本机关职权。", by=by, at=AT)
    assert SampleFile.objects.get(pk=file.pk).verdict == "wrongly"
    (card,) = cards()
    assert (card.rule_code, card.level, card.raised_by_id) == ("M-06", "red", by.id)
    assert Order.objects.get().case_no == case.number
    assert [one["kind"] for one in card.evidence] == ["case", "sample"]
    judge_file("2026-09", case.number, "wrongly", note="再看一次，结论不变。", by=by, at=AT)
    assert len(cards()) == 1
    sound()


def test_what_was_granted_cannot_have_been_refused_wrongly(people: Cast) -> None:
    case = bring(people, State.FINISHED)
    drawn(people, case)
    by = people.acting("吴涛")
    with pytest.raises(Refusal) as no:
        judge_file("2026-09", case.number, "wrongly", note="材料齐全。", by=by, at=AT)
    assert no.value.code is RefusalCode.SAMPLE_NOT_REFUSED
    assert SampleFile.objects.get().verdict == ""
    with pytest.raises(Refusal) as no:
        judge_file("2026-09", case.number, "wrongly", note="", by=people.acting("孙丽"), at=AT)
    assert no.value.code is RefusalCode.NOT_FOUND
    judge_file("2026-09", case.number, "true", note="", by=by, at=AT)
    assert cards() == []
