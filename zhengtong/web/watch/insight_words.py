"""How process insight says its figures: activities in the page's language, spans in the unit that fits, shares with base."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zhengtong.rules.kinds import Kind
from zhengtong.rules.process_map_log import STOPPED, TAIL, Activity
from zhengtong.rules.process_map_times import DAY
from zhengtong.web.desk.words import KINDS, STAGES
from zhengtong.web.frame.dates import in_english
from zhengtong.web.frame.language import marked

HOUR, MINUTE = DAY // 24, DAY // 1_440
_KINDS = {kind.value for kind in Kind}
# The same act in several stages is told apart by its stage.
_IN_STAGE = {
    kind.value
    for kind in (Kind.CASE_FORWARDED, Kind.CASE_RETURNED, Kind.CASE_RECALLED, Kind.CASE_DISPATCHED, Kind.CASE_CONSULTED)
}


def stage_words(stage: str) -> str:
    if stage == STOPPED:
        return _("不计办理的时间")
    if stage == TAIL:
        return _("最后一个动作到办结")
    return str(STAGES.get(stage, stage))


def plain_name(activity: Activity, label: str = "") -> str:
    """The activity's name as text of the page's language, or as its log has it."""
    if activity.name == activity.stage:
        return stage_words(activity.stage)
    if activity.name in _KINDS:
        said = str(KINDS[Kind(activity.name)])
        return f"{said} · {stage_words(activity.stage)}" if activity.name in _IN_STAGE else said
    return activity.name if in_english() else label or activity.name


def name(activity: Activity, label: str = "") -> SafeString:
    return marked(plain_name(activity, label))


def path_words(path: tuple[Activity, ...], labels: dict[Activity, str]) -> SafeString:
    if not path:
        return marked(_("没有动作"))
    steps = [(activity, 1) for activity in path[:1]]
    for activity in path[1:]:
        if activity == steps[-1][0]:
            steps[-1] = (activity, steps[-1][1] + 1)
        else:
            steps.append((activity, 1))
    return marked(
        " → ".join(
            f"{plain_name(activity, labels.get(activity, ''))}{f' ×{times}' if times > 1 else ''}"
            for activity, times in steps
        )
    )


def span_words(microseconds: float) -> str:
    """Days from one on, else hours, minutes, seconds: one number and one unit."""
    size = abs(microseconds)
    if size >= 10 * DAY:
        return _("%(n)s 天") % {"n": f"{microseconds / DAY:,.0f}"}
    if size >= DAY:
        return _("%(n)s 天") % {"n": f"{microseconds / DAY:.1f}"}
    if size >= HOUR:
        return _("%(n)s 小时") % {"n": f"{microseconds / HOUR:.1f}"}
    if size >= MINUTE:
        return _("%(n)s 分") % {"n": f"{microseconds / MINUTE:.0f}"}
    return _("%(n)s 秒") % {"n": f"{microseconds / 1_000_000:.0f}"}


def days_number(microseconds: float) -> str:
    """For a file: days, six digits behind the point (a tenth of a second)."""
    return f"{microseconds / DAY:.6f}"


def share_words(part: int, whole: int) -> str:
    """The share with its base (分母)."""
    if not whole:
        return ""
    words = {"whole": f"{whole:,}", "share": f"{100 * part / whole:.1f}"}
    return _("占 %(whole)s 件的 %(share)s%%") % words


def percent(share: float) -> str:
    return f"{100 * share:.1f}%"


def arrow(source: SafeString, target: SafeString) -> SafeString:
    return format_html("{} → {}", source, target)
