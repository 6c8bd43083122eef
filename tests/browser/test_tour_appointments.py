"""预约 on a citizen's phone, at the clerk's and the manager's desk; a villager's case through a village clerk."""

from collections.abc import Callable
from datetime import time, timedelta
from uuid import UUID

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from icalendar import Calendar
from playwright.sync_api import Page, expect

from tests.answers import PDF
from tests.browser.conftest import DESK, PHONE
from tests.flows.appointments import QUEUE, hall
from tests.people import PREPAID, Cast, cast
from tests.web.test_desk_village import RECYCLING, form_of, path_of
from zhengtong.domains.appointments.actions.schedules import Session
from zhengtong.domains.appointments.models import Appointment, Schedule, Slot, VillageFiling
from zhengtong.domains.authenticity.models import ExtendedHours
from zhengtong.domains.cases.actions import Defect
from zhengtong.domains.cases.models import Case
from zhengtong.domains.catalogue import queries as catalogue
from zhengtong.domains.hall.models import Queue
from zhengtong.flows import request_supplement
from zhengtong.flows.appointment_schedules import open_schedule
from zhengtong.flows.handle_at_once import handle_at_once
from zhengtong.rules.slots import Days, Pattern, Place

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.parametrize("language", ["zh", "en"])]


@pytest.fixture
def people(transactional_db: None) -> Cast:
    cache.clear()
    made, today = cast(PREPAID, RECYCLING), timezone.localdate()
    place = hall(made)
    Queue.objects.create(hall=place, code=QUEUE, letter="A", name="综合业务", name_en="General")
    every_day = Pattern(frozenset(range(7)), Days.ANY, today, today + timedelta(days=60))
    for number, kind in enumerate(Place, start=1):
        open_schedule(
            str(UUID(int=number)), place, QUEUE, every_day, Session(time(9), time(11), 30, 2, place=kind),
            by=made.acting("蒋华"), at=timezone.now(),
        )  # fmt: skip
    return made


@pytest.fixture
def seat(open_page, people: Cast, language: str, server):
    """A browser of somebody's at an address of the house, and the judge of its pages."""

    def sit(account, path: str, width: int) -> Page:
        page = open_page(width, language, account=account)
        page.goto(server.url + path)
        return page

    return sit


@pytest.fixture
def judged(axe, shot, language: str) -> Callable[[Page, str], None]:
    def judge(page: Page, name: str) -> None:
        axe(page)
        shot(page, f"appointments-{name}-{language}")

    return judge


