"""One line of text makes a whole task. Pure: no database, no clock, no pages; a language is a table.

`parse` reads a line, `parse_lines` several, `render` writes one. docs/quick-add.md says what can be typed.
"""

from todo_app.quick_add.parsed import Kind, ParsedLine, ParsedTask, Preferences, Span
from todo_app.quick_add.parser import parse, parse_lines
from todo_app.quick_add.render import render

__all__ = ["Kind", "ParsedLine", "ParsedTask", "Preferences", "Span", "parse", "parse_lines", "render"]
