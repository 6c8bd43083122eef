"""预约 in the demo city: halls that give appointments, people who have one, a no-show that is disputed; an agent at work
for a project, and a village clerk who files for a villager."""

from datetime import datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid5

from zhengtong.base.permission import SYSTEM, Acting, ActorKind
from zhengtong.city import answers
from zhengtong.city.accounts import (
    AGENT,
    CENTRE_MANAGER,
    CITIZEN,
    HALL_CLERK,
    HANDLER,
    LEGAL_REPRESENTATIVE,
    VILLAGE_CLERK,
)
from zhengtong.city.records import city
from zhengtong.city.sheets import Sheets
from zhengtong.domains.appointments import agencies, queries
from zhengtong.domains.appointments.actions import Booking
from zhengtong.domains.appointments.actions.agency import Asked
from zhengtong.domains.appointments.actions.filing import Mandate
from zhengtong.domains.appointments.actions.schedules import Session
from zhengtong.domains.appointments.queries import Appointment
from zhengtong.domains.catalogue import queries as catalogue
from zhengtong.domains.hall import queries as halls
from zhengtong.domains.registry import queries as registry
from zhengtong.flows.agency_assigned import assign_agent
from zhengtong.flows.agency_filed import file_for, keep_filing
from zhengtong.flows.agency_noted import note_progress
from zhengtong.flows.agency_requested import request_agency
from zhengtong.flows.appointment_booked import book
from zhengtong.flows.appointment_missed import object_to_miss, sweep_missed
from zhengtong.flows.appointment_schedules import lay_out_due, open_schedule
from zhengtong.flows.appointment_visited import assign_visit
from zhengtong.flows.supplement_at_counter import Brought
from zhengtong.flows.take_in import Comer, Laid
from zhengtong.rules.clock import local_date
from zhengtong.rules.masking import mask_name
from zhengtong.rules.refusal import Refusal
from zhengtong.rules.slots import WORKWEEK, Days, Pattern, Place, Service

DAY = timedelta(days=1)
NAMES = UUID("6f1c2f6e-6f3b-4c0e-9a55-5a50e2d3a7b1")
CENTRE, STATION = "H01", "H02"
HOURS = ((time(9), time(12)), (time(13, 30), time(17)))
MATTERS = ("预付卡备案", "境外投资备案咨询", "开办企业", "社保转移", "施工许可", "临时身份证明", "家庭服务业备案")
RECYCLING, SERVICES = "991021013000", "991021026000"  # items tagged for the village


def enact(*, at: datetime) -> None:
    """Idempotent: a city whose halls give appointments already is left alone."""
    if queries.schedules().exists():
        return
    past = at - 6 * DAY
    _schedules(past, at)
    _missed(past, at)
    _bookings(at)
    _agency(at - 3 * DAY, at)
    _village(at - 2 * DAY)


def _schedules(past: datetime, at: datetime) -> None:
    manager = _acting(CENTRE_MANAGER, past)
    since, until = local_date(past), local_date(at).replace(month=12, day=31) + 365 * DAY
    weekdays = Pattern(WORKWEEK, Days.WORKING, since, until)
    for code in (CENTRE, STATION):
        hall = registry.hall_for(code)
        for queue in halls.queues(code):
            for opens, closes in HOURS:
                session = Session(opens, closes, 30, 4 if code == CENTRE else 2)
                key = _key("schedule", code, queue.code, str(opens))
                open_schedule(key, hall, queue.code, weekdays, session, by=manager, at=past)
    centre, general = registry.hall_for(CENTRE), halls.queues(CENTRE)[-1].code
    home = Session(time(9, 30), time(16, 30), 60, 1, Service.NORMAL, Place.HOME)
    open_schedule(_key("home"), centre, "", weekdays, home, by=manager, at=past)
    open_schedule(
        _key("saturday"), centre, general, Pattern(frozenset({5}), Days.REST, local_date(at), local_date(at) + 60 * DAY),
        Session(time(9), time(12), 30, 4, Service.HOLIDAY), reason="周六不打烊，方便上班族办事", by=manager, at=at,
    )  # fmt: skip
    lay_out_due(at=at)


def _missed(past: datetime, at: datetime) -> None:
    """The agent of an enterprise could not come last week and says why."""
    account = registry.account_by_phone(AGENT)
    slot = next((s for s in _slots(CENTRE, past, at) if past < s.starts < at - DAY), None)
    if account is None or slot is None:
        return
    by = registry.applicant_acting(account)
    row = book(slot.pk, _wanted("missed", account.name, AGENT, "预付卡备案", account_id=account.pk), by=by, at=past)
    sweep_missed(at=slot.ends + DAY)
    fresh = queries.keyed(row.key)
    if fresh is not None:
        object_to_miss(fresh, text="当天客户临时来访，来不及取消，以后一定提前取消。", by=by, at=at)