def test_a_citizen_books_moves_and_cancels_on_the_phone(people: Cast, seat, judged, server) -> None:
    page = seat(people.citizen, "/appointments/book/", PHONE)
    judged(page, "places")
    page.locator(f"a[href*='/queues/{QUEUE}/']").click()
    page.locator(".days-strip a").nth(2).click()
    judged(page, "times")
    page.locator("a.slot").first.click()
    page.locator("[name=matter]").fill("问备案材料")
    page.locator("[name=phone]").fill("13800000001")
    judged(page, "details")
    page.locator("main form .btn").click()
    page.wait_for_url("**/appointments/*-*/")
    judged(page, "booked")
    row = Appointment.objects.get()
    assert (row.state, row.account_id) == ("BOOKED", people.citizen.pk)

    def calendar():
        answer = page.request.get(server.url + page.locator("a[href$='/calendar.ics']").get_attribute("href"))
        return Calendar.from_ical(answer.body())

    first = calendar()
    page.locator("a[href*='move=']").click()
    page.locator(".days-strip a").nth(3).click()
    judged(page, "moving")
    page.locator("button.slot").nth(1).click()
    expect(page.locator(".messages")).to_be_visible()
    moved = calendar()
    page.locator("form[action$='/cancel/'] button").click()
    judged(page, "cancel-asked")
    page.get_by_role("dialog").locator("[value=yes]").click()
    expect(page.locator("form[action$='/cancel/']")).to_have_count(0)
    judged(page, "cancelled")
    events = [one.walk("VEVENT")[0] for one in (first, moved, calendar())]
    assert [int(event["SEQUENCE"]) for event in events] == [0, 1, 2]
    assert [str(event["STATUS"]) for event in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert not Slot.objects.filter(taken__gt=0).exists()


def test_a_clerk_books_for_a_caller_and_the_manager_opens_and_ends_an_evening(people: Cast, seat, judged) -> None:
    clerk = seat(people.officers["罗婉秋"].account, f"/desk/bookings/new/?hall=H01&queue={QUEUE}", DESK)
    clerk.locator("[name=slot]:enabled").last.check()
    clerk.locator("[name=name]").fill("周老师")
    clerk.locator("[name=phone]").fill("13800000009")
    clerk.locator("[name=matter]").fill("问备案材料")
    judged(clerk, "for-a-caller")
    clerk.locator("main form[method=post] .btn").click()
    clerk.wait_for_url("**/desk/bookings/*-*/")
    judged(clerk, "at-the-desk")
    clerk.locator("form[action$='/move/'] .btn").click()
    expect(clerk.locator(".messages")).to_be_visible()
    row = Appointment.objects.get()
    assert (row.sequence, row.channel) == (1, "phone")
    clerk.goto(clerk.url.split("/desk/")[0] + f"/desk/bookings/?hall=H01&on={timezone.localdate(row.starts)}")
    judged(clerk, "day")
    clerk.locator(f"a[href='/desk/bookings/{row.key}/']").click()
    clerk.locator("form[action$='/cancel/'] .btn").click()
    clerk.get_by_role("dialog").locator("[value=yes]").click()
    expect(clerk.locator("form[action$='/cancel/']")).to_have_count(0)

    manager = seat(people.officers["蒋华"].account, "/desk/schedule/?hall=H01", DESK)
    judged(manager, "capacity")
    manager.locator("a[href*='/schedule/new/']").click()
    for name, value in {"service": "extended", "days": "any"}.items():
        manager.locator(f"[name={name}]").select_option(value)
    last = (timezone.localdate() + timedelta(days=20)).isoformat()
    for name, value in {"opens": "18:00", "closes": "20:00", "until": last, "reason": "月底延时"}.items():
        manager.locator(f"[name={name}]").fill(value)
    judged(manager, "evening")
    manager.locator("main form[method=post] .btn").click()
    manager.wait_for_url("**/desk/schedule/?hall=H01")
    evening = Schedule.objects.get(service="extended")
    assert ExtendedHours.objects.filter(source=evening.key, withdrawn_from=None).exists()
    manager.locator(f"form[action$='/{evening.key}/end/'] .btn").click()
    manager.get_by_role("dialog").locator("[value=yes]").click()
    expect(manager.locator(f"form[action$='/{evening.key}/end/']")).to_have_count(0)
    assert not ExtendedHours.objects.filter(source=evening.key, withdrawn_from=None).exists()
    manager.goto(manager.url.split("/desk/")[0] + "/watch/hours/")
    judged(manager, "withdrawn")


def test_a_village_clerk_files_is_told_and_hands_the_result_over(people: Cast, seat, judged, language: str) -> None:
    """The draft was kept before; what the window does meanwhile happens behind the scene."""
    account, window = people.officers["陶莲花"].account, people.acting("张敏")
    client = Client()
    client.force_login(account)
    client.post(path_of(people), form_of(people) | {"do": "save", "until": "2099-12-31"})
    page = seat(account, "/desk/village/", PHONE)
    judged(page, "village")
    page.locator("a[href*='?draft=']").click()
    judged(page, "village-item")
    page.locator("button[name=do][value=file]").click()
    page.wait_for_url("**/desk/village/filings/*/")
    filing, case = VillageFiling.objects.get(), Case.objects.get()
    assert filing.case_no == case.number
    code = catalogue.edition(case.item_version_id).materials[0].code
    lines = [Defect(code, "材料", "看不清", "请重交")]
    request_supplement.request_supplement(case.number, lines, seen=None, by=window, at=timezone.now())
    page.goto(page.url.split("/desk/")[0] + "/messages/")
    page.locator("main form[action^='/messages/'] button").filter(has_text=case.number).first.click()
    page.wait_for_url("**/desk/village/filings/*/")
    judged(page, "village-supplement")
    page.locator(f"[name='file.{code}']").set_input_files(
        {"name": "重交.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    page.locator("form[action$='/supplement/'] .btn").click()
    expect(page.locator("form[action$='/supplement/']")).to_have_count(0)
    handle_at_once(case.number, opinion="齐全。", seen=None, by=window, at=timezone.now())
    page.reload()
    judged(page, "village-result")
    page.locator("form[action$='/hand-over/'] .btn").click()
    expect(page.locator("form[action$='/hand-over/']")).to_have_count(0)
    judged(page, "village-handed-over")
    assert VillageFiling.objects.get().state == "HANDED_OVER"
