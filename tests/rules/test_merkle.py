"""Merkle trees against published values, and against themselves at every size and place."""

import base64
from functools import partial
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.rules.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    full_root,
    inclusion_proof,
    is_consistent,
    leaf_hash,
    node_hash,
    root_by_inclusion,
    root_of,
)
from zhengtong.rules.merkle_note import (
    Head,
    Signature,
    checkpoint_text,
    key_id,
    parse_checkpoint,
    parse_note,
    signed,
)
from zhengtong.rules.merkle_tiles import HEIGHT, Tile, bundle, grown, node_in_tiles, tile_at

# The eight leaves and their roots that the reference implementation of Certificate Transparency (RFC 6962) publishes
# with its tests; the same table is used by Trillian and by transparency-dev/merkle (testonly/constants.go).
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
# The same source: (leaf from one, size) → path, and (old, new) → proof.
PATHS = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (3, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (2, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
PROOFS = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


def nodes(leaves: list[bytes]):
    hashes = [leaf_hash(leaf) for leaf in leaves]
    return lambda level, index: full_root(hashes[index << level : (index + 1) << level])


@pytest.mark.parametrize(("size", "root"), ROOTS.items())
def test_published_roots(size: int, root: str):
    edge = Frontier()
    for leaf in LEAVES[:size]:
        edge.append(leaf_hash(leaf))
    assert edge.root().hex() == root
    assert root_of(size, nodes(LEAVES)).hex() == root


@pytest.mark.parametrize(("place", "path"), PATHS.items())
def test_published_inclusion_paths(place: tuple[int, int], path: list[str]):
    number, size = place
    found = inclusion_proof(number - 1, size, nodes(LEAVES))
    assert [piece.hex() for piece in found] == path
    assert root_by_inclusion(leaf_hash(LEAVES[number - 1]), number - 1, size, found).hex() == ROOTS[size]


@pytest.mark.parametrize(("sizes", "proof"), PROOFS.items())
def test_published_consistency_proofs(sizes: tuple[int, int], proof: list[str]):
    old, new = sizes
    found = consistency_proof(old, new, nodes(LEAVES))
    assert [piece.hex() for piece in found] == proof
    assert is_consistent(old, bytes.fromhex(ROOTS[old]), new, bytes.fromhex(ROOTS[new]), found)


def test_the_seven_leaves_of_the_rfc():
    """§2.1.3 names the parts of a tree of seven; the letters are its own."""
    a, b, c, d, e, f, j = (leaf_hash(bytes([n])) for n in range(7))
    g, h, i = node_hash(a, b), node_hash(c, d), node_hash(e, f)
    k, ell = node_hash(g, h), node_hash(i, j)
    node = nodes([bytes([n]) for n in range(7)])
    assert root_of(7, node) == node_hash(k, ell)
    assert inclusion_proof(0, 7, node) == [b, h, ell]
    assert inclusion_proof(3, 7, node) == [c, g, ell]
    assert inclusion_proof(4, 7, node) == [f, j, k]
    assert inclusion_proof(6, 7, node) == [i, k]
    assert consistency_proof(3, 7, node) == [c, d, g, ell]
    assert consistency_proof(4, 7, node) == [ell]
    assert consistency_proof(6, 7, node) == [i, j, k]


SIZES = st.integers(1, 600)


@given(SIZES, st.data())
def test_every_proof_holds_and_no_other_does(size: int, data: st.DataObject):
    leaves = [n.to_bytes(4, "big") for n in range(size)]
    node, index = nodes(leaves), data.draw(st.integers(0, size - 1))
    root, leaf = root_of(size, node), leaf_hash(leaves[index])
    proof = inclusion_proof(index, size, node)
    assert root_by_inclusion(leaf, index, size, proof) == root
    assert root_by_inclusion(leaf_hash(b"another"), index, size, proof) != root
    assert root_by_inclusion(leaf, index, size, [*proof, root]) is None
    for place in range(len(proof)):
        wrong = [*proof]
        wrong[place] = sha256(wrong[place]).digest()
        assert root_by_inclusion(leaf, index, size, wrong) != root
        assert root_by_inclusion(leaf, index, size, proof[:place]) is None


@given(SIZES, st.data())
def test_consistency_holds_between_any_two_sizes_and_not_with_a_fork(new: int, data: st.DataObject):
    old = data.draw(st.integers(0, new))
    leaves = [n.to_bytes(4, "big") for n in range(new)]
    node = nodes(leaves)
    proof = consistency_proof(old, new, node)
    assert is_consistent(old, root_of(old, node), new, root_of(new, node), proof)
    if old:
        other = [b"forked", *leaves[1:]]
        assert not is_consistent(old, root_of(old, nodes(other)), new, root_of(new, node), proof)
        assert not is_consistent(old, root_of(old, node), new, root_of(new, nodes(other)), proof)
        assert not is_consistent(old, root_of(old, node), new, root_of(new, node), [*proof, EMPTY_ROOT])


def test_tile_paths():
    assert Tile(0, 1234067).path == "tile/0/x001/x234/067"  # the example of C2SP tlog-tiles
    assert Tile(2, 0, 1).path == "tile/2/000.p/1"
    assert Tile(0, 273, 112).bundle_path == "tile/entries/273.p/112"
    # "A tree of size 70,000 …"
    assert [tile_at(0, 272, 70_000).width, tile_at(0, 273, 70_000).width] == [256, 112]
    assert [tile_at(1, 0, 70_000).width, tile_at(1, 1, 70_000).width, tile_at(2, 0, 70_000).width] == [256, 17, 1]
    with pytest.raises(ValueError, match="no tile"):
        tile_at(3, 0, 70_000)


@pytest.mark.parametrize("steps", [[1, 255, 256, 257, 600], [70_000], [300, 65_535, 65_536, 65_537, 70_000]])
def test_tiles_grow_without_touching_what_stood(steps: list[int]):
    tiles: dict[Tile, bytes] = {}
    leaves = [leaf_hash(n.to_bytes(4, "big")) for n in range(steps[-1])]
    size, edge = 0, Frontier()
    for step in steps:
        for tile, piece in grown(size, step, b"".join(leaves[size:step]), tiles.__getitem__):
            assert tile not in tiles
            tiles[tile] = piece
        for leaf in leaves[size:step]:
            edge.append(leaf)
        size = step
        assert root_of(step, partial(node_in_tiles, size=step, read=tiles.__getitem__)) == edge.root()
    full = [tile for tile in tiles if tile.level == 0 and tile.width == 1 << HEIGHT]
    assert len(full) == size // 256


def test_a_bundle_gives_each_entry_its_length():
    assert bundle([b"\x01" * 32, b"\x02"]) == b"\x00\x20" + b"\x01" * 32 + b"\x00\x01\x02"


def test_the_note_of_the_specification():
    """The example of C2SP signed-note."""
    line = "— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc="
    text = "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n"
    note = parse_note(f"{text}\n{line}\n")
    assert note.text == text
    assert [(s.name, s.key_id, len(s.signature)) for s in note.signatures] == [
        ("quasimodo.example/salvatore", "367ba04b", 64)
    ]
    assert signed(note.text, note.signatures) == f"{text}\n{line}\n"


def test_the_key_of_the_go_checksum_database():
    """sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8, as the Go command carries it."""
    raw = base64.b64decode("Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8")
    assert key_id("sum.golang.org", raw[1:]) == "033de0ae"


def test_a_checkpoint_reads_as_it_was_written():
    head = Head("zwfw.example.cn/log", 70_000, bytes(range(32)))
    assert parse_checkpoint(checkpoint_text(head)) == head


@pytest.mark.parametrize(
    "text", ["", "a\n", "a\n01\n" + "A" * 43 + "=\n", "a\n1\nAA==\n", "a\n-1\n" + "A" * 43 + "=\n", "a\n٣\nAA==\n"]
)
def test_what_is_no_checkpoint(text: str):
    with pytest.raises(ValueError, match="not"):
        parse_checkpoint(text)


@pytest.mark.parametrize(
    "note", ["", "text\n", "text\n\n", "text\n\n- a AAAAAAAA\n", "t\n\n— a AAAA\n", "t\n\n— a b c\n"]
)
def test_what_is_no_note(note: str):
    with pytest.raises(ValueError, match="not"):
        parse_note(note)


def test_two_signatures_of_one_text():
    first, second = Signature("a", "00000001", b"x" * 64), Signature("a", "00000002", b"y" * 64)
    assert parse_note(signed("t\n", [first, second])).signatures == (first, second)
