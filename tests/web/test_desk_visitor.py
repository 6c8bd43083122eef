"""From the ticket to the intake: whose ticket is served here is known to 窗口收件, to this window and to nobody else."""

from uuid import UUID

import pytest
from django.core.cache import cache
from django.utils import timezone

from tests.flows.appointments import wanted
from tests.hall import open_all_day, queued, taken
from tests.people import PREPAID, Cast, cast
from tests.web.test_desk_cases import at_desk
from tests.web.test_frame_pages import strayed
from zhengtong.base.evidence import check_slice
from zhengtong.base.journal.models import Entry
from zhengtong.base.law import current_law
from zhengtong.domains.appointments.models import Appointment, Schedule, Slot
from zhengtong.domains.hall.models import Queue, Ticket
from zhengtong.flows import ticket_called, ticket_served

pytestmark = pytest.mark.django_db
IDENTITY = "990709033000"  # for persons alone
NAME, PHONE = "周晓梅", "13812341234"
MASKED = ("周**", "138****1234")


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


@pytest.fixture
def people() -> Cast:
    people = cast(PREPAID, IDENTITY)
    people.windows = queued(people)
    open_all_day(timezone.localdate())
    return people


def at_window(people: Cast, name: str = "张敏", *, start: bool = True, **bearer: object) -> Ticket:
    """A visitor whom this clerk has called, and serves."""
    now = timezone.now()
    ticket = taken(now, person_name=NAME, phone=PHONE, **bearer)
    by = people.acting(name, timezone.localdate())
    ticket_called.call_next(people.officers[name].window_id, by=by, at=now)
    if start:
        ticket_served.start(ticket.key, by=by, at=now)
    return ticket


def appointment(people: Cast, tail: str | None, matter: str = "咨询") -> Appointment:
    """As it stands when its person has come."""
    item, now = people.item(tail) if tail else None, timezone.now()
    schedule = Schedule.objects.create(
        key=str(UUID(int=1)), hall=people.windows[0].hall, queue_code="general", opens="09:00", closes="10:00",
        minutes=30, capacity=1, since=now.date(), until=now.date(), made_at=now,
    )  # fmt: skip
    slot = Slot.objects.create(
        schedule=schedule, hall=schedule.hall, queue_code="general", place="hall", service="normal", on=now.date(),
        starts=now, ends=now, capacity=1,
    )  # fmt: skip
    told = wanted(1)
    return Appointment.objects.create(
        key=told.key, code="ABCD2345", place="hall", slot=slot, hall=schedule.hall, queue_code="general", starts=now,
        ends=now, item=item, matter=item.name if item else matter, person_name=NAME, phone=PHONE, phone_hash="x",
        channel="web", state_since=now, booked_at=now,
    )  # fmt: skip


def url(people: Cast, tail: str = PREPAID) -> str:
    return f"/desk/counter/items/{people.item(tail).item_code}/"


