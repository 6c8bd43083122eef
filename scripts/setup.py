"""Makes ready what a command of the Makefile needs: `setup.py base`, `setup.py dev`, `setup.py system`.

Runs under the machine's own Python, before anything is installed: standard library only, and it says what it does.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
FLOOR = (3, 11)


def main() -> None:
    what = sys.argv[1]
    if sys.version_info < FLOOR:
        stop(
            f"政通 needs Python {FLOOR[0]}.{FLOOR[1]} or newer; {sys.executable} is {sys.version.split()[0]}.\n"
            "If a newer one is installed, name it:  make run PYTHON=python3.12"
        )
    os.chdir(ROOT)
    if what == "system":
        system()
    else:
        environment(what)


def environment(name: str) -> None:
    """The virtual environment with the pinned requirements of `name`; dev holds base."""
    wanted = fingerprint(ROOT / "requirements" / f"{name}.txt", ROOT / "pyproject.toml")
    stamps = {known: VENV / f".installed-{known}" for known in ("base", "dev")}
    if read(stamps[name]) == wanted and PYTHON.exists():
        return
    if not PYTHON.exists():
        say("Making the environment in .venv …")
        make_venv()
    say(f"Installing requirements/{name}.txt (pinned, with hashes) …")
    pip = [str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--no-input"]
    run([*pip, "--require-hashes", "-r", f"requirements/{name}.txt"])
    run([*pip, "--no-deps", "--editable", "."])
    stamps[name].write_text(wanted)
    if name == "dev":
        stamps["base"].write_text(fingerprint(ROOT / "requirements" / "base.txt", ROOT / "pyproject.toml"))


def make_venv() -> None:
    """Debian ships Python without ensurepip; pip then comes from wherever this machine has one."""
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, check=False)
    if made.returncode == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    for other in ([sys.executable, "-m", "virtualenv"], ["virtualenv"]):
        if answers([*other, "--version"]):
            run([*other, "--quiet", "--python", sys.executable, str(VENV)])
            return
    if answers([sys.executable, "-m", "pip", "--version"]):
        run([sys.executable, "-m", "venv", "--without-pip", str(VENV)])
        run([sys.executable, "-m", "pip", "--python", str(PYTHON), "install", "--quiet", "pip"])
        return
    version = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if root_words() is not None:
        apt_get([version])
        run([sys.executable, "-m", "venv", str(VENV)])
        return
    stop(f"This Python cannot make virtual environments. Ask for the package:  sudo apt-get install {version}")


def system() -> None:
    """What the tests need beyond Python. Nothing is installed that is already there."""
    missing = []
    if not (shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")):
        missing.append("chromium")
    if not any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) and not shutil.which("initdb"):
        missing += ["postgresql", "postgresql-contrib"]
    if not chinese_fonts():
        missing.append("fonts-noto-cjk")
    if not answers(["java", "-version"]):
        missing.append("default-jre-headless")
    # The sealed log is read by Go's own code for such logs: a check of ours by ours would repeat our mistakes.
    if not shutil.which("go") or not Path("/usr/share/gocode/src/golang.org/x/mod/sumdb").is_dir():
        missing += ["golang-go", "golang-golang-x-mod-dev"]
    if missing:
        apt_get(missing)


def chinese_fonts() -> bool:
    if not shutil.which("fc-list"):
        return False
    listed = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip())


def apt_get(packages: list[str]) -> None:
    as_root = root_words()
    command = "apt-get install --yes --no-install-recommends " + " ".join(packages)
    if as_root is None or not shutil.which("apt-get"):
        stop(f"These are missing and only root can install them. Please run:\n  sudo {command}")
    say(f"Installing {', '.join(packages)} …")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run([*as_root, "apt-get", "update", "-qq"], env=quiet)
    run([*as_root, *command.split(), "-qq"], env=quiet)


def root_words() -> "list[str] | None":
    """What to put before a command to run it as root; None when this person cannot."""
    if os.geteuid() == 0:
        return []
    if answers(["sudo", "-n", "true"]):
        return ["sudo", "-n"]
    return None


def answers(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def run(command: list[str], env: "dict[str, str] | None" = None) -> None:
    if subprocess.run(command, env=env, check=False).returncode != 0:
        stop("This did not succeed, its own words are above:\n  " + " ".join(command))


def fingerprint(*files: Path) -> str:
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()


def read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def say(sentence: str) -> None:
    print(sentence, flush=True)


def stop(sentence: str) -> None:
    sys.exit(f"\n{sentence}\n")


if __name__ == "__main__":
    main()
