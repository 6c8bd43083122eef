"""The cards of an imported log equal a count made of the raw file by other code; they wait for a person and tell nobody."""

import csv
import gzip
from datetime import datetime

import pytest

from tests.exchange.test_import_log import NOW, RECEIPT, moment, organ  # noqa: F401  (a fixture)
from zhengtong.base import calendar
from zhengtong.base.outbox.models import Message
from zhengtong.base.seal.actions import seal
from zhengtong.domains.cases.models import Case
from zhengtong.domains.supervision.actions import seed
from zhengtong.domains.supervision.models import Card
from zhengtong.exchange.log_import import import_log
from zhengtong.exchange.log_map import read_map
from zhengtong.flows.supervise import review, supervise


def late_by_the_file() -> set[str]:
    """Cases that ended after their own deadline, and those never ended whose deadline has passed."""
    with gzip.open(RECEIPT, "rt", encoding="utf-8", newline="") as file:
        cases = {line["case"]: line for line in csv.DictReader(file)}
    return {
        key
        for key, line in cases.items()
        if line["deadline"] and (moment(line["end"]) if line["end"] else NOW) > moment(line["deadline"])
    }


def supervised(at: datetime) -> None:
    while seal(at=at):
        pass
    while review(at=at, limit=2_000):
        pass
    while supervise(at=at, limit=1_000):
        pass


@pytest.mark.slow
def test_cards_of_the_permit_log_equal_an_independent_count(organ) -> None:  # noqa: F811
    calendar.seed(at=NOW)
    seed(at=NOW)
    import_log(RECEIPT, read_map("receipt"), at=NOW)
    supervised(NOW)
    external = dict(Case.objects.values_list("number", "external_no"))
    cards = list(Card.objects.all())
    assert {(card.rule_code, card.level, card.state) for card in cards} == {("T-02", "yellow", "DRAFT")}
    late = late_by_the_file()
    assert len(cards) == len(late) == 482
    assert {external[card.subject_key] for card in cards} == late
    assert not Message.objects.filter(subject_kind="card").exists()

    import_log(RECEIPT, read_map("receipt"), at=NOW)
    supervised(NOW)
    assert Card.objects.count() == len(late)
