"""What every answer says to the browser about itself."""

import base64
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import reflex as rx
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from tests.ui.conftest import on_one_database
from todo_app import headers
from todo_app.config import Settings, get_settings
from todo_app.headers import SecurityHeaders, content_security_policy

pytestmark = [pytest.mark.anyio, on_one_database]

INLINE = "console.log('made by the build')"
ALWAYS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


@pytest.fixture
def pages(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Built pages, one with an inline script and a script of its own file."""
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "index.html").write_text(f'<script src="/a.js"></script><script type="module">{INLINE}</script>')
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "app-1a2b.js").write_text("1")
    monkeypatch.setattr(headers, "BUILT_PAGES", tmp_path)
    content_security_policy.cache_clear()
    yield tmp_path
    content_security_policy.cache_clear()


@pytest.fixture
def served(pages: Path) -> ASGIApp:
    """Pages, files, redirects and errors behind the wrapper."""

    async def page(_request: object) -> Response:
        return HTMLResponse((pages / "inbox" / "index.html").read_text())

    async def own(_request: object) -> Response:
        return PlainTextResponse("x", headers={"Cache-Control": "no-store", "Content-Security-Policy": "default-src 'none'"})

    async def away(_request: object) -> Response:
        return RedirectResponse("/inbox")

    async def broken(_request: object) -> Response:
        raise RuntimeError

    routes = [
        Route("/inbox", page),
        Route("/own", own),
        Route("/away", away),
        Route("/broken", broken),
        Mount("/assets", StaticFiles(directory=pages / "assets")),
    ]
    return SecurityHeaders(Starlette(routes=routes))


async def get(app: ASGIApp, path: str, method: str = "GET", **content: object) -> httpx.Response:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
        return await client.request(method, path, **content)


def policy(answer: httpx.Response) -> dict[str, list[str]]:
    parts = (part.split() for part in answer.headers["content-security-policy"].split(";"))
    return {name: sources for name, *sources in parts}


@pytest.mark.parametrize(
    ("path", "status"),
    [("/inbox", 200), ("/assets/app-1a2b.js", 200), ("/assets/gone.js", 404), ("/away", 307), ("/broken", 500), ("/no", 404)],
)
async def test_every_answer_has_them(served: ASGIApp, path: str, status: int) -> None:
    answer = await get(served, path)
    assert answer.status_code == status
    assert {name: answer.headers[name] for name in ALWAYS} == ALWAYS
    assert policy(answer)["frame-ancestors"] == ["'none'"]
    assert "camera=()" in answer.headers["permissions-policy"]
    assert "strict-transport-security" not in answer.headers


async def test_a_page_runs_its_own_scripts_and_the_builds_inline_one_by_hash(served: ASGIApp) -> None:
    rules = policy(await get(served, "/inbox"))
    digest = base64.b64encode(hashlib.sha256(INLINE.encode()).digest()).decode()
    assert rules["script-src"] == ["'self'", f"'sha256-{digest}'"]
    assert rules["default-src"] == rules["connect-src"] == ["'self'"]
    assert rules["object-src"] == rules["base-uri"] == ["'none'"]
    assert rules["form-action"] == ["'self'"]


async def test_nothing_may_eval_and_no_other_host_is_named(served: ASGIApp) -> None:
    for path in ("/inbox", "/assets/app-1a2b.js", "/no"):
        text = (await get(served, path)).headers["content-security-policy"]
        assert "unsafe-eval" not in text
        assert "unsafe-inline" not in text.replace("style-src 'self' 'unsafe-inline'", "")
        assert not re.search(r"\*|https?:", text)


async def test_only_what_is_there_and_named_by_its_content_is_kept(served: ASGIApp) -> None:
    assert (await get(served, "/assets/app-1a2b.js")).headers["cache-control"] == "public, max-age=31536000, immutable"
    for path in ("/assets/gone.js", "/inbox", "/no", "/broken"):
        assert (await get(served, path)).headers["cache-control"] == "no-cache"


async def test_what_an_inner_part_says_stays(served: ASGIApp) -> None:
    answer = await get(served, "/own")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers.get_list("content-security-policy") == ["default-src 'none'"]


async def test_https_is_for_good(served: ASGIApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTEND_URL", "https://todo.example.org")
    get_settings.cache_clear()
    assert (await get(served, "/inbox")).headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize("origin", ["http://localhost:8000", "https://todo.example.org"])
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/health", 200),
        ("GET", "/api/tasks", 401),
        ("GET", "/api/nothing", 404),
        ("DELETE", "/api/auth/login", 405),
        ("PUT", "/api/tasks", 413),
        ("POST", "/api/auth/login", 422),
        ("GET", "/openapi.json", 200),
        ("GET", "/docs", 200),
        ("GET", "/redoc", 200),
        ("POST", "/session/sign-out", 303),
        ("POST", "/session/sign-in", 303),
        ("GET", "/session/sign-in", 404),
        ("GET", "/ping", 200),
        ("GET", "/_event/?EIO=4&transport=polling", 400),
    ],
)
async def test_the_whole_app_has_them_wherever_it_answers(
    composed: tuple[rx.App, ASGIApp],
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
    path: str,
    status: int,
    origin: str,
) -> None:
    monkeypatch.setenv("FRONTEND_URL", origin)
    get_settings.cache_clear()
    content = {"content": b"x" * (2**20 + 1)} if status == 413 else {}
    answer = await get(composed[1], path, method, **content)
    assert answer.status_code == status
    assert {name: answer.headers[name] for name in ALWAYS} == ALWAYS
    assert "unsafe-eval" not in answer.headers["content-security-policy"]
    assert policy(answer)["frame-ancestors"] == ["'none'"]
    assert "camera=()" in answer.headers["permissions-policy"]
    assert ("strict-transport-security" in answer.headers) == origin.startswith("https")
    assert re.fullmatch(r"[0-9a-f]{12}", answer.headers["x-request-id"])
    if path.startswith("/api/"):
        assert answer.headers["cache-control"] == "no-store"
    for cookie in answer.headers.get_list("set-cookie"):
        assert all(flag in cookie for flag in ("HttpOnly", "SameSite=strict"))
        assert ("Secure" in cookie) == origin.startswith("https")


@pytest.mark.parametrize("path", ["/_upload", "/_upload/x", "/_all_routes", "/auth-codespace"])
async def test_what_reflex_offers_beyond_pages_is_not_there(
    composed: tuple[rx.App, ASGIApp], settings: Settings, path: str
) -> None:
    for method in ("GET", "POST"):
        assert (await get(composed[1], path, method)).status_code == 404


@pytest.mark.parametrize(
    ("origin", "is_let_in"), [("http://localhost:8000", True), ("https://evil.example", False), ("null", False)]
)
async def test_only_our_own_origin_may_read_across(
    composed: tuple[rx.App, ASGIApp], settings: Settings, origin: str, is_let_in: bool
) -> None:
    asked = {"Origin": origin, "Access-Control-Request-Method": "GET"}
    for method, path in (("OPTIONS", "/api/tasks"), ("GET", "/health"), ("GET", "/ping")):
        allowed = (await get(composed[1], path, method, headers=asked)).headers.get("access-control-allow-origin")
        assert allowed == (origin if is_let_in else None)
