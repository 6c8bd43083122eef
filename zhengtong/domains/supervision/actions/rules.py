"""Rules as data: first loaded from the shipped catalogue, then changed by versions from a day on, each journalled."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from zhengtong.base import journal
from zhengtong.base.deadlines.actions import wake
from zhengtong.base.journal import Event
from zhengtong.base.permission import SYSTEM, Acting
from zhengtong.domains.supervision.models import Rule, RuleVersion
from zhengtong.domains.supervision.shipped import SINCE, shipped
from zhengtong.rules.clock import Level, local_date, start_of
from zhengtong.rules.kinds import Kind
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.rules.supervision.definition import Definition, IssueMode, Operator
from zhengtong.rules.supervision.findings import recorded
from zhengtong.rules.supervision.timing import KINDS_OF
from zhengtong.rules.text import require_text

_SAID = (
    "code", "name", "name_en", "subject", "element", "operator", "levels", "thresholds", "issue", "message",
    "message_en", "enabled", "waits_for", "waits_for_en", "ladder", "source", "region",
)  # fmt: skip


@transaction.atomic
def seed(*, at: datetime) -> int:
    """Adds the shipped rules that are missing, each with its first version. Returns how many were added."""
    known = set(Rule.objects.values_list("code", flat=True))
    missing = [(n, d) for n, d in enumerate(shipped(), start=1) if d.code not in known]
    rules = [Rule(code=d.code, group=d.group, position=n) for n, d in missing]
    journal.insert_all(
        [
            (
                rule,
                [
                    Event(
                        Kind.RULE_SEEDED,
                        {"version": 1, "levels": recorded(d.levels), "thresholds": recorded(d.thresholds)},
                    )
                ],
            )
            for rule, (_, d) in zip(rules, missing, strict=True)
        ],
        by=SYSTEM,
        at=at,
    )
    stored = {rule.code: rule for rule in Rule.objects.filter(code__in=[d.code for _, d in missing])}
    RuleVersion.objects.bulk_create(_version(stored[d.code], 1, d) for _, d in missing)
    return len(missing) + _arrived(at)


def _arrived(at: datetime) -> int:
    """Rules that waited for data which this release brings come into force today, as shipped now; how many.

    Only where nobody of the house has written a version of their own: what a city decided stands.
    """
    now = {definition.code: definition for definition in shipped() if not definition.waits_for}
    waiting = RuleVersion.objects.select_related("rule").filter(
        number=1, effective_to__isnull=True, code__in=list(now), enabled=False
    )
    on, came = local_date(at), 0
    for old in waiting.exclude(waits_for=""):
        if old.rule.version > 1:
            continue
        new = _version(old.rule, 2, replace(now[old.code], effective_from=on))
        RuleVersion.objects.filter(pk=old.pk).update(effective_to=on - timedelta(days=1))
        new.save(force_insert=True)
        facts = {"version": 2, "from": on, "source": new.source, "enabled": recorded([False, True])}
        journal.commit(old.rule, Event(Kind.RULE_VERSIONED, facts), by=SYSTEM, at=at)
        came += 1
    return came


def _version(rule: Rule, number: int, definition: Definition) -> RuleVersion:
    said: dict[str, Any] = {name: getattr(definition, name) for name in _SAID}
    return RuleVersion(rule=rule, number=number, effective_from=definition.effective_from or SINCE, **said)


def changed(
    current: Definition,
    *,
    levels: dict[str, float | int | None] | None = None,
    thresholds: dict[str, float | int] | None = None,
    issue: str | None = None,
    message: str | None = None,
    message_en: str | None = None,
    enabled: bool | None = None,
) -> Definition:
    """The definition with these changes, or Refusal: a number out of place, or a rule whose data do not exist yet."""
    wanted = replace(
        current,
        levels=current.levels if levels is None else levels,
        thresholds=current.thresholds if thresholds is None else thresholds,
        issue=current.issue if issue is None else IssueMode(issue).value,
        message=current.message if message is None else require_text(message, 300, "message"),
        message_en=current.message_en if message_en is None else require_text(message_en, 400, "message_en"),
        enabled=current.enabled if enabled is None else enabled,
    )
    if wanted.enabled and wanted.waits_for:
        raise Refusal(RefusalCode.RULE_WAITS, waits_for=wanted.waits_for)
    before = current.operator == Operator.FROM.value
    for name, bound in wanted.levels.items():
        if Level(name) is Level.ORDER or (bound is not None and not before and bound < 0):
            raise Refusal(RefusalCode.RULE_THRESHOLD, name=name)
    for name, value in wanted.thresholds.items():
        if name not in current.thresholds or value < 0:
            raise Refusal(RefusalCode.RULE_THRESHOLD, name=name)
    return wanted


@transaction.atomic
def set_version(
    code: str, *, effective_from: date, source: str, region: str = "", by: Acting, at: datetime, **changes: Any
) -> RuleVersion:
    """A new version from a day on; the old one ends the day before. Cards already issued keep the version they name.

    `changes` as of `changed`. Nothing before today can be changed, so that no past card can be made right afterwards.
    """
    by.check(Ability.KEEP_RULES)
    rule = Rule.objects.select_for_update().filter(code=code).first()
    if rule is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    today = local_date(at)
    if effective_from < today:
        raise Refusal(RefusalCode.RULE_BACKDATED, earliest=today)
    versions = list(RuleVersion.objects.filter(rule=rule).order_by("number"))
    running = [v for v in versions if v.region == region]
    if any(v.effective_from == effective_from for v in running):
        raise Refusal(RefusalCode.RULE_SAME_PERIOD, effective_from=effective_from)
    before = max(
        (v for v in running if v.effective_from < effective_from), key=lambda v: v.effective_from, default=None
    )
    after = min((v for v in running if v.effective_from > effective_from), key=lambda v: v.effective_from, default=None)
    current = (before or versions[-1]).definition()
    wanted = changed(current, **changes)
    if wanted == current and region == current.region:
        raise Refusal(RefusalCode.RULE_UNCHANGED)
    wanted = replace(wanted, source=require_text(source, 300, "source"), region=region, effective_from=effective_from)
    version = _version(rule, versions[-1].number + 1, wanted)
    version.effective_to = after.effective_from - timedelta(days=1) if after else None
    if before is not None:
        RuleVersion.objects.filter(pk=before.pk).update(effective_to=effective_from - timedelta(days=1))
    version.save(force_insert=True)
    facts = {
        name: recorded([getattr(current, name), getattr(wanted, name)])
        for name in ("levels", "thresholds", "issue", "message", "message_en", "enabled")
        if getattr(current, name) != getattr(wanted, name)
    }
    journal.commit(
        rule,
        Event(
            Kind.RULE_VERSIONED,
            {"version": version.number, "from": effective_from, "region": region, "source": wanted.source} | facts,
        ),
        by=by,
        at=at,
    )
    if kinds := KINDS_OF.get(code):
        wake(kinds, at=max(at, start_of(effective_from)))
    return version
