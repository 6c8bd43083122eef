"""The hall's desk in a real browser: a clerk's window from opening to closing, and the manager's hall."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.hall import open_all_day, queued, taken
from tests.people import PREPAID, Cast, cast
from zhengtong.base.personal import lookup_hash
from zhengtong.domains.hall.models import OpeningHours, Queue, Sitting, SpecialDay, Ticket

pytestmark = pytest.mark.django_db(transaction=True)
VIEWS = pytest.mark.parametrize(("width", "language"), [(DESK, "zh"), (PHONE, "en")])
NAME, PHONE_NUMBER = "周晓梅", "13812341234"


@pytest.fixture
def people(transactional_db) -> Cast:
    people = cast(PREPAID)
    people.windows = queued(people)
    open_all_day(timezone.localdate())
    return people


@pytest.fixture
def visit(open_page, server, people: Cast, axe, shot):
    """A colleague's browser, and what looks at each state of its page."""

    def sit(name: str, width: int, language: str):
        page = open_page(width, language, account=people.officers[name].account)

        def look(state: str) -> None:
            axe(page)
            wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
            assert wide[0] <= wide[1], f"{state} runs out to the right"
            shot(page, f"hall-{state}-{width}-{language}")

        def go(path: str, state: str) -> None:
            page.goto(server.url + path)
            look(state)

        return page, go, look

    return sit


def button(page: Page, name: str):
    """The button of a step, whatever the language calls it."""
    return page.locator(f"form[action$='/call/{name}/'] button:not([formaction]), button[formaction$='/call/{name}/']")


def states() -> dict[str, str]:
    return dict(Ticket.objects.values_list("label", "state"))


def test_the_precedence_somebody_chose_stays_chosen_while_the_waits_are_drawn_anew(
    people: Cast, server, open_page
) -> None:
    account = people.citizen
    account.phone, account.phone_hash, account.phone_verified = "13800000001", lookup_hash("13800000001"), True
    account.save()
    page = open_page(PHONE, account=account)
    page.goto(server.url + "/hall/")
    page.locator("label.choice", has_text="老年人").click()
    with page.expect_response(lambda answer: answer.url.endswith("/hall/?hall=H01"), timeout=40_000):
        pass
    page.wait_for_timeout(500)
    page.locator("#lines button").first.click()
    expect(page.locator("main")).to_contain_text("A001")
    assert Ticket.objects.get().priority == "elderly"


@VIEWS
def test_a_day_at_the_window(people: Cast, server, visit, width: int, language: str) -> None:
    now = timezone.now()
    taken(now, person_name=NAME, phone=PHONE_NUMBER, priority="elderly")
    for _ in range(4):
        taken(now)
    page, go, look = visit("张敏", width, language)
    go("/desk/call/", "shut")
    button(page, "open").first.click()
    expect(button(page, "next")).to_be_visible()
    look("idle")
    page.keyboard.press("a")
    expect(page.locator(".big-no")).to_have_text("A001")
    look("called")
    page.keyboard.press("r")
    expect(page.locator(".messages")).to_contain_text("A001")
    button(page, "start").click()
    expect(button(page, "serve-next")).to_be_visible()
    look("serving")

    go("/desk/counter/", "counter")
    expect(page.locator("#visitor-title")).to_contain_text("A001")
    page.locator("#hits a").first.click()
    expect(page.locator("#visitor-title")).to_contain_text("A001")
    assert NAME not in page.content()
    look("intake")
    page.locator("button[value=visitor]").click()
    expect(page.locator("#id_phone")).to_have_value(PHONE_NUMBER)
    expect(page.locator("#id_uscc")).to_be_focused()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")  # where the bar of buttons lies over nothing
    look("intake-known")

    page.goto(server.url + "/desk/call/")
    button(page, "serve-next").click()
    expect(page.locator(".big-no")).to_have_text("A002")
    page.keyboard.press("p")
    expect(page.locator(".messages")).to_contain_text("A002")
    look("passed")
    page.keyboard.press("a")
    expect(page.locator(".big-no")).to_have_text("A003")
    page.locator("details.more > summary").click()
    page.locator("#to").select_option("queue:licences")
    look("transfer")
    button(page, "transfer").click()
    expect(page.locator(".messages")).to_contain_text("A003")
    page.keyboard.press("a")
    expect(page.locator(".big-no")).to_have_text("A004")
    page.keyboard.press("a")
    expect(button(page, "serve")).to_be_visible()
    page.keyboard.press("d")
    expect(page.locator(".messages")).to_contain_text("A004")
    page.locator("details", has=page.locator("#minutes")).locator("summary").click()
    page.locator("#minutes").select_option("20")
    look("leaving")
    button(page, "close").click()
    expect(button(page, "open").first).to_be_visible()
    assert states() == {"A001": "SERVED", "A002": "PASSED", "A003": "WAITING", "A004": "SERVED", "A005": "WAITING"}
    assert Sitting.objects.get().back_at is not None


@VIEWS
def test_the_manager_keeps_the_hall(people: Cast, visit, width: int, language: str) -> None:
    taken(timezone.now(), phone=PHONE_NUMBER)
    page, go, look = visit("蒋华", width, language)
    go("/desk/hall/", "hall")
    go("/desk/hall/H01/queues/", "queues")
    page.locator("a[data-open]").first.click()
    look("queue")
    page.locator("#id_expected_minutes").fill("15")
    page.locator("form.queue-form button.btn").click()
    expect(page).to_have_url(re.compile(r"/queues/$"))
    go("/desk/hall/H01/hours/", "hours")
    page.locator("#day0").fill("上午")
    page.locator("form:has(#day0) button.btn").click()
    expect(page.locator("[data-summary]")).to_be_focused()
    page.expected_errors.append("422")
    look("hours-refused")
    page.locator("#day0").fill("08:30-12:00 13:00-17:00")
    page.locator("form:has(#day0) button.btn").click()
    expect(page.locator(".messages")).to_be_visible()
    page.locator("#on").fill("2099-01-01")
    page.locator("label[for=kind-shut]").click()
    page.locator("#note").fill("元旦")
    page.locator("#note-en").fill("New Year")
    page.locator("form:has(#on) button.btn").click()
    expect(page.locator("ol.acts li")).to_have_count(3)
    look("hours-kept")
    assert Queue.objects.get(code="general").expected_minutes == 15
    assert OpeningHours.objects.get().week["0"] == "08:30-12:00 13:00-17:00"
    assert SpecialDay.objects.get(on="2099-01-01").note_en == "New Year"
