"""The public log: what is written, that nothing is ever rewritten, and that a changed log is not signed."""

import threading
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.people import AT
from tests.seal.logs import files, lift_guards, log, nobody_else_writes, write
from zhengtong.base.journal.models import Entry
from zhengtong.base.seal import keys, publication, tree
from zhengtong.base.seal.actions import clear_partial_tiles, seal, seal_and_publish
from zhengtong.base.seal.check import check_all
from zhengtong.base.seal.models import Checkpoint, Sealed, SealingKey
from zhengtong.base.seal.queries import BrokenLog
from zhengtong.rules.merkle import (
    Frontier,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    leaf_hash,
    root_by_inclusion,
    root_of,
)
from zhengtong.rules.merkle_note import parse_checkpoint, parse_note

pytestmark = pytest.mark.django_db


def root_over(size: int) -> bytes:
    edge = Frontier()
    for leaf in Entry.objects.order_by("pk").values_list("hash", flat=True)[:size]:
        edge.append(leaf_hash(bytes.fromhex(leaf)))
    return edge.root()


def test_a_checkpoint_says_what_the_journal_holds_and_is_signed_by_the_key_in_force():
    log(5)
    note = parse_note(tree.published() or "")
    head = parse_checkpoint(note.text)
    assert (head.origin, head.size, head.root) == (settings.SEAL_ORIGIN, 5, root_over(5))
    assert keys.signed_by(note, keys.public_keys()) == {keys.key_in_force().key_id}
    assert sorted(files()) == ["checkpoint", "keys", "tile/0/000.p/5", "tile/entries/000.p/5"]


def test_nothing_new_makes_no_checkpoint():
    log(5, 5)
    assert Checkpoint.objects.count() == 1
    assert seal_and_publish(at=AT) == 0


def test_appending_rewrites_no_tile():
    log(3, 250)
    before = files()
    log(256, 257, 700)
    after = files()
    assert {path: what for path, what in after.items() if path in before and path != "checkpoint"} == {
        path: what for path, what in before.items() if path != "checkpoint"
    }
    assert {"tile/0/000", "tile/0/001", "tile/0/002.p/188", "tile/1/000.p/2", "tile/1/000.p/1"} <= set(after)


