"""Knows the course of agency service (帮办代办), of a filing in the village, and on which level an item may be filed."""

from collections.abc import Mapping
from enum import StrEnum

from zhengtong.rules.refusal import Refusal, RefusalCode

VILLAGE = "5"  # 办理形式, local extension of A.5: through a village clerk


class AgencyState(StrEnum):
    REQUESTED = "REQUESTED"
    ASSIGNED = "ASSIGNED"
    DONE = "DONE"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"


class AgencyStep(StrEnum):
    ASSIGN = "assign"  # also to another agent
    NOTE = "note"
    FINISH = "finish"
    DECLINE = "decline"
    WITHDRAW = "withdraw"  # by the applicant


AGENCY_MOVES: Mapping[AgencyStep, tuple[frozenset[AgencyState], AgencyState]] = {
    AgencyStep.ASSIGN: (frozenset({AgencyState.REQUESTED, AgencyState.ASSIGNED}), AgencyState.ASSIGNED),
    AgencyStep.NOTE: (frozenset({AgencyState.ASSIGNED}), AgencyState.ASSIGNED),
    AgencyStep.FINISH: (frozenset({AgencyState.ASSIGNED}), AgencyState.DONE),
    AgencyStep.DECLINE: (frozenset({AgencyState.REQUESTED}), AgencyState.DECLINED),
    AgencyStep.WITHDRAW: (frozenset({AgencyState.REQUESTED, AgencyState.ASSIGNED}), AgencyState.WITHDRAWN),
}


class FilingState(StrEnum):
    MANDATED = "MANDATED"
    FILED = "FILED"
    HANDED_OVER = "HANDED_OVER"


def agency_steps(state: AgencyState) -> list[AgencyStep]:
    return [step for step, (sources, _to) in AGENCY_MOVES.items() if state in sources]


def next_agency_state(step: AgencyStep, state: AgencyState) -> AgencyState:
    sources, to = AGENCY_MOVES[step]
    if state not in sources:
        raise Refusal(RefusalCode.AGENCY_WRONG_STATE, step=step.value, state=state.value)
    return to


# 县、乡、村: the lowest level on which an item may be filed. An item without the tag is filed at the county's hall.
LOWEST_LEVELS = ("county", "township", "village")


def may_be_filed(lowest: str, at_level: str) -> bool:
    """An item tagged for the village may be filed in the village, the township and the county."""
    return LOWEST_LEVELS.index(at_level) <= LOWEST_LEVELS.index(lowest or "county")


def levels_of(lowest: str) -> tuple[str, ...]:
    """Every level at which the item may be filed, the nearest to the person first."""
    return tuple(reversed(LOWEST_LEVELS[: LOWEST_LEVELS.index(lowest or "county") + 1]))