def _bookings(at: datetime) -> None:
    """The next working days of the centre fill up; the citizen one signs in as has one, and a home visit is to make."""
    chance = Random(20261122)  # noqa: S311  (a play, no secret)
    citizen, clerk = registry.account_by_phone(CITIZEN), _acting(HALL_CLERK, at)
    coming = [slot for slot in _slots(CENTRE, at, at + 8 * DAY) if slot.starts > at + timedelta(hours=2)]
    people = [person for person in city().persons if person["id_type"] == "111" and person["mobile"] != AGENT]
    for number, slot in enumerate(chance.sample(coming, min(40, len(coming)))):
        person = people[number % len(people)]
        by_phone = chance.random() < 0.4
        guest = Acting(ActorKind.APPLICANT, None, mask_name(person["name"]))
        wanted = _wanted(
            f"booking-{number}", person["name"], person["mobile"], chance.choice(MATTERS),
            channel=Appointment.PHONE if by_phone else Appointment.WEB,
        )  # fmt: skip
        try:
            book(slot.pk, wanted, by=clerk if by_phone else guest, at=at)
        except Refusal:
            continue  # somebody has three already, or the slot is full: as in life
    if citizen is not None and coming:
        item = next((one for one in catalogue.popular(40) if one.item_code.endswith("034000")), None)
        wanted = _wanted("citizen", citizen.name, CITIZEN, "开办企业", account_id=citizen.pk, item=item)
        book(coming[len(coming) // 2].pk, wanted, by=registry.applicant_acting(citizen), at=at)
    home = next((slot for slot in _slots(CENTRE, at, at + 8 * DAY, Place.HOME) if slot.starts > at + DAY), None)
    if home is not None:
        person = people[-1]
        wanted = _wanted(
            "visit",
            person["name"],
            person["mobile"],
            "临时身份证明",
            channel=Appointment.PHONE,
            address=person["address"],
        )
        visit = book(home.pk, wanted, by=clerk, at=at)
        assign_visit(visit, HANDLER, by=clerk, at=at)


def _agency(past: datetime, at: datetime) -> None:
    account = registry.account_by_phone(LEGAL_REPRESENTATIVE)
    if account is None:
        return
    enterprises = registry.enterprises_of(account.pk, local_date(past))
    enterprise = enterprises[0] if enterprises else None
    by = registry.applicant_acting(account, enterprise)
    asked = Asked(
        _key("agency"), "云湖冷链物流园二期", "立项、用地、施工许可和再生资源备案，请代办员陪同办理。", account.name,
        LEGAL_REPRESENTATIVE, enterprise.pk if enterprise else None,
    )  # fmt: skip
    row = request_agency(asked, by=by, at=past)
    assign_agent(row, HANDLER, seen=None, by=_acting(CENTRE_MANAGER, past), at=past + timedelta(hours=2))
    agent = _acting(HANDLER, at)
    row = agencies.request_for(agent, row.key)
    text = "已陪同到投资项目窗口咨询，材料清单已发您，施工许可可与用地手续并行准备。"
    note_progress(row, text, seen=None, by=agent, at=past + DAY)
    second = Asked(
        _key("agency-2"), "清源县废旧物资分拣中心", "想先弄清要办哪些备案。", account.name, LEGAL_REPRESENTATIVE
    )
    request_agency(second, by=by, at=at)


def _village(past: datetime) -> None:
    """陶莲花 files for two villagers; the paper mandate is a sheet of the city's own."""
    clerk, chance = _acting(VILLAGE_CLERK, past), Random(7)  # noqa: S311  (a play, no secret)
    villagers = [p for p in city().persons if p["id_type"] == "111"][:2]
    sheets = Sheets(past)
    for number, (tail, person) in enumerate(zip((RECYCLING, SERVICES), villagers, strict=False)):
        item = next((one for one in catalogue.popular(60) if one.item_code.endswith(tail)), None)
        if item is None or item.current_version_id is None:
            continue
        edition = catalogue.edition(item.current_version_id)
        chosen = answers.situation(edition, chance)
        shop = city().enterprises[number]["uscc"]  # the villager's own shop, as the form asks
        written = answers.fill(edition, chosen, answers.writer(chance, local_date(past), person["key"], shop))
        laid = Laid(written, chosen, [Brought(material.code) for material in edition.materials])
        comer = Comer(person_name=person["name"], id_number=person["id_number"], phone=person["mobile"])
        scan = Mandate(sheets.for_material("委托书"), "授权委托书.pdf", local_date(past) + 180 * DAY, consent=True)
        kept = keep_filing(item, uuid5(NAMES, f"filing-{number}"), comer, laid, scan, by=clerk, at=past)
        try:
            file_for(kept, by=clerk, at=past + timedelta(minutes=10))
        except Refusal:
            continue  # an answer the law wants otherwise: the draft waits in the clerk's list


def _slots(hall_code: str, since: datetime, until: datetime, place: Place = Place.HALL) -> list[Any]:
    """Every slot of a hall in some days, by queue and time."""
    found: list[Any] = []
    codes = [queue.code for queue in halls.queues(hall_code)] if place is Place.HALL else [""]
    for offset in range((local_date(until) - local_date(since)).days + 1):
        on = local_date(since) + offset * DAY
        for code in codes:
            found += queries.slots(hall_code, code, on, place=place)
    return found


def _wanted(name: str, person: str, phone: str, matter: str, **more: Any) -> Booking:
    given: dict[str, Any] = {"channel": Appointment.WEB, **more}
    return Booking(_key(name), person, phone, matter=matter, **given)


def _key(*names: str) -> str:
    return str(uuid5(NAMES, ":".join(names)))


def _acting(staff_no: str, at: datetime) -> Acting:
    account = registry.officer_for(staff_no).account_id
    by = registry.officer_acting(account, local_date(at)) if account is not None else None
    return by or SYSTEM
