"""Six durable steps of a case, counted: at most eight queries each (architecture.md, budgets)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import AT, Cast, cast, submitted
from zhengtong.domains.cases.models import Case
from zhengtong.flows import accept, decide, deliver, finish, forward

pytestmark = pytest.mark.django_db
BUDGET = 8


def cost(act: Callable[[], object]) -> list[str]:
    """The statements of a step. Transaction control is not a query: it travels with its neighbours."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        act()
    control = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "ROLLBACK")
    return [q["sql"] for q in queries if not q["sql"].startswith(control)]


@pytest.fixture
def people() -> Cast:
    people = cast()
    warm = submitted(people, 99)  # editions of item, calendar and parameters are read once per process
    accept.accept(warm.number, seen=None, by=people.acting("张敏"), at=AT)
    return people


def holder(people: Cast, number: str) -> str:
    pk = Case.objects.get(number=number).holder_id
    return next(name for name, officer in people.officers.items() if officer.pk == pk)


def test_each_of_six_steps_costs_at_most_eight_queries(people: Cast) -> None:
    number = submitted(people).number
    steps: list[tuple[str, Callable[..., object], dict[str, object]]] = [
        ("张敏", accept.accept, {}),
        ("", forward.forward, {"opinion": "材料齐全，符合条件。"}),
        ("", forward.forward, {"opinion": "同意。"}),
        ("", decide.decide, {"grants": True, "opinion": "准予备案。"}),
        ("张敏", finish.finish, {"note": ""}),
        ("张敏", deliver.deliver, {"mode": "direct", "recipient": "林小雨"}),
    ]
    costs = {}
    for index, (name, step, facts) in enumerate(steps):
        by = people.acting(name or holder(people, number))
        sql = cost(lambda step=step, by=by, facts=facts, index=index: step(
            number, seen=None, by=by, at=AT + timedelta(minutes=index), **facts))  # fmt: skip
        costs[f"{index} {step.__name__}"] = sql
    over = {name: sql for name, sql in costs.items() if len(sql) > BUDGET}
    assert not over, "\n".join(
        f"{name}: {len(sql)}\n  " + "\n  ".join(s[:150] for s in sql) for name, sql in over.items()
    )
