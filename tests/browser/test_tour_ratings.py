"""Ratings in a real browser: given by link, by the code of a paper, at the counter; and a bad one until the last word."""

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, cookie
from tests.browser.test_tour_devices import DEAF
from tests.flows.test_rectifications import CALLER, CENTRE, CHIEF, HEAD, RATED, SUPERVISOR, bad
from tests.people import Cast, cast
from tests.web.devices import CLERK, hall_with_machines
from tests.web.test_frame_pages import strayed
from zhengtong.base.permission import SYSTEM
from zhengtong.domains.ratings import names
from zhengtong.domains.ratings.actions import open_node
from zhengtong.domains.ratings.models import Node, Rating
from zhengtong.domains.rectifications.models import Rectification
from zhengtong.flows import ticket_called, ticket_served
from zhengtong.flows.ticket_taken import take_ticket
from zhengtong.rules.devices import DeviceKind
from zhengtong.web.devices.door import TOKEN

pytestmark = pytest.mark.django_db(transaction=True)
BOTH = pytest.mark.parametrize(("width", "language"), [(PHONE, "zh"), (DESK, "en")])


@pytest.fixture
def people(transactional_db) -> Cast:
    cache.clear()
    return cast()


@pytest.fixture
def looked(axe, shot):
    """Nothing wider than the screen, no Chinese astray, a picture; and axe, which takes longest: on each state once, on
    the phone, for `test_every_route.py` asks it about every page at the desk."""

    def look(page: Page, name: str, width: int, language: str) -> None:
        if width == PHONE:
            axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        if language == "en":
            assert strayed(page.content()) == [], name
        shot(page, f"ratings-{name}-{width}-{language}")

    return look


def service(people: Cast, key: str, **whose) -> Node:
    at = timezone.now()
    return open_node(
        "letter", ("letter", key), organ_id=people.organ.pk, officer_id=people.officers["李军"].pk,
        item_name="单用途商业预付卡备案", opened_at=at, by=SYSTEM, at=at, **whose,
    )  # fmt: skip


@BOTH
def test_a_service_is_rated_by_link_and_by_the_code_of_a_paper(people, server, open_page, looked, width, language):
    page = open_page(width, language)
    page.expected_errors.append("422")
    link, slip = (
        names.token(service(people, key, **whose).key, purpose)
        for key, whose, purpose in (
            ("L1", {"phone": "13800000001"}, names.SMS), ("L2", {"phone": "13800000002"}, names.SLIP),
        )
    )  # fmt: skip
    page.goto(f"{server.url}/r/{link}/")
    looked(page, "how", width, language)
    page.locator("main .form-end .btn").click()
    expect(page.locator("[data-summary], .error-summary, [role=alert]").first).to_be_visible()
    looked(page, "how-nothing", width, language)
    page.locator("input[name=level][value='4']").check()
    page.locator("main .form-end .btn").click()
    looked(page, "why", width, language)
    page.locator("input[name=reasons]").first.check()
    page.locator("textarea[name=text]").fill("等了两个小时")
    page.locator("main .form-end .btn").click()
    looked(page, "received", width, language)
    rating = Rating.objects.get()
    assert (rating.level, rating.channel, rating.text) == (4, "sms", "等了两个小时")
    # The paper went through other hands: it only sends the link to the phone of the service.
    page.goto(f"{server.url}/r/{slip}/")
    looked(page, "paper", width, language)
    page.locator("main form .btn").click()
    looked(page, "paper-sent", width, language)
    assert Rating.objects.count() == 1


def test_the_counter_device_takes_a_bad_rating_in_english(people, server, open_page, axe, shot):
    hall = hall_with_machines(people)
    rater = open_page(1024, "en", height=600)
    rater.add_init_script(DEAF)
    path = hall.path(DeviceKind.RATING_DEVICE)
    rater.context.add_cookies([cookie(server.url + path, TOKEN, hall.tokens[DeviceKind.RATING_DEVICE])])
    rater.goto(server.url + path, timeout=60_000)
    clerk = people.acting(CLERK, timezone.localdate())
    ticket = take_ticket("H01", "trade", channel="kiosk", by=SYSTEM, at=timezone.now())
    ticket_called.call_next(hall.windows[0].pk, by=clerk, at=timezone.now())
    ticket_served.served(ticket.key, by=clerk, at=timezone.now())
    rater.locator("[data-button=dissatisfied]").click()
    expect(rater.locator("label.choice").first).to_be_visible()
    axe(rater)
    shot(rater, "ratings-device-reasons-en")
    rater.locator("label.choice").first.click()
    rater.locator("[data-reasons-done]").click()
    for _ in range(50):
        if Rating.objects.exists():
            break
        rater.wait_for_timeout(100)
    assert Rating.objects.get().button == "dissatisfied"
    axe(rater)
    assert Rectification.objects.count() == 1  # it starts the loop at once


