"""Who is at a window, and who was there last: for the clerk who serves them."""

from django.db.models import Exists, OuterRef

from zhengtong.base.journal.queries import entries_of
from zhengtong.base.permission import Acting, ActorKind
from zhengtong.domains.hall.models import Queue, Sitting, Ticket, Visit
from zhengtong.domains.hall.queries.live import tickets
from zhengtong.rules.kinds import Kind
from zhengtong.rules.queue import TicketState


def served_by(by: Acting) -> Ticket | None:
    """The ticket being served at the window where this officer sits."""
    sits = Sitting.objects.filter(window_id=OuterRef("window_id"), officer_id=by.officer_id, closed_at=None)
    return tickets().filter(Exists(sits), state=TicketState.SERVING).first()


def served_last(sitting: Sitting) -> Ticket | None:
    """Whose visit ended last in this sitting; None while nobody was served in it."""
    ended = Visit.objects.filter(hall_id=sitting.hall_id, on=sitting.on, window_id=sitting.window_id)
    ended = ended.filter(outcome=Visit.SERVED, ended_at__gte=sitting.opened_at)
    last = ended.select_related("ticket").order_by("-id").first()
    return last.ticket if last is not None else None


def has_revealed(by: Acting, ticket: Ticket) -> bool:
    """Whether it is on record that this officer has seen whose ticket it is."""
    acts = entries_of(ticket.journal_kind, ticket.journal_key).filter(kind=Kind.TICKET_REVEALED.value)
    return acts.filter(actor_kind=ActorKind.OFFICER.value, actor_id=by.officer_id).exists()


def meant_for(queue: Queue) -> tuple[list[int], list[int]]:
    """Ids of the items and of the organs a queue is for; both empty: for everything."""
    return (
        list(queue.items.order_by("pk").values_list("pk", flat=True)),
        list(queue.organs.order_by("pk").values_list("pk", flat=True)),
    )
