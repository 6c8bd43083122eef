"""Which column of a file of letters plays which part, and how its times and kinds are written."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from zhengtong.exchange.letters_words import Problem, Unfit, Unreadable
from zhengtong.rules.letters import LetterKind

# Headings known without a map, by part; compared without case, blanks and underscores.
HEADINGS: dict[str, tuple[str, ...]] = {
    "number": ("number", "no", "id", "留言编号", "来信编号", "编号", "工单编号", "信件编号", "序号"),
    "user": ("user", "author", "name", "留言用户", "来信人", "网友", "用户", "姓名"),
    "subject": ("subject", "title", "留言主题", "来信主题", "主题", "标题", "来信标题"),
    "received_at": (
        "receivedat", "received", "date", "time", "留言时间", "来信时间", "来信日期", "提交时间", "受理时间",
    ),
    "text": ("text", "content", "body", "details", "留言详情", "留言内容", "来信内容", "内容", "诉求内容"),
    "reply": ("reply", "answer", "response", "答复意见", "答复内容", "回复内容", "回复", "答复"),
    "replied_at": ("repliedat", "replied", "answeredat", "answered", "replydate", "答复时间", "答复日期", "回复时间"),
    "kind": ("kind", "type", "来信类别", "诉求类型", "类型"),
    "category": ("category", "一级分类", "来信分类", "分类", "类别"),
}  # fmt: skip
NEEDED = ("number", "received_at")
KINDS: dict[str, LetterKind] = {
    "咨询": LetterKind.CONSULTATION, "求助": LetterKind.HELP, "投诉": LetterKind.COMPLAINT, "建议": LetterKind.SUGGESTION,
    "建言": LetterKind.SUGGESTION, "表扬": LetterKind.PRAISE, "感谢": LetterKind.PRAISE, "举报": LetterKind.REPORT,
    **{kind.value: kind for kind in LetterKind if kind is not LetterKind.TIP},
}  # fmt: skip
_SHAPE = {
    "log": {"name", "timezone", "kind", "organ", "region"},
    "columns": set(HEADINGS),
    "kinds": None,
}
_CLOCK = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:[T\s]*(\d{1,2})\s*[:时]\s*(\d{1,2})(?:\s*[:分]\s*(\d{1,2})(?:[.,]\d+)?)?\s*[秒分]?)?\s*(Z|[+-]\d\d:?\d\d)?"
)
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  (a day of a spreadsheet has no zone; the map's is set afterwards)


@dataclass(frozen=True)
class LetterMap:
    """One way to read a file. Without a map file: columns by their names, Shanghai time, kinds by the subject."""

    name: str = "letters"
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    kind: LetterKind = LetterKind.HELP  # where neither a column nor the subject says it
    organ: str = ""
    region: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, LetterKind] = field(default_factory=dict)

    def places(self, heading: Sequence[str]) -> dict[str, int]:
        """Part → column. Raises Unreadable where number, time, or both subject and text have none."""
        found: dict[str, int] = {}
        plain = [_plain(cell) for cell in heading]
        for part, names in HEADINGS.items():
            wanted = [_plain(self.columns[part])] if part in self.columns else [_plain(name) for name in names]
            place = next((plain.index(name) for name in wanted if name in plain), None)
            if place is not None and place not in found.values():
                found[part] = place
            elif part in NEEDED or part in self.columns:
                raise Unreadable(Problem.COLUMN_MISSING, column=self.columns.get(part, part), found=", ".join(heading))
        if "subject" not in found and "text" not in found:
            raise Unreadable(Problem.COLUMN_MISSING, column="text", found=", ".join(heading))
        return found

    def moment(self, written: str) -> tuple[datetime, bool]:
        """(the instant, whether an hour was written). Raises Unfit for what is no time."""
        text = unicodedata.normalize("NFKC", written).strip()
        match = _CLOCK.fullmatch(text)
        try:
            if match is None:
                if not _SERIAL.fullmatch(text):
                    raise ValueError(text)
                local = _EPOCH + timedelta(days=float(text))
                return local.replace(microsecond=0, tzinfo=self.zone), "." in text
            numbers = [int(part or 0) for part in match.groups()[:6]]
            if offset := match[7]:
                iso = f"{datetime(*numbers):%Y-%m-%dT%H:%M:%S}{'+00:00' if offset == 'Z' else offset}"  # type: ignore[arg-type]  # noqa: DTZ001  (six numbers; the zone stands behind them)
                return datetime.fromisoformat(iso), True
            return datetime(*numbers, tzinfo=self.zone), match[4] is not None  # type: ignore[arg-type,misc]  # six numbers
        except (ValueError, OverflowError) as error:
            raise Unfit(Problem.TIME_UNREADABLE, value=written[:60]) from error

    def kind_of(self, written: str, subject: str) -> LetterKind:
        """By its column; else by the word the subject begins with; else the map's. A tip is never guessed."""
        if written:
            found = self.kinds.get(written) or KINDS.get(written.casefold())
            if found is None:
                raise Unfit(Problem.KIND_UNKNOWN, value=written[:60])
            return found
        opening = subject[:4]
        return next((kind for word, kind in KINDS.items() if word in opening), self.kind)


def read_map(path: Path | None, name: str = "") -> LetterMap:
    """A map file (TOML), or none. Unknown words are refused, never passed over."""
    if path is None:
        return LetterMap(name=name or "letters")
    try:
        raw: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Unreadable(Problem.MAP_WRONG, detail=str(error)) from error
    for part, words in raw.items():
        allowed = _SHAPE.get(part, set())
        if part not in _SHAPE or not isinstance(words, dict) or (allowed is not None and set(words) - allowed):
            raise Unreadable(Problem.MAP_WRONG, detail=f"[{part}]")
    log = raw.get("log", {})
    try:
        return LetterMap(
            name=name or str(log.get("name", "letters")),
            zone=ZoneInfo(str(log.get("timezone", "Asia/Shanghai"))),
            kind=LetterKind(log.get("kind", LetterKind.HELP.value)),
            organ=str(log.get("organ", "")),
            region=str(log.get("region", "")),
            columns={part: str(column) for part, column in raw.get("columns", {}).items()},
            kinds={word: LetterKind(kind) for word, kind in raw.get("kinds", {}).items()},
        )
    except (ValueError, ZoneInfoNotFoundError) as error:
        raise Unreadable(Problem.MAP_WRONG, detail=str(error)) from error


def _plain(name: str) -> str:
    return re.sub(r"[\s_\-]", "", unicodedata.normalize("NFKC", name)).casefold()
