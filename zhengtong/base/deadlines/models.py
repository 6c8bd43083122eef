from django.db import models


class Deadline(models.Model):
    """期限. `due_on`/`due_at` are what the clock computed when last touched; `explain` must always arrive at them."""

    OPEN, MET, MISSED, VOID = "open", "met", "missed", "void"

    subject_kind = models.CharField(max_length=20)
    subject_key = models.CharField(max_length=64)
    kind = models.CharField(max_length=20)  # a DeadlineKind
    ordinal = models.PositiveSmallIntegerField(default=0)  # the n-th of its kind: stages may be passed twice
    organ_id = models.BigIntegerField(null=True)  # who answers for it; base knows no registry
    started_on = models.DateField()
    amount = models.PositiveIntegerField()
    extension = models.PositiveIntegerField(default=0)
    unit = models.CharField(max_length=12)
    moment = models.DateTimeField(null=True)  # imposed from outside, unit "moment"
    pauses = models.JSONField(default=list)  # [{since, until, cause, article}]
    basis = models.CharField(max_length=200, blank=True)
    due_on = models.DateField(null=True)
    due_at = models.DateTimeField(null=True)
    provisional = models.BooleanField(default=False)
    next_signal = models.CharField(max_length=10, blank=True)
    next_signal_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=6, default=OPEN)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            # Also the look-up of a subject's limits, and what makes a re-planned limit replace itself.
            models.UniqueConstraint(fields=["subject_kind", "subject_key", "kind", "ordinal"], name="deadline_once"),
        ]
        indexes = [
            # the light sweep: what is due, not what exists
            models.Index(
                fields=["next_signal_at", "id"],
                name="deadline_signal",
                condition=models.Q(outcome="open", next_signal_at__isnull=False),
            ),
            # sweeps of deemed acceptance and lapse; supervision's due lists
            models.Index(fields=["kind", "due_at", "id"], name="deadline_due", condition=models.Q(outcome="open")),
            # the board of lights: every column it asks for, so that the table itself is never read; `outcome` stands
            # in it because SQLite reads the table for a column that only the condition names
            models.Index(
                fields=["organ_id", "kind", "due_at", "due_on", "provisional", "outcome"],
                name="deadline_board",
                condition=models.Q(outcome="open"),
            ),
            # recomputation when the calendar changes
            models.Index(fields=["due_on", "id"], name="deadline_span", condition=models.Q(outcome="open")),
        ]
