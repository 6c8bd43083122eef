"""The working page and the lists of the desk: who may, who may not, what is kept when a step is refused."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.people import Cast, accepted, cast, decided, reviewed, submitted
from zhengtong.domains.cases.models import Case
from zhengtong.flows import handle, talk

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast()


def at_desk(people: Cast, name: str) -> Client:
    client = Client()
    client.force_login(people.officers[name].account)
    return client


def holder_of(people: Cast, case: Case) -> str:
    return next(name for name, officer in people.officers.items() if officer.pk == case.holder_id)


def now():
    return timezone.now() - timedelta(minutes=2)


def url(case: Case, tail: str = "") -> str:
    return f"/desk/cases/{case.number}/{tail}"


def test_first_look(people: Cast) -> None:
    case = accepted(people, at=now())
    name = holder_of(people, case)
    client = at_desk(people, name)
    assert client.get("/desk/").status_code == 200
    page = client.get(url(case))
    assert page.status_code == 200
    print(page.content.decode())
