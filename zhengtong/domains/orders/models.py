"""Supervision orders (督办单), their replies, the ladder of 催办 above them, and the register of accountability."""

from django.db import models
from django.db.models import Q

from zhengtong.base.journal.subject import Subject
from zhengtong.base.personal import EncryptedTextField
from zhengtong.rules.orders import ONCE, RUNNING, AdmonitionState, OrderResult, OrderState

_RUNNING = sorted(state.value for state in RUNNING)
_ONCE = sorted(source.value for source in ONCE)


class Order(Subject):
    """督办单. The columns named in GB/T 39046 table 11 say so; `term` counts the terms given, one more per rejection.

    `escalate_at` is when the sweep looks again; empty while nothing is owed. `depth` is the deepest step of the ladder
    reached so far (0: none).
    """

    journal_kind = "order"
    journal_fields = (
        "state", "kind", "level", "source_kind", "source_key", "case_no", "item_type", "rule_code", "organ_id",
        "section_id", "issuer_id", "parent_id", "depth", "term", "due_on", "extended", "received_by_id", "verifier_id",
        "result", "closed_at",
    )  # fmt: skip

    number = models.CharField(max_length=20, unique=True)  # 监察编号 an..20
    paper_no = models.CharField(max_length=60)  # 文号, stands in the head of the 督办通知书
    title = models.CharField(max_length=200)
    content = models.CharField(max_length=1000)  # 督办内容 an..1000
    kind = models.CharField(max_length=8)  # OrderKind
    level = models.PositiveSmallIntegerField()  # 监察预警类型代码 n1: 0 提醒 … 4 督办 (domain-rules §5.2)
    source_kind = models.CharField(max_length=12)  # OrderSource
    source_key = models.CharField(max_length=64, blank=True)
    case = models.ForeignKey("cases.Case", null=True, on_delete=models.PROTECT, related_name="orders")
    case_no = models.CharField(max_length=50, blank=True)  # 办件编号 an..50
    item_type = models.CharField(max_length=2, blank=True)  # 事项类型代码 n2
    rule_code = models.CharField(max_length=20, blank=True)  # 监察规则编号 an..20
    issuing_organ = models.ForeignKey("registry.Organ", on_delete=models.PROTECT, related_name="+")  # 机构名称
    issuer = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    organ = models.ForeignKey("registry.Organ", on_delete=models.PROTECT, related_name="orders")  # 责任部门
    section = models.ForeignKey("registry.Section", null=True, on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")

    state = models.CharField(max_length=8, default=OrderState.OPEN.value)
    issued_at = models.DateTimeField()  # 督办发出时间
    state_since = models.DateTimeField()  # 状态产生时间
    term = models.PositiveSmallIntegerField(default=1)
    due_on = models.DateField(null=True)
    due_at = models.DateTimeField(null=True)
    provisional = models.BooleanField(default=False)  # 暂定: never late, nobody is urged
    extended = models.BooleanField(default=False)
    depth = models.PositiveSmallIntegerField(default=0)
    escalate_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    received_by = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    verifier = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    verified_at = models.DateTimeField(null=True)
    result = models.CharField(max_length=10, blank=True)  # OrderResult
    outcome = models.CharField(max_length=1000, blank=True)  # 监察结果描述 an..1000
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organ", "-id"], name="order_organ"),  # the list, narrowed to an organ
            models.Index(fields=["state", "-id"], name="order_state"),  # the list, narrowed to a state
            # who must answer, most urgent first; the badge counter; what is late
            models.Index(fields=["organ", "due_at", "id"], name="order_owed", condition=Q(state__in=_RUNNING)),
            models.Index(fields=["source_kind", "source_key"], name="order_source"),
            models.Index(fields=["case_no"], name="order_case", condition=~Q(case_no="")),
            # the sweep: what is due, not what exists
            models.Index(fields=["escalate_at", "id"], name="order_sweep", condition=Q(escalate_at__isnull=False)),
            models.Index(fields=["closed_at"], name="order_closed_at"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source_kind", "source_key"],
                condition=Q(source_kind__in=_ONCE, parent__isnull=True) & ~Q(result=OrderResult.WITHDRAWN.value),
                name="order_once_per_source",
            ),
            models.CheckConstraint(
                condition=Q(escalate_at__isnull=True) | Q(state__in=_RUNNING), name="order_escalates_while_owed"
            ),
            models.CheckConstraint(
                condition=~Q(state=OrderState.CLOSED.value) | (Q(closed_at__isnull=False) & ~Q(result="")),
                name="order_closed_with_result",
            ),
        ]

    @property
    def journal_key(self) -> str:
        return self.number

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Reply(models.Model):
    """回复: one to a term. Who verified or rejected it, and why, stands with it."""

    VERIFIED, REJECTED = "verified", "rejected"

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="replies")
    term = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=2000)
    replied_at = models.DateTimeField()
    replied_by = models.ForeignKey("registry.Officer", on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=10, blank=True)
    verdict_text = models.CharField(max_length=1000, blank=True)
    judged_at = models.DateTimeField(null=True)
    judged_by = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "term"], name="order_reply_once"),
            models.CheckConstraint(
                condition=Q(judged_by__isnull=True) | ~Q(judged_by=models.F("replied_by")),
                name="order_reply_judged_by_another",
            ),
        ]


