"""How often one address or one phone may do a thing at a door anybody may knock at. Counts live in the cache."""

from contextlib import suppress

from django.core.cache import cache
from django.http import HttpRequest

from zhengtong.base.personal import lookup_hash


def address_of(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def spent(what: str, whom: str, most: int) -> bool:
    return int(cache.get(_key(what, whom), 0)) >= most


def count(what: str, whom: str, seconds: int) -> None:
    key = _key(what, whom)
    if not cache.add(key, 1, seconds):
        with suppress(ValueError):  # it ran out between the two lines: nothing is left to count on
            cache.incr(key)


def _key(what: str, whom: str) -> str:
    """Phones and numbers stand in no key in clear."""
    return f"{what}:{lookup_hash(whom)[:32]}"
