"""Facts: what each case counts for now, and the sums of all cases by day. Nothing here is a source: all of it can be
counted again from journal and limits, and must then be the same.
"""

from django.db import models
from django.db.models import Q


class CaseFact(models.Model):
    """What one case counts for (rules/tally.py). Its columns are the days on which it is counted, measure by measure."""

    case = models.OneToOneField("cases.Case", on_delete=models.PROTECT, related_name="+", primary_key=True)
    organ_id = models.BigIntegerField()
    section_id = models.BigIntegerField(null=True)
    item_id = models.BigIntegerField()
    channel = models.CharField(max_length=1)
    kind = models.CharField(max_length=10)  # a SevenKind
    person_id = models.BigIntegerField(null=True)  # the officer who answers for it
    received_on = models.DateField()
    accepted_on = models.DateField(null=True)
    declined_on = models.DateField(null=True)
    supplement_on = models.DateField(null=True)
    second_notice_on = models.DateField(null=True)
    lapsed_on = models.DateField(null=True)
    finished_on = models.DateField(null=True)
    withdrawn_on = models.DateField(null=True)
    voided_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)  # left the backlog
    granted = models.BooleanField(default=False)
    refused = models.BooleanField(default=False)
    immediate_kind = models.BooleanField(default=False)
    timeliness = models.CharField(max_length=14, blank=True)  # a Timeliness, of a finished case under a limit
    stage = models.CharField(max_length=8, blank=True)  # where it stands now; DELIVERY until handed over, then ""
    spans = models.JSONField(default=dict)  # working days by Span

    class Meta:
        indexes = [
            # the rows behind a figure of received or finished cases, newest first; of one organ and of all
            models.Index(fields=["organ_id", "received_on", "case"], name="fact_organ_received"),
            models.Index(fields=["organ_id", "finished_on", "case"], name="fact_organ_finished"),
            models.Index(fields=["received_on", "case"], name="fact_received"),
            models.Index(fields=["finished_on", "case"], name="fact_finished"),
            models.Index(fields=["accepted_on", "case"], name="fact_accepted"),
            models.Index(fields=["closed_on", "received_on", "case"], name="fact_backlog"),
            # the open cases by stage: the wall
            models.Index(fields=["organ_id", "stage"], name="fact_stage", condition=~Q(stage="")),
            # the rare ends
            *(
                models.Index(fields=[f"{end}_on", "case"], name=f"fact_{end}", condition=Q(**{f"{end}_on__isnull": False}))
                for end in ("declined", "supplement", "second_notice", "lapsed", "withdrawn", "voided")
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"case {self.case_id}"


class CaseSpan(models.Model):
    """A stretch of days at whose end a case stood suspended, due soon or overdue: since <= day < until, or no end yet.

    The overdue stretch of an open case may lie ahead: it is what will be counted if nothing is done.
    """

    SUSPENDED, SOON, OVERDUE = "suspended", "soon", "overdue"

    fact = models.ForeignKey(CaseFact, on_delete=models.CASCADE, related_name="stretches")
    kind = models.CharField(max_length=9)
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "since", "until"], name="case_span_at_day")]

    def __str__(self) -> str:
        return f"{self.kind} {self.since} – {self.until or ''}"


class Fact(models.Model):
    """Sums of what happened on a day, or in a month, within an organ and one cut of it.

    A cut is organ, section, item, channel, kind or person; `key` names the section, item, … within the organ ("" for
    the organ itself). Months stand beside days so that a year of 70 departments is 840 rows and not 17,000.
    """

    DAY, MONTH = "D", "M"

    id = models.CharField(max_length=80, primary_key=True)  # grain, day, cut, organ, key: found without a second index
    grain = models.CharField(max_length=1)
    day = models.DateField()  # of a month its first
    cut = models.CharField(max_length=8)
    organ_id = models.BigIntegerField()
    key = models.CharField(max_length=20, blank=True)
    received = models.IntegerField(default=0)
    accepted = models.IntegerField(default=0)
    declined = models.IntegerField(default=0)
    supplements = models.IntegerField(default=0)
    second_notices = models.IntegerField(default=0)
    lapsed = models.IntegerField(default=0)
    finished = models.IntegerField(default=0)
    granted = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    withdrawn = models.IntegerField(default=0)
    voided = models.IntegerField(default=0)
    timed = models.IntegerField(default=0)
    in_time = models.IntegerField(default=0)
    promised = models.IntegerField(default=0)
    early = models.IntegerField(default=0)
    immediate = models.IntegerField(default=0)
    over_promise = models.IntegerField(default=0)
    over_legal = models.IntegerField(default=0)
    spans = models.JSONField(default=dict)  # {Span: {working days: cases}}

    class Meta:
        indexes = [models.Index(fields=["cut", "grain", "day", "organ_id"], name="fact_period")]

    def __str__(self) -> str:
        return self.id


class Flow(models.Model):
    """By how much open, suspended, nearly due and overdue cases became more or fewer on a day or in a month.

    The backlog at the end of a day is the sum of all flows up to it: exact for any day, past ones that an import
    reaches back to as well, with no snapshot that could be missing or wrong. Narrow, because all of the past is read.
    """

    id = models.CharField(max_length=80, primary_key=True)
    grain = models.CharField(max_length=1)
    day = models.DateField()
    cut = models.CharField(max_length=8)
    organ_id = models.BigIntegerField()
    key = models.CharField(max_length=20, blank=True)
    open = models.IntegerField(default=0)
    suspended = models.IntegerField(default=0)
    soon = models.IntegerField(default=0)
    overdue = models.IntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["cut", "grain", "day", "organ_id"], name="flow_period")]

    def __str__(self) -> str:
        return self.id
