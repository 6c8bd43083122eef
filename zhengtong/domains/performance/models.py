"""Score tables and their versions, peer groups, the locked months, the scores with every edition, and what was said
against them."""

from django.db import models
from django.db.models import F, Q

from zhengtong.base.journal.subject import Subject as JournalSubject
from zhengtong.domains.registry.models import Officer, Organ
from zhengtong.rules.scoring_quantities import Subject


class ScoreTable(JournalSubject):
    """考核表: one for organs, one for officers. What is in force stands in its versions."""

    journal_kind = "score_table"

    code = models.CharField(max_length=30, unique=True)
    subject = models.CharField(max_length=10, choices=[(one.value, one.value) for one in Subject], unique=True)

    journal_fields = ("code", "subject")

    @property
    def journal_key(self) -> str:
        return self.code


class ScoreTableVersion(models.Model):
    """An edition of a table. Frozen once approved; it scores whole months from `effective_from` on."""

    table = models.ForeignKey(ScoreTable, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    digest = models.CharField(max_length=64)  # SHA-256 of the canonical document, as in the journal
    effective_from = models.DateField(null=True)  # first of a month; empty: a draft
    edited_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    edited_at = models.DateTimeField()
    approved_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["table", "number"], name="score_table_version_number"),
            models.UniqueConstraint(
                fields=["table"], condition=Q(approved_at__isnull=True), name="score_table_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(edited_by__isnull=True) | ~Q(approved_by=F("edited_by")),
                name="score_table_approved_by_another",
            ),
        ]

    @property
    def frozen(self) -> bool:
        return self.approved_at is not None


class PeerGroup(JournalSubject):
    """同类组: organs of similar function and volume. An organ stands in one group only; the action sees to it."""

    journal_kind = "peer_group"

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True)
    organ_codes = models.JSONField(default=list)

    journal_fields = ("name", "name_en", "organ_codes")

    @property
    def journal_key(self) -> str:
        return self.code

    def __str__(self) -> str:
        return self.name


class ScoreMonth(JournalSubject):
    """The scores of all organs, or of all officers, for one month: locked together and published together."""

    journal_kind = "score_month"

    LOCKED, PUBLISHED = "locked", "published"

    subject = models.CharField(max_length=10)
    month = models.DateField()  # its first day
    table_version = models.ForeignKey(ScoreTableVersion, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default=LOCKED)
    locked_at = models.DateTimeField()
    appeal_until = models.DateField()
    publish_on = models.DateField()
    provisional = models.BooleanField(default=False)
    standards = models.JSONField(default=dict)  # peer standards of fairness, so that one figure can be recounted alone
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")

    journal_fields = ("state", "table_version_id", "appeal_until", "publish_on")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "month"], name="score_month_once")]

    @property
    def journal_key(self) -> str:
        return f"{self.subject}-{self.month:%Y-%m}"

    @property
    def published(self) -> bool:
        return self.state == self.PUBLISHED


class Score(JournalSubject):
    """One organ's or officer's score of one month, as it stands. How it was computed is kept in its editions."""

    journal_kind = "score"

    month = models.ForeignKey(ScoreMonth, models.PROTECT, related_name="scores")
    key = models.CharField(max_length=64, unique=True)  # organ-<code>-2026-10, officer-<staff number>-2026-10
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="+")
    officer = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    group_code = models.CharField(max_length=30, blank=True)  # as it was when the month was locked
    group_name = models.CharField(max_length=100, blank=True)
    group_name_en = models.CharField(max_length=100, blank=True)
    finished = models.PositiveIntegerField()
    edition = models.PositiveIntegerField(default=1)
    total = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    grade = models.CharField(max_length=1, blank=True)
    rank = models.PositiveIntegerField(null=True)
    ranked_of = models.PositiveIntegerField(default=0)

    journal_fields = ("edition", "total", "grade", "rank", "ranked_of", "group_code", "finished")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["month", "organ"], condition=Q(officer__isnull=True), name="score_of_organ_once"
            ),
            models.UniqueConstraint(
                fields=["month", "officer"], condition=Q(officer__isnull=False), name="score_of_officer_once"
            ),
        ]
        indexes = [
            models.Index(fields=["organ", "month"], name="score_by_organ"),  # an organ's trend
            models.Index(fields=["officer", "month"], name="score_by_officer"),  # an officer's own scores
        ]

    @property
    def journal_key(self) -> str:
        return self.key


class ScoreEdition(models.Model):
    """A score as computed once: every line with quantities and base. Never changed; a correction is a new edition."""

    score = models.ForeignKey(Score, models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    reason_code = models.CharField(max_length=20)  # locked, marked, appealed, cards, corrected
    reason = models.TextField(blank=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["score", "number"], name="score_edition_number")]


class ManualMark(models.Model):
    """Points given by a person: on a manual indicator, or as a correction of a figure. A later one replaces it."""

    score = models.ForeignKey(Score, models.PROTECT, related_name="marks")
    indicator = models.CharField(max_length=30)
    points = models.DecimalField(max_digits=6, decimal_places=2)
    reason = models.TextField()
    given_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["score", "indicator"], condition=Q(replaced_at__isnull=True), name="score_mark_once"
            )
        ]


class ScoreAppeal(models.Model):
    """异议: what an officer or a department holds against a figure, and what was decided."""

    OPEN, GRANTED, REJECTED = "open", "granted", "rejected"

    score = models.ForeignKey(Score, models.PROTECT, related_name="appeals")
    indicator = models.CharField(max_length=30)
    reason = models.TextField()
    appealed_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    appealed_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=OPEN)
    decision = models.TextField(blank=True)
    decided_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    edition = models.PositiveIntegerField(null=True)  # the edition that answers it

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["score", "indicator"], condition=Q(state="open"), name="score_appeal_open_once"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("appealed_by")),
                name="score_appeal_decided_by_another",
            ),
        ]
        indexes = [models.Index(fields=["state", "id"], name="score_appeal_open")]  # the appeal desk
