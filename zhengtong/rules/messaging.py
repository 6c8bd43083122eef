"""Knows what a message template is and how facts become words; knows no receiver, no table and no way out."""

import string
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from zhengtong.rules.refusal import Refusal, RefusalCode

HERE = ZoneInfo("Asia/Shanghai")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DECISIONS: Mapping[str, tuple[str, str]] = {
    "GRANT": ("准予", "granted"),
    "REFUSE": ("不予许可", "refused"),
    "CONFIRM": ("予以确认", "confirmed"),
    "RECORD": ("准予备案", "put on record"),
    "NONE": ("已办理", "done"),
}


class Channel(StrEnum):
    IN_APP = "in_app"
    SMS = "sms"
    MAIL = "mail"
    WEBHOOK = "webhook"


PERSONAL = (Channel.SMS, Channel.MAIL)  # what a person reads; a webhook only tells a machine


class Receiver(StrEnum):
    CITIZEN = "citizen"
    OFFICER = "officer"


@dataclass(frozen=True, slots=True)
class Template:
    """One kind of message. `legal`: the receiver chooses the way, never silence; `urgent`: night does not hold it."""

    kind: str
    group: str
    to: Receiver
    name: str
    name_en: str
    channels: tuple[Channel, ...]
    wished: tuple[Channel, ...]
    zh: str
    en: str
    sms_zh: str = ""
    sms_en: str = ""
    lead: str = ""
    lead_en: str = ""
    path: str = ""
    legal: bool = False
    urgent: bool = False
    enabled: bool = True
    version: int = 0  # 0: as shipped

    @property
    def facts(self) -> frozenset[str]:
        """The facts its sentences speak of."""
        said = (self.zh, self.en, self.sms_zh, self.sms_en, self.lead, self.lead_en)
        return frozenset().union(*map(placeholders, said))


@dataclass(frozen=True, slots=True)
class Draft:
    """What a house may change of a template. The kinds of facts, the channels and the law are not its to change."""

    zh: str
    en: str
    sms_zh: str = ""
    sms_en: str = ""
    enabled: bool = True


def check_draft(template: Template, draft: Draft) -> None:
    """Refusal for a sentence that cannot be filled, uses an unknown fact, says nothing, or silences a legal notice."""
    if template.legal and not draft.enabled:
        raise Refusal(RefusalCode.MESSAGE_LEGAL)
    for text in (draft.zh, draft.en, draft.sms_zh, draft.sms_en):
        if unknown := sorted(placeholders(text) - template.facts):
            raise Refusal(RefusalCode.MESSAGE_TEMPLATE_FACT, name=unknown[0])
    if not draft.zh.strip() or not draft.en.strip():
        raise Refusal(RefusalCode.MESSAGE_TEMPLATE_EMPTY)


def worded(template: Template, draft: Draft, version: int) -> Template:
    """The template in the words of a house."""
    return replace(
        template,
        zh=draft.zh,
        en=draft.en,
        sms_zh=draft.sms_zh,
        sms_en=draft.sms_en,
        enabled=draft.enabled,
        version=version,
    )


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a receiver wants to hear of one kind."""

    channels: tuple[Channel, ...]
    digest: bool = False


def ways(template: Template, wish: Wishes | None, reachable: Collection[Channel]) -> tuple[Channel, ...]:
    """The outer channels a message takes, in the template's order.

    Who wished nothing is written to by mail where there is no phone. A notice of the law is never left in the portal
    alone while there is a way to the receiver (domain-rules §2.7).
    """
    if not template.enabled:
        return ()
    open_to = [channel for channel in template.channels if channel in reachable and channel is not Channel.IN_APP]
    asked = template.wished if wish is None else wish.channels
    # An enterprise that gave an address for its system wants it used, whatever one of its people wishes for himself.
    chosen = [channel for channel in open_to if channel in asked or channel is Channel.WEBHOOK]
    asked_for = wish is None and template.to is Receiver.CITIZEN
    if not any(channel in PERSONAL for channel in chosen) and (template.legal or asked_for):
        chosen += [channel for channel in open_to if channel in PERSONAL][:1]
    return tuple(channel for channel in open_to if channel in chosen)


def placeholders(sentence: str) -> frozenset[str]:
    """Names in braces; Refusal(MESSAGE_TEMPLATE_BROKEN) for a sentence that could not be filled."""
    try:
        parts = list(string.Formatter().parse(sentence))
    except ValueError as fault:
        raise Refusal(RefusalCode.MESSAGE_TEMPLATE_BROKEN, sentence=sentence) from fault
    names = set()
    for _, name, form, conversion in parts:
        if name is None:
            continue
        if not name.isidentifier() or form or conversion:
            raise Refusal(RefusalCode.MESSAGE_TEMPLATE_BROKEN, sentence=sentence)
        names.add(name)
    return frozenset(names)


def fact_words(name: str, value: object, *, english: bool) -> str:
    """A fact as a reader says it: dates and moments of Shanghai, decisions; all else as it is."""
    text = str(value)
    if name == "decision" and text in DECISIONS:
        return DECISIONS[text][english]
    try:
        if len(text) == 10:
            return _day(date.fromisoformat(text), english=english)
        if len(text) >= 16 and text[10:11] in "T ":
            moment = datetime.fromisoformat(text)
            here = moment.astimezone(HERE) if moment.tzinfo else moment
            return f"{_day(here.date(), english=english)}{', ' if english else ' '}{here:%H:%M}"
    except ValueError:
        pass
    return text


def _day(day: date, *, english: bool) -> str:
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}" if english else f"{day.year}年{day.month}月{day.day}日"


def fill(sentence: str, facts: Mapping[str, object], *, english: bool) -> str:
    """The sentence with its facts; a fact that is missing leaves nothing, for a message must leave all the same."""
    words = {name: fact_words(name, facts.get(name, ""), english=english) for name in placeholders(sentence)}
    return sentence.format_map(words)


def sentence(template: Template, channel: Channel, *, english: bool) -> str:
    """The unfilled sentence for a channel: what is read outside the portal says first what it speaks of."""
    words, shorter, lead = (
        (template.en, template.sms_en, template.lead_en) if english else (template.zh, template.sms_zh, template.lead)
    )
    if channel is Channel.IN_APP:
        return words
    return lead + (shorter if shorter and channel is Channel.SMS else words)
