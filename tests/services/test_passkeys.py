"""Passkeys: added, used, refused."""

import asyncio
import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from tests.authenticators import Clock, Device
from tests.people import ANA, CLIENT, PASSWORD, security_lines
from tests.services.test_two_step import confirmation, everything_stored, in_parallel, set_up
from todo_app.config import get_settings
from todo_app.db import Database
from todo_app.errors import Conflict, Invalid, NotFound, NotSignedIn, TooMany, WrongPassword
from todo_app.models import Passkey, SignIn
from todo_app.models.base import utc_now
from todo_app.schemas.accounts import Confirmation, Credentials, EmailChange
from todo_app.schemas.second_step import PasskeyName, PasskeyView
from todo_app.services import accounts, export, housekeeping, passkeys, signed_tokens, tickets
from todo_app.services.accounts import SignedIn
from todo_app.services.actor import Actor
from todo_app.services.limits import limits
from todo_app.services.passkeys import Challenge


def challenge_to_add(db: Database, person: Actor, code: str | None = None) -> Challenge:
    return asyncio.run(passkeys.challenge_to_add(db, limits(), person, confirmation(code), CLIENT))


def add(db: Database, person: Actor, device: Device, name: str = "Phone", **changes: Any) -> PasskeyView:
    asked = challenge_to_add(db, person)
    return db.write_now(passkeys.add, person, PasskeyName(name=name), device.create(asked.options, **changes), asked.ticket)


def sign_in(db: Database, device: Device, **changes: Any) -> SignedIn:
    asked = passkeys.challenge_to_sign_in()
    return bring(db, device.get(asked.options, **changes), asked.ticket)


def bring(db: Database, answer: str, ticket: str) -> SignedIn:
    return asyncio.run(passkeys.sign_in(db, limits(), answer, ticket, CLIENT))


def names(db: Database, person: Actor) -> list[str]:
    return [item.name for item in db.read_now(passkeys.list_passkeys, person).items]


@pytest.fixture
def device(db: Database, ana: Actor) -> Device:
    """A device of Ana's, whose passkey is known."""
    device = Device()
    add(db, ana, device)
    return device


# -- Signing in -------------------------------------------------------------------------------------------------------


def test_a_passkey_signs_its_owner_in_and_is_both_steps(db: Database, ana: Actor, device: Device, monkeypatch: Any) -> None:
    set_up(db, ana, Clock(monkeypatch))
    signed_in = sign_in(db, device)
    assert signed_in.user.email == ANA
    row = db.read_now(lambda session: session.get(SignIn, signed_in.session.session_id))
    assert (row.user_id, row.kind, row.method) == (ana.user_id, "browser", "passkey")
    assert db.read_now(passkeys.list_passkeys, ana).items[0].last_used_at is not None


def test_what_becomes_of_passkeys_is_written_in_the_security_log(db: Database, ana: Actor, bob: Actor) -> None:
    device, others = Device(), Device()
    with security_lines() as lines:
        added = add(db, ana, device)
        sign_in(db, device)
        with pytest.raises(NotSignedIn):
            sign_in(db, device, userHandle=bytes_to_base64url(bob.user_id.bytes))
        add(db, ana, others)
        asyncio.run(passkeys.remove(db, limits(), ana, added.id, confirmation(None), CLIENT))
        for _ in range(2):  # nothing is left to tell of at the second time
            db.write_now(passkeys.forget_all, ana.user_id)
    assert {line["user"] for line in lines} == {str(ana.user_id)}
    said = [(line["event"], line.get("fields") or line.get("method")) for line in lines if line["event"] != "session_created"]
    changed = ("user_updated", "passkeys")
    assert said == [changed, ("authn_login_success", "passkey"), ("authn_login_fail", None), changed, changed, changed]


def test_a_challenge_has_256_random_bits(db: Database, ana: Actor) -> None:
    options = [json.loads(asked.options) for asked in (passkeys.challenge_to_sign_in(), challenge_to_add(db, ana))]
    assert [len(base64url_to_bytes(each["challenge"])) for each in options] == [32, 32]


