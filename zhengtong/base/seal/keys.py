"""The signing key: made with the log, kept beside the data like every other key, changed by a rotation that says so.

The private half is a file `keys/seal-<id>` of mode 0600 in the form of Go's note tools; tables hold public halves only.
"""

import base64
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from zhengtong.base.seal.models import Checkpoint, SealingKey
from zhengtong.base.seal.queries import BrokenLog
from zhengtong.rules.merkle_note import (
    ED25519,
    Note,
    Signature,
    is_name,
    key_id,
    parse_checkpoint,
    parse_note,
    verifier_key,
)


class Signer(NamedTuple):
    name: str
    key_id: str
    private: Ed25519PrivateKey

    def sign(self, text: str) -> Signature:
        return Signature(self.name, self.key_id, self.private.sign(text.encode()))


def public_keys() -> list[SealingKey]:
    """Every key that ever signed, oldest first."""
    return list(SealingKey.objects.order_by("pk"))


def key_in_force() -> SealingKey | None:
    return SealingKey.objects.filter(until=None).order_by("-pk").first()


def signer(*, at: datetime) -> Signer:
    """Who signs now; the log's first key is made here. Raises BrokenLog when the key in force is not in its place."""
    row = key_in_force()
    if row is None:
        return make(_origin(), at=at)
    return signer_of(row)


def signer_of(row: SealingKey) -> Signer:
    try:
        words = path_of(row.key_id).read_text(encoding="ascii").strip().split("+", 4)  # base64 may hold a plus
    except FileNotFoundError as fault:
        raise BrokenLog(f"the private key {row.key_id} is not in its place: {path_of(row.key_id)}") from fault
    private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(words[4])[1:])
    found = Signer(row.origin, key_id(row.origin, private.public_key().public_bytes_raw()), private)
    if found.key_id != row.key_id:
        raise BrokenLog(f"the file of the key {row.key_id} holds another key")
    return found


def make(origin: str, *, at: datetime) -> Signer:
    """A new key in force. The one place where chance is asked: a key that could be made again would be no key."""
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    made = Signer(origin, key_id(origin, public), private)
    secret = base64.b64encode(ED25519 + private.private_bytes_raw()).decode()
    path = path_of(made.key_id)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(f"PRIVATE+KEY+{origin}+{made.key_id}+{secret}\n")
        file.flush()
        os.fsync(file.fileno())
    SealingKey.objects.create(origin=origin, key_id=made.key_id, public_key=base64.b64encode(public).decode(), since=at)
    return made


def handover(old: SealingKey, new: SealingKey) -> str:
    """The note in which the old key names the new one and both sign; empty when there is none.

    The name is what counts: a signature of one's own can be added to any note the old key ever signed.
    """
    for note in Checkpoint.objects.filter(key_id=new.key_id).order_by("pk").values_list("note", flat=True)[:1]:
        parsed = parse_note(note)
        named = parse_checkpoint(parsed.text).next_key == verifier(new)
        if named and {old.key_id, new.key_id} <= signed_by(parsed, (old, new)):
            return note
    return ""


def listing() -> str:
    """Every key, the newest first, one a line as signed-note tools take it; since and until behind a #."""
    return "".join(
        f"{verifier(row)} # {row.since:%Y-%m-%dT%H:%MZ}/{f'{row.until:%Y-%m-%dT%H:%MZ}' if row.until else ''}\n"
        for row in reversed(public_keys())
    )


def accept(signer: Signer) -> None:
    """Says on the disk, where no access to the database reaches, that this key follows a lost one."""
    path_of(signer.key_id).with_suffix(".accepted").touch(mode=0o600)


def accepted(row: SealingKey) -> bool:
    return path_of(row.key_id).with_suffix(".accepted").exists()


def path_of(identity: str) -> Path:
    return Path(settings.KEYS_DIR) / f"seal-{identity}"


def public_bytes(row: SealingKey) -> bytes:
    return base64.b64decode(row.public_key)


def verifier(row: SealingKey) -> str:
    return verifier_key(row.origin, public_bytes(row))


def signed_by(note: Note, keys: Iterable[SealingKey]) -> set[str]:
    """Ids of the keys whose signature on the note holds."""
    known = {(row.origin, row.key_id): row for row in keys}
    return {
        signature.key_id
        for signature in note.signatures
        if (row := known.get((signature.name, signature.key_id))) and _holds(note.text, signature, row)
    }


def _holds(text: str, signature: Signature, row: SealingKey) -> bool:
    public = public_bytes(row)
    if key_id(row.origin, public) != row.key_id:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature.signature, text.encode())
    except InvalidSignature:
        return False
    return True


def _origin() -> str:
    """The log keeps its first name for ever: another one would be another log."""
    first = SealingKey.objects.order_by("pk").first()
    origin: str = first.origin if first else settings.SEAL_ORIGIN
    if not is_name(origin):
        raise ValueError(f"ZHENGTONG_SEAL_ORIGIN is no name for a log (no spaces, no plus): {origin!r}")
    return origin
