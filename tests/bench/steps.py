"""Six durable steps of a case through the flows, against hand-written SQL that does the same writes.

The hand-written twin sends, per step and in one transaction, the statements the step itself was seen to write, with
their values ready: no reading, no rule, no Python object. It is the floor below which nobody's code can go.
"""

import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection, transaction

from tests.people import AT, Cast, submitted
from zhengtong.domains.cases.models import Case
from zhengtong.flows import accept, decide, deliver, finish, forward

ROUNDS, CASES = 5, 40
BAR = 0.4


def _steps(people: Cast) -> list[Callable[[str], object]]:
    window, reviewer = people.acting("张敏"), people.acting("王芳")
    by_id = {people.officers[n].pk: people.acting(n) for n in people.officers}
    at = iter(AT + timedelta(seconds=n) for n in range(10**9))

    def holder(number: str) -> Any:
        return by_id[Case.objects.values_list("holder_id", flat=True).get(number=number)]

    held: dict[str, Any] = {}

    def accepted(number: str) -> None:
        held[number] = by_id[accept.accept(number, seen=None, by=window, at=next(at)).holder_id]

    def handled(number: str) -> None:
        forward.forward(number, opinion="材料齐全，符合条件。", seen=None, by=held[number], at=next(at))

    def reviewed(number: str) -> None:
        case = forward.forward(number, opinion="同意承办意见。", seen=None, by=reviewer, at=next(at))
        held[number] = by_id[case.holder_id]

    def decided(number: str) -> None:
        decide.decide(number, grants=True, opinion="准予备案。", seen=None, by=held[number], at=next(at))

    def finished(number: str) -> None:
        finish.finish(number, note="", seen=None, by=window, at=next(at))

    def delivered(number: str) -> None:
        deliver.deliver(number, mode="direct", recipient="林小雨", seen=None, by=window, at=next(at))

    return [accepted, handled, reviewed, decided, finished, delivered]


WRITES = ("INSERT", "UPDATE")
Script = list[list[tuple[str, Any]]]


def _recorded(number: str, steps: list[Callable[[str], object]]) -> Script:
    """What the six steps of a case write, step by step. The steps themselves are rolled back."""
    script: Script = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().startswith(WRITES):
            script[-1].append((sql, tuple(params or ())))
        return execute(sql, params, many, context)

    with transaction.atomic(), connection.execute_wrapper(note):
        for step in steps:
            script.append([])
            step(number)
        transaction.set_rollback(True)
    return script


def _written(script: Script) -> float:
    """Seconds the driver alone takes for these writes: one durable transaction per step, as the steps have."""
    raw = connection.connection
    if connection.vendor == "postgresql":
        started = time.perf_counter()
        for step in script:
            with raw.transaction(), raw.cursor() as cursor:
                for sql, params in step:
                    cursor.execute(sql, params, prepare=True)
        return time.perf_counter() - started
    ready = [[(sql.replace("%s", "?"), params) for sql, params in step] for step in script]
    started = time.perf_counter()
    for step in ready:
        raw.execute("BEGIN IMMEDIATE")
        for sql, params in step:
            raw.execute(sql, params).fetchall()
        raw.execute("COMMIT")
    return time.perf_counter() - started


def measure(people: Cast) -> bool:
    """Prints both rates and their ratio. True when the bar holds, or where it is not asked (SQLite)."""
    steps = _steps(people)
    numbers = iter([submitted(people, n + 1).number for n in range(2 * CASES * ROUNDS + 2)])
    for _ in range(2):  # editions, plans and prepared statements are there from the first cases on
        warm = next(numbers)
        for step in steps:
            step(warm)
    ours, floor = [], []
    for _ in range(ROUNDS):
        batch = [next(numbers) for _ in range(CASES)]
        started = time.perf_counter()
        for number in batch:
            for step in steps:
                step(number)
        ours.append(CASES / (time.perf_counter() - started))
        spent = 0.0
        for _ in range(CASES):  # one by one: the papers' numbers follow each other
            script = _recorded(next(numbers), steps)
            spent += _written(script)
        floor.append(CASES / spent)
    rate, base = statistics.median(ours), statistics.median(floor)
    ratio = rate / base
    writes = sum(len(step) for step in script)
    print(f"six durable steps of a case, one client, {writes} writes: flows {rate:.0f} cases/s, SQL alone {base:.0f}")
    asked = connection.vendor == "postgresql"
    verdict = ("held" if ratio >= BAR else "NOT HELD") if asked else "not asked here"
    print(f"  ratio {ratio:.2f} (bar: at least {BAR} on PostgreSQL): {verdict}")
    return ratio >= BAR or not asked
