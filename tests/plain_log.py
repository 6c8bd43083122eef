"""An event log counted by other code than ours: plain Python over the raw file, nothing of the product imported.

What it counts is defined in docs/process-insight.md. Times in microseconds.
"""

import csv
import gzip
import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from xml.etree import ElementTree

TICK = timedelta(microseconds=1)
SHANGHAI = timezone(timedelta(hours=8))
STAGES = ["ACCEPT", "PROCESS", "REVIEW", "APPROVE", "FINISH"]


@dataclass
class PlainCase:
    key: str
    start: datetime
    end: datetime | None
    deadline: datetime | None
    events: list = field(default_factory=list)  # (activity, person, at), in the order of their times


def micros(span):
    return span // TICK


def receipt_stage(activity):
    """By the number of the task, as the map of the receipt log has it."""
    number = int(activity[1:3]) if activity.startswith("T") else 0
    return STAGES[0 if number <= 3 else 1 if number <= 5 else 2 if number <= 9 else 3 if number <= 14 else 4]


def read_csv(path):
    cases = {}
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            if line["case"] not in cases:
                times = [datetime.fromisoformat(line[n]) if line[n] else None for n in ("start", "end", "deadline")]
                cases[line["case"]] = PlainCase(line["case"], *times)
            event = (line["activity"], line["person"], datetime.fromisoformat(line["at"]))
            cases[line["case"]].events.append(event)
    return _in_time(cases.values())


def read_xes(path):
    """(cases, how many no product should take): a case without key, time or the person of an act, or seen before."""
    opened = gzip.open if str(path).endswith(".gz") else open
    with opened(path, "rb") as file:
        root = ElementTree.parse(file).getroot()
    cases, seen, unfit = {}, set(), 0
    for trace in root:
        if not trace.tag.endswith("trace"):
            continue
        told = _attributes(trace)
        events = [_attributes(child) for child in trace if child.tag.endswith("event")]
        done = [e for e in events if e.get("lifecycle:transition") == "complete"]
        times = [_moment(told.get(name)) for name in ("startdate", "enddate", "deadline")]
        start = times[0] or (_moment(done[0]["time:timestamp"]) if done else None)
        named = all(e.get("org:resource") for e in done)
        again = told["concept:name"] in seen
        seen.add(told["concept:name"])
        if start is None or not named or again:
            unfit += 1
            continue
        cases[told["concept:name"]] = case = PlainCase(told["concept:name"], start, *times[1:])
        case.events = [(e["concept:name"], e["org:resource"], _moment(e["time:timestamp"])) for e in done]
    return _in_time(cases.values()), unfit


def _attributes(element):
    return {child.get("key"): child.get("value") for child in element if child.get("key")}


def _moment(text):
    return datetime.fromisoformat(text) if text else None


def _in_time(cases):
    for case in cases:
        case.events.sort(key=lambda event: event[2])  # stable: what happened at one instant stays as written
    return list(cases)


def spread(values):
    """(count, total, mean, median, ninth decile) the long way round."""
    ordered = sorted(values)
    if not ordered:
        return (0, 0, 0, 0, 0)
    return (len(ordered), sum(ordered), sum(ordered) / len(ordered), _at(ordered, 50), _at(ordered, 90))


def _at(ordered, percent):
    place = (len(ordered) - 1) * percent / 100
    below, above = math.floor(place), math.ceil(place)
    if below == above:
        return ordered[below]
    return ordered[below] * (above - place) + ordered[above] * (place - below)


def lateness(cases, now):
    ended = [case for case in cases if case.end is not None]
    timed = [case for case in ended if case.deadline is not None]
    opened = [case for case in cases if case.end is None]
    return {
        "finished": len(ended),
        "open": len(opened),
        "after": sum(1 for case in timed if case.end > case.deadline),
        "within": sum(1 for case in timed if case.end <= case.deadline),
        "over": sum(1 for case in opened if case.deadline is not None and case.deadline < now),
        "throughput": spread([micros(case.end - case.start) for case in ended]),
    }


