"""The machines' door: who is let in, what a poll costs, a press counted once, a ticket pressed for once."""

import json
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tests.people import PREPAID, cast, submitted
from tests.web.appointed import appointed
from tests.web.devices import CLERK, MANAGER, hall_with_machines, pair
from tests.web.test_frame_pages import strayed
from tests.web.test_house_pages import sign_in
from zhengtong.base import calendar
from zhengtong.base.evidence import check_slice
from zhengtong.base.journal.models import Entry
from zhengtong.base.outbox.models import Message
from zhengtong.base.permission import SYSTEM
from zhengtong.city import devices as city
from zhengtong.domains.appointments.models import Appointment
from zhengtong.domains.devices import actions, queries
from zhengtong.domains.devices.models import Device, HallNotice
from zhengtong.domains.hall.models import Ticket
from zhengtong.domains.ratings import queries as ratings
from zhengtong.domains.ratings.models import Node, Rating
from zhengtong.domains.registry.models import Hall
from zhengtong.flows import ticket_called, ticket_served, ticket_window
from zhengtong.flows.device_asked import ask_for_rating
from zhengtong.flows.ticket_taken import take_ticket
from zhengtong.rules.devices import LETTERS, DeviceKind, clean_pairing_code, spaced
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.web.devices import door

pytestmark = pytest.mark.django_db
KIOSK, RATING, LED, SCREEN = (
    DeviceKind.KIOSK, DeviceKind.RATING_DEVICE, DeviceKind.LED_BOARD, DeviceKind.WINDOW_SCREEN,
)  # fmt: skip


@pytest.fixture(autouse=True)
def _no_memory():
    door.forget()


@pytest.fixture
def people():
    return cast(PREPAID)


@pytest.fixture
def hall(people):
    return hall_with_machines(people)


def clerk(people):
    return people.acting(CLERK, timezone.localdate())


def served(people, hall):
    """A visit at the first window that has just ended; the device asks about it."""
    ticket = take_ticket("H01", "trade", channel="kiosk", by=SYSTEM, at=timezone.now())
    ticket_called.call_next(hall.windows[0].pk, by=clerk(people), at=timezone.now())
    ticket_served.served(ticket.key, by=clerk(people), at=timezone.now())
    return Node.objects.get(subject_key=str(ticket.key))


def send(client, hall, node, button="satisfied", **more):
    told = {"key": "one", "node": node.key, "button": button, "reasons": [], "age": 0, **more}
    return client.post(hall.path(RATING, "press/"), json.dumps(told), content_type="application/json")


# --- pairing ------------------------------------------------------------------------------------------------------


def test_the_check_letter_finds_a_wrong_and_a_swapped_letter():
    code = queries.pairing_code_of("a" * 64)
    assert clean_pairing_code(f" {spaced(code).lower()} ") == code
    wrong = [code[:at] + letter + code[at + 1 :] for at in range(8) for letter in LETTERS if letter != code[at]]
    swapped = [code[:at] + code[at + 1] + code[at] + code[at + 2 :] for at in range(7) if code[at] != code[at + 1]]
    for typed in [*wrong, *swapped, "", code[:-1], "O0I1L---"]:
        with pytest.raises(Refusal):
            clean_pairing_code(typed)


