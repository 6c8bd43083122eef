"""What a page asks in its address or sends in its form, read without trusting it."""

from datetime import date

from django.http import HttpRequest
from django.urls.converters import StringConverter

MOST_DIGITS = 18


def number(text: str | None) -> int | None:
    """A whole number, or None for anything else."""
    return int(text) if text and text.isdecimal() and text.isascii() and len(text) <= MOST_DIGITS else None


def seen(request: HttpRequest) -> int:
    """The version the page showed. A page without it is refused as stale by number -1, never let through."""
    found = number(request.POST.get("seen"))
    return -1 if found is None else found


def day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def key(request: HttpRequest, name: str) -> str:
    """A code or a page mark from the address. No text of a database holds a NUL: a key with one names nothing."""
    value = request.GET.get(name, "").strip()[:100]
    return "" if "\x00" in value else value


def words(request: HttpRequest, name: str = "q") -> str:
    """Words to search for, one line, bounded; what is no text at all finds nothing."""
    return " ".join(request.GET.get(name, "").replace("\x00", " ").split())[:60]


class Key(StringConverter):
    """A code in the path; what holds a NUL is no address."""

    regex = "[^/\\x00]+"
