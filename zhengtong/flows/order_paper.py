"""督办通知书 and 催办通知书 as PDF, drawn when first asked for from what was frozen."""

import json
from datetime import datetime

from zhengtong.base.files.models import StoredFile
from zhengtong.base.files.store import store_own
from zhengtong.domains.orders import actions
from zhengtong.domains.orders.models import OrderPaper
from zhengtong.domains.orders.papers import pdf


def draw_order_paper(paper: OrderPaper, *, at: datetime) -> StoredFile:
    """The stored PDF. Two who ask at once draw the same bytes, kept once."""
    if paper.file is not None:
        return paper.file
    file = store_own(pdf(json.loads(paper.content)), "application/pdf", at=at)
    actions.keep_order_drawing(paper, file)
    return file
