"""办理经过: every entry of a case in words, newest first, inner ones included."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from zhengtong.domains.cases import queries as cases
from zhengtong.rules.kinds import PUBLIC_KINDS, Kind
from zhengtong.rules.procedure import NEXT_STAGE, STAGES, Stage, State
from zhengtong.web.desk import words
from zhengtong.web.frame.acts import Act, fact_lines, said, who

STOPPED = {State.NOT_ACCEPTED, State.LAPSED, State.WITHDRAWN, State.VOID}


def acts(entries: Sequence[cases.Entry]) -> list[Act]:
    return [_act(entry) for entry in reversed(entries)]


def _act(entry: cases.Entry) -> Act:
    facts = json.loads(entry.facts)
    title: Any = words.word(words.KINDS, entry.kind)
    if entry.kind == Kind.CASE_ACT_RECORDED.value:
        title = facts.pop("label", "") or facts.pop("activity", "") or title
    stage = facts.get("stage")
    if entry.kind == Kind.CASE_FORWARDED.value and stage in NEXT_STAGE:
        title = _("%(from)s → %(to)s") % {"from": words.STAGES[stage], "to": words.STAGES[NEXT_STAGE[Stage(stage)]]}
    if entry.kind == Kind.CASE_DECIDED.value:
        title = f"{title} · {words.word(words.DECISIONS, str(facts.get('decision', '')))}"
    lines = fact_lines(facts, words.FACTS, _said)
    if facts.get("substitute_for"):
        lines.append((_("AB岗"), _("代为办理")))
    return Act(title, entry.at, who(entry), lines, entry.kind not in {k.value for k in PUBLIC_KINDS})


def _said(value: Any) -> str:
    word = words.DECISIONS.get(str(value), words.DELIVERY_MODES.get(str(value)))
    return said(value) if word is None else str(word)


@dataclass(frozen=True, slots=True)
class StageShown:
    label: Any
    state: str
    note: str = ""


def stages(case: cases.Case, entries: Sequence[cases.Entry]) -> list[StageShown]:
    """The five stages; under each who did it."""
    did: dict[str, str] = {}
    for entry in entries:
        facts = json.loads(entry.facts)
        stage = {
            Kind.CASE_ACCEPTED.value: Stage.ACCEPT.value,
            Kind.CASE_DEEMED_ACCEPTED.value: Stage.ACCEPT.value,
            Kind.CASE_FORWARDED.value: facts.get("stage", ""),
            Kind.CASE_DECIDED.value: Stage.APPROVE.value,
            Kind.CASE_FINISHED.value: Stage.FINISH.value,
            Kind.CASE_ACT_RECORDED.value: facts.get("stage", ""),
        }.get(entry.kind)
        if stage:
            did[stage] = entry.actor_name
    state = State(case.state)
    now = STAGES.index(Stage(case.suspended_stage or case.stage))
    over = case.delivered_at is not None or (case.finished_at is not None and state not in STOPPED)
    shown = []
    for place, stage_ in enumerate(STAGES):
        if over or place < now:
            light = "past"
        elif place > now:
            light = "todo"
        elif state in STOPPED:
            light = "refused"
        else:
            light = "stopped" if state in (State.SUSPENDED, State.SUPPLEMENT) else "now"
        shown.append(StageShown(words.STAGES[stage_], light, did.get(stage_.value, "") if light != "todo" else ""))
    return shown
