"""Opens an event log of either format, compressed or not, and reads it into cases through a map."""

import gzip
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from zhengtong.domains.cases.imports import ImportedCase
from zhengtong.exchange import event_csv, xes
from zhengtong.exchange.log_map import CASE_ROLES, Columns, LogMap
from zhengtong.exchange.log_problems import Problem, Unfit, Unreadable
from zhengtong.exchange.trace import Trace

ENDINGS = (".xes", ".xes.gz", ".csv", ".csv.gz")


@dataclass(frozen=True, slots=True)
class Read:
    """One case of the file: taken by the map, or unfit with the reason."""

    line: int
    key: str
    case: ImportedCase | None
    fault: Unfit | None = None


def read_log(path: Path, log_map: LogMap, moved: Callable[[int], None] = lambda _: None) -> Iterator[Read]:
    """Every case of a log, one at a time. `moved` hears how many bytes of the file have been read."""
    columns = log_map.xes if _is_xes(path) else log_map.csv
    if columns is None:
        raise Unreadable(Problem.MAP_WRONG, detail="[xes] ?" if _is_xes(path) else "[csv] ?")
    seen: dict[str, int] = {}
    with _opened(path, moved) as stream:
        for found in _traces(path, stream, log_map, columns):
            if isinstance(found, Unfit):
                yield Read(found.line, "", None, found)
                continue
            key = found.attributes.get(columns["key"], "")
            yield _read(found, key, seen, log_map, columns)
            seen.setdefault(key, found.line)


def _read(found: Trace, key: str, seen: dict[str, int], log_map: LogMap, columns: Columns) -> Read:
    if key in seen:
        return Read(found.line, key, None, Unfit(Problem.KEY_TWICE, found.line, key=key, first=seen[key]))
    try:
        return Read(found.line, key, log_map.case(found, columns))
    except Unfit as fault:
        return Read(found.line, key, None, fault)


def _is_xes(path: Path) -> bool:
    name = path.name.lower()
    if not name.endswith(ENDINGS):
        raise Unreadable(Problem.NOT_A_LOG)
    return ".xes" in name


def _traces(path: Path, stream: IO[bytes], log_map: LogMap, columns: Columns) -> Iterator[Trace | Unfit]:
    if _is_xes(path):
        return xes.traces(stream)
    return event_csv.traces(
        stream,
        key=columns["key"],
        case_columns=[columns[role] for role in CASE_ROLES if role != "key"],
        act_columns=columns.of_act,
        act_marks=[columns["activity"], columns["at"]],
        encoding=log_map.encoding,
        delimiter=log_map.delimiter,
        together=log_map.together,
    )


class _Counted:
    """The compressed bytes as they are read, so that progress is of the file and not of what it unfolds to."""

    def __init__(self, raw: IO[bytes], moved: Callable[[int], None]) -> None:
        self._raw, self._moved = raw, moved

    def read(self, size: int = -1) -> bytes:
        piece = self._raw.read(size)
        self._moved(len(piece))
        return piece

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)


@contextmanager
def _opened(path: Path, moved: Callable[[int], None]) -> Iterator[IO[bytes]]:
    with path.open("rb") as raw:
        counted = cast("IO[bytes]", _Counted(raw, moved))
        if not path.name.lower().endswith(".gz"):
            yield counted
            return
        try:
            with gzip.GzipFile(fileobj=counted) as unpacked:
                yield cast("IO[bytes]", unpacked)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise Unreadable(Problem.CUT_OFF) from error
