"""Child processes that live and end together with the process that started them."""

import ctypes
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import FrameType

PATIENCE = 20  # seconds between asking a child to end and ending it
LOOK_EVERY = 0.3
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Died:
    name: str
    code: int


@dataclass
class Children:
    """Ctrl-C and SIGTERM stop them all; so does the death of any one of them."""

    _running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    _stop: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Children":
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop_all()

    @property
    def stopping(self) -> bool:
        return self._stop.is_set()

    def start(self, name: str, command: Sequence[str]) -> None:
        # A session of its own: Ctrl-C reaches only the parent, which then ends its children in order.
        self._running[name] = subprocess.Popen(
            command,
            start_new_session=True,
            preexec_fn=_end_with_parent(),  # noqa: PLW1509  (started before any thread is)
        )

    def died(self) -> Died | None:
        for name, process in self._running.items():
            code = process.poll()
            if code is not None:
                return Died(name, code)
        return None

    def watch(self) -> Died | None:
        """Returns when asked to stop (None) or when one has died."""
        while not self._stop.wait(LOOK_EVERY):
            if died := self.died():
                return died
        return None

    def stop_all(self) -> None:
        for process in self._running.values():
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + PATIENCE
        for process in self._running.values():
            try:
                process.wait(timeout=max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            _sweep(process.pid)
        self._running.clear()

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._stop.set()


def _sweep(group: int) -> None:
    """Ends what a killed child may have left behind: a server's workers share its process group."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


def _end_with_parent() -> Callable[[], None]:
    """Should the parent be killed outright, the kernel asks the child to end (Linux; elsewhere nothing happens)."""
    libc = ctypes.CDLL(None)

    def ask_kernel() -> None:
        if hasattr(libc, "prctl"):
            libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

    return ask_kernel
