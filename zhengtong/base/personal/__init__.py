"""Personal data at rest: encrypted (AES-256-GCM), looked up by keyed hash (HMAC-SHA256), never in clear.

Basis: 个人信息保护法第五十一条 (technical measures such as encryption).
"""

from zhengtong.base.personal.cipher import decrypt, encrypt, lookup_hash
from zhengtong.base.personal.fields import EncryptedJSONField, EncryptedTextField

__all__ = ["EncryptedJSONField", "EncryptedTextField", "decrypt", "encrypt", "lookup_hash"]
