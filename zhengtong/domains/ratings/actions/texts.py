"""公开: the words of a rating, masked and looked through by a person before anybody reads them; the original stays."""

from datetime import datetime

from django.db import transaction

from zhengtong.base import journal
from zhengtong.base.journal import Event
from zhengtong.base.permission import Acting
from zhengtong.domains.ratings.models import Rating
from zhengtong.domains.ratings.queries import participants, text_to_judge
from zhengtong.rules.kinds import Kind
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.rules.text import require_text

MODERATES = Ability.KEEP_HALL


@transaction.atomic
def publish_text(number: str, *, text: str, by: Acting, at: datetime) -> Rating:
    """These words, as masked, may be read by everybody; who took part does not judge what was said of it."""
    rating = _judged(number, by, at)
    _commit(rating, Kind.RATING_TEXT_PUBLISHED, Rating.PUBLISHED, require_text(text, 600, "text"), by, at)
    return rating


@transaction.atomic
def withhold_text(number: str, *, by: Acting, at: datetime) -> Rating:
    """Not published (法律法规另有规定的除外): insult, secrets, a third person. It counts and is kept all the same."""
    rating = _judged(number, by, at)
    _commit(rating, Kind.RATING_TEXT_WITHHELD, Rating.WITHHELD, "", by, at)
    return rating


def _judged(number: str, by: Acting, at: datetime) -> Rating:
    by.check(MODERATES)
    rating = text_to_judge(number, at=at)
    if by.officer_id in participants(rating.node):
        raise Refusal(RefusalCode.RATING_OWN_SERVICE)
    return rating


def _commit(rating: Rating, kind: Kind, state: str, text: str, by: Acting, at: datetime) -> None:
    journal.commit(
        rating, Event(kind), by=by, at=at,
        text_state=state, published_text=text, text_judged_at=at, text_judged_by_id=by.officer_id,
    )  # fmt: skip
