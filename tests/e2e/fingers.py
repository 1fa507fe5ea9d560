"""What a finger does on a page, as the browser gets it from a screen: by its debugger."""

from playwright.sync_api import Locator, Page, expect

STEPS = 6

Place = tuple[float, float]


def middle(element: Locator) -> Place:
    """Where its middle is in the window, once it stands still."""
    element.hover(trial=True)
    box = element.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def press_and_drag(page: Page, start: Place, end: Place) -> None:
    """Presses long, moves, lets go."""
    _draw(page, start, end, is_long=True)


def swipe(page: Page, start: Place, end: Place) -> None:
    """Moves at once, as one scrolls."""
    _draw(page, start, end, is_long=False)


def press_long(page: Page, place: Place) -> None:
    """Presses, and lets go where it was."""
    _draw(page, place, place, is_long=True)


def _draw(page: Page, start: Place, end: Place, *, is_long: bool) -> None:
    debugger = page.context.new_cdp_session(page)

    def touch(kind: str, *places: Place) -> None:
        points = [{"x": x, "y": y} for x, y in places]
        debugger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", start)
    if is_long:
        expect(page.locator("[data-held]")).to_be_visible()
    for step in range(1, STEPS + 1):
        x, y = (first + (last - first) * step / STEPS for first, last in zip(start, end, strict=True))
        if start != end:
            touch("touchMove", (x, y))
    touch("touchEnd")
    debugger.detach()
