"""Messages of the demo city: one sentence in the city's own words, a draft beside another, a guest list, a citizen's wishes.

No provider is set up, so nothing leaves: SMS and mail stand at the desk as kept in the house.
"""

from datetime import datetime, timedelta

from zhengtong.city.accounts import ADMINISTRATOR, CITIZEN
from zhengtong.domains.messaging import actions, queries
from zhengtong.domains.registry.queries import account_by_phone, officer_acting, officer_for
from zhengtong.exchange.postman import post
from zhengtong.rules.clock import local_date
from zhengtong.rules.messaging import Channel, Draft, Wishes
from zhengtong.rules.messaging_hours import QuietHours

GUEST = "15400991999"  # 154 is given to nobody


def enact(*, at: datetime) -> None:
    while post(at=at):
        pass  # what the rooms before have told
    keeper = officer_for(ADMINISTRATOR)
    by = officer_acting(keeper.account_id or 0, local_date(at))
    if by is None or queries.wording(by, "case.finished")[1] is not None:
        return  # enacted before
    before = at - timedelta(days=20)
    own = Draft(
        zh="您的结果已经备好。到窗口领取请带身份证件，选择邮寄的今天寄出。",
        en="Your result is ready. Bring an identity document to the counter; what is to be posted goes out today.",
        sms_zh="结果已经备好，到窗口领取请带身份证件。",
        sms_en="your result is ready; bring an identity document to the counter.",
    )
    actions.draft("case.finished", own, by=by, at=before)
    actions.publish("case.finished", by=by, at=before)
    softer = Draft(zh="经办人有话对您说，请看一看。", en="The officer has something to tell you; please have a look.")
    actions.draft("case.message_sent", softer, by=by, at=at - timedelta(days=1))
    actions.list_guest(GUEST, note="试发用的手机", key="guest-demo", by=by, at=before)
    citizen = account_by_phone(CITIZEN)
    if citizen is not None:
        actions.set_wishes(citizen.pk, {"case.submitted": Wishes((Channel.SMS,))}, officer=False)
        late = QuietHours(datetime.min.time().replace(hour=21), datetime.min.time().replace(hour=8))
        actions.set_quiet_hours(citizen.pk, late)
