"""What axe finds on a page, and whether it fits its window."""

import json
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page, expect

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
EVERYTHING = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COLORS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
# A theme changes colours and nothing else, so the second one is asked about these alone.
ASKED = {"light": EVERYTHING, "dark": COLORS}
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
STILL = "*, *::before, *::after { transition: none !important; animation: none !important; }"
# What moved by itself since the page was opened.
SHIFTS = """() => new Promise((done) => {
  const shifts = [];
  const moved = (entry) => entry.sources.map(({ node }) => node?.outerHTML ?? String(node?.data));
  const observer = new PerformanceObserver((list) => shifts.push(...list.getEntries().flatMap(moved)));
  observer.observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => setTimeout(() => done(shifts)));
})"""


def violations(page: Page, asked: dict[str, Any] = EVERYTHING) -> list[str]:
    """What axe finds now, as lines to read. By the debugger, which the content security policy does not bind."""
    debugger = page.context.new_cdp_session(page)

    def evaluate(expression: str) -> Any:
        answer = debugger.send("Runtime.evaluate", {"expression": expression, "awaitPromise": True, "returnByValue": True})
        return answer["result"]["value"]

    if not evaluate("'axe' in window"):
        evaluate(f"{AXE}; true")
    options = json.dumps({"runOnly": asked, "resultTypes": ["violations"]})
    found = json.loads(evaluate(f"axe.run({options}).then(found => JSON.stringify(found.violations))"))
    debugger.detach()
    return [f"{rule['id']}: {node['html'][:160]} {node['failureSummary']}" for rule in found for node in rule["nodes"]]


def is_accessible(page: Page, *, sizes: tuple[dict[str, int], ...] = (DESK, PHONE)) -> None:
    """Fails with what axe finds at any size in either theme."""
    found = []
    page.add_style_tag(content=STILL)
    for size in sizes:
        page.set_viewport_size(size)
        for scheme, asked in ASKED.items():
            page.emulate_media(color_scheme=scheme)
            expect(page.locator("html")).to_have_css("color-scheme", scheme)
            found += [f"{size['width']} px, {scheme}: {line}" for line in violations(page, asked)]
    assert not found, "\n".join(found)


def does_not_scroll_sideways(page: Page) -> None:
    """Fails if the page is wider than its window."""
    width = page.viewport_size["width"]
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
