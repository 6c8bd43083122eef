"""督查通报: the monthly circular of supervision. Its figures are frozen when drafted, its texts until it is approved."""

from django.db import models
from django.db.models import F, Q

from zhengtong.base.journal.subject import Subject
from zhengtong.domains.registry.models import Officer, Organ


class Bulletin(Subject):
    """One issue. `revision` 1 is the circular of the month; a later one corrects it and says why."""

    journal_kind = "bulletin"

    DRAFT, APPROVED, PUBLISHED = "draft", "approved", "published"
    STATES = (DRAFT, APPROVED, PUBLISHED)

    month = models.DateField()  # its first day
    revision = models.PositiveSmallIntegerField(default=1)
    correction_reason = models.TextField(blank=True)
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+")  # in whose name it goes out
    number = models.CharField(max_length=60, blank=True)  # 云督通〔2026〕10号, given with publication
    state = models.CharField(max_length=10, default=DRAFT)
    contents = models.JSONField(default=dict)  # sections with their tables: locked, never typed
    texts = models.JSONField(default=dict)  # {section: text}: what people write
    digest = models.CharField(max_length=64, blank=True)  # SHA-256 of contents and texts, as in the journal
    counted_at = models.DateTimeField()  # when the figures were taken
    drafted_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    drafted_at = models.DateTimeField()
    editors = models.JSONField(default=list)  # ids of all who wrote in it: none of them may approve
    approved_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)

    journal_fields = ("state", "number", "digest", "revision")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "revision"], name="bulletin_once"),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="bulletin_number_once"),
            models.UniqueConstraint(
                fields=["month"], condition=Q(state__in=["draft", "approved"]), name="bulletin_one_open"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(drafted_by__isnull=True) | ~Q(approved_by=F("drafted_by")),
                name="bulletin_approved_by_another",
            ),
        ]

    @property
    def journal_key(self) -> str:
        return f"{self.month:%Y-%m}-{self.revision}"

    def __str__(self) -> str:
        return self.number or self.journal_key


class BulletinCopy(models.Model):
    """One copy to the unit that sends people to the hall (§5.8): noted with the publication."""

    bulletin = models.ForeignKey(Bulletin, models.PROTECT, related_name="copies")
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bulletin", "organ"], name="bulletin_copy_once")]
