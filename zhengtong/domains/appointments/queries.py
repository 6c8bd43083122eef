"""Questions to appointments. A booking is read by its person (account, or code with phone), else by who may book."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Q, QuerySet, Sum

from zhengtong.base import law
from zhengtong.base.permission import Acting, ActorKind
from zhengtong.base.personal import lookup_hash
from zhengtong.domains.appointments.models import Appointment, Closure, Schedule, Slot
from zhengtong.rules.clock import local_date, start_of
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.rules.slots import Place, Service, Status, paused_until

PAGE, LINES = 20, 50  # of a person's own list, and of the desk's tables
_WITH = ("hall", "item", "slot", "officer")
DESK = (Ability.BOOK, Ability.KEEP_HALL)


# --- slots -------------------------------------------------------------------------------------------------------


def slots(hall_code: str, queue_code: str, on: date, *, place: Place = Place.HALL) -> list[Slot]:
    """The slots of a queue on a day, in their order; closed ones left out."""
    rows = Slot.objects.filter(hall__code=hall_code, queue_code=queue_code, on=on, place=place.value, closed=False)
    return list(rows.order_by("starts", "pk"))


def slot_for(slot_id: int) -> Slot:
    known = Slot.objects.select_related("hall").filter(pk=slot_id) if slot_id < 2**63 else Slot.objects.none()
    slot = known.first()
    if slot is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return slot


@dataclass(frozen=True, slots=True)
class OpenDay:
    on: date
    capacity: int
    left: int


def open_days(hall_id: int, queue_code: str, at: datetime, *, place: Place = Place.HALL) -> list[OpenDay]:
    """The days that still have slots after `at`, each with what is left: one query."""
    horizon = local_date(at) + timedelta(days=horizon_days(local_date(at)))
    rows = (
        Slot.objects.filter(
            hall_id=hall_id, queue_code=queue_code, place=place.value, closed=False, starts__gt=at,
            on__gte=local_date(at), on__lte=horizon,
        )
        .values("on")
        .annotate(room=Sum("capacity"), used=Sum("taken"))
        .order_by("on")
    )  # fmt: skip
    return [OpenDay(row["on"], row["room"], row["room"] - row["used"]) for row in rows]


def offered_queues(at: datetime, *, place: Place = Place.HALL) -> set[tuple[int, str]]:
    """(hall id, queue code) of every queue that still has a free slot after `at`."""
    rows = Slot.objects.filter(place=place.value, closed=False, starts__gt=at, taken__lt=F("capacity"))
    return set(rows.order_by().values_list("hall_id", "queue_code").distinct())


def bookable_after(at: datetime) -> datetime:
    """A slot that begins later than this may still be booked online now (appointment.notice.minutes)."""
    return at + timedelta(minutes=law.current_law().value("appointment.notice.minutes", local_date(at)))


def horizon_days(on: date) -> int:
    days: int = law.current_law().value("appointment.horizon.days", on)
    return days


# --- schedules and closures --------------------------------------------------------------------------------------


def schedules(hall_id: int | None = None, *, ended: bool = False) -> QuerySet[Schedule]:
    rows = Schedule.objects.select_related("hall").order_by("hall__code", "place", "queue_code", "opens", "pk")
    rows = rows.filter(ended_at__isnull=not ended)
    return rows if hall_id is None else rows.filter(hall_id=hall_id)


def schedule_for(key: str) -> Schedule:
    schedule = Schedule.objects.select_related("hall").filter(key=key).first()
    if schedule is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return schedule


def running_schedules(on: date) -> list[Schedule]:
    """Those that may have slots on a day or after it."""
    return list(schedules().filter(until__gte=on))


def longer_schedules(hall_id: int) -> list[Schedule]:
    """Every schedule, ended ones too, by which a hall is open beyond its usual hours."""
    rows = Schedule.objects.filter(hall_id=hall_id, place=Place.HALL.value)
    return list(rows.exclude(service=Service.NORMAL.value))


def runs_until(schedule: Schedule, at: datetime) -> datetime | None:
    """The end of the slot that is running; None between slots, and when it was closed."""
    running = Slot.objects.filter(schedule=schedule, starts__lte=at, ends__gt=at, closed=False)
    return running.values_list("ends", flat=True).first()


def closures(hall_id: int, since: date) -> list[Closure]:
    return list(Closure.objects.filter(hall_id=hall_id, on__gte=since, lifted_at__isnull=True).order_by("on"))


def closure_for(key: str) -> Closure:
    closure = Closure.objects.select_related("hall").filter(key=key, lifted_at__isnull=True).first()
    if closure is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return closure


def closed_on(hall_id: int, days: Iterable[date]) -> set[tuple[date, str]]:
    """(day, queue) of the closures among these days; queue "" closes them all."""
    rows = Closure.objects.filter(hall_id=hall_id, on__in=list(days), lifted_at__isnull=True)
    return set(rows.values_list("on", "queue_code"))


@dataclass(frozen=True, slots=True)
class Load:
    """A day of a hall: room, taken, and how the bookings that have passed ended. The base stands beside each figure."""

    on: date
    capacity: int
    taken: int
    slots: int
    came: int = 0
    missed: int = 0
    cancelled: int = 0


def loads(hall_id: int, since: date, until: date) -> list[Load]:
    """Capacity and use per day: two queries for any number of days."""
    rows = (
        Slot.objects.filter(hall_id=hall_id, on__gte=since, on__lte=until)
        .filter(Q(closed=False) | Q(taken__gt=0))
        .values("on")
        .annotate(room=Sum("capacity"), used=Sum("taken"), count=Count("pk"))
        .order_by("on")
    )
    ends = (
        Appointment.objects.filter(hall_id=hall_id, slot__on__gte=since, slot__on__lte=until)
        .values("slot__on")
        .annotate(
            came=Count("pk", filter=Q(state__in=[Status.CHECKED_IN.value, Status.DONE.value])),
            missed=Count("pk", filter=Q(state=Status.NO_SHOW.value)),
            cancelled=Count("pk", filter=Q(state=Status.CANCELLED.value)),
        )
    )
    ended = {row["slot__on"]: row for row in ends}
    return [
        Load(
            row["on"], row["room"], row["used"], row["count"],
            **{name: ended[row["on"]][name] if row["on"] in ended else 0 for name in ("came", "missed", "cancelled")},
        )
        for row in rows
    ]  # fmt: skip


def slots_of_day(hall_id: int, on: date) -> list[Slot]:
    """Every slot of the day with its schedule, closed ones too: the manager's table."""
    rows = Slot.objects.select_related("schedule").filter(hall_id=hall_id, on=on)
    return list(rows.order_by("place", "queue_code", "starts", "pk"))


