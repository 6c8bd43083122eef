"""Articles in and out: JSON for machines and other installations, CSV for whoever works in a spreadsheet.

What comes in is a draft, or a revision of the article with the same key; nothing is published without a second person.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from zhengtong.base.permission import Acting
from zhengtong.domains.knowledge import actions, queries
from zhengtong.domains.knowledge.actions import Wording
from zhengtong.rules.kinds import Kind
from zhengtong.rules.knowledge import ArticleKind, ArticleState, Topic
from zhengtong.rules.refusal import Refusal, RefusalCode

COLUMNS = (
    "key", "kind", "topic", "question", "question_en", "answer", "answer_en", "aliases", "sources", "items",
    "category", "published_at", "review_on", "owner",
)  # fmt: skip
MOST_BYTES, MOST_ROWS = 10 * 1024 * 1024, 5_000
LINE, PART = "\n", "｜"  # between the entries of a list, and inside one, in a cell


@dataclass
class Outcome:
    drafted: int = 0
    revised: int = 0
    unchanged: int = 0
    rejects: list[tuple[int, Refusal]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)  # of what was drafted or revised


def records() -> Iterator[dict[str, Any]]:
    """Every published article, oldest first. Nothing in it says which letter it grew from."""
    for article in queries.every_published():
        edition = article.current
        assert edition is not None
        yield {
            "key": article.key, "kind": article.kind, "topic": article.topic, "question": edition.question,
            "question_en": edition.question_en, "answer": edition.answer, "answer_en": edition.answer_en,
            "aliases": edition.aliases, "sources": edition.sources, "items": edition.items,
            "category": edition.category, "published_at": article.published_at and article.published_at.isoformat(),
            "review_on": article.review_on and article.review_on.isoformat(),
            "owner": article.owner.name if article.owner else "",
        }  # fmt: skip


def as_json() -> str:
    return json.dumps({"articles": list(records())}, ensure_ascii=False, indent=1)


def as_table() -> Iterator[list[Any]]:
    yield list(COLUMNS)
    for record in records():
        sources = [PART.join((s["name"], s["article"], s["url"])).rstrip(PART) for s in record["sources"]]
        flat = record | {
            "aliases": LINE.join(record["aliases"]),
            "items": LINE.join(record["items"]),
            "sources": LINE.join(sources),
        }
        yield [flat[name] or "" for name in COLUMNS]


def read(name: str, data: bytes) -> list[Mapping[str, Any]]:
    """The rows of a file as exported. Refusal(ARTICLE_FILE_UNREADABLE) names the first that is none."""
    if len(data) > MOST_BYTES:
        raise Refusal(RefusalCode.ARTICLE_FILE_UNREADABLE, line=0)
    try:
        text = data.decode("utf-8-sig")
        if name.casefold().endswith(".csv"):
            rows: list[Any] = [_lists(row) for row in csv.DictReader(io.StringIO(text))]
        else:
            found = json.loads(text)
            rows = found["articles"] if isinstance(found, dict) else found
    except (UnicodeDecodeError, ValueError, KeyError, csv.Error, RecursionError) as fault:
        raise Refusal(RefusalCode.ARTICLE_FILE_UNREADABLE, line=1) from fault
    if not isinstance(rows, list) or len(rows) > MOST_ROWS:
        raise Refusal(RefusalCode.ARTICLE_FILE_UNREADABLE, line=1)
    for line, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            raise Refusal(RefusalCode.ARTICLE_FILE_UNREADABLE, line=line)
    return rows


def _lists(row: Mapping[str, Any]) -> dict[str, Any]:
    record: dict[str, Any] = {str(name): value or "" for name, value in row.items() if name is not None}
    for name in ("aliases", "items"):
        record[name] = [one for one in str(record.get(name, "")).split(LINE) if one.strip()]
    parted = [[*line.split(PART), "", ""] for line in str(record.get("sources", "")).split(LINE) if line.strip()]
    record["sources"] = [{"name": one[0], "article": one[1], "url": one[2]} for one in parted]
    return record


def wording_of(row: Mapping[str, Any]) -> Wording:
    def text(name: str) -> str:
        value = row.get(name) or ""
        return value if isinstance(value, str) else ""

    def texts(name: str) -> list[str]:
        value = row.get(name) or []
        return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []

    given = row.get("sources") or []
    sources = [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    return Wording(
        question=text("question"), answer=text("answer"), question_en=text("question_en"), answer_en=text("answer_en"),
        aliases=texts("aliases"), sources=sources, items=texts("items"), category=text("category"),
    )  # fmt: skip


def take_in(rows: Iterable[Mapping[str, Any]], *, organ_id: int, by: Acting, at: datetime) -> Outcome:
    """Each row by itself: what is refused is listed, the others are kept. The same file again changes nothing."""
    outcome = Outcome()
    for line, row in enumerate(rows, start=1):
        try:
            with transaction.atomic():
                _take(row, outcome, organ_id=organ_id, by=by, at=at)
        except Refusal as refusal:
            outcome.rejects.append((line, refusal))
    return outcome


def _take(row: Mapping[str, Any], outcome: Outcome, *, organ_id: int, by: Acting, at: datetime) -> None:
    key, wording = str(row.get("key") or ""), wording_of(row)
    try:
        kind, topic = ArticleKind(str(row.get("kind"))), Topic(str(row.get("topic")))
    except ValueError as fault:
        raise Refusal(RefusalCode.NOT_FOUND) from fault
    known = _known(key, by)
    if known is None:
        made = actions.draft(key, kind, topic, wording, organ_id=organ_id, event=Kind.ARTICLE_IMPORTED, by=by, at=at)
        outcome.drafted += 1
        outcome.keys.append(made.key)
        return
    edition = queries.open_edition(known) or known.current
    values = actions.cleaned(wording)
    if edition is not None and all(getattr(edition, n) == v for n, v in values.items() if n != "note"):
        outcome.unchanged += 1
        return
    if known.state == ArticleState.WITHDRAWN.value:
        raise Refusal(RefusalCode.ARTICLE_WRONG_STATE, state=known.state)
    actions.edit(known, wording, topic=topic, by=by, at=at)
    outcome.revised += 1
    outcome.keys.append(known.key)


def _known(key: str, by: Acting) -> Any:
    try:
        return queries.article_for(by, key)
    except Refusal as refusal:
        if refusal.code is RefusalCode.NOT_FOUND:
            return None
        raise
