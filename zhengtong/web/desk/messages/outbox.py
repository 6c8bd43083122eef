"""What left the house: the list, one message with its whole story, how punctual it was, how the providers stand."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhengtong.base.outbox import actions, channels, queries
from zhengtong.base.outbox.health import health_of
from zhengtong.domains.messaging.queries import in_force, sms_text
from zhengtong.exchange import mail, sms
from zhengtong.exchange.addresses import Unusable
from zhengtong.rules.masking import mask_mobile
from zhengtong.rules.messaging import Receiver
from zhengtong.rules.messaging_delivery import Standing, standing
from zhengtong.rules.roles import Ability
from zhengtong.web.desk.door import ActingRequest, desk
from zhengtong.web.desk.house import reading
from zhengtong.web.desk.house.words import CHANNELS_OUT, MESSAGE_STATES, choices, word
from zhengtong.web.desk.messages.words import OUTCOMES, PARTS, STANDINGS
from zhengtong.web.frame.language import either

KEEP = Ability.KEEP_SYSTEM
PAGE = 50
DAYS = 30
AGAIN = ("dead", "failed", "rejected", "expired", "unknown")
GOOD, WAITS = ("sent", "delivered", "digested"), ("new", "pending", "claimed", "quiet", "digest")
QUIETLY = ("kept", "unwanted", "guarded")


@desk(KEEP)
@require_safe
def outbox(request: ActingRequest) -> HttpResponse:
    state = _one_of(MESSAGE_STATES, request.GET.get("state", ""))
    channel = _one_of(CHANNELS_OUT, request.GET.get("channel", ""))
    templates = in_force()
    kind = _one_of(templates, request.GET.get("kind", ""))
    rows = queries.kept(
        state=state,
        kind=kind,
        channels=(channel,) if channel else (),
        before=reading.number(request.GET.get("before")),
        limit=PAGE + 1,
    )
    shown = rows[:PAGE]
    for row in shown:
        row.said = _named(templates, row.kind)  # type: ignore[attr-defined]  # for the page only
        row.secret = _secret(templates, row.kind)  # type: ignore[attr-defined]  # as above
    today = timezone.localdate()
    context = {
        "rows": [(row, "" if _secret(templates, row.kind) else masked(row.channel, row.address)) for row in shown],
        "state": state,
        "states": choices(MESSAGE_STATES),
        "channel": channel,
        "channels": choices(CHANNELS_OUT),
        "kind": kind,
        "kinds": [(one.kind, _named(templates, one.kind)) for one in templates.values()],
        "before": shown[-1].pk if len(rows) > PAGE else 0,
        "dead": queries.count(state="dead", cap=1000),
        "pace": _total(queries.pace(today - timedelta(days=6), today)),
        "again": AGAIN,
        "good": GOOD,
        "waits": WAITS,
        "quietly": QUIETLY,
    }
    return render(request, "desk/messages/outbox.html", context)


def _one_of(known: Any, value: str) -> str:
    return value if value in known else ""


def _named(templates: Any, kind: str) -> Any:
    one = templates.get(kind)
    return either(one.name, one.name_en) if one is not None else kind


def _total(rows: list[Any]) -> dict[str, Any]:
    within, counted = sum(row.within for row in rows), sum(row.counted for row in rows)
    return {"within": within, "counted": counted, "share": f"{within / counted:.1%}" if counted else ""}


def masked(channel: str, address: str) -> str:
    if channel == "webhook":
        return "/".join(address.split("/")[:3]) + "/…"
    if "@" in address:
        name, _at, host = address.partition("@")
        return f"{name[:1]}***@{host}"
    return mask_mobile(address) if address else ""


def _secret(templates: Any, kind: str) -> bool:
    """What is said to who rated: with its number beside the end of a phone, the page would say who it was."""
    one = templates.get(kind)
    return one is not None and one.group in ("rating", "rectification") and one.to is Receiver.CITIZEN


def _text(row: Any, secret: bool) -> str:
    """What it says, without what belongs to its receiver alone: a code for signing in, an address that lets one rate."""
    if row.kind.startswith("account.") or secret:
        return ""
    text = sms_text(row.kind, row.payload)
    for name in ("link", "path"):  # the link holds the path
        if address := str(row.payload.get(name, "")):
            text = text.replace(address, "…")
    return text


@desk(KEEP)
@require_safe
def message(request: ActingRequest, message: int) -> HttpResponse:
    row, templates = queries.message_for(message), in_force()
    tries, parts = queries.story(row)
    secret = _secret(templates, row.kind)
    context = {
        "row": row,
        "address": "" if secret else masked(row.channel, row.address),
        "secret": secret,
        "name": _named(templates, row.kind),
        "text": _text(row, secret),
        "tries": [(one, word(OUTCOMES, one.outcome)) for one in tries],
        "parts": [(one, word(PARTS, one.state)) for one in parts],
        "again": AGAIN,
        "good": GOOD,
        "waits": WAITS,
        "quietly": QUIETLY,
    }
    return render(request, "desk/messages/message.html", context)


@desk(KEEP)
@require_POST
def resend(request: ActingRequest, message: int) -> HttpResponse:
    actions.resend(message, at=timezone.now())
    messages.success(request, _("已放回发送队列。"))
    state = request.POST.get("state", "")
    return redirect(f"{request.path.rsplit('/', 3)[0]}/{f'?state={state}' if state in MESSAGE_STATES else ''}")


@desk(KEEP)
@require_safe
def pace(request: ActingRequest) -> HttpResponse:
    """十秒内发出率, with its base."""
    today = timezone.localdate()
    rows = queries.pace(today - timedelta(days=DAYS - 1), today)
    by_channel = [
        (channel, _total([row for row in rows if row.channel == channel]))
        for channel in sorted({row.channel for row in rows})
    ]
    for row in rows:
        row.share = f"{row.within / row.counted:.1%}" if row.counted else ""  # type: ignore[attr-defined]  # as above
    context = {"rows": rows, "totals": by_channel, "days": DAYS}
    return render(request, "desk/messages/pace.html", context)


@desk(KEEP)
@require_safe
def providers(request: ActingRequest) -> HttpResponse:
    now, known = timezone.now(), queries.provider_rows()
    lines = []
    for channel in channels.outer():
        for place, provider in enumerate(channels.providers(channel), start=1):
            row = known.get(provider.name)
            stands = standing(health_of(row), now) if row is not None else Standing.WELL
            untrusted = row is not None and "CERTIFICATE_VERIFY_FAILED" in row.last_error
            lines.append((channel, place, provider, row, stands, word(STANDINGS, stands), untrusted))
    context = {
        "lines": lines,
        "unusable": [(variable, one) for variable, found in _unusable().items() for one in found],
        "without": [name for name in ("sms", "mail", "webhook") if not channels.providers(name)],
    }
    return render(request, "desk/messages/providers.html", context)


def _unusable() -> dict[str, list[Unusable]]:
    return {"ZHENGTONG_SMS_PROVIDERS": sms.unusable(), "ZHENGTONG_MAIL_PROVIDERS": mail.unusable()}
