"""预约 from the portal: one question a page, with an account or with a phone, until the appointment has passed."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from tests.flows.appointments import QUEUE, booked, hall, here, scheduled, slot_at
from tests.people import AT, Cast, cast
from tests.web.portal import signed_in
from zhengtong.base.outbox.models import Message
from zhengtong.base.personal import lookup_hash
from zhengtong.domains.appointments.models import Appointment, Slot
from zhengtong.domains.hall.models import Queue
from zhengtong.flows.appointment_missed import sweep_missed
from zhengtong.rules.slots import Place, Status

pytestmark = pytest.mark.django_db
MONDAY = here(9, 28)


@pytest.fixture
def people(db: None, monkeypatch: pytest.MonkeyPatch) -> Cast:
    cache.clear()
    monkeypatch.setattr(timezone, "now", lambda: AT)
    made = cast()
    place = hall(made)
    Queue.objects.create(hall=place, code=QUEUE, letter="A", name="综合业务", name_en="General")
    scheduled(made)
    scheduled(made, 2, place=Place.HOME)
    return made


def details(slot: Slot, **changes: str) -> dict[str, str]:
    given = {"key": "00000000-0000-4000-8000-000000000001", "matter": "咨询", "name": "林小雨", "phone": "13800000001"}
    return {**given, **changes}


def test_a_citizen_finds_a_time_and_books_it(people):
    client = signed_in(people.citizen)
    assert "综合业务" in client.get("/appointments/book/").content.decode()
    times = client.get(f"/appointments/book/H01/queues/{QUEUE}/?on=2026-09-28").content.decode()
    slot = slot_at(MONDAY)
    assert f"/appointments/slots/{slot.pk}/" in times
    answer = client.post(f"/appointments/slots/{slot.pk}/", details(slot))
    row = Appointment.objects.get()
    assert answer.url == f"/appointments/{row.key}/"
    page = client.get(answer.url).content.decode()
    assert row.code in page
    assert (row.state, row.account_id, row.channel) == (Status.BOOKED.value, people.citizen.pk, "web")
    assert row.code in client.get("/appointments/").content.decode()
    assert row.code in client.get(f"/appointments/{row.key}/slip/").content.decode()
    assert Message.objects.filter(kind="appointment.booked", account_id=people.citizen.pk).count() == 1
    assert signed_in(people.stranger).get(answer.url).status_code == 404


def test_without_an_account_a_code_shows_whose_the_phone_is(people):
    client, slot = Client(), slot_at(MONDAY)
    assert (
        client.post(f"/appointments/slots/{slot.pk}/", details(slot, phone="13800000009")).url
        == "/appointments/confirm/"
    )
    assert not Appointment.objects.exists()
    digits = Message.objects.get(kind="appointment.code").payload["digits"]
    assert "13800000009" not in str(client.session.items())
    wrong = client.post("/appointments/confirm/", {"digits": "000000" if digits != "000000" else "111111"})
    assert wrong.status_code == 422
    page = client.post("/appointments/confirm/", {"digits": digits})
    row = Appointment.objects.get()
    assert page.url == f"/appointments/{row.key}/"
    assert client.get(page.url).status_code == 200
    assert Client().get(page.url).status_code == 404
    elsewhere = Client()
    assert elsewhere.post("/appointments/find/", {"code": row.code, "phone": "13800000008"}).status_code == 422
    assert elsewhere.post("/appointments/find/", {"code": row.code.lower(), "phone": "13800000009"}).url == page.url
    assert elsewhere.get(page.url).status_code == 200


def test_a_time_that_filled_up_while_one_chose_leads_to_the_others(people):
    client, slot, other = signed_in(people.citizen), slot_at(MONDAY), slot_at(here(9, 28, 9, 30))
    page = f"/appointments/slots/{slot.pk}/"
    assert "看看别的时段" not in client.get(page).content.decode()
    for number in (1, 2):
        booked(number, slot)
    refused = client.post(page, details(slot))
    assert refused.status_code == 422
    assert "这个时段刚刚约满" in refused.content.decode()
    assert "看看别的时段" in client.get(page).content.decode()
    address = f"/appointments/book/H01/queues/{QUEUE}/?on=2026-09-28"
    assert address in refused.content.decode()
    assert f"/appointments/slots/{other.pk}/" in client.get(address).content.decode()
    assert not Appointment.objects.filter(account_id=people.citizen.pk).exists()


def test_a_time_that_filled_up_while_the_code_came_leads_to_the_others(people):
    client, slot = Client(), slot_at(MONDAY)
    client.post(f"/appointments/slots/{slot.pk}/", details(slot, phone="13800000009"))
    assert "看看别的时段" not in client.get("/appointments/confirm/").content.decode()
    for number in (1, 2):
        booked(number, slot)
    digits = Message.objects.get(kind="appointment.code").payload["digits"]
    for page in (client.post("/appointments/confirm/", {"digits": digits}), client.get("/appointments/confirm/")):
        assert "看看别的时段" in page.content.decode()
    assert Appointment.objects.count() == 2


def test_a_cancelled_appointment_shows_no_code_to_check_in_with_and_leads_to_a_new_one(people):
    client, row = (
        signed_in(people.citizen),
        booked(1, slot_at(MONDAY), by=people.applicant, account_id=people.citizen.pk),
    )
    page = f"/appointments/{row.key}/"
    for path in (page, page + "slip/"):
        assert "<svg" in client.get(path).content.decode()
    client.post(page + "cancel/")
    for path in (page, page + "slip/"):
        assert "<svg" not in client.get(path).content.decode()
        assert "请提前到场" not in client.get(path).content.decode()
    shown = client.get(page).content.decode()
    assert f"/appointments/book/H01/queues/{QUEUE}/" in shown
    assert page + "slip/" not in shown
    assert page + "calendar.ics" in shown  # so that the calendar forgets it
    client.cookies["zhengtong_language"] = "en"
    assert "Cancelled" in client.get(page).content.decode()
    assert "Abolished" not in client.get(page).content.decode()


def test_five_wrong_codes_and_the_right_one_comes_too_late(people):
    client, slot = Client(), slot_at(MONDAY)
    client.post(f"/appointments/slots/{slot.pk}/", details(slot))
    digits = Message.objects.get(kind="appointment.code").payload["digits"]
    wrong = "000000" if digits != "000000" else "111111"
    for _ in range(5):
        client.post("/appointments/confirm/", {"digits": wrong})
    client.post("/appointments/confirm/", {"digits": digits})
    assert not Appointment.objects.exists()


def test_a_phone_gets_three_codes_in_ten_minutes(people):
    slot = slot_at(MONDAY)
    answers = [Client().post(f"/appointments/slots/{slot.pk}/", details(slot)).status_code for _ in range(4)]
    assert answers == [302, 302, 302, 422]
    assert Message.objects.filter(kind="appointment.code").count() == 3


def test_moved_and_cancelled_the_calendar_follows(people):
    client = signed_in(people.citizen)
    row = booked(1, slot_at(MONDAY), by=people.applicant, account_id=people.citizen.pk)
    ics = f"/appointments/{row.key}/calendar.ics"
    first = Calendar.from_ical(client.get(ics).content)
    later = slot_at(here(9, 28, 9, 30))
    assert "move=" in client.get(f"/appointments/{row.key}/").content.decode()
    client.post(f"/appointments/{row.key}/move/", {"slot": str(later.pk)})
    moved = Calendar.from_ical(client.get(ics).content)
    client.post(f"/appointments/{row.key}/cancel/")
    gone = Calendar.from_ical(client.get(ics).content)
    events = [one.walk("VEVENT")[0] for one in (first, moved, gone)]
    assert len({str(event["UID"]) for event in events}) == 1
    assert [event["SEQUENCE"] for event in events] == [0, 1, 2]
    assert [str(one["METHOD"]) for one in (first, moved, gone)] == ["PUBLISH", "PUBLISH", "CANCEL"]
    assert str(events[2]["STATUS"]) == "CANCELLED"
    assert events[1].decoded("DTSTART") == later.starts
    assert [slot.taken for slot in Slot.objects.filter(pk__in=[row.slot_id, later.pk])] == [0, 0]


def test_a_home_visit_asks_for_the_address_and_keeps_it_closed(people):
    client, slot = signed_in(people.citizen), slot_at(MONDAY, Place.HOME)
    assert f"/appointments/slots/{slot.pk}/" in client.get("/appointments/book/H01/home-visit/").content.decode()
    assert client.post(f"/appointments/slots/{slot.pk}/", details(slot)).status_code == 422
    client.post(f"/appointments/slots/{slot.pk}/", details(slot, address="云湖区柳荫路 8 号 301"))
    row = Appointment.objects.get()
    assert row.address == "云湖区柳荫路 8 号 301"
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT address, phone, person_name FROM appointments_appointment")
        assert not any("柳荫路" in text or "138" in text or "林" in text for text in cursor.fetchone())


def test_three_no_shows_pause_online_booking_and_the_page_says_until_when_and_how_to_object(people, monkeypatch):
    rows = []
    for number, moment in enumerate((here(9, 28), here(9, 29), here(9, 30))):
        rows.append(booked(number, slot_at(moment), by=people.applicant, account_id=people.citizen.pk))
        assert sweep_missed(at=moment + timedelta(hours=1)) == 1
    now = here(9, 30, 12)
    monkeypatch.setattr(timezone, "now", lambda: now)
    client = signed_in(people.citizen)
    october = slot_at(here(10, 8))
    refused = client.post(f"/appointments/slots/{october.pk}/", details(october))
    assert refused.status_code == 422
    assert "2026年10月7日" in refused.content.decode()
    assert Message.objects.filter(kind="appointment.paused").count() == 1
    assert "2026年10月7日" in client.get("/appointments/").content.decode()
    client.post(f"/appointments/{rows[2].key}/object/", {"text": "当天住院，有病历。"})
    assert Appointment.objects.get(pk=rows[2].pk).objection == "当天住院，有病历。"
    # the counter stays open
    booked(7, october, by=people.acting("罗婉秋"), at=now, phone="13800000000", channel="desk")
    from zhengtong.flows.appointment_missed import answer_objection

    answer_objection(
        Appointment.objects.select_related("hall").get(pk=rows[2].pk), excused=True, text="属实，不计入。",
        by=people.acting("罗婉秋"), at=now,
    )  # fmt: skip
    assert client.post(f"/appointments/slots/{october.pk}/", details(october)).status_code == 302


def test_agency_service_is_asked_for_and_followed(people):
    from zhengtong.domains.appointments import agencies
    from zhengtong.domains.appointments.models import AgencyRequest
    from zhengtong.flows.agency_assigned import assign_agent
    from zhengtong.flows.agency_ended import finish_agency
    from zhengtong.flows.agency_noted import note_progress

    client = signed_in(people.citizen)
    given = {
        "key": "00000000-0000-4000-8000-000000000002", "project": "冷链仓储项目", "need": "备案和消防", "name": "林小雨",
        "phone": "13800000001",
    }  # fmt: skip
    page = client.post("/agency/new/", given).url
    assert client.post("/agency/new/", given).url == page  # a double click asks once
    row = AgencyRequest.objects.get()
    manager, agent = people.acting("蒋华"), people.acting("李军")
    assign_agent(row, "handler", seen=None, by=manager, at=AT)
    row = agencies.request_for(agent, row.key)
    note_progress(row, "已陪同到窗口递交备案材料。", seen=None, by=agent, at=AT)
    finish_agency(row, "两件都已办结。", seen=None, by=agent, at=AT)
    shown = client.get(page).content.decode()
    assert "已陪同到窗口递交备案材料。" in shown
    assert "两件都已办结。" in shown
    assert signed_in(people.stranger).get(page).status_code == 404
    kinds = set(Message.objects.values_list("kind", flat=True))
    assert {"agency.assigned", "agency.to_agent", "agency.noted", "agency.done"} <= kinds


@pytest.mark.parametrize(
    "path",
    [
        "/appointments/book/",
        f"/appointments/book/H01/queues/{QUEUE}/",
        "/appointments/",
        "/appointments/find/",
        "/agency/",
    ],
)
def test_queries_of_a_page_do_not_grow_with_its_rows(people, path, django_assert_max_num_queries):
    client = signed_in(people.citizen)
    client.get(path)
    with django_assert_max_num_queries(20):
        assert client.get(path).status_code == 200


def test_a_time_too_near_to_book_is_not_offered(people, monkeypatch):
    client, first, second = signed_in(people.citizen), slot_at(MONDAY), slot_at(MONDAY + timedelta(minutes=30))
    monkeypatch.setattr(timezone, "now", lambda: MONDAY - timedelta(minutes=10))
    times = client.get(f"/appointments/book/H01/queues/{QUEUE}/?on=2026-09-28").content.decode()
    assert f"/appointments/slots/{first.pk}/" not in times
    assert f"/appointments/slots/{second.pk}/" in times
    gone = client.get(f"/appointments/slots/{first.pk}/").content.decode()
    assert "看看别的时段" in gone
    assert 'name="phone"' not in gone, "nobody fills in a form that must be refused"
    assert client.post(f"/appointments/slots/{second.pk}/", details(second)).status_code == 302


def test_what_was_missed_on_the_phone_is_told_before_one_chooses_a_time(people, monkeypatch):
    """A clerk booked for the caller; signed in later, the same person must not learn of the pause at the last step."""
    people.citizen.phone, people.citizen.phone_hash = "13800000001", lookup_hash("13800000001")
    people.citizen.phone_verified = True
    people.citizen.save()
    for number, day in enumerate((28, 29, 30)):
        booked(number, slot_at(here(9, day)), phone="13800000001")
    monkeypatch.setattr(timezone, "now", lambda: here(9, 30, 12))
    sweep_missed(at=here(9, 30, 12))
    client = signed_in(people.citizen)
    for address in ("/appointments/", "/appointments/book/"):
        assert "网上预约暂停到" in client.get(address).content.decode(), address
    assert "另有 3 个电话或没有登录时约的预约" in client.get("/appointments/").content.decode()
    assert "网上预约暂停到" not in signed_in(people.stranger).get("/appointments/book/").content.decode()


def test_who_holds_too_many_is_led_to_them(people):
    client = signed_in(people.citizen)
    for number, day in enumerate((28, 29, 30)):
        booked(number, slot_at(here(9, day)), by=None, account_id=people.citizen.pk)
    slot = slot_at(here(9, 30, 9, 30))
    page = client.post(f"/appointments/slots/{slot.pk}/", details(slot))
    assert page.status_code == 422
    assert 'href="/appointments/"' in page.content.decode()


def test_the_calendar_file_is_english_in_english(people):
    client = signed_in(people.citizen)
    booked(1, slot_at(MONDAY), account_id=people.citizen.pk)
    client.cookies["zhengtong_language"] = "en"
    row = Appointment.objects.get()
    event = Calendar.from_ical(client.get(f"/appointments/{row.key}/calendar.ics").content).walk("VEVENT")[0]
    assert str(event["LOCATION"]).startswith("Yunze Service Centre")
    assert "Come early and check in" in str(event["DESCRIPTION"])
