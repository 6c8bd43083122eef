"""How the tests of the flows act and look: a case brought into any state, a "no" that must leave no trace."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.answers import PDF
from tests.people import AT, Cast, accepted, submitted
from zhengtong.base import journal
from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.journal.models import Entry
from zhengtong.base.journal.queries import entries_of, facts_of
from zhengtong.base.outbox.models import Message
from zhengtong.base.permission import Acting
from zhengtong.domains.applications.queries import must_upload
from zhengtong.domains.cases.actions import Defect
from zhengtong.domains.cases.models import Case, Counter, Paper, SupplementItem
from zhengtong.domains.catalogue.queries import edition
from zhengtong.flows import (
    decide,
    deliver,
    finish,
    forward,
    hand_in,
    refuse_acceptance,
    request_supplement,
    send_up,
    stop_clock,
    supplement,
    sweep,
    void,
    withdraw,
)
from zhengtong.rules.procedure import State
from zhengtong.rules.refusal import Refusal, RefusalCode

OIL = "990121008000"  # a licence with 现场核查, 听证 and 延长; promise 10, legal limit 20 working days
UPWARD = "991021009000"  # 上报件
AT_ONCE = "991021023000"  # 即办件
PREPAID = "991021011000"

AGREED = "材料齐全，符合法定条件。"
NOT_CONFORM = "资金存管协议与法定要求不符，不予许可。"


def defect(people: Cast, case: Case, *, visible: bool = True) -> Defect:
    item = edition(case.item_version_id)
    material = next(m for m in item.materials if must_upload(m, item))
    return Defect(material.code, material.name, "缺少第二页", "补齐全部页码后重新提交", visible)


def holder(people: Cast, case: Case | str) -> Acting:
    """Whoever holds the case, as they act today."""
    number = case if isinstance(case, str) else case.number
    pk = Case.objects.values_list("holder_id", flat=True).get(number=number)
    return people.acting(next(name for name, officer in people.officers.items() if officer.pk == pk))


def at(hours: float = 0, days: int = 0) -> datetime:
    return AT + timedelta(hours=hours, days=days)


# --- a case in each state ---


def bring(people: Cast, state: State, number: int = 1) -> Case:
    """A case in the state asked for, brought there by the steps that lead to it."""
    case = _BRING[state](people, number)
    row = Case.objects.get(number=case.number)
    assert row.state == state.value, (row.state, state)
    return row


def _supplementing(people: Cast, number: int) -> Case:
    case = submitted(people, number, OIL)
    return request_supplement.request_supplement(
        case.number, [defect(people, case)], seen=None, by=people.acting("张敏"), at=AT
    )


def _processing(people: Cast, number: int) -> Case:
    return accepted(people, number, OIL)


def _reviewing(people: Cast, number: int) -> Case:
    case = _processing(people, number)
    return forward.forward(case.number, opinion=AGREED, seen=None, by=holder(people, case), at=AT)


def _approving(people: Cast, number: int) -> Case:
    case = _reviewing(people, number)
    return forward.forward(case.number, opinion=AGREED, seen=None, by=holder(people, case), at=AT)


def _suspended(people: Cast, number: int) -> Case:
    case = _processing(people, number)
    return stop_clock.suspend(
        case.number, code="site_survey", reason="需现场核查", days=10, seen=None, by=holder(people, case), at=AT
    )


def _decided(people: Cast, number: int) -> Case:
    case = _approving(people, number)
    return decide.decide(case.number, grants=True, opinion=AGREED, seen=None, by=holder(people, case), at=AT)


def _finished(people: Cast, number: int) -> Case:
    case = _decided(people, number)
    return finish.finish(case.number, note="", seen=None, by=people.acting("张敏"), at=AT)


def _delivered(people: Cast, number: int) -> Case:
    case = _finished(people, number)
    return deliver.deliver(case.number, mode="direct", recipient="林小雨", seen=None, by=people.acting("张敏"), at=AT)


def _not_accepted(people: Cast, number: int) -> Case:
    case = submitted(people, number, OIL)
    return refuse_acceptance.refuse_acceptance(
        case.number, reason="申请事项不属于本机关职权范围。", basis="行政许可法第三十二条", right_organ="云泽市应急管理局",
        seen=None, by=people.acting("张敏"), at=AT,
    )  # fmt: skip


def _lapsed(people: Cast, number: int) -> Case:
    case = _supplementing(people, number)
    assert sweep.sweep(at=at(days=40)) == (0, 1)
    return case


def _withdrawn(people: Cast, number: int) -> Case:
    case = _processing(people, number)
    return withdraw.withdraw(case.number, reason="不再申请", seen=None, by=people.applicant, at=AT)


def _void(people: Cast, number: int) -> Case:
    case = _processing(people, number)
    void.propose_void(case.number, reason="重复录入", seen=None, by=people.acting("张敏"), at=AT)
    return void.void(case.number, seen=None, by=people.acting("孙丽"), at=AT)


def upward(people: Cast, number: int = 1) -> Case:
    """上报件 with its approver."""
    case = accepted(people, number, UPWARD)
    for _ in range(2):
        case = forward.forward(case.number, opinion=AGREED, seen=None, by=holder(people, case), at=AT)
    return case


def _forwarded(people: Cast, number: int) -> Case:
    case = upward(people, number)
    return send_up.send_up(
        case.number, upper_organ="云泽省商务厅", opinion=AGREED, seen=None, by=holder(people, case), at=AT
    )


_BRING = {
    State.SUBMITTED: lambda people, number: submitted(people, number, OIL),
    State.SUPPLEMENT: _supplementing,
    State.ACCEPTED: lambda people, number: accepted(people, number, AT_ONCE),
    State.PROCESSING: _processing,
    State.REVIEWING: _reviewing,
    State.APPROVING: _approving,
    State.SUSPENDED: _suspended,
    State.FORWARDED: _forwarded,
    State.DECIDED: _decided,
    State.FINISHED: _finished,
    State.DELIVERED: _delivered,
    State.NOT_ACCEPTED: _not_accepted,
    State.LAPSED: _lapsed,
    State.WITHDRAWN: _withdrawn,
    State.VOID: _void,
}


def bring_supplement(people: Cast, case: Case, *, when: datetime = AT) -> None:
    """The applicant uploads what was asked for and sends it."""
    code = SupplementItem.objects.filter(case=case).latest("id").material_code
    hand_in.hand_in_supplement(case.number, code, io.BytesIO(PDF), "补正.pdf", by=people.applicant, at=when)
    supplement.supplement(case.number, seen=None, by=people.applicant, at=when)


# --- looking ---


def row_of(case: Case | str) -> Case:
    return Case.objects.get(number=case if isinstance(case, str) else case.number)


def kinds(case: Case | str) -> list[str]:
    """The case's journal without the word `case.`."""
    number = case if isinstance(case, str) else case.number
    return [e.kind.removeprefix("case.") for e in entries_of("case", number)]


