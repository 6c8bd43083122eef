"""Where the base quantities of a month come from: statistics, cards, orders, the catalogue and what people said
(voices.py), counted for all at once.

What no room can give yet is not here, and the score says what it waits for (rules/scoring_quantities.py).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.db.models import Count, F, Q, Sum

from zhengtong.domains.catalogue import queries as catalogue
from zhengtong.domains.catalogue.models import ItemVersion
from zhengtong.domains.orders import queries as orders
from zhengtong.domains.performance.models import PeerGroup
from zhengtong.domains.performance.voices import voices
from zhengtong.domains.registry.models import Officer, Organ
from zhengtong.domains.statistics import queries as statistics
from zhengtong.domains.statistics.models import CaseFact
from zhengtong.domains.statistics.queries import Figures
from zhengtong.domains.supervision import queries as supervision
from zhengtong.domains.supervision.models import Card
from zhengtong.rules.linter import DISCLOSED_ELEMENTS
from zhengtong.rules.scoring_fairness import Fair, Mix, Standard, Stratum, fair, standard
from zhengtong.rules.scoring_months import Month
from zhengtong.rules.scoring_quantities import Quantity, Subject, count, exact, rate
from zhengtong.rules.supervision.procedure import TAKEN_BACK, CardState

IN_TIME = Q(timeliness__in=["IMMEDIATE_OK", "EARLY", "ON_TIME"])
# Rules with a quantity of their own; the other cards of the group are counted by level, so that none costs twice.
SECOND_NOTICE, UNJUSTIFIED = "M-02", ("M-05", "M-06")
Cards = Mapping[tuple[str, str], int]  # (rule, level) → how many


@dataclass(frozen=True, slots=True)
class Group:
    code: str = ""
    name: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Entrant:
    """One organ or officer with everything a table may ask about its month."""

    organ: Organ
    officer: Officer | None
    group: Group
    finished: int
    quantities: Mapping[str, Quantity]
    fair: Fair | None

    @property
    def subject_key(self) -> str:
        return f"officer-{self.officer.staff_no}" if self.officer else f"organ-{self.organ.code}"


Standards = Mapping[str, Standard]  # by peer group


def load(subject: Subject, month: Month, kept: Standards | None = None) -> tuple[list[Entrant], Standards]:
    """Everybody with figures in the month, and the standard of fairness of each peer group.

    `kept` are the standards the month was locked with: one figure counted anew is held against what the others were.
    A handful of queries whatever their number.
    """
    return _organs(month, kept) if subject is Subject.ORGAN else _officers(month, kept)


def _organs(month: Month, kept: Standards | None) -> tuple[list[Entrant], Standards]:
    figures = {one.keys["organ_id"]: one for one in statistics.figures(month.since, month.until)}
    cards = organ_cards(month)
    answered = orders.answered_in_time(month.since, month.until)
    complete = {row.organ_id: row for row in catalogue.disclosure_completeness()}
    shorter = _compression()
    groups = groups_by_organ()
    mixes = _mixes(month, "organ_id", "kind")  # organs share kinds of case, hardly ever items
    standards = kept or _standards(mixes, {organ_id: groups.get(organ_id, Group()).code for organ_id in mixes})
    # Who finished nothing has no rate: full marks for what never happened would be no score (its cards are in the circular).
    wanted = {organ_id for organ_id, one in figures.items() if one.finished}
    said = voices(Subject.ORGAN, month, {organ_id: groups.get(organ_id, Group()).code for organ_id in wanted})
    entrants = []
    for organ in Organ.objects.filter(pk__in=wanted).order_by("code"):
        group, own = groups.get(organ.pk, Group()), figures.get(organ.pk, Figures({}))
        found = _of_figures(own) | of_cards(cards.get(organ.pk, {}), own.finished)
        found |= {"answered_in_time_rate": rate("answered_in_time_rate", *answered.get(organ.pk, (0, 0)))}
        found |= said[organ.pk]
        if organ.pk in complete:
            row = complete[organ.pk]
            asked = DISCLOSED_ELEMENTS * row.items
            found["disclosure_completeness"] = rate("disclosure_completeness", row.filled, asked)
        if organ.pk in shorter:
            found["compression"] = rate("compression", *shorter[organ.pk])
        known = fair(mixes.get(organ.pk, {}), standards.get(group.code, standard({})))
        entrants.append(Entrant(organ, None, group, own.finished, found | _of_fair(known), known))
    return entrants, standards


def _officers(month: Month, kept: Standards | None) -> tuple[list[Entrant], Standards]:
    figures: dict[int, Figures] = {}
    for one in statistics.figures(month.since, month.until, by=("person_id",)):
        if (person := one.keys["person_id"]) is not None and one.finished:
            figures[person] = one
    cards = officer_cards(month)
    mixes = _mixes(month, "person_id", "item_id")  # colleagues share items
    officers = {o.pk: o for o in Officer.objects.select_related("organ").filter(pk__in=figures.keys())}
    standards = kept or _standards(mixes, {pk: officers[pk].organ.code for pk in mixes if pk in officers})
    said = voices(Subject.OFFICER, month, {pk: officer.organ.code for pk, officer in officers.items()})
    entrants = []
    for officer in sorted(officers.values(), key=lambda officer: officer.staff_no):
        organ, own = officer.organ, figures.get(officer.pk, Figures({}))
        known = fair(mixes.get(officer.pk, {}), standards.get(organ.code, standard({})))
        found = _of_figures(own) | of_cards(cards.get(officer.pk, {}), own.finished) | _of_fair(known)
        found |= said[officer.pk]
        group = Group(organ.code, organ.name, organ.name_en)
        entrants.append(Entrant(organ, officer, group, own.finished, found, known))
    return entrants, standards


def _of_figures(figures: Figures) -> dict[str, Quantity]:
    return {
        "finished": count("finished", figures.finished),
        "on_time_rate": rate("on_time_rate", *figures.rate("in_time")),
        "early_rate": rate("early_rate", *figures.rate("early_over_all")),  # §5.5 T1: of the month's finished
        "immediate_rate": rate("immediate_rate", *figures.rate("immediate")),
    }


def _of_fair(known: Fair | None) -> dict[str, Quantity]:
    name = "fair_on_time_rate"
    return {name: rate(name, known.on_time * known.cases, known.cases) if known else rate(name, 0, 0)}


# --- cards -----------------------------------------------------------------------------------------------------------


def cards_of(subject: Subject, month: Month) -> dict[int, Cards]:
    return organ_cards(month) if subject is Subject.ORGAN else officer_cards(month)


def organ_cards(month: Month) -> dict[int, Cards]:
    """Cards issued in the month, by organ; one taken back on appeal is not among them, whenever that was."""
    found: dict[int, dict[tuple[str, str], int]] = {}
    for (organ_id, code, level), number in supervision.cards_by_organ(month.since, month.until).items():
        found.setdefault(organ_id, {})[code, level] = number
    return dict(found)


def officer_cards(month: Month) -> dict[int, Cards]:
    rows = (
        Card.objects.filter(issued_on__range=(month.since, month.until), officer__isnull=False)
        .exclude(state__in=[*(state.value for state in TAKEN_BACK), CardState.DRAFT.value])
        .order_by()
        .values_list("officer_id", "rule_code", "level")
        .annotate(n=Count("pk"))
    )
    found: dict[int, dict[tuple[str, str], int]] = {}
    for officer_id, code, level, number in rows:
        found.setdefault(officer_id, {})[code, level] = number
    return dict(found)


def of_cards(cards: Cards, finished: int) -> dict[str, Quantity]:
    """Cards count in the part their rule belongs to (§5.6)."""

    def number(prefix: str, level: str, but: tuple[str, ...] = ()) -> int:
        return sum(
            n for (code, found), n in cards.items() if code.startswith(prefix) and found == level and code not in but
        )

    own = (SECOND_NOTICE, *UNJUSTIFIED)
    defects = min(finished, sum(n for (code, level), n in cards.items() if code.startswith("D-")))
    return {
        **{
            f"{level}_{part}": count(f"{level}_{part}", number(prefix, level, own))
            for part, prefix in (("time", "T-"), ("procedure", "P-"), ("material", "M-"))
            for level in ("yellow", "red")
        },
        "second_notices": count("second_notices", _of_rules(cards, (SECOND_NOTICE,))),
        "unjustified_returns": count("unjustified_returns", _of_rules(cards, UNJUSTIFIED)),
        "defective_rate": rate("defective_rate", defects, finished),
    }


def _of_rules(cards: Cards, codes: Iterable[str]) -> int:
    wanted = set(codes)
    return sum(n for (code, _), n in cards.items() if code in wanted)


# --- fairness --------------------------------------------------------------------------------------------------------


def _mixes(month: Month, unit: str, stratum: str) -> dict[int, dict[str, Stratum]]:
    """Finished cases under a limit, by unit and stratum: one query."""
    rows = (
        CaseFact.objects.filter(finished_on__range=(month.since, month.until), **{f"{unit}__isnull": False})
        .exclude(timeliness="")
        .order_by()
        .values_list(unit, stratum)
        .annotate(cases=Count("pk"), in_time=Count("pk", filter=IN_TIME))
    )
    found: dict[int, dict[str, Stratum]] = {}
    for key, name, cases, in_time in rows:
        found.setdefault(key, {})[str(name)] = Stratum(cases - in_time, cases)
    return found


def _standards(mixes: Mapping[int, Mix], group_of: Mapping[int, str]) -> dict[str, Standard]:
    groups: dict[str, dict[str, Mix]] = {}
    for key, mix in mixes.items():
        if key in group_of:
            groups.setdefault(group_of[key], {})[str(key)] = mix
    return {code: standard(units) for code, units in sorted(groups.items())}


def groups_by_organ() -> dict[int, Group]:
    codes = {
        code: Group(group.code, group.name, group.name_en)
        for group in PeerGroup.objects.order_by("code")
        for code in group.organ_codes
    }
    return {pk: codes[code] for pk, code in Organ.objects.values_list("pk", "code") if code in codes}


# --- the catalogue ---------------------------------------------------------------------------------------------------


def _compression() -> dict[int, tuple[int, int]]:
    """(days saved, legal days) over an organ's published items that name both in one unit (§5.5 T1)."""
    rows = (
        ItemVersion.objects.filter(
            status=ItemVersion.Status.PUBLISHED, legal_amount__gt=0, promised_amount__isnull=False,
            promised_unit=F("legal_unit"),
        )
        .order_by()
        .values("implementing_organ_id")
        .annotate(legal=Sum("legal_amount"), promised=Sum("promised_amount"))
    )  # fmt: skip
    return {
        row["implementing_organ_id"]: (max(0, row["legal"] - row["promised"]), row["legal"])
        for row in rows
    }  # fmt: skip


