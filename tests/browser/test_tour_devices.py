"""The hall's machines in a real browser: a ticket taken, called, shown and spoken, served, rated; and all of it through a cut."""

import re
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import cookie
from tests.browser.late import hold
from tests.people import PREPAID, Cast, cast, submitted
from tests.web.devices import CLERK, MANAGER, Hall, hall_with_machines
from zhengtong.base.permission import SYSTEM
from zhengtong.domains.devices.actions import post_notice
from zhengtong.domains.devices.models import Device
from zhengtong.domains.hall.actions import QueueForm, open_queue
from zhengtong.domains.hall.models import Ticket
from zhengtong.domains.ratings.models import Rating
from zhengtong.flows import ticket_called, ticket_served
from zhengtong.flows.ticket_taken import take_ticket
from zhengtong.rules.devices import DeviceKind
from zhengtong.web.devices.door import TOKEN

pytestmark = pytest.mark.django_db(transaction=True)

SIZES = {
    DeviceKind.KIOSK: [(1080, 1920), (1280, 1024)],
    DeviceKind.WINDOW_SCREEN: [(1280, 400), (1024, 768)],
    DeviceKind.LED_BOARD: [(1920, 360), (1920, 1080)],
    DeviceKind.TOUCH_SCREEN: [(1920, 1080), (1080, 1920)],
    DeviceKind.CORNER: [(1080, 1920)],
    DeviceKind.RATING_DEVICE: [(800, 480), (1024, 600)],
}
ONE_SCREEN = (DeviceKind.WINDOW_SCREEN, DeviceKind.LED_BOARD, DeviceKind.RATING_DEVICE)
# What a machine would say is written down; there is neither a voice nor a printer in the test.
DEAF = """
  window.said = []; window.printed = 0;
  window.print = () => { window.printed += 1; };
  speechSynthesis.getVoices = () => [{ lang: "zh-CN", name: "test" }, { lang: "en-GB", name: "test" }];
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  speechSynthesis.speak = (words) => { window.said.push(words.text); setTimeout(() => words.onend?.(), 0); };
"""


@pytest.fixture
def people(transactional_db) -> Cast:
    return cast(PREPAID)


@pytest.fixture
def hall(people: Cast) -> Hall:
    return hall_with_machines(people)


@pytest.fixture
def machine(open_page, server, hall: Hall):
    """The browser of a machine, at its first size or another."""

    def start(kind: DeviceKind, size: tuple[int, int] | None = None, language: str = "zh", **options) -> Page:
        width, height = size or SIZES[kind][0]
        page = open_page(width, language, height=height, **options)
        page.add_init_script(DEAF)
        page.context.add_cookies([cookie(server.url + hall.path(kind), TOKEN, hall.tokens[kind])])
        page.goto(server.url + hall.path(kind), timeout=60_000)  # the first page of a session waits for everything
        return page

    return start


def queue_up(hall: Hall, number: int = 1) -> list[Ticket]:
    return [take_ticket("H01", "trade", channel="kiosk", by=SYSTEM, at=timezone.now()) for _ in range(number)]


def until(page: Page, said: str) -> None:
    """Waits for what a page knows. Playwright's own way evaluates text inside the page, which its policy forbids."""
    for _ in range(100):
        if page.evaluate(said):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never became true: {said}")


def fits(page: Page, *, whole: bool) -> None:
    width, height, inner_width, inner_height = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.scrollHeight, innerWidth, innerHeight]"
    )
    assert width <= inner_width, "it runs out to the right"
    if whole:
        assert height <= inner_height, "nobody can scroll here"


