"""The log as others' code reads it: golang.org/x/mod/sumdb, which serves Go's own checksum database.

`make system` brings Go and the library from Debian.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from tests.seal.logs import log
from zhengtong.base.seal import keys
from zhengtong.base.seal.models import Checkpoint

pytestmark = pytest.mark.django_db
HERE = Path(__file__).parent / "independent"
LIBRARY = Path("/usr/share/gocode/src/golang.org/x/mod/sumdb/tlog")


@pytest.fixture(scope="module")
def verifier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    go = shutil.which("go")
    if go is None or not LIBRARY.exists():
        pytest.skip("Go and golang-golang-x-mod-dev are not on this machine")
    folder = tmp_path_factory.mktemp("go")
    environment = os.environ | {
        "GOPATH": f"{folder}/path:/usr/share/gocode", "GO111MODULE": "off", "GOCACHE": f"{folder}/cache", "GOFLAGS": "",
    }  # fmt: skip
    subprocess.run([go, "build", "-o", folder / "verify", HERE / "verify.go"], check=True, env=environment, cwd=folder)
    return folder / "verify"


def verify(verifier: Path, folder: Path, *older: Path) -> subprocess.CompletedProcess[str]:
    key = keys.verifier(keys.key_in_force())
    return subprocess.run([verifier, folder, key, *older], capture_output=True, text=True, check=False)


def kept(tmp_path: Path) -> list[Path]:
    paths = []
    for row in Checkpoint.objects.order_by("size"):
        path = tmp_path / f"checkpoint-{row.size}"
        path.write_text(row.note)
        paths.append(path)
    return paths


@pytest.mark.parametrize("sizes", [[1], [2, 3, 7], [255, 256, 257], [1, 300, 1000]])
def test_the_log_verifies_with_an_implementation_written_by_others(verifier: Path, tmp_path: Path, sizes: list[int]):
    log(*sizes)
    done = verify(verifier, Path(settings.SEAL_DIR), *kept(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith(f"OK {sizes[-1]} entries included, {len(sizes)} checkpoints consistent")


def test_and_it_says_no_where_we_would(verifier: Path, tmp_path: Path):
    log(3, 300)
    tile = Path(settings.SEAL_DIR) / "tile/0/000"
    tile.write_bytes(bytes(32) + tile.read_bytes()[32:])
    assert "FAILED" in verify(verifier, Path(settings.SEAL_DIR), *kept(tmp_path)).stdout
