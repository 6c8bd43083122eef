from django.db import models

from zhengtong.base.personal import EncryptedTextField


class Message(models.Model):
    """One message to one receiver. `key` makes a repeated step send it once."""

    PENDING, SENT, FAILED, DEAD = "pending", "sent", "failed", "dead"
    IN_APP, MAIL, SMS = "in_app", "mail", "sms"

    key = models.CharField(max_length=120, unique=True)
    channel = models.CharField(max_length=10, default=IN_APP)
    kind = models.CharField(max_length=40)
    account_id = models.BigIntegerField(null=True)  # receiver's account; base knows no registry
    address = EncryptedTextField(blank=True, default="")  # phone or e-mail for the outer channels
    payload = models.JSONField(default=dict)
    subject_kind = models.CharField(max_length=20, blank=True)
    subject_key = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            # the worker's due list
            models.Index(fields=["next_try_at", "id"], name="outbox_due", condition=models.Q(state="pending")),
            models.Index(fields=["account_id", "-id"], name="outbox_inbox"),  # a person's own messages
            models.Index(fields=["state", "-id"], name="outbox_state"),  # the administrator's screen
        ]
