"""Every page of the house-keeping: who may open it, who may not, in both languages, and what it asks of the database."""

import re

import pytest

from tests.people import cast

pytestmark = pytest.mark.django_db
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Lower the limit with the page, never raise it without a reason beside it.
MOST_QUERIES = 18


@pytest.fixture
def people():
    return cast()


@pytest.fixture
def code(people):
    return people.item().item_code


def sign_in(client, people, name):
    client.force_login(people.officers[name].account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


EDITOR, CHECKER, ADMIN, MANAGER, HEAD, WINDOW, SUPERVISOR = "冯雪", "卫平", "郑凯", "蒋华", "孙丽", "张敏", "吴涛"
EVERYBODY = {EDITOR, CHECKER, ADMIN, MANAGER, HEAD, WINDOW, SUPERVISOR}
# Address → who may open it; all others of the cast read that they may not.
PAGES = {
    "/desk/catalogue/": {EDITOR, CHECKER},
    "/desk/catalogue/?q=预付&status=published": {EDITOR, CHECKER},
    "/desk/catalogue/new/": {EDITOR},
    "/desk/catalogue/checks/": {EDITOR, CHECKER},
    "/desk/catalogue/completeness/": {EDITOR, CHECKER, MANAGER, SUPERVISOR},
    "/desk/catalogue/import/": {EDITOR},
    "/desk/catalogue/export/?format=json": {EDITOR, CHECKER},
    "/desk/catalogue/CODE/": {EDITOR, CHECKER},
    "/desk/catalogue/CODE/clone/": {EDITOR},
    "/desk/catalogue/CODE/suspend/": {EDITOR, CHECKER},
    "/desk/catalogue/CODE/retire/": {EDITOR, CHECKER},
    "/desk/catalogue/CODE/versions/1/": {EDITOR, CHECKER},
    "/desk/catalogue/CODE/versions/1/json/": {EDITOR, CHECKER},
    "/desk/catalogue/CODE/versions/1/preview/": {EDITOR, CHECKER},
    "/desk/catalogue/CODE/changes/1/1/": {EDITOR, CHECKER},
    "/desk/people/": {ADMIN, MANAGER, HEAD},
    "/desk/people/new/": {ADMIN},
    "/desk/people/handler/": {ADMIN, MANAGER, HEAD},
    "/desk/people/handler/change/": {ADMIN},
    "/desk/people/handler/leave/": {ADMIN},
    "/desk/people/sections/": {ADMIN, MANAGER, HEAD},
    "/desk/people/windows/": {ADMIN, MANAGER, HEAD},
    "/desk/people/dispatch/": {ADMIN, MANAGER, HEAD},
    "/desk/substitution/": EVERYBODY,
    "/desk/calendar/": EVERYBODY,
    "/desk/calendar/?year=2026": EVERYBODY,
    "/desk/calendar/notices/": EVERYBODY,
    "/desk/calendar/notices/2026-1/": EVERYBODY,
    "/desk/calendar/import/": {MANAGER},
    "/desk/parameters/": {ADMIN, MANAGER, HEAD, SUPERVISOR},
    "/desk/parameters/decision.days/": {ADMIN, MANAGER, HEAD, SUPERVISOR},
    "/desk/outbox/": {ADMIN},
    "/desk/journal/": {ADMIN, MANAGER, SUPERVISOR},
    "/desk/journal/?kind=item&key=CODE": {ADMIN, MANAGER, SUPERVISOR},
    "/desk/file-types/": {ADMIN, MANAGER, SUPERVISOR, WINDOW},
    "/desk/me/": EVERYBODY,
}


@pytest.mark.parametrize("address", PAGES)
def test_pages_open_to_their_posts_and_to_no_other(address, client, people, code):
    url = address.replace("CODE", code)
    for name in sorted(EVERYBODY):
        answer = sign_in(client, people, name).get(url)
        expected = 200 if name in PAGES[address] else 403
        assert answer.status_code == expected, f"{name} at {url}"


@pytest.mark.parametrize("address", PAGES)
def test_pages_ask_little_of_the_database(address, client, people, code, django_assert_max_num_queries):
    sign_in(client, people, min(PAGES[address]))
    url = address.replace("CODE", code)
    client.get(url)
    with django_assert_max_num_queries(MOST_QUERIES):
        assert client.get(url).status_code == 200


NUL = [
    (EDITOR, "/desk/catalogue/?organ=%00&q=%00&after=%00&status=%00"),
    (EDITOR, "/desk/catalogue/%00/"),
    (EDITOR, "/desk/catalogue/export/?organ=%00&item=%00"),
    (ADMIN, "/desk/people/?organ=%00&q=%00&after=%00"),
    (ADMIN, "/desk/people/%00/"),
    (ADMIN, "/desk/substitution/?for=%00"),
    (ADMIN, "/desk/parameters/%00/"),
    (ADMIN, "/desk/journal/?kind=officer&key=a%00b"),
    (SUPERVISOR, "/watch/limits/?organ=%00&light=late"),
    (SUPERVISOR, "/watch/limits/?after=%00~%00&light=late"),
]


@pytest.mark.parametrize(("name", "url"), NUL)
def test_an_address_no_text_can_hold_is_answered(name, url, client, people):
    """PostgreSQL stores no NUL and says so loudly."""
    assert sign_in(client, people, name).get(url).status_code in (200, 404)
