"""Leads (线索), what they rest on, and the files drawn for a second look. A lead is no card: a person makes one of it."""

from django.db import models
from django.db.models import Q

from zhengtong.base.journal.subject import Subject


class Lead(Subject):
    """线索. `identity` is what the detectors call the same suspicion; `officer` and `organ` are whose work it concerns."""

    OPEN, CONFIRMED, DISMISSED = "open", "confirmed", "dismissed"
    STATES = (OPEN, CONFIRMED, DISMISSED)

    journal_kind = "lead"
    journal_fields = ("rule_code", "level", "state", "organ_id", "officer_id", "item_id")

    number = models.CharField(max_length=20, unique=True)
    rule_code = models.CharField(max_length=8)
    level = models.CharField(max_length=8)
    scope = models.CharField(max_length=8)
    scope_key = models.CharField(max_length=60)
    period = models.CharField(max_length=10, blank=True)
    identity = models.CharField(max_length=100, unique=True)
    state = models.CharField(max_length=10, default=OPEN)
    organ = models.ForeignKey("registry.Organ", null=True, on_delete=models.PROTECT, related_name="+")
    section = models.ForeignKey("registry.Section", null=True, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey("catalogue.Item", null=True, on_delete=models.PROTECT, related_name="+")
    officer = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    facts = models.JSONField(default=dict)
    found_at = models.DateTimeField()
    found_on = models.DateField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=1000, blank=True)
    card_no = models.CharField(max_length=30, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "-id"], name="lead_state"),  # the list, newest first
            models.Index(fields=["rule_code", "-id"], name="lead_rule"),
            models.Index(fields=["organ", "-id"], name="lead_organ"),
            models.Index(fields=["found_on", "organ"], name="lead_found_on"),  # circulars and samples of a month
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open") | (Q(settled_at__isnull=False) & ~Q(reason="")),
                name="lead_settled_with_reason",
            ),
        ]

    @property
    def journal_key(self) -> str:
        return self.number

    def __str__(self) -> str:
        return f"{self.number} {self.rule_code}"


class LeadEvidence(models.Model):
    """One record that shows it: an entry of the journal, a case, or the figures of an organ. No personal data."""

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="evidence")
    subject_kind = models.CharField(max_length=20)
    subject_key = models.CharField(max_length=64)
    seq = models.PositiveIntegerField(default=0)  # 0: the subject as a whole
    what = models.CharField(max_length=30)
    at = models.DateTimeField(null=True)
    officer = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    facts = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lead", "subject_kind", "subject_key", "seq", "what"], name="lead_evidence_once"
            ),
        ]
        indexes = [
            models.Index(fields=["subject_kind", "subject_key"], name="lead_evidence_of"),  # leads that name a case
        ]


class Trace(models.Model):
    """What the detectors must find again of one case: by applicant, by phone (keyed hash), by acceptor, by month."""

    case_no = models.CharField(max_length=30, unique=True)
    organ = models.ForeignKey("registry.Organ", on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=1)
    applicant = models.CharField(max_length=24)  # "e7" an enterprise, "p7" a person: keys, no names
    agent = models.CharField(max_length=24, blank=True)  # with a mandate on record
    phone = models.CharField(max_length=64, blank=True)
    backed = models.BooleanField(default=False)  # the phone is the agent's or the legal representative's on record
    received_at = models.DateTimeField()
    taken_by = models.BigIntegerField(null=True)
    asked = models.PositiveIntegerField(default=0)  # answers and uploads the applicant had to give
    accepted_at = models.DateTimeField(null=True)
    accepted_seq = models.PositiveIntegerField(default=0)
    acceptor = models.BigIntegerField(null=True)
    finished_month = models.CharField(max_length=7, blank=True)
    granted = models.BooleanField(default=False)
    gamed = models.BooleanField(default=False)
    voided_month = models.CharField(max_length=7, blank=True)
    imported_at = models.DateTimeField(null=True)
    told_finished_at = models.DateTimeField(null=True)  # as an imported log tells it

    class Meta:
        indexes = [
            models.Index(fields=["applicant", "item", "received_at"], name="trace_applicant"),  # D-06, D-09
            models.Index(fields=["phone", "received_at"], name="trace_phone", condition=~Q(phone="")),  # D-07
            models.Index(
                fields=["acceptor", "accepted_at"], name="trace_acceptor", condition=Q(acceptor__isnull=False)
            ),  # D-01
            models.Index(fields=["finished_month", "organ"], name="trace_finished", condition=~Q(finished_month="")),
            models.Index(fields=["voided_month", "organ"], name="trace_voided", condition=~Q(voided_month="")),
            models.Index(
                fields=["organ", "item", "imported_at"], name="trace_imported", condition=Q(imported_at__isnull=False)
            ),
        ]


class MonthFigures(models.Model):
    """The sums of one organ's month, counted entry by entry as the seal hands them over."""

    organ = models.ForeignKey("registry.Organ", on_delete=models.PROTECT, related_name="+")
    month = models.CharField(max_length=7)
    received = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    finished = models.PositiveIntegerField(default=0)
    in_time = models.PositiveIntegerField(default=0)
    flawed = models.PositiveIntegerField(default=0)
    promised = models.PositiveIntegerField(default=0)
    gamed = models.PositiveIntegerField(default=0)
    voided = models.PositiveIntegerField(default=0)
    digits = models.JSONField(default=list)  # last digits of the minutes of acts, counts of 0–9

    class Meta:
        constraints = [models.UniqueConstraint(fields=["month", "organ"], name="authenticity_month_once")]


