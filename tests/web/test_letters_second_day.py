"""Letters at the doors: what their authors were promised, and what a clerk needs to see."""

from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.domains.test_knowledge import published
from tests.flows.test_letters import answering
from tests.people import AT, Cast, cast
from tests.web.lettered import answered
from tests.web.portal import signed_in
from tests.web.test_portal_letters import answer, begun, page
from zhengtong.base.permission import SYSTEM
from zhengtong.domains.knowledge.actions import Wording
from zhengtong.domains.letters import queries as letters
from zhengtong.domains.letters.models import Letter
from zhengtong.domains.registry.models import Region
from zhengtong.flows import (
    letter_imported,
    letter_kept,
    letter_published,
    letter_replied,
    letter_revealed,
    letter_routed,
)
from zhengtong.flows.letter_received import receive
from zhengtong.rules.letters import LetterKind, Mailbox
from zhengtong.rules.letters_import import ImportedLetter

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    cache.clear()
    return cast()


def desk(people: Cast, name: str, letter: Letter) -> str:
    answered = signed_in(people.officers[name].account).get(f"/desk/letters/{letter.number}/")
    assert answered.status_code == 200
    return answered.content.decode()


def written_out(client: Client) -> None:
    answer(client, "contact", way="account", phone="")
    answer(client, "files", do="next")


def test_who_leaves_the_directors_mailbox_does_not_write_to_the_director(people: Cast):
    client = signed_in(people.citizen)
    for entrance in ({"box": "director_mailbox"}, {"kind": "consultation"}):
        client.get(reverse("portal:letter_begin"), entrance)
    answer(client, "about", category="", organ_code="", case_no="", address="")
    answer(client, "text", subject_line="停车收费", text="门口停车位为什么收费？")
    written_out(client)
    client.post(page("check"))
    assert Letter.objects.get().mailbox == Mailbox.WEB


def test_a_nameless_suggestion_does_not_become_a_nameless_complaint(people: Cast):
    client = Client()
    client.get(reverse("portal:letter_begin"), {"box": "suggestion_box"})
    answer(client, "kind", kind="suggestion")
    answer(client, "about", category="", organ_code="", case_no="", address="")
    answer(client, "text", subject_line="放几把伞", text="下雨天借用。")
    answer(client, "contact", way="nameless", phone="")
    client.get(reverse("portal:letter_begin"), {"kind": "complaint"})
    assert client.get(page("check"))["Location"] == page("contact")


def test_who_complains_of_another_case_writes_about_that_one(people: Cast):
    client = signed_in(people.citizen)
    for number in ("A1", "B2"):
        client.get(reverse("portal:letter_begin"), {"kind": "complaint", "case": number})
    assert 'value="B2"' in client.get(page("about")).content.decode()


def test_send_pressed_twice_leads_to_the_receipt_of_the_one_letter(people: Cast):
    client = signed_in(people.citizen)
    begun(client)
    written_out(client)
    kept = dict(client.session)
    first = client.post(page("check"))
    assert client.post(page("check"))["Location"] == first["Location"]
    session = client.session  # both were under way at once: the second still has the draft
    session.update(kept)
    session.save()
    assert client.post(page("check"))["Location"] == first["Location"]
    assert Letter.objects.count() == 1


def test_a_guest_has_one_way_and_is_not_told_that_the_phone_is_optional(people: Cast):
    client = Client()
    begun(client)
    shown = client.get(page("contact")).content.decode()
    phone = shown[shown.index('for="id_phone"') :]
    assert "optional" not in phone[: phone.index("</label>")]
    assert client.post(page("contact"), {"way": "phone", "phone": ""}).status_code == 422
    assert 'name="may_publish"' in shown
    begun(client, kind="report")
    answer(client, "kind", kind="report")
    assert 'name="may_publish"' not in client.get(page("contact")).content.decode()


def test_a_letter_goes_where_the_rule_of_its_district_says(people: Cast):
    district = Region.objects.filter(level=4).order_by("code").last() or Region.objects.order_by("code").last()
    letter_kept.save_rule(
        region=district.code, category="", about="", organ_code=people.organ.code, section_id=None,
        by=people.acting("何清语"), at=AT,
    )  # fmt: skip
    client = signed_in(people.citizen)
    client.get(reverse("portal:letter_begin"))
    answer(client, "kind", kind="consultation")
    answer(client, "about", category="", organ_code="", case_no="", region=district.code, address="")
    answer(client, "text", subject_line="停车收费", text="门口停车位为什么收费？")
    written_out(client)
    assert district.name in client.get(page("check")).content.decode()
    client.post(page("check"))
    clerk = signed_in(people.officers["何清语"].account)
    said = {"mailbox": "phone", "kind": "consultation", "subject_line": "来电", "text": "停车", "region": district.code}
    assert clerk.post(reverse("desk:letter_new"), said).status_code == 302
    assert {letter.organ_id for letter in Letter.objects.all()} == {people.organ.pk}


