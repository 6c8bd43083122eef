"""Many people, one place: the database keeps the count, whoever is quicker."""

from uuid import UUID

import pytest

from tests.flows.appointments import booked, hall, here, scheduled, slot_at, wanted
from tests.flows.test_races import at_once
from tests.people import AT, Cast, cast
from zhengtong.base.journal import check_subject
from zhengtong.base.journal.queries import entries_of
from zhengtong.domains.appointments import queries
from zhengtong.domains.appointments.models import Appointment, Slot
from zhengtong.flows.appointment_booked import book
from zhengtong.flows.appointment_cancelled import cancel
from zhengtong.flows.appointment_missed import sweep_missed
from zhengtong.flows.appointment_moved import move
from zhengtong.flows.appointment_schedules import close_day, lay_out_due
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.slots import Status

pytestmark = pytest.mark.django_db(transaction=True)
TOMORROW = here(9, 28)  # Monday after 中秋节


@pytest.fixture
def people(transactional_db: None) -> Cast:
    return cast()


def codes(results: list) -> list[RefusalCode]:
    assert all(not isinstance(one, Exception) or isinstance(one, Refusal) for one in results), results
    return [one.code for one in results if isinstance(one, Refusal)]


def coming(count: int) -> list[Slot]:
    return list(Slot.objects.filter(starts__gte=TOMORROW).order_by("starts")[:count])


def sound() -> bool:
    rows = Appointment.objects.all()
    return queries.miscounted() == [] and not any(
        check_subject(row, list(entries_of("appointment", row.key))) for row in rows
    )


def test_twenty_at_once_never_overfill_a_slot_of_three(people):
    scheduled(people, capacity=3)
    slot = slot_at(TOMORROW)
    results = at_once(*(lambda n=n: booked(n, slot) for n in range(20)))
    assert codes(results) == [RefusalCode.SLOT_FULL] * 17
    assert Slot.objects.get(pk=slot.pk).taken == 3 == Appointment.objects.filter(slot=slot).count()
    assert sound()


def test_the_same_form_sent_many_times_books_once(people):
    scheduled(people, capacity=3)
    slot = slot_at(TOMORROW)
    results = at_once(*(lambda: booked(1, slot) for _ in range(8)))
    assert codes(results) == []
    assert len({one.pk for one in results}) == 1
    assert Slot.objects.get(pk=slot.pk).taken == 1
    assert sound()


def test_one_person_in_several_windows_gets_one_place(people):
    scheduled(people, capacity=5)
    slot = slot_at(TOMORROW)
    results = at_once(
        *(lambda n=n: book(slot.pk, wanted(n, phone="13800000001"), by=people.other, at=AT) for n in range(6))
    )
    assert codes(results) == [RefusalCode.APPOINTMENT_TWICE] * 5
    assert Slot.objects.get(pk=slot.pk).taken == 1
    assert sound()


def test_one_person_at_once_holds_three_and_never_more(people):
    """Twenty different slots, so that only the count of the person stands between them; by phone, then by account."""
    scheduled(people, capacity=5)
    slots = coming(20)
    same_phone = at_once(*(lambda n=n: booked(n, slots[n], phone="13800000001") for n in range(20)))
    assert codes(same_phone) == [RefusalCode.APPOINTMENT_TOO_MANY] * 17
    account = people.citizen.pk
    same_account = at_once(
        *(lambda n=n: booked(100 + n, slots[n], by=people.applicant, account_id=account) for n in range(20))
    )
    assert codes(same_account) == [RefusalCode.APPOINTMENT_TOO_MANY] * 17
    assert Appointment.objects.count() == 6
    assert sound()


def test_twenty_people_at_once_do_not_stand_in_each_others_way(people):
    scheduled(people, capacity=5)
    slots = coming(20)
    assert codes(at_once(*(lambda n=n: booked(n, slots[n]) for n in range(20)))) == []
    assert Appointment.objects.count() == 20
    assert sound()


