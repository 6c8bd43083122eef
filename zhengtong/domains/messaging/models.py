"""What a house has made of the shipped templates, what receivers wish, and who receives while a house is on trial."""

from django.db import models
from django.db.models import Q

from zhengtong.base.journal.subject import Subject
from zhengtong.base.personal import EncryptedTextField


class Wording(Subject):
    """A template as this house words it. Without a row, or with edition 0, the shipped sentence holds.

    `draft` is what is being written (rules.messaging.Draft as JSON); empty while nothing is.
    """

    journal_kind = "template"
    journal_fields = ("kind", "edition")

    kind = models.CharField(max_length=40, unique=True)
    edition = models.PositiveIntegerField(default=0)
    draft = models.JSONField(default=dict, blank=True)

    @property
    def journal_key(self) -> str:
        return self.kind


class WordingEdition(models.Model):
    """A published wording. Messages name the edition they were written by, so none is ever changed."""

    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    words = models.JSONField()  # rules.messaging.Draft
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=100)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["wording", "number"], name="wording_edition_once")]


class Wish(models.Model):
    """How a person wants to hear of one kind. No row: as the template suggests."""

    account = models.ForeignKey("registry.Account", on_delete=models.PROTECT, related_name="wishes")
    kind = models.CharField(max_length=40)
    channels = models.JSONField(default=list)  # outer channels; in-app is always kept
    digest = models.BooleanField(default=False)  # by mail once a day instead of at once

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "kind"], name="wish_once")]


class Manner(models.Model):
    """When a person wants to be left in peace; both hours empty: never."""

    account = models.OneToOneField(
        "registry.Account", primary_key=True, on_delete=models.PROTECT, related_name="manner"
    )
    quiet_since = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_since__isnull=True, quiet_until__isnull=True)
                | Q(quiet_since__isnull=False, quiet_until__isnull=False),
                name="manner_both_hours",
            )
        ]


class Webhook(models.Model):
    """Where an enterprise's own system is told of its cases, and the secret that signs what is sent there."""

    enterprise = models.OneToOneField(
        "registry.Enterprise", primary_key=True, on_delete=models.PROTECT, related_name="webhook"
    )
    url = models.CharField(max_length=500)
    secret = EncryptedTextField()
    active = models.BooleanField(default=True)
    changed_at = models.DateTimeField()


class Guest(Subject):
    """A number or address that receives while the house is on trial, and to which a template may be tried."""

    journal_kind = "guest"
    journal_fields = ("key", "active")

    key = models.CharField(max_length=36, unique=True)
    address = EncryptedTextField()
    address_hash = models.CharField(max_length=64, unique=True)
    note = models.CharField(max_length=100, blank=True)
    active = models.BooleanField(default=True)
    added_at = models.DateTimeField()

    @property
    def journal_key(self) -> str:
        return self.key
