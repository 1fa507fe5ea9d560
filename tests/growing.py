"""As many tasks as a test or a benchmark needs, in seconds."""

import uuid

from sqlalchemy import Connection, bindparam, text

from todo_app.models import Task


def check_no_references(connection: Connection) -> None:
    """Until the end of the transaction PostgreSQL checks none, which would take its time for each row."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL session_replication_role = replica"))


def multiply_tasks(connection: Connection, copies: int, owner_id: uuid.UUID | None = None) -> None:
    """Copies each task so often, of one person or of all, inside the database and without the change feed.

    The indexes are made anew, which is quicker.
    """
    check_no_references(connection)
    is_sqlite = connection.dialect.name == "sqlite"
    own = {"id": "lower(hex(randomblob(16)))" if is_sqlite else "gen_random_uuid()"}
    own |= {name: f"{name} || numbers.n" for name in ("position", "day_position")}
    names = [column.name for column in Task.__table__.columns]
    values = ", ".join(own.get(name, name) for name in names)
    numbers = f"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {copies})"
    for index in Task.__table__.indexes:
        index.drop(connection)
    whose = "WHERE owner_id = :owner_id" if owner_id else ""
    copied = text(f"INSERT INTO tasks ({', '.join(names)}) {numbers} SELECT {values} FROM tasks, numbers {whose}")
    connection.execute(copied.bindparams(bindparam("owner_id", owner_id, Task.__table__.c.owner_id.type)) if owner_id else copied)
    for index in Task.__table__.indexes:
        index.create(connection)
