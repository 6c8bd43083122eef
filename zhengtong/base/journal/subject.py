from typing import ClassVar

from django.db import models


class Subject(models.Model):
    """Anything that has a journal. `version` is the number of its last entry, `journal_head` that entry's hash.

    Holding the head in the row makes one guarded UPDATE enough to refuse a stale step and to chain the next entry.
    """

    journal_kind: ClassVar[str]
    # Columns whose every change stands in the entries, so that a replay can rebuild them. No personal data here.
    journal_fields: ClassVar[tuple[str, ...]] = ()

    version = models.PositiveIntegerField(default=0)
    journal_head = models.CharField(max_length=64, default="", blank=True)

    class Meta:
        abstract = True

    @property
    def journal_key(self) -> str:
        """A name that never changes and is known before the row is stored: number, code or uuid."""
        raise NotImplementedError(f"{type(self).__name__} names no journal_key")
