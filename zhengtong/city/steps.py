"""How each step of a life is taken: through the flows, by the person who would take it, in the post they hold."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from zhengtong.city import words
from zhengtong.city.lives import WINDOW, Event, Life
from zhengtong.city.town import Town
from zhengtong.domains.applications import actions as applications
from zhengtong.domains.applications import queries as applied
from zhengtong.domains.cases import queries as cases
from zhengtong.domains.cases.actions import Defect, read_thread
from zhengtong.domains.registry import queries as registry
from zhengtong.flows import (
    accept,
    decide,
    deliver,
    finish,
    forward,
    handle,
    handle_at_once,
    refuse_acceptance,
    request_supplement,
    send_up,
    special,
    stop_clock,
    submit,
    supplement,
    talk,
    void,
    withdraw,
)
from zhengtong.rules.clock import local_date
from zhengtong.rules.procedure import Stage

Step = Callable[..., Any]

PAPER, ELECTRONIC = "1", "2"
LICENSED_FOR = timedelta(days=3 * 365)  # a licence of the story runs three years
ASKED_SECTION = ("云泽市市场监督管理局", "登记注册科")  # who is consulted most


def take(town: Town, event: Event) -> None:
    """One step. Raises Refusal when the law says no, LookupError when nobody is there to take it."""
    if event.life is None:
        raise ValueError(event.verb)
    result = STEPS[event.verb](town, event.life, event.at, **event.facts)
    if hasattr(result, "journal_head") and hasattr(result, "holder_id"):
        town.keep(event.life, result)
    else:
        town.forget_cases([event.life.number])  # a step beside the case may have moved its version


# --- the applicant ---


@transaction.atomic
def _submit(town: Town, life: Life, at: datetime) -> Any:
    application = _drafted(town, life, at)
    taker = town.staff[town.present(town.clerk_no(life), at)] if life.channel == WINDOW else None
    by = town.filer(life, at)
    return submit.submit(application, seen=application.draft_version, by=by, at=at, taker=taker)


def _draft(town: Town, life: Life, at: datetime) -> None:
    """An application somebody began and will come back to."""
    if applied.draft_for_item(town.account(life).pk, town.items[life.item].pk, None) is None:
        _drafted(town, life, at, whole=False)


@transaction.atomic
def _drafted(town: Town, life: Life, at: datetime, *, whole: bool = True) -> Any:
    person, enterprise, account = town.person(life), town.enterprise(life), town.account(life)
    mandate = None
    if life.agent and enterprise is not None:
        mandate = registry.mandate_for(account.pk, enterprise_id=enterprise.pk, on=local_date(at))
    application = applications.start(
        town.items[life.item],
        uid=life.uid,
        person=person,
        enterprise=enterprise,
        channel=life.channel,
        by=town.filer(life, at),
        at=at,
        account_id=None if life.channel == WINDOW else account.pk,
        mandate=mandate,
        agent_name=person.name if life.agent else "",
        contact_phone=town.phone(life),
    )
    edition = town.edition(life)
    chosen, written = town.written(life, edition, local_date(at))
    if not whole:
        written = {code: rows for code, rows in written.items() if code != "confirm"}
    applications.save(
        application, seen=application.draft_version, answers=written, situation=chosen,
        delivery=_delivery(written), at=at,
    )  # fmt: skip
    for material in applied.asked_materials(application, edition):
        if whole and applied.must_upload(material, edition):
            _add(town, life, application, material, at, in_round=0)
    return application


def _delivery(written: dict[str, Any]) -> str:
    rows = written.get("confirm") or [{}]
    return str(rows[0].get("delivery") or "electronic")


def _add(town: Town, life: Life, application: Any, material: Any, at: datetime, *, in_round: int) -> None:
    applications.add_material(
        application,
        code=material.code,
        file=town.sheet(life, material.name),
        file_name=f"{material.name}.pdf"[:200],
        receive_mode=PAPER if life.channel == WINDOW else ELECTRONIC,
        copies=max(1, material.copies),
        supplement_round=in_round,
        at=at,
    )


@transaction.atomic
def _supplement(town: Town, life: Life, at: datetime) -> Any:
    case = town.case(life, at)
    asked = {line.material_code for line in cases.supplement_lines(case)}
    for material in town.edition(life).materials:
        if material.code in asked:
            _add(town, life, case.application, material, at, in_round=case.supplements)
    return supplement.supplement(case.number, seen=None, by=town.filer(life, at), at=at)


def _withdraw(town: Town, life: Life, at: datetime, *, reason: str) -> Any:
    return withdraw.withdraw(town.case(life, at).number, reason=reason, seen=None, by=town.filer(life, at), at=at)


def _ask(town: Town, life: Life, at: datetime, *, text: str) -> Any:
    if life.channel != WINDOW:
        talk.say(town.case(life, at).number, text=text, by=town.applicant(life), at=at)


def _urge(town: Town, life: Life, at: datetime) -> None:
    if life.channel != WINDOW:
        talk.urge(town.case(life, at).number, by=town.applicant(life), at=at)


# --- the window ---


def _accept(town: Town, life: Life, at: datetime) -> Any:
    return accept.accept(town.case(life, at).number, seen=None, by=town.clerk(life, at), at=at)


def _at_once(town: Town, life: Life, at: datetime, *, opinion: str) -> Any:
    number = town.case(life, at).number
    return handle_at_once.handle_at_once(number, opinion=opinion, seen=None, by=town.clerk(life, at), at=at)


def _refuse_acceptance(town: Town, life: Life, at: datetime, **reasons: Any) -> Any:
    number = town.case(life, at).number
    return refuse_acceptance.refuse_acceptance(number, **reasons, seen=None, by=town.clerk(life, at), at=at)


def _request_supplement(town: Town, life: Life, at: datetime, *, problem: tuple[str, str]) -> Any:
    edition, case = town.edition(life), town.case(life, at)
    asked = [m for m in edition.materials if applied.must_upload(m, edition)] or list(edition.materials)
    material = asked[life.number % len(asked)]
    defect = Defect(material.code, material.name, *problem)
    return request_supplement.request_supplement(case.number, [defect], seen=None, by=town.clerk(life, at), at=at)


def _finish(town: Town, life: Life, at: datetime, *, note: str) -> Any:
    return finish.finish(town.case(life, at).number, note=note, seen=None, by=town.clerk(life, at), at=at)


def _deliver(town: Town, life: Life, at: datetime, *, mode: str, tracking_no: str) -> Any:
    case = town.case(life, at)
    recipient = town.person(life).name
    return deliver.deliver(
        case.number, mode=mode, recipient=recipient, tracking_no=tracking_no, seen=None, by=town.clerk(life, at), at=at
    )


def _propose_void(town: Town, life: Life, at: datetime, *, reason: str) -> Any:
    return void.propose_void(town.case(life, at).number, reason=reason, seen=None, by=town.clerk(life, at), at=at)


def _void(town: Town, life: Life, at: datetime) -> Any:
    case = town.case(life, at)
    return void.void(case.number, seen=None, by=town.head(case, at), at=at)


# --- handling ---


def _dispatch(town: Town, life: Life, at: datetime, *, to: str) -> Any:
    """The head of the section gives it to one they name, where chance has not done so already."""
    case, officer = town.case(life, at), town.staff[to]
    if case.holder_id == officer.pk:
        return case
    reason = words.DISPATCHED[life.number % len(words.DISPATCHED)]
    return handle.assign(case.number, to=officer.pk, reason=reason, seen=None, by=town.head(case, at), at=at)


def _forward(town: Town, life: Life, at: datetime, *, opinion: str) -> Any:
    case = town.case(life, at)
    return forward.forward(case.number, opinion=opinion, seen=None, by=town.holder(case, at), at=at)


def _tick(town: Town, life: Life, at: datetime, *, share: float) -> None:
    """The first lines of the stage's checklist, as far as the officer has come."""
    case, stage = town.case(life, at), Stage(town.case(life, at).stage)
    points = town.edition(life).checklist.get(stage.value, ())
    for point in points[: round(len(points) * share)]:
        handle.tick(case.number, stage=stage, code=point.code, done=True, by=town.holder(case, at), at=at)


