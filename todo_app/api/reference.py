"""The API's own documentation: Swagger UI at /docs and ReDoc at /redoc, all from this origin and without inline scripts."""

import html
from functools import lru_cache
from importlib import resources
from pathlib import Path

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse

from todo_app.api.dependencies import settings_of

router = APIRouter(include_in_schema=False)

_PAGES = Path(__file__).parent / "pages"
_JAVASCRIPT = "text/javascript; charset=utf-8"
# Our starters, and the libraries as the package fastapi-offline brings them.
_FILES = {
    "swagger.js": _JAVASCRIPT,
    "redoc.js": _JAVASCRIPT,
    "swagger-ui-bundle.js": _JAVASCRIPT,
    "redoc.standalone.js": _JAVASCRIPT,
    "swagger-ui.css": "text/css; charset=utf-8",
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# ReDoc loads its maker's logo from elsewhere; ours is as good.
_FOREIGN_LOGO, _OWN_LOGO = b"https://cdn.redoc.ly/redoc/logo-mini.svg", b"/icon.svg"


def _page(name: str, request: Request) -> Response:
    text = (_PAGES / name).read_text("utf-8").replace("{title}", html.escape(settings_of(request).api_name))
    return HTMLResponse(text, headers={"Content-Security-Policy": _POLICY})


@router.get("/docs")
async def swagger(request: Request) -> Response:
    """Swagger UI."""
    return _page("swagger.html", request)


@router.get("/redoc")
async def redoc(request: Request) -> Response:
    """ReDoc."""
    return _page("redoc.html", request)


@lru_cache
def _content(name: str) -> bytes:
    own = _PAGES / name
    content = own.read_bytes() if own.exists() else (resources.files("fastapi_offline") / "static" / name).read_bytes()
    return content.replace(_FOREIGN_LOGO, _OWN_LOGO)


@router.get("/docs/assets/{name}")
async def asset(name: str) -> Response:
    """A script or style of the two pages."""
    if name not in _FILES:
        raise HTTPException(404)
    headers = {"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"}
    return Response(_content(name), headers=headers, media_type=_FILES[name])
