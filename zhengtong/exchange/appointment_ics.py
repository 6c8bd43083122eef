"""An appointment as an iCalendar file (RFC 5545, sent as RFC 5546 asks): published while it stands, cancelled when not.

The UID never changes and SEQUENCE rises with every change, so that a calendar replaces what it knew.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Alarm, Calendar, Event, vUri

PRODUCT = "-//Zhengtong//Appointments//ZH"
BEFORE = timedelta(hours=-2)


@dataclass(frozen=True, slots=True)
class Entry:
    """What the calendar shows; all words come from the door, in the reader's language. Times are aware."""

    uid: str
    sequence: int
    starts: datetime
    ends: datetime
    changed_at: datetime
    cancelled: bool
    summary: str
    description: str
    location: str
    url: str
    organiser: str
    organiser_url: str


def calendar_file(entry: Entry) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "CANCEL" if entry.cancelled else "PUBLISH")
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    # UTC instants: right in every calendar, without a time zone of our own to carry along.
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("last-modified", entry.changed_at.astimezone(UTC))
    event.add("dtstart", entry.starts.astimezone(UTC))
    event.add("dtend", entry.ends.astimezone(UTC))
    event.add("summary", entry.summary)
    event.add("description", entry.description)
    event.add("location", entry.location)
    event.add("url", entry.url)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT" if entry.cancelled else "OPAQUE")
    organiser = vUri(entry.organiser_url)
    organiser.params["CN"] = entry.organiser
    event["organizer"] = organiser
    if not entry.cancelled:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", entry.summary)
        alarm.add("trigger", BEFORE)
        event.add_component(alarm)
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written
