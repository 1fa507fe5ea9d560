"""What every answer says to the browser about itself: the outermost ASGI wrapper."""

import base64
import hashlib
import re
from functools import lru_cache
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from todo_app.config import get_settings

BUILT_PAGES = Path(".web/build/client")
_YEAR = 365 * 24 * 3600
# Files whose name changes with their content; everything else is asked for again.
_HASHED = "/assets/"
# The service worker, which fetches pages under a policy of its own.
_WORKER = "/sw.js"
# For what is no page: a kilobyte less with each script and style.
_NOTHING_RUNS = "default-src 'none'; frame-ancestors 'none'"


@lru_cache(maxsize=1)
def content_security_policy() -> str:
    """Only our own scripts run. The few inline ones of the built pages are named by hash; nothing may `eval`."""
    scripts = " ".join(("'self'", *_inline_script_hashes(BUILT_PAGES)))
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src {scripts}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def _inline_script_hashes(pages: Path) -> list[str]:
    found = set()
    for page in pages.rglob("*.html"):
        for script in re.findall(r"<script[^>]*>(.*?)</script>", page.read_text("utf-8"), re.DOTALL):
            if script:
                found.add(f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'")
    return sorted(found)


class SecurityHeaders:
    """Adds the headers to every HTTP answer; one that an inner part has set stays."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on, answers with their headers added."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                is_page = headers.get("content-type", "").startswith("text/html") or scope["path"] == _WORKER
                is_page |= message["status"] == 304  # which names no type, and replaces the policy of the page in the cache
                is_lasting = scope["path"].startswith(_HASHED) and message["status"] < 400
                for name, value in _headers(is_page, is_lasting).items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def _headers(is_page: bool, is_lasting: bool) -> dict[str, str]:
    headers = {
        "Content-Security-Policy": content_security_policy() if is_page else _NOTHING_RUNS,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Cache-Control": f"public, max-age={_YEAR}, immutable" if is_lasting else "no-cache",
    }
    if get_settings().secure:
        headers["Strict-Transport-Security"] = f"max-age={_YEAR}; includeSubDomains"
    return headers
