"""Data authenticity in the demo city: the journal is read to its end, the imported log explained, last month sampled."""

from datetime import datetime

from zhengtong.base.permission import Acting
from zhengtong.city.accounts import SUPERVISOR
from zhengtong.domains.authenticity import actions, queries
from zhengtong.domains.registry import queries as registry
from zhengtong.flows.lead_dismissed import dismiss_lead
from zhengtong.flows.lead_found import find_leads, find_leads_at_night
from zhengtong.rules.authenticity.months import month_before, month_of
from zhengtong.rules.clock import local_date
from zhengtong.rules.refusal import Refusal

LOOKED_AT = 5  # files of the sample that somebody has opened
_IMPORTED = "公开的真实日志，为演示一次性导入，来源和口径已在事项说明中写明，不是补录。"


def enact(*, at: datetime) -> None:
    while find_leads(at=at):
        pass
    find_leads_at_night(at=at)
    by = _supervisor(at)
    for lead in queries.open_leads():
        if lead.rule_code == "D-01" and lead.scope == "item":  # brought in by an import
            dismiss_lead(lead.number, reason=_IMPORTED, by=by, at=at)
    try:
        sample = actions.draw_sample(month_before(month_of(local_date(at))), by=by, at=at)
    except Refusal:  # no checkpoint yet
        return
    for file in queries.sample_files(sample, limit=LOOKED_AT)[:LOOKED_AT]:
        if not file.verdict:
            actions.judge_file(file, file.TRUE, note="与纸质案卷和申请人陈述一致。", by=by, at=at)


def _supervisor(at: datetime) -> Acting:
    account = registry.officer_for(SUPERVISOR).account_id or 0
    acting = registry.officer_acting(account, local_date(at))
    if acting is None:
        raise LookupError(SUPERVISOR)
    return acting
