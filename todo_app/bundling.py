"""How Vite parts the built pages into files: few, since each is a request, and none that the page does not need."""

from typing import Unpack

from reflex_base.constants import ReactRouter
from reflex_base.plugins.base import Plugin, PreCompileContext

# Where Reflex's template of the settings names its one group of modules.
_ANCHOR = "groups: [\n"
_GROUPS = """
            // What every page runs on.
            {
              name: "runtime",
              test: /node_modules\\/(?!lucide-react)|\\/utils\\/|\\/(env|reflex)\\.json/,
              minShareCount: 2,
            },
            // What several pages share, by which pages they are.
            {
              name: "shared",
              minShareCount: 2,
              entriesAware: true,
              entriesAwareMergeThreshold: 10_000,
            },
"""


class FewFiles(Plugin):
    """Adds our groups before Reflex's own. In development nothing is bundled, and they do nothing."""

    def pre_compile(self, **context: Unpack[PreCompileContext]) -> None:
        """Has the settings of Vite changed once Reflex has written them."""
        context["add_modify_task"](ReactRouter.VITE_CONFIG_FILE, _with_groups)


def _with_groups(settings: str) -> str:
    if settings.count(_ANCHOR) != 1:
        raise ValueError("Reflex writes vite.config.js differently now: todo_app/bundling.py has to follow.")
    return settings.replace(_ANCHOR, _ANCHOR + _GROUPS.lstrip("\n"))
