"""Whatever happens to a case, in whatever order: every limit stays its own explanation, row and journal stay one.

Histories are drawn by hypothesis and played on the database through the real flows, the days moving on between steps.
A step that is not lawful at that moment is refused, which is as good a step as any: it must leave nothing behind.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.answers import PDF
from tests.flows.acts import AGREED, AT, OIL, at, defect, holder, row_of, trace
from tests.flows.test_calendar_change import NOTICE_2027, notice_2026
from tests.people import Cast, cast, submitted
from zhengtong.base import calendar, journal
from zhengtong.base.deadlines.plan import due_of, explained, used
from zhengtong.base.deadlines.queries import deadlines_of
from zhengtong.base.journal.queries import entries_of
from zhengtong.base.outbox.models import Message
from zhengtong.base.permission import Acting
from zhengtong.domains.cases.models import SupplementItem
from zhengtong.domains.catalogue.queries import edition
from zhengtong.flows import (
    accept,
    decide,
    deliver,
    finish,
    forward,
    hand_in,
    handle,
    request_supplement,
    stop_clock,
    supplement,
    sweep,
    talk,
    withdraw,
)
from zhengtong.flows.change_calendar import change_calendar
from zhengtong.rules.calendar import Calendar
from zhengtong.rules.clock import Due
from zhengtong.rules.procedure import State
from zhengtong.rules.refusal import Refusal

pytestmark = pytest.mark.django_db


@dataclass
class World:
    people: Cast
    number: str
    now: datetime = AT
    ended: dict[int, tuple[Calendar, Due]] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    refused: int = 0

    def by(self, name: str) -> Acting:
        return self.people.acting(name, self.now.date())

    def holder(self) -> Acting:
        """Who holds the case; who holds nothing is 张敏 at the window, who will be refused what is not hers."""
        row = row_of(self.number)
        return holder(self.people, row) if row.holder_id else self.by("张敏")


Step = Callable[[World, int], object]


def supplements(w: World, n: int) -> None:
    for line in SupplementItem.objects.filter(case__number=w.number, answered_at=None):
        hand_in.hand_in_supplement(
            w.number, line.material_code, io.BytesIO(PDF), "补.pdf", by=w.people.applicant, at=w.now
        )
    supplement.supplement(w.number, seen=None, by=w.people.applicant, at=w.now)


def asks(w: World, n: int) -> None:
    case = row_of(w.number)
    late = defect(w.people, case, visible=not case.supplements)
    request_supplement.request_supplement(w.number, [late], seen=None, by=w.by("张敏"), at=w.now)


def suspends(w: World, n: int) -> None:
    listed = edition(row_of(w.number).item_version_id).special_procedures
    stop_clock.suspend(
        w.number,
        code=listed[n % len(listed)].code,
        reason="依法需要",
        days=1 + n % 30,
        seen=None,
        by=w.holder(),
        at=w.now,
    )


def changes_2026(w: World, n: int) -> None:
    """Turns a weekday of the coming weeks into a day off, or a weekend day into one at work, or turns it back."""
    on = w.now.date() + timedelta(days=n % 25)
    turned = notice_2026() if n % 5 == 0 or on.year != 2026 else notice_2026((on, on.weekday() < 5))
    change_calendar(2026, turned, source=f"第{n}号", by=w.by("蒋华"), at=w.now)


def loads_2027(w: World, n: int) -> None:
    change_calendar(2027, NOTICE_2027[: len(NOTICE_2027) - (n % 2)], source="2027", by=w.by("蒋华"), at=w.now)


STEPS: dict[str, Step] = {
    "accept": lambda w, n: accept.accept(w.number, seen=None, by=w.by("陈静"), at=w.now),
    "forward": lambda w, n: forward.forward(w.number, opinion=AGREED, seen=None, by=w.holder(), at=w.now),
    "send back": lambda w, n: handle.send_back(w.number, reason="请补充核查", seen=None, by=w.holder(), at=w.now),
    "recall": lambda w, n: handle.recall(
        w.number, seen=None, by=w.by(["李军", "周洋", "王芳"][n % 3]), at=w.now + timedelta(minutes=n)
    ),
    "assign": lambda w, n: handle.assign(
        w.number, to=list(w.people.officers.values())[n % 7].pk, reason="", seen=None, by=w.by("孙丽"), at=w.now
    ),
    "suspend": suspends,
    "resume": lambda w, n: stop_clock.resume(w.number, result="完毕", seen=None, by=w.holder(), at=w.now),
    "extend": lambda w, n: stop_clock.extend(
        w.number, days=1 + n % 11, reason="案情复杂", seen=None, by=w.holder(), at=w.now
    ),
    "ask": asks,
    "supplement": supplements,
    "decide": lambda w, n: decide.decide(
        w.number, grants=bool(n % 3), opinion="不符合法定条件和标准。", seen=None, by=w.holder(), at=w.now
    ),
    "finish": lambda w, n: finish.finish(w.number, note="", seen=None, by=w.by("张敏"), at=w.now),
    "deliver": lambda w, n: deliver.deliver(
        w.number, mode="direct", recipient="林小雨", seen=None, by=w.by("张敏"), at=w.now
    ),
    "withdraw": lambda w, n: withdraw.withdraw(w.number, reason="", seen=None, by=w.people.applicant, at=w.now),
    "note": lambda w, n: talk.note(w.number, text="记一笔", by=w.holder(), at=w.now),
    "sweep": lambda w, n: sweep.sweep(at=w.now),
    "2026": changes_2026,
    "2027": loads_2027,
}
# What is tried in a state; every sixth try is anything at all, lawful or not.
NOTICES = ["2026", "2027"]
ON_THE_WAY = ["suspend", "suspend", "assign", "note", *NOTICES]
TRIED: dict[State, list[str]] = {
    State.SUBMITTED: ["accept", "accept", "ask", "sweep", *NOTICES],
    State.SUPPLEMENT: ["supplement", "supplement", "sweep", *NOTICES],
    State.PROCESSING: ["forward", "forward", *ON_THE_WAY],
    State.REVIEWING: ["forward", "send back", "recall", *ON_THE_WAY],
    State.APPROVING: ["extend", "extend", "send back", "recall", "decide", *ON_THE_WAY],
    State.SUSPENDED: ["resume", "resume", "resume", "note", *NOTICES],
    State.DECIDED: ["finish", *NOTICES],
    State.FINISHED: ["deliver", *NOTICES],
}
moves = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 99), st.integers(0, 12), st.integers(0, 999)), min_size=8, max_size=16
)


def tried(state: State, sixth: int, choice: int) -> str:
    offered = TRIED.get(state, NOTICES) if sixth else sorted(STEPS)
    return offered[choice % len(offered)]


# How a history begins, so that few draws are spent at the window.
begins = st.sampled_from([(), ("accept",), ("ask", "supplement", "accept"), ("accept", "forward", "forward")])


def holds(world: World) -> None:
    """Every stored limit is what its explanation arrives at; row and journal agree; the row copies the right limit."""
    case, in_force = row_of(world.number), calendar.current()
    rows = deadlines_of("case", world.number)
    for row in rows:
        if row.outcome == row.OPEN:
            assert explained(row, in_force).due == due_of(row), (row.kind, world.done)
            assert row.due_on is None or used(row, row.due_on, in_force) >= row.amount, (row.kind, world.done)
            continue
        # Ended: judged by the calendar of its day, for ever after.
        known, then = world.ended.setdefault(row.pk, (in_force, due_of(row)))
        assert explained(row, known).due == then == due_of(row), (row.kind, world.done)
    assert journal.check_subject(case, list(entries_of("case", world.number))) == [], world.done
    current = {row.kind: row for row in rows if row.outcome == row.OPEN}
    of_state = {State.SUBMITTED: "notice", State.SUPPLEMENT: "", State.DECIDED: "delivery", State.FINISHED: "delivery"}
    watched = current.get(of_state.get(State(case.state), "promise"))
    assert (case.due_on, case.due_at) == ((watched.due_on, watched.due_at) if watched else (None, None)), world.done
    assert Message.objects.values("key").distinct().count() == Message.objects.count()


def play(world: World, name: str, days: int, n: int) -> None:
    world.now += timedelta(days=days)
    before = trace(world.number)
    try:
        with transaction.atomic():
            STEPS[name](world, n)
    except Refusal as refusal:
        world.refused += 1
        world.done.append(f"({name}: {refusal.code.value})")
        assert trace(world.number) == before, world.done
    else:
        world.done.append(name)
    holds(world)


@pytest.fixture
def people() -> Cast:
    return cast(OIL)


@settings(max_examples=30, phases=[Phase.explicit, Phase.generate, Phase.shrink])
@given(begins, moves)
def test_any_history(beginning: tuple[str, ...], history: list[tuple[int, int, int, int]]) -> None:
    with transaction.atomic():
        people = cast(OIL)
        world = World(people, submitted(people, 1, OIL).number)
        for name in beginning:
            play(world, name, 0, 0)
        for sixth, choice, days, n in history:
            play(world, tried(State(row_of(world.number).state), sixth, choice), days, n)
        transaction.set_rollback(True)


def test_two_pauses_an_extension_and_a_notice_between_them(people: Cast) -> None:
    """One history by hand, so that the drawn ones have something to be compared with."""
    world = World(people, submitted(people, 1, OIL).number)
    for name, days, n in (
        ("accept", 0, 0), ("suspend", 1, 9), ("2026", 2, 7), ("resume", 6, 0), ("suspend", 3, 30), ("resume", 30, 0),
        ("2027", 0, 0), ("forward", 1, 0), ("forward", 1, 0), ("extend", 0, 9), ("send back", 1, 0), ("forward", 2, 0),
        ("decide", 3, 1), ("finish", 1, 0), ("deliver", 1, 0),
    ):  # fmt: skip
        play(world, name, days, n)
    assert world.refused == 0, world.done
    assert row_of(world.number).state == "DELIVERED"
    assert at() == AT
