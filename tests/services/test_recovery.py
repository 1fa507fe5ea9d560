"""A new password by a mailed link: what it takes, what it ends, and who can't get one."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, SQLModel, select

from tests.authenticators import leave_second_steps
from tests.mailing import link_for, send_all, waiting
from tests.people import ANA, BOB, CLIENT, PASSWORD, register, statements, user_row
from tests.servers import MailServer, token_in
from todo_app import live
from todo_app.db import Database
from todo_app.errors import Conflict, Invalid, NotSignedIn, TooMany
from todo_app.models import Authenticator, MailLink, Passkey, SignIn
from todo_app.models.base import utc_now
from todo_app.schemas.accounts import Credentials, EmailChange, PasswordChange, PasswordReset, ResetRequest
from todo_app.services import accounts, email_confirmation, mail_links, recovery, sessions
from todo_app.services.actor import Actor, Client
from todo_app.services.limits import limits

NEW, UNKNOWN = "four green frogs", "who@example.com"


def run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)


def ask(db: Database, email: str = ANA, address: str = CLIENT.address) -> None:
    run(recovery.ask_for_link(db, limits(), ResetRequest(email=email), Client(address, "")))


def reset(db: Database, token: str, password: str = NEW) -> None:
    run(recovery.set_new_password(db, limits(), PasswordReset(token=token, new_password=password)))


def signs_in(db: Database, password: str, email: str = ANA) -> bool:
    try:
        run(accounts.sign_in(db, limits(), Credentials(email=email, password=password), CLIENT, "browser"))
    except NotSignedIn:
        return False
    return True


def age_links(db: Database, **duration: int) -> None:
    def age(session: Session) -> None:
        for link in session.exec(select(MailLink)).all():
            link.expires_at -= timedelta(**duration)

    db.write_now(age)


def refused(db: Database, token: str) -> bool:
    with pytest.raises(NotSignedIn) as error:
        reset(db, token)
    return error.value.detail == mail_links.NO_GOOD


def passkeys_of(db: Database, actor: Actor) -> list[Passkey]:
    return list(db.read_now(lambda session: session.exec(select(Passkey).where(Passkey.user_id == actor.user_id)).all()))


def change_email(db: Database, actor: Actor, email: str) -> None:
    run(accounts.change_email(db, limits(), actor, EmailChange(email=email, password=PASSWORD), CLIENT))


def test_a_mailed_link_sets_a_new_password_and_ends_every_session(db: Database, ana: Actor, mail_server: MailServer) -> None:
    ask(db)
    reset(db, link_for(db, mail_server, ANA))
    assert (signs_in(db, NEW), signs_in(db, PASSWORD)) == (True, False)
    with pytest.raises(NotSignedIn):
        db.read_now(sessions.by_id, ana.session_id, ana.user_id)
    assert waiting(db) == [("password_changed", ANA)]


def test_a_link_begins_no_session(db: Database, ana: Actor, mail_server: MailServer) -> None:
    ask(db)
    reset(db, link_for(db, mail_server, ANA))
    assert db.read_now(lambda session: session.exec(select(SignIn)).all()) == []


def test_a_link_works_once(db: Database, ana: Actor, mail_server: MailServer) -> None:
    ask(db)
    token = link_for(db, mail_server, ANA)
    reset(db, token)
    assert refused(db, token)


def test_of_two_uses_at_once_one_wins(db: Database, ana: Actor, mail_server: MailServer) -> None:
    ask(db)
    token = link_for(db, mail_server, ANA)

    async def both() -> list[Any]:
        uses = [PasswordReset(token=token, new_password=password) for password in (NEW, "five red foxes")]
        work = [recovery.set_new_password(db, limits(), use) for use in uses]
        return list(await asyncio.gather(*work, return_exceptions=True))

    assert sorted(type(result).__name__ for result in run(both())) == ["NoneType", "NotSignedIn"]


def test_a_link_lasts_an_hour(db: Database, ana: Actor, mail_server: MailServer) -> None:
    ask(db)
    token = link_for(db, mail_server, ANA)
    age_links(db, minutes=59)
    db.read_now(mail_links.find, "reset", token)
    age_links(db, minutes=1)
    assert refused(db, token)


def test_a_new_link_ends_the_one_before(db: Database, ana: Actor, mail_server: MailServer) -> None:
    ask(db)
    first = link_for(db, mail_server, ANA)
    ask(db)
    second = link_for(db, mail_server, ANA)
    assert refused(db, first)
    reset(db, second)


def test_a_new_password_ends_links(db: Database, ana: Actor, mail_server: MailServer) -> None:
    ask(db)
    token = link_for(db, mail_server, ANA)
    run(accounts.change_password(db, limits(), ana, PasswordChange(current_password=PASSWORD, new_password=NEW), CLIENT))
    assert refused(db, token)


def test_a_new_email_ends_links_that_went_to_the_old_one(db: Database, ana: Actor, mail_server: MailServer) -> None:
    ask(db)
    token = link_for(db, mail_server, ANA)
    change_email(db, ana, "new@example.com")
    db.read_now(mail_links.find, "reset", token)  # not yet: nothing has changed
    db.write_now(email_confirmation.confirm, link_for(db, mail_server, "new@example.com"))
    assert refused(db, token)


def test_a_deleted_account_ends_links(db: Database, ana: Actor, mail_server: MailServer) -> None:
    ask(db)
    token = link_for(db, mail_server, ANA)
    db.write_now(accounts._erase, ana)
    assert refused(db, token)


def test_of_two_who_find_a_link_the_second_is_refused(db: Database, ana: Actor, mail_server: MailServer, monkeypatch: Any) -> None:
    ask(db)
    token = link_for(db, mail_server, ANA)
    real = mail_links.find

    def overtaken(session: Session, kind: mail_links.Kind, token: str) -> MailLink:
        link = real(session, kind, token)
        mail_links.end_all(session, link.user_id, kind)
        return link

    monkeypatch.setattr(mail_links, "find", overtaken)
    with pytest.raises(NotSignedIn, match="used already"):
        db.write_now(mail_links.use_up, "reset", token)


@pytest.mark.parametrize("token", ["", "x", "\x00", "x" * 1024, "' OR 1=1 --"])
def test_what_is_no_link_is_refused(db: Database, ana: Actor, token: str) -> None:
    assert refused(db, token)


def test_each_kind_of_secret_opens_its_own_door_only(db: Database, ana: Actor, mail_server: MailServer) -> None:
    run(email_confirmation.send_again(db, limits(), ana, CLIENT))
    confirms = link_for(db, mail_server, ANA)
    ask(db)
    resets = link_for(db, mail_server, ANA)
    session = db.write_now(sessions.begin, ana.user_id, "browser", "")
    refresh = db.write_now(sessions.begin, ana.user_id, "api", "")
    for token in (confirms, session.token, refresh.token):
        assert refused(db, token)
    for token in (resets, session.token, refresh.token):
        with pytest.raises(NotSignedIn):
            db.write_now(email_confirmation.confirm, token)
    for token in (resets, confirms):
        assert db.write_now(sessions.rotate, token) is None
        with pytest.raises(NotSignedIn):
            db.read_now(sessions.by_digest, sessions.digest_of(token))


def test_a_password_that_will_not_do_leaves_the_link_as_it_is(db: Database, ana: Actor, mail_server: MailServer) -> None:
    ask(db)
    token = link_for(db, mail_server, ANA)
    for password in ("password1", ANA):
        with pytest.raises(Invalid) as error:
            reset(db, token, password)
        assert [found.pointer for found in error.value.errors] == ["/new_password"]
    reset(db, token)


def test_a_copied_database_holds_no_secret_that_works(db: Database, ana: Actor, mail_server: MailServer) -> None:
    """Whoever has every row of every table can neither sign in, refresh, reset nor confirm with anything in them."""
    ask(db)
    token = link_for(db, mail_server, ANA)
    ask(db, UNKNOWN)  # which waits
    begun = [db.write_now(sessions.begin, ana.user_id, kind, "") for kind in ("browser", "api")]

    def everything(session: Session) -> set[str]:
        rows = [row for table in SQLModel.metadata.sorted_tables for row in session.connection().execute(table.select())]
        return {value for row in rows for value in row if isinstance(value, str)}

    stored = db.read_now(everything)
    assert sessions.digest_of(token) in stored
    assert not any(secret in value for secret in (token, *(new.token for new in begun)) for value in stored)
    for value in stored:
        assert refused(db, value)
        assert db.write_now(sessions.rotate, value) is None
        with pytest.raises(NotSignedIn):
            db.write_now(email_confirmation.confirm, value)
        with pytest.raises(NotSignedIn):
            db.read_now(sessions.by_digest, sessions.digest_of(value))


# -- Nobody learns who has an account ---------------------------------------------------------------------------------


def test_an_unknown_email_takes_the_very_same_statements(db: Database, ana: Actor, mail_server: MailServer) -> None:
    with statements(db) as for_ana:
        ask(db)
    with statements(db) as for_nobody:
        ask(db, UNKNOWN)
    assert for_ana == for_nobody
    assert len(for_ana) == 1
    assert waiting(db) == [("reset", ANA), ("reset", UNKNOWN)]
    send_all(db)
    assert [came["To"] for came in mail_server.mails] == [ANA]
    assert waiting(db) == []


def test_asking_is_limited_for_each_account_whether_it_is_there_or_not(db: Database, ana: Actor, mail_server: MailServer) -> None:
    for email, spelled in ((ANA, ANA.upper()), (UNKNOWN, UNKNOWN)):
        for number in range(5):
            ask(db, email, f"192.0.2.{number}")
        with pytest.raises(TooMany) as error:
            ask(db, spelled, "192.0.2.99")
        assert 0 < error.value.retry_after <= 3600


def test_asking_is_limited_for_each_address(db: Database, mail_server: MailServer) -> None:
    for number in range(30):
        ask(db, f"person{number}@example.com")
    with pytest.raises(TooMany):
        ask(db, BOB)
    ask(db, BOB, "192.0.2.99")


def test_the_mail_goes_to_the_address_as_it_is_stored(db: Database, mail_server: MailServer) -> None:
    """Two addresses that count as one for us may be two mailboxes elsewhere."""
    register(db, "strasse@example.com", "Strasse")
    ask(db, "straße@example.com")
    send_all(db)
    assert {came["To"] for came in mail_server.mails} == {"strasse@example.com"}
    assert "choose a new password" in mail_server.mails[-1]["Subject"]


def test_who_was_locked_out_by_wrong_passwords_may_sign_in_with_the_new_one(
    db: Database, ana: Actor, mail_server: MailServer
) -> None:
    for _ in range(10):
        assert not signs_in(db, "wrong")
    with pytest.raises(TooMany):
        signs_in(db, PASSWORD)
    ask(db)
    reset(db, link_for(db, mail_server, ANA))
    assert signs_in(db, NEW)


# -- Nobody takes an account over by an address that is not theirs ----------------------------------------------------


def test_an_address_that_is_only_asked_for_gets_no_link(db: Database, ana: Actor, mail_server: MailServer) -> None:
    change_email(db, ana, "new@example.com")
    ask(db, "new@example.com")
    ask(db)
    send_all(db)
    assert [came["To"] for came in mail_server.mails if "choose a new password" in came["Subject"]] == [ANA]


def test_an_address_set_on_a_site_without_mail_gets_no_link_until_it_is_confirmed(
    db: Database, ana: Actor, monkeypatch: pytest.MonkeyPatch, mail_server: MailServer, settings: Any
) -> None:
    with monkeypatch.context() as without_mail:
        without_mail.setattr(settings, "smtp_url", None)
        change_email(db, ana, "typo@example.com")
    assert user_row(db, "typo@example.com").email_standing == "changed"
    ask(db, "typo@example.com")
    send_all(db)
    assert mail_server.mails == []
    run(email_confirmation.send_again(db, limits(), ana, CLIENT))
    db.write_now(email_confirmation.confirm, link_for(db, mail_server, "typo@example.com"))
    ask(db, "typo@example.com")
    reset(db, link_for(db, mail_server, "typo@example.com"))


def test_who_signed_up_with_somebody_elses_address_loses_the_account_to_its_owner(db: Database, mail_server: MailServer) -> None:
    """And with it what they prepared: their sessions, and the change to an address of their own."""
    mallory = register(db, "victim@example.com", "Mallory")
    change_email(db, mallory, "mallory@example.com")
    db.write_now(leave_second_steps, mallory.user_id)
    mallorys_link = link_for(db, mail_server, "mallory@example.com")
    ask(db, "victim@example.com")
    send_all(db)
    reset(db, token_in(mail_server.wait_for("victim@example.com", "choose a new password")))
    with pytest.raises(NotSignedIn):
        db.read_now(sessions.by_id, mallory.session_id, mallory.user_id)
    with pytest.raises(NotSignedIn):
        db.write_now(email_confirmation.confirm, mallorys_link)
    assert not signs_in(db, PASSWORD, "victim@example.com")
    assert user_row(db, "victim@example.com").email_confirmed
    assert passkeys_of(db, mallory) == []


def test_the_passkeys_of_who_has_confirmed_their_address_stay_and_so_does_the_second_step(
    db: Database, ana: Actor, mail_server: MailServer
) -> None:
    run(email_confirmation.send_again(db, limits(), ana, CLIENT))
    db.write_now(email_confirmation.confirm, link_for(db, mail_server, ANA))
    db.write_now(leave_second_steps, ana.user_id)
    db.write_now(lambda session: setattr(session.get_one(Authenticator, ana.user_id), "confirmed_at", utc_now()))
    ask(db)
    reset(db, link_for(db, mail_server, ANA))
    assert passkeys_of(db, ana) != []
    assert not signs_in(db, NEW)  # without a code


# -- Confirming -------------------------------------------------------------------------------------------------------


def test_signing_up_asks_for_a_confirmation_and_the_account_works_meanwhile(db: Database, mail_server: MailServer) -> None:
    register(db, ANA, "Ana")
    assert waiting(db) == [("confirm", ANA)]
    assert signs_in(db, PASSWORD)
    assert not user_row(db, ANA).email_confirmed
    token = link_for(db, mail_server, ANA)
    db.write_now(email_confirmation.confirm, token)
    assert user_row(db, ANA).email_confirmed
    with pytest.raises(NotSignedIn):
        db.write_now(email_confirmation.confirm, token)


def test_a_changed_email_takes_effect_when_it_is_confirmed_and_the_old_one_is_told(
    db: Database, ana: Actor, mail_server: MailServer
) -> None:
    change_email(db, ana, "new@example.com")
    assert (signs_in(db, PASSWORD), signs_in(db, PASSWORD, "new@example.com")) == (True, False)
    token = link_for(db, mail_server, "new@example.com")
    assert "about to change" in mail_server.to(ANA)[-1]["Subject"]
    db.write_now(email_confirmation.confirm, token)
    assert (signs_in(db, PASSWORD), signs_in(db, PASSWORD, "new@example.com")) == (False, True)
    changed = user_row(db, "new@example.com")
    assert (changed.email_confirmed, changed.new_email) == (True, None)


def test_a_link_to_an_address_that_is_not_theirs_any_more_confirms_nothing(db: Database, ana: Actor) -> None:
    token = db.write_now(mail_links.make, "confirm", ana.user_id, "former@example.com")
    with pytest.raises(NotSignedIn, match="ask for a new one"):
        db.write_now(email_confirmation.confirm, token)
    assert not user_row(db, ANA).email_confirmed


def test_open_pages_are_told_of_a_confirmation(db: Database, ana: Actor, mail_server: MailServer, monkeypatch: Any) -> None:
    run(email_confirmation.send_again(db, limits(), ana, CLIENT))
    token = link_for(db, mail_server, ANA)
    notices: list[live.Notice] = []
    monkeypatch.setattr(live, "_listeners", [notices.append])
    db.write_now(email_confirmation.confirm, token)
    assert notices == [live.Notice(ana.user_id)]


def test_a_second_change_ends_the_link_of_the_first(db: Database, ana: Actor, mail_server: MailServer) -> None:
    change_email(db, ana, "one@example.com")
    one = link_for(db, mail_server, "one@example.com")
    change_email(db, ana, "two@example.com")
    with pytest.raises(NotSignedIn):
        db.write_now(email_confirmation.confirm, one)
    db.write_now(email_confirmation.confirm, link_for(db, mail_server, "two@example.com"))


def test_a_change_is_taken_back_by_asking_for_ones_own_address(db: Database, ana: Actor, mail_server: MailServer) -> None:
    change_email(db, ana, "new@example.com")
    token = link_for(db, mail_server, "new@example.com")
    change_email(db, ana, ANA)
    assert user_row(db, ANA).new_email is None
    with pytest.raises(NotSignedIn):
        db.write_now(email_confirmation.confirm, token)


def test_a_mail_about_a_change_that_was_taken_back_is_not_sent(db: Database, ana: Actor, mail_server: MailServer) -> None:
    change_email(db, ana, "new@example.com")
    change_email(db, ana, ANA)
    send_all(db)
    assert mail_server.to("new@example.com") == []


def test_a_new_password_stops_a_change_of_email(db: Database, ana: Actor, mail_server: MailServer) -> None:
    change_email(db, ana, "new@example.com")
    token = link_for(db, mail_server, "new@example.com")
    run(accounts.change_password(db, limits(), ana, PasswordChange(current_password=PASSWORD, new_password=NEW), CLIENT))
    with pytest.raises(NotSignedIn):
        db.write_now(email_confirmation.confirm, token)
    assert user_row(db, ANA).new_email is None


def test_an_address_that_somebody_else_has_can_not_be_changed_to(
    db: Database, ana: Actor, bob: Actor, mail_server: MailServer
) -> None:
    with pytest.raises(Conflict):
        change_email(db, ana, BOB)
    assert user_row(db, ANA).new_email is None
    change_email(db, ana, "new@example.com")
    token = link_for(db, mail_server, "new@example.com")
    register(db, "NEW@example.com", "Faster")
    with pytest.raises(Conflict):
        db.write_now(email_confirmation.confirm, token)
    assert signs_in(db, PASSWORD)


def test_a_confirmation_can_be_asked_for_again_until_there_is_nothing_to_confirm(
    db: Database, ana: Actor, mail_server: MailServer
) -> None:
    assert run(email_confirmation.send_again(db, limits(), ana, CLIENT)) == ANA
    db.write_now(email_confirmation.confirm, link_for(db, mail_server, ANA))
    with pytest.raises(Conflict):
        run(email_confirmation.send_again(db, limits(), ana, CLIENT))
    change_email(db, ana, "new@example.com")
    assert run(email_confirmation.send_again(db, limits(), ana, CLIENT)) == "new@example.com"


def test_mail_to_one_recipient_is_limited_whoever_asks_for_it(
    db: Database, ana: Actor, bob: Actor, mail_server: MailServer
) -> None:
    for actor in (ana, bob, ana, bob, ana):
        change_email(db, actor, "flooded@example.com")
    with pytest.raises(TooMany):
        change_email(db, bob, "Flooded@example.com")


def test_nothing_that_a_person_typed_is_mailed(db: Database, mail_server: MailServer) -> None:
    """Else whoever signs up with your address could have us send you a message of theirs."""
    register(db, ANA, "You won: https://evil.example")
    ask(db)
    send_all(db)
    assert len(mail_server.to(ANA)) == 2
    assert not any("evil" in str(came) for came in mail_server.mails)


def test_without_a_mail_server_all_is_as_it_was(db: Database, ana: Actor) -> None:
    ask(db)
    change_email(db, ana, "new@example.com")
    assert signs_in(db, PASSWORD, "new@example.com")
    with pytest.raises(Conflict):
        run(email_confirmation.send_again(db, limits(), ana, CLIENT))
    assert waiting(db) == []
