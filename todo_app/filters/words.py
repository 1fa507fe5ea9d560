"""The text of a filter in pieces: operators, and the phrases of words between them."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from todo_app.filters.errors import BadFilter

MAX_LENGTH = 1_000

OPERATORS = "&|!(),"
OPERATOR_WORDS = {"and": "&", "or": "|", "not": "!"}
QUOTES = {'"': '"', "“": "”", "„": "“”"}

Kind = Literal["phrase", "&", "|", "!", "(", ")", ","]


@dataclass(frozen=True)
class Char:
    """A character of a word, and where it stands. A literal one was quoted or follows a backslash, and has no special meaning."""

    value: str
    at: int
    is_literal: bool = False


@dataclass(frozen=True)
class Word:
    """What stands between spaces or operators; the place includes the quotation marks, the characters don't."""

    chars: tuple[Char, ...]
    start: int
    end: int

    @property
    def text(self) -> str:
        """What it says."""
        return "".join(char.value for char in self.chars)

    @property
    def is_plain(self) -> bool:
        """Whether nothing of it was quoted or escaped, so that it can be a word of the language."""
        return bool(self.chars) and not any(char.is_literal for char in self.chars)

    @property
    def is_quoted(self) -> bool:
        """Whether it begins as a text to look for."""
        return not self.chars or self.chars[0].is_literal

    @property
    def sign(self) -> str:
        """The `@`, `#` or `/` that it begins with, or nothing."""
        return "" if self.is_quoted or self.chars[0].value not in "@#/" else self.chars[0].value

    @property
    def begins_clause(self) -> bool:
        """Whether it can only be the first word of a clause, or a name."""
        return self.is_quoted or bool(self.sign)

    def cut(self, begin: int, end: int) -> "tuple[Word, Word]":
        """What stands before the characters from `begin` to `end`, and what behind them."""
        before = Word(self.chars[:begin], self.start, self.chars[begin].at)
        behind = Word(self.chars[end:], self.chars[end - 1].at + 1, self.end)
        return before, behind


@dataclass(frozen=True)
class Token:
    """An operator, or a phrase with its words."""

    kind: Kind
    start: int
    end: int
    words: tuple[Word, ...] = ()


def scan(text: str) -> list[Token]:
    """The pieces of a text; raises BadFilter if it is too long, has characters that no text has, or an open quotation."""
    _check(text)
    tokens: list[Token] = []
    for is_operator, group in groupby(_pieces(text), lambda piece: isinstance(piece, Token)):
        pieces = list(group)
        if is_operator:
            tokens.extend(piece for piece in pieces if isinstance(piece, Token))
        else:
            words = tuple(piece for piece in pieces if isinstance(piece, Word))
            tokens.append(Token("phrase", words[0].start, words[-1].end, words))
    return tokens


def _check(text: str) -> None:
    if len(text) > MAX_LENGTH:
        raise BadFilter(f"A filter has at most {MAX_LENGTH:,} characters.", MAX_LENGTH, len(text))
    for at, char in enumerate(text):
        if unicodedata.category(char) in ("Cc", "Cs") and char not in "\t\n\r":
            raise BadFilter("There is a character here that can't be shown. Take it out.", at, at + 1)


def _pieces(text: str) -> Iterator[Token | Word]:
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        piece = _operator(text[at], at, at + 1) or _word(text, at)
        if isinstance(piece, Word) and piece.is_plain:
            piece = _operator(OPERATOR_WORDS.get(piece.text.casefold()), piece.start, piece.end) or piece
        yield piece
        at = piece.end


def _operator(kind: str | None, start: int, end: int) -> Token | None:
    found = next((each for each in ("&", "|", "!", "(", ")", ",") if each == kind), None)
    return Token(found, start, end) if found else None


def _word(text: str, start: int) -> Word:
    chars: list[Char] = []
    at = start
    while at < len(text) and not text[at].isspace() and text[at] not in OPERATORS:
        if text[at] in QUOTES:
            inner, at = _quotation(text, at)
            chars.extend(inner)
        else:
            char, at = _char(text, at)
            chars.append(char)
    return Word(tuple(chars), start, at)


def _quotation(text: str, start: int) -> tuple[Sequence[Char], int]:
    """What a quotation has in it, and where it ends."""
    chars: list[Char] = []
    at = start + 1
    while at < len(text) and text[at] not in QUOTES[text[start]]:
        char, at = _char(text, at)
        chars.append(Char(char.value, char.at, is_literal=True))
    if at >= len(text):
        raise BadFilter("This quotation mark is never closed.", start, start + 1)
    return chars, at + 1


def _char(text: str, at: int) -> tuple[Char, int]:
    if text[at] != "\\":
        return Char(text[at], at), at + 1
    if at + 1 == len(text):
        raise BadFilter("A backslash keeps the next character as it is, and here is none. Write two for one.", at, at + 1, "\\\\")
    return Char(text[at + 1], at, is_literal=True), at + 2
