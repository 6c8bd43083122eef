"""The lists of the desk: inbox, pool, consultations, archive, register, reports."""

import pytest
from django.test import Client

from tests.people import Cast, accepted, cast, submitted
from tests.web.test_desk_cases import at_desk, holder_of, now

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast()


@pytest.mark.parametrize("address", ["/desk/", "/desk/pool/", "/desk/consultations/", "/desk/files/", "/desk/register/", "/desk/counter/"])
def test_pages(people: Cast, address: str) -> None:
    accepted(people, 1, at=now())
    submitted(people, 2, at=now())
    for name in ("张敏",):
        assert at_desk(people, name).get(address).status_code == 200


def test_manager(people: Cast) -> None:
    accepted(people, 1, at=now())
    client = at_desk(people, "蒋华")
    for address in ("/desk/files/?q=预付卡&open=1", "/desk/files/?late=1", "/desk/register/", "/desk/reports/", f"/desk/register/book.pdf?organ={people.organ.pk}", f"/desk/reports/permits/{people.organ.code}/", f"/desk/reports/permits/{people.organ.code}/people/", f"/desk/reports/permits/{people.organ.code}/acts/?activity=x", "/desk/files/export/", "/desk/files/export/?as=xlsx"):
        assert client.get(address).status_code == 200, address
