"""核验政通证据包。只用 Python 标准库，可以离线运行。  Verifies an evidence pack of 政通, offline, with Python alone.

    python3 verify_evidence.py                          the evidence.json beside this file
    python3 verify_evidence.py PACK                     a pack: the .zip, its folder, or its evidence.json
    python3 verify_evidence.py PACK --key KEY           trust this public key, not the one in the pack
    python3 verify_evidence.py PACK --log URL|FOLDER    also: the public log still contains what was signed then
    python3 verify_evidence.py PACK --log … --checkpoint FILE|URL    … and so does a checkpoint somebody kept
    python3 verify_evidence.py CHECKPOINT --key KEY --log URL|FOLDER  no pack: is the log still what was signed then?

The hashes are those of RFC 6962, the files those of C2SP tlog-tiles, the signature is Ed25519 (RFC 8032). It is checked
by the `cryptography` library where that is installed, else by the pure Python below, and the output says by which.
Exit code: 0 everything holds, 1 something does not, 2 there was nothing to check.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

FORMAT = "zhengtong-evidence/1"
WIDTH, HASH = 256, 32
Verify = Callable[[bytes, bytes, bytes], bool]  # public key, message, signature


# --- the tree (RFC 6962, section 2.1) ---


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_by_inclusion(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes | None:
    if not 0 <= index < size:
        return None
    root, place, last, rest = leaf, index, size - 1, list(proof)
    while last:
        if place % 2 or place < last:
            if not rest:
                return None
            sibling = rest.pop(0)
            root = node_hash(sibling, root) if place % 2 else node_hash(root, sibling)
        place, last = place // 2, last // 2
    return None if rest else root


def is_consistent(old: int, old_root: bytes, new: int, new_root: bytes, proof: list[bytes]) -> bool:
    if old == new:
        return old_root == new_root and not proof
    if not 0 < old < new:
        return False
    place, last, rest = old - 1, new - 1, list(proof)
    while place % 2:
        place, last = place // 2, last // 2
    if place and not rest:
        return False
    before = after = rest.pop(0) if place else old_root
    while last:
        if place % 2 or place < last:
            if not rest:
                return False
            sibling = rest.pop(0)
            if place % 2:
                before = node_hash(sibling, before)
                after = node_hash(sibling, after)
            else:
                after = node_hash(after, sibling)
        place, last = place // 2, last // 2
    return not rest and before == old_root and after == new_root


class Log:
    """A public log: its address, or a folder with a copy of it. Reads the few tiles a proof needs."""

    def __init__(self, place: str) -> None:
        self.place = place.rstrip("/")

    def read(self, path: str) -> bytes:
        return read(f"{self.place}/{path}")

    def node(self, level: int, index: int, size: int) -> bytes:
        row, height = divmod(level, 8)
        first = index << height
        number = first // WIDTH
        width = min(WIDTH, (size >> (8 * row)) - number * WIDTH)
        name = f"{number % 1000:03d}"
        upper = number // 1000
        while upper:
            name, upper = f"x{upper % 1000:03d}/{name}", upper // 1000
        path = f"tile/{row}/{name}"
        try:
            tile = self.read(path if width == WIDTH else f"{path}.p/{width}")
        except OSError:
            if width == WIDTH:
                raise
            tile = self.read(path)  # a partial tile may be cleared away once the full one is there
        begin = first % WIDTH * HASH
        hashes = [tile[at : at + HASH] for at in range(begin, begin + (HASH << height), HASH)]
        while len(hashes) > 1:
            hashes = [node_hash(hashes[at], hashes[at + 1]) for at in range(0, len(hashes), 2)]
        return hashes[0]

    def over(self, begin: int, end: int, size: int) -> bytes:
        width = end - begin
        if width & (width - 1) == 0:
            return self.node(width.bit_length() - 1, begin // width, size)
        middle = begin + (1 << ((width - 1).bit_length() - 1))
        return node_hash(self.over(begin, middle, size), self.over(middle, end, size))

    def consistency(self, old: int, new: int) -> list[bytes]:
        begin, end, path = 0, new, []
        if old == new:
            return []
        while old != end:
            middle = begin + (1 << ((end - begin - 1).bit_length() - 1))
            if old <= middle:
                path.append((middle, end))
                end = middle
            else:
                path.append((begin, middle))
                begin = middle
        if begin:
            path.append((begin, end))
        return [self.over(first, last, new) for first, last in reversed(path)]


# --- Ed25519 (RFC 8032, section 5.1), where no library is at hand: slow, and only ever checks ---

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
Point = tuple  # (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z


def add(one: Point, other: Point) -> Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def times(number: int, point: Point) -> Point:
    result: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            result = add(result, point)
        point, number = add(point, point), number >> 1
    return result


def point_of(packed: bytes) -> Point | None:
    y = int.from_bytes(packed, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return (x, y, 1, x * y % P)


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def pure_verify(public: bytes, message: bytes, signature: bytes) -> bool:
    if len(public) != 32 or len(signature) != 64:
        return False
    key, commitment = point_of(public), point_of(signature[:32])
    answer = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or answer >= Q or BASE is None:
        return False
    asked = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % Q
    left, right = times(answer, BASE), add(commitment, times(asked, key))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


def verifier(pure: bool) -> tuple[Verify, str]:
    """(function, what it is called)."""
    if not pure:
        try:
            from cryptography.exceptions import InvalidSignature
            from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
        except ImportError:
            pass
        else:

            def library_verify(public: bytes, message: bytes, signature: bytes) -> bool:
                try:
                    Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
                except (InvalidSignature, ValueError):
                    return False
                return True

            return library_verify, "cryptography"
    return pure_verify, "RFC 8032, pure Python"


# --- checkpoints (C2SP signed-note, tlog-checkpoint) ---


class Unreadable(ValueError):
    """Not what it should be: damaged, or not of this format."""


class Key:
    """A public key as name+id+key."""

    def __init__(self, text: str) -> None:
        parts = text.strip().split("+", 2)
        if len(parts) != 3:
            raise Unreadable(f"no public key: {text[:80]}")
        self.name, self.text = parts[0], text.strip()
        raw = decoded(parts[2])
        self.public = raw[1:]
        self.id = hashlib.sha256(self.name.encode() + b"\n" + raw).digest()[:4]
        if raw[:1] != b"\x01" or len(self.public) != 32 or self.id.hex() != parts[1]:
            raise Unreadable(f"no Ed25519 key: {text[:80]}")


class Checkpoint:
    def __init__(self, note: str) -> None:
        self.text, gap, lines = note.rpartition("\n\n")
        self.text += "\n"
        parts = self.text.split("\n")
        if not gap or len(parts) < 4 or not re.fullmatch(r"0|[1-9][0-9]*", parts[1]):
            raise Unreadable("no checkpoint")
        self.origin, self.size, self.root = parts[0], int(parts[1]), decoded(parts[2])
        self.next_keys = [part[len("next-key ") :] for part in parts[3:] if part.startswith("next-key ")]
        self.signatures = []
        for line in lines.rstrip("\n").split("\n"):
            words = line.split(" ")
            if len(words) != 3 or words[0] != "—":
                raise Unreadable("no signature line")
            raw = decoded(words[2])
            self.signatures.append((words[1], raw[:4], raw[4:]))

    def signed_by(self, keys: list[Key], verify: Verify) -> list[Key]:
        return [
            key
            for key in keys
            for name, identity, signature in self.signatures
            if (name, identity) == (key.name, key.id)
            and key.name == self.origin
            and verify(key.public, self.text.encode(), signature)
        ]


def decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as fault:
        raise Unreadable("no base64") from fault


def read(place: str) -> bytes:
    if urlsplit(place).scheme in ("http", "https"):
        with urlopen(place, timeout=30) as answer:  # noqa: S310  (http and https only, at an address the user gave)
            content: bytes = answer.read()
            return content
    return Path(place).read_bytes()


# --- the pack ---


class Findings:
    """Prints each thing that was checked, in both languages, and remembers whether all of them hold."""

    def __init__(self) -> None:
        self.sound = True

    def say(self, holds: bool, chinese: str, english: str) -> bool:
        mark = "✓" if holds else "✗"
        print(f"{mark} {chinese}\n  {english}")
        self.sound = self.sound and holds
        return holds

    def note(self, chinese: str, english: str) -> None:
        print(f"· {chinese}\n  {english}")


def canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def check_chain(pack: dict, tell: Findings) -> None:
    """Each act shown is what was hashed, follows the one before it, and none is left out between them."""
    entries, subject = pack["entries"], pack["subject"]
    faults, shown, unlinked, before = 0, 0, 0, ""
    for number, entry in enumerate(entries, start=1):
        if entry["seq"] != number:
            faults += 1
            tell.say(
                False,
                f"第 {number} 条缺失（找到第 {entry['seq']} 条）。",
                f"Entry {number} is missing (found {entry['seq']}).",
            )
            break
        if "body" not in entry:
            unlinked += 1
            before = entry["hash"]
            continue
        shown += 1
        body = json.loads(entry["body"])
        if hashlib.sha256(entry["body"].encode()).hexdigest() != entry["hash"] or canonical(body) != entry["body"]:
            faults += 1
            tell.say(
                False,
                f"第 {number} 条被改动：内容与哈希不符。",
                f"Entry {number} was altered: its content has another hash.",
            )
        if body["subject"] != subject or body["seq"] != number:
            faults += 1
            tell.say(
                False, f"第 {number} 条属于别的办件或别的位置。", f"Entry {number} belongs to another case or place."
            )
        if body["prev"] != before:
            faults += 1
            tell.say(False, f"第 {number} 条不接前一条。", f"Entry {number} does not follow the one before it.")
        before = entry["hash"]
    if not faults:
        tell.say(
            True,
            f"链条完整：{len(entries)} 条，第 1 至 {len(entries)} 条不缺，{shown} 条公开内容与哈希一致。",
            f"The chain holds: {len(entries)} entries, none missing between 1 and {len(entries)}; {shown} shown in full match their hash.",
        )
    if unlinked:
        tell.note(
            f"{unlinked} 条内部记录只给出哈希（内容不公开），其存在由下面的收录证明保证。",
            f"{unlinked} inner entries are given by hash only (content withheld); that they exist is proved below.",
        )


def check_inclusion(pack: dict, checkpoint: Checkpoint, tell: Findings) -> None:
    """Each entry stands in the tree that was signed, at its place, in order."""
    sealed = [entry for entry in pack["entries"] if entry["position"] is not None]
    waiting = len(pack["entries"]) - len(sealed)
    wrong = []
    for entry in sealed:
        leaf = leaf_hash(bytes.fromhex(entry["hash"]))
        proof = [bytes.fromhex(part) for part in entry["proof"]]
        if root_by_inclusion(leaf, entry["position"], checkpoint.size, proof) != checkpoint.root:
            wrong.append(entry["seq"])
    for seq in wrong:
        tell.say(False, f"第 {seq} 条不在已签名的日志里。", f"Entry {seq} is not in the log that was signed.")
    places = [entry["position"] for entry in sealed]
    if places != sorted(set(places)):
        tell.say(
            False, "记录在日志里的先后与序号不符。", "The entries stand in the log in another order than their numbers."
        )
    elif not wrong and sealed:
        tell.say(
            True,
            f"{len(sealed)} 条全部收录在 {checkpoint.size} 条的日志里，先后一致。",
            f"All {len(sealed)} are included in the log of {checkpoint.size} entries, in order.",
        )
    if waiting:
        tell.note(
            f"最新的 {waiting} 条还没有进入检查点，稍后重新下载即可。",
            f"The newest {waiting} are not under a checkpoint yet; download the pack again a little later.",
        )
    if any(entry["position"] is None for entry in pack["entries"][: len(sealed)]):
        tell.say(False, "未存证的记录只能在最后。", "Only the newest entries can be without a place in the log.")
    if not sealed:
        tell.say(False, "没有一条记录受签名保护。", "No entry is under a signature.")


def follow(keys: list[Key], handovers: list[tuple[str, str]], verify: Verify) -> list[Key]:
    """The keys, and those that one of them put into office: (key, note in which it is named), oldest first.

    That both signed is not enough: anyone may add a signature to a note. The old key must have signed the new one's name.
    """
    trusted = list(keys)
    for text, note in handovers:
        if note and text not in [key.text for key in trusted]:
            named = Checkpoint(note)
            if text in named.next_keys and named.signed_by(trusted, verify):
                trusted.append(Key(text))
    return trusted


def follow_log(log: Log, keys: list[Key], verify: Verify) -> list[Key]:
    """The same with the keys and handovers that the log publishes."""
    try:
        lines = log.read("keys").decode().splitlines()
    except OSError:
        return keys
    handovers = []
    for line in reversed(lines):
        text = line.split(" ")[0]
        try:
            handovers.append((text, log.read(f"handover/{Key(text).id.hex()}").decode()))
        except OSError:
            continue  # the first key was put into office by nobody
    return follow(keys, handovers, verify)


def check_log(
    log: Log, checkpoint: Checkpoint, keys: list[Key], verify: Verify, others: list[str], tell: Findings
) -> None:
    """The checkpoint in hand, the log's newest, and those kept elsewhere are one history."""
    keys = follow_log(log, keys, verify)
    for place in [f"{log.place}/checkpoint", *others]:
        try:
            other = Checkpoint(read(place).decode())
        except (OSError, ValueError) as fault:
            tell.say(False, f"读不到检查点 {place}：{fault}", f"No checkpoint at {place}: {fault}")
            continue
        if not other.signed_by(keys, verify):
            tell.say(False, f"检查点 {place} 的签名无效。", f"The signature of the checkpoint {place} does not hold.")
            continue
        old, new = sorted((checkpoint, other), key=lambda one: one.size)
        try:
            same = is_consistent(old.size, old.root, new.size, new.root, log.consistency(old.size, new.size))
        except (OSError, IndexError) as fault:
            tell.say(False, f"日志缺少文件：{fault}", f"The log lacks a file: {fault}")
            continue
        tell.say(
            same,
            f"{old.size} 条与 {new.size} 条的检查点{'是同一本日志' if same else '不是同一本日志：日志被改写或分叉'}（{place}）。",
            f"The checkpoints of {old.size} and {new.size} entries are {'one log' if same else 'NOT one log: it was rewritten or forked'} ({place}).",
        )


