"""The acts of a case that end a stage, as officers recorded them here: imported logs keep another house's clock."""

from typing import NamedTuple

from zhengtong.rules.history import Act, History
from zhengtong.rules.kinds import Kind
from zhengtong.rules.procedure import Stage

OFFICER = "officer"
_ENDS: dict[str, Stage] = {
    Kind.CASE_ACCEPTED.value: Stage.ACCEPT,
    Kind.CASE_SENT_UP.value: Stage.APPROVE,
    Kind.CASE_DECIDED.value: Stage.APPROVE,
    Kind.CASE_FINISHED.value: Stage.FINISH,
}
# Steps that move a case; a note or a message in the evening is nobody's concern.
STEPS = frozenset(
    {
        *_ENDS,
        Kind.CASE_FORWARDED.value,
        Kind.CASE_ACCEPTANCE_REFUSED.value,
        Kind.CASE_SUPPLEMENT_REQUESTED.value,
        Kind.CASE_RETURNED.value,
        Kind.CASE_SUSPENDED.value,
        Kind.CASE_RESUMED.value,
        Kind.CASE_EXTENDED.value,
        Kind.CASE_RESULT_BACK.value,
        Kind.CASE_DELIVERED.value,
        Kind.CASE_VOIDED.value,
    }
)


class Mark(NamedTuple):
    act: Act
    stage: Stage


def marks(history: History) -> list[Mark]:
    """Stage ends in the order of the journal, those a later return or recall undid among them."""
    found = []
    for act in history.acts:
        if act.actor_kind != OFFICER:
            continue
        if act.kind == Kind.CASE_FORWARDED.value:
            found.append(Mark(act, Stage(act.facts.get("stage", Stage.PROCESS.value))))
        elif act.kind in _ENDS:
            found.append(Mark(act, _ENDS[act.kind]))
    return found
