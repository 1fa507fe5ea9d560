"""Reads one text from left to right: which of its tokens make phrases."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from todo_app.quick_add.dates import Now, read_date
from todo_app.quick_add.parts import read_sign
from todo_app.quick_add.recurrences import has_sense, read_recurrence
from todo_app.quick_add.slots import Slots
from todo_app.quick_add.templates import Phrase, walk
from todo_app.quick_add.times import read_time
from todo_app.quick_add.tokens import CLOSING, Token
from todo_app.quick_add.vocabulary import Vocabulary

# The first of two that are as long: am Morgen is a time, morgen a day.
_KINDS = ("recurrence", "time", "date", "words")
# In tokens, so that looking back takes no longer for a longer text.
_SHORT = 4


class Part(NamedTuple):
    """A phrase in its place, and the phrase it says more about (itself, if it stands alone)."""

    phrase: Phrase
    head: Phrase


class _Chain(NamedTuple):
    """What was understood directly before: only beside a recurrence is `until friday` its end, beside a date `morning` its time."""

    last: Phrase | None = None
    recurrence: Phrase | None = None

    def followed_by(self, phrase: Phrase) -> "_Chain":
        if phrase.kind == "words":
            return _Chain()
        return _Chain(
            last=phrase if phrase.kind in ("date", "recurrence") else None,
            recurrence=phrase if phrase.kind == "recurrence" else self.recurrence,
        )


class Reader:
    """The phrases of one text."""

    def __init__(self, text: str, tokens: Sequence[Token], vocabulary: Vocabulary, now: Now) -> None:
        self._text = text
        self._tokens = tokens
        self._vocabulary = vocabulary
        self._slots = Slots(tokens, vocabulary)
        self._checks: Mapping[str, Callable[[Phrase], Any]] = {
            "date": lambda phrase: read_date(phrase, now),
            "time": read_time,
            "recurrence": read_recurrence,
            "tail": has_sense,
        }
        self._heads: list[Phrase | None] = [None] * len(tokens)
        self._tails: list[Phrase | None] = [None] * len(tokens)
        # From the end, since some phrases ask what follows them.
        for i in range(len(tokens) - 1, -1, -1):
            if tokens[i].spaced and tokens[i].kind != "kept":
                self._heads[i] = None if tokens[i].is_second_half else self._longest(i, _KINDS) or self._sign(i)
                self._tails[i] = self._longest(i, ("tail",))

    def parts(self, title: range = range(0)) -> tuple[list[Part], list[int]]:
        """What is understood, and where in the text a backslash keeps a word a word.

        With `title`, a range of the text, those places are where a backslash is still needed for all of it to stay title.
        """
        parts: list[Part] = []
        escapes: list[int] = []
        chain = _Chain()
        i = 0
        while i < len(self._tokens):
            token = self._tokens[i]
            part = self._part_at(i, chain)
            if part is None:
                chain = chain if token.text == "," and not token.spaced else _Chain()
                i += 1
            elif self._must_escape(part.phrase, title) if token.start in title else token.escape is not None:
                escapes.append(token.start if token.escape is None else token.escape)
                chain = _Chain()
                i += 1
            elif any(inner.escape is not None for inner in self._tokens[i + 1 : part.phrase.end]):
                chain = _Chain()
                i += 1
            else:
                parts.append(part)
                chain = chain.followed_by(part.phrase)
                i = part.phrase.end
        return parts, escapes

    def _must_escape(self, phrase: Phrase, title: range) -> bool:
        """Whether a phrase that begins in the title would be taken out of it, or its backslash would."""
        reaches_beyond = self._tokens[phrase.end - 1].end > title.stop
        return phrase.kind != "words" or reaches_beyond or self._tokens[phrase.start].escape is not None

    def _part_at(self, i: int, chain: "_Chain") -> Part | None:
        head, tail = self._heads[i], self._tails[i]
        if tail and (said_before := chain.last if tail.meaning == "daypart" else chain.recurrence):
            return Part(tail, said_before)
        return Part(head, head) if head else None

    def _sign(self, i: int) -> Phrase | None:
        phrase = read_sign(self._text, self._tokens, i)
        return phrase if phrase and self._ends_before(phrase.end) else None

    def _longest(self, i: int, kinds: Sequence[str]) -> Phrase | None:
        """The longest phrase at token `i` that means something and ends where one may end; what is none goes before its like."""
        found = [phrase for kind in kinds for phrase in self._phrases(kind, i) if self._ends_before(phrase.end)]
        found = [phrase for phrase in found if not self._is_too_short(phrase)]
        longest = max(found, key=lambda phrase: (phrase.end, phrase.kind == "words")) if found else None
        if longest and longest.kind == "date" and not self._has_sense(longest):
            return longest._replace(kind="words")  # of a date that doesn't exist no part is one: feb 29 2027
        return longest

    def _phrases(self, kind: str, i: int) -> Iterator[Phrase]:
        """What is said at token `i`; only dates without sense are among it."""
        for meaning, end, values in walk(self._vocabulary.trees[kind], self._tokens, i, self._read):
            phrase = Phrase(kind, meaning, i, end, values)
            if kind == "date" or self._has_sense(phrase):
                yield phrase

    def _has_sense(self, phrase: Phrase) -> bool:
        return phrase.kind not in self._checks or self._checks[phrase.kind](phrase) is not None

    def _read(self, slot: str, i: int) -> Any:
        if slot == "end":
            return [(None, i)] if self._no_noun_follows(i) else []
        if slot == "start":
            return [(None, i)] if self._is_beginning(i) else []
        if slot in ("date", "time"):
            return [(phrase, phrase.end) for phrase in self._phrases(slot, i) if self._has_sense(phrase)]
        return self._slots.read(slot, i)

    def _is_beginning(self, i: int) -> bool:
        """Whether nothing is before token `i`, or a short date or recurrence alone: tomorrow at 5 call Bob."""
        said = (phrase for kind in ("date", "recurrence") for phrase in self._phrases(kind, 0))
        return i == 0 or (i <= _SHORT and any(phrase.end == i for phrase in said))

    def _ends_before(self, i: int) -> bool:
        """Whether a phrase may end before token `i`: before a space, the end, or marks with one of these behind them."""
        while i < len(self._tokens) and not self._tokens[i].spaced and self._tokens[i].text in CLOSING:
            i += 1
        return i == len(self._tokens) or self._tokens[i].spaced

    def _no_noun_follows(self, i: int) -> bool:
        if i == len(self._tokens) or not self._tokens[i].spaced:
            return self._ends_before(i)
        is_known = self._heads[i] is not None or self._tails[i] is not None
        return is_known or self._tokens[i].text in self._vocabulary.language.connectives or self._tokens[i].kind == "mark"

    def _is_too_short(self, phrase: Phrase) -> bool:
        """Whether it is a single word, perhaps shortened with a point, that is more likely just a word here."""
        language, token = self._vocabulary.language, self._tokens[phrase.start]
        if token.is_second_half or any(inner.text != "." for inner in self._tokens[phrase.start + 1 : phrase.end]):
            return False
        if token.text in (language.only_lower if token.is_capital else language.only_capital):
            return True
        return token.text in language.timid and not self._no_noun_follows(self._after_point(phrase.end))

    def _after_point(self, i: int) -> int:
        is_point = i < len(self._tokens) and self._tokens[i].text == "." and not self._tokens[i].spaced
        return i + 1 if is_point else i
