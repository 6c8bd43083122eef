"""axe on every route: each page of the table of permissions that somebody may open, as that person, on a phone in Chinese
and at a desk in English. Nothing is wider than its window, and the console stays silent."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page

from tests.browser.conftest import DESK, PHONE, cookie
from tests.web.permission_table import TABLE
from tests.web.test_permission import ROUTES, World, make_world, spelled

pytestmark = pytest.mark.django_db(transaction=True)
PARTS = 4  # so that several workers share the walk
# Boards and machines fill the screen they are made for; their own tour looks at them at those sizes.
OWN_SIZES = ("devices:",)


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize(("language", "width"), [("zh", PHONE), ("en", DESK)])
def test_axe_on_every_route(
    language: str, width: int, part: int, open_page: Callable[..., Page], server: Any, axe: Callable[..., None]
) -> None:
    world, pages, wrong = make_world(), {}, []
    for name in sorted(ROUTES)[part::PARTS]:
        who, address = next(iter(shown_to(world, name)), (None, ""))
        if who is None:
            continue
        if who not in pages:
            pages[who] = open_page(width, language)
            session = world.clients[who].cookies.get(settings.SESSION_COOKIE_NAME)
            if session is not None:
                pages[who].context.add_cookies([cookie(server.url, settings.SESSION_COOKIE_NAME, session.value)])
        page = pages[who]
        page.goto(server.url + address)
        try:
            axe(page)
        except AssertionError as fault:
            wrong.append(f"{name} as {who}: {fault}")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0 and not name.startswith(OWN_SIZES):
            wrong.append(f"{name} as {who}: {wide} px wider than its window")
    assert pages
    assert not wrong, "\n".join(wrong)


def shown_to(world: World, name: str) -> list[tuple[str, str]]:
    """Who sees a page of HTML there, with its address; the owner of things before a stranger."""
    people = TABLE[name, "GET"].get(200, "")
    found = []
    for who in sorted(spelled(people), key=lambda one: (one == "nobody", one.startswith("other"))):
        address = world.address(name)
        answer = world.clients[who].get(address)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html") and not answer.streaming:
            found.append((who, address))
            break
    return found
