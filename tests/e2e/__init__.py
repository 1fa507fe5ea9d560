"""The app in a real Chromium, as people see it: found by role and accessible name alone.

A package, so that the browser's event loop ends with it: Playwright's blocks `asyncio.run` in later tests.
"""
