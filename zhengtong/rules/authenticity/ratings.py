"""Knows what brushed ratings look like: E-1 to E-7 (domain-rules §6.6); refuses to know who rated.

A hit is a lead, never a verdict. Sources are keyed hashes; they are compared, never shown.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from zhengtong.rules.authenticity.suspicion import Scope, Shown, Suspicion
from zhengtong.rules.authenticity.thresholds import Thresholds
from zhengtong.rules.period import local_date

GOOD = 3  # 基本满意 and better, by the code of GB/T 39046 A.8 (1 is the best)
BEST_OF_BUTTONS = 2  # the counter device has three buttons: its best says 满意
SHOWN = 50  # rows of a great pile that stand as evidence; the figures count all
RATING = "rating"


@dataclass(frozen=True, slots=True)
class Given:
    """One rating as the detectors read it. `device`, `ip`, `phone`: keyed hashes, "" where there is none.

    `counter`: pressed on the device of a counter. `entered_by`: the clerk who typed it in. `staff_organ`: the organ of
    whoever owns the phone it came from, when that is somebody of the staff. `subject_at`: when what it rates really
    happened, by the journal of that; None when no journal knows of it.
    """

    number: str
    at: datetime
    level: int
    seconds: int
    organ_id: int
    section_id: int | None = None
    officer_id: int | None = None
    window_id: int | None = None
    counter: bool = False
    entered_by: int | None = None
    device: str = ""
    ip: str = ""
    phone: str = ""
    staff_organ: int | None = None
    opened_at: datetime | None = None
    closes_at: datetime | None = None
    subject_at: datetime | None = None
    follow_level: int | None = None

    @property
    def good(self) -> bool:
        return self.level <= GOOD


def seconds_in_runs(ratings: Iterable[Given], limits: Thresholds) -> Iterator[Suspicion]:
    """E-1: on one counter device, one good rating after another within seconds of the question (§6.6).

    Somebody in a hurry presses at once, now and then; a clerk who presses for everybody does so in long runs.
    One suspicion to a window and day.
    """
    days: dict[tuple[int, str], list[Given]] = {}
    for one in ratings:
        if one.counter and one.window_id is not None:
            days.setdefault((one.window_id, local_date(one.at).isoformat()), []).append(one)
    for (window, day), rows in days.items():
        hits = _in_runs(sorted(rows, key=lambda one: (one.at, one.number)), limits)
        if hits:
            yield _pile(
                "E-1", Scope.WINDOW, str(window), day, hits, "rated_in_seconds",
                [{"seconds": one.seconds} for one in hits], seconds=limits.rating_seconds, count=len(hits),
            )  # fmt: skip


def _in_runs(rows: Sequence[Given], limits: Thresholds) -> list[Given]:
    hits: list[Given] = []
    run: list[Given] = []
    for one in rows:
        if one.good and one.seconds < limits.rating_seconds:
            run.append(one)
            continue
        if len(run) >= limits.rating_run:
            hits += run
        run = []
    return hits + run if len(run) >= limits.rating_run else hits


def one_source(ratings: Iterable[Given], limits: Thresholds) -> Iterator[Suspicion]:
    """E-2: more than so many ratings from one device, address or phone within an hour (§6.6).

    The device of a counter rates for everybody who comes to it: it has no source here, only its seconds (E-1). What a
    clerk types in comes from the phone of the caller, not from the clerk's machine. An address many people share, as a
    hall's wireless network is, shows something only where so many of its ratings are for one officer. One suspicion to
    a source and day.
    """
    piles: dict[tuple[str, str, str], list[Given]] = {}
    for one in ratings:
        if one.counter:
            continue
        own = {"phone": one.phone} if one.entered_by is not None else {
            "device": one.device, "ip": one.ip, "phone": one.phone
        }  # fmt: skip
        for name, source in own.items():
            if source:
                key = f"{source[:16]}:{one.officer_id or 0}" if name == "ip" else source[:16]
                piles.setdefault((name, key, local_date(one.at).isoformat()), []).append(one)
    for (name, source, day), rows in sorted(piles.items()):
        hits = _crowded(sorted(rows, key=lambda one: (one.at, one.number)), limits.rating_per_hour)
        if hits:
            facts = [{"per_hour": limits.rating_per_hour} for _ in hits]
            yield _pile("E-2", Scope.PERIOD, f"{name}:{source}", day, hits, f"same_{name}", facts, count=len(hits))


def _crowded(rows: Sequence[Given], most: int) -> list[Given]:
    """Every rating that stands in some hour with more than `most`."""
    span, inside, first = timedelta(hours=1), set[int](), 0
    for last, one in enumerate(rows):
        while one.at - rows[first].at >= span:
            first += 1
        if last - first + 1 > most:
            inside.update(range(first, last + 1))
    return [rows[number] for number in sorted(inside)]


def without_service(one: Given) -> Suspicion | None:
    """E-3: a rating of what no journal knows, or given before it happened (§6.6)."""
    early = one.subject_at is not None and one.at < one.subject_at
    early = early or (one.opened_at is not None and one.at < one.opened_at)
    if one.subject_at is not None and not early:
        return None
    return _single("E-3", one, "before_service" if early else "without_service")


def typed_in_late(ratings: Iterable[Given], limits: Thresholds) -> Iterator[Suspicion]:
    """E-4: services that would have ended in silence turn to satisfied by the login of staff (§6.6).

    Typed in by one clerk in the last hours before the window closes, a pile within minutes and none of it bad; or after
    the window closed, which the flow refuses. Who calls people on their last day needs minutes for each, and hears from
    some who are not content. One suspicion to a clerk and day.
    """
    days: dict[tuple[int, str], list[Given]] = {}
    for one in ratings:
        if one.entered_by is not None and _at_the_end(one, limits):
            days.setdefault((one.entered_by, local_date(one.at).isoformat()), []).append(one)
    for (clerk, day), rows in days.items():
        hits = _piled(sorted(rows, key=lambda one: (one.at, one.number)), limits)
        if hits:
            facts = [{"hours": _hours_left(one)} for one in hits]
            found = _pile("E-4", Scope.OFFICER, str(clerk), day, hits, "typed_in_late", facts, count=len(hits))
            yield _of_officer(found, clerk)


def _piled(rows: Sequence[Given], limits: Thresholds) -> list[Given]:
    span, inside, first = timedelta(minutes=limits.rating_flip_minutes), set[int](), 0
    for last, one in enumerate(rows):
        while one.at - rows[first].at > span:
            first += 1
        near = rows[first : last + 1]
        if len(near) >= limits.rating_flips and all(other.good for other in near):
            inside.update(range(first, last + 1))
        if one.good and one.closes_at is not None and one.at > one.closes_at:
            inside.add(last)
    return [rows[number] for number in sorted(inside)]


def _at_the_end(one: Given, limits: Thresholds) -> bool:
    return one.closes_at is not None and one.closes_at - one.at <= timedelta(hours=limits.rating_flip_hours)


def _hours_left(one: Given) -> int:
    return int((one.closes_at - one.at) / timedelta(hours=1)) if one.closes_at is not None else 0


def all_stars(
    month: str, officer_id: int, ratings: Sequence[Given], unlike: Sequence[str], limits: Thresholds
) -> Suspicion | None:
    """E-5: nothing but the best for one officer, n ≥ 50, while people say otherwise when asked (§6.6).

    `unlike`: numbers of those ratings about which the rater, asked by phone or in a 追评, said something worse.
    """
    if len(ratings) < limits.rating_perfect_least or len(unlike) < limits.rating_perfect_differing:
        return None
    if any(one.level > (BEST_OF_BUTTONS if one.counter else 1) for one in ratings):
        return None
    facts = {"count": len(ratings), "differing": len(unlike)}
    shown = tuple(Shown("asked_again", number, kind=RATING, officer_id=officer_id) for number in unlike[:SHOWN])
    head = Shown("all_stars", str(officer_id), facts=facts, kind="officer", officer_id=officer_id)
    return Suspicion(
        "E-5", Scope.OFFICER, str(officer_id), (head, *shown), period=month, organ_id=ratings[0].organ_id,
        section_id=ratings[0].section_id, officer_id=officer_id, facts=facts,
    )  # fmt: skip


def from_staff(ratings: Iterable[Given], limits: Thresholds) -> Iterator[Suspicion]:
    """E-6: rated from a phone of staff (§6.6): of the same organ at once; of another, where they do so again and again.

    Who works for one organ is a citizen before the others, and may rate what they were served.
    """
    elsewhere: dict[tuple[str, str], list[Given]] = {}
    for one in ratings:
        if one.staff_organ is None or not one.phone:
            continue
        if one.staff_organ == one.organ_id:
            if one.good:
                yield _single("E-6", one, "staff_phone")
        else:
            elsewhere.setdefault((one.phone, f"{local_date(one.at):%Y-%m}"), []).append(one)
    for (phone, month), rows in elsewhere.items():
        good = [one for one in rows if one.good]
        if len(good) > limits.rating_staff_others:
            facts: list[dict[str, object]] = [{} for _ in good]
            yield _pile("E-6", Scope.PERIOD, f"phone:{phone[:16]}", month, good, "staff_phone", facts, count=len(good))


def too_active(month: str, organ_id: int, nodes: int, rated: int, limits: Thresholds) -> Suspicion | None:
    """E-7: almost everybody rates (> 99.8 % [S35]); its good ratings are then asked about by phone (§6.6)."""
    if nodes < limits.rating_active_least or rated * 100 <= nodes * limits.rating_active_percent:
        return None
    facts = {"rated": rated, "nodes": nodes, "percent": round(100 * rated / nodes, 2)}
    head = Shown("too_active", str(organ_id), facts=facts, kind="organ")
    return Suspicion("E-7", Scope.ORGAN, str(organ_id), (head,), period=month, organ_id=organ_id, facts=facts)


# --- how a hit is handed over ---


def _single(rule: str, one: Given, what: str) -> Suspicion:
    shown = Shown(what, one.number, None, one.at, one.officer_id, kind=RATING)
    return Suspicion(
        rule, Scope.RATING, one.number, (shown,), organ_id=one.organ_id, section_id=one.section_id,
        officer_id=one.officer_id,
    )  # fmt: skip


def _pile(
    rule: str, scope: Scope, key: str, period: str, rows: Sequence[Given], what: str,
    facts: Sequence[Mapping[str, object]], **figures: object,
) -> Suspicion:  # fmt: skip
    """Of one organ and officer where all of it is theirs."""
    organs, officers = {one.organ_id for one in rows}, {one.officer_id for one in rows}
    sections = {one.section_id for one in rows}
    return Suspicion(
        rule, scope, key,
        tuple(
            Shown(what, one.number, None, one.at, one.entered_by or one.officer_id, own, RATING)
            for one, own in list(zip(rows, facts, strict=True))[:SHOWN]
        ),
        period=period,
        organ_id=organs.pop() if len(organs) == 1 else None,
        section_id=sections.pop() if len(sections) == 1 else None,
        officer_id=officers.pop() if len(officers) == 1 else None,
        facts=figures,
    )  # fmt: skip


def _of_officer(found: Suspicion, officer_id: int) -> Suspicion:
    """What a clerk typed in is the clerk's doing, whoever is praised by it."""
    return Suspicion(
        found.rule, found.scope, found.key, found.evidence, period=found.period, organ_id=found.organ_id,
        section_id=found.section_id, officer_id=officer_id, facts=found.facts,
    )  # fmt: skip