def test_a_machine_shows_a_code_until_somebody_has_typed_it(people, hall):
    machine = Client()
    page = machine.get("/devices/")
    code = page.context["code"]
    assert machine.get("/devices/").context["code"] == code
    desk = sign_in(Client(), people, MANAGER)
    typed = {"code": code.lower(), "kind": "rating_device", "hall": "H01", "window": hall.windows[1].pk, "name": "评"}
    assert desk.post("/desk/devices/", typed).status_code == 302
    led = machine.get("/devices/")
    assert led.status_code == 302
    device = Device.objects.get(name="评")
    assert led["Location"] == f"/devices/{device.uid}/"
    assert machine.get(led["Location"]).status_code == 200
    assert [e.kind for e in Entry.objects.filter(subject_key=str(device.uid)).order_by("seq")] == [
        "device.paired", "device.connected",
    ]  # fmt: skip
    # Neither the code nor the secret, nor a hash of it, stands in the journal.
    facts = "".join(Entry.objects.filter(subject_key=str(device.uid)).values_list("facts", flat=True))
    assert device.token_hash not in facts
    assert code.replace("-", "") not in facts
    assert Client().get(led["Location"]).status_code == 302, "another browser is not this machine"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"code": "22222223"}, RefusalCode.DEVICE_CODE_WRONG),
        ({"window_id": None}, RefusalCode.DEVICE_WINDOW_MISSING),
        ({"hall_code": "H99"}, RefusalCode.NOT_FOUND),
        ({"name": " "}, RefusalCode.TEXT_REQUIRED),
    ],
)
def test_what_a_pairing_refuses(people, hall, change, code):
    asked = {
        "code": queries.pairing_code_of("t" * 64), "uid": uuid4(), "kind": RATING, "hall_code": "H01",
        "window_id": hall.windows[0].pk, "name": "评价器", "by": people.acting(MANAGER), "at": timezone.now(), **change,
    }  # fmt: skip
    typed = asked.pop("code")
    with pytest.raises(Refusal) as refusal:
        actions.pair(typed, **asked)
    assert refusal.value.code == code


def test_a_code_is_taken_once_and_ends(people, hall):
    at, token = timezone.now(), "x" * 64
    code = queries.pairing_code_of(token)
    place = {"kind": KIOSK, "hall_code": "H01", "window_id": None, "name": "取号机", "by": people.acting(MANAGER)}
    actions.pair(code, uid=uuid4(), at=at, **place)
    with pytest.raises(Refusal) as refusal:
        actions.pair(code, uid=uuid4(), at=at, **place)
    assert refusal.value.code == RefusalCode.DEVICE_CODE_TAKEN
    assert actions.connect(token, at=at + timedelta(minutes=11)) is None
    assert actions.connect("y" * 64, at=at) is None
    assert actions.connect(token, at=at + timedelta(minutes=9)) is not None
    assert actions.connect(token, at=at + timedelta(minutes=9)) is None


def test_who_keeps_no_hall_pairs_nothing(people, hall):
    for name in (CLERK, "郑凯", "罗婉秋"):
        with pytest.raises(Refusal) as refusal:
            actions.revoke(hall.devices[KIOSK], by=people.acting(name), at=timezone.now())
        assert refusal.value.code == RefusalCode.PERMISSION_MISSING
    desk = sign_in(Client(), people, "罗婉秋")
    assert desk.get("/desk/devices/").status_code == 200  # sees them, and goes to who calls
    assert desk.post("/desk/devices/", {}).status_code == 403


def test_a_machine_moves_pairs_again_and_ends(people, hall):
    desk, screen = sign_in(Client(), people, MANAGER), hall.client(SCREEN)
    uid, second = hall.devices[SCREEN].uid, hall.windows[1]
    desk.post(f"/desk/devices/{uid}/", {"hall": "H01", "window": second.pk, "name": "二号屏"})
    assert f'<span class="unseen">窗口 </span>{second.number}' in screen.get(hall.path(SCREEN)).content.decode()
    new = "n" * 64
    code = queries.pairing_code_of(new)
    assert desk.post(f"/desk/devices/{uid}/again/", {"code": code}).status_code == 302
    assert screen.get(hall.path(SCREEN)).status_code == 302, "the old machine is out at once"
    assert actions.connect(new, at=timezone.now()) is not None
    screen.cookies[door.TOKEN] = new
    assert screen.get(hall.path(SCREEN)).status_code == 200
    assert desk.post(f"/desk/devices/{uid}/revoke/").status_code == 302
    assert screen.get(hall.path(SCREEN)).status_code == 302
    assert screen.get(hall.path(SCREEN, "now/"), headers={"Accept": "application/json"}).status_code == 401
    assert desk.post(f"/desk/devices/{uid}/revoke/").status_code == 422
    assert faults() == []


