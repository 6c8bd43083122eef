"""The commands: what they print, and the exit code a script reads."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.people import AT, accepted, cast
from tests.seal.logs import lift_guards, log, write
from zhengtong.base.journal.models import Entry
from zhengtong.base.seal import keys, tree
from zhengtong.base.seal.actions import seal_and_publish
from zhengtong.base.seal.findings import Tampering
from zhengtong.base.seal.models import SealCheck
from zhengtong.exchange.management.commands.work import Inspection, _perform
from zhengtong.exchange.seal_words import SENTENCES, finding_sentence

pytestmark = pytest.mark.django_db


def test_an_honest_log(capsys: pytest.CaptureFixture[str]):
    accepted(cast())
    call_command("seal")
    call_command("check_seal")
    assert "agree" in capsys.readouterr().out


def test_a_changed_entry_is_named_in_both_languages(capsys: pytest.CaptureFixture[str]):
    case = accepted(cast())
    call_command("seal")
    lift_guards()
    Entry.objects.filter(kind="case.accepted").update(facts="{}")
    with pytest.raises(SystemExit) as ended:
        call_command("check_seal")
    told = " ".join(capsys.readouterr().out.split())
    assert ended.value.code == 1
    assert f"case {case.number} 第 2 条" in told
    assert f"case {case.number}, no. 2" in told


def test_a_checkpoint_kept_elsewhere(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    log(3)
    kept = tmp_path / "kept"
    kept.write_text(tree.published())
    call_command("check_seal", "--against", str(kept))
    kept.write_text(kept.read_text().replace("\n3\n", "\n2\n"))
    with pytest.raises(SystemExit):
        call_command("check_seal", "--against", str(kept))
    with pytest.raises(CommandError):
        call_command("check_seal", "--against", str(tmp_path / "nothing"))


def test_a_rotation_prints_the_new_public_key(capsys: pytest.CaptureFixture[str]):
    log(3)
    call_command("rotate_seal_key")
    assert keys.verifier(keys.key_in_force()) in " ".join(capsys.readouterr().out.split("\n"))


def test_nothing_to_hand_over():
    with pytest.raises(CommandError):
        call_command("rotate_seal_key")


def test_the_worker_checks_once_a_night_slice_by_slice():
    write("k", 3)
    seal_and_publish(at=AT)
    at = AT.replace(hour=18)  # two at night in Shanghai
    for _ in range(2):  # a second worker finds it done
        inspection, slices = Inspection(timezone.localdate(at)), 0
        while inspection.step(at):
            slices += 1
    assert [(row.size, row.faults) for row in SealCheck.objects.all()] == [(3, 0)]
    assert Inspection(timezone.localdate(at + timedelta(days=1))).step(at + timedelta(days=1))


@pytest.mark.parametrize("code", Tampering)
def test_every_finding_has_its_sentence(code: Tampering):
    assert code in SENTENCES
    assert finding_sentence(code, {})


def test_a_broken_log_stops_no_worker(caplog: pytest.LogCaptureFixture):
    log(3)
    keys.path_of(keys.key_in_force().key_id).unlink()
    write("k")
    done = []
    duties = (("seal.published", seal_and_publish), ("other", lambda *, at: done.append(at) or 1))
    assert _perform(duties, AT) == 1
    assert done == [AT]
    assert "seal.broken" in caplog.text
