"""The city on its first day: calendar, numbers of the law, places, organs, officers, people and their mandates."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.db import transaction

from zhengtong.base import calendar
from zhengtong.base.journal.queries import entries_of
from zhengtong.base.parameters import actions as parameters
from zhengtong.base.permission import Acting, ActorKind, PostHeld
from zhengtong.city.accounts import PASSWORD
from zhengtong.city.records import Record, city
from zhengtong.domains.performance.actions import tables as score_tables
from zhengtong.domains.registry import actions, founding, queries
from zhengtong.domains.registry.founding import AccountRow, HallRow, OrganRow, RegionRow, WindowRow
from zhengtong.domains.supervision import actions as supervision
from zhengtong.rules.roles import Role

# The city was founded this long before the moment its demo begins at; so its journal tells that moment again.
AGE = timedelta(days=120)
SINCE = date(2020, 1, 1)  # posts held
LEAVES = 12  # officers away for some days, each stood in for by their AB colleague

FOUNDER = Acting(ActorKind.IMPORT, None, "示范城市", (PostHeld(Role.ADMINISTRATOR, 0),))

Moved = Callable[[int], None]


def begun_at() -> datetime | None:
    """The moment the demo of this database is told from; None while nothing was founded."""
    entry = entries_of("enterprise", city().enterprises[0]["uscc"]).first()
    return entry.at + AGE if entry is not None else None


@transaction.atomic
def found(start: datetime, moved: Moved) -> None:
    """All of it or nothing: a city founded by half could not be told from another's data."""
    at = start - AGE
    calendar.seed(at=at)
    parameters.seed()
    supervision.seed(at=at)
    score_tables.seed(at=at)
    _lay_out()
    accounts = founding.open_accounts(_account_rows(), password=PASSWORD, at=at)
    _people(accounts, at, moved)
    _officers(accounts, at, moved)
    _leaves(start, at)


def steps() -> int:
    """How often `found` reports that it has moved on."""
    records = city()
    return len(records.persons) + len(records.enterprises) + len(records.officers)


def _lay_out() -> None:
    records = city()
    halls = {
        hall["code"]: HallRow(
            code=hall["code"], name=hall["name"], name_en=hall["name_en"], region=hall["region_code"],
            kind=hall["kind"], address=hall["address"], phone=hall["phone"],
        )
        for hall in records.halls
    }  # fmt: skip
    centres = {organ["code"] for organ in records.organs if organ["is_centre"]}
    founding.lay_out(
        [RegionRow(r["code"], r["name"], r["name_en"], int(r["level"]), r["parent"] or "") for r in records.regions],
        [_organ_row(organ) for organ in records.organs],
        list(halls.values()),
        [
            WindowRow(
                halls[w["hall"]].name, str(w["number"]), w["name"], "" if w["organ"] in centres else w["organ"] or ""
            )
            for w in records.windows
        ],
    )


def _organ_row(organ: Record) -> OrganRow:
    same = (
        "code", "name", "name_en", "short_name", "address", "consult_phone", "complaint_phone", "appeal_organ",
        "court", "is_centre",
    )  # fmt: skip
    sections = [(s["name"], s.get("name_en", "")) for s in organ["sections"]]
    return OrganRow(**{key: organ[key] for key in same}, region=organ["region_code"], sections=sections)


def _account_rows() -> list[AccountRow]:
    records = city()
    citizens = [AccountRow(p["mobile"], p["name"], "citizen", p["mobile"], p["email"]) for p in records.persons]
    return citizens + [AccountRow(o["staff_no"], o["name"], "officer") for o in records.officers]


