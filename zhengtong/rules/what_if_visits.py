"""Real cases as a chain of visits to desks: who acted, in which stage, after how long, and how much of it was work.

A log says when an act was done, not when it was begun. So the time a case lay at a desk is split: other delay (advice,
the applicant, a file left lying while its officer had nothing else), waiting while its officer was at work on others,
and work. How much of it is work no log can tell: two readings mark the ends between which the truth lies. In both, the
visits laid end to end give what really happened. Knows no law and no limit.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from zhengtong.rules.history import Act, History
from zhengtong.rules.kinds import Kind
from zhengtong.rules.procedure import Stage
from zhengtong.rules.what_if_hours import Office

LEAST_SEEN = 8  # handlings of one officer in one activity before they speak for themselves
PLAUSIBLE = 0.25  # the share of handlings that are quicker than what is taken for pure work

# What an officer does with a case in hand, and what comes from outside and is only waited for.
WORK = frozenset(
    {
        Kind.CASE_ACCEPTED, Kind.CASE_ACCEPTANCE_REFUSED, Kind.CASE_SUPPLEMENT_REQUESTED, Kind.CASE_DISPATCHED,
        Kind.CASE_FORWARDED, Kind.CASE_RETURNED, Kind.CASE_RECALLED, Kind.CASE_SUSPENDED, Kind.CASE_EXTENDED,
        Kind.CASE_SENT_UP, Kind.CASE_DECIDED, Kind.CASE_FINISHED, Kind.CASE_DELIVERED, Kind.CASE_ACT_RECORDED,
    }
)  # fmt: skip
FROM_OUTSIDE = frozenset({Kind.CASE_SUPPLEMENTED, Kind.CASE_RESUMED, Kind.CASE_RESULT_BACK, Kind.CASE_DEEMED_ACCEPTED})


class Reading(StrEnum):
    CAUTIOUS = "cautious"  # work is the shortest plausible handling, and only work on others makes a case wait
    BUSY = "busy"  # an officer was at work on the case ever since it lay there and their hands were free


@dataclass(frozen=True, slots=True)
class Visit:
    """`delay`: open hours that pass before it can be worked on, whoever is free; `work`: open hours of one officer.

    `order`: its place among all acts, the order in which officers take their cases. Without a `person` nobody is
    waited for.
    """

    stage: Stage
    person: int | None
    delay: float
    work: float
    order: int


@dataclass(frozen=True, slots=True)
class Path:
    """One case: it arrives at `begins` (open hours), and after its last visit `tail` hours pass to its end.

    `ends_after`: how many visits lie before the end of its promise; those behind it are work all the same.
    """

    number: str
    begins: float
    visits: tuple[Visit, ...]
    tail: float
    ends_after: int


@dataclass(frozen=True, slots=True)
class _Seen:
    number: str
    place: int
    stage: Stage
    activity: str
    person: int | None
    came: float
    done: float


def paths(
    histories: Iterable[History], ends: Mapping[str, datetime | None], office: Office, reading: Reading
) -> list[Path]:
    """`ends`: when each case's promise ended; None while it has not."""
    chains = {history.number: (history, _seen(history, office)) for history in histories}
    everything = sorted(
        (seen for _, chain in chains.values() for seen in chain),
        key=lambda seen: (seen.done, seen.came, seen.number, seen.place),
    )
    order = {id(seen): place for place, seen in enumerate(everything)}
    free = _free_since(everything)
    works = _works(everything, free, reading)
    ready = _ready(everything, free, works)
    found = []
    for number, (history, chain) in chains.items():
        end = ends.get(number)
        stop = None if end is None else office.at(end)
        inside = len(chain) if stop is None else sum(seen.done <= stop for seen in chain)
        begins = office.at(history.received_at)
        last = chain[inside - 1].done if inside else begins
        found.append(
            Path(
                number=number,
                begins=begins,
                visits=tuple(
                    Visit(seen.stage, seen.person, ready[id(seen)] - seen.came, works[id(seen)], order[id(seen)])
                    for seen in chain
                ),
                tail=0.0 if stop is None else max(stop - last, 0.0),
                ends_after=inside,
            )
        )
    return sorted(found, key=lambda path: (path.begins, path.number))


def _seen(history: History, office: Office) -> list[_Seen]:
    stage, came = Stage.ACCEPT, office.at(history.received_at)
    chain: list[_Seen] = []
    for act in sorted(history.acts, key=lambda act: act.at):
        imported = act.kind == Kind.CASE_ACT_RECORDED
        if imported:
            stage = Stage(act.facts["stage"])
        if act.kind in WORK or act.kind in FROM_OUTSIDE:
            person = _who(act, imported=history.imported)
            if person is not None or act.kind in FROM_OUTSIDE:
                done = max(office.at(act.at), came)
                chain.append(
                    _Seen(
                        history.number, len(chain), stage, str(act.facts.get("activity", act.kind)), person, came, done
                    )
                )
                came = done
        if not history.imported and (told := (act.facts.get("row") or {}).get("stage")):
            stage = Stage(told)
    return chain


def _who(act: Act, *, imported: bool) -> int | None:
    if act.kind in FROM_OUTSIDE or (imported and act.kind == Kind.CASE_FINISHED):
        return None
    return act.actor_id if act.actor_kind in ("officer", "import") else None


def _free_since(seen: Sequence[_Seen]) -> dict[int, float]:
    """By identity of the visit: when its officer had done what they did before it."""
    last: dict[int, float] = {}
    free: dict[int, float] = {}
    for one in seen:
        if one.person is not None:
            free[id(one)] = last.get(one.person, one.came)
            last[one.person] = one.done
    return free


def _handling(one: _Seen, free: Mapping[int, float]) -> float:
    """Since the case lay there and its officer's hands were free."""
    return one.done - max(one.came, free.get(id(one), one.came))


def _plausible(seen: Sequence[_Seen], free: Mapping[int, float]) -> dict[tuple[int | None, str], float]:
    """The shortest plausible handling of an activity, by officer where seen often enough, and (None) by anybody."""
    taken = defaultdict[tuple[int | None, str], list[float]](list)
    for one in seen:
        if one.person is not None:
            for key in ((one.person, one.activity), (None, one.activity)):
                taken[key].append(_handling(one, free))
    return {
        key: sorted(hours)[int(len(hours) * PLAUSIBLE)]
        for key, hours in taken.items()
        if key[0] is None or len(hours) >= LEAST_SEEN
    }


def _works(seen: Sequence[_Seen], free: Mapping[int, float], reading: Reading) -> dict[int, float]:
    """By identity of the visit."""
    quick = _plausible(seen, free) if reading is Reading.CAUTIOUS else {}
    works = {}
    for one in seen:
        handling = 0.0 if one.person is None else _handling(one, free)
        least = quick.get((one.person, one.activity), quick.get((None, one.activity), handling))
        works[id(one)] = min(handling, least)
    return works


def _ready(seen: Sequence[_Seen], free: Mapping[int, float], works: Mapping[int, float]) -> dict[int, float]:
    """When each visit could be worked on: once it lay there and its officer's unbroken stretch of work had begun.

    Before that stretch the officer had nothing to do and did not take it: something else was in the way.
    """
    ready: dict[int, float] = {}
    stretch: dict[int, float] = {}
    for one in seen:
        begun = one.done - works[id(one)]
        if one.person is None:
            ready[id(one)] = one.done
            continue
        if begun - free[id(one)] > 1e-9:
            stretch[one.person] = begun
        ready[id(one)] = max(one.came, min(stretch.setdefault(one.person, begun), begun))
    return ready
