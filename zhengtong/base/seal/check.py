"""The full check: every entry against its place, every place against the tiles, all of it against every signature.

Between two checkpoints there are three witnesses of each leaf: the journal, the table of places, the tile. What was
signed says which of them is right, so that the others can be named, place by place.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from zhengtong.base.journal.chain import entry_hash
from zhengtong.base.journal.models import Entry
from zhengtong.base.seal import keys, tree
from zhengtong.base.seal.findings import Finding, Tampering
from zhengtong.base.seal.models import Checkpoint, SealCheck, Sealed, SealingKey, Sequencer
from zhengtong.base.seal.queries import BrokenLog, size
from zhengtong.rules.merkle import HASH, Frontier, full_root, leaf_hash
from zhengtong.rules.merkle_note import Head, parse_checkpoint, parse_note
from zhengtong.rules.merkle_tiles import WIDTH, Tile, bundle

SLICE = 2_000
KEPT = 200  # findings kept with the check; more of them say nothing new
MOST_UNSEALED = 50


@dataclass
class Report:
    """What a check has seen so far."""

    entries: int = 0
    checkpoints: int = 0
    findings: list[Finding] = field(default_factory=list)

    def add(self, code: Tampering, **facts: object) -> None:
        self.findings.append(Finding(code, facts))


class Stray(NamedTuple):
    """A place that does not hold what it should: the hash sealed there, and the one found."""

    position: int
    sealed: str
    found: str
    finding: Finding


class Anchor(NamedTuple):
    """A checkpoint whose signature holds."""

    head: Head
    at: datetime | None


def check(report: Report, *, others: Sequence[str] = ()) -> Iterator[int]:
    """Fills the report; gives the number of entries seen after each piece. `others` are checkpoints kept elsewhere.

    It only reads. What is written meanwhile is beyond the size looked at first.
    """
    anchors = _anchors(report, others)
    until = size()  # after the checkpoints: one that is signed meanwhile must not look like a cut
    walk = _Walk(report, until)
    for anchor in anchors:
        report.checkpoints += 1
        yield from walk.to(anchor)
    yield from walk.rest()
    _cut_since_last_check(report, until)
    _reordered(walk)
    _unsealed(report)


def check_all(*, at: datetime) -> int:
    """The whole check, kept as a row; how many findings."""
    report = Report()
    for _ in check(report):
        pass
    keep(report, at=at)
    return len(report.findings)


def keep(report: Report, *, at: datetime) -> SealCheck:
    return SealCheck.objects.create(
        at=at,
        size=report.entries,
        checkpoints=report.checkpoints,
        faults=len(report.findings),
        findings=[[finding.code.value, finding.facts] for finding in report.findings[:KEPT]],
    )


class _Walk:
    """From checkpoint to checkpoint, with what the signed log has been so far."""

    def __init__(self, report: Report, size: int) -> None:
        self.report = report
        self.size = size  # places there are
        self.edge = Frontier()
        self.tiles = _Tiles(report)
        self.strays: list[Stray] = []
        self.emptied: dict[str, int] = {}  # what was signed where no place is left
        self.broken = False  # nothing that was signed agrees any more: the first place says it

    def to(self, anchor: Anchor) -> Iterator[int]:
        """Checks the leaves up to a checkpoint against its root."""
        if self.broken:
            return
        begin, end = self.edge.size, anchor.head.size
        stored: list[bytes | None] = []
        strays: list[Stray] = []
        for first in range(begin, min(end, self.size), SLICE):
            leaves, found = self._compared(first, min(first + SLICE, end, self.size))
            stored += leaves
            strays += found
            yield self.report.entries
        if end > self.size:
            self.report.add(Tampering.TAIL_CUT, since=max(begin, self.size), signed=end)
            stored += [None] * (end - max(begin, self.size))
            self.size = end  # said once
        tiles = _leaf_tiles(begin, end)
        for truth in (stored, tiles):
            edge = _grown(self.edge, truth)
            if edge is not None and edge.root() == anchor.head.root:
                if truth is tiles:
                    self._exchanged(begin, stored, tiles, {stray.position for stray in strays})
                self._told(strays)
                self.edge = edge
                self.tiles.extend(truth)
                return
        self.broken = True
        if None not in stored:
            self.report.add(Tampering.LOG_FORKED, size=end, since=begin, root=anchor.head.root.hex(), at=_words(anchor))
        self._told(strays)
        self.edge = Frontier(end)

    def rest(self) -> Iterator[int]:
        """What is sealed and not signed yet, entries against places only; then the last, partial tiles."""
        for first in range(self.edge.size, self.size, SLICE):
            _, strays = self._compared(first, min(first + SLICE, self.size))
            self._told(strays)
            yield self.report.entries
        if not self.broken:
            self.tiles.end()

    def _compared(self, begin: int, end: int) -> tuple[list[bytes | None], list[Stray]]:
        """Leaf hashes as the table of places has them, and the entries that are not what stands there."""
        places = {row.position: row for row in Sealed.objects.filter(position__gte=begin, position__lt=end)}
        entries = Entry.objects.in_bulk([row.entry_id for row in places.values()])
        leaves: list[bytes | None] = []
        strays = []
        for position in range(begin, end):
            self.report.entries += 1
            place = places.get(position)
            if place is None:
                self.report.add(Tampering.PLACE_MISSING, position=position)
                leaves.append(None)
                continue
            leaves.append(leaf_hash(bytes.fromhex(place.leaf)))
            entry = entries.get(place.entry_id)
            if entry is None:
                gone = Finding(Tampering.ENTRY_MISSING, {"position": position, "entry": place.entry_id})
                strays.append(Stray(position, place.leaf, "", gone))
                continue
            actual = entry_hash(entry)
            if actual != place.leaf:
                changed = Finding(Tampering.ENTRY_CHANGED, {"position": position, **_named_entry(entry)})
                strays.append(Stray(position, place.leaf, actual, changed))
        return leaves, strays

    def _exchanged(
        self, begin: int, stored: Sequence[bytes | None], signed: Sequence[bytes | None], told: set[int]
    ) -> None:
        """Places whose hash is not the signed one: exchanged among each other, or rewritten together with the entry."""
        for position, (place, leaf) in enumerate(zip(stored, signed, strict=True), start=begin):
            if place is None and leaf is not None:
                self.emptied[leaf.hex()] = position
            if place is None or place == leaf or position in told:
                continue
            entry = Entry.objects.filter(pk__in=Sealed.objects.filter(position=position).values("entry_id")).first()
            facts = {"position": position, **(_named_entry(entry) if entry else {})}
            finding = Finding(Tampering.PLACE_CHANGED, facts)
            self._told([Stray(position, (leaf or b"").hex(), place.hex(), finding)])

    def _told(self, strays: Sequence[Stray]) -> None:
        self.report.findings += [stray.finding for stray in strays]
        self.strays += strays


class _Tiles:
    """The signed leaves, held against the files tile by tile and level by level as they come."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.rows: list[list[bytes]] = []  # of each level, the tile being filled
        self.full: list[int] = []  # of each level, how many came before it

    def extend(self, leaves: Sequence[bytes | None]) -> None:
        for leaf in leaves:
            self._push(0, leaf or b"")

    def end(self) -> None:
        for level, row in enumerate(self.rows):
            if row:
                _check_file(self.report, Tile(level, self.full[level], len(row)), b"".join(row))

    def _push(self, level: int, value: bytes) -> None:
        if level == len(self.rows):
            self.rows.append([])
            self.full.append(0)
        row = self.rows[level]
        row.append(value)
        if len(row) == WIDTH:
            _check_file(self.report, Tile(level, self.full[level]), b"".join(row))
            self.full[level] += 1
            self.rows[level] = []
            self._push(level + 1, full_root(row))


