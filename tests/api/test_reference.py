"""/openapi.json, /docs and /redoc."""

import asyncio
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from granian.constants import Interfaces
from granian.server.embed import Server
from playwright.sync_api import expect, sync_playwright

from tests.api.conftest import Api
from tests.people import ANA, PASSWORD
from todo_app.config import Settings

# ReDoc draws the whole document at once, which takes a busy machine a while.
PATIENCE_MS = 30_000

PAGES = ("/docs", "/redoc")


def test_the_document_is_openapi_3_1_and_names_every_problem(api: Api) -> None:
    document = api.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1.")
    assert document["info"]["version"] == "0.1.0"
    for path, operations in document["paths"].items():
        for operation in operations.values():
            for status, response in operation["responses"].items():
                if path != "/health" and int(status) >= 400:
                    assert list(response["content"]) == ["application/problem+json"]
            assert ("security" in operation) == ("401" in operation["responses"] and not path.startswith("/api/auth/")) or path == (
                "/api/auth/logout"
            )
    assert "HTTPValidationError" not in document["components"]["schemas"]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_needs_no_other_host_and_no_inline_script(api: Api, page: str) -> None:
    answer = api.get(page)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "unsafe-eval" not in policy
    assert not re.search(r"<script(?![^>]*\bsrc=)", answer.text)
    for address in re.findall(r'(?:src|href)="([^"]+)"', answer.text):
        assert address.startswith("/")
        if address.startswith("/docs/"):
            asset = api.get(address)
            assert asset.status_code == 200
            assert asset.headers["content-type"].startswith(("text/javascript", "text/css"))
            assert len(asset.content) > 100
            assert b"cdn.redoc.ly" not in asset.content


def test_the_name_on_a_page_is_escaped(settings: Settings) -> None:
    from todo_app.api.app import create_api

    api = Api(create_api(settings.model_copy(update={"app_name": "<script>alert(1)</script>"})))
    for page in PAGES:
        assert "<script>alert" not in api.get(page).text


def test_no_other_file_can_be_had(api: Api) -> None:
    for name in ("app.py", "../app.py", "..%2Fapp.py", "swagger.html", "__init__.py"):
        assert api.get(f"/docs/assets/{name}").status_code == 404


@contextmanager
def served(api: Api) -> Iterator[str]:
    """The API on a port of this machine, for a browser."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Server(api.app, address="127.0.0.1", port=port, interface=Interfaces.ASGI)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_until_complete, args=(server.serve(),))
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        loop.call_soon_threadsafe(server.stop)
        thread.join(10)
        loop.close()


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_both_pages_work_in_a_browser_and_authorize_signs_in(api: Api, ana: Api, chromium: str) -> None:
    with served(api) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request", lambda request: complaints.append(request.url) if not request.url.startswith((address, "data:")) else None
        )

        page.goto(f"{address}/redoc")
        expect(page.get_by_role("heading", name="TODO API")).to_be_visible(timeout=PATIENCE_MS)
        expect(page.get_by_text("Adds a task.").first).to_be_visible()

        page.goto(f"{address}/docs")
        page.get_by_role("button", name="Authorize", exact=True).click()
        page.get_by_label("username:").fill(ANA)
        page.get_by_label("password:").fill(PASSWORD)
        page.locator(".auth-btn-wrapper button.authorize").click()
        page.locator(".auth-btn-wrapper button.btn-done").click()
        page.locator("#operations-Me-get_me .opblock-summary-control").click()
        page.get_by_role("button", name="Try it out").click()
        page.get_by_role("button", name="Execute").click()
        expect(page.locator(".live-responses-table").get_by_text(ANA).first).to_be_visible()
        browser.close()
    # The icon is Reflex's to serve, and here there is no Reflex.
    assert [complaint for complaint in complaints if "icon.svg" not in complaint and "404" not in complaint] == []