def test_from_the_kiosk_to_the_rating(people: Cast, hall: Hall, machine, axe, shot) -> None:
    clerk, window = people.acting(CLERK, timezone.localdate()), hall.windows[0].pk
    kiosk, screen = machine(DeviceKind.KIOSK), machine(DeviceKind.WINDOW_SCREEN)
    board, rater = machine(DeviceKind.LED_BOARD), machine(DeviceKind.RATING_DEVICE)
    shot(kiosk, "devices-kiosk")
    kiosk.get_by_role("link", name="商务综合").click()
    kiosk.locator("label.choice", has_text="老年人").click()
    kiosk.get_by_label("手机号").focus()
    for digit in "13800000009":
        kiosk.locator(".keys button", has_text=re.compile(f"^{digit}$")).click()
    axe(kiosk)
    kiosk.locator(".form-acts button").click()
    expect(kiosk.locator(".slip .number")).to_have_text("A001")
    expect(kiosk.locator("#countdown")).to_have_text("29")
    assert kiosk.evaluate("window.printed") == 1
    axe(kiosk)
    shot(kiosk, "devices-ticket")
    ticket = Ticket.objects.get()
    assert (ticket.priority, ticket.phone, ticket.channel) == ("elderly", "13800000009", "kiosk")

    ticket_called.call_next(window, by=clerk, at=timezone.now())
    expect(screen.locator(".ticket")).to_have_text("A001")
    expect(screen.locator(".call")).to_contain_text("请")
    until(screen, "window.said.length >= 4")
    assert screen.evaluate("window.said.slice(0, 2)") == [
        "请 A 0 0 1 号，到 1 号窗口办理",
        "Number A 0 0 1, please come to window 1",
    ]
    expect(board.locator("td.ticket").first).to_have_text("A001")
    expect(board.locator("tr.new")).to_contain_text("请到窗口")
    shot(screen, "devices-called")
    shot(board, "devices-board")
    axe(screen)
    axe(board)
    said = screen.evaluate("window.said.length")
    screen.reload()
    expect(screen.locator(".ticket")).to_have_text("A001")
    ticket_called.recall(ticket.key, by=clerk, at=timezone.now())
    until(screen, "window.said.length >= 4")
    assert screen.evaluate("window.said.length") <= said, "a reload must not call anybody a second time"

    ticket_served.start(ticket.key, by=clerk, at=timezone.now())
    expect(screen.locator(".call")).to_contain_text("办理中")
    ticket_served.served(ticket.key, by=clerk, at=timezone.now())
    expect(rater.get_by_role("heading", name="请您对本次服务作出评价")).to_be_visible()
    until(rater, "window.said.includes('请您对本次服务作出评价')")
    axe(rater)
    shot(rater, "devices-ask")
    rater.get_by_role("button", name="不满意").click()
    expect(rater.get_by_role("heading", name="哪里没做好")).to_be_visible()
    assert not Rating.objects.exists(), "the reasons are asked first"
    rater.locator("label.choice", has_text="办得慢").click()
    axe(rater)
    shot(rater, "devices-reasons")
    rater.get_by_role("button", name="送出评价").click()
    expect(rater.get_by_role("heading", name="感谢您的评价")).to_be_visible()
    axe(rater)
    shot(rater, "devices-thanks")
    until(rater, f"localStorage.getItem('presses:{hall.path(DeviceKind.RATING_DEVICE)}') === '[]'")
    rating = Rating.objects.get()
    assert (rating.level, rating.button, rating.channel, rating.reasons) == (
        4, "dissatisfied", "hall_terminal", ["efficiency"],
    )  # fmt: skip
    rater.get_by_role("button", name="完成").click()
    expect(rater.get_by_text("办完以后，请您评价")).to_be_visible()


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", DeviceKind)
def test_every_machine_at_its_sizes(
    kind: DeviceKind, language: str, people: Cast, hall: Hall, machine, axe, shot
) -> None:
    queue_up(hall, 3)
    ticket_called.call_next(hall.windows[0].pk, by=people.acting(CLERK, timezone.localdate()), at=timezone.now())
    for width, height in SIZES[kind]:
        page = machine(kind, (width, height), language)
        fits(page, whole=kind in ONE_SCREEN)
        axe(page)
        shot(page, f"devices-{kind.value}-{width}-{language}")
        if kind not in (DeviceKind.WINDOW_SCREEN, DeviceKind.LED_BOARD, DeviceKind.RATING_DEVICE):
            page.get_by_role("button", name="Large type" if language == "en" else "大字").click()
            expect(page.locator("html.elder")).to_be_attached()
            fits(page, whole=False)
            axe(page)


