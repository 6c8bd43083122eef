"""Every page of appointments, agency service and the village in English: no Chinese that is not said to be Chinese."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.people import PREPAID, cast
from tests.web.appointed import appointed
from tests.web.portal import signed_in
from tests.web.test_frame_pages import strayed

pytestmark = pytest.mark.django_db
RECYCLING = "991021013000"  # tagged for the village
PORTAL = (
    "book", "appointments", "appointment", "appointment_slip", "appointment_times", "appointment_home",
    "appointment_slot", "find_appointment", "agency", "agency_new", "agency_request",
)  # fmt: skip
DESK = {
    "罗婉秋": ("bookings", "booking_new", "booking", "visits"),
    "蒋华": ("schedule", "schedule_new", "halls", "levels", "agency", "agency_request", "filing"),
    "陶莲花": ("village", "village_item"),
}


def test_pages_in_english():
    people = cast(PREPAID, RECYCLING)
    special = appointed(people)
    special["desk:village_item"] = {"item_code": people.item(RECYCLING).item_code}
    visitors = [("portal", PORTAL, signed_in(people.citizen))]
    visitors += [("desk", names, signed_in(people.officers[name].account)) for name, names in DESK.items()]
    for space, names, client in visitors:
        _in_english(client)
        for name in names:
            address = reverse(f"{space}:{name}", kwargs=special.get(f"{space}:{name}", {}))
            answer = client.get(address)
            html = answer.content.decode()
            assert answer.status_code == 200, address
            assert '<html lang="en"' in html, address
            assert strayed(html) == [], address


def test_what_has_happened_is_told_as_done_and_a_button_says_what_to_do():
    people = cast(PREPAID)
    special, clerk, manager = (
        appointed(people),
        *(signed_in(people.officers[one].account) for one in ("罗婉秋", "蒋华")),
    )
    _in_english(clerk)
    _in_english(manager)
    booking = reverse("desk:booking", kwargs=special["desk:booking"])
    clerk.post(booking + "cancel/")
    shown = clerk.get(booking).content.decode()
    for told in ("<b>Booked</b>", "<b>Cancelled</b>"):
        assert told in shown
    assert "Abolished" not in shown
    schedule = manager.get(reverse("desk:schedule") + "?hall=H01").content.decode()
    assert 'data-ask-yes="End"' in schedule
    assert "Switched off" not in schedule


def _in_english(client: Client) -> None:
    client.cookies["zhengtong_language"] = "en"
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