def faults():
    """What the journal and the rows of machines and notices do not agree on."""
    return [fault for kind in (Device, HallNotice) for fault in check_slice(kind, calendar.current()).faults]


# --- what a poll costs ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "first"), [(LED, 20), (SCREEN, 6), (KIOSK, 20), (RATING, 6)])
def test_a_poll_asks_one_question_while_nothing_changed(people, hall, kind, first, django_assert_max_num_queries):
    client = hall.client(kind)
    client.get(hall.path(kind))
    with django_assert_max_num_queries(first):
        answer = client.get(hall.path(kind, "now/"))
    assert answer.status_code == 200
    assert abs(int(answer["X-Now"]) / 1000 - timezone.now().timestamp()) < 60
    with django_assert_max_num_queries(2 if kind is RATING else 1):
        again = client.get(hall.path(kind, "now/"), headers={"If-None-Match": answer["ETag"]})
    # A minute may have passed between the two: then the estimates have, too.
    assert again.status_code == 304 or kind is not RATING
    take_ticket("H01", "trade", channel="kiosk", by=SYSTEM, at=timezone.now())
    if kind is not RATING:
        changed = client.get(hall.path(kind, "now/"), headers={"If-None-Match": answer["ETag"]})
        assert changed.status_code == 200


def test_alive_is_written_once_a_minute(people, hall):
    device = hall.devices[LED]
    later = device.last_seen + timedelta(seconds=59)
    actions.seen(device, at=later)
    assert Device.objects.get(pk=device.pk).last_seen == device.last_seen
    actions.seen(device, at=later + timedelta(seconds=1))
    assert Device.objects.get(pk=device.pk).last_seen == later + timedelta(seconds=1)
    assert queries.is_silent(device, later + timedelta(minutes=9), timedelta(minutes=5))
    assert not queries.is_silent(device, later, timedelta(minutes=5))


def test_the_worker_answers_for_the_machines_only(hall):
    source = hall.client(KIOSK).get("/devices/worker.js")
    assert source["Content-Type"] == "text/javascript"
    assert "devices/machine.js" in source.content.decode()
    kept = hall.client(KIOSK).get(hall.path(KIOSK))
    assert kept["X-Keep"] == "1"
    assert "no-store" in kept["Cache-Control"]
    chosen = hall.client(KIOSK)
    chosen.post(hall.path(KIOSK, "look/"), {"language": "en", "elder": "on"})
    page = chosen.get(hall.path(KIOSK))
    assert "X-Keep" not in page
    assert 'lang="en" class="machine kiosk elder"' in page.content.decode()
    chosen.get(hall.path(KIOSK, "rest/"))
    assert 'lang="zh-Hans" class="machine kiosk"' in chosen.get(hall.path(KIOSK)).content.decode()


# --- the kiosk ------------------------------------------------------------------------------------------------------


def test_one_press_is_one_ticket(people, hall):
    client, press = hall.client(KIOSK), str(uuid4())
    first = client.post(hall.path(KIOSK, "queues/trade/"), {"press": press, "phone": "13800000009"})
    assert first.status_code == 200
    assert "A001" in first.content.decode()
    assert "data-print-now" in first.content.decode()
    second = client.post(hall.path(KIOSK, "queues/trade/"), {"press": press, "phone": "13800000009"})
    assert "A001" in second.content.decode()
    assert "data-print-now" in second.content.decode(), "the browser never showed the first answer"
    assert Ticket.objects.count() == 1
    entry = Entry.objects.get(kind="ticket.taken")
    assert (entry.actor_kind, entry.actor_name) == ("system", hall.devices[KIOSK].name)
    assert "13800000009" not in entry.facts


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"phone": "12"}, "手机号"),
        ({"priority": "green"}, None),
        ({"priority": "appointment"}, None),
        ({"press": "x"}, None),
    ],
)
def test_what_the_kiosk_does_not_take(people, hall, sent, words):
    page = hall.client(KIOSK).post(hall.path(KIOSK, "queues/trade/"), {"press": str(uuid4()), **sent})
    assert page.status_code == 422
    assert not Ticket.objects.exists()
    assert words is None or words in page.content.decode()


