"""Numbers and query codes shown or typed in this session: with them a letter is followed without an account."""

from django.http import HttpRequest

KEY, MOST = "letter_slips", 20


def remember(request: HttpRequest, number: str, code: str) -> None:
    kept = {**request.session.get(KEY, {}), number: code}
    request.session[KEY] = dict(list(kept.items())[-MOST:])


def newest(request: HttpRequest) -> str:
    """The number shown last; empty when this session never showed one."""
    return next(reversed(request.session.get(KEY, {})), "")


def code_of(request: HttpRequest, number: str) -> str:
    """Empty when this session never showed it."""
    return str(request.session.get(KEY, {}).get(number, ""))
