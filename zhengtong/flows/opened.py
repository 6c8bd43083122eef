"""How every step begins: the case with permission, its edition and the law, in one query."""

from typing import NamedTuple

from zhengtong.base.law import Law
from zhengtong.base.permission import Acting
from zhengtong.domains.cases import queries as cases
from zhengtong.domains.cases.hot import case_for_step
from zhengtong.domains.cases.models import Case
from zhengtong.domains.catalogue import queries as catalogue
from zhengtong.rules.edition import Edition


class Opened(NamedTuple):
    case: Case
    edition: Edition
    law: Law


def opened(number: str, seen: int | None, by: Acting) -> Opened:
    """Refuses what is not this person's (NOT_FOUND) and a page that has grown old (STALE)."""
    case = case_for_step(by, number)
    cases.check_seen(case, seen)
    return Opened(case, catalogue.edition(case.item_version_id), cases.law_for(case))
