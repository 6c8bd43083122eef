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
    parameter_edition: int

    def value(self, key: str, on: date) -> Any:
        """A number of the law on a day; KeyError when none is in force."""
        return parameters.value(key, on, edition=self.parameter_edition)

    def days(self, key: str, on: date, unit: Unit = Unit.WORKING_DAY) -> Limit:
        return Limit(self.value(key, on), unit)


def law_at(calendar_edition: int, parameter_edition: int) -> Law:
    """For a step that read both edition numbers with its case: no query unless an edition is new to this process."""
    return Law(calendar.current(calendar_edition), parameter_edition)


def current_law() -> Law:
    numbers = editions.numbers([calendar.EDITION, parameters.EDITION])
    return law_at(numbers[calendar.EDITION], numbers[parameters.EDITION])
