"""A month of ratings in which some were brushed among honest ones; whether E-1 to E-7 find the one and leave the other.

Visitors take tickets at the counters, are served, and rate as people do: at once or at home, in a hurry, in families,
through an agent, on paper, asked by phone. Ratings go through the same flow as everybody's; only what the flow refuses
(a service that never was) is written behind it, as somebody with the keys of the house would.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from heapq import heappop, heappush
from random import Random
from typing import Any

from django.db import transaction

from zhengtong.base import calendar
from zhengtong.base.permission import SYSTEM, Acting, ActorKind
from zhengtong.base.seal.actions import seal
from zhengtong.city.falsified_honest import Month, moment
from zhengtong.city.falsified_town import STAFF_PHONES, found_city, invented
from zhengtong.city.hours import ZONE
from zhengtong.city.records import city
from zhengtong.domains.authenticity import queries
from zhengtong.domains.hall import actions as hall
from zhengtong.domains.hall.queries.waiting import Estimate
from zhengtong.domains.ratings import actions as ratings
from zhengtong.domains.ratings import names
from zhengtong.domains.registry import queries as registry
from zhengtong.domains.supervision.actions import rules
from zhengtong.flows.lead_found import find_leads, find_leads_at_night
from zhengtong.flows.rating_followed_up import follow_up
from zhengtong.flows.rating_given import rate
from zhengtong.rules.queue import Priority, TicketChannel
from zhengtong.rules.ratings import BUTTONS, Button
from zhengtong.rules.refusal import Refusal

PLANTED = ("E-1", "E-2", "E-3", "E-4", "E-5", "E-6", "E-7")
BAR_PERCENT = 1.0  # honest ratings with leads must stay below
GUEST = Acting(kind=ActorKind.APPLICANT, id=None, name="评价人")
DEVICE = Acting(kind=ActorKind.SYSTEM, id=None, name="评价器")
HALL, QUEUE = "H01", "SHICHANG"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
CHUNK = 200
LEVELS = ((2, 78), (3, 17), (4, 5))  # of a hundred who press the buttons
AT_HOME = ((1, 62), (2, 22), (3, 9), (4, 5), (5, 2))  # of a hundred who answer five levels


@dataclass
class Plant:
    """What was brushed: the numbers of its ratings, or the officer or organ whose month it is."""

    rule: str
    what: str
    numbers: list[str] = field(default_factory=list)
    officer_id: int | None = None
    organ_id: int | None = None


@dataclass
class Line:
    rule: str
    planted: int = 0
    found: int = 0
    touched: int = 0  # honest ratings that its leads name
    missed: list[str] = field(default_factory=list)


@dataclass
class Report:
    lines: dict[str, Line]
    honest: int = 0
    named: int = 0  # honest ratings that some lead names
    leads: int = 0
    refused: list[str] = field(default_factory=list)

    @property
    def percent(self) -> float:
        return 100 * self.named / self.honest if self.honest else 0.0

    @property
    def held(self) -> bool:
        return self.percent < BAR_PERCENT and all(line.found == line.planted for line in self.lines.values())


@dataclass
class Story:
    """Where the month is played: everything that happens is an event in time; what it leaves is noted here."""

    seed: str
    chance: Random
    queue: Any = None
    clerk: Acting = SYSTEM
    events: list[tuple[datetime, int, Callable[[datetime], None]]] = field(default_factory=list)  # a heap
    told: int = 0
    honest: dict[str, tuple[int, int | None]] = field(default_factory=dict)  # number → organ, officer
    plants: list[Plant] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    made: int = 0

    def at(self, when: datetime, act: Callable[[datetime], None]) -> None:
        self.told += 1
        heappush(self.events, (when, self.told, act))

    def plant(self, rule: str, what: str, **whose: int) -> Plant:
        self.plants.append(Plant(rule, what, **whose))  # type: ignore[arg-type]  # ids by name
        return self.plants[-1]

    def visit(
        self, post: "Counter", when: datetime, then: Callable[[Any, datetime], None], *, phone: str = "",
        account_id: int | None = None, ghost: bool = False, too_early: timedelta | None = None,
    ) -> None:  # fmt: skip
        """Somebody is served; `then` gets the node to rate. A ghost took no ticket; `too_early`: before they did."""

        def served(at: datetime) -> None:
            self.made += 1
            key = f"ghost-{self.seed}-{self.made}"
            if not ghost:
                took = at + too_early if too_early else at - 12 * MINUTE
                ticket = hall.issue(
                    self.queue, hall.Bearer(), Estimate(0, 5, 3, 8), channel=TicketChannel.KIOSK,
                    priority=Priority(""), head_starts={}, by=SYSTEM, at=took,
                )  # fmt: skip
                key = str(ticket.key)
            node = ratings.open_node(
                "ticket", ("ticket", key), organ_id=post.organ_id, section_id=None, officer_id=post.officer_id,
                window_id=post.window_id, hall_code=HALL, item_name="窗口业务", account_id=account_id, phone=phone,
                opened_at=at, by=SYSTEM, at=at,
            )  # fmt: skip
            then(node, at)

        self.at(when, served)

    def press(
        self, node: Any, at: datetime, level: int, plant: Plant | None = None, *, post: "Counter"
    ) -> None:  # fmt: skip
        button = (
            next(name for name, meant in BUTTONS.items() if meant.value == level) if level <= 4 else Button.DISSATISFIED
        )
        self._rated(
            plant, node, at, level=min(level, 4), channel="hall_tablet", button=button.value,
            device_key=f"tablet-{post.window_id}", window_id=post.window_id, by=DEVICE,
        )  # fmt: skip

    def by_link(self, node: Any, at: datetime, level: int, plant: Plant | None = None, **source: str) -> None:
        self._rated(
            plant, node, at, level=level, channel="sms", token=names.token(node.key, names.SMS), by=GUEST, **source
        )

    def signed_in(self, node: Any, at: datetime, level: int, account: Any, plant: Plant | None = None) -> None:
        self._rated(
            plant, node, at, level=level, channel="pc", ip=f"acc-{account.pk}", by=registry.applicant_acting(account)
        )

    def typed(self, node: Any, at: datetime, level: int, plant: Plant | None = None, *, caller: str = "") -> None:
        channel = "phone" if caller else "paper"
        self._rated(plant, node, at, level=level, channel=channel, caller=caller, by=self.clerk)

    def _rated(self, plant: Plant | None, node: Any, at: datetime, **given: Any) -> None:
        try:
            with transaction.atomic():
                rating = rate(node.key, at=at, **given)
        except Refusal as no:
            self.refused.append(f"{plant.rule if plant else 'honest'} {no}")
            return
        if plant is None:
            self.honest[rating.number] = (node.organ_id, node.officer_id)
        else:
            plant.numbers.append(rating.number)


@dataclass(frozen=True, slots=True)
class Counter:
    """A window with who sits there all month."""

    window_id: int
    officer_id: int
    organ_id: int


Moved = Callable[[int, int], None]


def play(seed: str, *, visits: int = 4_000, month: str = "2026-10", moved: Moved = lambda _, __: None) -> Report:
    """Founds the city in the (empty) database, plays the month, lets the detectors look, and compares."""
    span = Month.of(month)
    start = moment(span.first, 0)
    folk = invented(seed, persons=80, firms=20)
    found_city(seed, start, folk)
    rules.seed(at=start)
    posts = _counters()
    # Each of the month's patterns has a window of its own, honest work has the others.
    staffed = next(post for post in posts if post.organ_id == _organ_of_phone(STAFF_PHONES[0]))
    posts = [staffed, *(post for post in posts if post != staffed)]
    own, others = posts[:7], posts[7:]
    manager = _acting("centre_manager", start)
    story = Story(seed, Random(f"{seed}:ratings"), clerk=_acting("hall_clerk", start))  # noqa: S311  (a story, no secret)
    story.queue = hall.open_queue(
        HALL, QUEUE, hall.QueueForm("Y", "综合业务", window_ids=[p.window_id for p in posts]), by=manager, at=start
    )
    accounts = [registry.account_by_phone(p["mobile"]) for p in folk.persons]
    days = [day for day in span.days() if calendar.current().is_workday(day)]
    _honest(story, others, days, visits, accounts)
    _brushed(story, own, days, accounts)
    for n in range(1, (span.last - span.first).days + 20):
        night = datetime.combine(span.first + n * DAY, time(0, 20), ZONE).astimezone(UTC)
        story.at(night, _night)
    done = 0
    while story.events:
        with transaction.atomic():
            for _n in range(min(CHUNK, len(story.events))):
                when, _number, act = heappop(story.events)
                act(when)
                done += 1
        moved(done, done + len(story.events))
    return _compare(story, month)


def _night(at: datetime) -> None:
    while seal(at=at):
        pass
    while find_leads(at=at):
        pass
    while ratings.close_silent(at=at):
        pass
    find_leads_at_night(at=at)


# --- who sits where ---


def _counters() -> list[Counter]:
    """Windows of the centre, each with a clerk of its organ (or any) who serves there all month."""
    seated: dict[int, Any] = {}
    for one in registry.officers(limit=500):
        if one.window_id is not None:
            seated.setdefault(one.window_id, one)
    found, organs = [], set()
    for window in registry.windows():
        officer = seated.get(window.pk)
        # One window to an organ: what is said of an organ's month is then said of this window's.
        if officer is not None and officer.organ_id not in organs:
            organs.add(officer.organ_id)
            found.append(Counter(window.pk, officer.pk, officer.organ_id))
    return found


def _organ_of_phone(phone: str) -> int:
    account = registry.account_by_phone(phone)
    acting = None if account is None else next(o for o in registry.officers(limit=500) if o.account_id == account.pk)
    if acting is None:
        raise LookupError(phone)
    return acting.organ_id


def _acting(role: str, at: datetime) -> Acting:
    told = next(o for o in city().officers if role in o["roles"])
    officer = registry.officer_for(told["staff_no"])
    acting = registry.officer_acting(officer.account_id or 0, at.astimezone(ZONE).date())
    if acting is None:
        raise LookupError(role)
    return acting


# --- honest people ---


def _drawn(chance: Random, parts: Sequence[tuple[int, int]]) -> int:
    return chance.choices([level for level, _ in parts], [weight for _, weight in parts])[0]


def _honest(story: Story, posts: Sequence[Counter], days: Sequence[Any], visits: int, accounts: Sequence[Any]) -> None:
    """Every counter through every day; how people rate is drawn, once for each visit."""
    chance, calls = story.chance, dict.fromkeys(days, 0)
    each = max(1, visits // (len(posts) * len(days)))
    for day in days:
        for post in posts:
            count = max(1, each + chance.randint(-2, 2))
            for n in range(count):
                minute = 9 * 60 + int((n + 0.6 * chance.random()) * 410 / count)
                minute += 90 if minute >= 12 * 60 else 0  # nobody is served over lunch
                when = moment(day, minute // 60, minute % 60, chance.randrange(60))
                _honest_visit(story, post, when, days, calls, accounts)
    for week in range(0, len(days), 5):
        _household(story, posts[week % len(posts)], days[week])
        _network_of_the_hall(story, posts, days[week])
    for n in range(2):  # an officer is a citizen before other organs
        story.visit(
            posts[n], moment(days[3 + n], 16, 30),
            _later(story, 9_000, lambda node, at: story.by_link(node, at, 2, ip="staff-home")), phone=STAFF_PHONES[2],
        )  # fmt: skip


def _honest_visit(
    story: Story, post: Counter, when: datetime, days: Sequence[Any], calls: dict[Any, int], accounts: Sequence[Any]
) -> None:
    chance = story.chance
    way = chance.random()
    if way < 0.62:
        # Median nine seconds; one in five is quicker than five, as people in a hurry are.
        seconds = max(1, int(chance.lognormvariate(2.2, 0.7)))
        level = _drawn(chance, LEVELS)
        story.visit(post, when, _later(story, seconds, lambda node, at: story.press(node, at, level, post=post)))
    elif way < 0.76:
        phone, home, level = f"15402{chance.randrange(10**6):06d}", f"home-{chance.random()}", _drawn(chance, AT_HOME)
        wait = 3_600 + chance.randrange(3 * 86_400)
        story.visit(
            post, when, _later(story, wait, lambda node, at: story.by_link(node, at, level, ip=home)), phone=phone
        )
    elif way < 0.84:
        account, level = chance.choice(accounts), _drawn(chance, AT_HOME)
        wait = 7_200 + chance.randrange(4 * 86_400)
        story.visit(
            post, when, _later(story, wait, lambda node, at: story.signed_in(node, at, level, account)),
            account_id=account.pk,
        )  # fmt: skip
    elif way < 0.89:  # a slip in the box, typed in the next morning with the others
        level, wait = _drawn(chance, LEVELS), 86_400 + chance.randrange(3_600)
        story.visit(post, when, _later(story, wait, lambda node, at: story.typed(node, at, level)))
    elif way < 0.92:  # asked by phone on the last day, four minutes each
        phone, level = f"15403{chance.randrange(10**6):06d}", _drawn(chance, AT_HOME)
        day = when.astimezone(ZONE).date() + 7 * DAY
        calls[day] = calls.get(day, 0) + 1
        called = moment(day, 9, 30) + calls[day] * 4 * MINUTE

        def asked(node: Any, _at: datetime) -> None:
            story.at(called, lambda at: story.typed(node, at, level, caller=phone))

        story.visit(post, when, asked, phone=phone)
    else:
        story.visit(post, when, lambda _node, _at: None)  # says nothing


def _household(story: Story, post: Counter, day: Any) -> None:
    """An agent with six matters rates them in one evening from one phone and address; so does a family of three."""
    chance = story.chance
    for phone, home, count in ((f"15404{day:%m%d}00", f"office-{day}", 6), (f"15405{day:%m%d}00", f"flat-{day}", 3)):
        for n in range(count):
            evening, level = moment(day, 19, 5 + 4 * n), _drawn(chance, AT_HOME)

            def rated(node: Any, _at: datetime, when: datetime = evening, level: int = level, home: str = home) -> None:
                story.at(when, lambda at: story.by_link(node, at, level, ip=home, device_key=home))

            story.visit(post, moment(day, 17, 5 + 2 * n + (20 if count == 3 else 0)), rated, phone=phone)


def _network_of_the_hall(story: Story, posts: Sequence[Counter], day: Any) -> None:
    """Twenty people in the hall rate on their own phones within the hour, through its wireless network."""
    for n in range(20):
        phone, level = f"15408{story.chance.randrange(10**6):06d}", _drawn(story.chance, AT_HOME)

        def rated(node: Any, at: datetime, level: int = level) -> None:
            story.at(at + 6 * MINUTE, lambda then: story.by_link(node, then, level, ip="hall-network"))

        story.visit(posts[n % len(posts)], moment(day, 16, 32) + n * MINUTE, rated, phone=phone)


def _later(story: Story, seconds: int, act: Callable[[Any, datetime], None]) -> Callable[[Any, datetime], None]:
    return lambda node, at: story.at(at + timedelta(seconds=seconds), lambda then: act(node, then))


# --- brushed ones ---


def _brushed(story: Story, posts: Sequence[Counter], days: Sequence[Any], accounts: Sequence[Any]) -> None:
    staffed, quick, source, ghost, typed, perfect, sleepy = posts
    for n, day in enumerate((days[2], days[8], days[13])):
        _pressed_for_everybody(story, quick, day)
        _from_one_source(story, source, day, ("ip", "device", "phone")[n])
        _ghosts(story, ghost, day, n)
        _typed_in(story, typed, day)
        _staff(story, staffed, day, n)
    _stars(story, perfect, days, accounts)
    _everybody(story, sleepy, days)


def _pressed_for_everybody(story: Story, post: Counter, day: Any) -> None:
    plant = story.plant("E-1", "the clerk presses for a whole afternoon")
    for n in range(24):
        seconds = story.chance.randint(1, 3)
        story.visit(
            post, moment(day, 14, 0) + n * 6 * MINUTE,
            _later(story, seconds, lambda node, at: story.press(node, at, 2, plant, post=post)),
        )  # fmt: skip


def _from_one_source(story: Story, post: Counter, day: Any, kind: str) -> None:
    plant = story.plant("E-2", f"fourteen from one {kind} within the hour")
    for n in range(14):
        phone = "15406000001" if kind == "phone" else f"15406{story.chance.randrange(10**6):06d}"
        given = {"ip": "198.51.100.9"} if kind == "ip" else {"device_key": "one-machine"} if kind == "device" else {}
        when = moment(day, 18, 0) + n * 4 * MINUTE

        def rated(node: Any, _at: datetime, when: datetime = when, given: dict[str, str] = given) -> None:
            story.at(when, lambda at: story.by_link(node, at, 1, plant, **given))

        story.visit(post, moment(day, 9, 0) + n * 8 * MINUTE, rated, phone=phone)


def _ghosts(story: Story, post: Counter, day: Any, n: int) -> None:
    """Services nobody was given, or rated before the visitor had drawn a ticket."""
    plant = story.plant("E-3", "services that never were" if n < 2 else "rated before the visit")
    for number in range(3):
        story.visit(
            post, moment(day, 10, 10 * number),
            _later(story, 400, lambda node, at: story.by_link(node, at, 1, plant)),
            phone=f"15407{story.chance.randrange(10**6):06d}", ghost=n < 2, too_early=timedelta(hours=2) if n == 2 else None,
        )  # fmt: skip


def _typed_in(story: Story, post: Counter, day: Any) -> None:
    """What would have ended in silence that night is typed in as satisfied, within ten minutes."""
    plant = story.plant("E-4", "silence turned to satisfied by a clerk's login")
    last = day + 7 * DAY
    for n in range(9):

        def flipped(node: Any, _at: datetime, n: int = n) -> None:
            story.at(moment(last, 16, 40 + n), lambda at: story.typed(node, at, 2, plant))

        story.visit(post, moment(day, 9, 0) + n * 15 * MINUTE, flipped)


def _staff(story: Story, post: Counter, day: Any, n: int) -> None:
    """Colleagues rate one another from their own phones; somebody of another organ does so again and again."""
    if n < 2:
        plant, phones = story.plant("E-6", "colleagues' phones"), [STAFF_PHONES[0]] * 2
    else:
        plant, phones = story.plant("E-6", "one officer of another organ, again and again"), [STAFF_PHONES[1]] * 5
    for number, phone in enumerate(phones):
        story.visit(
            post, moment(day, 10, 0) + number * 20 * MINUTE,
            _later(story, 5_000 + 900 * number, lambda node, at: story.by_link(node, at, 1, plant)), phone=phone,
        )  # fmt: skip


def _stars(story: Story, post: Counter, days: Sequence[Any], accounts: Sequence[Any]) -> None:
    """Nothing but the best for one officer, while those who are asked again say otherwise."""
    plant = story.plant("E-5", "all five stars", officer_id=post.officer_id)
    for n in range(56):
        day = days[n % len(days)]
        seconds = 6 + story.chance.randrange(20)
        story.visit(
            post, moment(day, 9 + n // len(days), 15),
            _later(story, seconds, lambda node, at: story.press(node, at, 2, plant, post=post)),
        )  # fmt: skip
    for n in range(3):
        account = accounts[n]

        def praised(node: Any, at: datetime, account: Any = account) -> None:
            story.signed_in(node, at + 60 * MINUTE, 1, account, plant)
            story.at(at + 5 * DAY, lambda then: _unsaid(story, node, account, then))

        story.visit(post, moment(days[n], 15, 30), praised, account_id=account.pk)


def _unsaid(story: Story, node: Any, account: Any, at: datetime) -> None:
    try:
        with transaction.atomic():
            follow_up(
                node.key, level=4, text="当时工作人员站在旁边看着我评。", by=registry.applicant_acting(account), at=at
            )
    except Refusal as no:
        story.refused.append(f"E-5 {no}")


def _everybody(story: Story, post: Counter, days: Sequence[Any]) -> None:
    """A sleepy counter at which not one of 130 visitors leaves without rating."""
    plant = story.plant("E-7", "everybody rates", organ_id=post.organ_id)
    for n in range(130):
        day = days[n % len(days)]
        seconds, level = 6 + story.chance.randrange(40), _drawn(story.chance, LEVELS)

        def rated(node: Any, at: datetime, level: int = level) -> None:
            story.press(node, at, level, plant, post=post)

        story.visit(
            post, moment(day, 9, 10) + (n // len(days)) * 40 * MINUTE,
            _later(story, seconds, rated),
        )  # fmt: skip


# --- what was found ---


def _compare(story: Story, month: str) -> Report:
    found = [(lead, numbers) for lead, numbers in queries.leads_with_ratings() if lead.rule_code in PLANTED]
    report = Report({rule: Line(rule) for rule in PLANTED}, honest=len(story.honest), leads=len(found))
    report.refused = story.refused
    shown: dict[str, set[str]] = {}
    named: set[str] = set()
    for lead, numbers in found:
        shown.setdefault(lead.rule_code, set()).update(numbers)
        own = {number for number in numbers if number in story.honest}
        if lead.rule_code in ("E-5", "E-7"):
            # A charge against a whole officer or organ touches every honest rating of theirs.
            own |= {
                number
                for number, (organ, officer) in story.honest.items()
                if (officer == lead.officer_id if lead.rule_code == "E-5" else organ == lead.organ_id)
            }
        report.lines[lead.rule_code].touched += len(own)
        named |= own
    report.named = len(named)
    for plant in story.plants:
        line = report.lines[plant.rule]
        line.planted += 1
        if _is_found(plant, found, shown.get(plant.rule, set()), month):
            line.found += 1
        else:
            line.missed.append(f"{plant.what} {' '.join(plant.numbers[:3])}")
    return report


def _is_found(plant: Plant, found: Sequence[Any], shown: set[str], month: str) -> bool:
    if plant.rule == "E-5":
        return any(
            lead.rule_code == "E-5" and lead.officer_id == plant.officer_id and lead.period == month
            for lead, _ in found
        )
    if plant.rule == "E-7":
        return any(
            lead.rule_code == "E-7" and lead.organ_id == plant.organ_id and lead.period == month for lead, _ in found
        )
    return bool(plant.numbers) and set(plant.numbers) <= shown
