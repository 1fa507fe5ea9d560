"""A task in, a line of text out: what `parse` would read as the same task."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from todo_app.quick_add.parsed import ParsedTask, Preferences
from todo_app.quick_add.parser import now_on
from todo_app.quick_add.parts import write_name
from todo_app.quick_add.reader import Reader
from todo_app.quick_add.recurrences import WEEKEND, WORKDAYS, Rule
from todo_app.quick_add.spans import mark_at_the_end
from todo_app.quick_add.templates import expand
from todo_app.quick_add.tokens import tokenise
from todo_app.quick_add.vocabulary import Vocabulary, vocabulary_of

_DEFAULTS = Preferences()


def render(task: ParsedTask, now: dt.datetime, zone: dt.tzinfo, preferences: Preferences = _DEFAULTS) -> str:
    """A line that `parse` reads as this task, with the same arguments.

    Words of the title that would be taken for more get a backslash. The title must have single spaces only, and a task that recurs
    be due on a day to come, as a line says the first of these. Raises ValueError for a recurrence or a name that no line can say.
    """
    signs = [write_name("@", label) for label in task.labels]
    if task.project is not None:
        signs = [write_name("#", task.project), *signs]
    before = " ".join(signs) + " " if signs else ""
    after = " ".join(_due(task, vocabulary_of(preferences.language)))
    # The parser takes one comma or dash before what comes after the title.
    comma = "," if after and mark_at_the_end(task.title) else ""
    line = f"{before}{task.title}{comma} {after}" if task.title else f"{before}{after}"
    title = range(len(before), len(before) + len(task.title))
    line = line.strip()
    vocabulary = vocabulary_of(preferences.language)
    reader = Reader(line, tokenise(line, vocabulary.compounds), vocabulary, now_on(now, zone, preferences))
    for place in reversed(reader.parts(title)[1]):
        line = f"{line[:place]}\\{line[place:]}"
    return line


def _due(task: ParsedTask, vocabulary: Vocabulary) -> list[str]:
    language = vocabulary.language
    said = []
    if task.rrule:
        said += _recurrence(Rule.from_text(task.rrule), task, vocabulary)
    elif task.due_date:
        said.append(f"{task.due_date}")
    if task.due_time:
        said.append(_form(language.times["clock"][0], {"hour": f"{task.due_time:%H}", "minute": f"{task.due_time:%M}"}))
    if task.priority:
        said.append(f"p{task.priority}")
    return said


def _recurrence(rule: Rule, task: ParsedTask, vocabulary: Vocabulary) -> list[str]:
    language = vocabulary.language
    meaning, values = _meaning(rule)
    said = [_form(language.recurrences[meaning][0], _words(values, vocabulary), "!" if task.from_completion else "")]
    if task.due_date:
        said.append(_form(language.tails["starting"][0], {"date": f"{task.due_date}"}))
    if rule.until:
        said.append(_form(language.tails["until"][0], {"date": f"{rule.until}"}))
    if rule.count:
        said.append(_form(language.tails["times"][0], {"n": str(rule.count)}))
    return said


def _meaning(rule: Rule) -> tuple[str, Mapping[str, Any]]:
    """The key in the tables that says this rule, and what is in its slots."""
    if rule.month and rule.nth:
        return "nth weekday of year", {"ordinal": rule.nth[0], "weekday": rule.weekdays[0], "month": rule.month}
    if rule.month:
        return "day of year", {"month": rule.month, "day": rule.month_days[0]}
    if rule.position:
        return "nth workday", {"ordinal": rule.position}
    if rule.nth:
        return "nth weekdays", {"ordinals": rule.nth, "weekday": rule.weekdays[0]}
    if rule.month_days:
        return _days_of_month(rule)
    if rule.weekdays:
        return _days_of_week(rule)
    unit = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}[rule.freq]
    return (unit, {}) if rule.interval == 1 else ("units", {"n": rule.interval, "unit": unit})


def _days_of_month(rule: Rule) -> tuple[str, Mapping[str, Any]]:
    if rule.month_days == (-1,):
        return ("last day", {}) if rule.interval == 1 else ("last day of some months", {"n": rule.interval})
    if rule.interval == 1:
        return "month days", {"days": rule.month_days}
    return "month days of some months", {"n": rule.interval, "days": rule.month_days}


def _days_of_week(rule: Rule) -> tuple[str, Mapping[str, Any]]:
    if rule.interval > 1:
        return "weekdays of some weeks", {"n": rule.interval, "weekdays": rule.weekdays}
    named = {WORKDAYS: "workdays", WEEKEND: "weekends"}.get(rule.weekdays)
    return (named, {}) if named else ("weekdays", {"weekdays": rule.weekdays})


def _words(values: Mapping[str, Any], vocabulary: Vocabulary) -> dict[str, str]:
    """What to write in the slots."""
    language = vocabulary.language
    n = values.get("n", 1)
    write: Mapping[str, Callable[[Any], str]] = {
        "n": str,
        "unit": lambda unit: language.units[unit].split()[0 if n == 1 else 1],
        "weekday": lambda day: language.weekdays[day].split()[0],
        "weekdays": lambda days: ", ".join(language.weekdays[day].split()[0] for day in days),
        "month": lambda month: language.months[month - 1].split()[0],
        "day": lambda day: language.figures[day - 1],
        "days": lambda days: ", ".join(language.figures[day - 1] for day in days),
        "ordinal": vocabulary.write_ordinal,
        "ordinals": lambda ordinals: ", ".join(map(vocabulary.write_ordinal, ordinals)),
    }
    return {name: write[name](value) for name, value in values.items()}


def _form(template: str, words: Mapping[str, str], mark: str = "") -> str:
    """The first form of a template with its slots filled."""
    form = next(expand(template.replace("{!}", mark)))
    for name, word in words.items():
        form = form.replace(f"{{{name}}}", word)
    return form
