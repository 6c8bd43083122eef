from django.db import models
from django.db.models import Q

from zhengtong.base.journal import Subject
from zhengtong.rules.calendar import DayKind


class HolidayNotice(Subject):
    """放假安排: one year's notice as it was loaded. A corrected one is a new revision; the old one is kept."""

    journal_kind = "calendar"
    journal_fields = ("year", "revision", "title", "document_no", "source")

    year = models.PositiveSmallIntegerField()
    revision = models.PositiveSmallIntegerField()
    current = models.BooleanField(default=True)
    title = models.CharField(max_length=200)
    document_no = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=500, blank=True)  # where the notice can be read
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "revision"], name="notice_revision_once"),
            models.UniqueConstraint(fields=["year"], condition=Q(current=True), name="notice_current_once"),
        ]

    @property
    def journal_key(self) -> str:
        return f"{self.year}-{self.revision}"


class CalendarDay(models.Model):
    """A day a notice names. Days of replaced notices stay as evidence, no longer current."""

    notice = models.ForeignKey(HolidayNotice, on_delete=models.PROTECT, related_name="days")
    on = models.DateField()
    kind = models.CharField(max_length=9, choices=[(kind.value, kind.value) for kind in DayKind])
    name = models.CharField(max_length=20, blank=True)
    current = models.BooleanField(default=True)

    class Meta:
        constraints = [
            # Two notices may not rule one day; the calendar is read by this index as well.
            models.UniqueConstraint(fields=["on"], condition=Q(current=True), name="calendar_day_current_once"),
        ]
