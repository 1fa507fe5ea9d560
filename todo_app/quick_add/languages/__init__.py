"""The languages there are. A new one is a table like these two, and a line here."""

from todo_app.quick_add.languages.english import ENGLISH
from todo_app.quick_add.languages.german import GERMAN

LANGUAGES = {language.code: language for language in (ENGLISH, GERMAN)}
