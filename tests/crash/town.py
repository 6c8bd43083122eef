"""The programs of the crash tests; each runs as a process of its own on the data folder and database of its environment.

`python -m tests.crash.town found N` makes tables, the cast and N submitted cases, and prints sessions of the officers.
`python -m tests.crash.town load FILE SEED` submits and handles cases in four threads until it is killed; every step that
    was committed is then written to FILE, line by line: what stands there has been acknowledged.
`python -m tests.crash.town check FILE` prints as JSON what is wrong now. Nothing may be.
"""

import json
import os
import random
import sys
import threading
from collections import Counter as Tally
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django

THREADS = 4


def found(number_of_cases: int) -> None:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command
    from django.utils import timezone

    from tests.people import cast, submitted

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    people = cast()
    for number in range(1, number_of_cases + 1):
        submitted(people, number, at=timezone.now())  # the real worker must not find them overdue
    sessions = {}
    for name, officer in people.officers.items():
        account = officer.account
        assert account is not None
        session = SessionStore()
        session[SESSION_KEY] = str(account.pk)
        session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        session[HASH_SESSION_KEY] = account.get_session_auth_hash()
        session.create()
        sessions[name] = session.session_key
    print(json.dumps(sessions))


def remembered() -> Any:
    """The cast as it stands in the database."""
    from tests.people import Cast
    from zhengtong.domains.registry.models import Account, Enterprise, Officer, Organ, Person, Region, Section

    return Cast(
        region=Region.objects.get(),
        organ=Organ.objects.get(),
        section=Section.objects.get(),
        officers={officer.name: officer for officer in Officer.objects.select_related("account")},
        citizen=Account.objects.get(login="lin"),
        person=Person.objects.get(),
        enterprise=Enterprise.objects.get(),
        stranger=Account.objects.get(login="gao"),
    )


