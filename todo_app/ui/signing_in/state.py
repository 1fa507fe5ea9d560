"""What the sign-in and sign-up pages show. The forms themselves are posted natively; see forms.py."""

import reflex as rx

from todo_app.services.sessions import ENDED
from todo_app.ui import routes
from todo_app.ui.session import Next, Session
from todo_app.ui.signing_in import flash


class SigningIn(rx.State):
    """Messages from the last form post. Where to go after signing in stands in the address alone; see assets/ui.js."""

    problems: dict[str, str] = {}
    email: str = ""
    name: str = ""
    notice: str = ""
    _nonce: str = ""

    @rx.event
    async def load(self) -> Next:
        """Fills the page; sends those who are signed in on to their tasks."""
        self.problems, self.email, self.name, self.notice = {}, "", "", ""
        query = self.router.url.query_parameters
        if (await self.get_state(Session))._actor is not None:
            return rx.redirect(routes.own_path(query.get("next", "")))
        message = flash.decode(self.rx_router_headers.raw_headers.get(flash.HEADER, ""))
        if message and message.page == routes.clean_path(self.router.url.path) and message.nonce != self._nonce:
            self._nonce = message.nonce
            self.problems, self.notice = message.problems, message.message
            self.email, self.name = message.typed.get("email", ""), message.typed.get("name", "")
        elif query.get("ended"):
            self.notice = ENDED
        return None
