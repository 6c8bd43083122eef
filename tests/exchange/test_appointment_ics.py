"""The calendar file of an appointment: read by two libraries that know nothing of us, and by the letter of RFC 5545."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import vobject
from icalendar import Calendar

from zhengtong.exchange.appointment_ics import Entry, calendar_file
from zhengtong.rules.clock import SHANGHAI

STARTS = datetime(2026, 9, 28, 9, 30, tzinfo=SHANGHAI)
BOOKED = Entry(
    uid="00000000-0000-4000-8000-000000000001@appointments.zhengtong", sequence=0, starts=STARTS,
    ends=STARTS + timedelta(minutes=30), changed_at=datetime(2026, 9, 24, 2, tzinfo=UTC), cancelled=False,
    summary="预约：单用途商业预付卡发卡企业备案；核对材料, 原件\\复印件",
    description="预约码 A7K2M9PQ\n请提前到场签到；不能来请先取消。\nhttps://example.com/appointments/1/",
    location="云泽市政务服务中心 云湖区政通路1号", url="https://example.com/appointments/1/", organiser="云泽市政务服务中心",
    organiser_url="https://example.com/",
)  # fmt: skip
MOVED = replace(BOOKED, sequence=1, starts=STARTS + timedelta(days=1), ends=STARTS + timedelta(days=1, minutes=30))
CANCELLED = replace(MOVED, sequence=2, cancelled=True)


@pytest.mark.parametrize("entry", [BOOKED, MOVED, CANCELLED], ids=["booked", "moved", "cancelled"])
def test_two_libraries_read_what_we_wrote(entry):
    written = calendar_file(entry)
    own = Calendar.from_ical(written)
    event = own.walk("VEVENT")[0]
    other = vobject.readOne(written.decode())
    assert own.errors == event.errors == []
    for uid, starts, ends, said, sequence in (
        (str(event["UID"]), event.decoded("DTSTART"), event.decoded("DTEND"), str(event["SUMMARY"]), event["SEQUENCE"]),
        (
            other.vevent.uid.value, other.vevent.dtstart.value, other.vevent.dtend.value, other.vevent.summary.value,
            int(other.vevent.sequence.value),
        ),
    ):  # fmt: skip
        assert (uid, starts, ends, said, sequence) == (
            entry.uid, entry.starts, entry.ends, entry.summary, entry.sequence,
        )  # fmt: skip
    assert other.vevent.description.value == entry.description
    assert other.method.value == str(own["METHOD"]) == ("CANCEL" if entry.cancelled else "PUBLISH")
    assert other.vevent.status.value == ("CANCELLED" if entry.cancelled else "CONFIRMED")
    assert hasattr(other.vevent, "valarm") is not entry.cancelled


@pytest.mark.parametrize("entry", [BOOKED, CANCELLED], ids=["booked", "cancelled"])
def test_the_file_keeps_the_letter_of_the_standard(entry):
    """§3.1: lines end with CRLF and hold 75 octets at most; §3.6: PRODID and VERSION; RFC 5546 §3.2: what each needs."""
    written = calendar_file(entry)
    lines = written.split(b"\r\n")
    assert b"\n" not in written.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in lines)
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-2:] == [b"END:VCALENDAR", b""]
    unfolded = written.replace(b"\r\n ", b"").decode().split("\r\n")
    names = [line.partition(":")[0].partition(";")[0] for line in unfolded]
    for name in ("PRODID", "VERSION", "METHOD", "UID", "DTSTAMP", "DTSTART", "ORGANIZER", "SEQUENCE"):
        assert names.count(name) == 1, name
    assert "ATTENDEE" not in names  # a published event has none
    starts = next(line for line in unfolded if line.startswith("DTSTART"))
    assert starts.endswith("Z")


def test_the_same_appointment_is_one_event_whatever_happens_to_it():
    uids = {str(Calendar.from_ical(calendar_file(one)).walk("VEVENT")[0]["UID"]) for one in (BOOKED, MOVED, CANCELLED)}
    assert uids == {BOOKED.uid}
