"""Words of a text as both engines index them, and of a query as they look for them.

Chinese by single characters and pairs (our own 2-grams); pinyin and initials from every character on, so that a prefix
finds them without knowing where a syllable ends; other scripts by word.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from pypinyin import Style, lazy_pinyin, load_phrases_dict

# Where the dictionary of phrases reads a word of public services wrongly.
load_phrases_dict({"发卡": [["fā"], ["kǎ"]], "预付卡": [["yù"], ["fù"], ["kǎ"]], "卡企业": [["kǎ"], ["qǐ"], ["yè"]]})

PINYIN, INITIALS, LOOSE = "1", "2", "3"  # a digit in front keeps them apart from English words
_LONGEST = 32  # letters of pinyin kept from one character on
_RUN = re.compile(r"[㐀-䶿一-鿿\U00020000-\U0003134f]+|[^\W_㐀-䶿一-鿿\U00020000-\U0003134f]+")


def _runs(text: str) -> Iterator[tuple[bool, str]]:
    """Stretches of one script, (is Chinese, text), in order."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    for match in _RUN.finditer(folded):
        yield _chinese(match[0][0]), match[0]


def _chinese(character: str) -> bool:
    return "㐀" <= character <= "䶿" or "一" <= character <= "鿿" or character >= "\U00020000"


def loose(pinyin: str) -> str:
    """Pinyin with the sounds people mix up taken together: zh/z, ch/c, sh/s, ng/n, v/u."""
    flat = pinyin.replace("v", "u").replace("ü", "u")
    return re.sub(r"ng", "n", re.sub(r"([zcs])h", r"\1", flat))


@lru_cache(maxsize=20_000)
def _sounds(run: str) -> tuple[str, ...]:
    return tuple(sound.replace("ü", "v") for sound in lazy_pinyin(run, style=Style.NORMAL, errors="ignore"))


def terms(texts: Iterable[str]) -> list[str]:
    """Every term the texts are found by, each once."""
    found: dict[str, None] = {}
    for text in _readings(texts):
        joined = ""
        for chinese, run in _runs(text):
            if not chinese:
                found[run] = None
                continue
            joined += run
            for index, character in enumerate(run):
                found[character] = None
                if index:
                    found[run[index - 1 : index + 1]] = None
        for term in _pinyin_terms(joined):
            found[term] = None
    return list(found)


_BRACKETS = re.compile(r"[（(〔\[][^（）()〔〕\[\]]*[）)〕\]]")


def _readings(texts: Iterable[str]) -> Iterator[str]:
    """Each text, and once more without its brackets: 食品（含保健食品）经营许可 is also asked for as 食品经营许可."""
    for text in texts:
        yield text
        if (bare := _BRACKETS.sub("", text)) != text:
            yield bare


def _pinyin_terms(run: str) -> Iterator[str]:
    """Of the Chinese of a text read through, brackets and numbers left out."""
    sounds = _sounds(run)
    for index in range(len(sounds)):
        rest = sounds[index : index + 16]
        full = "".join(rest)[:_LONGEST]
        yield PINYIN + full
        if loose(full) != full:
            yield LOOSE + loose(full)
        yield INITIALS + "".join(sound[0] for sound in rest)


@dataclass(frozen=True, slots=True)
class Term:
    text: str
    prefix: bool = False


Choice = tuple[Term, ...]  # any of these
Wanted = tuple[Choice, ...]  # all of those


def attempts(query: str) -> Iterator[tuple[Wanted, bool]]:
    """What to look for, strictest first, each with whether all of it must be there."""
    runs = [(chinese, run[:64]) for chinese, run in _runs(query[:200])]
    strict = tuple(choice for chinese, run in runs for choice in (_grams(run) if chinese else [_word(run)]))
    if not strict:
        return
    yield strict[:40], True
    forgiving = tuple(choice for chinese, run in runs for choice in (_grams(run) if chinese else [_misspelt(run)]))
    if forgiving != strict:
        yield forgiving[:40], True
    if len(forgiving) > 1:
        yield forgiving[:40], False


def _grams(run: str) -> list[Choice]:
    if len(run) == 1:
        return [(Term(run),)]
    return [(Term(run[index : index + 2]),) for index in range(len(run) - 1)]


def _word(run: str) -> Choice:
    """A word begun, or pinyin, or initials; one letter alone would match half of everything."""
    if len(run) == 1:
        return (Term(run),)
    if not (run.isascii() and run.isalpha()):
        return (Term(run, prefix=True),)
    return (Term(run, prefix=True), Term(PINYIN + run, prefix=True), Term(INITIALS + run, prefix=True))


def _misspelt(run: str) -> Choice:
    """The word and what one slip of the finger makes of it: letters swapped, one too many, the end wrong."""
    word = _word(run)
    if len(run) < 4 or not (run.isascii() and run.isalpha()):
        return word
    near = [run[:i] + run[i + 1] + run[i] + run[i + 2 :] for i in range(len(run) - 1)]
    near += [run[:i] + run[i + 1 :] for i in range(len(run))]
    near.append(run[: max(3, len(run) - 2)])
    slips = [Term(mark + slip, prefix=True) for slip in dict.fromkeys(near) for mark in ("", PINYIN)]
    return (*word, Term(PINYIN + loose(run), prefix=True), Term(LOOSE + loose(run), prefix=True), *slips)
