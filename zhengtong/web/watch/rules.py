"""监察规则: the catalogue as it is in force, one rule with its versions, and a changed rule tried on past history."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from zhengtong.base.journal.queries import entries_of
from zhengtong.domains.supervision import actions, trial
from zhengtong.domains.supervision import queries as supervision
from zhengtong.rules.clock import Level
from zhengtong.rules.refusal import RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.rules.supervision.definition import IssueMode, Operator
from zhengtong.web.desk import card_words as words
from zhengtong.web.desk.act_form import CHINESE
from zhengtong.web.desk.card_page import act_of, address_of
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.desk.house.choosing import day_field
from zhengtong.web.frame.dates import in_english
from zhengtong.web.frame.refusals import refused_on
from zhengtong.web.watch.board import READ, SEE

PERIOD = 90  # days whose cards stand beside a rule in the catalogue
PAGE = 50


@desk(SEE, READ)
@require_safe
def catalogue(request: ActingRequest) -> HttpResponse:
    today = timezone.localdate()
    since = today - timedelta(days=PERIOD)
    issued = supervision.issued_by_rule(since, today) if request.acting.can(SEE) else {}
    chosen = request.GET.get("group", "")
    groups: dict[str, list[Any]] = {}
    for rule, version, later in supervision.catalogue(today):
        if not chosen or rule.group == chosen:
            groups.setdefault(rule.group, []).append((version, later, levels_of(version), issued.get(rule.code, 0)))
    context = {
        "groups": [(words.GROUPS[name], rows) for name, rows in groups.items()],
        "all_groups": words.GROUPS.items(),
        "chosen": chosen if chosen in words.GROUPS else "",
        "since": since,
        "counted": request.acting.can(SEE),
        "english": in_english(),
    }
    return render(request, "watch/rules.html", context)


def levels_of(version: Any) -> list[tuple[str, Any, Any]]:
    """(lamp, level, from which value on) of a version, lowest first."""
    shown = sorted(((Level(name), bound) for name, bound in version.levels.items()), key=lambda one: one[0].rank)
    return [(words.LAMPS[level], words.LEVELS[level], "" if bound is None else bound) for level, bound in shown]


# --- one rule ---


class VersionForm(forms.Form):
    """A new version: thresholds of each level (empty: the rule does not go there), further numbers, words, the day."""

    issue = forms.ChoiceField(label=gettext_lazy("发牌方式"), choices=list(words.ISSUES.items()))
    enabled = forms.BooleanField(label=gettext_lazy("启用"), required=False)
    message = forms.CharField(label=gettext_lazy("中文文字"), max_length=300, widget=forms.TextInput({"lang": CHINESE}))
    message_en = forms.CharField(label=gettext_lazy("英文文字"), max_length=400, widget=forms.TextInput({"lang": "en"}))
    effective_from = day_field(gettext_lazy("从哪天起"))
    source = forms.CharField(
        label=gettext_lazy("依据"), max_length=300, help_text=gettext_lazy("写明为什么改：文件、会议或试算结果。")
    )

    def __init__(self, *args: Any, version: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.version = version
        self.yes_no = version.operator == Operator.HOLDS
        if self.yes_no:
            self.fields["yes_level"] = forms.ChoiceField(label=gettext_lazy("级别"), choices=list(words.LEVELS.items()))
        else:
            for level, name in words.LEVELS.items():
                self.fields[f"level_{level}"] = forms.FloatField(label=str(name), required=False)
        for name in version.thresholds:
            label = words.THRESHOLDS.get(name, name)
            self.fields[f"number_{name}"] = forms.FloatField(label=str(label), min_value=0)

    @property
    def level_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith(("level_", "yes_"))]

    @property
    def number_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith("number_")]

    @property
    def other_fields(self) -> list[Any]:
        return [self[name] for name in ("issue", "enabled", "message", "message_en", "effective_from", "source")]

    def numbers(self) -> dict[str, Any]:
        """Levels and further numbers as the rule keeps them; whole where they are."""
        said = self.cleaned_data
        if self.yes_no:
            levels: dict[str, Any] = {said["yes_level"]: None}
        else:
            levels = {
                str(level): _whole(said[f"level_{level}"])
                for level in words.LEVELS
                if said.get(f"level_{level}") is not None
            }
        return {"levels": levels, "thresholds": {n: _whole(said[f"number_{n}"]) for n in self.version.thresholds}}

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.yes_no and all(said.get(f"level_{level}") is None for level in words.LEVELS):
            self.add_error("level_yellow", _("至少要有一个级别。"))
        return said


def _whole(value: float) -> float | int:
    return int(value) if value == int(value) else value


def _initial(version: Any, today: date) -> dict[str, Any]:
    initial: dict[str, Any] = {f"level_{name}": bound for name, bound in version.levels.items()}
    if version.operator == Operator.HOLDS:
        initial["yes_level"] = next(iter(version.levels), "")
    initial |= {f"number_{name}": value for name, value in version.thresholds.items()}
    return initial | {
        "issue": version.issue,
        "enabled": version.enabled,
        "message": version.message,
        "message_en": version.message_en,
        "effective_from": today + timedelta(days=1),
    }


def last_quarter(today: date) -> tuple[date, date]:
    """The last whole quarter."""
    first = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    until = first - timedelta(days=1)
    return date(until.year, (until.month - 1) // 3 * 3 + 1, 1), until


@desk(SEE, READ)
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: ActingRequest, code: str) -> HttpResponse:
    """One rule: what it says, its versions, its journal; for who keeps rules, a new version, tried first if they like."""
    row, today = supervision.rule_for(code), timezone.localdate()
    versions = supervision.versions_of(row)
    current = _current(versions, today)
    keeps = request.acting.can(Ability.KEEP_RULES)
    if request.method == "POST":
        request.acting.check(Ability.KEEP_RULES)
    trying = "try" in request.POST
    data = request.POST.copy() if request.method == "POST" else None
    if data is not None and trying and not data.get("source"):
        data["source"] = "—"  # a trial needs no ground
    form = VersionForm(data, version=current, initial=_initial(current, today) | _tried(request, code))
    if form.is_valid():
        answer = _try(request, code, form, today) if trying else _save(request, code, form)
        if answer is not None:
            return answer
    since, until = last_quarter(today)
    context = {
        "rule": row,
        "version": current,
        "name": current.name_en if in_english() else current.name,
        "levels": levels_of(current),
        "group": words.GROUPS[row.group],
        "operator": words.OPERATORS.get(current.operator, current.operator),
        "subject": words.SUBJECTS.get(current.subject, current.subject),
        "issue": words.ISSUES[current.issue],
        "numbers": [(words.THRESHOLDS.get(name, name), value) for name, value in current.thresholds.items()],
        "versions": [(one, levels_of(one), words.ISSUES[IssueMode(one.issue)]) for one in versions],
        "form": form if keeps else None,
        "tries": trial.can_try(code),
        "since": since,
        "until": until,
        "today": today,
        "acts": [act_of(entry) for entry in reversed(list(entries_of("rule", code)))],
    }
    return render(request, "watch/rule.html", context, status=422 if form.is_bound else 200)


def _current(versions: list[Any], today: date) -> Any:
    general = [one for one in versions if not one.region]
    running = [one for one in general if one.effective_from <= today]
    return max(running or general, key=lambda one: one.effective_from)


def _tried(request: ActingRequest, code: str) -> dict[str, Any]:
    """The numbers of a trial one comes back from."""
    number = reading.number(request.GET.get("trial"))
    if number is None:
        return {}
    done = trial.trial_for(request.acting, number)
    if done.rule_code != code:
        return {}
    initial = {f"level_{level}": None for level in words.LEVELS}
    initial |= {f"level_{name}": bound for name, bound in done.changes["levels"].items()}
    return initial | {f"number_{name}": value for name, value in done.changes["thresholds"].items()}


def _save(request: ActingRequest, code: str, form: VersionForm) -> HttpResponse | None:
    said = form.cleaned_data
    fields = {
        RefusalCode.RULE_BACKDATED: "effective_from",
        RefusalCode.RULE_SAME_PERIOD: "effective_from",
        RefusalCode.RULE_WAITS: "enabled",
        RefusalCode.RULE_UNCHANGED: "source",
        RefusalCode.RULE_THRESHOLD: "source",
        RefusalCode.TEXT_REQUIRED: "source",
    }
    with refused_on(form, fields):
        actions.set_version(
            code, effective_from=said["effective_from"], source=said["source"], **form.numbers(), issue=said["issue"],
            enabled=said["enabled"], message=said["message"], message_en=said["message_en"], by=request.acting,
            at=timezone.now(),
        )  # fmt: skip
    if not form.is_valid():
        return None
    messages.success(request, _("新版本已登记，到生效日自动启用；已发的监察牌不改写。"))
    return redirect("watch:rule", code=code)


def _try(request: ActingRequest, code: str, form: VersionForm, today: date) -> HttpResponse | None:
    since = reading.day(request.POST.get("since")) or last_quarter(today)[0]
    until = reading.day(request.POST.get("until")) or last_quarter(today)[1]
    with refused_on(form, dict.fromkeys(RefusalCode, "source")):
        opened = trial.start(code, form.numbers(), since=since, until=until, by=request.acting, at=timezone.now())
        return redirect("watch:trial", trial_id=opened.pk)
    return None


# --- a trial ---


@desk(SEE, READ)
@require_http_methods(["GET", "HEAD", "POST"])
def trial_page(request: ActingRequest, trial_id: int) -> HttpResponse:
    """What has been found so far. Each POST looks at the next cases; the page sends them itself until all are seen."""
    row = trial.trial_for(request.acting, trial_id)
    if request.method == "POST":
        request.acting.check(Ability.KEEP_RULES)
        trial.advance(row, limit=trial.SLICE * 2)
        if request.headers.get("HX-Request") != "true":
            return redirect("watch:trial", trial_id=trial_id)
        row = trial.trial_for(request.acting, trial_id)
    rows = trial.by_organ(row)
    only, organ = request.GET.get("only", ""), reading.number(request.GET.get("organ"))
    found = trial.hits(
        row, organ_id=organ, only=only, after=reading.number(request.GET.get("after")) or 0, limit=PAGE + 1
    )
    shown = found[:PAGE]
    version = _current(supervision.versions_of(supervision.rule_for(row.rule_code)), timezone.localdate())
    context = {
        "trial": row,
        "name": version.name_en if in_english() else version.name,
        "changes": [(words.LEVELS[Level(n)], b) for n, b in row.changes["levels"].items()]
        + [(words.THRESHOLDS.get(n, n), v) for n, v in row.changes["thresholds"].items()],
        "rows": [(one, words.LAMPS[Level(one.level)], words.LEVELS[Level(one.level)]) for one in rows],
        "totals": {key: sum(getattr(one, key) for one in rows) for key in ("would", "was", "more", "fewer")},
        "hits": [
            (hit, words.LAMPS[Level(hit.level)], words.LEVELS[Level(hit.level)], _address(hit, request))
            for hit in shown
        ],
        "after": shown[-1].pk if len(found) > PAGE else "",
        "only": only,
        "organ": organ,
        "percent": 100 if row.done or not row.total else min(99, row.seen * 100 // row.total),
        "keeps": request.acting.can(Ability.KEEP_RULES),
    }
    return render(request, "watch/trial.html", context)


def _address(hit: Any, request: ActingRequest) -> str:
    return address_of(hit.subject_kind, hit.subject_key, request.acting)
