"""Two-step sign-in: what counts as a code, how often, and who may switch it."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import SQLModel, select
from structlog.testing import capture_logs

from tests.authenticators import Clock, Phone
from tests.people import ANA, BOB, CLIENT, PASSWORD, statements
from tests.servers import SECRET
from todo_app.config import Settings, get_settings
from todo_app.db import Database
from todo_app.errors import CodeNeeded, Conflict, Invalid, NotSignedIn, TooMany, WrongCode, WrongPassword
from todo_app.models import Authenticator, RecoveryCode, SignIn
from todo_app.models.base import utc_now
from todo_app.schemas.accounts import Confirmation, Credentials, EmailChange, PasswordChange
from todo_app.schemas.second_step import FirstCode, TwoStepView
from todo_app.services import accounts, export, housekeeping, sessions, signed_tokens, tickets, two_step
from todo_app.services.actor import Actor
from todo_app.services.entry import FirstStep
from todo_app.services.limits import Limits, limits
from todo_app.services.two_step import SET_UP_LIFE

NEW_PASSWORD = "four grey cranes"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def set_up(db: Database, person: Actor, clock: Clock) -> tuple[Phone, list[str]]:
    """Switches two-step sign-in on; the phone, and the recovery codes."""
    made = asyncio.run(two_step.set_up(db, limits(), person, Confirmation(password=PASSWORD), CLIENT))
    phone = Phone(made.secret, clock)
    codes = asyncio.run(two_step.turn_on(db, limits(), person, FirstCode(code=phone.code()), CLIENT))
    clock.forward()
    return phone, codes.recovery_codes


@pytest.fixture
def phone(db: Database, ana: Actor, clock: Clock) -> Phone:
    """Ana's phone, with two-step sign-in on."""
    return set_up(db, ana, clock)[0]


def sign_in(db: Database, code: str | None = None, password: str = PASSWORD, email: str = ANA) -> accounts.SignedIn:
    credentials = Credentials(email=email, password=password, code=code)
    return asyncio.run(accounts.sign_in(db, limits(), credentials, CLIENT, "api"))


def first_step(db: Database, email: str = ANA) -> FirstStep:
    credentials = Credentials(email=email, password=PASSWORD)
    return asyncio.run(accounts.check_credentials(db, limits(), credentials, CLIENT))


def status(db: Database, person: Actor) -> TwoStepView:
    return db.read_now(two_step.get_two_step, person)


def sign_ins(db: Database, person: Actor) -> int:
    return len(db.read_now(lambda session: session.exec(select(SignIn).where(SignIn.user_id == person.user_id)).all()))


def confirmation(code: str | None) -> Confirmation:
    return Confirmation(password=PASSWORD, code=code)


# -- Setting up -------------------------------------------------------------------------------------------------------


def test_it_counts_once_a_first_code_has_confirmed_it(db: Database, ana: Actor, clock: Clock) -> None:
    made = asyncio.run(two_step.set_up(db, limits(), ana, Confirmation(password=PASSWORD), CLIENT))
    assert status(db, ana) == TwoStepView(on=False, recovery_codes_left=0)
    sign_in(db)
    phone = Phone(made.secret, clock)
    with pytest.raises(Invalid, match="Invalid code") as error:
        asyncio.run(two_step.turn_on(db, limits(), ana, FirstCode(code=phone.wrong_code()), CLIENT))
    assert [found.pointer for found in error.value.errors] == ["/code"]
    sign_in(db)
    asyncio.run(two_step.turn_on(db, limits(), ana, FirstCode(code=phone.code()), CLIENT))
    assert status(db, ana) == TwoStepView(on=True, recovery_codes_left=10)
    with pytest.raises(CodeNeeded):
        sign_in(db)


def test_the_app_is_told_whose_codes_they_are(db: Database, ana: Actor) -> None:
    made = asyncio.run(two_step.set_up(db, limits(), ana, Confirmation(password=PASSWORD), CLIENT))
    assert made.uri == f"otpauth://totp/Todo:ana%40example.com?secret={made.secret}&issuer=Todo"


def test_setting_up_needs_the_password(db: Database, ana: Actor) -> None:
    with pytest.raises(WrongPassword):
        asyncio.run(two_step.set_up(db, limits(), ana, Confirmation(password="guess"), CLIENT))
    assert db.read_now(lambda session: session.exec(select(Authenticator)).all()) == []


