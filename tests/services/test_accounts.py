"""Accounts: what the API's tests don't show."""

import asyncio
import uuid

import pytest

from tests.people import ANA, CLIENT, PASSWORD, security_lines, user_row
from todo_app import live
from todo_app.db import Database
from todo_app.errors import Conflict, Forbidden, NotSignedIn, TooMany, WrongPassword
from todo_app.schemas.accounts import Confirmation, Credentials, EmailChange, ProfilePatch, Registration
from todo_app.schemas.fields import parse
from todo_app.services import accounts, confirming
from todo_app.services.actor import Actor
from todo_app.services.limits import limits


def sign_in(db: Database, email: str, password: str = PASSWORD) -> accounts.SignedIn:
    return asyncio.run(accounts.sign_in(db, limits(), Credentials(email=email, password=password), CLIENT, "browser"))


@pytest.mark.parametrize(
    ("registered", "typed"),
    [
        ("Ana@Example.com", " ana@EXAMPLE.COM "),
        ("josé@example.com", "jose\u0301@example.com"),
        ("STRASSE@example.com", "straße@example.com"),
    ],
)
def test_an_email_is_found_however_it_is_typed(db: Database, registered: str, typed: str) -> None:
    data = Registration(email=registered, password=PASSWORD, name="Someone")
    user = asyncio.run(accounts.register(db, limits(), data, CLIENT))
    assert sign_in(db, typed).user == user
    with pytest.raises(Conflict):
        asyncio.run(accounts.register(db, limits(), data.model_copy(update={"email": typed.strip()}), CLIENT))


def test_where_sign_up_is_closed_by_the_settings_nobody_need_ask(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    from todo_app.config import get_settings

    monkeypatch.setattr(get_settings(), "allow_signup", False)
    data = Registration(email=ANA, password=PASSWORD, name="Ana")
    with pytest.raises(Forbidden):
        asyncio.run(accounts.register(db, limits(), data, CLIENT))


def test_a_person_deleted_meanwhile_is_no_longer_signed_in(db: Database, ana: Actor) -> None:
    asyncio.run(accounts.delete_account(db, limits(), ana, Confirmation(password=PASSWORD), CLIENT))
    with pytest.raises(NotSignedIn):
        db.read_now(accounts.get_user, ana)
    with pytest.raises(NotSignedIn):
        asyncio.run(confirming.check_password(db, limits(), ana, PASSWORD, CLIENT))
    with pytest.raises(NotSignedIn):
        db.read_now(accounts.get_user, Actor(uuid.uuid4(), uuid.uuid4(), "UTC"))


@pytest.mark.parametrize(("email", "standing"), [(ANA, "signup"), ("new@example.com", "changed")])
def test_without_mail_an_email_is_changed_at_once_and_ones_own_stays_as_it_was(
    db: Database, ana: Actor, email: str, standing: str
) -> None:
    changed = asyncio.run(accounts.change_email(db, limits(), ana, EmailChange(email=email, password=PASSWORD), CLIENT))
    assert changed.email == email
    assert user_row(db, email).email_standing == standing


def test_guesses_at_a_password_count_together_wherever_they_are_made(db: Database, ana: Actor) -> None:
    with security_lines() as lines:
        for _ in range(9):
            with pytest.raises(WrongPassword, match=r"^This is not your password\. Please try again\.$"):
                asyncio.run(confirming.check_password(db, limits(), ana, "guess", CLIENT))
        with pytest.raises(NotSignedIn, match=r"^Invalid email or password$"):
            sign_in(db, ANA, "guess")
    assert [(line["event"], line["user"]) for line in lines] == [("authn_login_fail", str(ana.user_id))] * 10
    with pytest.raises(TooMany):
        sign_in(db, ANA)
    with pytest.raises(TooMany):
        asyncio.run(confirming.check_password(db, limits(), ana, PASSWORD, CLIENT))


def test_open_pages_are_told_of_a_new_profile_and_of_the_end(db: Database, ana: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    notices: list[live.Notice] = []
    monkeypatch.setattr(live, "_listeners", [notices.append])
    db.write_now(accounts.update_profile, ana, parse(ProfilePatch, {"theme": "dark"}))
    asyncio.run(accounts.delete_account(db, limits(), ana, Confirmation(password=PASSWORD), CLIENT))
    assert notices == [live.Notice(ana.user_id)] * 2
