"""存证: how the sealed log stands, what the last check found, and what to take away from it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from zhengtong.base.seal import keys, tree
from zhengtong.base.seal.queries import SealState, last_check, recent_checkpoints, state
from zhengtong.domains.cases import queries as cases
from zhengtong.exchange.seal_words import finding_sentence
from zhengtong.rules.roles import Ability
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.frame.evidence import evidence_answer

SEE, READ = Ability.SEE_ALL, Ability.READ_REPORTS
CHECKPOINTS = 10
SHOWN = 50
LATE_MINUTES = 5  # a checkpoint is due each minute when something is new


@desk(SEE, READ)
@require_safe
def page(request: ActingRequest) -> HttpResponse:
    at, now, checked = timezone.now(), state(), last_check()
    context = {
        "state": now,
        "behind": now.size - now.signed + now.waiting,
        "lamp": _lamp(now),
        "stopped": _stopped(now, at.timestamp()),
        "checked": checked,
        "findings": _findings(checked),
        "more": max(0, now.faults - SHOWN),
        "keys": [(keys.verifier(row), row) for row in reversed(keys.public_keys())],
        "checkpoints": recent_checkpoints(CHECKPOINTS),
        "published": tree.published() is not None,
        "packs": request.acting.can(SEE),
    }
    return render(request, "watch/seal.html", context)


@desk(Ability.SUPERVISE)
@require_safe
def evidence(request: ActingRequest, number: str) -> HttpResponse:
    """The whole evidence of a case, inner acts included: for who supervises it."""
    case = cases.case_for(request.acting, number)
    return evidence_answer(case.number, whole=True)


def _lamp(now: SealState) -> str:
    return {True: "ok", False: "late", None: "wait"}[now.ok]


def _stopped(now: SealState, at: float) -> bool:
    """Entries wait, and no checkpoint has come for longer than it should take: no worker runs, or it refuses to sign."""
    behind = now.size > now.signed or now.waiting
    return bool(behind) and (now.at is None or at - now.at.timestamp() > LATE_MINUTES * 60)


def _findings(checked: Any) -> list[str]:
    found = checked.findings[:SHOWN] if checked else []
    return [finding_sentence(code, facts) for code, facts in found]
