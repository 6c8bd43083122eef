"""派发, 核实 and what the organ then does: mend at once, mend by a published plan, or explain."""

from datetime import datetime
from typing import Any

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.rectifications.actions.steps import Files, advance, allow, note_of, record, words
from zhengtong.domains.rectifications.models import Rectification
from zhengtong.domains.registry import queries as registry
from zhengtong.rules.rectifications import (
    AFTER,
    OUTCOMES,
    SET_ASIDE,
    RectState,
    RectStep,
    Verdict,
    answered,
    check_verdict,
    check_verifier,
)
from zhengtong.rules.refusal import Refusal, RefusalCode

ANONYMOUS, REVISITED, UNREACHABLE = "anonymous", "revisited", "unreachable"


@transaction.atomic
def dispatch(
    row: Rectification, *, organ_id: int, section_id: int | None, text: str = "", by: Acting, at: datetime
) -> None:
    """派发 to the organ and section that must verify it: who handled is responsible (谁办理、谁负责)."""
    move = allow(row, RectStep.DISPATCH, by)
    organ = registry.organ_for(organ_id)
    section = registry.section_for(section_id) if section_id is not None else None
    if section is not None and section.organ_id != organ.pk:
        raise Refusal(RefusalCode.SECTION_OF_OTHER_ORGAN)
    row.organ, row.section = organ, section  # the limit of the next state is the organ's
    advance(
        row, move.kind, RectState.VERIFY, note=note_of(row, RectStep.DISPATCH, words(text, "text", required=False),
        by=by, at=at), facts={"organ": organ.name, "section": section.name if section else ""},
        by=by, at=at, organ_id=organ.pk, section_id=section.pk if section else None,
    )  # fmt: skip


@transaction.atomic
def verify(
    row: Rectification,
    verdict: Verdict,
    *,
    text: str,
    plan: str = "",
    files: Files = (),
    by: Acting,
    at: datetime,
) -> None:
    """核实, never by the officer who was rated. The unhappy person reads what was found justified; everybody the `plan`."""
    move = allow(row, RectStep.VERIFY, by)
    check_verifier(by.officer_id, row.officer_id)
    check_verdict(verdict, files=len(files), plan=plan)
    # That somebody's rating is called untrue is told to them only when a second person has found so.
    note = note_of(row, RectStep.VERIFY, words(text, "text"), public=verdict not in SET_ASIDE, by=by, at=at)
    planned = words(plan, "plan") if verdict is Verdict.COMPLEX else ""
    published = {"plan": planned} if planned else {}  # what once stood in the public ledger stays there
    advance(
        row, move.kind, AFTER[verdict], note=note, files=files, facts={"verdict": verdict.value, "plan": planned},
        by=by, at=at, verdict=verdict.value, verifier_id=by.officer_id, verified_at=at, reviewer_id=None,
        appeal_state="", **published,
    )  # fmt: skip


def report_progress(row: Rectification, *, text: str, files: Files = (), by: Acting, at: datetime) -> None:
    """整改进展: a line in the public ledger; the limit runs on."""
    move = allow(row, RectStep.PROGRESS, by)
    note = note_of(row, RectStep.PROGRESS, words(text, "text"), public=True, by=by, at=at)
    with transaction.atomic():
        record(row, move.kind, note=note, files=files, by=by, at=at)


def fix(row: Rectification, *, text: str, files: Files = (), by: Acting, at: datetime) -> None:
    """整改完成: what was done, in words for the unhappy person."""
    _answer(row, RectStep.FIX, text, files, by, at)


def explain(row: Rectification, *, text: str, files: Files = (), by: Acting, at: datetime) -> None:
    """解释说明: what is asked has no basis in law, and why."""
    _answer(row, RectStep.EXPLAIN, text, files, by, at)


@transaction.atomic
def _answer(row: Rectification, step: RectStep, text: str, files: Files, by: Acting, at: datetime) -> None:
    move = allow(row, step, by)
    note = note_of(row, step, words(text, "text"), public=True, by=by, at=at)
    late = row.due_at is not None and at > row.due_at and not row.provisional
    advance(
        row, move.kind, answered(row.real_name), note=note, files=files, facts={"late": late or None}, by=by, at=at,
        mended_at=at, outcome=OUTCOMES[Verdict(row.verdict)].value, **ending(row, at),
    )  # fmt: skip


def ending(row: Rectification, at: datetime) -> dict[str, Any]:
    """Nobody can be called back about an anonymous rating: the answer ends it."""
    return {} if row.real_name else {"closed_at": at, "closed_from": ANONYMOUS}
