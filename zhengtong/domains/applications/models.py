"""An application (申请): draft, frozen at submission. What an officer decides on is what was frozen."""

from django.db import models

from zhengtong.base.personal import EncryptedJSONField, EncryptedTextField


class Application(models.Model):
    """`uid` names it in URLs, so that no draft is reachable by guessing a number.

    `draft_version` grows with every save; a save that names an older one is refused and nothing typed is lost.
    """

    DRAFT, SUBMITTED, DISCARDED = "draft", "submitted", "discarded"
    PERSON, ENTERPRISE = "person", "enterprise"

    uid = models.UUIDField(unique=True)
    state = models.CharField(max_length=10, default=DRAFT)
    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT, related_name="+")
    item_version = models.ForeignKey("catalogue.ItemVersion", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(
        "registry.Account", null=True, on_delete=models.PROTECT, related_name="applications"
    )  # empty: taken in at a counter for somebody without an account
    taken_in_by = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    channel = models.CharField(max_length=1)  # 办理形式 A.5: 1 window, 2 web, 3 mobile, 4 courier, 9 other
    applicant_kind = models.CharField(max_length=10, default=PERSON)
    person = models.ForeignKey("registry.Person", null=True, on_delete=models.PROTECT, related_name="applications")
    enterprise = models.ForeignKey(
        "registry.Enterprise", null=True, on_delete=models.PROTECT, related_name="applications"
    )
    applicant_name = models.CharField(max_length=200, blank=True)
    mandate = models.ForeignKey("registry.Mandate", null=True, on_delete=models.PROTECT, related_name="+")
    agent_name = models.CharField(max_length=100, blank=True)
    contact_phone = EncryptedTextField(blank=True, default="")
    situation = models.JSONField(default=dict)  # answers to the guided questions, by code
    answers = EncryptedJSONField(default=dict)  # flat: "section.field" or "section.0.field"
    delivery = models.CharField(max_length=10, default="electronic")
    delivery_address = EncryptedTextField(blank=True, default="")
    draft_version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    frozen = EncryptedTextField(blank=True, default="")  # canonical JSON of all of the above, as submitted
    frozen_hash = models.CharField(max_length=64, blank=True)
    case_no = models.CharField(max_length=30, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["account", "-id"], name="application_mine"),  # portal: my drafts and cases
            models.Index(
                fields=["saved_at"], name="application_stale", condition=models.Q(state="draft")
            ),  # clearing drafts nobody came back to
        ]

    def __str__(self) -> str:
        return f"{self.applicant_name} {self.uid}"


class SubmittedMaterial(models.Model):
    """已收材料. `superseded` keeps what a supplement replaced: a file is never taken out of an application."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="materials")
    material_code = models.CharField(max_length=40)
    receive_mode = models.CharField(max_length=1, default="2")  # 1 纸质 2 电子 3 证照库 4 共享 9 其他
    file = models.ForeignKey("base.StoredFile", null=True, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200, blank=True)
    copies = models.PositiveSmallIntegerField(default=1)
    note = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField()
    round = models.PositiveSmallIntegerField(default=0)  # 0 with the application, n with the n-th supplement
    superseded_at = models.DateTimeField(null=True)
