"""数据线索: what looks made up, each with the records that show it. A person confirms or dismisses, with a reason."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from zhengtong.base.journal.queries import entries_of
from zhengtong.domains.authenticity import queries as authenticity
from zhengtong.domains.cases import queries as cases
from zhengtong.flows.lead_confirmed import confirm_lead
from zhengtong.flows.lead_dismissed import dismiss_lead
from zhengtong.rules.authenticity.suspicion import INFORMATION, RULES
from zhengtong.rules.lights import Level
from zhengtong.rules.refusal import Refusal
from zhengtong.rules.roles import Ability
from zhengtong.web.desk import card_words
from zhengtong.web.desk.act_form import CHINESE
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.frame.dates import in_english
from zhengtong.web.frame.refusals import status_of
from zhengtong.web.frame.sentences import sentence_html
from zhengtong.web.watch import lead_words as words

SEE = Ability.SEE_ALL
LEVELS = (Level.WARN, Level.YELLOW, Level.RED)


class Confirm(forms.Form):
    level = forms.ChoiceField(
        label=gettext_lazy("级别"),
        choices=[(level.value, card_words.LEVELS[level]) for level in LEVELS],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("认定理由"),
        help_text=gettext_lazy("写明核实了什么、依据是什么。责任部门会看到，并可以申诉。"),
        widget=forms.Textarea(attrs={"rows": 3, "data-most": 1000, "lang": CHINESE}),
    )


class Dismiss(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("排除理由"),
        help_text=gettext_lazy("写明为什么这是正常办理。理由会保留，用来改进规则。"),
        widget=forms.Textarea(attrs={"rows": 3, "data-most": 1000, "lang": CHINESE}),
    )


def rule_names() -> dict[str, str]:
    english = in_english()
    return {code: said[1] if english else said[0] for code, said in authenticity.rule_names().items()}


@desk(SEE)
@require_safe
def leads_list(request: ActingRequest) -> HttpResponse:
    get = request.GET
    wanted: dict[str, Any] = {
        "state": get.get("state", "") if get.get("state") in words.STATES else "",
        "rule": get.get("rule", "") if get.get("rule") in RULES else "",
        "organ_id": reading.number(get.get("organ")),
        "since": reading.day(get.get("since")),
        "until": reading.day(get.get("until")),
    }
    found = authenticity.leads(request.acting, after=reading.number(get.get("before")), **wanted)
    names = rule_names()
    context = {
        "rows": [(lead, names.get(lead.rule_code, ""), _shown(lead), records) for lead, records in found.rows],
        "before": found.after or "",
        "counts": [
            (words.STATES[state], count, state) for state, count in authenticity.lead_counts(request.acting).items()
        ],
        "wanted": wanted,
        "filtered": any(wanted.values()),
        "states": words.STATES.items(),
        "rules": [(code, names.get(code, "")) for code in RULES],
        "organs": cases.readable_organs(request.acting, Ability.READ_REPORTS),
        "records": [(record, names.get(record.rule_code, "")) for record in authenticity.rule_records()],
    }
    return render(request, "watch/leads.html", context)


def _shown(lead: authenticity.Lead) -> dict[str, Any]:
    return {
        "state": words.STATES[lead.state],
        "lamp": words.LAMPS[lead.state],
        "scope": words.SCOPES[lead.scope],
        "level": card_words.LEVELS[Level(lead.level)],
    }


@desk(SEE)
@require_safe
def page(request: ActingRequest, number: str) -> HttpResponse:
    return _page(request, authenticity.lead_for(request.acting, number))


@desk(Ability.SUPERVISE)
@require_POST
def confirm(request: ActingRequest, number: str) -> HttpResponse:
    lead, form = authenticity.lead_for(request.acting, number), Confirm(request.POST, prefix="confirm")
    if not form.is_valid():
        return _page(request, lead, confirming=form, status=422)
    given = form.cleaned_data
    try:
        lead = confirm_lead(
            number, level=Level(given["level"]), reason=given["reason"], by=request.acting, at=timezone.now()
        )
    except Refusal as refusal:
        return _page(request, authenticity.lead_for(request.acting, number), confirming=form, refusal=refusal)
    if lead.card_no:
        messages.success(request, _("已认定，并发出监察牌 %(number)s。") % {"number": lead.card_no})
    else:
        messages.success(request, _("已认定。这条规则现在没有启用，没有发牌。"))
    return redirect("watch:lead", number=number)


@desk(Ability.SUPERVISE)
@require_POST
def dismiss(request: ActingRequest, number: str) -> HttpResponse:
    lead, form = authenticity.lead_for(request.acting, number), Dismiss(request.POST, prefix="dismiss")
    if not form.is_valid():
        return _page(request, lead, dismissing=form, status=422)
    try:
        dismiss_lead(number, reason=form.cleaned_data["reason"], by=request.acting, at=timezone.now())
    except Refusal as refusal:
        return _page(request, authenticity.lead_for(request.acting, number), dismissing=form, refusal=refusal)
    messages.success(request, _("已排除，理由已记录。"))
    return redirect(f"{reverse('watch:leads')}?state=open")


def _page(
    request: ActingRequest,
    lead: authenticity.Lead,
    *,
    confirming: Confirm | None = None,
    dismissing: Dismiss | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    after = reading.number(request.GET.get("after")) or 0
    rows = authenticity.evidence_of(lead, after=after)
    shown = rows[: authenticity.PAGE]
    level = lead.level if lead.level in {one.value for one in LEVELS} else Level.WARN.value
    decides = request.acting.can(Ability.SUPERVISE) and lead.state == authenticity.Lead.OPEN
    context = {
        "lead": lead,
        "one": _shown(lead),
        "name": rule_names().get(lead.rule_code, ""),
        "waits": words.WAITS.get(lead.rule_code, ""),
        "information": lead.rule_code in INFORMATION,
        "evidence": [(row, words.evidence(row.what, row.facts)) for row in shown],
        "after": shown[-1].pk if len(rows) > authenticity.PAGE else "",
        "acts": [(words.ACTS.get(entry.kind, entry.kind), entry) for entry in entries_of("lead", lead.number)],
        "decides": decides,
        "confirming": confirming or Confirm(prefix="confirm", initial={"level": level}, use_required_attribute=False),
        "dismissing": dismissing or Dismiss(prefix="dismiss", use_required_attribute=False),
        "refused": sentence_html(refusal) if refusal is not None else "",
        "opened": "confirm" if confirming is not None else "dismiss" if dismissing is not None else "",
    }
    return render(request, "watch/lead.html", context, status=status_of(refusal.code) if refusal else status)
