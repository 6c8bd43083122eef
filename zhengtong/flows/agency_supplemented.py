from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.applications import actions as applications
from zhengtong.domains.appointments import actions
from zhengtong.domains.appointments.models import VillageFiling
from zhengtong.domains.cases.models import Case
from zhengtong.flows.agency_filed import in_their_name
from zhengtong.flows.opened import opened
from zhengtong.flows.supplement import supplement
from zhengtong.flows.supplement_at_counter import Brought


@transaction.atomic
def supplement_for(
    filing: VillageFiling, brought: Sequence[Brought], *, answer: str = "", seen: int | None, by: Acting, at: datetime
) -> Case:
    """代为补正, under the mandate: the villager's act, done by the clerk."""
    actions.supplemented(filing, by=by, at=at)
    villager = in_their_name(filing, by)
    case, _edition, _law = opened(filing.case_no, seen, villager)
    if case.application is not None:
        for material in brought:
            applications.add_material(
                case.application, code=material.code, receive_mode=material.mode, copies=material.copies,
                file=material.file, file_name=material.file_name, supplement_round=case.supplements, at=at,
            )  # fmt: skip
    return supplement(filing.case_no, answer=answer, seen=seen, by=villager, at=at)
