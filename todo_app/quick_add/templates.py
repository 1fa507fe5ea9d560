"""The templates of a language, compiled to a tree that is walked along the tokens."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from todo_app.quick_add.tokens import Token

_GROUP = re.compile(r"\[([^\[\]()]*)\]|\(([^\[\]()]*)\)|~|\{!\}")
_ELEMENT = re.compile(r"(\s?)(\{\w+\}|[^\W\d_]+|\d+|\S)")


class Phrase(NamedTuple):
    """Something understood: the tokens from `start` to `end`, what they mean, and what stood in the slots."""

    kind: str
    meaning: str
    start: int
    end: int
    values: Mapping[str, Any]


# Slots that ask something about the place and take no token.
PLACES = frozenset({"end", "start"})
# Slots that hold the same as another in another form.
SAME = {"bare_daypart": "daypart", "yy": "year", "mm": "month", "first_mondays": "weekday", "last_mondays": "last_weekday"}

# Reads a slot: all that can stand in it from this token on, and the token after each.
ReadSlot = Callable[[str, int], Iterable[tuple[Any, int]]]


def expand(template: str) -> Iterator[str]:
    """All plain forms of a template: without what is optional first."""
    group = _GROUP.search(template)
    if group is None:
        yield " ".join(template.split())
        return
    choices: Sequence[str] = (group[2] or "").split("|")
    if group[0] == "~":
        choices = ("", " ")
    elif group[0] == "{!}":
        choices = ("", "!")
    elif group[1] is not None:
        choices = ("", *group[1].split("|"))
    for choice in choices:
        yield from expand(template[: group.start()] + choice + template[group.end() :])


class Node:
    """What may come next, and what the phrase means if it ends here."""

    __slots__ = ("meaning", "slots", "words")

    def __init__(self) -> None:
        self.meaning: str | None = None
        self.words: dict[tuple[str, bool], Node] = {}
        self.slots: dict[tuple[str, bool], Node] = {}

    def add(self, form: str, meaning: str) -> None:
        """Adds one plain form."""
        node = self
        for space, element in _ELEMENT.findall(form.lower()):
            children = node.slots if element[0] == "{" and len(element) > 1 else node.words
            spaced = bool(space) or node is self
            node = children.setdefault((element.strip("{}") if children is node.slots else element, spaced), Node())
        if node.meaning is None:
            node.meaning = meaning


def compile_templates(templates: Mapping[str, Iterable[str]], before: str = "") -> Node:
    """The tree of a table of templates; `before` is a template of what may stand before each."""
    root = Node()
    for meaning, each in templates.items():
        for template in each:
            for form in expand(before + template):
                root.add(form, meaning)
    return root


def walk(node: Node, tokens: Sequence[Token], start: int, read: ReadSlot) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Every (meaning, end, values) that begins at token `start`, a space before it or not: words of templates before slots."""
    stack: list[tuple[Node, int, dict[str, Any]]] = [(node, start, {})]
    while stack:
        here, position, values = stack.pop()
        if here.meaning is not None:
            yield here.meaning, position, values
        token = tokens[position] if position < len(tokens) else None
        spaced = here is node or (token is not None and token.spaced)
        for (slot, slot_spaced), child in here.slots.items():
            if slot in PLACES:
                stack += [(child, end, values) for _true, end in read(slot, position)]
            elif slot_spaced == spaced:
                stack += [(child, end, {**values, SAME.get(slot, slot): value}) for value, end in read(slot, position)]
        if token is not None and token.kind != "kept" and (following := here.words.get((token.text, spaced))):
            stack.append((following, position + 1, values))
