"""The city learns from its own cases how long they take, as the worker does every night."""

from datetime import datetime

from zhengtong.domains.forecast.actions import refit_nightly


def enact(*, at: datetime) -> None:
    refit_nightly(at=at)
