from django.db import models


class Entry(models.Model):
    """One act on one subject. Append-only: a database trigger refuses UPDATE and DELETE on both engines."""

    subject_kind = models.CharField(max_length=20)
    subject_key = models.CharField(max_length=64)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=100)
    post = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField()
    facts = models.TextField()  # canonical JSON, as hashed: a JSON column would reorder it
    salt = models.CharField(max_length=32)
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            # Also serves the timeline of a subject, and stops a doubled entry whatever the code does.
            models.UniqueConstraint(fields=["subject_kind", "subject_key", "seq"], name="entry_once"),
        ]
        indexes = [
            models.Index(fields=["actor_kind", "actor_id", "at"], name="entry_by_actor"),  # what an officer did
            models.Index(fields=["kind", "at"], name="entry_by_kind"),  # reports by kind and period
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject_key} #{self.seq} {self.kind}"
