"""Other houses that speak Open311 GeoReport v2, what they filed here, and what was filed there for a letter."""

from django.db import models
from django.db.models import Q

from zhengtong.base.personal import EncryptedTextField


class Partner(models.Model):
    """A system that files here with a key, or one that letters are sent to. A key of theirs is never stored in clear."""

    code = models.SlugField(max_length=30, unique=True)
    name = models.CharField(max_length=100)
    key_hash = models.CharField(max_length=64, blank=True, default="")  # of the key they show us; empty: files nothing
    url = models.CharField(max_length=300, blank=True, default="")  # their endpoint; empty: nothing is sent there
    key = EncryptedTextField(blank=True, default="")  # the key we show them
    jurisdiction_id = models.CharField(max_length=100, blank=True, default="")  # theirs
    by_token = models.BooleanField(default=False)  # answered with a token first, with the number when asked
    active = models.BooleanField(default=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key_hash"], condition=~Q(key_hash=""), name="open311_key_once"),
        ]

    def __str__(self) -> str:
        return self.code


class Filed(models.Model):
    """A request a partner filed, and the letter it became. `retry_key` makes a repeated request the same one."""

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="filed")
    retry_key = models.CharField(max_length=64)
    body_hash = models.CharField(max_length=64)  # the same key with other words is a fault of the caller's
    token = models.CharField(max_length=40, unique=True)
    letter_no = models.CharField(max_length=20, unique=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "retry_key"], name="open311_filed_once")]
        indexes = [models.Index(fields=["partner", "-at"], name="open311_filed_newest")]  # their own list


class Passed(models.Model):
    """A letter sent to a partner: their number of it, and what they last said."""

    WAITING, TOKEN, TAKEN, CLOSED, REFUSED = "waiting", "token", "taken", "closed", "refused"

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="passed")
    letter_no = models.CharField(max_length=20)
    service_code = models.CharField(max_length=100)
    state = models.CharField(max_length=8, default=WAITING)
    token = models.CharField(max_length=200, blank=True, default="")
    remote_id = models.CharField(max_length=200, blank=True, default="")
    remote_status = models.CharField(max_length=40, blank=True, default="")
    remote_notes = models.TextField(blank=True, default="")
    fault = models.CharField(max_length=300, blank=True, default="")
    passed_at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True)
    next_look_at = models.DateTimeField(null=True)  # when the worker asks them again

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "letter_no"], name="open311_passed_once")]
        indexes = [
            models.Index(fields=["next_look_at", "id"], name="open311_look", condition=Q(next_look_at__isnull=False)),
        ]
