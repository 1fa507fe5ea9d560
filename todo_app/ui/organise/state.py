"""The state of the dialogs and menus that organise."""

import json
from collections.abc import Mapping
from typing import Any, Literal

import reflex as rx
from sqlmodel import Session as DbSession

from todo_app import lengths
from todo_app.db import database
from todo_app.errors import Conflict, Invalid, NotFound
from todo_app.schemas.fields import Input, parse
from todo_app.schemas.organise import PlaceRequest, ProjectContents, ProjectPatch, ProjectView
from todo_app.services import projects
from todo_app.services.actor import Actor
from todo_app.ui.ids import read_id
from todo_app.ui.live import Live
from todo_app.ui.notices import say
from todo_app.ui.once import once
from todo_app.ui.organise import kinds
from todo_app.ui.organise.filtering import Filters
from todo_app.ui.organise.kinds import Kind, kind_of
from todo_app.ui.session import Next, actor_of

# The fields that dialogs have; each kind's schema says which of them it takes.
FIELDS = ("name", "description", "color", "view", "parent_id", "project_id", "query")

# Those with a line for their problem.
SAID_AT = ("name", "description", "view", "parent_id")


class Step(Input):
    """One place up or down."""

    by: Literal[-1, 1]


class Organise(rx.State):
    """What the open dialog needs from here. The browser opens it at once, with what the page knows; the rest comes by `open`."""

    loaded: str = ""  # a project's values, as JSON for assets/organise.js
    contents: str = ""  # what would go with it
    problem: str = ""
    problem_field: str = ""
    stored: str = ""  # the key of the form stored last, whose dialog then closes

    @rx.event
    async def open(self, kind: str, row_id: str) -> None:
        """Brings what a dialog is to show of a row; "" for one that is yet to be added."""
        actor = await actor_of(self)
        self._refuse("", "")
        (await self.get_state(Filters))._forget("dialog")
        if kind_of(kind) is not kinds.KINDS["project"] or row_id == "":
            return
        project, contents = await database().read(_read_project, actor, read_id(row_id))
        values = project.model_dump(mode="json", include={"id", "name", "description", "color", "view", "parent_id"})
        self.loaded = json.dumps({name: value or "" for name, value in values.items()})
        self.contents = kinds.in_words(contents)

    async def _explain(self, actor: Actor, error: Invalid, given: Mapping[str, Any]) -> None:
        field = error.errors[0].pointer.removeprefix("/")
        if field == "query":
            (await self.get_state(Filters))._check(actor, "dialog", given["query"])
        else:
            self._refuse(field if field in SAID_AT else "name", error.errors[0].detail)

    def _refuse(self, field: str, problem: str) -> None:
        self.problem_field, self.problem = field, problem

    @rx.event
    async def save(self, form: dict[str, Any]) -> Next:
        """Adds a row, or sets the fields given of the one named. `key` is the browser's, so that what comes twice is added once."""
        actor = await actor_of(self)
        kind = kind_of(form.get("kind"))
        given = {name: form[name] for name in FIELDS if name in form}
        if given.get("parent_id") == "":
            given["parent_id"] = None
        self._refuse("", "")
        row_id, key = form.get("id"), str(form.get("key", ""))[: lengths.KEY]
        try:
            if row_id:
                patch = parse(kind.patch, given)
                row, change_id = await database().change(kind.update, actor, read_id(row_id), patch)
                said = f"{row.name} saved"
            else:
                name, change_id = await database().change(_add_once, actor, kind, parse(kind.fields, given), key)
                said = f"{kind.word} {name} added"
        except Invalid as error:
            await self._explain(actor, error, given)
            return None
        except (Conflict, NotFound) as error:
            self._refuse("name", error.detail)
            return None
        self.stored = key
        if change_id:
            await say(self, said, change_id)
        return Live.catch_up

    @rx.event
    async def archive(self, project_id: str, archived: bool) -> Next:
        """Puts a project away, or takes it back."""
        actor = await actor_of(self)
        patch = parse(ProjectPatch, {"archived": archived})
        project, change_id = await database().change(projects.update_project, actor, read_id(project_id), patch)
        await say(self, f"{project.name} {'archived' if project.archived else 'is back among your projects'}", change_id)
        return Live.catch_up

    @rx.event
    async def delete(self, kind: str, row_id: str) -> Next:
        """Deletes a row with what is in it. Nothing is asked: one undo brings it all back."""
        actor = await actor_of(self)
        said, change_id = await database().change(kinds.delete, actor, kind_of(kind), read_id(row_id))
        await say(self, said, change_id)
        return Live.catch_up

    @rx.event
    async def move(self, kind: str, row_id: str, after: str) -> Next:
        """Puts a row behind another one of its kind ("": before all)."""
        actor = await actor_of(self)
        request = parse(PlaceRequest, {"after": after or None})
        said, change_id = await database().change(kinds.place, actor, kind_of(kind), read_id(row_id), request.after)
        await say(self, said, change_id)
        return Live.catch_up

    @rx.event
    async def step(self, kind: str, row_id: str, by: int) -> Next:
        """Moves a row one place up (-1) or down (1)."""
        actor = await actor_of(self)
        step = parse(Step, {"by": by})
        said, change_id = await database().change(kinds.step, actor, kind_of(kind), read_id(row_id), step.by)
        await say(self, said, change_id)
        return Live.catch_up


def _read_project(session: DbSession, actor: Actor, project_id: Any) -> tuple[ProjectView, ProjectContents]:
    return projects.get_project(session, actor, project_id), projects.contents_of(session, actor, project_id)


def _add_once(session: DbSession, actor: Actor, kind: Kind, fields: Any, key: str) -> str:
    def add(session: DbSession) -> dict[str, Any]:
        return {"name": kind.create(session, actor, fields).name}

    return str(once(session, actor, key, fields.model_dump_json(), add)["name"])
