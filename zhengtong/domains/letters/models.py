"""Letters (来信) from every box, the tree of categories, routing rules, replies, and what is published of them."""

from django.db import models
from django.db.models import Q

from zhengtong.base.journal.subject import Subject
from zhengtong.base.personal import EncryptedTextField
from zhengtong.rules.letters import RUNNING, LetterKind, LetterState

_RUNNING = sorted(state.value for state in RUNNING)
_OPEN = Q(state__in=_RUNNING)


class Category(models.Model):
    """分类, any number of levels deep. `path` is the chain of codes from the top, so that a subtree is a prefix."""

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    level = models.PositiveSmallIntegerField(default=1)
    path = models.CharField(max_length=200, db_index=True)  # "01.03.02"
    retired = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "name"], name="letter_category_name", condition=Q(parent__isnull=False)
            ),
            models.UniqueConstraint(fields=["name"], name="letter_category_top", condition=Q(parent__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.name


class Letter(Subject):
    """来信. What its author said and who they are is encrypted; the journal holds neither, nor the kind in clear:
    nobody shall count tips about persons by reading it, so the kind stands there as a keyed hash.

    The original stays as it came; `moderated` is the version others may read beside it.
    """

    journal_kind = "letter"
    journal_fields = (
        "kind_mark", "mailbox", "state", "urgent", "confidential", "oral", "category_id", "region_id", "organ_id",
        "section_id", "handler_id", "round", "due_on", "extended", "merged_into_id", "external_key", "case_no",
        "item_code", "finding", "satisfaction", "replied_at", "replied_late", "answer_days", "closed_at", "destination",
        "converted_to", "converted_key",
    )  # fmt: skip

    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=12)  # LetterKind
    kind_mark = models.CharField(max_length=64)
    mailbox = models.CharField(max_length=16)  # Mailbox
    state = models.CharField(max_length=12, default=LetterState.RECEIVED.value)
    urgent = models.BooleanField(default=False)  # 紧急: one working day
    oral = models.BooleanField(default=False)  # 口头: told, not written
    confidential = models.BooleanField(default=False)  # the organ that answers does not learn who wrote

    subject_line = EncryptedTextField()
    text = EncryptedTextField()
    moderated = EncryptedTextField(blank=True, default="")
    name = EncryptedTextField(blank=True, default="")
    phone = EncryptedTextField(blank=True, default="")
    email = EncryptedTextField(blank=True, default="")
    author_hash = models.CharField(max_length=64, blank=True, default="")  # account, else phone, else e-mail
    phone_hash = models.CharField(max_length=64, blank=True, default="")
    account = models.ForeignKey("registry.Account", null=True, on_delete=models.PROTECT, related_name="letters")
    language = models.CharField(max_length=10, blank=True, default="")
    address = EncryptedTextField(blank=True, default="")  # the place the letter is about
    place_hash = models.CharField(max_length=64, blank=True, default="")
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)

    category = models.ForeignKey(Category, null=True, on_delete=models.PROTECT, related_name="letters")
    region = models.ForeignKey("registry.Region", null=True, on_delete=models.PROTECT, related_name="+")
    organ = models.ForeignKey("registry.Organ", null=True, on_delete=models.PROTECT, related_name="+")  # who answers
    section = models.ForeignKey("registry.Section", null=True, on_delete=models.PROTECT, related_name="+")
    handler = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    first_contact = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")  # 首问
    about_organ = models.ForeignKey("registry.Organ", null=True, on_delete=models.PROTECT, related_name="+")
    item_code = models.CharField(max_length=50, blank=True, default="")
    case_no = models.CharField(max_length=50, blank=True, default="")
    external_key = models.CharField(max_length=100, blank=True, default="")  # ticket of the hotline; log and number

    source_mark = models.CharField(max_length=64, blank=True, default="")  # of an imported one: what it said

    received_at = models.DateTimeField()
    received_on = models.DateField()  # Shanghai; what periods are counted by
    round = models.PositiveSmallIntegerField(default=1)  # 2: reopened, one level up
    due_on = models.DateField(null=True)
    due_at = models.DateTimeField(null=True)
    provisional = models.BooleanField(default=False)
    extended = models.BooleanField(default=False)
    replied_at = models.DateTimeField(null=True)  # the first reply: what reports count
    answer_days = models.PositiveIntegerField(null=True)  # working days from the day after receipt to that reply
    replied_late = models.BooleanField(default=False)  # that reply came after its limit
    finding = models.CharField(max_length=10, blank=True, default="")
    satisfaction = models.CharField(max_length=12, blank=True, default="")
    urged_at = models.DateTimeField(null=True)
    urged = models.PositiveSmallIntegerField(default=0)
    closed_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="duplicates")
    destination = models.CharField(max_length=12, blank=True, default="")  # Destination
    outcome = EncryptedTextField(blank=True, default="")  # what the author was told when the letter ended otherwise
    converted_to = models.CharField(max_length=12, blank=True, default="")
    converted_key = models.CharField(max_length=64, blank=True, default="")
    may_publish = models.BooleanField(default=False)  # the author agrees that the letter is shown, without their name

    class Meta:
        indexes = [
            # the desk's lists: what is owed, most urgent first
            models.Index(fields=["organ", "due_at", "number"], name="letter_owed", condition=_OPEN),
            models.Index(fields=["due_at", "number"], name="letter_owed_all", condition=_OPEN),
            models.Index(fields=["kind", "due_at", "number"], name="letter_owed_kind", condition=_OPEN),
            models.Index(fields=["received_at", "number"], name="letter_newest"),  # everything, newest first
            models.Index(fields=["received_on", "kind"], name="letter_period"),  # reports
            models.Index(fields=["state", "replied_at"], name="letter_to_revisit"),
            models.Index(fields=["account", "-received_at"], name="letter_own", condition=Q(account__isnull=False)),
            models.Index(fields=["author_hash", "-received_at"], name="letter_author", condition=~Q(author_hash="")),
            models.Index(fields=["place_hash", "-received_at"], name="letter_place", condition=~Q(place_hash="")),
            models.Index(fields=["case_no"], name="letter_case", condition=~Q(case_no="")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["external_key"], name="letter_external_once", condition=~Q(external_key="")
            ),
            # A tip is routed to nobody: no organ ever stands in its row.
            models.CheckConstraint(
                condition=~Q(kind=LetterKind.TIP.value) | Q(organ__isnull=True), name="letter_tip_goes_nowhere"
            ),
            models.CheckConstraint(
                condition=Q(replied_at__isnull=True, answer_days__isnull=True)
                | Q(replied_at__isnull=False, answer_days__isnull=False),
                name="letter_days_with_reply",
            ),
        ]

    @property
    def journal_key(self) -> str:
        return self.number

    def __str__(self) -> str:
        return self.number


