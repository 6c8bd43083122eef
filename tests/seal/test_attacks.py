"""Whoever owns the database and the disk tampers, each in one way; each is found, and named by its own name and place.

Every test says what the attacker can do. The triggers that would refuse are lifted first: they stop mistakes, not owners.
"""

import base64
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from tests.people import AT
from tests.seal.logs import files, lift_guards, log, write
from zhengtong.base.journal.chain import entry_hash
from zhengtong.base.journal.models import Entry
from zhengtong.base.seal import keys, publication, tree
from zhengtong.base.seal.actions import seal, seal_and_publish
from zhengtong.base.seal.check import Report, check, check_all
from zhengtong.base.seal.findings import Tampering
from zhengtong.base.seal.models import Checkpoint, SealCheck, Sealed, SealingKey, Sequencer
from zhengtong.rules.merkle import leaf_hash, root_of
from zhengtong.rules.merkle_note import Head, Signature, checkpoint_text, key_id, parse_note, signed
from zhengtong.rules.merkle_tiles import bundle, grown

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def owned(db: None) -> None:
    """Three checkpoints of eight entries, one of them of a subject with three acts, in the hand of the attacker."""
    write("long", 3)
    log(3, 5, 8)
    assert found() == []
    lift_guards()


def found(*others: str) -> list[tuple[str, dict]]:
    report = Report()
    for _ in check(report, others=others):
        pass
    return [(finding.code.value, finding.facts) for finding in report.findings]


def places(code: Tampering, *others: str) -> list[int]:
    return [facts["position"] for name, facts in found(*others) if name == code.value]


def entry_at(position: int) -> Entry:
    return Sealed.objects.select_related("entry").get(position=position).entry


def rehash_chain(key: str, places_too: bool = False) -> None:
    """What a clever attacker does after an edit: every later entry of the subject gets its new hash."""
    prev = ""
    for entry in Entry.objects.filter(subject_key=key).order_by("seq"):
        entry.prev = prev
        entry.hash = prev = entry_hash(entry)
        Entry.objects.filter(pk=entry.pk).update(prev=entry.prev, hash=entry.hash)
        if places_too:
            Sealed.objects.filter(entry_id=entry.pk).update(leaf=entry.hash)


def rewrite_tiles() -> bytes:
    """All files anew from the places, as if they had always been so; the root they lead to."""
    leaves = [bytes.fromhex(leaf) for leaf in Sealed.objects.order_by("position").values_list("leaf", flat=True)]
    root = Path(settings.SEAL_DIR)
    for size in (3, 5, 8):
        for tile, piece in grown(0, size, b"".join(map(leaf_hash, leaves[:size])), lambda tile: b""):
            (root / tile.path).write_bytes(piece)
        (root / f"tile/entries/000.p/{size}").write_bytes(bundle(leaves[:size]))
    return root_of(8, tree.nodes(8))


# --- the journal ---


def test_an_edited_fact():
    Entry.objects.filter(pk=entry_at(4).pk).update(facts='{"n":99}')
    assert found() == [("entry.changed", {"position": 4, "subject": "case k4", "seq": 1, "kind": "case.noted"})]


@pytest.mark.parametrize(
    "change", [{"actor_name": "另一人"}, {"at": AT - timedelta(days=1)}, {"kind": "case.decided"}, {"post": "局长"}]
)
def test_an_edited_name_time_kind_or_post(change: dict):
    Entry.objects.filter(pk=entry_at(4).pk).update(**change)
    assert [code for code, _ in found()] == ["entry.changed"]


def test_an_edited_fact_whose_chain_was_hashed_again():
    """The subject's chain holds again; the log knows better, for the entry and for all that hang on it."""
    Entry.objects.filter(subject_key="long", seq=2).update(facts='{"n":99}')
    rehash_chain("long")
    assert places(Tampering.ENTRY_CHANGED) == [1, 2]


def test_an_edited_fact_whose_chain_and_places_were_hashed_again():
    Entry.objects.filter(subject_key="long", seq=2).update(facts='{"n":99}')
    rehash_chain("long", places_too=True)
    assert places(Tampering.PLACE_CHANGED) == [1, 2]
    assert [(facts["subject"], facts["seq"]) for _, facts in found()] == [("case long", 2), ("case long", 3)]


def test_an_edited_fact_whose_chain_places_and_tiles_were_made_again():
    """Nothing left disagrees but the signatures: they say between which two checkpoints it lies."""
    Entry.objects.filter(pk=entry_at(4).pk).update(facts='{"n":99}')
    rehash_chain("k4", places_too=True)
    rewrite_tiles()
    [(code, facts)] = found()
    assert code == "log.forked"
    assert (facts["since"], facts["size"]) == (3, 5)