def page_of(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def revealed() -> list[Entry]:
    return list(Entry.objects.filter(kind="ticket.revealed").order_by("pk"))


def test_the_counter_knows_who_is_at_its_window(people: Cast) -> None:
    at_window(people)
    for address in ("/desk/counter/", url(people)):
        own = page_of(at_desk(people, "张敏"), address)
        assert "正在办理 A001 号" in own
        assert all(part in own for part in MASKED)
        assert NAME not in own
        assert PHONE not in own
        assert "A001" not in page_of(at_desk(people, "陈静"), address), "of another window"
    assert revealed() == []


def test_called_and_not_there_yet_is_nobody(people: Cast) -> None:
    ticket = at_window(people, start=False)
    clerk = at_desk(people, "张敏")
    assert "A001" not in page_of(clerk, "/desk/counter/")
    ticket_served.start(ticket.key, by=people.acting("张敏"), at=timezone.now())
    assert "A001" in page_of(clerk, "/desk/counter/")
    ticket_served.served(ticket.key, by=people.acting("张敏"), at=timezone.now())
    assert "A001" not in page_of(clerk, "/desk/counter/")


def test_name_and_phone_come_in_by_one_press_that_is_on_record_once(people: Cast) -> None:
    ticket = at_window(people)
    clerk = at_desk(people, "张敏")
    typed = {"uid": str(UUID(int=5)), "kind": "person", "id_number": "12", "do": "visitor"}
    filled = clerk.post(url(people, IDENTITY), typed).content.decode()
    assert f'value="{NAME}"' in filled
    assert f'value="{PHONE}"' in filled
    assert 'value="12"' in filled, "what was typed stays"
    (entry,) = revealed()
    assert (entry.subject_key, entry.actor_id) == (str(ticket.key), people.officers["张敏"].pk)
    assert people.item(IDENTITY).item_code in entry.facts
    assert NAME not in entry.facts
    assert PHONE not in entry.facts
    # What stands on record once may be drawn again; what is typed already is not written over.
    assert f'value="{PHONE}"' in page_of(clerk, url(people, IDENTITY))
    again = clerk.post(url(people, IDENTITY), typed | {"phone": "13900000000"}).content.decode()
    assert 'value="13900000000"' in again
    assert len(revealed()) == 1
    assert check_slice(Ticket, current_law().calendar).faults == []
    assert "带入来访人信息" in page_of(clerk, f"/desk/tickets/{ticket.key}/")


def test_nobody_else_is_told_and_nothing_is_recorded(people: Cast) -> None:
    at_window(people)
    refused = at_desk(people, "陈静").post(url(people), {"do": "visitor"})
    assert refused.status_code == 422
    text = refused.content.decode()
    assert "没有正在办理的号" in text
    assert PHONE not in text
    assert at_desk(people, "李军").post(url(people), {"do": "visitor"}).status_code == 403
    assert revealed() == []


def test_the_next_clerk_of_the_same_ticket_asks_again(people: Cast) -> None:
    ticket = at_window(people)
    at_desk(people, "张敏").post(url(people), {"do": "visitor"})
    now = timezone.now()
    first, second = people.acting("张敏"), people.acting("陈静")
    ticket_called.transfer(ticket.key, window_id=people.windows[1].pk, by=first, at=now)
    ticket_called.call_next(people.windows[1].pk, by=second, at=now)
    ticket_served.start(ticket.key, by=second, at=now)
    assert PHONE not in page_of(at_desk(people, "陈静"), url(people))
    at_desk(people, "陈静").post(url(people), {"do": "visitor"})
    assert [entry.actor_id for entry in revealed()] == [people.officers[name].pk for name in ("张敏", "陈静")]


def test_an_appointment_leads_straight_to_its_item(people: Cast) -> None:
    booked = appointment(people, IDENTITY)
    at_window(people, channel="appointment", priority="appointment", appointment_key=booked.key)
    clerk = at_desk(people, "张敏")
    start = page_of(clerk, "/desk/counter/")
    assert "预约来办的事" in start
    assert f'action="{url(people, IDENTITY)}"' in start
    filled = clerk.post(url(people, IDENTITY), {"do": "visitor"}).content.decode()
    assert 'name="kind" value="person" checked' in filled
    assert f'value="{NAME}"' in filled
    assert f'href="{url(people, IDENTITY)}"' in page_of(clerk, "/desk/counter/"), "known already: a plain link"


def test_an_appointment_for_a_matter_offers_the_search(people: Cast) -> None:
    booked = appointment(people, None, "预付卡怎么备案")
    at_window(people, appointment_key=booked.key)
    start = page_of(at_desk(people, "张敏"), "/desk/counter/")
    assert "预付卡怎么备案" in start
    assert "?q=" in start


def test_the_enterprise_of_an_account_comes_with_it(people: Cast) -> None:
    at_window(people, account_id=people.citizen.pk)
    filled = at_desk(people, "张敏").post(url(people), {"do": "visitor"}).content.decode()
    assert 'name="kind" value="enterprise" checked' in filled
    assert f'value="{people.enterprise.uscc}"' in filled
    Ticket.objects.update(account=None)
    plain = page_of(at_desk(people, "张敏"), url(people))
    assert f'value="{people.enterprise.uscc}"' not in plain
    assert f'value="{PHONE}"' in plain


def test_a_ticket_from_the_machine_says_no_more_than_its_number(people: Cast) -> None:
    now, by = timezone.now(), people.acting("张敏")
    ticket = taken(now)
    ticket_called.call_next(people.windows[0].pk, by=by, at=now)
    ticket_served.start(ticket.key, by=by, at=now)
    page = page_of(at_desk(people, "张敏"), url(people))
    assert "正在办理 A001 号" in page
    assert "带入来访人信息" not in page


def test_what_the_queue_is_for_is_offered_first(people: Cast) -> None:
    codes = {tail: people.item(tail).item_code for tail in (PREPAID, IDENTITY)}
    clerk, queue = at_desk(people, "张敏"), Queue.objects.get(code="general")

    def offered() -> set[str]:
        page = page_of(clerk, "/desk/counter/")
        return {tail for tail, code in codes.items() if f"/items/{code}/" in page}

    assert offered() == {PREPAID, IDENTITY}
    at_window(people)
    assert offered() == {PREPAID, IDENTITY}, "a queue for everything"
    queue.organs.set([people.item(IDENTITY).organ])
    assert offered() == {tail for tail in codes if people.item(tail).organ_id == people.item(IDENTITY).organ_id}
    queue.items.set([people.item(PREPAID)])
    assert offered() == {PREPAID}


def test_a_given_up_item_is_no_longer_the_way_in(people: Cast) -> None:
    booked = appointment(people, IDENTITY)
    at_window(people, appointment_key=booked.key)
    item = people.item(IDENTITY)
    item.status = "suspended"
    item.save(update_fields=["status"])
    assert f'"{url(people, IDENTITY)}"' not in page_of(at_desk(people, "张敏"), "/desk/counter/")


@pytest.mark.parametrize("address", ["/desk/counter/", None])
def test_in_english(people: Cast, address: str | None) -> None:
    booked = appointment(people, IDENTITY)
    at_window(people, appointment_key=booked.key)
    clerk = at_desk(people, "张敏")
    clerk.cookies["zhengtong_language"] = "en"
    assert not strayed(page_of(clerk, address or url(people)))


def test_what_the_pages_ask_the_database(people: Cast, django_assert_max_num_queries) -> None:
    booked = appointment(people, IDENTITY)
    at_window(people, account_id=people.citizen.pk, appointment_key=booked.key)
    clerk = at_desk(people, "张敏")
    clerk.post(url(people, IDENTITY), {"do": "visitor"})
    for address, most in (("/desk/counter/", 16), (url(people, IDENTITY), 19)):
        page_of(clerk, address)
        with django_assert_max_num_queries(most):
            page_of(clerk, address)
