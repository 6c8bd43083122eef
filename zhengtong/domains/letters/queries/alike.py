"""Letters about the same matter, and published ones that may answer a new one."""

from datetime import timedelta

from django.db.models import Q

from zhengtong.base.permission import Acting
from zhengtong.base.search import engine
from zhengtong.base.search.terms import Term
from zhengtong.domains.letters.models import (
    Letter,
    Publication,
)
from zhengtong.domains.letters.queries.publication import PUBLISHED, public_ones
from zhengtong.domains.letters.queries.who import KIND, NOBODY, TIP, reads_original, seen_by
from zhengtong.rules.letters import LetterKind
from zhengtong.rules.letters_likeness import ENOUGH, grams, likeness

_LOOKED_AT = 40  # candidates compared by their words
_MOST_PAIRS = 40  # of a text, spread over it: what a look-up by pairs costs
_YEAR = timedelta(days=365)


def duplicates(by: Acting, letter: Letter, *, limit: int = 5) -> list[tuple[Letter, float]]:
    """Letters this one may repeat, most alike first; by words, author and place. Measured: docs/letters.md."""
    if letter.kind == LetterKind.TIP.value or not reads_original(by, letter):
        return []
    near = Q(author_hash=letter.author_hash) if letter.author_hash else NOBODY
    near |= Q(place_hash=letter.place_hash) if letter.place_hash else NOBODY
    window = Q(received_at__gte=letter.received_at - _YEAR, received_at__lte=letter.received_at + _YEAR)
    found = set(_by_pairs(letter.subject_line, letter.text)) | set(
        Letter.objects.filter(near, window).order_by("-received_at").values_list("pk", flat=True)[:_LOOKED_AT]
    )
    rows = Letter.objects.select_related("organ").filter(seen_by(by), window, pk__in=found).exclude(TIP)
    scored = [(other, _likeness(letter, other)) for other in rows.exclude(pk=letter.pk)]
    likely = [(other, score) for other, score in scored if score >= ENOUGH]
    return sorted(likely, key=lambda one: (-one[1], one[0].number))[:limit]


def _likeness(one: Letter, other: Letter) -> float:
    return likeness(
        (one.subject_line, one.text),
        (other.subject_line, other.text),
        same_author=bool(one.author_hash) and one.author_hash == other.author_hash,
        same_place=bool(one.place_hash) and one.place_hash == other.place_hash,
    )


def _by_pairs(*texts: str) -> list[int]:
    """Letters that share pairs of characters with these texts."""
    found: list[int] = []
    for text in texts:
        pairs = sorted(grams(text))
        step = max(1, len(pairs) // _MOST_PAIRS)
        wanted = tuple((Term(pair),) for pair in pairs[::step][:_MOST_PAIRS])
        if wanted:
            found += engine.matches(KIND, wanted, every=False, limit=_LOOKED_AT)
    return found


def similar(text: str, organ_id: int | None = None, limit: int = 3) -> list[Publication]:
    """Published letters like a text somebody is writing: they may hold the answer already. Safe for everybody."""
    pairs = sorted(grams(text))
    step = max(1, len(pairs) // _MOST_PAIRS)
    wanted = tuple((Term(pair),) for pair in pairs[::step][:_MOST_PAIRS])
    ids = engine.matches(PUBLISHED, wanted, every=False, limit=_LOOKED_AT) if wanted else []
    rows = public_ones().filter(pk__in=ids)
    if organ_id is not None:
        rows = rows.filter(organ_id=organ_id)
    scored = [(likeness((text, text), (one.title, one.question)), one) for one in rows]
    return [one for score, one in sorted(scored, key=lambda s: (-s[0], s[1].pk)) if score >= ENOUGH / 2][:limit]
