"""`build`: the pages, made into files that are served as they are."""

import hashlib
import json
import subprocess
import sys
import time
from pathlib import Path

from todo_app.commands.environment import build_environment, node_bin
from todo_app.config import Settings

WEB_DIR = Path(".web")
PAGES = WEB_DIR / "build" / "client"
# Holds the digest of what the pages were built from.
STAMP = WEB_DIR / "built-from"
# The packages of the pages, as Reflex keeps them.
PACKAGES = Path("reflex.lock/package.json")
# Packages no page is made of.
NOT_IN_PAGES = ("api", "commands")


def build_if_changed(settings: Settings) -> None:
    """Builds the pages unless they were built from these very sources and settings."""
    digest = sources_digest(settings)
    if PAGES.is_dir() and STAMP.is_file() and STAMP.read_text() == digest:
        return
    if node_bin() is None:
        sys.exit(
            "The pages were built for another APP_NAME, or from other sources, and there is no Node here to build them anew: "
            "give the image's build the same name (docker compose up --build)."
        )
    print("Building the pages (about a minute the first time, then 10 to 20 seconds)", flush=True)
    started = time.monotonic()
    STAMP.unlink(missing_ok=True)
    command = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
    if subprocess.run(command, env=build_environment(), check=False).returncode:  # noqa: S603
        sys.exit("The pages could not be built; the lines above say why.")
    _write_in_order(PACKAGES)
    STAMP.write_text(digest)
    print(f"Built the pages in {time.monotonic() - started:.0f} s", flush=True)


def _write_in_order(document: Path) -> None:
    """npm writes its parts in another order now and then; a build leaves no change behind in a clone."""
    document.write_text(json.dumps(json.loads(document.read_text()), indent=2, sort_keys=True) + "\n")


def sources_digest(settings: Settings) -> str:
    """A digest of all that the built pages depend on: sources, assets, locked Python packages, and the name built into them."""
    digest = hashlib.sha256(settings.page_name.encode())
    for path in _sources():
        digest.update(path.as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _sources() -> list[Path]:
    code = [path for path in Path("todo_app").rglob("*.py") if path.parts[1] not in NOT_IN_PAGES]
    assets = [path for path in Path("assets").rglob("*") if path.is_file() and path.parts[1] != "external"]
    return sorted([Path("rxconfig.py"), Path("requirements.txt"), *code, *assets])
