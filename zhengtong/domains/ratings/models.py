"""好差评: what can be rated, how it was rated, and the sums of both by day."""

from django.db import models
from django.db.models import Q

from zhengtong.base.journal.subject import Subject
from zhengtong.base.personal import EncryptedTextField
from zhengtong.rules.ratings import NodeState


class Node(models.Model):
    """服务节点: one service that one rating is about. It follows from the journal of what it is about, and has none.

    `key` is a hidden name: it stands in addresses and says nothing of the service, its order or its time. Whose
    service it was stands in account, person, enterprise and phone; no list and no figure shows them.
    """

    key = models.CharField(max_length=16, unique=True)
    kind = models.CharField(max_length=12)  # NodeKind
    subject_kind = models.CharField(max_length=20)
    subject_key = models.CharField(max_length=64)
    organ = models.ForeignKey("registry.Organ", on_delete=models.PROTECT, related_name="+", db_index=False)
    section = models.ForeignKey(
        "registry.Section", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    officer = models.ForeignKey(
        "registry.Officer", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    window = models.ForeignKey(
        "registry.ServiceWindow", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    hall_code = models.CharField(max_length=20, blank=True)
    platform = models.CharField(max_length=8)  # Platform
    item_id = models.BigIntegerField(null=True)
    item_name = models.CharField(max_length=200, blank=True)
    account = models.ForeignKey(
        "registry.Account", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    person = models.ForeignKey("registry.Person", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    enterprise = models.ForeignKey(
        "registry.Enterprise", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    phone = EncryptedTextField(blank=True, default="")
    phone_hash = models.CharField(max_length=64, blank=True, default="")
    opened_at = models.DateTimeField()
    opened_on = models.DateField()
    closes_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)  # by hand, once more, at the window
    state = models.CharField(max_length=10, default=NodeState.OPEN.value)
    default_level = models.PositiveSmallIntegerField(null=True)  # what silence is shown as; in no figure

    # What its rating counts for, copied here so that facts and rows of a figure are one table's look-up.
    level = models.PositiveSmallIntegerField(null=True)  # the worse of rating and 追评
    channel = models.CharField(max_length=14, blank=True)
    excluded = models.BooleanField(default=False)
    uncounted = models.BooleanField(default=True)  # the facts do not hold it as it stands now
    counted = models.CharField(max_length=24, blank=True)  # as the facts hold it

    class Meta:
        indexes = [
            models.Index(fields=["account", "-id"], name="node_account", condition=Q(account__isnull=False)),
            models.Index(fields=["person", "-id"], name="node_person", condition=Q(person__isnull=False)),
            models.Index(fields=["enterprise", "-id"], name="node_enterprise", condition=Q(enterprise__isnull=False)),
            models.Index(fields=["phone_hash", "-id"], name="node_phone", condition=~Q(phone_hash="")),
            models.Index(fields=["subject_kind", "subject_key"], name="node_subject"),  # a clerk types its number
            models.Index(fields=["window", "-opened_at"], name="node_window", condition=Q(window__isnull=False)),
            models.Index(fields=["closes_at"], name="node_silent", condition=Q(state=NodeState.OPEN.value)),
            models.Index(fields=["id"], name="node_uncounted", condition=Q(uncounted=True)),
            # the rows behind a figure, newest day first: of all, of an organ, section, person, item, channel; set aside
            models.Index(fields=["-opened_on", "key"], name="node_newest"),
            models.Index(fields=["organ", "-opened_on", "key"], name="node_organ_newest"),
            models.Index(fields=["section", "-opened_on", "key"], name="node_section_newest"),
            models.Index(fields=["officer", "-opened_on", "key"], name="node_officer_newest"),
            models.Index(fields=["item_id", "-opened_on", "key"], name="node_item_newest"),
            models.Index(fields=["channel", "-opened_on", "key"], name="node_channel_newest"),
            # a hall or platform may hold half of a city's services or none, and of many services next to none be rated
            models.Index(fields=["hall_code", "-opened_on", "key"], name="node_hall_newest"),
            models.Index(fields=["platform", "-opened_on", "key"], name="node_platform_newest"),
            models.Index(
                fields=["hall_code", "-opened_on", "key", "level"],
                name="node_hall_rated",
                condition=Q(level__isnull=False),
            ),
            models.Index(
                fields=["platform", "-opened_on", "key", "level"],
                name="node_platform_rated",
                condition=Q(level__isnull=False),
            ),
            models.Index(fields=["-opened_on", "key"], name="node_excluded", condition=Q(excluded=True)),
        ]
        constraints = [
            # 一次一评、一事一评: one node to a service, one rating to a node (Rating.node).
            models.UniqueConstraint(fields=["kind", "subject_kind", "subject_key"], name="node_once"),
            models.CheckConstraint(condition=Q(level__isnull=True) | Q(level__range=(1, 5)), name="node_level"),
            models.CheckConstraint(
                condition=Q(state=NodeState.RATED.value, level__isnull=False)
                | (~Q(state=NodeState.RATED.value) & Q(level__isnull=True)),
                name="node_rated_has_level",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Rating(Subject):
    """评价. Never changed and never deleted: what comes later (追评, 剔除, 公开) is added to it.

    Its journal names neither the rater nor the service: a number, a level, a channel.
    """

    journal_kind = "rating"
    journal_fields = (
        "level", "button", "channel", "reasons", "organ_id", "given_at", "real_name", "entered_by_id",
        "follow_level", "followed_at", "excluded_at", "excluded_reason", "text_state",
    )  # fmt: skip

    WAITING, PUBLISHED, WITHHELD = "waiting", "published", "withheld"

    number = models.CharField(max_length=16, unique=True)  # hidden, as a node's key: numbers tell no order
    node = models.OneToOneField(Node, on_delete=models.PROTECT, related_name="rating")
    organ = models.ForeignKey("registry.Organ", on_delete=models.PROTECT, related_name="+", db_index=False)
    level = models.PositiveSmallIntegerField()  # 满意度代码 1..5
    button = models.CharField(max_length=14, blank=True)  # the raw one
    channel = models.CharField(max_length=14)
    reasons = models.JSONField(default=list)
    text = EncryptedTextField(blank=True, default="")  # people write their names into it
    given_at = models.DateTimeField()
    account = models.ForeignKey(
        "registry.Account", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    real_name = models.BooleanField(default=False)  # bound to a verified person or phone: is called back when unhappy
    entered_by = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    device_hash = models.CharField(max_length=64, blank=True, default="")
    ip_hash = models.CharField(max_length=64, blank=True, default="")
    seconds = models.PositiveIntegerField(default=0)  # from the moment it was asked to the press (E-1)

    follow_level = models.PositiveSmallIntegerField(null=True)  # 追评
    follow_text = EncryptedTextField(blank=True, default="")
    followed_at = models.DateTimeField(null=True)
    excluded_at = models.DateTimeField(null=True)
    excluded_reason = models.CharField(max_length=20, blank=True)
    text_state = models.CharField(max_length=10, blank=True)  # "" where nothing was written
    published_text = models.CharField(max_length=600, blank=True)  # as masked and looked through
    text_judged_at = models.DateTimeField(null=True)
    text_judged_by = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["given_at"], name="rating_given"),  # anti-brushing reads a stretch of time
            models.Index(fields=["text_state", "number"], name="rating_text", condition=Q(text_state="waiting")),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(level__range=(1, 5)), name="rating_level"),
            models.CheckConstraint(
                condition=Q(follow_level__isnull=True) | Q(follow_level__range=(1, 5)), name="rating_follow_level"
            ),
        ]

    @property
    def journal_key(self) -> str:
        return self.number

    def __str__(self) -> str:
        return f"{self.number} {self.level}"


class Fact(models.Model):
    """Sums by day and by month, within an organ and one cut of it, by the day the service was given.

    Nothing here is a source: all of it can be counted again from the nodes, and must then be the same.
    """

    DAY, MONTH = "D", "M"

    id = models.CharField(max_length=80, primary_key=True)  # grain, day, cut, organ, key: found without a second index
    grain = models.CharField(max_length=1)
    day = models.DateField()
    cut = models.CharField(max_length=8)
    organ_id = models.BigIntegerField()
    key = models.CharField(max_length=20, blank=True)
    nodes = models.IntegerField(default=0)
    level_1 = models.IntegerField(default=0)
    level_2 = models.IntegerField(default=0)
    level_3 = models.IntegerField(default=0)
    level_4 = models.IntegerField(default=0)
    level_5 = models.IntegerField(default=0)
    defaulted = models.IntegerField(default=0)
    excluded = models.IntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["cut", "grain", "day", "organ_id"], name="rating_fact_period")]

    def __str__(self) -> str:
        return self.id
