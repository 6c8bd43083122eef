"""The postman: claims what is due, hands it over outside any transaction, notes what became of it.

Several workers may run. A claim is a state with an end; a worker that dies with messages in its hands delays them by
that much, and the try it made stays in the story as interrupted.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from statistics import median

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from zhengtong.base.outbox import channels, health, pace, receipts
from zhengtong.base.outbox.channels import Outgoing, Provider, Result
from zhengtong.base.outbox.models import Message, Part, Try
from zhengtong.rules.messaging_delivery import Batch, Outcome, Standing, next_try

log = structlog.get_logger(__name__)

CLAIM = timedelta(minutes=5)  # longer than any provider may take for a batch
# A later message of the same lane follows at the receipt of the earlier one, or when none has come for this long.
IN_ORDER = timedelta(minutes=1)
# What certainly reached nobody: another provider may have it at once, and no try is counted.
NOT_TAKEN = frozenset({Outcome.UNSENT, Outcome.THROTTLED})


def deliver_due(*, at: datetime, limit: int = 200, only: str = "") -> int:
    """Delivers what is due, one batch for each channel (or the `only` one). Returns how many left the house."""
    left = _show(at) if only in ("", Message.IN_APP) else 0
    for channel in channels.outer():
        if only in ("", channel):
            left += _deliver(channel, at, limit)
    return left


def _show(at: datetime) -> int:
    """In-app messages are delivered by being readable, which they are since they were written."""
    return Message.objects.filter(channel=Message.IN_APP, state=Message.PENDING, next_try_at__lte=at).update(
        state=Message.SENT, sent_at=at, next_try_at=None
    )


def _deliver(channel: str, at: datetime, limit: int) -> int:
    providers = channels.providers(channel)
    if not providers:
        _due(channel, at).update(state=Message.KEPT, next_try_at=None)
        return 0
    for provider in providers:
        receipts.collect(provider, at)
    _recover(channel, at)
    _expire(channel, at)
    usable = health.usable(channel, providers, at)
    if not usable:
        return 0
    most = sum(1 if now is Standing.PROBED else provider.batch for provider, now in usable)
    waiting = _unguarded(_claim(channel, at, min(limit, most)))
    left = 0
    for provider, now in usable:
        if not waiting:
            break
        room = 1 if now is Standing.PROBED else min(len(waiting), provider.batch)
        room = health.reserve(provider, room, at)
        taken, waiting = waiting[:room], waiting[room:]
        if not taken:
            continue
        results = {result.id: result for result in _send(provider, taken)}
        unsent = [row for row in taken if row.pk not in results or results[row.pk].outcome in NOT_TAKEN]
        left += _note(provider, [row for row in taken if row not in unsent], results, at)
        _judge(provider, taken, results, at)
        waiting = unsent + waiting  # the next provider has them at once
    _put_back(waiting)
    return left


def _send(provider: Provider, taken: Sequence[Message]) -> list[Result]:
    try:
        return provider.send([_outgoing(row) for row in taken])
    except Exception as fault:  # a provider never raises; if one does, nobody knows what left
        log.exception("outbox.provider_fault", provider=provider.name)
        detail = f"{type(fault).__name__}: {fault}"
        return [Result(row.pk, Outcome.NO_ANSWER, detail=detail) for row in taken]


def _due(channel: str, at: datetime) -> QuerySet[Message]:
    return Message.objects.filter(channel=channel, state=Message.PENDING, next_try_at__lte=at)


def _claim(channel: str, at: datetime, limit: int) -> list[Message]:
    """Up to `limit` due messages, none of which follows another of its lane that is still on its way."""
    ahead = Message.objects.filter(lane=OuterRef("lane"), pk__lt=OuterRef("pk")).filter(
        Q(state__in=Message.AHEAD) | Q(state=Message.SENT, next_try_at__gt=at)
    )
    with transaction.atomic():
        rows = list(
            _due(channel, at)
            .filter(Q(lane="") | ~Exists(ahead))
            .order_by("-urgent", "next_try_at", "id")
            .select_for_update(skip_locked=True)[:limit]
        )
        until = at + CLAIM
        Message.objects.filter(pk__in=[row.pk for row in rows]).update(state=Message.CLAIMED, next_try_at=until)
    for row in rows:
        row.state, row.next_try_at = Message.CLAIMED, until
    return rows


def _unguarded(rows: list[Message]) -> list[Message]:
    """A house on trial writes to its guests only; what goes to machines is agreed one by one and is never guarded."""
    people = [row for row in rows if row.channel in (Message.SMS, Message.MAIL)]
    stopped = channels.kept_from({row.address for row in people})
    held = [row for row in people if row.address in stopped]
    if held:
        Message.objects.filter(pk__in=[row.pk for row in held]).update(state=Message.GUARDED, next_try_at=None)
    return [row for row in rows if row not in held]


def _outgoing(row: Message) -> Outgoing:
    return Outgoing(
        id=row.pk,
        key=row.key,
        kind=row.kind,
        address=row.address,
        created_at=row.created_at,
        attempt=row.attempts + 1,
        account_id=row.account_id,
        payload=row.payload,
        valid_until=row.valid_until,
        urgent=row.urgent,
    )


def _put_back(rows: Sequence[Message]) -> None:
    """Nobody took them: they wait their turn as before, and no try is counted."""
    if rows:
        Message.objects.filter(pk__in=[row.pk for row in rows], state=Message.CLAIMED).filter(
            next_try_at=rows[0].next_try_at
        ).update(state=Message.PENDING, next_try_at=rows[0].next_try_at - CLAIM if rows[0].next_try_at else None)


def _recover(channel: str, at: datetime) -> None:
    """Claims whose worker died. Whether their messages left nobody knows: the story says so."""
    lost = list(
        Message.objects.filter(channel=channel, state=Message.CLAIMED, next_try_at__lte=at).values_list(
            "pk", "attempts", "next_try_at"
        )[:200]
    )
    for pk, attempts, until in lost:
        if until is None:
            continue
        with transaction.atomic():
            dead = next_try(attempts + 1, at) is None
            mine = Message.objects.filter(pk=pk, state=Message.CLAIMED, next_try_at=until).update(
                state=Message.DEAD if dead else Message.PENDING,
                next_try_at=None if dead else at,
                attempts=attempts + 1,
            )
            if mine:
                Try.objects.create(
                    message_id=pk, number=attempts + 1, at=until - CLAIM, outcome=Outcome.INTERRUPTED.value
                )


def _expire(channel: str, at: datetime) -> None:
    rows = list(_due(channel, at).filter(valid_until__lte=at)[:200])
    mine = [
        row
        for row in rows
        if Message.objects.filter(pk=row.pk, state=Message.PENDING).update(
            state=Message.EXPIRED, next_try_at=None, settled_at=at
        )
    ]
    pace.count((row, None) for row in mine)


def _note(provider: Provider, taken: Sequence[Message], results: dict[int, Result], at: datetime) -> int:
    """Writes what became of a batch, in one transaction. Returns how many were accepted."""
    if not taken:
        return 0
    tries, parts, settled = [], [], []
    claim = taken[0].next_try_at
    for row in taken:
        result = results[row.pk]
        when = at + timedelta(seconds=result.seconds)
        row.attempts += 1
        tries.append(
            Try(message_id=row.pk, number=row.attempts, provider=provider.name, at=at, outcome=result.outcome.value,
                detail=result.detail[:300], seconds=result.seconds)
        )  # fmt: skip
        if _apply(row, provider, result, when):
            settled.append((row, row.sent_at))
        parts += [
            Part(message_id=row.pk, provider=provider.name, ref=ref, accepted_at=when) for ref in result.refs if ref
        ]
    fields = ["state", "attempts", "next_try_at", "provider", "sent_at", "settled_at", "last_error"]
    with transaction.atomic():
        mine = Message.objects.filter(state=Message.CLAIMED, next_try_at=claim)
        mine.bulk_update(taken, fields)
        Try.objects.bulk_create(tries)
        if provider.receipts_follow:
            receipts.expect(provider, parts, at)
        pace.count(settled)
    return sum(1 for row in taken if results[row.pk].outcome is Outcome.ACCEPTED)


def _apply(row: Message, provider: Provider, result: Result, when: datetime) -> bool:
    """Moves the row. True when its punctuality is known now: it has left, or it never will."""
    row.last_error = result.detail[:300] if result.outcome is not Outcome.ACCEPTED else ""
    if result.outcome is Outcome.ACCEPTED:
        first = row.sent_at is None
        row.state = Message.DELIVERED if result.final else Message.SENT
        row.provider, row.sent_at = provider.name, when
        row.settled_at = when if result.final else None
        row.next_try_at = when + IN_ORDER if provider.receipts_follow else None
        return first
    if result.outcome is Outcome.REFUSED:
        row.state, row.next_try_at, row.settled_at = Message.REJECTED, None, when
        return True
    again = next_try(row.attempts, when, retry_after=result.retry_after)
    row.state = Message.PENDING if again else Message.DEAD
    row.next_try_at = again
    return again is None


def _judge(provider: Provider, taken: Iterable[Message], results: dict[int, Result], at: datetime) -> None:
    """What the batch shows of the provider's health."""
    told = [results[row.pk] for row in taken if row.pk in results]
    accepted = [one for one in told if one.outcome is Outcome.ACCEPTED]
    bad = [one for one in told if one.outcome in (Outcome.FAILED, Outcome.NO_ANSWER)]
    unsent = [one for one in told if one.outcome is Outcome.UNSENT]
    throttled = any(one.outcome is Outcome.THROTTLED for one in told)
    details = [one.detail for one in (*unsent, *bad) if one.detail]
    slow = bool(accepted) and median(one.seconds for one in accepted) > provider.slow_after
    batch = Batch(
        accepted=len(accepted),
        failed=len(bad),
        cut=any(one.detail for one in unsent) and not throttled,
        throttled=throttled,
        slow=slow,
    )
    health.note(provider, batch, at, detail=details[0] if details else "")
