"""What one phrase between operators means."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NoReturn

from todo_app.filters.context import Context
from todo_app.filters.days import WORDS as DAY_WORDS
from todo_app.filters.days import Days, has_no_direction, read_days
from todo_app.filters.errors import BadFilter, quoted
from todo_app.filters.fields import FIELD_SIGNS, Split, split_field
from todo_app.filters.tree import (
    Clause,
    DateClause,
    DateField,
    Filter,
    LabelClause,
    Not,
    Pattern,
    ProjectClause,
    SectionClause,
    TextClause,
    placed,
)
from todo_app.filters.vocabulary import (
    COMPARISONS,
    DATE_FIELDS,
    EXAMPLES,
    KEYWORDS,
    PAST,
    SIGNS,
    VALUES,
    nearest,
    nearest_word,
)
from todo_app.filters.words import Word

_NAME_CLAUSES: Mapping[str, Callable[[Pattern], Clause]] = {
    "@": LabelClause,
    "#": ProjectClause,
    "##": lambda name: ProjectClause(name, with_subprojects=True),
    "/": SectionClause,
}
_LONGEST_KEYWORD = 4


class ClauseReader:
    """Reads the phrases of one text."""

    def __init__(self, text: str, context: Context) -> None:
        self._text = text
        self._context = context
        # For guesses at what is wrong, of which there may be many.
        self._own_words = replace(context, read_day=None)

    def read(self, words: Sequence[Word]) -> Filter:
        """The clause (or the opposite of one) that a phrase means; raises BadFilter if it means none, or more than one."""
        node = self._read(words)
        start, end = words[0].start, words[-1].end
        if isinstance(node, Not):
            node = replace(node, part=placed(node.part, self._text, start, end))
        return placed(node, self._text, start, end)

    def _read(self, words: Sequence[Word]) -> Filter:
        if words[0].is_quoted:
            self._refuse_second(words, 1)
            return self._text_clause(words)
        if words[0].sign:
            return self._signed(words)
        split = split_field(words)
        return self._field(split) if split else self._bare(words)

    # Names and texts

    def _signed(self, words: Sequence[Word]) -> Filter:
        first = words[0]
        sign = "##" if [char.value for char in first.chars[:2] if not char.is_literal] == ["#", "#"] else first.sign
        name = Word(first.chars[len(sign) :], first.start + len(sign), first.end)
        pattern = _pattern(name, first.start, f"Say a name after `{sign}`, like {quoted(sign + 'Home')}.")
        self._refuse_second_word(words, sign)
        return _NAME_CLAUSES[sign](pattern)

    def _named(self, field: str, split: Split) -> Filter:
        needs = f"Say a name after `{field}:`, like {quoted(EXAMPLES[field])}."
        if not split.value:
            raise BadFilter(needs, split.head[0].start, split.sign_end)
        first = split.value[0]
        if first.sign:
            raise BadFilter(
                f"Leave out the `{first.sign}` after `{field}:`, or put the name in quotation marks.",
                first.start,
                first.start + 1,
                "",
            )
        pattern = _pattern(first, first.start, needs)
        self._refuse_second_word(split.value, "")
        return _NAME_CLAUSES[SIGNS[field]](pattern)

    def _text_clause(self, words: Sequence[Word]) -> TextClause:
        texts = tuple(text for text in (" ".join(word.text.split()) for word in words) if text)
        if not texts:
            raise BadFilter("Say what to look for between the quotation marks.", words[0].start, words[-1].end)
        return TextClause(texts)

    # Fields

    def _field(self, split: Split) -> Filter:
        name, *more = [word.text.casefold() for word in split.head] or [""]
        if name in DATE_FIELDS and (not more or (len(more) == 1 and more[0] in COMPARISONS)):
            return self._date(DATE_FIELDS[name], split, more)
        if name not in EXAMPLES or more:
            self._refuse_field(split)
        if split.sign != ":":
            raise BadFilter(f"After `{name}` goes a colon: {quoted(EXAMPLES[name])}.", split.sign_start, split.sign_end, ":")
        if name == "search":
            if not split.value:
                raise BadFilter("Say what to look for after `search:`.", split.head[0].start, split.sign_end)
            return self._text_clause(split.value)
        return self._named(name, split) if name in SIGNS else self._listed(name, split)

    def _refuse_field(self, split: Split) -> NoReturn:
        words = list(split.head)
        if not words:
            raise BadFilter("Say a field before the sign, like `due: today`.", split.sign_start, split.sign_end)
        known = self._known_prefix(words)
        self._refuse_second([*words, *split.value], known)
        if self._next_clause(words) < len(words):
            raise self._unknown(words)
        start, end = words[0].start, words[-1].end
        guess = nearest(self._text[start:end], EXAMPLES)
        hint = f"Did you mean `{guess}`?" if guess else "Put it in quotation marks to look for it as a text."
        raise BadFilter(f"Filters have no field {quoted(self._text[start:end])}. {hint}", start, end, guess)

    def _listed(self, name: str, split: Split) -> Filter:
        """The value of a field that has a few."""
        choices = VALUES[name]
        said = self._one_phrase(split, f"Say one of {', '.join(choices)}.")
        if said.casefold() in choices:
            return choices[said.casefold()]
        self._refuse_second(split.value, 1 if split.value[0].text.casefold() in choices else 0)
        guess = nearest(said, choices)
        start, end = split.value[0].start, split.value[-1].end
        raise BadFilter(f"`{name}` can't be {quoted(said)}. Say one of {', '.join(choices)}.", start, end, guess)

    def _date(self, field: DateField, split: Split, more: Sequence[str]) -> Filter:
        if more and split.sign != ":":
            raise BadFilter(f"Write a colon after `{more[0]}`, or only the sign.", split.sign_start, split.sign_end, ":")
        sign: str = COMPARISONS[more[0]] if more else split.sign
        said = self._one_phrase(split, f"Say a day, like {quoted(field + ': today')}.")
        if has_no_direction(_plain(split.value)) and (sign != ":" or field in PAST):
            ways = "`last …` or `next …`" if sign == ":" else f"`-{said}` for that long ago, or `+{said}` for that far ahead"
            guess = f"last {said}" if sign == ":" else f"-{said}" if field in PAST else f"+{said}"
            raise BadFilter(f"Say from when: {ways}.", split.value[0].start, split.value[-1].end, guess)
        days = self._days(split.value, is_past=field in PAST)
        if days is None:
            self._refuse_second(split.value, self._known_prefix(split.value, is_past=field in PAST))
            self._refuse_day(split.value, said)
        return _date_clause(field, sign, days)

    def _one_phrase(self, split: Split, needs: str) -> str:
        """The value of a field in one text; a name or a quotation would be another clause."""
        if not split.value:
            raise BadFilter(needs, split.head[0].start, split.sign_end)
        self._refuse_second(
            split.value, next((i for i, word in enumerate(split.value) if i and word.begins_clause), len(split.value))
        )
        return " ".join(self._text[word.start : word.end] for word in split.value)

    # Words and days

    def _bare(self, words: Sequence[Word]) -> Filter:
        self._refuse_second(words, next((i for i, word in enumerate(words) if word.begins_clause), len(words)))
        said = _plain(words)
        if said in KEYWORDS:
            return KEYWORDS[said]
        if days := self._days(words):
            return _date_clause("due", ":", days)
        self._refuse_second(words, self._known_prefix(words))
        if said in EXAMPLES:
            raise BadFilter(f"Say more, like {quoted(EXAMPLES[said])}.", words[0].start, words[-1].end)
        raise self._unknown(words)

    def _days(self, words: Sequence[Word], *, is_past: bool = False) -> Days | None:
        try:
            days = read_days(_plain(words), self._context, is_past=is_past)
        except OverflowError:
            raise BadFilter("That is too far away for a calendar.", words[0].start, words[-1].end) from None
        if days and days.first >= days.after:
            raise BadFilter("The first of these days is after the last.", words[0].start, words[-1].end)
        return days

    def _known_prefix(self, words: Sequence[Word], *, is_past: bool = False) -> int:
        """How many of the first words are a condition by themselves; 0 if none are, or all."""
        for n in range(min(len(words) - 1, _LONGEST_KEYWORD), 0, -1):
            if _plain(words[:n]) in KEYWORDS or self._days(words[:n], is_past=is_past):
                return n
        return 0

    # What is wrong

    def _refuse_second(self, words: Sequence[Word], first: int) -> None:
        """Raises BadFilter if a second clause begins at one of the words, 0 and the number of words being none."""
        if 0 < first < len(words):
            second = words[first]
            said = self._text[second.start : second.end]
            message = f"Put `&` or `|` before {quoted(said)}: two conditions need one between them."
            raise BadFilter(message, second.start, second.end, f"& {said}")

    def _refuse_second_word(self, words: Sequence[Word], sign: str) -> None:
        """Raises BadFilter if more words follow a name: it has several words, or another clause begins."""
        if len(words) == 1:
            return
        second = self._next_clause(words)
        if second == 1:
            self._refuse_second(words, second)
        start, end = words[0].start + len(sign), words[second - 1].end
        guess = '"' + self._text[start:end].replace('"', "") + '"'
        message = "Put a name of several words in quotation marks, or `&` or `|` between two conditions."
        raise BadFilter(message, start, end, guess)

    def _next_clause(self, words: Sequence[Word]) -> int:
        """Which of the words behind the first is the beginning of another clause; their number if none is."""
        return next((i for i in range(1, len(words)) if words[i].begins_clause or self._is_clause(words[i:])), len(words))

    def _is_clause(self, words: Sequence[Word]) -> bool:
        """Whether a clause begins with the first of the words."""
        names = {words[0].text.casefold().partition(sign)[0] for sign in FIELD_SIGNS}
        phrases = [_plain(words[:n]) for n in range(1, min(len(words), _LONGEST_KEYWORD) + 1)]
        return bool(names & EXAMPLES.keys()) or any(phrase in KEYWORDS or self._reads(phrase) for phrase in phrases)

    def _reads(self, phrase: str) -> bool:
        try:
            return read_days(phrase, self._own_words) is not None
        except OverflowError:
            return True

    def _unknown(self, words: Sequence[Word]) -> BadFilter:
        words = words[: self._next_clause(words)]
        start, end = words[0].start, words[-1].end
        said = self._text[start:end]
        if guess := nearest_word(said):
            return BadFilter(f"Filters don't know {quoted(said)}. Did you mean `{guess}`?", start, end, guess)
        message = f"Filters don't know {quoted(said)}. Put it in quotation marks to look for it as a text."
        return BadFilter(message, start, end, '"' + said.replace("\\", "\\\\").replace('"', '\\"') + '"')

    def _refuse_day(self, words: Sequence[Word], said: str) -> NoReturn:
        guess = nearest(said, DAY_WORDS)
        hint = f"Did you mean `{guess}`?" if guess else "Write it like 2026-03-31, friday or +3d."
        raise BadFilter(f"{quoted(said)} is no day. {hint}", words[0].start, words[-1].end, guess)


def _pattern(name: Word, start: int, needs: str) -> Pattern:
    """The name; spaces count once, and not at its ends."""
    parts = [""]
    for char in name.chars:
        if char.value == "*" and not char.is_literal:
            parts.append("")
        elif char.value.isspace():
            parts[-1] = parts[-1].rstrip() + " "
        else:
            parts[-1] += char.value
    parts = [parts[0].lstrip(), *(part for part in parts[1:-1] if part), *parts[1:][-1:]]
    parts[-1] = parts[-1].rstrip()
    if parts == [""]:
        raise BadFilter(needs, start, name.end)
    return Pattern(tuple(parts))


def _plain(words: Sequence[Word]) -> str:
    """A phrase as the tables have it, empty if a part of it was quoted."""
    return " ".join(word.text.casefold() for word in words) if all(word.is_plain for word in words) else ""


def _date_clause(field: DateField, sign: str, days: Days) -> DateClause:
    since: dt.date | None = {":": days.first, ">": days.after, ">=": days.first}.get(sign)
    before: dt.date | None = {":": days.after, "<": days.first, "<=": days.after}.get(sign)
    return DateClause(field, since, before)