def test_the_touch_screen_tells_and_forgets(people: Cast, hall: Hall, machine, axe, server, shot) -> None:
    case = submitted(people)
    page = machine(DeviceKind.TOUCH_SCREEN)
    page.get_by_role("link", name="查办件进度").click()
    page.get_by_label("办件编号").fill(case.number)
    page.get_by_label("查询码").focus()
    for letter in case.query_code:
        page.locator(".keys button", has_text=re.compile(f"^{letter}$")).click()
    axe(page)
    page.get_by_role("button", name="查询").last.click()
    expect(page.locator("main")).to_contain_text(case.number)
    axe(page)
    shot(page, "devices-standing")
    page.get_by_role("link", name="看完了，清除").click()
    expect(page.get_by_role("heading", name="您想查什么？")).to_be_visible()
    page.get_by_role("link", name="查办件进度").click()
    assert case.number not in page.content(), "nothing of the last visitor is left"
    expect(page.get_by_label("办件编号")).to_have_value("")
    for way in ("怎么办、带什么", "窗口在哪里", "现在要等多久"):
        page.goto(server.url + hall.path(DeviceKind.TOUCH_SCREEN))
        page.get_by_role("link", name=way).click()
        axe(page)
    page.goto(server.url + hall.path(DeviceKind.TOUCH_SCREEN, "items/"))
    for letter in "YFK":
        page.locator(".keys button", has_text=re.compile(f"^{letter}$")).click()
    page.get_by_role("button", name="搜索").last.click()
    page.get_by_role("link", name="单用途商业预付卡").click()
    expect(page.get_by_role("heading", name="要带的材料")).to_be_visible()
    axe(page)


def test_the_keys_write_where_the_finger_was_before_they_came(hall: Hall, machine, server) -> None:
    page = machine(DeviceKind.TOUCH_SCREEN)
    come = hold(page, "**/keypad*.js")
    page.goto(server.url + hall.path(DeviceKind.TOUCH_SCREEN, "progress/"), wait_until="commit")
    page.get_by_label("查询码").focus()
    assert page.locator(".keys button").count() == 0, "the script is still on its way"
    come()
    page.locator(".keys button", has_text="K").click()
    expect(page.get_by_label("查询码")).to_have_value("K")
    expect(page.get_by_label("办件编号")).to_have_value("")


def test_the_corner_takes_to_the_portal_prints_and_calls(people: Cast, hall: Hall, machine, axe) -> None:
    case = submitted(people)
    page = machine(DeviceKind.CORNER)
    page.get_by_role("link", name="打印办件回执").click()
    page.get_by_label("办件编号").fill(case.number)
    page.get_by_label("查询码").fill(case.query_code)
    page.get_by_role("button", name="查询").last.click()
    expect(page.locator(".slip")).to_contain_text(case.number)
    assert page.evaluate("window.printed") == 1
    axe(page)
    page.get_by_role("link", name="完成").click()
    page.get_by_role("link", name="在线申请").click()
    expect(page.frame_locator("iframe").get_by_role("searchbox").first).to_be_visible()
    page.get_by_role("link", name="办完了，退出并清除").click()
    page.get_by_role("button", name="需要帮助").click()
    expect(page.locator(".help-on")).to_be_visible()
    assert Device.objects.get(kind=DeviceKind.CORNER).help_since is not None


def test_a_rating_pressed_in_a_cut_arrives_once(people: Cast, hall: Hall, machine, axe) -> None:
    clerk = people.acting(CLERK, timezone.localdate())
    rater = machine(DeviceKind.RATING_DEVICE)
    rater.expected_errors.append("ERR_INTERNET_DISCONNECTED")
    ticket = queue_up(hall)[0]
    ticket_called.call_next(hall.windows[0].pk, by=clerk, at=timezone.now())
    ticket_served.served(ticket.key, by=clerk, at=timezone.now())
    expect(rater.get_by_role("button", name="满意", exact=True)).to_be_visible()
    rater.context.set_offline(True)
    expect(rater.locator("#cut")).to_contain_text("网络中断，正在重连")
    rater.get_by_role("button", name="满意", exact=True).click()
    expect(rater.get_by_text("网络中断，已存在这台机器里")).to_be_visible()
    axe(rater)
    assert not Rating.objects.exists()
    rater.context.set_offline(False)
    expect(rater.locator("#cut")).to_be_hidden()
    until(rater, f"localStorage.getItem('presses:{hall.path(DeviceKind.RATING_DEVICE)}') === '[]'")
    assert [(one.button, one.level) for one in Rating.objects.all()] == [("satisfied", 2)]