def test_it_signs_in_again_and_again(db: Database, ana: Actor, device: Device) -> None:
    for _ in range(3):
        assert sign_in(db, device).user.id == ana.user_id


def test_one_that_does_not_count_its_uses_signs_in_again_and_again(db: Database, ana: Actor) -> None:
    device = Device(counts=False)
    add(db, ana, device)
    for _ in range(3):
        assert sign_in(db, device).user.id == ana.user_id


@pytest.mark.parametrize("back", [1, 2])
def test_a_count_that_does_not_go_up_is_refused(db: Database, ana: Actor, device: Device, back: int) -> None:
    """Somebody has a copy of the device."""
    sign_in(db, device)
    device.count -= back
    with pytest.raises(NotSignedIn, match="not accepted"):
        sign_in(db, device)


def test_two_parallel_uses_of_one_answer_make_one_session(db: Database, ana: Actor) -> None:
    device = Device(counts=False)
    add(db, ana, device)
    asked = passkeys.challenge_to_sign_in()
    answer = device.get(asked.options)
    results = in_parallel(lambda: bring(db, answer, asked.ticket), 4)
    assert [type(result) for result in results].count(SignedIn) == 1
    assert [type(result) for result in results].count(Conflict) == 3


def test_replaying_an_answer_is_refused_also_after_tidying(db: Database, ana: Actor) -> None:
    device = Device(counts=False)
    add(db, ana, device)
    asked = passkeys.challenge_to_sign_in()
    answer = device.get(asked.options)
    bring(db, answer, asked.ticket)
    db.write_now(housekeeping.tidy)
    with pytest.raises(Conflict):
        bring(db, answer, asked.ticket)


def test_an_answer_to_another_challenge_is_refused(db: Database, device: Device) -> None:
    answer = device.get(passkeys.challenge_to_sign_in().options)
    with pytest.raises(NotSignedIn):
        bring(db, answer, passkeys.challenge_to_sign_in().ticket)


def test_a_challenge_is_over_after_ten_minutes(db: Database, device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signed_tokens, "utc_now", lambda: utc_now() - tickets.LIFE - timedelta(seconds=5))
    asked = passkeys.challenge_to_sign_in()
    with pytest.raises(Conflict):
        bring(db, device.get(asked.options), asked.ticket)


def test_the_challenge_of_a_registration_is_none_to_sign_in(db: Database, ana: Actor, device: Device) -> None:
    asked = challenge_to_add(db, ana)
    options = json.dumps({"challenge": json.loads(asked.options)["challenge"], "rpId": "localhost"})
    with pytest.raises(Conflict):
        bring(db, device.get(options), asked.ticket)


def test_a_device_that_asked_for_no_finger_is_refused(db: Database, ana: Actor, device: Device) -> None:
    device._flags = 0x01
    with pytest.raises(NotSignedIn):
        sign_in(db, device)


def test_a_page_of_another_site_signs_nobody_in(db: Database, device: Device) -> None:
    device._origin = "https://evil.example"
    with pytest.raises(NotSignedIn):
        sign_in(db, device)


def test_a_device_made_for_another_site_is_refused(db: Database, device: Device) -> None:
    asked = passkeys.challenge_to_sign_in()
    options = json.dumps({**json.loads(asked.options), "rpId": "evil.example"})
    with pytest.raises(NotSignedIn):
        bring(db, device.get(options), asked.ticket)


def test_somebody_elses_handle_is_refused(db: Database, bob: Actor, device: Device) -> None:
    other = Device()
    add(db, bob, other)
    with pytest.raises(NotSignedIn):
        sign_in(db, device, userHandle=other.handle)


def test_an_unknown_passkey_is_refused(db: Database, device: Device) -> None:
    stranger = Device()
    stranger.handle = device.handle
    with pytest.raises(NotSignedIn, match="not accepted"):
        sign_in(db, stranger)