# --- appointments ------------------------------------------------------------------------------------------------


def appointment_for(by: Acting, key: str) -> Appointment:
    """Its own person's, or any for who may book at the desk; Refusal(NOT_FOUND) for all others alike."""
    rows = Appointment.objects.select_related(*_WITH).filter(key=key)
    if by.kind is ActorKind.APPLICANT:
        rows = rows.filter(account_id=by.id or 0)
    elif not by.can(*DESK):
        rows = rows.filter(officer_id__in=by.principals())  # the officer of a home visit, or who stands in
    appointment = rows.first()
    if appointment is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return appointment


def by_code(code: str, phone: str) -> Appointment:
    """For whoever booked without an account: code and phone together; Refusal(APPOINTMENT_UNKNOWN)."""
    rows = Appointment.objects.select_related(*_WITH)
    found = rows.filter(code=code.strip().upper(), phone_hash=lookup_hash(phone.strip())).first()
    if found is None or not phone.strip():
        raise Refusal(RefusalCode.APPOINTMENT_UNKNOWN)
    return found


def coded(code: str) -> Appointment:
    """For a device of the hall, where the code alone is shown; Refusal(APPOINTMENT_UNKNOWN)."""
    found = Appointment.objects.select_related(*_WITH).filter(code=code.strip().upper()).first()
    if found is None:
        raise Refusal(RefusalCode.APPOINTMENT_UNKNOWN)
    return found


