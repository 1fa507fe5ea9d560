"""A site, a browser, people, and pages that nothing may go wrong on."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Protocol

import httpx
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.e2e.actions import add
from tests.e2e.people import Person, new_person
from tests.e2e.site import Site
from tests.servers import SECRET, MailServer
from tests.serving import free_port
from todo_app.config import Settings
from todo_app.db import Database

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
# Nothing waits for what moves, except where that is what a test is about.
USUAL = {"viewport": {"width": 1440, "height": 900}, "locale": "en-GB", "reduced_motion": "reduce"}
# Long enough for a busy machine; nothing waits this long unless it fails.
PATIENCE_MS = 10_000


class Visit(Protocol):
    """Opens a page in a browser of its own: as somebody, or signed out."""

    def __call__(self, person: Person | None = None, path: str = "", **options: Any) -> Page: ...


@pytest.fixture(scope="session")
def mail() -> Iterator[MailServer]:
    """Where the site's mail arrives."""
    with MailServer() as server:
        yield server


@pytest.fixture(scope="session")
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, mail: MailServer) -> Iterator[Site]:
    """The app, built and served. The build is kept for the next run."""
    directory = request.config.cache.mkdir("e2e")
    site = Site(free_port(), directory, tmp_path_factory.mktemp("e2e"), SMTP_URL=mail.url, MAIL_FROM="Todo <todo@example.com>")
    try:
        site.build()
        site.start()
        yield site
    finally:
        site.close()


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    """Chromium."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*FLAGS, "--no-first-run"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def http(site: Site) -> Iterator[httpx.Client]:
    """Requests without a browser."""
    with httpx.Client(base_url=site.url) as client:
        yield client


@pytest.fixture(scope="session")
def site_db(site: Site) -> Iterator[Database]:
    """The site's own database."""
    db = Database(Settings(_env_file=None, auth_secret=SECRET, data_dir=site.data_dir))
    yield db
    db.engine.dispose()


@pytest.fixture
def person(http: httpx.Client, site_db: Database) -> Person:
    """Somebody new, with nothing in their list."""
    return new_person(http, site_db)


@pytest.fixture
def expected_errors() -> list[str]:
    """Parts of console errors that the test means to cause; empty unless it adds some."""
    return []


@pytest.fixture
def visit(site: Site, browser: Browser, expected_errors: list[str]) -> Iterator[Visit]:
    """Opens pages, each in a context of its own, and fails the test if one of them complained in its console.

    A violation of the content security policy is such a complaint too.
    """
    contexts = []
    errors: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            errors.append(f"{message.text} ({message.location['url']})")

    def watch(page: Page) -> None:
        page.on("console", on_console)
        page.on("pageerror", lambda error: errors.append(f"{error.message}\n{error.stack}"))
        page.on("dialog", lambda dialog: (errors.append(f"dialog: {dialog.message}"), dialog.dismiss()))

    def open_page(person: Person | None = None, path: str = "", **options: Any) -> Page:
        context = browser.new_context(**{**USUAL, "base_url": site.url, **options})
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        context.on("page", watch)
        if person:
            context.add_cookies(
                [{"name": "session", "value": person.session, "url": site.url, "httpOnly": True, "sameSite": "Strict"}]
            )
        page = context.new_page()
        page.goto(path or ("/inbox" if person else "/login"))
        return page

    yield open_page
    for context in contexts:
        with suppress(Exception):
            context.close()
    site.wire.mend()
    assert [error for error in errors if not any(part in error for part in expected_errors)] == []


@pytest.fixture
def inbox(person: Person, visit: Visit) -> Page:
    """The person's empty inbox."""
    page = visit(person)
    expect(page.get_by_role("heading", name="Your inbox is clear")).to_be_visible()
    return page


@pytest.fixture
def four(inbox: Page) -> Page:
    """A list of four tasks, with the focus on no field."""
    add(inbox, "d", "c", "b", "a")
    inbox.get_by_role("heading", name="Inbox", level=1).focus()
    return inbox
