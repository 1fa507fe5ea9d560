"""Operators: what of a filter belongs together."""

from collections.abc import Callable

from todo_app.filters.clauses import ClauseReader
from todo_app.filters.context import Context
from todo_app.filters.errors import BadFilter, quoted
from todo_app.filters.tree import And, Filter, Not, Or, placed
from todo_app.filters.words import Token, scan

MAX_NESTING = 50
MAX_CLAUSES = 100


def parse_filter(text: str, context: Context) -> Filter:
    """The tree that a text means on a person's day; raises BadFilter for any text that means none."""
    tokens = scan(text)
    if not tokens:
        raise BadFilter("Say which tasks, like `today`, `@work` or `p1`.", 0, len(text))
    return _Parser(text, tokens, ClauseReader(text, context)).parse()


class _Parser:
    """Reads the tokens of one text from left to right: `!` binds more than `&`, and `&` more than `|`."""

    def __init__(self, text: str, tokens: list[Token], reader: ClauseReader) -> None:
        self._text = text
        self._tokens = tokens
        self._reader = reader
        self._at = 0
        self._depth = 0
        self._clauses = 0

    def parse(self) -> Filter:
        tree = self._either()
        if (token := self._next()) is not None:
            raise self._unexpected(token)
        return tree

    def _next(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _take(self, kind: str) -> bool:
        token = self._next()
        is_it = token is not None and token.kind == kind
        self._at += is_it
        return is_it

    def _either(self) -> Filter:
        return self._joined("|", self._both, Or)

    def _both(self) -> Filter:
        return self._joined("&", self._single, And)

    def _joined(self, kind: str, read: Callable[[], Filter], node: type[And] | type[Or]) -> Filter:
        first = self._at
        parts = [read()]
        while self._take(kind):
            parts.append(read())
        if len(parts) == 1:
            return parts[0]
        flat = [inner for part in parts for inner in (part.parts if isinstance(part, node) else (part,))]
        return self._placed(node(tuple(flat)), first)

    def _single(self) -> Filter:
        token = self._next()
        if token is None or token.kind in ("&", "|", ")", ","):
            raise self._missing(token)
        first = self._at
        self._at += 1
        if token.kind == "phrase":
            return self._clause(token)
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise BadFilter(f"At most {MAX_NESTING} parentheses and `!` can be inside each other.", token.start, token.end)
        node = self._group(token) if token.kind == "(" else self._placed(Not(self._single()), first)
        self._depth -= 1
        return node

    def _clause(self, token: Token) -> Filter:
        self._clauses += 1
        if self._clauses > MAX_CLAUSES:
            raise BadFilter(f"A filter has at most {MAX_CLAUSES} conditions.", token.start, token.end)
        return self._reader.read(token.words)

    def _group(self, opening: Token) -> Filter:
        node = self._either()
        if self._take(")"):
            return node
        if (token := self._next()) is not None:
            raise self._unexpected(token)
        raise BadFilter("This parenthesis is never closed.", opening.start, opening.end)

    def _placed(self, node: Filter, first: int) -> Filter:
        """The node with its place: from a token to the last one read."""
        start, end = self._tokens[first].start, self._tokens[self._at - 1].end
        return placed(node, self._text, start, end)

    def _written(self, token: Token) -> str:
        return self._text[token.start : token.end]

    def _missing(self, token: Token | None) -> BadFilter:
        """A condition should be here."""
        if token is not None and (token.kind == "," or (token.kind == ")" and self._at == 0)):
            return self._unexpected(token)
        if token is not None and self._at == 0:
            return BadFilter(f"Say a condition before {quoted(self._written(token))}.", token.start, token.end)
        before = self._tokens[self._at - 1]
        if before.kind == "(" and token is not None and token.kind == ")":
            return BadFilter("There is nothing between these parentheses.", before.start, token.end)
        return BadFilter(f"Say a condition after {quoted(self._written(before))}.", before.start, before.end)

    def _unexpected(self, token: Token) -> BadFilter:
        """A condition has ended, and no operator follows."""
        if token.kind == ",":
            return BadFilter("A comma joins nothing here: write `|` for either and `&` for both.", token.start, token.end, "|")
        if token.kind == ")":
            return BadFilter("There is no open parenthesis for this one.", token.start, token.end)
        if token.kind == "!" and self._tokens[self._at - 1].end == token.start:
            message = "Write `\\!` if it is a part of the word, else `&` or `|` before it."
            return BadFilter(message, token.start, token.end, "\\!")
        first = token.words[0] if token.words else token
        said = self._text[first.start : first.end]
        message = f"Put `&` or `|` before {quoted(said)}: two conditions need one between them."
        return BadFilter(message, first.start, first.end, f"& {said}")
