"""What goes wrong with letters on the second day, and how it is put right."""

import pytest

from tests.flows.test_letters import answering, default_rule, written
from tests.people import AT, Cast, cast
from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.journal import check_subject
from zhengtong.base.journal.queries import entries_of
from zhengtong.base.outbox.models import Message
from zhengtong.domains.letters import queries
from zhengtong.domains.letters.models import Letter, Reply
from zhengtong.flows import letter_author, letter_replied, letter_routed, letter_unmerged
from zhengtong.flows.article_proposed import propose_from_reply
from zhengtong.rules.letters import Destination, LetterKind
from zhengtong.rules.refusal import Refusal, RefusalCode

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast()


def drafted(people: Cast) -> Letter:
    letter = answering(people, LetterKind.COMPLAINT)
    return letter_replied.draft_reply(
        letter.number,
        text="没有核实就送了。",
        mode="written",
        finding="unfounded",
        seen=None,
        by=people.acting("李军"),
        at=AT,
    )


def merged_into(people: Cast, main: Letter, **said) -> Letter:
    other = written(people, subject_line="邻居也写了一封", **said)
    letter_routed.merge_letter(other.number, into=main.number, seen=None, by=people.acting("何清语"), at=AT)
    return other


# --- sent to approval by mistake ---


def test_a_reply_sent_to_approval_by_mistake_is_taken_back_by_its_writer(people: Cast):
    letter = drafted(people)
    letter_replied.recall_reply(letter.number, seen=None, by=people.acting("李军"), at=AT)
    letter.refresh_from_db()
    assert letter.state == "ANSWERING"
    assert Reply.objects.get().state == Reply.BACK
    assert queries.running_limit(letter).due_on == letter.due_on
    assert check_subject(letter, list(entries_of("letter", letter.number))) == []
    letter_replied.draft_reply(
        letter.number, text="核实过了。", mode="written", finding="partly", seen=None, by=people.acting("李军"), at=AT
    )
    letter_replied.approve_reply(letter.number, seen=None, by=people.acting("赵强"), at=AT)
    assert [reply.text for reply in queries.replies_sent(letter)] == ["核实过了。"]


@pytest.mark.parametrize("name", ["赵强", "何清语"])
def test_nobody_else_takes_it_back(people: Cast, name: str):
    letter = drafted(people)
    with pytest.raises(Refusal) as refused:
        letter_replied.recall_reply(letter.number, seen=None, by=people.acting(name), at=AT)
    assert refused.value.code is RefusalCode.LETTER_NOT_YOURS


def test_what_was_approved_is_not_taken_back(people: Cast):
    letter = drafted(people)
    letter_replied.approve_reply(letter.number, seen=None, by=people.acting("赵强"), at=AT)
    with pytest.raises(Refusal) as refused:
        letter_replied.recall_reply(letter.number, seen=None, by=people.acting("李军"), at=AT)
    assert refused.value.code is RefusalCode.LETTER_WRONG_STATE


# --- merged ---


def test_what_was_merged_by_mistake_is_a_letter_of_its_own_again(people: Cast):
    main = written(people)
    other = merged_into(people, main)
    letter_unmerged.unmerge_letter(other.number, seen=None, by=people.acting("何清语"), at=AT)
    other.refresh_from_db()
    assert (other.state, other.merged_into_id, other.closed_at) == ("RECEIVED", None, None)
    assert queries.running_limit(other).due_on == other.due_on
    assert Deadline.objects.filter(subject_key=other.number, kind="route", outcome="open").count() == 1
    assert check_subject(other, list(entries_of("letter", other.number))) == []
    with pytest.raises(Refusal) as refused:
        letter_unmerged.unmerge_letter(other.number, seen=None, by=people.acting("何清语"), at=AT)
    assert refused.value.code is RefusalCode.LETTER_WRONG_STATE


