"""What the city's acts are sealed with: its own key, one checkpoint over all that has happened so far."""

from datetime import datetime

from zhengtong.base.seal.actions import seal_and_publish


def enact(*, at: datetime) -> None:
    seal_and_publish(at=at)
