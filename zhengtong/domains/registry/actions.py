from datetime import date, datetime

from django.db import transaction

from zhengtong.base import journal
from zhengtong.base.journal import Event
from zhengtong.base.permission import Acting
from zhengtong.base.personal import lookup_hash
from zhengtong.domains.registry.models import (
    Account,
    Enterprise,
    Hall,
    Mandate,
    Officer,
    Organ,
    Person,
    Post,
    Region,
    Section,
    ServiceWindow,
    Substitution,
)
from zhengtong.rules.codes import check_mobile, check_resident_id, check_uscc
from zhengtong.rules.kinds import Kind
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability, Role
from zhengtong.rules.text import clean_line, require_line

RESIDENT_ID = "111"


@transaction.atomic
def register_person(
    *,
    key: str,
    name: str,
    by: Acting,
    at: datetime,
    id_kind: str = RESIDENT_ID,
    id_number: str = "",
    phone: str = "",
    account: Account | None = None,
    fictitious: bool = False,
) -> Person:
    """A natural person. A 居民身份证 number must pass its check digit; it is stored encrypted."""
    if id_kind == RESIDENT_ID and id_number:
        id_number = check_resident_id(id_number)
    if phone:
        phone = check_mobile(phone)
    person = Person(
        key=key,
        account=account,
        name=require_line(name, 100, "name"),
        id_kind=id_kind,
        id_number=id_number,
        id_number_hash=lookup_hash(id_number),
        phone=phone,
        phone_hash=lookup_hash(phone),
        fictitious=fictitious,
    )
    journal.insert(person, Event(Kind.PERSON_REGISTERED, {"id_kind": id_kind}), by=by, at=at)
    return person


@transaction.atomic
def change_person(
    person: Person, *, name: str, id_kind: str, id_number: str, phone: str, by: Acting, at: datetime
) -> None:
    if id_kind == RESIDENT_ID and id_number:
        id_number = check_resident_id(id_number)
    if phone:
        phone = check_mobile(phone)
    journal.commit(
        person,
        Event(Kind.PERSON_CHANGED, {"id_kind": id_kind}),
        by=by,
        at=at,
        name=require_line(name, 100, "name"),
        id_kind=id_kind,
        id_number=id_number,
        id_number_hash=lookup_hash(id_number),
        phone=phone,
        phone_hash=lookup_hash(phone),
    )


@transaction.atomic
def register_enterprise(
    *,
    uscc: str,
    name: str,
    by: Acting,
    at: datetime,
    kind: str = "",
    capital: str = "",
    address: str = "",
    registered_on: date | None = None,
    legal_representative: Person | None = None,
    phone: str = "",
    fictitious: bool = False,
) -> Enterprise:
    """An enterprise by its 统一社会信用代码 (GB 32100—2015), whose check character must hold."""
    code = check_uscc(uscc)
    if Enterprise.objects.filter(uscc=code).exists():
        raise Refusal(RefusalCode.ENTERPRISE_KNOWN, uscc=code)
    enterprise = Enterprise(
        uscc=code,
        name=require_line(name, 200, "name"),
        kind=kind,
        capital=capital,
        address=address,
        registered_on=registered_on,
        legal_representative=legal_representative,
        phone=phone,
        fictitious=fictitious,
    )
    journal.insert(enterprise, Event(Kind.ENTERPRISE_REGISTERED, {}), by=by, at=at)
    return enterprise


@transaction.atomic
def give_mandate(
    *,
    key: str,
    agent: Person,
    enterprise: Enterprise | None,
    principal: Person | None,
    since: date,
    until: date,
    scope: str,
    by: Acting,
    at: datetime,
) -> Mandate:
    """授权委托. Only the principal, or the legal representative of the enterprise, may give it."""
    giver = enterprise.legal_representative_id if enterprise else (principal.pk if principal else None)
    if giver is None or giver != by.person_id:
        raise Refusal(RefusalCode.MANDATE_NOT_YOURS)
    if agent.pk == giver:
        raise Refusal(RefusalCode.MANDATE_TO_ONESELF)
    if until < since:
        raise Refusal(RefusalCode.DATES_REVERSED, since=since, until=until)
    mandate = Mandate(
        key=key,
        agent=agent,
        enterprise=enterprise,
        principal=principal,
        since=since,
        until=until,
        scope=clean_line(scope, 200, "scope") if scope else "",
    )
    journal.insert(mandate, Event(Kind.MANDATE_GIVEN, {"since": since, "until": until}), by=by, at=at)
    return mandate


