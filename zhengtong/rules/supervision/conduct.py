"""Knows what a case's history shows against the rules of procedure and material (domain-rules §5.3 P, M and some T).

Each check is a pure function of one history, the rule's version and what the house knows beside it; refuses to know
where any of them is stored. Imported cases are judged by their own deadlines only: their log names no posts, no
opinions and no stages of ours.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from zhengtong.rules import clock
from zhengtong.rules.calendar import Calendar
from zhengtong.rules.clock import Level, Limit, Pause, Unit, local_date
from zhengtong.rules.history import Act, History, LimitRecord
from zhengtong.rules.kinds import Kind
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.procedure import MOVES, ROLE_OF, Stage, State, Step
from zhengtong.rules.roles import Role
from zhengtong.rules.supervision.definition import Definition
from zhengtong.rules.supervision.findings import Evidence, Finding
from zhengtong.rules.supervision.timing import aspect_of, rule_of, signal_rule


@dataclass(frozen=True, slots=True)
class PostSpan:
    """Who held which post when; `everywhere`: of the service centre."""

    role: str
    organ_id: int
    everywhere: bool
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What an item version lists."""

    procedures: frozenset[str] = frozenset()
    materials: frozenset[str] = frozenset()
    shareable: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Known:
    """What the house knows beside the histories of a slice. `posts` None: unknown, nobody is judged by them."""

    calendar: Calendar
    posts: Mapping[int, Sequence[PostSpan]] | None = None
    items: Mapping[int, ItemFacts] = field(default_factory=dict)
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # case → required materials not brought
    returned: Mapping[str, tuple[str, date]] = field(default_factory=dict)  # case → (one turned away before it, when)


Check = Callable[[History, Definition, Known], Iterator[Finding]]

ANSWERED = (
    Kind.CASE_ACCEPTED, Kind.CASE_DEEMED_ACCEPTED, Kind.CASE_ACCEPTANCE_REFUSED, Kind.CASE_SUPPLEMENT_REQUESTED,
)  # fmt: skip
TAKEN_BACK = frozenset({State.VOID.value, State.WITHDRAWN.value})  # no card once a case is void or withdrawn [S5]
ONLINE = frozenset({"2", "3"})  # 网上、手机


def findings(history: History, rules: Mapping[str, Definition], known: Known) -> tuple[Finding, ...]:
    """Everything the rules in force find in one history, lateness first."""
    if history.state in TAKEN_BACK:
        return ()
    found = list(late(history, rules, known.calendar))
    if not history.imported:
        for code, check in CHECKS.items():
            if code in rules:
                found += check(history, rules[code], known)
    return tuple(found)


def _finding(
    history: History, code: str, level: Level, *acts: Act, officer: int | None = None, aspect: str = "", **facts: Any
) -> Finding:
    return Finding(
        rule_code=code,
        level=level,
        subject_kind="case",
        subject_key=history.number,
        organ_id=history.organ_id,
        section_id=history.section_id,
        officer_id=officer
        if officer is not None
        else next((a.actor_id for a in acts if a.actor_kind == "officer"), None),
        evidence=tuple(Evidence("case", history.number, act.seq, {"kind": act.kind}) for act in acts),
        facts={"key": history.number} | facts,
        aspect=aspect,
        imported=history.imported,
    )


# --- lateness: what a limit that ended too late shows afterwards, whoever was looking while it ran ---


def late(history: History, rules: Mapping[str, Definition], calendar: Calendar) -> Iterator[Finding]:
    """One finding for each limit that was missed. Running limits are the sweep's (`flows/supervise.py`)."""
    for limit in history.limits:
        kind = DeadlineKind(limit.kind)
        # A question to another section is that section's to answer; only the sweep knows which one was asked.
        level = missed(limit, rules, calendar) if kind is not DeadlineKind.CONSULTATION else None
        if level is None or limit.due_on is None:
            continue
        code = rule_for(kind, level, history.case_kind, rules)
        acts = tuple(act for act in history.acts if act.at == limit.closed_at)[-1:] or history.acts[-1:]
        yield _finding(
            history, code, level, *acts, officer=responsible(kind, history), aspect=aspect_of(kind, limit.ordinal),
            due=limit.due_on.isoformat(), limit=limit.kind, **_immediate(code, history),
        )  # fmt: skip


