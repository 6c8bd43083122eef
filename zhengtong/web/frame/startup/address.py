"""Where the server listens, and whether it answers there."""

import errno
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable

TRIES = 100


class NoFreePort(Exception):
    pass


def free_port(host: str, wanted: int) -> int:
    """`wanted`, or the next one nobody listens on."""
    for port in range(wanted, min(wanted + TRIES, 65_536)):
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            # As the server will do: a port in TIME_WAIT is free, one that is listened on is not.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                    raise
            else:
                return port
    raise NoFreePort(wanted)


def shown(host: str, port: int) -> str:
    """The address to print: nobody can open http://0.0.0.0."""
    name = {"0.0.0.0": "localhost", "::": "localhost"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104  (printed, not bound)
    return f"http://{name}:{port}"


def answers(address: str, *, within: float, give_up: Callable[[], bool]) -> bool:
    """Whether the server at `address` says it is ready within so many seconds."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline and not give_up():
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=5) as response:  # noqa: S310  (our own http address)
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    return False