def load(place: str) -> dict | str:
    """A pack, or the text of a checkpoint."""
    path = Path(place)
    if path.is_dir():
        path = path / "evidence.json"
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            name = next((name for name in archive.namelist() if name.endswith("evidence.json")), None)
            if name is None:
                raise Unreadable("no evidence.json in the archive")
            content = archive.read(name).decode()
    else:
        content = path.read_bytes().decode()
    if "\n\n— " in content and not content.startswith("{"):
        return content
    pack = json.loads(content)
    if not isinstance(pack, dict) or pack.get("format") != FORMAT:
        raise Unreadable(f"not of the format {FORMAT}")
    return pack


def check_signature(checkpoint: Checkpoint, keys: list[Key], verify: Verify, by: str, tell: Findings) -> None:
    signers = checkpoint.signed_by(keys, verify)
    who = ", ".join(key.text for key in signers) or "—"
    tell.say(
        bool(signers),
        f"检查点签名{'有效' if signers else '无效'}（{by}）：{who}",
        f"The checkpoint's signature {'holds' if signers else 'does NOT hold'} ({by}).",
    )


def verify_pack(
    pack: dict, *, trusted: str = "", log: str = "", others: list[str] | None = None, pure: bool = False
) -> bool:
    """Checks all of a pack and prints it; whether everything holds."""
    tell = Findings()
    verify, by = verifier(pure)
    checkpoint = Checkpoint(pack["checkpoint"])
    if trusted:
        keys = follow([Key(trusted)], [(key["key"], key["handover"]) for key in pack["keys"]], verify)
    else:
        keys = [Key(key["key"]) for key in pack["keys"]]
    print(f"{pack['subject'][1]} · {checkpoint.origin} · {checkpoint.size}\n")
    check_signature(checkpoint, keys, verify, by, tell)
    if not trusted:
        tell.note(
            "公钥取自证据包本身。请与大厅或网站公布的公钥核对，或用 --key 指定。",
            "The public key is the pack's own. Compare it with the one the house has announced, or give that with --key.",
        )
    check_chain(pack, tell)
    check_inclusion(pack, checkpoint, tell)
    if log:
        check_log(Log(log), checkpoint, keys, verify, others or [], tell)
    return concluded(tell)


