"""Whom the tests are about: people with an account, and what they do by way of the REST API."""

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count
from typing import Any

import httpx
import pyotp

from tests.people import PASSWORD
from todo_app.db import Database
from todo_app.schemas.accounts import Registration
from todo_app.services import accounts, sessions

# bcrypt of `PASSWORD` at its lowest cost: to make one as the app does, and to check it, takes a quarter of a second each.
PASSWORD_HASH = "$2b$04$g0JQGCjBQ3Okuf0GD3o43.ywSBEfPeIdyS8VihkBWzQYDNT60/fcO"
_numbers = count(1)


@dataclass
class Person:
    """Somebody with an account, and what they can do without a page."""

    http: httpx.Client
    email: str
    name: str
    password: str = PASSWORD

    @cached_property
    def session(self) -> str:
        """The cookie of a signed-in browser."""
        return _cookie(self.http, "/session/sign-in", email=self.email, password=self.password)

    def elsewhere(self) -> "Person":
        """The same person at another browser."""
        return replace(self)

    @cached_property
    def _headers(self) -> dict[str, str]:
        answer = self.http.post("/api/auth/login", json={"email": self.email, "password": self.password})
        return {"Authorization": f"Bearer {answer.raise_for_status().json()['access_token']}"}

    def turns_on_two_step(self) -> tuple[pyotp.TOTP, list[str]]:
        """Sets two-step sign-in up over the REST API; what the phone has, and the recovery codes."""
        made = self.http.post("/api/me/two-step", json={"password": self.password}, headers=self._headers)
        phone = pyotp.TOTP(made.raise_for_status().json()["secret"])
        confirmed = self.http.post("/api/me/two-step/confirm", json={"code": phone.now()}, headers=self._headers)
        return phone, confirmed.raise_for_status().json()["recovery_codes"]

    def has_task(self, title: str, **fields: Any) -> str:
        """Adds a task over the REST API; its id."""
        answer = self.http.post("/api/tasks", json={"title": title, **fields}, headers=self._headers)
        return answer.raise_for_status().json()["id"]

    def has_project(self, name: str, **fields: Any) -> str:
        """Adds a project over the REST API; its id."""
        return self._adds("projects", name=name, **fields)

    def has_section(self, name: str, project_id: str) -> str:
        """Adds a section over the REST API; its id."""
        return self._adds("sections", name=name, project_id=project_id)

    def has_label(self, name: str, **fields: Any) -> str:
        """Adds a label over the REST API; its id."""
        return self._adds("labels", name=name, **fields)

    def has_filter(self, name: str, query: str) -> str:
        """Saves a filter over the REST API; its id."""
        return self._adds("filters", name=name, query=query)

    def _adds(self, kind: str, **fields: Any) -> str:
        answer = self.http.post(f"/api/{kind}", json=fields, headers=self._headers)
        return answer.raise_for_status().json()["id"]

    def changes_task(self, task_id: str, **fields: Any) -> None:
        """Changes a task over the REST API."""
        self.http.patch(f"/api/tasks/{task_id}", json=fields, headers=self._headers).raise_for_status()

    def deletes_task(self, task_id: str) -> None:
        """Moves a task to Trash over the REST API."""
        self.http.delete(f"/api/tasks/{task_id}", headers=self._headers).raise_for_status()

    def tasks(self) -> list[dict[str, Any]]:
        """What is stored, newest first."""
        answer = self.http.get("/api/tasks", params={"limit": 500}, headers=self._headers)
        return answer.raise_for_status().json()["items"]


def new_person(http: httpx.Client, db: Database, name: str = "Ana Keller") -> Person:
    """Somebody who has just signed up, in a browser: that cookie is theirs."""
    person = Person(http, f"person{next(_numbers)}@example.com", name)
    data = Registration(email=person.email, password=person.password, name=name)
    user = db.write_now(accounts._add_user, data, PASSWORD_HASH)
    person.session = db.write_now(sessions.begin, user.id, "browser", "a browser").token
    return person


def _cookie(http: httpx.Client, path: str, **form: str) -> str:
    answer = http.post(path, data=form)
    http.cookies.clear()  # the next request may be somebody else's
    return answer.cookies["session"]
