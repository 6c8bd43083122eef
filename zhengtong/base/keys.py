"""Names nobody can guess and a replay makes again: derived by keyed hash, never drawn by chance."""

import hashlib
import hmac
from uuid import UUID

from django.conf import settings

_SAFE = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0 O 1 I L: people read it from paper


def _digest(parts: tuple[str, ...]) -> bytes:
    return hmac.new(
        settings.PERSONAL_DATA_KEY.encode(), "\x1f".join(("name", *parts)).encode(), hashlib.sha256
    ).digest()


def hidden_uuid(*parts: str) -> UUID:
    return UUID(bytes=_digest(parts)[:16], version=4)


def query_code(*parts: str) -> str:
    """Eight characters for a person to type: 39 bits, and the door slows down guessing."""
    number = int.from_bytes(_digest(("code", *parts)), "big")
    letters = []
    for _ in range(8):
        number, rest = divmod(number, len(_SAFE))
        letters.append(_SAFE[rest])
    return "".join(letters)
