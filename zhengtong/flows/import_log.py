"""An event log of real handling becomes cases of one department: its item, its sections, its people, then its cases."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from zhengtong.base import calendar, search
from zhengtong.base.permission import Acting
from zhengtong.base.search import Texts
from zhengtong.domains.cases import queries
from zhengtong.domains.cases.imports import Imported, ImportedCase, ImportTarget, Outcome, import_cases
from zhengtong.domains.catalogue import actions as catalogue
from zhengtong.domains.catalogue import queries as items
from zhengtong.domains.catalogue.models import Item, ItemVersion
from zhengtong.domains.registry import actions as registry
from zhengtong.domains.registry import queries as people
from zhengtong.domains.registry.models import Officer, Organ, Section
from zhengtong.rules.clock import local_date
from zhengtong.rules.kinds import Kind
from zhengtong.rules.procedure import ROLE_OF
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Role


@dataclass(frozen=True, slots=True)
class SectionName:
    name: str
    name_en: str = ""


@dataclass(frozen=True)
class LogSource:
    """What a map says of its log: whose it is, and how its people and sections are called here."""

    name: str
    citation: str
    organ_code: str
    item: Mapping[str, Any]  # an item document; it is listed in the catalogue and takes no application
    sections: Mapping[str, SectionName]
    staff_prefix: str
    applicant: str


@transaction.atomic
def open_log(source: LogSource, *, by: Acting, at: datetime) -> ImportTarget:
    """Makes ready what the cases will point to; what is there already stays. Refusal(NOT_FOUND) without the organ."""
    organ = people.organ_by_code(source.organ_code)
    if organ is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return ImportTarget(
        log=source.name,
        organ=organ,
        item_version=_item_version(source, by=by, at=at),
        sections={
            word: Section.objects.get_or_create(organ=organ, name=said.name, defaults={"name_en": said.name_en})[0].pk
            for word, said in source.sections.items()
        },
        applicant=source.applicant,
        calendar=calendar.current(),
    )


def _item_version(source: LogSource, *, by: Acting, at: datetime) -> ItemVersion:
    item = Item.objects.filter(item_code=source.item["item_code"]).first()
    if item is None:
        return catalogue.create_draft(source.item, by=by, at=at, listed=True, kind=Kind.ITEM_IMPORTED)
    return items.versions(item)[0]


@transaction.atomic
def import_batch(
    target: ImportTarget, source: LogSource, cases: Sequence[ImportedCase], *, by: Acting, at: datetime
) -> list[Imported]:
    """One batch of cases and the people who acted in them; all of it or nothing."""
    officers = _officers(target.organ, source, cases, by=by, at=at)
    results = import_cases(target, cases, officers, by=by, at=at)
    taken = queries.cases_by_numbers([r.number for r in results if r.outcome is Outcome.TAKEN])
    # By its numbers only: item and applicant are the same for all of them and would bury everybody else's.
    search.index_many("case", [(c.pk, Texts(name=[c.number], keyword=[c.external_no]), 1.0) for c in taken.values()])
    return results


def _officers(
    organ: Organ, source: LogSource, cases: Sequence[ImportedCase], *, by: Acting, at: datetime
) -> dict[str, Officer]:
    """Everybody the batch names, appointed where new, each with the posts their acts show."""
    needed = _posts_shown(organ, source, cases)
    names = {case.responsible for case in cases if case.responsible} | {name for name, *_ in needed}
    officers = {
        officer.staff_no.removeprefix(source.staff_prefix): officer
        for officer in Officer.objects.filter(staff_no__in=[source.staff_prefix + name for name in names])
    }
    for name in sorted(names - officers.keys()):
        officers[name] = registry.appoint(
            staff_no=source.staff_prefix + name, name=name, organ=organ, account=None, by=by, at=at
        )
    held = {
        (post.officer_id, post.role, post.section_id)
        for officer in officers.values()
        for post in people.posts_of(officer.pk)
    }
    sections = {section.pk: section for section in people.sections_of([organ.pk])}
    for (name, role, section_id), since in sorted(needed.items(), key=lambda item: (item[1], str(item[0]))):
        if (officers[name].pk, role.value, section_id) not in held:
            section = sections[section_id] if section_id else None
            registry.give_post(officers[name], role=role, organ=organ, section=section, since=since, by=by, at=at)
    return officers


def _posts_shown(
    organ: Organ, source: LogSource, cases: Sequence[ImportedCase]
) -> dict[tuple[str, Role, int | None], date]:
    """Who acted in which stage of which section's cases, and the first day they did."""
    ids = {section.name: section.pk for section in people.sections_of([organ.pk])}
    shown: dict[tuple[str, Role, int | None], date] = {}
    for case in cases:
        section = ids[source.sections[case.section].name] if case.section else None
        for act in case.acts:
            key = (act.person, ROLE_OF[act.stage], section)
            on = local_date(act.at)
            shown[key] = min(on, shown.get(key, on))
    return shown
