from django.db import models

from zhengtong.base.personal import EncryptedTextField


class Message(models.Model):
    """One message to one receiver by one channel. `key` makes a repeated step send it once.

    `next_try_at` is when somebody looks again: the next try while pending, the end of the worker's claim while claimed,
    the end of the quiet hours or the hour of the digest while held, the last moment a receipt is waited for (before a
    later message of the same lane may follow) once sent.
    """

    # On its way
    NEW = "new"  # has no words yet: the worker writes them and finds the ways
    PENDING, CLAIMED = "pending", "claimed"
    QUIET, DIGEST = "quiet", "digest"  # held: by the quiet hours, for the daily digest
    # Out of the house
    SENT = "sent"  # taken by the provider; in-app: readable
    DELIVERED = "delivered"
    DIGESTED = "digested"  # went out inside a digest
    # Not out
    FAILED = "failed"  # the provider tried and could not deliver
    REJECTED = "rejected"  # the provider will not take it: this number, this text
    EXPIRED = "expired"  # no use any more
    UNKNOWN = "unknown"  # taken by the provider, whose receipt never came
    DEAD = "dead"  # tried too often
    KEPT = "kept"  # no provider here: readable in this house only
    UNWANTED = "unwanted"  # the receiver wishes no such message by this way
    GUARDED = "guarded"  # a house on trial sends to its guest list only

    STATES = (
        NEW, PENDING, CLAIMED, QUIET, DIGEST, SENT, DELIVERED, DIGESTED,
        FAILED, REJECTED, EXPIRED, UNKNOWN, DEAD, KEPT, UNWANTED, GUARDED,
    )  # fmt: skip
    AHEAD = (NEW, PENDING, CLAIMED, QUIET)  # a later message of the same lane waits for these
    AGAIN = (DEAD, FAILED, REJECTED, EXPIRED, UNKNOWN)  # what a person may send once more

    IN_APP, MAIL, SMS, WEBHOOK = "in_app", "mail", "sms", "webhook"

    key = models.CharField(max_length=160, unique=True)
    channel = models.CharField(max_length=10, default=IN_APP)
    kind = models.CharField(max_length=40)
    account_id = models.BigIntegerField(null=True)  # receiver's account; base knows no registry
    address = EncryptedTextField(blank=True, default="")  # phone, e-mail or web address for the outer channels
    payload = models.JSONField(default=dict)
    subject_kind = models.CharField(max_length=20, blank=True)
    subject_key = models.CharField(max_length=64, blank=True)
    lane = models.CharField(max_length=64, blank=True, default="")  # keyed hash of subject and receiver; kept in order
    urgent = models.BooleanField(default=False)  # goes before others
    created_at = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, default=PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    provider = models.CharField(max_length=60, blank=True, default="")  # the one that took it
    sent_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)  # when the provider's receipt said how it ended
    read_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            # the worker's due list, one channel at a time
            models.Index(
                fields=["channel", "-urgent", "next_try_at", "id"],
                name="outbox_due_by_channel",
                condition=models.Q(state="pending"),
            ),
            # what has no words yet, what is claimed or held: few rows at any time
            models.Index(
                fields=["state", "next_try_at", "id"],
                name="outbox_waiting",
                condition=models.Q(state__in=["new", "claimed", "quiet", "digest"]),
            ),
            models.Index(fields=["lane", "id"], name="outbox_lane", condition=~models.Q(lane="")),  # who goes before
            models.Index(fields=["account_id", "-id"], name="outbox_inbox"),  # a person's own messages
            models.Index(fields=["state", "-id"], name="outbox_state"),  # the administrator's screen
            models.Index(fields=["kind", "-id"], name="outbox_kind"),  # the same, by kind
            models.Index(fields=["channel", "-id"], name="outbox_channel"),  # the same, by channel
            # receipts that are overdue
            models.Index(fields=["sent_at"], name="outbox_unsettled", condition=models.Q(state="sent", channel="sms")),
        ]


class Try(models.Model):
    """One hand-over of a message to a provider: its delivery story, line by line."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="tries")
    number = models.PositiveSmallIntegerField()
    provider = models.CharField(max_length=60)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=12)  # rules.messaging_delivery.Outcome
    detail = models.CharField(max_length=300, blank=True)
    seconds = models.FloatField(default=0)  # from hand-over to answer


class Part(models.Model):
    """A piece the provider numbered (a long SMS has several), and what its receipt said.

    `message` is empty while a receipt has overtaken the note of its own acceptance.
    """

    ACCEPTED = "accepted"

    message = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="parts")
    provider = models.CharField(max_length=60)
    ref = models.CharField(max_length=80)  # the provider's number of it
    state = models.CharField(max_length=12, default=ACCEPTED)  # accepted, or a final state of Message
    error = models.CharField(max_length=20, blank=True)
    accepted_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "ref"], name="outbox_part_once")]
        indexes = [
            models.Index(fields=["provider", "accepted_at"], name="outbox_part_recent"),  # how fast receipts come
        ]


class ProviderHealth(models.Model):
    """What all workers know of a provider (rules.messaging_delivery.Health), and what it has handed over this second."""

    name = models.CharField(max_length=60, primary_key=True)
    channel = models.CharField(max_length=10)
    failures = models.PositiveIntegerField(default=0)
    trips = models.PositiveIntegerField(default=0)
    open_until = models.DateTimeField(null=True)
    slow = models.PositiveIntegerField(default=0)
    slow_until = models.DateTimeField(null=True)
    throttles = models.PositiveIntegerField(default=0)
    pause_until = models.DateTimeField(null=True)
    second = models.BigIntegerField(default=0)
    used = models.PositiveIntegerField(default=0)
    accepted = models.PositiveBigIntegerField(default=0)
    failed = models.PositiveBigIntegerField(default=0)
    used_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)


class Pace(models.Model):
    """How punctually a day's messages left: `within` of `counted` ten seconds after the event that caused them.

    Counted are messages that were due at once and by now have left or have finally failed; what a receiver asked to be
    held (quiet hours, digest) is not.
    """

    day = models.DateField()
    channel = models.CharField(max_length=10)
    counted = models.PositiveIntegerField(default=0)
    within = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "channel"], name="outbox_pace_once")]
