"""What Reflex is told. The settings themselves are in todo_app/config.py."""

import reflex as rx
from reflex.constants import StateManagerMode
from reflex.plugins import SitemapPlugin

from todo_app.bundling import FewFiles
from todo_app.config import load_settings_or_exit

# Open ones are kept by todo_app/ui/live.py.
SECONDS_A_CLOSED_PAGE_IS_KEPT = 900

settings = load_settings_or_exit()

config = rx.Config(
    app_name="todo_app",
    # The pages put their own host and port in its place (todo_app/bundling.py).
    api_url="http://localhost:8000",
    deploy_url=settings.frontend_url,
    backend_port=settings.port,
    # Reflex's default is every origin, with credentials.
    cors_allowed_origins=[settings.frontend_url],
    trusted_proxy_hops=settings.trusted_proxy_hops,
    # What a page shows is a cache, and its websocket stays with one process: its state does too. Other processes have their own.
    state_manager_mode=StateManagerMode.MEMORY,
    redis_token_expiration=SECONDS_A_CLOSED_PAGE_IS_KEPT,
    # The first format a browser accepts is sent, so the smallest comes first.
    frontend_compression_formats=["brotli", "zstd", "gzip"],
    show_built_with_reflex=False,
    telemetry_enabled=False,
    plugins=[FewFiles()],
    disable_plugins=[SitemapPlugin],  # its pages are private
)
