"""What somebody with a websocket of their own can do, who sends what no page would send."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlmodel import SQLModel

from tests.ui.conftest import on_one_database
from tests.ui.lists import rows_of
from tests.ui.pages import ROOT, Page, Refused, Site, handler_names
from todo_app.config import Settings, get_settings
from todo_app.db import Database
from todo_app.schemas.organise import LabelFields, ProjectFields
from todo_app.schemas.tasks import TaskFields
from todo_app.services import labels, projects, sessions, tasks
from todo_app.services.actor import Actor
from todo_app.services.limits import limits
from todo_app.ui.session import Session
from todo_app.ui.signing_in.flash import Flash
from todo_app.ui.signing_in.state import SigningIn
from todo_app.ui.task_list.state import TaskList
from todo_app.ui.task_panel.state import TaskPanel

pytestmark = [pytest.mark.anyio, pytest.mark.slow, on_one_database]

WORDS = ("Buy the ring", "She must not know")

# Every handler that a client can call, with what a page would send. The words in braces stand for ids of Ana's.
HANDLERS: dict[str, dict[str, Any]] = {
    "state.hydrate": {},
    "state.hydrate_and_load": {"vars": {}, "hashes": None},
    "state.set_is_hydrated": {"value": True},
    "frontend_event_exception_state.handle_frontend_exception": {"info": "an error", "component_stack": "a stack"},
    "on_load_internal_state.on_load_internal": {},
    "on_load_internal_state.set_is_hydrated": {"value": True},
    "update_vars_internal_state.update_vars_internal": {"vars": {}},
    "filters.check": {"where": "dialog", "text": "p1 & ovrdue"},
    "filters.explain": {"form": {"why-title": "ring"}},
    "filters.load": {},
    "filters.search": {"text": "p1"},
    "calendar.load": {},
    "live.catch_up": {},
    "live.new_day": {},
    "live.start_over": {},
    "notices.dismiss": {},
    "notices.redo": {},
    "notices.tell": {"message": "hello"},
    "notices.undo": {"change_id": 1},
    "notices.undo_last": {},
    "organise.archive": {"project_id": "{project}", "archived": True},
    "organise.delete": {"kind": "project", "row_id": "{project}"},
    "organise.move": {"kind": "label", "row_id": "{label}", "after": ""},
    "organise.open": {"kind": "project", "row_id": "{project}"},
    "organise.save": {"form": {"kind": "project", "id": "{project}", "name": "Mallory was here", "key": "k"}},
    "organise.step": {"kind": "project", "row_id": "{project}", "by": 1},
    "palette.add": {"text": "Mallory was here", "key": "k"},
    "palette.search": {"text": "ring"},
    "panel_choices.add_label": {"task_id": "{task}", "form": {"title": "Mallory", "key": "k"}},
    "panel_choices.end_repeat": {"task_id": "{task}"},
    "panel_choices.move_to": {"task_id": "{task}", "place": "inbox"},
    "panel_choices.remove_label": {"task_id": "{task}", "label_id": "{label}"},
    "panel_choices.set_repeat": {"task_id": "{task}", "words": "every mon"},
    "quick_add.read": {"text": "Call Sam tomorrow @hers", "dismissed": [], "number": 1, "day": ""},
    "row_menu.duplicate": {"task_id": "{task}", "key": "k"},
    "row_menu.rename": {"task_id": "{task}", "title": "Mallory was here", "base": "Buy the ring", "key": "k"},
    "row_menu.skip": {"task_id": "{task}"},
    "scheduling.reschedule": {"text": "tomorrow", "language": "", "key": "k"},
    "scheduling.schedule": {"ids": ["{task}"], "text": "tomorrow", "language": "", "key": "k"},
    "scheduling.understand": {"text": "tomorrow"},
    "second_steps.load": {},
    "sections.load": {},
    "selection.complete": {"ids": ["{task}"]},
    "selection.delete": {"ids": ["{task}"]},
    "selection.label": {"ids": ["{task}"], "add": ["{label}"], "remove": [], "names": ["mallory"]},
    "selection.move": {"ids": ["{task}"], "place": "inbox"},
    "selection.prioritise": {"ids": ["{task}"], "priority": 1},
    "settings_page.load": {},
    "settings_page.save": {"choice": "name", "value": "Mallory"},
    "settings_page.sign_out_place": {"session_id": "{session}"},
    "recovery.load": {},
    "sidebar.load": {},
    "signing_in.load": {},
    "subtasks.add": {"task_id": "{task}", "form": {"title": "Mallory was here", "key": "k"}},
    "subtasks.move": {"task_id": "{task}", "step": 1},
    "task_list.add": {"form": {"title": "Mallory was here", "key": "k"}},
    "task_list.delete": {"task_id": "{task}"},
    "task_list.earlier": {},
    "task_list.later": {},
    "task_list.load": {},
    "task_list.move": {"task_id": "{task}", "after": "", "group": "", "key": "k"},
    "task_list.set_done": {"task_id": "{task}", "done": True},
    "task_panel.close": {},
    "task_panel.keep_mine": {},
    "task_panel.keep_theirs": {},
    "task_panel.open_task": {"task_id": "{task}"},
    "task_panel.reopen": {},
    "task_panel.restore": {"change_id": 1},
    "task_panel.save": {"task_id": "{task}", "field": "title", "value": "Mallory was here"},
    "trash.ask": {"task_id": "{trashed}"},
    "trash.cancel": {},
    "trash.earlier": {},
    "trash.later": {},
    "trash.load": {},
    "trash.purge": {},
    "trash.restore": {"task_id": "{trashed}"},
    "week.load": {},
}
HOSTILE: list[Any] = [None, True, -1, 2**70, "", "x" * 20_000, "\x00", "\ud800", [], [["x"]], {}, {"a": {"b": None}}]


def short(name: str) -> str:
    """`task_list.add` for `reflex___state____state.todo_app___ui___task_list___state____task_list.add`."""
    state, _, handler = name.rpartition(".")
    return f"{state.rpartition('____')[2]}.{handler}"


@pytest.fixture
def ids(db: Database, ana: Actor) -> dict[str, str]:
    """The ids of some rows of Ana's."""
    return rows_of_ana(db, ana)


