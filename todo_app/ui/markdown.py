"""Markdown as HTML that can harm nobody.

Two walls: the reader makes no HTML of HTML (it is text), and what it made is cleaned by a list of what may stay.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

# What a text without Markdown is made of: it can be shown as it is.
_PLAIN = {"paragraph_open", "paragraph_close", "inline", "text", "softbreak"}
# A table can be far longer than its text; then the text is shown.
_LONGEST_HTML = 200_000
_BOXES = {"[ ] ": "☐ ", "[x] ": "☑ ", "[X] ": "☑ "}

_CLEANER = nh3.Cleaner(
    tags={"a", "p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li", "h3"}
    | {"table", "thead", "tbody", "tr", "th", "td"},
    attributes={"a": {"href", "title"}, "ol": {"start"}},
    allowed_classes={"h3": {"h1", "h2", "h3", "h4", "h5", "h6"}, "li": {"task"}},
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
    link_rel="noopener noreferrer nofollow",
    set_tag_attribute_values={"a": {"target": "_blank"}},
)


@lru_cache(maxsize=64)
def to_html(text: str) -> str:
    """The notes of a task as safe HTML; "" for a text without any Markdown in it. A long text can take most of a second."""
    tokens = _READER.parse(text)
    if all(token.type in _PLAIN for token in _each(tokens)):
        return ""
    html = _READER.renderer.render(tokens, _READER.options, {})
    return _CLEANER.clean(html) if len(html) <= _LONGEST_HTML else ""


def _each(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _each(token.children or [])


def _reader() -> MarkdownIt:
    # A new line stays one, as in the field where it was typed.
    reader = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": True})
    reader.enable(["table", "strikethrough", "linkify"])
    # Only what begins with http:// or the like: `notes.md` and `todo.py` are files and no sites.
    reader.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})  # type: ignore[union-attr]
    reader.core.ruler.push("task_lists", _task_lists)
    reader.core.ruler.push("headings", _headings)
    reader.add_render_rule("image", _image)
    return reader


def _task_lists(state: StateCore) -> None:
    """`- [x] done` with a box for the eye; it is ticked where it is written."""
    for item, token in zip(state.tokens, state.tokens[2:], strict=False):
        first = token.children[0] if token.type == "inline" and token.children else None
        if item.type == "list_item_open" and first and first.content[:4] in _BOXES:
            first.content = _BOXES[first.content[:4]] + first.content[4:]
            item.attrSet("class", "task")


def _headings(state: StateCore) -> None:
    """All of one level, that below "Notes": the page's own outline stays whole whatever they wrote."""
    for token in state.tokens:
        if re.fullmatch(r"h[1-6]", token.tag):
            token.attrs, token.tag = {"class": token.tag}, "h3"


def _image(self: Any, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
    """A link instead of a picture: to load it would tell its site who reads this, and when."""
    token = tokens[index]
    link, end = Token("link_open", "a", 1, attrs={"href": token.attrGet("src") or ""}), Token("link_close", "a", -1)
    words = Token("text", "", 0, content=token.content or str(token.attrGet("src")))
    return str(self.renderInline([link, words, end], options, env))


_READER = _reader()
