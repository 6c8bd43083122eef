"""What flows and sweeps ask, acting for the house: rows by number, what expires, whose hands, where things go."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q

from zhengtong.base.deadlines.models import Deadline
from zhengtong.domains.cases.models import Case, DispatchRule, Paper
from zhengtong.domains.cases.queries.lists import PAGE
from zhengtong.domains.cases.queries.who import WITH, with_editions
from zhengtong.rules.limits import DeadlineKind


def section_for(organ_id: int, item_id: int) -> int | None:
    """分派规则: the item's own section, else the organ's default one, else none (any post of the organ may take it)."""
    rules = DispatchRule.objects.filter(Q(item_id=item_id) | Q(item__isnull=True), organ_id=organ_id)
    found: dict[int | None, int] = dict(rules.values_list("item_id", "section_id"))
    return found.get(item_id, found.get(None))


def dispatch_rules(organ_ids: Sequence[int] | None = None) -> list[DispatchRule]:
    """分派规则 of these organs (None: all), an organ's default first."""
    rows = DispatchRule.objects.select_related("organ", "section", "item")
    if organ_ids is not None:
        rows = rows.filter(organ_id__in=organ_ids)
    return sorted(rows, key=lambda rule: (rule.organ.name, rule.item.item_code if rule.item else ""))


def cases_by_numbers(numbers: Sequence[str]) -> dict[str, Case]:
    """Plain rows for the sweeps and flows of the house, which act for the system."""
    rows = with_editions(Case.objects.select_related(*WITH))
    return {case.number: case for case in rows.filter(number__in=list(numbers))}


def expiring(since: date, until: date, *, after: int = 0, limit: int = PAGE) -> list[Case]:
    """Cases whose grant ends between the days, both included, by id."""
    return list(Case.objects.filter(valid_until__range=(since, until), pk__gt=after).order_by("pk")[:limit])


def handed_over(officer_id: int, limit: int = 500) -> list[Case]:
    """Everything an officer holds, for handing over when they leave."""
    return list(Case.objects.filter(holder_id=officer_id).order_by("pk")[:limit])


def notice_numbers(case_ids: Sequence[int]) -> dict[int, str]:
    """Case → 文号 of its notice of acceptance, or of the refusal to accept; one query for a page."""
    rows = Paper.objects.filter(case_id__in=list(case_ids), form__in=["F-01", "F-02"]).order_by("id")
    return dict(rows.values_list("case_id", "number"))


def promised_by(case_numbers: Sequence[str]) -> dict[str, date]:
    """Case number → last day of its promise, ended ones included; one query for a page."""
    rows = Deadline.objects.filter(
        subject_kind="case", subject_key__in=list(case_numbers), kind=DeadlineKind.PROMISE.value, due_on__isnull=False
    )
    return {number: due for number, due in rows.values_list("subject_key", "due_on") if due is not None}
