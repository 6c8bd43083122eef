"""How a department makes up work: each pattern of §5.4 as it would be done through the counter, the desk or an import."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from zhengtong.city import words
from zhengtong.city.falsified_honest import Month, Scribe, at_once, moment
from zhengtong.city.falsified_town import BUILDING, FREIGHT, ID_CARD, PETROL, RECYCLER, STAFF_PHONES, PaperLife
from zhengtong.city.hours import DAY, Hours
from zhengtong.city.lives import WINDOW, Event, Pen, story


@dataclass(frozen=True)
class ToldEvent(Event):
    """A step entered at `at` that claims to have been taken at `claimed`."""

    claimed: datetime | None = None


@dataclass
class Plant:
    """One act of making up work. Found when a lead of `rule` shows all its cases, or names its organ and month."""

    rule: str
    what: str
    lives: list[PaperLife] = field(default_factory=list)
    organ: str = ""  # of a pattern only sums can show
    month: str = ""
    events: list[Event] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)  # numbers, once they have them

    def add(self, events: Sequence[Event]) -> None:
        self.events += events
        for event in events:
            if isinstance(event.life, PaperLife) and event.life not in self.lives:
                self.lives.append(event.life)


Planter = Callable[[Scribe, str, Month], Plant]


def batch(scribe: Scribe, organ: str, month: Month) -> Plant:
    """D-01: a clerk types fourteen finished cases in before lunch."""
    plant = Plant("D-01", "batch")
    at, counter = moment(scribe.workday(month), 11, 20), scribe.chance.randrange(2)
    for _ in range(14):
        life = scribe.life(organ, RECYCLER, channel=WINDOW, counter=counter)
        at += timedelta(seconds=life.chance.randrange(20, 40))
        pen = Pen(life, at, Hours(scribe.calendar))
        pen.do("submit")
        pen.later(seconds=4)
        pen.do("at_once", opinion=words.GRANTED[0])
        plant.add(pen.events)
    return plant


def in_one_session(scribe: Scribe, organ: str, month: Month) -> Plant:
    """D-02: the licence was handed out long ago; the file is walked through all stages in a quarter of an hour."""
    plant = Plant("D-02", "session")
    life = scribe.life(organ, PETROL, channel=WINDOW)
    pen = Pen(life, moment(scribe.workday(month), 15, scribe.chance.randrange(20)), Hours(scribe.calendar))
    pen.do("submit")
    pen.later(minutes=5)
    pen.do("accept")
    for verb, facts in _stages():
        pen.later(minutes=pen.chance.uniform(2, 5))
        pen.do(verb, **facts)
    plant.add(pen.events)
    return plant


def _stages() -> list[tuple[str, dict[str, Any]]]:
    return [
        ("forward", {"opinion": words.PROCESSED[0]}),
        ("forward", {"opinion": words.REVIEWED[0]}),
        ("decide", {"grants": True, "opinion": words.GRANTED[0]}),
        ("finish", {"note": words.FINISHED[0]}),
    ]


def at_night(scribe: Scribe, organ: str, month: Month) -> Plant:
    """D-03: stages are filled in at night, or on a Sunday."""
    plant = Plant("D-03", "night")
    life = scribe.life(organ, FREIGHT, channel=WINDOW)
    day = scribe.workday(month)
    pen = Pen(life, moment(day, 10, 15), Hours(scribe.calendar))
    pen.do("submit")
    pen.wait(12)
    pen.do("accept")
    if scribe.chance.random() < 0.5:
        pen.at = moment(day, 22, scribe.chance.randrange(50))
    else:
        pen.at = moment(_sunday(day, month), 10, scribe.chance.randrange(50))
    for verb, facts in _stages()[:3]:
        pen.do(verb, **facts)
        pen.later(minutes=pen.chance.uniform(8, 15))
    pen.wait(40)
    pen.do("finish", note=words.FINISHED[0])
    plant.add(pen.events)
    return plant


def _sunday(day: date, month: Month) -> date:
    return day + timedelta(days=6 - day.weekday() or 7)


def in_seconds(scribe: Scribe, organ: str, month: Month) -> Plant:
    """D-04: opinion after opinion with one click each."""
    plant = Plant("D-04", "seconds")
    life = scribe.life(organ, scribe.chance.choice((FREIGHT, BUILDING)), channel=WINDOW)
    pen = Pen(life, moment(scribe.workday(month), 14, scribe.chance.randrange(40)), Hours(scribe.calendar))
    pen.do("submit")
    pen.wait(15)
    pen.do("accept")
    pen.wait(pen.chance.uniform(30, 900))
    for verb, facts in _stages():
        pen.later(seconds=pen.chance.randrange(8, 45))
        pen.do(verb, **facts)
    plant.add(pen.events)
    return plant


def dated_back(scribe: Scribe, organ: str, month: Month) -> Plant:
    """D-05: the decision came too late, so it is given an earlier day."""
    plant = Plant("D-05", "decision dated back")
    life = scribe.life(organ, FREIGHT, channel=WINDOW)
    pen = Pen(life, moment(scribe.workday(month), 9, 30), Hours(scribe.calendar))
    pen.do("submit")
    pen.wait(20)
    pen.do("accept")
    pen.wait(3 * DAY)
    for verb, facts in _stages()[:2]:
        pen.do(verb, **facts)
        pen.wait(60)
    back = timedelta(hours=pen.chance.randrange(20, 60))
    for verb, facts in _stages()[2:]:
        pen.events.append(ToldEvent(pen.at, life, verb, facts, claimed=pen.at - back))
        pen.wait(30)
    plant.add(pen.events)
    return plant


def entered_late(scribe: Scribe, organ: str, month: Month) -> Plant:
    """D-05: a whole case is entered days later with the days it should have had."""
    plant = Plant("D-05", "case dated back")
    life = scribe.life(organ, FREIGHT, channel=WINDOW)
    day = max(scribe.workday(month), month.first + timedelta(days=8))
    pen = Pen(life, Hours(scribe.calendar).after(moment(day, 15, 30)), Hours(scribe.calendar))
    back = timedelta(days=pen.chance.randrange(2, 6), minutes=pen.chance.randrange(100))
    for verb, facts in [("submit", {}), ("accept", {}), *_stages()]:
        pen.events.append(ToldEvent(pen.at, life, verb, facts, claimed=pen.at - back))
        pen.wait(pen.chance.uniform(6, 12))
    plant.add(pen.events)
    return plant


def twice(scribe: Scribe, organ: str, month: Month) -> Plant:
    """D-06: one application counts two or three times."""
    plant = Plant("D-06", "duplicate")
    paper, template = f"twice-{scribe.number}", scribe.chance.choice((FREIGHT, RECYCLER, BUILDING))
    first = scribe.life(organ, template, channel=WINDOW, paper=paper)
    hours = Hours(scribe.calendar)
    at = hours.after(moment(min(scribe.workday(month), month.last - timedelta(days=9)), 10, 5))
    for number in range(scribe.chance.choice((2, 3))):
        life = first if number == 0 else scribe.life(
            organ, template, channel=WINDOW, paper=paper, person=first.person, enterprise=first.enterprise
        )  # fmt: skip
        plant.add(story(life, scribe.town.nature(life.item), hours.after(at, number * DAY * 1.3), "smooth", hours))
    return plant


def one_phone(scribe: Scribe, organ: str, month: Month) -> Plant:
    """D-07: seven applicants who answer one phone."""
    plant = Plant("D-07", "one phone")
    call = f"15408{scribe.number:06d}"
    for _ in range(8):
        life = scribe.life(organ, ID_CARD, channel=WINDOW, call=call)
        plant.add(at_once(life, moment(scribe.workday(month), 16, life.chance.randrange(50)), Hours(scribe.calendar)))
    return plant


def own_phone(scribe: Scribe, organ: str, month: Month) -> Plant:
    """D-07: the clerk leaves a colleague's number, since somebody must answer."""
    plant = Plant("D-07", "staff phone")
    call = STAFF_PHONES[scribe.number % len(STAFF_PHONES)]
    life = scribe.life(organ, ID_CARD, channel=WINDOW, call=call)
    plant.add(at_once(life, moment(scribe.workday(month), 11, life.chance.randrange(40)), Hours(scribe.calendar)))
    return plant


