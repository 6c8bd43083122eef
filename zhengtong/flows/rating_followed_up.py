from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.ratings import actions, queries
from zhengtong.domains.ratings.models import Rating
from zhengtong.flows.rating_given import check_mandate, start_rectification
from zhengtong.rules.ratings import Level
from zhengtong.rules.refusal import Refusal, RefusalCode


@transaction.atomic
def follow_up(node_key: str, *, level: int, text: str, by: Acting, at: datetime) -> Rating:
    """追评 by whom the service was for, once, within 30 days. The worse of the two counts and stays.

    A good rating that turns bad opens a rectification; a bad one that turns good does not end it.
    """
    node = queries.node_for(by, node_key)
    rating = queries.rating_of(node)
    if rating is None:
        raise Refusal(RefusalCode.RATING_NOT_GIVEN)
    if queries.own_rating(node, by) is None:  # a colleague of the same enterprise gave it
        raise Refusal(RefusalCode.RATING_NOT_YOURS)
    if by.id == node.account_id:
        check_mandate(node, at)
    if queries.is_own_service(node, by):
        raise Refusal(RefusalCode.RATING_OWN_SERVICE)
    actions.follow_up(rating, level=level, text=text, by=by, at=at)
    if Level(level).bad and not Level(rating.level).bad:
        start_rectification(rating, node, level=level, text=rating.follow_text, by=by, at=at)
    return rating