def test_a_deleted_entry():
    gone = entry_at(4)
    Entry.objects.filter(pk=gone.pk).delete()
    assert found() == [("entry.missing", {"position": 4, "entry": gone.pk})]


def test_a_deleted_entry_with_its_place():
    row = Sealed.objects.get(position=4)
    Sealed.objects.filter(position=4).delete()
    Entry.objects.filter(pk=row.entry_id).delete()
    assert found() == [("place.missing", {"position": 4})]


def test_a_deleted_entry_whose_place_was_closed_up():
    row = Sealed.objects.get(position=4)
    Sealed.objects.filter(position=4).delete()
    Entry.objects.filter(pk=row.entry_id).delete()
    for position in (5, 6, 7):
        Sealed.objects.filter(position=position).update(position=F("position") - 1)
    moved = [(facts["position"], facts["sealed_at"]) for code, facts in found() if code == "entry.reordered"]
    assert moved == [(4, 5), (5, 6), (6, 7)]
    assert ("log.cut", {"since": 7, "signed": 8}) in found()


def swap_rows(one: int, other: int) -> None:
    first, second = entry_at(one), entry_at(other)
    with connection.constraint_checks_disabled() if connection.vendor == "sqlite" else transaction.atomic():
        Entry.objects.filter(pk=first.pk).update(id=10_000_000)
        Entry.objects.filter(pk=second.pk).update(id=first.pk)
        Entry.objects.filter(pk=10_000_000).update(id=second.pk)


def test_two_swapped_entries():
    swap_rows(3, 6)
    moved = [(facts["position"], facts["sealed_at"]) for code, facts in found() if code == "entry.reordered"]
    assert moved == [(3, 6), (6, 3)]
    assert len(found()) == 2


def test_two_swapped_places():
    rows = {row.position: (row.entry_id, row.leaf) for row in Sealed.objects.filter(position__in=(3, 6))}
    Sealed.objects.filter(position__in=(3, 6)).delete()
    for position, (entry, leaf) in ((3, rows[6]), (6, rows[3])):
        Sealed.objects.create(position=position, entry_id=entry, leaf=leaf)
    moved = [(facts["position"], facts["sealed_at"]) for code, facts in found() if code == "entry.reordered"]
    assert moved == [(3, 6), (6, 3)]


def test_an_entry_slipped_in_behind_the_sealer():
    """Dated back below what is settled, where no sealer looks again."""
    log(9)
    Entry.objects.filter(pk=entry_at(0).pk).update(id=-5)
    Sequencer.objects.update(settled=Entry.objects.latest("pk").pk)
    names = {code for code, _ in found()}
    assert names == {"entry.missing", "entry.unsealed"}


# --- the tail ---


def cut(since: int, checkpoints: bool = False) -> None:
    rows = Sealed.objects.filter(position__gte=since)
    Entry.objects.filter(pk__in=list(rows.values_list("entry_id", flat=True))).delete()
    rows.delete()
    if checkpoints:
        Checkpoint.objects.filter(size__gt=since).delete()


def test_a_cut_tail():
    cut(6)
    assert found() == [("log.cut", {"since": 6, "signed": 8})]


def test_a_cut_tail_with_its_checkpoints():
    """The published file still says eight."""
    cut(5, checkpoints=True)
    assert found() == [("checkpoint.lost", {"size": 8}), ("log.cut", {"since": 5, "signed": 8})]


def test_a_cut_tail_with_all_that_was_published():
    """Only who remembers can tell: the last night's check, and whoever kept a checkpoint."""
    kept = tree.published()
    older = Checkpoint.objects.get(size=5).note
    cut(5, checkpoints=True)
    tree.publish(older)
    assert found() == []
    assert found(kept) == [("log.cut", {"since": 5, "signed": 8})]
    SealCheck.objects.create(at=AT, size=8, checkpoints=3, faults=0)
    assert found() == [("log.cut", {"since": 5, "signed": 8})]


def test_a_cut_tail_is_not_signed_over():
    cut(6)
    Sequencer.objects.update(settled=0)
    for number in range(20, 24):
        write(f"k{number}")
    seal(at=AT)
    assert places(Tampering.PLACE_CHANGED) == [6, 7]


# --- the files ---


@pytest.mark.parametrize("path", ["tile/0/000.p/8", "tile/entries/000.p/8", "tile/0/000.p/3"])
def test_a_rewritten_tile(path: str):
    file = Path(settings.SEAL_DIR) / path
    file.write_bytes(file.read_bytes()[:-1] + b"\x00")
    assert found() == [("tile.rewritten", {"path": path})]


def test_a_rewritten_tile_of_a_higher_level():
    log(300)
    file = Path(settings.SEAL_DIR) / "tile/1/000.p/1"
    file.write_bytes(bytes(32))
    assert found() == [("tile.rewritten", {"path": "tile/1/000.p/1"})]