def test_a_missed_call_checks_in_again(people, hall):
    ticket = take_ticket("H01", "trade", channel="kiosk", by=SYSTEM, at=timezone.now())
    ticket_called.call_next(hall.windows[0].pk, by=clerk(people), at=timezone.now())
    client = hall.client(KIOSK)
    still = client.post(hall.path(KIOSK, "come-back/"), {"code": "a001"})
    assert still.status_code == 422
    ticket_called.pass_over(ticket.key, by=clerk(people), at=timezone.now())
    assert client.post(hall.path(KIOSK, "come-back/"), {"code": "a001"}).status_code == 200
    assert Ticket.objects.get().state == "WAITING"
    assert client.post(hall.path(KIOSK, "come-back/"), {"code": "Z999"}).status_code == 422


def test_who_presses_twice_at_the_check_in_has_their_ticket(people, hall):
    ticket = take_ticket("H01", "trade", channel="kiosk", by=SYSTEM, at=timezone.now())
    ticket_called.call_next(hall.windows[0].pk, by=clerk(people), at=timezone.now())
    ticket_called.pass_over(ticket.key, by=clerk(people), at=timezone.now())
    client = hall.client(KIOSK)
    press = re.search(r'name="press" value="([^"]+)"', client.get(hall.path(KIOSK, "come-back/")).content.decode())[1]
    for _turn in range(2):
        page = client.post(hall.path(KIOSK, "come-back/"), {"code": "A001", "press": press})
        assert page.status_code == 200
        assert "data-print-now" in page.content.decode()
    again = client.post(hall.path(KIOSK, "come-back/"), {"code": "A001", "press": str(uuid4())})
    assert again.status_code == 422, "another press is another question"
    assert "改为直接取号" in again.content.decode()


def test_an_appointment_in_another_hall_is_not_checked_in_here(people, hall):
    row = Appointment.objects.get(key=appointed(people)["desk:booking"]["key"])
    now, kiosk = timezone.now(), Device.objects.filter(pk=hall.devices[KIOSK].pk)
    Appointment.objects.filter(pk=row.pk).update(starts=now, ends=now + timedelta(minutes=30))
    kiosk.update(hall=Hall.objects.create(code="H09", name="松溪镇便民服务中心", region=people.region))
    page = hall.client(KIOSK).post(hall.path(KIOSK, "check-in/"), {"code": row.code})
    assert page.status_code == 422
    assert f"这个预约约在{row.hall.name}" in page.content.decode()
    kiosk.update(hall=row.hall)
    assert hall.client(KIOSK).post(hall.path(KIOSK, "check-in/"), {"code": row.code}).status_code == 200


def test_a_code_nobody_was_given_checks_nobody_in(people, hall):
    for code in ("", "22222222", "x" * 20):
        page = hall.client(KIOSK).post(hall.path(KIOSK, "check-in/"), {"code": code})
        assert page.status_code == 422
    assert not Ticket.objects.exists()


def test_a_window_says_whether_it_is_open_away_or_shut(people, hall):
    screen, window = hall.client(SCREEN), hall.windows[0].pk

    def shows():
        return screen.get(hall.path(SCREEN)).content.decode()

    assert "暂停服务" in shows()
    ticket_window.open_window(window, by=clerk(people), at=timezone.now())
    assert "请等候叫号" in shows()
    assert CLERK in shows()
    ticket_window.close_window(window, minutes=20, by=clerk(people), at=timezone.now())
    assert "暂时离开" in shows()
    ticket_window.open_window(window, by=clerk(people), at=timezone.now())
    ticket_window.close_window(window, by=clerk(people), at=timezone.now())
    assert "暂停服务" in shows()


