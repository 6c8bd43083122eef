"""The post of the worker: words, ways, delivery and receipts, in threads of its own.

A provider that hangs holds up neither the clock of the cases nor another channel.
"""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog
from django.db import DatabaseError, close_old_connections, connection

from zhengtong.base.outbox import channels
from zhengtong.base.outbox.delivery import deliver_due
from zhengtong.exchange import mail, sms
from zhengtong.flows.message_prepared import prepare, send_digests

log = structlog.get_logger(__name__)

IDLE = 0.5  # seconds without work before looking again: a tenth of a tenth of what is promised


def post(*, at: datetime) -> int:
    """One turn of everything, for a worker without threads."""
    return prepare(at=at) + send_digests(at=at) + deliver_due(at=at)


def threads(stopping: threading.Event, clock: Callable[[], datetime]) -> list[threading.Thread]:
    """One for the house, one for each channel that has a provider now."""
    own = [name for name in channels.outer() if channels.providers(name)]
    duties: list[tuple[str, Callable[..., int]]] = [("house", _house(own)), *((name, _channel(name)) for name in own)]
    return [
        threading.Thread(target=_run, args=(name, duty, stopping, clock), name=f"post-{name}") for name, duty in duties
    ]


def _house(own: Sequence[str]) -> Callable[..., int]:
    """Words, and every channel without a thread of its own: what was prepared, the others see a moment later."""

    def deliver(*, at: datetime) -> int:
        done = prepare(at=at) + send_digests(at=at)
        rest = [name for name in channels.outer() if name not in own]
        return done + sum(deliver_due(at=at, only=name) for name in ("in_app", *rest))

    return deliver


def _channel(name: str) -> Callable[..., int]:
    def deliver(*, at: datetime) -> int:
        return deliver_due(at=at, only=name)

    return deliver


def _run(name: str, duty: Callable[..., int], stopping: threading.Event, clock: Callable[[], datetime]) -> None:
    try:
        while not stopping.is_set():
            try:
                done = duty(at=clock())
            except DatabaseError:
                log.exception("post.database_away", post=name)
                close_old_connections()
                done = 0
            except Exception:  # one strange message must not end the post of a whole house
                log.exception("post.fault", post=name)
                done = 0
                stopping.wait(IDLE * 10)
            if done:
                log.info("outbox.delivered", post=name, count=done)
            else:
                stopping.wait(IDLE)
    finally:
        connection.close()


def started(stopping: threading.Event, clock: Callable[[], datetime]) -> Sequence[threading.Thread]:
    for variable, unusable in (("SMS_PROVIDERS", sms.unusable()), ("MAIL_PROVIDERS", mail.unusable())):
        for one in unusable:
            log.error("post.address_unusable", variable=f"ZHENGTONG_{variable}", place=one.place, doubled=one.doubled)
    running = threads(stopping, clock)
    for thread in running:
        thread.start()
    return running
