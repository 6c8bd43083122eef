"""Cases as statistics count them: their histories, read for many at once, tallied by the rules."""

from collections.abc import Iterator, Sequence

from zhengtong.domains.cases.histories import histories
from zhengtong.domains.cases.models import Case
from zhengtong.domains.statistics.sums import Counted
from zhengtong.rules.calendar import Calendar
from zhengtong.rules.tally import tally


def counted(numbers: Sequence[str], calendar: Calendar) -> list[Counted]:
    """These cases as they stand now. Four queries, whatever their number."""
    overlays = {
        number: (special, agent)
        for number, special, agent in Case.objects.filter(number__in=numbers).values_list(
            "number", "is_special", "is_agent"
        )
    }
    found = []
    for number, history in histories(numbers).items():
        special, agent = overlays[number]
        found.append(
            Counted(
                case_id=history.case_id,
                organ_id=history.organ_id,
                section_id=history.section_id,
                item_id=history.item_id,
                channel=history.channel,
                tally=tally(history, calendar, special=special, agent=agent),
            )
        )
    return found


def all_counted(organ_id: int, calendar: Calendar, *, chunk: int = 500) -> Iterator[list[Counted]]:
    """Every case of an organ, oldest first, a chunk in memory at a time."""
    after = 0
    rows = Case.objects.filter(organ_id=organ_id).order_by("pk")
    while page := list(rows.filter(pk__gt=after).values_list("pk", "number")[:chunk]):
        after = page[-1][0]
        yield counted([number for _, number in page], calendar)
