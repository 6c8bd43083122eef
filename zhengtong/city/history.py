"""The city's last months, step by step in the order they happened, up to now."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta

import structlog
from django.db import transaction

from zhengtong.base import calendar
from zhengtong.base.journal.queries import latest_act
from zhengtong.base.outbox.actions import mark_read
from zhengtong.base.outbox.queries import messages_for
from zhengtong.city import cards, orders
from zhengtong.city.accounts import AGENT, CITIZEN, LEGAL_REPRESENTATIVE
from zhengtong.city.hours import ZONE, Hours
from zhengtong.city.lives import WEB, Event, begins, fate_of, live, story
from zhengtong.city.records import city
from zhengtong.city.scenes import scenes
from zhengtong.city.steps import take
from zhengtong.city.town import Town
from zhengtong.domains.registry.queries import account_by_phone
from zhengtong.exchange.postman import post
from zhengtong.flows.sweep import sweep
from zhengtong.rules.refusal import Refusal

log = structlog.get_logger(__name__)

SEED = "云泽"
LIVES = 320  # ordinary cases beside the scenes
SPAN = 70  # days told
CHUNK = 80  # steps of one transaction: what a kill can cost
INSTANT = timedelta(milliseconds=1)
MORNING = "morning"


@dataclass
class Played:
    steps: int = 0
    skipped: int = 0  # played by an earlier run
    refused: list[str] = field(default_factory=list)


def plan(town: Town, start: datetime, lives: int = LIVES) -> list[Event]:
    """Every step up to `start`, each at a moment of its own: a second run knows by its last moment how far it came."""
    hours = Hours(calendar.current())
    events: list[Event] = scenes(SEED, 0, start, hours)
    first = 1 + max(event.life.number for event in events if event.life)
    for number in range(first, first + lives):
        life = live(SEED, number)
        nature = town.nature(life.item)
        at = begins(SPAN, start, life, hours)
        events += story(life, nature, at, fate_of(life, nature, start - at), hours)
    events += _drafts(start, first + lives)
    events += _nights(start)
    return _one_by_one([event for event in events if event.at < start])


def _drafts(start: datetime, number: int) -> list[Event]:
    """What the citizen began yesterday and has not sent."""
    key = next(p["key"] for p in city().persons if p["mobile"] == CITIZEN)
    life = live(SEED, number, "034", person=key, enterprise="", agent=False, channel=WEB)
    return [Event(start - timedelta(hours=20), life, "draft")]


def _nights(start: datetime) -> list[Event]:
    """The worker, just after each midnight: messages leave, terms that have run out take effect, cards go out.

    And the mornings, when officers answer the cards due that day.
    """
    today = start.astimezone(ZONE).date()
    midnights = (datetime.combine(today - timedelta(days=n), time(0, 5), ZONE) for n in range(SPAN + 2))
    nights = [Event(at.astimezone(UTC), None, "sweep") for at in midnights]
    return nights + [Event(night.at + timedelta(hours=9, minutes=30), None, MORNING) for night in nights]


def _one_by_one(events: Sequence[Event]) -> list[Event]:
    ordered: list[Event] = []
    last = datetime.min.replace(tzinfo=UTC)
    for event in sorted(events, key=lambda e: (e.at, e.life.number if e.life else -1)):
        last = max(event.at, last + INSTANT)
        ordered.append(replace(event, at=last))
    return ordered


def play(town: Town, events: Sequence[Event], moved: Callable[[int], None]) -> Played:
    """Goes on after the last act of an earlier run. Each chunk is committed whole or not at all."""
    played = Played()
    done_until = latest_act("case")
    for first in range(0, len(events), CHUNK):
        chunk = events[first : first + CHUNK]
        with transaction.atomic():
            for event in chunk:
                if done_until is not None and event.at <= done_until:
                    played.skipped += 1
                else:
                    _play(town, event, played)
        moved(len(chunk))
    return played


def _play(town: Town, event: Event, played: Played) -> None:
    if event.life is None:
        if event.verb == MORNING:
            cards.morning(event.at)
            orders.morning(event.at)
            return
        while post(at=event.at):
            pass  # all of the day's messages, a batch at a time
        if any(sweep(at=event.at)):
            town.forget_cases()
        cards.night(event.at)
        orders.night(event.at)
        return
    if event.life.stopped:
        return
    try:
        take(town, event)
        played.steps += 1
    except (Refusal, LookupError) as reason:
        # The law may say no to a story (a sweep came first, a limit has passed): then the case rests where it is.
        event.life.stopped = True
        town.forget_cases([event.life.number])
        played.refused.append(f"{event.life.item} {event.verb} {reason}")
        log.info("city.step_refused", item=event.life.item, verb=event.verb, reason=str(reason))


UNREAD = timedelta(days=3)  # what people with a demo account have not opened yet


def read_messages(start: datetime) -> None:
    for phone in (CITIZEN, LEGAL_REPRESENTATIVE, AGENT):
        account = account_by_phone(phone)
        if account is None:
            continue
        for message in messages_for(account.pk, limit=1000):
            if message.created_at < start - UNREAD and message.read_at is None:
                mark_read(account.pk, message.pk, at=message.created_at + timedelta(hours=2))
