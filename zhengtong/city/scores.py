"""The city's scores: peer groups, the last two months locked, one figure disputed, what is due published, and the circular."""

from datetime import date, datetime, time
from decimal import Decimal

from zhengtong.base.law import Law, current_law
from zhengtong.base.permission import Acting
from zhengtong.city.accounts import CENTRE_MANAGER, HANDLER, SUPERVISOR
from zhengtong.domains.bulletins import actions as bulletins
from zhengtong.domains.performance import queries
from zhengtong.domains.performance.actions import disputes, tables
from zhengtong.domains.registry import queries as registry
from zhengtong.flows.bulletin_approved import bulletin_approved
from zhengtong.flows.bulletin_drafted import bulletin_drafted
from zhengtong.flows.bulletin_published import bulletin_published
from zhengtong.flows.score_appeal_decided import score_appeal_decided
from zhengtong.flows.score_appealed import score_appealed
from zhengtong.flows.score_locked import score_locked
from zhengtong.flows.score_published import score_published
from zhengtong.rules.period import SHANGHAI, local_date
from zhengtong.rules.scoring_months import Dates, Month, month_of
from zhengtong.rules.scoring_quantities import Subject

# Similar function and volume (domain-rules §5.9); organs no group names are scored and ranked with nobody.
GROUPS = (
    ("economy", "经济和市场类", "Economy and market", ("商务局", "市场监督", "发展和改革", "经济和信息化", "财政局", "税务局", "统计局", "行政审批局")),
    ("construction", "建设和环境类", "Building and environment", ("住房和城乡", "自然资源", "交通运输", "生态环境", "水务局", "林业局", "农业农村", "综合行政执法")),
    ("society", "社会和民生类", "Society and welfare", ("人力资源", "公安局", "医疗保障", "文化广电", "教育科技", "司法局", "卫生健康", "民政局", "退役军人")),
)  # fmt: skip
MORNING = time(9)
DISPUTE = "有 2 件系申请人补正后当日办结，请核对起算日。"
ANSWER = "经调阅办件账本，补正期间已经扣除，超期件数无误，维持原分。"
INNOVATION = "推出“一次办好”预付卡备案套餐，群众少跑一次。"
CLOSING = "请有关部门举一反三，查清原因；逾期未报整改结果的，予以督办。"


def enact(*, at: datetime) -> None:
    """After cards, orders and facts: the month before last and the last, each as far as its days have come."""
    law, today = current_law(), local_date(at)
    _found_groups(law, at)
    last = month_of(today).moved(-1)
    for month in (last.moved(-1), last):
        dates = queries.month_dates(month, law)
        if today >= dates.lock_on and queries.score_month(Subject.ORGAN, month) is None:
            _score(month, dates, law, today)


def _officer(staff_no: str, on: date) -> Acting | None:
    account = registry.officer_for(staff_no).account_id
    return registry.officer_acting(account, on) if account is not None else None


def _found_groups(law: Law, at: datetime) -> None:
    by = _officer(SUPERVISOR, local_date(at))
    if by is None or queries.peer_groups():
        return
    organs = list(registry.organs())
    for code, name, name_en, words in GROUPS:
        members = [organ.code for organ in organs if any(word in organ.name for word in words)]
        tables.keep_group(code, name=name, name_en=name_en, organ_codes=members, by=by, at=at)


def _at(on: date) -> datetime:
    return datetime.combine(on, MORNING, SHANGHAI)


def _score(month: Month, dates: Dates, law: Law, today: date) -> None:
    supervisor, manager = _officer(SUPERVISOR, today), _officer(CENTRE_MANAGER, today)
    if supervisor is None or manager is None:
        return
    locked = _at(dates.lock_on)
    for subject in Subject:
        score_locked(subject, month, by=supervisor, at=locked)
    _dispute(month, manager, locked, today)
    _commend(month, supervisor, locked)
    if today < dates.publish_on:
        return
    out = _at(dates.publish_on)
    for subject in Subject:
        score_published(subject, month, by=manager, at=out)
    row = bulletin_drafted(month, by=supervisor, at=out)
    bulletins.edit(row, "problems", f"{row.texts['problems']}{CLOSING}", by=supervisor, at=out)
    bulletin_approved(row.journal_key, by=manager, at=out)
    bulletin_published(row.journal_key, by=manager, at=out)


def _dispute(month: Month, manager: Acting, at: datetime, today: date) -> None:
    """The handler looks first and disputes; nobody involved decides."""
    by = _officer(HANDLER, today)
    own = (
        next((one for one in queries.own_scores(by.officer_id) if one.month.month == month.since), None) if by else None
    )
    if by is not None and own is not None:
        appeal = score_appealed(own.key, "own_time", DISPUTE, by=by, at=at)
        score_appeal_decided(appeal.pk, granted=False, decision=ANSWER, by=manager, at=at)


def _commend(month: Month, supervisor: Acting, at: datetime) -> None:
    row = queries.score_month(Subject.ORGAN, month)
    busiest = max(queries.scores(supervisor, row), key=lambda one: one.finished, default=None) if row else None
    if busiest is not None:
        found = queries.score_for(supervisor, busiest.key)
        disputes.mark(found, "innovation", Decimal("0.5"), INNOVATION, by=supervisor, at=at)
