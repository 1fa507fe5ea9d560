"""Notes in Markdown: what is shown, and that nothing in them can do any harm."""

import re
from html.parser import HTMLParser

import pytest

from todo_app.ui.markdown import to_html

LINK = 'target="_blank" rel="noopener noreferrer nofollow"'
BARE = ["p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote", "ul"]
BARE += ["table", "thead", "tbody", "tr", "th", "td"]
ATTRIBUTES = {"a": {"href", "title", "target", "rel"}, "ol": {"start"}, "h3": {"class"}, "li": {"class"}}
ATTRIBUTES |= {tag: set() for tag in BARE}


class Reader(HTMLParser):
    """The elements and attributes that a browser would make of a text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**bold** and ~~gone~~", "<p><strong>bold</strong> and <s>gone</s></p>"),
        ("*a*\nb", "<p><em>a</em><br>\nb</p>"),
        ("- [ ] milk\n- [x] eggs", '<ul>\n<li class="task">☐ milk</li>\n<li class="task">☑ eggs</li>\n</ul>'),
        ("# Plan", '<h3 class="h1">Plan</h3>'),
        ("3. three", '<ol start="3">\n<li>three</li>\n</ol>'),
        ("see https://example.com.", f'<p>see <a href="https://example.com" {LINK}>https://example.com</a>.</p>'),
        ("[us](mailto:a@b.c)", f'<p><a href="mailto:a@b.c" {LINK}>us</a></p>'),
        ("![cat](https://e.com/c.png)", f'<p><a href="https://e.com/c.png" {LINK}>cat</a></p>'),
        ("![](https://e.com/c.png)", f'<p><a href="https://e.com/c.png" {LINK}>https://e.com/c.png</a></p>'),
        ("[settings](/settings)", f"<p><a {LINK}>settings</a></p>"),
        ("`<b>`", "<p><code>&lt;b&gt;</code></p>"),
    ],
)
def test_what_is_written_is_shown(text: str, html: str) -> None:
    assert to_html(text).strip() == html


def test_a_table_is_a_table() -> None:
    assert re.sub(r"\s", "", to_html("| a | b |\n|---|---|\n| 1 | 2 |")) == (
        "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>"
    )


@pytest.mark.parametrize(
    "text", ["", "plain words", "two\nlines\n\nand more", "notes.md, 2 * 3, a@b.c", "<b>bold</b>", "[ ] no list"]
)
def test_plain_words_need_no_html(text: str) -> None:
    assert to_html(text) == ""


def test_what_would_become_endless_is_left_as_it_is() -> None:
    assert to_html("|" + "a|" * 900 + "\n|" + "-|" * 900 + "\n" + "x\n" * 1000) == ""


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    '<a href="javascript:alert(1)">x</a>',
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&colon;alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](\u0001javascript:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](vbscript:x)",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](//evil.example/)",
    "[x](file:///etc/passwd)",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    "![x](https://evil.example/pixel.png)",
    '[x](<https://a" onmouseover=alert(1) x=">)',
    '[x](https://a "t\\" onmouseover=alert(1) x=\\"")',
    "```html\n</code></pre><script>alert(1)</script>\n```",
    "# <img src=x onerror=alert(1)>",
    "| <script>alert(1)</script> |\n|---|\n| <img src=x onerror=alert(1)> |",
    "[x]: javascript:alert(1)\n\n[x] [x][] ![x]",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<style>*{display:none}</style><form action=//evil><input name=p>",
    "https://e.com/<script>alert(1)</script>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_markdown_is_inert(text: str) -> None:
    reader = Reader()
    reader.feed(to_html(f"**x**\n\n{text}\n\n> - {text}"))
    assert ("strong", {}) in reader.found
    for tag, attributes in reader.found:
        assert set(attributes) <= ATTRIBUTES[tag], (tag, attributes)
        assert re.match(r"https?:|mailto:", attributes.get("href") or "https:"), attributes
        if tag == "a":
            assert (attributes["target"], attributes["rel"]) == ("_blank", "noopener noreferrer nofollow")