class Attachment(models.Model):
    """附件 of a reply: the bytes lie in base.files, the name as it was given lies here."""

    reply = models.ForeignKey(Reply, on_delete=models.PROTECT, related_name="attachments")
    file = models.ForeignKey("base.StoredFile", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)


class Extension(models.Model):
    """延期申请: asked by the organ before the term ends, granted at most once, by whoever issued the order."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="extensions")
    days = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=500)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey("registry.Officer", on_delete=models.PROTECT, related_name="+")
    granted = models.BooleanField(null=True)
    answer = models.CharField(max_length=500, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(granted__isnull=True) | Q(granted=True), name="order_extended_once"
            ),
        ]


class Escalation(models.Model):
    """催办: one step of the ladder, told to these people with a numbered paper; `parent` is the step before it."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="escalations")
    term = models.PositiveSmallIntegerField()
    depth = models.PositiveSmallIntegerField()
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    at = models.DateTimeField()
    addressed = models.CharField(max_length=200)  # the section, the organ, or the organ above, as printed
    people = models.JSONField(default=list)  # [{officer, name, role}]

    class Meta:
        constraints = [
            # A sweep that runs twice, or two at once, writes each step once.
            models.UniqueConstraint(fields=["order", "term", "depth"], name="order_escalated_once"),
        ]


class OrderPaper(models.Model):
    """督办通知书 (F-15) and 催办通知书. Frozen as data when issued; the PDF is drawn when first asked for."""

    uid = models.UUIDField(unique=True)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="papers")
    escalation = models.OneToOneField(Escalation, null=True, on_delete=models.PROTECT, related_name="paper")
    number = models.CharField(max_length=60, unique=True)
    content = EncryptedTextField()
    content_hash = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    file = models.ForeignKey("base.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")


class Admonition(Subject):
    """责任追究登记: what was decided about a person, by whom, on what basis; the person's objection; its end.

    The house records what a competent body decided and decides nothing by itself (domain-rules §0). Personal: only
    supervision and the person read it. The reasons stay out of the journal.
    """

    journal_kind = "admonition"
    journal_fields = ("officer_id", "measure", "order_id", "card_key", "decided_on", "state", "lifted_on", "tolerated")

    number = models.CharField(max_length=20, unique=True)
    officer = models.ForeignKey("registry.Officer", on_delete=models.PROTECT, related_name="admonitions")
    measure = models.CharField(max_length=20)  # Measure
    order = models.ForeignKey(Order, null=True, on_delete=models.PROTECT, related_name="admonitions")
    card_key = models.CharField(max_length=64, blank=True)  # orders does not know the cards; a page links it
    reason = models.CharField(max_length=1000)
    decided_by = models.CharField(max_length=200)  # the competent body, as named in its decision
    document_no = models.CharField(max_length=60, blank=True)
    decided_on = models.DateField()
    # 容错免责: the four tests of domain-rules §10 were gone through before the record was made.
    tolerance_note = models.CharField(max_length=500)
    tolerated = models.BooleanField(default=False)
    state = models.CharField(max_length=8, default=AdmonitionState.IN_FORCE.value)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("registry.Officer", on_delete=models.PROTECT, related_name="+")
    objection = models.CharField(max_length=1000, blank=True)
    objected_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    lifted_on = models.DateField(null=True)
    lifted_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [models.Index(fields=["officer", "-id"], name="admonition_officer")]  # the person's own page
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=models.F("recorded_by")),
                name="admonition_judged_by_another",
            ),
        ]

    @property
    def journal_key(self) -> str:
        return self.number

    def __str__(self) -> str:
        return f"{self.number} {self.measure}"