def on_the_last_day(scribe: Scribe, organ: str, month: Month) -> Plant:
    """D-08: whatever is late is suspended once more, and everything ends on its last day."""
    plant = Plant("D-08", "deadline gaming", organ=organ, month=f"{month.first:%Y-%m}")
    hours = Hours(scribe.calendar)
    days = [d for d in month.before().days()[-9:] + month.days()[:3] if scribe.calendar.is_workday(d)]
    for number in range(34):
        life = scribe.life(organ, PETROL, channel=WINDOW)
        promise = scribe.town.nature(life.item).promise
        accepted = hours.after(moment(scribe.chance.choice(days), 9, 10), life.chance.randrange(60))
        pen = Pen(life, accepted, hours)
        pen.do("submit")
        pen.wait(15)
        pen.do("accept")
        pen.wait(2 * DAY)
        suspended = number % 5 < 3
        if suspended:
            code = scribe.town.nature(life.item).special[0]
            pen.do("suspend", code=code, reason=words.SUSPENDED[0], days=5)
            pen.wait(3 * DAY)
            pen.do("resume", result=words.RESUMED[0])
        share = promise if suspended else promise * 0.6
        pen.at = hours.after(moment(_local(accepted), 9, 5), (share + (3 if suspended else 0)) * DAY + 60)
        for verb, facts in _stages():
            pen.do(verb, **facts)
            pen.wait(pen.chance.uniform(15, 25))
        plant.add(pen.events)
    return plant


def _local(at: datetime) -> date:
    return (at + timedelta(hours=8)).date()