def test_a_set_up_begun_twice_goes_on_with_the_second_secret(db: Database, ana: Actor, clock: Clock) -> None:
    first, second = (
        asyncio.run(two_step.set_up(db, limits(), ana, Confirmation(password=PASSWORD), CLIENT)).secret for _ in range(2)
    )
    with pytest.raises(Invalid):
        asyncio.run(two_step.turn_on(db, limits(), ana, FirstCode(code=Phone(first, clock).code()), CLIENT))
    asyncio.run(two_step.turn_on(db, limits(), ana, FirstCode(code=Phone(second, clock).code()), CLIENT))


def test_the_code_that_confirmed_it_does_not_sign_in_too(db: Database, ana: Actor, clock: Clock) -> None:
    phone, _codes = set_up(db, ana, clock)
    clock.forward(-30)
    with pytest.raises(WrongCode):
        sign_in(db, phone.code())


def test_a_set_up_left_alone_is_over_after_a_while(db: Database, ana: Actor, clock: Clock) -> None:
    made = asyncio.run(two_step.set_up(db, limits(), ana, Confirmation(password=PASSWORD), CLIENT))

    def age(session: Any) -> None:
        session.get(Authenticator, ana.user_id).created_at = utc_now() - SET_UP_LIFE - timedelta(seconds=5)

    db.write_now(age)
    with pytest.raises(Conflict, match="begin again"):
        asyncio.run(two_step.turn_on(db, limits(), ana, FirstCode(code=Phone(made.secret, clock).code()), CLIENT))
    db.write_now(housekeeping.tidy)
    assert db.read_now(lambda session: session.get(Authenticator, ana.user_id)) is None


def test_tidying_leaves_a_set_up_under_way_and_one_that_is_done(db: Database, ana: Actor, bob: Actor, phone: Phone) -> None:
    asyncio.run(two_step.set_up(db, limits(), bob, Confirmation(password=PASSWORD), CLIENT))

    def age(session: Any) -> None:
        session.get(Authenticator, ana.user_id).created_at = utc_now() - timedelta(days=400)

    db.write_now(age)
    db.write_now(housekeeping.tidy)
    assert len(db.read_now(lambda session: session.exec(select(Authenticator)).all())) == 2


def test_what_is_on_is_not_set_up_again(db: Database, ana: Actor, phone: Phone) -> None:
    with pytest.raises(Conflict, match="on already"):
        asyncio.run(two_step.set_up(db, limits(), ana, confirmation(phone.code()), CLIENT))
    with pytest.raises(Conflict, match="on already"):
        asyncio.run(two_step.turn_on(db, limits(), ana, FirstCode(code=phone.code()), CLIENT))


def test_two_tabs_that_set_up_at_once_both_get_an_answer(db: Database, ana: Actor) -> None:
    async def both() -> list[object]:
        tries = (two_step.set_up(db, limits(), ana, Confirmation(password=PASSWORD), CLIENT) for _ in range(2))
        return list(await asyncio.gather(*tries))

    assert len({made.secret for made in asyncio.run(both())}) == 2
    assert len(db.read_now(lambda session: session.exec(select(Authenticator)).all())) == 1


# -- Codes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [-30, 0, 30])
def test_the_code_of_now_and_of_one_step_to_either_side_is_taken(
    db: Database, ana: Actor, clock: Clock, phone: Phone, seconds: int
) -> None:
    clock.forward(60)
    signed_in = sign_in(db, phone.code(seconds))
    row = db.read_now(lambda session: session.get(SignIn, signed_in.session.session_id))
    assert row.method == "code"


@pytest.mark.parametrize("seconds", [-90, -60, 60, 90, 3600])
def test_the_code_of_another_time_is_not(db: Database, clock: Clock, phone: Phone, seconds: int) -> None:
    clock.forward(120)
    with pytest.raises(WrongCode, match="Invalid code"):
        sign_in(db, phone.code(seconds))


def test_a_code_may_be_written_with_spaces(db: Database, phone: Phone) -> None:
    code = phone.code()
    sign_in(db, f" {code[:3]} {code[3:]} ")


@pytest.mark.parametrize("code", ["", " ", "-", None])
def test_no_code_is_asked_for(db: Database, phone: Phone, code: str | None) -> None:
    with pytest.raises(CodeNeeded):
        sign_in(db, code)


