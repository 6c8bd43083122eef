"""Letters from the portal: one question a page, with and without an account; tips leave no trace."""

import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.domains.test_knowledge import published
from tests.people import cast
from tests.web.portal import signed_in
from zhengtong.base.journal.queries import entries_of
from zhengtong.base.outbox.models import Message
from zhengtong.domains.knowledge.actions import Wording
from zhengtong.domains.letters import queries as letters
from zhengtong.domains.letters.models import Letter

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_cache():
    cache.clear()


def page(name: str) -> str:
    return reverse("portal:letter_write", args=[name])


def answer(client: Client, name: str, /, **given) -> str:
    """Answers a question and returns where the next one stands."""
    response = client.post(page(name), given)
    assert response.status_code == 302, response.content.decode()[:2000]
    return response["Location"]


def begun(client: Client, kind: str = "consultation", **query) -> None:
    client.get(reverse("portal:letter_begin"), query)
    answer(client, "kind", kind=kind)
    answer(client, "about", category="", organ_code="", case_no="", address="")
    answer(client, "text", subject_line="停车收费", text="门口停车位为什么收费？")


def code_sent() -> str:
    text = Message.objects.filter(channel="sms").latest("pk").payload["text"]
    return re.search(r"\d{6}", text)[0]


def test_a_guest_writes_by_phone_and_follows_by_number_and_code():
    cast()
    client = Client()
    begun(client)
    assert answer(client, "contact", way="phone", name="来客", phone="13900000009") == page("code")
    assert answer(client, "code", code=code_sent()) == page("files")
    assert answer(client, "files", do="next") == page("check")
    sent = client.post(page("check"))
    letter = Letter.objects.get()
    assert sent["Location"] == reverse("portal:letter_sent", args=[letter.number])
    assert letters.code_of(letter) in client.get(sent["Location"]).content.decode()
    assert client.get(reverse("portal:letter", args=[letter.number])).status_code == 200
    other = Client()
    assert other.get(reverse("portal:letter", args=[letter.number])).status_code == 404
    slip = {"number": letter.number, "code": letters.code_of(letter)}
    assert other.post(reverse("portal:letter_track"), slip)["Location"] == reverse(
        "portal:letter", args=[letter.number]
    )
    assert "停车收费" in other.get(reverse("portal:letter", args=[letter.number])).content.decode()


def test_a_wrong_code_of_the_phone_is_refused_and_five_end_it():
    cast()
    client = Client()
    begun(client)
    answer(client, "contact", way="phone", phone="13900000009")
    right = code_sent()
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(5):
        assert client.post(page("code"), {"code": wrong}).status_code == 422
    assert client.post(page("code"), {"code": right}).status_code == 422
    assert client.get(page("check")).status_code == 302, "nothing is sent before the phone is verified"


def test_codes_are_not_sent_without_end():
    cast()
    client = Client()
    begun(client)
    for _ in range(3):
        assert client.post(page("contact"), {"way": "phone", "phone": "13900000009"}).status_code == 302
    assert client.post(page("contact"), {"way": "phone", "phone": "13900000009"}).status_code == 429


def test_a_suggestion_needs_no_name_and_a_complaint_does():
    cast()
    client = Client()
    begun(client, "suggestion", box="suggestion_box")
    assert answer(client, "contact", way="nameless") == page("files")
    client.post(page("files"), {"do": "next"})
    client.post(page("check"))
    letter = Letter.objects.get()
    assert (letter.mailbox, letter.name, letter.phone, letter.account_id) == ("suggestion_box", "", "", None)
    begun(client, "complaint")
    assert client.post(page("contact"), {"way": "nameless"}).status_code == 422


def test_an_account_holder_writes_follows_urges_and_withdraws():
    people = cast()
    client = signed_in(people.citizen)
    begun(client, "help", box="director_mailbox")
    answer(client, "contact", way="account", name="林小雨", phone="")
    answer(client, "files", do="next")
    client.post(page("check"))
    letter = Letter.objects.get()
    assert (letter.account_id, letter.mailbox) == (people.citizen.pk, "director_mailbox")
    assert letter.number in client.get(reverse("portal:my_letters")).content.decode()
    here = reverse("portal:letter", args=[letter.number])
    urge = reverse("portal:letter_step", args=[letter.number, "urge"])
    assert client.post(urge)["Location"] == here
    assert client.post(urge).status_code == 422
    assert signed_in(people.stranger).get(here).status_code == 404
    client.post(reverse("portal:letter_step", args=[letter.number, "withdraw"]))
    assert Letter.objects.get().state == "WITHDRAWN"


