"""The ground a house stands on, as a list names it: regions, organs with sections, windows, accounts.

What is missing is added, what is there stays as it is; so a list may be laid out again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from zhengtong.base.personal import lookup_hash
from zhengtong.domains.registry.models import Account, Hall, Organ, Region, Section, ServiceWindow
from zhengtong.rules.codes import check_mobile, check_uscc


@dataclass(frozen=True, slots=True)
class RegionRow:
    code: str
    name: str
    name_en: str
    level: int
    parent: str = ""


@dataclass(frozen=True, slots=True)
class OrganRow:
    """`sections` as (name, English name); `region` by its code."""

    code: str
    name: str
    name_en: str
    short_name: str
    region: str
    address: str
    consult_phone: str
    complaint_phone: str
    appeal_organ: str
    court: str
    is_centre: bool
    sections: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class HallRow:
    """`region` by its code; `kind` as registry.Hall names the levels of the network."""

    code: str
    name: str
    region: str
    kind: str = Hall.CENTRE
    name_en: str = ""
    address: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class WindowRow:
    """`hall` by its name; `organ` by its code, empty for a window that serves every organ."""

    hall: str
    number: str
    name: str
    organ: str = ""


@dataclass(frozen=True, slots=True)
class AccountRow:
    login: str
    name: str
    kind: str
    phone: str = ""
    email: str = ""


@transaction.atomic
def lay_out(
    regions: Sequence[RegionRow], organs: Sequence[OrganRow], halls: Sequence[HallRow], windows: Sequence[WindowRow]
) -> None:
    """Regions must stand after their parents. KeyError names a region, organ or hall that was not listed."""
    places: dict[str, Region] = {region.code: region for region in Region.objects.all()}
    for row in regions:
        if row.code not in places:
            places[row.code] = Region.objects.create(
                code=row.code,
                name=row.name,
                name_en=row.name_en,
                level=row.level,
                parent=places[row.parent] if row.parent else None,
            )
    houses = {
        organ.code: organ
        for organ in Organ.objects.bulk_create(
            [_organ(row, places) for row in organs],
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=["code"],
        )
    }
    Section.objects.bulk_create(
        [
            Section(organ=houses[row.code], name=name, name_en=name_en)
            for row in organs
            for name, name_en in row.sections
        ],
        ignore_conflicts=True,
    )
    Hall.objects.bulk_create([_hall(row, places) for row in halls], ignore_conflicts=True)
    named = {hall.name: hall for hall in Hall.objects.all()}
    ServiceWindow.objects.bulk_create(
        [
            ServiceWindow(
                hall=named[row.hall], number=row.number, name=row.name, organ=houses[row.organ] if row.organ else None
            )
            for row in windows
        ],
        ignore_conflicts=True,
    )


def _hall(row: HallRow, places: dict[str, Region]) -> Hall:
    return Hall(
        code=row.code,
        kind=row.kind,
        name=row.name,
        name_en=row.name_en,
        region=places[row.region],
        address=row.address,
        phone=row.phone,
    )


def _organ(row: OrganRow, places: dict[str, Region]) -> Organ:
    return Organ(
        code=check_uscc(row.code),
        name=row.name,
        name_en=row.name_en,
        short_name=row.short_name,
        region=places[row.region],
        address=row.address,
        consult_phone=row.consult_phone,
        complaint_phone=row.complaint_phone,
        appeal_organ=row.appeal_organ,
        court=row.court,
        is_centre=row.is_centre,
    )


@transaction.atomic
def open_accounts(rows: Sequence[AccountRow], *, password: str, at: datetime) -> dict[str, Account]:
    """Accounts with one first password, by login; phones count as verified, for whoever lists them vouches for them.

    One hash serves all: deriving several hundred would take a minute, and hide nothing where the password is one.
    """
    hashed = make_password(password)
    known = {account.login: account for account in Account.objects.filter(login__in=[row.login for row in rows])}
    for row in rows:
        if row.login not in known:
            phone = check_mobile(row.phone) if row.phone else ""
            known[row.login] = Account(
                login=row.login,
                kind=row.kind,
                name=row.name,
                email=row.email,
                phone=phone,
                phone_hash=lookup_hash(phone),
                phone_verified=bool(phone),
                password=hashed,
                created_at=at,
            )
    Account.objects.bulk_create([account for account in known.values() if account.pk is None])
    return known
