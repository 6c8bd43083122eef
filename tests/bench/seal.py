"""The seal against its bars: faster than the steps it seals, and a proof out of ten million leaves in a blink."""

import hashlib
import random
import statistics
import time
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection

from tests.bench.steps import _steps
from tests.people import AT, Cast, submitted
from tests.seal.logs import write
from zhengtong.base.journal.models import Entry
from zhengtong.base.seal import tree
from zhengtong.base.seal.actions import seal_and_publish
from zhengtong.base.seal.check import Report, check
from zhengtong.rules.merkle import (
    consistency_proof,
    inclusion_proof,
    is_consistent,
    leaf_hash,
    root_by_inclusion,
    root_of,
)
from zhengtong.rules.merkle_tiles import grown

CASES, BACKLOG = 40, 40_000
TIMES = 5  # sealing ≥ 5 × what one client writes
PROOF = 0.050  # seconds
PROOFS = 300
PIECE = 65_536


def measure(people: Cast, leaves: int) -> bool:
    """Prints the figures and whether their bars hold."""
    return _rate(people) & _proofs(leaves)


def _rate(people: Cast) -> bool:
    steps = _steps(people)
    numbers = [submitted(people, 5_000 + n).number for n in range(CASES + 2)]
    for number in numbers[:2]:
        for step in steps:
            step(number)
    before, started = Entry.objects.count(), time.perf_counter()
    for number in numbers[2:]:
        for step in steps:
            step(number)
    written = (Entry.objects.count() - before) / (time.perf_counter() - started)
    seal_and_publish(at=AT)
    write("bench", BACKLOG)
    started = time.perf_counter()
    sealed = seal_and_publish(at=AT + timedelta(minutes=1))
    rate = sealed / (time.perf_counter() - started)
    print(f"one client writes {written:,.0f} entries/s; sealed, hashed, in tiles and signed: {rate:,.0f} entries/s")
    print(
        f"  ratio {rate / written:.1f} (bar: at least {TIMES}) on {connection.vendor}: {_said(rate >= TIMES * written)}"
    )
    started, report = time.perf_counter(), Report()
    for _ in check(report):
        pass
    assert not report.findings
    print(f"  the full check: {report.entries / (time.perf_counter() - started):,.0f} entries/s")
    return rate >= TIMES * written


def _proofs(leaves: int) -> bool:
    """Ten million invented leaves straight into tiles; each proof is made from the files and checked."""
    settings.SEAL_DIR = Path(settings.DATA_DIR) / "seal-bench"
    started = time.perf_counter()
    for begin in range(0, leaves, PIECE):
        end = min(begin + PIECE, leaves)
        for tile, piece in grown(begin, end, b"".join(map(_leaf, range(begin, end))), tree.read_tile):
            path = tree.folder() / tile.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(piece)
    node = tree.nodes(leaves)
    root = root_of(leaves, node)
    print(f"{leaves:,} leaves put into tiles in {time.perf_counter() - started:.0f} s")
    chosen = random.Random(1)  # the same places every time
    inclusion = []
    for index in [0, leaves - 1, *(chosen.randrange(leaves) for _ in range(PROOFS))]:
        started = time.perf_counter()
        proof = inclusion_proof(index, leaves, node)
        inclusion.append(time.perf_counter() - started)
        assert root_by_inclusion(_leaf(index), index, leaves, proof) == root
    consistency = []
    for old in (1, leaves // 3, leaves - PIECE if leaves > PIECE else 1, leaves // 65_536 * 65_536 or 1):
        started = time.perf_counter()
        proof = consistency_proof(old, leaves, node)
        consistency.append(time.perf_counter() - started)
        assert is_consistent(old, root_of(old, node), leaves, root, proof)
    held = max(inclusion) <= PROOF
    print(
        f"one inclusion proof: median {statistics.median(inclusion) * 1000:.1f} ms, slowest of {len(inclusion)}"
        f" {max(inclusion) * 1000:.1f} ms (bar: {PROOF * 1000:.0f} ms): {_said(held)};"
        f" one consistency proof: slowest {max(consistency) * 1000:.1f} ms"
    )
    return held


def _leaf(number: int) -> bytes:
    return leaf_hash(hashlib.sha256(number.to_bytes(8, "big")).digest())


def _said(held: bool) -> str:
    return "held" if held else "NOT HELD"
