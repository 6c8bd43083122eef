"""A file handed in: with the draft, or line by line for a supplement."""

from datetime import datetime

from django.db import transaction

from zhengtong.base.files.store import Readable, store
from zhengtong.base.permission import Acting
from zhengtong.domains.applications import actions as applications
from zhengtong.domains.applications import queries
from zhengtong.domains.applications.models import Application, SubmittedMaterial
from zhengtong.domains.cases import queries as cases
from zhengtong.flows.opened import opened
from zhengtong.rules.procedure import State, Step, check_step
from zhengtong.rules.refusal import Refusal, RefusalCode


def hand_in(
    application: Application, code: str, stream: Readable, name: str, *, seen: int, at: datetime
) -> SubmittedMaterial:
    """Adds a file to a draft. The draft grows by a version, so that a page opened before it is told."""
    file = store(stream, name, at=at)
    with transaction.atomic():
        applications.save(application, seen=seen, at=at)
        return applications.add_material(application, code=code, file=file, file_name=name, at=at)


@transaction.atomic
def take_back(application: Application, material_id: int, *, seen: int, at: datetime) -> None:
    """Takes a wrong file out of a draft again."""
    applications.save(application, seen=seen, at=at)
    applications.remove_material(application, material_id, at=at)


def hand_in_supplement(
    number: str, code: str, stream: Readable, name: str, *, by: Acting, at: datetime
) -> SubmittedMaterial:
    """Adds a file for a line of the running 补正告知书, and for nothing else (art. 32: what was asked, once)."""
    application, round_ = _running(number, code, by)
    file = store(stream, name, at=at)
    return applications.add_material(application, code=code, file=file, file_name=name, at=at, supplement_round=round_)


def take_back_supplement(number: str, material_id: int, *, by: Acting, at: datetime) -> None:
    """A file of the running round may be exchanged until the supplement is sent; older ones stay in the file."""
    case, _, _ = opened(number, None, by)
    if case.application is None:
        raise Refusal(RefusalCode.NOT_FOUND)
    material = queries.material_for(case.application, material_id)
    application, round_ = _running(number, material.material_code, by)
    if material.round != round_:
        raise Refusal(RefusalCode.NOT_FOUND)
    applications.supersede_one(application, material_id, at=at)


def _running(number: str, code: str, by: Acting) -> tuple[Application, int]:
    case, _, _ = opened(number, None, by)
    check_step(Step.SUPPLEMENT, State(case.state))
    asked = {line.material_code for line in cases.supplement_lines(case)}
    if case.application is None or code not in asked:
        raise Refusal(RefusalCode.APPLICATION_MATERIAL_UNKNOWN, code=code)
    return case.application, case.supplements
