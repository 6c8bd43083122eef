"""Who handed cases to whom, and how much each person did. Counts; refuses to say that much is good or little bad.

A hand-over is two acts of one case in a row by two people; acts of the applicant and of the clock are passed over.
"""

from array import array
from collections import Counter
from dataclasses import dataclass
from datetime import date

from zhengtong.rules.period import SHANGHAI
from zhengtong.rules.process_map_log import NOBODY, CaseView, TraceLog, moment
from zhengtong.rules.process_map_times import Spans, spans, waits


@dataclass(frozen=True, slots=True)
class Hand:
    """From one person to another. `back`: how often the case came straight from that other before (ping-pong)."""

    giver: int
    taker: int
    count: int
    cases: int
    back: int


@dataclass(frozen=True, slots=True)
class HandOvers:
    """`rows` the most frequent first. `kept`: two acts in a row by one person. `looped`: cases with a ping-pong."""

    rows: tuple[Hand, ...]
    given: int
    kept: int
    cases: int  # with at least one
    looped: int
    per_case: Spans  # hand-overs a case, of cases with a person in them (a count, not a time)


def people_in_turn(case: CaseView) -> list[int]:
    return [person for person in case.people if person != NOBODY]


def is_ping_pong(people: list[int], place: int) -> bool:
    """Whether the act at `place` brought the case back to who had it before the last one."""
    return place >= 2 and people[place] == people[place - 2] != people[place - 1]


def hand_overs(log: TraceLog) -> HandOvers:
    count, back, cases = Counter[tuple[int, int]](), Counter[tuple[int, int]](), Counter[tuple[int, int]]()
    kept = handed = looped = 0
    per_case = array("q")
    for case in log:
        people = people_in_turn(case)
        if not people:
            continue
        seen, own, loops = set(), 0, 0
        for place in range(1, len(people)):
            way = (people[place - 1], people[place])
            if way[0] == way[1]:
                kept += 1
                continue
            own += 1
            count[way] += 1
            seen.add(way)
            if is_ping_pong(people, place):
                back[way] += 1
                loops += 1
        cases.update(seen)
        handed += bool(own)
        looped += bool(loops)
        per_case.append(own)
    rows = [Hand(*way, count[way], cases[way], back[way]) for way in count]
    rows.sort(key=lambda h: (-h.count, h.giver, h.taker))
    return HandOvers(tuple(rows), sum(count.values()), kept, handed, looped, spans(per_case))


@dataclass(frozen=True, slots=True)
class Load:
    """`weeks` with at least one act, Monday to Sunday in Shanghai; `busiest` is the Monday of the fullest."""

    person: int
    acts: int
    cases: int
    first: date
    last: date
    weeks: int
    busiest: date
    busiest_acts: int
    wait: Spans  # how long cases had waited when this person acted

    @property
    def per_week(self) -> float:
        return self.acts / self.weeks


def workload(log: TraceLog) -> list[Load]:
    acts, cases = Counter[int](), Counter[int]()
    weeks: dict[int, Counter[int]] = {}
    ends: dict[int, tuple[int, int]] = {}
    waited: dict[int, array[int]] = {}
    for case in log:
        cases.update({person for person in case.people if person != NOBODY})
        for person, (_, since, until) in zip(case.people, waits(case), strict=True):
            if person == NOBODY:
                continue
            acts[person] += 1
            weeks.setdefault(person, Counter())[week_of(until)] += 1
            first, last = ends.get(person, (until, until))
            ends[person] = min(first, until), max(last, until)
            waited.setdefault(person, array("q")).append(until - since)
    rows = []
    for person, done in acts.items():
        most, monday = max((number, -week) for week, number in weeks[person].items())
        rows.append(
            Load(
                person, done, cases[person], day_of(ends[person][0]), day_of(ends[person][1]),
                len(weeks[person]), date.fromordinal(-monday), most, spans(waited[person]),
            )
        )  # fmt: skip
    return sorted(rows, key=lambda load: (-load.acts, load.person))


def day_of(at: int) -> date:
    return moment(at).astimezone(SHANGHAI).date()


_DAY = 86_400_000_000
_MONDAYS = date(1970, 1, 1).toordinal()


def week_of(at: int) -> int:
    """The ordinal of the Monday of the week, in Shanghai (which has had one offset since 1991)."""
    ordinal = _MONDAYS + (at + 8 * 3_600_000_000) // _DAY
    return ordinal - (ordinal - 1) % 7
