"""The worker: what it does in one turn, that it says nothing on the terminal, and that it stops when asked."""

import signal
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import OperationalError

from tests.people import AT, accepted, cast, decided
from zhengtong.base import evidence
from zhengtong.base.outbox.actions import message, queue
from zhengtong.base.outbox.models import Message
from zhengtong.base.parameters import actions as parameters
from zhengtong.domains.cases.models import Case
from zhengtong.exchange.management.commands import work
from zhengtong.exchange.management.commands.work import Replay, Worker

NIGHT = datetime(2026, 9, 25, 2, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def numbers_of_the_law(db: None) -> None:
    parameters.seed()


@pytest.mark.usefixtures("numbers_of_the_law")
def test_one_turn_delivers_and_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    queue(message("case.accepted", key="k1", at=AT, account_id=1))
    call_command("work", "--once")
    assert Message.objects.get(key="k1").state == Message.SENT
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("numbers_of_the_law")
def test_a_supplement_that_never_came_lapses_at_the_next_sweep_only(monkeypatch: pytest.MonkeyPatch) -> None:
    swept = []
    monkeypatch.setattr(work, "sweep", lambda *, at: swept.append(at) or (0, 0))
    worker = Worker()
    for seconds in (0, 5, 59, 60, 61):
        worker.turn(AT + timedelta(seconds=seconds))
    assert swept == [AT, AT + timedelta(seconds=60)]


@pytest.mark.django_db
def test_at_night_every_subject_is_replayed_once_and_a_fault_is_told(caplog: pytest.LogCaptureFixture) -> None:
    case = accepted(cast())
    Case.objects.filter(pk=case.pk).update(case_kind="JOINT")
    worker = Worker()
    turns = 0
    while worker.turn(NIGHT + timedelta(seconds=turns)):
        turns += 1
    assert worker.replay is not None
    assert worker.replay.done
    assert worker.replay.subjects == sum(evidence.count(kind) for kind in evidence.kinds())
    told = [record.getMessage() for record in caplog.records if case.number in record.getMessage()]
    assert len(told) == 1
    assert "case_kind" in told[0]
    assert not worker.turn(NIGHT + timedelta(minutes=30))  # the same night: nothing is left to do


@pytest.mark.django_db
def test_in_the_morning_who_holds_what_expires_is_told_once() -> None:
    case = decided(cast())
    Case.objects.filter(pk=case.pk).update(valid_until=AT.date() + timedelta(days=59))
    worker = Worker()
    worker.turn(AT.replace(hour=0) - timedelta(hours=1))  # seven in Shanghai: nobody is woken
    assert not Message.objects.filter(kind="certificate.expiring").exists()
    for hours in (0, 1, 24):
        worker.turn(AT + timedelta(hours=hours))
    assert Message.objects.filter(kind="certificate.expiring").count() == 1


@pytest.mark.usefixtures("numbers_of_the_law")
def test_by_day_nothing_is_replayed() -> None:
    worker = Worker()
    worker.turn(AT)
    assert worker.replay is None


def test_it_stops_when_asked_and_outlives_a_database_away(monkeypatch: pytest.MonkeyPatch) -> None:
    worker = Worker()
    turns = []

    def turn(at: datetime) -> bool:
        turns.append(at)
        if len(turns) == 1:
            raise OperationalError("database is locked")
        worker.stop(signal.SIGTERM, None)
        return True

    monkeypatch.setattr(work, "IDLE", 0)
    monkeypatch.setattr(work, "close_old_connections", lambda: None)
    monkeypatch.setattr(worker, "turn", turn)
    worker.run(lambda: AT)
    assert len(turns) == 2


@pytest.mark.django_db
def test_a_replay_ends_even_in_an_empty_house() -> None:
    replay = Replay(NIGHT.date())
    while replay.step():
        pass
    assert (replay.done, replay.faults) == (True, 0)
