"""What happens to each case, planned before the first step is taken.

Every life has its own chance, seeded by its number, so that the same start gives the same city, and a plan that was
cut off by a kill is made again, event for event. A life knows no database: who holds a case is asked when it is played.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from zhengtong.city import words
from zhengtong.city.hours import DAY, ZONE, Hours
from zhengtong.city.records import Record, city
from zhengtong.city.trades import any_item, applicants, for_persons

WINDOW, WEB, MOBILE = "1", "2", "3"


@dataclass
class Life:
    """One case to be: who applies, for what, and how."""

    number: int
    uid: UUID
    item: str
    person: str
    enterprise: str
    channel: str
    agent: bool
    special: bool
    chance: Random
    counter: int  # which of the organ's clerks sees to it
    stopped: bool = False


@dataclass(frozen=True)
class Event:
    at: datetime
    life: Life | None
    verb: str
    facts: dict[str, Any] = field(default_factory=dict)


class Pen:
    """Writes a life forward from its first moment; `wait` counts office minutes."""

    def __init__(self, life: Life, at: datetime, hours: Hours) -> None:
        self.life, self.at, self.hours, self.chance = life, at, hours, life.chance
        self.events: list[Event] = []

    def wait(self, minutes: float) -> None:
        self.at = self.hours.after(self.at, minutes) + timedelta(seconds=self.chance.randrange(60))

    def later(self, **span: float) -> None:
        """Time as citizens spend it, office hours or not."""
        self.at += timedelta(**span)

    def do(self, verb: str, **facts: Any) -> None:
        self.events.append(Event(self.at, self.life, verb, facts))

    def say(self, choices: Sequence[Any]) -> Any:
        return self.chance.choice(choices)


@dataclass(frozen=True)
class Nature:
    """What a plan must know of an item: how it is handled, its promise in working days, its special procedures."""

    kind: str
    promise: int
    special: Sequence[str]


def live(seed: str, number: int, item: str | None = None, **chosen: Any) -> Life:
    """A life by its number; `chosen` fixes what the story needs (person, enterprise, channel …)."""
    chance = Random(f"{seed}:{number}")  # noqa: S311  (a story, no secret)
    item = item or any_item(chance)
    enterprise, person, agent = _applicant(item, chance)
    facts: dict[str, Any] = {
        "person": person,
        "enterprise": enterprise,
        "channel": chance.choices((WINDOW, WEB, MOBILE), (3, 5, 2))[0],
        "agent": agent,
        "special": item == "033" and chance.random() < 0.3,
        "counter": chance.randrange(2),
    }
    uid = UUID(int=chance.getrandbits(128), version=4)
    return Life(number=number, uid=uid, item=item, chance=chance, **{**facts, **chosen})


def _applicant(item: str, chance: Random) -> tuple[str, str, bool]:
    if for_persons(item):
        persons = [p for p in city().persons if p["id_type"] == "111"]
        return "", str(chance.choice(persons)["key"]), False
    enterprise: Record = chance.choice(applicants(item))
    agent = chance.random() < 0.25
    return enterprise["uscc"], enterprise["contact" if agent else "legal_representative"], agent


# --- ordinary lives ------------------------------------------------------------------------------------------------

SMOOTH, SUPPLEMENTED, RETURNED, RECALLED = "smooth", "supplemented", "returned", "recalled"
CONSULTED, SUSPENDED, EXTENDED, REFUSED = "consulted", "suspended", "extended", "refused"
NOT_ACCEPTED, WITHDRAWN, LAPSED, VOIDED, DEEMED = "not_accepted", "withdrawn", "lapsed", "voided", "deemed"
FATES = {
    SMOOTH: 62, SUPPLEMENTED: 12, RETURNED: 6, RECALLED: 1, CONSULTED: 6, SUSPENDED: 30, EXTENDED: 2, REFUSED: 4,
    NOT_ACCEPTED: 4, WITHDRAWN: 3, LAPSED: 2, VOIDED: 2, DEEMED: 1,
}  # fmt: skip
ONLINE_HOURS = (7, 22)


def begins(span_days: int, start: datetime, life: Life, hours: Hours) -> datetime:
    """A day of the last `span_days`; online at any hour, at a counter when it is open."""
    chance = life.chance
    day = start.astimezone(ZONE).date() - timedelta(days=chance.randint(1, span_days))
    if life.channel == WINDOW:
        morning = datetime.combine(day, time(9), ZONE).astimezone(UTC)
        return hours.after(morning, chance.randrange(10, DAY - 40)) + timedelta(seconds=chance.randrange(60))
    minutes = chance.randrange(ONLINE_HOURS[0] * 60, ONLINE_HOURS[1] * 60)
    moment = datetime.combine(day, time(0), ZONE) + timedelta(minutes=minutes, seconds=chance.randrange(60))
    return moment.astimezone(UTC)


def fate_of(life: Life, nature: Nature, age: timedelta) -> str:
    """Only what can happen to such an item: a special procedure it lists, a lapse for which a month has gone by."""
    able = dict(FATES)
    if not nature.special:
        able.pop(SUSPENDED)
    if age < timedelta(days=38):
        able.pop(LAPSED)
    if nature.kind == "IMMEDIATE":
        able = {f: n for f, n in able.items() if f in (SMOOTH, SUPPLEMENTED, NOT_ACCEPTED, WITHDRAWN, LAPSED)}
        able[SMOOTH] *= 2
    return life.chance.choices(list(able), list(able.values()))[0]


def story(life: Life, nature: Nature, at: datetime, fate: str, hours: Hours) -> list[Event]:
    """A whole life, from the application to the delivery, as if there were no end of time."""
    pen = Pen(life, at, hours)
    pen.do("submit")
    if life.special:
        hurry(pen)
    if fate == DEEMED:
        pen.wait(6 * DAY)  # nobody looks at it for five days: the clock accepts it
    else:
        pen.wait(life.chance.randrange(8, 30) if life.channel == WINDOW else life.chance.randrange(15, 200))
    if ENDS_EARLY.get(fate) is not None and ENDS_EARLY[fate](pen):
        return pen.events
    if fate == SUPPLEMENTED:
        _supplement(pen)
    if nature.kind == "IMMEDIATE":
        pen.do("at_once", opinion=pen.say(words.GRANTED))
    else:
        if fate != DEEMED:
            pen.do("accept")
        if not _handle(pen, nature, fate):
            return pen.events
        pen.wait(life.chance.randrange(30, 150))
        pen.do("finish", note=pen.say(words.FINISHED))
    _deliver(pen)
    return pen.events


def hurry(pen: Pen) -> None:
    """特办: asked for at the window, granted by the centre's head."""
    pen.do("ask_special", reason=words.SPECIAL)
    pen.wait(5)
    pen.do("grant_special")


