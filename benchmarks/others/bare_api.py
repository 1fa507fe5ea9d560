"""Two ways to answer with 50 tasks of a table, and no more than that: nobody is asked who they are, and nothing is counted.

`/items` is the shape of the FastAPI template's list: rows of SQLModel, checked and written by the response model. `/core` reads
columns and writes them with msgspec.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

import msgspec
from fastapi import Depends, FastAPI, Response
from sqlmodel import Field, Session, SQLModel, create_engine, func, select


class ItemBase(SQLModel):
    """What the two have in common."""

    title: str = Field(max_length=255)
    description: str | None = None


class Item(ItemBase, table=True):
    """A row."""

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    created_at: datetime = Field(default_factory=lambda: datetime.now(UTC))
    completed: bool = False
    priority: int = 4


class ItemPublic(ItemBase):
    """A row as it goes out."""

    id: UUID
    created_at: datetime
    completed: bool
    priority: int


class ItemsPublic(SQLModel):
    """A page of them."""

    data: list[ItemPublic]
    count: int


app = FastAPI()
engine = create_engine(f"sqlite:///{os.environ['DATA_DIR']}/bare.db", connect_args={"check_same_thread": False})
SQLModel.metadata.create_all(engine)
with Session(engine) as filling:
    filling.add_all(Item(title=f"Task {number}") for number in range(200))
    filling.commit()
_table: Any = Item.__table__
_columns = _table.select().order_by(_table.c.created_at.desc()).limit(50)
_encode = msgspec.json.Encoder().encode


def _session() -> Iterator[Session]:
    with Session(engine) as session:
        yield session


@app.get("/health")
def health() -> str:
    """Says that it is there."""
    return "ok"


@app.get("/items", response_model=ItemsPublic)
def items(session: Annotated[Session, Depends(_session)]) -> Any:
    """As the template does it."""
    count = session.exec(select(func.count()).select_from(Item)).one()
    rows = session.exec(select(Item).order_by(_table.c.created_at.desc()).limit(50)).all()
    return ItemsPublic(data=rows, count=count)


@app.get("/core")
def core() -> Response:
    """As fast as FastAPI and SQLAlchemy allow."""
    with engine.connect() as connection:
        rows = [dict(row) for row in connection.execute(_columns).mappings()]
    return Response(_encode(rows), media_type="application/json")
