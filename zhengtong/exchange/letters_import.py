"""Takes a file of letters into the product, batch by batch. Killed at any moment it is run again and goes on."""

import html
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path

from zhengtong.base.permission import Acting, ActorKind
from zhengtong.exchange.letters_map import LetterMap
from zhengtong.exchange.letters_table import heading, rows
from zhengtong.exchange.letters_words import Problem, Unfit, Unreadable, said
from zhengtong.exchange.progress import Reject, Tally
from zhengtong.flows.letter_imported import import_letters as import_batch
from zhengtong.flows.letter_imported import import_target
from zhengtong.rules.clock import local_date
from zhengtong.rules.festivals import FIRST_YEAR, LAST_YEAR
from zhengtong.rules.letters_import import ImportedLetter, ImportOutcome
from zhengtong.rules.refusal import Refusal, RefusalCode

BATCH = 200  # letters of one transaction: what a kill can cost, and how long a writer waits for us
IMPORTER = Acting(ActorKind.IMPORT, None, "import-letters")
MOST_TEXT, LONG, MOST_SUBJECT = 100_000, 5_000, 200
_TAG = re.compile(
    r"</?(?:p|br|div|span|strong|b|i|u|a|img|font|table|tr|td|li|ul|ol|h[1-6])\b[^<>]{0,300}>", re.IGNORECASE
)
_SEPARATOR = re.compile(r"[,;\t]")
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
_REFUSED = {ImportOutcome.CHANGED: Problem.CHANGED, ImportOutcome.HANDLED: Problem.HANDLED_HERE}


def import_letters(
    path: Path,
    letter_map: LetterMap,
    *,
    at: datetime,
    moved: Callable[[int], None] = lambda _: None,
    by: Acting = IMPORTER,
) -> Tally:
    """Every letter is taken, continued, found unchanged, or refused with its reason; nothing is taken twice.

    Raises Unreadable when the file or the map as a whole cannot be used; the batches before that stay.
    """
    try:
        target = import_target(letter_map.name, letter_map.organ, letter_map.region)
    except Refusal as refusal:
        if refusal.code is RefusalCode.NOT_FOUND:
            raise Unreadable(Problem.ORGAN_UNKNOWN, code=letter_map.organ or letter_map.region) from refusal
        raise
    tally = Tally()
    fit = _fit(path, letter_map, at, moved, tally)
    while batch := list(islice(fit, BATCH)):
        lines = {letter.number: line for line, letter in batch}
        for number, outcome in import_batch(target, [letter for _, letter in batch], by=by, at=at):
            if (problem := _REFUSED.get(outcome)) is not None:
                line = lines[number]
                tally.reject(Reject(line, number, problem.value, *said(problem, line, {})))
            else:
                tally.counts[outcome.value] += 1
    return tally


def _fit(
    path: Path, letter_map: LetterMap, at: datetime, moved: Callable[[int], None], tally: Tally
) -> Iterator[tuple[int, ImportedLetter]]:
    """Letters that can be taken, with their lines; the others go to the rejects."""
    table = rows(path, moved)
    first = next(table, None)
    if first is None:
        raise Unreadable(Problem.NOT_A_TABLE)
    names = heading(first[1])
    places = letter_map.places(names)
    seen: dict[str, tuple[int, str]] = {}
    for line, cells in table:
        number = ""
        try:
            number, letter = _letter(cells, names, places, letter_map, at)
            known = seen.get(letter.number)
            if known is not None:
                if known[1] != _whole(letter):
                    raise Unfit(Problem.NUMBER_TWICE, number=letter.number, first=known[0])
                tally.notes["repeated"] += 1
                continue
            seen[letter.number] = (line, _whole(letter))
        except Unfit as fault:
            number = number or _cell(cells, places, "number")[:60]
            tally.reject(Reject(line, number, fault.problem.value, *said(fault.problem, line, fault.facts)))
            continue
        tally.notes.update(letter.notes)
        yield line, letter


def _cell(cells: Sequence[str], places: dict[str, int], part: str) -> str:
    place = places.get(part)
    return cells[place].strip() if place is not None and place < len(cells) else ""


