"""What the pages of recovery show. Their forms are posted natively; see forms.py."""

import reflex as rx

from todo_app.services import outbox
from todo_app.ui import routes
from todo_app.ui.signing_in import flash


class Recovery(rx.State):
    """Messages from the last form post, and whether this site sends mail. Whoever is signed in here may use these pages too."""

    loaded: bool = False
    sends_mail: bool = False
    problems: dict[str, str] = {}
    email: str = ""
    notice: str = ""
    _nonce: str = ""

    @rx.event
    async def load(self) -> None:
        """Fills the page."""
        self.problems, self.email, self.notice = {}, "", ""
        message = flash.decode(self.rx_router_headers.raw_headers.get(flash.HEADER, ""))
        if message and message.page == routes.clean_path(self.router.url.path) and message.nonce != self._nonce:
            self._nonce, self.problems, self.notice = message.nonce, message.problems, message.message
            self.email = message.typed.get("email", "")
        self.loaded, self.sends_mail = True, outbox.is_open()
