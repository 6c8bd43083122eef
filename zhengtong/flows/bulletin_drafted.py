from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.bulletins import actions
from zhengtong.domains.bulletins.models import Bulletin
from zhengtong.rules.scoring_months import Month


@transaction.atomic
def bulletin_drafted(month: Month, *, reason: str = "", by: Acting, at: datetime) -> Bulletin:
    """The figures of the month are taken from every room as they stand now. `reason`: a correction of one that is out."""
    return actions.draft(month, reason=reason, by=by, at=at)
