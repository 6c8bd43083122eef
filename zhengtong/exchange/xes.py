"""XES (IEEE 1849) as a stream: one trace in memory at a time, nothing resolved, nothing fetched."""

from collections.abc import Iterator
from typing import IO, Any

from lxml import etree

from zhengtong.exchange.log_problems import Problem, Unreadable
from zhengtong.exchange.trace import Attributes, Trace

MOST_ELEMENTS = 1_000_000  # of one trace, or between two; a log's own statistics have a few thousand


def traces(stream: IO[bytes]) -> Iterator[Trace]:
    """Every trace in the order of the file. Raises Unreadable with the line."""
    parsing = etree.iterparse(
        stream, events=("start", "end"), resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
    )
    try:
        yield from _traces(parsing)
    except etree.XMLSyntaxError as error:
        raise Unreadable(Problem.XML_BROKEN, error.lineno or 0, detail=error.msg or "") from error


def _traces(parsing: Any) -> Iterator[Trace]:
    depth = elements = 0
    for event, element in parsing:
        if event == "start":
            if depth == 0:
                _check_root(element)
            depth += 1
            elements += 1
            if elements > MOST_ELEMENTS:
                raise Unreadable(Problem.XML_TOO_LARGE, element.sourceline or 0, most=MOST_ELEMENTS)
            continue
        depth -= 1
        if depth != 1:
            continue
        if _name(element) == "trace":
            yield _trace(element)
            elements = 0
        # What lies behind is let go, or a large log would end up whole in memory.
        element.clear(keep_tail=False)
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]


def _check_root(root: Any) -> None:
    document = root.getroottree().docinfo
    if document.doctype or document.internalDTD is not None:
        raise Unreadable(Problem.XML_HOSTILE, 1)
    if _name(root) != "log":
        raise Unreadable(Problem.NOT_A_LOG, root.sourceline or 1)


def _name(element: Any) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _trace(element: Any) -> Trace:
    trace = Trace(element.sourceline or 0, _attributes(element))
    for child in element:
        if _name(child) == "event":
            trace.events.append((child.sourceline or 0, _attributes(child)))
    return trace


def _attributes(element: Any) -> Attributes:
    return {child.get("key"): child.get("value", "") for child in element if child.get("key") is not None}
