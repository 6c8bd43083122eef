"""How articles are found: as typed; else by what the eye and the ear take for it; and beside a letter, by its matter.

Slips of the hand and of the input method are looked for in an index of their own, of sounds and of letters in threes, so
that a misspelt query reads no more rows than a right one.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

from pypinyin import Style, lazy_pinyin

from zhengtong.base import search
from zhengtong.base.search import Texts, engine
from zhengtong.base.search.terms import Term, attempts, loose
from zhengtong.domains.knowledge.models import Article, Edition
from zhengtong.rules.likeness import covered, nearness, overlap, pairs

WORDS, NEAR = "article", "article_near"
CANDIDATES = 60  # looked at one by one
MOST_GRAMS = 40
NEAR_ENOUGH = 0.42  # below this a likeness is chance: measured with tests/domains/misspelt.py
FITS = 0.30
SHORT = 6  # characters, syllables or letters
LEAST_WORD = 0.6  # an English word less alike than this is another word

_CHINESE = re.compile(r"[㐀-䶿一-鿿]+")
_LATIN = re.compile(r"[a-z]+")
# Characters of courtesy and grammar: a pair with one of them says nothing about the matter.
_EMPTY = frozenset(
    "的了是我你他她它们吗呢吧啊在有和与或及到去来把被给让对从就都也不没请问您好这那个些什么怎样如何能可以要会想为因此已还再又很最太"
)
# fmt: off
_EMPTY_WORDS = frozenset((
    "the", "and", "for", "are", "can", "how", "what", "when", "where", "which", "who", "why", "does",
    "did", "with", "from", "have", "has", "this", "that", "you", "your", "our", "not", "but", "any",
    "need", "about", "into", "must", "should", "would", "could", "there", "they", "them", "was", "were", "will",
    "get", "may", "one",
))
# fmt: on


# --- the index ----------------------------------------------------------------------------------------------------
def index(article: Article, edition: Edition) -> None:
    names = [edition.question, edition.question_en]
    search.index(WORDS, article.pk, Texts(names, edition.aliases, [edition.answer, edition.answer_en]))
    near: dict[str, None] = {}
    for name in (*names, *edition.aliases):
        near |= dict.fromkeys(_near_terms(name))
    search.index(NEAR, article.pk, Texts([" ".join(near)]))


def forget(article: Article) -> None:
    search.remove(WORDS, article.pk)
    search.remove(NEAR, article.pk)


# --- sounds and letters -------------------------------------------------------------------------------------------
def _heard(sound: str) -> str:
    """A syllable with the sounds taken together that dialects and fingers mix up: zh/z, ng/n, n-/l-, hu/f, r/l."""
    flat = loose(sound.replace("ü", "v"))
    if flat.startswith(("n", "r")):
        flat = "l" + flat[1:]
    return "f" + flat[2:] if flat.startswith("hu") and len(flat) > 2 else flat


@lru_cache(maxsize=20_000)
def _syllables(run: str) -> tuple[str, ...]:
    return tuple(_heard(sound) for sound in lazy_pinyin(run, style=Style.NORMAL, errors="ignore"))


def _threes(word: str) -> list[str]:
    marked = f"x{word}x"  # the ends count: a word's beginning is seldom what is misspelt
    return [marked[at : at + 3] for at in range(len(marked) - 2)]


def _flat(text: str) -> str:
    return text.casefold()


def _near_terms(text: str) -> list[str]:
    """Pairs of syllables (s…) and letters in threes (t…), of English words and of the pinyin written through."""
    found: list[str] = []
    for run in _CHINESE.findall(text):
        sounds = _syllables(run)
        found += [f"s{one}{two}" for one, two in pairwise(sounds)] or [f"s{one}" for one in sounds]
        found += [f"t{three}" for three in _threes("".join(sounds))]
    for word in _LATIN.findall(_flat(text)):
        if len(word) > 2:
            found += [f"t{three}" for three in _threes(loose(word))]
    return found


# --- what somebody types ------------------------------------------------------------------------------------------
def found(text: str, *, limit: int) -> list[int]:
    """Article ids, best first. What is written exactly so comes before what only looks or sounds so."""
    exact: list[int] = []
    ways = list(attempts(text))
    if not ways:
        return []
    wanted, every = ways[0]
    exact = engine.matches(WORDS, wanted, every, limit)
    if len(exact) >= limit:
        return exact
    others = [pk for wanted, every in ways[1:] for pk in engine.matches(WORDS, wanted, every, CANDIDATES)]
    grams = dict.fromkeys(_near_terms(text))
    if grams:
        near = tuple((Term(gram),) for gram in list(grams)[:MOST_GRAMS])
        others += engine.matches(NEAR, near, False, CANDIDATES)
    rest = [pk for pk in dict.fromkeys(others) if pk not in exact][: 2 * CANDIDATES]
    return (exact + _by_likeness(text, rest))[:limit]


def _by_likeness(text: str, ids: Sequence[int]) -> list[int]:
    scored = [(max(likeness(text, name) for name in names), pk) for pk, names in _names(ids)]
    return [pk for score, pk in sorted(scored, key=lambda pair: (-pair[0], pair[1])) if score >= NEAR_ENOUGH]


def _names(ids: Sequence[int]) -> Iterable[tuple[int, list[str]]]:
    if not ids:
        return
    rows = Article.objects.filter(pk__in=ids, current__isnull=False)
    for pk, question, english, aliases in rows.values_list(
        "pk", "current__question", "current__question_en", "current__aliases"
    ):
        yield pk, [question, *([english] if english else []), *aliases]


def likeness(text: str, name: str) -> float:
    """How well a name is meant by what was typed: by its characters, its sounds, its letters; the best of them."""
    scores = [0.0]
    typed, known = "".join(_CHINESE.findall(text)), "".join(_CHINESE.findall(name))
    if typed and known:
        eye, ear = _fit(list(typed), list(known)), _fit(_syllables(typed), _syllables(known))
        scores += [eye, 0.97 * ear]
    latin = "".join(_LATIN.findall(_flat(text)))
    if len(latin) > 2:
        english = _LATIN.findall(_flat(name))
        if english:
            scores.append(_words_fit(_LATIN.findall(_flat(text)), english))
        if known:
            scores.append(0.95 * _fit(loose(latin), "".join(_syllables(known))))
            scores.append(0.9 * _fit(latin, "".join(sound[0] for sound in _syllables(known))) if len(latin) < 9 else 0)
    return max(scores)


def _fit(typed: Sequence[str], known: Sequence[str]) -> float:
    """Mostly whether what was typed stands in the name, a little whether the name is not much longer."""
    asked, has = pairs(typed), pairs(known)
    inside = covered(asked, has)
    # A longer query that shares next to no pair with the name is not a slip of it: no need to look closely.
    if len(typed) <= SHORT or inside >= 0.25:
        inside = max(inside, _window(typed, known))
    return 0.85 * inside + 0.15 * overlap(asked, has)


def _window(typed: Sequence[str], known: Sequence[str]) -> float:
    """The best likeness to a stretch of the name of about the same length."""
    size = len(typed)
    if size < 2 or size > 24:
        return 0.0
    if len(known) <= size:
        return nearness(typed, known)
    return max(
        nearness(typed, known[at : at + width], least=0.4)
        for width in {size, size + 1, max(size - 1, 2)}
        for at in range(len(known) - width + 1)
    )


def _words_fit(typed: Sequence[str], known: Sequence[str]) -> float:
    """Each word typed against the most like word of the name; little words are left out."""
    asked = [word for word in typed if len(word) > 2 and word not in _EMPTY_WORDS]
    if not asked:
        return 0.0
    best = [max(nearness(word, other, least=LEAST_WORD) for other in known) for word in asked]
    inside = sum(best) / len(asked)
    return 0.85 * inside + 0.15 * min(1.0, len(asked) / len(known))


# --- what somebody writes about -------------------------------------------------------------------------------------
def matter(text: str) -> list[str]:
    """What a text is about: pairs of Chinese characters without those of courtesy, and English words, in order."""
    found: dict[str, None] = {}
    for run in re.findall(r"[㐀-䶿一-鿿]+|[a-z]{3,}", _flat(text)):
        if run.isascii():
            if run not in _EMPTY_WORDS:
                found[run] = None
            continue
        for one, two in pairwise(run):
            if one not in _EMPTY and two not in _EMPTY:
                found[one + two] = None
    return list(found)


def _by_chance(asked: set[str], known: set[str]) -> bool:
    """One English word of several: an old man is in a letter, old cars are in a question."""
    shared = asked & known
    return len(asked) > 1 and len(shared) == 1 and "".join(shared).isascii()


def fitting(text: str, *, limit: int) -> list[int]:
    """Ids of articles a text of some length may be answered by, best first; none when nothing fits."""
    about = matter(text[:1_000])
    if not about:
        return []
    wanted = tuple((Term(one),) for one in about[:MOST_GRAMS])
    ids = engine.matches(WORDS, wanted, False, CANDIDATES)
    if not ids:
        return []
    known = set(about)
    scored = []
    for pk, names in _names(ids):
        asked = [set(matter(name)) for name in names[:2]]
        question = max((covered(one, known) for one in asked if one and not _by_chance(one, known)), default=0.0)
        named = sum(1 for alias in names[1:] if len(alias) > 1 and alias.casefold() in _flat(text))
        scored.append((question + 0.2 * min(named, 3), pk))
    best = sorted(scored, key=lambda pair: (-pair[0], ids.index(pair[1])))
    return [pk for score, pk in best if score >= FITS][:limit]
