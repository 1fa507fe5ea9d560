"""Making and looking at rows, in few words."""

import uuid
from typing import Any

from todo_app.db import Database
from todo_app.schemas.organise import LabelFields, ProjectFields, ProjectPatch, SectionFields
from todo_app.schemas.tasks import ChangesQuery, TaskFields, TaskPatch, TaskQuery, TaskView
from todo_app.services import changes, labels, projects, sections, task_lists, tasks
from todo_app.services.actor import Actor


class Person:
    """Somebody at work: each call is a transaction of its own, as it would be over the API."""

    def __init__(self, db: Database, actor: Actor) -> None:
        self.db = db
        self.actor = actor

    def do(self, work: Any, *args: Any, **kwargs: Any) -> Any:
        return self.db.write_now(work, self.actor, *args, **kwargs)

    def read(self, work: Any, *args: Any) -> Any:
        return self.db.read_now(work, self.actor, *args)

    def project(self, name: str, **values: Any) -> uuid.UUID:
        return uuid.UUID(str(self.do(projects.create_project, ProjectFields(name=name, **values)).id))

    def change_project(self, project_id: uuid.UUID, **values: Any) -> Any:
        return self.do(projects.update_project, project_id, ProjectPatch(**values))

    def section(self, name: str, project_id: uuid.UUID) -> uuid.UUID:
        return uuid.UUID(str(self.do(sections.create_section, SectionFields(name=name, project_id=project_id)).id))

    def label(self, name: str) -> uuid.UUID:
        return uuid.UUID(str(self.do(labels.create_label, LabelFields(name=name)).id))

    def add(self, title: str, **values: Any) -> uuid.UUID:
        return uuid.UUID(str(self.do(tasks.create_task, TaskFields.model_validate({"title": title, **values})).id))

    def patch(self, task_id: uuid.UUID, **values: Any) -> TaskView:
        view: TaskView = self.do(tasks.update_task, task_id, TaskPatch.model_validate(values))
        return view

    def see(self, task_id: uuid.UUID) -> TaskView:
        view: TaskView = self.read(tasks.get_task, task_id)
        return view

    def titles(self, **query: Any) -> list[str]:
        return [task.title for task in self.read(task_lists.list_tasks, TaskQuery.model_validate(query)).items]

    def ids(self, **query: Any) -> list[uuid.UUID]:
        return [task.id for task in self.read(task_lists.list_tasks, TaskQuery.model_validate(query)).items]

    def project_names(self) -> list[str]:
        return [project.name for project in self.read(projects.list_projects).items]

    def undo(self, change_id: int | None = None) -> None:
        self.do(changes.undo, change_id)

    def redo(self) -> None:
        self.do(changes.redo)

    def last_change(self) -> int:
        return int(self.read(changes.list_changes, ChangesQuery()).items[-1].id)

    def everything(self) -> Any:
        """What there is, without what every change moves on."""
        volatile = {"updated_at", "version", "exported_at", "changes", "sessions"}
        from todo_app.services.export import export_all

        def plain(value: Any) -> Any:
            if isinstance(value, dict):
                return {key: plain(each) for key, each in value.items() if key not in volatile}
            return [plain(each) for each in value] if isinstance(value, list) else value

        return plain(self.read(export_all).model_dump())
