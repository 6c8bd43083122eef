import json
from typing import TYPE_CHECKING, Any

from django.db import models

from zhengtong.base.personal.cipher import decrypt, encrypt

if TYPE_CHECKING:
    _Anything = models.Field[Any, Any]
else:
    _Anything = models.TextField


class EncryptedTextField(models.TextField):
    """Text that the database never sees in clear. Not searchable: keep a `lookup_hash` beside it."""

    def get_prep_value(self, value: Any) -> Any:
        return "" if value in (None, "") else encrypt(str(value))

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str:
        return decrypt(value) if value else ""


class EncryptedJSONField(_Anything):
    """A JSON object kept encrypted as a whole: the answers of a form may hold any personal data."""

    def get_prep_value(self, value: Any) -> Any:
        return encrypt(json.dumps(value or {}, ensure_ascii=False, sort_keys=True, separators=(",", ":")))

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> Any:
        return json.loads(decrypt(value)) if value else {}

    def to_python(self, value: Any) -> Any:
        return value
