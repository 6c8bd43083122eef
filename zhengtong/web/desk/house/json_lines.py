"""On which line of typed JSON each path stands, so that an error can say the line. Knows JSON, not what it means."""

import re
from contextlib import suppress
from json.decoder import JSONDecodeError, scanstring  # type: ignore[attr-defined]  # as the decoder itself uses it

_BLANK = re.compile(r"[ \t\n\r]*")
_SCALAR = re.compile(r"[^\s,\]}]+")
DEEPEST = 60


def lines_of(text: str) -> dict[str, int]:
    """Path (`materials[1].copies`) → line, from 1; "" for the whole. Stops where the text ceases to be JSON."""
    found: dict[str, int] = {"": 1}
    with suppress(JSONDecodeError, IndexError, ValueError):  # what was found until there still helps
        _value(text, _skip(text, 0), "", found, 0)
    return found


def line_of(path: str, lines: dict[str, int]) -> int:
    """The line of a path, or of the nearest thing around it."""
    while path not in lines:
        path = path[: path.rindex("[")] if path.endswith("]") else path.rpartition(".")[0]
    return lines[path]


def _skip(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return match.end() if match else at


def _value(text: str, at: int, path: str, found: dict[str, int], depth: int) -> int:
    if depth > DEEPEST:
        raise ValueError
    if text[at] == "{":
        return _object(text, at, path, found, depth)
    if text[at] == "[":
        return _array(text, at, path, found, depth)
    if text[at] == '"':
        return int(scanstring(text, at + 1)[1])
    match = _SCALAR.match(text, at)
    if match is None:
        raise ValueError
    return match.end()


def _object(text: str, at: int, path: str, found: dict[str, int], depth: int) -> int:
    at = _skip(text, at + 1)
    while text[at] != "}":
        if text[at] == ",":
            at = _skip(text, at + 1)
        line = text.count("\n", 0, at) + 1
        key, at = scanstring(text, at + 1)
        at = _skip(text, at)
        if text[at] != ":":
            raise ValueError
        inner = f"{path}.{key}" if path else key
        found[inner] = line
        at = _skip(text, _value(text, _skip(text, at + 1), inner, found, depth + 1))
    return at + 1


def _array(text: str, at: int, path: str, found: dict[str, int], depth: int) -> int:
    at, number = _skip(text, at + 1), 0
    while text[at] != "]":
        if text[at] == ",":
            at = _skip(text, at + 1)
        inner = f"{path}[{number}]"
        found[inner] = text.count("\n", 0, at) + 1
        at = _skip(text, _value(text, at, inner, found, depth + 1))
        number += 1
    return at + 1