def stage_times(cases, stage):
    """Stage → (acts, spread over the cases that have it); "TAIL" from the last act to a later end."""
    acts, spent = Counter(), defaultdict(list)
    for case in cases:
        own, before = Counter(), case.start
        met = set()
        for activity, _, at in case.events:
            acts[stage(activity)] += 1
            met.add(stage(activity))
            own[stage(activity)] += max(micros(at - before), 0)
            before = at
        for name in met:
            spent[name].append(own[name])
        if case.events and case.end is not None and case.end > before:
            spent["TAIL"].append(micros(case.end - before))
    return {name: (acts[name], *spread(found)) for name, found in spent.items()}


def follows(cases):
    """(one, next) → spread of the times between, and the number of cases."""
    times, met = defaultdict(list), Counter()
    for case in cases:
        ways = set()
        for index in range(1, len(case.events)):
            (one, _, since), (after, _, until) = case.events[index - 1], case.events[index]
            times[one, after].append(micros(until - since))
            ways.add((one, after))
        met.update(ways)
    return {way: (met[way], *spread(found)) for way, found in times.items()}


def worst(cases, stage, most=10):
    """The ways by total time, then by count, then by stage and name."""
    found = follows(cases)
    order = {name: place for place, name in enumerate(STAGES)}
    ranked = sorted(
        found,
        key=lambda way: (-found[way][2], -found[way][1], order[stage(way[0])], way[0], order[stage(way[1])], way[1]),
    )
    return ranked[:most]


def hand_overs(cases):
    """((giver, taker) → (times, cases, straight back), acts kept, cases with one, cases with a ping-pong)"""
    times, met, back = Counter(), Counter(), Counter()
    kept = handed = looped = 0
    for case in cases:
        people = [person for _, person, _ in case.events]
        ways, loops = [], 0
        for index in range(1, len(people)):
            if people[index] == people[index - 1]:
                kept += 1
                continue
            ways.append((people[index - 1], people[index]))
            if index > 1 and people[index - 2] == people[index]:
                back[ways[-1]] += 1
                loops += 1
        times.update(ways)
        met.update(set(ways))
        handed += bool(ways)
        looped += bool(loops)
    return {way: (number, met[way], back[way]) for way, number in times.items()}, kept, handed, looped


def workload(cases):
    """Person → (acts, cases, weeks with an act, Monday of the fullest, acts in it)"""
    acts, of, weeks = Counter(), defaultdict(set), defaultdict(Counter)
    for case in cases:
        for _, person, at in case.events:
            day = at.astimezone(SHANGHAI).date()
            acts[person] += 1
            of[person].add(case.key)
            weeks[person][day - timedelta(days=day.weekday())] += 1
    found = {}
    for person, number in acts.items():
        most = max(weeks[person].values())
        first = min(week for week, done in weeks[person].items() if done == most)
        found[person] = (number, len(of[person]), len(weeks[person]), first, most)
    return found


def variants(cases):
    return Counter(tuple(activity for activity, _, _ in case.events) for case in cases)


def rework(cases, stage):
    """(cases that went back, (stage, earlier) → (times, cases), cases that repeated, activity → (again, cases))"""
    ways, met, again, doing = Counter(), Counter(), Counter(), Counter()
    returned = repeated = 0
    for case in cases:
        places = [STAGES.index(stage(activity)) for activity, _, _ in case.events]
        own = [(STAGES[a], STAGES[b]) for a, b in pairwise(places) if b < a]
        returned += bool(own)
        ways.update(own)
        met.update(set(own))
        counts = Counter(activity for activity, _, _ in case.events)
        repeated += any(number > 1 for number in counts.values())
        for activity, number in counts.items():
            if number > 1:
                again[activity] += number - 1
                doing[activity] += 1
    return returned, {w: (n, met[w]) for w, n in ways.items()}, repeated, {a: (n, doing[a]) for a, n in again.items()}
