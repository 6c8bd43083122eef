"""One form for each step of a letter. A form asks what its flow takes, and `run` calls that flow; no rule here."""

from datetime import datetime
from typing import Any

from zhengtong.base.permission import Acting
from zhengtong.domains.letters import queries as letters
from zhengtong.rules.letters import LetterKind, LetterState, LetterStep, Mailbox, Side, letter_steps, needs_approval
from zhengtong.rules.roles import Ability
from zhengtong.web.desk.letters.answering import (
    ApproveForm,
    CloseForm,
    DraftForm,
    RecallForm,
    ReopenForm,
    ReplyForm,
    RevisitForm,
    SendBackForm,
    SendForm,
)
from zhengtong.web.desk.letters.form import LetterForm
from zhengtong.web.desk.letters.handling import (
    AskExtensionForm,
    DeclineExtensionForm,
    ExtendForm,
    MergeForm,
    ModerateForm,
    ReclassifyForm,
    ReturnForm,
    RouteForm,
    TakeForm,
    UnmergeForm,
)
from zhengtong.web.desk.letters.leaving import (
    ConvertCaseForm,
    ConvertDisclosureForm,
    ConvertOrderForm,
    PassOnForm,
    RefuseForm,
    TransferForm,
)

FORMS: tuple[tuple[LetterStep, type[LetterForm]], ...] = (
    (LetterStep.TAKE, TakeForm),
    (LetterStep.APPROVE, ApproveForm),
    (LetterStep.SEND_BACK, SendBackForm),
    (LetterStep.SEND_BACK, RecallForm),
    (LetterStep.SEND, SendForm),
    (LetterStep.DRAFT, DraftForm),
    (LetterStep.ROUTE, RouteForm),
    (LetterStep.EXTEND, ExtendForm),
    (LetterStep.DECLINE_EXTENSION, DeclineExtensionForm),
    (LetterStep.REVISIT, RevisitForm),
    (LetterStep.REOPEN, ReopenForm),
    (LetterStep.ASK_EXTENSION, AskExtensionForm),
    (LetterStep.MODERATE, ModerateForm),
    (LetterStep.RECLASSIFY, ReclassifyForm),
    (LetterStep.MERGE, MergeForm),
    (LetterStep.MERGE, UnmergeForm),
    (LetterStep.CONVERT, ConvertCaseForm),
    (LetterStep.CONVERT, ConvertOrderForm),
    (LetterStep.CONVERT, ConvertDisclosureForm),
    (LetterStep.RETURN, ReturnForm),
    (LetterStep.TRANSFER, TransferForm),
    (LetterStep.TRANSFER, PassOnForm),
    (LetterStep.REFUSE, RefuseForm),
    (LetterStep.CLOSE, CloseForm),
)


BY_NAME: dict[str, type[LetterForm]] = {form.name: form for _step, form in FORMS}


_TIPS_ONLY = frozenset(
    {TakeForm, SendForm, ModerateForm, ReclassifyForm, TransferForm, CloseForm}
)  # a tip stays where it is


def offered(
    letter: letters.Letter, by: Acting, *, draft: Any, extension: Any, unhappy: bool, template: str, at: datetime
) -> list[LetterForm]:
    """What this person may do with this letter now, the likely step first. The flow asks the rule again."""
    found = letters.sides(by, letter)
    state = LetterState(letter.state)
    possible = {step for side in found for step in letter_steps(state, side)}
    if unhappy and Side.REVISITOR in found and letter.round == 1:
        possible.add(LetterStep.REOPEN)
    forms_: list[LetterForm] = []
    for step, form in FORMS:
        if form is ConvertOrderForm:
            allowed = by.can(Ability.SUPERVISE) and step in set(letter_steps(state, Side.KEEPER))
        elif form is RecallForm:
            allowed = state is LetterState.DRAFTED and Side.ANSWERER in found
        elif form is UnmergeForm:
            allowed = state is LetterState.MERGED and Side.KEEPER in found
        else:
            allowed = step in possible
        if allowed and _fits(form, letter, by, draft=draft, extension=extension, at=at):
            back = draft if draft is not None and draft.state == "back" else None
            extra = {"draft": back, "template": template} if issubclass(form, ReplyForm) else {}
            forms_.append(form(letter=letter, **extra))
    return [one for one in forms_ if not isinstance(one, PassOnForm) or one.partners]


def _fits(
    form: type[LetterForm], letter: letters.Letter, by: Acting, *, draft: Any, extension: Any, at: datetime
) -> bool:
    tip = letter.kind == LetterKind.TIP.value
    in_hand = letter.handler_id is None or letter.handler_id in by.principals()
    approval = needs_approval(LetterKind(letter.kind), Mailbox(letter.mailbox), letter.round)
    waiting = extension is not None and extension.granted is None
    if tip and form not in _TIPS_ONLY:
        return False
    if form is SendForm:
        return in_hand and not approval
    if form is DraftForm:
        return in_hand and approval
    if form is RecallForm:
        return draft is not None and draft.writer_id in by.principals()
    if form in (ApproveForm, SendBackForm):
        return draft is not None and draft.writer_id != by.id
    if form is AskExtensionForm:
        return in_hand and extension is None and letter.due_at is not None and at <= letter.due_at
    if form in (ExtendForm, DeclineExtensionForm):
        return waiting and extension.asked_by_id != by.id
    if form is ReopenForm:
        return letter.round == 1
    if form is PassOnForm:
        return not letter.confidential
    return not (form is ConvertCaseForm and letter.account_id is None)