def _not_accepted(pen: Pen) -> bool:
    reason, basis, organ = pen.say(words.NOT_ACCEPTED)
    pen.do("refuse_acceptance", reason=reason, basis=basis, right_organ=organ)
    return True


def _lapsed(pen: Pen) -> bool:
    pen.do("request_supplement", problem=pen.say(words.PROBLEMS))
    return True  # nothing comes: the sweep of a later night ends it


def _voided(pen: Pen) -> bool:
    pen.do("propose_void", reason=words.VOIDED)
    pen.wait(40)
    pen.do("void")
    return True


ENDS_EARLY = {NOT_ACCEPTED: _not_accepted, LAPSED: _lapsed, VOIDED: _voided}


def _supplement(pen: Pen) -> None:
    pen.do("request_supplement", problem=pen.say(words.PROBLEMS))
    pen.later(hours=pen.chance.randrange(5, 90))
    if pen.life.channel == WINDOW:
        pen.wait(20)
    pen.do("supplement")
    pen.wait(pen.chance.randrange(30, 240))


def _speed(nature: Nature, chance: Random) -> float:
    """Office minutes from acceptance to decision: mostly half the promise, now and then more than all of it."""
    late = chance.random() < 0.06
    share = chance.uniform(1.15, 1.7) if late else chance.triangular(0.12, 0.95, 0.45)
    return max(60.0, nature.promise * DAY * share)


def _handle(pen: Pen, nature: Nature, fate: str) -> bool:
    """Acceptance to decision. False when the life ends on the way."""
    chance, span = pen.chance, _speed(nature, pen.chance)
    pen.wait(span * 0.25)
    if fate == WITHDRAWN:
        pen.do("withdraw", reason=pen.say(words.WITHDRAWN))
        return False
    _talk(pen)
    if fate == CONSULTED:
        pen.do("consult", question=pen.say(words.QUESTIONS))
        pen.wait(min(span * 0.2, 2 * DAY))
        agrees, text = pen.say(words.ANSWERS)
        pen.do("answer", agrees=agrees, text=text)
    if fate == SUSPENDED and nature.special:
        pen.do("suspend", code=nature.special[0], reason=pen.say(words.SUSPENDED), days=chance.choice((5, 8, 10)))
        pen.wait(chance.uniform(3, 7) * DAY)
        pen.do("resume", result=pen.say(words.RESUMED))
    pen.wait(span * 0.3)
    pen.do("forward", opinion=pen.say(words.PROCESSED))
    if fate == RECALLED:
        pen.wait(6)
        pen.do("recall")
        pen.wait(12)
        pen.do("forward", opinion=pen.say(words.PROCESSED))
    pen.wait(span * 0.2)
    if fate == RETURNED:
        number = chance.randrange(len(words.RETURNED))
        pen.do("send_back", reason=words.RETURNED[number])
        pen.wait(min(span * 0.1, DAY))
        pen.do("forward", opinion=words.AFTER_RETURN[number])
        pen.wait(min(span * 0.1, DAY))
    pen.do("forward", opinion=pen.say(words.REVIEWED))
    pen.wait(span * 0.1)
    if fate == EXTENDED:
        pen.do("extend", days=chance.choice((5, 10)), reason=words.EXTENDED)
        pen.wait(DAY)
    pen.wait(span * 0.1)
    if nature.kind == "REPORTED":
        pen.do("send_up", upper_organ=words.UPPER, opinion=pen.say(words.SENT_UP))
        pen.wait(chance.uniform(8, 25) * DAY)
        pen.do("result_back", opinion=words.RESULT_BACK)
    elif fate == REFUSED:
        pen.do("decide", grants=False, opinion=pen.say(words.REFUSED))
    else:
        pen.do("decide", grants=True, opinion=pen.say(words.GRANTED))
    return True


def _talk(pen: Pen) -> None:
    chance = pen.chance
    if chance.random() < 0.12:
        pen.do("ask", text=pen.say(words.FROM_APPLICANT))
        pen.wait(chance.randrange(20, 300))
        pen.do("reply", text=pen.say(words.FROM_OFFICER))
    if chance.random() < 0.06:
        pen.do("urge")
        pen.wait(15)
        pen.do("note", text=words.URGED_NOTE)
    elif chance.random() < 0.1:
        pen.do("note", text=pen.say(words.NOTES))


def _deliver(pen: Pen) -> None:
    mode = pen.chance.choices(("electronic", "direct", "post"), (5, 3, 2))[0]
    pen.wait(10 if mode == "electronic" else pen.chance.uniform(0.3, 4) * DAY)
    tracking = f"YZ{pen.chance.randrange(10**9, 10**10)}" if mode == "post" else ""
    pen.do("deliver", mode=mode, tracking_no=tracking)
