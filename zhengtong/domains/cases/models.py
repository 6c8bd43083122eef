"""A case (办件): the spine. Its row is where it stands now; how it came there is in the journal."""

from django.db import models
from django.db.models import Q

from zhengtong.base.journal.subject import Subject
from zhengtong.base.personal import EncryptedTextField
from zhengtong.rules.procedure import BEFORE_DECISION, CLOSED, Stage, State

_CLOSED = sorted(s.value for s in CLOSED)
_UNDECIDED = sorted(s.value for s in BEFORE_DECISION)


class Case(Subject):
    """`due_on`/`due_at` copy the promise (or, before acceptance, the notice limit) so that an inbox is one index scan.

    They are empty while the clock stands still. The officer columns are what separation of duties reads.
    """

    journal_kind = "case"
    journal_fields = (
        "state",
        "stage",
        "suspended_stage",
        "section_id",
        "holder_id",
        "acceptor_id",
        "handler_id",
        "reviewer_id",
        "approver_id",
        "case_kind",
        "deemed",
        "received_on",
        "accepted_on",
        "decision",
        "valid_until",
        "result_code",
        "due_on",
        "finished_at",
    )

    number = models.CharField(max_length=30, unique=True)
    query_code = models.CharField(max_length=12)  # with the number, opens the tracking page to whoever holds the slip
    application = models.OneToOneField(
        "applications.Application", null=True, on_delete=models.PROTECT, related_name="case"
    )
    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT, related_name="+")
    item_version = models.ForeignKey("catalogue.ItemVersion", on_delete=models.PROTECT, related_name="+")
    item_name = models.CharField(max_length=200)
    organ = models.ForeignKey("registry.Organ", on_delete=models.PROTECT, related_name="cases")
    section = models.ForeignKey("registry.Section", null=True, on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=12)
    account = models.ForeignKey("registry.Account", null=True, on_delete=models.PROTECT, related_name="cases")
    person = models.ForeignKey("registry.Person", null=True, on_delete=models.PROTECT, related_name="cases")
    enterprise = models.ForeignKey("registry.Enterprise", null=True, on_delete=models.PROTECT, related_name="cases")
    applicant_name = models.CharField(max_length=200)
    applicant_id_kind = models.CharField(
        max_length=3, blank=True
    )  # GA/T 2000.156: 001 统一社会信用代码, 111 居民身份证 …
    applicant_id = EncryptedTextField(
        blank=True, default=""
    )  # copied at opening: papers must name it, steps read one row
    agent_name = models.CharField(max_length=100, blank=True)
    contact_phone = EncryptedTextField(blank=True, default="")
    channel = models.CharField(max_length=1)
    external_no = models.CharField(max_length=60, blank=True)
    imported = models.BooleanField(default=False)

    case_kind = models.CharField(max_length=10)  # IMMEDIATE, PROMISED, REPORTED, JOINT
    is_special = models.BooleanField(default=False)  # 特办, once granted
    special_asked_by = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    special_reason = models.CharField(max_length=500, blank=True)
    special_days = models.PositiveSmallIntegerField(null=True)  # in the unit of the promise
    is_agent = models.BooleanField(default=False)  # 代办
    state = models.CharField(max_length=12, default=State.SUBMITTED.value)
    stage = models.CharField(max_length=8, default=Stage.ACCEPT.value)
    suspended_stage = models.CharField(max_length=8, blank=True)
    stage_since = models.DateTimeField()
    holder = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    acceptor = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    handler = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    reviewer = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    approver = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")

    received_at = models.DateTimeField()
    received_on = models.DateField()
    accepted_on = models.DateField(null=True)
    deemed = models.BooleanField(default=False)
    supplements = models.PositiveSmallIntegerField(default=0)
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=8, blank=True)  # GRANT, REFUSE, CONFIRM, RECORD, NONE
    valid_until = models.DateField(null=True)  # 有效期至, of what was granted; empty: open-ended
    result_code = models.CharField(max_length=1, blank=True)  # 办结结果 0–6
    finished_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    urged_at = models.DateTimeField(null=True)
    void_proposed_by = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    void_reason = models.CharField(max_length=500, blank=True)
    due_on = models.DateField(null=True)
    due_at = models.DateTimeField(null=True)

    # Computed by the database, so that an index can say "nobody's yet" in a form both engines recognise in a query.
    waiting = models.GeneratedField(
        expression=models.Case(
            models.When(
                Q(holder__isnull=True) & ~Q(state__in=[*_CLOSED, State.SUPPLEMENT.value]), then=models.Value(True)
            ),
            default=models.Value(False),
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    # And "proposed, and neither agreed to nor turned down": the badge of a head is on every page.
    proposed = models.GeneratedField(
        expression=models.Case(
            models.When(
                (Q(void_proposed_by__isnull=False) | Q(special_asked_by__isnull=False)) & Q(state__in=_UNDECIDED),
                then=models.Value(True),
            ),
            default=models.Value(False),
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )

    class Meta:
        indexes = [
            # inbox: what an officer holds, most urgent first, keyset by (due_at, id); nobody holds a closed case
            models.Index(fields=["holder", "due_at", "id"], name="case_inbox"),
            # pool of a section and of a counter: nobody's yet
            models.Index(fields=["organ", "stage", "due_at", "id"], name="case_pool", condition=Q(waiting=True)),
            models.Index(fields=["stage", "due_at", "id"], name="case_pool_hall", condition=Q(waiting=True)),
            models.Index(fields=["organ", "due_at"], name="case_late", condition=Q(due_at__isnull=False)),
            models.Index(fields=["organ", "-id"], name="case_organ"),  # register and archive of an organ
            models.Index(fields=["account", "-id"], name="case_account"),  # portal: my cases
            models.Index(fields=["enterprise", "-id"], name="case_enterprise"),
            models.Index(fields=["person", "-id"], name="case_person"),
            models.Index(fields=["external_no"], name="case_external", condition=~Q(external_no="")),
            models.Index(fields=["item", "finished_at"], name="case_item_finished"),  # real median time of an item
            # what waits for a second person's yes, of an organ and of a counter that serves every organ
            models.Index(fields=["organ", "-id"], name="case_proposed", condition=Q(proposed=True)),
            models.Index(fields=["-id"], name="case_proposed_hall", condition=Q(proposed=True)),
            # what expires soon, whatever else there is
            models.Index(fields=["valid_until"], name="case_expiring", condition=Q(valid_until__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(state__in=_CLOSED) | Q(holder__isnull=True), name="case_closed_unheld"),
            models.CheckConstraint(
                condition=Q(handler__isnull=True) | Q(reviewer__isnull=True) | ~Q(handler=models.F("reviewer")),
                name="case_reviewed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(reviewer__isnull=True) | Q(approver__isnull=True) | ~Q(reviewer=models.F("approver")),
                name="case_approved_by_another",
            ),
        ]

    @property
    def journal_key(self) -> str:
        return self.number

    def __str__(self) -> str:
        return f"{self.number} {self.item_name}"


class DispatchRule(models.Model):
    """分派规则: which section of an organ handles an item; without an item, the organ's default section."""

    organ = models.ForeignKey("registry.Organ", on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey("catalogue.Item", null=True, on_delete=models.PROTECT, related_name="+")
    section = models.ForeignKey("registry.Section", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organ", "item"], name="dispatch_rule_once"),
            models.UniqueConstraint(fields=["organ"], condition=Q(item__isnull=True), name="dispatch_default_once"),
        ]


class Counter(models.Model):
    """The last serial given in a series. The row lock lasts to the end of the transaction: no gap, no repeat."""

    series = models.CharField(max_length=80, unique=True)
    last = models.PositiveIntegerField(default=0)


class Paper(models.Model):
    """文书. Its content is frozen as data when issued; the PDF is rendered from it when first asked for."""

    uid = models.UUIDField(unique=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="papers")
    form = models.CharField(max_length=4)  # F-00 … F-13, domain-rules §3.2
    number = models.CharField(max_length=60, blank=True)
    content = EncryptedTextField()
    content_hash = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey("base.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="paper_number_once"),
        ]


class SupplementItem(models.Model):
    """One line of a 补正告知书: what is wrong with which material and how to mend it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="supplement_items")
    round = models.PositiveSmallIntegerField()
    material_code = models.CharField(max_length=40, blank=True)
    material_name = models.CharField(max_length=300)
    problem = models.CharField(max_length=500)
    remedy = models.CharField(max_length=500)
    visible_at_first = models.BooleanField(default=True)  # M-02: could have been named in the first notice
    answered_at = models.DateTimeField(null=True)


class SpecialProcedureRun(models.Model):
    """特别程序 record (art. 45; GB/T 39046 A.7). One open at a time per case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="special_runs")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    basis = models.CharField(max_length=300)
    reason = models.CharField(max_length=500)
    planned_amount = models.PositiveIntegerField()
    planned_unit = models.CharField(max_length=12)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey("registry.Officer", on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at__isnull=True), name="special_one_open"),
        ]


class Consultation(models.Model):
    """征求意见: a question to another section or organ; it never stops the clock."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="consultations")
    section = models.ForeignKey("registry.Section", on_delete=models.PROTECT, related_name="+")
    question = models.CharField(max_length=1000)
    asked_by = models.ForeignKey("registry.Officer", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    answer = models.CharField(max_length=2000, blank=True)
    agrees = models.BooleanField(null=True)
    answered_by = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # inbox of questions to a section
            models.Index(fields=["section", "asked_at"], name="consultation_open", condition=Q(answered_at=None)),
        ]


class CaseMessage(models.Model):
    """A line between the applicant and the officers of a case."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="messages")
    from_applicant = models.BooleanField()
    author_name = models.CharField(max_length=100)
    text = models.CharField(max_length=2000)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="case_message_thread")]


class CheckTick(models.Model):
    """A line of the stage's checklist, ticked by whom and when; unticking is a new row with `done` false."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="ticks")
    stage = models.CharField(max_length=8)
    code = models.CharField(max_length=40)
    done = models.BooleanField()
    officer = models.ForeignKey("registry.Officer", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
