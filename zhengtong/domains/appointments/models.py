"""Appointments in a hall or at home, the schedules and slots they stand on, agency service, and filings in the village."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from zhengtong.base.journal.subject import Subject
from zhengtong.base.personal import EncryptedTextField
from zhengtong.rules.agency import AgencyState, FilingState
from zhengtong.rules.slots import Days, Pattern, Place, Service, Status


class Schedule(Subject):
    """号源安排: the template that slots are laid out from. Ended, never deleted: its slots and bookings stand."""

    journal_kind = "schedule"
    # The hours stand in the entry that opens it: they never change.
    journal_fields = (
        "hall_id", "queue_code", "place", "service", "weekdays", "days", "minutes", "capacity",
        "since", "until", "ended_at",
    )  # fmt: skip

    key = models.CharField(max_length=36, unique=True)
    hall = models.ForeignKey("registry.Hall", on_delete=models.PROTECT, related_name="+")
    queue_code = models.CharField(max_length=20, blank=True)  # the hall's word for a queue; empty: home visits
    place = models.CharField(max_length=4, default=Place.HALL.value)
    service = models.CharField(max_length=10, default=Service.NORMAL.value)
    weekdays = models.JSONField(default=list)  # 0 Monday … 6 Sunday
    days = models.CharField(max_length=8, default=Days.WORKING.value)
    opens = models.TimeField()
    closes = models.TimeField()
    minutes = models.PositiveSmallIntegerField()
    capacity = models.PositiveSmallIntegerField()
    since = models.DateField()
    until = models.DateField()
    reason = models.CharField(max_length=200, blank=True)  # announced with extended service
    laid_until = models.DateField(null=True)  # slots stand up to this day
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(opens__lt=F("closes")), name="schedule_forward"),
            models.CheckConstraint(condition=Q(since__lte=F("until")), name="schedule_dates"),
            models.CheckConstraint(condition=Q(place="home") | ~Q(queue_code=""), name="schedule_hall_has_queue"),
        ]

    @property
    def journal_key(self) -> str:
        return self.key

    @property
    def pattern(self) -> Pattern:
        return Pattern(frozenset(self.weekdays), Days(self.days), self.since, self.until)


class Slot(models.Model):
    """号源: one time with room for `capacity`. `taken` counts who holds a place; the database keeps it within."""

    schedule = models.ForeignKey(Schedule, on_delete=models.PROTECT, related_name="slots")
    hall = models.ForeignKey("registry.Hall", on_delete=models.PROTECT, related_name="+")
    queue_code = models.CharField(max_length=20, blank=True)
    place = models.CharField(max_length=4)
    service = models.CharField(max_length=10)
    on = models.DateField()
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    capacity = models.PositiveSmallIntegerField()
    taken = models.PositiveSmallIntegerField(default=0)
    closed = models.BooleanField(default=False)  # by a closure, a change of the calendar or the schedule's end

    class Meta:
        indexes = [models.Index(fields=["hall", "on", "queue_code"], name="slot_of_day")]  # slots(), the manager's day
        constraints = [
            models.UniqueConstraint(fields=["schedule", "starts"], name="slot_once"),
            models.CheckConstraint(condition=Q(taken__lte=F("capacity")), name="slot_never_overfull"),
        ]

    @property
    def left(self) -> int:
        return 0 if self.closed else self.capacity - self.taken

    @property
    def rough(self) -> bool:
        """Whether few places are left: a list says so before the last is gone."""
        return 0 < self.left <= max(1, self.capacity // 5)


class Booker(models.Model):
    """Who books online, by account and by phone, as rows to lock: what one person may hold is counted under them.

    Two bookings of one person wait for each other, those of different people do not. Locked before any slot.
    """

    key = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return self.key


class Closure(Subject):
    """停办: a hall gives no appointments on a day, for one queue or for all; who had one was told why."""

    journal_kind = "closure"
    journal_fields = ("hall_id", "on", "queue_code", "reason", "lifted_at")

    key = models.CharField(max_length=36, unique=True)
    hall = models.ForeignKey("registry.Hall", on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    queue_code = models.CharField(max_length=20, blank=True)  # empty: the whole hall
    reason = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hall", "on", "queue_code"], condition=Q(lifted_at__isnull=True), name="closure_once"
            )
        ]

    @property
    def journal_key(self) -> str:
        return self.key


class Appointment(Subject):
    """预约. `code` is what the person shows; `key` names it in the journal, where no code stands.

    `sequence` rises with every change, as a calendar file asks (RFC 5545 §3.8.7.4).
    """

    journal_kind = "appointment"
    journal_fields = (
        "place", "slot_id", "queue_code", "item_id", "channel", "state", "sequence", "officer_id", "ticket_key",
        "by_house", "excused",
    )  # fmt: skip

    WEB, PHONE, DESK, VILLAGE = "web", "phone", "desk", "village"

    key = models.CharField(max_length=36, unique=True)
    code = models.CharField(max_length=12, unique=True)
    place = models.CharField(max_length=4)
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="appointments")
    hall = models.ForeignKey("registry.Hall", on_delete=models.PROTECT, related_name="+")
    queue_code = models.CharField(max_length=20, blank=True)
    starts = models.DateTimeField()  # of the slot, so that lists and sweeps read one table
    ends = models.DateTimeField()
    item = models.ForeignKey("catalogue.Item", null=True, on_delete=models.PROTECT, related_name="+")
    matter = models.CharField(max_length=200)  # the item's name, or what the person wants in a few words
    account = models.ForeignKey("registry.Account", null=True, on_delete=models.PROTECT, related_name="+")
    person_name = EncryptedTextField()
    phone = EncryptedTextField()
    phone_hash = models.CharField(max_length=64)
    address = EncryptedTextField(blank=True, default="")  # of a home visit
    language = models.CharField(max_length=10, default="zh-hans")
    channel = models.CharField(max_length=8)
    state = models.CharField(max_length=12, default=Status.BOOKED.value)
    state_since = models.DateTimeField()
    sequence = models.PositiveIntegerField(default=0)
    booked_at = models.DateTimeField()
    booked_by = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    reminded_at = models.DateTimeField(null=True)
    ticket_key = models.CharField(max_length=36, blank=True)
    by_house = models.BooleanField(default=False)  # cancelled by the hall, not by the person
    reason = models.CharField(max_length=200, blank=True)
    officer = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=500, blank=True)  # of a home visit
    excused = models.BooleanField(default=False)  # a no-show that does not count
    objection = models.CharField(max_length=500, blank=True)
    objected_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=500, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["account", "-id"], name="appointment_account"),  # my appointments
            models.Index(fields=["phone_hash", "-id"], name="appointment_phone"),  # the same without an account
            models.Index(fields=["state", "ends", "id"], name="appointment_sweep"),  # reminders and no-shows
            models.Index(fields=["hall", "starts", "id"], name="appointment_day"),  # the desk's day
            # objections that wait for an answer
            models.Index(
                fields=["objected_at"],
                name="appointment_objection",
                condition=Q(objected_at__isnull=False, answered_at__isnull=True),
            ),
        ]
        constraints = [
            # Two windows of one browser, two clicks: one person holds one place of a slot.
            models.UniqueConstraint(
                fields=["slot", "phone_hash"], condition=Q(state="BOOKED"), name="appointment_once_per_slot"
            ),
            models.CheckConstraint(condition=Q(excused=False) | Q(state="NO_SHOW"), name="appointment_excused_no_show"),
        ]

    @property
    def journal_key(self) -> str:
        return self.key

    @property
    def uid(self) -> str:
        """The name of the event in calendars; it never changes."""
        return f"{self.key}@appointments.zhengtong"

    @property
    def minutes(self) -> int:
        return (self.ends - self.starts) // timedelta(minutes=1)

    def __str__(self) -> str:
        return f"{self.code} {self.matter}"


class AgencyRequest(Subject):
    """帮办代办: a project asks for an agent; who takes it on, what was done, and how it ended."""

    journal_kind = "agency"
    journal_fields = ("state", "officer_id", "enterprise_id", "item_id", "account_id")

    key = models.CharField(max_length=36, unique=True)
    account = models.ForeignKey("registry.Account", on_delete=models.PROTECT, related_name="+")
    enterprise = models.ForeignKey("registry.Enterprise", null=True, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey("catalogue.Item", null=True, on_delete=models.PROTECT, related_name="+")
    project = models.CharField(max_length=200)
    need = models.CharField(max_length=1000)
    person_name = EncryptedTextField()
    phone = EncryptedTextField()
    state = models.CharField(max_length=10, default=AgencyState.REQUESTED.value)
    officer = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    assigned_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=1000, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["account", "-id"], name="agency_account"),
            models.Index(fields=["state", "id"], name="agency_state"),  # what waits for an agent, oldest first
        ]

    @property
    def journal_key(self) -> str:
        return self.key

    def __str__(self) -> str:
        return self.project


class AgencyNote(models.Model):
    """办理进展: what the agent did; the applicant reads every one."""

    request = models.ForeignKey(AgencyRequest, on_delete=models.PROTECT, related_name="notes")
    at = models.DateTimeField()
    by = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=1000)
    case_no = models.CharField(max_length=50, blank=True)


class VillageFiling(Subject):
    """村级代办: the mandate a villager gave on paper, and what was filed under it. `key` is the application's uid.

    The case is named by its number: this room stands below the cases and does not know them.
    """

    journal_kind = "filing"
    journal_fields = ("state", "clerk_id", "hall_id", "person_id", "item_id", "case_no")

    key = models.CharField(max_length=36, unique=True)
    clerk = models.ForeignKey("registry.Officer", on_delete=models.PROTECT, related_name="+")
    hall = models.ForeignKey("registry.Hall", null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("registry.Person", on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT, related_name="+")
    phone = EncryptedTextField(blank=True, default="")
    scan = models.ForeignKey("base.StoredFile", on_delete=models.PROTECT, related_name="+")  # 纸质委托书
    scan_name = models.CharField(max_length=120)
    until = models.DateField()  # the mandate's last day
    consented_at = models.DateTimeField()  # 本人同意: read out and agreed to
    state = models.CharField(max_length=12, default=FilingState.MANDATED.value)
    case_no = models.CharField(max_length=50, blank=True)
    filed_at = models.DateTimeField(null=True)
    handed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["clerk", "-id"], name="filing_clerk"),
            models.Index(fields=["filed_at"], name="filing_filed_at"),  # cases by level
        ]
        constraints = [
            models.UniqueConstraint(fields=["case_no"], condition=~Q(case_no=""), name="filing_one_case"),
            models.CheckConstraint(condition=Q(state="MANDATED") | ~Q(case_no=""), name="filing_filed_has_case"),
        ]

    @property
    def journal_key(self) -> str:
        return self.key