def test_a_reload_in_a_cut_shows_the_last_known(people: Cast, hall: Hall, browser, server) -> None:
    queue_up(hall, 1)
    clerk = people.acting(CLERK, timezone.localdate())
    ticket_called.call_next(hall.windows[0].pk, by=clerk, at=timezone.now())
    for kind, shows in ((DeviceKind.LED_BOARD, "A001"), (DeviceKind.KIOSK, "请到导办台领取纸质号")):
        context = browser.new_context(viewport={"width": 1920, "height": 1080}, locale="zh-CN")
        context.add_init_script(DEAF)
        context.add_cookies([cookie(server.url + hall.path(kind), TOKEN, hall.tokens[kind])])
        page = context.new_page()
        page.goto(server.url + hall.path(kind), timeout=60_000)  # the first page of a session waits for everything
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.reload()  # through the worker, which keeps it
        until(page, "navigator.serviceWorker.controller !== null")
        context.set_offline(True)
        page.reload()
        expect(page.locator("#cut")).to_contain_text("网络中断，正在重连")
        expect(page.locator("main")).to_contain_text(shows)
        if kind is DeviceKind.KIOSK:
            expect(page.locator(".choices")).to_be_hidden()
        context.set_offline(False)
        expect(page.locator("#cut")).to_be_hidden()
        context.close()


def test_a_machine_is_paired_at_the_desk(people: Cast, hall: Hall, open_page, server, axe, shot) -> None:
    machine = open_page(1024, height=600)
    machine.goto(server.url + "/devices/")
    code = machine.locator(".code-big").inner_text()
    axe(machine)
    shot(machine, "devices-pairing")
    desk = open_page(account=people.officers[MANAGER].account)
    desk.goto(server.url + "/desk/devices/")
    desk.get_by_label("配对码").fill(code[:-1] + ("A" if code[-1] != "A" else "B"))
    desk.get_by_label("设备类型").select_option("rating_device")
    desk.get_by_label("窗口", exact=False).first.select_option(str(hall.windows[1].pk))
    desk.get_by_label("设备名称").fill("2号窗口评价器")
    desk.expected_errors.append("422")
    desk.get_by_role("button", name="配对", exact=True).click()
    expect(desk.locator("[data-summary]")).to_contain_text("配对码不对")
    axe(desk)
    desk.get_by_label("配对码").fill(code)
    desk.get_by_role("button", name="配对", exact=True).click()
    expect(desk.locator(".messages")).to_contain_text("已登记")
    shot(desk, "desk-devices")
    axe(desk)
    expect(machine.get_by_text("办完以后，请您评价")).to_be_visible()
    desk.reload()
    desk.get_by_role("link", name="2号窗口评价器").click()
    axe(desk)
    shot(desk, "desk-device")
    desk.get_by_role("button", name="停用这台设备").click()
    expect(desk.locator(".messages")).to_contain_text("已停用")
    machine.expected_errors.append("401")
    expect(machine.locator(".code-big")).to_be_visible(timeout=30_000)


def served_now(people: Cast, hall: Hall) -> None:
    clerk, ticket = people.acting(CLERK, timezone.localdate()), queue_up(hall)[0]
    ticket_called.call_next(hall.windows[0].pk, by=clerk, at=timezone.now())
    ticket_served.served(ticket.key, by=clerk, at=timezone.now())


def test_the_rating_device_asks_only_when_it_can_hear(people: Cast, hall: Hall, machine, server) -> None:
    page = machine(DeviceKind.RATING_DEVICE)
    served_now(people, hall)
    come = hold(page, "**/rating*.js")
    page.goto(server.url + hall.path(DeviceKind.RATING_DEVICE), wait_until="commit")
    expect(page.get_by_text("办完以后，请您评价")).to_be_visible()
    expect(page.get_by_role("button", name="满意", exact=True)).to_be_hidden()
    come()
    page.get_by_role("button", name="满意", exact=True).click()
    expect(page.get_by_role("heading", name="感谢您的评价")).to_be_visible()