def test_its_author_sees_who_looked_at_the_name_and_why(people: Cast):
    letter = answering(people)
    letter_revealed.reveal_author(letter.number, purpose="电话核实门店数量", by=people.acting("李军"), at=AT)
    shown = signed_in(people.citizen).get(f"/letters/{letter.number}/").content.decode()
    assert "查看了您的姓名和联系方式" in shown
    assert "电话核实门店数量" in shown


def test_who_handles_a_letter_about_a_place_is_told_the_place(people: Cast):
    assert "金桂路 8 号" in desk(people, "李军", answering(people, address="金桂路 8 号"))
    assert "金桂路 8 号" not in desk(people, "李军", answering(people, address="金桂路 8 号", confidential=True))


def test_the_acts_of_a_letter_do_not_name_its_author_even_masked(people: Cast):
    for hidden in (True, False):
        letter = answering(people, confidential=hidden)
        acts = desk(people, "李军", letter).split('id="acts-title"')[1]
        assert people.applicant.name[0] + "*" not in acts
        assert "来信人" in acts


def test_the_author_of_a_tip_does_not_read_that_a_unit_has_it(people: Cast):
    tip = receive(
        kind=LetterKind.TIP, channel=Mailbox.WEB, subject_line="某某", text="收了烟。", by=people.applicant, at=AT
    )
    slip = {"number": tip.number, "code": letters.code_of(tip)}
    said = Client().post(reverse("portal:letter_track"), slip).content.decode()
    assert "廉政受理人员已收到" in said
    assert "办理单位" not in said


def test_a_reply_under_approval_is_taken_back_and_stands_in_the_form_again(people: Cast):
    letter = answering(people, LetterKind.COMPLAINT)
    letter_replied.draft_reply(
        letter.number,
        text="没写完就送了。",
        mode="written",
        finding="partly",
        seen=None,
        by=people.acting("李军"),
        at=AT,
    )
    assert "/steps/recall/" not in desk(people, "赵强", letter)
    assert "/steps/recall/" in desk(people, "李军", letter)
    writer = signed_in(people.officers["李军"].account)
    letter.refresh_from_db()
    assert writer.post(f"/desk/letters/{letter.number}/steps/recall/", {"seen": letter.version}).status_code == 302
    shown = desk(people, "李军", letter)
    assert "没写完就送了。</textarea>" in shown
    assert "撤回送审" in shown.split('id="acts-title"')[1]


def test_a_merge_is_undone_on_the_page_of_the_merged_letter(people: Cast):
    main, other = answering(people), answering(people)
    clerk = signed_in(people.officers["何清语"].account)
    letter_routed.merge_letter(other.number, into=main.number, seen=None, by=people.acting("何清语"), at=AT)
    assert "/steps/unmerge/" not in desk(people, "李军", other)
    assert "/steps/unmerge/" in desk(people, "何清语", other)
    other.refresh_from_db()
    assert clerk.post(f"/desk/letters/{other.number}/steps/unmerge/", {"seen": other.version}).status_code == 302
    other.refresh_from_db()
    assert other.state == "RECEIVED"


def test_who_answers_a_letter_reads_what_was_merged_into_it(people: Cast):
    main = answering(people)
    other = receive(
        kind=LetterKind.CONSULTATION, channel=Mailbox.WEB, subject_line="同一件事", text="邻居家的说法。",
        by=people.applicant, at=AT,
    )  # fmt: skip
    handler = signed_in(people.officers["李军"].account)
    assert handler.get(f"/desk/letters/{other.number}/").status_code == 404
    letter_routed.merge_letter(other.number, into=main.number, seen=None, by=people.acting("何清语"), at=AT)
    assert "邻居家的说法。" in desk(people, "李军", other)
    assert other.number not in handler.get("/desk/letters/all/").content.decode()
    author = signed_in(people.citizen)
    assert author.get(f"/letters/{main.number}/").status_code == 200
    assert author.get(f"/letters/{other.number}/").status_code == 404


