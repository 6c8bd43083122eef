"""A tip about a person is found at no address of the house but by the integrity desk: every route is asked."""

import pytest
from django.core.cache import cache
from django.db import transaction

from tests.people import AT
from tests.web.test_permission import ROUTES, make_world
from zhengtong.base.seal.actions import seal_and_publish
from zhengtong.base.search import search
from zhengtong.flows.letter_received import receive
from zhengtong.flows.message_prepared import prepare
from zhengtong.rules.letters import LetterKind, Mailbox

pytestmark = pytest.mark.django_db
SAID = "一盒冬虫夏草"
ASKED = {"kind": "tip", "q": "冬虫夏草", "text": "冬虫夏草", "group": "kind"}


def test_no_route_shows_a_tip_to_administrator_or_letter_clerk() -> None:
    world = make_world()
    tip = receive(
        kind=LetterKind.TIP, channel=Mailbox.WEB, subject_line="收了一盒冬虫夏草", text="窗口的人收了一盒冬虫夏草。",
        name="林小雨", phone="15400990001", account_id=world.people.citizen.pk, by=world.people.applicant, at=AT,
    )  # fmt: skip
    prepare(at=AT)
    seal_and_publish(at=AT)
    assert search("letter", "冬虫夏草", 10) == search("letter_published", "冬虫夏草", 10) == []
    shown: dict[str, set[str]] = {"administrator": set(), "letters": set(), "integrity": set()}
    for who, found in shown.items():
        client = world.clients[who]
        for name in ROUTES:
            if name.startswith(("accounts:", "account_", "portal:")):
                continue
            address = world.address(name)
            cache.clear()
            with transaction.atomic():
                for query in ({}, ASKED):
                    answer = client.get(address, query)
                    said = b"".join(answer) if answer.streaming else answer.content
                    if SAID in said.decode(errors="replace"):
                        found.add(name)
                transaction.set_rollback(True)
        with transaction.atomic():
            answer = client.get(f"/desk/letters/{tip.number}/")
            if answer.status_code == 200:
                found.add("desk:letter")
            transaction.set_rollback(True)
    assert shown["administrator"] == shown["letters"] == set()
    assert {"desk:letter", "desk:letters"} <= shown["integrity"], "the walk finds what there is"