def _immediate(code: str, history: History) -> dict[str, str]:
    if code != "T-05" or history.accepted_on is None:
        return {}
    ended = history.decided_at or history.finished_at
    return {"accepted": history.accepted_on.isoformat(), "finished": local_date(ended).isoformat() if ended else ""}


def missed(limit: LimitRecord, rules: Mapping[str, Definition], calendar: Calendar) -> Level | None:
    """The level an ended limit had reached beyond its due instant; None: in time, void, running or on a 暂定 date."""
    if limit.outcome != "missed" or limit.closed_at is None or limit.due_at is None or limit.provisional:
        return None
    return next(
        (
            signal.level
            for signal in reversed(signals_of(limit, rules, calendar))
            if limit.due_at < signal.at <= limit.closed_at
        ),
        None,
    )


def signals_of(limit: LimitRecord, rules: Mapping[str, Definition], calendar: Calendar) -> tuple[clock.Signal, ...]:
    """When supervision looks, or would have looked, at a limit under these rules."""
    rule = signal_rule(DeadlineKind(limit.kind), rules)
    if rule is None:
        return ()
    due = clock.Due(limit.due_on, limit.due_at, limit.provisional)
    amount = Limit(limit.amount, Unit(limit.unit))
    return clock.signals(limit.started_on, amount, pauses_of(limit), calendar, due, rule=rule)


def pauses_of(limit: LimitRecord) -> list[Pause]:
    return [
        Pause(date.fromisoformat(p["since"]), date.fromisoformat(p["until"]) if p["until"] else None, p["cause"])
        for p in limit.pauses
    ]


def rule_for(kind: DeadlineKind, level: Level, case_kind: str, rules: Mapping[str, Definition]) -> str:
    """即办件 not finished the same day is T-05, not T-02: one lateness, one card."""
    code = rule_of(kind, level, rules)
    return "T-05" if code == "T-02" and case_kind == "IMMEDIATE" and "T-05" in rules else code


def responsible(kind: DeadlineKind, history: History) -> int | None:
    """Whose card it is: who holds the case, else who did the last of what the limit is about."""
    if kind is DeadlineKind.NOTICE or kind is DeadlineKind.DELIVERY:
        return history.holder_id or history.acceptor_id
    return history.holder_id or history.approver_id or history.reviewer_id or history.handler_id


# --- time, from the acts ---


def preacceptance(history: History, rule: Definition, known: Known) -> Iterator[Finding]:
    """T-08: an online application is answered within the limit of pre-acceptance."""
    received, answered = history.first(Kind.CASE_SUBMITTED), history.first(*ANSWERED)
    if history.channel not in ONLINE or received is None or answered is None:
        return
    allowed = int(rule.threshold("limit_days"))
    used = known.calendar.working_days(local_date(received.at), local_date(answered.at))
    level = rule.level_of(used - allowed)
    if level is not None:
        # Of one silence only one card: the ladder is shared with T-07.
        yield _finding(history, rule.code, level, received, answered, officer=history.acceptor_id,
                       aspect=aspect_of(DeadlineKind.NOTICE, 0), used=used, limit=allowed)  # fmt: skip