def test_a_machine_that_got_no_voice_works_without(people: Cast, hall: Hall, machine, server) -> None:
    page = machine(DeviceKind.RATING_DEVICE)
    page.expected_errors.append("ERR_FAILED")
    served_now(people, hall)
    page.route("**/voice*.js", lambda route: route.abort())
    page.goto(server.url + hall.path(DeviceKind.RATING_DEVICE))
    page.get_by_role("button", name="满意", exact=True).click()
    expect(page.get_by_role("heading", name="感谢您的评价")).to_be_visible()


def test_who_pressed_the_wrong_button_chooses_again(people: Cast, hall: Hall, machine, axe, shot) -> None:
    page = machine(DeviceKind.RATING_DEVICE)
    served_now(people, hall)
    page.get_by_role("button", name="不满意").click()
    page.locator("label.choice", has_text="办得慢").click()
    axe(page)
    shot(page, "devices-reasons-again")
    fits(page, whole=True)
    page.get_by_role("button", name="按错了，重新选").click()
    page.get_by_role("button", name="满意", exact=True).click()
    expect(page.get_by_role("heading", name="感谢您的评价")).to_be_visible()
    until(page, f"localStorage.getItem('presses:{hall.path(DeviceKind.RATING_DEVICE)}') === '[]'")
    assert [(one.button, one.reasons) for one in Rating.objects.all()] == [("satisfied", [])]


def test_the_corner_hears_the_portal_that_came_before_its_script(hall: Hall, machine, server) -> None:
    page = machine(DeviceKind.CORNER)
    come = hold(page, "**/corner*.js")
    page.goto(server.url + hall.path(DeviceKind.CORNER, "apply/"), wait_until="commit")
    portal = page.frame_locator("iframe")
    expect(portal.get_by_role("searchbox").first).to_be_visible()
    page.frames[1].wait_for_load_state("load")
    come()
    expect(page.locator("#countdown")).to_have_text(re.compile(r"17[0-6]"))
    portal.get_by_role("searchbox").first.click()
    expect(page.locator("#countdown")).to_have_text(re.compile(r"180|179"))


def test_a_key_goes_where_the_finger_points_in_what_was_typed(hall: Hall, machine, server) -> None:
    page = machine(DeviceKind.KIOSK)
    page.goto(server.url + hall.path(DeviceKind.KIOSK, "queues/trade/"))

    def key(name: str) -> Locator:
        return page.locator(".keys button", has_text=re.compile(f"^{name}$"))

    field = page.get_by_label("手机号")
    for digit in "13900000009":
        key(digit).click()
    key("7").click()
    expect(field).to_have_value("13900000009")
    field.evaluate("field => { field.focus(); field.setSelectionRange(3, 3); }")
    key("⌫").click()
    key("8").click()
    expect(field).to_have_value("13800000009")
    field.evaluate("field => { field.focus(); field.select(); }")
    key("1").click()
    expect(field).to_have_value("1")


def test_the_board_shows_every_queue_of_a_large_hall(people: Cast, hall: Hall, machine) -> None:
    for position, letter in enumerate("CDEFGH", start=2):
        form = QueueForm(
            letter, f"业务{letter}", f"Service {letter}", window_ids=[hall.windows[0].pk], position=position
        )
        open_queue("H01", f"more{letter}", form, by=people.acting(MANAGER), at=timezone.now())
    today = timezone.localdate()
    post_notice(
        "H01", uid=uuid4(), text="周六上午照常办公", text_en="Open on Saturday morning", since=today, until=today,
        by=people.acting(MANAGER), at=timezone.now(),
    )  # fmt: skip
    for width, height in SIZES[DeviceKind.LED_BOARD]:
        page = machine(DeviceKind.LED_BOARD, (width, height))
        last, room = page.locator(".queues tbody tr").last.bounding_box(), page.locator(".queues").bounding_box()
        assert last
        assert room
        assert page.locator(".queues tbody tr").count() == 8
        assert last["y"] + last["height"] <= room["y"] + room["height"] + 1, "the last queue is cut off"