def _check_file(report: Report, tile: Tile, content: bytes) -> None:
    path = tree.folder() / tile.path
    if not path.exists():
        report.add(Tampering.TILE_MISSING, path=tile.path)
    elif path.read_bytes() != content:
        report.add(Tampering.TILE_REWRITTEN, path=tile.path)
    _check_partials(report, tile, content)
    if tile.level == 0:
        _check_bundle(report, tile, content)


def _check_partials(report: Report, tile: Tile, content: bytes) -> None:
    """Older widths of the tile that still lie there."""
    folder = (tree.folder() / Tile(tile.level, tile.index).path).with_suffix(".p")
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if (
            path.name.isdecimal()
            and int(path.name) < tile.width
            and path.read_bytes() != content[: int(path.name) * HASH]
        ):
            report.add(Tampering.TILE_REWRITTEN, path=Tile(tile.level, tile.index, int(path.name)).path)


def _check_bundle(report: Report, tile: Tile, content: bytes) -> None:
    path = tree.folder() / tile.bundle_path
    if not path.exists():
        report.add(Tampering.TILE_MISSING, path=tile.bundle_path)
        return
    packed = path.read_bytes()
    leaves = [packed[at + 2 : at + 2 + HASH] for at in range(0, len(packed), HASH + 2)]
    if packed != bundle(leaves) or b"".join(map(leaf_hash, leaves)) != content:
        report.add(Tampering.TILE_REWRITTEN, path=tile.bundle_path)