@transaction.atomic
def revoke_mandate(mandate: Mandate, *, by: Acting, at: datetime) -> None:
    giver = mandate.enterprise.legal_representative_id if mandate.enterprise else mandate.principal_id
    if by.person_id not in (giver, mandate.agent_id):
        raise Refusal(RefusalCode.MANDATE_NOT_YOURS)
    if mandate.revoked_at is None:
        journal.commit(mandate, Event(Kind.MANDATE_REVOKED, {}), by=by, at=at, revoked_at=at)


@transaction.atomic
def reveal(person: Person, field: str, *, purpose: str, case_no: str = "", by: Acting, at: datetime) -> str:
    """The clear identity number or phone of a person, against a journalled purpose (个人信息保护法第六条)."""
    by.check(Ability.REVEAL)
    reason = require_line(purpose, 200, "purpose")
    value: str = {"id_number": person.id_number, "phone": person.phone}[field]
    journal.commit(
        person, Event(Kind.PERSON_REVEALED, {"field": field, "purpose": reason, "case_no": case_no}), by=by, at=at
    )
    return value


# --- officers and posts ---


@transaction.atomic
def appoint(
    *,
    staff_no: str,
    name: str,
    organ: Organ,
    account: Account | None,
    by: Acting,
    at: datetime,
    window: ServiceWindow | None = None,
) -> Officer:
    by.check(Ability.KEEP_PEOPLE)
    staff_no = require_line(staff_no, 30, "staff_no")
    if Officer.objects.filter(staff_no=staff_no).exists():
        raise Refusal(RefusalCode.STAFF_NO_TAKEN, staff_no=staff_no)
    officer = Officer(
        staff_no=staff_no, name=require_line(name, 100, "name"), organ=organ, account=account, window=window
    )
    journal.insert(officer, Event(Kind.OFFICER_APPOINTED, {"organ": organ.code}), by=by, at=at)
    return officer


@transaction.atomic
def change_officer(
    officer: Officer, *, name: str, organ: Organ, window: ServiceWindow | None, by: Acting, at: datetime
) -> None:
    by.check(Ability.KEEP_PEOPLE)
    journal.commit(
        officer,
        Event(Kind.OFFICER_CHANGED, {"organ": organ.code}),
        by=by,
        at=at,
        name=require_line(name, 100, "name"),
        organ_id=organ.pk,
        window_id=window.pk if window else None,
    )


@transaction.atomic
def leave(officer: Officer, *, last_day: date, by: Acting, at: datetime) -> None:
    """Ends every post of an officer. What the officer did stays; what is in hand is handed over by the flow."""
    by.check(Ability.KEEP_PEOPLE)
    Post.objects.filter(officer=officer, until__isnull=True).update(until=last_day)
    journal.commit(officer, Event(Kind.OFFICER_LEFT, {"last_day": last_day}), by=by, at=at, left_on=last_day)


@transaction.atomic
def give_post(
    officer: Officer, *, role: Role, organ: Organ, section: Section | None, since: date, by: Acting, at: datetime
) -> Post:
    by.check(Ability.KEEP_PEOPLE)
    if officer.pk == by.id:
        raise Refusal(RefusalCode.POST_TO_ONESELF)  # nobody widens their own powers
    if section is not None and section.organ_id != organ.pk:
        raise Refusal(RefusalCode.SECTION_OF_OTHER_ORGAN)
    if Post.objects.filter(officer=officer, role=role, organ=organ, section=section, until__isnull=True).exists():
        raise Refusal(RefusalCode.POST_HELD)
    post = Post.objects.create(officer=officer, role=role.value, organ=organ, section=section, since=since)
    facts = {"role": role, "organ": organ.code, "section": section.name if section else "", "since": since}
    journal.commit(officer, Event(Kind.OFFICER_POST_GIVEN, facts), by=by, at=at)
    return post


