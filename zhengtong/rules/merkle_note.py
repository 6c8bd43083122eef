"""Knows the text of a checkpoint (C2SP tlog-checkpoint) and of a signed note (C2SP signed-note). Signs nothing itself."""

import base64
import binascii
from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

ED25519 = b"\x01"
NEXT_KEY = "next-key "  # our extension line: who signs from here on. What the old key signs must name the new one.
DASH = "— "


class Signature(NamedTuple):
    name: str
    key_id: str  # four bytes in hex
    signature: bytes


class Note(NamedTuple):
    text: str  # what is signed, with its last line feed
    signatures: tuple[Signature, ...]


class Head(NamedTuple):
    """What a checkpoint says."""

    origin: str
    size: int
    root: bytes
    next_key: str = ""  # a verifier key, in the checkpoint that hands the log over to it


def key_id(name: str, public_key: bytes) -> str:
    return sha256(name.encode() + b"\n" + ED25519 + public_key).digest()[:4].hex()


def verifier_key(name: str, public_key: bytes) -> str:
    """The key as the tools of others take it: name+id+key."""
    return f"{name}+{key_id(name, public_key)}+{base64.b64encode(ED25519 + public_key).decode()}"


def is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(c.isspace() or ord(c) < 32 for c in name)


def checkpoint_text(head: Head) -> str:
    handing_over = f"{NEXT_KEY}{head.next_key}\n" if head.next_key else ""
    return f"{head.origin}\n{head.size}\n{base64.b64encode(head.root).decode()}\n{handing_over}"


def signed(text: str, signatures: Sequence[Signature]) -> str:
    lines = [f"{DASH}{s.name} {base64.b64encode(bytes.fromhex(s.key_id) + s.signature).decode()}\n" for s in signatures]
    return f"{text}\n{''.join(lines)}"


def parse_note(note: str) -> Note:
    """Raises ValueError for anything that is not a signed note."""
    text, gap, lines = note.rpartition("\n\n")
    if not gap or not lines.endswith("\n"):
        raise ValueError("not a signed note")
    return Note(text + "\n", tuple(_signature(line) for line in lines[:-1].split("\n")))


def parse_checkpoint(text: str) -> Head:
    """Raises ValueError for anything that is not the text of a checkpoint."""
    origin, size, root, *more = [*text.split("\n"), "", "", ""]
    if not origin or not (size == "0" or (size.isdecimal() and size.isascii() and size[0] != "0")):
        raise ValueError("not a checkpoint")
    next_key = next((line.removeprefix(NEXT_KEY) for line in more if line.startswith(NEXT_KEY)), "")
    return Head(origin, int(size), _decoded(root, length=32), next_key)


def _signature(line: str) -> Signature:
    words = line.removeprefix(DASH).split(" ")
    if not line.startswith(DASH) or len(words) != 2:
        raise ValueError("not a signature line")
    raw = _decoded(words[1])
    if len(raw) < 5:
        raise ValueError("not a signature")
    return Signature(words[0], raw[:4].hex(), raw[4:])


def _decoded(text: str, *, length: int | None = None) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error as fault:
        raise ValueError("not base64") from fault
    if length is not None and len(raw) != length:
        raise ValueError("not of the right length")
    return raw
