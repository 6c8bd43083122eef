"""The machines of a hall (大厅设备), and the notices its boards show (大厅公告)."""

from django.db import models
from django.db.models import Q

from zhengtong.base.journal.subject import Subject
from zhengtong.rules.devices import DeviceKind


class Device(Subject):
    """大厅设备: a page in a browser that knows its place by a secret of its own; nobody signs in at it.

    Between the moment its code was typed and the moment the machine asks again it has a code and no secret. Only the
    hash of the secret is kept, and neither stands in the journal.
    """

    journal_kind = "device"
    journal_fields = ("kind", "hall_id", "window_id", "name", "paired_at", "revoked_at", "help_since", "asked_at")

    uid = models.UUIDField(unique=True)  # stands in the machine's address
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in DeviceKind])
    hall = models.ForeignKey("registry.Hall", on_delete=models.PROTECT, related_name="devices")
    window = models.ForeignKey(
        "registry.ServiceWindow", null=True, blank=True, on_delete=models.PROTECT, related_name="devices"
    )
    name = models.CharField(max_length=60)
    pairing_code = models.CharField(max_length=8, blank=True)
    pairing_until = models.DateTimeField(null=True)
    token_hash = models.CharField(max_length=64, blank=True)
    paired_at = models.DateTimeField(null=True)
    last_seen = models.DateTimeField(null=True)  # not an act: written at most once a minute, never journalled
    cut_from = models.DateTimeField(null=True)  # the last time it was not heard of for minutes
    cut_until = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    help_since = models.DateTimeField(null=True)  # somebody at the machine asked for a person
    asked_at = models.DateTimeField(null=True)  # a rating device: asked by hand

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["token_hash"], condition=~Q(token_hash=""), name="device_token_once"),
            models.UniqueConstraint(fields=["pairing_code"], condition=~Q(pairing_code=""), name="device_code_once"),
        ]
        indexes = [models.Index(fields=["hall", "kind"], name="device_of_hall")]  # the list of one hall

    @property
    def journal_key(self) -> str:
        return str(self.uid)

    @property
    def hall_code(self) -> str:
        return self.hall.code

    def __str__(self) -> str:
        return self.name


class HallNotice(Subject):
    """大厅公告: one line that runs over the boards of a hall from one day to another."""

    journal_kind = "hall_notice"
    journal_fields = ("hall_id", "text", "text_en", "since", "until", "taken_down")

    uid = models.UUIDField(unique=True)
    hall = models.ForeignKey("registry.Hall", on_delete=models.PROTECT, related_name="notices")
    text = models.CharField(max_length=200)
    text_en = models.CharField(max_length=200, blank=True)
    since = models.DateField()
    until = models.DateField()
    taken_down = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["hall", "until"], name="hall_notice_shown")]  # what runs today

    @property
    def journal_key(self) -> str:
        return str(self.uid)

    def __str__(self) -> str:
        return self.text
