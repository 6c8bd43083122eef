"""The city's knowledge base: written by the catalogue's editor, checked by the letters clerk, judged by readers; some of it
is due for review, one waits for a check and one is still a draft."""

import json
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from zhengtong.base.permission import Acting
from zhengtong.city.accounts import CATALOGUE_EDITOR, LETTER_CLERK
from zhengtong.domains.knowledge import actions, queries
from zhengtong.domains.registry import queries as registry
from zhengtong.exchange import articles
from zhengtong.rules.clock import local_date
from zhengtong.rules.knowledge import ArticleState, Unhelped

DATA = Path(__file__).parent / "data" / "knowledge.json"
OLDEST, NEWEST = 195, 12  # days ago the first and the last were published: a few are due for review
LEFT_DRAFT, LEFT_CHECKING = 1, 1


def enact(*, at: datetime) -> None:
    """Articles are published over half a year; run again it adds nothing."""
    editor, checker = _acting(CATALOGUE_EDITOR, at), _acting(LETTER_CLERK, at)
    if editor is None or checker is None:
        return
    rows = json.loads(DATA.read_text())
    organ_id = registry.officer_for(CATALOGUE_EDITOR).organ_id
    for place, row in enumerate(rows):
        day = at - timedelta(days=OLDEST - (OLDEST - NEWEST) * place // len(rows), hours=place % 6)
        outcome = articles.take_in([row], organ_id=organ_id, by=editor, at=day)
        for key in outcome.keys:
            _publish(key, len(rows) - place, editor, checker, day)
            _read(key, editor, at)


def _publish(key: str, from_end: int, editor: Acting, checker: Acting, day: datetime) -> None:
    if from_end <= LEFT_DRAFT:
        return
    actions.send_to_check(queries.article_for(editor, key), by=editor, at=day)
    if from_end > LEFT_DRAFT + LEFT_CHECKING:
        actions.publish(queries.article_for(checker, key), by=checker, at=day + timedelta(hours=2))


def _read(key: str, editor: Acting, at: datetime) -> None:
    """A few readers say whether it helped, most of them that it did."""
    article = queries.article_for(editor, key)
    if article.state != ArticleState.PUBLISHED.value:
        return
    lot = int(sha256(key.encode()).hexdigest()[:6], 16)
    reasons = list(Unhelped)
    for reader in range(2 + lot % 7):
        visitor = sha256(f"{key}:{reader}".encode()).hexdigest()
        helped = (lot + reader * 7) % 10 > 1
        reason = "" if helped else reasons[(lot + reader) % len(reasons)].value
        actions.judge(article, visitor=visitor, helped=helped, reason=reason, at=at - timedelta(days=reader % 10))


def _acting(staff_no: str, at: datetime) -> Acting | None:
    officer = registry.officer_for(staff_no)
    return registry.officer_acting(officer.account_id, local_date(at)) if officer.account_id else None