def verify_checkpoint(
    note: str, *, trusted: str, log: str, others: list[str] | None = None, pure: bool = False
) -> bool:
    """Checks a checkpoint somebody kept against the log of today; whether everything holds."""
    tell = Findings()
    verify, by = verifier(pure)
    checkpoint, keys = Checkpoint(note), [Key(trusted)]
    print(f"{checkpoint.origin} · {checkpoint.size}\n")
    check_signature(checkpoint, follow_log(Log(log), keys, verify), verify, by, tell)
    check_log(Log(log), checkpoint, keys, verify, others or [], tell)
    return concluded(tell)


def concluded(tell: Findings) -> bool:
    print("\n" + ("全部成立。  Everything holds." if tell.sound else "有不成立之处。  NOT everything holds."))
    return tell.sound


def main(words: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")  # a console of another code page still prints
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument(
        "pack", nargs="?", default=str(Path(__file__).resolve().parent), help="zip, folder or evidence.json"
    )
    parser.add_argument("--key", default="", help="公钥 the public key to trust: name+id+key")
    parser.add_argument("--log", default="", help="公开日志 the public log: address or folder")
    parser.add_argument(
        "--checkpoint", action="append", default=[], help="另存的检查点 a checkpoint kept elsewhere (with --log)"
    )
    parser.add_argument("--pure", action="store_true", help="不用任何库验签 check the signature without any library")
    wanted = parser.parse_args(words)
    if wanted.checkpoint and not wanted.log:
        parser.error("--checkpoint 需要 --log  needs --log")
    try:
        found = load(wanted.pack)
        options = {"trusted": wanted.key, "log": wanted.log, "others": wanted.checkpoint, "pure": wanted.pure}
        if isinstance(found, str):
            if not (wanted.key and wanted.log):
                parser.error("检查点需要 --key 与 --log  a checkpoint needs --key and --log")
            sound = verify_checkpoint(found, **options)
        else:
            sound = verify_pack(found, **options)
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as fault:
        print(f"✗ 读不懂这个证据包：{fault!r}\n  This pack cannot be read.", file=sys.stderr)
        return 2
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