def last(case: Case | str) -> tuple[Entry, dict[str, Any]]:
    entry = entries_of("case", case if isinstance(case, str) else case.number).last()
    assert entry is not None
    facts = facts_of(entry)
    facts.pop("row", None)
    return entry, facts


def limits(case: Case | str) -> dict[str, tuple[str, str]]:
    """kind → (due, outcome) of the latest limit of each kind."""
    number = case if isinstance(case, str) else case.number
    rows = Deadline.objects.filter(subject_kind="case", subject_key=number).order_by("ordinal", "id")
    return {row.kind: (str(row.due_on), row.outcome) for row in rows}


def papers(case: Case | str) -> list[tuple[str, str]]:
    number = case if isinstance(case, str) else case.number
    return list(Paper.objects.filter(case__number=number).order_by("id").values_list("form", "number"))


def messages(case: Case | str) -> list[str]:
    number = case if isinstance(case, str) else case.number
    found = Message.objects.filter(subject_key=number).order_by("id").values_list("kind", flat=True)
    return [kind.removeprefix("case.") for kind in found]


def sound(case: Case | str) -> None:
    """Row and journal agree."""
    row = row_of(case)
    assert journal.check_subject(row, list(entries_of("case", row.number))) == []


def trace(number: str) -> tuple[Any, ...]:
    """Everything a step could have left behind."""
    return (
        Case.objects.filter(number=number).values().get(),
        list(Entry.objects.filter(subject_key=number).order_by("seq").values_list("seq", "hash")),
        list(Deadline.objects.filter(subject_key=number).order_by("pk").values()),
        list(Paper.objects.filter(case__number=number).values_list("pk", flat=True)),
        list(Message.objects.order_by("pk").values_list("pk", flat=True)),
        sorted(Counter.objects.values_list("series", "last")),
    )


@contextmanager
def refused(code: RefusalCode, case: Case | str, /, **facts: object) -> Iterator[pytest.ExceptionInfo[Refusal]]:
    """The step is refused with this code and these facts, and leaves nothing behind: no entry, no number spent."""
    number = case if isinstance(case, str) else case.number
    before = trace(number)
    with pytest.raises(Refusal) as caught:
        yield caught
    assert caught.value.code is code, str(caught.value)
    assert {name: caught.value.facts.get(name) for name in facts} == facts
    assert trace(number) == before


@contextmanager
def stale(case: Case, kind: str, actor: str) -> Iterator[None]:
    """Refused because the page is old; what happened meanwhile and who did it are told."""
    with refused(RefusalCode.STALE, case, kind=kind, actor=actor):
        yield
