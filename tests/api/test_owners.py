"""Everything has its owner, and is asked for by its owner: what splitting the data by person would need."""

import re

import pytest
from sqlmodel import SQLModel

from tests.api.conftest import Api
from tests.api.test_query_counts import counts
from tests.people import statements
from todo_app.db import Database

# How a person's rows are asked for: as theirs, or as those of the one account, session or token that is to tell who they are.
OWNED = re.compile(r"\b(owner_id|user_id|users\.id|email_key|digest)\b")


def test_every_table_carries_its_owner() -> None:
    tables = SQLModel.metadata.tables.values()
    owners = {table.name: [column for column in ("owner_id", "user_id") if column in table.columns] for table in tables}
    assert {name for name, columns in owners.items() if not columns} == {"users"}


def ownerless(seen: list[str]) -> list[str]:
    """The queries that name nobody behind their WHERE."""
    return [each for each in seen if each.lstrip().startswith(("SELECT", "WITH")) and not OWNED.search(each.partition("WHERE")[2])]


def test_the_search_finds_a_query_without_an_owner() -> None:
    assert ownerless(["SELECT tasks.owner_id FROM tasks WHERE tasks.id = ?"])
    assert not ownerless(["SELECT tasks.id FROM tasks WHERE tasks.owner_id = ?", "UPDATE tasks SET title = ? WHERE tasks.id = ?"])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_query_names_its_owner(ana: Api, db: Database) -> None:
    project = ana.post("/api/projects", json={"name": "Home"}).json()["id"]
    label = ana.post("/api/labels", json={"name": "errand"}).json()["id"]
    with statements(db) as seen:
        counts(db, ana, project, label)
    assert len(seen) > 50
    assert set(ownerless(seen)) == set()
