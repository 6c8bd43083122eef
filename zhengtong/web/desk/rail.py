"""The ways through the inner house: who sees which, and how much waits behind it. A door not built yet has no way."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhengtong.base.permission import Acting
from zhengtong.domains.cases import queries as cases
from zhengtong.domains.orders import queries as orders
from zhengtong.domains.supervision import queries as supervision
from zhengtong.rules.roles import Ability

TAKE_IN, DISPATCH, SEARCH = Ability.TAKE_IN, Ability.DISPATCH, Ability.SEARCH_FILES
SEES = (Ability.SEE_ALL, Ability.READ_REPORTS)
AT_LETTERS = (
    Ability.REGISTER_LETTERS,
    Ability.KEEP_LETTERS,
    Ability.ANSWER_LETTERS,
    Ability.APPROVE_REPLIES,
    Ability.READ_TIPS,
)
AT_BAD_RATINGS = (Ability.RECTIFY, Ability.KEEP_HALL, Ability.REVISIT, Ability.SUPERVISE, Ability.APPROVE)
AT_CASES = (TAKE_IN, Ability.HANDLE, Ability.REVIEW, Ability.APPROVE)


@dataclass(frozen=True, slots=True)
class Way:
    route: str
    label: Promise
    abilities: tuple[Ability, ...] = ()  # empty: every officer
    counter: str = ""  # key of the counts below


GROUPS: tuple[tuple[Promise | str, tuple[Way, ...]], ...] = (
    (
        "",
        (
            Way("desk:inbox", _("我的待办"), counter="held"),
            Way("desk:pool", _("待领"), AT_CASES),
            Way(
                "desk:consultations", _("征求意见"), (*AT_CASES, DISPATCH, Ability.CHECK_CATALOGUE), counter="consulted"
            ),
            Way("desk:proposals", _("待我同意"), (DISPATCH,), counter="proposed"),
            Way("desk:counter", _("窗口收件"), (TAKE_IN,)),
            Way("desk:call", _("叫号"), (Ability.CALL_TICKETS,)),
            Way("desk:ticket_take", _("代取号"), (Ability.BOOK,)),
            Way("desk:bookings", _("预约登记"), (Ability.BOOK,)),
            Way("desk:village", pgettext_lazy("rail", "代办"), (Ability.FILE_FOR_OTHERS,)),
            Way("desk:agency", _("帮办代办"), (Ability.KEEP_HALL, DISPATCH, Ability.BOOK)),
            Way("desk:letters", _("来信"), AT_LETTERS),
            Way("desk:rectifications", _("差评整改"), AT_BAD_RATINGS),
            Way("desk:enter_rating", _("登记评价"), (Ability.ENTER_RATINGS,)),
            Way("desk:files", _("电子档案"), (SEARCH,)),
            Way("desk:register", _("受理登记册"), (SEARCH,)),
            Way("desk:cards", _("收到的监察牌"), counter="cards"),
            Way("desk:orders", _("收到的督办"), counter="orders"),
            Way("desk:me", _("我的岗位")),
            Way("watch:my_score", _("我的考核")),
            Way("desk:ratings_of_me", _("对我的评价")),
        ),
    ),
    (
        _("监督"),
        (
            Way("watch:wall", _("监察大屏"), SEES),
            Way("watch:desk", _("监察案头"), (Ability.SUPERVISE,)),
            Way("watch:cards", _("监察牌"), SEES),
            Way("watch:leads", _("数据线索"), (Ability.SEE_ALL,)),
            Way("watch:orders", _("督办"), SEES),
            Way("watch:statistics", _("统计"), SEES),
            Way("watch:hall", _("大厅运行"), (*SEES, Ability.KEEP_HALL)),
            Way("watch:ratings", _("好差评"), SEES),
            Way("watch:letters", _("来信统计"), (*SEES, Ability.KEEP_LETTERS)),
            Way("watch:scores", _("绩效考核"), SEES),
            Way("watch:bulletins", _("督查通报")),
            Way("watch:insight", _("流程洞察"), SEES),
            Way("watch:forecast", _("预测与推演"), SEES),
            Way("watch:rules", _("监察规则"), SEES),
            Way("watch:seal", _("存证"), SEES),
            Way("desk:levels", _("办件层级"), (*SEES, Ability.KEEP_HALL)),
            Way("desk:reports", _("办件报表"), (Ability.READ_REPORTS,)),
            Way("desk:journal", _("账本核对"), (Ability.SEE_ALL,)),
        ),
    ),
    (
        _("管理"),
        (
            Way("desk:items", _("事项目录"), (Ability.EDIT_CATALOGUE, Ability.CHECK_CATALOGUE)),
            Way("desk:people", _("人员岗位"), (Ability.KEEP_PEOPLE, DISPATCH)),
            Way("desk:hall", _("大厅管理"), (Ability.KEEP_HALL,)),
            Way("desk:schedule", _("预约时段"), (Ability.KEEP_HALL,)),
            Way("desk:devices", _("大厅设备"), (Ability.KEEP_HALL, Ability.BOOK)),
            Way("desk:knowledge", _("知识库"), (Ability.KEEP_KNOWLEDGE,)),
            Way("desk:templates", _("消息模板"), (Ability.KEEP_MESSAGES,)),
            Way("desk:calendar", _("工作日历"), (Ability.KEEP_CALENDAR,)),
            Way("desk:parameters", _("法定参数"), (Ability.KEEP_SYSTEM,)),
            Way("desk:outbox", _("消息发送"), (Ability.KEEP_SYSTEM,)),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class ShownWay:
    url: str
    label: Promise
    count: str
    pressing: bool
    is_here: bool


@dataclass(frozen=True, slots=True)
class ShownGroup:
    title: Promise | str
    ways: list[ShownWay]


def rail(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Lazy: a page that draws no rail asks nothing."""
    acting: Acting | None = getattr(request, "acting", None)
    if acting is None or not acting.is_officer:
        return {}
    return {"rail": SimpleLazyObject(lambda: _groups(request, acting)), "rail_posts": _posts(acting)}


def _posts(acting: Acting) -> list[str]:
    return list(dict.fromkeys(p.label for p in acting.posts))[:3]


def _groups(request: HttpRequest, acting: Acting) -> list[ShownGroup]:
    counts = cases.badges(acting) | {
        "orders": orders.owed_count(acting),
        "cards": supervision.owed_count(acting),
        "proposed": cases.proposed_count(acting) if acting.can(DISPATCH) else 0,
    }
    shown = []
    for title, ways in GROUPS:
        inside = [w for way in ways if (w := _shown(way, request, acting, counts)) is not None]
        if inside:
            shown.append(ShownGroup(title, inside))
    return shown


def _shown(way: Way, request: HttpRequest, acting: Acting, counts: dict[str, int]) -> ShownWay | None:
    if way.abilities and not acting.can(*way.abilities):
        return None
    try:
        url = reverse(way.route)
    except NoReverseMatch:
        return None
    count = counts.get(way.counter, 0)
    # Both stand above other ways: their address begins everybody's.
    inside = request.path.startswith(url) and way.route not in ("desk:inbox", "watch:wall")
    return ShownWay(url, way.label, capped(count, cases.BADGE_CAP) if count else "", bool(count), inside)


def capped(count: int, cap: int) -> str:
    """A number as a badge says it: "1,000+" beyond what was counted."""
    return f"{cap:,}+" if count > cap else str(count)
