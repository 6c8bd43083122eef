"""An evidence pack holds for a stranger with nothing but Python, and breaks at every change."""

import copy
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from tests.flows.acts import OIL, bring, holder
from tests.people import AT, PREPAID, Cast, cast
from tests.seal.logs import log, write
from zhengtong.base.seal import keys, publication, tree
from zhengtong.base.seal.actions import seal_and_publish
from zhengtong.base.seal.models import Checkpoint
from zhengtong.base.seal.pack import evidence
from zhengtong.domains.cases.models import Case
from zhengtong.exchange import verify_evidence
from zhengtong.exchange.evidence_pack import PUBLIC, evidence_zip
from zhengtong.flows import talk
from zhengtong.rules.merkle_note import Signature, key_id, parse_note, signed, verifier_key
from zhengtong.rules.merkle_tiles import grown
from zhengtong.rules.procedure import State
from zhengtong.rules.refusal import Refusal

pytestmark = pytest.mark.django_db

# RFC 8032, section 7.1: secret keys left out, these are public key, message, signature.
ED25519 = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("public", "message", "signature"), ED25519)
def test_pure_ed25519_against_the_rfc(public: str, message: str, signature: str):
    key, text, signed = bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature)
    assert verify_evidence.pure_verify(key, text, signed)
    assert not verify_evidence.pure_verify(key, text + b"!", signed)
    assert not verify_evidence.pure_verify(key, text, signed[:-1] + bytes([signed[-1] ^ 1]))
    assert not verify_evidence.pure_verify(key[:-1] + bytes([key[-1] ^ 1]), text, signed)
    order = (2**252 + 27742317777372353535851937790883648493).to_bytes(32, "little")
    grown = (int.from_bytes(signed[32:], "little") + int.from_bytes(order, "little")).to_bytes(32, "little")
    assert not verify_evidence.pure_verify(key, text, signed[:32] + grown)  # the same signature in another spelling


@pytest.fixture
def people() -> Cast:
    return cast(PREPAID, OIL)


@pytest.fixture
def case(people: Cast) -> Case:
    case = bring(people, State.PROCESSING, 1)
    talk.note(case.number, text="内部意见", by=holder(people, case), at=AT)
    talk.urge(case.number, by=people.applicant, at=AT)
    write("other", 300)
    seal_and_publish(at=AT)
    return case


@pytest.fixture
def acts(db: None) -> str:
    """Five acts of a subject in a log of three hundred: all a pack needs, without a town around it."""
    write("before", 7)
    write("k", 5)
    write("other", 300)
    seal_and_publish(at=AT)
    return "k"


def pack_of(case: Case) -> dict:
    return json.loads(json.dumps(evidence("case", case.number, shown=PUBLIC)))


def whole_pack(key: str) -> dict:
    return json.loads(json.dumps(evidence("case", key, shown=None)))


def holds(pack: dict, **options) -> bool:
    return verify_evidence.verify_pack(pack, **options)


@pytest.mark.parametrize("pure", [False, True])
def test_a_pack_holds(case: Case, pure: bool, capsys: pytest.CaptureFixture[str]):
    assert holds(pack_of(case), pure=pure)
    told = capsys.readouterr().out
    assert "全部成立" in told
    assert "Everything holds" in told
    assert ("pure Python" if pure else "cryptography") in told


def test_inner_acts_are_links_without_content(case: Case):
    pack = pack_of(case)
    hidden = [entry for entry in pack["entries"] if "body" not in entry]
    assert hidden
    assert all(json.loads(entry["body"])["kind"] in PUBLIC for entry in pack["entries"] if "body" in entry)
    assert all("body" in entry for entry in evidence("case", case.number, shown=None)["entries"])


def edit_fact(pack: dict) -> None:
    entry = pack["entries"][0]
    body = json.loads(entry["body"])
    body["facts"] = body["facts"].replace("1", "2", 1)
    entry["body"] = verify_evidence.canonical(body)


def edit_fact_and_hash(pack: dict) -> None:
    edit_fact(pack)
    entry = pack["entries"][0]
    entry["hash"] = verify_evidence.hashlib.sha256(entry["body"].encode()).hexdigest()