def _letter(
    cells: Sequence[str], names: Sequence[str], places: dict[str, int], letter_map: LetterMap, at: datetime
) -> tuple[str, ImportedLetter]:
    """One row as a letter. Cells missing at the end are empty; cells beyond the heading are a torn row."""
    if any(cell.strip() for cell in cells[len(names) :]):
        raise Unfit(Problem.ROW_LONG, found=len(cells), needed=len(names))
    if lost := _swallowed(cells, names, places, letter_map):
        raise Unfit(Problem.ROW_TORN, lost=lost)
    part = {name: _cell(cells, places, name) for name in places}
    notes: list[str] = []
    number = unicodedata.normalize("NFKC", part["number"])
    if not number or len(number) > 60:
        raise Unfit(Problem.NUMBER_MISSING)
    if not part["received_at"]:
        raise Unfit(Problem.TIME_MISSING)
    reply = part.get("reply", "")
    received, replied = _times(part, letter_map, at, notes)
    subject, text = part.get("subject", ""), part.get("text", "")
    if not subject and not text:
        raise Unfit(Problem.TEXT_MISSING)
    for column, value in (("text", text), ("reply", reply), ("subject", subject)):
        if len(value) > MOST_TEXT:
            raise Unfit(Problem.TEXT_TOO_LONG, column=column, most=MOST_TEXT)
    title, text = _titled(subject, text, notes)
    clear = readable(text)
    if clear != text:
        notes.append("cleaned")
    if len(text) > LONG:
        notes.append("long")
    return number, ImportedLetter(
        number=number,
        kind=letter_map.kind_of(part.get("kind", ""), subject),
        user=part.get("user", "")[:100],
        subject=title,
        subject_original=subject,
        text=text,
        readable=clear if clear != text else "",
        category=part.get("category", ""),
        received_at=received,
        reply=reply,
        replied_at=replied,
        notes=tuple(notes),
    )


def _swallowed(cells: Sequence[str], names: Sequence[str], places: dict[str, int], letter_map: LetterMap) -> int:
    """How many rows stand inside one cell, behind a quote nobody closed: lines with all columns and a time in its place."""
    lost = 0
    for line in (line for cell in cells for line in cell.splitlines()[1:]):
        inner = _SEPARATOR.split(line)
        if len(inner) < len(names) - 1 or len(inner) <= places["received_at"]:
            continue
        with suppress(Unfit):
            letter_map.moment(inner[places["received_at"]].strip('"'))
            lost += 1
    return lost


def _times(
    part: Mapping[str, str], letter_map: LetterMap, at: datetime, notes: list[str]
) -> tuple[datetime, datetime | None]:
    """When it came and when it was answered; notes what is odd about either."""
    reply, written = part.get("reply", ""), part.get("replied_at", "")
    received, received_clock = _moment(letter_map, part["received_at"], at)
    if not received_clock:
        notes.append("no_clock")
    if not written:
        notes.append("reply_undated" if reply else "unanswered")
        return received, None
    replied, replied_clock = _moment(letter_map, written, at)
    if local_date(replied) < local_date(received):
        raise Unfit(Problem.REPLY_BEFORE_RECEIPT, received=part["received_at"][:40], replied=written[:40])
    if not replied_clock:
        notes.append("no_clock")
    elif replied < received and received_clock:
        notes.append("replied_earlier_same_day")
    if not reply:
        notes.append("reply_empty")
    return received, replied


def _moment(letter_map: LetterMap, written: str, at: datetime) -> tuple[datetime, bool]:
    moment, clock = letter_map.moment(written)
    if not FIRST_YEAR <= local_date(moment).year <= LAST_YEAR:
        raise Unfit(Problem.TIME_OUT_OF_RANGE, value=written[:60])
    if moment > at:
        raise Unfit(Problem.TIME_TO_COME, value=written[:60])
    return moment, clock


def _titled(subject: str, text: str, notes: list[str]) -> tuple[str, str]:
    """A title of one readable line; what does not fit stays in the text."""
    title = " ".join(readable(subject).split())
    if not title:
        notes.append("subject_from_text")
        return " ".join(readable(text).split())[:60] or "（无主题）", text
    if len(title) > MOST_SUBJECT:
        notes.append("subject_shortened")
        return title[:MOST_SUBJECT], f"{subject}\n{text}".strip()
    return title, text or subject


def readable(text: str) -> str:
    """As a person reads it: entities as their characters, tags gone, nothing invisible. It stays text: pages escape it."""
    plain = html.unescape(_TAG.sub("\n", text)) if "<" in text or "&" in text else text
    plain = plain.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in plain if c in "\n\t" or unicodedata.category(c) not in _UNSEEN).strip()


def _whole(letter: ImportedLetter) -> str:
    said_ = (letter.subject_original, letter.text, letter.reply, letter.received_at, letter.replied_at, letter.user)
    return sha256("\x1f".join(map(str, said_)).encode()).hexdigest()
