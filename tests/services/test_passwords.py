"""Password rules and hashes."""

import asyncio
import time

import bcrypt
import pytest

from todo_app.errors import Invalid
from todo_app.services import passwords


def hashed(password: str) -> str:
    return asyncio.run(passwords.hash_password(password))


def matches(password: str, stored: str | None) -> bool:
    return asyncio.run(passwords.matches(password, stored))


def test_a_password_matches_its_own_hash_alone() -> None:
    stored = hashed("three blue herons")
    assert matches("three blue herons", stored)
    assert not matches("Three blue herons", stored)
    assert stored != hashed("three blue herons")


def test_no_byte_is_cut_off() -> None:
    """bcrypt alone reads 72 bytes: these two differ only in byte 73 of 91."""
    one, other = "x" * 72 + "a" + "y" * 18, "x" * 72 + "b" + "y" * 18
    assert len(one) == 91
    assert matches(one, hashed(one))
    assert not matches(other, hashed(one))


def test_a_nul_does_not_end_a_password() -> None:
    assert not matches("first\0other", hashed("first\0second"))


@pytest.mark.parametrize("password", ["😀" * 128, "\ud800 half a pair", " " * 8, "é" * 128])
def test_any_characters_will_do(password: str) -> None:
    assert matches(password, hashed(password))


def test_composed_and_decomposed_are_told_apart_as_typed() -> None:
    assert not matches("e\u0301" * 8, hashed("\u00e9" * 8))


def test_the_cost_is_12(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert passwords.COST == 12
    assert passwords._hash("x").startswith("$2b$12$")


def test_an_unknown_person_costs_one_comparison_too(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[bytes] = []
    real = bcrypt.checkpw

    def note(password: bytes, stored: bytes) -> bool:
        compared.append(stored)
        return real(password, stored)

    monkeypatch.setattr(bcrypt, "checkpw", note)
    assert not matches("anything", None)
    assert not matches("anything", hashed("else"))
    assert [stored[:7] for stored in compared] == [b"$2b$04$"] * 2


def test_not_even_the_stand_in_s_own_password_signs_anybody_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hash_of_nothing", lambda: passwords._hash("guessed"))
    assert not matches("guessed", None)


def test_hashing_leaves_the_event_loop_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hash", lambda _password: time.sleep(0.3) or "done")

    async def main() -> list[str]:
        order: list[str] = []
        hashing = asyncio.create_task(passwords.hash_password("x"))
        hashing.add_done_callback(lambda _task: order.append("hashed"))
        await asyncio.sleep(0.05)
        order.append("an event")
        await hashing
        await asyncio.sleep(0)
        return order

    assert asyncio.run(main()) == ["an event", "hashed"]


def test_the_list_of_common_passwords_is_long_and_in_lower_case() -> None:
    common = passwords.common_passwords()
    assert len(common) >= 3000
    assert {"password", "12345678", "qwertyuiop"} <= common
    assert all(word == word.casefold() for word in common)


@pytest.mark.parametrize(
    "password", ["Password1", "12345678", "ANA@example.com", "Ana Maria Lopez", "ana.maria.lopez", "ana@EXAMPLE.com"]
)
def test_what_is_easily_guessed_is_refused(password: str) -> None:
    email = "ana.maria.lopez@example.com" if "." in password and "@" not in password else "ana@example.com"
    with pytest.raises(
        Invalid, match=r"(one of the most common ones|can't be your own email or name)\. Please choose another\.$"
    ) as caught:
        passwords.check_new_password(password, email, "Ana Maria Lopez", "new_password")
    assert [error.pointer for error in caught.value.errors] == ["/new_password"]


@pytest.mark.parametrize("password", ["three blue herons", "        ", "пароль длинный", "password but longer"])
def test_everything_else_is_fine(password: str) -> None:
    passwords.check_new_password(password, "ana@example.com", "Ana", "password")