def forget_entry(pack: dict) -> None:
    del pack["entries"][1]


def forget_entry_and_renumber(pack: dict) -> None:
    del pack["entries"][1]
    for number, entry in enumerate(pack["entries"], start=1):
        entry["seq"] = number


def swap(pack: dict) -> None:
    pack["entries"][0], pack["entries"][1] = pack["entries"][1], pack["entries"][0]


def swap_places(pack: dict) -> None:
    one, other = pack["entries"][0], pack["entries"][1]
    one["position"], other["position"] = other["position"], one["position"]


def invent(pack: dict) -> None:
    pack["entries"][0]["proof"] = pack["entries"][1]["proof"]


def claim_unsealed(pack: dict) -> None:
    pack["entries"][0]["position"] = None


def forge(pack: dict) -> None:
    text, gap, rest = pack["checkpoint"].partition("\n\n")
    lines = text.split("\n")
    lines[1] = str(int(lines[1]) + 1)
    pack["checkpoint"] = "\n".join(lines) + gap + rest


def other_key(pack: dict) -> None:
    public = bytes(range(32))
    name = pack["keys"][0]["key"].split("+")[0]
    raw = b"\x01" + public
    identity = verify_evidence.hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4].hex()
    pack["keys"] = [{"key": f"{name}+{identity}+{verify_evidence.base64.b64encode(raw).decode()}"}]


ATTACKS = [
    edit_fact, edit_fact_and_hash, forget_entry, forget_entry_and_renumber, swap, swap_places, invent, claim_unsealed,
    forge, other_key,
]  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_changed_pack_does_not_hold(acts: str, attack: Callable[[dict], None], capsys: pytest.CaptureFixture[str]):
    pack = whole_pack(acts)
    sound = copy.deepcopy(pack)
    attack(pack)
    assert holds(sound)
    capsys.readouterr()
    assert not holds(pack)
    assert "✗" in capsys.readouterr().out


def test_another_key_than_the_announced_one(acts: str):
    pack = whole_pack(acts)
    announced = keys.verifier(keys.key_in_force())
    assert holds(pack, trusted=announced)
    other_key(pack)
    assert not holds(whole_pack(acts), trusted=pack["keys"][0]["key"])


def test_todays_log_still_contains_what_was_signed_then(acts: str, tmp_path: Path):
    pack = whole_pack(acts)
    log(700)
    kept = tmp_path / "kept"
    kept.write_text(tree.published())
    log(1000)
    folder = str(settings.SEAL_DIR)
    assert holds(pack, log=folder, others=[str(kept)])
    kept.write_text(kept.read_text().replace("\n700\n", "\n701\n"))
    assert not holds(pack, log=folder, others=[str(kept)])


def test_a_forked_log_does_not(acts: str, capsys: pytest.CaptureFixture[str]):
    pack = whole_pack(acts)
    log(600)
    leaves = [bytes(32)] * 600  # other leaves, and tiles that fit them
    for tile, piece in grown(0, 600, b"".join(leaves), lambda tile: b""):
        (Path(settings.SEAL_DIR) / tile.path).write_bytes(piece)
    assert not holds(pack, log=str(settings.SEAL_DIR))
    assert "forked" in capsys.readouterr().out


def test_the_newest_acts_wait_for_the_next_checkpoint(people: Cast, case: Case, capsys: pytest.CaptureFixture[str]):
    talk.say(case.number, text="请尽快。", by=people.applicant, at=AT)
    assert holds(pack_of(case))
    assert "not under a checkpoint yet" in capsys.readouterr().out
    seal_and_publish(at=AT)
    assert holds(pack_of(case))
    assert "not under a checkpoint yet" not in capsys.readouterr().out


def test_before_the_first_checkpoint_there_is_no_pack(people: Cast):
    case = bring(people, State.SUBMITTED, 2)
    with pytest.raises(Refusal):
        evidence("case", case.number, shown=PUBLIC)


