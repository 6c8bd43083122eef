"""What people look up (知识库): questions with their answers, terms, case studies; each in editions another person checked."""

from django.db import models
from django.db.models import F, Q

from zhengtong.base.journal.subject import Subject
from zhengtong.rules.knowledge import OPEN_EDITIONS, ArticleState, EditionState

_OPEN = sorted(state.value for state in OPEN_EDITIONS)


class Article(Subject):
    """One thing worth knowing. `owner` answers for it; `review_on` is when somebody must look whether it still holds."""

    journal_kind = "article"
    journal_fields = (
        "kind", "state", "topic", "organ_id", "section_id", "owner_id", "current_number", "review_on", "letter_no",
    )  # fmt: skip

    key = models.CharField(max_length=40, unique=True)  # stands in the public address
    kind = models.CharField(max_length=8)  # ArticleKind
    state = models.CharField(max_length=10, default=ArticleState.DRAFT.value)
    topic = models.CharField(max_length=12)
    organ = models.ForeignKey("registry.Organ", on_delete=models.PROTECT, related_name="+")
    section = models.ForeignKey("registry.Section", null=True, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    letter_no = models.CharField(max_length=40, blank=True)  # the letter whose reply it grew from; never shown outside
    current = models.ForeignKey("Edition", null=True, on_delete=models.PROTECT, related_name="+")
    current_number = models.PositiveSmallIntegerField(default=0)
    published_at = models.DateTimeField(null=True)  # of the current edition
    review_on = models.DateField(null=True)
    withdrawn_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "kind", "topic", "-id"], name="article_shelf"),  # the public shelves
            models.Index(fields=["review_on", "id"], name="article_review", condition=Q(state="published")),
            models.Index(fields=["organ", "-id"], name="article_organ"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["letter_no"], condition=~Q(letter_no=""), name="article_once_per_letter"),
            models.CheckConstraint(
                condition=~Q(state=ArticleState.PUBLISHED.value) | Q(current__isnull=False, review_on__isnull=False),
                name="article_published_has_edition",
            ),
        ]

    @property
    def journal_key(self) -> str:
        return self.key

    def __str__(self) -> str:
        return f"{self.key} {self.kind}"


class Edition(models.Model):
    """The words of an article, closed once published. Of a term: the term and its meaning; of a study: title and story."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, default=EditionState.DRAFT.value)
    question = models.CharField(max_length=200)
    question_en = models.CharField(max_length=300, blank=True)
    answer = models.TextField()
    answer_en = models.TextField(blank=True)
    aliases = models.JSONField(default=list)  # other words people say, in any language
    sources = models.JSONField(default=list)  # [{name, article, url}]: what the answer rests on
    items = models.JSONField(default=list)  # item codes it speaks of
    category = models.CharField(max_length=40, blank=True)  # category of letters
    drafted_by = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    editors = models.JSONField(default=list)  # ids of all who wrote in it: none of them may check it
    note = models.CharField(max_length=500, blank=True)  # why it was changed, or sent back
    checked_by = models.ForeignKey("registry.Officer", null=True, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, blank=True)  # SHA-256 of the words, as in the journal

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="edition_once"),
            models.UniqueConstraint(fields=["article"], condition=Q(state__in=_OPEN), name="edition_one_open"),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | Q(drafted_by__isnull=True) | ~Q(checked_by=F("drafted_by")),
                name="edition_checked_by_another",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="edition_to_check", condition=Q(state="checking")),  # the check queue
        ]


class ArticleItem(models.Model):
    """Items a published article speaks of, for the item's own page."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="item_tags")
    item_code = models.CharField(max_length=50)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item_code", "article"], name="article_item_once")]


class Verdict(models.Model):
    """「有没有帮到您」: one a visitor and edition. The visitor is a keyed hash of account or session: nobody reads who."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="verdicts")
    number = models.PositiveSmallIntegerField()  # of the edition that was read
    visitor = models.CharField(max_length=64)
    helped = models.BooleanField()
    reason = models.CharField(max_length=12, blank=True)  # Unhelped
    text = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "number", "visitor"], name="verdict_once")]
