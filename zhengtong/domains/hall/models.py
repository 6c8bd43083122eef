"""排队叫号: what people queue for, when the house is open, who sits where, every ticket, and every visit to a window."""

from django.db import models
from django.db.models import Q

from zhengtong.base.journal.subject import Subject
from zhengtong.base.personal import EncryptedTextField
from zhengtong.rules.queue import AT_WINDOW, OPEN, TicketState

_OPEN = sorted(state.value for state in OPEN)
_AT_WINDOW = sorted(state.value for state in AT_WINDOW)


class Queue(Subject):
    """业务队列 of a hall. `organs` and `items` say what it is for; both empty: everything. `windows` serve it."""

    journal_kind = "queue"
    journal_fields = ("letter", "name", "name_en", "expected_minutes", "active", "position")

    hall = models.ForeignKey("registry.Hall", on_delete=models.PROTECT, related_name="queues")
    code = models.CharField(max_length=20)
    letter = models.CharField(max_length=1)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60, blank=True)
    organs = models.ManyToManyField("registry.Organ", blank=True, related_name="+")
    items = models.ManyToManyField("catalogue.Item", blank=True, related_name="+")
    windows = models.ManyToManyField("registry.ServiceWindow", blank=True, related_name="queues")
    expected_minutes = models.PositiveSmallIntegerField(default=10)  # until history knows better
    position = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hall", "code"], name="queue_code_in_hall"),
            # Letters make the numbers on the boards; two queues of one letter would call two people by one number.
            models.UniqueConstraint(fields=["hall", "letter"], condition=Q(active=True), name="queue_letter_in_hall"),
        ]

    @property
    def journal_key(self) -> str:
        return f"{self.hall.code}/{self.code}"

    def __str__(self) -> str:
        return f"{self.letter} {self.name}"


class OpeningHours(Subject):
    """开放时间: the week of a hall, or of one window that keeps its own. `week`: "09:00-12:00 13:00-17:00" by weekday,
    "0" Monday; a day that is not in it is shut. An empty week: the usual hours, and of a window, the hall's."""

    journal_kind = "opening_hours"
    journal_fields = ("hall_id", "window_id", "week")

    hall = models.ForeignKey("registry.Hall", on_delete=models.PROTECT, related_name="+")
    window = models.ForeignKey("registry.ServiceWindow", null=True, on_delete=models.PROTECT, related_name="+")
    week = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hall"], condition=Q(window__isnull=True), name="hours_of_hall_once"),
            models.UniqueConstraint(fields=["window"], condition=Q(window__isnull=False), name="hours_of_window_once"),
        ]

    @property
    def journal_key(self) -> str:
        return f"{self.hall.code}/week/{self.window_id}" if self.window_id else f"{self.hall.code}/week"


class SpecialDay(Subject):
    """A day on which the hall keeps other hours than its week says, or is shut: 延时服务, a move, a power cut."""

    journal_kind = "special_day"
    journal_fields = ("hall_id", "on", "hours", "note", "note_en", "cancelled")

    hall = models.ForeignKey("registry.Hall", on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    hours = models.CharField(max_length=60, blank=True)  # "09:00-12:00 13:00-20:00"; empty: shut
    note = models.CharField(max_length=100, blank=True)
    note_en = models.CharField(max_length=100, blank=True)
    cancelled = models.BooleanField(default=False)  # a day like any other again

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hall", "on"], name="special_day_once")]

    @property
    def journal_key(self) -> str:
        return f"{self.hall.code}/{self.on.isoformat()}"


class Sitting(Subject):
    """开窗: an officer sits at a window from one moment to another. `back_at`: closed for a while, until then."""

    journal_kind = "sitting"
    journal_fields = ("window_id", "officer_id", "hall_id", "on", "opened_at", "closed_at", "back_at")

    window = models.ForeignKey("registry.ServiceWindow", on_delete=models.PROTECT, related_name="sittings")
    officer = models.ForeignKey("registry.Officer", on_delete=models.PROTECT, related_name="+")
    hall = models.ForeignKey("registry.Hall", on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    serial = models.PositiveIntegerField()  # of the window's day
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    back_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["hall", "on", "window"], name="sitting_of_day")]  # the board; the day's load
        constraints = [
            models.UniqueConstraint(
                fields=["window"], condition=Q(closed_at__isnull=True), name="sitting_one_at_window"
            ),
            models.UniqueConstraint(
                fields=["officer"], condition=Q(closed_at__isnull=True), name="sitting_at_one_window"
            ),
            models.UniqueConstraint(fields=["window", "on", "serial"], name="sitting_serial"),
        ]

    @property
    def journal_key(self) -> str:
        return f"{self.window_id}/{self.on.isoformat()}/{self.serial}"