def test_a_removed_passkey_signs_nobody_in(db: Database, ana: Actor, device: Device) -> None:
    own = db.read_now(passkeys.list_passkeys, ana).items[0]
    asyncio.run(passkeys.remove(db, limits(), ana, own.id, confirmation(None), CLIENT))
    with pytest.raises(NotSignedIn):
        sign_in(db, device)


BROKEN: list[Any] = [
    "",
    "[",
    "[" * 15_000,
    "null",
    "[]",
    "{}",
    '{"id": null}',
    '{"id": "\\u0000", "response": {}}',
    '{"id": "x", "response": []}',
    '{"id": "x", "response": {"userHandle": 7}}',
    "\x00",
    "1e999",
]


@pytest.mark.parametrize("answer", BROKEN, ids=lambda answer: answer[:20])
def test_an_answer_that_no_browser_gives_is_refused(db: Database, ana: Actor, device: Device, answer: str) -> None:
    with pytest.raises(NotSignedIn):
        bring(db, answer, passkeys.challenge_to_sign_in().ticket)
    with pytest.raises(Conflict, match="could not be added"):
        db.write_now(passkeys.add, ana, PasskeyName(name="x"), answer, challenge_to_add(db, ana).ticket)


@pytest.mark.parametrize("field", ["clientDataJSON", "authenticatorData", "signature", "userHandle"])
@pytest.mark.parametrize("value", ["", "AA", "AAAAA", "%%%", "é", None, 7, [], {}, "_" * 3000])
def test_an_answer_with_a_broken_part_is_refused(db: Database, device: Device, field: str, value: Any) -> None:
    with pytest.raises(NotSignedIn):
        sign_in(db, device, **{field: value})


