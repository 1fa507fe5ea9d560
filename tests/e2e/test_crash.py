"""A page that breaks while it is drawn, and a server that refuses."""

import pytest
from playwright.sync_api import WebSocketRoute, expect

from tests.e2e.conftest import Visit
from tests.e2e.people import Person

pytestmark = pytest.mark.slow


def send_an_object_for_a_name(route: WebSocketRoute) -> None:
    """What no server of ours sends: React can't draw it, and throws."""
    server = route.connect_to_server()
    server.on_message(
        lambda message: route.send(str(message).replace('"name_rx_state_":"', '"name_rx_state_":{"broken":1},"was":"'))
    )
    route.on_message(server.send)


def test_a_page_that_breaks_says_that_the_tasks_are_safe_and_shows_no_internals(
    visit: Visit, person: Person, expected_errors: list[str]
) -> None:
    expected_errors.append("Minified React error #31")
    page = visit(person)
    page.route_web_socket("**/_event**", send_an_object_for_a_name)
    page.reload()
    expect(page.get_by_role("heading", name="This page stopped working")).to_be_visible()
    expect(page.get_by_text("Your tasks are safe.")).to_be_visible()
    expect(page.get_by_text("Minified React error")).to_have_count(0)
    page.unroute_all()
    expect(page.get_by_role("link", name="Load again")).to_have_attribute("href", "/today")


def refuse_what_is_added(route: WebSocketRoute) -> None:
    """As the server does while its database is away: nothing is stored, and the rows are drawn anew."""
    server = route.connect_to_server()

    def refuse(message: str | bytes) -> None:
        if "task_list.add" in str(message):
            refusal = '{"delta":{"reflex___state____state.todo_app___ui___live____live":{"epoch_rx_state_":7}}}'
            route.send(f'42/_event,["event",{refusal}]')
        else:
            server.send(message)

    server.on_message(route.send)
    route.on_message(refuse)


def test_the_words_of_a_task_that_could_not_be_added_come_back(visit: Visit, person: Person) -> None:
    page = visit(person)
    page.route_web_socket("**/_event**", refuse_what_is_added)
    page.reload()
    expect(page.get_by_role("heading", name="Your inbox is clear")).to_be_visible()
    line = page.get_by_role("textbox", name="Add a task")
    line.fill("Call the landlord")
    line.press("Enter")
    expect(line).to_have_value("Call the landlord")
