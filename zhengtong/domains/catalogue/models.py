from django.db import models
from django.db.models import F, Q

from zhengtong.base.journal.subject import Subject


class Item(Subject):
    """A service item (政务服务事项). Its elements live in versions; a case is pinned to one of them (GB/T 39046)."""

    class Status(models.TextChoices):
        DRAFT = "draft", "草稿"
        LISTED = "listed", "目录事项"  # known by name and code only; shown, but takes no application yet
        PUBLISHED = "published", "在用"
        SUSPENDED = "suspended", "暂停"
        RETIRED = "retired", "已取消"

    item_code = models.CharField(max_length=50, unique=True)
    organ = models.ForeignKey("registry.Organ", models.PROTECT, related_name="items")
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT)
    current_version = models.ForeignKey(
        "catalogue.ItemVersion", models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    external_code = models.CharField(max_length=60, blank=True, db_index=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")
    retired_basis = models.TextField(blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    suspended_reason = models.TextField(blank=True)

    # Copied from the version people see, so that a list of cases or items needs no second table.
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=400, blank=True)
    item_type = models.CharField(max_length=2)
    popularity = models.PositiveIntegerField(default=0)

    journal_kind = "item"
    journal_fields = ("status", "organ_id", "current_version_id", "successor_id", "name", "item_type")

    class Meta:
        indexes = [
            models.Index("status", F("popularity").desc(), "id", name="item_status_popular"),  # portal list
            models.Index("organ", "status", "item_code", name="item_organ_status"),  # desk list, completeness
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=["published", "suspended"]) | Q(current_version__isnull=False),
                name="item_in_force_has_version",
            ),
            models.CheckConstraint(condition=~Q(successor=F("id")), name="item_not_own_successor"),
        ]

    def __str__(self) -> str:
        return f"{self.item_code} {self.name}"

    @property
    def journal_key(self) -> str:
        return self.item_code

    @property
    def takes_applications(self) -> bool:
        return self.status == Item.Status.PUBLISHED  # C-10


class ItemVersion(models.Model):
    """One edition of an item: elements, form, procedure, limits, materials and fees together. Frozen once published."""

    class Status(models.TextChoices):
        DRAFT = "draft", "起草"
        CHECKING = "checking", "合法性审核中"
        CHECKED = "checked", "已审核"
        PUBLISHED = "published", "已发布"
        SUPERSEDED = "superseded", "已被替代"
        RETIRED = "retired", "已取消"

    class CaseKind(models.TextChoices):
        IMMEDIATE = "IMMEDIATE", "即办件"
        PROMISED = "PROMISED", "承诺件"
        REPORTED = "REPORTED", "上报件"
        JOINT = "JOINT", "联办件"

    OPEN = (Status.DRAFT, Status.CHECKING, Status.CHECKED)
    FROZEN = (Status.PUBLISHED, Status.SUPERSEDED, Status.RETIRED)

    item = models.ForeignKey(Item, models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT)

    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=400, blank=True)
    catalog_code = models.CharField(max_length=36, blank=True)
    impl_code = models.CharField(max_length=50, blank=True)
    handling_code = models.CharField(max_length=50, blank=True)
    item_type = models.CharField(max_length=2, blank=True)
    level = models.CharField(max_length=1, blank=True)
    region_code = models.CharField(max_length=12, blank=True)
    implementing_organ = models.ForeignKey("registry.Organ", models.PROTECT, related_name="+")
    handling_mode = models.CharField(max_length=1, blank=True)
    case_kind = models.CharField(max_length=10, choices=CaseKind, blank=True)
    legal_amount = models.PositiveIntegerField(null=True, blank=True)
    legal_unit = models.CharField(max_length=12, blank=True)
    promised_amount = models.PositiveIntegerField(null=True, blank=True)
    promised_unit = models.CharField(max_length=12, blank=True)
    charges_fee = models.BooleanField(default=False)
    online = models.BooleanField(default=False)
    onsite_visits = models.PositiveSmallIntegerField(null=True, blank=True)
    effective_from = models.DateField(null=True, blank=True)
    effective_to = models.DateField(null=True, blank=True)

    form = models.JSONField(default=dict)
    procedure = models.JSONField(default=dict)
    elements = models.JSONField(default=dict)  # the remaining elements, under their document keys
    disclosed = models.PositiveSmallIntegerField(default=0)  # how many of the eight 公开 elements are filled

    digest = models.CharField(max_length=64, blank=True)  # SHA-256 of the canonical document, as in the journal

    drafted_by = models.ForeignKey("registry.Officer", models.PROTECT, null=True, related_name="+")
    drafted_at = models.DateTimeField(null=True)
    edited_by = models.ForeignKey("registry.Officer", models.PROTECT, null=True, related_name="+")
    edited_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey("registry.Officer", models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    check_opinion = models.TextField(blank=True)
    published_by = models.ForeignKey("registry.Officer", models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="item_version_number"),
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(status__in=["draft", "checking", "checked"]),
                name="item_one_open_version",
            ),
            models.UniqueConstraint(
                fields=["item"], condition=Q(status="published"), name="item_one_published_version"
            ),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | Q(edited_by__isnull=True) | ~Q(checked_by=F("edited_by")),
                name="item_checked_by_another",  # the legal check is another person's
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} v{self.number}"

    @property
    def frozen(self) -> bool:
        return self.status in self.FROZEN


