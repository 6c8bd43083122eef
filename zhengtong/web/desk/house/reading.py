"""What a page asks in its address or sends in its form, read without trusting it."""

from datetime import date

from django.http import HttpRequest

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


def words(request: HttpRequest, name: str = "q") -> str:
    """Words to search for, one line, bounded; what is no text at all finds nothing."""
    return " ".join(request.GET.get(name, "").replace("\x00", " ").split())[:60]
