"""Regions, organs, sections, windows, officers and their posts; persons and enterprises. One database for all (一库)."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from zhengtong.base.journal.subject import Subject
from zhengtong.base.personal import EncryptedTextField
from zhengtong.rules.roles import Role


class Region(models.Model):
    """行政区划. `level`: 2 province, 3 city, 4 county, 5 township, 6 village (as 行使层级)."""

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True)
    level = models.PositiveSmallIntegerField()
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")

    def __str__(self) -> str:
        return self.name


class Organ(models.Model):
    """实施主体. `short_name` is the 机构代字 that stands in paper numbers."""

    code = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)
    short_name = models.CharField(max_length=20)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="organs")
    address = models.CharField(max_length=200, blank=True)
    consult_phone = models.CharField(max_length=50, blank=True)
    complaint_phone = models.CharField(max_length=50, blank=True)
    appeal_organ = models.CharField(max_length=200, blank=True)
    court = models.CharField(max_length=200, blank=True)
    is_centre = models.BooleanField(default=False)  # 政务服务中心: its windows and managers serve every organ

    def __str__(self) -> str:
        return self.name


class Section(models.Model):
    """科室. Cases are dispatched to a section, then to a person in it."""

    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="sections")
    name = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organ", "name"], name="section_name_in_organ")]

    def __str__(self) -> str:
        return self.name


class Hall(models.Model):
    """大厅: the house people come to, on one of the network's levels: centre, township station, village point."""

    CENTRE, STATION, POINT = "centre", "township_station", "village_point"

    code = models.CharField(max_length=20, unique=True)  # stands in addresses and on devices
    kind = models.CharField(max_length=20, choices=[(k, k) for k in (CENTRE, STATION, POINT)], default=CENTRE)
    name = models.CharField(max_length=100, unique=True)
    name_en = models.CharField(max_length=100, blank=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="halls")
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=50, blank=True)

    def __str__(self) -> str:
        return self.name


class ServiceWindow(models.Model):
    """窗口. `organ` empty: a 综合窗口 that takes in for every organ of the hall."""

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="windows")
    number = models.CharField(max_length=10)
    name = models.CharField(max_length=100)
    organ = models.ForeignKey(Organ, null=True, blank=True, on_delete=models.PROTECT, related_name="windows")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hall", "number"], name="window_number_in_hall")]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(login=username)


class Account(AbstractBaseUser):
    """A way to sign in. Citizens sign in by verified phone or e-mail, officers by staff number."""

    CITIZEN, OFFICER = "citizen", "officer"

    login = models.CharField(max_length=150, unique=True)
    kind = models.CharField(max_length=10, choices=[(CITIZEN, CITIZEN), (OFFICER, OFFICER)], default=CITIZEN)
    name = models.CharField(max_length=100, blank=True)
    email = models.EmailField(blank=True)
    phone = EncryptedTextField(blank=True, default="")
    phone_hash = models.CharField(max_length=64, blank=True, default="")
    phone_verified = models.BooleanField(default=False)
    language = models.CharField(max_length=10, default="zh-hans")
    is_active = models.BooleanField(default=True)
    first_password = models.BooleanField(default=False)  # chosen by another; nothing opens until it is replaced
    created_at = models.DateTimeField()

    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = AccountManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["phone_hash"], condition=~models.Q(phone_hash=""), name="account_phone_once"
            )
        ]

    def __str__(self) -> str:
        return self.name or self.login


class Person(Subject):
    """自然人. The identity number is encrypted; `resident_id_hash` finds it."""

    journal_kind = "person"

    key = models.CharField(max_length=36, unique=True)
    account = models.OneToOneField(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="person")
    name = models.CharField(max_length=100)
    id_kind = models.CharField(max_length=3, default="111")  # GA/T 2000.156: 111 居民身份证, 414 护照, 511 台胞证
    id_number = EncryptedTextField(blank=True, default="")
    id_number_hash = models.CharField(max_length=64, blank=True, default="", db_index=True)
    phone = EncryptedTextField(blank=True, default="")
    phone_hash = models.CharField(max_length=64, blank=True, default="", db_index=True)
    fictitious = models.BooleanField(default=False)

    @property
    def journal_key(self) -> str:
        return self.key

    def __str__(self) -> str:
        return self.name


class Enterprise(Subject):
    """企业或其他组织, known by its 统一社会信用代码."""

    journal_kind = "enterprise"

    uscc = models.CharField(max_length=18, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=100, blank=True)
    capital = models.CharField(max_length=50, blank=True)
    address = models.CharField(max_length=300, blank=True)
    registered_on = models.DateField(null=True, blank=True)
    legal_representative = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="represents"
    )
    phone = EncryptedTextField(blank=True, default="")
    fictitious = models.BooleanField(default=False)

    @property
    def journal_key(self) -> str:
        return self.uscc

    def __str__(self) -> str:
        return self.name


class Mandate(Subject):
    """授权委托: an agent may act for a person or an enterprise from `since` to `until`."""

    journal_kind = "mandate"

    key = models.CharField(max_length=36, unique=True)
    agent = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="mandates_held")
    enterprise = models.ForeignKey(
        Enterprise, null=True, blank=True, on_delete=models.PROTECT, related_name="mandates_given"
    )
    principal = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="mandates_given"
    )
    since = models.DateField()
    until = models.DateField()
    scope = models.CharField(max_length=200, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(enterprise__isnull=False) ^ models.Q(principal__isnull=False),
                name="mandate_for_one_principal",
            )
        ]

    @property
    def journal_key(self) -> str:
        return self.key


class Officer(Subject):
    """工作人员. Holds posts; what those allow stands in rules/roles.py."""

    journal_kind = "officer"

    staff_no = models.CharField(max_length=30, unique=True)
    account = models.OneToOneField(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="officer")
    name = models.CharField(max_length=100)
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT, related_name="officers")
    window = models.ForeignKey(ServiceWindow, null=True, blank=True, on_delete=models.PROTECT)
    phone_hash = models.CharField(max_length=64, blank=True, default="")
    left_on = models.DateField(null=True, blank=True)

    journal_fields = ("name", "organ_id", "window_id", "left_on")

    @property
    def journal_key(self) -> str:
        return self.staff_no

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """岗位: a role in an organ, or in one of its sections. Ended, never deleted: P-04 asks who held it that day."""

    officer = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=20, choices=[(r.value, r.value) for r in Role])
    organ = models.ForeignKey(Organ, on_delete=models.PROTECT)
    section = models.ForeignKey(Section, null=True, blank=True, on_delete=models.PROTECT)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["organ", "role", "section"], name="post_for_dispatch"),  # registry.queries.candidates
        ]


class Substitution(models.Model):
    """AB岗 and 授权: the deputy acts in the principal's posts between two dates."""

    AB, DELEGATION = "ab", "delegation"

    kind = models.CharField(max_length=10, choices=[(AB, AB), (DELEGATION, DELEGATION)], default=AB)
    principal = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="substitutes")
    deputy = models.ForeignKey(Officer, on_delete=models.PROTECT, related_name="substitutes_for")
    role = models.CharField(max_length=20, blank=True)  # empty: all posts of the principal
    since = models.DateField()
    until = models.DateField()
    reason = models.CharField(max_length=200, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(principal=models.F("deputy")), name="substitution_by_another"),
            models.CheckConstraint(condition=models.Q(until__gte=models.F("since")), name="substitution_dates"),
        ]
