"""All dialogs and menus of a signed-in person's page. None is in sight at first, so they come a moment after the page."""

import reflex as rx

from todo_app.ui.account_menu import account_menu
from todo_app.ui.components.elements import el, scripts
from todo_app.ui.components.keys import key_sheet
from todo_app.ui.organise.dialogs import organise_dialogs
from todo_app.ui.organise.menus import organise_menus
from todo_app.ui.palette.dialog import palette
from todo_app.ui.pickers.dialogs import pickers
from todo_app.ui.row_menu.menu import row_menu
from todo_app.ui.selection.toolbar import toolbar


@rx.memo
def dialogs() -> rx.Component:
    """Each is opened by assets/ui.js or by the scripts that come with them here."""
    return el.div(scripts("dialogs"), key_sheet(), pickers(), palette(), organise_dialogs(), id="dialogs")


@rx.memo
def menus() -> rx.Component:
    """These stand in the page's main part: who goes from landmark to landmark would miss them elsewhere."""
    return rx.fragment(account_menu(), row_menu(), toolbar(), organise_menus())