def _ask_special(town: Town, life: Life, at: datetime, *, reason: str) -> Any:
    return special.ask_special(town.case(life, at).number, reason=reason, seen=None, by=town.clerk(life, at), at=at)


def _grant_special(town: Town, life: Life, at: datetime) -> Any:
    case = town.case(life, at)
    days = cases.most_special_days(case, town.edition(life), cases.law_for(case), local_date(at)) or None
    return special.grant_special(case.number, days=days, seen=None, by=town.manager(at), at=at)


def _send_back(town: Town, life: Life, at: datetime, *, reason: str) -> Any:
    case = town.case(life, at)
    return handle.send_back(case.number, reason=reason, seen=None, by=town.holder(case, at), at=at)


def _recall(town: Town, life: Life, at: datetime) -> Any:
    case = town.case(life, at)
    return handle.recall(case.number, seen=None, by=town.acting(town.staff_no[case.handler_id], at), at=at)


def _consult(town: Town, life: Life, at: datetime, *, question: str) -> None:
    case = town.case(life, at)
    organ, name = ASKED_SECTION
    section = next(s for s in registry.sections_of() if s.organ.name == organ and s.name == name)
    by = town.holder(case, at)
    handle.consult(case.number, section_id=section.pk, question=question, seen=None, by=by, at=at)