def test_what_was_found_out_about_a_complaint_is_not_optional(people: Cast):
    shown = desk(people, "李军", answering(people, LetterKind.COMPLAINT))
    asked = shown[shown.index("核查结论") :]
    assert "选填" not in asked[: asked.index("属实")]


def test_who_agreed_to_publication_takes_it_back(people: Cast):
    letter = answered(people)
    letter_published.propose_publication(
        letter.number, title="预付卡备案要带什么", question="十七家门店都要填吗？", answer="都要填写。", seen=None,
        by=people.acting("何清语"), at=AT,
    )  # fmt: skip
    letter_published.publish_letter(letter.number, seen=None, by=people.acting("赵强"), at=AT)
    public = reverse("portal:typical_letter", args=[letter.number])
    take_down = reverse("portal:letter_step", args=[letter.number, "take-down"])
    author = signed_in(people.citizen)
    assert take_down in author.get(f"/letters/{letter.number}/").content.decode()
    assert signed_in(people.stranger).post(take_down).status_code == 404
    assert Client().get(public).status_code == 200
    assert author.post(take_down).status_code == 302
    assert Client().get(public).status_code == 404
    assert letters.similar("预付卡备案十七家门店都要填吗") == []
    shown = author.get(f"/letters/{letter.number}/").content.decode()
    assert take_down not in shown
    assert "撤下公开" in shown


def test_a_text_for_the_public_begins_without_the_ways_to_call_its_author(people: Cast):
    letter = answering(people, name="王国强")
    said = "王先生您好，小王的材料和王国强的一样；王府井店不用填。"
    letter_replied.send_reply(letter.number, text=said, mode="written", seen=None, by=people.acting("李军"), at=AT)
    clerk = signed_in(people.officers["何清语"].account)
    for address in (f"/desk/letters/{letter.number}/publication/", f"/desk/knowledge/propose/{letter.number}/"):
        begun_with = clerk.get(address).content.decode()
        assert "来信人您好，来信人的材料和来信人的一样；王府井店不用填。" in begun_with


def test_a_search_that_finds_nothing_offers_what_may_be_meant(people: Cast):
    published(people, "invoice", Wording(question="电子发票", answer="与纸质发票同等效力。"))
    shown = Client().get(reverse("portal:knowledge"), {"q": "开发票吗"}).content.decode()
    assert "没有找到答案" in shown
    assert "电子发票" in shown
    assert "电子发票" not in Client().get(reverse("portal:knowledge"), {"q": "停车"}).content.decode()


def imported(how_many: int, received_at: datetime) -> None:
    """Unanswered, with no limit here."""
    letter_imported.import_letters(
        letter_imported.import_target("old", "", ""),
        [
            ImportedLetter(
                number=str(n), kind=LetterKind.HELP, user="", subject="小区停车", subject_original="小区停车", text="小区小区",
                readable="", category="", received_at=received_at, reply="", replied_at=None,
            )
            for n in range(how_many)
        ],
        by=SYSTEM, at=AT,
    )  # fmt: skip


def test_imported_letters_without_a_limit_stand_behind_what_presses_and_their_pages_end(people: Cast):
    imported(60, AT.replace(year=2019))
    pressing = answering(people)
    clerk = signed_in(people.officers["何清语"].account)
    first = clerk.get("/desk/letters/")
    seen = [row.letter.number for row in first.context["rows"]]
    assert seen[0] == pressing.number
    assert "2019年" in first.content.decode()
    rest = clerk.get("/desk/letters/", {"after": first.context["after"]})
    seen += [row.letter.number for row in rest.context["rows"]]
    assert len(seen) == len(set(seen)) == 61
    assert rest.context["after"] == ""


def test_a_word_in_hundreds_of_letters_still_finds_the_one_that_came_by_the_hotline(people: Cast):
    imported(520, AT - timedelta(days=1))
    receive(
        kind=LetterKind.HELP, channel=Mailbox.HOTLINE, subject_line="停电一天了", text="我们这里是老旧的单位宿舍，隔壁小区有电。",
        by=people.acting("何清语"), at=AT,
    )  # fmt: skip
    clerk = signed_in(people.officers["何清语"].account)
    shown = clerk.get("/desk/letters/all/", {"q": "小区", "mailbox": "hotline"}).content.decode()
    assert "停电一天了" in shown
