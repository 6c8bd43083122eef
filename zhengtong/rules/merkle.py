"""Knows the Merkle tree of RFC 6962 §2.1: hashes, roots, proofs and their checking. Knows no file and no entry.

A `Node` gives the hash of a full subtree: node(level, index) covers leaves index·2^level up to (index+1)·2^level.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

HASH = 32
EMPTY_ROOT = sha256(b"").digest()  # §2.1: the hash of an empty list is the hash of an empty string

Node = Callable[[int, int], bytes]


def leaf_hash(data: bytes) -> bytes:
    return sha256(
        b"\x00" + data
    ).digest()  # §2.1: leaves and nodes begin differently, so that none passes for the other


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a growing tree: appending and the root cost O(log n), and nothing else is kept."""

    __slots__ = ("peaks", "size")

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size = size
        self.peaks = list(peaks)  # one hash for each full subtree, the largest first

    def append(self, leaf: bytes) -> None:
        """Takes the hash of the next leaf."""
        carried, bits = leaf, self.size
        while bits & 1:
            carried, bits = node_hash(self.peaks.pop(), carried), bits >> 1
        self.peaks.append(carried)
        self.size += 1

    def root(self) -> bytes:
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


def full_root(hashes: Sequence[bytes]) -> bytes:
    """The root over a power of two of hashes."""
    row = list(hashes)
    while len(row) > 1:
        row = [node_hash(row[i], row[i + 1]) for i in range(0, len(row), 2)]
    return row[0]


def root_of(size: int, node: Node) -> bytes:
    return _range_hash(0, size, node) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, node: Node) -> list[bytes]:
    """PATH(m, D[n]) of §2.1.1: the siblings from the leaf up. Raises ValueError for a leaf the tree has not."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    begin, end, path = 0, size, []
    while end - begin > 1:
        middle = begin + _split(end - begin)
        if index < middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((begin, middle))
            begin = middle
    return [_range_hash(first, last, node) for first, last in reversed(path)]


def consistency_proof(old: int, new: int, node: Node) -> list[bytes]:
    """PROOF(m, D[n]) of §2.1.2. Empty when the trees are the same or the old one is empty."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {new} cannot contain one of {old}")
    if old in (0, new):
        return []
    begin, end, path = 0, new, []
    while old != end:
        middle = begin + _split(end - begin)
        if old <= middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((begin, middle))
            begin = middle
    if begin:
        path.append((begin, end))
    return [_range_hash(first, last, node) for first, last in reversed(path)]


def root_by_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """The root that a proof leads to from a leaf's hash; None when the proof has not the length it must have."""
    if not 0 <= index < size:
        return None
    root, left, last = leaf, index, size - 1
    hashes = iter(proof)
    while last:
        if left & 1 or left < last:
            sibling = next(hashes, None)
            if sibling is None:
                return None
            root = node_hash(sibling, root) if left & 1 else node_hash(root, sibling)
        left, last = left >> 1, last >> 1
    return root if next(hashes, None) is None else None


def is_consistent(old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the tree of `new` leaves begins with the tree of `old` leaves."""
    if not 0 <= old <= new:
        return False
    if old == new or old == 0:
        return not proof and (old_root == new_root if old == new else old_root == EMPTY_ROOT)
    left, last = old - 1, new - 1
    while left & 1:  # the old tree's last full subtree
        left, last = left >> 1, last >> 1
    hashes = iter(proof)
    first = next(hashes, None) if left else old_root  # a whole left subtree is its own proof
    if first is None:
        return False
    before = after = first
    while last:
        if left & 1 or left < last:
            sibling = next(hashes, None)
            if sibling is None:
                return False
            if left & 1:
                before, after = node_hash(sibling, before), node_hash(sibling, after)
            else:
                after = node_hash(after, sibling)
        left, last = left >> 1, last >> 1
    return next(hashes, None) is None and before == old_root and after == new_root


def _split(width: int) -> int:
    """The largest power of two below `width` (§2.1)."""
    return 1 << ((width - 1).bit_length() - 1)


def _range_hash(begin: int, end: int, node: Node) -> bytes:
    width = end - begin
    if width & (width - 1) == 0:
        level = width.bit_length() - 1
        return node(level, begin >> level)
    middle = begin + _split(width)
    return node_hash(_range_hash(begin, middle, node), _range_hash(middle, end, node))
