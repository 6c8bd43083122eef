"""A walk through scores and circulars, on a wide desk and on the narrowest phone, in both languages: axe, valid HTML."""

import pytest
from django.core.cache import cache

from tests.browser.conftest import SHOTS, judged
from tests.browser.views import each_view
from tests.flows.scores import LOCKED, PUBLISHED, SEPTEMBER, card, figures, month_of_three, organ
from tests.people import cast
from zhengtong.domains.performance import queries
from zhengtong.domains.performance.models import ScoreMonth
from zhengtong.flows.bulletin_approved import bulletin_approved
from zhengtong.flows.bulletin_drafted import bulletin_drafted
from zhengtong.flows.bulletin_published import bulletin_published
from zhengtong.flows.score_appealed import score_appealed
from zhengtong.flows.score_locked import score_locked
from zhengtong.flows.score_published import score_published
from zhengtong.rules.clock import Level
from zhengtong.rules.scoring_quantities import Subject

pytestmark = pytest.mark.django_db(transaction=True)
SUPERVISOR, MANAGER, HANDLER = "吴涛", "蒋华", "李军"
MINE, AUGUST = "officer-handler-2026-09", SEPTEMBER.moved(-1)
WALK = [
    (SUPERVISOR, "/watch/scores/?month=2026-09", "scores"),
    (SUPERVISOR, "/watch/scores/?month=2026-09&of=officer", "scores-staff"),
    (SUPERVISOR, "/watch/scores/?month=2026-01", "scores-empty"),
    (SUPERVISOR, "/watch/scores/ORGAN/", "score"),
    (HANDLER, "/watch/scores/mine/", "my-score"),
    (HANDLER, f"/watch/scores/{MINE}/", "score-own"),
    (SUPERVISOR, "/watch/scores/tables/", "score-tables"),
    (SUPERVISOR, "/watch/scores/tables/department/1/", "score-table"),
    (SUPERVISOR, "/watch/scores/tables/department/edit/", "score-table-edit"),
    (SUPERVISOR, "/watch/scores/groups/lawful/", "peer-group"),
    (MANAGER, "/watch/scores/disputes/", "score-appeals"),
    (MANAGER, "/watch/scores/disputes/DISPUTE/", "score-appeal"),
    (SUPERVISOR, "/watch/scores/suggestions/", "score-suggestions"),
    (SUPERVISOR, "/watch/bulletins/", "bulletins"),
    (HANDLER, "/watch/bulletins/2026-08-1/", "bulletin"),
    (SUPERVISOR, "/watch/bulletins/2026-09-1/", "bulletin-draft"),
    (MANAGER, "/watch/bulletins/2026-09-1/", "bulletin-approve"),
]


@pytest.fixture
def people():
    cache.clear()
    people = cast()
    supervisor, manager = people.acting(SUPERVISOR), people.acting(MANAGER)
    month_of_three(people)
    for at, finished in ((2, 48), (3, 61)):
        figures(organ(people, at).pk, finished=finished, in_time=finished - at, month=AUGUST)
    figures(people.organ.pk, finished=44, in_time=44, early=20, month=AUGUST, person=people.officers[HANDLER].pk)
    card(people.organ.pk, "C1", officer=people.officers[HANDLER].pk)
    card(people.organ.pk, "C2", rule="P-01", level=Level.RED)
    for subject in Subject:
        for month in (AUGUST, SEPTEMBER):
            score_locked(subject, month, by=supervisor, at=LOCKED)
        score_published(subject, AUGUST, by=manager, at=PUBLISHED)
    ScoreMonth.objects.filter(month=SEPTEMBER.since).update(appeal_until="2099-01-01")
    score_appealed(MINE, "own_time", "有四件因申请人补正而超期，请核对。", by=people.acting(HANDLER), at=LOCKED)
    for month in (AUGUST, SEPTEMBER):
        bulletin_drafted(month, by=supervisor, at=PUBLISHED)
    bulletin_approved("2026-08-1", by=manager, at=PUBLISHED)
    bulletin_published("2026-08-1", by=manager, at=PUBLISHED)
    people.addresses = {
        "ORGAN": f"organ-{people.organ.code}-2026-09", "DISPUTE": str(queries.open_appeals()[0].pk),
    }  # fmt: skip
    return people


@each_view
def test_walk(server, open_page, axe, valid_html, people, width, language):
    pages, sources = {}, {}
    for who, address, name in WALK:
        page = pages.get(who) or pages.setdefault(
            who, open_page(width, language, account=people.officers[who].account)
        )  # fmt: skip
        where = address
        for word, meant in people.addresses.items():
            where = where.replace(word, meant)
        response = page.goto(server.url + where)
        assert response is not None
        assert response.status == 200, address
        sources[name] = response.text()
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{address} is wider than {width}"
        if SHOTS.name:
            with judged(page):
                page.screenshot(path=str(SHOTS / f"{name}-{width}-{language}.png"), full_page=True)
    valid_html(sources)
