from django.db import models

from zhengtong.base.journal.models import Entry


class Sealed(models.Model):
    """The place of one entry in the log. Append-only, as the journal is: a database trigger refuses the rest."""

    position = models.BigIntegerField(primary_key=True)
    # No constraint towards the entry: when one is removed behind our back, its place must stay and tell of it.
    entry = models.OneToOneField(Entry, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    leaf = models.CharField(max_length=64)  # the entry's salted hash as it was when it was sealed

    def __str__(self) -> str:
        return f"{self.position}: {self.leaf[:12]}"


class Sequencer(models.Model):
    """One row, locked by whoever seals.

    Every entry up to `settled` is sealed and no other can appear there. `seen` was the newest entry at a look;
    it becomes `settled` when all transactions in flight at that look (below `fence`) have ended.
    """

    settled = models.BigIntegerField(default=0)
    seen = models.BigIntegerField(default=0)
    fence = models.BigIntegerField(default=0)
    at = models.DateTimeField(null=True)  # when something was last sealed

    def __str__(self) -> str:
        return f"settled to {self.settled}"


class SealingKey(models.Model):
    """The public half of a signing key; the private half is a file that only the house can read."""

    origin = models.CharField(max_length=200)  # the log's name, which is also the key's
    key_id = models.CharField(max_length=8, unique=True)  # C2SP signed note: first four bytes, in hex
    public_key = models.CharField(max_length=44)  # 32 bytes in base64
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["origin"], condition=models.Q(until__isnull=True), name="one_sealing_key_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.origin}+{self.key_id}"


class Checkpoint(models.Model):
    """What we have signed: so many entries, this root. Append-only: a signature cannot be taken back."""

    size = models.BigIntegerField()
    root = models.CharField(max_length=64)
    at = models.DateTimeField()
    key_id = models.CharField(max_length=8)
    note = models.TextField()  # the signed note as published

    class Meta:
        indexes = [models.Index(fields=["size"], name="checkpoint_by_size")]

    def __str__(self) -> str:
        return f"{self.size} {self.root[:12]}"


class TimeStamp(models.Model):
    """A time stamp (RFC 3161) of a checkpoint by an authority outside the house."""

    checkpoint = models.OneToOneField(Checkpoint, on_delete=models.PROTECT, related_name="time_stamp")
    at = models.DateTimeField()  # the authority's time
    token = models.BinaryField()  # the DER response as received

    def __str__(self) -> str:
        return f"checkpoint {self.checkpoint_id} at {self.at}"


class Cursor(models.Model):
    """How far a reader of the log has come: the last position it has handled, -1 before the first."""

    name = models.CharField(max_length=60, unique=True)
    position = models.BigIntegerField(default=-1)

    def __str__(self) -> str:
        return f"{self.name} at {self.position}"


class SealCheck(models.Model):
    """One full check of the seal against the database and the published files."""

    at = models.DateTimeField()
    size = models.BigIntegerField()  # entries looked at
    checkpoints = models.PositiveIntegerField()
    faults = models.PositiveIntegerField()
    findings = models.JSONField(default=list)  # the first of them: [code, facts]

    class Meta:
        indexes = [models.Index(fields=["-at"], name="seal_check_newest")]

    def __str__(self) -> str:
        return f"{self.at}: {self.faults} faults"