def _answer(town: Town, life: Life, at: datetime, *, agrees: bool, text: str) -> None:
    case = town.case(life, at)
    asked = next(c for c in cases.consultations(case) if c.answered_at is None)
    by = town.colleague(asked.section.name, _organ_code(asked), at)
    handle.answer(asked.pk, agrees=agrees, text=text, by=by, at=at)


def _organ_code(asked: Any) -> str:
    return str(registry.section_for(asked.section_id).organ.code)


def _suspend(town: Town, life: Life, at: datetime, *, code: str, reason: str, days: int) -> Any:
    case = town.case(life, at)
    by = town.holder(case, at)
    return stop_clock.suspend(case.number, code=code, reason=reason, days=days, seen=None, by=by, at=at)


def _resume(town: Town, life: Life, at: datetime, *, result: str) -> Any:
    case = town.case(life, at)
    return stop_clock.resume(case.number, result=result, seen=None, by=town.holder(case, at), at=at)


def _extend(town: Town, life: Life, at: datetime, *, days: int, reason: str) -> Any:
    case = town.case(life, at)
    return stop_clock.extend(case.number, days=days, reason=reason, seen=None, by=town.holder(case, at), at=at)


def _decide(town: Town, life: Life, at: datetime, *, grants: bool, opinion: str) -> Any:
    case = town.case(life, at)
    licence = town.edition(life).item_type == "01"
    return decide.decide(
        case.number, grants=grants, opinion=opinion, valid_until=local_date(at) + LICENSED_FOR if licence else None,
        seen=None, by=town.holder(case, at), at=at,
    )  # fmt: skip


def _send_up(town: Town, life: Life, at: datetime, *, upper_organ: str, opinion: str) -> Any:
    case = town.case(life, at)
    by = town.holder(case, at)
    return send_up.send_up(case.number, upper_organ=upper_organ, opinion=opinion, seen=None, by=by, at=at)


def _result_back(town: Town, life: Life, at: datetime, *, opinion: str) -> Any:
    number = town.case(life, at).number
    return send_up.result_back(number, grants=True, opinion=opinion, seen=None, by=town.clerk(life, at), at=at)


# --- words ---


def _reply(town: Town, life: Life, at: datetime, *, text: str) -> None:
    case = town.case(life, at)
    if life.channel != WINDOW and case.holder_id is not None:
        by = town.holder(case, at)
        read_thread(case, by=by, at=at)
        talk.say(case.number, text=text, by=by, at=at)


def _note(town: Town, life: Life, at: datetime, *, text: str) -> None:
    case = town.case(life, at)
    if case.holder_id is not None:
        talk.note(case.number, text=text, by=town.holder(case, at), at=at)


STEPS: dict[str, Step] = {
    "submit": _submit, "draft": _draft, "supplement": _supplement, "withdraw": _withdraw, "ask": _ask, "urge": _urge,
    "accept": _accept, "at_once": _at_once, "refuse_acceptance": _refuse_acceptance,
    "request_supplement": _request_supplement, "finish": _finish, "deliver": _deliver,
    "propose_void": _propose_void, "void": _void, "dispatch": _dispatch, "forward": _forward, "tick": _tick,
    "send_back": _send_back, "recall": _recall, "consult": _consult, "answer": _answer, "suspend": _suspend,
    "resume": _resume, "extend": _extend, "decide": _decide, "send_up": _send_up, "result_back": _result_back,
    "reply": _reply, "note": _note, "ask_special": _ask_special, "grant_special": _grant_special,
}  # fmt: skip