def _people(accounts: dict[str, Any], at: datetime, moved: Moved) -> None:
    records = city()
    persons = {}
    for told in records.persons:
        persons[told["key"]] = actions.register_person(
            key=told["key"],
            name=told["name"],
            id_kind=told["id_type"],
            id_number=told["id_number"],
            phone=told["mobile"],
            account=accounts[told["mobile"]],
            fictitious=True,
            by=FOUNDER,
            at=at,
        )
        moved(1)
    enterprises = {}
    for told in records.enterprises:
        enterprises[told["uscc"]] = actions.register_enterprise(
            uscc=told["uscc"],
            name=told["name"],
            kind=told["kind"],
            capital=f"{float(told['registered_capital']) / 10_000:,.0f} 万元",
            address=told["address"],
            registered_on=date.fromisoformat(told["registered_on"]),
            legal_representative=persons[told["legal_representative"]],
            phone=told["phone"],
            fictitious=True,
            by=FOUNDER,
            at=at,
        )
        moved(1)
    for agent, uscc in records.mandates():
        enterprise = enterprises[uscc]
        giver = enterprise.legal_representative
        if giver is None or giver.account is None:
            continue
        actions.give_mandate(
            key=f"{agent}-{uscc}",
            agent=persons[agent],
            enterprise=enterprise,
            principal=None,
            since=at.date(),
            until=at.date() + timedelta(days=730),
            scope="代为申请、补正、领取政务服务事项",
            by=queries.applicant_acting(giver.account, enterprise),
            at=at,
        )


def _officers(accounts: dict[str, Any], at: datetime, moved: Moved) -> None:
    records = city()
    organs = {organ.code: organ for organ in queries.organs()}
    sections = {(section.organ_id, section.name): section for section in queries.sections_of()}
    places = {window["code"]: (window["hall"], str(window["number"])) for window in records.windows}
    windows = {(window.hall.code, window.number): window for window in queries.windows()}
    named = {s["code"]: s["name"] for organ in records.organs for s in organ["sections"]}
    for told in records.officers:
        organ = organs[told["organ"]]
        officer = actions.appoint(
            staff_no=told["staff_no"],
            name=told["name"],
            organ=organ,
            account=accounts[told["staff_no"]],
            window=windows[places[told["window"]]] if told["window"] else None,
            by=FOUNDER,
            at=at,
        )
        for role in told["roles"]:
            bound = told["section"] if role in BOUND else None
            section = sections[(organ.pk, named[bound])] if bound else None
            actions.give_post(officer, role=Role(role), organ=organ, section=section, since=SINCE, by=FOUNDER, at=at)
        moved(1)


# Windows serve their whole organ, whatever section they sit with; so do editors, checkers and the centre's people.
BOUND = {Role.HANDLER, Role.REVIEWER, Role.SECTION_HEAD}


def leave_plan(start: datetime) -> dict[str, tuple[date, date]]:
    """Who is away when, by staff number. Nobody is away together with the colleague who stands in."""
    by_login = {officer["login"]: officer for officer in city().officers}
    chance = Random(f"leave:{start.date()}")  # noqa: S311  (a story, no secret)
    able = [o for o in city().officers if {"handler", "reviewer"} & set(o["roles"])]
    plan: dict[str, tuple[date, date]] = {}
    busy: set[str] = set()
    chance.shuffle(able)
    # One of them is away today, so that the AB post can be seen at work.
    able.sort(key=lambda officer: officer["staff_no"] != AWAY_TODAY)
    for officer in able:
        deputy = by_login[officer["substitute"]]
        if len(plan) == LEAVES or {officer["staff_no"], deputy["staff_no"]} & busy:
            continue
        busy |= {officer["staff_no"], deputy["staff_no"]}
        since = start.date() - timedelta(days=2 if not plan else chance.randrange(8, 60))
        plan[officer["staff_no"]] = (since, since + timedelta(days=chance.randrange(4, 8)))
    return plan


AWAY_TODAY = "YZ0323"  # 冯心洁 of 外资管理科; 黄念莹 stands in


def _leaves(start: datetime, at: datetime) -> None:
    records = city()
    staff = {officer.staff_no: officer for officer in queries.officers(limit=10_000)}
    told = {officer["staff_no"]: officer for officer in records.officers}
    numbers = {officer["login"]: officer["staff_no"] for officer in records.officers}
    for number, (since, until) in leave_plan(start).items():
        deputy = staff[numbers[told[number]["substitute"]]]
        actions.substitute(staff[number], deputy, since=since, until=until, reason="年休假", by=FOUNDER, at=at)