def extension(history: History, rule: Definition, known: Known) -> Iterator[Finding]:
    """T-13: art. 42 allows an extension before the limit ends, with a reason, by the head of the organ."""
    for act in history.of(Kind.CASE_EXTENDED):
        was = act.facts.get("legal_was")
        what = [
            word
            for word, wrong in (
                ("期限届满后延长", bool(was) and local_date(act.at) > date.fromisoformat(str(was))),
                ("没有理由", not str(act.facts.get("reason", "")).strip()),
                ("无批准人", act.actor_kind != "officer" or not _held(act, {Role.APPROVER}, history, known)),
            )
            if wrong
        ]
        if what:
            yield _finding(history, rule.code, Level.RED, act, aspect=f"act:{act.seq}", what="、".join(what))


# --- procedure ---


def skipped(history: History, rule: Definition, known: Known) -> Iterator[Finding]:
    """P-01: a decision without acceptance, handling or review on record."""
    decided = history.first(Kind.CASE_DECIDED, Kind.CASE_SENT_UP)
    if decided is None:
        return
    needed = [Stage.ACCEPT] if history.case_kind == "IMMEDIATE" else [Stage.ACCEPT, Stage.PROCESS, Stage.REVIEW]
    before = [act for act in history.acts if act.seq < decided.seq]
    seen = {str(act.facts.get("stage", "")) for act in before if act.kind == Kind.CASE_FORWARDED.value}
    if any(act.kind in (Kind.CASE_ACCEPTED.value, Kind.CASE_DEEMED_ACCEPTED.value) for act in before):
        seen.add(Stage.ACCEPT.value)
    missing = [stage.value for stage in needed if stage.value not in seen]
    if missing and (level := rule.level_of(len(missing))) is not None:
        yield _finding(history, rule.code, level, decided, stages=missing)


def reversed_order(history: History, rule: Definition, known: Known) -> Iterator[Finding]:
    """P-02: an act dated before the one it follows."""
    for earlier, later in zip(history.acts, history.acts[1:], strict=False):
        if later.at < earlier.at:
            yield _finding(
                history, rule.code, Level.YELLOW, earlier, later, officer=later.actor_id, aspect=f"act:{later.seq}",
                what=f"#{later.seq} < #{earlier.seq}",
            )  # fmt: skip


def same_person(history: History, rule: Definition, known: Known) -> Iterator[Finding]:
    """P-03: 审核 ≠ 承办, 批准 ≠ 审核 nor 承办 (§3.1). 即办件 are one person's by law (art. 34(2))."""
    if history.case_kind == "IMMEDIATE":
        return
    did: dict[str, Act] = {}
    for act in history.of(Kind.CASE_FORWARDED, Kind.CASE_DECIDED, Kind.CASE_SENT_UP):
        if act.actor_kind == "officer":
            stage = str(act.facts.get("stage", "")) if act.kind == Kind.CASE_FORWARDED.value else Stage.APPROVE.value
            did[stage] = act
    order = [stage.value for stage in (Stage.PROCESS, Stage.REVIEW, Stage.APPROVE) if stage.value in did]
    for index, stage in enumerate(order):
        for other in order[index + 1 :]:
            if did[stage].actor_id == did[other].actor_id:
                yield _finding(
                    history, rule.code, Level.YELLOW, did[stage], did[other], aspect=f"{stage}:{other}",
                    stages=[stage, other],
                )  # fmt: skip


_NEEDS: dict[str, frozenset[Role]] = {
    MOVES[step].kind.value: MOVES[step].roles
    for step in (
        Step.ACCEPT, Step.REFUSE_ACCEPTANCE, Step.REQUEST_SUPPLEMENT, Step.DECIDE, Step.EXTEND, Step.FINISH,
        Step.DELIVER, Step.VOID,
    )
}  # fmt: skip


def without_post(history: History, rule: Definition, known: Known) -> Iterator[Finding]:
    """P-04: the actor held no post that day that allows the act, nor stood in for one who did."""
    if known.posts is None:
        return
    for act in history.acts:
        needed = _NEEDS.get(act.kind)
        if act.kind == Kind.CASE_FORWARDED.value and act.facts.get("stage"):
            needed = frozenset({ROLE_OF[Stage(act.facts["stage"])]})
        if needed and act.actor_kind == "officer" and not _held(act, needed, history, known):
            yield _finding(
                history, rule.code, Level.RED, act, aspect=f"act:{act.seq}", officer=act.actor_id,
                act=act.kind,
            )  # fmt: skip


