"""叫号 and 大厅管理 through the front door: the window's day by its buttons, the desk's tickets, the manager's hall."""

import re
from datetime import date

import pytest
from django.core.cache import cache
from django.utils import timezone

from tests.hall import open_all_day, queued, taken
from tests.people import Cast, cast, submitted
from tests.web.test_frame_pages import strayed
from zhengtong.base.evidence import check_slice
from zhengtong.base.journal.models import Entry
from zhengtong.base.law import current_law
from zhengtong.base.outbox.models import Message
from zhengtong.domains.hall import queries as hall
from zhengtong.domains.hall.models import OpeningHours, Queue, Sitting, SpecialDay, Ticket
from zhengtong.domains.ratings.models import Node

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def _fresh():
    cache.clear()


@pytest.fixture
def people() -> Cast:
    people = cast()
    people.windows = queued(people)
    open_all_day(timezone.localdate())
    return people


def as_(client, people, name, language=""):
    client.force_login(people.officers[name].account, backend=BACKEND)
    if language:
        client.cookies["zhengtong_language"] = language
    return client


def page_of(client, address, status=200) -> str:
    response = client.get(address)
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def press(client, name, status=302, **fields):
    response = client.post(f"/desk/call/{name}/", fields)
    assert response.status_code == status, response.content.decode()[:3000]
    return response


def test_a_window_calls_serves_and_calls_the_next(client, people):
    now = timezone.now()
    first, second = taken(now), taken(now, phone="13800000002")
    clerk = as_(client, people, "张敏")
    assert "开窗" in page_of(clerk, "/desk/call/")
    press(clerk, "open")
    assert "叫下一位" in page_of(clerk, "/desk/call/")
    press(clerk, "next")
    page = page_of(clerk, "/desk/call/")
    assert "A001" in page
    assert "开始办理" in page
    press(clerk, "recall", ticket=first.key)
    press(clerk, "start", ticket=first.key)
    assert "办结并叫下一位" in page_of(clerk, "/desk/call/")
    press(clerk, "serve-next", ticket=first.key)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("SERVED", "CALLED")
    assert Node.objects.get().subject_key == str(first.key)  # one service, one rating
    assert "138****0002" in page_of(clerk, "/desk/call/")
    press(clerk, "pass", ticket=second.key)
    assert Message.objects.get(kind="ticket.passed").payload["label"] == "A002"


def test_a_visit_that_became_a_case_names_it(client, people):
    now = timezone.now()
    ticket = taken(now)
    case = submitted(people)
    clerk = as_(client, people, "张敏")
    press(clerk, "next")
    press(clerk, "start", ticket=ticket.key)
    refused = press(clerk, "serve", 422, ticket=ticket.key, case_no="123")
    assert "没有编号为 123 的办件" in refused.content.decode()
    press(clerk, "serve", ticket=ticket.key, case_no=case.number)
    ticket.refresh_from_db()
    assert ticket.case_no == case.number
    assert Node.objects.get().item_name == case.item_name


def test_the_second_press_is_told_who_is_there(client, people):
    taken(timezone.now())
    taken(timezone.now())
    clerk = as_(client, people, "张敏")
    press(clerk, "next")
    assert "窗口上还有 A001 号" in press(clerk, "next", 422).content.decode()


def test_a_clerk_does_not_call_at_anothers_window(client, people):
    taken(timezone.now())
    press(as_(client, people, "张敏"), "open")
    refused = press(as_(client, people, "陈静"), "next", 422, window=people.windows[0].pk)
    assert "由张敏值守" in refused.content.decode()


def test_who_leaves_for_a_while_says_when_they_come_back(client, people):
    clerk = as_(client, people, "张敏")
    press(clerk, "open")
    press(clerk, "close", minutes="20")
    sitting = Sitting.objects.get()
    assert (sitting.back_at - sitting.closed_at).total_seconds() == 1200


def test_a_ticket_goes_to_another_queue_and_keeps_its_place(client, people):
    first = taken(timezone.now())
    clerk = as_(client, people, "张敏")
    press(clerk, "next")
    press(clerk, "transfer", ticket=first.key, to="queue:licences")
    turn = first.turn
    first.refresh_from_db()
    assert (first.queue.code, first.state, first.turn, first.label) == ("licences", "WAITING", turn, "A001")


def test_the_desk_gives_a_ticket_and_finds_it_again(client, people):
    guide = as_(client, people, "罗婉秋")
    assert "代取号" in page_of(guide, "/desk/tickets/")
    response = guide.post("/desk/tickets/", {"queue": "general", "priority": "green", "phone": "13800000009"})
    ticket = Ticket.objects.get()
    assert response["Location"] == f"/desk/tickets/{ticket.key}/"
    assert "绿色通道" in page_of(guide, f"/desk/tickets/{ticket.key}/")
    assert guide.get("/desk/tickets/?label=a001")["Location"] == f"/desk/tickets/{ticket.key}/"
    again = guide.post("/desk/tickets/", {"queue": "general", "phone": "13800000009"})
    assert again.status_code == 422
    assert "已有一个号：A001" in again.content.decode()


