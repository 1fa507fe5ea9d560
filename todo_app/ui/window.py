"""A window onto a long list: the browser holds at most `SIZE` rows of it, and the window moves as one scrolls."""

import reflex as rx

from todo_app.services.actor import Actor
from todo_app.ui.session import actor_of

SIZE = 100
STEP = 50


class Window(rx.State, mixin=True):
    """What the state of a list page is made from; it brings its own `_show`, which reads `SIZE` rows from `_offset` on."""

    total: int = 0
    has_earlier: bool = False
    has_later: bool = False
    _offset: int = 0

    @rx.event
    async def later(self) -> None:
        """Moves the window down."""
        actor = await actor_of(self)
        if self.has_later:
            self._offset += STEP
            await self._show(actor)

    @rx.event
    async def earlier(self) -> None:
        """Moves the window up."""
        actor = await actor_of(self)
        self._offset = max(0, self._offset - STEP)
        await self._show(actor)

    async def _show(self, actor: Actor) -> None: ...
