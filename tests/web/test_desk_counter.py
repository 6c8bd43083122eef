"""窗口收件: from the item to the accepted case on one page; refusals keep what was typed; a double click is one case."""

from uuid import uuid4

import pytest
from django.test import Client

from tests.answers import fill
from tests.people import Cast, cast, drafted
from zhengtong.domains.applications.models import Application
from zhengtong.domains.cases.models import Case

pytestmark = pytest.mark.django_db
CAR_DEALERS = "991021023000"


@pytest.fixture
def people() -> Cast:
    return cast("991021011000", CAR_DEALERS)


def at_desk(people: Cast, name: str) -> Client:
    client = Client()
    client.force_login(people.officers[name].account)
    return client


def post_of(people: Cast, tail: str = "991021011000") -> dict:
    """What a clerk would have typed: the item's example answers, on the wire."""
    draft = drafted(people, 7, tail)
    post: dict = {"uid": str(uuid4()), "kind": "enterprise", "uscc": people.enterprise.uscc, "phone": "13800000001"}
    for section, rows in draft.answers.items():
        for number, row in enumerate(rows):
            for field, value in row.items():
                if isinstance(value, dict):
                    for part, said in value.items():
                        post[f"{section}.{number}.{field}.{part}"] = said
                else:
                    post[f"{section}.{number}.{field}"] = value
    for code, value in draft.situation.items():
        post[f"situation.{code}"] = value
    post["material"] = [m.material_code for m in draft.materials.all()]
    return post


def url(people: Cast, tail: str = "991021011000") -> str:
    return f"/desk/counter/items/{people.item(tail).item_code}/"


def test_take_in_and_accept(people: Cast) -> None:
    client, post = at_desk(people, "张敏"), post_of(people)
    assert client.get("/desk/counter/").status_code == 200
    assert client.get("/desk/counter/?q=预付卡").status_code == 200
    page = client.get(url(people))
    assert page.status_code == 200
    sent = client.post(url(people), post | {"do": "accept"})
    assert sent.status_code == 302, sent.content.decode()
    case = Case.objects.get()
    assert case.state == "PROCESSING" and case.channel == "1" and case.acceptor == people.officers["张敏"]
    done = client.get(sent["Location"])
    assert case.number in done.content.decode() and case.query_code in done.content.decode()
    again = client.post(url(people), post | {"do": "accept"})
    assert again["Location"] == sent["Location"]
    assert Case.objects.count() == 1