class Remark(models.Model):
    """What somebody said with a step (why returned, what to do): beside its journal entry, because it may name people."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="remarks")
    seq = models.PositiveIntegerField()  # the entry's
    text = EncryptedTextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["letter", "seq"], name="letter_remark_once")]


class Reply(models.Model):
    """答复: drafted, approved where it must be, sent. One for each round is sent; drafts sent back stay."""

    DRAFT, SENT, BACK = "draft", "sent", "back"

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="replies")
    round = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=6, default=DRAFT)
    mode = models.CharField(max_length=8)  # written, oral
    text = EncryptedTextField()
    finding = models.CharField(max_length=10, blank=True, default="")
    writer = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    approver = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField(null=True)
    judgement = models.CharField(max_length=500, blank=True, default="")
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["letter", "round"], name="letter_reply_once", condition=Q(state="sent")),
            models.CheckConstraint(
                condition=Q(approver__isnull=True) | ~Q(approver=models.F("writer")), name="letter_reply_by_another"
            ),
        ]


class Attachment(models.Model):
    """附件 of a letter, or of its reply."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="attachments")
    reply = models.ForeignKey(Reply, null=True, on_delete=models.PROTECT, related_name="attachments")
    file = models.ForeignKey("base.StoredFile", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)


class Extension(models.Model):
    """延期: asked before the limit ends, once, and granted by somebody else."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="extensions")
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
            models.UniqueConstraint(fields=["letter"], name="letter_extended_once"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("asked_by")),
                name="letter_extended_by_another",
            ),
        ]


class Revisit(models.Model):
    """回访, by somebody who took no part."""

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="revisits")
    round = models.PositiveSmallIntegerField(default=1)
    result = models.CharField(max_length=12)  # Satisfaction
    said = EncryptedTextField(blank=True, default="")
    at = models.DateTimeField()
    by = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")


class Publication(models.Model):
    """公开的典型来信: a text made for it, without personal data, proposed by one and approved by another."""

    PROPOSED, PUBLISHED, DECLINED, WITHDRAWN = "proposed", "published", "declined", "withdrawn"

    letter = models.OneToOneField(Letter, on_delete=models.PROTECT, related_name="publication")
    state = models.CharField(max_length=10, default=PROPOSED)
    title = models.CharField(max_length=200)
    question = models.TextField()
    answer = models.TextField()
    category = models.ForeignKey(Category, null=True, on_delete=models.PROTECT, related_name="+")
    organ = models.ForeignKey("registry.Organ", null=True, on_delete=models.PROTECT, related_name="+")
    agreed = models.BooleanField(default=False)  # the author agreed; else what identifies them was masked
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey("registry.Officer", on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField(null=True)
    judged_by = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    judgement = models.CharField(max_length=500, blank=True, default="")
    published_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["-published_at", "-id"], name="letter_published", condition=Q(state="published")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(judged_by__isnull=True) | ~Q(judged_by=models.F("proposed_by")),
                name="letter_published_by_another",
            ),
        ]


class RoutingRule(models.Model):
    """转办规则: empty fields match everything; the rule that says most wins (rules/letters_routing.py)."""

    region = models.ForeignKey("registry.Region", null=True, on_delete=models.PROTECT, related_name="+")
    category = models.ForeignKey(Category, null=True, on_delete=models.PROTECT, related_name="+")
    about = models.ForeignKey("registry.Organ", null=True, on_delete=models.PROTECT, related_name="+")
    organ = models.ForeignKey("registry.Organ", on_delete=models.PROTECT, related_name="+")
    section = models.ForeignKey("registry.Section", null=True, on_delete=models.PROTECT, related_name="+")
    active = models.BooleanField(default=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")


class ReplyTemplate(models.Model):
    """答复模板: {number}, {received} and {organ} are filled in; the rest is the officer's to write."""

    name = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=12, blank=True, default="")
    text = models.TextField()
    retired = models.BooleanField(default=False)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
