"""The pages of cards and rules: who sees what, figures lead to their rows, drafts go out after a look, a trial counts."""

from datetime import date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from tests.flows.acts import OIL
from tests.people import AT, Cast, accepted, cast
from tests.web.portal import signed_in
from zhengtong.base.permission import SYSTEM
from zhengtong.domains.supervision import actions
from zhengtong.domains.supervision.models import Card, Rule, RuleVersion, Trial
from zhengtong.flows import supervise
from zhengtong.rules.clock import SHANGHAI, Level
from zhengtong.rules.supervision.findings import Evidence, Finding

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()


@pytest.fixture
def people() -> Cast:
    return cast(OIL)


def client(people: Cast, name: str, *, english: bool = False):
    return signed_in(people.officers[name].account, english=english)


def raised(people: Cast, key: str = "C1", *, rule: str = "T-02", level: Level = Level.YELLOW, imported: bool = False) -> Card:
    found = Finding(
        rule, level, "case", key, people.organ.pk, people.section.pk, people.officers["李军"].pk,
        (Evidence("case", key, 3, {"limit": "promise"}),), {"key": key, "due": "2026-09-20"}, imported=imported,
    )  # fmt: skip
    card = actions.raise_card(found, by=SYSTEM, at=timezone.now())
    assert card is not None
    return card


@pytest.mark.parametrize("english", [False, True])
def test_the_pages_are_drawn_in_both_languages(people: Cast, english: bool) -> None:
    case = accepted(people, 1, OIL)
    supervise.supervise(at=datetime(2026, 10, 16, tzinfo=SHANGHAI))
    card = Card.objects.get(subject_key=case.number, rule_code="T-02")
    handler = next(name for name, officer in people.officers.items() if officer.pk == card.officer_id)
    watch, desk = client(people, "吴涛", english=english), client(people, handler, english=english)
    for address in (reverse("watch:cards"), reverse("watch:card", args=[card.number]), reverse("watch:rules"),
                    reverse("watch:rule", args=["T-01"]), reverse("watch:rule", args=["T-13"]), reverse("watch:rule", args=["T-10"])):  # fmt: skip
        assert watch.get(address).status_code == 200, address
    for address in (reverse("desk:cards"), reverse("desk:cards") + "?all=1", reverse("desk:card", args=[card.number])):
        answer = desk.get(address)
        assert answer.status_code == 200, address
        assert card.number in answer.content.decode()