def cut_up(scribe: Scribe, organ: str, month: Month) -> Plant:
    """D-09: one building project becomes four cases of one day."""
    plant = Plant("D-09", "split")
    paper, firm = f"cut-{scribe.number}", scribe.chance.choice(scribe.town.folk.firms)["uscc"]
    hours = Hours(scribe.calendar)
    at = moment(scribe.workday(month), 9, 20)
    for part in range(1, 5):
        life = scribe.life(organ, BUILDING, channel=WINDOW, paper=paper, part=part, **scribe.firm(firm))
        at = hours.after(at, life.chance.uniform(8, 30))
        plant.add(story(life, scribe.town.nature(life.item), at, "smooth", hours))
    return plant


def too_many(scribe: Scribe, organ: str, month: Month) -> Plant:
    """D-10: a clerk who serves thirty a day where the others see five."""
    plant = Plant("D-10", "volume", organ=organ, month=f"{month.first:%Y-%m}")
    days = [day for day in month.days() if scribe.calendar.is_workday(day)]
    for day in scribe.chance.sample(days, 6):
        at = moment(day, 9, 0)
        for _ in range(30):
            life = scribe.life(organ, ID_CARD, channel=WINDOW, counter=0)
            at = Hours(scribe.calendar).after(at, life.chance.uniform(8, 12.5))
            plant.add(at_once(life, at, Hours(scribe.calendar)))
    return plant


def round_times(scribe: Scribe, organ: str, month: Month) -> Plant:
    """D-11: the times stand in the file as somebody thought them out: five past, a quarter past, half past."""
    plant = Plant("D-11", "round times", organ=organ, month=f"{month.first:%Y-%m}")
    days = [day for day in month.days() if scribe.calendar.is_workday(day)][:-6]
    hours = Hours(scribe.calendar)
    for _ in range(80):
        life = scribe.life(organ, FREIGHT, channel=WINDOW)
        pen = Pen(life, moment(scribe.chance.choice(days), 9, 0), hours)
        for verb, facts in [("submit", {}), ("accept", {}), *_stages()]:
            pen.at = hours.after(pen.at, life.chance.choice((5, 10, 15, 20, 30, 45, 60, 90)))
            pen.do(verb, **facts)
        plant.add(pen.events)
    return plant


def perfect(scribe: Scribe, organ: str, month: Month) -> Plant:
    """D-12: a quarter in which nobody ever forgot a paper."""
    plant = Plant("D-12", "perfect", organ=organ, month=f"{month.first:%Y-%m}")
    for one in (month.before().before(), month.before(), month):
        for _ in range(36):
            life = scribe.life(organ, RECYCLER, channel=WINDOW)
            at = Hours(scribe.calendar).after(moment(scribe.workday(one), 9, 5), life.chance.randrange(330))
            plant.add(at_once(life, at, Hours(scribe.calendar)))
    return plant


def wiped(scribe: Scribe, organ: str, month: Month) -> Plant:
    """D-13: one case in eight is voided as an entry error."""
    plant = Plant("D-13", "deletions", organ=organ, month=f"{month.first:%Y-%m}")
    hours = Hours(scribe.calendar)
    for number in range(64):
        life = scribe.life(organ, FREIGHT, channel=WINDOW)
        at = hours.after(
            moment(min(scribe.workday(month), month.last - timedelta(days=7)), 9, 10), life.chance.randrange(300)
        )
        fate = "voided" if number % 8 == 0 else "smooth"
        plant.add(story(life, scribe.town.nature(life.item), at, fate, hours))
    return plant


def away_before_late(scribe: Scribe, organ: str, month: Month) -> Plant:
    """D-13: due tomorrow, so it never was."""
    plant = Plant("D-13", "void before due")
    life = scribe.life(organ, BUILDING, channel=WINDOW)
    hours = Hours(scribe.calendar)
    pen = Pen(life, hours.after(moment(min(scribe.workday(month), month.last - timedelta(days=9)), 9, 15)), hours)
    pen.do("submit")
    pen.wait(20)
    pen.do("accept")
    pen.wait((scribe.town.nature(life.item).promise - 0.5) * DAY)
    pen.do("propose_void", reason=words.VOIDED)
    pen.wait(15)
    pen.do("void")
    plant.add(pen.events)
    return plant


# Among honest departments, several times each; and those only sums can show, in departments that do little else.
AMONG: Sequence[tuple[Planter, int]] = (
    (batch, 3), (in_one_session, 5), (at_night, 5), (in_seconds, 5), (dated_back, 3), (entered_late, 3), (twice, 5),
    (one_phone, 2), (own_phone, 2), (cut_up, 4), (away_before_late, 3),
)  # fmt: skip
WHOLE: Sequence[tuple[Planter, int]] = (
    (on_the_last_day, 2), (wiped, 2), (round_times, 2), (perfect, 2), (too_many, 2),
)  # fmt: skip


def plants(scribe: Scribe, honest: Sequence[str], others: Sequence[str], month: Month, most: int) -> Iterator[Plant]:
    """`most` times each; fewer where a test has no time."""
    for planter, times in AMONG:
        for _ in range(min(times, most)):
            yield planter(scribe, scribe.chance.choice(honest), month)
    free = iter(others)
    for planter, times in WHOLE:
        for _ in range(min(times, most)):
            if (organ := next(free, None)) is not None:
                yield planter(scribe, organ, month)
