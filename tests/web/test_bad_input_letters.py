"""Bad input at the doors of letters, knowledge and messages: what the walk of test_bad_input does not reach.

Every form of a letter in each of its states, of an article in each of its, of the templates and the guest list; with
hidden fields, choices and missing fields spoilt as well as those one types into.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse

from tests.people import AT, Cast, cast
from tests.web.portal import signed_in
from tests.web.test_bad_input import POISONS, RAW, Found, forms, text_of
from zhengtong.domains.knowledge import actions as knowledge
from zhengtong.domains.letters.models import Letter
from zhengtong.flows import letter_replied, letter_routed
from zhengtong.flows.letter_received import receive
from zhengtong.rules.knowledge import ArticleKind, Topic
from zhengtong.rules.letters import LetterKind, Mailbox

pytestmark = pytest.mark.django_db
MORE = {"formula": '=HYPERLINK("http://x.example","1")', "url": "http://[", "port": "https://a.example:x/", "empty": ""}
EVERY = POISONS | MORE


@pytest.fixture
def people() -> Cast:
    return cast()


WORST = ("long", "control", "superscript", "url", "formula", "empty")


def spoilt(client: Any, form: Found) -> None:
    """Typed fields with each of the worst, hidden ones and choices with one, markup by every button, and nothing at all."""
    typed = [(form.typed, EVERY[name]) for name in WORST]
    every = (*form.typed, *(name for name, _ in form.sent))
    for names, poison in (*typed, (every, EVERY["superscript"]), (every, EVERY["control"])):
        _sent(client, form.action, _filled(form, names, poison, next(iter(form.buttons), ("", ""))))
    for button in form.buttons or (("", ""),):
        _sent(client, form.action, _filled(form, form.typed, EVERY["markup"], button))
    _sent(client, form.action, {})


def _filled(form: Found, names: tuple[str, ...], poison: str, button: tuple[str, str]) -> dict[str, list[str]]:
    data: dict[str, list[str]] = {}
    kept = [(name, value) for name, value in form.sent if name not in names]
    for name, value in (*kept, *((name, poison) for name in names), button):
        if name:
            data.setdefault(name, []).append(value)
    return data


def _sent(client: Any, address: str, data: dict[str, list[str]]) -> None:
    cache.clear()
    with transaction.atomic():
        answer = client.post(address, data)
        assert answer.status_code < 500, (address, data)
        page = text_of(answer)
        if answer.status_code == 302 and answer["Location"].startswith("/"):
            followed = client.get(answer["Location"])
            assert followed.status_code < 500, (address, data)
            page += text_of(followed)
        assert not any(raw in page for raw in RAW), (address, data)
        transaction.set_rollback(True)


def walked(client: Any, *addresses: str, seen: set[Any] | None = None) -> int:
    """How many forms there were that `seen` does not hold yet."""
    seen = set() if seen is None else seen
    before = len(seen)
    for address in addresses:
        page = client.get(address)
        assert page.status_code == 200, address
        for form in forms(text_of(page), address):
            if (form.action, form.typed, form.buttons) not in seen:
                seen.add((form.action, form.typed, form.buttons))
                spoilt(client, form)
    return len(seen) - before


def written(people: Cast, kind: LetterKind = LetterKind.COMPLAINT) -> Letter:
    return receive(
        kind=kind, channel=Mailbox.WEB, subject_line="窗口没有人", text="等了半小时。", name="林小雨",
        phone="15400990001", account_id=people.citizen.pk, may_publish=True, by=people.applicant, at=AT,
    )  # fmt: skip


def routed(people: Cast) -> Letter:
    return letter_routed.route_letter(
        written(people).number, organ_id=people.organ.pk, section_id=people.section.pk, seen=None,
        by=people.acting("何清语"), at=AT,
    )  # fmt: skip


def taken(people: Cast) -> Letter:
    return letter_routed.take_letter(routed(people).number, seen=None, by=people.acting("李军"), at=AT)


def drafted(people: Cast) -> Letter:
    number = taken(people).number
    said = {"text": "已改为两人轮换。", "mode": "written", "finding": "partly", "seen": None}
    letter_replied.draft_reply(number, by=people.acting("李军"), at=AT, **said)
    return Letter.objects.get(number=number)


def answered(people: Cast) -> Letter:
    return letter_replied.approve_reply(drafted(people).number, seen=None, by=people.acting("赵强"), at=AT)


STATES: list[Callable[[Cast], Letter]] = [written, taken, drafted, answered]


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_every_form_of_a_letter_takes_anything(people: Cast, state: Callable[[Cast], Letter]) -> None:
    letter, seen = state(people), set()
    for name in ("何清语", "李军", "赵强", "吴涛"):
        client, address = signed_in(people.officers[name].account), reverse("desk:letter", args=[letter.number])
        if client.get(address).status_code == 200:
            walked(client, address, seen=seen)
    walked(signed_in(people.citizen), reverse("portal:letter", args=[letter.number]), seen=seen)
    assert len(seen) >= 3


def test_every_form_of_a_tip_takes_anything(people: Cast) -> None:
    letter = written(people, LetterKind.TIP)
    assert walked(signed_in(people.officers["孟守正"].account), reverse("desk:letter", args=[letter.number]))


def test_every_form_of_the_letter_desk_takes_anything(people: Cast) -> None:
    known = [reverse(f"desk:letter_{name}") for name in ("new", "rules", "categories", "templates")]
    client = signed_in(people.officers["何清语"].account)
    publication = reverse("desk:letter_publication", args=[answered(people).number])
    assert walked(client, *known, publication) >= 4


def test_a_name_used_twice_is_refused_beside_its_field(people: Cast) -> None:
    client = signed_in(people.officers["何清语"].account)
    for door, data, field in (
        ("categories", {"parent": "", "name": "道路"}, "name"),
        ("templates", {"name": "咨询答复", "kind": "", "text": "您好。"}, "name"),
        ("rules", {"region": "", "category": "", "about": "", "place": f"{people.organ.pk}-"}, "category"),
    ):
        address = reverse(f"desk:letter_{door}")
        assert client.post(address, data).status_code == 302
        again = client.post(address, data)
        assert again.status_code == 422, door
        assert again.context["form"].errors[field], door


@pytest.mark.parametrize("state", ["draft", "checking", "published", "withdrawn"])
def test_every_form_of_an_article_takes_anything(people: Cast, state: str) -> None:
    editor, checker = people.acting("冯雪"), people.acting("何清语")
    words = knowledge.Wording("余额能退吗？", "看章程。", aliases=["退卡"])
    row = knowledge.draft("a1", ArticleKind.ANSWER, Topic.PREPAID, words, organ_id=people.organ.pk, by=editor, at=AT)
    if state != "draft":
        knowledge.send_to_check(row, by=editor, at=AT)
    if state in ("published", "withdrawn"):
        knowledge.publish(row, by=checker, at=AT)
    if state == "withdrawn":
        knowledge.withdraw(row, reason="已过时", by=checker, at=AT)
    for name in ("冯雪", "何清语"):
        client = signed_in(people.officers[name].account)
        assert walked(client, reverse("desk:article", args=["a1"]), reverse("desk:article_new"))
        address = reverse("desk:article_edit", args=["a1"])
        if client.get(address).status_code == 200:
            walked(client, address)
    if state == "published":
        walked(signed_in(people.citizen), reverse("portal:article", args=["a1"]))


def test_every_form_of_messages_takes_anything(people: Cast) -> None:
    admin = signed_in(people.officers["郑凯"].account)
    admin.post(reverse("desk:guests"), {"address": "13800005678", "note": '=HYPERLINK("http://x")'})
    admin.post(reverse("desk:guests"), {"address": "13800005678", "note": "again"})  # listed twice is listed once
    walked(admin, reverse("desk:guests"), reverse("desk:template", args=["case.submitted"]))
    citizen = signed_in(people.citizen)
    citizen.post(reverse("accounts:acting"), {"enterprise": people.enterprise.pk})
    walked(citizen, reverse("portal:preferences"), reverse("portal:webhook"), reverse("portal:letters"))


@pytest.mark.parametrize("name", ["control", "long", "superscript", "keyset", "number", "markup", "far-date", "url"])
def test_lists_and_searches_take_anything(people: Cast, name: str) -> None:
    poison = EVERY[name]
    answered(people)
    asked = dict.fromkeys(
        ("q", "kind", "state", "channel", "before", "after", "shelf", "topic", "category", "organ", "section", "since",
         "until", "group", "template", "text", "mailbox", "period", "year", "month", "late", "urgent"),
        poison,
    )  # fmt: skip
    for who, names in (
        ("郑凯", ("desk:outbox", "desk:templates", "desk:guests", "desk:outbox_pace")),
        ("何清语", ("desk:letters", "desk:letters_all", "desk:letters_to_revisit", "desk:knowledge", "desk:letters_to_publish")),
        ("吴涛", ("watch:letters", "desk:letters")),
        ("", ("portal:knowledge", "portal:letters", "portal:typical_letters", "portal:my_letters", "portal:letter_track", "portal:letter_figures")),
    ):  # fmt: skip
        client = signed_in(people.officers[who].account if who else people.citizen)
        for door in names:
            for query in (asked, {"before": poison}, {"after": poison}):
                answer = client.get(reverse(door), query)
                assert answer.status_code < 500, (door, query)
                assert not any(raw in text_of(answer) for raw in RAW), (door, query)
    client = signed_in(people.citizen)
    for data in ({"subject_line": poison, "text": poison}, {}):
        assert client.post(reverse("portal:suggestions"), data).status_code == 200
