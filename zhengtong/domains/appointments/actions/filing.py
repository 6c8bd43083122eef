"""村级代办: the mandate on paper, what was filed under it, the result handed over."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from zhengtong.base import journal
from zhengtong.base.files.models import StoredFile
from zhengtong.base.journal import Event
from zhengtong.base.permission import Acting
from zhengtong.domains.appointments.models import VillageFiling
from zhengtong.domains.catalogue.models import Item
from zhengtong.domains.registry.models import Hall, Person
from zhengtong.rules.agency import FilingState
from zhengtong.rules.clock import local_date
from zhengtong.rules.kinds import Kind
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.rules.text import clean_line


@dataclass(frozen=True, slots=True)
class Mandate:
    """授权委托书 on paper: its scan, its last day, and that the villager has agreed."""

    scan: StoredFile | None
    scan_name: str
    until: date
    consent: bool


def mandate(
    key: str, person: Person, item: Item, given: Mandate, *, hall: Hall | None, phone: str, by: Acting, at: datetime
) -> VillageFiling:
    """Kept before anything is filed. `key` is the application's uid: kept again, it is the same filing."""
    by.check(Ability.FILE_FOR_OTHERS)
    if not given.consent:
        raise Refusal(RefusalCode.FILING_NO_CONSENT)
    known = VillageFiling.objects.select_related("person", "item").filter(key=key).first()
    if known is not None:
        return renew(known, given, by=by, at=at) if ended(known, at) and given.scan is not None else known
    filing = VillageFiling(
        key=key, clerk_id=by.officer_id, hall=hall, person=person, item=item, phone=phone, **_paper(given, at)
    )
    journal.insert(filing, _mandated(given), by=by, at=at)
    return filing


def renew(filing: VillageFiling, given: Mandate, *, by: Acting, at: datetime) -> VillageFiling:
    """A new paper in place of one that has ended; the old scan stays named in the journal."""
    by.check(Ability.FILE_FOR_OTHERS)
    if not given.consent:
        raise Refusal(RefusalCode.FILING_NO_CONSENT)
    journal.commit(filing, _mandated(given), by=by, at=at, **_paper(given, at))
    return filing


def _paper(given: Mandate, at: datetime) -> dict[str, Any]:
    if given.scan is None:
        raise Refusal(RefusalCode.FILE_NOT_CHOSEN)
    if given.until < local_date(at):
        raise Refusal(RefusalCode.FILING_MANDATE_ENDED, until=given.until)
    name = clean_line(given.scan_name, 120, "scan")
    return {"scan": given.scan, "scan_name": name, "until": given.until, "consented_at": at}


def _mandated(given: Mandate) -> Event:
    return Event(Kind.FILING_MANDATED, {"mandate": given.scan.sha256 if given.scan else "", "until": given.until})


def file(filing: VillageFiling, case_no: str, *, by: Acting, at: datetime) -> VillageFiling:
    """The application has become this case."""
    if filing.case_no:
        return filing
    check_mandate(filing, at)
    journal.commit(
        filing, Event(Kind.FILING_FILED), by=by, at=at, state=FilingState.FILED.value, case_no=case_no, filed_at=at
    )
    return filing


def supplemented(filing: VillageFiling, *, by: Acting, at: datetime) -> VillageFiling:
    check_mandate(filing, at)
    journal.commit(filing, Event(Kind.FILING_SUPPLEMENTED), by=by, at=at)
    return filing


def hand_over(filing: VillageFiling, *, by: Acting, at: datetime) -> VillageFiling:
    """The result has come into the villager's hands."""
    by.check(Ability.FILE_FOR_OTHERS)
    if filing.state == FilingState.HANDED_OVER.value or not filing.case_no:
        raise Refusal(RefusalCode.CASE_WRONG_STATE, step="hand_over", state=filing.state)
    journal.commit(
        filing, Event(Kind.FILING_HANDED_OVER), by=by, at=at, state=FilingState.HANDED_OVER.value, handed_at=at
    )
    return filing


def check_mandate(filing: VillageFiling, at: datetime) -> None:
    """A mandate ends with its last day; who files after it needs a new one."""
    if ended(filing, at):
        raise Refusal(RefusalCode.FILING_MANDATE_ENDED, until=filing.until)


def ended(filing: VillageFiling, at: datetime) -> bool:
    return filing.until < local_date(at)
