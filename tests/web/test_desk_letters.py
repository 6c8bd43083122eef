"""The letter desk in the browser's eyes: lists, one letter, its steps; tips at every door; both languages; the cost."""

import re
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.answers import PDF
from tests.people import AT, Cast, cast
from tests.web.lettered import answered
from tests.web.portal import signed_in
from zhengtong.base.search import search
from zhengtong.domains.letters import queries
from zhengtong.domains.letters.models import Letter
from zhengtong.flows import letter_routed
from zhengtong.flows.letter_received import receive
from zhengtong.rules.letters import LetterKind, Mailbox
from zhengtong.rules.refusal import Refusal

pytestmark = pytest.mark.django_db
LIST_QUERIES = 12  # session, person, posts, badges of the rail, organs, counts, rows
PAGE_QUERIES = 34


@pytest.fixture
def people() -> Cast:
    return cast()


def officer(people: Cast, name: str) -> Client:
    account = people.officers[name].account
    assert account is not None
    return signed_in(account)


def tip(people: Cast) -> Letter:
    return receive(
        kind=LetterKind.TIP, channel=Mailbox.WEB, subject_line="窗口人员收礼", text="有人收了购物卡。", name="林小雨",
        phone="15400990001", account_id=people.citizen.pk, by=people.applicant, at=AT,
    )  # fmt: skip


# --- tips: each door ---


EVERYBODY_ELSE = ("张敏", "李军", "赵强", "孙丽", "吴涛", "郑凯", "蒋华", "罗婉秋", "何清语")


@pytest.mark.parametrize("name", EVERYBODY_ELSE)
def test_a_tip_is_neither_seen_nor_counted_by_anybody_else(people: Cast, name: str):
    letter, client = tip(people), officer(people, name)
    for path in ("desk:letter", "desk:letter_reveal", "desk:letter_publication"):
        address = reverse(path, args=[letter.number])
        assert client.get(address).status_code in (403, 404, 405)
        assert client.post(address, {"purpose": "看看"}).status_code in (403, 404, 405)
    for step in ("take", "route", "send", "moderate", "transfer", "merge", "reclassify", "convert-order"):
        assert client.post(reverse("desk:letter_step", args=[letter.number, step]), {"seen": 1}).status_code in (
            403,
            404,
        )
    by = people.acting(name)
    assert queries.letters(by) == queries.owed(by) == queries.to_revisit(by) == []
    assert set(queries.counts(by, at=AT).values()) == {0}
    assert queries.figures(by, AT.date(), AT.date(), group="kind", at=AT) == []
    assert queries.letters(by, text=letter.number) == queries.letters(by, text="购物卡") == []
    with pytest.raises(Refusal):
        queries.letter_for(by, letter.number)
    for address in ("desk:letters", "desk:letters_all", "desk:outbox", "watch:letters", "watch:letters_export"):
        asked = reverse(address, args=["csv"] if address.endswith("export") else [])
        answer = client.get(f"{asked}?{urlencode({'kind': 'tip', 'q': '购物卡', 'group': 'kind'})}")
        text = (b"".join(answer) if answer.streaming else answer.content).decode()
        assert answer.status_code in (200, 403)
        assert reverse("desk:letter", args=[letter.number]) not in text
        assert "收礼" not in text
        assert "tip_received" not in text
        assert "问题线索" not in text


def test_the_integrity_desk_opens_counts_and_hands_over_a_tip_and_nothing_else(people: Cast):
    letter, other = tip(people), answered(people)
    client = officer(people, "孟守正")
    assert letter.number in client.get(reverse("desk:letters")).content.decode()
    assert client.get(reverse("desk:letter", args=[letter.number])).status_code == 200
    assert client.get(reverse("desk:letter", args=[other.number])).status_code == 404
    said = {"destination": "discipline", "told": "已移送纪检监察机关。", "seen": letter.version}
    assert client.post(reverse("desk:letter_step", args=[letter.number, "transfer"]), said).status_code == 302
    assert Letter.objects.get(pk=letter.pk).state == "TRANSFERRED"


