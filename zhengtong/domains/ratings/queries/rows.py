"""The services behind a figure, and the words of ratings: never whose they are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncMonth

from zhengtong.base.journal.models import Entry
from zhengtong.base.law import current_law
from zhengtong.base.permission import Acting, ActorKind
from zhengtong.domains.ratings.labels import item_in_english
from zhengtong.domains.ratings.models import Node, Rating
from zhengtong.domains.ratings.queries.figures import DELAY, next_month, published_month
from zhengtong.rules.clock import local_date
from zhengtong.rules.ratings import NodeState
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability

PAGE = 50

MEASURES: dict[str, Q] = {
    "nodes": Q(),
    "rated": Q(level__isnull=False, excluded=False),
    "good": Q(level__lte=3, excluded=False),
    "strict": Q(level__lte=2, excluded=False),
    "bad": Q(level__gte=4, excluded=False),
    "defaulted": Q(state=NodeState.DEFAULTED.value),
    "excluded": Q(excluded=True),
    **{f"level_{level}": Q(level=level, excluded=False) for level in range(1, 6)},
}
COLUMN = {
    "organ": "organ_id", "section": "section_id", "person": "officer_id", "window": "window_id", "item": "item_id",
    "hall": "hall_code", "channel": "channel", "platform": "platform",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One service behind a figure: nothing of whose it was, no number, no hour."""

    on: date
    kind: str
    item_id: int | None
    item_name: str
    item_name_en: str
    organ_name: str
    organ_name_en: str
    platform: str
    level: int | None
    channel: str
    excluded: bool
    defaulted: bool


def rows(
    measure: str, since: date, until: date, *, cut: str = "", key: str = "", organ_ids: Iterable[int] | None = None,
    page: int = 0, limit: int = PAGE,
) -> list[Row]:  # fmt: skip
    """Newest day first, within a day in an order that says nothing. Pages by number: a keyset would name a row."""
    found = behind(measure, since, until, cut=cut, key=key, organ_ids=organ_ids)
    nodes = (
        found.annotate(item_name_en=item_in_english())
        .select_related("organ")
        .only(
            "opened_on",
            "kind",
            "item_id",
            "item_name",
            "platform",
            "level",
            "channel",
            "excluded",
            "state",
            "organ__name",
            "organ__name_en",
        )[page * limit : (page + 1) * limit]
    )
    return [
        Row(
            one.opened_on, one.kind, one.item_id, one.item_name, one.item_name_en, one.organ.name, one.organ.name_en,
            one.platform, one.level, one.channel, one.excluded,
            one.state == NodeState.DEFAULTED.value,
        )
        for one in nodes
    ]  # fmt: skip


def behind(
    measure: str, since: date, until: date, *, cut: str = "", key: str = "", organ_ids: Iterable[int] | None = None
) -> QuerySet[Node]:
    """The services a figure counts, whole: what is shown of them is `rows`."""
    found = Node.objects.filter(MEASURES[measure], opened_on__gte=since, opened_on__lte=until)
    if organ_ids is not None:
        found = found.filter(organ_id__in=list(organ_ids))
    if cut:
        column = COLUMN[cut]
        found = found.filter(**({column: key} if key or column in _TEXT else {f"{column}__isnull": True}))
    return found.order_by("-opened_on", "key")


_TEXT = frozenset({"hall_code", "channel", "platform"})


def texts_to_judge(by: Acting, *, at: datetime, limit: int = PAGE) -> list[Rating]:
    """Words that wait to be looked through, once their seven days are over, in an order that says nothing; not one's own."""
    by.check(Ability.KEEP_HALL)
    others = Q(node__officer__isnull=True) | ~Q(node__officer_id=by.officer_id)
    took_part = Entry.objects.filter(
        subject_kind=OuterRef("node__subject_kind"), subject_key=OuterRef("node__subject_key"),
        actor_kind=ActorKind.OFFICER.value, actor_id=by.officer_id,
    )  # fmt: skip
    return list(_waiting(at).filter(others, ~Exists(took_part)).order_by("number")[:limit])


def text_to_judge(number: str, *, at: datetime) -> Rating:
    """One of them; Refusal(RATING_TEXT_JUDGED) where somebody was quicker."""
    rating = _waiting(at).filter(number=number).first()
    if rating is None:
        raise Refusal(RefusalCode.RATING_TEXT_JUDGED)
    return rating


def _waiting(at: datetime) -> QuerySet[Rating]:
    on = local_date(at)
    until = on - timedelta(days=current_law().value(DELAY, on))
    rows = Rating.objects.select_related("node", "node__organ").filter(text_state=Rating.WAITING)
    rows = rows.annotate(item_name_en=item_in_english("node__"))
    return rows.filter(node__opened_on__lte=until)


@dataclass(frozen=True, slots=True)
class Comment:
    level: int
    item_id: int | None
    organ_id: int
    item_name: str
    item_name_en: str
    organ_name: str
    organ_name_en: str
    text: str


def comments(
    month: date, *, item_id: int | None = None, organ_id: int | None = None, page: int = 0, limit: int = 20
) -> list[Comment]:
    """Published words about a month's services, in an order that says nothing."""
    after = next_month(month)
    found = Rating.objects.filter(
        text_state=Rating.PUBLISHED, node__opened_on__gte=month, node__opened_on__lt=after, excluded_at__isnull=True
    )
    if item_id is not None:
        found = found.filter(node__item_id=item_id)
    if organ_id is not None:
        found = found.filter(organ_id=organ_id)
    return _said(found.order_by("number")[page * limit : (page + 1) * limit])


def own_comments(officer_id: int, *, on: date, limit: int = 20) -> list[Comment]:
    """Published words about an officer's services of the months he sees."""
    until = next_month(published_month(on))
    found = Rating.objects.filter(text_state=Rating.PUBLISHED, node__officer_id=officer_id, node__opened_on__lt=until)
    newest_month = TruncMonth("node__opened_on").desc()  # by the day one would see which
    return _said(found.order_by(newest_month, "number")[:limit])


def _said(found: QuerySet[Rating]) -> list[Comment]:
    rows = found.select_related("node", "organ").annotate(item_name_en=item_in_english("node__"))
    return [
        Comment(
            row.node.level or row.level, row.node.item_id, row.organ_id, row.node.item_name, row.item_name_en,
            row.organ.name, row.organ.name_en, row.published_text,
        )
        for row in rows
    ]  # fmt: skip
