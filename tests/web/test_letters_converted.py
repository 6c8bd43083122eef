"""A letter that lives on as a case or an order, from the desk's form to its author's page."""

import pytest
from django.urls import reverse

from tests.people import AT, Cast, cast
from tests.web.portal import signed_in, text
from zhengtong.base.outbox.models import Message
from zhengtong.domains.applications.models import Application
from zhengtong.domains.letters.models import Letter
from zhengtong.domains.letters.queries import code_of
from zhengtong.domains.orders.models import Order
from zhengtong.flows.letter_received import receive
from zhengtong.flows.message_prepared import prepare
from zhengtong.rules.letters import LetterKind, Mailbox

pytestmark = pytest.mark.django_db
LAUNDRY = "991021026000"  # an item for persons as well
TOLD = "已为您建好申请，请补齐后提交。"


@pytest.fixture
def people() -> Cast:
    return cast(LAUNDRY)


def written(people: Cast, **said: object) -> Letter:
    facts = {
        "kind": LetterKind.HELP, "channel": Mailbox.WEB, "subject_line": "想办洗染业备案", "text": "请帮我办理备案。",
        "name": "林小雨", "phone": "15400990001", "account_id": people.citizen.pk,
    } | said  # fmt: skip
    return receive(by=people.applicant, at=AT, **facts)


def test_the_author_opens_the_draft_from_the_letter_and_from_the_message(people: Cast) -> None:
    letter, item = written(people), people.item(LAUNDRY)
    clerk = signed_in(people.officers["何清语"].account)
    page = text(clerk.get(reverse("desk:letter", args=[letter.number])))
    assert "转为办件草稿" in page
    assert 'list="convert-items"' in page
    address = reverse("desk:letter_step", args=[letter.number, "convert-case"])
    for wrong in ({"item_code": ""}, {"item_code": "没有这个"}, {"item_code": "x" * 10_000}, {"told": ""}):
        refused = clerk.post(address, {"item_code": item.item_code, "told": TOLD, "seen": letter.version} | wrong)
        assert refused.status_code in (404, 422), wrong
        assert not Application.objects.exists()
    assert clerk.post(address, {"item_code": item.item_code, "told": TOLD, "seen": letter.version}).status_code == 302
    draft = Application.objects.get()
    inside = text(clerk.get(reverse("desk:letter", args=[letter.number])))
    assert "办件草稿" in inside
    assert str(draft.uid) not in inside, "an address of the author's, of no use to the desk"

    prepare(at=AT)
    author = signed_in(people.citizen)
    told = text(author.get(reverse("portal:letter", args=[letter.number])))
    assert TOLD in told
    assert reverse("portal:draft", args=[draft.uid]) in told
    assert reverse("portal:draft", args=[draft.uid]) in text(author.get(reverse("portal:my_cases")))
    opened = author.get(reverse("portal:draft", args=[draft.uid]))
    assert opened.status_code == 200
    assert item.name in text(opened)
    row = Message.objects.get(kind="letter.converted", channel="in_app")
    assert author.post(reverse("portal:message", args=[row.pk]))["Location"] == reverse(
        "portal:draft", args=[draft.uid]
    )
    assert signed_in(people.stranger).get(reverse("portal:draft", args=[draft.uid])).status_code == 404


def test_a_query_code_shows_the_outcome_and_no_way_into_the_account(people: Cast, client) -> None:
    letter = written(people)
    clerk = signed_in(people.officers["何清语"].account)
    clerk.post(
        reverse("desk:letter_step", args=[letter.number, "convert-case"]),
        {"item_code": people.item(LAUNDRY).item_code, "told": TOLD, "seen": letter.version},
    )
    client.post(reverse("portal:letter_track"), {"number": letter.number, "code": code_of(letter)})
    page = text(client.get(reverse("portal:letter", args=[letter.number])))
    assert TOLD in page
    assert "打开建好的申请草稿" not in page


def test_without_an_account_there_is_no_draft_to_offer(people: Cast) -> None:
    letter = written(people, account_id=None)
    clerk = signed_in(people.officers["何清语"].account)
    assert "转为办件草稿" not in text(clerk.get(reverse("desk:letter", args=[letter.number])))


def test_supervision_makes_an_order_of_a_complaint_and_finds_it_from_the_letter(people: Cast) -> None:
    letter = written(people, kind=LetterKind.COMPLAINT)
    given = {
        "place": f"{people.organ.pk}-", "kind": "NORMAL", "content": "请核查并答复。", "told": "已转监察督办。",
        "seen": letter.version,
    }  # fmt: skip
    address = reverse("desk:letter_step", args=[letter.number, "convert-order"])
    assert signed_in(people.officers["何清语"].account).post(address, given).status_code == 403
    supervisor = signed_in(people.officers["吴涛"].account)
    assert supervisor.post(address, given).status_code == 302
    order = Order.objects.get()
    page = text(supervisor.get(reverse("desk:letter", args=[letter.number])))
    assert reverse("watch:order", args=[order.number]) in page
    assert supervisor.get(reverse("watch:order", args=[order.number])).status_code == 200
    assert "已转监察督办。" in text(signed_in(people.citizen).get(reverse("portal:letter", args=[letter.number])))
