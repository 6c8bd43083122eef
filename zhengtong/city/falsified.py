"""A city month in which work was made up among honest work; whether the detectors find the one and leave the other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from django.db import transaction

from zhengtong.base import calendar
from zhengtong.base.seal.actions import seal
from zhengtong.city.falsified_honest import Month, Scribe, announced, honest_month, moment
from zhengtong.city.falsified_import import bring
from zhengtong.city.falsified_plants import Plant, ToldEvent, plants
from zhengtong.city.falsified_town import FalsifiedTown, found_city, give_mandates, invented, organs_of, publish
from zhengtong.city.hours import ZONE
from zhengtong.city.lives import Event
from zhengtong.city.records import city
from zhengtong.city.steps import STEPS
from zhengtong.domains.authenticity import actions, queries
from zhengtong.domains.registry import queries as registry
from zhengtong.domains.supervision.actions import rules
from zhengtong.flows.lead_found import find_leads, find_leads_at_night
from zhengtong.flows.sweep import sweep
from zhengtong.rules.authenticity.suspicion import INFORMATION, RULES
from zhengtong.rules.refusal import Refusal

CHUNK = 200  # steps of one transaction
PLANTED = RULES[:13]  # D-14 looks at the rules the house makes, not at what its people enter
BAR_PERCENT = 1.0  # honest cases with leads must stay below


@dataclass
class Line:
    rule: str
    planted: int = 0
    found: int = 0
    missed: list[str] = field(default_factory=list)


@dataclass
class Report:
    """What the month showed. `touched`: honest cases that some lead names, by rule."""

    lines: dict[str, Line]
    honest: int = 0
    touched: dict[str, set[str]] = field(default_factory=dict)
    leads: int = 0
    refused: list[str] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)  # plants the law stopped on their way: nothing there to find
    steps: int = 0

    @property
    def honest_with_leads(self) -> int:
        return len(set().union(*self.touched.values()))

    @property
    def percent(self) -> float:
        return 100 * self.honest_with_leads / self.honest if self.honest else 0.0

    @property
    def held(self) -> bool:
        return self.percent < BAR_PERCENT and all(line.found == line.planted for line in self.lines.values())


Moved = Callable[[int, int], None]  # steps done, steps in all


@dataclass(frozen=True)
class Size:
    """How many honest departments, how many more for what only sums show, and each pattern how often at most."""

    honest: int = 14
    others: int = 10
    most: int = 5


def play(
    seed: str,
    *,
    cases: int = 2_000,
    month: str = "2026-10",
    size: Size = Size(),
    moved: Moved = lambda _, __: None,
) -> Report:
    """Founds the city in the (empty) database, plays the month, lets the detectors look, and compares."""
    span = Month.of(month)
    start = moment(span.first, 0)
    folk = invented(seed, persons=max(200, cases * 2 // 3), firms=max(80, cases // 5))
    found_city(seed, start, folk)
    calendar_now = calendar.current()
    organs = organs_of(seed)[: size.honest + size.others]
    publish(start, organs)
    town = FalsifiedTown(seed, start, folk, organs)
    give_mandates(town, start)
    rules.seed(at=start)
    manager = town.acting(next(o["staff_no"] for o in city().officers if "centre_manager" in o["roles"]), start)
    day = announced(span)
    actions.extend_hours(day, time(9), time(12), organ_id=None, reason="周六延时服务", by=manager, at=start)
    scribe = Scribe(town, seed, calendar_now)
    now = moment(span.last, 0) + timedelta(days=45)
    honest_organs, others = organs[: size.honest], organs[size.honest :]
    honest = list(honest_month(scribe, honest_organs, span, cases, now))
    planted = list(plants(scribe, honest_organs, others, span, size.most))
    events = [event for life in honest for event in life] + [event for plant in planted for event in plant.events]
    night = _nights(span)
    imports = [Event(moment(span.first + timedelta(days=n), 15, 40), None, "import", {"n": n}) for n in (12, 19)]
    stage = Stage(town, seed, honest_organs[0], others[-1])
    stage.play([*events, *night, *imports], moved)
    for plant in planted:
        plant.cases = [stage.numbers[life.number] for life in plant.lives if life.number in stage.numbers]
    honest_numbers = {
        stage.numbers[number]: organ
        for number, organ in (
            (e.life.number, town.organ_code[e.life.item]) for life in honest for e in life[:1] if e.life
        )
        if number in stage.numbers
    }
    return _compare([*planted, *stage.imported], honest_numbers, month, stage)


def _nights(span: Month) -> list[Event]:
    """The worker after each midnight: terms that ran out take effect, the seal moves, the detectors look."""
    first = span.before().before().first
    days = (span.last - first).days + 40
    midnights = (datetime.combine(first + timedelta(days=n), time(0, 5), ZONE) for n in range(1, days))
    return [Event(at.astimezone(UTC), None, "night") for at in midnights]


@dataclass
class Stage:
    """Where the month is played, in the order in which things were entered, whatever they claim."""

    town: FalsifiedTown
    seed: str
    import_organ: str
    other_import_organ: str
    numbers: dict[int, str] = field(default_factory=dict)
    imported: list[Plant] = field(default_factory=list)
    reasons: dict[int, str] = field(default_factory=dict)  # why a life was stopped
    steps: int = 0

    def play(self, events: Sequence[Event], moved: Moved) -> None:
        ordered = [event for _, event in sorted(enumerate(events), key=lambda pair: (pair[1].at, pair[0]))]
        for first in range(0, len(ordered), CHUNK):
            with transaction.atomic():
                for event in ordered[first : first + CHUNK]:
                    self._take(event)
            moved(min(first + CHUNK, len(ordered)), len(ordered))

    def _take(self, event: Event) -> None:
        if event.life is None:
            self._house(event)
            return
        if event.life.stopped:
            return
        claimed = event.claimed if isinstance(event, ToldEvent) and event.claimed is not None else event.at
        try:
            result = STEPS[event.verb](self.town, event.life, claimed, **event.facts)
        except (Refusal, LookupError) as reason:
            event.life.stopped = True
            self.town.forget_cases([event.life.number])
            self.reasons[event.life.number] = f"{event.life.item} {event.verb} {reason}"
            return
        self.steps += 1
        if hasattr(result, "journal_head") and hasattr(result, "holder_id"):
            self.town.keep(event.life, result)
            self.numbers[event.life.number] = result.number
        else:
            self.town.forget_cases([event.life.number])

    def _house(self, event: Event) -> None:
        if event.verb == "import":
            organ = self.import_organ if event.facts["n"] == 12 else self.other_import_organ
            self.imported += bring(organ, f"bulu{event.facts['n']}", self.seed, event.at)
            return
        if any(sweep(at=event.at)):
            self.town.forget_cases()
        seal(at=event.at)
        while find_leads(at=event.at):
            pass
        find_leads_at_night(at=event.at)


def _compare(planted: Sequence[Plant], honest: dict[str, str], month: str, stage: Stage) -> Report:
    found = queries.leads_with_cases()
    organ_codes = {organ.pk: organ.code for organ in registry.organs()}
    shown: dict[str, set[str]] = {}
    whole: set[tuple[str, str, str]] = set()
    for lead, cases in found:
        shown.setdefault(lead.rule_code, set()).update(cases)
        if lead.organ_id is not None:
            whole.add((lead.rule_code, organ_codes[lead.organ_id], lead.period))
    report = Report({rule: Line(rule) for rule in PLANTED}, honest=len(honest), leads=len(found), steps=stage.steps)
    report.refused = list(stage.reasons.values())
    for plant in planted:
        line = report.lines[plant.rule]
        halted = [life for life in plant.lives if life.stopped]
        if halted and 2 * len(halted) >= len(plant.lives):
            report.stopped.append(f"{plant.rule} {plant.what}: {stage.reasons[halted[0].number]}")
            continue
        line.planted += 1
        if _is_found(plant, shown, whole):
            line.found += 1
        else:
            line.missed.append(f"{plant.what} {plant.organ} {' '.join(plant.cases[:3])}")
    for lead, cases in found:
        if lead.rule_code in INFORMATION:
            continue
        own = {number for number in cases if number in honest}
        if lead.scope in ("organ", "officer") and not cases and lead.organ_id is not None:
            # A charge against a whole department touches every honest case of it.
            own = {number for number, organ in honest.items() if organ == organ_codes[lead.organ_id]}
        if own:
            report.touched.setdefault(lead.rule_code, set()).update(own)
    return report


def _is_found(plant: Plant, shown: dict[str, set[str]], whole: set[tuple[str, str, str]]) -> bool:
    if plant.organ:
        return (plant.rule, plant.organ, plant.month) in whole
    return bool(plant.cases) and set(plant.cases) <= shown.get(plant.rule, set())