def test_each_machine_has_its_own_doors(people, hall):
    assert hall.client(LED).get(hall.path(LED, "queues/trade/")).status_code == 404
    assert hall.client(KIOSK).get(hall.path(KIOSK, "receipt/")).status_code == 404
    foreign = hall.client(KIOSK)
    foreign.cookies[door.TOKEN] = hall.tokens[LED]
    assert foreign.get(hall.path(KIOSK)).status_code == 302
    posted = hall.client(KIOSK).post(hall.path(KIOSK, "help/"), headers={"Origin": "https://evil.example"})
    assert posted.status_code == 403
    assert Device.objects.get(kind=KIOSK.value).help_since is None


# --- the rating device ----------------------------------------------------------------------------------------------


def test_a_press_is_counted_once(people, hall):
    node, client = served(people, hall), hall.client(RATING)
    assert node.key in client.get(hall.path(RATING, "now/")).content.decode()
    assert send(client, hall, node, "dissatisfied", reasons=["attitude"]).json() == {"kept": True}
    again = send(client, hall, node, "satisfied")
    assert again.status_code == 409
    assert again.json()["code"] == "rating.given"
    rating = Rating.objects.get()
    assert (rating.level, rating.button, rating.reasons) == (4, "dissatisfied", ["attitude"])
    assert node.key not in client.get(hall.path(RATING, "now/")).content.decode()


def test_a_press_of_a_cut_counts_when_it_was_pressed(people, hall):
    node, client = served(people, hall), hall.client(RATING)
    Node.objects.filter(pk=node.pk).update(opened_at=node.opened_at - timedelta(minutes=30))
    heard = timezone.now() - timedelta(minutes=29)
    Device.objects.filter(kind=RATING.value).update(last_seen=heard)
    late = send(client, hall, node, age=28 * 60 * 1000)
    assert late.status_code == 200
    assert timezone.now() - Rating.objects.get().given_at > timedelta(minutes=27)
    cut = Device.objects.get(kind=RATING.value)
    assert (cut.cut_from, cut.cut_until) == (heard, cut.last_seen)


def test_a_machine_that_was_heard_of_all_the_time_cannot_have_pressed_long_ago(people, hall):
    """Whoever holds the device sends an age of their own: it would reach back to a visit nobody has rated."""
    node, client = served(people, hall), hall.client(RATING)
    Node.objects.filter(pk=node.pk).update(opened_at=node.opened_at - timedelta(minutes=30))
    answer = send(client, hall, node, age=28 * 60 * 1000)
    assert answer.status_code == 409, "the device had gone back to rest"
    assert not Rating.objects.exists()


def test_what_a_machine_may_say_of_its_past(people, hall):
    device, at = Device.objects.get(kind=RATING.value), timezone.now()

    def minutes(n: int) -> timedelta:
        return timedelta(minutes=n)

    device.last_seen = at - minutes(40)
    actions.seen(device, at=at - minutes(20))  # cut for twenty minutes
    actions.seen(device, at=at - minutes(19))
    actions.seen(device, at=at - minutes(9))  # and again, before anything was sent
    assert (device.cut_from, device.cut_until) == (at - minutes(40), at - minutes(9))
    said = {age: at - queries.pressed_at(device, minutes(age), at) for age in (1, 5, 10, 30, 41, 480)}
    assert said == {1: minutes(1), 5: minutes(0), 10: minutes(10), 30: minutes(30), 41: minutes(0), 480: minutes(0)}
    assert queries.pressed_at(device, minutes(12), at + minutes(2)) == at + minutes(2), "its cut is long over"


@pytest.mark.parametrize("broken", [b"", b"[]", b"{", b'{"node": 1}', b'{"node": "x", "button": "x", "age": "nan"}'])
def test_what_is_no_press(people, hall, broken):
    client = hall.client(RATING)
    answer = client.post(hall.path(RATING, "press/"), broken, content_type="application/json")
    assert answer.status_code in (400, 409)


