"""Projects, labels and priorities: the parts that are the same in every language."""

from collections.abc import Sequence

from todo_app.quick_add.templates import Phrase
from todo_app.quick_add.tokens import CLOSING, QUOTES, Token

_SIGNS = {"#": "project", "@": "label"}


def read_sign(text: str, tokens: Sequence[Token], i: int) -> Phrase | None:
    """`#project`, `@label`, or `p1` to `p4`, if one begins at token `i`."""
    if tokens[i].text in _SIGNS and tokens[i].kind == "mark":
        return _name(text, tokens, i)
    if tokens[i].text == "p" and i + 1 < len(tokens) and not tokens[i + 1].spaced and tokens[i + 1].text in ("1", "2", "3", "4"):
        return Phrase("priority", "priority", i, i + 2, {"priority": int(tokens[i + 1].text)})
    return None


def _name(text: str, tokens: Sequence[Token], i: int) -> Phrase | None:
    end = i + 1
    if end < len(tokens) and tokens[end].kind == "kept" and not tokens[end].spaced:
        return _quoted_name(text, tokens, i)
    while end < len(tokens) and not tokens[end].spaced and tokens[end].kind != "kept":
        end += 1
    while end > i + 1 and tokens[end - 1].text in CLOSING:
        end -= 1
    name = text[tokens[i].end : tokens[end - 1].end]
    # Numbers alone are those of tickets: fix #42.
    is_name = any(token.kind == "word" for token in tokens[i + 1 : end]) and not any(quote in name for quote in QUOTE_MARKS)
    return Phrase(_SIGNS[tokens[i].text], "name", i, end, {"name": name}) if is_name else None


def _quoted_name(text: str, tokens: Sequence[Token], i: int) -> Phrase | None:
    quoted = text[tokens[i + 1].start : tokens[i + 1].end]
    name = " ".join(quoted[1:-1].split())
    is_quotation = quoted[0] in QUOTES and quoted[-1] in QUOTES[quoted[0]] and len(quoted) > 2
    if not (is_quotation and name) or quoted[-1] in name:
        return None
    return Phrase(_SIGNS[tokens[i].text], "name", i, i + 2, {"name": name})


QUOTE_MARKS = frozenset(QUOTES) | frozenset("".join(QUOTES.values()))


def write_name(sign: str, name: str) -> str:
    """A name so that it is read as it is: in quotation marks if it is more than a word; raises ValueError if none can hold it."""
    if name.isidentifier() and name[0].isalpha():
        return sign + name
    for opening, closings in QUOTES.items():
        if closings[0] not in name and not (set(closings) & set(name)):
            return f"{sign}{opening}{name}{closings[0]}"
    raise ValueError("This name has every kind of quotation mark in it.")
