"""A database with Ana and Bob in it."""

import pytest

from tests.people import ANA, BOB, register
from tests.services.organising import Person
from todo_app.db import Database
from todo_app.services.actor import Actor


@pytest.fixture
def ana(db: Database) -> Actor:
    return register(db, ANA, "Ana", "Europe/Berlin")


@pytest.fixture
def bob(db: Database) -> Actor:
    return register(db, BOB, "Bob")


@pytest.fixture
def at_work(db: Database, ana: Actor) -> Person:
    """Ana, with the words for making things."""
    return Person(db, ana)