def keyed(key: str) -> Appointment | None:
    return Appointment.objects.select_related(*_WITH).filter(key=key).first()


def my_appointments(account_id: int, *, before: int | None = None, limit: int = PAGE) -> list[Appointment]:
    """Newest booking first."""
    rows = Appointment.objects.select_related(*_WITH).filter(account_id=account_id)
    return list((rows.filter(pk__lt=before) if before else rows).order_by("-pk")[:limit])


def without_account(phone_hash: str, at: datetime) -> int:
    """How many were booked for a phone without signing in that still count: to come, or missed and not excused."""
    lately = start_of(
        local_date(at) - timedelta(days=law.current_law().value("appointment.no_show.within.days", local_date(at)))
    )
    counts = Q(state=Status.BOOKED.value, ends__gt=at) | Q(
        state=Status.NO_SHOW.value, excused=False, starts__gte=lately
    )
    return Appointment.objects.filter(counts, phone_hash=phone_hash, account__isnull=True).count() if phone_hash else 0


def of_days(
    by: Acting, hall_id: int, since: date, until: date, *, after: int | None = None, limit: int = LINES
) -> list[Appointment]:
    """The desk's list of some days, both included, by time; `after`: the last one of the page before.

    Names and phones are masked at the door.
    """
    by.check(*DESK)
    rows = _of_days(hall_id, since, until).select_related(*_WITH)
    last = _starts(after)
    if last is not None:
        rows = rows.filter(starts__gte=last).exclude(starts=last, pk__lte=after)
    return list(rows.order_by("starts", "pk")[:limit])


def count_of_days(by: Acting, hall_id: int, since: date, until: date) -> int:
    by.check(*DESK)
    return _of_days(hall_id, since, until).count()


def _of_days(hall_id: int, since: date, until: date) -> QuerySet[Appointment]:
    return Appointment.objects.filter(
        hall_id=hall_id, starts__gte=start_of(since), starts__lt=start_of(until + timedelta(days=1))
    )


def _starts(pk: int | None) -> datetime | None:
    return Appointment.objects.filter(pk=pk).values_list("starts", flat=True).first() if pk else None


def of_phone(by: Acting, phone: str, *, limit: int = PAGE) -> list[Appointment]:
    """What a caller has booked, for the clerk at the phone."""
    by.check(*DESK)
    rows = Appointment.objects.select_related(*_WITH).filter(phone_hash=lookup_hash(phone.strip()))
    return list(rows.order_by("-pk")[:limit]) if phone.strip() else []


def visits_of(by: Acting, *, limit: int = LINES) -> list[Appointment]:
    """Home visits in this officer's hands and in those of whom they stand in for, the next first."""
    rows = Appointment.objects.select_related(*_WITH).filter(
        officer_id__in=by.principals(), place=Place.HOME.value, state=Status.BOOKED.value
    )
    return list(rows.order_by("starts", "pk")[:limit])


def objections(*, limit: int = PAGE) -> list[Appointment]:
    """Objections to a no-show that nobody has answered, oldest first: they leave the list from its head."""
    rows = Appointment.objects.select_related(*_WITH).filter(objected_at__isnull=False, answered_at__isnull=True)
    return list(rows.order_by("objected_at")[:limit])


# --- what a person may do ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pause:
    until: date
    missed: int
    within: int


@dataclass(frozen=True, slots=True)
class Person:
    """Who books, as far as counting goes: an account, a phone, or both."""

    account_id: int | None = None
    phone_hash: str = ""

    @property
    def keys(self) -> list[str]:
        """Of the rows that are locked while this person's appointments are counted, in the order of locking."""
        known = (f"account:{self.account_id}" if self.account_id is not None else "", self.phone_hash)
        return sorted(key for key in known if key)

    @property
    def theirs(self) -> Q:
        mine = Q(pk__in=[])
        if self.account_id is not None:
            mine |= Q(account_id=self.account_id)
        if self.phone_hash:
            mine |= Q(phone_hash=self.phone_hash)
        return mine