def test_the_third_appointment_sent_many_times_is_the_third_and_no_fourth(people):
    scheduled(people, capacity=5)
    slots = coming(3)
    for number in (1, 2):
        booked(number, slots[number], phone="13800000001")
    results = at_once(*(lambda: booked(3, slots[0], phone="13800000001") for _ in range(8)))
    assert codes(results) == []
    assert len({one.pk for one in results}) == 1
    assert sound()


def test_a_day_is_closed_while_people_move_about_in_it(people):
    """Whatever comes first, nobody is left holding a place in a closed slot, and nobody waits for ever."""
    scheduled(people, capacity=8)
    slots = [*coming(2), slot_at(here(9, 29))]
    rows = [booked(n, slots[n % 3]) for n in range(12)]
    by, manager = people.acting("罗婉秋"), people.acting("蒋华")
    movers = [
        lambda row=row, n=n: move(row, slots[(n + 1) % 3].pk, seen=None, by=by, at=AT) for n, row in enumerate(rows)
    ]
    place = hall(people)
    results = at_once(
        *movers[:6],
        lambda: close_day(str(UUID(int=5)), place, TOMORROW.date(), "", "停电", by=manager, at=AT),
        *movers[6:],
    )
    assert set(codes(results)) <= {RefusalCode.SLOT_CLOSED, RefusalCode.STALE, RefusalCode.APPOINTMENT_WRONG_STATE}
    assert not isinstance(results[6], Exception)
    assert not Appointment.objects.filter(state=Status.BOOKED.value, slot__closed=True).exists()
    assert not Slot.objects.filter(on=TOMORROW.date(), taken__gt=0).exists()
    assert sound()


def test_two_who_change_places_do_not_wait_for_each_other(people):
    scheduled(people, capacity=2)
    early, late = slot_at(TOMORROW), slot_at(here(9, 28, 9, 30))
    first, second = booked(1, early), booked(2, late)
    results = at_once(
        lambda: move(first, late.pk, seen=None, by=people.acting("罗婉秋"), at=AT),
        lambda: move(second, early.pk, seen=None, by=people.acting("罗婉秋"), at=AT),
    )
    assert codes(results) == []
    assert [Slot.objects.get(pk=slot.pk).taken for slot in (early, late)] == [1, 1]
    assert sound()


def test_cancelled_and_moved_at_once_one_wins(people):
    scheduled(people)
    early, late = slot_at(TOMORROW), slot_at(here(9, 28, 9, 30))
    row = booked(1, early)
    found = Appointment.objects.select_related("slot", "hall")
    one, other, by = found.get(pk=row.pk), found.get(pk=row.pk), people.acting("罗婉秋")
    lost = codes(
        at_once(
            lambda: cancel(one, seen=None, by=by, at=AT),
            lambda: move(other, late.pk, seen=None, by=by, at=AT),
        )
    )
    assert lost == [RefusalCode.STALE]
    taken = sum(Slot.objects.filter(pk__in=[early.pk, late.pk]).values_list("taken", flat=True))
    assert taken == (0 if Appointment.objects.get().state == Status.CANCELLED.value else 1)
    assert sound()


def test_two_workers_record_a_no_show_once_and_lay_out_each_slot_once(people):
    scheduled(people)
    row = booked(1, slot_at(TOMORROW))
    after = here(9, 28, 10)
    assert sorted(at_once(lambda: sweep_missed(at=after), lambda: sweep_missed(at=after))) == [0, 1]
    assert [entry.kind for entry in entries_of("appointment", row.key)] == ["appointment.booked", "appointment.missed"]
    before = Slot.objects.count()
    at_once(lambda: lay_out_due(at=after), lambda: lay_out_due(at=after))
    starts = list(Slot.objects.values_list("schedule", "starts"))
    assert len(starts) == len(set(starts)) > before
    assert sound()
