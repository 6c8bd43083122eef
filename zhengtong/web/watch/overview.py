"""监察案头: what waits for the supervisor, whatever room it comes from, each heading leading to its whole list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from zhengtong.base.permission import Acting
from zhengtong.domains.authenticity import queries as leads
from zhengtong.domains.orders import queries as orders
from zhengtong.domains.performance import queries as performance
from zhengtong.domains.rectifications import queries as rectifications
from zhengtong.domains.supervision import queries as supervision
from zhengtong.rules.orders import OrderState
from zhengtong.rules.roles import Ability
from zhengtong.rules.supervision.procedure import CardState
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.watch.signals import card_signal, lead_signals, order_signal, rectification_signal, tongue, way

SHOWN = 5  # of each kind; the list has all
MOST = 99


@dataclass(frozen=True, slots=True)
class Waiting:
    """One kind of thing that waits. `count` None: more than MOST."""

    title: Promise | str
    ask: Promise | str  # what is wanted of the supervisor
    count: int | None
    url: str
    rows: Sequence[Any]


@desk(Ability.SUPERVISE)
@require_safe
def page(request: ActingRequest) -> HttpResponse:
    by, at = request.acting, timezone.now()
    waiting = [*_cards(by), _leads(), *_orders(by, at), _bad_ratings(by, at), _disputes()]
    context = {
        "waiting": [one for one in waiting if one.count != 0],
        "nothing": [one for one in waiting if one.count == 0],
        "at": at,
        "most": MOST,
    }
    return render(request, "watch/desk.html", context)


def _cards(by: Acting) -> list[Waiting]:
    counts = supervision.card_counts(by)
    wanted = (
        (CardState.DRAFT, _("待发的监察牌"), _("核实后发出，或取消")),
        (CardState.APPEALED, _("对监察牌的申诉"), _("由没有参与的人裁决，维持或撤销")),
        (CardState.ANSWERED, _("已答复的监察牌"), _("看答复，了结或转督办")),
    )
    return [
        Waiting(
            title, ask, counts.get(state.value, 0), f"{way('watch:cards')}?state={state.value}",
            [card_signal(card) for card in supervision.cards(by, state=state.value, limit=SHOWN)]
            if counts.get(state.value) else [],
        )
        for state, title, ask in wanted
    ]  # fmt: skip


def _leads() -> Waiting:
    found = leads.open_leads(limit=MOST + 1)
    return Waiting(
        _("数据线索"), _("看证据，确认或排除，写明理由"), _capped(found), f"{way('watch:leads')}?state=open",
        lead_signals(found[:SHOWN]),
    )  # fmt: skip


def _orders(by: Acting, at: datetime) -> list[Waiting]:
    counts = orders.order_counts(by, at=at)
    replied, late = counts.get(OrderState.REPLIED.value, 0), counts.get("late", 0)
    listed = way("watch:orders")
    return [
        Waiting(
            _("待核实的督办回复"), _("核实，或退回重办"), replied, f"{listed}?state={OrderState.REPLIED.value}",
            [order_signal(one) for one in orders.orders(by, state=OrderState.REPLIED.value, limit=SHOWN)] if replied else [],
        ),
        Waiting(
            _("逾期未回复的督办"), _("催办或逐级上报"), late, f"{listed}?late=1",
            [order_signal(one) for one in orders.open_orders(late_at=at, limit=SHOWN)] if late else [],
        ),
    ]  # fmt: skip


def _bad_ratings(by: Acting, at: datetime) -> Waiting:
    """Reviews that wait stand on the desk of bad ratings; here is what nobody does in time."""
    late = rectifications.counts(by, at=at)["late"]
    rows = rectifications.rectifications(by, late_at=at, limit=SHOWN) if late else []
    return Waiting(
        _("超期的差评"), _("看卡在哪一步，催办或下达督办单"), late, f"{way('desk:rectifications')}?late=1",
        [rectification_signal(row) for row in rows],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dispute:
    """A row of the page like the signals of other rooms."""

    at: datetime
    word: Promise | str
    css: str
    text: str
    organ: Any
    url: str


def _disputes() -> Waiting:
    found = performance.open_appeals(limit=MOST + 1)
    rows = [
        Dispute(
            one.appealed_at, _("异议"), "wait", tongue(one.score.organ.name, one.score.organ.name_en), None,
            way("watch:score", str(one.score.key)),
        )
        for one in found[:SHOWN]
    ]  # fmt: skip
    return Waiting(_("对考核分数的异议"), _("查证后采纳或驳回"), _capped(found), way("watch:scores"), rows)


def _capped(found: Sequence[Any]) -> int | None:
    return None if len(found) > MOST else len(found)
