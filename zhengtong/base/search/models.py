from django.db import models


class SearchEntry(models.Model):
    """One findable object. Its words stand beside it: in the FTS5 table `search_text` on SQLite (same row id), in a
    `tsvector` column on PostgreSQL; migration `search` makes both and `engine` alone knows which is there.
    """

    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    boost = models.FloatField(default=1.0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="search_entry_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
