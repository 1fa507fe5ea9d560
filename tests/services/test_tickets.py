"""Tickets by themselves: for one purpose, ten minutes and one use."""

from datetime import timedelta

import jwt
import pytest
from sqlmodel import select

from tests.servers import SECRET
from todo_app.config import Settings
from todo_app.db import Database
from todo_app.errors import Conflict
from todo_app.models import SpentTicket
from todo_app.models.base import utc_now
from todo_app.services import signed_tokens, tickets
from todo_app.services.actor import Actor

on_one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def claims_of(ticket: str) -> dict[str, object]:
    claims: dict[str, object] = jwt.decode(ticket, options={"verify_signature": False})
    return claims


def is_refused(ticket: str, purpose: tickets.Purpose = "second-step") -> bool:
    with pytest.raises(Conflict, match=r"^This took too long, or was done already\. Please begin again\.$"):
        tickets.read(purpose, ticket)
    return True


@on_one_database
def test_a_ticket_says_whose_it_is_and_what_it_is_bound_to(settings: Settings, ana: Actor) -> None:
    read = tickets.read("second-step", tickets.issue("second-step", ana.user_id, "bound to this"))
    assert (read.subject, read.data) == (ana.user_id, "bound to this")
    assert timedelta(minutes=9, seconds=50) < read.expires_at - utc_now() <= timedelta(minutes=10)
    assert tickets.read("passkey-sign-in", tickets.issue("passkey-sign-in", None, "")).subject is None


@on_one_database
def test_what_a_ticket_claims(settings: Settings) -> None:
    claims = claims_of(tickets.issue("second-step", None, "bound to this"))
    assert set(claims) == {"sub", "data", "iat", "exp", "jti", "iss", "aud"}
    assert (claims["iss"], claims["aud"], claims["sub"]) == ("todo_app", "todo_app:second-step", "")


@on_one_database
def test_a_ticket_is_for_one_purpose(settings: Settings) -> None:
    assert is_refused(tickets.issue("passkey-sign-in", None, ""), "passkey-registration")
    assert is_refused(tickets.issue("passkey-registration", None, ""), "second-step")


@on_one_database
@pytest.mark.parametrize(("seconds", "holds"), [(10 * 60 - 5, True), (10 * 60 + 5, False)])
def test_a_ticket_is_good_for_ten_minutes(settings: Settings, monkeypatch: pytest.MonkeyPatch, seconds: int, holds: bool) -> None:
    earlier = utc_now() - timedelta(seconds=seconds)
    monkeypatch.setattr(signed_tokens, "utc_now", lambda: earlier)
    ticket = tickets.issue("second-step", None, "kept")
    assert tickets.read("second-step", ticket).data == "kept" if holds else is_refused(ticket)


@on_one_database
@pytest.mark.parametrize("claim", ["sub", "data", "iat", "exp", "jti", "iss", "aud"])
def test_a_ticket_without_one_of_its_claims_is_refused(settings: Settings, claim: str) -> None:
    claims = claims_of(tickets.issue("second-step", None, ""))
    assert tickets.read("second-step", jwt.encode(claims, SECRET, algorithm="HS256")).data == ""
    del claims[claim]
    assert is_refused(jwt.encode(claims, SECRET, algorithm="HS256"))


@on_one_database
def test_a_ticket_that_we_did_not_sign_so_is_refused(settings: Settings) -> None:
    claims = claims_of(tickets.issue("second-step", None, ""))
    assert is_refused(jwt.encode(claims, "another-secret-of-enough-length!!", algorithm="HS256"))
    assert is_refused(jwt.encode(claims, SECRET * 2, algorithm="HS512"))
    assert is_refused(jwt.encode({**claims, "iss": "other"}, SECRET, algorithm="HS256"))
    assert is_refused("no ticket")


def test_a_ticket_is_spent_once_and_remembered_until_its_time_is_over(db: Database, ana: Actor) -> None:
    ticket = tickets.read("second-step", tickets.issue("second-step", ana.user_id, ""))
    db.write_now(tickets.spend, ticket, ana.user_id)
    with pytest.raises(Conflict, match="Please begin again"):
        db.write_now(tickets.spend, ticket, ana.user_id)
    spent = db.read_now(lambda session: session.exec(select(SpentTicket)).one())
    assert (spent.id, spent.user_id, spent.expires_at) == (ticket.id, ana.user_id, ticket.expires_at)
