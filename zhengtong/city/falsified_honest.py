"""Honest work of a month, with all that makes honest work look odd: busy mornings, lunch hours, late evenings, haste,
second tries, families, agents with a pile under the arm, and traders who need four licences today."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from zhengtong.city import words
from zhengtong.city.falsified_town import (
    BUILDING,
    FAIR,
    FREIGHT,
    ID_CARD,
    LICENCE,
    PETROL,
    RECYCLER,
    FalsifiedTown,
    PaperLife,
    key_of,
)
from zhengtong.city.hours import DAY, ZONE, Hours
from zhengtong.city.lives import WEB, WINDOW, Event, Pen, fate_of, story
from zhengtong.rules.calendar import Calendar

# Minutes of the day at which somebody works: as the hall is open, over lunch, early, late, and now and then at night.
SESSIONS: Sequence[tuple[int, Sequence[tuple[int, int]]]] = (
    (700, ((540, 720), (810, 1020))),
    (150, ((540, 765), (780, 1020))),
    (90, ((505, 720), (810, 1020))),
    (56, ((540, 720), (810, 1075))),
    (4, ((540, 720), (810, 1250))),  # 20:50: honest, and after hours all the same
)
TEMPLATE_SHARES = {ID_CARD: 30, RECYCLER: 16, FREIGHT: 16, LICENCE: 16, BUILDING: 10, FAIR: 6, PETROL: 6}
WHOLE = 2_000  # honest cases of a month in full; a smaller one has less of everything
EARLIER = 0.1  # of the month's cases in each of the two months before


@dataclass(frozen=True)
class Month:
    first: date
    last: date

    @classmethod
    def of(cls, text: str) -> "Month":
        first = date.fromisoformat(f"{text}-01")
        return cls(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))

    def before(self) -> "Month":
        last = self.first - timedelta(days=1)
        return Month(last.replace(day=1), last)

    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]


def moment(on: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime.combine(on, time(hour, minute, second), ZONE).astimezone(UTC)


class Scribe:
    """Makes lives: a number each, and chance of its own."""

    def __init__(self, town: FalsifiedTown, seed: str, days: Calendar) -> None:
        self.town, self.seed, self.calendar, self.number = town, seed, days, 0
        self.chance = Random(f"{seed}:scribe")  # noqa: S311  (a story, no secret)

    def life(self, organ: str, template: str, **chosen: Any) -> PaperLife:
        self.number += 1
        chance = Random(f"{self.seed}:{self.number}")  # noqa: S311
        folk = self.town.folk
        firm = None if template == ID_CARD else chance.choice(folk.firms)
        facts = {
            "person": firm["owner"] if firm else chance.choice(folk.persons)["key"],
            "enterprise": firm["uscc"] if firm else "",
            "channel": chance.choices((WINDOW, WEB), (5, 5))[0],
            "agent": False,
            "special": False,
            "counter": chance.randrange(2),
        }
        uid = UUID(int=chance.getrandbits(128), version=4)
        item = key_of(organ, template)
        return PaperLife(number=self.number, uid=uid, item=item, chance=chance, **{**facts, **chosen})

    def firm(self, uscc: str) -> dict[str, str]:
        """`chosen` facts of a life that applies for a firm."""
        return {"enterprise": uscc, "person": str(self.town.folk.by_key[uscc]["owner"])}

    def workday(self, month: Month) -> date:
        return self.chance.choice([day for day in month.days() if self.calendar.is_workday(day)])

    def template(self) -> str:
        return self.chance.choices(list(TEMPLATE_SHARES), list(TEMPLATE_SHARES.values()))[0]

    def sessions(self) -> Hours:
        weights, kinds = [share for share, _ in SESSIONS], [kind for _, kind in SESSIONS]
        return Hours(self.calendar, self.chance.choices(kinds, weights)[0])


def begins(scribe: Scribe, life: PaperLife, month: Month, hours: Hours) -> datetime:
    """A moment of the month: a counter is open on its days, the net always."""
    chance = life.chance
    if life.channel == WINDOW:
        at = hours.after(moment(scribe.workday(month), 8), chance.randrange(0, DAY - 60))
        return at + timedelta(seconds=chance.randrange(60))
    day = chance.choice(month.days())
    return moment(day, 7) + timedelta(seconds=chance.randrange(15 * 3600))


def ordinary(scribe: Scribe, organs: Sequence[str], month: Month, count: int, now: datetime) -> Iterator[list[Event]]:
    """Whatever comes in: through the same fates as in the demo city."""
    weights = [1 + 3 * scribe.chance.random() for _ in organs]
    for _ in range(count):
        organ = scribe.chance.choices(organs, weights)[0]
        life, hours = scribe.life(organ, scribe.template()), scribe.sessions()
        nature = scribe.town.nature(life.item)
        at = begins(scribe, life, month, hours)
        yield story(life, nature, at, fate_of(life, nature, now - at), hours)


def busy_morning(scribe: Scribe, organ: str, month: Month) -> Iterator[list[Event]]:
    """Forty people before one counter, two minutes or three for each."""
    on, counter = scribe.workday(month), scribe.chance.randrange(2)
    at = moment(on, 9, 2)
    for _ in range(24):
        life = scribe.life(organ, ID_CARD, channel=WINDOW, counter=counter)
        at += timedelta(seconds=life.chance.randrange(110, 240))
        yield at_once(life, at, scribe.sessions())


def at_once(life: PaperLife, at: datetime, hours: Hours) -> list[Event]:
    """即办件 at the counter: handed in, looked at, handled, taken home."""
    pen = Pen(life, at, hours)
    pen.do("submit")
    pen.later(seconds=life.chance.randrange(40, 100))
    pen.do("at_once", opinion=pen.say(words.GRANTED))
    pen.later(seconds=life.chance.randrange(20, 60))
    pen.do("deliver", mode="electronic", tracking_no="")
    return pen.events


def in_haste(life: PaperLife, at: datetime, hours: Hours, least: float) -> list[Event]:
    """A case that lay ready and was needed today: every stage within the morning, each read by its own officer."""
    pen = Pen(life, at, hours)
    pen.do("submit")
    pen.wait(pen.chance.uniform(6, 20))
    pen.do("accept")
    for verb, text in (("forward", words.PROCESSED), ("forward", words.REVIEWED)):
        pen.wait(pen.chance.uniform(least / 4, least / 2))
        pen.do(verb, opinion=pen.say(text))
    pen.wait(pen.chance.uniform(least / 4, least / 2))
    pen.do("decide", grants=True, opinion=pen.say(words.GRANTED))
    pen.wait(pen.chance.uniform(least / 4, least / 2))
    pen.do("finish", note=pen.say(words.FINISHED))
    return pen.events


def hasty(scribe: Scribe, organs: Sequence[str], month: Month, count: int) -> Iterator[list[Event]]:
    for _ in range(count):
        template = scribe.chance.choice((FREIGHT, LICENCE, BUILDING))
        life = scribe.life(scribe.chance.choice(organs), template)
        hours = Hours(scribe.calendar)
        # The permit with five days of promise passes more hands' worth of drawings than a filing.
        yield in_haste(life, begins(scribe, life, month, hours), hours, 40 if template == BUILDING else 16)


def family(scribe: Scribe, organ: str, month: Month) -> Iterator[list[Event]]:
    """Four of one household at one counter, one phone for all."""
    folk, at = scribe.town.folk.persons, moment(scribe.workday(month), 10, 10)
    first = scribe.chance.randrange(len(folk) - 5)
    for member in folk[first : first + scribe.chance.choice((3, 4, 5))]:
        life = scribe.life(organ, ID_CARD, channel=WINDOW, counter=0, person=member["key"], call=folk[first]["mobile"])
        at += timedelta(seconds=life.chance.randrange(100, 300))
        yield at_once(life, at, scribe.sessions())


def pile_of_an_agent(scribe: Scribe, organ: str, month: Month, quick: bool) -> Iterator[list[Event]]:
    """An agent with mandates on record hands in for a dozen firms; prepared well, the clerk needs half a minute each."""
    agent = scribe.chance.choice(scribe.town.agents)
    at, counter = moment(scribe.workday(month), 14, 5), scribe.chance.randrange(2)
    for uscc in agent.firms[:14]:
        if scribe.town.folk.by_key[uscc]["owner"] == agent.key:
            continue
        life = scribe.life(
            organ, RECYCLER, channel=WINDOW, counter=counter, enterprise=uscc, person=agent.key, agent=True
        )
        at += timedelta(seconds=life.chance.randrange(25, 40) if quick else life.chance.randrange(150, 400))
        yield at_once(life, at, scribe.sessions())


def trader(scribe: Scribe, organ: str, month: Month) -> Iterator[list[Event]]:
    """One firm, four licences on one day: four contracts, four goods."""
    firm = scribe.chance.choice(scribe.town.folk.firms)["uscc"]
    at = moment(scribe.workday(month), 8, 30)
    for _ in range(scribe.chance.choice((3, 4, 5))):
        life = scribe.life(organ, LICENCE, channel=WEB, **scribe.firm(firm))
        at += timedelta(minutes=life.chance.randrange(4, 25))
        nature = scribe.town.nature(life.item)
        yield story(life, nature, at, "smooth", scribe.sessions())


def second_try(scribe: Scribe, organ: str, month: Month) -> Iterator[list[Event]]:
    """Withdrawn or not accepted, and handed in again word for word within the week."""
    paper = f"again-{scribe.number}"
    template = scribe.chance.choice((FREIGHT, LICENCE, ID_CARD))
    hours, fate = Hours(scribe.calendar), "not_accepted"
    first = scribe.life(organ, template, channel=WEB, paper=paper)
    at = begins(scribe, first, month, hours)
    yield story(first, scribe.town.nature(first.item), at, fate, hours)
    again = scribe.life(organ, template, channel=WEB, paper=paper, person=first.person, enterprise=first.enterprise)
    yield story(again, scribe.town.nature(again.item), at + timedelta(days=4, hours=3), "smooth", hours)


def saturday(scribe: Scribe, organ: str, month: Month, on: date) -> Iterator[list[Event]]:
    """The hall is open on a Saturday, as the centre has announced."""
    at = moment(on, 9, 10)
    for _ in range(6):
        life = scribe.life(organ, ID_CARD, channel=WINDOW)
        at += timedelta(minutes=life.chance.randrange(5, 25))
        yield at_once(life, at, scribe.sessions())


def honest_month(
    scribe: Scribe, organs: Sequence[str], month: Month, count: int, now: datetime
) -> Iterator[list[Event]]:
    """About `count` cases of the month, and a tenth of it in each of the two months before."""
    share = min(1.0, count / WHOLE)

    def some(times: int) -> range:
        return range(max(1, round(times * share)))

    special = [
        *(event for _ in some(4) for event in busy_morning(scribe, scribe.chance.choice(organs), month)),
        *(event for _ in some(6) for event in family(scribe, scribe.chance.choice(organs), month)),
        *(event for n in some(3) for event in pile_of_an_agent(scribe, organs[n], month, quick=n == 0)),
        *(event for _ in some(6) for event in trader(scribe, scribe.chance.choice(organs), month)),
        *(event for _ in some(10) for event in second_try(scribe, scribe.chance.choice(organs), month)),
        *(event for n in some(4) for event in saturday(scribe, organs[n], month, announced(month))),
        *hasty(scribe, organs, month, max(2, count // 60)),
    ]
    yield from special
    yield from ordinary(scribe, organs, month, max(0, count - len(special)), now)
    for earlier in (month.before(), month.before().before()):
        yield from ordinary(scribe, organs, earlier, round(count * EARLIER), now)


def announced(month: Month) -> date:
    """The Saturday of extended service: the month's third."""
    return [day for day in month.days() if day.weekday() == 5][2]