# --- kept with a month -----------------------------------------------------------------------------------------------


def standard_json(one: Standard) -> dict[str, Any]:
    return {
        "rates": {name: exact(value) for name, value in one.rates.items()},
        "overall": exact(one.overall),
        "mean": exact(one.mean),
        "spread": None if one.spread is None else exact(one.spread),
        "units": one.units,
    }


def standards_from(rows: Mapping[str, Any]) -> Standards:
    return {
        code: Standard(
            {name: Fraction(value) for name, value in row["rates"].items()}, Fraction(row["overall"]),
            Fraction(row["mean"]), None if row["spread"] is None else Fraction(row["spread"]), row["units"],
        )
        for code, row in rows.items()
    }  # fmt: skip


def fair_json(one: Fair | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        "cases": one.cases,
        "late": one.late,
        "expected": _short(one.expected),
        "ratio": None if one.ratio is None else _short(one.ratio),
        "weight": _short(one.weight),
        "raw": exact(one.raw),
        "on_time": exact(one.on_time),
        "limits": list(one.limits),
        "far_limits": list(one.far_limits),
        "funnel": one.funnel.value,
    }


def _short(value: Fraction) -> str:
    """Four decimals: of a working shown to people, not of a figure computed with."""
    return str(Fraction(round(value * 10_000), 10_000))
