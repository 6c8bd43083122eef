"""预约登记, slots, home visits and agency service at the desk."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from tests.flows.appointments import QUEUE, booked, hall, here, scheduled, slot_at
from tests.people import AT, Cast, cast
from tests.web.portal import signed_in
from zhengtong.base.outbox.models import Message
from zhengtong.domains.appointments.models import AgencyRequest, Appointment, Closure, Schedule, Slot
from zhengtong.domains.authenticity.models import ExtendedHours
from zhengtong.domains.hall.models import Queue, Ticket
from zhengtong.domains.registry.models import ServiceWindow, Substitution
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
    queue = Queue.objects.create(hall=place, code=QUEUE, letter="A", name="综合业务", name_en="General")
    queue.windows.set(ServiceWindow.objects.filter(hall=place))
    scheduled(made)
    scheduled(made, 2, place=Place.HOME)
    return made


def clerk(people: Cast, name: str = "罗婉秋"):
    return signed_in(people.officers[name].account)


def typed(slot: Slot, **changes: str) -> dict[str, str]:
    given = {
        "key": "00000000-0000-4000-8000-000000000003", "slot": str(slot.pk), "channel": "phone", "name": "周老师",
        "phone": "13800000001", "matter": "问备案材料",
    }  # fmt: skip
    return {**given, **changes}


def test_a_clerk_books_for_a_caller_and_the_list_is_masked(people):
    client, slot = clerk(people), slot_at(MONDAY)
    page = client.get(f"/desk/bookings/new/?hall=H01&queue={QUEUE}&on=2026-09-28").content.decode()
    assert f'value="{slot.pk}"' in page
    answer = client.post(f"/desk/bookings/new/?hall=H01&queue={QUEUE}&on=2026-09-28", typed(slot))
    row = Appointment.objects.get()
    assert answer.url == f"/desk/bookings/{row.key}/"
    assert (row.channel, row.booked_by_id) == ("phone", people.officers["罗婉秋"].pk)
    assert Message.objects.filter(kind="appointment.booked").count() == 1
    day = client.get("/desk/bookings/?hall=H01&on=2026-09-28").content.decode()
    assert "周老师" not in day
    assert "13800000001" not in day
    assert "138****0001" in day
    assert row.code in client.get(answer.url).content.decode()
    assert "问备案材料" in client.post("/desk/bookings/", {"q": "13800000001"}).content.decode()
    assert "问备案材料" in client.post("/desk/bookings/", {"q": row.code.lower()}).content.decode()


def test_personal_data_is_shown_with_a_purpose_and_journalled(people):
    client, row = clerk(people), booked(1, slot_at(MONDAY))
    path = f"/desk/bookings/{row.key}/"
    assert "客人1" not in client.get(path).content.decode()
    assert client.post(path + "reveal/", {"purpose": ""}).status_code == 422
    assert "客人1" in client.post(path + "reveal/", {"purpose": "电话确认时间"}).content.decode()
    assert "电话确认时间" in client.get(path).content.decode()


def test_who_is_here_checks_in_and_has_a_ticket(people, monkeypatch):
    client, row = clerk(people), booked(1, slot_at(MONDAY))
    path = f"/desk/bookings/{row.key}/check-in/"
    assert client.post(path).status_code == 422  # days too early
    monkeypatch.setattr(timezone, "now", lambda: MONDAY - timedelta(minutes=10))
    client = clerk(people)
    assert client.post(path).status_code == 302
    ticket = Ticket.objects.get()
    row.refresh_from_db()
    assert (row.state, row.ticket_key) == (Status.CHECKED_IN.value, str(ticket.key))
    assert client.post(path).status_code == 409  # not twice


def test_the_clerk_moves_and_cancels(people):
    client, row = clerk(people), booked(1, slot_at(MONDAY))
    later = slot_at(here(9, 28, 9, 30))
    client.post(f"/desk/bookings/{row.key}/move/", {"slot": str(later.pk)})
    row.refresh_from_db()
    assert row.slot_id == later.pk
    client.post(f"/desk/bookings/{row.key}/cancel/", {"text": "来电取消"})
    row.refresh_from_db()
    assert (row.state, row.reason, row.by_house) == (Status.CANCELLED.value, "来电取消", False)
    assert not Slot.objects.filter(taken__gt=0).exists()


def told(kind: str) -> list[int | None]:
    """The accounts that were told this, in order."""
    return list(Message.objects.filter(kind=kind).order_by("pk").values_list("account_id", flat=True))


def test_the_officer_of_a_home_visit_is_told_of_every_change(people):
    """Nobody stands before a closed door: moved, given to another, cancelled."""
    client, slot = clerk(people), slot_at(MONDAY, Place.HOME)
    client.post("/desk/bookings/new/?hall=H01&queue=home", typed(slot, address="云湖区柳荫路 8 号"))
    path = f"/desk/bookings/{Appointment.objects.get().key}/"
    client.post(path + "move/", {"slot": str(slot_at(here(9, 28, 9, 30), Place.HOME).pk)})
    assert told("appointment.visit_moved") == []  # nobody was sent yet
    first, second = people.officers["李军"], people.officers["周洋"]
    client.post(path + "assign/", {"staff_no": first.staff_no})
    client.post(path + "move/", {"slot": str(slot_at(here(9, 29), Place.HOME).pk)})
    assert told("appointment.visit_moved") == [first.account_id]
    client.post(path + "assign/", {"staff_no": second.staff_no})
    assert told("appointment.visit_off") == [first.account_id]
    client.post(path + "cancel/", {"text": "来电取消"})
    assert told("appointment.visit_off") == [first.account_id, second.account_id]


def test_who_has_left_is_sent_nowhere_and_who_is_away_has_a_deputy(people):
    client, slot = clerk(people), slot_at(MONDAY, Place.HOME)
    client.post("/desk/bookings/new/?hall=H01&queue=home", typed(slot, address="云湖区柳荫路 8 号"))
    path, gone = f"/desk/bookings/{Appointment.objects.get().key}/", people.officers["周洋"]
    gone.left_on = AT.date() - timedelta(days=1)
    gone.save(update_fields=["left_on"])
    refused = client.post(path + "assign/", {"staff_no": gone.staff_no})
    assert refused.status_code == 422
    assert "已离岗" in refused.content.decode()
    client.post(path + "assign/", {"staff_no": people.officers["李军"].staff_no})
    deputy = clerk(people, "钱慧")
    assert "问备案材料" not in deputy.get("/desk/visits/").content.decode()
    Substitution.objects.create(
        principal=people.officers["李军"], deputy=people.officers["钱慧"], since=AT.date(), until=AT.date(), reason="休假"
    )  # fmt: skip
    assert "问备案材料" in deputy.get("/desk/visits/").content.decode()
    assert "柳荫路" in deputy.post(path + "reveal/", {"purpose": "上门"}).content.decode()
    assert deputy.post(path + "visited/", {"text": "已办好。"}).status_code == 302


def test_a_home_visit_is_assigned_and_its_officer_alone_sees_it(people):
    client, slot = clerk(people), slot_at(MONDAY, Place.HOME)
    client.post("/desk/bookings/new/?hall=H01&queue=home", typed(slot, address="云湖区柳荫路 8 号"))
    row = Appointment.objects.get()
    officer = clerk(people, "李军")
    assert officer.get(f"/desk/bookings/{row.key}/").status_code == 404
    assert client.post(f"/desk/bookings/{row.key}/visited/", {"text": "办好"}).status_code == 422  # nobody was sent
    client.post(f"/desk/bookings/{row.key}/assign/", {"staff_no": "handler"})
    assert "柳荫路" not in officer.get(f"/desk/bookings/{row.key}/").content.decode()
    assert "问备案材料" in officer.get("/desk/visits/").content.decode()
    shown = officer.post(f"/desk/bookings/{row.key}/reveal/", {"purpose": "上门"})
    assert "柳荫路" in shown.content.decode()
    officer.post(f"/desk/bookings/{row.key}/visited/", {"text": "已收材料并当场受理。"})
    row.refresh_from_db()
    assert (row.state, row.outcome) == (Status.DONE.value, "已收材料并当场受理。")
    kinds = set(Message.objects.values_list("kind", flat=True))
    assert {"appointment.visit_assigned", "appointment.visit_to_make", "appointment.visited"} <= kinds


def test_a_day_is_closed_and_everybody_booked_is_told_and_may_book_anew(people):
    manager, rows = clerk(people, "蒋华"), [booked(n, slot_at(MONDAY)) for n in (1, 2)]
    closing = {"hall": "H01", "on": "2026-09-28", "queue": "", "reason": "停电检修", "key": "k1"}
    manager.post("/desk/schedule/close/", closing)
    assert set(Appointment.objects.values_list("state", "by_house", "reason")) == {("CANCELLED", True, "停电检修")}
    assert Message.objects.filter(kind="appointment.closed").count() == len(rows)
    assert not Slot.objects.filter(on=MONDAY.date(), closed=False).exists()
    assert "停电检修" in manager.get("/desk/schedule/?hall=H01&on=2026-09-28").content.decode()
    assert manager.post("/desk/schedule/close/", closing).status_code == 302  # pressed twice: nobody is told twice
    assert Message.objects.filter(kind="appointment.closed").count() == len(rows)
    manager.post(f"/desk/schedule/closures/{Closure.objects.get().key}/lift/")
    assert Slot.objects.filter(on=MONDAY.date(), closed=False).exists()
    booked(1, slot_at(here(9, 29)))  # the same person on another day


def test_holiday_service_opens_the_hall_and_is_lawful_after_hours_work(people):
    manager = clerk(people, "蒋华")
    given = {
        "key": "00000000-0000-4000-8000-000000000009", "place": "hall", "queue": QUEUE, "service": "holiday",
        "days": "rest", "weekdays": ["5", "6"], "since": "2026-10-10", "until": "2026-10-18", "opens": "09:00",
        "closes": "11:00", "minutes": "30", "capacity": "4", "reason": "周末不打烊",
    }  # fmt: skip
    assert manager.post("/desk/schedule/new/?hall=H01", {**given, "reason": ""}).status_code == 422
    assert manager.post("/desk/schedule/new/?hall=H01", given).status_code == 302
    days = [row.on.isoformat() for row in ExtendedHours.objects.order_by("on")]
    assert days == ["2026-10-11", "2026-10-17", "2026-10-18"]  # the 10th is worked instead of a holiday
    assert Slot.objects.filter(service="holiday", on="2026-10-11").count() == 4
    from zhengtong.domains.hall import queries as halls

    assert halls.hours_of(hall(people).pk, here(10, 11).date()).written == "09:00-11:00"
    assert Schedule.objects.filter(service="holiday").get().made_by_id == people.officers["蒋华"].pk


def test_every_figure_of_the_past_opens_its_rows(people, monkeypatch):
    row = booked(1, slot_at(MONDAY))
    sweep_missed(at=MONDAY + timedelta(hours=1))
    monkeypatch.setattr(timezone, "now", lambda: MONDAY + timedelta(days=2))
    manager = clerk(people, "蒋华")
    page = manager.get("/desk/schedule/?hall=H01").content.decode()
    assert "past=missed" in page
    assert row.key not in page
    assert f"/desk/bookings/{row.key}/" in manager.get("/desk/schedule/?hall=H01&past=missed").content.decode()
    assert row.key not in manager.get("/desk/schedule/?hall=H01&past=came").content.decode()


def test_a_no_show_is_excused_at_the_desk(people, monkeypatch):
    row = booked(1, slot_at(MONDAY))
    sweep_missed(at=MONDAY + timedelta(hours=1))
    monkeypatch.setattr(timezone, "now", lambda: MONDAY + timedelta(hours=2))
    client = clerk(people)
    assert client.post(f"/desk/bookings/{row.key}/excuse/", {"text": ""}).status_code == 422
    client.post(f"/desk/bookings/{row.key}/excuse/", {"text": "电话核实，当天住院。"})
    row.refresh_from_db()
    assert row.excused
    assert Message.objects.filter(kind="appointment.excused").count() == 1


def test_a_request_for_an_agent_goes_its_way(people):
    signed_in(people.citizen).post(
        "/agency/new/",
        {"key": "00000000-0000-4000-8000-000000000004", "project": "冷链项目", "need": "备案", "name": "林小雨", "phone": "13800000001"},
    )  # fmt: skip
    row, manager, agent = AgencyRequest.objects.get(), clerk(people, "蒋华"), clerk(people, "李军")
    path = f"/desk/agency/{row.key}/"
    assert "冷链项目" in manager.get("/desk/agency/").content.decode()
    assert agent.get(path).status_code == 404
    assert manager.post(path + "assign/", {"staff_no": "nobody"}).status_code == 422
    manager.post(path + "assign/", {"staff_no": "handler"})
    shown, led = agent.get(path).content.decode(), manager.get(path).content.decode()
    assert "13800000001" in shown  # the agent rings up
    assert "林小雨" in shown
    assert "138****0001" in led  # who only hands it on need not
    assert "13800000001" not in led
    assert "林小雨" not in led
    assert agent.post(path + "note/", {"text": "已递交", "case_no": "99"}).status_code != 302  # no such case
    agent.post(path + "note/", {"text": "已递交"})
    agent.post(path + "finish/", {"text": "办结"})
    row.refresh_from_db()
    assert row.state == "DONE"
    assert agent.post(path + "decline/", {"text": "不办"}).status_code == 403


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/desk/bookings/?hall=H01&on=2026-09-28", "罗婉秋"),
        (f"/desk/bookings/new/?hall=H01&queue={QUEUE}", "罗婉秋"),
        ("/desk/visits/", "李军"),
        ("/desk/schedule/?hall=H01&on=2026-09-28", "蒋华"),
        ("/desk/schedule/new/?hall=H01", "蒋华"),
        ("/desk/agency/", "蒋华"),
    ],
)
def test_queries_of_a_page_are_bounded(people, path, name, django_assert_max_num_queries):
    for number in range(2):
        booked(number, slot_at(MONDAY))
    client = clerk(people, name)
    client.get(path)
    with django_assert_max_num_queries(32):
        assert client.get(path).status_code == 200


def test_a_staff_number_nobody_has_is_said_to_be_that(people):
    signed_in(people.citizen).post(
        "/agency/new/",
        {"key": "00000000-0000-4000-8000-000000000009", "project": "冷链项目", "need": "全程", "name": "林小雨",
         "phone": "13800000001"},
    )  # fmt: skip
    row = AgencyRequest.objects.get()
    told = clerk(people, "蒋华").post(f"/desk/agency/{row.key}/assign/", {"staff_no": "YZ9999"})
    assert told.status_code == 422
    assert "没有工号为“YZ9999”的工作人员" in told.content.decode()
    booked(1, slot_at(MONDAY, Place.HOME), address="清源县一号")
    visit = Appointment.objects.get()
    told = clerk(people).post(f"/desk/bookings/{visit.key}/assign/", {"staff_no": "YZ9999"})
    assert "没有工号为“YZ9999”的工作人员" in told.content.decode()


def test_what_was_typed_stays_in_the_box_it_was_typed_in(people):
    signed_in(people.citizen).post(
        "/agency/new/",
        {"key": "00000000-0000-4000-8000-000000000009", "project": "冷链项目", "need": "全程", "name": "林小雨",
         "phone": "13800000001"},
    )  # fmt: skip
    row, manager = AgencyRequest.objects.get(), clerk(people, "蒋华")
    manager.post(f"/desk/agency/{row.key}/assign/", {"staff_no": people.officers["张敏"].staff_no})
    page = manager.post(f"/desk/agency/{row.key}/finish/", {"text": "长" * 1001}).content.decode()
    assert f'data-most="1000">{"长" * 1001}</textarea>' in page.partition('id="finish"')[2].partition("</form>")[0]
    assert "长长" not in page.partition('id="note"')[2].partition("</textarea>")[0]


def test_a_step_opened_by_its_address_leads_to_its_page(people):
    booked(1, slot_at(MONDAY))
    row = Appointment.objects.get()
    answer = clerk(people).get(f"/desk/bookings/{row.key}/cancel/")
    assert (answer.status_code, answer["Location"]) == (302, f"/desk/bookings/{row.key}/")


def test_a_day_of_a_large_hall_is_one_line_for_each_queue(people):
    booked(1, slot_at(MONDAY))
    page = clerk(people, "蒋华").get("/desk/schedule/?hall=H01&on=2026-09-28").content.decode()
    assert page.count('<details class="queue-day"') == 2, "the hall's queue, and home visits"
    assert "已约 1 / 4" in page