@pytest.mark.parametrize("code", ["12345", "1234567", "abcdef", "١٢٣٤٥٦", "\x00", "0" * 64, "%", "'; --"])
def test_a_code_of_any_other_kind_is_wrong(db: Database, phone: Phone, code: str) -> None:
    with pytest.raises(WrongCode):
        sign_in(db, code)


def test_replaying_a_code_is_refused(db: Database, phone: Phone) -> None:
    code = phone.code()
    sign_in(db, code)
    with pytest.raises(WrongCode):
        sign_in(db, code)
    sign_in(db, phone.next_code())


def test_a_code_older_than_the_last_one_taken_is_refused(db: Database, clock: Clock, phone: Phone) -> None:
    clock.forward(60)
    sign_in(db, phone.code())
    with pytest.raises(WrongCode):
        sign_in(db, phone.code(-30))


def in_parallel(work: Callable[[], Any], times: int) -> list[Any]:
    """What each of these gives or raises, begun at the same time in threads of their own."""

    def caught(_number: int) -> Any:
        try:
            return work()
        except Exception as error:
            return error

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(caught, range(times)))


def test_two_parallel_uses_of_one_code_make_one_session(db: Database, ana: Actor, phone: Phone) -> None:
    first, code, before = first_step(db), phone.code(), sign_ins(db, ana)
    results = in_parallel(lambda: db.write_now(accounts._begin, first, "browser", "", code), 4)
    assert [type(result) for result in results].count(accounts.SignedIn) == 1
    assert [type(result) for result in results].count(WrongCode) == 3
    assert sign_ins(db, ana) == before + 1


def test_somebody_elses_code_is_wrong(db: Database, ana: Actor, bob: Actor, clock: Clock, phone: Phone) -> None:
    bobs, bobs_codes = set_up(db, bob, clock)
    for code in (bobs.code(), bobs_codes[0]):
        with pytest.raises(WrongCode):
            sign_in(db, code)
    sign_in(db, bobs.code(), email=BOB)
    assert status(db, bob).recovery_codes_left == 10


def test_a_right_code_does_not_help_with_a_wrong_password(db: Database, ana: Actor, phone: Phone) -> None:
    code = phone.code()
    with pytest.raises(NotSignedIn, match="Invalid email or password"):
        sign_in(db, code, "guess")
    sign_in(db, code)  # it was not used up


def test_a_code_where_none_is_asked_for_is_ignored(db: Database, ana: Actor) -> None:
    sign_in(db, "123456")


def test_asking_whether_it_is_on_costs_one_query(db: Database, ana: Actor) -> None:
    first = first_step(db)
    with statements(db) as seen:
        db.write_now(accounts._begin, first, "browser", "", None)
    assert len(seen) == 4  # the account, whether two-step sign-in is on, and the session with its token
    with statements(db) as seen:
        status(db, ana)
    assert len(seen) == 2


# -- Ten wrong ones ---------------------------------------------------------------------------------------------------


def test_after_ten_wrong_codes_the_account_is_locked_for_a_while(db: Database, ana: Actor, bob: Actor, phone: Phone) -> None:
    for _ in range(10):
        with pytest.raises(WrongCode):
            sign_in(db, phone.wrong_code())
    with pytest.raises(TooMany) as caught:
        sign_in(db, phone.code())
    assert 0 < caught.value.retry_after <= 15 * 60
    with pytest.raises(TooMany):  # and nowhere else either
        asyncio.run(two_step.turn_off(db, limits(), ana, confirmation(phone.code()), CLIENT))
    sign_in(db, email=BOB)


def test_whoever_runs_the_site_lets_in_who_has_lost_phone_and_codes(db: Database, ana: Actor, phone: Phone) -> None:
    with pytest.raises(CodeNeeded):
        sign_in(db)
    with capture_logs() as lines:
        db.write_now(two_step.turn_off_for, ANA.upper())
    assert [(line["event"], line["fields"]) for line in lines] == [("user_updated", "two_step")]
    assert sign_in(db).session
    assert db.read_now(two_step.get_two_step, ana) == TwoStepView(on=False, recovery_codes_left=0)


