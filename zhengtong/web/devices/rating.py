"""The presses of a rating device, as its script sends them: one JSON object, and the same one again until it is answered."""

import json
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from zhengtong.flows.device_pressed import KEPT, press
from zhengtong.rules.devices import DeviceKind
from zhengtong.rules.refusal import Refusal
from zhengtong.web.accounts.acting import officer_acting
from zhengtong.web.devices.door import DeviceRequest, machine
from zhengtong.web.frame.errors import bad_request
from zhengtong.web.frame.sentences import sentence

MOST_REASONS = 10
MOST_BYTES = 4096


@machine(DeviceKind.RATING_DEVICE)
@require_POST
def pressed(request: DeviceRequest, **_: Any) -> HttpResponse:
    """200 when it was stored; 409 with the sentence for a lawful no. Either way the machine need not send it again."""
    told = _read(request)
    if told is None:
        return bad_request(request)
    try:
        press(
            request.device,
            told["node"],
            button=told["button"],
            reasons=told["reasons"],
            age=told["age"],
            session_officer_id=_officer(request),
            ip=request.META.get("REMOTE_ADDR", ""),
            at=request.at,
        )
    except Refusal as refusal:
        said = {"kept": False, "code": refusal.code.value, "detail": sentence(refusal)}
        return JsonResponse(said, status=HTTPStatus.CONFLICT, json_dumps_params={"ensure_ascii": False})
    return JsonResponse({"kept": True})


def _read(request: HttpRequest) -> dict[str, Any] | None:
    """What a script of ours sends; None for anything else."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        return None
    try:
        sent = json.loads(request.body)
        reasons = [str(one) for one in sent.get("reasons", [])][:MOST_REASONS]
        age = timedelta(milliseconds=min(max(float(sent.get("age", 0)), 0), KEPT.total_seconds() * 1000))
        return {"node": str(sent["node"])[:40], "button": str(sent["button"])[:20], "reasons": reasons, "age": age}
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _officer(request: HttpRequest) -> int | None:
    """Who is signed in to this very browser: nobody rates himself on his own screen."""
    if not request.user.is_authenticated:
        return None
    acting = officer_acting(request)
    return acting.id if acting is not None else None