class VersionRow(models.Model):
    """A row of a list element; `position` keeps the order the editor gave."""

    position = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True
        ordering = ["position"]


class LegalBasis(VersionRow):
    item_version = models.ForeignKey(ItemVersion, models.CASCADE, related_name="legal_bases")
    name = models.CharField(max_length=300)
    name_en = models.CharField(max_length=600, blank=True)
    organ = models.CharField(max_length=200, blank=True)
    doc_no = models.CharField(max_length=100, blank=True)
    article = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    url = models.CharField(max_length=500, blank=True)
    valid_until = models.DateField(null=True, blank=True)


class MaterialRequirement(VersionRow):
    item_version = models.ForeignKey(ItemVersion, models.CASCADE, related_name="materials")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=300)
    name_en = models.CharField(max_length=600, blank=True)
    type = models.CharField(max_length=10, blank=True)
    format = models.CharField(max_length=10, blank=True)
    necessity = models.CharField(max_length=12, blank=True)
    condition = models.JSONField(null=True, blank=True)
    copies = models.PositiveSmallIntegerField(null=True, blank=True)
    page_format = models.CharField(max_length=100, blank=True)
    source = models.CharField(max_length=100, blank=True)
    source_note = models.TextField(blank=True)
    source_note_en = models.TextField(blank=True)
    issuer = models.CharField(max_length=200, blank=True)
    basis = models.TextField(blank=True)
    standard = models.TextField(blank=True)
    standard_en = models.TextField(blank=True)
    fill_note = models.TextField(blank=True)
    blank_form = models.CharField(max_length=200, blank=True)
    sample = models.CharField(max_length=200, blank=True)
    deferrable = models.BooleanField(default=False)
    e_cert_type = models.CharField(max_length=60, blank=True)
    reusable = models.BooleanField(default=False)
    share_source = models.CharField(max_length=60, blank=True)
    promise_replaceable = models.BooleanField(default=False)

    class Meta(VersionRow.Meta):
        constraints = [models.UniqueConstraint(fields=["item_version", "code"], name="material_code_once")]


class FeeItem(VersionRow):
    item_version = models.ForeignKey(ItemVersion, models.CASCADE, related_name="fee_items")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=400, blank=True)
    standard = models.TextField(blank=True)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    basis = models.TextField(blank=True)
    reducible = models.BooleanField(default=False)
    reduction_basis = models.TextField(blank=True)

    class Meta(VersionRow.Meta):
        constraints = [models.UniqueConstraint(fields=["item_version", "code"], name="fee_code_once")]


class SpecialProcedure(VersionRow):
    item_version = models.ForeignKey(ItemVersion, models.CASCADE, related_name="special_procedures")
    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=1, blank=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=400, blank=True)
    basis = models.TextField(blank=True)
    amount = models.PositiveIntegerField(null=True, blank=True)
    unit = models.CharField(max_length=12, blank=True)
    counted = models.BooleanField(default=False)  # counted in the limit or not (art 45)
    fee = models.TextField(blank=True)

    class Meta(VersionRow.Meta):
        constraints = [models.UniqueConstraint(fields=["item_version", "code"], name="special_code_once")]


class Situation(VersionRow):
    """A guided question that narrows form and materials (情形)."""

    item_version = models.ForeignKey(ItemVersion, models.CASCADE, related_name="situations")
    code = models.CharField(max_length=40)
    question = models.CharField(max_length=300)
    question_en = models.CharField(max_length=600, blank=True)
    options = models.JSONField(default=list)

    class Meta(VersionRow.Meta):
        constraints = [models.UniqueConstraint(fields=["item_version", "code"], name="situation_code_once")]


class ServicePoint(VersionRow):
    item_version = models.ForeignKey(ItemVersion, models.CASCADE, related_name="service_points")
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=400, blank=True)
    address = models.CharField(max_length=300, blank=True)
    hours = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=100, blank=True)


class Facet(models.Model):
    """One way to find an item: a topic, life event, channel, kind of applicant or level of the version people see."""

    class Kind(models.TextChoices):
        PERSON_TOPIC = "person", "自然人主题"
        ENTERPRISE_TOPIC = "enterprise", "法人主题"
        LIFE_EVENT = "life_event", "一件事"
        CHANNEL = "channel", "办理形式"
        APPLICANT = "applicant", "服务对象"
        LEVEL = "level", "最低办理层级"

    item = models.ForeignKey(Item, models.CASCADE, related_name="facets", db_index=False)
    kind = models.CharField(max_length=12, choices=Kind)
    value = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "kind", "value"], name="facet_once")]
        indexes = [models.Index("kind", "value", "item", name="facet_find")]