def test_nobody_rates_himself_on_his_own_screen(people, hall):
    node, client = served(people, hall), hall.client(RATING)
    client.force_login(people.officers[CLERK].account)
    answer = send(client, hall, node)
    assert answer.status_code == 409
    assert answer.json()["code"] == "rating.own_service"
    assert not Rating.objects.exists()


def test_another_window_s_device_rates_nothing_here(people, hall):
    node, at = served(people, hall), timezone.now()
    pair(people, "w" * 64, RATING, hall.windows[1].pk, at)
    other, client = queries.device_of("w" * 64), Client()
    client.cookies[door.TOKEN] = "w" * 64
    told = json.dumps({"node": node.key, "button": "satisfied"})
    answer = client.post(f"/devices/{other.uid}/press/", told, content_type="application/json")
    assert answer.status_code == 409
    assert not Rating.objects.exists()


def refused(act, *given, **told):
    with pytest.raises(Refusal) as refusal:
        act(*given, **told)
    return refusal.value.code


def test_a_clerk_asks_again_by_hand_about_the_visit_that_ended_last(people, hall):
    node, client = served(people, hall), hall.client(RATING)
    at, window = node.opened_at + timedelta(minutes=10), hall.windows[0].pk
    assert ratings.node_for_device(window, at) is None, "the device has gone back to rest"
    ticket = ask_for_rating(window, by=clerk(people), at=at)
    assert str(ticket.key) == node.subject_key
    assert ratings.node_for_device(window, at + timedelta(minutes=1)) == node
    assert ratings.node_for_device(window, node.opened_at + timedelta(minutes=8)) is None, (
        "between the two it was silent"
    )
    entry = Entry.objects.get(kind="device.rating_asked")
    assert (entry.actor_id, json.loads(entry.facts)["ticket"]) == (clerk(people).id, ticket.label)
    assert faults() == []
    # Once for a service, whoever asks; and no service of the clerk's own naming comes into being.
    later = at + timedelta(minutes=2)
    assert refused(ask_for_rating, window, by=clerk(people), at=later) is RefusalCode.RATING_ASKED
    assert Node.objects.count() == 1
    Node.objects.update(opened_at=timezone.now() - timedelta(minutes=20), asked_at=timezone.now())
    assert send(client, hall, node).status_code == 200
    assert send(client, hall, node, key="two").status_code == 409
    assert Rating.objects.count() == 1


def test_what_is_rated_is_not_asked_about_again(people, hall):
    node, client = served(people, hall), hall.client(RATING)
    assert send(client, hall, node).status_code == 200
    code = refused(ask_for_rating, hall.windows[0].pk, by=clerk(people), at=timezone.now())
    assert code is RefusalCode.RATING_GIVEN
    assert not Entry.objects.filter(kind="device.rating_asked").exists()


def test_a_visit_that_goes_on_after_all_is_asked_about_when_it_ends(people, hall, monkeypatch):
    node = served(people, hall)
    client, path = hall.client(RATING), hall.path(RATING)
    assert str(node.key) in client.get(path).content.decode()
    ticket_served.reopen(node.subject_key, by=clerk(people), at=timezone.now())
    assert str(node.key) not in client.get(path).content.decode()
    later = timezone.now() + timedelta(minutes=30)
    monkeypatch.setattr(timezone, "now", lambda: later)
    ticket_served.served(node.subject_key, by=clerk(people), at=later)
    assert str(node.key) in client.get(path).content.decode()
    assert Node.objects.count() == 1


