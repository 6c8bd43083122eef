"""Cards: raised once, answered, appealed to somebody else, revoked with the points returned."""

from datetime import timedelta

import pytest

from tests.people import AT, Cast, cast, hire
from zhengtong.base import journal
from zhengtong.base.journal.queries import entries_of
from zhengtong.base.law import current_law
from zhengtong.base.outbox.models import Message
from zhengtong.base.permission import SYSTEM
from zhengtong.domains.registry import queries as registry
from zhengtong.domains.registry.models import Organ
from zhengtong.domains.supervision import actions, queries
from zhengtong.domains.supervision.models import Card, RuleVersion
from zhengtong.rules.clock import Level
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Role
from zhengtong.rules.supervision.findings import Evidence, Finding

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    return cast()


def finding(people: Cast, *, rule: str = "T-02", level: Level = Level.YELLOW, key: str = "C1", **more) -> Finding:
    facts = {
        "organ_id": people.organ.pk,
        "section_id": people.section.pk,
        "officer_id": people.officers["李军"].pk,
        "evidence": (Evidence("case", key, 3),),
        "facts": {"due": "2026-09-20"},
    }
    return Finding(rule, level, "case", key, **facts | more)


def raised(people: Cast, **more) -> Card:
    card = actions.raise_card(finding(people, **more), by=SYSTEM, at=AT)
    assert card is not None
    return card


def sound(card: Card) -> None:
    row = Card.objects.get(pk=card.pk)
    assert journal.check_subject(row, list(entries_of("card", row.number))) == []


def test_a_card_is_raised_once_and_never_below_a_higher_one(people: Cast) -> None:
    card = raised(people)
    assert (card.state, card.points, str(card.answer_due_on)) == ("ISSUED", -5, "2026-09-29")  # two working days
    assert actions.raise_card(finding(people), by=SYSTEM, at=AT) is None
    assert actions.raise_card(finding(people, rule="T-01", level=Level.WARN), by=SYSTEM, at=AT) is None
    higher = raised(people, rule="T-03", level=Level.RED)
    assert (higher.points, higher.number[-5:]) == (-10, "00002")
    sound(card)
