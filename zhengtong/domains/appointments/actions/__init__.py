"""Every change of a schedule, an appointment, an agency request or a village filing, with its journal entry."""

from zhengtong.domains.appointments.actions.agency import assign as assign_agent
from zhengtong.domains.appointments.actions.agency import decline, finish, note, request_agency, withdraw
from zhengtong.domains.appointments.actions.booking import Booking, book, cancel, check_in, move, remind, reveal
from zhengtong.domains.appointments.actions.filing import file, hand_over, mandate, renew, supplemented
from zhengtong.domains.appointments.actions.missing import answer, miss, objected
from zhengtong.domains.appointments.actions.schedules import (
    close_day,
    close_slots,
    end_schedule,
    lay_out,
    lift_closure,
    open_schedule,
)
from zhengtong.domains.appointments.actions.visiting import assign as assign_visit
from zhengtong.domains.appointments.actions.visiting import visited

__all__ = [
    "Booking",
    "answer",
    "assign_agent",
    "assign_visit",
    "book",
    "cancel",
    "check_in",
    "close_day",
    "close_slots",
    "decline",
    "end_schedule",
    "file",
    "finish",
    "hand_over",
    "lay_out",
    "lift_closure",
    "mandate",
    "miss",
    "move",
    "note",
    "objected",
    "open_schedule",
    "remind",
    "renew",
    "request_agency",
    "reveal",
    "supplemented",
    "visited",
    "withdraw",
]
