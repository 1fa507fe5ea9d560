"""What people do on the pages, by the names they see and hear."""

from playwright.sync_api import Locator, Page, expect

# What a browser complains of in its console while it is offline; the last is of the service worker.
AWAY = ["WebSocket connection to", "net::ERR_", "Failed to load resource", "when fetching the script"]


def add(page: Page, *titles: str) -> None:
    """Types each title into the quick add, and waits until the last one is in the list."""
    for title in titles:
        page.get_by_role("textbox", name="Add a task").fill(title)
        page.keyboard.press("Enter")
    expect(box(page, titles[-1]).first).to_be_visible()


def tasks(page: Page) -> Locator:
    """The rows of the list."""
    return page.get_by_role("list", name="Tasks").get_by_role("listitem")


def box(page: Page, title: str) -> Locator:
    """The checkbox of a task."""
    return page.get_by_role("list", name="Tasks").get_by_role("checkbox", name=title, exact=True)


def row(page: Page, title: str) -> Locator:
    """The row of a task."""
    return tasks(page).filter(has=page.get_by_text(title, exact=True))


def open_task(page: Page, title: str) -> Locator:
    """Opens a task; its panel."""
    row(page, title).get_by_role("button", name=title, exact=True).click()
    expect(field(page, "Title")).to_have_value(title)
    return panel(page)


def panel(page: Page) -> Locator:
    """The panel of the open task."""
    return page.get_by_role("complementary", name="Task details")


def field(page: Page, name: str) -> Locator:
    """A field of the panel."""
    return panel(page).get_by_label(name, exact=True)


def edit(page: Page, name: str, text: str) -> None:
    """Fills a text of the panel and leaves it, which saves it; waits until the history tells of it."""
    field(page, name).fill(text)
    field(page, name).blur()
    expect(history(page).first).to_contain_text(name)


def history(page: Page) -> Locator:
    """The lines of the open task's history, newest first."""
    return panel(page).get_by_role("list", name="History").get_by_role("listitem")


def choose(page: Page, title: str, action: str) -> None:
    """An item of a task's menu."""
    row(page, title).hover()
    row(page, title).get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name=action).click()


def delete(page: Page, title: str) -> None:
    """Moves a task to Trash."""
    choose(page, title, "Delete")
    expect(row(page, title)).to_have_count(0)


def toast(page: Page) -> Locator:
    """What the page has to say."""
    return page.get_by_role("status")


def go_to(page: Page, name: str) -> None:
    """Another page, by the navigation."""
    page.get_by_role("navigation", name="Main").get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


def has_stopped_loading(page: Page) -> None:
    """Returns when the list, empty or not, is there."""
    expect(page.get_by_text("Loading your tasks")).to_have_count(0)


def sign_in(page: Page, email: str, password: str) -> None:
    """Fills the form of the login page and sends it."""
    page.get_by_role("textbox", name="Email").fill(email)
    page.get_by_role("textbox", name="Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def sign_out(page: Page) -> None:
    """By the account menu."""
    page.get_by_role("button", name="Account", exact=True).click()
    page.get_by_role("menuitem", name="Sign out").click()