def load(acknowledged: Path, seed: int) -> None:
    from tests.people import AT, drafted
    from zhengtong.domains.cases.models import Case
    from zhengtong.flows import accept, decide, deliver, finish, forward, stop_clock, submit, talk

    people = remembered()
    by_id = {officer.pk: people.acting(name) for name, officer in people.officers.items()}
    window = people.acting("张敏")
    out = os.open(acknowledged, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def live(thread: int) -> None:
        chance = random.Random(f"{seed}-{thread}")
        serial = 0
        while True:
            serial += 1
            draft = drafted(people, 10**9 + seed * 10**6 + thread * 10**5 + serial)
            case = submit.submit(draft, seen=draft.draft_version, by=people.applicant, at=AT)
            done(case)
            done(accept.accept(case.number, seen=case.version, by=window, at=AT))
            for opinion in ("材料齐全，符合条件。", "同意承办意见。"):
                if chance.random() < 0.3:
                    talk.say(case.number, text="请问办到哪一步了？", by=people.applicant, at=AT)
                done(forward.forward(case.number, opinion=opinion, seen=None, by=holder(case), at=AT))
            if chance.random() < 0.3:
                done(stop_clock.extend(case.number, days=5, reason="案情复杂", seen=None, by=holder(case), at=AT))
            done(
                decide.decide(
                    case.number,
                    grants=chance.random() < 0.7,
                    opinion="不符合法定条件和标准。",
                    seen=None,
                    by=holder(case),
                    at=AT,
                )
            )
            done(finish.finish(case.number, note="", seen=None, by=window, at=AT))
            done(deliver.deliver(case.number, mode="direct", recipient="林小雨", seen=None, by=window, at=AT))

    def holder(case: Any) -> Any:
        return by_id[Case.objects.values_list("holder_id", flat=True).get(number=case.number)]

    def done(case: Any) -> None:
        os.write(out, f"{case.number} {case.version}\n".encode())

    threads = [threading.Thread(target=live, args=(n,), daemon=True) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    print("loading", flush=True)
    for thread in threads:
        thread.join()


def check(acknowledged: Path) -> None:
    from zhengtong.base.journal.models import Entry
    from zhengtong.domains.cases.models import Case

    versions = dict(Case.objects.values_list("number", "version"))
    faults = [*engine_faults(), *replay_faults(), *lost(acknowledged, versions), *half_written(), *number_faults()]
    steps = Entry.objects.filter(subject_kind="case").count()
    print(json.dumps({"faults": faults[:50], "cases": len(versions), "steps": steps}))


def engine_faults() -> list[str]:
    from django.db import connection

    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        told = [row[0] for row in cursor.execute("PRAGMA integrity_check").fetchall()]
        alone = cursor.execute("PRAGMA foreign_key_check").fetchall()
    return [*(word for word in told if word != "ok"), *(f"foreign key {row}" for row in alone)]


def replay_faults() -> Iterator[str]:
    """Chain against row, rows replayed from the journal, limits against their explanations."""
    from zhengtong.base import calendar, evidence

    for kind in evidence.kinds():
        if kind.journal_kind == "officer":
            continue  # the cast writes its officers without a journal
        after: int | None = 0
        while after is not None:
            part = evidence.check_slice(kind, calendar.current(), after=after)
            after = part.after
            yield from (f"{f.kind} {f.key}: {f.what}" for f in part.faults)
        if without := evidence.rowless(kind):
            yield f"{without} {kind.journal_kind} without a row"


def lost(acknowledged: Path, versions: dict[str, int]) -> Iterator[str]:
    for line in acknowledged.read_text().splitlines() if acknowledged.exists() else []:
        number, version = line.split()
        if versions.get(number, 0) < int(version):
            yield f"{number}: version {version} was acknowledged, {versions.get(number)} is there"


# Entry, paper and message that one step writes together.
TOGETHER = (
    ("case.submitted", "F-00"), ("case.accepted", "F-01"), ("case.extended", "F-07"), ("case.delivered", "F-08"),
)  # fmt: skip


def half_written() -> Iterator[str]:
    """What one step writes into several tables is all there, or none of it."""
    from zhengtong.base.deadlines.models import Deadline
    from zhengtong.base.journal.models import Entry
    from zhengtong.base.outbox.models import Message
    from zhengtong.domains.applications.models import Application
    from zhengtong.domains.cases.models import Case, Paper

    entries = Tally(Entry.objects.filter(subject_kind="case").values_list("subject_key", "kind"))
    issued = Tally(Paper.objects.values_list("case__number", "form"))
    # The worker adds the ways a message takes outside; what the step wrote is the message without them.
    told = Tally(Message.objects.exclude(key__regex=":(sms|mail|webhook)$").values_list("subject_key", "kind"))
    limits = Tally(Deadline.objects.values_list("subject_key", "kind"))
    cases = set(Case.objects.values_list("number", flat=True))
    for number in cases:
        for kind, form in TOGETHER:
            if not entries[number, kind] == issued[number, form] == told[number, kind]:
                yield f"{number}: {kind}, its paper {form} and its message do not go together"
        decided = issued[number, "F-05"] + issued[number, "F-06"]
        if not entries[number, "case.decided"] == decided == told[number, "case.decided"]:
            yield f"{number}: a decision, its paper and its message do not go together"
        accepted = entries[number, "case.accepted"] + entries[number, "case.deemed_accepted"]
        if limits[number, "promise"] != accepted or limits[number, "notice"] != 1:
            yield f"{number}: limits and acts do not go together"
    submitted = set(Application.objects.filter(state="submitted").values_list("case_no", flat=True))
    if submitted != cases:
        yield f"applications without a case, or cases without an application: {submitted ^ cases}"


def number_faults() -> Iterator[str]:
    """Numbers without gaps or repeats, and counters that say how many were given."""
    from zhengtong.domains.authenticity.models import Lead
    from zhengtong.domains.cases.models import Case, Counter, Paper
    from zhengtong.domains.orders.models import Order
    from zhengtong.domains.supervision.models import Card

    given = {"cases": [int(number[15:21]) for number in Case.objects.values_list("number", flat=True)]}
    papers = [*Paper.objects.values_list("number", flat=True), *Order.objects.values_list("paper_no", flat=True)]
    for number in filter(None, papers):
        series, _, serial = number.partition("第")
        given.setdefault(series, []).append(int(serial.removesuffix("号")))
    # What the worker finds while it serves: leads by the year, cards by the day, orders by the year.
    for numbered, digits in ((Lead, 6), (Card, 5), (Order, 5)):
        for number in numbered.objects.values_list("number", flat=True):
            given.setdefault(number[:-digits], []).append(int(number[-digits:]))
    for series, serials in given.items():
        if sorted(serials) != list(range(1, len(serials) + 1)):
            yield f"numbers of {series} have gaps or repeats"
    if sorted(Counter.objects.values_list("last", flat=True)) != sorted(len(s) for s in given.values() if s):
        yield "a counter does not say how many numbers were given"


if __name__ == "__main__":
    django.setup()
    what, *words = sys.argv[1:]
    if what == "found":
        found(int(words[0]))
    elif what == "load":
        load(Path(words[0]), int(words[1]))
    else:
        check(Path(words[0]))
