"""督办 in the city's last months: what applicants urge and what supervision finds becomes an order; sections receive it,
answer when it is due, are verified, now and then rejected; a few forget, and the ladder is climbed above them."""

from datetime import datetime, timedelta
from hashlib import sha256

from zhengtong.base import calendar
from zhengtong.base.permission import Acting
from zhengtong.city.accounts import HANDLER, SUPERVISOR
from zhengtong.domains.cases import queries as cases
from zhengtong.domains.orders import queries as orders
from zhengtong.domains.registry import queries as registry
from zhengtong.flows import order_closed, order_extended, order_issued, order_received, order_rejected, order_replied
from zhengtong.flows.order_sweep import sweep_orders
from zhengtong.flows.order_verified import verify_order
from zhengtong.rules.clock import local_date
from zhengtong.rules.orders import OrderKind, OrderState
from zhengtong.rules.refusal import Refusal

FORGOTTEN, REJECTED, EXTENDED = 15, 30, 60  # of a hundred orders, up to this lot
DAY = timedelta(days=1)
MONDAY = 0

_FINDINGS = (
    ("一次性告知执行情况核查", "抽查发现个别办件补正超过一次。请核对近一个月补正告知书，逐件说明原因并整改。"),
    ("办结时间集中在期限末日的核查", "近一个月多数办件在承诺期限最后一日办结。请说明环节用时并提出压缩措施。"),
    ("窗口公示信息更新情况核查", "办事指南与公示栏所列材料不一致。请核对更新并报送截图。"),
)
_ANSWERS = (
    "已逐件核对，原因是窗口与科室口径不一；已统一审查要点并组织学习，今后补正须经科室负责人复核。",
    "已查明系材料流转等待所致；已把受理当日转办写入科室规程，并由专人每日核对。",
    "已当日完成更新，明确专人每周核对一次，佐证材料已存科室。",
)


def night(at: datetime) -> None:
    """What the worker does after midnight."""
    sweep_orders(at=at)


def morning(at: datetime) -> None:
    """A working day: supervision takes up what was urged yesterday and what it found; sections receive and answer."""
    supervisor = _acting(SUPERVISOR, at)
    if supervisor is None or not calendar.current().is_workday(local_date(at)):
        return
    for order in orders.open_orders(limit=200):
        try:
            _go_on(order, supervisor, at)
        except Refusal:
            continue  # a colleague was quicker, or its day has passed
    for case in cases.cases_by_numbers(orders.urged_between(at - DAY, at)).values():
        _on_urging(case, supervisor, at)
    if local_date(at).weekday() == MONDAY:
        _finding(supervisor, at)


def _on_urging(case: cases.Case, by: Acting, at: datetime) -> None:
    order_issued.issue_order(
        ("urging", case.number), case.organ_id, case.section_id, f"关于“{case.item_name}”申请人催办的督办",
        "申请人在网上催办。请今日联系申请人说明进度，在期限内办理，并书面回复原因和结果。", OrderKind.NORMAL,
        by=by, at=at,
    )  # fmt: skip


def _finding(by: Acting, at: datetime) -> None:
    """To another section every week."""
    week = local_date(at).toordinal() // 7
    sections = list(registry.sections_of())
    title, content = _FINDINGS[week % len(_FINDINGS)]
    section = sections[week * 7 % len(sections)]
    order_issued.issue_order(
        ("finding", ""), section.organ_id, section.pk, title, content, OrderKind.COMPLEX, by=by, at=at
    )


def _go_on(order: orders.Order, supervisor: Acting, at: datetime) -> None:
    lot, state, number = _lot(order.number), OrderState(order.state), order.number
    if state is OrderState.REPLIED:
        if order.term == 1 and FORGOTTEN <= lot < REJECTED:
            reason = "只说明了原因，没有写整改结果，也没有附佐证材料。请补充后重新回复。"
            order_rejected.reject_reply(number, reason=reason, seen=None, by=supervisor, at=at)
        else:
            verify_order(number, text="已对照办件记录和佐证材料核实，情况属实。", seen=None, by=supervisor, at=at)
        return
    if state is OrderState.VERIFIED:
        order_closed.close_order(number, outcome=_outcome(order), seen=None, by=supervisor, at=at)
        return
    by = _answering(order, at)
    if by is None or (lot < FORGOTTEN and order.depth < 2):
        return  # forgotten until the head of the organ is told
    if state is OrderState.OPEN:
        order_received.receive_order(number, seen=None, by=by, at=at)
        if REJECTED <= lot < EXTENDED and order.kind == OrderKind.COMPLEX.value and order.issuer_id == supervisor.id:
            order_extended.ask_extension(
                number, days=3, reason="需要调阅已归档的纸质案卷。", seen=None, by=by, at=at + timedelta(minutes=5)
            )
            order_extended.extend_order(
                number, answer="同意。", seen=None, by=supervisor, at=at + timedelta(minutes=20)
            )
    elif order.due_on is not None and order.due_on <= local_date(at):
        order_replied.reply_to_order(number, text=_ANSWERS[lot % len(_ANSWERS)], seen=None, by=by, at=at)


def _outcome(order: orders.Order) -> str:
    if order.case_no:
        return "承办科室已联系申请人说明情况，办理中的问题已经整改，可在进度页面查看。"
    return "回复属实，整改到位。"


def _answering(order: orders.Order, at: datetime) -> Acting | None:
    """The leader of the section, else one of its people: whoever the first step of the ladder names."""
    for post in orders.chain(order, local_date(at))[0].people:
        if post.officer.account_id is not None:
            by = registry.officer_acting(post.officer.account_id, local_date(at))
            if by is not None and orders.answers_for(by, order):
                return by
    return None


def _acting(staff_no: str, at: datetime) -> Acting | None:
    account = registry.officer_for(staff_no).account_id
    return registry.officer_acting(account, local_date(at)) if account is not None else None


def _lot(number: str) -> int:
    """0–99, the same in every city."""
    return int(sha256(number.encode()).hexdigest()[:8], 16) % 100


def enact(*, at: datetime) -> None:
    """One order waits for the section of the handler one can sign in as; what is overdue this minute is urged."""
    supervisor, handler = _acting(SUPERVISOR, at), _acting(HANDLER, at)
    post = next((post for post in handler.posts if post.section_id is not None), None) if handler else None
    if supervisor is not None and post is not None:
        order_issued.issue_order(
            ("instruction", ""), post.organ_id, post.section_id, "预付卡备案办理情况的说明",
            "请说明近一个月单用途预付卡备案的受理、补正和办结情况，对超过承诺时限的逐件写明原因。", OrderKind.NORMAL,
            by=supervisor, at=at,
        )  # fmt: skip
    sweep_orders(at=at)