def test_every_entry_is_included_and_any_two_checkpoints_are_consistent():
    log(1, 40, 300)
    heads = [(row.size, bytes.fromhex(row.root)) for row in Checkpoint.objects.order_by("size")]
    for size, root in heads:
        assert root == root_over(size)
        for row in Sealed.objects.filter(position__lt=size)[:: max(1, size // 20)]:
            proof = inclusion_proof(row.position, size, tree.nodes(size))
            assert root_by_inclusion(leaf_hash(bytes.fromhex(row.leaf)), row.position, size, proof) == root
        for older, old_root in heads:
            if older <= size:
                assert is_consistent(older, old_root, size, root, consistency_proof(older, size, tree.nodes(size)))


def test_partial_tiles_are_cleared_once_their_full_tile_is_published():
    log(3, 255, 300)
    assert clear_partial_tiles(at=AT) == 4
    assert {"tile/0/000", "tile/0/001.p/44"} <= set(files())
    assert "tile/0/000.p/3" not in files()
    assert root_of(3, tree.nodes(3)) == root_over(3)
    assert check_all(at=AT) == 0


def test_a_lost_folder_is_written_again_as_it_was():
    log(3, 300)
    before = {path: what[0] for path, what in files().items()}
    for path in sorted(Path(settings.SEAL_DIR).rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    publication.publish(at=AT)
    log(301)
    after = {path: what[0] for path, what in files().items()}
    assert {path: after.get(path) for path in before if ".p/" not in path and path != "checkpoint"} == {
        path: what for path, what in before.items() if ".p/" not in path and path != "checkpoint"
    }


def test_a_crash_before_the_checkpoint_file_is_mended(monkeypatch: pytest.MonkeyPatch):
    log(3)
    write("k3")
    monkeypatch.setattr(tree, "publish", lambda note: None)
    seal_and_publish(at=AT)
    monkeypatch.undo()
    assert parse_checkpoint(parse_note(tree.published()).text).size == 3
    publication.publish(at=AT)
    assert parse_checkpoint(parse_note(tree.published()).text).size == 4


def test_a_crash_between_the_tiles_and_the_signature_is_taken_up_again(monkeypatch: pytest.MonkeyPatch):
    log(3)
    write("k", 4)

    def die(**columns):
        raise KeyboardInterrupt

    monkeypatch.setattr(Checkpoint.objects, "create", die)
    with pytest.raises(KeyboardInterrupt):
        seal_and_publish(at=AT)
    monkeypatch.undo()
    before = files()
    log(9)
    assert before.items() - {("checkpoint", before["checkpoint"])} <= files().items()
    assert check_all(at=AT) == 0


def test_an_idle_sealer_takes_no_lock(monkeypatch):
    nobody_else_writes(monkeypatch)
    log(3)
    seal(at=AT)
    seal(at=AT)
    with CaptureQueriesContext(connection) as asked:
        assert seal(at=AT) == 0
    assert not [query for query in asked.captured_queries if not query["sql"].startswith("SELECT")]
    assert len(asked) <= 2


def test_what_is_not_committed_is_not_published_and_positions_come_first():
    write("k0", 4)
    seal(at=AT, limit=2)
    assert publication.publish(at=AT) == 2


def change_tile():
    path = Path(settings.SEAL_DIR) / "tile/0/000.p/3"
    path.write_bytes(bytes(32) + path.read_bytes()[32:])


def forge_checkpoint():
    path = Path(settings.SEAL_DIR) / "checkpoint"
    path.write_text(path.read_text().replace("\n3\n", "\n2\n"))


def cut_tail():
    lift_guards()
    Sealed.objects.filter(position=2).delete()
    Checkpoint.objects.all().delete()


def take_key():
    keys.path_of(keys.key_in_force().key_id).unlink()


@pytest.mark.parametrize("attack", [change_tile, forge_checkpoint, cut_tail, take_key])
def test_a_changed_log_is_not_signed(attack):
    log(3)
    attack()
    write("k3")
    with pytest.raises(BrokenLog):
        seal_and_publish(at=AT)
    assert not Checkpoint.objects.filter(size=4).exists()


def test_the_private_key_is_for_its_owner_only():
    log(1)
    path = keys.path_of(keys.key_in_force().key_id)
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent == Path(settings.KEYS_DIR)


def test_a_rotation_is_signed_by_both_keys_and_the_old_one_is_destroyed():
    log(3)
    old = keys.key_in_force()
    publication.rotate(at=AT)
    new = keys.key_in_force()
    assert new.key_id != old.key_id
    assert new.origin == old.origin
    assert keys.signed_by(parse_note(tree.published()), [old]) == {old.key_id}
    assert keys.signed_by(parse_note(tree.published()), [new]) == {new.key_id}
    assert not keys.path_of(old.key_id).exists()
    log(4)
    assert keys.signed_by(parse_note(tree.published()), keys.public_keys()) == {new.key_id}
    assert SealingKey.objects.get(pk=old.pk).until == AT


def test_a_lost_key_is_followed_by_one_that_signs_alone():
    log(3)
    old = keys.key_in_force()
    keys.path_of(old.key_id).unlink()
    with pytest.raises(BrokenLog):
        publication.rotate(at=AT)
    publication.rotate(at=AT, lost=True)
    assert keys.signed_by(parse_note(tree.published()), keys.public_keys()) == {keys.key_in_force().key_id}


@pytest.mark.django_db(transaction=True)
def test_two_publishers_at_once_publish_each_entry_once():
    def act():
        try:
            seal_and_publish(at=AT)
        finally:
            connection.close()

    write("k", 20)
    threads = [threading.Thread(target=act) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert list(Checkpoint.objects.values_list("size", flat=True)) == [20]
    assert parse_checkpoint(parse_note(tree.published()).text).root == root_over(20)
