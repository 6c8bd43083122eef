"""Places in the log: in order, once each, whatever the order of commits; readers never see a gap."""

import threading

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.people import AT, accepted, cast
from tests.seal.logs import nobody_else_writes
from zhengtong.base.journal.chain import entry_hash
from zhengtong.base.journal.models import Entry
from zhengtong.base.seal.actions import seal
from zhengtong.base.seal.consumers import consume, rewind
from zhengtong.base.seal.models import Cursor, Sealed, Sequencer
from zhengtong.base.seal.queries import BrokenLog, sealed_after, size

PATIENCE = 30


def write(key: str, seq: int = 1) -> Entry:
    entry = Entry(
        subject_kind="case", subject_key=key, seq=seq, kind="case.noted", actor_kind="system", actor_name="", at=AT
    )
    entry.facts, entry.salt, entry.prev = "{}", "0" * 32, ""
    entry.hash = entry_hash(entry)
    entry.save(force_insert=True)
    return entry


@pytest.mark.django_db
def test_entries_are_sealed_in_order_and_once():
    accepted(cast())
    written = list(Entry.objects.order_by("pk").values_list("pk", "hash"))
    assert seal(at=AT, limit=3) == 3
    assert seal(at=AT) == len(written) - 3
    assert seal(at=AT) == 0
    assert list(Sealed.objects.order_by("position").values_list("entry_id", "leaf")) == written
    assert [found.position for found in sealed_after(-1)] == list(range(size()))
    assert [found.position for found in sealed_after(1, limit=2)] == [2, 3]


@pytest.mark.django_db
def test_a_reader_takes_slices_stops_and_begins_again():
    for number in range(7):
        write(f"k{number}")
    seal(at=AT)
    seen: list[str] = []

    def handle(entries: list) -> None:
        seen.extend(found.entry.subject_key for found in entries)

    assert [consume("facts", handle, limit=3) for _ in range(4)] == [3, 3, 1, 0]
    assert seen == [f"k{number}" for number in range(7)]
    rewind("facts")
    assert consume("facts", handle) == 7


@pytest.mark.django_db
def test_a_reader_that_fails_gets_the_same_slice_again():
    write("k")
    seal(at=AT)

    def fail(entries):
        write("half-done")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        consume("facts", fail)
    assert not Entry.objects.filter(subject_key="half-done").exists()
    assert consume("facts", lambda entries: None) == 1


@pytest.mark.django_db
def test_a_reader_never_steps_over_a_hole():
    for number in range(3):
        write(f"k{number}")
    seal(at=AT)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE base_entry DISABLE TRIGGER ALL")
        else:
            cursor.execute("DROP TRIGGER base_entry_no_delete")
        cursor.execute("DELETE FROM base_entry WHERE subject_key = 'k1'")
    with pytest.raises(BrokenLog, match="sealed at 1"):
        sealed_after(-1)
    with pytest.raises(BrokenLog):
        consume("facts", lambda entries: None)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="SQLite has one writer: ids come in commit order")
def test_an_entry_that_commits_late_below_a_sealed_one_is_not_skipped(monkeypatch):
    taken, may_commit = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                Cursor.objects.create(name="row")  # the subject's row comes first, as in journal.record
                write("slow")
                taken.set()
                may_commit.wait(PATIENCE)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    assert taken.wait(PATIENCE)
    for number in range(3):  # higher ids, committed and sealed first, look after look
        write(f"quick{number}")
        seal(at=AT)
    assert size() == 3
    assert Sequencer.objects.get(pk=1).settled < Entry.objects.get(subject_key="quick0").pk
    may_commit.set()
    thread.join(PATIENCE)
    assert seal(at=AT) == 1
    assert [found.entry.subject_key for found in sealed_after(-1)] == ["quick0", "quick1", "quick2", "slow"]
    nobody_else_writes(monkeypatch)
    seal(at=AT)
    seal(at=AT)
    assert Sequencer.objects.get(pk=1).settled == Entry.objects.latest("pk").pk


@pytest.mark.django_db(transaction=True)
def test_many_sealers_and_many_writers_leave_no_gap_and_no_double():
    def act(name: str) -> None:
        try:
            for number in range(12):
                with transaction.atomic():
                    Cursor.objects.create(name=f"{name}{number}")
                    write(f"{name}{number}")
                seal(at=AT, limit=5)
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    while seal(at=AT):
        pass
    assert size() == Entry.objects.count() == 48
    assert list(Sealed.objects.order_by("position").values_list("position", flat=True)) == list(range(48))


@pytest.mark.django_db(transaction=True)
def test_two_readers_of_one_name_never_get_the_same_entry():
    for number in range(40):
        write(f"k{number}")
    seal(at=AT)
    seen: list[int] = []

    def read() -> None:
        try:
            while consume("facts", lambda entries: seen.extend(found.position for found in entries), limit=3):
                pass
        finally:
            connection.close()

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert seen == list(range(40))


@pytest.mark.django_db
def test_an_idle_reader_takes_no_lock():
    write("k")
    seal(at=AT)
    consume("facts", lambda entries: None)
    with CaptureQueriesContext(connection) as asked:
        assert consume("facts", lambda entries: None) == 0
    assert [query["sql"][:6] for query in asked.captured_queries] == ["SELECT", "SELECT"]