def pause(person: Person, at: datetime) -> Pause | None:
    """The pause of online booking in force for this person, or None (domain-rules §10)."""
    on, numbers = local_date(at), law.current_law()
    count, within, days = (
        numbers.value(f"appointment.no_show.{name}", on) for name in ("count", "within.days", "pause.days")
    )
    # Older ones can no longer matter: a pause ends `days` after its last no-show. Twice the span keeps a spent row
    # of them spent.
    since = start_of(on - timedelta(days=2 * (within + days)))
    ends = Appointment.objects.filter(
        person.theirs, state=Status.NO_SHOW.value, excused=False, starts__gte=since
    ).values_list("starts", flat=True)
    until = paused_until([local_date(one) for one in ends], on, count=count, within=within, days=days)
    return Pause(until, count, within) if until is not None else None


def open_count(person: Person, at: datetime) -> int:
    return Appointment.objects.filter(person.theirs, state=Status.BOOKED.value, ends__gt=at).count()


# --- the worker --------------------------------------------------------------------------------------------------


def missed(at: datetime, *, limit: int = 200) -> list[Appointment]:
    """Hall appointments whose slot ended before `at` and to which nobody came."""
    rows = Appointment.objects.select_related(*_WITH).filter(state=Status.BOOKED.value, ends__lt=at)
    return list(rows.filter(place=Place.HALL.value).order_by("ends", "pk")[:limit])


def to_remind(until: datetime, booked_before: datetime, at: datetime, *, limit: int = 200) -> list[Appointment]:
    rows = Appointment.objects.select_related(*_WITH).filter(
        state=Status.BOOKED.value, ends__gt=at, ends__lte=until, reminded_at__isnull=True, booked_at__lt=booked_before
    )
    return list(rows.order_by("ends", "pk")[:limit])


def booked_in(slot_ids: Sequence[int]) -> list[Appointment]:
    """Who still counts on a place in these slots."""
    rows = Appointment.objects.select_related(*_WITH).filter(slot_id__in=slot_ids, state=Status.BOOKED.value)
    return list(rows.order_by("starts", "pk"))


def miscounted() -> list[Slot]:
    """Slots whose count differs from who holds a place; always empty, and a test says so."""
    holding = [
        Status.BOOKED.value,
        Status.CHECKED_IN.value,
        Status.NO_SHOW.value,
        Status.DONE.value,
        Status.FAILED.value,
    ]
    rows = Slot.objects.annotate(held=Count("appointments", filter=Q(appointments__state__in=holding)))
    return list(rows.exclude(taken=F("held")))


@dataclass(frozen=True, slots=True)
class Figures:
    """What a period's appointments came to; each with its base."""

    booked: int = 0
    came: int = 0
    missed: int = 0
    excused: int = 0
    cancelled: int = 0
    by_house: int = 0
    by_channel: dict[str, int] = field(default_factory=dict)


BEHIND: dict[str, Q] = {
    "came": Q(state__in=[Status.CHECKED_IN.value, Status.DONE.value]),
    "missed": Q(state=Status.NO_SHOW.value),
    "cancelled": Q(state=Status.CANCELLED.value),
    "by_house": Q(by_house=True),
}


def behind(
    by: Acting, name: str, hall_id: int, since: date, until: date, *, before: int | None = None, limit: int = LINES
) -> list[Appointment]:
    """The appointments one of the figures counts, newest first; `before`: the last one of the page before."""
    by.check(*DESK)
    rows = _of_days(hall_id, since, until).filter(BEHIND[name]).select_related(*_WITH)
    last = _starts(before)
    if last is not None:
        rows = rows.filter(starts__lte=last).exclude(starts=last, pk__gte=before)
    return list(rows.order_by("-starts", "-pk")[:limit])


def figures(hall_id: int, since: date, until: date) -> Figures:
    """Of the appointments whose slot lies in these days."""
    rows = _of_days(hall_id, since, until)
    counts = rows.aggregate(
        booked=Count("pk"),
        excused=Count("pk", filter=Q(excused=True)),
        **{name: Count("pk", filter=which) for name, which in BEHIND.items()},
    )
    channels = rows.values("channel").annotate(n=Count("pk")).order_by("channel")
    return Figures(**counts, by_channel={row["channel"]: row["n"] for row in channels})
