"""Why a task is, or is not, among those of a filter."""

import datetime as dt

import pytest

from todo_app.filters import Clause, Context, clauses, explain, parse_filter, render, sentence

WEDNESDAY = dt.date(2026, 3, 4)
CONTEXT = Context(WEDNESDAY)


@pytest.mark.parametrize(
    ("text", "true", "said"),
    [
        ("(today | overdue) & @work", ["today"], "Not here because it has no `@work`."),
        ("today | overdue", ["today"], "Here because it is due today."),
        ("today | overdue", [], "Not here because it is not due today and is not overdue."),
        ("today | overdue", ["overdue", "today"], "Here because it is due today."),
        ("today & @work & p1", ["p1", "@work", "today"], "Here because it is due today, has `@work` and is `p1`."),
        ("(p1 | p2) & (p2 | @work)", ["p1", "p2"], "Here because it is `p2`."),
        ("(@b | @a) & @a", ["@a", "@b"], "Here because it has `@a`."),
        ("!@work", [], "Here because it has no `@work`."),
        ("!@work", ["@work"], "Not here because it has `@work`."),
        ("!(today & #Home)", ["today"], "Here because it is not in `#Home`."),
        ("tomorrow", ["tomorrow"], "Here because it is due tomorrow."),
        ("yesterday", ["yesterday"], "Here because it is due yesterday."),
        ("2026-03-20", ["2026-03-20"], "Here because it is due on 2026-03-20."),
        ("this week", ["this week"], "Here because it is due from 2026-03-02 to 2026-03-08."),
        ("next 7 days", [], "Not here because it is not due from today to 2026-03-10."),
        ("due < friday", [], "Not here because it is not due before 2026-03-06."),
        ("due >= friday", ["due >= friday"], "Here because it is due on 2026-03-06 or later."),
        ("due >= today", ["due >= today"], "Here because it is due today or later."),
        ("start < today", [], "Not here because it does not start before today."),
        ("created < -30d", [], "Not here because it was not created before 2026-02-02."),
        ("updated: today", ["updated: today"], "Here because it was updated today."),
        ("completed: today", ["completed: today"], "Here because it was completed today."),
        ("completed", ["completed"], "Here because it is completed."),
        ("completed", [], "Not here because it is open."),
        ("p4", ["p4"], "Here because it has no priority."),
        ("p4", [], "Not here because it has a priority."),
        ("##Home", ["##Home"], "Here because it is in `##Home`."),
        ('/"Next steps"', [], 'Not here because it is not in `/"Next steps"`.'),
        ("search: milk eggs", [], "Not here because it does not say “milk” and “eggs”."),
        ('"fresh milk"', ['"fresh milk"'], "Here because it says “fresh milk”."),
        ("no parent", [], "Here because it is not a subtask."),
        ("inbox", [], "Not here because it is in a project."),
    ],
)
def test_the_deciding_clauses_in_a_sentence(text: str, true: list[str], said: str) -> None:
    facts = {clause for each in true for clause in clauses(parse_filter(each, CONTEXT))}
    explanation = explain(parse_filter(text, CONTEXT), lambda clause: clause in facts)
    assert sentence(explanation, WEDNESDAY) == said


def test_each_clause_is_asked_about_once() -> None:
    asked: list[Clause] = []

    def satisfies(clause: Clause) -> bool:
        asked.append(clause)
        return True

    explain(parse_filter("(@a | @b) & (@a | !@b)", CONTEXT), satisfies)
    assert [render(clause) for clause in asked] == ["@a", "@b"]
