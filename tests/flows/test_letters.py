"""A letter from receipt to its end, through the flows; each "no" beside its "yes"."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.people import AT, PREPAID, Cast, cast, hire
from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.journal import check_subject
from zhengtong.base.journal.queries import entries_of
from zhengtong.base.outbox.models import Message
from zhengtong.base.permission import SYSTEM
from zhengtong.domains.applications.models import Application
from zhengtong.domains.letters import queries
from zhengtong.domains.letters.models import Letter
from zhengtong.domains.registry.models import Section
from zhengtong.flows import (
    letter_author,
    letter_closed,
    letter_converted,
    letter_extended,
    letter_kept,
    letter_published,
    letter_received,
    letter_replied,
    letter_revealed,
    letter_routed,
)
from zhengtong.rules.letters import Destination, LetterKind, Mailbox, Satisfaction
from zhengtong.rules.orders import OrderKind
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Role

pytestmark = pytest.mark.django_db
LAUNDRY = "991021026000"  # an item for persons as well
DAY = timedelta(days=1)


@pytest.fixture
def people() -> Cast:
    return cast()


def written(people: Cast, kind: LetterKind = LetterKind.CONSULTATION, *, at: datetime = AT, **said) -> Letter:
    """By 林小雨, signed in."""
    facts = {
        "subject_line": "预付卡备案要带什么材料", "text": "我们有十七家门店，备案时每一家都要填写吗？",
        "name": "林小雨", "phone": "15400990001", "account_id": people.citizen.pk, "channel": Mailbox.WEB,
    } | said  # fmt: skip
    return letter_received.receive(kind=kind, by=people.applicant, at=at, **facts)


def default_rule(people: Cast) -> None:
    letter_kept.save_rule(
        region="", category="", about="", organ_code=people.organ.code, section_id=people.section.pk,
        by=people.acting("何清语"), at=AT,
    )  # fmt: skip


def answering(people: Cast, kind: LetterKind = LetterKind.CONSULTATION, **said) -> Letter:
    """Routed by the desk and taken by 李军."""
    letter = written(people, kind, **said)
    letter_routed.route_letter(
        letter.number,
        organ_id=people.organ.pk,
        section_id=people.section.pk,
        seen=None,
        by=people.acting("何清语"),
        at=AT,
    )
    return letter_routed.take_letter(letter.number, seen=None, by=people.acting("李军"), at=AT)


def answered(people: Cast, kind: LetterKind = LetterKind.CONSULTATION, *, at: datetime = AT, **said) -> Letter:
    letter = answering(people, kind, **said)
    return letter_replied.send_reply(
        letter.number, text="每一家接受该卡的门店都要填写。", mode="written", seen=None, by=people.acting("李军"), at=at
    )


def refused(code: RefusalCode, act, *args, **facts) -> None:
    with pytest.raises(Refusal) as caught:
        act(*args, **facts)
    assert caught.value.code is code


def whole(letter: Letter) -> None:
    row = Letter.objects.get(pk=letter.pk)
    assert check_subject(row, list(entries_of("letter", row.number))) == []


def test_a_consultation_goes_through_the_house(people: Cast):
    letter = answered(people, at=AT + DAY)
    row = Letter.objects.get(pk=letter.pk)
    assert (row.state, row.answer_days, row.replied_late) == ("SENT", 0, False)  # 25 September 2026 is a holiday
    assert Deadline.objects.get(subject_key=row.number, kind="reply").outcome == Deadline.MET
    letter_author.confirm_letter(row.number, by=people.applicant, at=AT + DAY)
    whole(letter)
    assert Letter.objects.get(pk=letter.pk).state == "CLOSED"
    told = set(Message.objects.filter(subject_key=row.number).values_list("kind", flat=True))
    assert {"letter.received", "letter.to_route", "letter.routed", "letter.assigned", "letter.replied"} <= told


def test_what_was_written_stands_neither_in_the_journal_nor_in_clear_in_the_row(people: Cast):
    letter = written(people)
    facts = " ".join(entry.facts for entry in entries_of("letter", letter.number))
    assert "林小雨" not in facts
    assert "门店" not in facts
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT text, name, phone, subject_line FROM letters_letter")
        assert not any("林" in value or "门店" in value or "154" in value[:3] for value in cursor.fetchone())


def test_a_default_rule_routes_at_once(people: Cast):
    default_rule(people)
    letter = written(people)
    row = Letter.objects.get(pk=letter.pk)
    assert (row.state, row.organ_id, row.section_id) == ("ROUTED", people.organ.pk, people.section.pk)
    assert Deadline.objects.get(subject_key=row.number, kind="reply").organ_id == people.organ.pk
    whole(letter)


def test_the_rule_that_says_most_wins(people: Cast):
    by = people.acting("何清语")
    letter_kept.import_category_tree([("商贸流通", "预付卡", "备案")], by=by)
    other = Section.objects.create(organ=people.organ, name="预付卡科")
    default_rule(people)
    letter_kept.save_rule(
        region="", category="01.01", about="", organ_code=people.organ.code, section_id=other.pk, by=by, at=AT
    )
    assert written(people, category="01.01.01").section_id == other.pk
    assert written(people, subject_line="别的事情").section_id == people.section.pk


def test_a_complaint_is_approved_by_another_than_its_writer(people: Cast):
    letter = answering(people, LetterKind.COMPLAINT)
    facts = {"text": "经核查，窗口当日确有脱岗。", "mode": "written", "seen": None, "at": AT}
    by = people.acting("李军")
    refused(
        RefusalCode.LETTER_NEEDS_APPROVAL, letter_replied.send_reply, letter.number, finding="confirmed", by=by, **facts
    )
    refused(RefusalCode.LETTER_FINDING_MISSING, letter_replied.draft_reply, letter.number, by=by, **facts)
    letter_replied.draft_reply(letter.number, finding="confirmed", by=by, **facts)
    # 孙丽 both answers and approves: what she writes another approves.
    refused(RefusalCode.LETTER_NOT_YOURS, letter_replied.approve_reply, letter.number, seen=None, by=by, at=AT)
    letter_replied.approve_reply(letter.number, seen=None, by=people.acting("赵强"), at=AT)
    whole(letter)
    assert queries.confirmed_complaints(AT.date(), AT.date()) == {people.organ.pk: 1}


def test_who_writes_and_may_approve_does_not_approve_that(people: Cast):
    letter = written(people, LetterKind.COMPLAINT)
    letter_routed.route_letter(
        letter.number, organ_id=people.organ.pk, section_id=None, seen=None, by=people.acting("何清语"), at=AT
    )
    head = people.acting("孙丽")
    letter_routed.take_letter(letter.number, seen=None, by=head, at=AT)
    letter_replied.draft_reply(
        letter.number, text="经核查，不属实。", mode="written", finding="unfounded", seen=None, by=head, at=AT
    )
    refused(RefusalCode.LETTER_OWN_DRAFT, letter_replied.approve_reply, letter.number, seen=None, by=head, at=AT)
    letter_replied.send_back_reply(
        letter.number, judgement="请写明核查经过。", seen=None, by=people.acting("赵强"), at=AT
    )
    assert Letter.objects.get(pk=letter.pk).state == "ANSWERING"
    whole(letter)


def test_written_letters_get_written_replies_and_spoken_ones_may_be_answered_by_word(people: Cast):
    letter = answering(people)
    facts = {"text": "已电话告知。", "mode": "oral", "seen": None, "by": people.acting("李军"), "at": AT}
    refused(RefusalCode.LETTER_REPLY_IN_WRITING, letter_replied.send_reply, letter.number, **facts)
    told = answering(people, oral=True, subject_line="电话里问的")
    letter_replied.send_reply(told.number, **facts)


def test_more_time_is_asked_before_the_end_once_and_granted_by_another(people: Cast):
    letter = answering(people)
    by, chief = people.acting("孙丽"), people.acting("赵强")
    handler = people.acting("李军")
    ask = {"days": 5, "reason": "要调取案卷。", "seen": None}
    after = letter.due_at + timedelta(seconds=1)
    refused(
        RefusalCode.LETTER_EXTENSION_LATE, letter_extended.ask_extension, letter.number, by=handler, at=after, **ask
    )
    refused(
        RefusalCode.LETTER_EXTENSION_DAYS,
        letter_extended.ask_extension,
        letter.number,
        by=handler,
        at=AT,
        **ask | {"days": 11},
    )
    refused(RefusalCode.LETTER_IN_OTHER_HANDS, letter_extended.ask_extension, letter.number, by=by, at=AT, **ask)
    letter_extended.ask_extension(letter.number, by=handler, at=AT, **ask)
    refused(RefusalCode.LETTER_NOT_YOURS, letter_extended.extend_letter, letter.number, seen=None, by=handler, at=AT)
    was = letter.due_on
    letter_extended.extend_letter(letter.number, seen=None, by=chief, at=AT)
    row = Letter.objects.get(pk=letter.pk)
    assert row.extended
    assert row.due_on > was
    refused(RefusalCode.LETTER_EXTENSION_TWICE, letter_extended.ask_extension, letter.number, by=handler, at=AT, **ask)
    whole(letter)


def test_an_unhappy_author_has_it_reopened_once_one_level_up(people: Cast):
    letter = answered(people)
    letter_author.reopen_letter(letter.number, reason="没有回答我的问题。", by=people.applicant, at=AT + DAY)
    row = Letter.objects.get(pk=letter.pk)
    assert (row.state, row.round, row.section_id) == ("ROUTED", 2, None)
    refused(
        RefusalCode.LETTER_LEVEL_UP,
        letter_routed.take_letter,
        row.number,
        seen=None,
        by=people.acting("李军"),
        at=AT + DAY,
    )
    other = people.acting("周洋")
    letter_routed.take_letter(row.number, seen=None, by=other, at=AT + DAY)
    facts = {"text": "逐一说明如下。", "mode": "written", "seen": None, "by": other, "at": AT + DAY}
    refused(RefusalCode.LETTER_NEEDS_APPROVAL, letter_replied.send_reply, row.number, **facts)
    letter_replied.draft_reply(row.number, **facts)
    letter_replied.approve_reply(row.number, seen=None, by=people.acting("赵强"), at=AT + DAY)
    refused(
        RefusalCode.LETTER_REOPENED_ONCE,
        letter_author.reopen_letter, row.number, reason="还是不满意。", by=people.applicant, at=AT + 2 * DAY,
    )  # fmt: skip
    assert Letter.objects.get(pk=letter.pk).answer_days == 0  # reports count the first reply
    whole(letter)


def test_the_time_to_reopen_ends(people: Cast):
    letter = answered(people)
    late = AT + 40 * DAY
    refused(
        RefusalCode.LETTER_REOPEN_TOO_LATE,
        letter_author.reopen_letter, letter.number, reason="现在才想起。", by=people.applicant, at=late,
    )  # fmt: skip
    assert letter_closed.close_quiet_letters(at=late) == 1
    assert Letter.objects.get(pk=letter.pk).state == "CLOSED"
    whole(letter)


def test_a_revisit_is_made_by_who_took_no_part(people: Cast):
    letter = answered(people)
    letter_closed.revisit_letter(
        letter.number, result=Satisfaction.UNSATISFIED, said="答非所问", seen=None, by=people.acting("罗婉秋"), at=AT
    )
    row = Letter.objects.get(pk=letter.pk)
    assert (row.state, row.satisfaction) == ("REVISITED", "unsatisfied")
    letter_author.reopen_letter(letter.number, reason="回访时要求重新办理。", by=people.acting("罗婉秋"), at=AT)
    assert Letter.objects.get(pk=letter.pk).round == 2


def test_urging_once_a_day_reaches_the_handler(people: Cast):
    letter = answering(people)
    letter_author.urge_letter(letter.number, by=people.applicant, at=AT)
    refused(RefusalCode.LETTER_URGED_TODAY, letter_author.urge_letter, letter.number, by=people.applicant, at=AT)
    letter_author.urge_letter(letter.number, by=people.applicant, at=AT + DAY)
    assert Message.objects.filter(kind="letter.urged").count() == 2
    assert {m.account_id for m in Message.objects.filter(kind="letter.urged")} == {people.officers["李军"].account_id}


def test_a_query_code_opens_one_letter_and_no_other(people: Cast):
    letter, other = written(people), written(people, subject_line="另一封信")
    assert queries.by_code(letter.number, queries.code_of(letter)).pk == letter.pk
    refused(RefusalCode.NOT_FOUND, queries.by_code, letter.number, queries.code_of(other))
    letter_author.withdraw_letter(letter.number, code=queries.code_of(letter), by=SYSTEM, at=AT)
    assert Letter.objects.get(pk=letter.pk).state == "WITHDRAWN"


def test_duplicates_are_suggested_and_answered_together(people: Cast):
    first = answering(people)
    again = written(people, at=AT + timedelta(minutes=1))
    far = written(
        people, at=AT + timedelta(minutes=2), subject_line="成品油站离学校太近", text="站房就在校门口，请查一查。"
    )
    clerk = people.acting("何清语")
    found = [one.number for one, _ in queries.duplicates(clerk, again)]
    assert found == [first.number]
    assert far.number not in found
    letter_routed.merge_letter(again.number, into=first.number, seen=None, by=clerk, at=AT)
    letter_replied.send_reply(
        first.number, text="都要填写。", mode="written", seen=None, by=people.acting("李军"), at=AT
    )
    assert Message.objects.filter(kind="letter.replied", subject_key=again.number).exists()
    assert queries.replies_sent(Letter.objects.get(pk=again.pk))[0].text == "都要填写。"
    refused(
        RefusalCode.LETTER_MERGE_ITSELF,
        letter_routed.merge_letter,
        far.number,
        into=far.number,
        seen=None,
        by=clerk,
        at=AT,
    )


def test_a_petition_is_told_apart_with_its_calendar_days(people: Cast):
    letter = written(people, LetterKind.COMPLAINT)
    letter_routed.transfer_letter(
        letter.number, destination=Destination.PETITION, told="已转信访部门，15日内告知是否受理。", seen=None,
        by=people.acting("何清语"), at=AT,
    )  # fmt: skip
    row = Letter.objects.get(pk=letter.pk)
    assert (row.state, row.destination) == ("TRANSFERRED", "petition")
    assert Deadline.objects.filter(subject_key=row.number, outcome=Deadline.OPEN).count() == 0
    entry = entries_of("letter", row.number).last()
    assert '"finish_due":"2026-11-23"' in entry.facts
    assert '"notice_due":"2026-10-09"' in entry.facts  # the 15th day; calendar days, not ours
    whole(letter)


def test_a_hidden_author_is_known_to_the_letter_desk_alone(people: Cast):
    letter = answering(people, LetterKind.COMPLAINT, confidential=True)
    refused(
        RefusalCode.LETTER_HIDDEN,
        letter_revealed.reveal_author,
        letter.number,
        purpose="核实",
        by=people.acting("李军"),
        at=AT,
    )
    told = letter_revealed.reveal_author(letter.number, purpose="电话核实情况", by=people.acting("何清语"), at=AT)
    assert told["name"] == "林小雨"
    assert "电话核实情况" in entries_of("letter", letter.number).last().facts
    assert not queries.reads_original(people.acting("李军"), letter)
    assert queries.reads_original(people.acting("何清语"), letter)


def test_publication_is_masked_and_approved_by_another(people: Cast):
    letter = answered(people, may_publish=True)
    clerk = people.acting("何清语")
    said = {"title": "预付卡备案要带什么", "question": "十七家门店都要填吗？", "answer": "都要填写。", "seen": None}
    refused(
        RefusalCode.LETTER_PUBLISH_PERSONAL,
        letter_published.propose_publication, letter.number, by=clerk, at=AT, **said | {"question": "我是林小雨，电话15400990001"},
    )  # fmt: skip
    letter_published.propose_publication(letter.number, by=clerk, at=AT, **said)
    refused(RefusalCode.LETTER_PUBLISH_OWN, letter_published.publish_letter, letter.number, seen=None, by=clerk, at=AT)
    assert queries.published() == []
    letter_published.publish_letter(letter.number, seen=None, by=people.acting("赵强"), at=AT)
    assert [one.title for one in queries.published("预付卡")] == ["预付卡备案要带什么"]
    assert [one.title for one in queries.similar("预付卡备案门店要填吗")] == ["预付卡备案要带什么"]
    letter_published.unpublish_letter(letter.number, reason="内容已过时", seen=None, by=clerk, at=AT)
    assert queries.published() == queries.published("预付卡") == []
    whole(letter)


def test_conversion_makes_a_draft_an_order_or_waits(people: Cast):
    letter = answering(people)
    clerk, supervisor = people.acting("何清语"), people.acting("吴涛")
    refused(
        RefusalCode.LETTER_CONVERSION_WAITS,
        letter_converted.convert_to_disclosure,
        letter.number,
        seen=None,
        by=clerk,
        at=AT,
    )
    complaint = answering(people, LetterKind.COMPLAINT, subject_line="投诉窗口拖延")
    letter_converted.convert_to_order(
        complaint.number, organ_id=people.organ.pk, section_id=None, title="窗口拖延的督办", content="请核查并答复。",
        order_kind=OrderKind.NORMAL, told="已转监察督办。", seen=None, by=supervisor, at=AT,
    )  # fmt: skip
    row = Letter.objects.get(pk=complaint.pk)
    assert (row.state, row.converted_to) == ("CONVERTED", "order")
    assert row.converted_key.startswith("DB2026")
    whole(complaint)


def test_a_letter_becomes_a_draft_its_author_goes_on_with():
    people = cast(PREPAID, LAUNDRY)
    letter, clerk = answering(people, phone="0990-2345678"), people.acting("何清语")
    code = people.item(LAUNDRY).item_code
    facts = {"item_code": code, "told": "请补齐材料后提交。", "seen": None, "by": clerk, "at": AT}
    for wrong in ("", "NONE", code + "\u202e"):
        refused(
            RefusalCode.ITEM_UNKNOWN, letter_converted.convert_to_case, letter.number, **facts | {"item_code": wrong}
        )
    refused(RefusalCode.TEXT_REQUIRED, letter_converted.convert_to_case, letter.number, **facts | {"told": " "})
    for_companies = facts | {"item_code": people.item(PREPAID).item_code}
    refused(RefusalCode.APPLICATION_WRONG_APPLICANT, letter_converted.convert_to_case, letter.number, **for_companies)
    letter_converted.convert_to_case(letter.number, **facts)
    row = Letter.objects.get(pk=letter.pk)
    draft = Application.objects.get()
    assert (row.state, row.converted_to, row.converted_key) == ("CONVERTED", "case", str(draft.uid))
    assert (draft.account_id, draft.item.item_code, draft.taken_in_by_id) == (people.citizen.pk, code, None)
    assert draft.contact_phone == "", "an application asks for a mobile number, a letter does not"
    told = Message.objects.get(kind="letter.converted")
    assert (told.account_id, told.payload["path"]) == (people.citizen.pk, f"/applications/{draft.uid}/")
    whole(letter)
    refused(RefusalCode.LETTER_WRONG_STATE, letter_converted.convert_to_case, letter.number, **facts)
    nobody = written(people, account_id=None)
    refused(RefusalCode.LETTER_NO_ACCOUNT, letter_converted.convert_to_case, nobody.number, **facts)
    assert Application.objects.count() == 1


def test_a_letter_of_another_organ_is_not_there(people: Cast):
    letter = answering(people)
    other = people.organ.__class__.objects.create(
        code="11990100MB9999999X", name="别的局", short_name="别", region=people.region
    )
    people.officers["何水"] = hire(other, None, "何水", "foreign", Role.HANDLER)
    refused(RefusalCode.NOT_FOUND, queries.letter_for, people.acting("何水"), letter.number)
    refused(RefusalCode.NOT_FOUND, queries.letter_for, people.other, letter.number)
    assert queries.letter_for(people.applicant, letter.number).pk == letter.pk


def test_late_is_counted_and_the_sweep_finds_it(people: Cast):
    from zhengtong.domains.supervision.models import Card
    from zhengtong.flows.supervise import supervise

    letter = answering(people)
    after = letter.due_at + timedelta(seconds=1)
    supervise(at=after)
    card = Card.objects.get(subject_key=letter.number)
    assert (card.rule_code, card.level, card.organ_id) == ("T-14", "yellow", people.organ.pk)
    assert (card.section_id, card.officer_id) == (people.section.pk, people.officers["李军"].pk)
    assert card.evidence[0]["seq"] == letter.version
    assert queries.counts(people.acting("何清语"), at=after)["late"] == 1
    supervise(at=datetime(2026, 10, 20, tzinfo=UTC))
    assert {c.level for c in Card.objects.filter(subject_key=letter.number)} == {"yellow", "red"}


def test_a_card_names_nobody_where_the_letter_does_not(people: Cast):
    from zhengtong.domains.supervision.models import Card
    from zhengtong.flows.supervise import supervise

    letter = written(people)
    letter_routed.route_letter(
        letter.number, organ_id=people.organ.pk, section_id=None, seen=None, by=people.acting("何清语"), at=AT
    )
    letter.refresh_from_db()
    supervise(at=letter.due_at + timedelta(seconds=1))
    card = Card.objects.get(subject_key=letter.number)
    assert (card.organ_id, card.section_id, card.officer_id) == (people.organ.pk, None, None)


def test_a_complaint_about_a_case_is_told_to_supervision_and_found_by_the_case(people: Cast):
    from tests.people import submitted

    case = submitted(people)
    letter = written(people, LetterKind.COMPLAINT, case_no=case.number)
    assert letter.about_organ_id == case.organ_id
    told = Message.objects.filter(kind="letter.about_case")
    assert {one.account_id for one in told} == {people.officers["吴涛"].account_id}
    assert [one.number for one in queries.complaints_about(case.number)] == [letter.number]
    assert [one.number for one in queries.letters(people.acting("吴涛"), case_no=case.number)] == [letter.number]
    written(people, LetterKind.CONSULTATION, case_no=case.number, subject_line="只是问问")
    assert told.count() == 1
    refused(RefusalCode.ORDER_CASE_UNKNOWN, written, people, case_no="没有这一件")


def test_a_ticket_of_the_hotline_is_registered_once(people: Cast):
    written(people, external_key="12345-0001", channel=Mailbox.HOTLINE)
    refused(RefusalCode.LETTER_TICKET_KNOWN, written, people, external_key="12345-0001", channel=Mailbox.HOTLINE)
