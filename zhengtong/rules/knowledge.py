"""Knows the kinds and states of what people look up, and which characters in it would give a person away.

Refuses to know who wrote an article and where it is shown.
"""

import re
from enum import StrEnum


class ArticleKind(StrEnum):
    ANSWER = "answer"  # 问答
    TERM = "term"  # 术语
    STUDY = "study"  # 案例


class ArticleState(StrEnum):
    DRAFT = "draft"  # never published
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class EditionState(StrEnum):
    DRAFT = "draft"
    CHECKING = "checking"  # 待审核
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    DROPPED = "dropped"


OPEN_EDITIONS = frozenset({EditionState.DRAFT, EditionState.CHECKING})


class Topic(StrEnum):
    PREPAID = "prepaid"  # 预付卡
    ECOMMERCE = "ecommerce"  # 电子商务
    TRADE = "trade"  # 对外贸易
    OIL = "oil"  # 成品油
    VEHICLES = "vehicles"  # 报废机动车、二手车
    HOUSEHOLD = "household"  # 家政服务
    SUPPORT = "support"  # 补贴奖励
    CONSUMER = "consumer"  # 消费维权
    PROCEDURE = "procedure"  # 怎么办事
    HALL = "hall"  # 大厅服务


class Unhelped(StrEnum):
    """Why an article did not help."""

    OTHER = "other"  # 不是我要问的
    UNCLEAR = "unclear"
    INCOMPLETE = "incomplete"
    OUTDATED = "outdated"
    WRONG = "wrong"


_EMAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
# Digits stand alone: a number of an item (25 or 31 digits) is none of these.
_RESIDENT_ID = r"(?<![0-9])[1-9][0-9]{16}[0-9Xx](?![0-9Xx])"
_MOBILE = r"(?<![0-9])1[3-9][0-9](?:[ -]?[0-9]{4}){2}(?![0-9])"
_BANK_CARD = r"(?<![0-9])[3-6][0-9]{15,18}(?![0-9])"
_PERSONAL = re.compile(f"{_EMAIL}|{_RESIDENT_ID}|{_MOBILE}|{_BANK_CARD}")
HIDDEN = "×××"


def gives_away(text: str) -> tuple[str, ...]:
    """What in a text looks like a phone, an identity number, a card or a mail address: it may not be published."""
    return tuple(match[0] for match in _PERSONAL.finditer(text))


def without_personal_data(text: str, *names: str, instead: str = "来信人") -> str:
    """The text with such numbers, and these names, taken out. A name of one character is left: it is a word."""
    hidden = _PERSONAL.sub(HIDDEN, text)
    for name in sorted({name.strip() for name in names if len(name.strip()) > 1}, key=len, reverse=True):
        hidden = hidden.replace(name, instead)
    return hidden