def test_what_may_answer_is_shown_once_before_the_letter_goes_on():
    people = cast()
    published(people, wording=Wording("门口停车位收费吗？", "前两小时不收费。", aliases=["停车收费"]))
    client = Client()
    begun(client)
    shown = client.get(page("answers"))
    assert "前两小时不收费" in shown.content.decode()
    assert answer(client, "answers", answered="no") == page("contact")
    assert client.get(page("answers")).status_code == 302, "not asked twice for the same words"
    begun(client)
    assert "没有保留" in client.post(page("answers"), {"answered": "yes"}).content.decode()
    assert client.get(page("check"))["Location"] == reverse("portal:letters")


def test_suggestions_beside_the_text_need_no_address():
    people = cast()
    published(people, wording=Wording("门口停车位收费吗？", "前两小时不收费。"))
    piece = Client().post(reverse("portal:suggestions"), {"subject_line": "停车", "text": "停车位收费"})
    assert "门口停车位收费吗" in piece.content.decode()
    assert Client().get(reverse("portal:suggestions")).status_code == 405


def test_nothing_of_a_draft_stands_readable_in_the_session():
    cast()
    client = Client()
    begun(client)
    kept = str(dict(client.session))
    assert "停车" not in kept
    assert "consultation" not in kept


def test_a_tip_leaves_nothing_behind():
    people = cast()
    client = signed_in(people.citizen)
    sent = client.post(reverse("portal:letter_tip"), {"subject_line": "某某", "text": "收了烟", "phone": ""})
    assert sent.status_code == 200
    assert "no-store" in sent["Cache-Control"]
    letter = Letter.objects.get()
    assert (letter.kind, letter.account_id, letter.confidential) == ("tip", None, True)
    assert letter.number in sent.content.decode()
    assert {k: v for k, v in dict(client.session).items() if "letter" in k} == {}
    assert letter.number not in client.get(reverse("portal:my_letters")).content.decode()
    assert client.get(reverse("portal:letter", args=[letter.number])).status_code == 404
    slip = {"number": letter.number, "code": letters.code_of(letter)}
    seen = Client().post(reverse("portal:letter_track"), slip)
    assert seen.status_code == 200
    assert "收了烟" not in seen.content.decode()
    assert "某某" not in seen.content.decode()
    assert 'class="num"' not in Client().get(reverse("portal:letters")).content.decode()


def test_pages_cost_the_same_however_many_letters():
    people = cast()
    client = signed_in(people.citizen)

    def counted(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    def write() -> None:
        begun(client)
        answer(client, "contact", way="account", phone="")
        answer(client, "files", do="next")
        client.post(page("check"))

    write()
    addresses = [reverse(f"portal:{name}") for name in ("letters", "my_letters", "typical_letters", "letter_figures")]
    first = [counted(address) for address in addresses]
    for _ in range(3):
        write()
    assert [counted(address) for address in addresses] == first
    assert max(first) <= 12, first
    assert counted(reverse("portal:letter", args=[Letter.objects.first().number])) <= 16


def test_the_author_adds_to_a_letter_and_the_hand_it_is_in_reads_it():
    people = cast()
    client = signed_in(people.citizen)
    begun(client)
    answer(client, "contact", way="account", phone="")
    answer(client, "files", do="next")
    client.post(page("check"))
    letter = Letter.objects.get()
    add = reverse("portal:letter_step", args=[letter.number, "add"])
    assert client.post(add, {"reason": "是东门的车位。"}).status_code == 302
    assert "是东门的车位。" in client.get(reverse("portal:letter", args=[letter.number])).content.decode()
    assert client.post(add, {"reason": ""}).status_code == 422
    assert signed_in(people.stranger).post(add, {"reason": "我也说"}).status_code == 404
    for _ in range(4):
        client.post(add, {"reason": "再说一次"})
    assert client.post(add, {"reason": "又一次"}).status_code == 422
    assert entries_of("letter", letter.number).filter(kind="letter.added").count() == 4, "five tries an hour"
    assert "东门" not in str(list(entries_of("letter", letter.number).values_list("facts")))
