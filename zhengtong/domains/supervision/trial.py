"""试算: a changed rule on past history, before it goes live: what it would have issued, beside what was issued.

It advances by slices of cases, each in its own transaction, so that it can be watched, left and gone on with. It
issues nothing and tells nobody.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from zhengtong.base import calendar
from zhengtong.base.permission import Acting
from zhengtong.domains.cases.histories import histories
from zhengtong.domains.cases.models import Case
from zhengtong.domains.registry.models import Organ
from zhengtong.domains.supervision.actions.rules import changed
from zhengtong.domains.supervision.known import known_for
from zhengtong.domains.supervision.models import Card, RuleVersion, Trial, TrialHit
from zhengtong.domains.supervision.queries import rule_for, rules_in_force
from zhengtong.rules.clock import end_of, local_date, start_of
from zhengtong.rules.history import History
from zhengtong.rules.kinds import Kind
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.rules.supervision import conduct
from zhengtong.rules.supervision.conduct import CHECKS, TAKEN_BACK, Known, happened_at, signals_of
from zhengtong.rules.supervision.definition import Definition
from zhengtong.rules.supervision.timing import KINDS_OF, aspect_of

MOST_DAYS = 400  # a year and a little: further back says nothing about tomorrow
SLICE = 200
_AFTERWARDS = timedelta(days=90)  # a delivery limit runs on after a case is finished


def can_try(code: str) -> bool:
    """Whether history alone says what a rule would have found."""
    return code in CHECKS or code in KINDS_OF or code == "T-05"


def start(code: str, changes: Mapping[str, Any], *, since: date, until: date, by: Acting, at: datetime) -> Trial:
    """Opens a trial of the version in force today with these changes (levels, thresholds)."""
    by.check(Ability.KEEP_RULES)
    rule = rule_for(code)
    if not can_try(code):
        raise Refusal(RefusalCode.RULE_WAITS, waits_for=_version(code, local_date(at)).waits_for or code)
    if since > until or (until - since).days > MOST_DAYS:
        raise Refusal(RefusalCode.DATES_REVERSED, since=since, until=until)
    changed(_version(code, local_date(at)).definition(), **dict(changes))
    trial = Trial(
        rule_code=rule.code, changes=dict(changes), since=since, until=until, started_by_id=by.officer_id, started_at=at
    )
    trial.total = _cases(trial).count()
    trial.save()
    return trial


def trial_for(by: Acting, trial_id: int) -> Trial:
    trial = Trial.objects.filter(pk=trial_id).first() if by.can(Ability.SEE_ALL) else None
    if trial is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return trial


def _version(code: str, on: date) -> RuleVersion:
    rows = RuleVersion.objects.filter(code=code, region="", effective_from__lte=on).order_by("-effective_from")
    version = rows.first()
    if version is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    return version


def _cases(trial: Trial) -> QuerySet[Case]:
    return Case.objects.filter(
        Q(finished_at__isnull=True) | Q(finished_at__gte=start_of(trial.since) - _AFTERWARDS),
        received_at__lte=end_of(trial.until),
        pk__gt=trial.after,
    )


@transaction.atomic
def advance(trial: Trial, *, limit: int = SLICE) -> bool:
    """Looks at the next cases; False when the trial is done. Two who watch one trial advance it in turn."""
    trial = Trial.objects.select_for_update().get(pk=trial.pk)
    if trial.done:
        return False
    page = list(_cases(trial).order_by("pk").values_list("pk", "number")[:limit])
    told = histories([number for _, number in page])
    rules = {c: v.definition() for c, v in rules_in_force(local_date(trial.started_at)).items()}
    wanted = _version(trial.rule_code, local_date(trial.started_at)).definition()
    rules[trial.rule_code] = replace(changed(wanted, **trial.changes), enabled=True)
    accepted = [h.number for h in told.values() if h.first(Kind.CASE_ACCEPTED)] if trial.rule_code == "M-01" else ()
    known = known_for(told.values(), calendar.current(), accepted=accepted)
    was = _issued(trial, list(told))
    hits = []
    for history in told.values():
        would = {(w.aspect, w.level): w for w in would_issue(trial.rule_code, history, rules, known, trial)}
        for aspect, level in sorted(would.keys() | was.get(history.number, set())):
            found = would.get((aspect, level))
            hits.append(
                TrialHit(
                    trial=trial, organ_id=history.organ_id, subject_kind="case", subject_key=history.number,
                    aspect=aspect, level=level, on=found.on if found else None, would=found is not None,
                    was=(aspect, level) in was.get(history.number, set()),
                )
            )  # fmt: skip
    TrialHit.objects.bulk_create(hits)
    trial.seen += len(page)
    trial.after = page[-1][0] if page else trial.after
    trial.done = len(page) < limit
    trial.save(update_fields=["seen", "after", "done"])
    return not trial.done


def advance_open(*, at: datetime) -> int:
    """The worker's part: a slice of the oldest trial that nobody has to sit and watch. Returns how many cases it saw."""
    trial = Trial.objects.filter(done=False).order_by("pk").first()
    if trial is None:
        return 0
    advance(trial)
    return Trial.objects.get(pk=trial.pk).seen - trial.seen


