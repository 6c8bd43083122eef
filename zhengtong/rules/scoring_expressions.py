"""The small language of score tables: `22 × on_time_rate − 5 × yellow_time`. Reads it, says what is wrong, computes it.

Exact fractions throughout, so that a score can be computed again anywhere. Knows no quantity by name; whoever reads an
expression hands in the names that exist. Nothing but arithmetic can be written in it.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

LONGEST = 400  # characters; a longer one is two indicators
DEEPEST = 20
MOST_DIGITS = 12

SIGNS = {"×": "*", "·": "*", "÷": "/", "−": "-", "–": "-", "≤": "<=", "≥": ">=", "（": "(", "）": ")", "，": ","}
COMPARISONS = ("<=", ">=", "<", ">", "=")
FUNCTIONS: dict[str, tuple[int, int]] = {"min": (2, 9), "max": (2, 9), "floor": (1, 1), "if": (3, 3)}


class ExpressionFault(Exception):
    """What keeps an expression from being read. `position` counts characters from 1."""

    def __init__(self, code: str, position: int, **facts: object) -> None:
        super().__init__(code, position, facts)
        self.code, self.position, self.facts = code, position, facts


class NoValue(Exception):
    """A division by nothing: the indicator has no base in this period."""


@dataclass(frozen=True, slots=True)
class Number:
    value: Fraction
    text: str


@dataclass(frozen=True, slots=True)
class Name:
    name: str


@dataclass(frozen=True, slots=True)
class Negative:
    inner: "Node"


@dataclass(frozen=True, slots=True)
class Operation:
    sign: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    arguments: tuple["Node", ...]


Node = Number | Name | Negative | Operation | Call


class _Token(NamedTuple):
    kind: str  # number, name, sign, end
    text: str
    position: int


# --- reading ---------------------------------------------------------------------------------------------------------


def parse(text: str, known: Collection[str] | None = None) -> Node:
    """The tree of an expression; ExpressionFault with the place where it stops making sense.

    `known` are the names that exist; None lets every name pass.
    """
    if len(text) > LONGEST:
        raise ExpressionFault("too_long", LONGEST, most=LONGEST)
    if not text.strip():
        raise ExpressionFault("empty", 1)
    return _Reader(list(_tokens(text)), known).whole()


def _tokens(text: str) -> Iterator[_Token]:
    at = 0
    while at < len(text):
        start, character = at, SIGNS.get(text[at], text[at])
        if character.isspace():
            at += 1
        elif character in "0123456789":
            at = _end(text, at, "0123456789.")
            yield _Token("number", text[start:at], start + 1)
        elif character.isascii() and (character.isalpha() or character == "_"):
            at = _end(text, at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
            yield _Token("name", text[start:at], start + 1)
        elif character in "<>" and text[at + 1 : at + 2] == "=":
            at += 2
            yield _Token("sign", character + "=", start + 1)
        elif character in {"+", "-", "*", "/", "(", ")", ",", "<", ">", "=", "%", "<=", ">="}:
            at += 1
            yield _Token("sign", character, start + 1)
        else:
            raise ExpressionFault("character", start + 1, character=text[at])
    yield _Token("end", "", len(text) + 1)


def _end(text: str, at: int, letters: str) -> int:
    while at < len(text) and text[at] in letters:
        at += 1
    return at


class _Reader:
    """One method for each strength of binding, weakest first."""

    def __init__(self, tokens: list[_Token], known: Collection[str] | None) -> None:
        self.tokens, self.known = tokens, known
        self.at, self.depth = 0, 0

    @property
    def next(self) -> _Token:
        return self.tokens[self.at]

    def take(self) -> _Token:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def whole(self) -> Node:
        node = self.comparison()
        if self.next.kind != "end":
            raise ExpressionFault("unexpected", self.next.position, found=self.next.text)
        return node

    def comparison(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ExpressionFault("too_deep", self.next.position, most=DEEPEST)
        node = self.chain(("+", "-"), lambda: self.chain(("*", "/"), self.signed))
        if self.next.text in COMPARISONS:
            sign = self.take().text
            node = Operation(sign, node, self.chain(("+", "-"), lambda: self.chain(("*", "/"), self.signed)))
        self.depth -= 1
        return node

    def chain(self, signs: tuple[str, ...], part: Callable[[], Node]) -> Node:
        node = part()
        while self.next.kind == "sign" and self.next.text in signs:
            node = Operation(self.take().text, node, part())
        return node

    def signed(self) -> Node:
        if self.next.text != "-":
            return self.simple()
        self.take()
        self.depth += 1
        if self.depth > DEEPEST:
            raise ExpressionFault("too_deep", self.next.position, most=DEEPEST)
        node = Negative(self.signed())
        self.depth -= 1
        return node

    def simple(self) -> Node:
        token = self.take()
        if token.kind == "number":
            return self.number(token)
        if token.kind == "name":
            return self.call(token) if self.next.text == "(" else self.name(token)
        if token.text == "(":
            node = self.comparison()
            self.close(token)
            return node
        raise ExpressionFault("unexpected" if token.text else "unfinished", token.position, found=token.text)

    def number(self, token: _Token) -> Number:
        whole, point, rest = token.text.partition(".")
        if not whole or (point and not rest) or "." in rest or len(whole + rest) > MOST_DIGITS:
            raise ExpressionFault("number", token.position, found=token.text)
        value, text = Fraction(int(whole + rest), 10 ** len(rest)), token.text
        if self.next.text == "%":
            self.take()
            value, text = value / 100, text + "%"
        return Number(value, text)

    def name(self, token: _Token) -> Name:
        if self.known is not None and token.text not in self.known:
            raise ExpressionFault("unknown_name", token.position, found=token.text)
        return Name(token.text)

    def call(self, token: _Token) -> Call:
        if token.text not in FUNCTIONS:
            raise ExpressionFault("unknown_function", token.position, found=token.text, known=", ".join(FUNCTIONS))
        opening = self.take()
        arguments = [self.comparison()]
        while self.next.text == ",":
            self.take()
            arguments.append(self.comparison())
        self.close(opening)
        least, most = FUNCTIONS[token.text]
        if not least <= len(arguments) <= most:
            raise ExpressionFault("arguments", token.position, found=token.text, least=least, most=most)
        return Call(token.text, tuple(arguments))

    def close(self, opening: _Token) -> None:
        if self.next.text != ")":
            raise ExpressionFault("unclosed", opening.position)
        self.take()


# --- computing -------------------------------------------------------------------------------------------------------


def names_in(node: Node) -> tuple[str, ...]:
    """The quantities an expression stands on, each once, in the order of writing."""
    match node:
        case Name(name):
            return (name,)
        case Negative(inner):
            return names_in(inner)
        case Operation(_, left, right):
            return tuple(dict.fromkeys((*names_in(left), *names_in(right))))
        case Call(_, arguments):
            return tuple(dict.fromkeys(name for one in arguments for name in names_in(one)))
    return ()


def evaluate(node: Node, values: Mapping[str, Fraction]) -> Fraction:
    """Exact. A comparison is 1 or 0; `if` computes only the branch it takes. NoValue where something is divided by 0."""
    match node:
        case Number(value):
            return value
        case Name(name):
            return values[name]
        case Negative(inner):
            return -evaluate(inner, values)
        case Call(function, arguments):
            return _called(function, arguments, values)
        case Operation(sign, left, right):
            return _joined(sign, evaluate(left, values), evaluate(right, values))


def _called(function: str, arguments: tuple[Node, ...], values: Mapping[str, Fraction]) -> Fraction:
    if function == "if":
        return evaluate(arguments[1] if evaluate(arguments[0], values) else arguments[2], values)
    known = [evaluate(one, values) for one in arguments]
    if function == "floor":
        return Fraction(known[0].numerator // known[0].denominator)
    return min(known) if function == "min" else max(known)


def _joined(sign: str, left: Fraction, right: Fraction) -> Fraction:
    if sign == "/" and right == 0:
        raise NoValue
    joined: dict[str, Callable[[], Any]] = {
        "+": lambda: left + right,
        "-": lambda: left - right,
        "*": lambda: left * right,
        "/": lambda: left / right,
        "<": lambda: left < right,
        ">": lambda: left > right,
        "<=": lambda: left <= right,
        ">=": lambda: left >= right,
        "=": lambda: left == right,
    }
    return Fraction(joined[sign]())


# --- writing ---------------------------------------------------------------------------------------------------------

_STRENGTH = {"+": 2, "-": 2, "*": 3, "/": 3}
_PRINTED = {"*": "×", "/": "÷", "-": "−", "<=": "≤", ">=": "≥"}


def written(node: Node, put: Callable[[str], str] = str) -> str:
    """The expression as people write it; `put` gives what stands for a name: itself, or its value."""
    return _written(node, put)[0]


def _written(node: Node, put: Callable[[str], str]) -> tuple[str, int]:
    """(text, strength of its outermost sign)."""
    match node:
        case Number(_, text):
            return text, 9
        case Name(name):
            return put(name), 9
        case Negative(inner):
            return f"−{_wrapped(inner, 4, put)}", 4
        case Call(function, arguments):
            return f"{function}({', '.join(_written(one, put)[0] for one in arguments)})", 9
        case Operation(sign, left, right):
            strength = _STRENGTH.get(sign, 1)
            right_text = _wrapped(right, strength + (0 if sign in "+*" and _sign_of(right) == sign else 1), put)
            first = _wrapped(left, strength if strength > 1 else strength + 1, put)
            return f"{first} {_PRINTED.get(sign, sign)} {right_text}", strength


def _sign_of(node: Node) -> str:
    return node.sign if isinstance(node, Operation) else ""


def _wrapped(node: Node, least: int, put: Callable[[str], str]) -> str:
    text, strength = _written(node, put)
    return text if strength >= least else f"({text})"
