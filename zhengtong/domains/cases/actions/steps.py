"""What every step shares: who may take it, and the journal event that names the post used."""

from typing import Any

from zhengtong.base.journal import Event
from zhengtong.base.permission import Acting, ActorKind, PostHeld
from zhengtong.domains.cases.models import Case
from zhengtong.rules.kinds import Kind
from zhengtong.rules.procedure import (
    BY_APPLICANT,
    BY_CLOCK,
    HANDLING,
    OF_THE_STAGE,
    PROPOSING,
    ROLE_OF,
    WINDOW,
    Move,
    Stage,
    State,
    Step,
    check_step,
)
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Role
from zhengtong.rules.text import clean_text, require_text


def subject(case: Case) -> tuple[str, str]:
    return (case.journal_kind, case.number)


def allow(case: Case, step: Step, by: Acting) -> tuple[Move, PostHeld | None]:
    """The move and the post it is taken in. Refuses a wrong state first, then a missing post."""
    move = check_step(step, State(case.state))
    if (by.kind is ActorKind.SYSTEM and step in BY_CLOCK) or (by.kind is ActorKind.APPLICANT and step in BY_APPLICANT):
        return move, None
    # Handling is done in the post of the stage: who also holds another one does not act in that (recall: see there).
    roles = {ROLE_OF[Stage(case.suspended_stage or case.stage)]} if step in OF_THE_STAGE else move.roles
    # Windows serve the whole organ; the other posts only their section.
    section = None if move.roles <= WINDOW else case.section_id
    post = by.post_for(roles, case.organ_id, section, holder=case.holder_id)
    if post is None:
        raise Refusal(RefusalCode.PERMISSION_MISSING, needed=step.value)
    return move, post


def allow_holder(case: Case, step: Step, by: Acting) -> tuple[Move, PostHeld | None]:
    """As `allow`, and the case must be in this person's hands, or in those of whom they stand in for (AB岗)."""
    move, post = allow(case, step, by)
    if move.roles & HANDLING and case.holder_id not in by.principals():
        raise Refusal(RefusalCode.CASE_NOT_IN_HAND, holder=case.holder.name if case.holder else "")
    return move, post


def check_proposes(case: Case, by: Acting) -> None:
    """What needs a second person is proposed by who holds the case, works at the window or heads the section."""
    if case.holder_id not in by.principals() and by.post_for(PROPOSING, case.organ_id) is None:
        raise Refusal(RefusalCode.CASE_NOT_IN_HAND, holder=case.holder.name if case.holder else "")


def why_not(case: Case, step: Step, proposer: int, deciding: frozenset[Role], reason: str, by: Acting) -> str:
    """The reason for turning a proposal down: whoever decides it gives one, its proposer may take it back without."""
    if by.id == proposer:
        return clean_text(reason, 500, "reason") if reason else ""
    if by.post_for(deciding, case.organ_id, case.section_id) is None:
        raise Refusal(RefusalCode.PERMISSION_MISSING, needed=step.value)
    return require_text(reason, 500, "reason")


def event(kind: Kind, post: PostHeld | None, **facts: Any) -> Event:
    """Empty facts are left out, so that an entry says only what is so."""
    if post is not None and post.principal_id is not None:
        facts["substitute_for"] = post.principal_id
    kept = {name: value for name, value in facts.items() if value not in (None, "", [])}
    return Event(kind, kept, post.label if post else "")