def test_wrong_recovery_codes_and_wrong_confirmations_count_too(db: Database, ana: Actor, phone: Phone) -> None:
    for _ in range(5):
        with pytest.raises(WrongCode):
            sign_in(db, "aaaa-bbbb-cccc-dddd")
        with pytest.raises(Invalid, match="Invalid code"):
            asyncio.run(two_step.turn_off(db, limits(), ana, confirmation(phone.wrong_code()), CLIENT))
    with pytest.raises(TooMany):
        sign_in(db, phone.code())


def test_guesses_sent_at_once_count_as_much_as_one_after_the_other(db: Database, phone: Phone) -> None:
    async def guess() -> list[object]:
        credentials = Credentials(email=ANA, password=PASSWORD, code=phone.wrong_code())
        tries = (accounts.sign_in(db, limits(), credentials, CLIENT, "api") for _ in range(25))
        return list(await asyncio.gather(*tries, return_exceptions=True))

    results = [type(result) for result in asyncio.run(guess())]
    assert (results.count(WrongCode), results.count(TooMany)) == (10, 15)


def test_wrong_codes_of_one_account_are_counted_for_every_worker(redis_url: str, tmp_path: Path, ana_id: Any) -> None:
    settings = Settings(data_dir=tmp_path, auth_secret=SECRET, redis_url=redis_url, code_failures_per_account=3)
    workers = [Limits(settings), Limits(settings)]

    async def guess(worker: Limits) -> None:
        async with worker.code(ana_id, "192.0.2.1"):
            raise WrongCode

    for number in range(3):
        with pytest.raises(WrongCode):
            asyncio.run(guess(workers[number % 2]))
    for worker in workers:
        with pytest.raises(TooMany):
            asyncio.run(guess(worker))


@pytest.fixture
def ana_id() -> Any:
    """An id that no other run has counted."""
    from todo_app.models.base import new_id

    return new_id()


# -- Recovery codes ---------------------------------------------------------------------------------------------------


def test_each_recovery_code_works_once(db: Database, ana: Actor, clock: Clock) -> None:
    _phone, codes = set_up(db, ana, clock)
    assert len(set(codes)) == 10
    signed_in = sign_in(db, codes[0])
    assert db.read_now(lambda session: session.get(SignIn, signed_in.session.session_id)).method == "recovery_code"
    with pytest.raises(WrongCode):
        sign_in(db, codes[0])
    sign_in(db, codes[1].upper().replace("-", " "))
    assert status(db, ana).recovery_codes_left == 8


def test_two_parallel_uses_of_one_recovery_code_make_one_session(db: Database, ana: Actor, clock: Clock) -> None:
    _phone, codes = set_up(db, ana, clock)
    first = first_step(db)
    results = in_parallel(lambda: db.write_now(accounts._begin, first, "browser", "", codes[0]), 4)
    assert [type(result) for result in results].count(accounts.SignedIn) == 1


def test_new_recovery_codes_make_the_old_ones_void(db: Database, ana: Actor, clock: Clock) -> None:
    phone, old = set_up(db, ana, clock)
    new = asyncio.run(two_step.renew_recovery_codes(db, limits(), ana, confirmation(phone.code()), CLIENT)).recovery_codes
    assert not set(old) & set(new)
    with pytest.raises(WrongCode):
        sign_in(db, old[0])
    sign_in(db, new[0])


# -- At rest ----------------------------------------------------------------------------------------------------------


def everything_stored(db: Database) -> str:
    def dump(session: Any) -> str:
        return "\n".join(
            repr(row) for table in SQLModel.metadata.sorted_tables for row in session.connection().execute(table.select())
        )

    return db.read_now(dump)


def test_a_copy_of_the_database_has_no_secret_and_no_code(db: Database, ana: Actor, clock: Clock) -> None:
    made = asyncio.run(two_step.set_up(db, limits(), ana, Confirmation(password=PASSWORD), CLIENT))
    code = FirstCode(code=Phone(made.secret, clock).code())
    codes = asyncio.run(two_step.turn_on(db, limits(), ana, code, CLIENT)).recovery_codes
    stored = everything_stored(db)
    for secret in (made.secret, *codes, *(code.replace("-", "") for code in codes)):
        assert secret not in stored


def test_the_export_tells_that_it_is_on_and_no_secret(db: Database, ana: Actor, clock: Clock, phone: Phone) -> None:
    document = db.read_now(export.export_all, ana)
    assert document.two_step == TwoStepView(on=True, recovery_codes_left=10)
    text = document.model_dump_json()
    sealed = db.read_now(lambda session: session.get(Authenticator, ana.user_id)).sealed_secret
    digests = db.read_now(lambda session: session.exec(select(RecoveryCode.digest)).all())
    assert not any(secret in text for secret in (sealed, *digests))


