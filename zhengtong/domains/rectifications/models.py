"""差评整改: what is done about one bad rating, who said what on the way, and how it was told to the unhappy person.

Who rated stands here encrypted, to be called back; no list, no journal entry and no officer of the organ gets it.
"""

from django.db import models
from django.db.models import Q

from zhengtong.base.journal.subject import Subject
from zhengtong.base.personal import EncryptedTextField
from zhengtong.rules.rectifications import OPEN, RectState

_OPEN = sorted(state.value for state in OPEN)


class Rectification(Subject):
    """`turn` 2: reopened and answered one level higher; 3 and more: a setting aside found wrong after that. `due_*` are
    of the limit that runs now, for lists and lights; `mend_due_*` of the last limit to mend or explain, for the figures.
    """

    journal_kind = "rectification"
    journal_fields = (
        "state", "turn", "organ_id", "section_id", "officer_id", "level", "real_name", "verdict", "outcome",
        "verifier_id", "verified_at", "reviewer_id", "appeal_state", "due_on", "mend_due_on", "mended_at",
        "revisited_at", "satisfied", "closed_at", "closed_from",
    )  # fmt: skip

    number = models.CharField(max_length=20, unique=True)
    token = models.UUIDField(unique=True)  # the address of the rater's page, told to them alone
    rating_number = models.CharField(max_length=64, unique=True)
    organ = models.ForeignKey("registry.Organ", on_delete=models.PROTECT, related_name="+")
    section = models.ForeignKey("registry.Section", null=True, on_delete=models.PROTECT, related_name="+")
    officer = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")  # 被评价人
    item_name = models.CharField(max_length=200, blank=True)
    service = models.CharField(max_length=20, blank=True)  # ticket, acceptance, finish, letter
    level = models.PositiveSmallIntegerField()  # GB/T 39046 A.8: 4 不满意, 5 非常不满意
    text = EncryptedTextField(blank=True)  # what the rater wrote: may name anybody
    reasons = models.JSONField(default=list)
    real_name = models.BooleanField(default=False)
    account = models.ForeignKey("registry.Account", null=True, on_delete=models.PROTECT, related_name="+")
    phone = EncryptedTextField(blank=True)

    state = models.CharField(max_length=8, default=RectState.DISPATCH.value)
    turn = models.PositiveSmallIntegerField(default=1)
    opened_at = models.DateTimeField()
    state_since = models.DateTimeField()
    due_on = models.DateField(null=True)
    due_at = models.DateTimeField(null=True)
    provisional = models.BooleanField(default=False)
    verdict = models.CharField(max_length=8, blank=True)  # Verdict
    verifier = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    verified_at = models.DateTimeField(null=True)
    plan = models.CharField(max_length=2000, blank=True)  # in the public ledger
    reviewer = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    appeal_state = models.CharField(max_length=8, blank=True)  # open, granted, declined: of this turn's verification
    mend_due_on = models.DateField(null=True)
    mend_due_at = models.DateTimeField(null=True)
    mended_at = models.DateTimeField(null=True)
    revisited_at = models.DateTimeField(null=True)
    satisfied = models.BooleanField(null=True)
    outcome = models.CharField(max_length=20, blank=True)  # Outcome
    closed_at = models.DateTimeField(null=True)
    closed_from = models.CharField(max_length=12, blank=True)  # anonymous, revisited, unreachable

    class Meta:
        indexes = [
            # the lists, most urgent first, of all and of one organ
            models.Index(fields=["due_at", "id"], name="rectification_urgent", condition=Q(state__in=_OPEN)),
            models.Index(fields=["organ", "due_at", "id"], name="rectification_owed", condition=Q(state__in=_OPEN)),
            models.Index(fields=["state", "due_at", "id"], name="rectification_state"),
            models.Index(fields=["organ", "-id"], name="rectification_organ"),
            models.Index(fields=["account", "-id"], name="rectification_mine", condition=Q(account__isnull=False)),
            models.Index(fields=["officer", "-id"], name="rectification_officer", condition=Q(officer__isnull=False)),
            # figures: what fell due, what closed
            models.Index(
                fields=["mend_due_on", "organ"], name="rectification_mended", condition=Q(mend_due_on__isnull=False)
            ),
            models.Index(
                fields=["closed_at", "organ"], name="rectification_closed", condition=Q(closed_at__isnull=False)
            ),
            # the public ledger of plans
            models.Index(fields=["-id"], name="rectification_ledger", condition=~Q(plan="")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=RectState.CLOSED.value) | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="rectification_closed_with_outcome",
            ),
            models.CheckConstraint(
                condition=Q(verifier__isnull=True) | Q(officer__isnull=True) | ~Q(verifier=models.F("officer")),
                name="rectification_verified_by_another",
            ),
            models.CheckConstraint(
                condition=Q(reviewer__isnull=True)
                | (Q(officer__isnull=True) | ~Q(reviewer=models.F("officer"))) & ~Q(reviewer=models.F("verifier")),
                name="rectification_reviewed_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(verdict="COMPLEX") | ~Q(plan=""), name="rectification_complex_has_plan"
            ),
            models.CheckConstraint(condition=Q(turn__gte=1), name="rectification_turn"),
        ]

    @property
    def journal_key(self) -> str:
        return self.number

    def __str__(self) -> str:
        return f"{self.number} {self.state}"


class Note(models.Model):
    """What somebody wrote at a step. `public`: the unhappy person reads it, and of a plan everybody.

    The journal keeps the hash of the words, so that they cannot be changed without a trace.
    """

    rectification = models.ForeignKey(Rectification, on_delete=models.PROTECT, related_name="notes")
    turn = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=16)  # RectStep
    text = models.CharField(max_length=2000)
    public = models.BooleanField(default=False)
    at = models.DateTimeField()
    officer = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["rectification", "id"], name="rectification_notes")]


class Evidence(models.Model):
    """佐证材料 of a note; inner, the rater's page names none."""

    note = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey("base.StoredFile", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)


class Revisit(models.Model):
    """回访: a call that reached nobody, or what the person said. Their words stand encrypted."""

    PHONE, PORTAL = "phone", "portal"

    rectification = models.ForeignKey(Rectification, on_delete=models.PROTECT, related_name="revisits")
    turn = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    channel = models.CharField(max_length=8)
    officer = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    reached = models.BooleanField()
    satisfied = models.BooleanField(null=True)
    text = EncryptedTextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rectification", "turn"], condition=Q(reached=True), name="rectification_revisited_once"
            ),
            models.CheckConstraint(
                condition=Q(reached=False, satisfied__isnull=True) | Q(reached=True, satisfied__isnull=False),
                name="rectification_reached_says_something",
            ),
        ]
