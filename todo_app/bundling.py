"""What Vite makes of the pages: few files, since each is a request, with nothing in them that no page needs, for any address."""

from typing import Unpack

from reflex_base.constants import ReactRouter
from reflex_base.plugins.base import Plugin, PreCompileContext

# Where Reflex's template of the settings names its plugins, and its one group of modules.
_PLUGINS_BEGIN = "plugins: [\n"
_GROUPS_BEGIN = "groups: [\n"
# The pages open websockets alone. The client brings two more ways to reach the server, and their 3 KB.
_WEBSOCKETS_ALONE = """
    {
      name: "websockets-alone",
      transform(_code, id) {
        if (id.endsWith("engine.io-client/build/esm/transports/index.js")) {
          return `import { WS } from "./websocket.node.js"; export const transports = { websocket: WS };`;
        }
      },
    },
"""
# Browsers that know popovers and `light-dark()`, which the pages need and Vite would write out at length: since May 2024.
_CSS_AS_WRITTEN = """
    {
      name: "css-as-written",
      config: () => ({ build: { cssTarget: ["chrome123", "edge123", "firefox125", "safari17.5", "ios17.5"] } }),
    },
"""
# Reflex's client puts the page's host in place of `localhost`, but goes on to the port that it was built for, and on https to none.
_SAME_ORIGIN = """
    {
      name: "same-origin",
      apply: "build",
      transform(code, id) {
        if (!id.endsWith("/utils/state.js")) return;
        const sameHost = code.replace("endpoint.hostname = frontend_hostname", "endpoint.host = window.location.host");
        const sameOrigin = sameHost.replace('endpoint.port = ""', "");
        if (sameOrigin.length === sameHost.length || sameHost === code) this.error("Reflex finds its server differently now");
        return sameOrigin;
      },
    },
"""
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
    """Adds our plugin and our groups before Reflex's own. In development nothing is bundled, and they do nothing."""

    def pre_compile(self, **context: Unpack[PreCompileContext]) -> None:
        """Has the settings of Vite changed once Reflex has written them."""
        context["add_modify_task"](ReactRouter.VITE_CONFIG_FILE, _with_ours)


def _with_ours(settings: str) -> str:
    for anchor, ours in ((_PLUGINS_BEGIN, _WEBSOCKETS_ALONE + _CSS_AS_WRITTEN + _SAME_ORIGIN), (_GROUPS_BEGIN, _GROUPS)):
        if settings.count(anchor) != 1:
            raise ValueError("Reflex writes vite.config.js differently now: todo_app/bundling.py has to follow.")
        settings = settings.replace(anchor, anchor + ours.lstrip("\n"))
    return settings
