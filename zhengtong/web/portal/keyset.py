"""`?before=` of lists that go on: a row's id, or nothing."""

from django.http import HttpRequest

MOST_DIGITS = 18  # what both databases hold as a whole number


def before(request: HttpRequest) -> int | None:
    given = request.GET.get("before", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) <= MOST_DIGITS else None
