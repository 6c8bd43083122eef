"""Lists of letters: what is owed, what was asked for, one's own. Keyset pages, permission in the query."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from zhengtong.base import search
from zhengtong.base.permission import Acting, ActorKind
from zhengtong.domains.letters.models import (
    Category,
    Letter,
    Publication,
)
from zhengtong.domains.letters.queries.who import KIND, NOBODY, PAGE, RUNNING_STATES, WITH, seen_by
from zhengtong.rules.letters import LetterState

# As many as the index ranks (base/search/engine.py: COMMON): filters look among them, so a few hundred would lose letters.
MOST_FOUND = 2_000
_UNDATED = "~"  # how the mark of a letter without a limit begins


def mark(moment: datetime | None, number: str) -> str:
    """Where a page ended: asks for the next one. Numbers are no serials, so that nobody counts what they do not see."""
    return f"{moment.isoformat() if moment else ''}~{number}"


def position_of(after: str) -> tuple[datetime | None, str]:
    text, _tilde, number = after.partition("~")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None, ""
    return (moment, number) if moment.tzinfo else (None, "")


def earlier_than(rows: QuerySet[Letter], field: str, before: str) -> QuerySet[Letter]:
    moment, number = position_of(before)
    if moment is None:
        return rows
    return rows.filter(Q(**{f"{field}__lt": moment}) | Q(**{field: moment, "number__lt": number}))


def my_letters(by: Acting, before: str = "", *, limit: int = PAGE) -> list[Letter]:
    """The author's own, newest first; `before`: `mark(letter.received_at, letter.number)` of the last one shown."""
    if by.kind is not ActorKind.APPLICANT or by.id is None:
        return []
    rows = Letter.objects.select_related("organ", "category").filter(account_id=by.id)
    return list(earlier_than(rows, "received_at", before).order_by("-received_at", "-number")[:limit])


def owed(by: Acting, *, after: str = "", limit: int = PAGE, **asked: Any) -> list[Letter]:
    """What waits for a step, most urgent first; at the end what has no limit here (imported), oldest first."""
    rows = asked_for(by, **asked).filter(state__in=RUNNING_STATES).select_related(*WITH)
    moment, number = position_of(after)
    dated = rows.filter(due_at__isnull=False).order_by("due_at", "number")
    if moment is not None:
        dated = dated.filter(Q(due_at__gt=moment) | Q(due_at=moment, number__gt=number))
    among_undated = after.startswith(_UNDATED)
    found = [] if among_undated else list(dated[:limit])
    if len(found) < limit:
        undated = rows.filter(due_at__isnull=True).order_by("number")
        if among_undated:
            undated = undated.filter(number__gt=after.removeprefix(_UNDATED))
        found += undated[: limit - len(found)]
    return found


def letters(by: Acting, *, before: str = "", limit: int = PAGE, **asked: Any) -> list[Letter]:
    """Newest first, keyset by the moment of receipt."""
    rows = earlier_than(asked_for(by, **asked), "received_at", before)
    return list(rows.select_related(*WITH).order_by("-received_at", "-number")[:limit])


def asked_for(
    by: Acting,
    *,
    kind: str = "",
    mailbox: str = "",
    states: Sequence[str] = (),
    category: str = "",
    organ_id: int | None = None,
    section_id: int | None = None,
    handler_id: int | None = None,
    late_at: datetime | None = None,
    urgent: bool = False,
    case_no: str = "",
    text: str = "",
    since: date | None = None,
    until: date | None = None,
    unpublished: bool = False,
) -> QuerySet[Letter]:
    wanted: dict[str, Any] = {
        "kind": kind,
        "mailbox": mailbox,
        "organ_id": organ_id,
        "section_id": section_id,
        "handler_id": handler_id,
        "case_no": case_no,
        "received_on__gte": since,
        "received_on__lte": until,
    }
    rows = Letter.objects.filter(seen_by(by), **{name: v for name, v in wanted.items() if v not in ("", None)})
    if states:
        rows = rows.filter(state__in=list(states))
    if category:
        rows = rows.filter(_under(category))
    if urgent:
        rows = rows.filter(urgent=True)
    if late_at is not None:
        rows = rows.filter(overdue(late_at))
    if unpublished:
        rows = rows.filter(publication__state=Publication.PROPOSED)
    return rows.filter(_named(text)) if text else rows


def _under(code: str) -> Q:
    """A category and everything below it."""
    found = Category.objects.filter(code=code).values_list("path", flat=True).first()
    return Q(category__path=found) | Q(category__path__startswith=f"{found}.") if found else NOBODY


def overdue(at: datetime) -> Q:
    """The limit has passed unanswered; a 暂定 date never has (domain-rules §2.3)."""
    return Q(state__in=RUNNING_STATES, due_at__lt=at, provisional=False)


def _named(text: str) -> Q:
    """By number, or by words: tips and confidential letters stand in no index, so words never find them."""
    return (
        Q(number=text.strip().upper()) | Q(external_key=text.strip()) | Q(pk__in=search.search(KIND, text, MOST_FOUND))
    )


def counts(by: Acting, *, at: datetime) -> dict[str, int]:
    """What stands above the list, by state of what is owed, and `late`; costs what is open."""
    rows = Letter.objects.filter(seen_by(by), state__in=RUNNING_STATES).order_by()
    found = {r["state"]: r for r in rows.values("state").annotate(n=Count("pk"), late=Count("pk", filter=overdue(at)))}
    by_state = {state: found[state]["n"] if state in found else 0 for state in RUNNING_STATES}
    return by_state | {"open": sum(by_state.values()), "late": sum(row["late"] for row in found.values())}


def to_revisit(by: Acting, *, after: str = "", limit: int = PAGE) -> list[Letter]:
    """Answered letters nobody has called about yet, longest waiting first."""
    rows = Letter.objects.select_related(*WITH).filter(seen_by(by), state=LetterState.SENT.value)
    moment, number = position_of(after)
    if moment is not None:
        rows = rows.filter(Q(replied_at__gt=moment) | Q(replied_at=moment, number__gt=number))
    return list(rows.order_by("replied_at", "number")[:limit])