def _held(act: Act, roles: frozenset[Role] | set[Role], history: History, known: Known) -> bool:
    if known.posts is None:
        return True
    on = local_date(act.at)
    people = [act.actor_id, act.facts.get("substitute_for")]
    return any(
        post.role in roles
        and (post.everywhere or post.organ_id == history.organ_id)
        and post.since <= on
        and (post.until is None or on <= post.until)
        for person in people
        if person is not None
        for post in known.posts.get(int(person), ())
    )


def unreasoned(history: History, rule: Definition, known: Known) -> Iterator[Finding]:
    """P-05: a refusal (of acceptance, or of the application: art. 38(2)) whose reason says nothing."""
    for act in history.of(Kind.CASE_ACCEPTANCE_REFUSED, Kind.CASE_DECIDED):
        if act.kind == Kind.CASE_DECIDED.value and act.facts.get("decision") != "REFUSE":
            continue
        said = str(act.facts.get("reason") or act.facts.get("opinion") or "").strip()
        if (level := rule.level_of(len(said))) is not None:
            yield _finding(history, rule.code, level, act, aspect=f"act:{act.seq}")


def unlisted_procedure(history: History, rule: Definition, known: Known) -> Iterator[Finding]:
    """P-07: art. 45 names what may stop the clock; the item lists which of them it uses."""
    listed = known.items.get(history.item_version_id)
    for act in history.of(Kind.CASE_SUSPENDED):
        name = str(act.facts.get("procedure", ""))
        if not str(act.facts.get("basis", "")).strip() or (listed is not None and name not in listed.procedures):
            yield _finding(history, rule.code, Level.YELLOW, act, aspect=f"act:{act.seq}", procedure=name)


def suspension_abuse(history: History, rule: Definition, known: Known) -> Iterator[Finding]:
    """P-08: suspended most of the time, too often, or just before the end."""
    started = history.of(Kind.CASE_SUSPENDED)
    if not started:
        return
    what = []
    if len(started) >= rule.threshold("times"):
        what.append(f"暂停 {len(started)} 次")
    share = _suspended_percent(history)
    if share is not None and share > rule.threshold("share_percent"):
        what.append(f"暂停占全程 {share}%")
    close = rule.threshold("days_before_due")
    near = [act for act in started if (left := _days_left(history, act, known.calendar)) is not None and left <= close]
    if near:
        what.append("临近到期时暂停")
    if what:
        yield _finding(history, rule.code, Level.WARN, *(near or started), what="、".join(what))


