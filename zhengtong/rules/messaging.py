"""Knows what a message template is and how facts become words; knows no receiver, no table and no way out."""

import string
from collections.abc import Mapping
from dataclasses import dataclass
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
    version: int = 0  # 0: as shipped

    @property
    def facts(self) -> frozenset[str]:
        """The facts its sentences need."""
        return placeholders(self.zh) | placeholders(self.lead)


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
    if channel is Channel.IN_APP:
        return template.en if english else template.zh
    if english:
        return template.lead_en + (template.sms_en or template.en)
    return template.lead + (template.sms_zh or template.zh)