def test_only_the_letter_desk_undoes_a_merge(people: Cast):
    main = answering(people)
    other = written(people)
    letter_routed.route_letter(
        other.number, organ_id=people.organ.pk, section_id=None, seen=None, by=people.acting("何清语"), at=AT
    )
    letter_routed.merge_letter(other.number, into=main.number, seen=None, by=people.acting("何清语"), at=AT)
    with pytest.raises(Refusal) as refused:
        letter_unmerged.unmerge_letter(other.number, seen=None, by=people.acting("李军"), at=AT)
    assert refused.value.code is RefusalCode.LETTER_NOT_YOURS


def test_the_neighbour_is_not_forgotten_when_the_first_author_withdraws(people: Cast):
    default_rule(people)
    main = written(people)
    other = merged_into(people, main)
    letter_author.withdraw_letter(main.number, by=people.applicant, at=AT)
    other.refresh_from_db()
    assert (other.state, other.merged_into_id, other.organ_id) == ("ROUTED", None, people.organ.pk)
    assert check_subject(other, list(entries_of("letter", other.number))) == []


def test_nor_when_it_is_handed_to_another_body(people: Cast):
    main = written(people)
    other = merged_into(people, main)
    letter_routed.transfer_letter(
        main.number,
        destination=Destination.PETITION,
        told="已移交信访局。",
        seen=None,
        by=people.acting("何清语"),
        at=AT,
    )
    other.refresh_from_db()
    assert other.state == "RECEIVED"
    assert Message.objects.filter(kind="letter.to_route", payload__number=other.number).exists()


def test_whoever_was_merged_into_a_tip_reads_nothing_of_it(people: Cast):
    main = written(people)
    other = merged_into(people, main)
    letter_routed.reclassify_letter(
        main.number, kind=LetterKind.TIP, category="", urgent=False, confidential=True, reason="反映的是人", seen=None,
        by=people.acting("何清语"), at=AT,
    )  # fmt: skip
    tip = people.acting("孟守正")
    letter_routed.take_letter(main.number, seen=None, by=tip, at=AT)
    letter_replied.send_reply(main.number, text="已立案。", mode="written", seen=None, by=tip, at=AT)
    other.refresh_from_db()
    assert (other.state, other.merged_into_id) == ("RECEIVED", None)
    assert queries.replies_sent(other) == []


def test_letters_merged_one_after_the_other_are_all_answered(people: Cast):
    first, second = written(people), written(people)
    third = merged_into(people, second)
    letter_routed.merge_letter(second.number, into=first.number, seen=None, by=people.acting("何清语"), at=AT)
    letter_routed.route_letter(
        first.number, organ_id=people.organ.pk, section_id=None, seen=None, by=people.acting("何清语"), at=AT
    )
    letter_routed.take_letter(first.number, seen=None, by=people.acting("李军"), at=AT)
    letter_replied.send_reply(
        first.number, text="一并答复。", mode="written", seen=None, by=people.acting("李军"), at=AT
    )
    for letter in (second, third):
        letter.refresh_from_db()
        assert [reply.text for reply in queries.replies_sent(letter)] == ["一并答复。"]
        assert check_subject(letter, list(entries_of("letter", letter.number))) == []


# --- a reply to a hidden author ---


def test_a_reply_to_a_hidden_author_becomes_no_article(people: Cast):
    hidden, open_one = answering(people, confidential=True), answering(people, subject_line="另一封")
    by = people.acting("李军")
    for letter in (hidden, open_one):
        letter_replied.send_reply(letter.number, text="每一家都要填写。", mode="written", seen=None, by=by, at=AT)
    with pytest.raises(Refusal) as refused:
        propose_from_reply(hidden.number, question="要填写吗", answer="都要填写。", by=by, at=AT)
    assert refused.value.code is RefusalCode.NOT_FOUND
    assert propose_from_reply(open_one.number, question="要填写吗", answer="都要填写。", by=by, at=AT).key