def test_under_another_auth_secret_codes_are_wrong_and_recovery_codes_work(
    db: Database, ana: Actor, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, codes = set_up(db, ana, clock)
    monkeypatch.setattr(get_settings(), "auth_secret", "another secret of more than 32 characters")
    with capture_logs() as lines, pytest.raises(WrongCode):
        sign_in(db, phone.code())
    assert {"event": "two_step_secret_unreadable", "log_level": "error", "mend": "set AUTH_SECRET back to what it was"} in lines
    sign_in(db, codes[0])


# -- What asks for a code ---------------------------------------------------------------------------------------------

Work = Callable[[Database, Actor, str | None], Any]
CONFIRMED: dict[str, Work] = {
    "change_email": lambda db, me, code: accounts.change_email(
        db, limits(), me, EmailChange(email="new@example.com", password=PASSWORD, code=code), CLIENT
    ),
    "change_password": lambda db, me, code: accounts.change_password(
        db, limits(), me, PasswordChange(current_password=PASSWORD, new_password=NEW_PASSWORD, code=code), CLIENT
    ),
    "change_password_and_stay": lambda db, me, code: accounts.change_password_and_stay(
        db, limits(), me, PasswordChange(current_password=PASSWORD, new_password=NEW_PASSWORD, code=code), CLIENT
    ),
    "delete_account": lambda db, me, code: accounts.delete_account(db, limits(), me, confirmation(code), CLIENT),
    "renew_recovery_codes": lambda db, me, code: two_step.renew_recovery_codes(db, limits(), me, confirmation(code), CLIENT),
    "turn_off": lambda db, me, code: two_step.turn_off(db, limits(), me, confirmation(code), CLIENT),
}


@pytest.mark.parametrize("name", CONFIRMED)
def test_what_needs_the_password_needs_a_code_too(db: Database, ana: Actor, phone: Phone, name: str) -> None:
    before = everything_stored(db)
    for code, message in ((None, "Enter the code"), (phone.wrong_code(), "Invalid code")):
        with pytest.raises(Invalid, match=message) as caught:
            asyncio.run(CONFIRMED[name](db, ana, code))
        assert [error.pointer for error in caught.value.errors] == ["/code"]
        assert everything_stored(db) == before
    asyncio.run(CONFIRMED[name](db, ana, phone.code()))
    assert everything_stored(db) != before


def test_a_code_is_not_used_up_by_what_fails(db: Database, ana: Actor, bob: Actor, phone: Phone) -> None:
    taken = EmailChange(email=BOB, password=PASSWORD, code=phone.code())
    with pytest.raises(Conflict):
        asyncio.run(accounts.change_email(db, limits(), ana, taken, CLIENT))
    free = taken.model_copy(update={"email": "new@example.com"})
    asyncio.run(accounts.change_email(db, limits(), ana, free, CLIENT))


def test_whoever_changes_the_password_and_stays_is_signed_in_as_before(db: Database, ana: Actor, phone: Phone) -> None:
    signed_in = sign_in(db, phone.code())
    here = Actor(ana.user_id, signed_in.session.session_id, "UTC")
    change = PasswordChange(current_password=PASSWORD, new_password=NEW_PASSWORD, code=phone.next_code())
    new = asyncio.run(accounts.change_password_and_stay(db, limits(), here, change, CLIENT))
    row = db.read_now(lambda session: session.exec(select(SignIn)).one())
    assert (row.id, row.kind, row.method) == (new.session_id, "api", "code")
    assert status(db, ana).on


def test_off_is_off(db: Database, ana: Actor, phone: Phone) -> None:
    asyncio.run(two_step.turn_off(db, limits(), ana, confirmation(phone.code()), CLIENT))
    assert status(db, ana) == TwoStepView(on=False, recovery_codes_left=0)
    sign_in(db)
    for work in (two_step.turn_off, two_step.renew_recovery_codes):
        with pytest.raises(Conflict, match="is off"):
            asyncio.run(work(db, limits(), ana, confirmation(None), CLIENT))


def test_a_deleted_account_leaves_nothing_of_it(db: Database, ana: Actor, phone: Phone) -> None:
    asyncio.run(accounts.delete_account(db, limits(), ana, confirmation(phone.code()), CLIENT))
    assert everything_stored(db) == ""


# -- The ticket between the steps -------------------------------------------------------------------------------------


def test_a_first_step_leads_to_one_session(db: Database, ana: Actor, clock: Clock) -> None:
    _phone, codes = set_up(db, ana, clock)
    first, before = accounts.resume(accounts.suspend(first_step(db))), sign_ins(db, ana)
    unused = iter(codes)
    results = in_parallel(lambda: db.write_now(accounts._begin, first, "browser", "", next(unused)), 4)
    assert [type(result) for result in results].count(accounts.SignedIn) == 1
    assert [type(result) for result in results].count(Conflict) == 3
    assert sign_ins(db, ana) == before + 1
    assert status(db, ana).recovery_codes_left == 9  # what was refused took no code


def test_a_first_step_is_void_once_the_password_changes(db: Database, ana: Actor, phone: Phone) -> None:
    ticket = accounts.suspend(first_step(db))
    change = PasswordChange(current_password=PASSWORD, new_password=NEW_PASSWORD, code=phone.code())
    asyncio.run(accounts.change_password(db, limits(), ana, change, CLIENT))
    with pytest.raises(NotSignedIn, match="Invalid email or password"):
        asyncio.run(accounts.enter(db, limits(), accounts.resume(ticket), CLIENT, "browser", phone.next_code()))


def test_a_first_step_is_over_after_ten_minutes(db: Database, ana: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signed_tokens, "utc_now", lambda: utc_now() - tickets.LIFE - timedelta(seconds=5))
    ticket = accounts.suspend(first_step(db))
    with pytest.raises(Conflict, match="took too long"):
        accounts.resume(ticket)


def test_a_ticket_for_something_else_is_no_first_step(db: Database, ana: Actor) -> None:
    from todo_app.services import access_tokens

    for text in (
        tickets.issue("passkey-registration", ana.user_id, "data"),
        access_tokens.issue(ana.user_id, ana.session_id, SECRET),
        "",
        "a.b.c",
    ):
        with pytest.raises(Conflict):
            accounts.resume(text)
    with pytest.raises(NotSignedIn):
        access_tokens.read(accounts.suspend(first_step(db)), SECRET)


def test_what_is_switched_and_shown_is_written_in_the_security_log(db: Database, ana: Actor, clock: Clock) -> None:
    with capture_logs() as lines:
        phone, codes = set_up(db, ana, clock)
        asyncio.run(two_step.renew_recovery_codes(db, limits(), ana, confirmation(codes[0]), CLIENT))
        with pytest.raises(WrongCode):
            sign_in(db, phone.wrong_code())
        sign_in(db, phone.code())
        asyncio.run(two_step.turn_off(db, limits(), ana, confirmation(phone.next_code()), CLIENT))
        sign_in(db)
    said = [line for line in lines if line["event"] in ("user_updated", "authn_login_fail", "authn_login_success")]
    assert {line["user"] for line in said} == {str(ana.user_id)}
    assert [line.get("fields") or line.get("step") or line.get("method") for line in said] == [
        "two_step recovery_codes",
        "recovery_codes",
        "code",
        "code",
        "two_step",
        "password",
    ]
    assert [line["event"] for line in said[2:4]] == ["authn_login_fail", "authn_login_success"]


def test_a_ticket_that_is_nobody_s_is_no_first_step(db: Database) -> None:
    with pytest.raises(Conflict, match="begin again"):
        accounts.resume(tickets.issue("second-step", None, "anything"))


def test_spent_tickets_are_tidied_away_once_their_time_is_over(db: Database, ana: Actor) -> None:
    first = accounts.resume(accounts.suspend(first_step(db)))
    assert first.ticket
    db.write_now(tickets.spend, first.ticket, ana.user_id)
    db.write_now(housekeeping.tidy)
    with pytest.raises(Conflict):
        db.write_now(tickets.spend, first.ticket, ana.user_id)


def test_the_list_of_sessions_says_how_each_was_begun(db: Database, ana: Actor, phone: Phone) -> None:
    sign_in(db, phone.code())
    assert sorted(item.method for item in db.read_now(sessions.list_sessions, ana).items) == ["code", "password"]
