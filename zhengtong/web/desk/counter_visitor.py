"""来访人 at the counter: whose ticket is served here, and the intake filled with what is known of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zhengtong.base.permission import Acting
from zhengtong.domains.appointments import queries as appointments
from zhengtong.domains.catalogue import queries as catalogue
from zhengtong.domains.hall import queries as hall
from zhengtong.domains.registry import queries as registry
from zhengtong.rules.clock import local_date
from zhengtong.web.desk.counter_form import Typed
from zhengtong.web.desk.hall.call import masked


@dataclass(frozen=True, slots=True)
class Visitor:
    """`known`: it is on record that this clerk has seen name and phone, and they may stand on the page."""

    ticket: Any
    masked: str
    known: bool
    item: Any  # what they booked for, while it is open for application
    matter: str


def visitor_of(by: Acting) -> Visitor | None:
    """Who is at this officer's window now."""
    ticket = hall.served_by(by)
    if ticket is None:
        return None
    booked = appointments.keyed(ticket.appointment_key) if ticket.appointment_key else None
    item = booked.item if booked is not None else None
    told = masked(ticket)
    return Visitor(
        ticket=ticket,
        masked=told,
        known=told != "" and hall.has_revealed(by, ticket),
        item=next(iter(catalogue.popular(1, item_ids=[item.pk])), None) if item is not None else None,
        matter=booked.matter if booked is not None else "",
    )


def offered(visitor: Visitor | None, limit: int) -> list[Any]:
    """Items to begin with: those the visitor's queue is for, else what is most used in the house."""
    if visitor is None:
        return catalogue.popular(limit)
    item_ids, organ_ids = hall.meant_for(visitor.ticket.queue)
    return catalogue.popular(limit, item_ids=item_ids, organ_ids=organ_ids)


def fill(typed: Typed, visitor: Visitor, kinds: Collection[str], *, fresh: bool, at: datetime) -> None:
    """Writes what is known of the visitor into what is still empty. On a fresh page it also says who applies.

    `kinds` are the applicant types of the item, "1" a person. The enterprise is known where the ticket is of an account
    that acts for one and no other.
    """
    ticket = visitor.ticket
    acts_for = registry.enterprises_of(ticket.account_id, local_date(at)) if ticket.account_id else []
    enterprise = acts_for[0] if len(acts_for) == 1 else None
    if fresh:
        for_persons, for_enterprises = "1" in kinds or not kinds, bool(set(kinds) - {"1"}) or not kinds
        typed.kind = "person" if for_persons and not (for_enterprises and enterprise) else "enterprise"
    told = {"phone": ticket.phone}
    if typed.kind == "person":
        told["person_name"] = ticket.person_name
    elif enterprise is not None:
        told |= {"uscc": enterprise.uscc, "enterprise_name": enterprise.name}
    typed.comer |= {name: value for name, value in told.items() if not typed.comer.get(name)}