def test_the_manager_puts_a_ticket_first_with_a_reason(client, people):
    taken(timezone.now())
    last = taken(timezone.now())
    manager = as_(client, people, "蒋华")
    assert manager.post(f"/desk/tickets/{last.key}/pin/", {"reason": ""}).status_code == 422
    assert manager.post(f"/desk/tickets/{last.key}/pin/", {"reason": "突发不适"}).status_code == 302
    page = page_of(manager, f"/desk/tickets/{last.key}/")
    assert "突发不适" in page
    assert as_(client, people, "罗婉秋").post(f"/desk/tickets/{last.key}/pin/", {"reason": "x"}).status_code == 403


def test_the_manager_sees_the_hall_and_opens_a_queue(client, people, django_assert_max_num_queries):
    taken(timezone.now())
    press(as_(client, people, "张敏"), "next")
    manager = as_(client, people, "蒋华")
    with django_assert_max_num_queries(45):
        page = page_of(manager, "/desk/hall/")
    assert "A001" in page
    assert "张敏" in page
    fields = {
        "code": "advice", "letter": "c", "name": "咨询", "expected_minutes": "5", "active": "on",
        "windows": [str(people.windows[0].pk)],
    }  # fmt: skip
    assert manager.post("/desk/hall/H01/queues/new/", {**fields, "letter": "A"}).status_code == 422
    assert manager.post("/desk/hall/H01/queues/new/", {**fields, "items": "nothing"}).status_code == 422
    assert manager.post("/desk/hall/H01/queues/new/", fields).status_code == 302
    queue = Queue.objects.get(code="advice")
    assert (queue.letter, queue.windows.get()) == ("C", people.windows[0])
    del fields["code"]
    changed = manager.post("/desk/hall/H01/queues/advice/", {**fields, "name": "综合咨询", "letter": "D"})
    assert changed.status_code == 302
    assert "综合咨询" in page_of(manager, "/desk/hall/H01/queues/")


def test_the_manager_sets_hours_and_a_day_that_is_different(client, people):
    manager = as_(client, people, "蒋华")
    week = {f"day{weekday}": "08:30-12:00 13:00-17:30" if weekday < 5 else "" for weekday in range(7)}
    assert manager.post("/desk/hall/H01/hours/", week).status_code == 302
    assert OpeningHours.objects.get().week == {str(day): "08:30-12:00 13:00-17:30" for day in range(5)}
    unreadable = manager.post("/desk/hall/H01/hours/", {**week, "day0": "上午"})
    assert unreadable.status_code == 422
    assert "“上午”读不懂" in unreadable.content.decode()
    day = {"do": "day", "on": "2099-01-01", "kind": "shut", "note": "检修"}
    assert manager.post("/desk/hall/H01/hours/", day).status_code == 302
    assert SpecialDay.objects.get(on="2099-01-01").hours == ""
    assert manager.post("/desk/hall/H01/hours/", {**day, "kind": "usual"}).status_code == 302
    assert SpecialDay.objects.get(on="2099-01-01").cancelled
    assert hall.special_days(people.windows[0].hall_id, date(2099, 1, 1)) == []


def told(client) -> list[str]:
    """The history on the page of hours, newest first."""
    page = page_of(client, "/desk/hall/H01/hours/")
    return [" ".join(re.sub("<[^>]+>", "", line).split()) for line in re.findall(r"<li><p><b>(.*?)</p>", page)]


def test_who_changed_the_hours_stays_on_record(client, people):
    manager, window = as_(client, people, "蒋华"), people.windows[1]
    manager.post("/desk/hall/H01/hours/", {"day0": "09:00-12:00", "day1": "09:00-12:00"})
    manager.post("/desk/hall/H01/hours/", {"day0": "09:00-12:00", "day1": "09:00-12:00"})  # nothing new, nothing said
    manager.post("/desk/hall/H01/hours/", {"day0": "08:30-12:00"})
    manager.post("/desk/hall/H01/hours/", {"window": window.pk, "day5": "09:00-12:00"})
    manager.post("/desk/hall/H01/hours/", {"window": window.pk})
    day = {"do": "day", "on": "2099-01-01", "kind": "other", "hours": "09:00-12:00", "note": "元旦"}
    for change in ({}, {}, {"kind": "shut"}, {"kind": "usual"}, {"kind": "usual"}):
        manager.post("/desk/hall/H01/hours/", day | change)
    assert told(manager)[:-1] == [
        "取消特别的日子 2099年1月1日：不开放 → 按平时",
        "登记特别的日子 2099年1月1日：09:00-12:00 → 不开放",
        "登记特别的日子 2099年1月1日：按平时 → 09:00-12:00",
        "改动开放时间 2 号窗口：周六 09:00-12:00 → 平时的时间",
        "改动开放时间 2 号窗口：平时的时间 → 周六 09:00-12:00",
        "改动开放时间 整个大厅：周一–周二 09:00-12:00 → 周一 08:30-12:00",
        "改动开放时间 整个大厅：平时的时间 → 周一–周二 09:00-12:00",
    ]
    assert Entry.objects.filter(kind="opening_hours.changed", actor_id=people.officers["蒋华"].pk).count() == 4
    assert all(check_slice(kind, current_law().calendar).faults == [] for kind in (OpeningHours, SpecialDay))


