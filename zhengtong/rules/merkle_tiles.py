"""Knows the layout of C2SP tlog-tiles: which tile holds which hash, under which path. Knows no disk."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from zhengtong.rules.merkle import HASH, full_root

HEIGHT = 8
WIDTH = 1 << HEIGHT
ENTRIES = "entries"  # stands in a path where a level would


@dataclass(frozen=True, slots=True)
class Tile:
    level: int
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        return f"tile/{self.level}/{_index_path(self.index)}{_suffix(self.width)}"

    @property
    def bundle_path(self) -> str:
        """Of the entries whose leaf hashes stand in this tile of level 0."""
        return f"tile/{ENTRIES}/{_index_path(self.index)}{_suffix(self.width)}"


def tile_at(level: int, index: int, size: int) -> Tile:
    """A tile as a tree of `size` leaves has it. Raises ValueError where it has none."""
    width = min(WIDTH, (size >> (HEIGHT * level)) - index * WIDTH)
    if width <= 0:
        raise ValueError(f"a tree of {size} has no tile {index} of level {level}")
    return Tile(level, index, width)


def grown(old: int, new: int, leaves: bytes, read: Callable[[Tile], bytes]) -> Iterator[tuple[Tile, bytes]]:
    """The tiles that `leaves` (hashes of leaves old … new) add to a tree of `old`: full ones and the new right edge.

    A tile that was partial is given again under its new width; none is given that a tree of `old` has already.
    """
    level, hashes = 0, leaves
    while True:
        begin, end = old >> (HEIGHT * level), new >> (HEIGHT * level)
        if begin == end:
            return
        first, kept = divmod(begin, WIDTH)
        content = (read(Tile(level, first, kept)) if kept else b"") + hashes
        above = []
        for index in range(first, -(-end // WIDTH)):
            offset = (index - first) * WIDTH * HASH
            piece = content[offset : offset + WIDTH * HASH]
            yield Tile(level, index, len(piece) // HASH), piece
            if len(piece) == WIDTH * HASH:
                above.append(full_root(_hashes(piece)))
        level, hashes = level + 1, b"".join(above)


def node_in_tiles(level: int, index: int, size: int, read: Callable[[Tile], bytes]) -> bytes:
    """The hash of a full subtree, from the one tile that holds what lies beneath it."""
    row, height = divmod(level, HEIGHT)
    place = index << height
    piece = read(tile_at(row, place >> HEIGHT, size))
    offset = (place & (WIDTH - 1)) * HASH
    return full_root(_hashes(piece[offset : offset + (HASH << height)]))


def bundle(leaves: list[bytes]) -> bytes:
    """An entry bundle: each entry behind its length in two bytes, the larger first."""
    return b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves)


def _hashes(piece: bytes) -> list[bytes]:
    return [piece[i : i + HASH] for i in range(0, len(piece), HASH)]


def _index_path(index: int) -> str:
    """1234067 is x001/x234/067."""
    groups = [f"{index % 1000:03d}"]
    while index := index // 1000:
        groups.append(f"x{index % 1000:03d}")
    return "/".join(reversed(groups))


def _suffix(width: int) -> str:
    return "" if width == WIDTH else f".p/{width}"
