"""From places to the public log: tiles, then a signed checkpoint, in pieces that each end with a checkpoint."""

from datetime import datetime
from itertools import pairwise

from django.db import transaction

from zhengtong.base.seal import keys, tree
from zhengtong.base.seal.models import Checkpoint, Sealed
from zhengtong.base.seal.queries import BrokenLog, last_checkpoint, size
from zhengtong.base.seal.sequence import locked
from zhengtong.rules.merkle import leaf_hash, root_of
from zhengtong.rules.merkle_note import Head, checkpoint_text, parse_checkpoint, parse_note, signed, verifier_key
from zhengtong.rules.merkle_tiles import WIDTH, Tile, bundle, grown

PIECE = WIDTH * WIDTH  # entries between two checkpoints at most: a check holds them in memory


def publish(*, at: datetime) -> int:
    """Extends the public log to all that is sealed and signs it; how many entries came in. Nothing new, no checkpoint.

    Raises BrokenLog, and signs nothing, when what lies there is not what was signed last: a signature over
    a log that somebody changed would make the change true.
    """
    total = 0
    with tree.one_writer():
        while added := _extend(at):
            total += added
        _publish_keys()
    return total


def rotate(*, at: datetime, lost: bool = False) -> Checkpoint:
    """Puts a new key in force; the last checkpoint is signed by both, so that who trusts the old one finds the new.

    `lost` says that the old private key is gone: then the new one signs alone and everyone must be told otherwise.
    The old private key is destroyed: from now on it could only forge.
    """
    with tree.one_writer():
        with transaction.atomic():
            locked()
            last, row = last_checkpoint(), keys.key_in_force()
            if last is None or row is None:
                raise BrokenLog("there is no checkpoint yet: nothing to hand over")
            old = None if lost else keys.signer_of(row)
            _check_published(last)
            row.until = at
            row.save(update_fields=["until"])
            new = keys.make(row.origin, at=at)
            if lost:
                keys.accept(new)
            text = checkpoint_text(Head(row.origin, last.size, bytes.fromhex(last.root), _verifier(new)))
            note = signed(text, [who.sign(text) for who in (old, new) if who is not None])
            checkpoint = Checkpoint.objects.create(size=last.size, root=last.root, at=at, key_id=new.key_id, note=note)
        tree.publish(note)
        _publish_keys()
        keys.path_of(row.key_id).unlink(missing_ok=True)
    return checkpoint


def rebuild(until: int) -> None:
    """Writes the tiles that are not there, from the places. What is there is compared, never replaced."""
    for begin in range(0, until, PIECE):
        _write(begin, min(begin + PIECE, until))


def _publish_keys() -> None:
    """The keys and how each handed over to the next, beside the tiles: a mirror has all that a verifier asks for."""
    rows = keys.public_keys()
    for old, new in pairwise(rows):
        if note := keys.handover(old, new):
            tree.write_once(f"{tree.HANDOVER}/{new.key_id}", note.encode())
    if rows:
        tree.publish_keys(keys.listing())


def _verifier(signer: keys.Signer) -> str:
    return verifier_key(signer.name, signer.private.public_key().public_bytes_raw())


def _extend(at: datetime) -> int:
    with transaction.atomic(durable=True):
        locked()
        last, total = last_checkpoint(), size()
        begin = last.size if last else 0
        _check_published(last)
        if total < begin:
            raise BrokenLog(f"{begin} entries were signed, the database has {total}")
        if total == begin:
            return 0
        if last:
            _check_edge(last)
        end = min(total, (begin // PIECE + 1) * PIECE)
        _write(begin, end)
        signer = keys.signer(at=at)
        root = root_of(end, tree.nodes(end))
        text = checkpoint_text(Head(signer.name, end, root))
        note = signed(text, [signer.sign(text)])
        Checkpoint.objects.create(size=end, root=root.hex(), at=at, key_id=signer.key_id, note=note)
    tree.publish(note)
    return end - begin


def _check_published(last: Checkpoint | None) -> None:
    """The file is the last checkpoint, or an older one when we died before writing it; then it is written now."""
    note = tree.published()
    if note == (last.note if last else None):
        return
    if note is not None:
        try:
            claimed = parse_checkpoint(parse_note(note).text).size
        except ValueError as fault:
            raise BrokenLog("the published checkpoint is none") from fault
        if last is None or claimed > last.size:
            raise BrokenLog(f"a checkpoint of {claimed} entries is published, the database knows {last and last.size}")
        if not Checkpoint.objects.filter(size=claimed, note=note).exists():
            raise BrokenLog(f"the published checkpoint of {claimed} entries is not one we signed")
    if last:
        tree.publish(last.note)


def _check_edge(last: Checkpoint) -> None:
    try:
        root = root_of(last.size, tree.nodes(last.size))
    except FileNotFoundError:
        rebuild(last.size)
        root = root_of(last.size, tree.nodes(last.size))
    if root.hex() != last.root:
        raise BrokenLog(f"the tiles of {last.size} entries do not lead to the root that was signed")


def _write(begin: int, end: int) -> None:
    first = begin // WIDTH * WIDTH
    rows = list(
        Sealed.objects.filter(position__gte=first, position__lt=end).order_by("position").values_list("leaf", flat=True)
    )
    if len(rows) != end - first:
        raise BrokenLog(f"places are missing between {first} and {end}")
    leaves = [bytes.fromhex(row) for row in rows]
    for start in range(first, end, WIDTH):
        inside = leaves[start - first : start - first + WIDTH]
        tree.write_once(Tile(0, start // WIDTH, len(inside)).bundle_path, bundle(inside))
    hashes = b"".join(leaf_hash(leaf) for leaf in leaves[begin - first :])
    for tile, piece in grown(begin, end, hashes, tree.read_tile):
        tree.write_once(tile.path, piece)