def test_a_tip_is_in_no_index_no_public_list_no_card_and_not_in_the_journal_by_its_kind(people: Cast):
    from zhengtong.base.journal.queries import entries_of
    from zhengtong.domains.supervision.models import Card
    from zhengtong.flows.supervise import supervise

    letter = tip(people)
    assert search("letter", "购物卡") == search("letter", letter.number) == []
    assert queries.published("购物卡") == queries.similar("窗口人员收礼购物卡") == []
    assert all("tip" not in entry.facts for entry in entries_of("letter", letter.number))
    supervise(at=AT.replace(year=2027, month=6))
    assert Card.objects.filter(subject_key=letter.number).count() == 0


def test_what_the_letter_desk_marks_as_a_tip_leaves_it_at_once(people: Cast):
    letter = answered(people, subject_line="反映一件事")
    letter = receive(
        kind=LetterKind.COMPLAINT, channel=Mailbox.WEB, subject_line="反映窗口问题", text="经办人收了购物卡。",
        name="林小雨", by=people.applicant, at=AT,
    )  # fmt: skip
    client = officer(people, "何清语")
    said = {"kind": "tip", "category": "", "reason": "属于问题线索", "seen": letter.version}
    answer = client.post(reverse("desk:letter_step", args=[letter.number, "reclassify"]), said)
    assert (answer.status_code, answer["Location"]) == (302, reverse("desk:letters"))
    assert client.get(reverse("desk:letter", args=[letter.number])).status_code == 404
    assert search("letter", "购物卡") == []
    with pytest.raises(Refusal):
        letter_routed.route_letter(
            letter.number, organ_id=people.organ.pk, section_id=None, seen=None, by=people.acting("孟守正"), at=AT
        )


# --- the desk ---


def test_a_call_is_registered_routed_and_answered_on_three_pages(people: Cast):
    client = officer(people, "张敏")
    said = {
        "mailbox": "phone",
        "kind": "consultation",
        "subject_line": "几点下班",
        "text": "问大厅几点下班。",
        "oral": "on",
    }
    answer = client.post(reverse("desk:letter_new"), said)
    letter = Letter.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, reverse("desk:letter", args=[letter.number]))
    assert letter.first_contact_id == people.officers["张敏"].pk
    clerk = officer(people, "何清语")
    routed = {"place": f"{people.organ.pk}-{people.section.pk}", "seen": letter.version}
    assert clerk.post(reverse("desk:letter_step", args=[letter.number, "route"]), routed).status_code == 302
    handler = officer(people, "李军")
    assert letter.number in handler.get(reverse("desk:letters")).content.decode()

    def step(name: str) -> str:
        return reverse("desk:letter_step", args=[letter.number, name])

    assert handler.post(step("take"), {}).status_code == 302
    assert handler.post(step("send"), {"mode": "oral", "reply": ""}).status_code == 422  # nothing was said
    assert handler.post(step("send"), {"mode": "oral", "reply": "已电话告知：下午五点。"}).status_code == 302
    assert Letter.objects.get().state == "SENT"


def test_more_files_than_a_letter_takes_are_refused_and_none_is_dropped(people: Cast):
    client = officer(people, "张敏")
    said = {"mailbox": "paper", "kind": "consultation", "subject_line": "附件很多", "text": "见附件。"}

    def pages(count: int) -> list[SimpleUploadedFile]:
        return [SimpleUploadedFile(f"{n}.pdf", PDF + b"%%%d\n" % n) for n in range(count)]

    assert client.post(reverse("desk:letter_new"), said | {"files": pages(11)}).status_code == 422
    assert not Letter.objects.exists()
    assert client.post(reverse("desk:letter_new"), said | {"files": pages(10)}).status_code == 302
    assert Letter.objects.get().attachments.count() == 10


def test_a_page_grown_old_is_refused_and_keeps_what_was_typed(people: Cast):
    letter = answered(people)
    client = officer(people, "何清语")
    answer = client.post(
        reverse("desk:letter_step", args=[letter.number, "moderate"]), {"seen": 1, "moderated": "整理过的文字"}
    )
    assert answer.status_code == 409
    assert "整理过的文字" in answer.content.decode()


def test_lists_show_no_name_and_no_phone_in_clear(people: Cast):
    letter = answered(people)
    for name in ("何清语", "李军", "吴涛"):
        text = officer(people, name).get(reverse("desk:letters_all")).content.decode()
        assert letter.number in text
        assert "林小雨" not in text
        assert "15400990001" not in text