def test_nobody_was_served_and_nobody_is_asked(people, hall):
    at, window = timezone.now(), hall.windows[0].pk
    assert refused(ask_for_rating, window, by=clerk(people), at=at) is RefusalCode.WINDOW_SHUT
    ticket_window.open_window(window, by=clerk(people), at=at)
    assert refused(ask_for_rating, window, by=clerk(people), at=at) is RefusalCode.RATING_NOBODY_SERVED
    desk = sign_in(Client(), people, CLERK)
    assert "号评价" not in desk.get("/desk/call/").content.decode()
    answer = desk.post(f"/desk/devices/windows/{window}/ask/")
    assert answer.status_code == 422
    assert "没有可以请评价的服务" in answer.content.decode()
    served(people, hall)
    # Whoever opens the window again begins anew: what a colleague gave before is not asked about in their place.
    ticket_window.close_window(window, by=clerk(people), at=timezone.now())
    ticket_window.open_window(window, by=clerk(people), at=timezone.now())
    assert refused(ask_for_rating, window, by=clerk(people), at=timezone.now()) is RefusalCode.RATING_NOBODY_SERVED
    served(people, hall)
    assert "请 A002 号评价" in desk.get("/desk/call/").content.decode()
    assert desk.post(f"/desk/devices/windows/{window}/ask/").status_code == 302


def test_who_may_ask_for_a_rating(people, hall):
    served(people, hall)
    at, window, today = timezone.now(), hall.windows[0].pk, timezone.localdate()
    for name in ("李军", "陈静"):  # no clerk of a window; a clerk of another
        code = refused(ask_for_rating, window, by=people.acting(name, today), at=at)
        assert code is RefusalCode.PERMISSION_MISSING
    assert refused(ask_for_rating, hall.windows[2].pk, by=clerk(people), at=at) is RefusalCode.DEVICE_NONE_AT_WINDOW
    assert ask_for_rating(window, by=people.acting(MANAGER, today), at=at).label == "A001"


# --- the touch screen, help, notices --------------------------------------------------------------------------------


def test_the_touch_screen_answers_who_has_the_slip(people, hall):
    case, client = submitted(people), hall.client(DeviceKind.TOUCH_SCREEN)
    path = hall.path(DeviceKind.TOUCH_SCREEN, "progress/")
    told = client.post(path, {"number": case.number, "code": case.query_code.lower()})
    assert told.status_code == 200
    assert case.number in told.content.decode()
    assert people.enterprise.name not in told.content.decode(), "whose case it is, is not asked here"
    assert "no-store" in told["Cache-Control"]
    for wrong in ({"number": case.number, "code": "22222222"}, {"number": case.number}, {}):
        assert client.post(path, wrong).status_code == 422
    for _ in range(20):
        client.post(path, {"number": case.number, "code": "22222222"})
    assert client.post(path, {"number": case.number, "code": case.query_code}).status_code == 429


def test_help_is_called_once_and_somebody_comes(people, hall):
    client = hall.client(DeviceKind.CORNER)
    for _ in range(3):
        assert client.post(hall.path(DeviceKind.CORNER, "help/")).status_code == 302
    told = Message.objects.filter(kind="device.help_called")
    assert [message.account_id for message in told] == [people.officers["罗婉秋"].account_id]
    desk = sign_in(Client(), people, "罗婉秋")
    uid = hall.devices[DeviceKind.CORNER].uid
    assert "有人求助" in desk.get("/desk/devices/").content.decode()
    assert desk.post(f"/desk/devices/{uid}/helped/").status_code == 302
    assert desk.post(f"/desk/devices/{uid}/helped/").status_code == 422
    assert faults() == []
    kinds = Entry.objects.filter(subject_key=str(uid)).order_by("seq").values_list("kind", flat=True)
    assert list(kinds)[-2:] == ["device.help_called", "device.help_answered"]


def test_a_notice_runs_while_it_should(people, hall):
    desk, today = sign_in(Client(), people, MANAGER), timezone.localdate()
    sent = {"hall": "H01", "text": "明天上午停电。", "text_en": "No power tomorrow.", "since": today, "until": today}
    assert desk.post("/desk/devices/notices/", {**sent, "until": today - timedelta(days=1)}).status_code == 422
    assert desk.post("/desk/devices/notices/", sent).status_code == 302
    board = hall.client(LED)
    assert "明天上午停电。" in board.get(hall.path(LED)).content.decode()
    notice = HallNotice.objects.get()
    assert queries.notices("H01", today + timedelta(days=1)) == []
    assert desk.post(f"/desk/devices/notices/{notice.uid}/take-down/").status_code == 302
    assert "明天上午停电。" not in board.get(hall.path(LED)).content.decode()
    assert desk.post(f"/desk/devices/notices/{notice.uid}/take-down/").status_code == 404


