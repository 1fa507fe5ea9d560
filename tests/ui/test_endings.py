"""What ends sessions ends them at once: over REST, and in open pages, which are told and do not have to ask."""

from collections.abc import Awaitable, Callable

import httpx
import pytest

from tests.people import ANA, CLIENT, PASSWORD
from tests.servers import SECRET
from tests.ui.lists import rows_of
from tests.ui.pages import Site
from todo_app.db import Database
from todo_app.errors import WrongPassword
from todo_app.schemas.accounts import Confirmation, EmailChange, PasswordChange, PasswordReset
from todo_app.schemas.tasks import TaskFields
from todo_app.services import access_tokens, accounts, mail_links, recovery, sessions, tasks
from todo_app.services.actor import Actor
from todo_app.services.limits import limits
from todo_app.ui.session import Session

pytestmark = pytest.mark.anyio

NEW_PASSWORD = "four green frogs"


async def sign_out_everywhere(db: Database, ana: Actor) -> None:
    await db.write(sessions.end_all, ana.user_id)


async def change_password(db: Database, ana: Actor) -> None:
    change = PasswordChange(current_password=PASSWORD, new_password=NEW_PASSWORD)
    await accounts.change_password(db, limits(), ana, change, CLIENT)


async def reset_password(db: Database, ana: Actor) -> None:
    token = await db.write(mail_links.make, "reset", ana.user_id, ANA)
    await recovery.set_new_password(db, limits(), PasswordReset(token=token, new_password=NEW_PASSWORD))


async def delete_account(db: Database, ana: Actor) -> None:
    await accounts.delete_account(db, limits(), ana, Confirmation(password=PASSWORD), CLIENT)


ENDINGS = [sign_out_everywhere, change_password, reset_password, delete_account]
End = Callable[[Database, Actor], Awaitable[None]]


async def ask_api(site: Site, actor: Actor) -> int:
    token = access_tokens.issue(actor.user_id, actor.session_id, SECRET)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(site.asgi), base_url="http://localhost:8000") as api:
        return (await api.get("/api/me", headers={"Authorization": f"Bearer {token}"})).status_code


@pytest.mark.parametrize("end", ENDINGS)
async def test_rest_and_open_pages_end_at_once(site: Site, db: Database, ana: Actor, ana_session: str, end: End) -> None:
    db.write_now(tasks.create_task, ana, TaskFields(title="Rehearse the surprise"))
    page = await site.page(ana_session)
    assert rows_of(page)
    assert await ask_api(site, ana) == 200
    await end(db, ana)
    assert await ask_api(site, ana) == 401
    await page.settle()  # it sends nothing of its own
    assert page.sent_to == "/login?ended=1&next=%2Finbox"
    assert (rows_of(page), page[Session]["name"]) == ([], "")
    await page.close()


@pytest.mark.parametrize("end", ENDINGS)
async def test_nobody_else_is_signed_out(site: Site, db: Database, ana: Actor, bob: Actor, bob_session: str, end: End) -> None:
    page = await site.page(bob_session)
    await end(db, ana)
    await page.settle()
    assert page.sent_to is None
    assert await ask_api(site, bob) == 200
    await page.close()


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD + " ", PASSWORD.upper()])
async def test_email_password_and_deletion_ask_for_the_password_again(db: Database, ana: Actor, password: str) -> None:
    for attempt in (
        accounts.change_email(db, limits(), ana, EmailChange(email="new@example.com", password=password), CLIENT),
        accounts.change_password(db, limits(), ana, PasswordChange(current_password=password, new_password=NEW_PASSWORD), CLIENT),
        accounts.delete_account(db, limits(), ana, Confirmation(password=password), CLIENT),
    ):
        with pytest.raises(WrongPassword):
            await attempt
    assert (await db.read(accounts.get_user, ana)).email == ANA
    assert (await db.read(sessions.by_id, ana.session_id, ana.user_id)).actor.user_id == ana.user_id
