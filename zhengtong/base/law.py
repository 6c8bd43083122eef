"""The law in force as one step sees it: calendar and parameters, at the editions read together with the case."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from zhengtong.base import calendar, editions
from zhengtong.base.parameters import queries as parameters
from zhengtong.rules.calendar import Calendar
from zhengtong.rules.clock import Limit, Unit


@dataclass(frozen=True, slots=True)
class Law:
    calendar: Calendar
    edition: int

    def value(self, key: str, on: date) -> Any:
        """A number of the law on a day; KeyError when none is in force."""
        return parameters.value(key, on, edition=self.edition)

    def days(self, key: str, on: date, unit: Unit = Unit.WORKING_DAY) -> Limit:
        return Limit(self.value(key, on), unit)


def law_at(edition: int) -> Law:
    """For a step that read the edition of the law with its case: no query unless it is new to this process."""
    return Law(calendar.current(edition), edition)


def current_law() -> Law:
    return law_at(editions.number(editions.LAW))
