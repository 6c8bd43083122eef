"""The two questions every step asks, as one statement each.

Why not the ORM: building these two queries took half of a step's time, more than the database took for all of it. The
rows come out as models all the same. `queries.case_for` says the same at leisure, and a test holds the two together.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection

from zhengtong.base.permission import Acting, ActorKind
from zhengtong.base.personal import decrypt
from zhengtong.domains.cases.models import Case
from zhengtong.domains.cases.queries import case_for
from zhengtong.domains.registry import queries as registry
from zhengtong.rules.procedure import Candidate
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability, Role

_CASE = """
SELECT c.*, a.frozen AS frozen_application,
       COALESCE((SELECT number FROM base_edition WHERE name = 'law'), 0) AS law_edition
FROM cases_case c LEFT JOIN applications_application a ON a.id = c.application_id
WHERE c.number = %s
"""
_CANDIDATES = """
SELECT p.officer_id, o.name,
       (SELECT COUNT(*) FROM cases_case c WHERE c.holder_id = p.officer_id) AS in_hand
FROM registry_post p JOIN registry_officer o ON o.id = p.officer_id
WHERE p.organ_id = %s AND p.role = %s AND p.since <= %s AND (p.until IS NULL OR p.until >= %s) AND o.left_on IS NULL
"""


def case_for_step(by: Acting, number: str) -> Case:
    """The case a step acts on, with the application as frozen and the edition of the law, or Refusal(NOT_FOUND).

    The organ comes from memory; sections and people stay unread until a refusal names them.
    """
    case = next(iter(Case.objects.raw(_CASE, [number])), None)
    if case is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    if not _plainly_seen(by, case):
        case_for(by, number)  # the rarer grounds, a consultation say; raises NOT_FOUND
    read: Any = case  # two columns more than the model has
    read.frozen_application = decrypt(read.frozen_application) if read.frozen_application else ""
    case.organ = registry.organ(case.organ_id, read.law_edition)
    return case


def _plainly_seen(by: Acting, case: Case) -> bool:
    """The common grounds of `queries.case_for`, decided without asking; "no" here only means: ask."""
    if by.kind is ActorKind.APPLICANT:
        if case.enterprise_id is not None:
            return case.enterprise_id in by.enterprise_ids
        return by.id is not None and case.account_id == by.id
    if not by.is_officer:
        return True
    return (
        by.can(Ability.SEE_ALL)
        or by.everywhere(Ability.TAKE_IN)
        or case.holder_id in by.principals()
        or case.organ_id in by.organs(Ability.SEARCH_FILES)
    )


def candidates(case: Case, role: Role, *, on: date, exclude: Sequence[int | None] = ()) -> list[Candidate]:
    """Officers whose post serves this case, least loaded first, with their open cases."""
    sql, facts = _CANDIDATES, [case.organ_id, role.value, on, on]
    if case.section_id is not None:
        sql += " AND (p.section_id = %s OR p.section_id IS NULL)"
        facts.append(case.section_id)
    with connection.cursor() as cursor:
        cursor.execute(sql, facts)
        found = {officer: Candidate(officer, name, load) for officer, name, load in cursor.fetchall()}
    return sorted((c for c in found.values() if c.officer not in exclude), key=lambda c: (c.load, c.officer))
