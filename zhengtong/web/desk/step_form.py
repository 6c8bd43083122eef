"""What the step forms of a case share: the case with its edition, and whom it could be given to."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from zhengtong.base.permission import Acting
from zhengtong.domains.cases import queries as cases
from zhengtong.domains.cases.hot import candidates
from zhengtong.rules.clock import local_date
from zhengtong.rules.edition import Edition
from zhengtong.rules.procedure import ROLE_OF, Stage
from zhengtong.web.desk.act_form import ActForm

Choices = list[tuple[Any, Any]]


@dataclass
class Room:
    """What the forms of one page share. Candidates are asked for once, and only by forms that are shown."""

    case: cases.Case
    edition: Edition
    by: Acting
    at: datetime
    _colleagues: dict[str, Choices] = field(default_factory=dict)

    def colleagues(self, stage: Stage, exclude: tuple[int | None, ...] = ()) -> Choices:
        """Officers of a stage with their open cases, least loaded first."""
        if stage not in self._colleagues:
            found = candidates(self.case, ROLE_OF[stage], on=local_date(self.at))
            self._colleagues[stage] = [(c.officer, f"{c.name} ({c.load})") for c in found]
        return [choice for choice in self._colleagues[stage] if choice[0] not in exclude]


class StepForm(ActForm):
    """A step of a case."""

    leaves: ClassVar[bool] = True  # the case leaves these hands: the next one opens by itself

    def __init__(self, data: Any = None, *, room: Room) -> None:
        super().__init__(data, version=room.case.version)
        self.room = room
        self.furnish(room)

    def furnish(self, room: Room) -> None:
        """Choices that depend on the case."""
