from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.bulletins import actions, queries
from zhengtong.domains.bulletins.models import Bulletin


@transaction.atomic
def bulletin_published(key: str, *, by: Acting, at: datetime) -> Bulletin:
    """Number, copies, closed. Every officer may read it from now on."""
    return actions.publish(queries.bulletin_for(by, key), by=by, at=at)
