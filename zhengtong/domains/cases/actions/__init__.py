"""Every change of a case. Each action is one row change with its journal entry; flows say what follows what."""

from zhengtong.domains.cases.actions.acceptance import (
    Defect,
    accept,
    deem_accepted,
    lapse,
    refuse_acceptance,
    request_supplement,
    supplement,
)
from zhengtong.domains.cases.actions.clockwork import extend, follow_moved_deadline, resume, suspend
from zhengtong.domains.cases.actions.ending import (
    decide,
    deliver,
    finish,
    propose_void,
    result_back,
    send_up,
    void,
    withdraw,
)
from zhengtong.domains.cases.actions.handling import answer, assign, consult, forward, put_back, recall, send_back, tick
from zhengtong.domains.cases.actions.opening import Applied, open_case
from zhengtong.domains.cases.actions.paper import issue_paper, keep_drawing, number_paper
from zhengtong.domains.cases.actions.talk import (
    correct_contact,
    note,
    read_thread,
    reveal_answers,
    reveal_phone,
    say,
    urge,
)

__all__ = [
    "Applied",
    "Defect",
    "accept",
    "answer",
    "assign",
    "consult",
    "correct_contact",
    "decide",
    "deem_accepted",
    "deliver",
    "extend",
    "finish",
    "follow_moved_deadline",
    "forward",
    "issue_paper",
    "keep_drawing",
    "lapse",
    "note",
    "number_paper",
    "open_case",
    "propose_void",
    "put_back",
    "read_thread",
    "recall",
    "refuse_acceptance",
    "request_supplement",
    "result_back",
    "resume",
    "reveal_answers",
    "reveal_phone",
    "say",
    "send_back",
    "send_up",
    "supplement",
    "suspend",
    "tick",
    "urge",
    "void",
    "withdraw",
]
