"""绩效考核: the scores of a month inside peer groups, one score with its whole working, and what is said against it."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhengtong.base.law import current_law
from zhengtong.base.permission import Acting
from zhengtong.domains.performance import queries
from zhengtong.domains.performance.actions import disputes
from zhengtong.flows.score_appealed import score_appealed
from zhengtong.flows.score_locked import score_locked
from zhengtong.flows.score_published import score_published
from zhengtong.rules.refusal import Refusal
from zhengtong.rules.roles import Ability
from zhengtong.rules.scoring_months import Month, month_from, month_of
from zhengtong.rules.scoring_quantities import Subject
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.frame import charts
from zhengtong.web.frame.refusals import status_of
from zhengtong.web.frame.sentences import sentence_html
from zhengtong.web.watch import score_words as words
from zhengtong.web.watch.board import READ, SEE
from zhengtong.web.watch.score_lines import FairShown, fair_shown, working

SUPERVISE, PUBLISH, KEEP = Ability.SUPERVISE, Ability.PUBLISH_REPORTS, Ability.KEEP_RULES
READERS = (SEE, READ, PUBLISH)


def subject_in(request: ActingRequest) -> Subject:
    return Subject.OFFICER if request.GET.get("of") == Subject.OFFICER.value else Subject.ORGAN


@dataclass(frozen=True, slots=True)
class Row:
    score: Any
    fair: FairShown | None
    change: str  # points since the month before, with their sign
    climbed: int  # places won (+) or lost (−)


@dataclass(frozen=True, slots=True)
class Group:
    code: str
    name: str
    name_en: str
    rows: list[Row]


@desk(*READERS)
@require_safe
def scores(request: ActingRequest) -> HttpResponse:
    """A month, group by group. Who has too few cases, or no group, is scored and ranked with nobody."""
    today = timezone.localdate()
    subject = subject_in(request)
    month = month_from(request.GET.get("month", "")) or _newest(subject) or month_of(today).moved(-1)
    row = queries.score_month(subject, month)
    dates = queries.month_dates(month, current_law())
    context: dict[str, Any] = {
        "subject": subject.value,
        "subjects": words.SUBJECTS.items(),
        "month": month,
        "month_text": str(month),
        "earlier": month.moved(-1),
        "later": month.moved(1) if month.moved(1) < month_of(today) else None,
        "row": row,
        "dates": dates,
        "today": today,
        "groups": _groups(request.acting, row) if row else [],
        "lockable": row is None and request.acting.can(SUPERVISE) and today >= dates.lock_on,
        "publishable": row is not None
        and not row.published
        and request.acting.can(PUBLISH)
        and today >= row.publish_on,
        "waiting": queries.open_appeal_count(row) if row and not row.published else 0,
        "keeps": request.acting.can(KEEP, PUBLISH),
        "decides": request.acting.can(*queries.KEEPERS),
    }
    return render(request, "watch/scores.html", context)


def _newest(subject: Subject) -> Month | None:
    found = queries.months(subject, limit=1)
    return Month(found[0].month.year, found[0].month.month) if found else None


def _groups(by: Acting, month: Any) -> list[Group]:
    found = queries.scores(by, month)
    kept = queries.current_editions(found)
    past = queries.before(month, [(one.organ_id, one.officer_id) for one in found])
    groups: dict[str, Group] = {}
    for one in found:
        group = groups.setdefault(one.group_code, Group(one.group_code, one.group_name, one.group_name_en, []))
        earlier = past.get((one.organ_id, one.officer_id))
        change = one.total - earlier.total if earlier and earlier.total is not None and one.total is not None else None
        climbed = earlier.rank - one.rank if earlier and earlier.rank and one.rank else 0
        content = kept[one.pk].content
        group.rows.append(
            Row(one, fair_shown(content["fair"]), "" if change is None else f"{change:+}", climbed)
        )  # fmt: skip
    return list(groups.values())


@desk(*READERS)
@require_POST
def month_step(request: ActingRequest, of: str, month: str, name: str) -> HttpResponse:
    """Locks or publishes a month."""
    wanted = month_from(month)
    if wanted is None or of not in set(Subject) or name not in ("lock", "publish"):
        raise Http404
    act = score_locked if name == "lock" else score_published
    act(Subject(of), wanted, by=request.acting, at=timezone.now())
    messages.success(request, _("已锁定，当事人可以查看。") if name == "lock" else _("已公布。"))
    return redirect(f"{reverse('watch:scores')}?of={of}&month={wanted}")


# --- one score -------------------------------------------------------------------------------------------------------


@desk()
@require_safe
def score(request: ActingRequest, key: str) -> HttpResponse:
    return score_page(request, queries.score_for(request.acting, key))


def score_page(
    request: ActingRequest, found: Any, *, refusal: Refusal | None = None, refused: str = ""
) -> HttpResponse:
    by, today = request.acting, timezone.localdate()
    month, own = found.month, found.officer_id is not None and found.officer_id == by.id
    number = reading.number(request.GET.get("edition"))
    edition = queries.edition(found, number)
    shown = working(month.table_version.document, edition.content, found, linked=by.can(*READERS))
    appeals = queries.appeals(found)
    trend = queries.trend(found, by)
    uninvolved = not own
    context = {
        "score": found,
        "own": own,
        "edition": edition,
        "editions": queries.editions(found),
        "is_current": edition.number == found.edition,
        "working": shown,
        "fair": fair_shown(edition.content["fair"]),
        "trend": [(one, _against(one, trend)) for one in trend],
        "drawing": _trend(trend),
        "appeals": [(one, words.word(words.APPEAL_STATES, one.state), _name_of(shown, one.indicator)) for one in appeals],
        "may_appeal": queries.may_appeal(found, by) and not month.published and today <= month.appeal_until,
        "may_mark": by.can(SUPERVISE) and uninvolved and not month.published,
        "may_correct": by.can(PUBLISH) and uninvolved and month.published,
        "indicators": indicators_of(shown),
        "manual": [one for one in indicators_of(shown) if one.manual],
        "reasons": words.REASONS,
        "refusal": sentence_html(refusal) if refusal else "",
        "refused": refused,
        "typed": request.POST if refusal else {},
        "today": today,
    }  # fmt: skip
    return render(request, "watch/score.html", context, status=status_of(refusal.code) if refusal else 200)


def indicators_of(shown: Any) -> list[Any]:
    return [line for part in shown.parts for line in part.lines] + shown.bonus


def _name_of(shown: Any, code: str) -> str:
    return next((one.name for one in indicators_of(shown) if one.code == code), code)


def _against(one: Any, trend: list[Any]) -> tuple[str, str]:
    """(环比, 同比): points since the month before, and since the same month of the year before; "" without either."""
    at = Month(one.month.month.year, one.month.month.month)
    known = {Month(row.month.month.year, row.month.month.month): row.total for row in trend}

    def since(months: int) -> str:
        past = known.get(at.moved(-months))
        return "" if past is None or one.total is None else f"{one.total - past:+}"

    return since(1), since(12)


def _trend(trend: list[Any]) -> SafeString:
    if len(trend) < 2:
        return SafeString("")
    totals = [None if one.total is None else float(one.total) for one in trend]
    return charts.lines([(_("得分"), totals)], [f"{one.month.month:%y-%m}" for one in trend], title=_("历月得分"))


def read_points(text: str) -> Decimal | None:
    try:
        points = Decimal(text.strip().replace("−", "-"))
    except InvalidOperation:
        return None
    return points if points.is_finite() and abs(points) < 1000 else None


@desk()
@require_POST
def step(request: ActingRequest, key: str, name: str) -> HttpResponse:
    """Dispute a line, give points, or correct what is published."""
    found = queries.score_for(request.acting, key)
    if name not in ("appeal", "mark", "correct"):
        raise Http404
    indicator, reason = request.POST.get("indicator", "")[:30], request.POST.get("reason", "")
    at = timezone.now()
    try:
        if name == "appeal":
            score_appealed(key, indicator, reason, by=request.acting, at=at)
        else:
            act = disputes.mark if name == "mark" else disputes.correct
            points = read_points(request.POST.get("points", ""))
            act(found, indicator, Decimal(10_000) if points is None else points, reason, by=request.acting, at=at)
    except Refusal as refusal:
        return score_page(request, queries.score_for(request.acting, key), refusal=refusal, refused=name)
    told = {
        "appeal": _("异议已提交，裁决前不会公布。"),
        "mark": _("已登记，分数已重算。"),
        "correct": _("已更正，原来的一版保留。"),
    }
    messages.success(request, told[name])
    return redirect("watch:score", key)


@desk()
@require_safe
def my_score(request: ActingRequest) -> HttpResponse:
    """An officer's own scores, before anybody else reads them."""
    own = queries.own_scores(request.acting.officer_id)
    rows = [(one, _against(one, own)) for one in own]
    return render(request, "watch/my_score.html", {"rows": rows, "drawing": _trend(own[::-1])})