def rows_of_ana(db: Database, ana: Actor) -> dict[str, str]:
    """A task, one in Trash, her session, a label and a project, by their words in the table."""
    title, notes = WORDS
    made = [db.write_now(tasks.create_task, ana, TaskFields(title=title, notes=notes)) for _ in range(2)]
    db.write_now(tasks.delete_task, ana, made[1].id)
    label = db.write_now(labels.create_label, ana, LabelFields(name=f"hers {made[0].id}"))
    project = db.write_now(projects.create_project, ana, ProjectFields(name=f"Hers {made[0].id}"))
    return {
        "{task}": str(made[0].id),
        "{trashed}": str(made[1].id),
        "{session}": str(ana.session_id),
        "{label}": str(label.id),
        "{project}": str(project.id),
    }


def filled(payload: dict[str, Any], ids: dict[str, str]) -> dict[str, Any]:
    def fill(value: Any) -> Any:
        if isinstance(value, list):
            return [fill(each) for each in value]
        if isinstance(value, dict):
            return {name: fill(each) for name, each in value.items()}
        return ids.get(value, value) if isinstance(value, str) else value

    return {name: fill(value) for name, value in payload.items()}


def everything(db: Database, owner: Actor | None = None) -> dict[str, list[Any]]:
    """Every row of every table, or of one person alone."""

    def rows(session: Any, table: Any) -> list[Any]:
        statement = table.select()
        if owner is not None:
            column = next((table.c[name] for name in ("owner_id", "user_id") if name in table.c), table.c.get("id"))
            statement = statement.where(column == owner.user_id)
        return sorted(map(repr, session.connection().execute(statement)))

    return {table.name: db.read_now(rows, table) for table in SQLModel.metadata.sorted_tables}


