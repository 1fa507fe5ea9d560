"""Other sites: what they make a browser send is refused, and what they fetch can't be read."""

import asyncio
from typing import Any

from tests.api.conftest import Api, assert_problem
from todo_app.api.origin import RefuseCrossSite
from todo_app.config import Settings

CROSS = {"Sec-Fetch-Site": "cross-site"}


def test_another_site_can_change_nothing(ana: Api) -> None:
    task = ana.add("Mine")
    for method, path in [
        ("POST", "/api/tasks"),
        ("PUT", f"/api/tasks/{task['id']}"),
        ("PATCH", f"/api/tasks/{task['id']}"),
        ("DELETE", f"/api/tasks/{task['id']}"),
        ("POST", "/api/auth/login"),
    ]:
        assert_problem(ana(method, path, json={"title": "x"}, headers={**CROSS, "Origin": "https://evil.example"}), 403)
        assert_problem(ana(method, path, json={"title": "x"}, headers=CROSS), 403)
    assert ana.get("/api/tasks").json()["items"] == [task]


def test_reading_and_what_comes_from_this_site_or_no_browser_are_fine(ana: Api, settings: Settings) -> None:
    assert ana.get("/api/tasks", headers=CROSS).status_code == 200
    for site in ("same-origin", "same-site", "none"):
        assert ana.post("/api/tasks", json={"title": site}, headers={"Sec-Fetch-Site": site}).status_code == 201
    headers = {**CROSS, "Origin": settings.frontend_url}
    assert ana.post("/api/tasks", json={"title": "pages on a host of their own"}, headers=headers).status_code == 201


def test_it_guards_any_app_and_leaves_sockets_alone() -> None:
    seen: list[str] = []

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        seen.append(scope["type"])

    async def nothing(*_args: Any) -> None: ...

    guard = RefuseCrossSite(app, "http://localhost:8000")
    headers = [(b"sec-fetch-site", b"cross-site")]
    asyncio.run(guard({"type": "http", "method": "POST", "path": "/sign-in", "headers": headers}, nothing, nothing))
    asyncio.run(guard({"type": "websocket", "path": "/_event", "headers": headers}, nothing, nothing))
    assert seen == ["websocket"]


def test_only_the_page_s_own_origin_may_read_answers(ana: Api, settings: Settings) -> None:
    own = ana.get("/api/tasks", headers={"Origin": settings.frontend_url})
    assert own.headers["access-control-allow-origin"] == settings.frontend_url
    assert own.headers["access-control-allow-credentials"] == "true"
    assert {"ETag", "Location", "Retry-After"} <= set(own.headers["access-control-expose-headers"].split(", "))
    for origin in ("https://evil.example", "null", f"{settings.frontend_url}.evil.example", "*"):
        foreign = ana.get("/api/tasks", headers={"Origin": origin})
        assert "access-control-allow-origin" not in foreign.headers


def test_a_preflight_names_what_may_be_sent(api: Api, settings: Settings) -> None:
    headers = {
        "Origin": settings.frontend_url,
        "Access-Control-Request-Method": "PATCH",
        "Access-Control-Request-Headers": "authorization, content-type, if-match, idempotency-key",
    }
    answer = api("OPTIONS", "/api/tasks", headers=headers)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == settings.frontend_url
    assert "PATCH" in answer.headers["access-control-allow-methods"]
    assert api("OPTIONS", "/api/tasks", headers={**headers, "Origin": "https://evil.example"}).status_code == 400


def test_errors_can_be_read_by_the_page_too(api: Api, settings: Settings) -> None:
    answer = api.get("/api/me", headers={"Origin": settings.frontend_url})
    assert_problem(answer, 401)
    assert answer.headers["access-control-allow-origin"] == settings.frontend_url