class ClerkDay(models.Model):
    """How many cases an officer accepted for an organ on a day, and took in at the counter: staff-days are its rows."""

    officer = models.ForeignKey("registry.Officer", on_delete=models.PROTECT, related_name="+")
    organ = models.ForeignKey("registry.Organ", on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    accepted = models.PositiveIntegerField(default=0)
    taken_in = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["on", "officer", "organ"], name="clerk_day_once")]


class ExtendedHours(Subject):
    """延时服务 as registered beforehand: who works then does what was announced (D-03). Without an organ: the hall."""

    journal_kind = "hours"
    journal_fields = ("organ_id", "on", "reason", "withdrawn_from")  # times and source stand in the key

    key = models.CharField(max_length=60, unique=True)
    source = models.CharField(max_length=36, blank=True)  # the schedule that holds them; empty: registered by hand
    organ = models.ForeignKey("registry.Organ", null=True, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    opens = models.TimeField()
    closes = models.TimeField()
    reason = models.CharField(max_length=200)
    registered_by = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()
    withdrawn_from = models.DateTimeField(null=True)  # what was entered before this moment stays lawful

    class Meta:
        indexes = [models.Index(fields=["on"], name="extended_hours_on")]
        constraints = [models.CheckConstraint(condition=Q(opens__lt=models.F("closes")), name="extended_hours_forward")]

    @property
    def journal_key(self) -> str:
        return self.key


class Sample(Subject):
    """抽查 of one month. `root` is the published checkpoint's: whoever has it draws the same files again."""

    journal_kind = "sample"
    journal_fields = ("month", "root", "population", "drawn")

    month = models.CharField(max_length=7, unique=True)
    root = models.CharField(max_length=64)
    tree_size = models.BigIntegerField()
    population = models.PositiveIntegerField()  # cases finished in the month
    drawn = models.PositiveIntegerField()  # of them at random
    percent = models.PositiveSmallIntegerField()
    drawn_at = models.DateTimeField()
    drawn_by = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")

    @property
    def journal_key(self) -> str:
        return self.month

    def __str__(self) -> str:
        return self.month


class SampleFile(models.Model):
    """One file to be looked at, and what was found: 真实, 不实, or 拒绝不当, an application that should not have been
    turned away."""

    RANDOM, LEAD = "random", "lead"
    TRUE, UNTRUE, WRONGLY = "true", "untrue", "wrongly"
    VERDICTS = (TRUE, UNTRUE, WRONGLY)

    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="files")
    case_no = models.CharField(max_length=30)
    organ = models.ForeignKey("registry.Organ", on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT, related_name="+")
    origin = models.CharField(max_length=6)
    lead = models.ForeignKey(Lead, null=True, on_delete=models.PROTECT, related_name="+")
    rank = models.CharField(max_length=64)
    verdict = models.CharField(max_length=7, blank=True)
    note = models.CharField(max_length=1000, blank=True)
    looked_by = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    looked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sample", "case_no"], name="sample_file_once"),
            models.CheckConstraint(
                condition=Q(verdict="") | Q(looked_at__isnull=False), name="sample_verdict_by_somebody"
            ),
        ]
        indexes = [models.Index(fields=["sample", "origin", "rank"], name="sample_file_order")]


class RatingSample(Subject):
    """好评回访抽样 of one month (§6.6): drawn by the first checkpoint after it, as the files are."""

    journal_kind = "rating_sample"
    journal_fields = ("month", "root", "population", "drawn")

    month = models.CharField(max_length=7, unique=True)
    root = models.CharField(max_length=64)
    tree_size = models.BigIntegerField()
    population = models.PositiveIntegerField()  # good ratings of the month whose rater can be called
    drawn = models.PositiveIntegerField()  # of them at random
    percent = models.PositiveSmallIntegerField()
    drawn_at = models.DateTimeField()
    drawn_by = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")

    @property
    def journal_key(self) -> str:
        return self.month

    def __str__(self) -> str:
        return self.month


class AskedRating(models.Model):
    """One good rating whose rater is asked by phone what they really gave. Whom to call stands with the rating."""

    RANDOM, LEAD = "random", "lead"
    SAME, WORSE, NOT_MINE, UNREACHABLE = "same", "worse", "not_mine", "unreachable"
    RESULTS = (SAME, WORSE, NOT_MINE, UNREACHABLE)

    sample = models.ForeignKey(RatingSample, on_delete=models.PROTECT, related_name="asked")
    rating_number = models.CharField(max_length=16)
    organ = models.ForeignKey("registry.Organ", on_delete=models.PROTECT, related_name="+")
    officer = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    origin = models.CharField(max_length=6)
    rank = models.CharField(max_length=64)
    result = models.CharField(max_length=12, blank=True)
    note = models.CharField(max_length=500, blank=True)
    asked_by = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sample", "rating_number"], name="asked_rating_once"),
            models.CheckConstraint(condition=Q(result="") | Q(asked_at__isnull=False), name="asked_rating_by_somebody"),
            models.CheckConstraint(
                condition=Q(asked_by__isnull=True) | Q(officer__isnull=True) | ~Q(asked_by=models.F("officer")),
                name="asked_rating_by_another",
            ),
        ]
        indexes = [
            models.Index(fields=["sample", "rank"], name="asked_rating_order"),
            models.Index(fields=["rating_number"], name="asked_rating_of"),  # E-5: what people said when asked
        ]
