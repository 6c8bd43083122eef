"""Rules of supervision as data, and the cards (监察牌) they led to. Cases know nothing of either."""

from django.db import models
from django.db.models import Q

from zhengtong.base.journal.subject import Subject
from zhengtong.rules.clock import Level
from zhengtong.rules.supervision.definition import Definition
from zhengtong.rules.supervision.procedure import CardState


class Rule(Subject):
    """规则. What it says stands in its versions; the journal tells who changed it, and why."""

    journal_kind = "rule"
    journal_fields = ("code", "group")

    code = models.CharField(max_length=10, unique=True)
    group = models.CharField(max_length=4)  # T, P, M, FEE, O, S, D, E, I
    position = models.PositiveSmallIntegerField(default=0)  # as §5.3 lists them

    @property
    def journal_key(self) -> str:
        return self.code

    def __str__(self) -> str:
        return self.code


class RuleVersion(models.Model):
    """One version of a rule, from a day to a day, for a region or (empty) for all. Never changed once in force."""

    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=10)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=150)
    subject = models.CharField(max_length=20)
    element = models.CharField(max_length=60)
    operator = models.CharField(max_length=4)
    levels = models.JSONField(default=dict)  # {"yellow": 0, "red": 1}
    thresholds = models.JSONField(default=dict)  # further numbers by name
    issue = models.CharField(max_length=10)
    message = models.CharField(max_length=300)
    message_en = models.CharField(max_length=400)
    enabled = models.BooleanField(default=True)
    waits_for = models.CharField(max_length=200, blank=True)
    waits_for_en = models.CharField(max_length=200, blank=True)
    ladder = models.CharField(max_length=20, blank=True)
    source = models.CharField(max_length=300)
    region = models.CharField(max_length=12, blank=True)
    effective_from = models.DateField()
    effective_to = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "region", "effective_from"], name="rule_from_once"),
            models.UniqueConstraint(fields=["rule", "number"], name="rule_number_once"),
        ]

    def definition(self) -> Definition:
        """The version as the rules speak of it."""
        return Definition(
            code=self.code, group=self.code.split("-")[0], name=self.name, name_en=self.name_en, subject=self.subject,
            element=self.element, operator=self.operator, levels=self.levels, thresholds=self.thresholds,
            issue=self.issue, message=self.message, message_en=self.message_en, enabled=self.enabled,
            waits_for=self.waits_for, waits_for_en=self.waits_for_en, ladder=self.ladder, source=self.source,
            region=self.region, effective_from=self.effective_from,
        )  # fmt: skip

    def threshold(self, name: str, default: float | None = None) -> float:
        """A number of this version by name; KeyError when it has none and no default is given."""
        definition = self.definition()
        return definition.threshold(name) if default is None else definition.threshold(name, default)

    def __str__(self) -> str:
        return f"{self.code} v{self.number}"


