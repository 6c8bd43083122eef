"""The tables of a busy hall: read by pages, at the price of a small one, and taken away as files."""

import csv
import io
import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from tests.flows.appointments import QUEUE, hall, here, scheduled
from tests.people import AT, Cast, cast
from tests.web.portal import signed_in
from zhengtong.domains.appointments import queries
from zhengtong.domains.appointments.models import Appointment, Slot
from zhengtong.domains.hall.models import Queue
from zhengtong.rules.slots import Status

pytestmark = pytest.mark.django_db
MONDAY = here(9, 28)
DAY_PAGE, FIGURE_PAGE = "/desk/bookings/?hall=H01&on=2026-09-28", "/desk/schedule/?hall=H01&past=missed"
FILE = "/desk/bookings/export/{form}/?hall=H01&on={on}&span={span}"


@pytest.fixture
def people(db: None, monkeypatch: pytest.MonkeyPatch) -> Cast:
    cache.clear()
    monkeypatch.setattr(timezone, "now", lambda: MONDAY + timedelta(days=2))
    made = cast()
    Queue.objects.create(hall=hall(made), code=QUEUE, letter="A", name="综合业务", name_en="General")
    scheduled(made)
    return made


def crowd(first: int, last: int, moment=MONDAY) -> None:
    """Appointments as their rows stand, three to a moment; every other one is a no-show. Their slot is not asked."""
    slot = Slot.objects.order_by("pk").first()
    assert slot is not None
    Appointment.objects.bulk_create(
        [
            Appointment(
                key=str(UUID(int=number)), code=f"C{number}", place="hall", slot=slot, hall=slot.hall,
                queue_code=QUEUE, starts=moment + timedelta(seconds=number // 3), ends=moment + timedelta(hours=3),
                matter="=1+1", person_name="周老师", phone="13800000001", phone_hash=str(number), channel="web",
                state_since=AT, booked_at=AT, state=(Status.NO_SHOW if number % 2 else Status.BOOKED).value,
            )
            for number in range(first, last)
        ],
        batch_size=500,
    )  # fmt: skip


def cost(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as seen:
        assert b"".join(client.get(path)) if "export" in path else client.get(path).status_code == 200
    return len(seen)


def test_a_page_of_ten_thousand_costs_what_a_page_of_sixty_costs(people):
    clerk, manager = (signed_in(people.officers[name].account) for name in ("罗婉秋", "蒋华"))
    crowd(0, 120)
    few = [cost(clerk, DAY_PAGE), cost(manager, FIGURE_PAGE)]
    crowd(120, 10_000)
    assert [cost(clerk, DAY_PAGE), cost(manager, FIGURE_PAGE)] == few
    assert max(few) <= 26
    page = clerk.get(DAY_PAGE).content.decode()
    assert "10000 个预约" in page
    assert len(re.findall(r"/desk/bookings/[0-9a-f-]{36}/", page)) == queries.LINES
    month = FILE.format(form="csv", on="2026-09-05", span="month")
    assert cost(clerk, month) <= 2 * 10_000 // 500 + 12  # two for each piece


@pytest.mark.parametrize(
    ("path", "name", "mark", "count"),
    [(DAY_PAGE, "罗婉秋", "after", 130), (FIGURE_PAGE, "蒋华", "before", 65)],
)
def test_page_by_page_everybody_is_there_once(people, path, name, mark, count):
    crowd(0, 130)
    client, found, asked = signed_in(people.officers[name].account), [], path
    while asked:
        page = client.get(asked).content.decode()
        found += re.findall(r"/desk/bookings/([0-9a-f-]{36})/", page)
        more = re.search(rf'rel="next" href="[^"]*{mark}=(\d+)', page)
        asked = f"{path}&{mark}={more[1]}" if more else ""
    assert len(found) == len(set(found)) == count


def rows_of(client: Client, **asked: str) -> list[list[str]]:
    text = b"".join(client.get(FILE.format(form="csv", **asked))).decode().removeprefix("\ufeff")
    return list(csv.reader(io.StringIO(text)))


def test_a_day_and_its_month_are_taken_away_masked_and_no_cell_runs(people):
    crowd(0, 2)
    crowd(2, 3, here(9, 30))
    crowd(3, 4, here(10, 8))
    clerk = signed_in(people.officers["罗婉秋"].account)
    day, month = (rows_of(clerk, on="2026-09-28", span=span) for span in ("day", "month"))
    assert (len(day), len(month)) == (3, 4)
    assert day[1] == [
        "2026-09-28", "09:00-12:00", hall(people).name, "综合业务", "'=1+1", "周**", "138****0001", "网上", "已预约", "C0",
        "2026-09-24 10:00", "",
    ]  # fmt: skip
    book = load_workbook(io.BytesIO(b"".join(clerk.get(FILE.format(form="xlsx", on="2026-09-28", span="month")))))
    sheet = [[cell.value for cell in line] for line in book.active]
    assert [line[:10] for line in sheet[1:]] == [line[:10] for line in month[1:]]
    assert {cell.data_type for line in book.active for cell in line} <= {"s", "inlineStr", "n"}  # no formula
    assert clerk.get(FILE.format(form="pdf", on="2026-09-28", span="day")).status_code == 404
    assert clerk.get(FILE.format(form="csv", on="2026-09-28", span="year")).status_code == 404
    handler = signed_in(people.officers["李军"].account)
    assert handler.get(FILE.format(form="csv", on="2026-09-28", span="day")).status_code == 403


def test_a_file_in_english_has_an_english_head(people):
    crowd(0, 1)
    clerk = signed_in(people.officers["罗婉秋"].account)
    clerk.cookies["zhengtong_language"] = "en"
    assert rows_of(clerk, on="2026-09-28", span="day")[0][:4] == ["Date", "Time", "Hall", "Queue"]
