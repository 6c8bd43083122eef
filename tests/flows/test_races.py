"""What happens at the same instant: one step wins and the other is told so; no number is lost, given twice or skipped."""

import threading
from collections import Counter as Tally
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import override_settings

from tests.flows.acts import AGREED, AT, OIL, at, bring, defect, holder, kinds, papers, row_of, sound
from tests.people import PREPAID, Cast, cast, drafted, submitted
from zhengtong.base import journal
from zhengtong.base.deadlines.models import Deadline
from zhengtong.base.journal.models import Entry
from zhengtong.base.journal.queries import entries_of
from zhengtong.base.outbox.actions import message, queue
from zhengtong.base.outbox.delivery import deliver_due
from zhengtong.base.outbox.models import Message
from zhengtong.domains.applications.models import Application
from zhengtong.domains.cases.models import Case, Counter, Paper
from zhengtong.flows import (
    accept,
    decide,
    deliver,
    finish,
    forward,
    handle,
    refuse_acceptance,
    request_supplement,
    stop_clock,
    submit,
    sweep,
    withdraw,
)
from zhengtong.rules.procedure import State
from zhengtong.rules.refusal import Refusal, RefusalCode

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 60


@pytest.fixture
def people(transactional_db: None) -> Cast:
    return cast(OIL, PREPAID)


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Runs all acts at the same instant, each in a thread with a connection of its own: results or exceptions."""
    start = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            start.wait(PATIENCE)
            results[place] = act()
        except Exception as fault:  # noqa: BLE001  (judged by the test)
            results[place] = fault
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return results


def shared_out(work: Sequence[Any], act: Callable[[Any], Any], threads: int) -> list[Any]:
    """`work` done by so many threads, each taking the next piece as soon as it is free."""
    taken, lock, results = iter(work), threading.Lock(), []

    def run() -> list[Any]:
        mine = []
        while True:
            with lock:
                piece = next(taken, None)
            if piece is None:
                return mine
            try:
                mine.append(act(piece))
            except Exception as fault:  # noqa: BLE001  (judged by the test)
                mine.append(fault)

    for found in at_once(*[run] * threads):
        results += found if isinstance(found, list) else [found]
    return results


# --- two officers, one case ---

Pair = tuple[State, Callable[[Cast, Case], Callable[..., Any]], Callable[[Cast, Case], Callable[..., Any]], str, str]

CONTESTED: dict[str, Pair] = {
    "two clerks accept": (
        State.SUBMITTED,
        lambda p, c: lambda seen: accept.accept(c.number, seen=seen, by=p.acting("张敏"), at=AT),
        lambda p, c: lambda seen: accept.accept(c.number, seen=seen, by=p.acting("陈静"), at=AT),
        "accepted", "accepted",
    ),
    "one accepts, one refuses": (
        State.SUBMITTED,
        lambda p, c: lambda seen: accept.accept(c.number, seen=seen, by=p.acting("张敏"), at=AT),
        lambda p, c: lambda seen: refuse_acceptance.refuse_acceptance(
            c.number, reason="申请事项不属于本机关职权范围。", basis="行政许可法第三十二条", seen=seen, by=p.acting("陈静"), at=AT),
        "accepted", "acceptance_refused",
    ),
    "one accepts, one asks for supplements": (
        State.SUBMITTED,
        lambda p, c: lambda seen: accept.accept(c.number, seen=seen, by=p.acting("张敏"), at=AT),
        lambda p, c: lambda seen: request_supplement.request_supplement(
            c.number, [defect(p, c)], seen=seen, by=p.acting("陈静"), at=AT),
        "accepted", "supplement_requested",
    ),
    "two clerks take it": (
        State.SUBMITTED,
        lambda p, c: lambda seen: handle.take(c.number, seen=seen, by=p.acting("张敏"), at=AT),
        lambda p, c: lambda seen: handle.take(c.number, seen=seen, by=p.acting("陈静"), at=AT),
        "dispatched", "dispatched",
    ),
    "passed on while it is taken away": (
        State.PROCESSING,
        lambda p, c: lambda seen, by=holder(p, c): forward.forward(c.number, opinion=AGREED, seen=seen, by=by, at=AT),
        lambda p, c: lambda seen: handle.assign(
            c.number, to=p.officers["周洋"].pk, reason="", seen=seen, by=p.acting("孙丽"), at=AT),
        "forwarded", "dispatched",
    ),
    "decided while it is withdrawn": (
        State.APPROVING,
        lambda p, c: lambda seen, by=holder(p, c): decide.decide(
            c.number, grants=True, opinion=AGREED, seen=seen, by=by, at=AT),
        lambda p, c: lambda seen: withdraw.withdraw(c.number, reason="", seen=seen, by=p.applicant, at=AT),
        "decided", "withdrawn",
    ),
    "suspended twice by a double click": (
        State.PROCESSING,
        lambda p, c: lambda seen, by=holder(p, c): stop_clock.suspend(
            c.number, code="hearing", reason="听证", days=5, seen=seen, by=by, at=AT),
        lambda p, c: lambda seen, by=holder(p, c): stop_clock.suspend(
            c.number, code="hearing", reason="听证", days=5, seen=seen, by=by, at=AT),
        "suspended", "suspended",
    ),
    "delivered by two windows": (
        State.FINISHED,
        lambda p, c: lambda seen: deliver.deliver(
            c.number, mode="direct", recipient="林小雨", seen=seen, by=p.acting("张敏"), at=AT),
        lambda p, c: lambda seen: deliver.deliver(
            c.number, mode="direct", recipient="林小雨", seen=seen, by=p.acting("陈静"), at=AT),
        "delivered", "delivered",
    ),
}  # fmt: skip


@pytest.mark.parametrize("story", CONTESTED, ids=lambda s: s.replace(" ", "-"))
@pytest.mark.parametrize("told", [True, False], ids=["page-version", "no-version"])
def test_of_two_at_the_same_instant_one_succeeds_and_the_other_is_told(people: Cast, story: str, told: bool) -> None:
    state, one, other, first, second = CONTESTED[story]
    case = bring(people, state)
    version, before = case.version, len(papers(case))
    acts = [one(people, case), other(people, case)]
    results = at_once(*(lambda act=act: act(version if told else None) for act in acts))
    refusals = [r for r in results if isinstance(r, Exception)]
    assert [type(r) for r in refusals] == [Refusal], results
    row, [refusal] = row_of(case), refusals
    assert row.version == version + 1
    last = entries_of("case", case.number).last()
    assert last is not None
    winner = 0 if isinstance(results[1], Refusal) else 1
    assert kinds(case)[-1] == (first, second)[winner]
    if told:
        assert refusal.code is RefusalCode.STALE
    if refusal.code is RefusalCode.STALE:
        assert (refusal.facts["kind"], refusal.facts["actor"], refusal.facts["at"]) == (
            last.kind,
            last.actor_name,
            last.at,
        )
    else:  # without the page's version the loser may find the case already elsewhere, and is told where
        assert refusal.code in (RefusalCode.CASE_WRONG_STATE, RefusalCode.CASE_NOT_IN_HAND, RefusalCode.NO_CANDIDATE)
    assert len(papers(case)) <= before + 1
    gapless_papers()
    sound(case)


def test_the_sweep_and_a_clerk_at_the_same_instant(people: Cast) -> None:
    cases = [submitted(people, n, PREPAID) for n in (1, 2, 3)]
    late = at(days=20)
    results = at_once(
        lambda: sweep.sweep(at=late),
        *(lambda c=c: accept.accept(c.number, seen=1, by=people.acting("张敏"), at=late) for c in cases),
        lambda: sweep.sweep(at=late),
    )
    deemed = sum(r[0] for r in (results[0], results[-1]))
    accepted = [r for r in results[1:-1] if isinstance(r, Case)]
    assert all(isinstance(r, Case) or r.code is RefusalCode.STALE for r in results[1:-1]), results
    assert deemed + len(accepted) == 3
    for case in cases:
        assert len(kinds(case)) == 2
        sound(case)


# --- submissions ---


def test_two_submissions_of_one_application_are_one_case(people: Cast) -> None:
    for n in range(1, 6):
        application = drafted(people, n)
        results = at_once(
            *[
                lambda pk=application.pk, seen=application.draft_version: submit.submit(
                    Application.objects.get(pk=pk), seen=seen, by=people.applicant, at=AT
                )
            ]
            * 3
        )
        assert {getattr(r, "number", r) for r in results} == {Case.objects.get(application=application).number}
    assert (Case.objects.count(), Message.objects.filter(kind="case.submitted").count()) == (5, 5)


def test_two_hundred_submissions_at_once(people: Cast) -> None:
    """None lost, none doubled, numbers without gaps or repeats; then all are accepted at once as well."""
    drafts = [drafted(people, n) for n in range(1, 201)]
    applicant = people.applicant

    def send(draft: Application) -> str:
        own = Application.objects.get(pk=draft.pk)
        return submit.submit(own, seen=draft.draft_version, by=applicant, at=AT).number

    numbers = shared_out(drafts, send, threads=8)
    assert [n for n in numbers if not isinstance(n, str)] == []
    assert sorted(n[15:21] for n in numbers) == [f"{n:06d}" for n in range(1, 201)]
    assert Case.objects.count() == Application.objects.filter(state="submitted").count() == 200
    assert {a.case_no for a in Application.objects.all()} == set(numbers)
    assert Counter.objects.get(series__startswith="case:").last == 200

    clerks = [people.acting("张敏"), people.acting("陈静")]
    taken = shared_out(
        list(enumerate(numbers)), lambda n: accept.accept(n[1], seen=1, by=clerks[n[0] % 2], at=AT).number, threads=8
    )
    assert sorted(taken, key=str) == sorted(numbers)
    gapless_papers()
    assert Paper.objects.filter(form="F-01").count() == 200
    assert Tally(Deadline.objects.values_list("kind", "outcome")) == {
        ("notice", "met"): 200, ("promise", "open"): 200, ("legal", "open"): 200, ("stage", "open"): 200,
    }  # fmt: skip
    assert Tally(Message.objects.values_list("kind", flat=True)) == {"case.submitted": 200, "case.accepted": 200}
    loads = Tally(Case.objects.values_list("holder__name", flat=True))
    assert set(loads) == {"李军", "周洋"}
    for case in Case.objects.all():
        assert case.version == 2
        assert journal.check_subject(case, list(entries_of("case", case.number))) == []
    assert Entry.objects.filter(subject_kind="case").count() == 400


def gapless_papers() -> None:
    """Every series of paper numbers runs from 1 without a gap, and its counter says how far."""
    given: dict[str, list[int]] = {}
    for number in Paper.objects.exclude(number="").values_list("number", flat=True):
        series, _, serial = number.partition("第")
        given.setdefault(series, []).append(int(serial.removesuffix("号")))
    for series, serials in given.items():
        assert sorted(serials) == list(range(1, len(serials) + 1)), series
    counted = sorted(Counter.objects.filter(series__startswith="paper:").values_list("last", flat=True))
    assert counted == sorted(len(serials) for serials in given.values())


def test_a_case_raced_through_all_its_steps_by_everybody(people: Cast) -> None:
    """Eight impatient people click whatever they may, over and over: each step of the case is taken exactly once."""
    case = submitted(people, 1, PREPAID)
    names = ["张敏", "陈静", "李军", "周洋", "王芳", "赵强", "钱慧", "张敏"]

    def hurry(name: str) -> int:
        by, done = people.acting(name), 0
        for _ in range(12):
            for act, facts in (
                (accept.accept, {}),
                (forward.forward, {"opinion": AGREED}),
                (decide.decide, {"grants": True, "opinion": AGREED}),
                (finish.finish, {"note": ""}),
                (deliver.deliver, {"mode": "direct", "recipient": "林小雨"}),
            ):
                try:
                    act(case.number, seen=None, by=by, at=AT, **facts)
                    done += 1
                except Refusal:
                    pass
        return done

    results = at_once(*(lambda n=n: hurry(n) for n in names))
    assert not [r for r in results if isinstance(r, Exception)], results
    assert (
        kinds(case)
        == ["submitted", "accepted", "forwarded", "forwarded", "decided", "finished", "delivered"][: len(kinds(case))]
    )
    assert sum(results) == len(kinds(case)) - 1
    gapless_papers()
    sound(case)


# --- the outbox ---


@override_settings(OUTBOX_MAIL=True)
def test_two_workers_send_each_letter_once(transactional_db: None) -> None:
    queue(
        *(
            message("case.accepted", key=f"letter-{n}", at=AT, channel=Message.MAIL, address=f"a{n}@example.com",
                    payload={"title": f"letter {n}", "text": "。"})
            for n in range(120)
        )
    )  # fmt: skip
    mail.outbox = []
    sent = at_once(*[lambda: deliver_due(at=AT + timedelta(minutes=1))] * 3)
    assert sum(sent) == 120
    assert Tally(letter.to[0] for letter in mail.outbox) == {f"a{n}@example.com": 1 for n in range(120)}
    assert Tally(Message.objects.values_list("state", "attempts")) == {("sent", 1): 120}
    assert deliver_due(at=AT + timedelta(days=1)) == 0