class Card(Subject):
    """监察牌. `points` are what it costs (§5.2); a card taken back costs nothing, see `cards_by_organ`.

    Its limits (answer, decision of an appeal) are deadlines of the subject `card`. Evidence names entries of the
    journal; nothing personal stands here.
    """

    journal_kind = "card"
    journal_fields = ("state", "level", "points", "order_no", "issued_on", "answered_at", "closed_at")

    number = models.CharField(max_length=20, unique=True)  # 监察编号, GB/T 39046 table 11: an..20
    rule_version = models.ForeignKey(RuleVersion, on_delete=models.PROTECT, related_name="+")
    rule_code = models.CharField(max_length=10)
    ladder = models.CharField(max_length=20)
    level = models.CharField(max_length=6)
    rank = models.PositiveSmallIntegerField()  # 监察预警类型代码, 0–4: orders levels in the database
    state = models.CharField(max_length=9, default=CardState.DRAFT.value)
    subject_kind = models.CharField(max_length=20)
    subject_key = models.CharField(max_length=64)
    aspect = models.CharField(max_length=40, blank=True)
    organ = models.ForeignKey("registry.Organ", on_delete=models.PROTECT, related_name="+")
    section = models.ForeignKey("registry.Section", null=True, on_delete=models.PROTECT, related_name="+")
    officer = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    imported = models.BooleanField(default=False)
    points = models.SmallIntegerField(default=0)
    facts = models.JSONField(default=dict)  # what fills the rule's message
    evidence = models.JSONField(default=list)  # [{kind, key, seq, facts}]
    raised_at = models.DateTimeField()
    issued_at = models.DateTimeField(null=True)
    issued_on = models.DateField(null=True)
    issued_by = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    # who confirmed the lead it came from, or raised it by hand
    raised_by = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    answer_due_on = models.DateField(null=True)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closing_note = models.CharField(max_length=500, blank=True)
    order_no = models.CharField(max_length=30, blank=True)

    # Computed by the database, so that an index can say "still wants something" in a form both engines recognise.
    standing = models.GeneratedField(
        expression=models.Case(
            models.When(state__in=["REVOKED", "CANCELLED", "CLOSED"], then=models.Value(False)),
            # A reminder or a warning is mended, not answered: it stands in nobody's way.
            models.When(rank__lt=Level.YELLOW.rank, state="ISSUED", then=models.Value(False)),
            default=models.Value(True),
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            # Also the look-up of a subject's cards, and what makes the sweep idempotent.
            models.UniqueConstraint(
                fields=["subject_kind", "subject_key", "rule_code", "aspect", "level"], name="card_once"
            ),
            models.CheckConstraint(condition=Q(points__lte=0), name="card_points_cost"),
        ]
        indexes = [
            models.Index(fields=["-id"], name="card_newest", condition=Q(rank__gte=1)),  # the wall
            models.Index(fields=["organ", "-id"], name="card_organ"),  # watch list of a department
            models.Index(fields=["officer", "-id"], name="card_officer"),  # desk: an officer's own
            models.Index(fields=["section", "-id"], name="card_section"),  # desk: a section head's
            models.Index(fields=["state", "-id"], name="card_state"),  # drafts to issue, appeals to decide
            models.Index(fields=["officer", "id"], name="card_standing", condition=Q(standing=True)),  # badge
            # red cards that have not brought their order yet
            models.Index(fields=["id"], name="card_red", condition=Q(state="ISSUED", rank=Level.RED.rank, order_no="")),
            models.Index(fields=["issued_on", "organ", "rule_code", "level"], name="card_issued"),  # scores, circular
        ]

    @property
    def journal_key(self) -> str:
        return self.number

    def __str__(self) -> str:
        return f"{self.number} {self.rule_code} {self.level}"


class CardAnswer(models.Model):
    """答复: cause and measure, in writing (§5.2)."""

    card = models.OneToOneField(Card, on_delete=models.PROTECT, related_name="answer")
    cause = models.CharField(max_length=1000)
    measure = models.CharField(max_length=1000)
    answered_by = models.ForeignKey("registry.Officer", on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()


class CardAppeal(models.Model):
    """申诉 and its decision; the reasons of both are public inside (§5.2). One for each card."""

    card = models.OneToOneField(Card, on_delete=models.PROTECT, related_name="appeal")
    reasons = models.CharField(max_length=2000)
    appealed_by = models.ForeignKey("registry.Officer", on_delete=models.PROTECT, related_name="+")
    appealed_at = models.DateTimeField()
    state_before = models.CharField(max_length=9)
    decide_by = models.DateField(null=True)
    revoked = models.BooleanField(null=True)
    decision_reasons = models.CharField(max_length=2000, blank=True)
    decided_by = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)


class CardFile(models.Model):
    """An attachment of an answer or an appeal."""

    ANSWER, APPEAL = "answer", "appeal"

    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="files")
    step = models.CharField(max_length=6)
    file = models.ForeignKey("base.StoredFile", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    added_at = models.DateTimeField()


class Trial(models.Model):
    """试算: a changed rule on past history, before it goes live. Advances by slices, so that it can be stopped."""

    rule_code = models.CharField(max_length=10)
    changes = models.JSONField()  # what the version in force would become: levels, thresholds
    since = models.DateField()
    until = models.DateField()
    started_by = models.ForeignKey("registry.Officer", on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    after = models.BigIntegerField(default=0)  # the last case looked at
    seen = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    done = models.BooleanField(default=False)


class TrialHit(models.Model):
    """A card the changed rule would have issued, or (`would` false) one it would not have."""

    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="hits")
    organ = models.ForeignKey("registry.Organ", on_delete=models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=20)
    subject_key = models.CharField(max_length=64)
    aspect = models.CharField(max_length=40, blank=True)
    level = models.CharField(max_length=6)
    on = models.DateField(null=True)
    would = models.BooleanField()
    was = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["trial", "organ", "id"], name="trial_hits")]
