import hashlib
import hmac
import os
from base64 import b64decode, b64encode
from functools import cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

VERSION = "1:"


@cache
def _key(secret: str, purpose: str) -> bytes:
    return hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).digest()


def encrypt(text: str) -> str:
    """AES-256-GCM under a fresh nonce: two encryptions of one number differ, so the column reveals no equality."""
    nonce = os.urandom(12)
    sealed = AESGCM(_key(settings.PERSONAL_DATA_KEY, "encrypt")).encrypt(nonce, text.encode(), None)
    return VERSION + b64encode(nonce + sealed).decode()


def decrypt(stored: str) -> str:
    """Raises cryptography's InvalidTag when the stored value was altered or the key is another installation's."""
    raw = b64decode(stored.removeprefix(VERSION))
    return AESGCM(_key(settings.PERSONAL_DATA_KEY, "encrypt")).decrypt(raw[:12], raw[12:], None).decode()


def lookup_hash(value: str) -> str:
    """Keyed hash by which an identity number or phone is found without being readable. Empty stays empty."""
    cleaned = value.strip().upper()
    if not cleaned:
        return ""
    return hmac.new(_key(settings.PERSONAL_DATA_KEY, "lookup"), cleaned.encode(), hashlib.sha256).hexdigest()