def test_a_removed_tile():
    (Path(settings.SEAL_DIR) / "tile/0/000.p/8").unlink()
    assert found() == [("tile.missing", {"path": "tile/0/000.p/8"})]


# --- the signatures ---


def sign_with(private: Ed25519PrivateKey, size: int, root: bytes) -> str:
    origin = keys.key_in_force().origin
    text = checkpoint_text(Head(origin, size, root))
    public = private.public_key().public_bytes_raw()
    return signed(text, [Signature(origin, key_id(origin, public), private.sign(text.encode()))])


def test_a_forged_checkpoint_without_a_key():
    row = Checkpoint.objects.get(size=5)
    Checkpoint.objects.filter(pk=row.pk).update(root="00" * 32)
    assert found() == [("checkpoint.forged", {"size": 5, "at": row.at.isoformat()})]


def test_a_forged_checkpoint_with_a_key_of_the_attacker():
    """He edits, makes everything again, signs with a key of his own and enters it as ours."""
    Entry.objects.filter(pk=entry_at(4).pk).update(facts='{"n":99}')
    rehash_chain("k4", places_too=True)
    root = rewrite_tiles()
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    origin = keys.key_in_force().origin
    SealingKey.objects.update(until=AT)
    SealingKey.objects.create(
        origin=origin, key_id=key_id(origin, public), public_key=base64.b64encode(public).decode(), since=AT
    )
    note = sign_with(private, 8, root)
    Checkpoint.objects.filter(size=8).update(note=note, root=root.hex(), key_id=key_id(origin, public))
    tree.publish(note)
    names = [code for code, _ in found()]
    assert names == ["key.unknown", "checkpoint.forged", "log.forked"]


def test_a_key_that_signed_beside_ours_is_not_in_office():
    """His signature under the last note of ours looks like a handover; only a note that names the new key is one."""
    row = Checkpoint.objects.latest("pk")
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    ours = parse_note(row.note)
    origin = ours.signatures[0].name
    note = signed(
        ours.text, [*ours.signatures, Signature(origin, key_id(origin, public), private.sign(ours.text.encode()))]
    )
    SealingKey.objects.update(until=AT)
    SealingKey.objects.create(
        origin=origin, key_id=key_id(origin, public), public_key=base64.b64encode(public).decode(), since=AT
    )
    Checkpoint.objects.create(size=row.size, root=row.root, at=AT, key_id=key_id(origin, public), note=note)
    tree.publish(note)
    assert found() == [("key.unknown", {"key": key_id(origin, public)})]


def test_a_forged_published_checkpoint():
    tree.publish(sign_with(Ed25519PrivateKey.generate(), 9, bytes(32)))
    assert found() == [("checkpoint.forged", {"size": 9, "at": None})]


def test_a_forked_log():
    """The house itself, with its own key, shows the town another log: whoever kept a checkpoint proves it."""
    shown_to_the_town = tree.published()
    signer = keys.signer(at=AT)
    Entry.objects.filter(pk=entry_at(6).pk).update(facts='{"n":99}')
    rehash_chain("k6", places_too=True)
    root = rewrite_tiles()
    text = checkpoint_text(Head(signer.name, 8, root))
    note = signed(text, [signer.sign(text)])
    Checkpoint.objects.filter(size=8).update(note=note, root=root.hex())
    tree.publish(note)
    assert found() == []  # within the house everything agrees
    [(code, facts)] = found(shown_to_the_town)
    assert (code, facts["size"]) == ("log.forked", 8)


# --- and what is no attack ---


def test_honest_work_is_never_accused():
    log(9, 300)
    publication.rotate(at=AT)
    write("k", 5)
    seal(at=AT)
    write("k", 2)
    assert found() == []


def test_a_key_that_followed_a_lost_one_is_accepted_from_the_disk():
    publication.rotate(at=AT, lost=True)
    log(9)
    assert found() == []


def test_the_check_is_kept_and_tells_how_much_it_saw():
    assert check_all(at=AT) == 0
    Entry.objects.filter(pk=entry_at(4).pk).update(facts="{}")
    assert check_all(at=AT) == 1
    row = SealCheck.objects.latest("pk")
    assert (row.size, row.checkpoints, row.faults, row.findings[0][0]) == (8, 3, 1, "entry.changed")


def test_checking_changes_nothing():
    before = files()
    check_all(at=AT)
    assert files() == before


def test_a_tampered_log_is_not_extended():
    Entry.objects.filter(pk=entry_at(4).pk).update(facts="{}")
    rehash_chain("k4", places_too=True)
    rewrite_tiles()
    write("k50")
    with pytest.raises(publication.BrokenLog):
        seal_and_publish(at=AT)