def _suspended_percent(history: History) -> int | None:
    """Of the time from acceptance to decision; None while it runs."""
    accepted, ended = history.first(Kind.CASE_ACCEPTED, Kind.CASE_DEEMED_ACCEPTED), history.decided_at
    if accepted is None or ended is None or ended <= accepted.at:
        return None
    stopped, since = 0.0, None
    for act in history.of(Kind.CASE_SUSPENDED, Kind.CASE_RESUMED):
        if act.kind == Kind.CASE_SUSPENDED.value:
            since = act.at
        elif since is not None:
            stopped += (act.at - since).total_seconds()
            since = None
    return int(stopped * 100 // (ended - accepted.at).total_seconds())


def _days_left(history: History, act: Act, calendar: Calendar) -> int | None:
    """Working days between a suspension and the promise as it stood before it."""
    promise = history.limit(DeadlineKind.PROMISE.value)
    on = local_date(act.at)
    if promise is None or promise.unit == Unit.MOMENT.value:
        return None
    before = [pause for pause in pauses_of(promise) if pause.since < on and pause.until is not None]
    due = clock.due(promise.started_on, Limit(promise.amount, Unit(promise.unit)), before, calendar)
    return None if due.on is None or due.on < on else calendar.working_days(on, due.on)


# --- material and acceptance ---


def accepted_without(history: History, rule: Definition, known: Known) -> Iterator[Finding]:
    """M-01: a required material was not there when the case was accepted."""
    missing = known.missing.get(history.number, ())
    accepted = history.first(Kind.CASE_ACCEPTED)
    if accepted is not None and missing and (level := rule.level_of(len(missing))) is not None:
        yield _finding(history, rule.code, level, accepted, materials=list(missing))


def second_notice(history: History, rule: Definition, known: Known) -> Iterator[Finding]:
    """M-02: a second notice may only name what was handed in since the first (art. 32(1)(4)).

    A material the first notice did not name lay on the table then, and could have been seen.
    """
    named: set[str] = set()
    for number, act in enumerate(history.of(Kind.CASE_SUPPLEMENT_REQUESTED)):
        materials = [str(name) for name in act.facts.get("materials", [])]
        new = [name for name in materials if name not in named]
        if number and new and (level := rule.level_of(len(new))) is not None:
            yield _finding(history, rule.code, level, act, aspect=f"act:{act.seq}", materials=new)
        named |= set(materials)


def _asked(history: History) -> Iterator[tuple[Act, list[str]]]:
    for act in history.of(Kind.CASE_SUPPLEMENT_REQUESTED):
        yield act, [str(name) for name in act.facts.get("materials", []) if str(name).strip()]


def unlisted_material(history: History, rule: Definition, known: Known) -> Iterator[Finding]:
    """M-03: nothing outside the item's list may be asked for."""
    listed = known.items.get(history.item_version_id)
    if listed is None or not listed.materials:
        return
    for act, names in _asked(history):
        outside = [name for name in names if name not in listed.materials]
        if outside and (level := rule.level_of(len(outside))) is not None:
            yield _finding(history, rule.code, level, act, aspect=f"act:{act.seq}", materials=outside)


def shareable_material(history: History, rule: Definition, known: Known) -> Iterator[Finding]:
    """M-04: what the house can have by sharing is not asked of the applicant."""
    listed = known.items.get(history.item_version_id)
    for act, names in _asked(history):
        had = [name for name in names if listed is not None and name in listed.shareable]
        if had and (level := rule.level_of(len(had))) is not None:
            yield _finding(history, rule.code, level, act, aspect=f"act:{act.seq}", materials=had)


def returned_then_accepted(history: History, rule: Definition, known: Known) -> Iterator[Finding]:
    """M-05: turned away, and accepted from the same applicant for the same item within a few days."""
    accepted = history.first(Kind.CASE_ACCEPTED)
    before = known.returned.get(history.number)
    if accepted is None or before is None:
        return
    other, on = before
    days = (local_date(accepted.at) - on).days
    if 0 <= days <= rule.threshold("days"):
        yield _finding(history, rule.code, Level.WARN, accepted, other=other, days=days)


CHECKS: dict[str, Check] = {
    "T-08": preacceptance,
    "T-13": extension,
    "P-01": skipped,
    "P-02": reversed_order,
    "P-03": same_person,
    "P-04": without_post,
    "P-05": unreasoned,
    "P-07": unlisted_procedure,
    "P-08": suspension_abuse,
    "M-01": accepted_without,
    "M-02": second_notice,
    "M-03": unlisted_material,
    "M-04": shareable_material,
    "M-05": returned_then_accepted,
}


def happened_at(finding: Finding, history: History) -> datetime | None:
    """When what a finding shows happened: its last evidence, for counting by period."""
    seqs = [one.seq for one in finding.evidence if one.subject_key == history.number]
    return next((act.at for act in reversed(history.acts) if act.seq in seqs), None)
