"""Knows what a letter of another system's file holds once it has been read; refuses to know the file."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from zhengtong.rules.letters import LetterKind


class ImportOutcome(StrEnum):
    TAKEN = "taken"
    CONTINUED = "continued"  # it was there unanswered; now it is answered
    UNCHANGED = "unchanged"
    CHANGED = "changed"  # it was there with other contents: refused
    HANDLED = "handled"  # it was there and has been handled here since: refused


@dataclass(frozen=True, slots=True)
class ImportedLetter:
    """`readable` is a clean version where the original holds what people should not have to read; else empty."""

    number: str
    kind: LetterKind
    user: str
    subject: str
    subject_original: str
    text: str
    readable: str
    category: str
    received_at: datetime
    reply: str
    replied_at: datetime | None
    notes: tuple[str, ...] = ()