class Ticket(Subject):
    """排队票. `turn` is its place in line (rules/queue.py); what was announced stays beside it to be measured."""

    journal_kind = "ticket"
    journal_fields = (
        "hall_id", "queue_id", "on", "label", "channel", "priority", "state", "turn", "calls", "window_id",
        "only_window_id", "officer_id", "announced_minutes", "case_no",
    )  # fmt: skip

    key = models.UUIDField(unique=True)
    hall = models.ForeignKey("registry.Hall", on_delete=models.PROTECT, related_name="+")
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="tickets")
    on = models.DateField()
    serial = models.PositiveIntegerField()
    label = models.CharField(max_length=8)
    channel = models.CharField(max_length=12)  # TicketChannel
    priority = models.CharField(max_length=12, blank=True)  # Priority
    account = models.ForeignKey("registry.Account", null=True, on_delete=models.PROTECT, related_name="+")
    phone = EncryptedTextField(blank=True, default="")
    phone_hash = models.CharField(max_length=64, blank=True, default="")
    person_name = EncryptedTextField(blank=True, default="")
    language = models.CharField(max_length=10, blank=True, default="")
    appointment_key = models.CharField(max_length=64, blank=True)

    state = models.CharField(max_length=8, default=TicketState.WAITING.value)
    turn = models.DateTimeField()
    calls = models.PositiveSmallIntegerField(default=0)  # of the present call: one, and the times it was called again
    window = models.ForeignKey("registry.ServiceWindow", null=True, on_delete=models.PROTECT, related_name="+")
    only_window = models.ForeignKey("registry.ServiceWindow", null=True, on_delete=models.PROTECT, related_name="+")
    officer = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    pin_reason = models.CharField(max_length=200, blank=True)

    taken_at = models.DateTimeField()
    joined_at = models.DateTimeField()  # the present line: taken, or transferred into it
    first_called_at = models.DateTimeField(null=True)
    called_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    # What was told when it was taken; None where no window was going to open.
    ahead = models.PositiveIntegerField(default=0)
    announced_minutes = models.PositiveIntegerField(null=True)
    announced_low = models.PositiveIntegerField(null=True)
    announced_high = models.PositiveIntegerField(null=True)
    near_told = models.BooleanField(default=False)
    case_no = models.CharField(max_length=50, blank=True)

    class Meta:
        indexes = [
            # the next to be called; the line
            models.Index(
                fields=["queue", "on", "turn", "id"], name="ticket_line", condition=Q(state=TicketState.WAITING.value)
            ),
            models.Index(fields=["hall", "on", "id"], name="ticket_of_day"),  # the board, the day's figures
            models.Index(fields=["hall", "called_at"], name="ticket_called"),  # recent calls
            # who does not come, what is left over in the evening: few are open, however many there ever were
            models.Index(fields=["state", "on"], name="ticket_state"),
            models.Index(fields=["account", "-id"], name="ticket_of_account", condition=Q(account__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["hall", "on", "label"], name="ticket_label_once"),
            models.UniqueConstraint(
                fields=["queue", "on", "phone_hash"],
                condition=Q(state__in=_OPEN) & ~Q(phone_hash=""),
                name="ticket_one_per_phone",
            ),
            models.UniqueConstraint(fields=["window"], condition=Q(state__in=_AT_WINDOW), name="ticket_one_at_window"),
            models.CheckConstraint(
                condition=~Q(state__in=_AT_WINDOW) | Q(window__isnull=False), name="ticket_at_a_window"
            ),
        ]

    @property
    def journal_key(self) -> str:
        return str(self.key)

    def __str__(self) -> str:
        return self.label


class Visit(models.Model):
    """One stay of a ticket at a window, written when it is over: the fact behind pace, load and waiting."""

    SERVED, TRANSFERRED, PASSED, LEFT = "served", "transferred", "passed", "left"
    FORGOTTEN = "forgotten"  # nobody pressed "done"; closed in the evening

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="visits")
    hall = models.ForeignKey("registry.Hall", on_delete=models.PROTECT, related_name="+")
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="+")
    window = models.ForeignKey("registry.ServiceWindow", on_delete=models.PROTECT, related_name="+")
    officer = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    joined_at = models.DateTimeField()
    called_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField()
    outcome = models.CharField(max_length=12)
    # Seconds the window was taken up: from the end of the visit before, where this person was already waiting then.
    seconds = models.PositiveIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["hall", "on", "window"], name="visit_of_day"),  # load per window
            models.Index(fields=["queue", "-id"], name="visit_pace"),  # the latest visits of a queue
        ]


class Serial(models.Model):
    """The last number given in a series; its row is the lock."""

    series = models.CharField(max_length=80, primary_key=True)
    last = models.PositiveIntegerField()
