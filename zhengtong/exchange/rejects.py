"""The reject file of an import: one line for each fault, with its place and what to do; opens in Excel."""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from zhengtong.exchange.item_words import finding_sentence, place, problem_sentence
from zhengtong.rules.item_document import Problem
from zhengtong.rules.linter import Finding
from zhengtong.rules.text import harmless

HEAD = ("行号", "事项编码", "事项名称", "规则", "位置", "路径", "怎么改", "现有内容")


@dataclass(frozen=True)
class Reject:
    """A row that was not taken; `why` is a sentence where neither a problem nor a finding says it."""

    line: int
    item_code: str
    name: str
    faults: tuple[Problem | Finding, ...] = ()
    why: str = ""
    raw: Any = None


def write(rejects: Iterable[Reject]) -> bytes:
    """CSV in UTF-8 with its mark, so that Excel shows Chinese; every cell is text, none a formula."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(HEAD)
    for reject in rejects:
        for line in lines(reject):
            table.writerow([harmless(cell) for cell in line])
    return out.getvalue().encode("utf-8-sig")


def lines(reject: Reject) -> Iterable[tuple[Any, ...]]:
    """Line, code, name, rule, place, path, what to do, what stands there: one for each fault."""
    known = (reject.line, reject.item_code, reject.name)
    if reject.why:
        yield (*known, "", "", "", reject.why, "")
    for fault in reject.faults:
        sentence = finding_sentence(fault) if isinstance(fault, Finding) else problem_sentence(fault)
        rule = fault.rule if isinstance(fault, Finding) else ""
        yield (*known, rule, place(fault.path), fault.path, sentence, _found(reject.raw, fault.path))


def _found(raw: Any, path: str) -> str:
    """What stands at a path, shortened; "" where there is nothing."""
    for part in path.split(".") if path else []:
        key, _bracket, row = part.partition("[")
        try:
            raw = raw[key]
            if row:
                raw = raw[int(row.removesuffix("]"))]
        except (KeyError, IndexError, TypeError, ValueError):
            return ""
    return "" if raw is None else json.dumps(raw, ensure_ascii=False, default=str)[:200]