class Walk:
    """One bad rating and the people who act on it, each in a browser of their own."""

    def __init__(self, people: Cast, row: Rectification, url: str, open_page, looked, width: int, language: str):
        self.people, self.row, self.url, self.open_page = people, row, url, open_page
        self.looked, self.width, self.language = looked, width, language
        self.pages: dict[str, Page] = {}

    def at_desk(self, name: str) -> Page:
        if name not in self.pages:
            account = self.people.officers[name].account
            self.pages[name] = self.open_page(self.width, self.language, account=account)
        self.pages[name].goto(f"{self.url}/desk/rectifications/{self.row.number}/")
        return self.pages[name]

    def step(self, name: str, step: str, shown: str, **given: str) -> None:
        page = self.at_desk(name)
        self.looked(page, shown, self.width, self.language)
        form = page.locator(f"form[action$='/steps/{step}/']")
        if not form.is_visible():
            form.locator("xpath=ancestor::details/summary").click()
        for field, value in given.items():
            radio = form.locator(f"input[type=radio][name={field}][value={value}]") if value.isascii() else None
            if radio is not None and radio.count():
                radio.check()
            else:
                form.locator(f"[name={field}]").fill(value)
        form.locator(".form-end .btn").click()
        expect(page.locator(".notice").first).to_be_visible()
        self.row.refresh_from_db()


@BOTH
def test_a_bad_rating_from_the_dispatch_to_the_last_word(people, server, open_page, looked, width, language):
    walk = Walk(people, bad(people, at=timezone.now()), server.url, open_page, looked, width, language)
    row = walk.row
    desk = open_page(width, language, account=people.officers[CENTRE].account)
    desk.goto(f"{server.url}/desk/rectifications/")
    looked(desk, "list", width, language)
    walk.step(CENTRE, "dispatch", "dispatch", text="请核实")
    walk.step(HEAD, "verify", "verify", verdict="COMPLEX", text="当天只开一个窗口", plan="十月底前增开两个窗口")
    assert row.state == "PLAN"
    walk.step(HEAD, "progress", "plan", text="已增开一个窗口")
    walk.step(RATED, "appeal", "rated", text="当天我休假")
    walk.step(CENTRE, "decline-appeal", "appealed", text="排班表显示在岗")
    walk.step(HEAD, "fix", "mending", text="已增开两个窗口")
    walk.step(CALLER, "revisit", "revisit", satisfied="no", text="窗口还是没人")
    assert (row.state, row.turn) == ("VERIFY", 2)
    walk.step(CHIEF, "verify", "reopened", verdict="MISTAKEN", text="反复核对，是误按")
    walk.step(CENTRE, "confirm", "review", text="与监控一致")
    assert Rating.objects.get().excluded_at is not None
    walk.step(SUPERVISOR, "overturn", "set-aside", text="监控时间不对，并非误按")
    assert (row.state, Rating.objects.get().excluded_at) == ("VERIFY", None)
    walk.step(CHIEF, "verify", "again", verdict="NO_BASE", text="要求的事没有法律依据")
    walk.step(CHIEF, "explain", "explain", text="依据《条例》第十条，不能加急")
    citizen = open_page(width, language, account=people.citizen)
    citizen.goto(f"{server.url}/rectifications/{row.token}/")
    looked(citizen, "own-page", width, language)
    expect(citizen.get_by_text("还是不满意" if language == "zh" else "No, I am still not content")).to_be_visible()
    citizen.locator("form[action$='/answer/'] input[type=radio]").first.check()
    citizen.locator("form[action$='/answer/'] .btn").first.click()
    looked(citizen, "own-closed", width, language)
    row.refresh_from_db()
    assert row.state == "CLOSED"
    looked(walk.at_desk(SUPERVISOR), "closed", width, language)
    for address, name in (
        ("/watch/", "wall"), ("/watch/ratings/", "figures"), ("/watch/rectifications/", "figures-bad"),
        ("/desk/rectifications/closed/", "closed-list"),
    ):  # fmt: skip
        page = walk.pages[SUPERVISOR]
        page.goto(server.url + address)
        looked(page, name, width, language)
