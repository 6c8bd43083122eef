"""The demo city's facts: everything is sealed and counted, so that the wall and the statistics stand filled at once."""

from datetime import datetime

from zhengtong.base.seal.actions import seal
from zhengtong.domains.statistics.actions import count_facts


def enact(*, at: datetime) -> None:
    while seal(at=at):
        pass
    while count_facts(at=at):
        pass