def test_the_organ_does_not_read_what_would_tell_a_hidden_author(people: Cast):
    letter = answered(people, kind=LetterKind.CONSULTATION, confidential=True, text="我是十七家门店的店主林小雨。")
    page = reverse("desk:letter", args=[letter.number])
    handler = officer(people, "李军").get(page).content.decode()
    assert "店主" not in handler
    assert "门店.pdf" not in handler
    assert "店主" in officer(people, "何清语").get(page).content.decode()


def test_text_of_a_letter_is_text(people: Cast):
    letter = answered(people, text="<script>alert(1)</script>{{ 7|add:7 }}", subject_line="<b>粗</b>")
    html = officer(people, "何清语").get(reverse("desk:letter", args=[letter.number])).content.decode()
    assert "<script>alert(1)" not in html
    assert "<b>粗</b>" not in html


def test_lists_and_pages_cost_the_same_however_many_letters_there_are(people: Cast):
    for number in range(3):
        receive(
            kind=LetterKind.HELP,
            channel=Mailbox.WEB,
            subject_line=f"求助{number}",
            text="请帮忙",
            by=people.applicant,
            at=AT,
        )
    client = officer(people, "何清语")
    spent = []
    for _ in range(2):
        cache.clear()
        client.get(reverse("desk:letters"))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(reverse("desk:letters"))
        spent.append(len(asked))
        for number in range(10, 15):
            receive(
                kind=LetterKind.HELP,
                channel=Mailbox.WEB,
                subject_line=f"求助{number}",
                text="请帮忙",
                by=people.applicant,
                at=AT,
            )
    assert spent[0] == spent[1] <= LIST_QUERIES
    letter = answered(people)
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("desk:letter", args=[letter.number]))
    assert len(asked) <= PAGE_QUERIES


PAGES = (
    "desk:letters", "desk:letters_all", "desk:letters_to_revisit", "desk:letters_to_publish", "desk:letter_new",
    "desk:letter_rules", "desk:letter_categories", "desk:letter_templates", "watch:letters",
)  # fmt: skip
CHINESE = re.compile("[\u4e00-\u9fff]+")


def test_every_page_speaks_english(people: Cast):
    letter = answered(people)
    client = officer(people, "何清语")
    client.cookies["zhengtong_language"] = "en"
    addresses = [reverse(name) for name in PAGES]
    addresses += [
        reverse("desk:letter", args=[letter.number]), reverse("desk:letter_publication", args=[letter.number]),
        reverse("watch:letters_rows") + "?measure=received&period=range&since=2026-09-01&until=2026-09-30",
    ]  # fmt: skip
    for address in addresses:
        html = client.get(address).content.decode()
        bare = re.sub(r"<(\w+)[^>]*\blang=\"zh-Hans\"[^>]*>.*?</\1>", "", html, flags=re.DOTALL)
        bare = re.sub(r"<[^>]*\blang=\"zh-Hans\"[^>]*>", "", bare)
        left = [word for word in CHINESE.findall(bare) if word not in ("中文", "政")]
        assert left == [], (address, left[:5])


def test_figures_lead_to_their_rows_and_leave_as_files(people: Cast):
    letter = answered(people)
    client = officer(people, "吴涛")
    period = "period=range&since=2026-09-01&until=2026-09-30"
    page = client.get(reverse("watch:letters") + f"?{period}").content.decode()
    assert "measure=within_1" in page
    rows = client.get(reverse("watch:letters_rows") + f"?{period}&measure=within_1&group=organ&key={people.organ.pk}")
    assert letter.number in rows.content.decode()
    table = b"".join(client.get(reverse("watch:letters_export", args=["csv"]) + f"?{period}")).decode("utf-8-sig")
    assert table.splitlines()[-1].split(",")[1:3] == ["1", "1"]
    assert client.get(reverse("watch:letters_export", args=["xlsx"]) + f"?{period}").status_code == 200
    assert client.get(reverse("watch:letters_export", args=["pdf"])).status_code == 404


def test_a_ticket_of_another_house_is_shown_and_a_mark_of_our_own_is_not(people: Cast):
    clerk = officer(people, "何清语")
    for key, shown in (("12345-2026-77", True), ("web:afc2b90dfa02828c", False), ("open311:app:77", False)):
        letter = receive(
            kind=LetterKind.HELP, channel=Mailbox.WEB, subject_line="路灯", text="不亮。", external_key=key,
            by=people.applicant, at=AT,
        )  # fmt: skip
        page = clerk.get(reverse("desk:letter", args=[letter.number])).content.decode()
        assert (key in page) is shown, key