@dataclass(frozen=True, slots=True)
class Would:
    aspect: str
    level: str
    on: date


def would_issue(
    code: str, history: History, rules: Mapping[str, Definition], known: Known, trial: Trial
) -> Iterator[Would]:
    """The cards of one rule in one case and period: every level its limits came to while they ran, or what it finds."""
    if history.state in TAKEN_BACK:
        return
    if code in CHECKS:
        if history.imported:
            return
        for finding in CHECKS[code](history, rules[code], known):
            at = happened_at(finding, history)
            if at is not None and trial.since <= local_date(at) <= trial.until:
                yield Would(finding.aspect, finding.level.value, local_date(at))
        return
    kinds = KINDS_OF.get(code, (DeadlineKind.PROMISE,))
    for limit in history.limits:
        kind = DeadlineKind(limit.kind)
        if kind not in kinds or limit.outcome == "void":
            continue
        for signal in signals_of(limit, rules, known.calendar):
            ran = limit.closed_at is None or signal.at <= limit.closed_at
            inside = trial.since <= local_date(signal.at) <= trial.until
            if ran and inside and conduct.rule_for(kind, signal.level, history.case_kind, rules) == code:
                yield Would(aspect_of(kind, limit.ordinal), signal.level.value, local_date(signal.at))


def _issued(trial: Trial, numbers: list[str]) -> dict[str, set[tuple[str, str]]]:
    """Cards of the rule raised in the period, also those taken back since: the rule did issue them."""
    found: dict[str, set[tuple[str, str]]] = {}
    rows = Card.objects.filter(
        subject_kind="case", subject_key__in=numbers, rule_code=trial.rule_code,
        raised_at__gte=start_of(trial.since), raised_at__lte=end_of(trial.until),
    ).values_list("subject_key", "aspect", "level")  # fmt: skip
    for key, aspect, level in rows:
        found.setdefault(key, set()).add((aspect, level))
    return found


# --- reading it ---


@dataclass(frozen=True, slots=True)
class TrialRow:
    organ: Any
    level: str
    would: int
    was: int
    more: int
    fewer: int


def by_organ(trial: Trial) -> list[TrialRow]:
    """What it would have issued and what was issued, by organ and level, the largest difference first."""
    rows = (
        TrialHit.objects.filter(trial=trial)
        .order_by()
        .values("organ_id", "level")
        .annotate(
            n_would=Count("pk", filter=Q(would=True)),
            n_was=Count("pk", filter=Q(was=True)),
            n_more=Count("pk", filter=Q(would=True, was=False)),
            n_fewer=Count("pk", filter=Q(would=False, was=True)),
        )
    )
    organs = Organ.objects.in_bulk({row["organ_id"] for row in rows})
    found = [
        TrialRow(organs[r["organ_id"]], r["level"], r["n_would"], r["n_was"], r["n_more"], r["n_fewer"]) for r in rows
    ]
    return sorted(found, key=lambda row: (-(row.more + row.fewer), row.organ.pk, row.level))


def hits(
    trial: Trial, *, organ_id: int | None = None, only: str = "", after: int = 0, limit: int = 50
) -> list[TrialHit]:
    """The rows behind a figure, keyset by id. `only`: more (new ones), fewer (gone ones), would, was."""
    asked = {
        "more": Q(would=True, was=False), "fewer": Q(would=False, was=True), "would": Q(would=True), "was": Q(was=True),
    }.get(only, Q())  # fmt: skip
    rows = TrialHit.objects.filter(asked, trial=trial, pk__gt=after).select_related("organ")
    if organ_id is not None:
        rows = rows.filter(organ_id=organ_id)
    return list(rows.order_by("pk")[:limit])