@transaction.atomic
def end_post(post: Post, *, last_day: date, by: Acting, at: datetime) -> None:
    by.check(Ability.KEEP_PEOPLE)
    if last_day < post.since:
        raise Refusal(RefusalCode.DATES_REVERSED, since=post.since, until=last_day)
    Post.objects.filter(pk=post.pk).update(until=last_day)
    officer = post.officer
    journal.commit(officer, Event(Kind.OFFICER_POST_ENDED, {"role": post.role, "last_day": last_day}), by=by, at=at)


@transaction.atomic
def substitute(
    principal: Officer,
    deputy: Officer,
    *,
    since: date,
    until: date,
    reason: str,
    by: Acting,
    at: datetime,
    role: str = "",
    kind: str = Substitution.AB,
) -> Substitution:
    """AB岗: the deputy may act in the principal's posts. The principal arranges it, or who keeps people does."""
    _check_arranges(principal, by)
    if principal.pk == deputy.pk:
        raise Refusal(RefusalCode.SUBSTITUTE_ONESELF)
    if by.is_officer and deputy.pk == by.id:
        raise Refusal(RefusalCode.POST_TO_ONESELF)  # nobody widens their own powers
    if until < since:
        raise Refusal(RefusalCode.DATES_REVERSED, since=since, until=until)
    row = Substitution.objects.create(
        kind=kind, principal=principal, deputy=deputy, role=role, since=since, until=until,
        reason=clean_line(reason, 200, "reason"),
    )  # fmt: skip
    facts = {"deputy": deputy.staff_no, "since": since, "until": until, "role": role, "substitution": kind}
    journal.commit(principal, Event(Kind.OFFICER_SUBSTITUTED, facts), by=by, at=at)
    return row


def _check_arranges(principal: Officer, by: Acting) -> None:
    """Who keeps people arranges everywhere; who dispatches, in their organ, or everywhere from the service centre."""
    if by.is_officer and by.id == principal.pk:
        return
    by.check(Ability.KEEP_PEOPLE, Ability.DISPATCH)
    dispatches = principal.organ_id in by.organs(Ability.DISPATCH) or by.everywhere(Ability.DISPATCH)
    if not by.can(Ability.KEEP_PEOPLE) and not dispatches:
        raise Refusal(RefusalCode.PERMISSION_MISSING, needed=Ability.DISPATCH.value)


@transaction.atomic
def end_substitution(row: Substitution, *, by: Acting, at: datetime) -> None:
    _check_arranges(row.principal, by)
    if Substitution.objects.filter(pk=row.pk, revoked_at__isnull=True).update(revoked_at=at):
        principal = row.principal
        journal.commit(principal, Event(Kind.OFFICER_SUBSTITUTION_ENDED, {"deputy": row.deputy.staff_no}), by=by, at=at)


@transaction.atomic
def claim_identity(
    account: Account, *, key: str, name: str, id_kind: str, id_number: str, by: Acting, at: datetime
) -> Person:
    """实名信息 as the account's owner states it, once. A number that already belongs to somebody is refused: who
    types another's number must not step into their file. A counter joins the two after seeing the paper."""
    number = id_number.strip().upper()
    if id_kind == RESIDENT_ID:
        number = check_resident_id(number)
    if Person.objects.filter(id_number_hash=lookup_hash(number)).exists():
        raise Refusal(RefusalCode.IDENTITY_TAKEN)
    return register_person(
        key=key, name=name, id_kind=id_kind, id_number=number, phone=account.phone if account.phone_verified else "",
        account=account, by=by, at=at,
    )  # fmt: skip


# --- accounts of officers ---