def test_the_desk_page_asks_the_same_whatever_the_number(people, hall, django_assert_max_num_queries):
    desk = sign_in(Client(), people, MANAGER)
    desk.get("/desk/devices/")
    with django_assert_max_num_queries(25):
        assert desk.get("/desk/devices/").status_code == 200


def test_without_the_demo_mark_there_is_no_demo_door(hall):
    assert Client().get("/devices/demo/").status_code == 404
    assert Client().get("/devices/demo/kiosk/").status_code == 404


def test_the_demo_door_makes_a_machine_of_any_browser(people, hall, settings):
    city.enact(at=timezone.now())
    city.enact(at=timezone.now())
    settings.ZHENGTONG_DEMO = True
    assert Client().get("/devices/demo/").status_code == 200
    for kind in DeviceKind:
        page = Client().get(f"/devices/demo/{kind.value}/", follow=True)
        assert page.status_code == 200
        assert f'class="machine {kind.value}"' in page.content.decode()
    assert Client().get("/devices/demo/nothing/").status_code == 404
    assert HallNotice.objects.count() == 3


PAGES = [
    (KIOSK, ""), (KIOSK, "queues/trade/"), (KIOSK, "check-in/"), (KIOSK, "come-back/"), (LED, ""), (SCREEN, ""),
    (RATING, ""), (DeviceKind.TOUCH_SCREEN, ""), (DeviceKind.TOUCH_SCREEN, "progress/"),
    (DeviceKind.TOUCH_SCREEN, "items/?q=yfk"), (DeviceKind.TOUCH_SCREEN, f"items/{PREPAID}/"),
    (DeviceKind.TOUCH_SCREEN, "windows/"), (DeviceKind.TOUCH_SCREEN, "waiting/"), (DeviceKind.CORNER, ""),
    (DeviceKind.CORNER, "apply/"), (DeviceKind.CORNER, "receipt/"),
]  # fmt: skip


def test_english_pages_hold_no_chinese_that_does_not_say_so(people, hall):
    node, case = served(people, hall), submitted(people)
    assert node
    pages = {}
    for kind, path in PAGES:
        client = hall.client(kind)
        client.cookies["zhengtong_language"] = "en"
        pages[kind, path] = client.get(hall.path(kind, path.replace(PREPAID, people.item().item_code)))
    slip = {"number": case.number, "code": case.query_code}
    corner = hall.client(DeviceKind.CORNER)
    corner.cookies["zhengtong_language"] = "en"
    for path, sent in (
        ("progress/", slip),
        ("receipt/", slip),
        ("progress/", {}),
        ("progress/", {**slip, "code": "2"}),
    ):
        pages["corner", path, len(pages)] = corner.post(hall.path(DeviceKind.CORNER, path), sent)
    kiosk = hall.client(KIOSK)
    kiosk.cookies["zhengtong_language"] = "en"
    pages["ticket"] = kiosk.post(hall.path(KIOSK, "queues/trade/"), {"press": str(uuid4())})
    desk = sign_in(Client(), people, MANAGER)
    desk.cookies["zhengtong_language"] = "en"
    for path in ("", "?revoked=1", "notices/", f"{hall.devices[RATING].uid}/"):
        pages["desk", path] = desk.get(f"/desk/devices/{path}")
    blank = Client()
    blank.cookies["zhengtong_language"] = "en"
    pages["pairing"] = blank.get("/devices/")
    for name, page in pages.items():
        assert page.status_code in (200, 422), name
        html = page.content.decode()
        assert '<html lang="en"' in html, name
        assert strayed(html) == [], name
