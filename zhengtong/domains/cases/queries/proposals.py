"""What waits for a second person's yes: 作废 and 特办, proposed by a colleague."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from zhengtong.base.deadlines.plan import limit_of
from zhengtong.base.deadlines.queries import deadlines_of
from zhengtong.base.law import Law
from zhengtong.base.permission import Acting
from zhengtong.domains.cases.models import Case
from zhengtong.domains.cases.queries.lists import BADGE_CAP, PAGE
from zhengtong.rules import clock
from zhengtong.rules.clock import Limit
from zhengtong.rules.edition import Edition
from zhengtong.rules.limits import DeadlineKind
from zhengtong.rules.procedure import HEADS, MANAGER
from zhengtong.rules.roles import Role


@dataclass(frozen=True, slots=True)
class Proposal:
    """One case; `void` and `special` say which of the two this officer may agree to."""

    case: Case
    void: bool
    special: bool

    @property
    def proposers(self) -> list[str]:
        proposed = ((self.void, self.case.void_proposed_by), (self.special, self.case.special_asked_by))
        return [officer.name for asked, officer in proposed if asked and officer is not None]


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """`after` asks for the next page; "" where there is none."""

    cases: Sequence[Proposal]
    after: str


def proposals(by: Acting, *, after: str = "", limit: int = PAGE) -> ProposalPage:
    """Newest case first; none the officer proposed themselves."""
    rows = _waiting(by).select_related("organ", "void_proposed_by", "special_asked_by")
    if after.isdecimal() and len(after) < 19:
        rows = rows.filter(pk__lt=int(after))
    found = list(rows.order_by("-pk")[: limit + 1])
    page = found[:limit]
    shown = [
        Proposal(
            case,
            _may_agree(by, HEADS, case, case.void_proposed_by_id),
            _may_agree(by, MANAGER, case, case.special_asked_by_id),
        )
        for case in page
    ]
    return ProposalPage(shown, str(page[-1].pk) if len(found) > limit else "")


def proposed_count(by: Acting) -> int:
    """Capped, for a badge."""
    return len(_waiting(by).order_by().values_list("pk")[: BADGE_CAP + 1])


def _waiting(by: Acting) -> QuerySet[Case]:
    voids = Q(void_proposed_by__isnull=False) & ~Q(void_proposed_by_id=by.id) & _served(by, HEADS)
    specials = Q(special_asked_by__isnull=False) & ~Q(special_asked_by_id=by.id) & _served(by, MANAGER)
    rows = Case.objects.filter(voids | specials, proposed=True)
    deciding = [post for post in by.posts if post.role in HEADS]
    if any(post.everywhere for post in deciding):
        return rows
    return rows.filter(organ_id__in={post.organ_id for post in deciding})  # said once more, for the index of an organ


def _may_agree(by: Acting, roles: frozenset[Role], case: Case, proposer: int | None) -> bool:
    return proposer not in (None, by.id) and by.post_for(roles, case.organ_id, case.section_id) is not None


def _served(by: Acting, roles: frozenset[Role]) -> Q:
    served = Q(pk__in=[])
    for post in by.posts:
        if post.role not in roles:
            continue
        if post.everywhere:
            return Q(pk__isnull=False)
        own = Q(organ_id=post.organ_id)
        served |= own & Q(section_id=post.section_id) if post.section_id is not None else own
    return served


def most_special_days(case: Case, edition: Edition, law: Law, on: date) -> int:
    """How long a 特办 limit may be: half of the promise, and it must end before the promise does; 0: no room left."""
    whole = promised(edition, law, on)
    most = whole.amount * law.value("special.limit.percent", on) // 100
    if case.accepted_on is None:
        return most
    promise = next(
        (row for row in deadlines_of(case.journal_kind, case.number) if row.kind == DeadlineKind.PROMISE.value), None
    )
    if promise is None or promise.due_on is None:
        return 0
    ends_before = (
        days
        for days in range(most, 0, -1)
        if (due := clock.due(on, Limit(days, limit_of(promise).unit), (), law.calendar).on) and due < promise.due_on
    )
    return next(ends_before, 0)


def promised(edition: Edition, law: Law, on: date) -> Limit:
    return edition.promised_limit or edition.legal_limit or law.days("decision.days", on)