@transaction.atomic
def appoint_with_account(
    *,
    staff_no: str,
    name: str,
    organ: Organ,
    password: str,
    by: Acting,
    at: datetime,
    window: ServiceWindow | None = None,
) -> Officer:
    """Appoints an officer who signs in with the staff number and this first password, of which only a hash is kept."""
    by.check(Ability.KEEP_PEOPLE)
    staff_no = require_line(staff_no, 30, "staff_no")
    if Account.objects.filter(login=staff_no).exists():
        raise Refusal(RefusalCode.STAFF_NO_TAKEN, staff_no=staff_no)
    account = Account(login=staff_no, kind=Account.OFFICER, name=require_line(name, 100, "name"), created_at=at)
    account.first_password = True
    account.set_password(password)
    account.save(force_insert=True)
    return appoint(staff_no=staff_no, name=name, organ=organ, account=account, window=window, by=by, at=at)


@transaction.atomic
def renew_password(officer: Officer, *, password: str, by: Acting, at: datetime) -> None:
    """A new first password for a colleague who lost theirs; never one's own, and never for who has left."""
    by.check(Ability.KEEP_PEOPLE)
    if officer.pk == by.id:
        raise Refusal(RefusalCode.POST_TO_ONESELF)
    if officer.account is None or officer.left_on is not None:
        raise Refusal(RefusalCode.NOT_FOUND)
    officer.account.set_password(password)
    officer.account.first_password = True
    officer.account.save(update_fields=["password", "first_password"])
    journal.commit(officer, Event(Kind.OFFICER_CHANGED, {"password": "renewed"}), by=by, at=at)


# --- sections and windows ---


@transaction.atomic
def keep_section(
    section: Section | None, *, organ: Organ, name: str, name_en: str, by: Acting, at: datetime
) -> Section:
    """Adds a section, or renames the one given. A section never changes its organ: its cases would go with it."""
    by.check(Ability.KEEP_PEOPLE)
    name = require_line(name, 100, "name")
    others = Section.objects.filter(organ=organ, name=name)
    if (others.exclude(pk=section.pk) if section else others).exists():
        raise Refusal(RefusalCode.SECTION_EXISTS, name=name)
    kept = section or Section(organ=organ)
    kept.name, kept.name_en = name, clean_line(name_en, 100, "name_en")
    kept.save()
    return kept


@transaction.atomic
def keep_window(
    window: ServiceWindow | None,
    *,
    hall: Hall,
    number: str,
    name: str,
    organ: Organ | None,
    by: Acting,
    at: datetime,
) -> ServiceWindow:
    """Adds a window, or changes the one given. Without an organ it is a 综合窗口."""
    by.check(Ability.KEEP_PEOPLE, Ability.KEEP_CALENDAR)
    number = clean_line(number, 10, "number")
    others = ServiceWindow.objects.filter(hall=hall, number=number)
    if (others.exclude(pk=window.pk) if window else others).exists():
        raise Refusal(RefusalCode.WINDOW_EXISTS, hall=hall.name, number=number)
    kept = window or ServiceWindow()
    kept.hall, kept.number, kept.name, kept.organ = hall, number, require_line(name, 100, "name"), organ
    kept.save()
    return kept


def keep_hall(
    hall: Hall | None,
    *,
    code: str,
    kind: str,
    name: str,
    name_en: str,
    region: str,
    address: str,
    phone: str,
    by: Acting,
    at: datetime,
) -> Hall:
    """Adds a hall, or changes the one given; its code stands in addresses and on machines and never changes.

    `region` by its code: county, township or village, as the level of the hall asks.
    """
    by.check(Ability.KEEP_PEOPLE, Ability.KEEP_CALENDAR, Ability.KEEP_HALL)
    kept = hall or Hall(code=require_line(code, 20, "code"))
    place = Region.objects.filter(code=region).first()
    if place is None:
        raise Refusal(RefusalCode.HALL_REGION)
    kept.kind, kept.region = kind, place
    kept.name, kept.name_en = require_line(name, 100, "name"), clean_line(name_en, 100, "name_en")
    kept.address, kept.phone = clean_line(address, 200, "address"), clean_line(phone, 50, "phone")
    others = Hall.objects.exclude(pk=kept.pk)
    if others.filter(code=kept.code).exists() or others.filter(name=kept.name).exists():
        raise Refusal(RefusalCode.HALL_EXISTS, code=kept.name if hall else f"{kept.code} / {kept.name}")
    kept.save()
    return kept
