"""Where everything is put together: the pages, the API, and what stands around them. Nothing else happens here."""

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator
from functools import partial

import reflex as rx
import reflex.model  # loaded by Reflex at the first event with an argument, which would then wait for it
import structlog
from fastapi import FastAPI
from reflex_components_core.base.error_boundary import ErrorBoundary

from todo_app import logs
from todo_app.api.app import create_api
from todo_app.background import keep_at
from todo_app.clean_addresses import CleanAddresses
from todo_app.config import load_settings_or_exit
from todo_app.db import database
from todo_app.errors import Unavailable
from todo_app.headers import SecurityHeaders
from todo_app.metrics import MeasureRequests
from todo_app.request_ids import RequestIds
from todo_app.services import housekeeping, outbox, postman
from todo_app.ui import live, log_filter, routes
from todo_app.ui.calendar.state import Calendar
from todo_app.ui.errors import on_handler_error
from todo_app.ui.first_rows import FirstRows
from todo_app.ui.gate import Gate
from todo_app.ui.handshake import Handshake
from todo_app.ui.organise.filtering import Filters
from todo_app.ui.organise.week import Week
from todo_app.ui.pickers.state import Sections
from todo_app.ui.plain_messages import PlainMessages
from todo_app.ui.problems.page import crashed, not_found, waiting
from todo_app.ui.recovery import forms as recovery_forms
from todo_app.ui.recovery.page import confirm, new_password, reset
from todo_app.ui.recovery.state import Recovery
from todo_app.ui.second_steps import forms as second_step_forms
from todo_app.ui.second_steps.state import SecondSteps
from todo_app.ui.settings.page import settings as settings_page
from todo_app.ui.settings.state import SettingsPage
from todo_app.ui.sidebar import Sidebar
from todo_app.ui.signing_in import forms, second_step
from todo_app.ui.signing_in.page import code, login, recovery_code, signup
from todo_app.ui.signing_in.state import SigningIn
from todo_app.ui.sockets import LimitSockets, RefuseForeignSockets
from todo_app.ui.task_list.page import list_page
from todo_app.ui.task_list.page import title as list_title
from todo_app.ui.task_list.state import TaskList
from todo_app.ui.task_panel.state import TaskPanel
from todo_app.ui.timing import Timing
from todo_app.ui.trash.page import trash
from todo_app.ui.trash.state import Trash
from todo_app.ui.unread import HangUpOnUnread

SECONDS_BETWEEN_TIDYING = 3600
# Takes the secret of a mailed link out of the address before anything else can read it there: Reflex sends addresses to the server.
# (Without quotes and the like, which React would escape.)
HIDE_LINK = (
    "if (location.hash.startsWith(`#token=`)) "
    "{ window.linkToken = location.hash.slice(7); history.replaceState(null, ``, location.pathname) }"
)

settings = load_settings_or_exit()
logs.configure(settings.debug)
log_filter.install()
log = structlog.get_logger()


def _api() -> FastAPI:
    api = create_api(settings)
    for router in (forms.router, second_step.router, second_step_forms.router, recovery_forms.router):
        api.include_router(router)
    return api


def _error_boundary(stateful: bool) -> rx.Component:
    props = {} if stateful else {"on_error": rx.noop()}
    boundary: rx.Component = ErrorBoundary.create(fallback_render=crashed(), **props)
    return boundary


# Before anything is drawn: what the person chose here, which assets/ui.js keeps, and what the browser knows.
AT_FIRST = """Object.assign(document.documentElement.dataset, {
  theme: localStorage.getItem("todo-theme") ?? "system",
  sidebar: localStorage.getItem("todo-sidebar") ?? "on",
  passkeys: "parseRequestOptionsFromJSON" in (window.PublicKeyCredential ?? {}) ? "on" : "off",
});"""
FONT = {"as": "font", "type": "font/woff2", "crossOrigin": "anonymous"}