def test_who_changed_a_queue_stays_on_record(client, people):
    manager = as_(client, people, "蒋华")
    fields = {"letter": "A", "name": "综合业务", "name_en": "General", "expected_minutes": "10", "position": "0"}
    windows = {"windows": [str(window.pk) for window in people.windows]}
    changed = fields | windows | {"expected_minutes": "15"}
    assert manager.post("/desk/hall/H01/queues/general/", changed).status_code == 302
    page = page_of(manager, "/desk/hall/H01/queues/general/")
    assert re.findall(r"<li><p><b>(.*?)</b>(.*?)</p>", page) == [
        ("调整排队业务", " 预计每位几分钟：10 → 15 · 现在可以取号：是 → 否"), ("添加排队业务", ""),
    ]  # fmt: skip


def test_who_sat_where_stays_on_record(client, people):
    clerk = as_(client, people, "张敏")
    press(clerk, "open")
    press(clerk, "close", minutes="20")
    press(clerk, "open")
    manager = as_(client, people, "蒋华")
    manager.post(f"/desk/hall/windows/{people.windows[0].pk}/close/")
    page = page_of(manager, "/desk/hall/")
    acts = re.findall(r"<li><p><b>(.*?)</b> (.*?)</p>.*? · (.*?)</p></li>", page)
    assert [(title, who.split(" · ")[0]) for title, _text, who in acts] == [
        ("关窗", "蒋华"), ("开窗", "张敏"), ("关窗", "张敏"), ("开窗", "张敏"),
    ]  # fmt: skip
    assert re.fullmatch(r"1 号窗口，\d\d:\d\d 回来", acts[2][1])
    assert "这一天没有窗口开过" in page_of(manager, "/desk/hall/?on=2020-01-01")
    assert "关窗" in page_of(manager, "/desk/hall/?on=nonsense")
    assert check_slice(Sitting, current_law().calendar).faults == []


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("张敏", "/desk/call/"),
        ("罗婉秋", "/desk/tickets/"),
        ("蒋华", "/desk/tickets/{key}/"),
        ("蒋华", "/desk/hall/"),
        ("蒋华", "/desk/hall/H01/queues/"),
        ("蒋华", "/desk/hall/H01/queues/new/"),
        ("蒋华", "/desk/hall/H01/queues/general/"),
        ("蒋华", "/desk/hall/H01/hours/"),
    ],
)
def test_pages_are_english_in_english(client, people, name, address):
    ticket = taken(timezone.now(), phone="13800000009", priority="elderly")
    taken(timezone.now())
    press(as_(client, people, "张敏"), "next")
    assert not strayed(page_of(as_(client, people, name, "en"), address.format(key=ticket.key)))


def test_the_call_screen_asks_little(client, people, django_assert_max_num_queries):
    for _ in range(20):
        taken(timezone.now())
    clerk = as_(client, people, "张敏")
    press(clerk, "next")
    with django_assert_max_num_queries(25):
        page_of(clerk, "/desk/call/")


def test_a_wrong_press_is_taken_back_at_the_window(client, people):
    first, second = taken(timezone.now()), taken(timezone.now())
    clerk = as_(client, people, "张敏")
    press(clerk, "next", window=people.windows[0].pk)
    press(clerk, "pass", ticket=first.key)
    assert f"{first.label} 号到了" in page_of(clerk, "/desk/call/")
    press(clerk, "back", ticket=first.key)
    press(clerk, "serve-next", ticket=first.key)
    assert f"{first.label} 号没有办完，撤销办结" in page_of(clerk, "/desk/call/")
    told = clerk.post("/desk/call/reopen/", {"ticket": first.key}, follow=True).content.decode()
    assert f"已撤销办结，接着办理。{second.label} 号退回原来的次序。" in told
    assert "人不在，按过号处理" in told
    press(clerk, "serve-next", ticket=first.key)
    press(clerk, "start", ticket=second.key)
    told = press(clerk, "reopen", 422, ticket=first.key).content.decode()
    assert second.label in told


def test_who_closes_a_window_hears_who_still_waits_for_it(client, people):
    clerk = as_(client, people, "张敏")
    press(clerk, "open", window=people.windows[0].pk)
    assert "人在等，现在没有" not in clerk.post("/desk/call/close/", follow=True).content.decode()
    press(clerk, "open", window=people.windows[0].pk)
    taken(timezone.now())
    told = clerk.post("/desk/call/close/", follow=True).content.decode()
    assert "还有 1 人在等，现在没有别的窗口能叫他们" in told


def test_a_step_opened_by_its_address_leads_back_to_the_screen(client, people):
    clerk = as_(client, people, "张敏")
    response = clerk.get("/desk/call/recall/")
    assert (response.status_code, response["Location"]) == (302, "/desk/call/")
    assert clerk.get("/desk/call/nothing/").status_code == 404