def test_failures_from_one_address_are_limited(db: Database, ana: Actor, device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(get_settings(), "login_failures_per_address", 3)
    limits.cache_clear()
    for _ in range(3):
        with pytest.raises(NotSignedIn):
            sign_in(db, device, signature="AA")
    with pytest.raises(TooMany):
        sign_in(db, device)


# -- In the settings --------------------------------------------------------------------------------------------------


def test_a_passkey_is_added_under_its_name(db: Database, ana: Actor, bob: Actor) -> None:
    add(db, ana, Device(), "  Ana's phone ")
    add(db, ana, Device(), "Key ring")
    assert names(db, ana) == ["Ana's phone", "Key ring"]
    assert names(db, bob) == []


def test_a_device_is_asked_to_find_its_owner_by_itself_and_to_ask_for_a_finger(db: Database, ana: Actor, device: Device) -> None:
    options = json.loads(challenge_to_add(db, ana).options)
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["rp"] == {"id": "localhost", "name": "Todo"}
    assert (options["user"]["name"], options["user"]["displayName"]) == (ANA, "Ana")
    assert len(options["excludeCredentials"]) == 1  # the one that is known already
    options = json.loads(passkeys.challenge_to_sign_in().options)
    assert (options["userVerification"], options["rpId"]) == ("required", "localhost")
    assert not options.get("allowCredentials")


def test_adding_needs_the_password_and_a_code(db: Database, ana: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(WrongPassword):
        asyncio.run(passkeys.challenge_to_add(db, limits(), ana, Confirmation(password="guess"), CLIENT))
    phone, _codes = set_up(db, ana, Clock(monkeypatch))
    with pytest.raises(Invalid, match="Enter the code"):
        challenge_to_add(db, ana)
    challenge_to_add(db, ana, phone.code())


def test_removing_needs_the_password_and_a_code(db: Database, ana: Actor, device: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    own = db.read_now(passkeys.list_passkeys, ana).items[0]

    def remove(given: Confirmation) -> None:
        asyncio.run(passkeys.remove(db, limits(), ana, own.id, given, CLIENT))

    with pytest.raises(WrongPassword):
        remove(Confirmation(password="guess"))
    phone, _codes = set_up(db, ana, Clock(monkeypatch))
    with pytest.raises(Invalid, match="Enter the code"):
        remove(confirmation(None))
    assert names(db, ana) == ["Phone"]
    remove(confirmation(phone.code()))
    assert names(db, ana) == []


def test_a_strangers_passkey_looks_like_one_that_does_not_exist(db: Database, ana: Actor, bob: Actor, device: Device) -> None:
    anas = db.read_now(passkeys.list_passkeys, ana).items[0]
    said = []
    for passkey_id in (anas.id, uuid.uuid4()):
        with pytest.raises(NotFound) as caught:
            asyncio.run(passkeys.remove(db, limits(), bob, passkey_id, confirmation(None), CLIENT))
        said.append(caught.value.detail)
    assert said[0] == said[1]
    assert names(db, ana) == ["Phone"]


def test_a_registration_goes_to_the_account_it_was_asked_for(db: Database, ana: Actor, bob: Actor) -> None:
    asked = challenge_to_add(db, ana)
    answer = Device().create(asked.options)
    with pytest.raises(Conflict):
        db.write_now(passkeys.add, bob, PasskeyName(name="Mine now"), answer, asked.ticket)
    assert names(db, bob) == []


def test_a_registration_is_for_one_use(db: Database, ana: Actor) -> None:
    asked = challenge_to_add(db, ana)
    db.write_now(passkeys.add, ana, PasskeyName(name="One"), Device().create(asked.options), asked.ticket)
    with pytest.raises(Conflict):
        db.write_now(passkeys.add, ana, PasskeyName(name="Two"), Device().create(asked.options), asked.ticket)


def test_one_passkey_is_not_added_twice_by_anybody(db: Database, ana: Actor, bob: Actor, device: Device) -> None:
    for person in (ana, bob):
        with pytest.raises(Conflict, match="here already"):
            add(db, person, device)


def test_a_device_that_asks_for_no_finger_is_not_added(db: Database, ana: Actor) -> None:
    with pytest.raises(Conflict, match="could not be added"):
        add(db, ana, Device(asks_for_a_finger=False))


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost:8001", "null"])
def test_a_passkey_is_not_added_from_another_origin(db: Database, ana: Actor, origin: str) -> None:
    with pytest.raises(Conflict):
        add(db, ana, Device(origin=origin))


@pytest.mark.parametrize("field", ["clientDataJSON", "attestationObject"])
@pytest.mark.parametrize("value", ["", "AA", "o2NmbXRkbm9uZQ", None, 7, [], {}, "n5-f" * 900])
def test_a_broken_registration_is_refused(db: Database, ana: Actor, field: str, value: Any) -> None:
    with pytest.raises(Conflict, match="could not be added"):
        add(db, ana, Device(), **{field: value})


def test_there_are_at_most_twenty(db: Database, ana: Actor) -> None:
    for _ in range(20):
        add(db, ana, Device())
    with pytest.raises(Conflict, match="Remove one"):
        challenge_to_add(db, ana)


def test_a_new_email_leaves_passkeys_as_they_are(db: Database, ana: Actor, device: Device) -> None:
    change = EmailChange(email="new@example.com", password=PASSWORD)
    asyncio.run(accounts.change_email(db, limits(), ana, change, CLIENT))
    assert sign_in(db, device).user.email == "new@example.com"


def test_the_export_names_passkeys_and_has_no_key_in_it(db: Database, ana: Actor, device: Device) -> None:
    document = db.read_now(export.export_all, ana)
    assert [passkey.name for passkey in document.passkeys] == ["Phone"]
    row = db.read_now(lambda session: session.exec(select(Passkey)).one())
    text = document.model_dump_json()
    assert row.credential_id not in text
    assert "public_key" not in text


def test_a_deleted_account_leaves_no_passkey(db: Database, ana: Actor, device: Device) -> None:
    sign_in(db, device)  # which leaves a spent ticket
    asyncio.run(accounts.delete_account(db, limits(), ana, confirmation(None), CLIENT))
    assert everything_stored(db) == ""
    with pytest.raises(NotSignedIn):
        sign_in(db, device)


def test_the_password_still_signs_in(db: Database, device: Device) -> None:
    credentials = Credentials(email=ANA, password=PASSWORD)
    assert asyncio.run(accounts.sign_in(db, limits(), credentials, CLIENT, "api")).user.email == ANA
