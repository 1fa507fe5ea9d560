"""What the app is measured beside, with packages of its own: they get an environment of their own for as long as a run lasts."""

import subprocess
import sys
from pathlib import Path

from tests.serving import Server

HERE = Path(__file__).parent


def make_environment(directory: Path) -> Path:
    """Installs the packages, once; the interpreter that has them."""
    python = directory / "others" / "bin" / "python"
    if python.exists():
        return python
    subprocess.run([sys.executable, "-m", "venv", python.parent.parent], check=True)
    install = [python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", HERE / "requirements.txt"]
    subprocess.run(install, check=True)
    return python


class Other(Server):
    """One of the programs beside this file; `app` says what of it to serve, nothing if it serves itself."""

    def __init__(self, python: Path, program: str, place: Path, size: int = 0, app: str = "") -> None:
        super().__init__("", place, SIZE=str(size), PYTHONPATH=str(HERE), PYTHONWARNINGS="ignore")
        self._python = python
        self._program = program
        self._app = app

    def command(self) -> list[str]:
        """What it is started with."""
        if not self._app:
            return [str(self._python), str(HERE / f"{self._program}.py")]
        served = ["--interface", self._app, "--host", "127.0.0.1", "--port", str(self.port), f"{self._program}:app"]
        return [str(self._python), "-m", "granian", *served]
