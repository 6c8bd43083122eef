"""差评整改 in the city's last months: what was bad is dispatched, verified, mended or explained, and asked about again;
a few are late, some stand in the public ledger, one or two are opened anew; the newest wait on somebody's desk."""

from datetime import datetime, time, timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any

from zhengtong.base import calendar
from zhengtong.base.permission import Acting
from zhengtong.city.accounts import CENTRE_MANAGER, HALL_CLERK, SUPERVISOR
from zhengtong.city.hours import ZONE
from zhengtong.city.records import city
from zhengtong.domains.rectifications import queries
from zhengtong.domains.registry import queries as registry
from zhengtong.flows import rectification_mended as mended
from zhengtong.flows import rectification_reviewed as reviewed
from zhengtong.flows import rectification_revisited as revisited
from zhengtong.flows.rectification_dispatched import dispatch_rectification
from zhengtong.flows.rectification_verified import verify_rectification
from zhengtong.rules.clock import local_date
from zhengtong.rules.rectifications import RectState, Verdict
from zhengtong.rules.refusal import Refusal, RefusalCode

PLANNED, EXPLAINED, MISTAKEN = 20, 32, 37  # of a hundred, up to this lot; all others are mended at once
UNHAPPY, SLOW = 88, 93  # from this lot on
MOST = 400
STEPS = 12  # no matter takes more

_FOUND = "经核对办件记录和当日窗口情况，反映的情况属实：补正要求没有一次说清。"
_PLAN = "一、两周内修订一次性告知清单，逐项写明标准；二、窗口和科室统一审查口径；三、由科室负责人每周抽查十件告知书。"
_PROGRESS = "一次性告知清单已修订并上墙，窗口人员已培训。"
_DONE = ("已向群众当面说明并致歉，当日一次办结；科室已修订告知清单。", "已增派人员接听咨询电话，设置了值班表并公布。")
_BASIS = "法律规定的期限内办理，未超过承诺时限。依据和计算方法已向群众说明，并告知可以在网上逐日查看。"
_SLIP = "群众在电话里说按错了按钮，本意是满意；有通话记录。"


def enact(*, at: datetime) -> None:
    """Walks every bad rating as far as its age lets it come. Adds nothing twice."""
    manager = _acting(CENTRE_MANAGER, at)
    if manager is None:
        return
    for row in queries.rectifications(manager, limit=MOST):
        for _step in range(STEPS):
            try:
                if not _go_on(row.number, manager, at):
                    break
            except Refusal:
                break  # nobody of this organ may do it; it waits


def _go_on(number: str, manager: Acting, now: datetime) -> bool:
    """One step, at the hour somebody would take it; False when that lies ahead, or nothing is left."""
    row = queries.rectification_for(manager, number)
    lot, state = _lot(number), RectState(row.state)
    when = _office_hour(row.state_since, days=_days(state, lot))
    if when >= now or state is RectState.CLOSED:
        return False
    told: dict[str, Any] = {"seen": None, "at": when}
    if state is RectState.DISPATCH:
        dispatch_rectification(number, organ_id=row.organ_id, section_id=row.section_id, by=manager, **told)
    elif state is RectState.VERIFY:
        verdict, by = _verdict(lot), _of_organ(row, when)
        text = {Verdict.NO_BASE: _BASIS, Verdict.MISTAKEN: _SLIP}.get(verdict, _FOUND)
        verify_rectification(number, verdict, text=text, plan=_PLAN, by=by, **told)
    elif state is RectState.PLAN and not any(note.step == "progress" for note in queries.notes(row)):
        mended.report_rectification_progress(number, text=_PROGRESS, by=_of_organ(row, when), **told)
        return lot % 2 == 0  # the others are still at it
    elif state in (RectState.FIX, RectState.PLAN):
        mended.fix_rectification(number, text=_DONE[lot % 2], by=_of_organ(row, when), **told)
    elif state is RectState.EXPLAIN:
        mended.explain_rectification(number, text=_BASIS, by=_of_organ(row, when), **told)
    elif state is RectState.REVIEW:
        reviewed.confirm_set_aside(number, text="已听通话记录，确系误按。", by=_must(SUPERVISOR, when), **told)
    else:
        unhappy = row.turn == 1 and lot >= UNHAPPY and lot % 2 == 0
        text = "还是要跑第二趟。" if unhappy else "改得很快，满意。"
        revisited.revisit_rectification(number, satisfied=not unhappy, text=text, by=_must(HALL_CLERK, when), **told)
    return True


def _days(state: RectState, lot: int) -> int:
    """Working days somebody lets pass; those who are slow let too many."""
    slow = 4 if lot >= SLOW else 0
    return {RectState.DISPATCH: 0, RectState.VERIFY: 1 + slow, RectState.FIX: 2 + slow, RectState.PLAN: 4}.get(state, 1)


def _verdict(lot: int) -> Verdict:
    if lot < PLANNED:
        return Verdict.COMPLEX
    if lot < EXPLAINED:
        return Verdict.NO_BASE
    return Verdict.MISTAKEN if lot < MISTAKEN else Verdict.SIMPLE


def _office_hour(since: datetime, *, days: int) -> datetime:
    """The next hour of work after so many working days."""
    known, local = calendar.current(), since.astimezone(ZONE)
    on = local.date()
    if days:
        on = known.nth_working_day(on, days)
    elif not known.is_workday(on) or local.time() > time(16):
        on = known.nth_working_day(on, 1)
    hour = datetime.combine(on, time(10, 20), ZONE)
    return max(hour, since + timedelta(minutes=50))


def _of_organ(row: Any, at: datetime) -> Acting:
    """Who answers in the organ: a head of the section, reopened the chief representative; never who was rated."""
    roles = ("approver",) if row.turn > 1 else ("section_head", "handler", "window")
    for role in roles:
        for staff_no in _staff(row.organ.code, role):
            acting = _acting(staff_no, at)
            if acting is not None and acting.id != row.officer_id and queries.answers_for(acting, row):
                return acting
    raise Refusal(RefusalCode.RECTIFICATION_OTHER_ORGAN, organ=row.organ.name)


@lru_cache(maxsize=512)
def _staff(organ_code: str, role: str) -> tuple[str, ...]:
    return tuple(o["staff_no"] for o in city().officers if o["organ"] == organ_code and role in o["roles"])


def _must(staff_no: str, at: datetime) -> Acting:
    acting = _acting(staff_no, at)
    if acting is None:
        raise LookupError(staff_no)
    return acting


def _acting(staff_no: str, at: datetime) -> Acting | None:
    account = registry.officer_for(staff_no).account_id
    return registry.officer_acting(account, local_date(at)) if account else None


def _lot(number: str) -> int:
    return int(sha256(number.encode()).hexdigest()[:8], 16) % 100