def _anchors(report: Report, others: Sequence[str]) -> list[Anchor]:
    """Every checkpoint whose signature holds, by size; the others are named."""
    known = _trusted(report)
    published = tree.published()  # before the rows: it is written after its row
    rows = list(Checkpoint.objects.order_by("size", "pk"))
    notes: list[tuple[str, datetime | None, tuple[int, bytes] | None]] = [
        (row.note, row.at, (row.size, bytes.fromhex(row.root))) for row in rows
    ]
    if published is None and rows:
        report.add(Tampering.CHECKPOINT_LOST, size=rows[-1].size)
    elif published is not None and published not in {row.note for row in rows}:
        notes.append((published, None, None))
        if _sound(published, known) is not None:
            report.add(Tampering.CHECKPOINT_LOST, size=parse_checkpoint(parse_note(published).text).size)
    notes += [(note, None, None) for note in others]
    anchors = []
    for note, at, said in notes:
        head = _sound(note, known)
        if head is None or (said is not None and said != (head.size, head.root)):
            report.add(Tampering.CHECKPOINT_FORGED, size=said[0] if said else _claimed(note), at=at and at.isoformat())
        else:
            anchors.append(Anchor(head, at))
    return sorted(anchors, key=lambda anchor: anchor.head.size)


def _sound(note: str, known: Sequence[SealingKey]) -> Head | None:
    try:
        parsed = parse_note(note)
        head = parse_checkpoint(parsed.text)
    except ValueError:
        return None
    if not keys.signed_by(parsed, known) or head.origin != known[0].origin:
        return None
    return head


def _claimed(note: str) -> int | None:
    try:
        return parse_checkpoint(parse_note(note).text).size
    except ValueError:
        return None


def _trusted(report: Report) -> list[SealingKey]:
    """The first key, and each later one that its predecessor, or the house after a loss, put into office."""
    trusted: list[SealingKey] = []
    for row in keys.public_keys():
        if not trusted or keys.handover(trusted[-1], row) or keys.accepted(row):
            trusted.append(row)
        else:
            report.add(Tampering.KEY_UNKNOWN, key=row.key_id)
    return trusted


def _grown(edge: Frontier, leaves: Sequence[bytes | None]) -> Frontier | None:
    grown = Frontier(edge.size, edge.peaks)
    for leaf in leaves:
        if leaf is None:
            return None
        grown.append(leaf)
    return grown


def _leaf_tiles(begin: int, end: int) -> list[bytes | None]:
    """The leaf hashes as the tiles have them; None where there is none."""
    leaves: list[bytes | None] = []
    for index in range(begin // WIDTH, -(-end // WIDTH)):
        width = min(WIDTH, end - index * WIDTH)
        try:
            piece = tree.read_tile(Tile(0, index, width))
        except (FileNotFoundError, BrokenLog):
            leaves += [None] * width
            continue
        leaves += [piece[place * HASH : (place + 1) * HASH] for place in range(width)]
    return leaves[begin % WIDTH :]


def _reordered(walk: _Walk) -> None:
    """An entry that was sealed at another of the faulty places was moved, not changed."""
    homes = walk.emptied | {stray.sealed: stray.position for stray in walk.strays}
    findings = walk.report.findings
    for stray in walk.strays:
        home = homes.get(stray.found, stray.position)
        if home != stray.position:
            moved = Finding(Tampering.ENTRY_REORDERED, {**stray.finding.facts, "sealed_at": home})
            findings[findings.index(stray.finding)] = moved


def _cut_since_last_check(report: Report, until: int) -> None:
    """When entries, places and checkpoints are all cut, the last check still remembers."""
    before = SealCheck.objects.order_by("-pk").values_list("size", flat=True).first() or 0
    if before > until and not any(finding.code is Tampering.TAIL_CUT for finding in report.findings):
        report.add(Tampering.TAIL_CUT, since=until, signed=before)


def _unsealed(report: Report) -> None:
    settled = Sequencer.objects.order_by("pk").values_list("settled", flat=True).first() or 0
    late = (
        Entry.objects.filter(pk__lte=settled)
        .exclude(Exists(Sealed.objects.filter(entry_id=OuterRef("pk"))))
        .order_by("pk")[:MOST_UNSEALED]
    )
    for entry in late:
        report.add(Tampering.ENTRY_UNSEALED, entry=entry.pk, **_named_entry(entry))


def _named_entry(entry: Entry) -> dict[str, object]:
    return {"subject": f"{entry.subject_kind} {entry.subject_key}", "seq": entry.seq, "kind": entry.kind}


def _words(anchor: Anchor) -> str | None:
    return anchor.at.isoformat() if anchor.at else None