app = rx.App(
    stylesheets=["tokens.css", "app.css"],
    reset_style=False,
    html_lang="en",
    head_components=[
        rx.el.script(HIDE_LINK),
        rx.el.script(AT_FIRST),
        rx.el.meta(name="description", content="Tasks in and out of your head with the fewest keys, and never a lost word."),
        rx.el.meta(name="color-scheme", content="light dark"),
        rx.el.link(rel="preload", href="/fonts/inter-latin-wght-normal.woff2", custom_attrs=FONT),
        rx.el.link(rel="icon", href="/favicon.ico", sizes="32x32"),
        rx.el.link(rel="icon", href="/icon.svg", type="image/svg+xml"),
        rx.el.link(rel="apple-touch-icon", href="/icon-192.png"),
        rx.el.link(rel="manifest", href="/manifest.webmanifest"),
        rx.el.meta(name="theme-color", content="#f5f4f0", custom_attrs={"media": "(prefers-color-scheme: light)"}),
        rx.el.meta(name="theme-color", content="#111413", custom_attrs={"media": "(prefers-color-scheme: dark)"}),
    ],
    toaster=None,  # Reflex's own: its script weighs 9 KB, and needs `eval`
    hydrate_fallback=waiting,
    app_wraps={(55, "ErrorBoundary"): _error_boundary},
    backend_exception_handler=on_handler_error,
    api_transformer=[
        _api(),
        PlainMessages,
        HangUpOnUnread,
        LimitSockets,
        RefuseForeignSockets,
        Handshake,
        FirstRows,
        CleanAddresses,
        SecurityHeaders,
        RequestIds,
        MeasureRequests,
    ],
)
app.add_middleware(Timing(), index=0)
app.add_middleware(Gate(), index=1)


@contextlib.asynccontextmanager
async def _follow_changes() -> AsyncIterator[None]:
    async with live.following(app, settings.redis_url):
        yield


@contextlib.asynccontextmanager
async def _tidy_now_and_then() -> AsyncIterator[None]:
    async def tidy() -> None:
        while True:
            is_more = False
            try:
                is_more = await database().write(housekeeping.tidy)
            except Unavailable as error:
                log.warning("tidying_failed", reason=error.detail)
            await asyncio.sleep(0 if is_more else SECONDS_BETWEEN_TIDYING)

    task = asyncio.create_task(keep_at("tidying", tidy))
    yield
    task.cancel()


@contextlib.asynccontextmanager
async def _send_mail() -> AsyncIterator[None]:
    if not outbox.is_open():
        yield
        return
    stop = asyncio.Event()
    task = asyncio.create_task(keep_at("mail", partial(postman.deliver_until, stop, database())))
    yield
    stop.set()
    await task


@contextlib.asynccontextmanager
async def _send_traces() -> AsyncIterator[None]:
    if settings.otel_exporter_otlp_endpoint is None:
        yield
        return
    from todo_app.tracing import traces_to

    async with traces_to(settings.otel_exporter_otlp_endpoint):
        yield


app.register_lifespan_task(_send_traces)
app.register_lifespan_task(_follow_changes)
app.register_lifespan_task(_tidy_now_and_then)
app.register_lifespan_task(_send_mail)

LOADED_TOO = {routes.SEARCH: [Filters.load], routes.UPCOMING: [Week.load], routes.PROJECT: [Calendar.load]}
PAGES = {
    routes.TRASH: ("Trash", trash, [Trash.load, Sidebar.load, Sections.load, TaskPanel.close]),
    routes.SETTINGS: (
        "Settings",
        settings_page,
        [SettingsPage.load, SecondSteps.load, Sidebar.load, Sections.load, TaskPanel.close],
    ),
    routes.LOGIN: ("Sign in", login, [SigningIn.load]),
    routes.CODE: ("One more step", code, [SigningIn.load]),
    routes.RECOVERY_CODE: ("One more step", recovery_code, [SigningIn.load]),
    routes.SIGNUP: ("Create an account", signup, [SigningIn.load]),
    routes.RESET: ("Forgot your password?", reset, [Recovery.load]),
    routes.NEW_PASSWORD: ("Choose a new password", new_password, [Recovery.load]),
    routes.CONFIRM: ("Confirm your email", confirm, [Recovery.load]),
}
# Pages are given as functions: a server of pages already built never calls them.
for route in routes.LISTS:
    address = f"{route}/[which]" if route in (routes.PROJECT, routes.LABEL) else route
    on_load = [TaskList.load, Sidebar.load, Sections.load, TaskPanel.reopen, *LOADED_TOO.get(route, [])]
    app.add_page(partial(list_page, route), route=address, title=list_title(route) + f" · {settings.page_name}", on_load=on_load)
for route, (name, page, on_load) in PAGES.items():
    app.add_page(page, route=route, title=f"{name} · {settings.page_name}", on_load=on_load)
app.add_page(login, route="/", title=settings.page_name, on_load=SigningIn.load)
app.add_page(not_found, route="404", title=f"Page not found · {settings.page_name}")

# All this stays as long as the process does. To look through it for garbage would now and then stop everybody for a while: 0.2 s.
gc.freeze()
