"""What people said of a month, as quantities: how satisfied they were, complaints found true, bad ratings mended late."""

from collections.abc import Mapping
from datetime import date

from zhengtong.base.law import current_law
from zhengtong.domains.letters import queries as letters
from zhengtong.domains.ratings import queries as ratings
from zhengtong.domains.rectifications import queries as rectifications
from zhengtong.rules.ratings_figures import Rate
from zhengtong.rules.scoring_months import Month
from zhengtong.rules.scoring_quantities import Quantity, Subject, count
from zhengtong.rules.scoring_satisfaction import NONE, satisfaction

LEAST = "score.ratings.least"
UNIT = {Subject.ORGAN: ("organ_id",), Subject.OFFICER: ("officer_id",)}


def voices(subject: Subject, month: Month, group_of: Mapping[int, str]) -> dict[int, dict[str, Quantity]]:
    """Quantities by unit, for all units of `group_of`; who stands in no group has no peers. Four queries at most."""
    least, last = least_ratings(month.until), month.moved(-1)
    now, before = rated(subject, month.since, month.until), rated(subject, last.since, last.until)
    peers: dict[str, list[Rate]] = {}
    for unit, code in group_of.items():
        if code:
            peers.setdefault(code, []).append(now.get(unit, NONE))
    found: dict[int, dict[str, Quantity]] = {}
    for unit, code in group_of.items():
        known = satisfaction(now.get(unit, NONE), before.get(unit, NONE), peers.get(code, ()), least)
        found[unit] = {known.name: known}
    if subject is Subject.ORGAN:
        confirmed = letters.confirmed_complaints(month.since, month.until)
        late = rectifications.late_by_organ(month.since, month.until)
        for unit, own in found.items():
            own["confirmed_complaints"] = count("confirmed_complaints", confirmed.get(unit, 0))
            own["late_rectifications"] = count("late_rectifications", late.get(unit, 0))
    return found


def rated(subject: Subject, since: date, until: date) -> dict[int, Rate]:
    """满意率 of the services given in the period, by unit; ratings set aside are in none."""
    found = ratings.figures(since, until, by=UNIT[subject])
    return {int(key): counts.satisfaction for (key,), counts in found.items() if key and counts.rated}


def least_ratings(on: date) -> int:
    return int(current_law().value(LEAST, on))
