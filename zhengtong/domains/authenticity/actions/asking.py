"""好评回访: a part of a month's good ratings, drawn by the seal itself, is asked about by phone (§6.6, ≥ 2 %)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from zhengtong.base import journal
from zhengtong.base.journal import Event
from zhengtong.base.permission import Acting
from zhengtong.domains.authenticity import queries
from zhengtong.domains.authenticity.models import AskedRating, Lead, RatingSample
from zhengtong.domains.ratings.models import Rating
from zhengtong.rules.authenticity.sampling import RATINGS_PERCENT, SUSPECT_RATINGS_PERCENT, draw, rank
from zhengtong.rules.clock import local_date
from zhengtong.rules.kinds import Kind
from zhengtong.rules.refusal import Refusal, RefusalCode
from zhengtong.rules.roles import Ability
from zhengtong.rules.text import clean_text, require_text


@transaction.atomic
def draw_ratings(month: str, *, by: Acting, at: datetime) -> RatingSample:
    """2 % of the month's good ratings with somebody to call, and more of the organs where E-7 wonders. Drawn again it
    is the same sample: the first checkpoint after the month ranks them, fixed in public before anybody could choose."""
    by.check(Ability.SUPERVISE, Ability.KEEP_HALL)
    known = RatingSample.objects.filter(month=month).first()
    if known is not None:
        return known
    if not queries.is_over(month, local_date(at)):
        raise Refusal(RefusalCode.SAMPLE_MONTH_RUNNING, month=month)
    checkpoint = queries.checkpoint_after(month)
    if checkpoint is None:
        raise Refusal(RefusalCode.SAMPLE_WITHOUT_CHECKPOINT, month=month)
    good = queries.good_ratings(month)
    chosen = {
        number: (place, AskedRating.RANDOM) for place, number in draw(checkpoint.root, good, percent=RATINGS_PERCENT)
    }
    sample = RatingSample(
        month=month, root=checkpoint.root, tree_size=checkpoint.size, population=len(good), drawn=len(chosen),
        percent=RATINGS_PERCENT, drawn_at=at, drawn_by_id=by.officer_id,
    )  # fmt: skip
    facts = {"size": checkpoint.size, "population": len(good), "drawn": len(chosen)}
    journal.insert(sample, Event(Kind.RATING_SAMPLE_DRAWN, facts), by=by, at=at)
    suspects = Lead.objects.filter(rule_code="E-7", period=month, organ__isnull=False)
    for organ_id in suspects.values_list("organ_id", flat=True):
        own = [number for number, (organ, _officer) in good.items() if organ == organ_id]
        for _place, number in draw(checkpoint.root, own, percent=SUSPECT_RATINGS_PERCENT):
            chosen.setdefault(number, (rank(checkpoint.root, number), AskedRating.LEAD))
    ordered = sorted((place, number, origin) for number, (place, origin) in chosen.items())
    AskedRating.objects.bulk_create(
        AskedRating(
            sample=sample, rating_number=number, organ_id=good[number][0], officer_id=good[number][1], origin=origin,
            rank=place,
        )
        for place, number, origin in ordered
    )  # fmt: skip
    return sample


@dataclass(frozen=True, slots=True)
class Contact:
    name: str
    phone: str


@transaction.atomic
def reveal_asked(asked: AskedRating, *, purpose: str, by: Acting, at: datetime) -> Contact:
    """Whom to call, written down before it is shown; never to who was rated."""
    check_may_ask(asked, by)
    words = require_text(purpose, 200, "purpose")
    facts = {"rating": asked.rating_number, "purpose": words}
    journal.commit(asked.sample, Event(Kind.RATING_SAMPLE_REVEALED, facts), by=by, at=at)
    rating = Rating.objects.select_related("node__person", "account").get(number=asked.rating_number)
    person = rating.node.person or getattr(rating.account, "person", None)
    name = person.name if person is not None else (rating.account.name if rating.account is not None else "")
    return Contact(name, rating.node.phone or (person.phone if person is not None else ""))


@transaction.atomic
def tell_asked(asked: AskedRating, result: str, *, note: str = "", by: Acting, at: datetime) -> None:
    """What the person said: the same, something worse, that the rating is not theirs; or nobody answered."""
    check_may_ask(asked, by)
    if result not in AskedRating.RESULTS:
        raise Refusal(RefusalCode.NOT_FOUND)
    words = clean_text(note, 500, "note")
    facts = {"rating": asked.rating_number, "result": result}
    journal.commit(asked.sample, Event(Kind.RATING_SAMPLE_TOLD, facts), by=by, at=at)
    AskedRating.objects.filter(pk=asked.pk).update(result=result, note=words, asked_by_id=by.officer_id, asked_at=at)


def check_may_ask(asked: AskedRating, by: Acting) -> None:
    by.check(Ability.REVISIT)
    if asked.officer_id == by.officer_id:
        raise Refusal(RefusalCode.RECTIFICATION_TOOK_PART)