def test_a_pack_holds_across_a_rotation(acts: str):
    before = whole_pack(acts)
    old_key = before["keys"][0]["key"]
    publication.rotate(at=AT)
    log(500)
    publication.rotate(at=AT)
    log(600)
    folder = str(settings.SEAL_DIR)
    assert Checkpoint.objects.latest("pk").size == 600
    assert holds(whole_pack(acts))
    # Who has only ever trusted the first key follows the handovers, in a new pack and from an old one to today's log.
    assert holds(whole_pack(acts), trusted=old_key, log=folder)
    assert holds(before, trusted=old_key, log=folder)
    assert verify_evidence.verify_checkpoint(before["checkpoint"], trusted=old_key, log=folder)


def test_a_key_that_only_signed_beside_the_old_one_is_not_followed(acts: str):
    """Anyone can put a signature of his own under a note that the house signed."""
    pack = whole_pack(acts)
    rogue = Ed25519PrivateKey.generate()
    name, public = pack["keys"][0]["key"].split("+")[0], rogue.public_key().public_bytes_raw()
    text = parse_note(pack["checkpoint"]).text
    beside = signed(
        text,
        [*parse_note(pack["checkpoint"]).signatures, Signature(name, key_id(name, public), rogue.sign(text.encode()))],
    )
    forged = text.replace("\n312\n", "\n313\n")
    pack["keys"].append({"key": verifier_key(name, public), "handover": beside})
    pack["checkpoint"] = signed(forged, [Signature(name, key_id(name, public), rogue.sign(forged.encode()))])
    assert forged != text
    verify, _ = verify_evidence.verifier(pure=False)
    first = verify_evidence.Key(pack["keys"][0]["key"])
    assert verify_evidence.follow([first], [(pack["keys"][1]["key"], beside)], verify) == [first]
    assert not holds(pack, trusted=pack["keys"][0]["key"])


def test_a_kept_checkpoint_is_checked_without_a_pack(acts: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    kept = tmp_path / "kept"
    kept.write_text(tree.published())
    key, folder = keys.verifier(keys.key_in_force()), str(settings.SEAL_DIR)
    log(700)
    assert verify_evidence.main([str(kept), "--key", key, "--log", folder]) == 0
    kept.write_text(kept.read_text().replace("\n312\n", "\n311\n"))
    assert verify_evidence.main([str(kept), "--key", key, "--log", folder]) == 1
    with pytest.raises(SystemExit):
        verify_evidence.main([str(kept)])


@pytest.fixture
def unpacked(case: Case, tmp_path: Path) -> Path:
    content = evidence_zip(case.number, whole=False)
    assert content == evidence_zip(case.number, whole=False)
    (tmp_path / "pack.zip").write_bytes(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(tmp_path)
    return tmp_path / f"evidence-{case.number}"


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """As a stranger would: Python alone, without our packages, without the network."""
    command = [sys.executable, "-I", "-S", str(folder / "verify_evidence.py"), *words]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


def test_a_stranger_runs_it(unpacked: Path):
    assert sorted(path.name for path in unpacked.iterdir()) == [
        "README.md",
        "checkpoint",
        "evidence.json",
        "verify_evidence.py",
    ]
    done = run(unpacked)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "RFC 8032, pure Python" in done.stdout
    assert run(unpacked, str(unpacked.parent / "pack.zip")).returncode == 0
    assert run(unpacked, "--log", str(settings.SEAL_DIR)).returncode == 0


def test_a_stranger_finds_a_change(unpacked: Path):
    path = unpacked / "evidence.json"
    path.write_text(path.read_text().replace("case.submitted", "case.withdrawn"))
    done = run(unpacked)
    assert done.returncode == 1
    assert "第 1 条被改动" in done.stdout
    assert "Entry 1 was altered" in done.stdout


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"format":"zhengtong-evidence/1"}', "PK"])
def test_what_is_no_pack(unpacked: Path, content: str):
    (unpacked / "evidence.json").write_text(content)
    done = run(unpacked)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_the_readme_names_the_case_and_the_log(unpacked: Path, case: Case):
    words = (unpacked / "README.md").read_text()
    assert case.number in words
    assert f"{settings.PUBLIC_URL}/log" in words
    assert "{" not in words