def all_calls() -> list[tuple[str, dict[str, Any]]]:
    return [(name, HANDLERS[short(name)]) for name in handler_names() if not name.endswith(".setvar")]


@pytest.fixture
def no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many events as a test likes."""
    monkeypatch.setenv("EVENTS_PER_USER_PER_MINUTE", "100000")
    get_settings.cache_clear()
    limits.cache_clear()


def test_the_table_has_every_handler(site_handlers: list[str]) -> None:
    assert sorted({short(name) for name in site_handlers if not name.endswith(".setvar")}) == sorted(HANDLERS)


@pytest.fixture
def site_handlers(composed: Any, settings: Settings) -> list[str]:
    return handler_names()


# -- Nobody -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/inbox", "/login", "/settings", "/trash"])
async def test_without_a_session_no_handler_does_or_tells_anything(
    site: Site, db: Database, ids: dict[str, str], path: str
) -> None:
    before = everything(db)
    page = await site.page(path=path)
    for name, payload in all_calls():
        await page.send(name, filled(payload, ids))
        await page.send(name.rpartition(".")[0] + ".setvar", {"var_name": "is_hydrated", "value": True})
    assert everything(db) == before
    for words in (*WORDS, "Ana", "ana@example.com"):
        assert not page.has(words)
    assert page[Session]["name"] == ""
    assert not any(event["name"] != "_redirect" for event in page.events), page.events
    await page.close()


async def test_a_session_that_ended_in_mid_connection_does_and_tells_no_more(
    site: Site, db: Database, ana: Actor, ana_session: str, ids: dict[str, str]
) -> None:
    page = await site.page(ana_session)
    await page.call(TaskPanel.open_task, ids["{task}"])
    assert page.has(WORDS[1])
    db.write_now(sessions.end_all, ana.user_id)
    await page.settle()
    mark, before = page.mark(), everything(db)
    for name, payload in all_calls():
        await page.send(name, filled(payload, ids))
    assert everything(db) == before
    said = "".join(page.since(mark))
    for words in (*WORDS, "ana@example.com"):
        assert words not in said
    await page.close()


# -- A stranger -------------------------------------------------------------------------------------------------------


async def test_a_stranger_with_the_owners_ids_changes_and_learns_nothing(
    site: Site, db: Database, ana: Actor, bob: Actor, bob_session: str, ids: dict[str, str]
) -> None:
    before = everything(db, ana)
    page = await site.page(bob_session)
    for name, payload in all_calls():
        await page.send(name, filled(payload, ids))
        assert "report error" not in "".join(page.frames), name
    assert everything(db, ana) == before
    for words in (*WORDS, "ana@example.com"):
        assert not page.has(words)
    assert page[Session]["name"] == "Mallory"  # what is his own he may change
    await page.close()


async def test_the_owner_is_let_in_by_the_same_calls(
    site: Site, db: Database, ana: Actor, ana_session: str, no_limits: None
) -> None:
    """Else the others might be kept out by a mistake in the call."""
    refused = set()
    for name, payload in all_calls():
        sent = filled(payload, rows_of_ana(db, ana))
        page = await site.page(ana_session)
        await page.send(name, sent)
        assert not (page.sent_to or "").startswith("/login"), name
        if sent != payload and page.has("There is no such"):
            refused.add(short(name))
        await page.close()
    assert refused == {"subtasks.move"}  # which moves a subtask of the open task


async def test_a_foreign_id_looks_like_one_that_does_not_exist(
    site: Site, db: Database, bob_session: str, ids: dict[str, str]
) -> None:
    missing = dict.fromkeys(ids, "0190b5c4-0000-7000-8000-000000000000")
    answers = []
    for known in (ids, missing):
        page = await site.page(bob_session)
        said = {}
        for name, payload in all_calls():
            if filled(payload, ids) != payload:
                mark = page.mark()
                await page.send(name, filled(payload, known))
                said[name] = "".join(page.since(mark)).replace(page.token, "")
        answers.append(said)
        await page.close()
    assert len(answers[0]) > 20
    assert answers[0] == answers[1]


# -- Nonsense ---------------------------------------------------------------------------------------------------------


def nonsense(payload: dict[str, Any], value: Any) -> Iterator[dict[str, Any]]:
    """The payload with this value in the place of each argument, and of all."""
    for argument in payload:
        yield {**payload, argument: value}
    if len(payload) > 1:
        yield dict.fromkeys(payload, value)


@pytest.mark.parametrize("value", HOSTILE, ids=[repr(value)[:20] for value in HOSTILE])
async def test_arguments_of_any_type_harm_nobody(
    site: Site, db: Database, ana: Actor, bob_session: str, ids: dict[str, str], value: Any, no_limits: None
) -> None:
    before = everything(db, ana)
    page = await site.page(bob_session)
    for name, payload in all_calls():
        for sent in nonsense(filled(payload, ids), value):
            await page.post(name, sent)
        await page.settle()
    assert everything(db, ana) == before
    assert not any(page.has(words) for words in (*WORDS, "Traceback", "site-packages"))
    await page.call(TaskList.load)  # it is still there
    await page.close()


async def test_arguments_too_many_or_too_few_harm_nobody(
    site: Site, db: Database, ana: Actor, bob_session: str, ids: dict[str, str], no_limits: None
) -> None:
    before = everything(db, ana)
    page = await site.page(bob_session)
    for name, payload in all_calls():
        await page.post(name)
        await page.send(name, {**filled(payload, ids), "nonsense": 1})
    assert everything(db, ana) == before
    assert not any(page.has(words) for words in (*WORDS, "Traceback", "site-packages"))
    await page.close()


@pytest.mark.parametrize(
    "name",
    [
        f"{ROOT}.todo_app___ui___task_list___state____task_list._show",
        f"{ROOT}.todo_app___ui___task_list___state____task_list._stays",
        f"{ROOT}.todo_app___ui___session____session._welcome",
        f"{ROOT}.todo_app___ui___live____live._refresh_all",
        f"{ROOT}.todo_app___ui___task_list___state____task_list.__init__",
        f"{ROOT}.todo_app___ui___task_list___state____task_list.reset",
        f"{ROOT}.get_state",
        "os.system",
        "",
    ],
)
async def test_what_is_no_handler_can_not_be_called(
    site: Site, db: Database, ana_session: str, ids: dict[str, str], name: str, caplog: pytest.LogCaptureFixture
) -> None:
    before = everything(db)
    page = await site.page(ana_session)
    mark = page.mark()
    await page.send(name, {"actor": WORDS[0], "visitor": None})
    assert page.since(mark) == []
    assert everything(db) == before
    assert WORDS[0] not in caplog.text
    assert sessions.digest_of(ana_session) not in caplog.text
    await page.close()


@pytest.mark.parametrize(
    "vars_",
    [
        {f"{ROOT}.todo_app___ui___session____session._actor": {"user_id": "x"}},
        {f"{ROOT}.todo_app___ui___session____session.name_rx_state_": "Mallory"},
        {f"{ROOT}.is_hydrated_rx_state_": True, "nonsense": 1},
        {f"{ROOT}.rx_router_headers_rx_state_": {"raw_headers": {"authorization": "sid x"}}},
    ],
)
@pytest.mark.parametrize("event", ["hydrate_and_load", "reflex___state____update_vars_internal_state.update_vars_internal"])
async def test_a_client_sets_no_vars(site: Site, db: Database, bob_session: str, vars_: dict[str, Any], event: str) -> None:
    page = await site.page(bob_session)
    await page.send(f"{ROOT}.{event}", {"vars": vars_})
    await page.go("/inbox")
    assert page[Session]["name"] == "Bob"
    assert not page.has("Mallory")
    await page.close()


@pytest.mark.parametrize(
    "headers",
    [
        lambda digest: {"authorization": f"sid {digest}"},
        lambda digest: {"Authorization": f"sid {digest}"},
        lambda digest: {"x-session": digest, "cookie": f"session={digest}"},
    ],
)
async def test_a_digest_is_no_credential(site: Site, ana_session: str, ids: dict[str, str], headers: Any) -> None:
    """Whoever reads the database, the states or a proxy's log gets nobody's session by it."""
    forged = {name.lower(): value for name, value in headers(sessions.digest_of(ana_session)).items()}
    page = Page(site, headers=forged)
    await page.open("/inbox")
    assert page[Session]["name"] == ""
    assert page.sent_to
    await page.close()


async def test_a_flash_comes_from_its_cookie_alone(site: Site) -> None:
    message = Flash("/login", message="You have won").encode()
    page = Page(site, headers={"x-flash": message})
    await page.open("/login")
    assert page[SigningIn]["notice"] == ""
    await page.close()
    page = Page(site, cookies={"flash": message})
    await page.open("/login")
    assert page[SigningIn]["notice"] == "You have won"
    await page.close()


# -- The socket itself ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost:8000.evil.example", "null", "http://localhost:8001"])
async def test_the_socket_of_another_site_is_refused(site: Site, ana_session: str, origin: str) -> None:
    page = Page(site, ana_session, headers={"origin": origin})
    with pytest.raises(Refused):
        await page.open("/inbox")
    assert not page.accepted


BROKEN = [
    '42/_event,["event"]',
    '42/_event,["event",5]',
    '42/_event,["event","{\\"name\\""]',
    '42/_event,["event","Buy the ring"]',
    '42/_event,["event",{"name":{}}]',
    '42/_event,["event",{"name":"x","payload":"Buy the ring"}]',
    '42/_event,["event",{"name":"x","router_data":[]}]',
    '42/_event,["event",{"name":"x","router_data":{"pathname":{"a":1},"query":7,"asPath":[]}}]',
    '42/_event,["client_error",{"message":"x"}]',
    "42/_event,[",
    "42/other,[1]",
    "9",
]


@pytest.mark.parametrize("message", BROKEN)
async def test_a_broken_message_ends_at_most_its_own_socket(
    site: Site, ana_session: str, bob_session: str, message: str, caplog: pytest.LogCaptureFixture
) -> None:
    bobs, page = await site.page(bob_session), await site.page(ana_session)
    try:
        await page.raw(message)
        await page.settle()
    except Refused:
        pass
    assert WORDS[0] not in caplog.text
    assert sessions.digest_of(ana_session) not in caplog.text
    await bobs.call(TaskList.add, {"title": "Bob's", "key": "1"})
    assert [row["title"] for row in rows_of(bobs)] == ["Bob's"]
    await bobs.close()
    await page.close()


@pytest.mark.parametrize(("kilobytes", "is_taken"), [(100, True), (129, False)])
async def test_a_message_has_at_most_128_kilobytes(
    site: Site, db: Database, ana_session: str, kilobytes: int, is_taken: bool
) -> None:
    page = await site.page(ana_session)
    form = {"title": "long", "key": "1", "more": "x" * kilobytes * 1024}
    if is_taken:
        await page.call(TaskList.add, form)
    else:
        with pytest.raises(Refused):
            await page.call(TaskList.add, form)
    again = await site.page(ana_session)
    assert len(rows_of(again)) == is_taken
    await again.close()
    await page.close()


async def test_what_reaches_the_browser_holds_neither_the_token_nor_its_digest(
    site: Site, ana_session: str, ids: dict[str, str]
) -> None:
    page = await site.page(ana_session)
    for name, payload in all_calls():
        await page.send(name, filled(payload, ids))
    for path in ("/settings", "/trash", "/completed", "/inbox"):
        await page.go(path)
    assert page.has(WORDS[0])
    assert not page.has(ana_session)
    assert not page.has(sessions.digest_of(ana_session))
    await page.close()
